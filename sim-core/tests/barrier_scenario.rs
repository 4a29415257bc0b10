//! Tables `[[levee]]` and `[[bridge]]` of a scenario become faces with levels, and what passed
//! them is told.

use sim_core::error::{Problem, Result};
use sim_core::flood::barrier::{Kind, Trigger};
use sim_core::grid::{Crs, Field};
use sim_core::product::{Layer, Value};
use sim_core::run::Unobserved;
use sim_core::run::flood::{FloodCase, simulate};
use sim_core::scenario::{
    self, Case, Resolver, SampleMeaning, SeriesKind, SeriesRead, TerrainFile, WeatherRead,
};

const SCENARIO: &str = r#"schema = 1
hazard = "flood"
title = "t"
[site]
crs = "local"
[terrain]
dem = "ground"
manning_n = 0.03
[[inflow]]
name = "river"
at = { x_m = 15.0, y_m = 25.0 }
discharge = "10 m3/s"
[[levee]]
name = "bank"
along = [[50.0, 0.0], [50.0, 50.0]]
crests = ["1.0 m", "2.0 m"]
[[levee]]
name = "kerb"
along = [[60.0, 0.0], [60.0, 50.0]]
crest = "15 cm"
[levee.gap]
begins = "5 min"
duration = "1 min"
width = "20 m"
bottom = "-1 m"
[[bridge]]
name = "road"
along = [[80.0, 0.0], [80.0, 50.0]]
soffit = "0.2 m"
deck = "0.5 m"
piers = 0.1
[edges]
all = "wall"
[run]
duration = "20 min"
scheme = "hllc-1"
"#;

/// Level ground of 10 cells by 5 of 10 m.
struct Files;

impl Resolver for Files {
    fn terrain(&mut self, _: &str) -> Result<TerrainFile> {
        Ok(TerrainFile {
            cell: (10.0, 10.0),
            corner: (0.0, 0.0),
            crs: Some(Crs::local()),
            warnings: Vec::new(),
            levels: Field::zeros((5, 10)),
        })
    }

    fn series(&mut self, path: &str, _: SeriesKind, _: SampleMeaning) -> Result<SeriesRead> {
        Err(Problem::error(3001, path).into())
    }

    fn weather(&mut self, path: &str) -> Result<WeatherRead> {
        Err(Problem::error(3001, path).into())
    }
}

fn case(text: &str) -> (FloodCase, Vec<u16>) {
    let scenario = scenario::read(text, "f", &[], &mut Files).expect("sound");
    let codes = scenario.warnings.iter().map(|warning| warning.code.0).collect();
    match scenario.case {
        Case::Flood(case) => (*case, codes),
        Case::Gas(_) => panic!("a flood"),
    }
}

#[test]
fn levels_lie_on_the_faces_that_the_line_cuts() {
    let (case, codes) = case(SCENARIO);
    assert!(codes.is_empty(), "{codes:?}");
    let [bank, kerb, road] = &case.barriers[..] else { panic!("three barriers") };
    let tops: Vec<f64> = bank.faces.iter().map(|face| (face.top * 1e4).round() / 1e4).collect();
    assert_eq!(tops, [1.1, 1.3, 1.5, 1.7, 1.9], "linear between the ends, at the middles of faces");
    assert!(bank.faces.iter().all(|face| face.cell.1 == 5 && face.is_across_x && face.from_left));
    let level = SCENARIO.replace("\"1.0 m\", \"2.0 m\"", "\"1.5 m\", \"1.5 m\"");
    assert!(self::case(&level).0.barriers[0].faces.iter().all(|face| face.top == 1.5), "levels may repeat");
    let Kind::Levee(levee) = &kerb.kind else { panic!("a levee") };
    let gap = levee.gap.expect("a gap");
    assert_eq!((gap.trigger, gap.middle, gap.top), (Trigger::Time(300.0), 25.0, 0.15));
    let Kind::Bridge(bridge) = &road.kind else { panic!("a bridge") };
    assert_eq!((bridge.piers, bridge.sluice, bridge.orifice), (0.1, 0.5, 0.8));
    assert!(road.faces.iter().all(|face| (face.soffit, face.top) == (0.2, 0.5)));
}

#[test]
fn a_crest_below_the_ground_is_told() {
    let low = SCENARIO.replace("crest = \"15 cm\"", "crest = \"-15 cm\"");
    let (_, codes) = case(&low);
    assert_eq!(codes, [1133]);
    let partly = SCENARIO.replace("\"1.0 m\", \"2.0 m\"", "\"-1.0 m\", \"2.0 m\"");
    assert_eq!(case(&partly).1, [1133]);
}

#[test]
fn what_passed_is_told_in_a_table_and_in_the_summary() {
    let outcome = simulate(&case(SCENARIO).0, &mut Unobserved).expect("a sound case");
    let table = outcome
        .products
        .layers
        .iter()
        .find_map(|layer| match layer {
            Layer::Table(table) if table.info.name == "barrier_list" => Some(table),
            _ => None,
        })
        .expect("a table");
    let number = |row: usize, column: &str| {
        let at = table.columns.iter().position(|known| known.name == column).expect("a column");
        match table.rows[row][at] {
            Value::Number(number) => number,
            _ => f64::NAN,
        }
    };
    // 10 m3/s fill the western half, 2500 m2, up to 1.1 m in 275 s.
    let first = number(0, "first_over_min");
    assert!((3.5..5.0).contains(&first), "overtopped at {first} min");
    let over = number(0, "to_right_m3");
    assert!(over > 5000.0 && over < 12_000.0, "{over} m3");
    assert_eq!(number(0, "to_left_m3"), 0.0);
    assert_eq!(number(1, "gave_way_min"), 5.0);
    assert!(number(2, "first_pressed_min") > first, "the underside is reached later");
    for line in ["bank: first overtopped at ", "kerb: first overtopped at ", "road: "] {
        assert!(outcome.summary.iter().any(|known| known.starts_with(line)), "{:?}", outcome.summary);
    }
    assert!(outcome.summary.iter().any(|line| line.ends_with("it gave way at 5 min")));
}

#[test]
fn barriers_of_a_program_that_are_not_possible_are_refused() {
    let sound = case(SCENARIO).0;
    let codes = |change: &dyn Fn(&mut FloodCase)| {
        let mut case = sound.clone();
        change(&mut case);
        let problems = simulate(&case, &mut Unobserved).expect_err("not sound");
        problems.0.iter().map(|problem| problem.code.0).collect::<Vec<u16>>()
    };
    assert_eq!(codes(&|case| case.barriers[0].faces[0].cell = (2, 0)), [5055]);
    assert_eq!(codes(&|case| case.barriers[0].faces.clear()), [5055]);
    assert_eq!(codes(&|case| case.barriers[0].faces[2].top = f64::NAN), [5056]);
    assert_eq!(codes(&|case| case.barriers[2].faces[0].soffit = 0.6), [5056]);
    assert_eq!(codes(&|case| case.barriers[1].name = "bank".into()), [5057]);
}
