//! Where the passive plume may be believed: density, buoyancy, momentum, distance.
//!
//! Each criterion is a published number against a published threshold. A result
//! carries the verdicts; a run with a heavy gas is refused unless the case says
//! that it accepts an answer that is not valid.

use crate::gas::sigma::{Curve, SigmaSet};
use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::gas::weather::{CALM_WIND, CLASS_WIND_HEIGHT, Weather};
use crate::units::GRAVITY;

/// What a criterion says about the passive plume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// The plume is applicable.
    Passed,
    /// It is not.
    Failed,
    /// Not enough is known.
    NotJudged,
}

/// One criterion, its value and its threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Short name, e.g. `dense gas (Britter-McQuaid)`.
    pub name: &'static str,
    /// The criterion as a formula, with its source.
    pub criterion: &'static str,
    /// Its value; NaN where it was not judged.
    pub value: f64,
    /// The value from which the passive plume fails.
    pub threshold: f64,
    /// What follows.
    pub judgement: Judgement,
    /// What it means, one sentence.
    pub meaning: String,
}

impl Verdict {
    /// One line: name, value against threshold, meaning.
    pub fn in_words(&self) -> String {
        match self.judgement {
            Judgement::NotJudged => format!("{}: not judged; {}", self.name, self.meaning),
            _ => format!("{}: {:.3} against {:.3}; {}", self.name, self.value, self.threshold, self.meaning),
        }
    }
}

/// Britter and McQuaid's number from which a continuous release is dense.
///
/// # Source
/// brittermcquaid1988; ccps1999 equation 2.66: passive below 0.15.
pub const BRITTER_MCQUAID_THRESHOLD: f64 = 0.15;

/// Richardson number from which a continuous release is a heavy gas.
///
/// # Source
/// hj169 appendix G: Ri of 1/6 and above is heavy.
pub const HJ169_THRESHOLD: f64 = 1.0 / 6.0;

/// Number of Britter and McQuaid, for a gas lighter than air with its buoyancy taken positive.
///
/// $$ \left(\frac{g'_0\, q_0}{u_{10}^3 D}\right)^{1/3}, \quad g'_0 = g\frac{|\rho_0-\rho_a|}{\rho_a},\quad D = \sqrt{q_0/u_{10}} $$
///
/// # Units
/// - `density`: of the gas at the air's pressure, kg/m³; `air_density`: kg/m³
/// - `rate`: kg/s; `wind`: at 10 m, m/s; returns a pure number
///
/// # Source
/// brittermcquaid1988; ccps1999 equation 2.66.
pub fn britter_mcquaid_number(density: f64, air_density: f64, rate: f64, wind: f64) -> f64 {
    let flow = rate / density;
    let reduced_gravity = GRAVITY * (density - air_density).abs() / air_density;
    (reduced_gravity * flow / (wind.powi(3) * (flow / wind).sqrt())).cbrt()
}

/// By what the number of Britter and McQuaid is smaller for a pool that is wider than (q/u)^(1/2).
///
/// D of the number is the width of the source. A hole's cloud is as wide as its flow makes it; a
/// pool is as wide as it is, as in the Richardson number of hj169.
fn width_share(pool_diameter: Option<f64>, flow: f64, wind: f64) -> f64 {
    let own = (flow / wind).sqrt();
    pool_diameter.map_or(1.0, |diameter| (own / diameter.max(own)).cbrt())
}

/// Richardson number of a continuous release of a heavy gas, zero for a light one.
///
/// $$ Ri = \frac{1}{u}\left[\frac{g\,Q/\rho_0}{D}\,\frac{\rho_0-\rho_a}{\rho_a}\right]^{1/3} $$
///
/// # Units
/// - `diameter`: initial width of the plume (of the source), m; others as above
///
/// # Source
/// hj169 appendix G.2.
pub fn hj169_richardson(density: f64, air_density: f64, rate: f64, diameter: f64, wind: f64) -> f64 {
    let excess = (density - air_density).max(0.0) / air_density;
    (GRAVITY * rate / density / diameter * excess).cbrt() / wind
}

