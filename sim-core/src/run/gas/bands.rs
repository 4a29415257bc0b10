//! The grids of a run in bands of rows, with a report to the observer before each.

use crate::error::{Problem, Result};
use crate::gas::sweep::Band;
use crate::grid::{Field, Grid};
use crate::run::gas::cells_of;
use crate::run::{Observer, Progress};

/// Rows of the grid between two reports to the observer.
const BAND_ROWS: usize = 64;

/// Hands concentration and arrival over band by band.
///
/// # Errors
/// E7001 where the observer stopped it.
pub(super) fn in_bands(
    grid: &Grid,
    (concentration, arrival): (&mut Field, &mut Field),
    observer: &mut dyn Observer,
    fill: impl Fn(Band<'_>),
) -> Result<()> {
    let band_cells = BAND_ROWS * grid.columns;
    let bands = cells_of(concentration).chunks_mut(band_cells).zip(cells_of(arrival).chunks_mut(band_cells));
    for (i, (concentration, arrival)) in bands.enumerate() {
        let first_row = i * BAND_ROWS;
        let share = first_row as f64 / grid.rows as f64;
        let progress = Progress { share, time: 0.0, steps: i as u64, time_step: 0.0, wet_share: 0.0 };
        if !observer.progress(&progress) {
            return Err(Problem::error(7001, "the run was cancelled").into());
        }
        fill(Band { first_row, concentration, arrival });
    }
    Ok(())
}
