//! Files of storm-intensity formulas: who published them, where they hold, and
//! the values by which a copy is checked.
//!
//! The formulas in `data/storms/` come with the program; `SHIPPED` lists them.
//! To add one, write a file whose check values stand in its source, and a line there.

use std::sync::OnceLock;

use crate::error::{Problems, Result};
use crate::flood::rain::intensity_formula::{IntensityFormula, Strength};
use crate::units::{MINUTE, from_litres_s_hectare, from_mm_h, from_mm_min};

use super::document::Document;
use super::fingerprint;
use super::section::{Reading, Section};

/// Formulas that come with the program: name and text.
const SHIPPED: [(&str, &str); 1] = [("noboribetsu", include_str!("../../data/storms/noboribetsu.toml"))];

/// How the return period enters, in the words of a file.
const FORMS: [&str; 3] = ["lg factor", "lg sum", "one return period"];

/// Units of the rain power and of check values.
const UNITS: [&str; 3] = ["L/(s hm2)", "mm/min", "mm/h"];

/// How the rain events were chosen to which the formula was fitted.
const SAMPLINGS: [&str; 3] = ["annual maximum", "multiple samples", "not stated"];

/// Largest part by which a recomputed check value may differ from the published
/// one: published tables are rounded to three digits or better.
const CHECK_TOLERANCE: f64 = 0.005;

/// A storm-intensity formula and what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct StormFormula {
    /// Where it holds.
    pub place: String,
    /// The formula with its numbers, for people.
    pub equation: String,
    /// Who published it; `None` where the file does not say.
    pub source: Option<StormSource>,
    /// How the rain events were chosen.
    pub sampling: String,
    /// What else the reader should know.
    pub note: Option<String>,
    /// The formula in SI units with its range.
    pub formula: IntensityFormula,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// Where a formula was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StormSource {
    /// Title, with its publisher.
    pub title: String,
    /// Address or DOI.
    pub url: String,
    /// Page or section.
    pub page: Option<String>,
}

/// All formulas that come with the program, by name.
pub fn storm_formulas() -> &'static [(&'static str, StormFormula)] {
    static ALL: OnceLock<Vec<(&'static str, StormFormula)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let parsed = |&(name, text): &(&'static str, &str)| match parse(text, name) {
            Ok(formula) => (name, formula),
            Err(problems) => unreachable!("data/storms/{name}.toml is part of the program: {problems}"),
        };
        SHIPPED.iter().map(parsed).collect()
    })
}

/// Reads a formula from the text of its file.
///
/// # Errors
/// All mistakes of the file at once. A missing source is none here: whether that
/// is accepted is for the scenario to say.
pub(super) fn parse(text: &str, file: &str) -> Result<StormFormula> {
    let mut mistakes = Vec::new();
    let document = Document::parse(text, file, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Problems(mistakes));
    }
    let reading = Reading::new(&document, false);
    let formula = read_file(&reading.root(), fingerprint(text, &[]));
    let problems = reading.problems.into_inner();
    match formula {
        Some(formula) if problems.is_empty() => Ok(formula),
        _ => Err(Problems(problems)),
    }
}

/// Numbers of a formula as its file gives them.
struct Numbers<'t> {
    form: &'t str,
    unit: &'t str,
    power: f64,
    /// What the logarithm of the return period is multiplied by: C or B, or 0.
    of_return_period: f64,
    offset_min: f64,
    exponent: f64,
}

fn read_file(root: &Section<'_>, sha256: String) -> Option<StormFormula> {
    let place = root.required_text("place", "where the formula holds", "Changsha, urban area");
    let source = read_source(root);
    let sampling = root.required_choice("sampling", &SAMPLINGS, "how rain events were chosen");
    let note = root.text("note", "what else the reader should know").map(str::to_owned);
    let years = read_range(root, "valid_return_period_years", "[2, 100]");
    let minutes = read_range(root, "valid_duration_min", "[5, 180]");
    let numbers = read_numbers(root);
    let check = root.rows::<3>(
        "check",
        "published values [return period in years, duration in min, intensity in the file's unit]",
        "[[2, 15, 251.7]]",
    );
    if check.is_none() && !root.has("check") && source.is_some() {
        root.report(
            1012,
            "check",
            "missing: without published values a slip of the pen goes unseen",
            "add check = [[2, 15, 251.7]] with values that stand in the source",
        );
    }
    root.finish();
    let (numbers, years, minutes) = (numbers?, years?, minutes?);
    let formula = numbers.formula(years, minutes);
    if formula.is_none() {
        root.report(
            1075,
            "rain_power",
            format!("{} is no storm-intensity formula in its range", numbers.equation()),
            "intensities must be positive, exponent above 0, and longer rain must be deeper: (1 - n) t + b above 0; ranges are [low, high] with low above 0",
        );
    }
    let formula = formula?;
    check.iter().flatten().for_each(|row| check_value(root, &formula, &numbers, *row));
    Some(StormFormula {
        place: place?.to_owned(),
        equation: numbers.equation(),
        source,
        sampling: sampling?.to_owned(),
        note,
        formula,
        sha256,
    })
}

