//! Advice: from where to come near, who stays inside and who leaves, what guidebooks say.

use geo_types::{Geometry, MultiPolygon};

use crate::gas::dispersion::Dispersion;
use crate::gas::effect::preset::{Preset, isolation, protection};
use crate::gas::effect::words;
use crate::product::{Column, Feature, FieldInfo, Layer, Product, Shapes, Table, Value};

/// Shapes `approach`: the sector against the wind; nothing where there is none.
pub struct Approach;

/// Table `shelter`: a hint for each named place.
pub struct Shelter;

/// Shapes and table `presets`: distances of guidebooks beside the model's.
pub struct Presets;

/// Colour of the sector of approach.
const SAFE: [u8; 3] = [60, 150, 70];

/// Colours of isolation and protection.
const ISOLATE: [u8; 3] = [90, 20, 90];
const PROTECT: [u8; 3] = [150, 90, 190];

fn info(outcome: &Dispersion, name: &str, title: &str, title_zh: &str, meaning: &str) -> FieldInfo {
    FieldInfo {
        name: name.into(),
        title: format!("{}{title}", outcome.mark()),
        title_zh: format!("{}{title_zh}", outcome.mark_zh()),
        meaning: meaning.into(),
        ..FieldInfo::default()
    }
}

impl Product<Dispersion> for Approach {
    fn name(&self) -> &'static str {
        "approach"
    }

    fn meaning(&self) -> &'static str {
        "from where to come near: the sector that lies against the wind in every weather row"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let Some(sector) = &outcome.effects.approach else { return Vec::new() };
        let meaning = "bearings at least a right angle and the spread of the wind from where it blows, \
                       beyond the reach of the jet; the engine's own rule";
        let columns = vec![
            Column::new("middle_deg", "degree", "middle of the sector from the source, clockwise from north"),
            Column::new("half_angle_deg", "degree", "half the angle of the sector"),
        ];
        let feature = Feature {
            geometry: Geometry::MultiPolygon(sector.area.clone()),
            label: format!("come from {}", sector.compass()),
            values: vec![Value::Number(sector.middle_deg), Value::Number(sector.half_angle_deg)],
            colour: SAFE,
        };
        let info = info(outcome, self.name(), "Safe approach", "安全接近方向", meaning);
        vec![Layer::Shapes(Shapes { info, columns, features: vec![feature] })]
    }
}

impl Product<Dispersion> for Shelter {
    fn name(&self) -> &'static str {
        "shelter"
    }

    fn meaning(&self) -> &'static str {
        "stay inside or leave: a hint for each named place, with the loads that it rests on"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let hints = &outcome.effects.shelter;
        if hints.is_empty() {
            return Vec::new();
        }
        let meaning = "who can be out before the gas comes leaves (5 min to set out, 1 m/s); else the toxic load \
                       behind closed windows against that of walking out, a factor of two in the concentration \
                       deciding; the engine's own rule";
        let columns = vec![
            Column::new("name", "", "name of the place"),
            Column::new("advice", "", "what to do"),
            Column::new("advice_zh", "", "the same in Chinese"),
            Column::new("arrival_s", "s", "first time with the mildest level outdoors"),
            Column::new("walk_out_s", "s", "time to set out and walk out of the area to clear"),
            Column::new("indoor_load", "ppm^n min", "toxic load behind closed windows"),
            Column::new("leaving_load", "ppm^n min", "toxic load of walking out when the gas comes"),
            Column::new("exponent", "1", "n of the loads"),
            Column::new("open_windows_s", "s", "when the air inside has become worse than outside"),
            Column::new("reason", "", "by which numbers"),
        ];
        let number = |value: Option<f64>| value.map_or(Value::Missing, Value::Number);
        let rows = hints.iter().map(|hint| {
            let (advice, advice_zh) = hint.action.in_words(words::has_weak_wind(outcome));
            vec![
                Value::Text(hint.name.clone()),
                Value::Text(advice.into()),
                Value::Text(advice_zh.into()),
                number(hint.arrival),
                Value::Number(hint.walk),
                number(hint.indoor_load),
                Value::Number(hint.leaving_load),
                Value::Number(hint.exponent),
                number(hint.open_windows),
                Value::Text(hint.reason.clone()),
            ]
        });
        let rows = rows.collect();
        vec![Layer::Table(Table {
            info: info(outcome, self.name(), "Stay or leave", "避险或撤离", meaning),
            columns,
            rows,
        })]
    }
}

impl Product<Dispersion> for Presets {
    fn name(&self) -> &'static str {
        "presets"
    }

    fn meaning(&self) -> &'static str {
        "distances of guidebooks and company rules, each beside the radius of the model"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        let presets = &outcome.effects.presets;
        if presets.is_empty() {
            return Vec::new();
        }
        let meaning = "as published or ruled, for the release they were made for; not computed here";
        let columns = vec![
            Column::new("name", "", "name of the rule"),
            Column::new("edition", "", "its edition"),
            Column::new("source", "", "book, page or row"),
            Column::new("kind", "", "isolate: on all sides; protect: downwind"),
            Column::new("distance_m", "m", "distance of the rule"),
            Column::new("model_radius_m", "m", "greatest distance of the model over all levels of the case"),
        ];
        let drawn = |preset: &Preset| {
            let isolate = preset.isolate.map(|far| ("isolate", far, isolation(outcome, far), ISOLATE));
            let protect = preset.protect.map(|far| ("protect", far, protection(outcome, far), PROTECT));
            let both: Vec<_> = isolate.into_iter().chain(protect).collect();
            both.into_iter().map(|row| feature(outcome, preset, row)).collect::<Vec<Feature>>()
        };
        let features: Vec<Feature> = presets.iter().flat_map(drawn).collect();
        let rows = features.iter().map(|feature| feature.values.clone()).collect();
        let info = |name: &str| info(outcome, name, "Distances of guidebooks", "指南距离", meaning);
        vec![
            Layer::Shapes(Shapes { info: info("presets"), columns: columns.clone(), features }),
            Layer::Table(Table { info: info("preset_list"), columns, rows }),
        ]
    }
}

fn feature(
    outcome: &Dispersion,
    preset: &Preset,
    (kind, distance, area, colour): (&str, f64, MultiPolygon<f64>, [u8; 3]),
) -> Feature {
    let text = |text: &str| Value::Text(text.to_owned());
    Feature {
        geometry: Geometry::MultiPolygon(area),
        label: format!("{} {kind} {distance:.0} m", preset.name),
        values: vec![
            text(&preset.name),
            text(&preset.edition),
            text(&preset.source),
            text(kind),
            Value::Number(distance),
            Value::Number(outcome.evacuation.radius),
        ],
        colour,
    }
}
