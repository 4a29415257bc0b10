//! Keys of `[source.pool]`: what a liquid falls on.

use crate::gas::source::hj169::{CONCRETE, DRY_SOIL, GRAVEL, Ground, MOIST_SOIL, WET_LAND};
use crate::gas::source::pool::{Bed, Radiation};
use crate::gas::source::spill::{Bund, Surface, WindLaw};
use crate::scenario::quantity::Dimension;

use super::Reading;

/// Grounds of table F.2 of HJ 169-2018 by their names in scenarios.
const GROUNDS: [(&str, Ground); 5] = [
    ("concrete", CONCRETE),
    ("moist_soil", MOIST_SOIL),
    ("dry_soil", DRY_SOIL),
    ("wet_land", WET_LAND),
    ("gravel", GRAVEL),
];

/// How long a pool is followed after the last liquid has come, s.
const FOLLOWED_FOR: f64 = 3600.0;

impl Reading<'_, '_> {
    /// What the liquid falls on; none where the table is absent or wrong.
    pub(super) fn surface(&self) -> Option<Surface> {
        let pool = self.section.optional_section(
            "pool",
            "what the liquid falls on (with liquid_tank, pool, and flashing where some of it rains out)",
        );
        if !pool.is_present() && !pool.describing() {
            return None;
        }
        let words: Vec<&str> = GROUNDS.iter().map(|ground| ground.0).chain(["water"]).collect();
        let ground = pool.required_choice("ground", &words, "what it lies on: a ground, or open water");
        let roughness = pool
            .quantity(
                "roughness",
                Dimension::Length,
                "roughness length of the land the wind comes over, e.g. 3 cm for open grass",
            )
            .between(1e-6, 2.0)
            .required_as("\"3 cm\"");
        let least_depth = pool
            .quantity(
                "least_depth",
                Dimension::Length,
                "depth below which the liquid spreads no further, from the unevenness of the ground",
            )
            .between(1e-4, 1.0)
            .required_as("\"5 mm\"");
        let bed_temperature = pool
            .quantity("ground_temperature", Dimension::Temperature, "that of the air when absent")
            .between(200.0, 350.0)
            .optional();
        let area = pool
            .quantity("bund_area", Dimension::Area, "area inside the bund; it spreads freely when absent")
            .between(1e-3, 1e7)
            .optional();
        let height = pool
            .quantity("bund_height", Dimension::Length, "height of its wall; not checked when absent")
            .between(0.01, 50.0)
            .optional();
        let law = pool.choice_or(
            "evaporation",
            &["brighton", "hj169"],
            "brighton",
            "how the wind takes vapour: Brighton's boundary layer as in ALOHA, or HJ 169-2018 F.12",
        );
        let heat = pool
            .number(
                "sun_and_sky_w_m2",
                "heat the pool takes from sun and sky, W/m²; it then radiates itself; neither when absent",
            )
            .between(0.0, 2000.0)
            .optional();
        let followed_for = pool
            .quantity(
                "followed_for",
                Dimension::Time,
                "how long it is followed after the last liquid has come",
            )
            .between(60.0, 2e6)
            .or(FOLLOWED_FOR, "1 h");
        pool.finish();
        if pool.describing() {
            return None;
        }
        if height.is_some() && !pool.has("bund_area") {
            pool.report(1012, "bund_area", "a bund has an area", "add bund_area = \"100 m2\"");
            return None;
        }
        let (ground, least_depth) = (ground?, least_depth?);
        let bed = match GROUNDS.iter().find(|known| known.0 == ground) {
            Some(&(_, ground)) => Bed::Land { ground, least_depth },
            None => Bed::Water { least_depth },
        };
        let surface = Surface {
            bed,
            bed_temperature,
            bund: area.map(|area| Bund { area, height }),
            wind_law: if law == "hj169" { WindLaw::Hj169 } else { WindLaw::Brighton },
            roughness: roughness?,
            radiation: heat.map_or(Radiation::NONE, |absorbed| Radiation { absorbed, emits: true }),
            followed_for,
        };
        self.sound(surface.check())?;
        Some(surface)
    }
}