/// The source; `None` when the file has none. Half a source is none, and a mistake of its own
/// kind would only be told twice.
fn read_source(root: &Section<'_>) -> Option<StormSource> {
    let title = root.text("source_title", "title and publisher of the source");
    let url = root.text("source_url", "address or DOI of the source");
    let page = root.text("page", "page or section in the source").map(str::to_owned);
    Some(StormSource { title: title?.to_owned(), url: url?.to_owned(), page })
}

fn read_range(root: &Section<'_>, key: &str, example: &str) -> Option<(f64, f64)> {
    let range = root.row::<2>(key, "lowest and highest that the source vouches for", example);
    range.map(|[low, high]| (low, high))
}

fn read_numbers<'t>(root: &Section<'t>) -> Option<Numbers<'t>> {
    let about =
        "lg factor: A (1 + C lg P)/(t + b)^n; lg sum: (A + B lg P)/(t + b)^n; one return period: A/(t + b)^n";
    let form = root.required_choice("form", &FORMS, about);
    let unit = root.required_choice("unit", &UNITS, "unit of rain_power and of check, with t in min");
    let power = root.number("rain_power", "A").required();
    // A key that another form needs is an unknown key here.
    let of_return_period = match form {
        Some("lg factor") => root.number("return_period_factor", "C").required(),
        Some("lg sum") => root.number("rain_power_per_decade", "B").required(),
        Some(_) => Some(0.0),
        None => {
            ["return_period_factor", "rain_power_per_decade"].iter().for_each(|key| root.know(key));
            None
        }
    };
    let offset_min = root.number("duration_offset_min", "b").required();
    let exponent = root.number("exponent", "n").required();
    Some(Numbers {
        form: form?,
        unit: unit?,
        power: power?,
        of_return_period: of_return_period?,
        offset_min: offset_min?,
        exponent: exponent?,
    })
}

impl Numbers<'_> {
    /// A rate of the file's unit in m/s.
    fn rate(&self, value: f64) -> f64 {
        match self.unit {
            "L/(s hm2)" => from_litres_s_hectare(value),
            "mm/min" => from_mm_min(value),
            _ => from_mm_h(value),
        }
    }

    fn formula(&self, years: (f64, f64), minutes: (f64, f64)) -> Option<IntensityFormula> {
        // The formula takes minutes, the engine seconds.
        let strength = |power: f64| self.rate(power) * MINUTE.powf(self.exponent);
        let per_decade =
            if self.form == "lg factor" { self.power * self.of_return_period } else { self.of_return_period };
        let strength = Strength { at_one_year: strength(self.power), per_decade: strength(per_decade) };
        let durations = (minutes.0 * MINUTE, minutes.1 * MINUTE);
        IntensityFormula::new(strength, self.offset_min * MINUTE, self.exponent, years, durations)
    }

    fn equation(&self) -> String {
        let Self { unit, power, of_return_period: other, offset_min, exponent, .. } = self;
        let above = match self.form {
            "lg factor" => format!("{power} (1 + {other} lg P)"),
            "lg sum" => format!("({power} + {other} lg P)"),
            _ => format!("{power}"),
        };
        format!("{above} / (t + {offset_min})^{exponent} {unit}, t in min")
    }
}

