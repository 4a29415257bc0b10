//! What named places see under steady plumes and in weak wind.

use nalgebra::Vector2;

use crate::error::Result;
use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::toxic_load::History;
use crate::gas::receptor::{Receptor, Seen};
use crate::gas::terrain::height_in_class;
use crate::run::gas::GasCase;

/// Time in which the front of a plume passes, s: steep, as nothing along the wind is modelled.
const FRONT: f64 = 1.0;

/// How long a place is watched after the plume has gone, s: closed houses keep the gas.
const AFTERWARDS: f64 = 3600.0;

/// What each place sees of the plume that brings it most: nothing until the wind has come
/// from the source, then the steady concentration as long as the release lasts.
pub(super) fn under_plumes(case: &GasCase, dispersion: &Dispersion) -> Result<Vec<Seen>> {
    let seen = case.receptors.iter().map(|receptor| {
        let at = |row: usize| {
            let placed = dispersion.plume_of(row)?;
            let place = Vector2::new(receptor.x, receptor.y);
            let along = if case.direction_known {
                placed.in_wind(place.x, place.y).x
            } else {
                placed.along_any(place.x, place.y)
            };
            let class = case.weather[row].stability;
            let axis = |along: f64| height_in_class(placed.plume.height_at(along), receptor.ground, class);
            let mass = placed.concentration_at(place, receptor.height, case.direction_known, &axis);
            Some((dispersion.ppm_in(&case.weather[row], mass), placed.arrival(along).max(0.0)))
        };
        let worst = (0..dispersion.plumes.len()).filter_map(at).max_by(|a, b| a.0.total_cmp(&b.0));
        let (ppm, arrival) = worst.unwrap_or((0.0, 0.0));
        if let Some(history) = in_weak_wind(case, dispersion, receptor, ppm)? {
            return Seen::new(receptor.clone(), history);
        }
        let ends = arrival + case.source.duration;
        let times = vec![
            0.0,
            arrival + FRONT,
            arrival + 2.0 * FRONT,
            ends + 2.0 * FRONT,
            ends + 3.0 * FRONT,
            ends + AFTERWARDS,
        ];
        let history = History::new(times, vec![0.0, 0.0, ppm, ppm, 0.0, 0.0])?;
        Seen::new(receptor.clone(), history)
    });
    seen.collect()
}

/// What a place sees of the cloud of weak wind that brings it most; none where the plumes bring more.
fn in_weak_wind(
    case: &GasCase,
    dispersion: &Dispersion,
    receptor: &Receptor,
    plume_ppm: f64,
) -> Result<Option<History>> {
    let of = |row: usize| {
        let cloud = dispersion.calm_of(row)?.over(receptor.ground, case.weather[row].stability);
        let at = cloud.in_wind(receptor.x, receptor.y, case.direction_known);
        let (peak, time) = cloud.largest(at, receptor.height);
        Some((dispersion.ppm_in(&case.weather[row], peak), row, cloud, at, time))
    };
    let worst = (0..case.weather.len()).filter_map(of).max_by(|a, b| a.0.total_cmp(&b.0));
    let Some((peak, row, cloud, at, time)) = worst.filter(|worst| worst.0 > plume_ppm) else {
        return Ok(None);
    };
    let mut times = cloud.times(at, receptor.height);
    times.push(time);
    times.push(case.source.duration + AFTERWARDS);
    times.sort_by(f64::total_cmp);
    times.dedup();
    let ppm = |&then: &f64| {
        let mass = cloud.calm.concentration(at.x, at.y, receptor.height, then);
        if then == time { peak } else { dispersion.ppm_in(&case.weather[row], mass).min(peak) }
    };
    let values = times.iter().map(ppm).collect();
    History::new(times, values).map(Some)
}
