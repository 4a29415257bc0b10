//! How far the jet of a hole reaches, whichever way it points.

use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::LevelKind;
use crate::gas::jet::handover::{CLEAR_OF_THE_GROUND, LONGEST};
use crate::gas::jet::{Ambient, End, Jet, Source};
use crate::gas::weather::{CALM_WIND, Weather};
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// Table `jets`; nothing where the exit is not known.
pub struct Jets;

/// Directions with their names: downwind, across the wind, up.
const DIRECTIONS: [(&str, [f64; 3]); 5] = [
    ("up", [0.0, 0.0, 1.0]),
    ("up and downwind", [1.0, 0.0, 1.0]),
    ("level, with the wind", [1.0, 0.0, 0.0]),
    ("level, across the wind", [0.0, 1.0, 0.0]),
    ("level, against the wind", [-1.0, 0.0, 0.0]),
];

impl Product<Dispersion> for Jets {
    fn name(&self) -> &'static str {
        "jets"
    }

    fn meaning(&self) -> &'static str {
        "where the axis of the jet falls to each level, by an integral model, for five directions of the hole"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let Some(weather) = weakest(outcome) else { return Vec::new() };
        if outcome.release.exit.is_none() {
            return Vec::new();
        }
        let info = FieldInfo {
            name: self.name().into(),
            title: format!("Jet of {}", outcome.substance.name),
            title_zh: format!("{}射流影响距离", outcome.substance.name_zh),
            meaning: format!(
                "integral model of a round jet with its weight in a wind of {:.1} m/s ({}); the axis is where it is \
                 strongest; no ground, walls or obstacles in its way; the rate is the largest of the release",
                carrying_wind(outcome, weather),
                if outcome.weather.len() > 1 { "the weakest of the rows" } else { "as given" }
            ),
            ..FieldInfo::default()
        };
        let rows = DIRECTIONS.iter().flat_map(|direction| rows(outcome, weather, direction));
        vec![Layer::Table(Table { info, columns: columns(), rows: rows.collect() })]
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("direction", "", "where the hole points"),
        Column::new("level", "", "level of concern"),
        Column::new(
            "along_m",
            "m",
            "distance along the axis at which it falls to the level; nothing where the jet ends before",
        ),
        Column::new("away_m", "m", "distance of that place from the hole over the ground"),
        Column::new("height_m", "m", "its height above the ground"),
        Column::new("jet_ends_m", "m", "length of the axis at which the jet ends"),
        Column::new(
            "jet_ends_because",
            "",
            "spent: slower than a tenth of the wind beyond it; ground: it comes down",
        ),
        Column::new("flammable_kg", "kg", "gas in the jet between the flammable limits"),
    ]
}

fn weakest(outcome: &Dispersion) -> Option<&Weather> {
    outcome.weather.iter().min_by(|a, b| carrying_wind(outcome, a).total_cmp(&carrying_wind(outcome, b)))
}

/// The wind at the release, in calm air that of the strongest calm: a jet ends where it is no faster.
fn carrying_wind(outcome: &Dispersion, weather: &Weather) -> f64 {
    weather.at_least(CALM_WIND).wind_at(outcome.release.height)
}

/// One row per level; none where the model refuses the numbers.
fn rows(outcome: &Dispersion, weather: &Weather, (name, direction): &(&str, [f64; 3])) -> Vec<Vec<Value>> {
    let release = &outcome.release;
    let Some(exit) = &release.exit else { return Vec::new() };
    let not_computed = |why: String| {
        let mut row = vec![Value::Text((*name).into())];
        row.resize(columns().len() - 2, Value::Missing);
        row.extend([Value::Text(format!("not computed: {why}")), Value::Missing]);
        vec![row]
    };
    if release.history.as_ref().is_some_and(|history| history.peak().state.vapour_share < 1.0) {
        return not_computed("part of the jet is liquid".into());
    }
    let level = direction[2] == 0.0;
    let height = if level { release.height.max(CLEAR_OF_THE_GROUND) } else { release.height };
    let source =
        Source::from_hole(exit, release.rate, &outcome.substance, weather.pressure, height, *direction);
    let ambient = Ambient {
        wind: carrying_wind(outcome, weather),
        temperature: weather.air_temperature,
        pressure: weather.pressure,
    };
    let jet = match Jet::new(source, ambient, LONGEST) {
        Ok(jet) => jet,
        Err(problems) => return not_computed(problems.to_string()),
    };
    let limits = outcome
        .substance
        .lower_flammable_limit
        .as_ref()
        .zip(outcome.substance.upper_flammable_limit.as_ref());
    let flammable = limits.map(|(lower, upper)| jet.flammable_mass(lower.value, upper.value));
    let length = jet.sections.last().map_or(f64::NAN, |section| section.along);
    let because = match jet.end {
        End::Spent => "spent",
        End::Ground => "ground",
        End::Length => "longer than is followed",
    };
    let row = |zone: &crate::gas::hazard::Zone| {
        let reach = jet.reach(zone.level.fraction);
        let part = |value: Option<f64>| value.map_or(Value::Missing, Value::Number);
        let burns = matches!(zone.level.kind, LevelKind::Flammable { .. });
        vec![
            Value::Text((*name).into()),
            Value::Text(zone.level.name.clone()),
            part(reach.map(|(_, along)| along)),
            part(reach.map(|(place, _)| place[0].hypot(place[1]))),
            part(reach.map(|(place, _)| place[2])),
            Value::Number(length),
            Value::Text(because.into()),
            part(flammable.filter(|_| burns)),
        ]
    };
    outcome.zones.iter().map(row).collect()
}
