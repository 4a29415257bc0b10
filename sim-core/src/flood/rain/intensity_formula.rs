//! Storm-intensity formulas: how hard it rains on average, by duration and return period.

/// A storm-intensity formula with the range in which its publisher vouches for it.
///
/// $$ i(t, P) = \frac{A_1 + B \lg P}{(t + b)^n} $$
///
/// The form of Chinese standards, \\(i = A_1 (1 + C \lg P)/(t + b)^n\\), is the
/// same with \\(B = A_1 C\\); a formula for one return period has \\(B = 0\\).
///
/// # Valid for
/// Return periods and durations between the bounds; outside them it says nothing.
///
/// # Source
/// `gb50014`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntensityFormula {
    strength: Strength,
    offset: f64,
    exponent: f64,
    return_periods_years: (f64, f64),
    durations: (f64, f64),
}

/// What stands above the line of a storm-intensity formula, m/s × s^n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strength {
    /// At a return period of one year.
    pub at_one_year: f64,
    /// What a tenfold return period adds.
    pub per_decade: f64,
}

impl IntensityFormula {
    /// A formula, or `None` where it could not be one.
    ///
    /// Within its range the intensity must be positive and finite, and the depth of
    /// rain must grow with its duration; a rule that takes rain away with time would
    /// give negative intensities.
    ///
    /// # Units
    /// - `offset`: b, s; `exponent`: n
    /// - `return_periods_years`, `durations` (s): lowest and highest that are vouched for
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::rain::intensity_formula::{IntensityFormula, Strength};
    /// use sim_core::units::{MINUTE, from_mm_h, to_mm_h};
    /// // 4860/(t + 39) in mm/h with t in min is 49.1 mm/h over an hour.
    /// let strength = Strength { at_one_year: from_mm_h(4860.0) * MINUTE, per_decade: 0.0 };
    /// let formula = IntensityFormula::new(strength, 39.0 * MINUTE, 1.0, (7.0, 7.0), (300.0, 7200.0));
    /// let curve = formula.and_then(|formula| formula.curve(7.0)).expect("inside the range");
    /// assert!((to_mm_h(curve.intensity(60.0 * MINUTE)) - 49.1).abs() < 0.05);
    /// ```
    pub fn new(
        strength: Strength,
        offset: f64,
        exponent: f64,
        return_periods_years: (f64, f64),
        durations: (f64, f64),
    ) -> Option<Self> {
        let rises = |range: (f64, f64)| range.0 > 0.0 && range.0 <= range.1 && range.1.is_finite();
        let formula = Self { strength, offset, exponent, return_periods_years, durations };
        let sound = rises(return_periods_years)
            && rises(durations)
            && exponent > 0.0
            && offset >= 0.0
            && (offset > 0.0 || exponent < 1.0)
            && (1.0 - exponent) * durations.1 + offset > 0.0
            && formula.strength_at(return_periods_years.0) > 0.0
            && formula.strength_at(return_periods_years.1) > 0.0
            && [strength.at_one_year, strength.per_decade, offset, exponent].iter().all(|x| x.is_finite());
        sound.then_some(formula)
    }

    /// Lowest and highest return period, years.
    pub fn return_periods_years(&self) -> (f64, f64) {
        self.return_periods_years
    }

    /// Shortest and longest duration, s.
    pub fn durations(&self) -> (f64, f64) {
        self.durations
    }

    /// The curve of one return period, or `None` outside the range of the formula.
    pub fn curve(&self, return_period_years: f64) -> Option<IntensityCurve> {
        let (low, high) = self.return_periods_years;
        (low..=high).contains(&return_period_years).then(|| IntensityCurve {
            strength: self.strength_at(return_period_years),
            offset: self.offset,
            exponent: self.exponent,
            durations: self.durations,
        })
    }

    fn strength_at(&self, return_period_years: f64) -> f64 {
        self.strength.at_one_year + self.strength.per_decade * return_period_years.log10()
    }
}

/// Mean intensity against duration for one return period.
///
/// $$ i(t) = \frac{a}{(t + b)^n}, \qquad H(t) = i(t)\,t $$
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntensityCurve {
    strength: f64,
    offset: f64,
    exponent: f64,
    durations: (f64, f64),
}

