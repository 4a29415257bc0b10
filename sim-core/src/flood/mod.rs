//! Water on the ground: the two-dimensional shallow water equations.
//!
//! Unknowns are the depth $h$ and the velocity $(u, v)$ of the water in every
//! cell of a grid; the ground $z$ does not move:
//!
//! $$ \partial_t h + \partial_x (hu) + \partial_y (hv) = R - L + I $$
//! $$ \partial_t (hu) + \partial_x (hu^2 + \tfrac g2 h^2) + \partial_y (huv)
//!    = -g h\, \partial_x z - g n^2 \frac{u \sqrt{u^2 + v^2}}{h^{1/3}} $$
//!
//! (and the same for $v$), with rain $R$, loss $L$ and inflow $I$. Three schemes
//! can be chosen ([`flux::ALL`]): Godunov's of first order, MUSCL-Hancock of second
//! order, both with the HLLC flux through every face, and local inertia. All keep
//! still water still and runoff at normal depth over any ground ([`reconstruction`]),
//! take friction implicitly ([`friction`]) and choose the time step so that depths
//! stay positive ([`time_step`]).
//!
//! | file | holds |
//! |---|---|
//! | [`state`] | the arrays |
//! | [`params`] | everything that is constant during a run |
//! | [`step`] | the stages of a step, in order |
//! | [`sweep`] | one pass over the grid: faces, cells, records, sums |
//! | [`part`] | one flood in parts that hear from each other |
//! | [`flux`], [`reconstruction`], [`friction`], [`rain`], [`infiltration`], [`loss`], [`inflow`], [`reservoir`], [`buildings`], [`structure`], [`barrier`], [`breach`], [`breach_size`], [`boundary`], [`time_step`] | the physics of one face, cell or edge |
//! | [`drainage`] | the exchange with sewers |
//! | [`record`], [`place`] | what is remembered of every cell, and of places that matter |
//! | [`passability`], [`hazard`] | who gets through the water, and how dangerous it is |
//! | [`volumes`] | the ledger of the water |
//! | [`snapshot`] | what a stopped run needs to go on |
//! | [`exposure`] | things that may be hit |
//! | [`area`] | connected areas of cells and their outlines |
//! | [`product`] | what is left for people |
//! | [`comparison`] | what a run is held against: gauges, another run |
//!
//! What water shares with every other layer that flows under its own weight stands in
//! [`crate::layer`].
//!
//! To add a scheme: see [`flux`]. To add a
//! product: one file in [`product`] and one line in [`product::ALL`].

pub mod area;
mod arrays;
pub mod barrier;
pub mod boundary;
pub mod breach;
pub mod breach_size;
pub mod buildings;
pub mod comparison;
pub mod drainage;
pub mod exposure;
pub mod flux;
pub mod friction;
pub mod hazard;
pub mod infiltration;
pub mod inflow;
pub mod loss;
pub mod params;
pub mod part;
pub mod passability;
pub mod place;
pub mod product;
pub mod rain;
pub mod record;
pub mod reservoir;
mod roofs;
pub mod snapshot;
pub mod state;
pub mod step;
pub mod structure;
pub mod sweep;
pub mod volumes;

pub(crate) use crate::layer::extreme;
pub use crate::layer::{reconstruction, time_step};

pub use barrier::Barrier;
pub use boundary::{Boundary, Edge, Edges};
pub use breach::Breach;
pub use buildings::Buildings;
pub use infiltration::{Soil, Soils};
pub use inflow::Inflow;
pub use params::{Params, Setup};
pub use product::{DepthClass, Evidence, ProductSettings};
pub use rain::Rain;
pub use step::{Solver, Stop};
pub use structure::Structure;

/// What the model leaves out, for every result.
pub const NOT_MODELLED: [&str; 7] = [
    "sewers (only the constant loss that was given)",
    "drying of the soil, water that seeps out again",
    "water inside buildings and basements; buildings that were not given; flow through doors and gates",
    "kerbs, walls, bridges, pumps and culverts that were not given",
    "breaches that were not given, blockages and debris",
    "erosion and sediment",
    "wind and waves",
];
