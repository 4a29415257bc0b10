//! Briggs's urban curves.

use crate::gas::sigma::Growth::{InverseRoot, Linear, Root};
use crate::gas::sigma::{Curve, Curves, SigmaSet};
use crate::gas::weather::{Stability, Surroundings};

/// Briggs's curves for towns, after McElroy and Pooler's tracer study in St. Louis.
///
/// Classes A and B share a curve, and E and F.
///
/// # Valid for
/// 100 m to 10 km, averages of about ten minutes, at the scale of a town and
/// above its roofs. Below 100 m, and between buildings, see
/// [`BriggsRural`](super::briggs_rural::BriggsRural): the curves are extended, not validated.
///
/// # Source
/// briggs1973; gifford1976; checked against boubel1994 table 19-6.
pub struct BriggsUrban;

/// Bend of the crosswind curves, 1/m.
const CROSSWIND_BEND: f64 = 0.0004;

/// Crosswind slope, then the vertical curve, of classes A to F.
const CURVES: [(f64, Curve); 6] = [
    (0.32, Curve::new(0.24, 0.001, Root)),
    (0.32, Curve::new(0.24, 0.001, Root)),
    (0.22, Curve::new(0.20, 0.0, Linear)),
    (0.16, Curve::new(0.14, 0.0003, InverseRoot)),
    (0.11, Curve::new(0.08, 0.0015, InverseRoot)),
    (0.11, Curve::new(0.08, 0.0015, InverseRoot)),
];

impl SigmaSet for BriggsUrban {
    fn name(&self) -> &'static str {
        "briggs_urban"
    }

    fn meaning(&self) -> &'static str {
        "Briggs 1973, built-up, 100 m to 10 km"
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings::Urban
    }

    fn valid_distances(&self) -> (f64, f64) {
        (100.0, 10_000.0)
    }

    fn curves(&self, class: Stability) -> Curves {
        let (slope, vertical) = CURVES[class as usize];
        Curves { crosswind: Curve::new(slope, CROSSWIND_BEND, InverseRoot), vertical }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reproduces_the_published_formulas_at_one_kilometre() {
        // boubel1994 table 19-6, evaluated by hand at x = 1000 m.
        let expected = [
            (Stability::B, 320.0 / 1.4_f64.sqrt(), 240.0 * 2.0_f64.sqrt()),
            (Stability::C, 220.0 / 1.4_f64.sqrt(), 200.0),
            (Stability::D, 160.0 / 1.4_f64.sqrt(), 140.0 / 1.3_f64.sqrt()),
            (Stability::F, 110.0 / 1.4_f64.sqrt(), 80.0 / 2.5_f64.sqrt()),
        ];
        for (class, width, height) in expected {
            let curves = BriggsUrban.curves(class);
            assert!((curves.crosswind.at(1000.0) - width).abs() < 1e-9, "{class:?}");
            assert!((curves.vertical.at(1000.0) - height).abs() < 1e-9, "{class:?}");
        }
    }
}