/// Reports a published value that the formula does not give.
fn check_value(root: &Section<'_>, formula: &IntensityFormula, numbers: &Numbers<'_>, row: [f64; 3]) {
    let [years, minutes, published] = row;
    let curve = formula.curve(years).filter(|curve| curve.covers(minutes * MINUTE));
    let Some(curve) = curve else {
        let text = format!("the check at P = {years} years and t = {minutes} min is outside the range");
        root.report(1074, "check", text, "check the ranges against the source");
        return;
    };
    let computed = curve.intensity(minutes * MINUTE) / numbers.rate(1.0);
    let error = computed / published - 1.0;
    if error.abs() > CHECK_TOLERANCE {
        let unit = numbers.unit;
        root.report(
            1074,
            "check",
            format!(
                "at P = {years} years and t = {minutes} min the formula gives {computed:.4} {unit}, its source {published} ({:+.1} %)",
                100.0 * error,
            ),
            "compare every number and the unit with the source; 1 mm/min is 166.67 L/(s hm2)",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::to_mm_h;

    const SOUND: &str = "place = \"Test\"\nsource_title = \"T\"\nsource_url = \"doi:1\"\npage = \"1\"\n\
        sampling = \"annual maximum\"\nvalid_return_period_years = [1, 100]\nvalid_duration_min = [5, 180]\n\
        form = \"lg factor\"\nunit = \"L/(s hm2)\"\nrain_power = 1000\nreturn_period_factor = 1.0\n\
        duration_offset_min = 10.0\nexponent = 0.5\ncheck = [[10, 15, 400.0]]\n";

    fn codes(text: &str) -> Vec<u16> {
        let problems = parse(text, "f.toml").err().unwrap_or_default();
        problems.0.iter().map(|problem| problem.code.0).collect()
    }

    #[test]
    fn every_shipped_formula_names_its_source_and_page_and_gives_its_published_values() {
        for (name, formula) in storm_formulas() {
            let source = formula.source.as_ref().unwrap_or_else(|| panic!("{name} has no source"));
            assert!(source.page.is_some(), "{name}");
            let text = SHIPPED.iter().find(|shipped| shipped.0 == *name).expect("listed").1;
            assert!(text.contains("check = [["), "{name}");
        }
    }

    #[test]
    fn the_three_units_and_forms_say_the_same() {
        let reference = parse(SOUND, "f").expect("sound");
        let others = [
            SOUND.replace("L/(s hm2)", "mm/h").replace("= 1000\n", "= 360\n").replace("400.0", "144.0"),
            SOUND.replace("L/(s hm2)", "mm/min").replace("= 1000\n", "= 6\n").replace("400.0", "2.4"),
            SOUND
                .replace("lg factor", "lg sum")
                .replace("return_period_factor = 1", "rain_power_per_decade = 1000"),
        ];
        for text in others {
            let other = parse(&text, "f").unwrap_or_else(|problems| panic!("{problems}"));
            for years in [1.0, 5.0, 100.0] {
                let [one, two] = [reference.formula, other.formula]
                    .map(|formula| to_mm_h(formula.curve(years).expect("inside").intensity(3600.0)));
                assert!((one / two - 1.0).abs() < 1e-12, "{one} {two}\n{text}");
            }
        }
    }

    #[test]
    fn a_check_value_may_be_off_by_rounding_and_no_more() {
        assert!(codes(&SOUND.replace("400.0", "401.9")).is_empty());
        assert_eq!(codes(&SOUND.replace("400.0", "403.0")), [1074]);
        assert_eq!(codes(&SOUND.replace("400.0", "nan")), [1013]);
        assert_eq!(codes(&SOUND.replace("[10, 15,", "[200, 15,")), [1074]);
        // 0.4 for 0.36 is found by the first check value.
        assert_eq!(codes(&SOUND.replace("= 1000\n", "= 1111.1\n")), [1074]);
    }

    #[test]
    fn all_mistakes_of_a_file_are_told_at_once_with_their_lines() {
        let text = SOUND
            .replace("place", "plaec")
            .replace("[5, 180]", "[180]")
            .replace("exponent = 0.5", "exponent = \"half\"")
            .replace("annual maximum", "anual maximum");
        let problems = parse(&text, "f.toml").expect_err("four mistakes").0;
        let mut found: Vec<u16> = problems.iter().map(|problem| problem.code.0).collect();
        found.sort_unstable();
        assert_eq!(found, [1011, 1012, 1013, 1013, 1016]);
        assert!(problems.iter().all(|problem| problem.place.file.as_deref() == Some("f.toml")));
        let unknown = problems.iter().find(|problem| problem.code.0 == 1011).expect("found");
        assert_eq!(unknown.place.line, Some(1));
        assert!(unknown.fix.as_ref().is_some_and(|fix| fix.contains("place")), "{unknown:?}");
    }

    #[test]
    fn a_key_of_another_form_is_unknown() {
        let text = SOUND.replace("lg factor", "one return period").replace("400.0", "200.0");
        assert_eq!(codes(&text), [1011]);
    }

    #[test]
    fn numbers_that_make_no_formula_are_refused() {
        for (find, put) in [
            ("exponent = 0.5", "exponent = -0.5"),
            ("[1, 100]", "[100, 1]"),
            ("[1, 100]", "[0, 100]"),
            ("= 1000\n", "= -1000\n"),
            ("_min = 10.0", "_min = -10.0"),
        ] {
            assert_eq!(codes(&SOUND.replace(find, put)), [1075], "{put}");
        }
    }

    #[test]
    fn a_missing_source_is_left_for_the_scenario_to_judge() {
        let text = SOUND.replace("source_url = \"doi:1\"\n", "");
        assert_eq!(parse(&text, "f").map(|formula| formula.source), Ok(None));
        let without_check = text.replace("check = [[10, 15, 400.0]]\n", "");
        assert!(codes(&without_check).is_empty());
        assert_eq!(codes(&SOUND.replace("check = [[10, 15, 400.0]]\n", "")), [1012]);
    }
}
