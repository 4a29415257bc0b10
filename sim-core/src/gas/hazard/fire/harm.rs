//! What radiation does: doses, burns, deaths, thresholds.

use crate::gas::hazard::probit::Probit;
use crate::gas::hazard::toxic_data::Checked;

/// Power of the radiation in a thermal dose.
///
/// # Source
/// Eisenberg's dose q^(4/3) t, as in assael2010 page 127 and neqsim.
pub const DOSE_EXPONENT: f64 = 4.0 / 3.0;

/// Thermal dose, (W/m²)^(4/3) s.
///
/// $$ V = q^{4/3} t $$
///
/// # Units
/// - `irradiance`: W/m²; `duration`: s
///
/// # Example
/// ```
/// use sim_core::gas::hazard::fire::harm::thermal_dose;
/// // 1 kW/m² for 1 s: 1000^(4/3) = 10 000.
/// assert!((thermal_dose(1000.0, 1.0) - 1e4).abs() < 1e-8);
/// ```
pub fn thermal_dose(irradiance: f64, duration: f64) -> f64 {
    irradiance.max(0.0).powf(DOSE_EXPONENT) * duration.max(0.0)
}

/// How long somebody is exposed who turns and runs, s.
///
/// A reaction of five seconds and a run of 4 m/s to where it is safe, never longer
/// than the fire burns.
///
/// # Units
/// - `way`: distance to safety, m; `burns_for`: duration of the fire, s
///
/// # Source
/// assael2010 page 127 (reaction time 5 s, speed 4 m/s), as coded in a public toolbox.
pub fn exposure_of_a_runner(way: f64, burns_for: f64) -> f64 {
    (REACTION + way.max(0.0) / RUNNING).min(burns_for)
}

/// Time until somebody runs, s.
const REACTION: f64 = 5.0;

/// Speed of a run to safety, m/s.
const RUNNING: f64 = 4.0;

/// A probit over the thermal dose with what it counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BurnProbit {
    /// What it counts.
    pub harm: &'static str,
    /// Constants for a dose in (W/m²)^(4/3) s.
    pub probit: Probit,
    /// Key of `references.bib`, then what to look up there.
    pub source: &'static str,
    /// How the source was read.
    pub checked: Checked,
}

/// Probits of bare skin; clothing lowers the shares.
pub const BURNS: [BurnProbit; 4] = [
    BurnProbit {
        harm: "burns of the first degree",
        probit: Probit { intercept: -39.83, slope: 3.0186 },
        source: "assael2010; page 127",
        checked: Checked::Secondary,
    },
    BurnProbit {
        harm: "burns of the second degree",
        probit: Probit { intercept: -43.14, slope: 3.0186 },
        source: "assael2010; page 127",
        checked: Checked::Secondary,
    },
    BurnProbit {
        harm: "death (TNO)",
        probit: Probit { intercept: -36.38, slope: 2.56 },
        source: "assael2010; page 127",
        checked: Checked::Secondary,
    },
    BurnProbit {
        harm: "death (Eisenberg)",
        // −14.9 + 2.56 ln(V/10⁴)
        probit: Probit { intercept: -38.479, slope: 2.56 },
        source: "neqsim; class ProbitModel, quoting Eisenberg",
        checked: Checked::Secondary,
    },
];

/// A threshold of radiation or overpressure with what it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// Value: W/m² for radiation, Pa for overpressure.
    pub value: f64,
    /// What happens there, or what is allowed up to it.
    pub effect: &'static str,
    /// The same in Chinese.
    pub effect_zh: &'static str,
    /// Key of `references.bib`, then what to look up there.
    pub source: &'static str,
    /// How the source was read.
    pub checked: Checked,
}

