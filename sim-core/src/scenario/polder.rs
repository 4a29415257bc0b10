//! A made-up polder: a river behind a levee, low ground with four villages on mounds, a
//! drainage channel that ends at the levee, hills in the south. Drawn from a formula, as the
//! city quarter is.

use std::f64::consts::PI;

use crate::grid::{Crs, Field, Grid};

/// Cells along both axes.
const COLUMNS: usize = 200;
const ROWS: usize = 150;
/// Cell size, m.
const CELL: f64 = 20.0;
/// Distance of the river from the middle of the area, m, and how far it winds.
const RIVER: f64 = 1100.0;
const WINDING: f64 = 80.0;
/// Half the width of the river, m, and level of its bottom, m.
const HALF_RIVER: f64 = 90.0;
const RIVER_BOTTOM: f64 = 1.0;
/// Distance from the axis of the river to that of the levee, half the width of its crest, m, and its level, m.
const TO_LEVEE: f64 = 150.0;
const HALF_CREST: f64 = 15.0;
const CREST: f64 = 8.0;
/// Level of the high bank in the north, m.
const HIGH_BANK: f64 = 11.0;
/// Level of the plain beside the levee, m, and how far it falls to its lowest part.
const PLAIN: f64 = 4.0;
const FALL: f64 = 1.2;
/// Half the width of the drainage channel, m, and its depth below the plain, m.
const HALF_CHANNEL: f64 = 15.0;
const CHANNEL_DEPTH: f64 = 1.0;
/// Height, m, and radius, m, of the mounds of the villages, and where they lie.
const MOUND: f64 = 0.8;
const MOUND_RADIUS: f64 = 160.0;
const VILLAGES: [(f64, f64); 4] = [(-1250.0, 500.0), (-300.0, 150.0), (800.0, 350.0), (300.0, -650.0)];

/// The polder around a point of a plane in metres.
pub(super) fn generate(crs: Crs, (x, y): (f64, f64)) -> (Grid, Field) {
    let (half_x, half_y) = (0.5 * COLUMNS as f64 * CELL, 0.5 * ROWS as f64 * CELL);
    let (west, south) = ((x - half_x).round(), (y - half_y).round());
    let grid = Grid { columns: COLUMNS, rows: ROWS, dx: CELL, dy: CELL, west, south, crs };
    let bed = Field::from_shape_fn(grid.shape(), |(row, column)| {
        level((column as f64 + 0.5) * CELL - half_x, (row as f64 + 0.5) * CELL - half_y)
    });
    (grid, bed)
}

/// Ground level at a distance from the middle, m; x to the east, y to the north.
fn level(x: f64, y: f64) -> f64 {
    let north_of_river = y - RIVER - WINDING * (2.0 * PI * x / 3000.0).sin();
    if north_of_river > HALF_RIVER {
        return RIVER_BOTTOM + ((north_of_river - HALF_RIVER) * 0.1).min(HIGH_BANK - RIVER_BOTTOM);
    }
    if north_of_river > -HALF_RIVER {
        return RIVER_BOTTOM;
    }
    // Slopes of one in five on both sides of the crest.
    let from_crest = (north_of_river + TO_LEVEE).abs() - HALF_CREST;
    let levee = CREST - 0.2 * from_crest.max(0.0);
    let behind = (-(north_of_river + TO_LEVEE)).max(0.0);
    levee.max(if behind > 0.0 { plain(x, y, behind) } else { RIVER_BOTTOM })
}

/// Ground level of the plain; `behind` is the distance from the levee, m.
fn plain(x: f64, y: f64, behind: f64) -> f64 {
    let bowl = (-((x + 200.0).powi(2) + (y + 300.0).powi(2)) / 900.0f64.powi(2)).exp();
    let waves = 0.15 * (2.0 * PI * x / 700.0).sin() * (2.0 * PI * y / 500.0).cos();
    let hills = 0.006 * (behind - 1700.0).max(0.0);
    let mound =
        VILLAGES.iter().map(|village| (x - village.0).hypot(y - village.1)).fold(f64::INFINITY, f64::min);
    let village = MOUND * (-(mound / MOUND_RADIUS).powi(4)).exp();
    let ground = PLAIN - FALL * bowl + waves + hills + village;
    // The channel runs from the lowest part to the levee.
    let in_channel = (x + 200.0).abs() < HALF_CHANNEL && y > -300.0;
    if in_channel { ground.min(PLAIN - FALL) - CHANNEL_DEPTH } else { ground }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_levee_stands_above_river_and_plain_from_end_to_end() {
        let (grid, bed) = generate(Crs::local(), (0.0, 0.0));
        for column in 0..COLUMNS {
            let x = grid.x(column);
            let axis = RIVER + WINDING * (2.0 * PI * x / 3000.0).sin() - TO_LEVEE;
            let (row, _) = grid.cell_at(x, axis).expect("inside");
            let crest = (row - 1..=row + 1).map(|row| bed[(row, column)]).fold(f64::NEG_INFINITY, f64::max);
            assert!(crest > CREST - 0.5, "column {column}: {crest}");
        }
    }

    #[test]
    fn the_plain_lies_lower_than_the_villages_and_the_villages_lower_than_the_levee() {
        for (x, y) in VILLAGES {
            let village = level(x, y);
            assert!(village > level(-200.0, -300.0) && village < CREST);
        }
    }
}
