//! Puffs on a device: the back end that [`sim_core::run::gas::disperse_on`] drives.
//!
//! The engine moves the puffs; a device sums them on grids of receptors and keeps what these
//! remember. Steps are gathered and sent off many at once; only when the cloud has gone do the
//! arrays come back. One axis of the work are layers: receptors at one height in one scenario.
//!
//! | file | holds |
//! |---|---|
//! | `supported` | what of a case a device computes, and whether a grid fits it |
//! | `kernels` | the kernels, put together for a number of levels |
//! | `batch` | steps on their way to the device |
//! | `engine` | the arrays of the receptors, submissions, what comes back |
//! | `fleet` | scenarios that run side by side share submissions |

mod batch;
mod engine;
mod fleet;
mod kernels;
mod supported;

use sim_core::error::{Problem, Result};
use sim_core::gas::puff::Train;
use sim_core::grid::Field;
use sim_core::run::gas::backend::{PuffBackend, Remembered, Watched};

use crate::compute::Device;
use crate::parity::{Found, first_disagreement};
use batch::Scenario;
use engine::Engine;
pub use fleet::{Fleet, Seat};
pub use supported::lacking;

/// A device that sums puffs of one scenario at a time.
#[derive(Debug)]
pub struct PuffDevice {
    index: usize,
    device: Device,
    run: Option<(Engine, Scenario)>,
}

impl PuffDevice {
    /// Opens a device by its place in [`crate::adapters`].
    ///
    /// # Errors
    /// E6100 there is no such device, or it does not open.
    pub fn open(index: usize) -> Result<Self> {
        Ok(Self { index, device: Device::open(index)?, run: None })
    }

    /// The first function that this device computes differently from the engine; none on a sound one.
    ///
    /// # Errors
    /// E6100 the device failed.
    pub fn disagreement(&self) -> Result<Option<Found>> {
        first_disagreement(&self.device)
    }

    /// Pairs of a puff and a receptor within its reach that were sent off since the beginning.
    pub fn pairs(&self) -> u64 {
        self.run.as_ref().map_or(0, |(engine, _)| engine.pairs())
    }

    /// When the largest concentration was in each cell at each height, s; NaN where nothing came. To be
    /// asked after what is remembered.
    ///
    /// # Errors
    /// E6100 the device failed, or nothing was begun.
    pub fn times_of_largest(&self) -> Result<Vec<Field>> {
        let Some((engine, scenario)) = &self.run else { return Err(no_receptors().into()) };
        engine.kept().times_of_largest(&self.device, 0, scenario)
    }
}

/// A device was shown puffs before it had receptors.
fn no_receptors() -> Problem {
    Problem::error(6100, "the device was shown puffs before it had receptors")
        .fix("send the scenario to the developers: no input should be able to do this")
}

impl PuffBackend for PuffDevice {
    fn name(&self) -> String {
        format!("gpu:{} {}", self.index, self.device.name)
    }

    fn begin(&mut self, watched: &Watched) -> Result<()> {
        // What it holds is let go first: two runs may not have room beside each other.
        self.run = None;
        self.run = Some((Engine::of_one(&self.device, watched)?, Scenario::new(watched)));
        Ok(())
    }

    fn look(&mut self, train: &Train<'_>) -> Result<()> {
        let Some((engine, scenario)) = &mut self.run else { return Err(no_receptors().into()) };
        if scenario.take(train) { engine.send(&self.device, &mut [(0, scenario)]) } else { Ok(()) }
    }

    fn remembered(&mut self) -> Result<Remembered> {
        let Some((engine, scenario)) = &mut self.run else { return Err(no_receptors().into()) };
        engine.send(&self.device, &mut [(0, scenario)])?;
        engine.kept().remembered(&self.device, 0, scenario)
    }
}
