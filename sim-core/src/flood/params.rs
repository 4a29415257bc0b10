//! Everything that is constant during a run.

use crate::flood::barrier::Barrier;
use crate::flood::boundary::{Boundary, Edges};
use crate::flood::breach::Breach;
use crate::flood::buildings::Buildings;
use crate::flood::flux::Scheme;
use crate::flood::infiltration::Soils;
use crate::flood::inflow::Inflow;
use crate::flood::rain::Rain;
use crate::flood::structure::Structure;
use crate::grid::{Field, Grid};
use crate::series::Series;

pub use crate::layer::limits::{DRY_DEPTH, HIGHEST_GROUND, OUTSIDE_BED, STILL_SPEED};

/// Courant number that suits every scheme; some take a larger one ([`Scheme::courant`]).
pub const DEFAULT_COURANT: f64 = 0.8;

/// Largest Courant number that is stable and keeps depths positive; see [`crate::flood::time_step`].
pub const LARGEST_COURANT: f64 = 1.0;

/// Constants of the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Params {
    /// Courant number, at most [`LARGEST_COURANT`].
    pub courant: f64,
    /// Flux through the faces.
    pub scheme: Scheme,
    /// What happens at the four edges of the grid.
    pub edges: Edges,
}

/// All that a [`crate::flood::Solver`] starts from.
#[derive(Debug, Clone)]
pub struct Setup<'a> {
    /// Where the cells are.
    pub grid: &'a Grid,
    /// Ground level, m; NaN outside the area and under blocked buildings.
    pub bed: &'a Field,
    /// Depth at the start, m.
    pub initial_depth: &'a Field,
    /// Manning's n, s/m^(1/3).
    pub manning_n: &'a Field,
    /// Rain on the area.
    pub rain: &'a Rain,
    /// Constant loss from every cell of the area, m/s.
    pub loss: &'a Series,
    /// What the ground takes.
    pub soils: &'a Soils,
    /// Water that enters at given cells.
    pub inflows: &'a [Inflow],
    /// Buildings, whose roofs give their rain to the street.
    pub buildings: &'a Buildings,
    /// Pumps, weirs, gates and culverts.
    pub structures: &'a [Structure],
    /// Levees thinner than a cell and bridges.
    pub barriers: &'a [Barrier],
    /// Ground that sinks.
    pub breaches: &'a [Breach],
    /// What happens at parts of the rim; goes before the edges.
    pub boundaries: &'a [Boundary],
    /// Depths whose first exceedance and duration are recorded, m.
    pub thresholds: &'a [f64],
    /// Constants of the model.
    pub params: Params,
}
