//! What stops a run whose numbers can no longer be trusted, and what it tells.
//!
//! A number that is not finite, a time step that has collapsed, a water balance
//! that does not close: each names the cell or the time, what probably caused it,
//! and the last state that was still good.

use crate::error::Problem;
use crate::flood::Stop;
use crate::run::Ledger;
use crate::run::flood::FloodCase;

/// Largest relative error of the water balance that a result may have.
///
/// The sums of a sound run agree to 1e-10 or better; anything near this bound is
/// a mistake and not rounding.
pub const LARGEST_LEDGER_ERROR: f64 = 1e-6;

/// Step of the ground to a neighbour that is worth a look, m: higher than any quay.
const HIGH_STEP: f64 = 10.0;

/// Depth at the start that is worth a look, m: deeper than the deepest lake.
const GREAT_DEPTH: f64 = 1700.0;

/// When a run stopped, and when its last good state was kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Simulated time, s.
    pub time: f64,
    /// Simulated time of the last checkpoint, s.
    pub kept: Option<f64>,
}

impl Moment {
    /// The remedy with the word about the last good state.
    fn remedy(self, fix: &str) -> String {
        match self.kept {
            Some(kept) => format!("{fix}; the last good state, at {kept:.3} s, is kept in the checkpoint"),
            None => fix.to_owned(),
        }
    }
}

/// What is told when a step was not taken.
pub fn stopped(case: &FloodCase, stop: Stop, moment: Moment) -> Problem {
    let time = moment.time;
    let (cell, problem) = match stop {
        Stop::NotFinite { cell } => {
            let text = format!("a depth or velocity is no longer a number after {time:.3} s");
            (cell, Problem::error(5101, text).why("it would spread through the whole flood"))
        }
        Stop::StepTooShort { cell, dt } => {
            let text = format!("the time step fell to {dt:.1e} s after {time:.3} s");
            let why = "the water at this cell is too fast for the run ever to end";
            (cell, Problem::error(5102, text).why(why))
        }
    };
    problem.at_spot(case.grid.spot(cell.0, cell.1)).fix(moment.remedy(&likely_cause(case, cell)))
}

/// What is told when the water balance does not close; nothing while it does.
pub fn lost_balance(ledger: &Ledger, moment: Moment) -> Option<Problem> {
    // Written so that a balance that is not a number is lost too.
    if ledger.relative_error.abs() <= LARGEST_LEDGER_ERROR {
        return None;
    }
    let text = format!(
        "the water balance is off by {:.1e} of the water after {:.3} s; at most {LARGEST_LEDGER_ERROR:.0e} is allowed",
        ledger.relative_error, moment.time
    );
    Some(
        Problem::error(5103, text)
            .why("water that comes from nowhere or vanishes makes every depth doubtful")
            .fix(moment.remedy("send the scenario to the developers: no input should be able to do this")),
    )
}

/// What in the case is most likely behind a number that ran away at a cell.
fn likely_cause(case: &FloodCase, cell: (usize, usize)) -> String {
    by_inflow(case, cell)
        .or_else(|| by_boundary(case, cell))
        .or_else(|| by_start(case, cell))
        .or_else(|| by_ground(case, cell))
        .unwrap_or_else(|| "look at ground level, roughness and inflow around this cell".into())
}

fn is_near(a: (usize, usize), b: (usize, usize)) -> bool {
    a.0.abs_diff(b.0) <= 1 && a.1.abs_diff(b.1) <= 1
}

fn by_inflow(case: &FloodCase, cell: (usize, usize)) -> Option<String> {
    let inflow = case.inflows.iter().find(|inflow| inflow.cells.iter().any(|&at| is_near(at, cell)))?;
    Some(format!(
        "look at inflow '{}': it brings up to {:.3e} m3/s to {} cells here; spread it or check its unit",
        inflow.name,
        inflow.discharge.peak(),
        inflow.cells.len()
    ))
}

fn by_boundary(case: &FloodCase, cell: (usize, usize)) -> Option<String> {
    let shape = case.grid.shape();
    let touches =
        |faces: &[crate::flood::boundary::Face]| faces.iter().any(|face| is_near(face.cell(shape), cell));
    let boundary = case.boundaries.iter().find(|boundary| touches(&boundary.faces))?;
    Some(format!(
        "look at boundary '{}' beside this cell: its levels or discharges and their unit",
        boundary.name
    ))
}

/// The cell and its neighbours.
fn around(case: &FloodCase, (row, column): (usize, usize)) -> impl Iterator<Item = (usize, usize)> + use<> {
    let (rows, columns) = case.grid.shape();
    let columns = column.saturating_sub(1)..(column + 2).min(columns);
    (row.saturating_sub(1)..(row + 2).min(rows)).flat_map(move |r| columns.clone().map(move |c| (r, c)))
}

fn by_start(case: &FloodCase, cell: (usize, usize)) -> Option<String> {
    let depth = around(case, cell).map(|at| case.initial_depth[at]).fold(0.0, f64::max);
    (depth > GREAT_DEPTH)
        .then(|| format!("look at the initial depth here: {depth:.3e} m; metres are expected"))
}

fn by_ground(case: &FloodCase, cell: (usize, usize)) -> Option<String> {
    let highest = around(case, cell).map(|at| (case.bed[at] - case.bed[cell]).abs()).fold(0.0, f64::max);
    if highest > HIGH_STEP {
        return Some(format!(
            "look at the ground here: it steps by {highest:.1} m to a neighbour, a spike or a pit"
        ));
    }
    let is_smooth = case.manning_n[cell] == 0.0;
    is_smooth.then(|| "give this cell a roughness: without friction nothing slows the water".into())
}