/// The verdicts on density: two where the source's width is known, else one.
///
/// In calm air the wind is taken as [`CALM_WIND`], in which any heavy leak of note fails.
pub fn density_verdicts(release: &Release, substance: &Substance, weather: &Weather) -> Vec<Verdict> {
    let (air, wind) = (weather.air_density(), weather.at_least(CALM_WIND).wind_at(CLASS_WIND_HEIGHT));
    let density = release.density(substance.molar_mass.value, weather);
    let heavy = density > air;
    let number = britter_mcquaid_number(density, air, release.rate, wind)
        * width_share(release.pool_alone(), release.rate / density, wind);
    let ratio = density / air;
    let mut verdicts = vec![Verdict {
        name: if heavy { "dense gas (Britter-McQuaid)" } else { "buoyant gas (Britter-McQuaid number)" },
        criterion: "(g'q/(u^3 D))^(1/3), D = (q/u)^(1/2) or a wider pool's diameter; brittermcquaid1988, ccps1999",
        value: number,
        threshold: BRITTER_MCQUAID_THRESHOLD,
        judgement: judge(number < BRITTER_MCQUAID_THRESHOLD),
        meaning: density_meaning(heavy, number < BRITTER_MCQUAID_THRESHOLD, ratio),
    }];
    let width = release.exit.map(|exit| exit.expanded_diameter(release.rate)).or(release.pool_diameter);
    if let (true, Some(diameter)) = (heavy, width) {
        let number = hj169_richardson(density, air, release.rate, diameter, wind);
        verdicts.push(Verdict {
            name: "dense gas (HJ 169-2018 Richardson number)",
            criterion: "[g Q/rho/D (rho-rho_a)/rho_a]^(1/3)/u; hj169 appendix G",
            value: number,
            threshold: HJ169_THRESHOLD,
            judgement: judge(number < HJ169_THRESHOLD),
            meaning: density_meaning(true, number < HJ169_THRESHOLD, ratio),
        });
    }
    verdicts
}

/// Density against the air's above which a gas is not said to rise: what lifts it is then
/// less than a tenth of its weight, and gone once it is mixed with as much air again.
pub const NEARLY_AIR: f64 = 0.9;

/// Growth of the half-width of a dense plume: L = L0 + 2.5 (l_b x²)^(1/3).
///
/// # Source
/// brittermcquaid1988, as in ccps1999 section 2.3 (not checked against the workbook itself).
const DENSE_SPREAD: f64 = 2.5;

/// Half the width of a passive plume in crosswind coefficients: there the
/// concentration is a tenth of that on the axis, e^(−2.15²/2).
const PASSIVE_HALF_WIDTH: f64 = 2.15;

/// Slumping lengths beyond which a plume is taken as passive: as the ratio of the two widths
/// falls with the cube root of the distance, slumping then gives less than half of the width.
const SLUMPING_MARGIN: f64 = 10.0;

