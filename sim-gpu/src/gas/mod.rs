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

mod batch;
mod engine;
mod kernels;
mod supported;

use sim_core::error::{Problem, Result};
use sim_core::gas::puff::Train;
use sim_core::run::gas::backend::{PuffBackend, Remembered, Watched};

use crate::compute::Device;
use crate::parity::{Found, first_disagreement};
use engine::Engine;
pub use supported::lacking;

/// A device that sums puffs.
#[derive(Debug)]
pub struct PuffDevice {
    index: usize,
    device: Device,
    engine: Option<Engine>,
}

impl PuffDevice {
    /// Opens a device by its place in [`crate::adapters`].
    ///
    /// # Errors
    /// E6100 there is no such device, or it does not open.
    pub fn open(index: usize) -> Result<Self> {
        Ok(Self { index, device: Device::open(index)?, engine: None })
    }

    /// The first function that this device computes differently from the engine; none on a sound one.
    ///
    /// # Errors
    /// E6100 the device failed.
    pub fn disagreement(&self) -> Result<Option<Found>> {
        first_disagreement(&self.device)
    }

    /// Pairs of a puff and a receptor within its reach that were summed since the beginning.
    pub fn pairs(&self) -> u64 {
        self.engine.as_ref().map_or(0, Engine::pairs)
    }

    /// Waits until all that was shown to it is summed.
    ///
    /// # Errors
    /// E6100 the device failed.
    pub fn finish(&mut self) -> Result<()> {
        let (device, engine) = self.engine()?;
        engine.finish(device)
    }

    fn engine(&mut self) -> Result<(&Device, &mut Engine)> {
        match &mut self.engine {
            Some(engine) => Ok((&self.device, engine)),
            None => Err(Problem::error(6100, "the device was shown puffs before it had receptors")
                .fix("send the scenario to the developers: no input should be able to do this")
                .into()),
        }
    }
}

impl PuffBackend for PuffDevice {
    fn name(&self) -> String {
        format!("gpu:{} {}", self.index, self.device.name)
    }

    fn begin(&mut self, watched: &Watched) -> Result<()> {
        self.engine = None;
        self.engine = Some(Engine::new(&self.device, std::slice::from_ref(watched))?);
        Ok(())
    }

    fn look(&mut self, train: &Train<'_>) -> Result<()> {
        let (device, engine) = self.engine()?;
        engine.look(device, 0, train)
    }

    fn remembered(&mut self) -> Result<Remembered> {
        let (device, engine) = self.engine()?;
        let remembered = engine.remembered(device, 0)?;
        Ok(remembered)
    }
}
