//! What a gas run leaves for people.
//!
//! One file per product; it joins by one line in [`ALL`].

pub mod advice;
pub mod arrival_time;
pub mod centreline;
pub mod concentration;
pub mod effect_zones;
pub mod evacuation;
pub mod exposure;
pub mod indoor_leak;
pub mod jets;
pub mod line_receptors;
pub mod models;
pub mod receptors;
pub mod screening;
pub mod source_point;
pub mod source_term;
pub mod threat_zones;
pub mod transport_facts;
pub mod wind_wedge;
pub mod zones;

use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::{LevelKind, Zone};
use crate::product::{Class, Column, Product, Value};

/// Every product, in the order in which they are written.
pub const ALL: [&dyn Product<Dispersion>; 23] = [
    &threat_zones::ThreatZones,
    &evacuation::EvacuationArea,
    &wind_wedge::WindWedge,
    &source_point::SourcePoint,
    &concentration::ConcentrationPpm,
    &concentration::MassConcentration,
    &arrival_time::ArrivalTime,
    &zones::Zones,
    &screening::Screening,
    &models::Models,
    &exposure::Exposure,
    &receptors::Receptors,
    &line_receptors::LineReceptors,
    &effect_zones::FireZones,
    &effect_zones::BlastZones,
    &indoor_leak::IndoorLeak,
    &advice::Approach,
    &advice::Shelter,
    &advice::Presets,
    &jets::Jets,
    &source_term::SourceTerm,
    &transport_facts::TransportFacts,
    &centreline::Centreline,
];

/// Milligrams in a kilogram.
const MG_PER_KG: f64 = 1e6;

/// Columns that describe a zone, in shapes and in the table.
fn zone_columns() -> Vec<Column> {
    vec![
        Column::new("level", "", "level of concern"),
        Column::new("level_zh", "", "level of concern, Chinese"),
        Column::new(
            "threshold_ppm",
            "1e-6",
            "concentration from which the level is exceeded, by volume; for a toxic load that which gives it while the release lasts",
        ),
        Column::new("threshold_mg_m3", "mg m-3", "the same as a mass concentration in the air of the case"),
        Column::new("distance_m", "m", "greatest downwind distance at which the plume exceeds the level"),
        Column::new("distance_is_minimum", "", "true where the level reaches at least so far"),
        Column::new(
            "distance_any_height_m",
            "m",
            "the same at whatever height it is greatest: at the ground, at the release or at the receptors",
        ),
        Column::new(
            "width_m",
            "m",
            "greatest width across the wind; nothing for a cloud in a wind that changes",
        ),
        Column::new("area_m2", "m2", "area above the level"),
        Column::new(
            "arrival_s",
            "s",
            "time for the wind at 10 m (or at a higher release) to carry gas to the greatest distance",
        ),
        Column::new(
            "jet_reach_m",
            "m",
            "distance on the axis of a free jet, in any direction, at which the level is met",
        ),
        Column::new("valid", "", "false where a criterion speaks against the model at this distance"),
        Column::new("doubts", "", "why it is not valid"),
        Column::new("averaging_time_s", "s", "time over which concentrations are averaged"),
        Column::new("exposure_min", "min", "duration of exposure for which a toxic level was set"),
        Column::new("source_of_level", "", "where the level comes from"),
    ]
}

/// The values of [`zone_columns`] for one zone.
fn zone_values(zone: &Zone, averaging_time: f64) -> Vec<Value> {
    let exposure = match zone.level.kind {
        LevelKind::Toxic { exposure } if exposure.is_finite() => Value::Number(exposure / 60.0),
        LevelKind::Toxic { .. } | LevelKind::Flammable { .. } | LevelKind::Load { .. } => Value::Missing,
    };
    vec![
        Value::Text(zone.level.name.clone()),
        Value::Text(zone.level.name_zh.clone()),
        Value::Number(zone.level.ppm()),
        Value::Number(zone.threshold * MG_PER_KG),
        Value::Number(zone.distance),
        Value::Flag(zone.is_cut),
        Value::Number(zone.any_height),
        finite(zone.width),
        Value::Number(zone.area),
        finite(zone.arrival),
        zone.jet_reach.map_or(Value::Missing, Value::Number),
        Value::Flag(zone.is_valid()),
        Value::Text(zone.doubts.join("; ")),
        Value::Number(averaging_time),
        exposure,
        Value::Text(zone.level.source.clone()),
    ]
}

fn finite(value: f64) -> Value {
    if value.is_finite() { Value::Number(value) } else { Value::Missing }
}

/// A number with at most three significant figures and without an exponent, for people.
///
/// # Example
/// ```
/// use sim_core::gas::product::significant;
/// assert_eq!(significant(27.1234), "27.1");
/// assert_eq!(significant(0.0005), "0.0005");
/// assert_eq!(significant(1234.6), "1235");
/// ```
pub fn significant(value: f64) -> String {
    /// Figures that are shown.
    const FIGURES: i32 = 3;
    let magnitude = if value > 0.0 { value.log10().floor() as i32 } else { 0 };
    let decimals = (FIGURES - 1 - magnitude).clamp(0, 12) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Legend classes of the levels, the mildest first; `scale` turns ppm into the layer's unit.
fn level_classes(dispersion: &Dispersion, value: impl Fn(&Zone) -> f64) -> Vec<Class> {
    // A toxic load is no concentration.
    let mut classes: Vec<Class> = dispersion
        .zones
        .iter()
        .filter(|zone| !matches!(zone.level.kind, LevelKind::Load { .. }))
        .map(|zone| Class { from: value(zone), label: zone.level.name.clone(), colour: zone.level.colour })
        .collect();
    classes.sort_by(|a, b| a.from.total_cmp(&b.from));
    classes
}

/// Label of a zone on a map.
fn zone_label(zone: &Zone) -> String {
    let at_least = if zone.is_cut { "at least " } else { "" };
    let doubt = if zone.is_valid() { "" } else { " (not valid)" };
    format!("{} {at_least}{:.0} m{doubt}", zone.level.name, zone.distance)
}
