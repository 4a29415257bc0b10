//! Gas runs from case to products: what a planner and a responder rely on.

mod leak;

use leak::leak;
use sim_core::error::{Code, Problems};
use sim_core::gas::hazard::levels::{level, usual_levels};
use sim_core::gas::source::gas_hole::GasHole;
use sim_core::gas::source::known_rate;
use sim_core::gas::substance::find;
use sim_core::gas::validity::Judgement;
use sim_core::gas::weather::{Stability, Surroundings, Weather, WindProfile};
use sim_core::grid::{Crs, Grid};
use sim_core::product::{Layer, Table, Value};
use sim_core::run::gas::{GasCase, GasOutcome, disperse};
use sim_core::run::{Observer, Progress, Unobserved};

fn weather(wind_speed: f64, stability: Stability) -> Weather {
    Weather {
        wind_speed,
        reference_height: 10.0,
        wind_direction_deg: 22.5,
        stability,
        air_temperature: 288.15,
        pressure: 101_325.0,
        mixing_height: None,
        surroundings: Surroundings::Rural,
        profile: WindProfile::Power,
        direction_spread_deg: 30.0,
    }
}

fn grid() -> Grid {
    Grid { columns: 200, rows: 180, dx: 10.0, dy: 10.0, west: -1000.0, south: -900.0, crs: Crs::local() }
}

/// Carbon monoxide at a known rate: about as dense as air, so that the plume is valid.
fn carbon_monoxide(rate: f64) -> GasCase {
    let substance = find("carbon monoxide").expect("in the table").clone();
    GasCase {
        grid: grid(),
        levels: usual_levels(&substance),
        source: known_rate::release((3.0, 4.0), 2.0, rate, 3600.0),
        substance,
        weather: vec![weather(3.0, Stability::D)],
        ..leak("carbon monoxide", 1.0, &["AEGL-2"])
    }
}

/// A medium-pressure main broken by an excavator.
fn broken_main(hole: f64) -> GasCase {
    let substance = find("天然气").expect("in the table").clone();
    let out = GasHole::round(hole, 501_325.0, 288.15).outflow(&substance, 101_325.0).expect("gas");
    let mut release = known_rate::release((3.0, 4.0), 0.0, out.rate, 1800.0);
    release.exit = Some(out.exit);
    GasCase {
        levels: usual_levels(&substance),
        source: release,
        substance,
        weather: vec![weather(2.0, Stability::F)],
        ..carbon_monoxide(1.0)
    }
}

fn run(case: &GasCase) -> GasOutcome {
    disperse(case, &mut Unobserved).expect("a sound case")
}

fn refused(case: &GasCase) -> Vec<Code> {
    let Problems(problems) = disperse(case, &mut Unobserved).expect_err("a case that must be refused");
    problems.iter().map(|problem| problem.code).collect()
}

fn table<'a>(outcome: &'a GasOutcome, name: &str) -> &'a Table {
    match outcome.products.layer(name) {
        Some(Layer::Table(table)) => table,
        other => panic!("{name} is {other:?}"),
    }
}

fn number(table: &Table, row: usize, column: &str) -> f64 {
    let index = table.columns.iter().position(|known| known.name == column).expect(column);
    match table.rows[row][index] {
        Value::Number(number) => number,
        ref other => panic!("{column} is {other:?}"),
    }
}

#[test]
fn the_mass_balance_of_a_run_closes() {
    for case in [carbon_monoxide(2.0), broken_main(0.02)] {
        let outcome = run(&case);
        assert!(outcome.ledger.relative_error.abs() < 1e-9, "{}", outcome.ledger.relative_error);
        assert_eq!(outcome.ledger.entries[0].1, case.source.rate * case.source.duration);
    }
}

