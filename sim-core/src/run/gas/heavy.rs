//! What a run does with gas heavier than the air: a slab's cloud for each weather row, the worst counts.

use crate::error::{Problem, Problems, Result};
use crate::gas::dense::{PlacedHeavy, placed};
use crate::gas::dispersion::Dispersion;
use crate::gas::effect::line;
use crate::gas::hazard::{Level, Zone, heavy_zone};
use crate::gas::receptor::Seen;
use crate::run::gas::bands::in_bands;
use crate::run::gas::{GasCase, threshold};
use crate::run::{Ledger, Observer};

/// Largest error of the mass balance with which a cloud is believed.
const MOST_LOST: f64 = 1e-6;

fn unbalanced(lost: f64) -> Problem {
    Problem::error(4743, format!("the mass of the heavy cloud does not close: {lost:.1e} of it is off"))
        .why("a section or the puff holds more or less gas than was released: its concentrations cannot be believed")
        .fix("please report the release and the weather; meanwhile change the duration or the rate a little, or use transport = \"layer\"")
}

/// The clouds of all weather rows, each as if it lasted.
///
/// # Errors
/// All that is wrong with the rows: what the slab model refuses, with the row it refuses.
pub(super) fn clouds(case: &GasCase) -> Result<Vec<PlacedHeavy>> {
    let mut problems = Vec::new();
    let mut clouds = Vec::new();
    for (i, row) in case.weather.iter().enumerate() {
        let heights = (case.receptor_height, case.averaging_time);
        match PlacedHeavy::new(&case.source, &case.substance, (row, &case.heavy), heights) {
            Ok(cloud) => {
                let lost = cloud.cloud.ledger().largest_error;
                // Written so that an error that is no number is one too.
                if lost <= MOST_LOST {
                    clouds.push(cloud);
                } else {
                    problems.push(unbalanced(lost).at_spot(format!("weather row {}", i + 1)));
                }
            }
            Err(Problems(found)) => {
                let spot = format!("weather row {}", i + 1);
                problems.extend(found.into_iter().map(|problem| problem.at_spot(&spot)));
            }
        }
    }
    if problems.is_empty() { Ok(clouds) } else { Err(Problems(problems)) }
}

/// The zone of a level over all rows.
pub(super) fn zone_of(case: &GasCase, level: &Level, clouds: &[PlacedHeavy]) -> Zone {
    let thresholds: Vec<f64> = case.weather.iter().map(|row| threshold(case, level, row)).collect();
    let lowest = thresholds.iter().copied().fold(f64::INFINITY, f64::min);
    let rows = clouds.iter().zip(&case.weather).zip(&thresholds);
    rows.fold(Zone::nowhere(level, lowest), |zone, ((cloud, row), &threshold)| {
        let spread =
            if case.direction_known { row.direction_spread_deg.to_radians() } else { std::f64::consts::PI };
        let of_row = heavy_zone::zone(level, cloud, threshold, spread);
        if case.weather.len() == 1 { of_row } else { zone.with(&of_row) }
    })
}

/// Fills the grids, and tells what the named places see.
pub(super) fn spread(
    case: &GasCase,
    dispersion: &mut Dispersion,
    observer: &mut dyn Observer,
) -> Result<(Ledger, u64)> {
    sweep_grid(dispersion, observer)?;
    dispersion.receptors = places(case, dispersion)?;
    dispersion.effects.lines = line::under_heavy(&case.wishes.lines, dispersion)?;
    Ok((ledger(dispersion), dispersion.heavy.len() as u64))
}

fn sweep_grid(dispersion: &mut Dispersion, observer: &mut dyn Observer) -> Result<()> {
    let threshold = dispersion.zones.iter().map(|zone| zone.threshold).fold(f64::INFINITY, f64::min);
    let Dispersion { heavy, grid, concentration, arrival, direction_known, .. } = dispersion;
    in_bands(grid, (concentration, arrival), observer, |band| {
        placed::fill_band(heavy, grid, *direction_known, threshold, band);
    })
}

/// What each place sees of the cloud that brings it most.
fn places(case: &GasCase, dispersion: &Dispersion) -> Result<Vec<Seen>> {
    let seen = case.receptors.iter().map(|receptor| {
        let of = |(row, cloud): (usize, &PlacedHeavy)| {
            let at = cloud.in_wind(receptor.x, receptor.y, case.direction_known);
            let mass = cloud.largest(at, receptor.height);
            (dispersion.ppm_in(&case.weather[row], mass), row, at)
        };
        let worst = dispersion.heavy.iter().enumerate().map(of).max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, row, at)) = worst else { unreachable!("a case without weather is refused before") };
        let ppm = |mass: f64| dispersion.ppm_in(&case.weather[row], mass);
        Seen::new(receptor.clone(), dispersion.heavy[row].history(at, receptor.height, ppm)?)
    });
    seen.collect()
}

/// Mass released against what the section that is farthest off holds.
fn ledger(dispersion: &Dispersion) -> Ledger {
    let worst = dispersion.heavy.iter().map(|cloud| cloud.cloud.ledger().largest_error).fold(0.0, f64::max);
    let released = dispersion.release.mass();
    let entries = vec![
        ("released".to_owned(), released),
        ("in the section that is farthest off".to_owned(), -released * (1.0 - worst)),
    ];
    Ledger::close("kg", 0.0, 0.0, entries)
}