/// Distance within which the weight of a gas spreads it more than the wind does, m.
///
/// A dense plume on the ground widens as $2.5\,(l_b x^2)^{1/3}$ with the
/// buoyancy length $l_b = g'_0 q_0/u_{10}^3$, a passive one as $2.15\,\sigma_y$.
/// The slumping length is where both are the same. For a leak of grams per second
/// it is metres: the number of [`britter_mcquaid_number`], which grows only with
/// the sixth root of the rate, then speaks of the first metres and not of the zones.
///
/// # Units
/// - `density`, `air_density`: kg/m³; `rate`: kg/s; `wind`: at 10 m, m/s
/// - `crosswind`: the curve of the crosswind coefficient for ten minutes
///
/// # Source
/// brittermcquaid1988 for the dense width; comparing the two is our own reasoning.
///
/// # Example
/// ```
/// use sim_core::gas::sigma::{Curve, Growth};
/// use sim_core::gas::validity::slumping_length;
/// let curve = Curve::new(0.08, 0.0001, Growth::InverseRoot);
/// // Chlorine, 2 g/s, 3 m/s: g' = 14.2, q = 6.7e-4: l_b = 0.00035 m, times (2.5/(2.15·0.08))³ = 3070.
/// let metres = slumping_length(3.0, 1.225, 0.002, 3.0, &curve);
/// assert!((metres - 1.08).abs() < 0.02);
/// ```
pub fn slumping_length(density: f64, air_density: f64, rate: f64, wind: f64, crosswind: &Curve) -> f64 {
    let reduced_gravity = GRAVITY * (density - air_density).max(0.0) / air_density;
    let buoyancy_length = reduced_gravity * rate / density / wind.powi(3);
    // σy/x falls slowly with the distance: a few rounds settle, from the source outwards.
    (0..SLUMPING_ROUNDS).fold(0.0, |length: f64, _| {
        let within = length.clamp(SLUMPING_RANGE.0, SLUMPING_RANGE.1);
        let slope = crosswind.at(within) / within;
        buoyancy_length * (DENSE_SPREAD / (PASSIVE_HALF_WIDTH * slope)).powi(3)
    })
}

/// Rounds of the search for the slumping length.
const SLUMPING_ROUNDS: usize = 50;

/// Distances at which the slope of the crosswind curve is read, m: it is straight before, and
/// was not published beyond, where the length is far too long for a plume anyway.
const SLUMPING_RANGE: (f64, f64) = (1.0, 10_000.0);

/// Name of the verdict that tells where puffs take over from a heavy cloud.
pub const HANDED_OVER: &str = "hand-over to puffs";

/// Name of the verdict on the weight of a gas beyond its source.
pub const WEIGHT_BEYOND_SOURCE: &str = "weight of the gas beyond the source";

/// The verdict whether a gas that is dense at its source is passive where the zones end.
///
/// # Units
/// - `set`: the dispersion coefficients of the run; `shortest_zone`: m, infinite where no zone was found
pub fn weight_verdict(
    release: &Release,
    substance: &Substance,
    weather: &Weather,
    set: &dyn SigmaSet,
    shortest_zone: f64,
) -> Verdict {
    let curves = set.curves(weather.stability);
    let density = release.density(substance.molar_mass.value, weather);
    let (air, wind) = (weather.air_density(), weather.at_least(CALM_WIND).wind_at(CLASS_WIND_HEIGHT));
    let length = slumping_length(density, air, release.rate, wind, &curves.crosswind);
    let value = SLUMPING_MARGIN * length;
    let passed = shortest_zone.is_finite() && value < shortest_zone;
    Verdict {
        name: WEIGHT_BEYOND_SOURCE,
        criterion: "10 l_b (2.5 x/(2.15 sigma_y))^3, l_b = g'q/u^3, in m, against the shortest zone; brittermcquaid1988",
        value,
        threshold: shortest_zone,
        judgement: judge(passed),
        meaning: format!(
            "its weight spreads the gas more than the wind does for {length:.1} m, and still counts up to {value:.0} m"
        ),
    }
}

fn judge(passed: bool) -> Judgement {
    if passed { Judgement::Passed } else { Judgement::Failed }
}

fn density_meaning(heavy: bool, passive: bool, ratio: f64) -> String {
    let times = format!("the gas is {ratio:.2} times as dense as the air");
    match (heavy, passive) {
        (_, true) => format!("{times}; its weight does not matter in this wind"),
        (true, false) => format!(
            "{times}: it slumps, spreads upwind and along slopes, and fills hollows; a passive plume is not valid"
        ),
        (false, false) if ratio > NEARLY_AIR => {
            format!("{times}, hardly lighter: do not count on its rising")
        }
        (false, false) => {
            format!(
                "{times}: it rises, so away from the jet the plume at the ground is an upper bound, and gas gathers above"
            )
        }
    }
}

/// Decay of the speed on the axis of a free jet: u/u0 = 6.2 (d/x) (rho0/rho_a)^(1/2).
///
/// # Source
/// chenrodi1980.
const JET_SPEED_DECAY: f64 = 6.2;