#[test]
fn the_grid_agrees_with_the_zones() {
    let outcome = run(&carbon_monoxide(2.0));
    let Some(Layer::Raster(ppm)) = outcome.products.layer("concentration_ppm") else { panic!("a raster") };
    let zones = table(&outcome, "zones");
    for row in 0..zones.rows.len() {
        let threshold = number(zones, row, "threshold_ppm");
        let cells = ppm.values.iter().filter(|&&value| value >= threshold).count() as f64 * 100.0;
        let area = number(zones, row, "area_m2");
        // A boundary cell is in or out as a whole: within half a cell along the outline.
        let outline = 2.0 * (number(zones, row, "distance_m") + number(zones, row, "width_m"));
        assert!((cells - area).abs() < 0.5 * 10.0 * outline, "{cells} {area}");
    }
}

#[test]
fn the_table_is_nested_and_arrives_at_the_speed_of_the_wind() {
    let outcome = run(&carbon_monoxide(2.0));
    let zones = table(&outcome, "zones");
    assert_eq!(zones.rows.len(), 2);
    assert!(number(zones, 0, "distance_m") < number(zones, 1, "distance_m"));
    // The front comes with the wind at 10 m, not with the 2.357 m/s at the ground.
    let wind = number(zones, 1, "distance_m") / number(zones, 1, "arrival_s");
    assert!((wind - 3.0).abs() < 1e-9, "{wind}");
}

#[test]
fn the_wind_blows_where_the_arrow_points() {
    let outcome = run(&carbon_monoxide(2.0));
    let arrow = outcome.products.maps[0].arrow.clone().expect("an arrow");
    assert_eq!(arrow.label, "wind from NNE 3.0 m/s, class D");
    let Some(Layer::Raster(raster)) = outcome.products.layer("concentration") else { panic!("a raster") };
    let at = |distance: f64, heading: f64| {
        let (row, column) =
            grid().cell_at(3.0 + distance * heading.cos(), 4.0 + distance * heading.sin()).expect("inside");
        raster.values[(row, column)]
    };
    assert!(at(400.0, arrow.heading) > 1e-5);
    assert_eq!(at(400.0, arrow.heading + std::f64::consts::PI), 0.0);
    assert!(arrow.heading.sin() < -0.9, "a wind from the north-north-east goes south-south-west");
}

#[test]
fn a_heavy_gas_is_refused_and_marked_where_it_is_accepted() {
    let chlorine = find("chlorine").expect("in the table").clone();
    let case = GasCase { levels: usual_levels(&chlorine), substance: chlorine, ..carbon_monoxide(1.0) };
    assert_eq!(refused(&case), [Code(4200)]);
    let accepted = GasCase { accept_invalid: true, ..case };
    let outcome = run(&accepted);
    assert!(outcome.products.maps[0].title.starts_with("NOT VALID"));
    assert!(outcome.warnings.iter().any(|warning| warning.code == Code(4406)));
    let valid =
        table(&outcome, "zones").columns.iter().position(|column| column.name == "valid").expect("a column");
    assert!(table(&outcome, "zones").rows.iter().all(|row| row[valid] == Value::Flag(false)));
    for layer in &outcome.products.layers {
        if layer.info().name != "source" {
            let text = format!("{} {}", layer.info().title, layer.info().meaning);
            assert!(text.contains("NOT VALID"), "{}", layer.info().name);
        }
    }
}

#[test]
fn a_broken_main_gives_no_false_comfort() {
    for hole in [0.02, 0.1, 0.2] {
        let outcome = run(&broken_main(hole));
        let codes: Vec<u16> = outcome.warnings.iter().map(|warning| warning.code.0).collect();
        assert!(codes.contains(&4407), "the zones lie within the jet: {codes:?}");
        assert!(codes.contains(&4408), "methane rises: {codes:?}");
        assert!(codes.contains(&4409), "means hide peaks: {codes:?}");
        let zones = table(&outcome, "zones");
        let (mut plume, mut jet) = (0.0_f64, 0.0_f64);
        for row in 0..zones.rows.len() {
            plume = plume.max(number(zones, row, "distance_m"));
            jet = jet.max(number(zones, row, "jet_reach_m"));
        }
        assert!(outcome.evacuation_radius >= plume.max(jet));
        assert!(outcome.summary[5].contains("basements"));
        assert_eq!(outcome.summary.len(), 6);
        let verdict =
            outcome.verdicts.iter().find(|verdict| verdict.name == "momentum jet").expect("a verdict");
        assert_eq!(verdict.judgement, Judgement::Failed);
    }
}

