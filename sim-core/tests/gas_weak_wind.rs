//! Gas runs in calm and light air: no jump at the bounds, a circle to clear, both ways to see it told.

mod leak;

use leak::{leak, weather};
use sim_core::error::Code;
use sim_core::gas::plume_rise::Exit;
use sim_core::gas::source::history::{History, State};
use sim_core::gas::weather::{Stability, Surroundings, Weather};
use sim_core::product::{Layer, Raster, Table, Value};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, GasOutcome, Receptor, Transport, disperse};

fn case(wind: f64, class: Stability) -> GasCase {
    GasCase { weather: vec![weather(wind, class)], ..leak("carbon monoxide", 0.2, &["AEGL-2"]) }
}

fn run(case: &GasCase) -> GasOutcome {
    disperse(case, &mut Unobserved).expect("a sound case")
}

fn table<'a>(outcome: &'a GasOutcome, name: &str) -> &'a Table {
    match outcome.products.layer(name) {
        Some(Layer::Table(table)) => table,
        other => panic!("{name} is {other:?}"),
    }
}

fn ppm(outcome: &GasOutcome) -> &Raster {
    match outcome.products.layer("concentration_ppm") {
        Some(Layer::Raster(raster)) => raster,
        other => panic!("{other:?}"),
    }
}

fn number(table: &Table, row: usize, column: &str) -> f64 {
    let at = table.columns.iter().position(|known| known.name == column).expect(column);
    match table.rows[row][at] {
        Value::Number(number) => number,
        ref other => panic!("{column} is {other:?}"),
    }
}

fn distance(outcome: &GasOutcome) -> f64 {
    number(table(outcome, "zones"), 0, "distance_m")
}

#[test]
fn without_wind_the_zone_is_the_circle_of_the_published_formula() {
    // hj22: c = 2 Q/((2π)^1.5 γ2 (r² + (γ1 z/γ2)²)), γ1 = 0.47, γ2 = 0.12 of class D, receptors at 1.5 m;
    // half an hour is so long that the cloud has settled at that distance.
    let outcome = run(&case(0.0, Stability::D));
    let zones = table(&outcome, "zones");
    let threshold = 1e-6 * number(zones, 0, "threshold_mg_m3");
    let square = 2.0 * 0.2 / (15.7496 * 0.12 * threshold) - (0.47_f64 * 1.5 / 0.12).powi(2);
    let expected = square.sqrt();
    assert!((distance(&outcome) / expected - 1.0).abs() < 0.01, "{} {expected}", distance(&outcome));
    assert!(
        (number(zones, 0, "area_m2") / (std::f64::consts::PI * distance(&outcome).powi(2)) - 1.0).abs()
            < 1e-3
    );
    assert!(outcome.ledger.relative_error.abs() < 1e-5, "{}", outcome.ledger.relative_error);
    assert!(outcome.products.maps[0].arrow.is_none(), "no arrow where there is no wind");
}

#[test]
fn the_circle_to_clear_in_calm_air_holds_what_a_drift_would_bring() {
    for class in [Stability::D, Stability::F] {
        let (calm, light) = (run(&case(0.2, class)), run(&case(1.0, class)));
        // The drift is the plume of 1 m/s.
        assert!(calm.evacuation_radius >= distance(&light) * 0.999, "{class:?}");
        assert!(calm.evacuation_radius > 2.0 * distance(&calm), "{class:?}: more than the half-hour mean");
        let told = calm.warnings.iter().find(|warning| warning.code == Code(4340)).expect("both are told");
        assert!(told.text.contains("if the air drifts"), "{}", told.text);
    }
}

#[test]
fn falling_wind_never_shortens_the_zone_of_light_air_nor_the_circle() {
    for class in [Stability::B, Stability::D, Stability::F] {
        let at = |wind: f64| run(&case(wind, class));
        let (above, below) = (distance(&at(1.5)), distance(&at(1.499)));
        assert!(below >= above * (1.0 - 1e-3), "{class:?}: {above} at 1.5 m/s, {below} just below");
        let circles = [1.4, 1.0, 0.5, 0.49, 0.0].map(|wind| at(wind).evacuation_radius);
        assert!(circles.windows(2).all(|pair| pair[1] >= pair[0] * (1.0 - 1e-3)), "{class:?}: {circles:?}");
    }
}

#[test]
fn light_air_is_cleared_on_all_sides_and_the_grid_agrees_with_the_zone() {
    let case = GasCase { receptor_height: 0.0, ..case(0.7, Stability::C) };
    let outcome = run(&case);
    let Some(Layer::Shapes(area)) = outcome.products.layer("evacuation") else { panic!("shapes") };
    let geo_types::Geometry::MultiPolygon(area) = &area.features[0].geometry else { panic!("an area") };
    assert!(
        area.0[0]
            .exterior()
            .coords()
            .all(|at| at.x.hypot(at.y) >= outcome.evacuation_radius.min(distance(&outcome)))
    );
    let threshold = number(table(&outcome, "zones"), 0, "threshold_ppm");
    let cells = ppm(&outcome).values.iter().filter(|&&value| value >= threshold).count() as f64 * 100.0;
    let area = number(table(&outcome, "zones"), 0, "area_m2");
    let outline = 2.0 * (distance(&outcome) + number(table(&outcome, "zones"), 0, "width_m"));
    assert!((cells - area).abs() < 5.0 * outline, "{cells} {area}");
}

