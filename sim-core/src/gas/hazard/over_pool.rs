//! What is met over a pool itself, whatever the wind does.

use nalgebra::Vector2;

use crate::gas::hazard::zones::{Zone, circle, union};
use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::gas::weather::Weather;

/// Volume fraction of vapour in the air that touches a pool at its warmest, 0 to 1; none without a pool.
///
/// The air at the surface is saturated: the share is the vapour pressure over that of the air.
///
/// # Errors
/// None for a release that was found from the properties of the liquid; where they are not
/// known nothing is known of the surface.
///
/// # Source
/// crowl2011 chapter 4: vapour over a pool in equilibrium with it.
pub fn surface_fraction(release: &Release, substance: &Substance, weather: &[Weather]) -> Option<f64> {
    let history = release.pool_diameter.and(release.history.as_ref())?;
    let liquid = substance.liquid().ok()?;
    let warmest = history.samples().iter().map(|sample| sample.state.temperature).fold(0.0, f64::max);
    let thinnest = weather.iter().map(|row| row.pressure).fold(f64::INFINITY, f64::min);
    Some((liquid.vapour_pressure(warmest) / thinnest).min(1.0))
}

/// Adds the pool to every zone whose level is exceeded at its surface.
///
/// A plume or a cloud speaks of the air downwind; close over the pool the vapour burns and is
/// breathed on all its sides. Only distance and area at any height grow: the zones at the
/// height of the receptors are those of the wind.
///
/// # Units
/// - `fraction`: volume fraction at the surface
pub fn cover_pool(zones: &mut [Zone], release: &Release, fraction: f64) {
    let Some(radius) = release.pool_diameter.map(|diameter| 0.5 * diameter) else { return };
    for zone in zones.iter_mut().filter(|zone| zone.level.fraction <= fraction) {
        zone.any_height = zone.any_height.max(radius);
        let mut parts = zone.clearing.0.clone();
        parts.push(circle(Vector2::new(release.x, release.y), radius));
        zone.clearing = union(&parts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::hazard::levels::level;
    use crate::gas::hazard::zones;
    use crate::gas::plume::Plume;
    use crate::gas::source::history::{History, State};
    use crate::gas::source::known_rate;
    use crate::gas::substance::find;
    use crate::gas::sweep::Placed;
    use crate::gas::weather::tests::neutral;
    use geo::{Area, Contains};
    use geo_types::Point;

    #[test]
    fn vapour_that_burns_over_its_pool_is_cleared_on_all_sides_and_a_cold_pool_is_not() {
        let ethanol = find("ethanol").expect("in the table");
        // The flash point of ethanol is 13 °C: there its vapour is just the lower limit.
        for (celsius, burns) in [(25.0, true), (5.0, false)] {
            let state =
                State { temperature: 273.15 + celsius, vapour_share: 1.0, velocity: 0.0, density: 1.9 };
            let release = Release {
                pool_diameter: Some(18.0),
                history: Some(History::steady(0.001, 600.0, state).expect("a release")),
                ..known_rate::release((0.0, 0.0), 0.0, 0.001, 600.0)
            };
            let row = neutral(3.0);
            let limit = level(ethanol, "LEL").expect("it burns");
            let placed = Placed::new(Plume::new(&release, ethanol, &row, 1.5, 600.0), 0.0, 0.0, 0.0);
            let threshold = crate::units::mass_concentration(
                limit.fraction,
                ethanol.molar_mass.value,
                row.air_temperature,
                row.pressure,
            );
            let mut zones = [zones::zone(&limit, std::slice::from_ref(&placed), &[threshold], &[0.5])];
            let fraction = surface_fraction(&release, ethanol, &[row]).expect("a pool");
            cover_pool(&mut zones, &release, fraction);
            let [zone] = &zones;
            assert_eq!(zone.any_height >= 9.0, burns, "{celsius} {fraction}");
            assert_eq!(zone.clearing.contains(&Point::new(-8.5, 0.0)), burns, "also against the wind");
            assert!(zone.clearing.unsigned_area() < 300.0);
        }
    }
}
