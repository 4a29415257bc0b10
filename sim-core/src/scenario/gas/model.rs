//! Keys of `[model]`: how the gas is carried.

use crate::gas::sigma;
use crate::run::gas::{GasCase, Transport, transport_of};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

/// What was asked for.
pub(super) struct Model {
    /// None where the engine decides.
    asked: Option<Transport>,
    /// True to compute the others beside it.
    pub(super) compare: bool,
    pub(super) coefficients: Option<&'static str>,
    pub(super) deposition_velocity: f64,
}

pub(super) fn read(root: &Section<'_>) -> Option<Model> {
    let section = root.section("model", "how the gas is carried");
    let transport = section.choice_or(
        "transport",
        &["auto", "plume", "puffs", "slab", "layer", "all"],
        "auto",
        "plume: steady, the worst of the weather rows; puffs: through rate and weather as they change; slab: a cloud heavier than air; layer: heavy gas that flows over [terrain]; auto: layer or slab where the gas is too heavy for a plume, puffs where rate or weather change; all: as auto, with the zones of every other model beside",
    );
    let names: Vec<&str> = sigma::ALL.iter().map(|set| set.name()).collect();
    let coefficients = section.choice(
        "coefficients",
        &names,
        "set of dispersion coefficients; Briggs' for the surroundings when absent",
    );
    let deposition_velocity = section
        .quantity(
            "deposition_velocity",
            Dimension::Speed,
            "speed with which the ground takes up the gas; with puffs",
        )
        .between(0.0, 1.0)
        .or(0.0, "0 m/s");
    section.finish();
    if section.describing() {
        return None;
    }
    let coefficients = coefficients.and_then(sigma::find).map(|set| set.name());
    let asked = match transport {
        "plume" => Some(Transport::Plume),
        "puffs" => Some(Transport::Puffs),
        "slab" => Some(Transport::Slab),
        "layer" => Some(Transport::Layer),
        _ => None,
    };
    Some(Model { asked, compare: transport == "all", coefficients, deposition_velocity })
}

impl Model {
    /// True where nobody asked for a model.
    pub(super) fn is_left_to_the_engine(&self) -> bool {
        self.asked.is_none()
    }

    /// How a case is carried; what does not fit it is reported.
    pub(super) fn transport(&self, root: &Section<'_>, case: &GasCase) -> Option<Transport> {
        let section = root.section("model", "how the gas is carried");
        let transport = self.asked.unwrap_or_else(|| transport_of(case));
        if transport == Transport::Layer && case.ground.is_none() {
            section.report(
                1185,
                "transport",
                "a layer of heavy gas needs the ground over which it flows",
                "add [terrain] dem = \"ground.tif\", or use transport = \"slab\" for flat ground",
            );
            return None;
        }
        if transport == Transport::Layer && root.section("zones", "").has("averaging_time") {
            root.section("zones", "").report(
                1186,
                "averaging_time",
                "a layer over the ground gives means over its own eddies",
                "remove averaging_time, or use transport = \"slab\"",
            );
        }
        let hands_over = case.heavy.hands_over;
        if hands_over && transport != Transport::Slab {
            let found = format!("the model \"{}\" carries this gas to the end", transport.name());
            let fix = "remove hand_over, or use transport = \"slab\"";
            root.section("heavy_gas", "").report(1188, "hand_over", found, fix);
            return None;
        }
        let turns = matches!(transport, Transport::Puffs | Transport::Layer) || hands_over;
        if turns && !case.direction_known {
            section.report(
                1160,
                "transport",
                "a cloud of puffs and a layer need the direction of the wind, which is not known",
                "give weather.wind_from, or use transport = \"plume\", which draws a circle",
            );
            return None;
        }
        if case.source.jet.is_some() && !check_jet(root, case, transport) {
            return None;
        }
        if transport != Transport::Puffs && self.deposition_velocity > 0.0 {
            section.report(
                1161,
                "deposition_velocity",
                "a steady plume and a heavy cloud lose nothing to the ground here",
                "add transport = \"puffs\", or remove deposition_velocity",
            );
            return None;
        }
        Some(transport)
    }
}

/// Whether a free jet can be followed; what is against it is reported.
fn check_jet(root: &Section<'_>, case: &GasCase, transport: Transport) -> bool {
    let source = root.section("source", "");
    let points_away = case.source.jet.is_some_and(|axis| axis.towards_deg.is_some());
    if matches!(transport, Transport::Slab | Transport::Layer) {
        let found = format!(
            "the model \"{}\" of a heavy cloud has a jet of its own, along the wind",
            transport.name()
        );
        source.report(4362, "jet_elevation", found, "remove jet_elevation and jet_towards");
        return false;
    }
    if points_away && !case.direction_known {
        source.report(
            4363,
            "jet_towards",
            "the direction of the wind is not known, so that nobody knows how the jet lies to it",
            "remove jet_towards, which takes the jet to blow with the wind, or give weather.wind_from",
        );
        return false;
    }
    true
}
