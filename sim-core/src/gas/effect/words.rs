//! Fires, explosions and advice in the words of the summary.

use crate::gas::dispersion::Dispersion;
use crate::gas::effect::in_words;
use crate::gas::effect::preset::Preset;
use crate::gas::effect::shelter::Hint;
use crate::gas::product::significant;
use crate::gas::receptor::largest;
use crate::gas::weather::Regime;

/// One line for each kind of effect that the case has.
pub fn lines(dispersion: &Dispersion) -> Vec<String> {
    let effects = &dispersion.effects;
    let mut lines = Vec::new();
    if !effects.fire.is_empty() {
        lines.push(format!("Fire / 火灾: {}", in_words(&effects.fire)));
    }
    if !effects.blast.is_empty() {
        lines.push(format!("Explosion / 爆炸: {}", in_words(&effects.blast)));
    }
    if let Some(room) = &effects.room {
        lines.push(format!("In the room / 室内: {}", room.in_words()));
    }
    if !effects.lines.is_empty() {
        let mean = |seen: &crate::gas::effect::line::LineSeen| {
            format!("{} {} ppm", seen.line.name, significant(largest(&seen.history).0))
        };
        let means: Vec<String> = effects.lines.iter().map(mean).collect();
        lines.push(format!("Largest mean along paths of light / 光路平均浓度: {}", means.join(", ")));
    }
    lines.push(approach(dispersion));
    if !effects.shelter.is_empty() {
        let hints: Vec<String> =
            effects.shelter.iter().map(|hint| in_short(hint, has_weak_wind(dispersion))).collect();
        lines.push(format!("At the named places / 敏感点: {}", hints.join("; ")));
    }
    if !effects.presets.is_empty() {
        let presets: Vec<String> = effects.presets.iter().map(preset).collect();
        lines.push(format!(
            "Guidebooks, not computed / 指南距离（非计算值）: {}; the model clears {:.0} m",
            presets.join("; "),
            dispersion.evacuation.rounded_radius()
        ));
    }
    lines
}

/// From where to come near.
fn approach(dispersion: &Dispersion) -> String {
    match &dispersion.effects.approach {
        Some(sector) => format!(
            "Come near from {}, within {:.0}° on either side, against the wind / 从上风方向（{}）接近",
            sector.compass(),
            sector.half_angle_deg,
            sector.compass()
        ),
        None if has_weak_wind(dispersion) => "The wind is too weak to hold a direction: no side is upwind; clear on all sides, measure on the way in / 静风或小风：无上风方向，四周清场，边测边进".into(),
        None if dispersion.direction_known => {
            "The wind turns: no side is upwind all the time; watch it and keep across it / 风向多变：无固定安全方向".into()
        }
        None => "The wind is not known: find it first, come near against it, never along a hollow / 先测风向，逆风接近".into(),
    }
}

/// True where at some time the wind is too weak to hold a direction.
pub fn has_weak_wind(dispersion: &Dispersion) -> bool {
    dispersion.weather.iter().any(|row| row.regime() != Regime::Steady)
}

fn in_short(hint: &Hint, is_weak: bool) -> String {
    let (action, action_zh) = hint.action.in_words(is_weak);
    let windows = hint
        .open_windows
        .map_or_else(String::new, |time| format!(", open windows after {:.0} min", time / 60.0));
    format!("{}: {action}{windows} / {action_zh}", hint.name)
}

fn preset(preset: &Preset) -> String {
    let far = |word: &str, distance: Option<f64>| distance.map(|far| format!("{word} {far:.0} m"));
    let distances: Vec<String> =
        [far("isolate", preset.isolate), far("protect", preset.protect)].into_iter().flatten().collect();
    format!("{} ({}): {}", preset.name, preset.edition, distances.join(", "))
}
