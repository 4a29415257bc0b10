//! One coefficient against distance, in the shapes in which sets are published.

use crate::units::METRES_PER_KILOMETRE;

/// Power of the bracket in s(x) = a x (1 + b x)^p.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// p = 0.
    Linear,
    /// p = −1/2.
    InverseRoot,
    /// p = −1.
    Inverse,
    /// p = +1/2.
    Root,
}

/// A power law s(x) = a (x/unit)^b from some distance on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Distance from which it holds, m.
    pub from: f64,
    /// Coefficient at one unit of distance, m.
    pub coefficient: f64,
    /// Exponent.
    pub exponent: f64,
}

impl Piece {
    /// A piece from its three parts.
    pub const fn new(from: f64, coefficient: f64, exponent: f64) -> Self {
        Self { from, coefficient, exponent }
    }
}

/// A power law near the source and a parabola of logarithms beyond it:
/// s(x) = a x^b up to a distance, then log10 s = c + d log10 x + e (log10 x)².
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogSquare {
    /// Coefficient and exponent of the power law.
    pub near: (f64, f64),
    /// Distance at which the parabola takes over, m.
    pub switch: f64,
    /// The three coefficients of the parabola.
    pub far: (f64, f64, f64),
}

/// One coefficient against distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Curve {
    /// s(x) = a x (1 + b x)^p.
    Bracket {
        /// Slope at the source, m/m.
        slope: f64,
        /// Inverse of the distance at which growth changes, 1/m.
        bend: f64,
        /// Power of the bracket.
        growth: Growth,
    },
    /// Power laws one after another, nearest first, the whole at most a highest value.
    Power {
        /// The pieces.
        pieces: &'static [Piece],
        /// Distance for which the coefficients stand, m.
        unit: f64,
        /// Highest value before the factor, m.
        highest: f64,
        /// Factor on the whole.
        factor: f64,
    },
    /// s(x) = s₁ x tan(c − d ln x): a half-angle that narrows with the distance.
    LogTangent {
        /// c, radians at 1 km.
        angle: f64,
        /// d, radians per e-fold of distance.
        narrowing: f64,
        /// Factor on the whole.
        factor: f64,
    },
    /// A power law, then a parabola of logarithms.
    LogSquare {
        /// The parts.
        parts: LogSquare,
        /// Factor on the whole.
        factor: f64,
    },
}

/// Metres per metre of distance times the tangent of the half-angle: 1/2.15, the width at
/// which the concentration is a tenth of that on the axis.
///
/// # Source
/// isc3 equation 1-32 (465.11628 for x in km).
const TANGENT_SLOPE: f64 = 0.465_116_28;

/// Steps of the bisection for a distance: 200 halvings of any bracket reach rounding.
const BISECTIONS: usize = 200;

/// Range of distances in which one is sought, m.
const SEARCH: (f64, f64) = (1e-9, 1e9);

impl Curve {
    /// A bracket curve from its three parts.
    pub const fn new(slope: f64, bend: f64, growth: Growth) -> Self {
        Self::Bracket { slope, bend, growth }
    }

    /// Power laws of the distance in metres, without a highest value.
    pub const fn power(pieces: &'static [Piece]) -> Self {
        Self::Power { pieces, unit: 1.0, highest: f64::INFINITY, factor: 1.0 }
    }

