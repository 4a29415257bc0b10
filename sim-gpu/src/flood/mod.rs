//! A flood on a device: the back end that [`sim_core::run::flood::simulate_on`] drives.
//!
//! The device has the arrays and chooses the steps; the solver of the engine keeps the clock, the
//! ledger and whatever depends on the time alone. Between two samples of a series many steps are
//! sent off at once, and a few numbers of each come back.
//!
//! | file | holds |
//! |---|---|
//! | `supported` | what of a case a device computes, and whether a grid fits it |
//! | `kernels` | the kernels, put together for a case |
//! | `arrays` | what lies on the device |
//! | `boundaries` | what of it belongs to the rim |
//! | `ground` | what of it the ground takes |
//! | `engine` | steps, tallies, arrays back |

mod arrays;
mod boundaries;
mod engine;
mod ground;
mod kernels;
mod supported;

use sim_core::error::{Problem, Result};
use sim_core::flood::{Solver, Stop};
use sim_core::run::flood::FloodCase;
use sim_core::run::flood::backend::{Backend, Cell, Moment};

use crate::compute::Device;
use crate::parity::{Found, first_disagreement};
use engine::Engine;
pub use supported::{bytes_per_cell, lacking};

/// A device that computes floods.
#[derive(Debug)]
pub struct FloodDevice {
    index: usize,
    device: Device,
    engine: Option<Engine>,
}

impl FloodDevice {
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

    /// Bytes per second that the device reads and writes.
    ///
    /// # Errors
    /// E6100 the device failed.
    pub fn memory_bandwidth(&self) -> Result<f64> {
        self.device.memory_bandwidth()
    }

    fn engine(&mut self) -> Result<(&Device, &mut Engine)> {
        match &mut self.engine {
            Some(engine) => Ok((&self.device, engine)),
            None => Err(Problem::error(6100, "the device was asked for water that it was never given")
                .fix("send the scenario to the developers: no input should be able to do this")
                .into()),
        }
    }
}

impl Backend for FloodDevice {
    fn name(&self) -> String {
        format!("gpu:{} {}", self.index, self.device.name)
    }

    fn lacks(&self, case: &FloodCase) -> Vec<String> {
        lacking(case)
    }

    fn begin(&mut self, solver: &mut Solver, watched: &[Cell]) -> Result<()> {
        self.engine = Some(Engine::new(&self.device, solver, watched)?);
        Ok(())
    }

    fn advance(
        &mut self,
        solver: &mut Solver,
        mark: f64,
        each: &mut dyn FnMut(&Moment<'_>),
    ) -> Result<Option<Stop>> {
        let (device, engine) = self.engine()?;
        engine.advance(device, solver, mark, each)
    }

    fn stored_volume(&mut self, solver: &mut Solver) -> Result<f64> {
        let (device, engine) = self.engine()?;
        engine.stored_volume(device, solver)
    }

    fn bring_back(&mut self, solver: &mut Solver) -> Result<()> {
        let (device, engine) = self.engine()?;
        engine.bring_back(device, solver)
    }

    fn bytes(&self, solver: &Solver) -> (u64, f64) {
        let lent = solver.lent();
        let (stored, moved) = bytes_per_cell(&lent);
        (stored * lent.layout.len() as u64, moved)
    }
}
