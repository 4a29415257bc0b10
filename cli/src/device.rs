//! Where a run is computed: on the processor or on a graphics device, and why.

use std::collections::BTreeSet;

use sim_core::error::{Problem, Problems};
use sim_core::scenario::Case;
use sim_gpu::flood::FloodDevice;
use sim_gpu::gas::{Fleet, PuffDevice};
use sim_gpu::parity::Found;
use sim_gpu::{AdapterInfo, AdapterKind};

use crate::args::Device;

/// Cells from which a device is worth its start: opening it and building its kernels takes about
/// as long as the processor needs for a run on a smaller grid.
const SMALLEST_GRID: usize = 50_000;

/// The same for puffs, whose sums cost the processor less than a flood: on a quarter of a million cells a
/// cloud of some hundred puffs and steps takes it about as many seconds as a device takes to start.
const SMALLEST_PUFF_GRID: usize = 250_000;

/// Why no checkpoints are kept on a device.
const NO_CHECKPOINTS: &str = "checkpoints, which are kept of runs on the processor only";

/// An opened device, made ready for what it is to compute.
#[derive(Debug)]
pub(crate) enum Opened {
    /// For a flood.
    Flood(Box<FloodDevice>),
    /// For puffs.
    Puffs(Box<PuffDevice>),
}

impl Opened {
    fn open(case: &Case, index: usize) -> Result<Self, Problems> {
        match case {
            Case::Flood(_) => FloodDevice::open(index).map(Box::new).map(Self::Flood),
            Case::Gas(_) => PuffDevice::open(index).map(Box::new).map(Self::Puffs),
        }
    }

    fn disagreement(&self) -> Result<Option<Found>, Problems> {
        match self {
            Self::Flood(device) => device.disagreement(),
            Self::Puffs(device) => device.disagreement(),
        }
    }
}

/// Where a case is computed.
pub(crate) struct Choice {
    /// The device; none for the processor.
    pub(crate) device: Option<Opened>,
    /// Why, where nobody said so.
    pub(crate) reason: Option<String>,
}

impl Choice {
    /// The processor, without a word.
    fn processor() -> Self {
        Self { device: None, reason: None }
    }

    /// The processor, with the reason.
    pub(crate) fn rather_processor(reason: impl Into<String>) -> Self {
        Self { device: None, reason: Some(reason.into()) }
    }

    /// The line that tells of it; nothing where the user said it.
    pub(crate) fn line(&self, name: &str) -> Option<String> {
        let reason = self.reason.as_ref()?;
        Some(format!("Device: {name}, as {reason}"))
    }
}

/// Where a case is computed.
///
/// `auto` takes the first graphics card, else any other device that is not a driver on the
/// processor; and the processor where there is none, where the grid is small, and where the case
/// asks for something that no device computes. Of gas that no puffs carry, and of puffs on a small grid,
/// it says nothing: nobody would look for a device there.
///
/// # Errors
/// E6250 the case cannot be computed on the device that was asked for; E6100 there is none.
pub(crate) fn choose(wish: Device, case: &Case, keeps: bool) -> Result<Choice, Problems> {
    let missing = missing(case, keeps);
    match wish {
        Device::Cpu => Ok(Choice::processor()),
        Device::Gpu(_) if !missing.is_empty() => Err(refused(&missing)),
        Device::Gpu(number) => {
            let adapters = sim_gpu::adapters();
            let index = number.or_else(|| best(&adapters)).unwrap_or(0);
            let device = Opened::open(case, index)?;
            if let Some(found) = device.disagreement()? {
                return Err(unsound(&adapters[index].name, &found));
            }
            Ok(Choice { device: Some(device), reason: None })
        }
        Device::Auto => Ok(match case {
            Case::Gas(gas) if !missing.is_empty() || gas.grid.cells() < SMALLEST_PUFF_GRID => {
                Choice::processor()
            }
            Case::Gas(gas) => best_for(case, &missing, (gas.grid.cells(), SMALLEST_PUFF_GRID)),
            Case::Flood(flood) => best_for(case, &missing, (flood.grid.cells(), SMALLEST_GRID)),
        }),
    }
}

/// A device that computes the members of a library.
#[derive(Debug)]
pub(crate) enum OpenedForMany {
    /// Floods, one after another.
    Floods(Box<FloodDevice>),
    /// Puffs, many members at once.
    Puffs(Box<Fleet>),
}

/// A device for the members of a library, of which so many run side by side; none for the processor. `missing` is what
/// any of them asks for that no device computes.
///
/// `auto` is the processor: parts of a library that several machines build must fit together.
///
/// # Errors
/// E6250 members like this one cannot be computed on the device that was asked for; E6100 there is none.
pub(crate) fn choose_for_many(
    wish: Device,
    case: &Case,
    missing: &BTreeSet<String>,
    seats: usize,
) -> Result<Option<OpenedForMany>, Problems> {
    let Device::Gpu(number) = wish else { return Ok(None) };
    if !missing.is_empty() {
        let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
        return Err(refused(&missing.join(", ")));
    }
    let adapters = sim_gpu::adapters();
    let index = number.or_else(|| best(&adapters)).unwrap_or(0);
    let (opened, disagreement) = match case {
        Case::Flood(_) => {
            let device = FloodDevice::open(index)?;
            let disagreement = device.disagreement()?;
            (OpenedForMany::Floods(Box::new(device)), disagreement)
        }
        Case::Gas(_) => {
            let device = PuffDevice::open(index)?;
            let disagreement = device.disagreement()?;
            (OpenedForMany::Puffs(Box::new(Fleet::of(device, seats))), disagreement)
        }
    };
    match disagreement {
        Some(found) => Err(unsound(&adapters[index].name, &found)),
        None => Ok(Some(opened)),
    }
}

