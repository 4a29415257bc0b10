//! Keys of `[heavy_gas]`: what a heavy cloud feels of air and ground besides the weather.

use crate::gas::weather::{Surroundings, Weather, WindProfile};
use crate::run::gas::HeavyAir;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

/// Roughness of the land around where none is given, m: open country, and town or forest.
///
/// # Source
/// aloha2013: its two choices of ground roughness.
const ROUGHNESS: (f64, f64) = (0.03, 1.0);

/// Relative humidity where none is given, %: the middle one of the choices of aloha2013.
const HUMIDITY_PERCENT: f64 = 50.0;

/// What the table says.
pub(super) struct Said {
    roughness: Option<f64>,
    relative_humidity: f64,
    ground_temperature: Option<f64>,
    hands_over: bool,
}

pub(super) fn read(root: &Section<'_>) -> Option<Said> {
    let section = root.optional_section("heavy_gas", "air and ground of a cloud heavier than air");
    let roughness = section
        .quantity(
            "roughness",
            Dimension::Length,
            "roughness length of the ground; 3 cm in rural, 1 m in urban surroundings when absent (ALOHA's), or that of the wind's profile",
        )
        .between(1e-5, 2.0)
        .optional();
    let humidity = section
        .number(
            "relative_humidity_percent",
            "relative humidity of the air, 0 to 100: cold clouds make fog of it",
        )
        .between(0.0, 100.0)
        .or(HUMIDITY_PERCENT, "50");
    let ground_temperature = section
        .quantity("ground_temperature", Dimension::Temperature, "that of the air when absent")
        .between(220.0, 350.0)
        .optional();
    let hands_over = section.flag(
        "hand_over",
        false,
        "true: where the slab's cloud is passive, puffs go on with it through the weather as it changes",
    );
    section.finish();
    if section.describing() {
        return None;
    }
    Some(Said { roughness, relative_humidity: 0.01 * humidity, ground_temperature, hands_over })
}

impl Said {
    /// With the roughness of the land where none is said.
    pub(super) fn over(&self, weather: &Weather) -> HeavyAir {
        let of_land = match (weather.profile, weather.surroundings) {
            (WindProfile::Log { roughness, .. }, _) => roughness,
            (_, Surroundings::Rural) => ROUGHNESS.0,
            (_, Surroundings::Urban) => ROUGHNESS.1,
        };
        HeavyAir {
            roughness: self.roughness.unwrap_or(of_land),
            relative_humidity: self.relative_humidity,
            ground_temperature: self.ground_temperature,
            hands_over: self.hands_over,
        }
    }
}
