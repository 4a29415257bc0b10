//! Who and what may be hit: villages, buildings, roads, people.

use crate::grid::vector::VectorFeature;
use crate::grid::{Field, Grid};

/// One layer of things that may be hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposed {
    /// Name in the scenario.
    pub name: String,
    /// The things.
    pub things: Things,
}

/// What a layer holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Things {
    /// Areas over which is summed: villages, districts, blocks.
    Zones(Vec<VectorFeature>),
    /// Buildings as polygons or points.
    Buildings(Vec<VectorFeature>),
    /// Roads as lines.
    Roads(Vec<VectorFeature>),
    /// People in every cell; zero where nobody is.
    People(Field),
}

/// People in every cell from points with numbers of people, added in the order of the points.
///
/// A feature of several points has its people shared among them. Points outside the grid
/// add nothing.
pub fn people_by_cell(grid: &Grid, features: &[VectorFeature]) -> Field {
    let mut people = grid.filled(0.0);
    for feature in features {
        let points: usize = feature.shape.paths().iter().map(Vec::len).sum();
        let each = feature.people.unwrap_or(0.0) / points.max(1) as f64;
        for at in feature.shape.paths().iter().flatten() {
            if let Some(cell) = grid.cell_at(at.x, at.y) {
                people[cell] += each;
            }
        }
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;
    use crate::grid::vector::{Coord, Shape};

    #[test]
    fn people_of_points_come_together_in_their_cells() {
        let grid = Grid { columns: 3, rows: 2, dx: 10.0, dy: 10.0, west: 0.0, south: 0.0, crs: Crs::local() };
        let point = |number, points: &[(f64, f64)], people| VectorFeature {
            number,
            shape: Shape::Points(points.iter().map(|&(x, y)| Coord { x, y }).collect()),
            label: None,
            people,
            height: None,
        };
        let features = [
            point(1, &[(5.0, 5.0)], Some(3.0)),
            point(2, &[(6.0, 5.0), (25.0, 15.0)], Some(8.0)),
            point(3, &[(99.0, 5.0)], Some(100.0)),
        ];
        let people = people_by_cell(&grid, &features);
        assert_eq!((people[(0, 0)], people[(1, 2)], people.sum()), (7.0, 4.0, 11.0));
    }
}
