//! The curves: how far a gas of a given weight goes until it is so much thinner.

/// α between which the curves were drawn; beyond it the nearer end is taken.
///
/// # Source
/// The lower end is that of the drawn curves as remembered; below −0.7 they are level.
pub const ALPHA_RANGE: (f64, f64) = (-1.0, 1.0);

/// One curve: the logarithm of the scaled distance over α, in straight pieces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Fraction of the source's that is reached.
    pub fraction: f64,
    /// Upper end of a piece in α, slope and value at α = 0.
    pieces: &'static [(f64, f64, f64)],
}

impl Curve {
    /// Logarithm to base ten of the scaled distance, β(α).
    ///
    /// α is held within [`ALPHA_RANGE`]: beyond its upper end all curves would fall, so
    /// that holding them is the longer distance.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::dense::britter_mcquaid::PLUME_CURVES;
    /// // The curve of a tenth at α = −0.4: 0.24 · (−0.4) + 1.88.
    /// assert!((PLUME_CURVES[0].beta(-0.4) - 1.784).abs() < 1e-12);
    /// ```
    pub fn beta(&self, alpha: f64) -> f64 {
        let alpha = alpha.clamp(ALPHA_RANGE.0, ALPHA_RANGE.1);
        let holds = |piece: &&(f64, f64, f64)| alpha <= piece.0;
        let &(_, slope, value) =
            self.pieces.iter().find(holds).unwrap_or(&self.pieces[self.pieces.len() - 1]);
        slope * alpha + value
    }
}

const fn curve(fraction: f64, pieces: &'static [(f64, f64, f64)]) -> Curve {
    Curve { fraction, pieces }
}

/// Curves of a plume: β = log10(x/D) over α = 0.2 log10(g0'² q0/u10⁵), D = √(q0/u10).
///
/// # Source
/// ccps1999 after brittermcquaid1988, as digitised for a screening program of the EPA and
/// kept in a public library (gasdispersion); the books were not opened. Neighbouring pieces meet
/// within 0.006 of a decade.
pub const PLUME_CURVES: [Curve; 6] = [
    curve(0.10, &[(-0.55, 0.0, 1.75), (-0.14, 0.24, 1.88), (1.0, -0.50, 1.78)]),
    curve(0.05, &[(-0.68, 0.0, 1.92), (-0.29, 0.36, 2.16), (-0.18, 0.0, 2.06), (1.0, -0.56, 1.96)]),
    curve(0.02, &[(-0.69, 0.0, 2.08), (-0.31, 0.45, 2.39), (-0.16, 0.0, 2.25), (1.0, -0.54, 2.16)]),
    curve(0.01, &[(-0.70, 0.0, 2.25), (-0.29, 0.49, 2.59), (-0.20, 0.0, 2.45), (1.0, -0.52, 2.35)]),
    curve(0.005, &[(-0.67, 0.0, 2.40), (-0.28, 0.59, 2.80), (-0.15, 0.0, 2.63), (1.0, -0.48, 2.56)]),
    curve(0.002, &[(-0.69, 0.0, 2.60), (-0.25, 0.39, 2.87), (-0.13, 0.0, 2.77), (1.0, -0.50, 2.71)]),
];

/// Curves of a puff: β = log10(x/V0^(1/3)) over α = 0.5 log10(g0' V0^(1/3)/u10²).
///
/// # Source
/// As [`PLUME_CURVES`]; neighbouring pieces meet within 0.009 of a decade.
pub const PUFF_CURVES: [Curve; 7] = [
    curve(0.10, &[(-0.44, 0.0, 0.70), (0.43, 0.26, 0.81), (1.0, 0.0, 0.93)]),
    curve(0.05, &[(-0.56, 0.0, 0.85), (0.31, 0.26, 1.00), (1.0, -0.12, 1.12)]),
    curve(0.02, &[(-0.66, 0.0, 0.95), (0.32, 0.36, 1.19), (1.0, -0.26, 1.38)]),
    curve(0.01, &[(-0.71, 0.0, 1.15), (0.37, 0.34, 1.39), (1.0, -0.38, 1.66)]),
    curve(0.005, &[(-0.52, 0.0, 1.48), (0.24, 0.26, 1.62), (1.0, -0.30, 1.75)]),
    curve(0.002, &[(0.27, 0.0, 1.83), (1.0, -0.32, 1.92)]),
    curve(0.001, &[(-0.10, 0.0, 2.075), (1.0, -0.27, 2.05)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_curve_meet() {
        for (curves, gap) in [(&PLUME_CURVES[..], 0.006), (&PUFF_CURVES[..], 0.009)] {
            for curve in curves {
                for pair in curve.pieces.windows(2) {
                    let end = pair[0].0;
                    let step = (pair[1].1 - pair[0].1) * end + pair[1].2 - pair[0].2;
                    assert!(step.abs() <= gap, "{} at {end}: {step}", curve.fraction);
                    assert!(pair[1].0 > end);
                }
                assert_eq!(curve.pieces.last().map(|piece| piece.0), Some(ALPHA_RANGE.1));
            }
        }
    }

    #[test]
    fn a_thinner_cloud_is_always_farther_away() {
        for curves in [&PLUME_CURVES[..], &PUFF_CURVES[..]] {
            for step in 0..=240 {
                let alpha = -1.2 + 0.01 * f64::from(step);
                for pair in curves.windows(2) {
                    assert!(pair[0].fraction > pair[1].fraction);
                    assert!(pair[0].beta(alpha) < pair[1].beta(alpha), "{} at {alpha}", pair[0].fraction);
                }
            }
        }
    }

    #[test]
    fn curves_agree_with_the_points_that_a_public_library_tests() {
        // gasdispersion: its tests of the two families of curves.
        let plumes = [
            (-0.75, [1.75, 1.92, 2.08, 2.25, 2.40, 2.60]),
            (-0.40, [1.784, 2.016, 2.21, 2.394, 2.564, 2.714]),
            (-0.20, [1.832, 2.06, 2.25, 2.45, 2.63, 2.77]),
            (0.0, [1.78, 1.96, 2.16, 2.35, 2.56, 2.71]),
        ];
        for (alpha, expected) in plumes {
            for (curve, beta) in PLUME_CURVES.iter().zip(expected) {
                assert!((curve.beta(alpha) - beta).abs() < 1e-12, "{} at {alpha}", curve.fraction);
            }
        }
        let puffs = [
            (-0.75, [0.70, 0.85, 0.95, 1.15, 1.48, 1.83, 2.075]),
            (0.0, [0.81, 1.00, 1.19, 1.39, 1.62, 1.83, 2.05]),
            (0.75, [0.93, 1.03, 1.185, 1.375, 1.525, 1.68, 1.847_5]),
        ];
        for (alpha, expected) in puffs {
            for (curve, beta) in PUFF_CURVES.iter().zip(expected) {
                assert!((curve.beta(alpha) - beta).abs() < 1e-12, "{} at {alpha}", curve.fraction);
            }
        }
    }
}
