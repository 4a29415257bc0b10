//! The same case by the other models: disagreement is information.

use crate::error::Result;
use crate::gas::dispersion::{OtherModel, Transport};
use crate::run::Observer;
use crate::run::gas::{GasCase, prepare, puffs};

/// The zones of a case by every model but the one that carries it; a model that cannot carry it is left out.
///
/// # Errors
/// E7001 where the observer stopped it.
pub(super) fn others(case: &GasCase, observer: &mut dyn Observer) -> Result<Vec<OtherModel>> {
    let mut others = Vec::new();
    for transport in [Transport::Plume, Transport::Puffs, Transport::Slab] {
        if transport == case.transport || (transport == Transport::Puffs && !case.direction_known) {
            continue;
        }
        let other = GasCase { transport, accept_invalid: true, ..case.clone() };
        // Wind too weak for a slab, for instance: then there is one model fewer.
        let Ok(mut dispersion) = prepare(&other) else { continue };
        if transport == Transport::Puffs {
            puffs::drift(&other, &mut dispersion, observer)?;
        }
        others.push(OtherModel { transport, zones: dispersion.zones, is_invalid: dispersion.is_invalid });
    }
    Ok(others)
}
