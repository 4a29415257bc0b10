//! Tables `[[structure]]` and `[infiltration]`: what is understood where a key is left out.

mod small_world;

use sim_core::flood::breach_size::{Mode, froehlich_2008};
use sim_core::scenario;
use small_world::{SmallWorld, flood};

const WEIR: &str = "[[structure]]\nname = \"crest\"\nkind = \"weir\"\nfrom = { x_m = 1, y_m = 1 }\n\
    to = { x_m = 3, y_m = 1 }\ncrest = \"1 m\"\nlength = \"2 m\"\n";
const GATE: &str = "[[structure]]\nname = \"gate\"\nkind = \"gate\"\nfrom = { x_m = 1, y_m = 1 }\n\
    to = { x_m = 3, y_m = 1 }\nsill = \"1 m\"\nwidth = \"2 m\"\nheight = \"1 m\"\n";
const CULVERT: &str = "[[structure]]\nname = \"pipe\"\nkind = \"culvert\"\nfrom = { x_m = 1, y_m = 1 }\n\
    to = { x_m = 3, y_m = 1 }\nlength = \"5 m\"\nbottom_from = \"0 m\"\nbottom_to = \"0 m\"\n\
    manning_n = 0.013\ninlet = \"concrete pipe, square edge in headwall\"\ndiameter = \"1 m\"\n";

fn understood(tables: &str) -> serde_json::Value {
    let read = scenario::read(&flood(tables), "f", &[], &mut SmallWorld::default());
    read.unwrap_or_else(|problems| panic!("{problems}")).understood
}

fn codes(tables: &str) -> Vec<u16> {
    let problems = scenario::read(&flood(tables), "f", &[], &mut SmallWorld::default()).err();
    problems.into_iter().flat_map(|problems| problems.0).map(|problem| problem.code.0).collect()
}

#[test]
fn a_default_is_told_for_the_kind_that_uses_it_and_for_no_other() {
    let all = understood(&[WEIR, GATE, CULVERT].concat());
    let value = |path: &str| all[path]["value"].as_f64();
    assert_eq!(value("structure[1].coefficient"), Some(1.7046));
    assert_eq!(value("structure[2].coefficient"), Some(0.6));
    assert_eq!(value("structure[2].opens"), Some(0.0));
    assert_eq!(all["structure[2].opens"]["unit"], "s");
    assert_eq!(value("structure[3].barrels"), Some(1.0));
    for path in ["structure[1].barrels", "structure[1].opens", "structure[3].coefficient"] {
        assert!(all[path].is_null(), "{path}");
    }
    let soil = understood("[infiltration]\nmodel = \"curve-number\"\ncurve_number = 80\n");
    assert_eq!(soil["infiltration.initial_share"]["value"], 0.2);
}

#[test]
fn a_given_number_goes_before_the_default_of_its_kind() {
    let all = understood(&WEIR.replace("crest = ", "coefficient = 1.5\ncrest = "));
    assert_eq!(all["structure[1].coefficient"]["value"], 1.5);
}

#[test]
fn a_gate_must_close_after_it_opens() {
    for times in
        ["closes = \"0 min\"\n", "opens = \"1 h\"\ncloses = \"1 h\"\n", "opens = \"2 h\"\ncloses = \"1 h\"\n"]
    {
        assert_eq!(codes(&format!("{GATE}{times}")), [1121], "{times}");
    }
    assert!(codes(&format!("{GATE}opens = \"1 h\"\ncloses = \"61 min\"\n")).is_empty());
}

const BREACH: &str = "[[breach]]\nname = \"dam\"\nalong = [[1, 1], [3, 1]]\nbottom = \"-10 m\"\n\
    begins = \"1 min\"\nregression = \"froehlich-2008\"\nreservoir_volume = \"1e6 m3\"\n\
    mode = \"overtopping\"\n";

#[test]
fn a_breach_by_regression_tells_its_size() {
    let all = understood(BREACH);
    let size = froehlich_2008(1e6, 10.0, Mode::Overtopping);
    for (key, value) in
        [("width", size.width), ("duration", size.duration), ("breach_height", 10.0), ("side_slope", 1.0)]
    {
        assert_eq!(all[&format!("breach[1].{key}")]["value"].as_f64(), Some(value), "{key}");
    }
    let higher = understood(&format!("{BREACH}breach_height = \"20 m\"\n"));
    let (height, duration) = (&higher["breach[1].breach_height"], &higher["breach[1].duration"]);
    assert_eq!(height["value"], 20.0);
    assert!(duration["value"].as_f64() < Some(0.51 * size.duration));
}

#[test]
fn a_breach_has_its_size_in_one_way() {
    assert_eq!(codes(&format!("{BREACH}width = \"40 m\"\n")), [1122]);
    assert_eq!(codes(&BREACH.replace("regression = \"froehlich-2008\"\n", "")), [1012, 1012, 1122, 1122]);
    assert_eq!(codes(&BREACH.replace("mode = \"overtopping\"\n", "")), [1012]);
}

#[test]
fn a_breach_beyond_the_dams_of_its_regression_is_told() {
    let read = |tables: &str| {
        let scenario = scenario::read(&flood(tables), "f", &[], &mut SmallWorld::default()).expect("sound");
        scenario.warnings.into_iter().map(|warning| warning.code.0).collect::<Vec<_>>()
    };
    assert!(!read(BREACH).contains(&1123));
    assert!(read(&BREACH.replace("1e6 m3", "3 km3")).contains(&1123));
}

#[test]
fn one_name_for_two_structures_is_refused_and_a_structure_may_be_called_like_a_place() {
    assert_eq!(codes(&[WEIR, WEIR].concat()), [1120]);
    let place = "[[place]]\nname = \"crest\"\nat = { x_m = 1, y_m = 1 }\n";
    assert!(codes(&[WEIR, place].concat()).is_empty());
}
