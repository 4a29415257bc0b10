//! A made-up city quarter: streets with kerbs, blocks of houses, a railway
//! embankment and a street that dips under it. Examples and first steps need
//! terrain that is nobody's property; this one is drawn from a formula and is
//! the same on every machine.

use std::f64::consts::PI;

use crate::grid::{Crs, Field, Grid};

/// Cells along one side.
const SIDE: usize = 200;
/// Cell size, m.
const CELL: f64 = 3.0;
/// Distance from street to street, m.
const BLOCK: f64 = 100.0;
/// Half the width of a street, m.
const HALF_STREET: f64 = 8.0;
/// Height of a kerb, m.
const KERB: f64 = 0.15;
/// Height of the houses, m.
const HOUSE: f64 = 10.0;
/// Height of the railway embankment, m.
const EMBANKMENT: f64 = 5.0;
/// Half the width of the embankment, m.
const HALF_EMBANKMENT: f64 = 12.0;
/// How far the street dips under the railway, m.
const DIP: f64 = 3.5;
/// Half the length of the dip, m.
const HALF_DIP: f64 = 70.0;
/// Height of the parapet along the dip, m.
const PARAPET: f64 = 0.8;

/// The quarter around a point of a plane in metres.
pub(super) fn generate(crs: Crs, (x, y): (f64, f64)) -> (Grid, Field) {
    let half = SIDE as f64 * CELL / 2.0;
    // Whole metres keep the written coordinates short.
    let (west, south) = ((x - half).round(), (y - half).round());
    let grid = Grid { columns: SIDE, rows: SIDE, dx: CELL, dy: CELL, west, south, crs };
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| {
        level((column as f64 + 0.5) * CELL - half, (row as f64 + 0.5) * CELL - half)
    });
    (grid, bed)
}

/// Ground level at a distance from the middle, m; x to the east, y to the north.
fn level(x: f64, y: f64) -> f64 {
    let ground = 45.0 - 0.004 * x
        + 0.003 * y
        + 0.5 * (2.0 * PI * x / 430.0).sin() * (2.0 * PI * y / 370.0).cos()
        + 0.25 * (2.0 * PI * (x + 0.7 * y) / 190.0).sin();
    let main_street = y.abs() < HALF_STREET;
    let along_dip = (x.abs() / HALF_DIP).min(1.0);
    if main_street && along_dip < 1.0 {
        // The street goes down and up again as one wave of a cosine.
        return ground - KERB - DIP * 0.5 * (1.0 + (PI * along_dip).cos());
    }
    if x.abs() < HALF_EMBANKMENT && !main_street {
        return ground + EMBANKMENT;
    }
    if along_dip < 1.0 && y.abs() < HALF_STREET + 2.0 * CELL {
        return ground + PARAPET;
    }
    let (across_x, across_y) = (to_street(x), to_street(y));
    if across_x.min(across_y) < HALF_STREET {
        // A crown of 2 % sheds water to the kerbs.
        return ground - KERB + 0.02 * (HALF_STREET - across_x.min(across_y)).max(0.0);
    }
    if is_house(x, y, across_x, across_y) { ground + HOUSE } else { ground }
}

/// Distance to the nearest street axis along one direction, m.
fn to_street(position: f64) -> f64 {
    let within = position.rem_euclid(BLOCK);
    within.min(BLOCK - within)
}

/// Houses stand in two rows of plots around a yard; every fifth plot is empty.
fn is_house(x: f64, y: f64, across_x: f64, across_y: f64) -> bool {
    /// Pavement between kerb and house, m.
    const PAVEMENT: f64 = 6.0;
    /// Depth of a row of houses, m.
    const ROW: f64 = 16.0;
    /// Frontage of a plot and the gap beside the house, m.
    const PLOT: f64 = 24.0;
    const GAP: f64 = 6.0;
    let inset = across_x.min(across_y) - HALF_STREET - PAVEMENT;
    if !(0.0..ROW).contains(&inset) {
        return false;
    }
    let along = if across_x < across_y { y } else { x };
    let in_gap = along.rem_euclid(PLOT) < GAP;
    let plot = (along / PLOT).floor() as i64;
    let street = ((if across_x < across_y { x } else { y }) / BLOCK).round() as i64;
    let empty = (plot * 7 + street * 13).rem_euclid(5) == 0;
    !in_gap && !empty
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_underpass_is_the_lowest_place_of_its_street() {
        let (grid, bed) = generate(Crs::local(), (694_000.0, 3_120_000.0));
        let lowest = bed
            .indexed_iter()
            .min_by(|a, b| a.1.total_cmp(b.1))
            .map(|((row, column), _)| (grid.x(column), grid.y(row)))
            .expect("cells");
        let middle = (grid.west + 300.0, grid.south + 300.0);
        assert!((lowest.0 - middle.0).hypot(lowest.1 - middle.1) < 20.0, "{lowest:?}");
    }

    #[test]
    fn there_are_streets_and_houses() {
        let (_, bed) = generate(Crs::local(), (0.0, 0.0));
        let houses = bed.iter().filter(|&&z| z > 52.0).count() as f64 / bed.len() as f64;
        assert!((0.1..0.6).contains(&houses), "{houses}");
    }
}
