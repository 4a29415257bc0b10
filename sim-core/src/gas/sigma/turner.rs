//! Turner's reading of the Pasquill-Gifford curves.

use crate::gas::sigma::{Curve, Curves, LogSquare, Piece, SigmaSet};
use crate::gas::weather::{Stability, Surroundings};

/// Fits to the curves of Turner's workbook for open country.
///
/// Across the wind a power law; upwards a power law up to 300 or 500 m and a
/// parabola of logarithms beyond it.
///
/// # Valid for
/// 100 m to 100 km (class A to 3 km, B to 20 km), averages of ten minutes; below
/// 100 m the power laws are extended to the source. The two parts of a vertical
/// curve meet within 3 %, as the fits do.
///
/// # Source
/// turner1970, in the fits of lees, as quoted in a public program (neither opened itself).
pub struct Turner;

/// Crosswind power laws of classes A to F.
const CROSSWIND: [[Piece; 1]; 6] = [
    [Piece::new(0.0, 0.493, 0.88)],
    [Piece::new(0.0, 0.337, 0.88)],
    [Piece::new(0.0, 0.195, 0.90)],
    [Piece::new(0.0, 0.128, 0.90)],
    [Piece::new(0.0, 0.091, 0.91)],
    [Piece::new(0.0, 0.067, 0.90)],
];

/// Vertical curves of classes A to F; that of C is a power law throughout.
const VERTICAL: [LogSquare; 6] = [
    LogSquare { near: (0.087, 1.10), switch: 300.0, far: (-1.67, 0.902, 0.181) },
    LogSquare { near: (0.135, 0.95), switch: 500.0, far: (-1.25, 1.09, 0.0018) },
    LogSquare { near: (0.112, 0.91), switch: f64::INFINITY, far: (0.0, 0.0, 0.0) },
    LogSquare { near: (0.093, 0.85), switch: 500.0, far: (-1.22, 1.08, -0.061) },
    LogSquare { near: (0.082, 0.82), switch: 500.0, far: (-1.18, 1.04, -0.070) },
    LogSquare { near: (0.057, 0.80), switch: 500.0, far: (-1.91, 1.37, -0.119) },
];

/// Farthest distance that serves every class at which plumes are asked for, m.
const FARTHEST: f64 = 20_000.0;

impl SigmaSet for Turner {
    fn name(&self) -> &'static str {
        "turner"
    }

    fn meaning(&self) -> &'static str {
        "Turner 1970, open country, 100 m to 20 km (class A to 3 km)"
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings::Rural
    }

    fn valid_distances(&self) -> (f64, f64) {
        (100.0, FARTHEST)
    }

    fn curves(&self, class: Stability) -> Curves {
        Curves {
            crosswind: Curve::power(&CROSSWIND[class as usize]),
            vertical: Curve::LogSquare { parts: VERTICAL[class as usize], factor: 1.0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::sigma::pasquill_gifford::PasquillGifford;

    #[test]
    fn the_parts_of_a_vertical_curve_meet() {
        for class in Stability::ALL {
            let switch = VERTICAL[class as usize].switch;
            if switch.is_finite() {
                let curve = Turner.curves(class).vertical;
                let (below, above) = (curve.at(switch), curve.at(switch * (1.0 + 1e-12)));
                assert!((below / above - 1.0).abs() < 0.03, "{class:?}: {below} {above}");
            }
        }
    }

    #[test]
    fn agrees_with_the_other_reading_of_the_same_curves() {
        // Both are readings of the Pasquill-Gifford graph: within 15 % from 200 m to 3 km, class A upwards within 20 %.
        for class in Stability::ALL {
            let (turner, isc) = (Turner.curves(class), PasquillGifford.curves(class));
            for distance in [200.0, 1000.0, 3000.0] {
                let wide = turner.crosswind.at(distance) / isc.crosswind.at(distance);
                let high = turner.vertical.at(distance) / isc.vertical.at(distance);
                assert!((wide - 1.0).abs() < 0.15, "{class:?} {distance}: {wide}");
                assert!((high - 1.0).abs() < 0.20, "{class:?} {distance}: {high}");
            }
        }
    }
}