#[test]
fn a_named_place_sees_what_the_map_has_there_and_loses_it_again() {
    let place = Receptor {
        name: "school".into(),
        x: 40.0,
        y: 30.0,
        height: 1.5,
        ground: 0.0,
        air_changes_per_hour: Some(0.5),
    };
    let outcome = run(&GasCase { receptors: vec![place], ..case(0.0, Stability::D) });
    let receptors = table(&outcome, "receptors");
    let (there, seen) = (number(receptors, 0, "largest_ppm"), ppm(&outcome));
    let cell = case(0.0, Stability::D).grid.cell_at(40.0, 30.0).expect("on the grid");
    assert!((there / seen.values[cell] - 1.0).abs() < 0.02, "{there} {}", seen.values[cell]);
}

#[test]
fn an_unknown_direction_does_not_matter_in_calm_air() {
    let known = run(&case(0.0, Stability::E));
    let unknown = run(&GasCase { direction_known: false, ..case(0.0, Stability::E) });
    assert_eq!(distance(&known), distance(&unknown));
    assert_eq!(known.evacuation_radius, unknown.evacuation_radius);
}

#[test]
fn rows_of_calm_and_wind_keep_the_worst_of_both() {
    let rows = |winds: &[f64]| GasCase {
        weather: winds.iter().map(|&wind| weather(wind, Stability::D)).collect(),
        weather_times: (0..winds.len()).map(|i| 600.0 * i as f64).collect(),
        ..case(1.0, Stability::D)
    };
    let (both, wind, calm) = (run(&rows(&[0.0, 3.0])), run(&rows(&[3.0])), run(&rows(&[0.0])));
    assert!((distance(&both) / distance(&wind).max(distance(&calm)) - 1.0).abs() < 1e-9);
    let cells = ppm(&both).values.iter().zip(&ppm(&wind).values).zip(&ppm(&calm).values);
    for ((both, wind), calm) in cells {
        assert!((both - wind.max(*calm)).abs() <= 1e-12 * both);
    }
}

#[test]
fn puffs_in_calm_air_become_the_closed_form_and_come_to_an_end() {
    let short = |transport| {
        let mut case = case(0.0, Stability::D);
        case.source.duration = 300.0;
        GasCase { transport, ..case }
    };
    let (puffs, closed) = (run(&short(Transport::Puffs)), run(&short(Transport::Plume)));
    let grid = short(Transport::Plume).grid;
    for (x, y) in [(40.0, 0.0), (-60.0, 30.0), (0.0, -100.0)] {
        let cell = grid.cell_at(x, y).expect("on the grid");
        let ratio = ppm(&puffs).values[cell] / ppm(&closed).values[cell];
        assert!((ratio - 1.0).abs() < 0.05, "{x} {y}: {ratio}");
    }
    assert!((distance(&puffs) / distance(&closed) - 1.0).abs() < 0.05);
    assert!(puffs.evacuation_radius >= closed.evacuation_radius * 0.999, "the drift stays in the circle");
}

#[test]
fn a_rate_that_falls_is_followed_in_air_that_comes_to_rest() {
    let state = State { temperature: 288.15, vapour_share: 1.0, velocity: 0.0, density: 1.18 };
    let mut case = case(2.0, Stability::D);
    case.source.history = Some(History::steady(case.source.rate, 600.0, state).expect("a history"));
    case.source.duration = 600.0;
    case.weather.push(Weather { surroundings: Surroundings::Rural, ..weather(0.0, Stability::D) });
    case.weather_times = vec![0.0, 300.0];
    case.transport = Transport::Puffs;
    let outcome = run(&case);
    assert!(outcome.ledger.relative_error.abs() < 1e-9);
    assert!(distance(&outcome) > 0.0 && outcome.evacuation_radius.is_finite());
}

#[test]
fn on_an_open_night_puffs_are_as_thick_as_the_plume_though_the_wind_at_the_ground_is_weak() {
    // 3 m/s at 10 m in class F are 1.2 m/s at the height of the source.
    let with = |transport| {
        let mut case = case(3.0, Stability::F);
        case.source.duration = 3600.0;
        GasCase { transport, ..case }
    };
    let (puffs, plume) = (run(&with(Transport::Puffs)), run(&with(Transport::Plume)));
    let cell = with(Transport::Plume).grid.cell_at(0.0, -300.0).expect("on the grid");
    let ratio = ppm(&puffs).values[cell] / ppm(&plume).values[cell];
    assert!((ratio - 1.0).abs() < 0.05, "{ratio}");
}

