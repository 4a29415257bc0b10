//! Maps of fires, of explosions and of models side by side.

use crate::gas::dispersion::Dispersion;
use crate::gas::effect::{self, EffectZone};
use crate::gas::product::effect_zones::layer_of;
use crate::gas::product::models;
use crate::product::{Arrow, Layer, Map};

/// One map for each fire and each method of explosion, where its zones are among the layers.
pub(super) fn of_effects(dispersion: &Dispersion, layers: &[Layer]) -> Vec<Map> {
    let effects = &dispersion.effects;
    let has = |name: &str| layers.iter().any(|layer| layer.info().name == name);
    let both = [("Fire", &effects.fire), ("Explosion", &effects.blast)];
    let maps = both.into_iter().flat_map(|(title, zones)| {
        let events = effect::events(zones).into_iter();
        events.map(move |event| (title, event, zones))
    });
    maps.filter(|(_, event, _)| has(&layer_of(event)))
        .map(|(title, event, zones)| {
            let zones: Vec<EffectZone> = zones.iter().filter(|zone| zone.event == event).cloned().collect();
            map(dispersion, &has, title, event, &zones)
        })
        .collect()
}

/// The zones of all models on one map, where several were computed.
pub(super) fn of_models(dispersion: &Dispersion, layers: &[Layer]) -> Option<Map> {
    let has = |name: &str| layers.iter().any(|layer| layer.info().name == name);
    if !has(models::LAYER) {
        return None;
    }
    let first = &dispersion.weather[0];
    Some(Map {
        solid: Vec::new(),
        hollow: vec![models::LAYER.into()],
        name: models::LAYER.into(),
        title: format!("Models side by side: {}", dispersion.title),
        subtitle: models::in_words(dispersion),
        terrain: None,
        closed: None,
        raster: None,
        shapes: [models::LAYER, "source"].into_iter().filter(|name| has(name)).map(str::to_owned).collect(),
        markers: vec![(
            dispersion.release.x,
            dispersion.release.y,
            format!("{} source", dispersion.substance.name),
        )],
        arrow: dispersion
            .direction_holds()
            .then(|| Arrow { heading: first.heading(), label: first.in_words() }),
        not_modelled: format!("Not modelled: {}.", dispersion.not_modelled().join(", ")),
    })
}

fn map(
    dispersion: &Dispersion,
    has: &dyn Fn(&str) -> bool,
    title: &str,
    event: &str,
    zones: &[EffectZone],
) -> Map {
    let first = &dispersion.weather[0];
    let shapes = [layer_of(event), "source".into()].into_iter().filter(|name| has(name)).collect();
    Map {
        // The severe zones lie on the mild ones and hide them.
        solid: vec![layer_of(event)],
        hollow: Vec::new(),
        name: event.into(),
        title: format!("{title}: {}", dispersion.title),
        subtitle: effect::in_words(zones),
        terrain: None,
        closed: None,
        raster: None,
        shapes,
        markers: vec![(
            dispersion.release.x,
            dispersion.release.y,
            format!("{} source", dispersion.substance.name),
        )],
        arrow: dispersion
            .direction_holds()
            .then(|| Arrow { heading: first.heading(), label: first.in_words() }),
        not_modelled: format!("Not modelled: {}.", dispersion.not_modelled().join(", ")),
    }
}