/// Thresholds of radiation, rising.
///
/// Those of NOAA's ALOHA (2, 5 and 10 kW/m² for a minute) and of Chinese practice
/// (1.6, 12.5, 25, 37.5 kW/m²) could not be looked up where they are published; where
/// a row says remembered, it is offered and never taken unasked.
pub const RADIATION: [Threshold; 12] = [
    row(
        1_420.0,
        "people in the open, playgrounds (450 Btu/(h ft²))",
        "室外人员允许值",
        "hud51; 51.203",
        Checked::Primary,
    ),
    row(
        1_580.0,
        "people in work clothes without limit of time",
        "穿工作服可长期停留",
        "api521; table of permissible radiation",
        Checked::Secondary,
    ),
    row(1_600.0, "no discomfort over long times", "长时间无不适", "hj169; from memory", Checked::Remembered),
    row(
        2_000.0,
        "pain within a minute",
        "一分钟内疼痛",
        "aloha; level of concern, from memory",
        Checked::Remembered,
    ),
    row(4_000.0, "limit for the public", "公众限值", "neqsim; class JetFireModel", Checked::Secondary),
    row(
        4_730.0,
        "people in work clothes for a few seconds, escaping",
        "穿工作服短时逃生",
        "api521; table of permissible radiation",
        Checked::Secondary,
    ),
    row(
        5_000.0,
        "burns of the second degree after 40 s",
        "40秒二度烧伤",
        "rmp1999; endpoint for radiation",
        Checked::Secondary,
    ),
    row(
        9_460.0,
        "heat-resistant structures, nobody",
        "仅限耐热结构",
        "api521; table of permissible radiation",
        Checked::Secondary,
    ),
    row(
        10_000.0,
        "death possible within a minute",
        "一分钟内可能致命",
        "aloha; level of concern, from memory",
        Checked::Remembered,
    ),
    row(
        12_500.0,
        "fire spreads: wood lights at a flame",
        "木材引燃、火势蔓延",
        "neqsim; class JetFireModel",
        Checked::Secondary,
    ),
    row(
        31_500.0,
        "wooden buildings light within 15 to 20 min (10 000 Btu/(h ft²))",
        "木屋15至20分钟引燃",
        "hud51; appendix II",
        Checked::Primary,
    ),
    row(
        37_500.0,
        "process equipment is damaged",
        "工艺设备损坏",
        "neqsim; class JetFireModel",
        Checked::Secondary,
    ),
];

/// A row of a table of thresholds.
pub(in crate::gas::hazard) const fn row(
    value: f64,
    effect: &'static str,
    effect_zh: &'static str,
    source: &'static str,
    checked: Checked,
) -> Threshold {
    Threshold { value, effect, effect_zh, source, checked }
}

/// Thresholds that may be taken unasked: those whose source somebody read.
pub fn sourced(thresholds: &[Threshold]) -> Vec<Threshold> {
    thresholds.iter().filter(|row| row.checked != Checked::Remembered).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_rise_and_name_a_reference() {
        let references = include_str!("../../../../references.bib");
        assert!(RADIATION.windows(2).all(|pair| pair[0].value < pair[1].value));
        let sources = RADIATION.iter().map(|row| row.source).chain(BURNS.iter().map(|burn| burn.source));
        for source in sources {
            let key = source.split(';').next().unwrap_or_default().trim();
            assert!(references.contains(&format!("{{{key},")), "{key}");
        }
    }

    #[test]
    fn nothing_remembered_is_taken_unasked() {
        let taken = sourced(&RADIATION);
        assert!(taken.len() == 9 && taken.iter().all(|row| row.checked != Checked::Remembered));
    }

    #[test]
    fn worse_harm_needs_more_dose() {
        let dose = |index: usize| BURNS[index].probit.dose(0.5).expect("inside");
        assert!(dose(0) < dose(1) && dose(1) < dose(2));
    }

    #[test]
    fn eisenbergs_two_ways_of_writing_agree() {
        // −14.9 + 2.56 ln(V/10⁴) against the constants above.
        for dose in [1e6, 1e7, 1e8_f64] {
            let other = -14.9 + 2.56 * (dose / 1e4).ln();
            assert!((BURNS[3].probit.value(dose) - other).abs() < 1e-3);
        }
    }

    #[test]
    fn published_burn_times_lie_between_the_probits_of_both_degrees() {
        // Handbook of Chemical Hazard Analysis Procedures 1989, table 4.2 (as quoted at
        // clint-bg.github.io/safetyinjc): burns of the second degree after 30 s at 6 kW/m² and
        // 14 s at 10 kW/m². At these times the first degree is at two thirds and more, the
        // probit of the second still below 1 %: it is the laxer of both sources.
        for (flux, seconds) in [(6000.0, 30.0), (10_000.0, 14.0)] {
            let dose = thermal_dose(flux, seconds);
            let (first, second) = (BURNS[0].probit.probability(dose), BURNS[1].probit.probability(dose));
            assert!(first > 0.5 && second < 0.01, "{flux}: {first} {second}");
        }
    }

    #[test]
    fn a_runner_is_exposed_no_longer_than_the_fire_burns() {
        assert_eq!(exposure_of_a_runner(40.0, 60.0), 15.0);
        assert_eq!(exposure_of_a_runner(400.0, 8.0), 8.0);
    }
}
