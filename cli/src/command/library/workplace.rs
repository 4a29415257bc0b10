//! Where the members of a library are computed.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use sim_core::error::Problems;
use sim_core::library::stored::{Stored, StoredGrid};
use sim_core::run::Observer;
use sim_core::run::flood::{Backend, Processor};
use sim_core::scenario::Case;
use sim_gpu::flood::FloodDevice;
use sim_gpu::gas::Fleet;

use super::engine;
use super::member::Work;
use crate::args::Device;
use crate::device::{OpenedForMany, choose_for_many};

/// Workers of a device that computes floods: while it computes one member, the inputs of the next are read.
const WORKERS_OF_DEVICE: usize = 2;

/// The processor or a device, with what only one member at a time may have.
#[derive(Debug, Default)]
pub(crate) struct Workplace {
    /// Computes floods one after another.
    flood_device: Option<Mutex<FloodDevice>>,
    /// Sums the puffs of all members that are under way.
    fleet: Option<Fleet>,
    /// The engine of sewers, which holds one network per process.
    sewers: Mutex<()>,
    has_sewers: bool,
    /// The engine as a library keeps it: results of a device have other last digits, and do not mix with others.
    pub engine: String,
}

impl Workplace {
    /// Where a library with this first member is computed on so many threads; `missing` is what any of its members
    /// asks for that no device computes.
    ///
    /// # Errors
    /// Those of [`choose_for_many`].
    pub(crate) fn choose(
        case: &Case,
        missing: &BTreeSet<String>,
        (wish, threads): (Device, usize),
    ) -> Result<Self, Problems> {
        let has_sewers = matches!(case, Case::Flood(case) if case.sewers.is_some());
        let mut place = Self { has_sewers, engine: engine(), ..Self::default() };
        let name = match choose_for_many(wish, case, missing, threads)? {
            Some(OpenedForMany::Floods(device)) => {
                let name = device.name();
                place.flood_device = Some(Mutex::new(*device));
                name
            }
            Some(OpenedForMany::Puffs(fleet)) => place.fleet.insert(*fleet).name(),
            None => return Ok(place),
        };
        place.engine = format!("{} on {name}", place.engine);
        Ok(place)
    }

    /// Members that are under way at the same time on so many threads.
    pub(crate) fn workers(&self, threads: usize) -> usize {
        if self.has_sewers {
            1
        } else if self.flood_device.is_some() {
            threads.min(WORKERS_OF_DEVICE)
        } else {
            threads
        }
    }

    /// How members shared a device, once they are done.
    pub(crate) fn account(&self) -> Option<String> {
        let fleet = self.fleet.as_ref()?;
        let together = fleet.scenarios_per_submission();
        Some(format!("Device: {}, {together:.1} members together on average", fleet.name()))
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
        if let Some(device) = &self.flood_device {
            let mut device = device.lock().unwrap_or_else(PoisonError::into_inner);
            return work.compute(grid, observer, (&mut *device, None));
        }
        let _alone = work.has_sewers().then(|| self.sewers.lock().unwrap_or_else(PoisonError::into_inner));
        work.compute(grid, observer, (&mut Processor::default(), self.fleet.as_ref()))
    }
}
