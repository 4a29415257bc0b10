//! How much gas can burn: the mass between the flammable limits.

use crate::error::Result;
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::gas::hazard::probit::error_function;
use crate::gas::plume::{Plume, vertical_factor};
use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// The part of a cloud that can burn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlammableCloud {
    /// Mass of gas between the limits, kg.
    pub mass: f64,
    /// Farthest distance at which the lower limit is met at any height, m.
    pub reach: f64,
    /// Farthest distance at which the upper limit is met at any height, m; nearer the gas is too rich to burn.
    pub rich_reach: f64,
}

/// Nearest distance at which a plume is looked at, m: below it the formula is no model of anything.
const NEAREST: f64 = 0.1;

/// Farthest distance at which a limit is looked for, m.
const FARTHEST: f64 = 1e6;

/// Factor between the distances of the search from afar.
const SEARCH_STEP: f64 = 1.05;

/// Halvings of the interval in which a limit lies.
const HALVINGS: usize = 50;

/// Heights at which a plume is cut between the ground and its top.
const HEIGHTS: usize = 400;

/// Distances at which it is cut, closer together near the source.
const PLANES: usize = 240;

/// Depths above the release up to which it is cut: nothing richer than e^-32 of the axis is above.
const DEPTHS: f64 = 8.0;

/// Mass of gas of a steady plume between two concentrations.
///
/// The integral of the concentration over the space in which it lies between the
/// limits. Across the wind it is a bell, whose part between two values is an error
/// function; upwards and along the wind it is summed.
///
/// $$ m = \int\!\!\int \sqrt{2\pi}\,\sigma_y\, c_0 \left[\operatorname{erf}\frac{y_l}{\sqrt2\sigma_y} - \operatorname{erf}\frac{y_u}{\sqrt2\sigma_y}\right] dz\, dx, \qquad
///    y_l = \sigma_y \sqrt{2\ln (c_0/c_l)} $$
///
/// # Units
/// - `lower`, `upper`: kg/m³; returns kg and m
///
/// # Valid for
/// A mean plume; the peaks of a real one burn where its mean does not, so that
/// half the lower limit is the usual lower end for a flash fire. Its error is
/// below 0.5 %.
///
/// # Errors
/// E4520 limits that are not above zero and rising.
///
/// # Source
/// The integral itself; in closed form for power-law plumes: vanbuijtenen1980.
pub fn flammable_mass(plume: &Plume, lower: f64, upper: f64) -> Result<FlammableCloud> {
    check(lower, upper)?;
    let (reach, rich_reach) = (reach(plume, lower), reach(plume, upper));
    if reach == 0.0 {
        return Ok(FlammableCloud { mass: 0.0, reach, rich_reach });
    }
    let step = 1.0 / PLANES as f64;
    let mass = (0..PLANES)
        .map(|plane| {
            // x = reach s²: the cut widens fast near the source, where planes lie close together.
            let s = (plane as f64 + 0.5) * step;
            2.0 * reach * s * step * mass_per_length(plume, reach * s * s, lower, upper)
        })
        .sum();
    Ok(FlammableCloud { mass, reach, rich_reach })
}

fn check(lower: f64, upper: f64) -> Result<()> {
    let bounds = [
        Bound::above("lower limit", lower, 0.0, f64::MAX, "kg/m³"),
        Bound::above("upper limit", upper, lower.max(0.0), f64::MAX, "kg/m³"),
    ];
    none_of(refuse(4520, &bounds, "give the lower flammable limit below the upper one, both in kg/m³"))
}

/// Concentration on the axis at a height, kg/m³, not cut to the pure gas.
fn on_axis(plume: &Plume, distance: f64, height: f64) -> f64 {
    let (width, depth) = (plume.width_at(distance), plume.depth_at(distance));
    plume.rate / (2.0 * PI * plume.wind * width * depth)
        * vertical_factor(depth, plume.height_at(distance), height, plume.lid)
}

fn top(plume: &Plume, distance: f64) -> f64 {
    let top = plume.height_at(distance) + DEPTHS * plume.depth_at(distance);
    plume.lid.map_or(top, |lid| lid.min(top))
}

