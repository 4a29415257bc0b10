//! The power laws of the TNO Yellow Book.

use crate::gas::sigma::{Curve, Curves, Piece, SigmaSet};
use crate::gas::weather::{Stability, Surroundings};

/// The curves of the TNO Yellow Book: $\sigma_y = a x^b$, $\sigma_z = c x^d$.
///
/// They stand for a roughness of 10 cm (low crops, few hedges). The book has a
/// factor on the vertical coefficient for other ground; it is left out here,
/// because no source of it could be opened.
///
/// # Valid for
/// Averages of ten minutes; the book gives no range: that of its field data, 100 m to 10 km, is
/// taken. Between the source and 100 m the power laws are extended.
///
/// # Source
/// cpr14e chapter 4, as quoted in a public program (not opened itself).
pub struct Tno;

/// a, b of the crosswind curves, classes A to F.
const CROSSWIND: [[Piece; 1]; 6] = [
    [Piece::new(0.0, 0.527, 0.865)],
    [Piece::new(0.0, 0.371, 0.866)],
    [Piece::new(0.0, 0.209, 0.897)],
    [Piece::new(0.0, 0.128, 0.905)],
    [Piece::new(0.0, 0.098, 0.902)],
    [Piece::new(0.0, 0.065, 0.902)],
];

/// c, d of the vertical curves, classes A to F.
const VERTICAL: [[Piece; 1]; 6] = [
    [Piece::new(0.0, 0.28, 0.90)],
    [Piece::new(0.0, 0.23, 0.85)],
    [Piece::new(0.0, 0.22, 0.80)],
    [Piece::new(0.0, 0.20, 0.76)],
    [Piece::new(0.0, 0.15, 0.73)],
    [Piece::new(0.0, 0.12, 0.67)],
];

impl SigmaSet for Tno {
    fn name(&self) -> &'static str {
        "tno"
    }

    fn meaning(&self) -> &'static str {
        "TNO Yellow Book, roughness 10 cm, 100 m to 10 km"
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings::Rural
    }

    fn valid_distances(&self) -> (f64, f64) {
        (100.0, 10_000.0)
    }

    fn curves(&self, class: Stability) -> Curves {
        Curves {
            crosswind: Curve::power(&CROSSWIND[class as usize]),
            vertical: Curve::power(&VERTICAL[class as usize]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decade_of_distance_multiplies_by_ten_to_the_exponent() {
        let curves = Tno.curves(Stability::D);
        assert!(
            (curves.crosswind.at(1000.0) / curves.crosswind.at(100.0) - 10.0_f64.powf(0.905)).abs() < 1e-12
        );
        // 0.128 · 1000^0.905 and 0.20 · 1000^0.76 by hand.
        assert!((curves.crosswind.at(1000.0) - 66.4).abs() < 0.05, "{}", curves.crosswind.at(1000.0));
        assert!((curves.vertical.at(1000.0) - 38.1).abs() < 0.05, "{}", curves.vertical.at(1000.0));
    }
}
