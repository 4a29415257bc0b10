//! A lasting release: distances and the outline of the plume.

use super::{ALPHA_RANGE, Decay, DenseRelease, PLUME_CURVES, ScreeningAir, cold_fraction, curve_fraction};

/// Scaled distance up to which the formula of the near field holds, and its constant.
///
/// # Source
/// brittermcquaid1988, second-hand after gasdispersion: c'/c0 = 306/(306 + (x/D)²) for x/D < 30.
const NEAR: (f64, f64) = (30.0, 306.0);

/// A lasting release of a heavy gas, ready to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Plume {
    /// Scale of length D = √(q0/u10), m.
    pub length: f64,
    /// Scale of length of the weight, l_b = q0 g0'/u10³, m; zero for a gas that is not heavy.
    pub buoyancy_length: f64,
    /// The number on which the curves stand, 0.2 log10(g0'² q0/u10⁵).
    pub alpha: f64,
    source_fraction: f64,
    temperatures: (f64, f64),
    decay: Decay,
}

impl Plume {
    /// The plume of a release; its duration plays no part.
    ///
    /// A gas that is no heavier than the air is taken at the lower end of the curves, where
    /// they no longer depend on the weight.
    pub fn of(release: &DenseRelease, air: &ScreeningAir) -> Self {
        let gravity = release.reduced_gravity(air).max(0.0);
        let alpha = 0.2 * (gravity * gravity * release.flow / air.wind.powi(5)).log10();
        let near = (NEAR.0, near_fraction(NEAR.0));
        // In very heavy gas the first curves lie within the near field, whose formula goes on to its end.
        let curves = PLUME_CURVES.iter().map(|curve| (10_f64.powf(curve.beta(alpha)), curve.fraction));
        let beyond = curves.filter(|node| node.0 > NEAR.0);
        Self {
            length: (release.flow / air.wind).sqrt(),
            buoyancy_length: release.flow * gravity / air.wind.powi(3),
            alpha,
            source_fraction: release.fraction,
            temperatures: (release.temperature, air.temperature),
            decay: Decay { nodes: std::iter::once(near).chain(beyond).collect() },
        }
    }

    /// True where α lies where curves were drawn; beyond it the nearer end was taken.
    pub fn is_within_curves(&self) -> bool {
        (ALPHA_RANGE.0..=ALPHA_RANGE.1).contains(&self.alpha)
    }

    /// Volume of source gas per volume of cloud on the axis, both at their own temperatures.
    ///
    /// Upwind and at the source 1; $306/(306+(x/D)^2)$ to x/D = 30; between the curves
    /// linear over log x; beyond the last curve (0.002) it falls with x⁻².
    fn share(&self, distance: f64) -> f64 {
        let scaled = distance / self.length;
        if scaled <= 0.0 {
            1.0
        } else if scaled < NEAR.0 {
            near_fraction(scaled)
        } else {
            self.decay.at(scaled)
        }
    }

    /// Volume fraction of the substance on the axis near the ground, a mean of about ten minutes.
    ///
    /// # Units
    /// - `distance`: downwind of the middle of the source, m
    ///
    /// # Valid for
    /// α between −1 and 1 ([`Plume::is_within_curves`]); open, level ground; a release near the ground
    /// without much speed of its own.
    ///
    /// # Source
    /// brittermcquaid1988, ccps1999 (see the module's head); [`cold_fraction`] after the curve.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::dense::britter_mcquaid::{DenseRelease, Plume, ScreeningAir};
    /// // LNG, ccps1999 page 122: the lower limit of 5 % is reached at 367 m.
    /// let flow = 0.23 * 425.6 / 1.76;
    /// let release = DenseRelease { flow, density: 1.76, temperature: 111.15, fraction: 1.0, duration: 174.0 };
    /// let air = ScreeningAir { wind: 10.9, density: 1.184_9, temperature: 298.0 };
    /// let plume = Plume::of(&release, &air);
    /// assert!((plume.fraction(367.0) - 0.05).abs() < 0.001);
    /// assert!((plume.distance_to(0.05) / 367.0 - 1.0).abs() < 0.02);
    /// ```
    pub fn fraction(&self, distance: f64) -> f64 {
        self.source_fraction * cold_fraction(self.share(distance), self.temperatures.0, self.temperatures.1)
    }

    /// Distance at which the axis comes down to a volume fraction, m; zero where the source is below it.
    pub fn distance_to(&self, fraction: f64) -> f64 {
        let relative = fraction / self.source_fraction;
        if relative >= 1.0 {
            return 0.0;
        }
        let share = curve_fraction(relative, self.temperatures.0, self.temperatures.1);
        let scaled = if share > near_fraction(NEAR.0) {
            (NEAR.1 * (1.0 / share - 1.0)).sqrt()
        } else {
            self.decay.distance_to(share)
        };
        self.length * scaled
    }

    /// How far the gas creeps against the wind, L_u = D/2 + 2 l_b, m.
    pub fn upwind_reach(&self) -> f64 {
        0.5 * self.length + 2.0 * self.buoyancy_length
    }

    /// Half width of the plume, m; zero upwind of its tip.
    ///
    /// $$ L_h = D + 8\,l_b + 2.5\,(l_b x^2)^{1/3} $$
    ///
    /// Between its tip and the source, for which no formula is given, the width at the source is taken.
    ///
    /// # Source
    /// brittermcquaid1988, second-hand after gasdispersion. That L_h is the half of the width is
    /// a reading: the workbook's text leaves it open.
    pub fn half_width(&self, distance: f64) -> f64 {
        if distance < -self.upwind_reach() {
            return 0.0;
        }
        let along = distance.max(0.0);
        self.length + 8.0 * self.buoyancy_length + 2.5 * (self.buoyancy_length * along * along).cbrt()
    }