/// Greatest concentration in a plane across the wind, kg/m³.
fn richest(plume: &Plume, distance: f64) -> f64 {
    // The maximum lies at the release, at the ground, or between them.
    let between = |share: f64| on_axis(plume, distance, share * plume.height_at(distance));
    (0..=8).map(|part| between(f64::from(part) / 8.0)).fold(0.0, f64::max)
}

/// Farthest distance at which a concentration is met at any height, m; zero if nowhere.
///
/// Looked for from afar, so that it is the last crossing that is found.
pub fn reach(plume: &Plume, concentration: f64) -> f64 {
    let meets = |distance: f64| richest(plume, distance) >= concentration;
    let mut near = FARTHEST;
    while near > NEAREST && !meets(near) {
        near /= SEARCH_STEP;
    }
    if near <= NEAREST {
        return 0.0;
    }
    let (mut inside, mut outside) = (near, near * SEARCH_STEP);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        if meets(middle) { inside = middle } else { outside = middle }
    }
    inside
}

/// Mass between the limits in a slice across the wind, kg/m.
fn mass_per_length(plume: &Plume, distance: f64, lower: f64, upper: f64) -> f64 {
    let width = plume.width_at(distance);
    let step = top(plume, distance) / HEIGHTS as f64;
    let slice = |height: f64| {
        let axis = on_axis(plume, distance, height);
        let share = share_above(axis, lower) - share_above(axis, upper);
        (2.0 * PI).sqrt() * width * axis * share
    };
    (0..HEIGHTS).map(|i| slice((i as f64 + 0.5) * step) * step).sum()
}

/// Share of a bell's area where it is above a value.
fn share_above(peak: f64, value: f64) -> f64 {
    if peak <= value { 0.0 } else { error_function((2.0 * (peak / value).ln()).sqrt() * FRAC_1_SQRT_2) }
}

/// A puff of gas in the open, or upon the ground with its mirror image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Puff {
    /// Mass, kg.
    pub mass: f64,
    /// Standard deviations along, across and up, m.
    pub spread: [f64; 3],
    /// True upon the ground: its mass is in the upper half alone.
    pub on_ground: bool,
}

impl Puff {
    /// Concentration in its middle, kg/m³.
    pub fn centre(&self) -> f64 {
        let [along, across, up] = self.spread;
        let halves = if self.on_ground { 2.0 } else { 1.0 };
        halves * self.mass / ((2.0 * PI).powf(1.5) * along * across * up)
    }