#[test]
fn the_bound_for_methane_agrees_with_an_independent_calculation() {
    // Neutral ground-level plume, Briggs rural, to LEL, 50 % and 20 % LEL, wind taken at its own
    // height without a profile: D 3 m/s 5.4 kg/s 59, 86, 139 m; F 1.5 m/s 234, 340, 560 m.
    for (class, wind, expected) in
        [(Stability::D, 3.0, [59.0, 86.0, 139.0]), (Stability::F, 1.5, [234.0, 340.0, 560.0])]
    {
        let mut case = broken_main(0.02);
        case.source = known_rate::release((3.0, 4.0), 0.0, 5.4, 1800.0);
        case.weather = vec![Weather { reference_height: 2.0, ..weather(wind, class) }];
        case.receptor_height = 0.0;
        case.levels.truncate(3);
        let outcome = run(&case);
        for (row, distance) in expected.into_iter().enumerate() {
            let found = number(table(&outcome, "zones"), row, "distance_m");
            assert!((found / distance - 1.0).abs() < 0.04, "{class:?} {row}: {found} against {distance}");
        }
    }
}

#[test]
fn a_zone_smaller_than_a_cell_is_found() {
    let mut case = carbon_monoxide(1e-5);
    case.source.height = 0.0;
    case.receptor_height = 0.0;
    let distance = number(table(&run(&case), "zones"), 0, "distance_m");
    assert!(distance > 0.05 && distance < 5.0, "{distance}");
}

#[test]
fn a_zone_that_leaves_the_grid_is_whole_and_announced() {
    let small = Grid { columns: 20, rows: 20, west: -100.0, south: -100.0, ..grid() };
    let (cut, whole) = (run(&GasCase { grid: small, ..carbon_monoxide(5.0) }), run(&carbon_monoxide(5.0)));
    assert!(cut.warnings.iter().any(|warning| warning.code == Code(4403)));
    assert_eq!(cut.evacuation_radius, whole.evacuation_radius);
}

#[test]
fn an_unknown_direction_means_a_circle() {
    let outcome = run(&GasCase { direction_known: false, ..carbon_monoxide(2.0) });
    let Some(Layer::Shapes(shapes)) = outcome.products.layer("evacuation") else { panic!("shapes") };
    let geo_types::Geometry::MultiPolygon(area) = &shapes.features[0].geometry else { panic!("an area") };
    for point in area.0[0].exterior().coords() {
        assert!((point.x - 3.0).hypot(point.y - 4.0) >= outcome.evacuation_radius);
    }
}

#[test]
fn a_weather_series_keeps_the_worst_of_its_rows() {
    let (calm, windy) = (weather(1.6, Stability::F), weather(6.0, Stability::D));
    let case = |rows: Vec<Weather>| GasCase { weather: rows, ..carbon_monoxide(2.0) };
    let radius = |rows: Vec<Weather>| run(&case(rows)).evacuation_radius;
    let (one, two) = (radius(vec![calm.clone()]), radius(vec![windy.clone()]));
    assert_eq!(radius(vec![windy, calm]), one.max(two));
}

#[test]
fn durations_are_compared_with_travel_and_exposure() {
    let mut case = carbon_monoxide(5.0);
    case.source.duration = 30.0;
    assert!(run(&case).warnings.iter().any(|warning| warning.code == Code(4404)));
    case.source.duration = 4.0 * 3600.0;
    assert!(run(&case).warnings.iter().any(|warning| warning.code == Code(4405)));
}

