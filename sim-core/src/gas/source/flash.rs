//! What of a boiling jet is vapour, what drifts as drops, what rains out into a pool.

use crate::error::Result;
use crate::gas::source::history::{History, Sample, State};
use crate::gas::source::hj169;
use crate::gas::source::term::{Range, refuse_outside, settle};
use crate::gas::substance::Liquid;

/// How much of the liquid part rains out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RainOut {
    /// None: all drops drift and evaporate in the air. The upper bound for the
    /// cloud, and the choice of aloha2013 for pressurized liquids.
    Nothing,
    /// As much liquid as vapour drifts, the rest rains out; none where half or
    /// more flashes. A rule of thumb quoted in ccps1999, not a law.
    BeyondTwiceTheFlash,
    /// A given share of the liquid part, 0 to 1.
    Share(f64),
}

/// Shares of the mass of a boiling jet; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Vapour.
    pub vapour: f64,
    /// Drops that stay in the air.
    pub drops: f64,
    /// Liquid that falls into a pool.
    pub rained_out: f64,
}

/// Share of a superheated liquid that turns to vapour at its boiling point, 0 to 1.
///
/// The heat above the boiling point evaporates liquid that grows less and less:
///
/// $$ F = 1 - \exp\left(-\frac{c_p (T - T_b)}{h}\right) $$
///
/// The guideline's straight line is its beginning; the two part by 5 % at F = 0.1
/// and the straight line passes 1 where this one does not.
///
/// # Units
/// - `temperature`: K; `air_pressure`: Pa (absolute)
///
/// # Source
/// crowl2011 equation 4-89; beside it hj169 F.9.
///
/// # Example
/// ```
/// use sim_core::gas::{source::flash::flash_share, substance};
/// // Chlorine from 25 °C: 940 J/(kg K) · 59 K over 288 kJ/kg is 0.19, so 1 - e^-0.19 = 0.18.
/// let chlorine = substance::find("chlorine")?.liquid()?;
/// assert!((flash_share(&chlorine, 298.15, 101_325.0) - 0.175).abs() < 0.01);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn flash_share(liquid: &Liquid<'_>, temperature: f64, air_pressure: f64) -> f64 {
    -(-straight_flash_share(liquid, temperature, air_pressure).max(0.0)).exp_m1()
}

/// The guideline's share, hj169 F.9: negative below the boiling point, above 1 for
/// a liquid that evaporates altogether.
pub fn straight_flash_share(liquid: &Liquid<'_>, temperature: f64, air_pressure: f64) -> f64 {
    let boiling = liquid.boiling_temperature(air_pressure);
    let heat_capacity = liquid.heat_capacity(0.5 * (temperature + boiling));
    hj169::flash_share(heat_capacity, temperature, boiling, liquid.heat_of_vaporization(boiling))
}

/// Divides a boiling jet of a share of vapour.
///
/// # Errors
/// E4041 for a share outside 0 to 1.
///
/// # Example
/// ```
/// use sim_core::gas::source::flash::{RainOut, split};
/// let parts = split(0.2, RainOut::BeyondTwiceTheFlash)?;
/// assert!(parts.vapour == 0.2 && (parts.drops - 0.2).abs() < 1e-12);
/// assert!((parts.rained_out - 0.6).abs() < 1e-12);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn split(vapour: f64, rule: RainOut) -> Result<Split> {
    let mut ranges = vec![Range::new("share of vapour", vapour, 0.0, 1.0, "")];
    if let RainOut::Share(share) = rule {
        ranges.push(Range::new("share that rains out", share, 0.0, 1.0, ""));
    }
    settle(refuse_outside(&ranges))?;
    let liquid = 1.0 - vapour;
    let rained_out = match rule {
        RainOut::Nothing => 0.0,
        RainOut::BeyondTwiceTheFlash => (1.0 - 2.0 * vapour).max(0.0),
        RainOut::Share(share) => share * liquid,
    };
    Ok(Split { vapour, drops: liquid - rained_out, rained_out })
}

/// A boiling jet divided into what drifts and what falls into a pool.
#[derive(Debug, Clone, PartialEq)]
pub struct Divided {
    /// Vapour and drops in the air; none if nothing drifts.
    pub airborne: Option<History>,
    /// Liquid into the pool, at its boiling point; none if nothing falls.
    pub into_pool: Option<History>,
}

