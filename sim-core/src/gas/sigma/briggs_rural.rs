//! Briggs's open-country curves.

use crate::gas::sigma::Growth::{Inverse, InverseRoot, Linear};
use crate::gas::sigma::{Curve, Curves, SigmaSet};
use crate::gas::weather::{Stability, Surroundings};

/// Briggs's interpolation of the Pasquill-Gifford, Brookhaven and TVA curves for open country.
///
/// # Valid for
/// 100 m to 10 km, averages of about ten minutes. Below 100 m the curves are
/// extended to the source as they stand: both coefficients grow in proportion to
/// the distance, so that concentrations near the source are high and rough. A
/// zone that ends there is marked.
///
/// # Source
/// briggs1973; gifford1976; checked against boubel1994 table 19-7.
pub struct BriggsRural;

/// Slopes and bends of classes A to F: crosswind slope, then the vertical curve.
const CURVES: [(f64, Curve); 6] = [
    (0.22, Curve::new(0.20, 0.0, Linear)),
    (0.16, Curve::new(0.12, 0.0, Linear)),
    (0.11, Curve::new(0.08, 0.0002, InverseRoot)),
    (0.08, Curve::new(0.06, 0.0015, InverseRoot)),
    (0.06, Curve::new(0.03, 0.0003, Inverse)),
    (0.04, Curve::new(0.016, 0.0003, Inverse)),
];

/// Bend of the crosswind curves, 1/m.
const CROSSWIND_BEND: f64 = 0.0001;

impl SigmaSet for BriggsRural {
    fn name(&self) -> &'static str {
        "briggs_rural"
    }

    fn meaning(&self) -> &'static str {
        "Briggs 1973, open country, 100 m to 10 km"
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings::Rural
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
        // boubel1994 table 19-7, evaluated by hand at x = 1000 m.
        let expected = [
            (Stability::A, 220.0 / 1.1_f64.sqrt(), 200.0),
            (Stability::C, 110.0 / 1.1_f64.sqrt(), 80.0 / 1.2_f64.sqrt()),
            (Stability::D, 80.0 / 1.1_f64.sqrt(), 60.0 / 2.5_f64.sqrt()),
            (Stability::F, 40.0 / 1.1_f64.sqrt(), 16.0 / 1.3),
        ];
        for (class, width, height) in expected {
            let curves = BriggsRural.curves(class);
            assert!((curves.crosswind.at(1000.0) - width).abs() < 1e-9, "{class:?}");
            assert!((curves.vertical.at(1000.0) - height).abs() < 1e-9, "{class:?}");
        }
    }
}
