//! The dispersion coefficients of the Chinese standard GB/T 3840-91.

use crate::gas::sigma::{self, Curve, Curves, Piece, SigmaSet};
use crate::gas::weather::{Stability, Surroundings};

/// The power laws of GB/T 3840-91: $\sigma_y = \gamma_1 x^{\alpha_1}$, $\sigma_z = \gamma_2 x^{\alpha_2}$.
///
/// The standard asks for a class that is less stable than the observed one, by
/// the kind of land, before its table is read; each of its rules is a set of its own.
///
/// # Valid for
/// Averages of half an hour; longer ones by the standard's own exponents, shorter
/// ones by the one-fifth law, which the standard does not state below half an
/// hour. The standard gives no range of distances: 100 m to 10 km is taken.
///
/// # Source
/// gbt3840, appendix on dispersion coefficients, as coded in a public program (not opened itself).
pub struct Gbt3840 {
    name: &'static str,
    meaning: &'static str,
    surroundings: Surroundings,
    /// Rows of the table that stand for classes A to F.
    rows: [&'static Row; 6],
}

/// One row of the table: the crosswind and the vertical curve.
struct Row {
    crosswind: &'static [Piece],
    vertical: &'static [Piece],
}

/// γ and α of the crosswind curve of class A from a distance on.
const Y_A: [Piece; 2] = [Piece::new(0.0, 0.425_809, 0.901_074), Piece::new(1000.0, 0.602_052, 0.850_934)];

/// γ and α of the crosswind curve of class B from a distance on.
const Y_B: [Piece; 2] = [Piece::new(0.0, 0.281_846, 0.914_37), Piece::new(1000.0, 0.396_353, 0.865_014)];

/// γ and α of the crosswind curve of class C from a distance on.
const Y_C: [Piece; 2] = [Piece::new(0.0, 0.177_154, 0.924_279), Piece::new(1000.0, 0.232_123, 0.885_157)];

/// γ and α of the crosswind curve of class C-D from a distance on.
const Y_C_D: [Piece; 2] = [Piece::new(0.0, 0.143_94, 0.926_849), Piece::new(1000.0, 0.189_396, 0.886_94)];

/// γ and α of the crosswind curve of class D from a distance on.
const Y_D: [Piece; 2] = [Piece::new(0.0, 0.110_726, 0.929_418), Piece::new(1000.0, 0.146_669, 0.888_723)];

/// γ and α of the crosswind curve of class D-E from a distance on.
const Y_D_E: [Piece; 2] = [Piece::new(0.0, 0.098_563_1, 0.925_118), Piece::new(1000.0, 0.124_308, 0.892_794)];

/// γ and α of the crosswind curve of class E from a distance on.
const Y_E: [Piece; 2] = [Piece::new(0.0, 0.086_400_1, 0.920_818), Piece::new(1000.0, 0.101_947, 0.896_864)];

/// γ and α of the crosswind curve of class F from a distance on.
const Y_F: [Piece; 2] = [Piece::new(0.0, 0.055_363_4, 0.929_418), Piece::new(1000.0, 0.073_334_8, 0.888_723)];

/// γ and α of the vertical curve of class A from a distance on.
const Z_A: [Piece; 3] = [
    Piece::new(0.0, 0.079_990_4, 1.121_54),
    Piece::new(300.0, 0.008_547_71, 1.513_6),
    Piece::new(500.0, 0.000_211_545, 2.108_81),
];

/// γ and α of the vertical curve of class B from a distance on.
const Z_B: [Piece; 2] = [Piece::new(0.0, 0.127_19, 0.964_435), Piece::new(500.0, 0.057_025_1, 1.093_56)];

/// γ and α of the vertical curve of class C from a distance on.
const Z_C: [Piece; 1] = [Piece::new(0.0, 0.106_803, 0.917_595)];

/// γ and α of the vertical curve of class C-D from a distance on.
const Z_C_D: [Piece; 3] = [
    Piece::new(0.0, 0.126_152, 0.838_628),
    Piece::new(2000.0, 0.235_667, 0.756_41),
    Piece::new(10_000.0, 0.136_659, 0.815_575),
];

/// γ and α of the vertical curve of class D from a distance on.
const Z_D: [Piece; 3] = [
    Piece::new(0.0, 0.104_634, 0.826_212),
    Piece::new(1000.0, 0.400_167, 0.632_023),
    Piece::new(10_000.0, 0.810_763, 0.555_36),
];

/// γ and α of the vertical curve of class D-E from a distance on.
const Z_D_E: [Piece; 3] = [
    Piece::new(0.0, 0.111_771, 0.776_864),
    Piece::new(2000.0, 0.528_992, 0.572_347),
    Piece::new(10_000.0, 1.038_1, 0.499_149),
];

/// γ and α of the vertical curve of class E from a distance on.
const Z_E: [Piece; 3] = [
    Piece::new(0.0, 0.092_752_9, 0.788_37),
    Piece::new(1000.0, 0.433_384, 0.565_188),
    Piece::new(10_000.0, 1.732_41, 0.414_743),
];

/// γ and α of the vertical curve of class F from a distance on.
const Z_F: [Piece; 3] = [
    Piece::new(0.0, 0.062_076_5, 0.784_4),
    Piece::new(1000.0, 0.370_015, 0.525_969),
    Piece::new(10_000.0, 2.406_91, 0.322_659),
];

/// The rows of the table that are used.
const A: Row = Row { crosswind: &Y_A, vertical: &Z_A };
const B: Row = Row { crosswind: &Y_B, vertical: &Z_B };
const C: Row = Row { crosswind: &Y_C, vertical: &Z_C };
const C_D: Row = Row { crosswind: &Y_C_D, vertical: &Z_C_D };
const D: Row = Row { crosswind: &Y_D, vertical: &Z_D };
const D_E: Row = Row { crosswind: &Y_D_E, vertical: &Z_D_E };
const E: Row = Row { crosswind: &Y_E, vertical: &Z_E };
const F: Row = Row { crosswind: &Y_F, vertical: &Z_F };

/// Averaging time of the table, s.
///
/// # Source
/// gbt3840: samples of 0.5 h.
const TABLE_AVERAGING_TIME: f64 = 1800.0;

/// Averaging time above which the plume widens faster, s.
const LONG_AVERAGING_TIME: f64 = 3600.0;

/// Exponent above [`LONG_AVERAGING_TIME`]; below it is the one-fifth law.
///
/// # Source
/// gbt3840: 0.2 from 0.5 to 1 h, 0.3 from 1 to 100 h.
const LONG_EXPONENT: f64 = 0.3;

impl Gbt3840 {
    /// Every class by its own row, for land as it is.
    pub const AS_TABULATED: Self = Self {
        name: "gbt_3840",
        meaning: "GB/T 3840-91, classes as observed",
        surroundings: Surroundings::Rural,
        rows: [&A, &B, &C, &D, &E, &F],
    };

