//! Named presets of depth classes.

use serde::Deserialize;

use crate::run::flood::DepthClass;

/// A named set of depth classes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepthPreset {
    /// Name by which a scenario asks for it.
    pub name: String,
    /// What the classes stand for.
    pub meaning: String,
    /// Where they come from.
    pub source: String,
    classes: Vec<RawClass>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClass {
    from_m: f64,
    label: String,
    label_zh: String,
    colour: [u8; 3],
}

impl DepthPreset {
    /// The classes in rising order.
    pub fn classes(&self) -> Vec<DepthClass> {
        let class = |raw: &RawClass| DepthClass {
            from: raw.from_m,
            label: raw.label.clone(),
            label_zh: raw.label_zh.clone(),
            colour: raw.colour,
        };
        self.classes.iter().map(class).collect()
    }
}

/// All presets of `data/depth_classes.toml`.
pub fn depth_presets() -> Vec<DepthPreset> {
    #[derive(Deserialize)]
    struct Presets {
        preset: Vec<DepthPreset>,
    }
    match toml::from_str::<Presets>(include_str!("../../data/depth_classes.toml")) {
        Ok(presets) => presets.preset,
        Err(mistake) => unreachable!("data/depth_classes.toml is part of the program: {mistake}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_rises_and_says_where_it_comes_from() {
        for preset in depth_presets() {
            let classes = preset.classes();
            assert!(classes.windows(2).all(|pair| pair[0].from < pair[1].from), "{}", preset.name);
            assert!(!preset.source.is_empty());
        }
    }
}
