//! What a run does in calm and light air: the closed form in the place of the plume, or beside it.
//!
//! Below 0.5 m/s at 10 m the closed form of calm air stands alone. Up to 1.5 m/s the larger of it
//! and of the plume counts at every place, so that nothing jumps down where the wind falls below
//! that of a plume. How far gas would go if calm air drifted one way after all is kept beside
//! the zones and widens the area to clear.

use crate::error::Result;
use crate::gas::calm::{PlacedCalm, placed};
use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::{Level, Zone, calm_zone, zones};
use crate::gas::sweep::Placed;
use crate::gas::weather::{Regime, Weather};
use crate::run::Observer;
use crate::run::gas::bands::in_bands;
use crate::run::gas::{GasCase, plume_zone};

/// What spreads in the weak wind of a row; none where it is stronger.
pub(super) fn cloud(case: &GasCase, row: &Weather) -> Option<PlacedCalm> {
    PlacedCalm::new(&case.source, &case.substance, row, case.receptor_height)
}

/// The zone of a level where some rows have weak wind; thresholds and spreads one for each row.
pub(super) fn zone_of(
    case: &GasCase,
    level: &Level,
    (plumes, calm): (&[Placed], &[Option<PlacedCalm>]),
    (thresholds, spreads): (&[f64], &[f64]),
) -> Zone {
    let is_calm = |row: usize| case.weather[row].regime() == Regime::Calm;
    let (still, windy): (Vec<usize>, Vec<usize>) = (0..plumes.len()).partition(|&row| is_calm(row));
    let of = |values: &[f64]| windy.iter().map(|&row| values[row]).collect::<Vec<_>>();
    let lowest = thresholds.iter().copied().fold(f64::INFINITY, f64::min);
    let mut zone = Zone::nowhere(level, lowest);
    if !windy.is_empty() {
        let placed: Vec<Placed> = windy.iter().map(|&row| plumes[row].clone()).collect();
        zone = plume_zone(case, level, &placed, (&of(thresholds), &of(spreads)));
    }
    for (cloud, &threshold) in calm.iter().zip(thresholds) {
        if let Some(cloud) = cloud {
            let of_cloud = calm_zone::zone(level, cloud, threshold, case.direction_known);
            zone = zone.with(&of_cloud);
        }
    }
    for row in still {
        let (far, is_cut) = zones::reach_at_any_height(&plumes[row], thresholds[row]);
        zone.drift_reach = zone.drift_reach.max(far);
        zone.is_cut |= is_cut;
    }
    zone
}

/// Takes the clouds of weak wind into the grids, beside what the plumes left there.
pub(super) fn sweep_grid(dispersion: &mut Dispersion, observer: &mut dyn Observer) -> Result<()> {
    let threshold = dispersion.zones.iter().map(|zone| zone.threshold).fold(f64::INFINITY, f64::min);
    let Dispersion { calm, grid, concentration, arrival, direction_known, .. } = dispersion;
    let clouds: Vec<&PlacedCalm> = calm.iter().flatten().collect();
    if clouds.is_empty() {
        return Ok(());
    }
    in_bands(grid, (concentration, arrival), observer, |band| {
        placed::fill_band(&clouds, grid, *direction_known, threshold, band);
    })
}