#[test]
fn every_mistake_of_a_case_is_told_at_once() {
    let mut case = carbon_monoxide(-1.0);
    case.weather[0].wind_speed = -0.5;
    case.levels.clear();
    case.averaging_time = 1e6;
    case.source.x = 1e6;
    case.wanted = vec!["threat_zone".into()];
    let codes = refused(&case);
    for code in [4020, 4102, 4011, 4021, 4023, 4210] {
        assert!(codes.contains(&Code(code)), "{code} in {codes:?}");
    }
    assert_eq!(refused(&GasCase { weather: Vec::new(), ..carbon_monoxide(1.0) }), [Code(4100)]);
    let mut lidded = carbon_monoxide(1.0);
    lidded.weather[0].mixing_height = Some(25.0);
    lidded.source.height = 30.0;
    assert_eq!(refused(&lidded), [Code(4104)]);
}

#[test]
fn only_wanted_products_are_made() {
    let wanted = vec!["zones".to_owned(), "threat_zones".to_owned()];
    let outcome = run(&GasCase { wanted, ..carbon_monoxide(1.0) });
    let names: Vec<&str> = outcome.products.layers.iter().map(|layer| layer.info().name.as_str()).collect();
    assert_eq!(names, ["threat_zones", "zones"]);
    assert_eq!(outcome.products.maps[0].shapes, ["threat_zones"]);
    assert_eq!(outcome.products.maps[0].raster, None);
}

#[test]
fn the_observer_can_stop_a_run() {
    struct Impatient;
    impl Observer for Impatient {
        fn progress(&mut self, progress: &Progress) -> bool {
            progress.share < 0.3
        }
    }
    let problems = disperse(&carbon_monoxide(1.0), &mut Impatient).expect_err("stopped");
    assert_eq!(problems.0[0].code, Code(7001));
}

#[test]
fn levels_of_one_case_may_be_of_both_kinds() {
    let mut case = carbon_monoxide(2.0);
    let substance = case.substance.clone();
    case.levels =
        ["AEGL-2 10 min", "LEL"].iter().map(|name| level(&substance, name).expect("a level")).collect();
    let outcome = run(&case);
    assert!(
        number(table(&outcome, "zones"), 0, "threshold_ppm")
            > number(table(&outcome, "zones"), 1, "threshold_ppm")
    );
}

#[test]
fn a_toxic_jet_adds_its_length_to_the_plume() {
    let substance = find("H2S").expect("in the table").clone();
    let out = GasHole::round(0.01, 1.0e6, 288.15).outflow(&substance, 101_325.0).expect("gas");
    let mut case = carbon_monoxide(out.rate);
    case.source.exit = Some(out.exit);
    case.levels = usual_levels(&substance);
    case.substance = substance;
    case.accept_invalid = true;
    let outcome = run(&case);
    let zones = table(&outcome, "zones");
    let (far, jet) = (number(zones, 2, "distance_any_height_m"), number(zones, 2, "jet_reach_m"));
    assert!(far >= number(zones, 2, "distance_m"));
    assert!(jet > 0.0 && (outcome.evacuation_radius - far - jet).abs() < 1e-9);
    let Some(Layer::Shapes(shapes)) = outcome.products.layer("evacuation") else { panic!("shapes") };
    let geo_types::Geometry::MultiPolygon(area) = &shapes.features[0].geometry else { panic!("an area") };
    let drawn = area.iter().flat_map(|polygon| polygon.exterior().coords());
    let reach = drawn.map(|point| (point.x - 3.0).hypot(point.y - 4.0)).fold(0.0, f64::max);
    assert!(reach >= outcome.evacuation_radius * (1.0 - 1e-9));
}

#[test]
fn the_summary_says_first_how_far_to_clear_and_marks_what_is_not_valid() {
    let outcome = run(&broken_main(0.02));
    let [clear, release, weather, zones, approach, indoors] = outcome.summary.as_slice() else {
        panic!("six lines")
    };
    assert!(clear.starts_with("Clear 230 m") && clear.contains("清场230米"), "{clear}");
    assert!(release.contains("of natural gas"), "{release}");
    assert_eq!(weather, "wind from NNE 2.0 m/s, class F");
    assert!(zones.contains("20 % LEL 141 m") && zones.contains("* not valid as a plume"), "{zones}");
    assert!(approach.starts_with("Come near from NNE"), "{approach}");
    assert!(indoors.contains("basements"), "{indoors}");
}
