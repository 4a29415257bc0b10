//! `[rain] storm`: from a storm formula to the rain of a run, and what is refused on the way.

mod small_world;

use sim_core::error::{Problems, Result};
use sim_core::scenario::{self, Case, Scenario};
use small_world::SmallWorld;

/// A plain and the text of one storm formula.
fn world(formula: &'static str) -> SmallWorld {
    SmallWorld { storm_formula: Some(formula), ..SmallWorld::default() }
}

/// 1000 (1 + lg P)/(t + 10)^0.5 L/(s hm²); its check value is reckoned by hand.
const UNSOURCED: &str = "place = \"Test\"\nsampling = \"not stated\"\n\
    valid_return_period_years = [1, 100]\nvalid_duration_min = [5, 180]\nform = \"lg factor\"\n\
    unit = \"L/(s hm2)\"\nrain_power = 1000\nreturn_period_factor = 1.0\n\
    duration_offset_min = 10.0\nexponent = 0.5\ncheck = [[10, 15, 400.0]]\n";

const SHIPPED_STORM: &str = "storm = \"noboribetsu\"\nreturn_period = 7\nstorm_duration = \"1 h\"\n\
    pattern = \"chicago\"\npeak_ratio = 0.4\n";

const OWN_STORM: &str = "storm = \"own.toml\"\nreturn_period = 10\nstorm_duration = \"15 min\"\n\
    pattern = \"chicago\"\npeak_ratio = 0.4\n";

fn read(rain: &str, formula: &'static str) -> Result<Scenario> {
    let text = format!(
        "schema = 1\nhazard = \"flood\"\ntitle = \"t\"\n[site]\ncrs = \"local\"\n\
         [terrain]\ndem = \"d\"\nmanning_n = 0.03\n[rain]\n{rain}\n\
         [edges]\nall = \"open\"\n[run]\nduration = \"2 h\"\n"
    );
    scenario::read(&text, "f", &[], &mut world(formula))
}

/// Depth of rain in a run, mm.
fn depth_mm(scenario: &Scenario) -> f64 {
    let Case::Flood(case) = &scenario.case else { panic!("a flood") };
    1000.0 * case.rain.everywhere().expect("one series").integral(0.0, 7200.0)
}

fn sound(rain: &str, formula: &'static str) -> Scenario {
    read(rain, formula).unwrap_or_else(|problems| panic!("{problems}"))
}

fn codes(rain: &str, formula: &'static str) -> Vec<(u16, String)> {
    let Problems(problems) = read(rain, formula).err().unwrap_or_default();
    problems.into_iter().map(|problem| (problem.code.0, problem.place.key.unwrap_or_default())).collect()
}

#[test]
fn a_shipped_formula_makes_the_rain_that_its_source_states() {
    // 49.1 mm/h over an hour, in any pattern and for any step.
    for (find, put) in [
        ("", ""),
        ("\"chicago\"\npeak_ratio = 0.4", "\"uniform\""),
        ("peak_ratio = 0.4", "peak_ratio = \"40 %\"\ntime_step = \"7 min\""),
    ] {
        let scenario = sound(&SHIPPED_STORM.replace(find, put), "");
        assert!((depth_mm(&scenario) - 49.1).abs() < 0.05, "{put}: {} mm", depth_mm(&scenario));
        assert!(scenario.warnings.is_empty(), "{:?}", scenario.warnings);
    }
}

#[test]
fn what_was_understood_names_the_source_and_the_default_step() {
    let understood = sound(SHIPPED_STORM, "").understood;
    assert_eq!(understood["rain.time_step"]["value"], 300.0);
    let formula = &understood["rain.storm_formula"];
    assert!(formula["source"].as_str().is_some_and(|source| source.contains("Noboribetsu")), "{formula}");
    assert_eq!(formula["sha256"].as_str().map(str::len), Some(64));
    let depth = understood["rain.storm_depth"]["value"].as_f64();
    assert!(depth.is_some_and(|depth| (depth - 0.0491).abs() < 5e-5), "{understood}");
}

#[test]
fn keys_of_storms_are_not_understood_where_there_is_none() {
    let understood = sound("intensity = \"60 mm/h\"\nduration = \"1 h\"", "").understood;
    assert!(understood.get("rain.time_step").is_none() && understood.get("rain.allow_unsourced").is_none());
}

