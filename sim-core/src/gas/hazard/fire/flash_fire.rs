//! A flash fire: a cloud that burns where it can.

use crate::error::Result;
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::gas::hazard::fire::FireKind;
use crate::gas::hazard::flammable::reach;
use crate::gas::plume::Plume;

/// A cloud that lights after the gas has spread.
pub struct FlashFireKind;

impl FireKind for FlashFireKind {
    fn name(&self) -> &'static str {
        "flash_fire"
    }

    fn meaning(&self) -> &'static str {
        "a cloud that lights after it has spread: whoever is inside its flammable part is burnt"
    }
}

/// Shares of the lower limit that are looked at: the limit itself, 60 % for peaks of
/// a mean plume, half as in practice, and those at which gas engineers act.
///
/// The 60 % is that of NOAA's ALOHA (remembered, not looked up).
pub const SHARES: [f64; 5] = [1.0, 0.6, 0.5, 0.2, 0.1];

/// Where a share of the lower flammable limit is met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlashZone {
    /// Share of the lower limit.
    pub share: f64,
    /// Farthest distance at which it is met at any height, m.
    pub reach: f64,
    /// Farthest distance at which it is met at the height of the receptors, m; zero if nowhere.
    pub reach_at_receptors: f64,
    /// Half of the greatest width at the height of the receptors, m.
    pub half_width: f64,
}

/// Distances at which the width is looked at.
const CUTS: usize = 400;

/// The zones of a plume of a flammable gas, the richest first.
///
/// Nobody outside is taken to be killed: the flame is short, its radiation too. Fire
/// may run back to the leak, which then burns as a jet.
///
/// # Units
/// - `lower_limit`: kg/m³ at the temperature and pressure of the air
///
/// # Errors
/// E4537 a limit that is not above zero.
///
/// # Source
/// ccps1999, flash fires: the contour of the lower flammable limit, half of it for the
/// peaks of a turbulent cloud.
pub fn flash_zones(plume: &Plume, lower_limit: f64) -> Result<Vec<FlashZone>> {
    let bound = Bound::above("lower flammable limit", lower_limit, 0.0, 100.0, "kg/m³");
    none_of(refuse(4537, &[bound], "give kg/m³: 5 % of methane is 0.033"))?;
    let zone = |share: f64| {
        let level = share * lower_limit;
        let reach = reach(plume, level);
        let mut zone = FlashZone { share, reach, reach_at_receptors: 0.0, half_width: 0.0 };
        for cut in 1..=CUTS {
            let distance = reach * cut as f64 / CUTS as f64;
            let width = plume.half_width(distance, level);
            zone.half_width = zone.half_width.max(width);
            if width > 0.0 {
                zone.reach_at_receptors = distance;
            }
        }
        zone
    };
    Ok(SHARES.iter().map(|&share| zone(share)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::sigma::{self};
    use crate::gas::weather::Stability;

    fn plume(height: f64) -> Plume {
        Plume {
            rise: None,
            rate: 5.0,
            wind: 2.0,
            front_wind: 2.0,
            height,
            receptor_height: 1.5,
            curves: sigma::ALL[0].curves(Stability::D),
            lid: None,
            pure_gas: 0.68,
            ahead: Default::default(),
        }
    }

    #[test]
    fn leaner_zones_hold_richer_ones() {
        for height in [0.0, 4.0] {
            let zones = flash_zones(&plume(height), 0.033).expect("sound");
            assert!(
                zones
                    .windows(2)
                    .all(|pair| pair[0].reach < pair[1].reach && pair[0].half_width <= pair[1].half_width)
            );
            assert!(zones.iter().all(|zone| zone.reach_at_receptors <= zone.reach));
        }
    }

    #[test]
    fn at_its_reach_a_plume_has_the_level() {
        let plume = plume(0.0);
        let zones = flash_zones(&plume, 0.033).expect("sound");
        let ground = Plume { receptor_height: 0.0, ..plume };
        assert!((ground.on_axis(zones[0].reach) / 0.033 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_limit_that_cannot_be_is_refused() {
        for limit in [0.0, -0.1, f64::NAN] {
            assert_eq!(flash_zones(&plume(0.0), limit).expect_err("refused").0[0].code.0, 4537);
        }
    }
}
