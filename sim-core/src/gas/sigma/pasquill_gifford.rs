//! The Pasquill-Gifford curves as the regulatory Gaussian models have them.

use crate::gas::sigma::{Curve, Curves, Piece, SigmaSet};
use crate::gas::weather::{Stability, Surroundings};
use crate::units::METRES_PER_KILOMETRE;

/// The Pasquill-Gifford curves for open country, in the form of ISC3.
///
/// $$ \sigma_y = \frac{x}{2.15} \tan(c - d \ln x_{km}), \qquad \sigma_z = a\, x_{km}^b \le 5000\,\mathrm m $$
///
/// # Valid for
/// 100 m to 50 km over open country of roughness 3 cm, averages of some ten minutes; below
/// 100 m the first piece is extended to the source. Where the tangent of classes A and B
/// narrows to nothing, beyond some 10⁴ km, nothing is asked of it.
///
/// # Source
/// isc3 tables 1-1 and 1-2; the vertical pieces checked against boubel1994 table 19-5, the
/// crosswind angles against public programs that quote isc3 (not opened itself).
pub struct PasquillGifford;

/// c and d of classes A to F, degrees.
const ANGLES: [(f64, f64); 6] = [
    (24.1670, 2.5334),
    (18.3330, 1.8096),
    (12.5000, 1.0857),
    (8.3330, 0.723_82),
    (6.2500, 0.542_87),
    (4.1667, 0.361_91),
];

/// Highest vertical coefficient, m.
///
/// # Source
/// isc3 table 1-2, note.
const HIGHEST: f64 = 5000.0;

/// a and b of class A from a distance on.
const A: [Piece; 8] = [
    Piece::new(0.0, 122.8, 0.944_7),
    Piece::new(100.0, 158.08, 1.054_2),
    Piece::new(150.0, 170.22, 1.093_2),
    Piece::new(200.0, 179.52, 1.126_2),
    Piece::new(250.0, 217.41, 1.264_4),
    Piece::new(300.0, 258.89, 1.409_4),
    Piece::new(400.0, 346.75, 1.728_3),
    Piece::new(500.0, 453.85, 2.116_6),
];

/// a and b of class B from a distance on.
const B: [Piece; 3] = [
    Piece::new(0.0, 90.673, 0.931_98),
    Piece::new(200.0, 98.483, 0.983_32),
    Piece::new(400.0, 109.3, 1.097_1),
];

/// a and b of class C from a distance on.
const C: [Piece; 1] = [Piece::new(0.0, 61.141, 0.914_65)];

/// a and b of class D from a distance on.
const D: [Piece; 6] = [
    Piece::new(0.0, 34.459, 0.869_74),
    Piece::new(300.0, 32.093, 0.810_66),
    Piece::new(1000.0, 32.093, 0.644_03),
    Piece::new(3000.0, 33.504, 0.604_86),
    Piece::new(10_000.0, 36.65, 0.565_89),
    Piece::new(30_000.0, 44.053, 0.511_79),
];

/// a and b of class E from a distance on.
const E: [Piece; 9] = [
    Piece::new(0.0, 24.26, 0.836_6),
    Piece::new(100.0, 23.331, 0.819_56),
    Piece::new(300.0, 21.628, 0.756_6),
    Piece::new(1000.0, 21.628, 0.630_77),
    Piece::new(2000.0, 22.534, 0.571_54),
    Piece::new(4000.0, 24.703, 0.505_27),
    Piece::new(10_000.0, 26.97, 0.467_13),
    Piece::new(20_000.0, 35.42, 0.376_15),
    Piece::new(40_000.0, 47.618, 0.295_92),
];

/// a and b of class F from a distance on.
const F: [Piece; 10] = [
    Piece::new(0.0, 15.209, 0.815_58),
    Piece::new(200.0, 14.457, 0.784_07),
    Piece::new(700.0, 13.953, 0.684_65),
    Piece::new(1000.0, 13.953, 0.632_27),
    Piece::new(2000.0, 14.823, 0.545_03),
    Piece::new(3000.0, 16.187, 0.464_9),
    Piece::new(7000.0, 17.836, 0.415_07),
    Piece::new(15_000.0, 22.651, 0.326_81),
    Piece::new(30_000.0, 27.074, 0.274_36),
    Piece::new(60_000.0, 34.219, 0.217_16),
];

/// The pieces of classes A to F.
const PIECES: [&[Piece]; 6] = [&A, &B, &C, &D, &E, &F];

impl SigmaSet for PasquillGifford {
    fn name(&self) -> &'static str {
        "pasquill_gifford"
    }

    fn meaning(&self) -> &'static str {
        "Pasquill-Gifford as in ISC3, open country, 100 m to 50 km"
    }

    fn surroundings(&self) -> Surroundings {
        Surroundings::Rural
    }

    fn valid_distances(&self) -> (f64, f64) {
        (100.0, 50_000.0)
    }

    fn curves(&self, class: Stability) -> Curves {
        let (angle, narrowing) = ANGLES[class as usize];
        Curves {
            crosswind: Curve::LogTangent {
                angle: angle.to_radians(),
                narrowing: narrowing.to_radians(),
                factor: 1.0,
            },
            vertical: Curve::Power {
                pieces: PIECES[class as usize],
                unit: METRES_PER_KILOMETRE,
                highest: HIGHEST,
                factor: 1.0,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reproduces_the_values_printed_at_the_joints_of_the_table() {
        // boubel1994 table 19-5, last column: the coefficient at the lower end of a piece.
        let printed = [
            (Stability::A, 500.0, 104.7),
            (Stability::A, 400.0, 71.2),
            (Stability::A, 300.0, 47.4),
            (Stability::A, 250.0, 37.7),
            (Stability::A, 200.0, 29.3),
            (Stability::A, 150.0, 21.4),
            (Stability::A, 100.0, 14.0),
            (Stability::B, 400.0, 40.0),
            (Stability::B, 200.0, 20.2),
            (Stability::D, 30_000.0, 251.2),
            (Stability::D, 10_000.0, 134.9),
            (Stability::D, 3000.0, 65.1),
            (Stability::D, 1000.0, 32.1),
            (Stability::D, 300.0, 12.1),
            (Stability::E, 40_000.0, 141.9),
            (Stability::E, 20_000.0, 109.3),
        ];
        for (class, distance, expected) in printed {
            let value = PasquillGifford.curves(class).vertical.at(distance);
            assert!((value - expected).abs() < 0.051, "{class:?} {distance}: {value} {expected}");
        }
    }

    #[test]
    fn the_width_at_one_kilometre_is_the_tangent_of_the_printed_angle() {
        // ln 1 = 0: 465.11628 tan(c).
        for class in Stability::ALL {
            let angle = ANGLES[class as usize].0;
            let expected = 465.116_28 * (0.017_453_293 * angle).tan();
            let value = PasquillGifford.curves(class).crosswind.at(1000.0);
            assert!((value / expected - 1.0).abs() < 1e-7, "{class:?}");
        }
    }

    #[test]
    fn never_rises_above_five_kilometres() {
        assert_eq!(PasquillGifford.curves(Stability::A).vertical.at(20_000.0), 5000.0);
    }
}