#[test]
fn an_unsourced_formula_is_refused_unless_the_scenario_says_so_and_the_result_tells_it() {
    assert_eq!(codes(OWN_STORM, UNSOURCED), [(1071, String::new())]);
    let scenario = sound(&format!("{OWN_STORM}allow_unsourced = true"), UNSOURCED);
    // 400 L/(s hm²) for 15 min.
    assert!((depth_mm(&scenario) - 36.0).abs() < 1e-9, "{}", depth_mm(&scenario));
    let warning = scenario.warnings.iter().find(|warning| warning.code.0 == 1072).expect("a warning");
    assert!(warning.text.contains("unsourced storm formula") && !warning.is_error(), "{warning:?}");
    // A source that is there needs no leave.
    let sourced = "source_title = \"T\"\nsource_url = \"U\"\nplace = \"Test\"\nsampling = \"not stated\"\n\
        valid_return_period_years = [1, 100]\nvalid_duration_min = [5, 180]\nform = \"lg factor\"\n\
        unit = \"L/(s hm2)\"\nrain_power = 1000\nreturn_period_factor = 1.0\n\
        duration_offset_min = 10.0\nexponent = 0.5\ncheck = [[10, 15, 400.0]]\n";
    assert!(sound(OWN_STORM, sourced).warnings.is_empty());
}

#[test]
fn a_storm_outside_the_range_of_its_formula_is_refused_for_both_reasons_at_once() {
    let rain = SHIPPED_STORM.replace("= 7", "= 50").replace("1 h", "3 h");
    let key = |key: &str| (1073, format!("rain.{key}"));
    assert_eq!(codes(&rain, ""), [key("return_period"), key("storm_duration")]);
}

#[test]
fn missing_keys_are_told_at_once_and_the_peak_is_never_guessed() {
    let key = |key: &str| (1012, format!("rain.{key}"));
    let missing = codes("storm = \"noboribetsu\"", "");
    assert_eq!(missing, [key("return_period"), key("storm_duration"), key("pattern")]);
    assert_eq!(codes(&SHIPPED_STORM.replace("peak_ratio = 0.4\n", ""), ""), [key("peak_ratio")]);
}

#[test]
fn keys_that_would_be_ignored_are_refused() {
    let key = |key: &str| (1077, format!("rain.{key}"));
    let block = "intensity = \"60 mm/h\"\nduration = \"1 h\"\n";
    assert_eq!(codes(&format!("{block}return_period = 50"), ""), [key("return_period")]);
    assert_eq!(codes(&format!("{block}allow_unsourced = true"), ""), [key("allow_unsourced")]);
    assert_eq!(codes(&format!("{SHIPPED_STORM}duration = \"1 h\""), ""), [key("duration")]);
    assert_eq!(codes(&SHIPPED_STORM.replace("chicago", "uniform"), ""), [key("peak_ratio")]);
    // Rain given twice.
    let twice = codes(&format!("{SHIPPED_STORM}intensity = \"60 mm/h\""), "");
    assert_eq!(twice, [(1020, "rain.storm".to_owned())]);
}

#[test]
fn names_steps_and_files_that_are_wrong_are_refused() {
    let problems = read(&SHIPPED_STORM.replace("noboribetsu", "noboribetu"), "").expect_err("a slip").0;
    assert_eq!(problems[0].code.0, 1070);
    assert!(problems[0].fix.as_ref().is_some_and(|fix| fix.contains("noboribetsu")), "{problems:?}");
    let long_step = format!("{SHIPPED_STORM}time_step = \"2 h\"");
    assert_eq!(codes(&long_step, ""), [(1076, "rain.time_step".to_owned())]);
    let wrong = codes(OWN_STORM, "place = \"Test\"\nform = \"sum\"\nexponent = 0.5\n");
    assert!(wrong.len() > 4 && wrong.iter().any(|found| found.0 == 1016), "{wrong:?}");
}

#[test]
fn a_storm_that_the_run_leaves_out_is_told() {
    let rain = SHIPPED_STORM.replace("1 h", "2 h");
    assert!(sound(&rain, "").warnings.is_empty());
    let short = format!(
        "schema = 1\nhazard = \"flood\"\ntitle = \"t\"\n[site]\ncrs = \"local\"\n\
         [terrain]\ndem = \"d\"\nmanning_n = 0.03\n[rain]\n{rain}\n\
         [edges]\nall = \"open\"\n[run]\nduration = \"1 h\"\n"
    );
    let scenario = scenario::read(&short, "f", &[], &mut world("")).unwrap_or_else(|p| panic!("{p}"));
    assert!(scenario.warnings.iter().any(|warning| warning.code.0 == 1064));
}