    /// The coefficient at a distance, m; zero at and before the source.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::sigma::{Curve, Growth, Piece};
    /// // 0.08 x (1 + 0.0001 x)^(-1/2) at 1 km: 80/sqrt(1.1) = 76.3 m.
    /// let briggs = Curve::new(0.08, 0.0001, Growth::InverseRoot);
    /// assert!((briggs.at(1000.0) - 76.28).abs() < 0.01);
    /// // 0.128 x^0.905 at 100 m: 8.26 m.
    /// static PIECES: [Piece; 1] = [Piece::new(0.0, 0.128, 0.905)];
    /// assert!((Curve::power(&PIECES).at(100.0) - 8.26).abs() < 0.01);
    /// ```
    pub fn at(&self, distance: f64) -> f64 {
        if distance <= 0.0 {
            return 0.0;
        }
        match *self {
            Self::Bracket { slope, bend, growth } => {
                let bracket = 1.0 + bend * distance;
                let factor = match growth {
                    Growth::Linear => 1.0,
                    Growth::InverseRoot => 1.0 / bracket.sqrt(),
                    Growth::Inverse => 1.0 / bracket,
                    Growth::Root => bracket.sqrt(),
                };
                slope * distance * factor
            }
            Self::Power { pieces, unit, highest, factor } => {
                let piece = pieces.iter().rev().find(|piece| distance >= piece.from).unwrap_or(&pieces[0]);
                factor * (piece.coefficient * (distance / unit).powf(piece.exponent)).min(highest)
            }
            Self::LogTangent { angle, narrowing, factor } => {
                let half_angle = angle - narrowing * (distance / METRES_PER_KILOMETRE).ln();
                factor * TANGENT_SLOPE * distance * half_angle.tan()
            }
            Self::LogSquare { parts, factor } => {
                let LogSquare { near, switch, far } = parts;
                let value = if distance <= switch {
                    near.0 * distance.powf(near.1)
                } else {
                    let log = distance.log10();
                    10.0_f64.powf(far.0 + log * (far.1 + log * far.2))
                };
                factor * value
            }
        }
    }

    /// The same curve times a factor.
    pub fn scaled(self, by: f64) -> Self {
        match self {
            Self::Bracket { slope, bend, growth } => Self::Bracket { slope: slope * by, bend, growth },
            Self::Power { pieces, unit, highest, factor } => {
                Self::Power { pieces, unit, highest, factor: factor * by }
            }
            Self::LogTangent { angle, narrowing, factor } => {
                Self::LogTangent { angle, narrowing, factor: factor * by }
            }
            Self::LogSquare { parts, factor } => Self::LogSquare { parts, factor: factor * by },
        }
    }

    /// The distance at which the coefficient has a value: the virtual distance of a cloud of that size, m.
    ///
    /// Found by bisection on the logarithm of the distance; a value above what
    /// the curve reaches gives the farthest distance that is sought (10⁹ m).
    pub fn distance_of(&self, sigma: f64) -> f64 {
        if sigma <= 0.0 {
            return 0.0;
        }
        if let Self::Bracket { slope, bend, growth } = *self {
            return bracket_distance(sigma / slope, bend, growth);
        }
        let (mut near, mut far) = (SEARCH.0.ln(), SEARCH.1.ln());
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (near + far);
            if middle <= near || middle >= far {
                break;
            }
            // Beyond the reach of a tangent the value turns negative: that is too far.
            let value = self.at(middle.exp());
            if value < sigma && value > 0.0 { near = middle } else { far = middle }
        }
        far.exp()
    }
}

/// x of x (1 + b x)^p = r.
fn bracket_distance(ratio: f64, bend: f64, growth: Growth) -> f64 {
    match growth {
        Growth::Linear => ratio,
        // x² − b r² x − r² = 0
        Growth::InverseRoot => {
            let half = 0.5 * bend * ratio * ratio;
            half + (half * half + ratio * ratio).sqrt()
        }
        // Grows towards 1/b and never reaches it.
        Growth::Inverse if bend * ratio >= 1.0 => SEARCH.1,
        Growth::Inverse => ratio / (1.0 - bend * ratio),
        // b x³ + x² = r²: Newton from above, where the left side is convex.
        Growth::Root => {
            let mut x = ratio;
            for _ in 0..NEWTON_STEPS {
                let excess = x * x * (1.0 + bend * x) - ratio * ratio;
                let step = excess / (x * (2.0 + 3.0 * bend * x));
                x -= step;
                if step.abs() <= f64::EPSILON * x {
                    break;
                }
            }
            x
        }
    }
}

/// Newton's steps for the cubic: it converges quadratically from above, some eight are used.
const NEWTON_STEPS: usize = 60;
