//! Zones without grids, maps and layers: what a library of thousands of releases keeps.

use super::backend::{Processor, PuffBackend};
use super::{GasCase, Transport, carry, check, cover_pool, prepare};
use crate::error::Result;
use crate::gas::advice;
use crate::gas::hazard::evacuation;
use crate::gas::hazard::zones::Zone;
use crate::run::Unobserved;

/// The zones of a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Zones {
    /// One per level, the highest level first.
    pub zones: Vec<Zone>,
    /// Greatest distance at which any level may be met, m.
    pub radius: f64,
}

/// Zones and radius of a release, the same as [`disperse`](super::disperse) finds.
///
/// Plumes and slabs have their zones from formulas, so that no grid is filled; puffs and layers
/// are followed as in a run.
///
/// # Errors
/// Those of [`disperse`](super::disperse).
pub fn zones_of(case: &GasCase) -> Result<Zones> {
    zones_on(case, &mut Processor::default())
}

/// The same with puffs summed by a back end.
///
/// # Errors
/// Those of [`zones_of`], and of the back end.
pub fn zones_on(case: &GasCase, backend: &mut dyn PuffBackend) -> Result<Zones> {
    let has_formula = matches!(case.transport, Transport::Plume | Transport::Slab);
    if !has_formula || case.compare {
        let (dispersion, ..) = carry(case, (&mut Unobserved, backend))?;
        return Ok(Zones { radius: dispersion.evacuation.radius, zones: dispersion.zones });
    }
    check(case)?;
    let mut dispersion = prepare(case)?;
    cover_pool(&mut dispersion);
    advice::judge_zones(&mut dispersion);
    let source = &case.source;
    let evacuation =
        evacuation::evacuation(&dispersion.zones, source.x, source.y, dispersion.direction_holds());
    Ok(Zones { radius: evacuation.radius, zones: dispersion.zones })
}
