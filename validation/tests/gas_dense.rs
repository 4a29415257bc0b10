//! Heavy gas: worked examples, and the field trials where their data is at hand.

use std::path::PathBuf;

use validation::figure::Figure;
use validation::report::{Entry, measure_words, number, write};
use validation::{Bound, Case, DEFAULT_SCHEME, Measure, Outcome, Settings, cases};

fn case(name: &str) -> Case {
    cases().into_iter().find(|case| case.name == name).expect("the case is in the book")
}

fn without_data() -> Settings {
    Settings { data: None, scheme: DEFAULT_SCHEME }
}

/// Cases that need data.
const WITH_DATA: [&str; 5] = ["burro-short", "epa-dense", "slab-reference", "degadis-burro", "dense-trials"];

/// What is known not to keep its bound, and is told on the page of its case: case, model, beginning of the measure.
const TOLD: [(&str, &str, &str); 6] = [
    ("epa-dense", "integral", "all: FAC2"),
    ("epa-dense", "integral", "Desert Tortoise: FB"),
    ("epa-dense", "integral", "Goldfish: FB"),
    ("epa-dense", "integral", "Burro, means: FB"),
    ("slab-reference", "integral, SLAB's laws", "B8: largest"),
    ("slab-reference", "integral, SLAB's laws", "Burro8, short: largest"),
];

#[test]
fn the_screening_meets_its_worked_examples() {
    for name in ["britter-mcquaid-curves", "britter-mcquaid-lng", "britter-mcquaid-puff"] {
        let Outcome::Measured(measures, _) = case(name).run(&without_data()).expect("it runs") else {
            panic!("{name} needs no data");
        };
        for measure in measures {
            assert!(measure.passed, "{name}: {} is {}", measure.measure, measure.value);
        }
    }
}

#[test]
fn without_data_the_trials_say_what_they_need() {
    for name in WITH_DATA {
        let Outcome::Skipped(reason) = case(name).run(&without_data()).expect("no run, no error") else {
            panic!("{name} ran without data");
        };
        assert!(reason.contains("--data"), "{reason}");
    }
}

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so, and the figures are for whoever runs it")]
fn the_trials_of_heavy_gas_keep_their_bounds_but_for_those_that_are_told() {
    let Some(data) = std::env::var_os("TUIYAN_DATA") else {
        eprintln!("skipped: TUIYAN_DATA does not name the folder of the data");
        return;
    };
    let settings = Settings { data: Some(PathBuf::from(data)), scheme: DEFAULT_SCHEME };
    let folder = tempfile::tempdir().expect("a folder");
    let mut failed = Vec::new();
    for name in WITH_DATA {
        let case = case(name);
        let (measures, figures) = match case.run(&settings).expect("the data can be read") {
            Outcome::Measured(measures, figures) => (measures, figures),
            Outcome::Skipped(reason) => panic!("{name}: {reason}"),
        };
        for measure in &measures {
            let verdict = if measure.passed { "" } else { "FAILED" };
            let words = measure_words(measure);
            eprintln!("{name:<16} {:<22} {words:<52} {:>9} {verdict}", measure.scheme, number(measure.value));
            let is_told = TOLD.iter().any(|&(of_case, model, beginning)| {
                of_case == name && model == measure.scheme && measure.measure.starts_with(beginning)
            });
            if !measure.passed && !is_told {
                failed.push(format!("{name}: {} {} is {}", measure.scheme, measure.measure, measure.value));
            }
        }
        let is_of_many = name != "degadis-burro";
        assert_eq!(measures.iter().any(|m| m.bound == Bound::Shown && m.interval.is_some()), is_of_many);
        assert!(
            figures.iter().any(|figure| matches!(figure, Figure::Panels { .. })),
            "{name} has its figure"
        );
        beside(name, &figures, &measures);
        let entry =
            Entry { case: &case, scheme: "dense", measures: &measures, figures: &figures, skipped: None };
        let written = write(folder.path(), &[entry]).expect("the report is written");
        assert!(written.iter().any(|path| path.ends_with(format!("{name}.svg"))));
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

/// Tables beside the comparison: what one changed input or law does, and averages of the same arc.
#[allow(clippy::print_stderr, reason = "the figures are for whoever runs it")]
fn beside(name: &str, figures: &[Figure], measures: &[Measure]) {
    let rows_of = |words: &str| {
        figures.iter().find_map(|figure| match figure {
            Figure::Table { title, rows, .. } if title.starts_with(words) => Some(rows.clone()),
            _ => None,
        })
    };
    if name == "epa-dense" {
        let rows = rows_of("The slab model with one thing").expect("the table");
        for row in &rows {
            eprintln!("{}", row.join(" | "));
        }
        let as_it_is = measures
            .iter()
            .find(|m| m.scheme == "integral" && m.measure.starts_with("all: FAC2"))
            .expect("a measure");
        assert_eq!(rows[0][1], format!("{:.2}", as_it_is.value));
        assert!(rows.iter().skip(1).all(|row| row[1..] != rows[0][1..]), "each changes something");
        let rows = rows_of("All choices").expect("the table");
        for row in &rows {
            eprintln!("{}", row.join(" | "));
        }
        let value = |row: usize| rows[row][1].parse::<f64>().expect("a number");
        // The recommended choice is one of them, so that none of the extremes is worse.
        assert!(value(0) > 1.0 && value(1) <= value(0) && value(2) <= value(0));
        assert!(value(3) >= as_it_is.value - 0.0005);
    }
    if name == "dense-trials" {
        let rows = rows_of("Short averages over").expect("the table");
        for row in &rows {
            eprintln!("{}", row.join(" | "));
        }
        assert_eq!(rows.len(), 7);
        // Shorter averages are larger, by the model as well.
        assert!(rows.iter().all(|row| row[4].parse::<f64>().is_ok_and(|ratio| ratio > 1.0)), "{rows:?}");
    }
}
