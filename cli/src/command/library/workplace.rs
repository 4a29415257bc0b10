//! Where the members of a library are computed.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use sim_core::error::Problems;
use sim_core::library::stored::{Stored, StoredGrid};
use sim_core::run::Observer;
use sim_core::run::flood::{Backend, Processor};
use sim_core::run::gas::backend::Processor as Puffs;
use sim_core::scenario::Case;
use sim_gpu::flood::FloodDevice;
use sim_gpu::gas::Fleet;

use super::engine;
use super::member::Work;
use crate::args::Shared;
use crate::device::{self, Choice, Opened};

/// Workers of a device: while it computes one member, the inputs of the next are read.
const WORKERS_OF_DEVICE: usize = 2;

/// The processor or a device, with what only one member at a time may have.
#[derive(Debug, Default)]
pub(crate) struct Workplace {
    device: Option<Shop>,
    /// The engine of sewers, which holds one network per process.
    sewers: Mutex<()>,
    has_sewers: bool,
    /// The engine as a library keeps it: results of a device have other bits.
    pub engine: String,
    /// The line that tells of a choice that the user did not make.
    pub line: Option<String>,
}

/// A device for members.
#[derive(Debug)]
enum Shop {
    /// For floods, one after another.
    Floods(Mutex<FloodDevice>),
    /// For the puffs of members side by side.
    Puffs(Fleet),
}

impl Shop {
    fn name(&self) -> String {
        match self {
            Self::Floods(device) => device.lock().unwrap_or_else(PoisonError::into_inner).name(),
            Self::Puffs(fleet) => fleet.name(),
        }
    }
}

/// What a case asks for that no device computes.
pub(crate) fn lacks(case: &Case) -> Vec<String> {
    match case {
        Case::Flood(case) => sim_gpu::flood::lacking(case),
        Case::Gas(case) => sim_gpu::gas::lacking(case),
    }
}

/// The device of a choice, for so many members at a time.
fn shop(choice: &mut Choice, threads: usize) -> Option<Shop> {
    match choice.device.take()? {
        Opened::Flood(device) => Some(Shop::Floods(Mutex::new(device))),
        Opened::Puffs(device) => Some(Shop::Puffs(Fleet::of(device, threads))),
    }
}

impl Workplace {
    /// Where a library with this first member is computed; `missing` is what any of its members asks for that no
    /// device computes.
    ///
    /// # Errors
    /// Those of [`device::choose`].
    pub(crate) fn choose(case: &Case, missing: &BTreeSet<String>, shared: &Shared) -> Result<Self, Problems> {
        let mut choice = device::choose(shared.device, case, false)?;
        if choice.device.is_some() && !missing.is_empty() {
            let what: Vec<&str> = missing.iter().map(String::as_str).collect();
            if choice.reason.is_none() {
                return Err(device::refused(&what.join(", ")));
            }
            choice = Choice::rather_processor(format!("no device computes {}", what.join(", ")));
        }
        let threads = shared.threads.map_or_else(rayon::current_num_threads, usize::from);
        let device = shop(&mut choice, threads);
        let name = device.as_ref().map(Shop::name);
        Ok(Self {
            line: choice.line(name.as_deref().unwrap_or(&Processor::default().name())),
            engine: name.map_or_else(engine, |name| format!("{}, {name}", engine())),
            device,
            sewers: Mutex::default(),
            has_sewers: matches!(case, Case::Flood(case) if case.sewers.is_some()),
        })
    }

    /// Members that are under way at the same time on so many threads.
    pub(crate) fn workers(&self, threads: usize) -> usize {
        if self.has_sewers {
            1
        } else if matches!(self.device, Some(Shop::Floods(_))) {
            threads.min(WORKERS_OF_DEVICE)
        } else {
            threads
        }
    }

    /// Computes the work of a member.
    ///
    /// # Errors
    /// Those of [`Work::compute`].
    pub(crate) fn compute(
        &self,
        work: &Work,
        grid: Option<StoredGrid>,
        observer: &mut dyn Observer,
    ) -> Result<Stored, Problems> {
        match &self.device {
            Some(Shop::Floods(device)) => {
                let mut device = device.lock().unwrap_or_else(PoisonError::into_inner);
                return work.compute(grid, observer, (&mut *device, &mut Puffs::default()));
            }
            Some(Shop::Puffs(fleet)) => {
                return work.compute(grid, observer, (&mut Processor::default(), &mut fleet.seat()));
            }
            None => {}
        }
        let _alone = work.has_sewers().then(|| self.sewers.lock().unwrap_or_else(PoisonError::into_inner));
        work.compute(grid, observer, (&mut Processor::default(), &mut Puffs::default()))
    }
}
