//! Who takes the steps of a flood: the processor, or a device behind this seam.
//!
//! One loop drives every run ([`super::simulate_on`]). It asks the back end to go on to a mark,
//! is told of every step, and asks for the water itself only where it is looked at: in a frame,
//! in the balance, at the end. A device so reads back a few numbers for hundreds of steps.

use crate::error::Result;
use crate::flood::{Solver, Stop};
use crate::run::flood::FloodCase;

/// A cell: row and column.
pub type Cell = (usize, usize);

/// The water after one step.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Time at the end of the step, s.
    pub time: f64,
    /// Its length, s.
    pub dt: f64,
    /// Cells that hold water.
    pub wet_cells: f64,
    /// Depth, m, and velocity along x and y, m/s, of every watched cell.
    pub watched: &'a [(f64, f64, f64)],
}

/// Whoever takes the steps of a run.
pub trait Backend {
    /// Its name in the record of the run.
    fn name(&self) -> String;

    /// What a case asks for that this back end does not compute; nothing if it can take it.
    fn lacks(&self, case: &FloodCase) -> Vec<String>;

    /// Takes over the water of a solver; `watched` are the cells told of after every step.
    ///
    /// # Errors
    /// A device that fails or is too small.
    fn begin(&mut self, solver: &mut Solver, watched: &[Cell]) -> Result<()>;

    /// Takes one step or many that end at `mark` at the latest and tells each; the reason why
    /// the water cannot go on, if there is one.
    ///
    /// # Errors
    /// A device that fails.
    fn advance(
        &mut self,
        solver: &mut Solver,
        mark: f64,
        each: &mut dyn FnMut(&Moment<'_>),
    ) -> Result<Option<Stop>>;

    /// Brings the ledger of the solver up to date and returns the volume in all cells, m³.
    ///
    /// # Errors
    /// A device that fails.
    fn stored_volume(&mut self, solver: &mut Solver) -> Result<f64>;

    /// Brings the water and the records of the solver up to date.
    ///
    /// # Errors
    /// A device that fails.
    fn bring_back(&mut self, solver: &mut Solver) -> Result<()>;

    /// Bytes of all arrays, and bytes that one cell-step must move at least.
    fn bytes(&self, solver: &Solver) -> (u64, f64) {
        (solver.memory_bytes(), solver.bytes_per_cell_step())
    }
}

/// The processor: the solver takes its own steps, one at a time.
#[derive(Debug, Default)]
pub struct Processor {
    cells: Vec<Cell>,
    water: Vec<(f64, f64, f64)>,
}

impl Backend for Processor {
    fn name(&self) -> String {
        "cpu".to_owned()
    }

    fn lacks(&self, _: &FloodCase) -> Vec<String> {
        Vec::new()
    }

    fn begin(&mut self, _: &mut Solver, watched: &[Cell]) -> Result<()> {
        self.cells = watched.to_vec();
        Ok(())
    }

    fn advance(
        &mut self,
        solver: &mut Solver,
        mark: f64,
        each: &mut dyn FnMut(&Moment<'_>),
    ) -> Result<Option<Stop>> {
        if let Err(stop) = solver.step(mark) {
            return Ok(Some(stop));
        }
        self.water.clear();
        self.water.extend(self.cells.iter().map(|&(row, column)| solver.water_at(row, column)));
        each(&Moment {
            time: solver.time(),
            dt: solver.last_step(),
            wet_cells: solver.wet_cells(),
            watched: &self.water,
        });
        Ok(None)
    }

    fn stored_volume(&mut self, solver: &mut Solver) -> Result<f64> {
        Ok(solver.volume_of_all())
    }

    fn bring_back(&mut self, _: &mut Solver) -> Result<()> {
        Ok(())
    }
}