/// What a case asks for that no device computes.
pub(crate) fn lacking(case: &Case) -> Vec<String> {
    match case {
        Case::Flood(case) => sim_gpu::flood::lacking(case),
        Case::Gas(case) => sim_gpu::gas::lacking(case),
    }
}

/// What a case and its flags ask for that no device does, in words; empty if there is nothing.
fn missing(case: &Case, keeps: bool) -> String {
    let mut parts = lacking(case);
    // Of gas no checkpoints are kept anywhere, which is said elsewhere.
    if keeps && matches!(case, Case::Flood(_)) {
        parts.push(NO_CHECKPOINTS.to_owned());
    }
    parts.join(", ")
}

/// The choice of `auto` for a case with so many cells, of which so many are worth a device.
fn best_for(case: &Case, missing: &str, (cells, enough): (usize, usize)) -> Choice {
    let adapters = sim_gpu::adapters();
    let Some(index) = best(&adapters) else {
        return Choice::rather_processor(if adapters.is_empty() {
            "this machine has no graphics device with a driver".to_owned()
        } else {
            format!("{} computes on the processor too", adapters[0].name)
        });
    };
    let name = &adapters[index].name;
    if !missing.is_empty() {
        return Choice::rather_processor(format!("{name} does not compute {missing}"));
    }
    if cells < enough {
        return Choice::rather_processor(format!(
            "{cells} cells are done before {name} has started; it is taken from {enough} on"
        ));
    }
    let tried = Opened::open(case, index).and_then(|device| Ok((device.disagreement()?, device)));
    match tried {
        Ok((None, device)) => {
            Choice { device: Some(device), reason: Some(format!("{cells} cells are worth its start")) }
        }
        Ok((Some(found), _)) => Choice::rather_processor(differs(name, &found)),
        Err(Problems(problems)) => {
            let why = problems.first().map_or_else(String::new, |problem| problem.text.clone());
            Choice::rather_processor(format!("{name} does not open: {why}"))
        }
    }
}

/// The first graphics card, else the first device that is not a driver on the processor.
fn best(adapters: &[AdapterInfo]) -> Option<usize> {
    let is_card = |adapter: &AdapterInfo| adapter.kind == AdapterKind::Discrete;
    let card = adapters.iter().position(is_card);
    card.or_else(|| adapters.iter().position(|adapter| !adapter.is_software))
}

/// What is wrong with a device, in words.
fn differs(name: &str, found: &Found) -> String {
    format!(
        "{name} is off by {:.1e} in the function {}, where {:.1e} is allowed",
        found.largest, found.name, found.tolerance
    )
}

fn unsound(name: &str, found: &Found) -> Problems {
    Problem::error(
        6102,
        format!("a graphics device does not agree with the processor: {}", differs(name, found)),
    )
    .why("a driver that computes one function wrongly gives results that look right and are not")
    .fix("use --device cpu, or a newer driver; tuiyan validate devices shows every function")
    .into()
}

fn refused(what: &str) -> Problems {
    Problem::error(6250, format!("--device gpu: no graphics device computes {what}"))
        .why("a run elsewhere, or without it, would be another one than was asked for")
        .fix("use --device auto or --device cpu: the processor computes everything")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adapter(kind: AdapterKind) -> AdapterInfo {
        AdapterInfo {
            name: format!("{kind:?}"),
            backend: "vulkan".into(),
            kind,
            driver: String::new(),
            max_buffer_bytes: 0,
            max_storage_binding_bytes: 0,
            max_workgroup_invocations: 0,
            max_workgroup_size: [0; 3],
            max_workgroup_storage_bytes: 0,
            max_workgroups_per_dimension: 0,
            has_f64: false,
            is_software: kind == AdapterKind::Software,
        }
    }

    #[test]
    fn a_device_that_is_off_is_refused_with_the_function_and_the_numbers() {
        let found = Found { name: "face_flux", largest: 0.02, tolerance: 1e-6, at: Vec::new() };
        assert!(!found.agrees() && !Found { largest: f64::NAN, ..found.clone() }.agrees());
        let Problems(problems) = unsound("Card", &found);
        assert_eq!(problems[0].code.0, 6102);
        assert!(problems[0].text.contains("Card is off by 2.0e-2 in the function face_flux, where 1.0e-6"));
    }

    #[test]
    fn a_graphics_card_goes_before_others_and_software_is_never_taken() {
        let all = [AdapterKind::Software, AdapterKind::Integrated, AdapterKind::Discrete].map(adapter);
        assert_eq!(best(&all), Some(2));
        assert_eq!(best(&all[..2]), Some(1));
        assert_eq!(best(&all[..1]), None);
        assert_eq!(best(&[]), None);
    }
}