/// Decay of the concentration on the axis of a free jet: c/c0 = 6 (d/x) (rho_a/rho0)^(1/2).
///
/// # Source
/// lees, free gas jets (k2 = 6).
const JET_CONCENTRATION_DECAY: f64 = 6.0;

/// √(4/π): a jet of momentum flux J has d u0 √ρ0 = √(4 J/π).
const ROUND: f64 = std::f64::consts::FRAC_2_SQRT_PI;

/// Distance over which a jet is faster than the wind, m: within it the jet's
/// own momentum, not the wind, decides where the gas goes.
///
/// The free jet's speed on its axis falls to the wind's at
/// $$ x = 6.2 \sqrt{\frac{4 J}{\pi \rho_a}} \frac{1}{u} $$
///
/// # Units
/// - `momentum_flux`: J, N; `air_density`: kg/m³; `wind`: m/s
///
/// # Source
/// chenrodi1980; √(J/ρ_a)/u is the momentum length of a jet in a crossflow.
///
/// # Example
/// ```
/// use sim_core::gas::validity::jet_length;
/// // 100 N against 3 m/s: 6.2 · √(400/(3.14·1.2))/3 = 21 m.
/// assert!((jet_length(100.0, 1.2, 3.0) - 21.3).abs() < 0.1);
/// ```
pub fn jet_length(momentum_flux: f64, air_density: f64, wind: f64) -> f64 {
    JET_SPEED_DECAY * ROUND * (momentum_flux / air_density).sqrt() / wind
}

/// Distance on the axis of a free jet at which a concentration is reached, m.
///
/// Whoever stands on the axis of the jet meets the concentration at this
/// distance, whatever the wind and whichever way the jet points.
///
/// $$ x = 6 \sqrt{\frac{4}{\pi}}\, \frac{Q}{c} \sqrt{\frac{\rho_a}{J}} $$
///
/// # Units
/// - `rate`: Q, kg/s; `momentum_flux`: J, N; `air_density`: kg/m³; `threshold`: c, kg/m³
///
/// # Source
/// lees, with the diameter and density at the exit replaced by the mass and momentum flux.
pub fn jet_reach(rate: f64, momentum_flux: f64, air_density: f64, threshold: f64) -> f64 {
    JET_CONCENTRATION_DECAY * ROUND * rate / threshold * (air_density / momentum_flux).sqrt()
}

/// How far the jet of a release dominates in some weather, m; none if nothing is known of the exit.
///
/// Vapour rises from a pool without a jet; a chimney's is in its rise. In calm air the wind is taken as [`CALM_WIND`].
pub fn jet_length_of(release: &Release, weather: &Weather) -> Option<f64> {
    let Some(exit) = release.exit else {
        let spreads_softly = release.pool_diameter.is_some() || release.stack.is_some();
        return spreads_softly.then_some(0.0);
    };
    let wind = weather.at_least(CALM_WIND).wind_at(release.height);
    Some(jet_length(exit.momentum_flux(release.rate), weather.air_density(), wind))
}

