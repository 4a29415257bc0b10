//! The same case by the other models: disagreement is information.

use crate::error::Result;
use crate::gas::dispersion::{OtherModel, Transport};
use crate::run::Observer;
use crate::run::gas::backend::PuffBackend;
use crate::run::gas::{GasCase, layer, prepare, puffs};

/// The zones of a case by every model but the one that carries it; a model that cannot carry it is left out.
///
/// # Errors
/// E7001 where the observer stopped it.
pub(super) fn others(
    case: &GasCase,
    (observer, backend): (&mut dyn Observer, &mut dyn PuffBackend),
) -> Result<Vec<OtherModel>> {
    let mut others = Vec::new();
    for transport in [Transport::Plume, Transport::Puffs, Transport::Slab, Transport::Layer] {
        if transport == case.transport || (transport == Transport::Puffs && !case.direction_known) {
            continue;
        }
        if transport == Transport::Layer && case.ground.is_none() {
            continue;
        }
        let other = GasCase { transport, accept_invalid: true, ..case.clone() };
        // Wind too weak for a slab, for instance: then there is one model fewer.
        let Ok(mut dispersion) = prepare(&other) else { continue };
        match transport {
            Transport::Puffs => drop(puffs::drift(&other, &mut dispersion, (&mut *observer, &mut *backend))?),
            Transport::Layer => drop(layer::flow(&other, &mut dispersion, observer)?),
            Transport::Plume | Transport::Slab => {}
        }
        others.push(OtherModel { transport, zones: dispersion.zones, is_invalid: dispersion.is_invalid });
    }
    Ok(others)
}