    /// Height of the plume so that what passes a cross-section is what is set free, m.
    ///
    /// $$ L_v = \frac{q_0}{2\,u_{10}\,L_h\,c'} $$
    ///
    /// With the wind of 10 m, which low clouds never feel: too low rather than too high. The workbook prints
    /// it without c', by which the gas would get lost on the way.
    pub fn height(&self, distance: f64) -> f64 {
        self.length * self.length / (2.0 * self.half_width(distance) * self.share(distance))
    }
}

/// c'/c0 of the near field at a scaled distance.
fn near_fraction(scaled: f64) -> f64 {
    NEAR.1 / (NEAR.1 + scaled * scaled)
}

#[cfg(test)]
mod tests {
    use super::super::tests::lng;
    use super::*;

    #[test]
    fn what_passes_every_cross_section_is_what_is_set_free() {
        let (release, air) = lng();
        let plume = Plume::of(&release, &air);
        for distance in [1.0, 30.0, 100.0, 400.0, 3000.0] {
            let through = 2.0 * plume.half_width(distance) * plume.height(distance) * air.wind;
            assert!((through * plume.share(distance) / release.flow - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn fractions_fall_without_a_step_all_the_way_for_every_weight() {
        let (release, air) = lng();
        for step in 0..60 {
            // α from −1.2 to 1.2: the whole range and beyond.
            let wind = 10_f64.powf(1.9 - 0.04 * f64::from(step));
            let plume = Plume::of(&release, &ScreeningAir { wind, ..air });
            let mut before = plume.fraction(1e-3);
            assert!(before <= 1.0);
            for k in 0..4000 {
                let found = plume.fraction(1e-2 * 10_f64.powf(0.0015 * f64::from(k)));
                assert!(found > 0.0 && found < before + 1e-15, "wind {wind}, step {k}");
                before = found;
            }
        }
    }

    #[test]
    fn near_field_and_curves_join() {
        let (release, air) = lng();
        for wind in [0.5, 1.0, 3.0, 10.9, 50.0] {
            let plume = Plume::of(&release, &ScreeningAir { wind, ..air });
            let at = NEAR.0 * plume.length;
            let (before, after) = (plume.fraction(at * (1.0 - 1e-9)), plume.fraction(at * (1.0 + 1e-9)));
            assert!((before / after - 1.0).abs() < 1e-6, "wind {wind}: {before} and {after}");
        }
    }

    #[test]
    fn a_distance_gives_back_its_fraction() {
        let (release, air) = lng();
        for wind in [1.0, 4.0, 10.9] {
            let plume = Plume::of(&release, &ScreeningAir { wind, ..air });
            for fraction in [0.9, 0.5, 0.15, 0.05, 0.01, 1e-3, 1e-5] {
                let found = plume.fraction(plume.distance_to(fraction));
                assert!((found / fraction - 1.0).abs() < 1e-9, "{fraction} came back as {found}");
            }
            assert_eq!(plume.distance_to(1.0), 0.0);
        }
    }

    #[test]
    fn far_away_the_fraction_falls_with_the_square_of_the_distance() {
        let (release, air) = lng();
        let plume = Plume::of(&release, &air);
        let warm = |x: f64| plume.share(x);
        assert!((warm(5000.0) / warm(10_000.0) - 4.0).abs() < 1e-12);
    }

    #[test]
    fn the_worked_example_of_the_guidelines_comes_out() {
        let (release, air) = lng();
        let plume = Plume::of(&release, &air);
        // ccps1999 page 122: D = 2.26 m, lower limit at 367 m.
        assert!((plume.length - 2.26).abs() < 0.005);
        assert!((plume.distance_to(0.05) / 367.0 - 1.0).abs() < 0.02, "{}", plume.distance_to(0.05));
        // gasdispersion, whose tests hold the same example to all digits: within its air's density.
        for (distance, expected) in [(45.2, 0.672_023), (367.0, 0.050_718), (1200.0, 0.004_921_4)] {
            let found = plume.fraction(distance);
            assert!((found / expected - 1.0).abs() < 2e-3, "{distance} m: {found}");
        }
    }

    #[test]
    fn another_worked_example_comes_out() {
        // A public page: the same spill in air of 288.15 K and 1.225 kg/m³.
        let (release, _) = lng();
        let air = ScreeningAir { wind: 10.9, density: 1.225, temperature: 288.15 };
        let plume = Plume::of(&release, &air);
        assert!((plume.alpha + 0.435_7).abs() < 1e-4);
        assert!((plume.distance_to(0.05) - 354.56).abs() < 0.1, "{}", plume.distance_to(0.05));
        assert!((plume.buoyancy_length - 0.183_9).abs() < 1e-4);
        assert!((plume.upwind_reach() - 1.497).abs() < 1e-3);
        assert!((plume.half_width(0.0) - 3.730).abs() < 1e-3);
        assert_eq!(plume.half_width(-1.5), 0.0);
    }

    #[test]
    fn a_gas_like_air_is_taken_as_passive() {
        let (release, air) = lng();
        let like_air = DenseRelease { density: air.density, temperature: air.temperature, ..release };
        let plume = Plume::of(&like_air, &air);
        assert!(!plume.is_within_curves() && plume.buoyancy_length == 0.0);
        // The curve of 1 % is level at 10^2.25 D.
        assert!((plume.distance_to(0.01) / plume.length - 10_f64.powf(2.25)).abs() < 1e-9);
    }
}