    /// Mass where the concentration lies between two values, kg.
    ///
    /// $$ m(c) = M\left[\operatorname{erf} s - \tfrac{2}{\sqrt\pi}\, s\, e^{-s^2}\right], \qquad s^2 = \ln (c_{centre}/c) $$
    ///
    /// In closed form, because surfaces of one concentration are ellipsoids.
    ///
    /// # Errors
    /// E4520 limits that are not above zero and rising.
    ///
    /// # Source
    /// The integral of a Gaussian over an ellipsoid (Maxwell's distribution of speeds).
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::hazard::flammable::Puff;
    /// let puff = Puff { mass: 10.0, spread: [5.0, 5.0, 3.0], on_ground: true };
    /// // Everything is above next to nothing.
    /// assert!((puff.mass_between(1e-30, f64::MAX)? - 10.0).abs() < 1e-9);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn mass_between(&self, lower: f64, upper: f64) -> Result<f64> {
        check(lower, upper)?;
        Ok(self.mass_above(lower) - self.mass_above(upper))
    }

    fn mass_above(&self, concentration: f64) -> f64 {
        let excess = (self.centre() / concentration).ln();
        if excess <= 0.0 {
            return 0.0;
        }
        let s = excess.sqrt();
        self.mass * (error_function(s) - 2.0 / PI.sqrt() * s * (-excess).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::sigma::{self, Curve, Curves, Growth};
    use crate::gas::weather::Stability;

    /// A plume whose width and depth grow in proportion to the distance.
    fn linear(height: f64) -> Plume {
        let line = |slope: f64| Curve::new(slope, 0.0, Growth::Linear);
        let curves = Curves { crosswind: line(0.1), vertical: line(0.06) };
        Plume {
            rise: None,
            rate: 2.0,
            wind: 3.0,
            front_wind: 3.0,
            height,
            receptor_height: 0.0,
            curves,
            lid: None,
            pure_gas: f64::INFINITY,
            ahead: Default::default(),
        }
    }

    #[test]
    fn a_growing_plume_holds_two_thirds_of_what_passed_up_to_its_reach() {
        // vanbuijtenen1980: m = (Q/u) x (b + d)/(b + d + 1) for widths x^b and depths x^d; b = d = 1.
        let plume = linear(0.0);
        let lower = on_axis(&plume, 100.0, 0.0);
        let cloud = flammable_mass(&plume, lower, f64::MAX).expect("sound");
        assert!((cloud.reach - 100.0).abs() < 1e-6, "{}", cloud.reach);
        let expected = 2.0 / 3.0 * 100.0 * 2.0 / 3.0;
        assert!((cloud.mass / expected - 1.0).abs() < 2e-3, "{} {expected}", cloud.mass);
    }

    #[test]
    fn what_is_too_rich_is_left_out() {
        let plume = linear(0.0);
        let (lower, upper) = (on_axis(&plume, 100.0, 0.0), on_axis(&plume, 40.0, 0.0));
        let cloud = flammable_mass(&plume, lower, upper).expect("sound");
        assert!((cloud.rich_reach - 40.0).abs() < 1e-6);
        // The difference of two closed forms.
        let expected = 2.0 / 3.0 * (100.0 - 40.0) * 2.0 / 3.0;
        assert!((cloud.mass / expected - 1.0).abs() < 3e-3, "{} {expected}", cloud.mass);
    }

    #[test]
    fn the_mass_is_never_more_than_has_passed() {
        for class in Stability::ALL {
            for height in [0.0, 5.0, 30.0] {
                let curves = sigma::ALL[0].curves(class);
                let plume = Plume { curves, ..linear(height) };
                let cloud = flammable_mass(&plume, 1e-3, f64::MAX).expect("sound");
                assert!(cloud.mass <= plume.rate / plume.wind * cloud.reach * 1.001, "{class:?} {height}");
            }
        }
    }

    #[test]
    fn a_lower_limit_burns_more() {
        let plume = linear(3.0);
        let mass = |lower: f64| flammable_mass(&plume, lower, 0.5).expect("sound").mass;
        assert!(mass(0.01) > mass(0.02) && mass(0.02) > mass(0.1));
        let nothing = flammable_mass(&plume, 1e9, 2e9).expect("sound");
        assert_eq!((nothing.mass, nothing.reach), (0.0, 0.0));
    }

    #[test]
    fn a_puff_agrees_with_the_sum_over_its_cells() {
        let puff = Puff { mass: 5.0, spread: [4.0, 3.0, 2.0], on_ground: false };
        let (lower, upper) = (0.1 * puff.centre(), 0.6 * puff.centre());
        let (n, cell) = (80, 0.2);
        let mut sum = 0.0;
        for i in 0..n {
            for j in 0..n {
                for k in 0..n {
                    let at = |index: i32| (f64::from(index) - 0.5 * f64::from(n) + 0.5) * cell;
                    // In units of the spread all three axes are alike.
                    let square = at(i).powi(2) + at(j).powi(2) + at(k).powi(2);
                    let value = puff.centre() * (-0.5 * square).exp();
                    if value >= lower && value < upper {
                        sum += value * cell.powi(3) * puff.spread.iter().product::<f64>();
                    }
                }
            }
        }
        let found = puff.mass_between(lower, upper).expect("sound");
        assert!((found / sum - 1.0).abs() < 0.01, "{found} {sum}");
    }

    #[test]
    fn a_puff_on_the_ground_is_twice_as_rich() {
        let free = Puff { mass: 1.0, spread: [2.0; 3], on_ground: false };
        let ground = Puff { on_ground: true, ..free };
        assert_eq!(ground.centre(), 2.0 * free.centre());
        let (one, other) = (
            free.mass_between(0.01 * free.centre(), f64::MAX),
            ground.mass_between(0.01 * ground.centre(), f64::MAX),
        );
        assert_eq!(one.expect("sound"), other.expect("sound"));
    }

    #[test]
    fn limits_that_do_not_rise_are_refused() {
        for (lower, upper) in [(0.0, 1.0), (0.2, 0.1), (f64::NAN, 1.0), (0.1, f64::NAN)] {
            assert_eq!(flammable_mass(&linear(0.0), lower, upper).expect_err("refused").0[0].code.0, 4520);
        }
    }
}