/// The verdict on momentum: the length of the jet against the shortest zone.
///
/// # Units
/// - `shortest_zone`: m; infinite where no zone was found
pub fn momentum_verdict(release: &Release, weather: &Weather, shortest_zone: f64) -> Verdict {
    let length = jet_length_of(release, weather);
    // Without a jet there is nothing to judge, also where no zone is found.
    let passed = length.is_some_and(|length| length == 0.0 || length < shortest_zone);
    let meaning = match length {
        None => "nothing is known of the exit's speed: near a jet the zones are not valid".to_owned(),
        Some(length) if passed => {
            format!(
                "the jet outruns the wind for {length:.0} m, less than the shortest zone of {shortest_zone:.0} m"
            )
        }
        Some(length) => {
            format!(
                "the jet outruns the wind for {length:.0} m: zones that end within it are not valid as plumes"
            )
        }
    };
    Verdict {
        name: "momentum jet",
        criterion: "x = 6.2 (4 J/(pi rho_a))^(1/2)/u, in m, against the shortest zone; chenrodi1980",
        value: length.unwrap_or(f64::NAN),
        threshold: shortest_zone,
        judgement: if length.is_none() { Judgement::NotJudged } else { judge(passed) },
        meaning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::source::gas_hole::GasHole;
    use crate::gas::source::history::{History, State};
    use crate::gas::source::known_rate;
    use crate::gas::substance::find;
    use crate::gas::weather::tests::neutral;

    #[test]
    fn the_burro_spills_of_lng_are_dense() {
        // ccps1999 p. 122, after the Burro trials: 0.23 m³/s of LNG (425.6 kg/m³), vapour 1.76 kg/m³,
        // wind 10.9 m/s: g' = 9.807·(1.76−1.225)/1.225 = 4.28 m/s², q = 55.6 m³/s, D = 2.26 m,
        // (4.28·55.6/(10.9³·2.26))^(1/3) = 0.433.
        let number = britter_mcquaid_number(1.76, 1.225, 0.23 * 425.6, 10.9);
        assert!((number - 0.433).abs() < 0.002, "{number}");
        assert!(number > BRITTER_MCQUAID_THRESHOLD);
    }

    #[test]
    fn a_gas_of_the_density_of_air_is_passive() {
        assert_eq!(britter_mcquaid_number(1.2, 1.2, 10.0, 2.0), 0.0);
        assert_eq!(hj169_richardson(1.0, 1.2, 10.0, 0.1, 2.0), 0.0);
    }

    #[test]
    fn density_matters_less_in_a_stronger_wind_and_a_smaller_release() {
        let number = |rate, wind| britter_mcquaid_number(2.9, 1.2, rate, wind);
        assert!(number(1.0, 2.0) > number(1.0, 8.0) && number(1.0, 2.0) > number(0.01, 2.0));
    }

    #[test]
    fn chlorine_fails_as_dense_and_methane_as_buoyant() {
        let weather = neutral(2.0);
        let verdict = |name: &str| {
            let release = known_rate::release((0.0, 0.0), 0.0, 1.0, 600.0);
            density_verdicts(&release, find(name).expect("in the table"), &weather).remove(0)
        };
        assert!(
            verdict("chlorine").name.starts_with("dense")
                && verdict("chlorine").judgement == Judgement::Failed
        );
        assert!(
            verdict("methane").name.starts_with("buoyant")
                && verdict("methane").judgement == Judgement::Failed
        );
    }

    #[test]
    fn the_weight_of_grams_of_chlorine_is_gone_within_metres_and_that_of_kilograms_is_not() {
        let chlorine = find("chlorine").expect("in the table");
        let set = crate::gas::sigma::of(crate::gas::weather::Surroundings::Rural);
        let verdict = |rate, wind, zone| {
            let release = known_rate::release((0.0, 0.0), 0.0, rate, 600.0);
            weight_verdict(&release, chlorine, &neutral(wind), set, zone)
        };
        assert_eq!(verdict(0.002, 3.0, 60.0).judgement, Judgement::Passed);
        assert_eq!(verdict(0.5, 3.0, 300.0).judgement, Judgement::Failed);
        let stable = Weather { stability: crate::gas::weather::Stability::F, ..neutral(2.0) };
        let release = known_rate::release((0.0, 0.0), 0.0, 50.0, 600.0);
        let huge = weight_verdict(&release, chlorine, &stable, set, 3e4);
        assert!(huge.value.is_finite() && huge.judgement == Judgement::Failed);
        assert_eq!(
            verdict(0.002, 3.0, f64::INFINITY).judgement,
            Judgement::Failed,
            "no zone, no judgement of it"
        );
        // In proportion to the rate, and to the wind to the power of -3.
        let (one, two) = (verdict(0.001, 3.0, 60.0).value, verdict(0.002, 3.0, 60.0).value);
        assert!((two / one - 2.0).abs() < 1e-3);
        assert!((verdict(0.001, 6.0, 60.0).value / one - 0.125).abs() < 1e-3);
    }

    #[test]
    fn both_widths_are_the_same_at_the_slumping_length() {
        let crosswind = crate::gas::sigma::of(crate::gas::weather::Surroundings::Rural)
            .curves(crate::gas::weather::Stability::E)
            .crosswind;
        let (density, air, rate, wind) = (2.9, 1.2, 0.2, 4.0);
        let length = slumping_length(density, air, rate, wind, &crosswind);
        let buoyancy_length = GRAVITY * (density - air) / air * rate / density / 64.0;
        let dense = 2.5 * (buoyancy_length * length * length).cbrt();
        assert!(length > 100.0 && (dense / (2.15 * crosswind.at(length)) - 1.0).abs() < 1e-6, "{length}");
    }

    #[test]
    fn a_gas_hardly_lighter_than_air_is_not_said_to_rise() {
        let meaning = |name: &str| {
            let release = known_rate::release((0.0, 0.0), 0.0, 1.0, 600.0);
            density_verdicts(&release, find(name).expect("in the table"), &neutral(2.0)).remove(0).meaning
        };
        assert!(meaning("CO").contains("do not count on its rising"));
        assert!(meaning("methane").contains("it rises"));
    }

    #[test]
    fn the_jet_keeps_its_mass_and_momentum_laws() {
        // Four times the momentum at the same rate: twice the jet, half the reach of a concentration.
        assert!((jet_length(400.0, 1.2, 3.0) / jet_length(100.0, 1.2, 3.0) - 2.0).abs() < 1e-12);
        assert!((jet_reach(1.0, 400.0, 1.2, 0.03) / jet_reach(1.0, 100.0, 1.2, 0.03) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_subsonic_jet_has_the_textbook_decay_in_diameters() {
        // lees: c/c0 = 6 (d/x) (rho_a/rho0)^(1/2); a tenth of pure methane at x = 60 d (rho_a/rho0)^(1/2).
        let methane = find("methane").expect("in the table");
        let out =
            GasHole::round(0.05, 101_325.0 + 10_000.0, 288.15).outflow(methane, 101_325.0).expect("gas");
        let (air, gas) = (1.225, out.exit.density);
        let reach = jet_reach(out.rate, out.exit.momentum_flux(out.rate), air, 0.1 * gas);
        assert!((reach / (60.0 * 0.05 * (air / gas).sqrt()) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn vapour_of_a_wide_pool_is_less_dense_than_the_same_from_a_point_and_cold_drops_are_denser() {
        let benzene = find("benzene").expect("in the table");
        let row = neutral(3.0);
        let number = |release: &Release| density_verdicts(release, benzene, &row)[0].value;
        let state = State { temperature: 288.15, vapour_share: 1.0, velocity: 0.0, density: 3.3 };
        let from_point = known_rate::release((0.0, 0.0), 0.0, 0.2, 600.0);
        let pool = |diameter: f64, density: f64| Release {
            pool_diameter: Some(diameter),
            history: Some(History::steady(0.2, 600.0, State { density, ..state }).expect("a release")),
            ..from_point.clone()
        };
        // A pool no wider than the flow makes the cloud itself changes nothing.
        assert!((number(&pool(1e-3, 3.303_3)) / number(&from_point) - 1.0).abs() < 1e-3);
        // 100 times as wide: 100^(1/3) less.
        let own = (0.2 / 3.3 / 3.0_f64).sqrt();
        let ratio = number(&pool(own, 3.3)) / number(&pool(100.0 * own, 3.3));
        assert!((ratio - 100.0_f64.cbrt()).abs() < 1e-9, "{ratio}");
        assert!(from_point.density(0.1, &row) < pool(1.0, 12.0).density(0.1, &row));
        let length = jet_length_of(&pool(1.0, 3.3), &row);
        assert_eq!(length, Some(0.0), "vapour rises without a jet");
        assert_eq!(momentum_verdict(&pool(1.0, 3.3), &row, 0.0).judgement, Judgement::Passed);
    }
}
