//! Flash fires of a case: where a cloud that lights after it has spread burns.

use std::f64::consts::PI;

use geo_types::MultiPolygon;
use nalgebra::Vector2;

use crate::error::Result;
use crate::gas::effect::fire::Burning;
use crate::gas::effect::{EffectLevel, EffectZone, Effects, MOMENTARY, Sharpness, colour, momentary_plumes};
use crate::gas::hazard::fire::flash_fire::flash_zones;
use crate::gas::hazard::zones::{self, circle};
use crate::gas::hazard::{Level, LevelKind, Zone, heavy_zone};
use crate::units;

impl Burning<'_> {
    /// A cloud that lights after it has spread.
    pub(super) fn flash(&self, effects: &mut Effects) -> Result<()> {
        let dispersion = self.dispersion;
        if !dispersion.heavy.is_empty() {
            self.flash_of_heavy(effects);
            return Ok(());
        }
        let plumes = momentary_plumes(dispersion);
        let molar_mass = dispersion.substance.molar_mass.value;
        let source = Vector2::new(dispersion.release.x, dispersion.release.y);
        let limits: Vec<f64> = dispersion
            .weather
            .iter()
            .map(|row| {
                units::mass_concentration(self.fuel.lower, molar_mass, row.air_temperature, row.pressure)
            })
            .collect();
        for (rank, share) in [1.0, 0.5].into_iter().enumerate() {
            let mut distance = 0.0_f64;
            for (placed, &limit) in plumes.iter().zip(&limits) {
                let rows = flash_zones(&placed.plume, limit)?;
                distance = rows
                    .iter()
                    .filter(|row| row.share == share)
                    .map(|row| row.reach)
                    .fold(distance, f64::max);
            }
            let level = flash_level(share, self.fuel.lower, rank);
            let thresholds: Vec<f64> = limits.iter().map(|limit| share * limit).collect();
            let outline = if dispersion.direction_holds() {
                // The wind may turn within its spread until the cloud lights.
                let spreads: Vec<f64> =
                    dispersion.weather.iter().map(|row| row.direction_spread_deg.to_radians()).collect();
                zones::zone(&plain_level(&level, share), &plumes, &thresholds, &spreads).clearing
            } else {
                MultiPolygon::new(vec![circle(source, distance)])
            };
            let outline = if distance > 0.0 { outline } else { MultiPolygon::new(Vec::new()) };
            let sharpness = Sharpness::Exact;
            effects.fire.push(EffectZone {
                event: self.kind,
                level,
                radius: distance,
                distance,
                sharpness,
                outline,
            });
        }
        Ok(())
    }

    /// The same of a heavy cloud.
    fn flash_of_heavy(&self, effects: &mut Effects) {
        let dispersion = self.dispersion;
        let molar_mass = dispersion.substance.molar_mass.value;
        for (rank, share) in [1.0, 0.5].into_iter().enumerate() {
            let level = flash_level(share, self.fuel.lower, rank);
            let plain = plain_level(&level, share);
            let mut all = Zone::nowhere(&plain, 0.0);
            for (cloud, row) in dispersion.heavy.iter().zip(&dispersion.weather) {
                let fraction = share * self.fuel.lower;
                let limit =
                    units::mass_concentration(fraction, molar_mass, row.air_temperature, row.pressure);
                let known = dispersion.direction_holds();
                let spread = if known { row.direction_spread_deg.to_radians() } else { PI };
                let momentary = cloud.averaged_over(MOMENTARY);
                all = all.with(&heavy_zone::zone(&plain, &momentary, limit, spread));
            }
            effects.fire.push(EffectZone {
                event: self.kind,
                level,
                radius: all.any_height,
                distance: all.any_height,
                sharpness: Sharpness::Exact,
                outline: all.clearing,
            });
        }
    }
}

fn flash_level(share: f64, limit: f64, rank: usize) -> EffectLevel {
    let percent = 100.0 * share;
    EffectLevel {
        name: format!("{percent} % LFL"),
        meaning: "whoever is inside when it lights is burnt; half the limit leaves room for pockets".into(),
        meaning_zh: "点燃时在此范围内者被烧伤".into(),
        value: share * limit,
        unit: "1",
        source: "lower flammable limit of the substance; momentary concentration".into(),
        colour: colour(2 * rank, 5),
    }
}

/// The level of a flash fire for the finder of zones.
fn plain_level(level: &EffectLevel, share: f64) -> Level {
    Level {
        name: level.name.clone(),
        name_zh: level.meaning_zh.clone(),
        fraction: level.value,
        kind: LevelKind::Flammable { share },
        source: level.source.clone(),
        colour: level.colour,
    }
}
