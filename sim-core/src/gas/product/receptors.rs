//! What named places see: one row each, and their series.

use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::toxic_data;
use crate::gas::hazard::toxic_load::{History, time_of_load, toxic_load};
use crate::gas::hazard::{Level, LevelKind};
use crate::gas::receptor::{Seen, first_time, largest};
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// Tables `receptors` and `receptor_series`; nothing where the scenario names no place.
pub struct Receptors;

impl Product<Dispersion> for Receptors {
    fn name(&self) -> &'static str {
        "receptors"
    }

    fn meaning(&self) -> &'static str {
        "named places: largest concentration outdoors and indoors, arrival of each level, share of a dangerous toxic load, and series"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        if outcome.receptors.is_empty() {
            return Vec::new();
        }
        vec![Layer::Table(summary(outcome)), Layer::Table(series(outcome))]
    }
}

fn summary(outcome: &Dispersion) -> Table {
    let mut columns = vec![
        Column::new("name", "", "name of the place"),
        Column::new("where", "", "outdoors, or indoors with doors and windows closed"),
        Column::new("distance_m", "m", "distance from the source"),
        Column::new("largest_ppm", "1e-6", "largest concentration by volume"),
        Column::new("time_of_largest_s", "s", "when it is first there"),
    ];
    if outcome.has_ground() {
        columns.push(Column::new("ground_m", "m", "ground there above that of the source"));
    }
    for zone in &outcome.zones {
        let level = &zone.level.name;
        columns.push(Column::new(&format!("arrival of {level}"), "s", &format!("first time with {level}")));
    }
    columns.push(Column::new(
        "share_of_slot",
        "1",
        "toxic load over the dangerous toxic load of the British HSE (SLOT), where one is published",
    ));
    let rows = outcome.receptors.iter().flat_map(|seen| {
        let outdoors = Some(row(outcome, seen, "outdoors", &seen.outdoors));
        let indoors = seen.indoors.as_ref().map(|indoors| row(outcome, seen, "indoors", indoors));
        outdoors.into_iter().chain(indoors)
    });
    Table { info: info(outcome, "receptors", "Named places"), columns, rows: rows.collect() }
}

fn row(outcome: &Dispersion, seen: &Seen, place: &str, history: &History) -> Vec<Value> {
    let (ppm, time) = largest(history);
    let number = |value: f64| if value.is_finite() { Value::Number(value) } else { Value::Missing };
    let away = (seen.receptor.x - outcome.release.x).hypot(seen.receptor.y - outcome.release.y);
    let arrivals = outcome
        .zones
        .iter()
        .map(|zone| first_with(history, &zone.level).map_or(Value::Missing, Value::Number));
    let load = toxic_data::all()
        .dangerous_load_of(&outcome.substance.id)
        .map_or(Value::Missing, |load| Value::Number(toxic_load(history, load.exponent) / load.slot));
    let head = [
        Value::Text(seen.receptor.name.clone()),
        Value::Text(place.into()),
        Value::Number(away),
        Value::Number(ppm),
        number(time),
    ];
    let ground = outcome.has_ground().then_some(Value::Number(seen.receptor.ground));
    head.into_iter().chain(ground).chain(arrivals).chain(std::iter::once(load)).collect()
}

/// When a level is first met, s: a concentration, or a load that has been gathered.
fn first_with(history: &History, level: &Level) -> Option<f64> {
    match level.kind {
        LevelKind::Load { exponent, load } => time_of_load(history, exponent, load),
        LevelKind::Toxic { .. } | LevelKind::Flammable { .. } => first_time(history, level.ppm()),
    }
}

fn series(outcome: &Dispersion) -> Table {
    let columns = vec![
        Column::new("name", "", "name of the place"),
        Column::new("time_s", "s", "time after the start of the release"),
        Column::new("outdoors_ppm", "1e-6", "concentration outdoors by volume"),
        Column::new(
            "indoors_ppm",
            "1e-6",
            "indoors with doors and windows closed, where the building is described",
        ),
    ];
    let rows = outcome.receptors.iter().flat_map(|seen| {
        let indoors =
            |i: usize| seen.indoors.as_ref().map_or(Value::Missing, |inside| Value::Number(inside.ppm[i]));
        seen.outdoors.times.iter().zip(&seen.outdoors.ppm).enumerate().map(move |(i, (&time, &ppm))| {
            vec![Value::Text(seen.receptor.name.clone()), Value::Number(time), Value::Number(ppm), indoors(i)]
        })
    });
    Table { info: info(outcome, "receptor_series", "Named places over time"), columns, rows: rows.collect() }
}

fn info(outcome: &Dispersion, name: &str, title: &str) -> FieldInfo {
    FieldInfo {
        name: name.into(),
        title: format!("{}{title}", outcome.mark()),
        title_zh: format!("{}敏感点浓度", outcome.mark_zh()),
        meaning: format!(
            "{}{}; indoors: one well-mixed room, doors and windows closed, clean at the start",
            outcome.mark(),
            outcome.mean_in_words()
        ),
        ..FieldInfo::default()
    }
}
