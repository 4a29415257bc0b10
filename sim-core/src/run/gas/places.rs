//! What named places see under steady plumes.

use crate::error::Result;
use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::toxic_load::History;
use crate::gas::receptor::Seen;
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
            let placed = &dispersion.plumes[row];
            let downwind = placed.in_wind(receptor.x, receptor.y);
            let (along, across) =
                if case.direction_known { (downwind.x, downwind.y) } else { (downwind.norm(), 0.0) };
            let mass = placed.plume.concentration(along, across, receptor.height);
            (dispersion.ppm_in(&case.weather[row], mass), placed.plume.arrival(along.max(0.0)))
        };
        let worst = (0..dispersion.plumes.len()).map(at).max_by(|a, b| a.0.total_cmp(&b.0));
        let (ppm, arrival) = worst.unwrap_or((0.0, 0.0));
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
