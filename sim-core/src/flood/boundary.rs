//! The four edges of the grid.
//!
//! Every edge is a row of ghost cells that the flux treats as any other cell:
//! the same ground, the same depth, and a velocity that makes the edge what it is.

use crate::flood::state::{Layout, State};

/// What happens at one edge of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// A vertical wall: water is thrown back as by a mirror.
    Wall,
    /// Water flows out freely (depth and ground go on as in the last cell) and none comes in.
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
/// use sim_core::flood::boundary::{Edge, ghost_velocity};
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

/// Writes the ghost cells of a state.
pub fn fill_ghosts(state: &mut State, layout: Layout, edges: Edges) {
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

fn mirror(state: &mut State, cell: usize, ghost: usize) {
    state.depth[ghost] = state.depth[cell];
    state.u[ghost] = state.u[cell];
    state.v[ghost] = state.v[cell];
}
