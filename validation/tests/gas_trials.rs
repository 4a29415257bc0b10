//! The field trials of a passive gas, where their data is at hand.

use std::path::PathBuf;

use validation::{DEFAULT_SCHEME, Outcome, Settings, cases};

#[test]
#[allow(clippy::print_stderr, reason = "a skipped test says so, and the figures are for whoever runs it")]
fn the_field_trials_keep_their_bounds() {
    // The data is not part of the project; TUIYAN_DATA names its folder.
    let Some(data) = std::env::var_os("TUIYAN_DATA") else {
        eprintln!("skipped: TUIYAN_DATA does not name the folder of the data");
        return;
    };
    let settings = Settings { data: Some(PathBuf::from(data)), scheme: DEFAULT_SCHEME };
    for name in ["prairie-grass", "chilbolton", "aermod-surface"] {
        let case = cases().into_iter().find(|case| case.name == name).expect("the case is in the book");
        match case.run(&settings).expect("the data can be read") {
            Outcome::Measured(measures, _) => {
                for measure in measures {
                    eprintln!("{name} {} {:.4} {}", measure.measure, measure.value, measure.unit);
                    assert!(measure.passed, "{name} {} is {}", measure.measure, measure.value);
                }
            }
            Outcome::Skipped(reason) => panic!("{name}: {reason}"),
        }
    }
}

#[test]
fn without_data_the_field_trials_say_what_they_need() {
    let settings = Settings { data: None, scheme: DEFAULT_SCHEME };
    for name in ["prairie-grass", "chilbolton", "aermod-surface"] {
        let case = cases().into_iter().find(|case| case.name == name).expect("the case is in the book");
        let Outcome::Skipped(reason) = case.run(&settings).expect("no run, no error") else {
            panic!("{name} ran without data");
        };
        assert!(reason.contains("--data"), "{reason}");
    }
}