impl IntensityCurve {
    /// True where the publisher vouches for the curve.
    ///
    /// # Units
    /// - `duration`: s
    pub fn covers(&self, duration: f64) -> bool {
        (self.durations.0..=self.durations.1).contains(&duration)
    }

    /// Mean intensity of rain over a duration, m/s.
    ///
    /// # Units
    /// - `duration`: s
    pub fn intensity(&self, duration: f64) -> f64 {
        self.strength / (duration + self.offset).powf(self.exponent)
    }

    /// Depth of rain that falls in a duration, m; none in no time.
    ///
    /// # Units
    /// - `duration`: s
    pub fn depth(&self, duration: f64) -> f64 {
        if duration > 0.0 { self.intensity(duration) * duration } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{MINUTE, from_litres_s_hectare, to_mm_h};

    /// A (1 + C lg P) / (t + b)^n with A in L/(s hm²) and t in min.
    fn formula(a: f64, c: f64, b: f64, n: f64) -> Option<IntensityFormula> {
        let unit = from_litres_s_hectare(a) * MINUTE.powf(n);
        let strength = Strength { at_one_year: unit, per_decade: unit * c };
        IntensityFormula::new(strength, b * MINUTE, n, (1.0, 100.0), (5.0 * MINUTE, 180.0 * MINUTE))
    }

    #[test]
    fn a_litre_a_second_and_hectare_is_0_36_mm_h_and_nothing_else() {
        assert!((to_mm_h(from_litres_s_hectare(1.0)) - 0.36).abs() < 1e-15);
        let curve = formula(1000.0, 1.0, 10.0, 0.5).and_then(|formula| formula.curve(10.0));
        let curve = curve.expect("inside the range");
        // 1000 (1 + lg 10)/(15 + 10)^0.5 = 400 L/(s hm²) = 144 mm/h.
        assert!((to_mm_h(curve.intensity(15.0 * MINUTE)) - 144.0).abs() < 1e-9);
        assert!((curve.depth(15.0 * MINUTE) - 0.036).abs() < 1e-12);
    }

    #[test]
    fn rarer_rain_is_harder_and_longer_rain_is_deeper_but_softer() {
        let formula = formula(1312.0, 0.971, 7.739, 0.631).expect("a formula");
        let curves: Vec<_> = [1.0, 2.0, 10.0, 100.0].iter().filter_map(|&p| formula.curve(p)).collect();
        assert_eq!(curves.len(), 4);
        for minutes in 5..180 {
            let (t, next) = (f64::from(minutes) * MINUTE, f64::from(minutes + 1) * MINUTE);
            assert!(curves.windows(2).all(|pair| pair[0].intensity(t) < pair[1].intensity(t)));
            assert!(curves[0].intensity(next) < curves[0].intensity(t));
            assert!(curves[0].depth(next) > curves[0].depth(t));
        }
    }

    #[test]
    fn nothing_is_said_outside_the_range() {
        let formula = formula(1312.0, 0.971, 7.739, 0.631).expect("a formula");
        for outside in [0.5, 0.999, 100.1, f64::NAN] {
            assert!(formula.curve(outside).is_none(), "{outside}");
        }
        let curve = formula.curve(2.0).expect("inside");
        assert!(curve.covers(300.0) && curve.covers(10_800.0));
        assert!(!curve.covers(299.0) && !curve.covers(10_801.0) && !curve.covers(f64::NAN));
    }

    #[test]
    fn what_would_rain_backwards_is_no_formula() {
        // The depth of (t + 1)^-1.5 t falls from t = 2 min on.
        assert!(formula(1000.0, 0.5, 1.0, 1.5).is_none());
        assert!(formula(1000.0, 0.5, 0.0, 1.0).is_none(), "infinite rain at the peak");
        assert!(formula(1000.0, -0.6, 10.0, 0.7).is_none(), "negative at P = 100 years");
        assert!(formula(-1000.0, 0.5, 10.0, 0.7).is_none());
        assert!(formula(1000.0, 0.5, -1.0, 0.7).is_none());
        assert!(formula(f64::INFINITY, 0.5, 1.0, 0.7).is_none());
        // Exponents a little above one are published and sound: the old formula of Hangzhou.
        assert!(formula(10174.0, 0.844, 25.0, 1.038).is_some());
    }
}
