//! What a blast does, and how far.

use crate::error::Result;
use crate::gas::hazard::blast::Blast;
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::gas::hazard::fire::harm::{Threshold, row};
use crate::gas::hazard::probit::Probit;
use crate::gas::hazard::toxic_data::Checked;

/// Thresholds of overpressure, Pa, rising.
///
/// NOAA's ALOHA draws 1, 3.5 and 8 psi; those rows could not be looked up where they
/// are published and are never taken unasked.
pub const OVERPRESSURE: [Threshold; 13] = [
    row(140.0, "annoying noise", "噪声扰人", "clancey1972; table", Checked::Secondary),
    row(
        1_030.0,
        "typical pressure for glass breakage",
        "玻璃破碎的典型压力",
        "clancey1972; table",
        Checked::Secondary,
    ),
    row(
        2_070.0,
        "no serious damage below it with a probability of 95 %; a tenth of the windows broken",
        "低于此值95%概率无严重破坏",
        "clancey1972; table",
        Checked::Secondary,
    ),
    row(2_760.0, "limited minor structural damage", "轻微结构损坏", "clancey1972; table", Checked::Secondary),
    row(
        6_895.0,
        "glass shatters (1 psi)",
        "玻璃震碎",
        "aloha; level of concern, from memory",
        Checked::Remembered,
    ),
    row(
        6_900.0,
        "houses partly demolished, made uninhabitable",
        "房屋部分毁坏、不能居住",
        "clancey1972; table",
        Checked::Secondary,
    ),
    row(
        13_800.0,
        "walls and roofs of houses partly collapse",
        "房屋墙顶部分倒塌",
        "clancey1972; table",
        Checked::Secondary,
    ),
    row(
        20_700.0,
        "steel frame buildings distorted and pulled from their foundations",
        "钢框架变形、脱离基础",
        "clancey1972; table",
        Checked::Secondary,
    ),
    row(
        24_130.0,
        "serious injury likely (3.5 psi)",
        "可能严重受伤",
        "aloha; level of concern, from memory",
        Checked::Remembered,
    ),
    row(
        27_600.0,
        "cladding of light industrial buildings ruptured",
        "轻型厂房围护破裂",
        "clancey1972; table",
        Checked::Secondary,
    ),
    row(
        34_500.0,
        "wooden poles snapped; houses nearly destroyed up to 48 kPa",
        "木杆折断",
        "clancey1972; table",
        Checked::Secondary,
    ),
    row(
        55_160.0,
        "buildings destroyed (8 psi)",
        "建筑物毁坏",
        "aloha; level of concern, from memory",
        Checked::Remembered,
    ),
    row(
        68_900.0,
        "probable total destruction of buildings",
        "建筑物可能全毁",
        "clancey1972; table",
        Checked::Secondary,
    ),
];

/// Death by bleeding of the lungs, dose: peak overpressure in Pa.
///
/// # Source
/// neqsim class ProbitModel (Eisenberg).
///
/// # Example
/// ```
/// use sim_core::gas::hazard::blast::overpressure::LUNG_DEATH;
/// // Eisenberg's data: 1 % at 100 kPa, 99 % at 200 kPa.
/// assert!((LUNG_DEATH.probability(100e3) - 0.01).abs() < 0.005);
/// assert!(LUNG_DEATH.probability(200e3) > 0.98);
/// ```
pub const LUNG_DEATH: Probit = Probit { intercept: -77.1, slope: 6.91 };

/// Where a threshold of overpressure is met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BlastReach {
    /// Farthest distance, m.
    At(f64),
    /// It is met only nearer than the method's nearest distance, m, if anywhere.
    NearerThan(f64),
    /// It is still met at the method's farthest distance, m.
    FartherThan(f64),
}

/// Steps between the method's distances; each is a few per cent.
const STEPS: usize = 400;

/// Halvings of the interval in which the threshold is met.
const HALVINGS: usize = 50;

/// Farthest distance at which an overpressure is met.
///
/// Looked for from afar inwards, so that the last crossing is found also where a
/// curve is not monotone; beyond the distances of the method it says so.
///
/// # Units
/// - `threshold`: Pa
///
/// # Errors
/// E4543 a threshold that is not above zero.
pub fn distance_to(blast: &impl Blast, threshold: f64) -> Result<BlastReach> {
    let bound = Bound::above("overpressure threshold", threshold, 0.0, 1e9, "Pa");
    none_of(refuse(4543, &[bound], "give pascals: 1 psi is 6895"))?;
    let (nearest, farthest) = blast.distances();
    let step = (farthest / nearest).powf(1.0 / STEPS as f64);
    let place = |index: usize| (nearest * step.powi(index as i32)).clamp(nearest, farthest);
    let meets = |distance: f64| blast.overpressure(distance).is_some_and(|value| value >= threshold);
    let Some(index) = (0..=STEPS).rev().find(|&index| meets(place(index))) else {
        return Ok(BlastReach::NearerThan(nearest));
    };
    if index == STEPS {
        return Ok(BlastReach::FartherThan(farthest));
    }
    let (mut inside, mut outside) = (place(index), place(index + 1));
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        if meets(middle) { inside = middle } else { outside = middle }
    }
    Ok(BlastReach::At(inside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::hazard::blast::tnt::Tnt;
    use crate::gas::hazard::fire::harm::sourced;

    #[test]
    fn thresholds_rise_and_name_a_reference() {
        let references = include_str!("../../../../references.bib");
        assert!(OVERPRESSURE.windows(2).all(|pair| pair[0].value < pair[1].value));
        for row in OVERPRESSURE {
            let key = row.source.split(';').next().unwrap_or_default().trim();
            assert!(references.contains(&format!("{{{key},")), "{key}");
        }
        assert_eq!(sourced(&OVERPRESSURE).len(), 10);
    }

    #[test]
    fn at_its_distance_a_threshold_is_met_and_not_beyond() {
        let charge = Tnt { mass: 500.0 };
        let mut last = f64::INFINITY;
        for threshold in [1000.0, 6895.0, 24_130.0, 1e6] {
            let BlastReach::At(distance) = distance_to(&charge, threshold).expect("sound") else {
                panic!("on the curve");
            };
            assert!((charge.overpressure(distance).expect("inside") / threshold - 1.0).abs() < 1e-9);
            assert!(charge.overpressure(1.001 * distance).expect("inside") < threshold && distance < last);
            last = distance;
        }
    }

    #[test]
    fn outside_the_method_it_says_so() {
        let charge = Tnt { mass: 1.0 };
        assert_eq!(distance_to(&charge, 1e8).expect("sound"), BlastReach::NearerThan(0.2));
        assert_eq!(distance_to(&charge, 1.0).expect("sound"), BlastReach::FartherThan(198.5));
        assert_eq!(distance_to(&charge, 0.0).expect_err("refused").0[0].code.0, 4543);
    }
}