    /// Plains and open country in the countryside: D read as C-D, E as D-E, F as E.
    pub const PLAIN: Self = Self {
        name: "gbt_3840_plain",
        meaning: "GB/T 3840-91, rural plains: D read as C-D, E as D-E, F as E",
        surroundings: Surroundings::Rural,
        rows: [&A, &B, &C, &C_D, &D_E, &E],
    };

    /// Towns, industry and hills: C read as B, D as C, E as D, F as E.
    pub const BUILT_UP: Self = Self {
        name: "gbt_3840_built_up",
        meaning: "GB/T 3840-91, towns, industry, hills: C read as B, D as C, E as D, F as E",
        surroundings: Surroundings::Urban,
        rows: [&A, &B, &B, &C, &D, &E],
    };
}

impl SigmaSet for Gbt3840 {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> &'static str {
        self.meaning
    }

    fn surroundings(&self) -> Surroundings {
        self.surroundings
    }

    fn valid_distances(&self) -> (f64, f64) {
        (100.0, 10_000.0)
    }

    fn curves(&self, class: Stability) -> Curves {
        let row = self.rows[class as usize];
        Curves { crosswind: Curve::power(row.crosswind), vertical: Curve::power(row.vertical) }
    }

    fn base_averaging_time(&self) -> f64 {
        TABLE_AVERAGING_TIME
    }

    fn averaging_factor(&self, averaging_time: f64, class: Stability) -> f64 {
        let base = sigma::averaging_factor(TABLE_AVERAGING_TIME, class);
        let short = sigma::averaging_factor(averaging_time.min(LONG_AVERAGING_TIME), class) / base;
        short * (averaging_time / LONG_AVERAGING_TIME).max(1.0).powf(LONG_EXPONENT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_each_row_meet_within_one_per_cent() {
        for row in [&A, &B, &C, &C_D, &D, &D_E, &E, &F] {
            for pieces in [row.crosswind, row.vertical] {
                for piece in &pieces[1..] {
                    let curve = Curve::power(pieces);
                    let (below, above) = (curve.at(piece.from * (1.0 - 1e-12)), curve.at(piece.from));
                    assert!((below / above - 1.0).abs() < 0.01, "{piece:?}: {below} {above}");
                }
            }
        }
    }

    #[test]
    fn raising_the_class_widens_and_never_narrows() {
        for class in Stability::ALL {
            let own = Gbt3840::AS_TABULATED.curves(class);
            for raised in [Gbt3840::PLAIN, Gbt3840::BUILT_UP] {
                for distance in [100.0, 1000.0, 10_000.0] {
                    let raised = raised.curves(class);
                    assert!(raised.crosswind.at(distance) >= own.crosswind.at(distance));
                    assert!(raised.vertical.at(distance) >= own.vertical.at(distance));
                }
            }
        }
    }

    #[test]
    fn one_hour_is_wider_than_half_an_hour_by_a_fifth_power_and_a_day_by_more() {
        let factor = |time| Gbt3840::PLAIN.averaging_factor(time, Stability::D);
        assert!((factor(1800.0) - 1.0).abs() < 1e-14);
        assert!((factor(3600.0) - 2.0_f64.powf(0.2)).abs() < 1e-12);
        assert!((factor(7200.0) - 2.0_f64.powf(0.2) * 2.0_f64.powf(0.3)).abs() < 1e-12);
        assert!((factor(600.0) - 3.0_f64.powf(-0.2)).abs() < 1e-12);
    }

    #[test]
    fn class_d_at_one_kilometre_by_hand() {
        // 0.146669 · 1000^0.888723 = 68.0 m, 0.400167 · 1000^0.632023 = 31.5 m.
        let curves = Gbt3840::AS_TABULATED.curves(Stability::D);
        assert!((curves.crosswind.at(1000.0) - 68.0).abs() < 0.05, "{}", curves.crosswind.at(1000.0));
        assert!((curves.vertical.at(1000.0) - 31.5).abs() < 0.05, "{}", curves.vertical.at(1000.0));
    }
}
