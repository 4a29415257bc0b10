//! The four edges of the grid.
//!
//! Every edge is a row of ghost cells that the flux treats as any other cell: the
//! same depth, and a velocity and a ground that make the edge what it is.

use crate::layer::layout::Layout;

/// A side of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Where x is smallest.
    West,
    /// Where x is largest.
    East,
    /// Where y is smallest.
    South,
    /// Where y is largest.
    North,
}

impl Side {
    /// All four, in the order in which balances list them.
    pub const ALL: [Self; 4] = [Self::West, Self::East, Self::South, Self::North];

    /// Its name in scenarios and balances.
    pub fn name(self) -> &'static str {
        match self {
            Self::West => "west",
            Self::East => "east",
            Self::South => "south",
            Self::North => "north",
        }
    }

    /// True where the outward direction is that of x or y.
    pub(crate) fn is_far(self) -> bool {
        matches!(self, Self::East | Self::North)
    }

    /// True where water crosses along x.
    pub(crate) fn is_across_x(self) -> bool {
        matches!(self, Self::West | Self::East)
    }
}

/// The outer face of one cell at the rim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Face {
    /// Side of the grid.
    pub side: Side,
    /// Row of the cell on the western and eastern side, column on the others.
    pub index: usize,
}

impl Face {
    /// Row and column of the cell in a grid of this shape.
    pub fn cell(self, (rows, columns): (usize, usize)) -> (usize, usize) {
        match self.side {
            Side::West => (self.index, 0),
            Side::East => (self.index, columns.wrapping_sub(1)),
            Side::South => (0, self.index),
            Side::North => (rows.wrapping_sub(1), self.index),
        }
    }
}

/// What happens at one edge of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// A vertical wall: water is thrown back as by a mirror.
    Wall,
    /// Water flows out freely (depth and fall of the ground go on as in the last cells) and none comes in.
    Open,
}

/// What happens at the four edges of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edges {
    /// Where x is smallest.
    pub west: Edge,
    /// Where x is largest.
    pub east: Edge,
    /// Where y is smallest.
    pub south: Edge,
    /// Where y is largest.
    pub north: Edge,
}

impl Edges {
    /// The same at all four edges.
    pub fn all(edge: Edge) -> Self {
        Self { west: edge, east: edge, south: edge, north: edge }
    }
}

/// Outward velocity of the ghost beside a cell, m/s.
///
/// The mirror lets exactly nothing through. An open edge carries outward flow
/// on as it is and is a mirror to inward flow.
///
/// # Example
/// ```
/// use sim_core::layer::edge::{Edge, ghost_velocity};
/// assert_eq!(ghost_velocity(Edge::Wall, 2.0), -2.0);
/// assert_eq!(ghost_velocity(Edge::Open, 2.0), 2.0);
/// assert_eq!(ghost_velocity(Edge::Open, -2.0), 2.0, "a mirror: nothing comes in");
/// ```
pub fn ghost_velocity(edge: Edge, outward: f64) -> f64 {
    match edge {
        Edge::Wall => -outward,
        Edge::Open => outward.abs(),
    }
}

/// Bed level of a ghost from the three cells that lead to it, the nearest first.
///
/// Behind a wall the ground is a mirror. Beyond an open edge it goes on falling
/// as it did, so that water leaves at the depth and speed at which it came; of
/// the last two falls the smaller counts, so that a kerb or a roof in the last
/// cells does not become a waterfall. Ground that rises towards the edge goes on level.
///
/// # Example
/// ```
/// use sim_core::layer::edge::{Edge, ghost_bed};
/// assert_eq!(ghost_bed(Edge::Open, [1.0, 1.5, 2.0]), 0.5);
/// assert_eq!(ghost_bed(Edge::Open, [1.0, 11.0, 11.0]), 1.0, "a roof beside the street");
/// assert_eq!(ghost_bed(Edge::Wall, [1.0, 1.5, 2.0]), 1.0);
/// ```
pub fn ghost_bed(edge: Edge, [first, second, third]: [f64; 3]) -> f64 {
    let fall = (second - first).min(third - second).max(0.0);
    match edge {
        Edge::Wall => first,
        Edge::Open => first - fall,
    }
}

/// Writes the ghost cells of the ground, once.
pub fn fill_bed(bed: &mut [f64], layout: Layout, edges: Edges) {
    let (stride, rows, columns) = (layout.stride(), layout.rows, layout.columns);
    for row in 1..=rows {
        let (first, last) = (row * stride + 1, row * stride + columns);
        let (step_x, reach) = (1, columns.min(3) - 1);
        bed[first - 1] = ghost_bed(edges.west, inward(bed, first, step_x, reach));
        bed[last + 1] = ghost_bed(edges.east, inward(bed, last, -step_x, reach));
    }
    for column in 1..=columns {
        let (first, last) = (stride + column, rows * stride + column);
        let (step_y, reach) = (stride as isize, rows.min(3) - 1);
        bed[first - stride] = ghost_bed(edges.south, inward(bed, first, step_y, reach));
        bed[last + stride] = ghost_bed(edges.north, inward(bed, last, -step_y, reach));
    }
}

/// Levels of the cells that lead to an edge, the nearest first; the last one is
/// repeated where the grid is narrower than three cells, which gives no fall.
fn inward(bed: &[f64], first: usize, step: isize, reach: usize) -> [f64; 3] {
    [0, 1, 2].map(|cells: usize| {
        let cells = cells.min(reach) as isize;
        bed[first.wrapping_add_signed(cells * step)]
    })
}

/// Depth and velocity along x and y of every cell, padded.
#[derive(Debug)]
pub struct Moving<'a> {
    /// Depth, m.
    pub depth: &'a mut [f64],
    /// Velocity along x, m/s.
    pub u: &'a mut [f64],
    /// Velocity along y, m/s.
    pub v: &'a mut [f64],
}

/// Writes the ghost cells of a state.
pub fn fill_ghosts(state: &mut Moving<'_>, layout: Layout, edges: Edges) {
    let (stride, rows, columns) = (layout.stride(), layout.rows, layout.columns);
    for row in 1..=rows {
        let (first, last) = (row * stride + 1, row * stride + columns);
        mirror(state, first, first - 1);
        state.u[first - 1] = -ghost_velocity(edges.west, -state.u[first]);
        mirror(state, last, last + 1);
        state.u[last + 1] = ghost_velocity(edges.east, state.u[last]);
    }
    for column in 1..=columns {
        let (first, last) = (stride + column, rows * stride + column);
        mirror(state, first, first - stride);
        state.v[first - stride] = -ghost_velocity(edges.south, -state.v[first]);
        mirror(state, last, last + stride);
        state.v[last + stride] = ghost_velocity(edges.north, state.v[last]);
    }
}

fn mirror(state: &mut Moving<'_>, cell: usize, ghost: usize) {
    state.depth[ghost] = state.depth[cell];
    state.u[ghost] = state.u[cell];
    state.v[ghost] = state.v[cell];
}