#[test]
fn a_heavy_gas_in_calm_air_is_refused() {
    let chlorine =
        GasCase { weather: vec![weather(0.0, Stability::F)], ..leak("chlorine", 0.5, &["AEGL-2"]) };
    let problems = disperse(&chlorine, &mut Unobserved).expect_err("heavy gas");
    assert_eq!(problems.0[0].code, Code(4200));
    let accepted = run(&GasCase { accept_invalid: true, ..chlorine });
    assert!(accepted.evacuation_radius > 0.0);
}

/// Concentrations at places 600 m downwind on grounds of some heights, ppm.
fn on_grounds(wind: f64, class: Stability, transport: Transport, grounds: &[f64]) -> (GasOutcome, Vec<f64>) {
    let mut case = GasCase { transport, ..case(wind, class) };
    case.source.height = 60.0;
    case.source.duration = 3600.0;
    let place = |(i, &ground): (usize, &f64)| Receptor {
        name: format!("place {i}"),
        x: 0.0,
        y: -600.0,
        height: 1.5,
        ground,
        air_changes_per_hour: None,
    };
    case.receptors = grounds.iter().enumerate().map(place).collect();
    let outcome = run(&case);
    let seen = (0..grounds.len()).map(|i| number(table(&outcome, "receptors"), i, "largest_ppm")).collect();
    (outcome, seen)
}

#[test]
fn a_place_on_a_hill_sees_the_plume_of_a_lower_release() {
    // isc3 section 1.5.6: half the hill in class D, all of it in F. Over a hill of 40 m a plume of 60 m is
    // 40 m up in D and 20 m in F: V = exp(-(z - h)²/2σz²) + exp(-(z + h)²/2σz²) does the rest.
    for (class, axis) in [(Stability::D, 40.0), (Stability::F, 20.0)] {
        let (_, seen) = on_grounds(3.0, class, Transport::Plume, &[0.0, 40.0, -40.0]);
        let depth = match class {
            Stability::D => 0.06 * 600.0 / (1.0_f64 + 0.0015 * 600.0).sqrt(),
            _ => 0.016 * 600.0 / (1.0 + 0.0003 * 600.0),
        };
        let bell = |height: f64| {
            (-0.5 * ((1.5 - height) / depth).powi(2)).exp() + (-0.5 * ((1.5 + height) / depth).powi(2)).exp()
        };
        let expected = bell(axis) / bell(60.0);
        assert!((seen[1] / seen[0] / expected - 1.0).abs() < 1e-6, "{class:?} {seen:?} {expected}");
        assert_eq!(seen[2], seen[0], "lower ground is taken as level");
    }
}

#[test]
fn hills_count_alike_for_puffs_plumes_and_calm_air_and_are_told() {
    for (wind, class) in [(3.0, Stability::D), (0.0, Stability::D), (0.3, Stability::F)] {
        let grounds = [0.0, 30.0, 200.0];
        let (plume, by_plume) = on_grounds(wind, class, Transport::Plume, &grounds);
        let (_, by_puffs) = on_grounds(wind, class, Transport::Puffs, &grounds);
        assert!(by_plume.windows(2).all(|pair| pair[1] > pair[0]), "{wind} {class:?} {by_plume:?}");
        for (plume, puffs) in by_plume.iter().zip(&by_puffs) {
            assert!((puffs / plume - 1.0).abs() < 0.1, "{wind} {class:?}: {by_plume:?} {by_puffs:?}");
        }
        assert!(plume.products.not_modelled.iter().any(|text| text.starts_with("terrain, but for")));
        let facts = table(&plume, "transport_facts");
        let told = facts
            .rows
            .iter()
            .any(|row| matches!(&row[1], Value::Text(name) if name.contains("higher places")));
        assert!(told);
    }
    let (level, _) = on_grounds(3.0, Stability::D, Transport::Plume, &[0.0]);
    assert!(level.products.not_modelled.iter().any(|text| text == "terrain"));
}

#[test]
fn a_chimney_reaches_as_far_at_any_height_by_puffs_as_by_plume() {
    let with = |transport| {
        let mut case = GasCase { transport, ..case(3.0, Stability::D) };
        case.levels = leak("carbon monoxide", 1.0, &["AEGL-2", "AEGL-3"]).levels;
        case.source.rate = 3.0;
        case.source.height = 40.0;
        case.source.stack =
            Some(Exit { diameter: 2.0, velocity: 15.0, temperature: 423.15, molar_mass: 0.029 });
        run(&case)
    };
    let (puffs, plume) = (with(Transport::Puffs), with(Transport::Plume));
    for row in 0..2 {
        let far = |outcome: &GasOutcome| number(table(outcome, "zones"), row, "distance_any_height_m");
        assert!(far(&plume) > 50.0, "{}", far(&plume));
        assert!((far(&puffs) / far(&plume) - 1.0).abs() < 0.1, "{row}: {} {}", far(&puffs), far(&plume));
    }
}