/// Divides a release over time; both parts together carry its mass.
///
/// # Errors
/// E4041 for a share outside 0 to 1.
///
/// # Units
/// - `air_pressure`: Pa (absolute)
pub fn divide(release: &History, liquid: &Liquid<'_>, rule: RainOut, air_pressure: f64) -> Result<Divided> {
    let boiling = liquid.boiling_temperature(air_pressure);
    let vapour_density = liquid.ideal_vapour_density(boiling, air_pressure);
    let liquid_density = liquid.density(boiling);
    let (mut airborne, mut pool): (Vec<Sample>, Vec<Sample>) = (Vec::new(), Vec::new());
    for sample in release.samples() {
        let parts = split(sample.state.vapour_share, rule)?;
        let drifting = parts.vapour + parts.drops;
        let vapour_share = if drifting > 0.0 { parts.vapour / drifting } else { 0.0 };
        let density = 1.0 / (vapour_share / vapour_density + (1.0 - vapour_share) / liquid_density);
        let state = State { vapour_share, density, ..sample.state };
        airborne.push(Sample { rate: drifting * sample.rate, state, ..*sample });
        let fallen =
            State { temperature: boiling, vapour_share: 0.0, velocity: 0.0, density: liquid_density };
        pool.push(Sample { rate: parts.rained_out * sample.rate, state: fallen, ..*sample });
    }
    let kept = |samples: Vec<Sample>| -> Result<Option<History>> {
        let carries = samples.iter().any(|sample| sample.rate > 0.0);
        if carries { History::from_samples(samples).map(Some) } else { Ok(None) }
    };
    Ok(Divided { airborne: kept(airborne)?, into_pool: kept(pool)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::find;

    const AIR: f64 = 101_325.0;

    #[test]
    fn every_rule_divides_the_whole() {
        for rule in [RainOut::Nothing, RainOut::BeyondTwiceTheFlash, RainOut::Share(0.3)] {
            for vapour in [0.0, 0.1, 0.5, 0.9, 1.0] {
                let parts = split(vapour, rule).expect("a share");
                let sum = parts.vapour + parts.drops + parts.rained_out;
                assert!((sum - 1.0).abs() < 1e-15 && parts.drops >= 0.0 && parts.rained_out >= 0.0);
            }
        }
        assert_eq!(split(1.2, RainOut::Nothing).expect_err("too much").0[0].code.0, 4041);
    }

    #[test]
    fn the_parts_of_a_release_carry_its_mass() {
        let liquid = find("chlorine").expect("in the table").liquid().expect("a liquid");
        let state = State { temperature: 239.2, vapour_share: 0.18, velocity: 50.0, density: 19.0 };
        let release = History::steady(3.0, 600.0, state).expect("a release");
        let divided = divide(&release, &liquid, RainOut::BeyondTwiceTheFlash, AIR).expect("divided");
        let (air, pool) = (divided.airborne.expect("drifts"), divided.into_pool.expect("falls"));
        assert!((air.total() + pool.total() - release.total()).abs() < 1e-9);
        assert!((pool.total() / release.total() - 0.64).abs() < 1e-12);
        assert!((air.samples()[0].state.vapour_share - 0.5).abs() < 1e-12);
        let all = divide(&release, &liquid, RainOut::Nothing, AIR).expect("divided");
        assert!(all.into_pool.is_none());
    }

    #[test]
    fn the_curve_starts_as_the_straight_line_and_stays_below_one() {
        let propane = find("propane").expect("in the table").liquid().expect("a liquid");
        let boiling = propane.boiling_temperature(AIR);
        let (curve, line) =
            (flash_share(&propane, boiling + 1.0, AIR), straight_flash_share(&propane, boiling + 1.0, AIR));
        assert!((curve / line - 1.0).abs() < 0.005);
        assert!(flash_share(&propane, 333.0, AIR) < straight_flash_share(&propane, 333.0, AIR));
        assert_eq!(flash_share(&propane, boiling - 10.0, AIR), 0.0);
    }

    #[test]
    fn ammonia_flashes_as_in_the_trials_of_desert_tortoise() {
        // epa450, tables 4-2 and 5-8: 83 % liquid after expansion in trials 1, 2 and 4.
        let ammonia = find("ammonia").expect("in the table").liquid().expect("a liquid");
        for (temperature, atmospheres) in [(294.65, 0.897), (293.25, 0.898), (297.25, 0.891)] {
            let share = flash_share(&ammonia, temperature, atmospheres * AIR);
            assert!((share - 0.17).abs() < 0.015, "{temperature} {share}");
        }
    }
}
