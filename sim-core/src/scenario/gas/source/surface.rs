//! Keys of `[source.pool]`: what a liquid falls on.

use crate::gas::source::hj169::{CONCRETE, DRY_SOIL, GRAVEL, Ground, MOIST_SOIL, WET_LAND};
use crate::gas::source::pool::{Bed, Radiation};
use crate::gas::source::spill::{Bund, Surface, WindLaw};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

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
        let bed = read_bed(&pool);
        let bund = read_bund(&pool);
        let bed_temperature = pool
            .quantity("ground_temperature", Dimension::Temperature, "that of the air when absent")
            .between(200.0, 350.0)
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
        let surface = Surface {
            bed: bed?,
            bed_temperature,
            bund: bund?,
            wind_law: if law == "hj169" { WindLaw::Hj169 } else { WindLaw::Brighton },
            radiation: heat.map_or(Radiation::NONE, |absorbed| Radiation { absorbed, emits: true }),
            followed_for,
        };
        self.sound(surface.check())?;
        Some(surface)
    }
}

/// What the liquid lies on, and how thin it spreads there.
fn read_bed(pool: &Section<'_>) -> Option<Bed> {
    let words: Vec<&str> = GROUNDS.iter().map(|ground| ground.0).chain(["water"]).collect();
    let ground = pool.required_choice("ground", &words, "what it lies on: a ground, or open water");
    let least_depth = pool
        .quantity(
            "least_depth",
            Dimension::Length,
            "depth below which the liquid spreads no further, from the unevenness of the ground",
        )
        .between(1e-4, 1.0)
        .required_as("\"5 mm\"");
    let (ground, least_depth) = (ground?, least_depth?);
    Some(match GROUNDS.iter().find(|known| known.0 == ground) {
        Some(&(_, ground)) => Bed::Land { ground, least_depth },
        None => Bed::Water { least_depth },
    })
}

/// What holds the liquid, if anything does; nothing at all where it is wrong.
fn read_bund(pool: &Section<'_>) -> Option<Option<Bund>> {
    let area = pool
        .quantity("bund_area", Dimension::Area, "area inside the bund; it spreads freely when absent")
        .between(1e-3, 1e7)
        .optional();
    let height = pool
        .quantity("bund_height", Dimension::Length, "height of its wall; not checked when absent")
        .between(0.01, 50.0)
        .optional();
    if pool.has("bund_height") && !pool.has("bund_area") {
        pool.report(1012, "bund_area", "a bund has an area", "add bund_area = \"100 m2\"");
        return None;
    }
    // A number that stands there and was refused is not the same as none.
    let is_sound = pool.has("bund_area") == area.is_some() && pool.has("bund_height") == height.is_some();
    is_sound.then(|| area.map(|area| Bund { area, height }))
}
