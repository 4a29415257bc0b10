//! Runs of gas heavier than the air: by the slab model on flat ground, by a layer over hills.

#[allow(dead_code, reason = "each test file uses a part of what they share")]
mod leak;

use leak::leak;
use sim_core::gas::effect::line::Line;
use sim_core::gas::weather::Stability;
use sim_core::grid::Grid;
use sim_core::product::{Layer, Value};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, GasOutcome, HeavyAir, Receptor, Transport, disperse, transport_of};

fn run(case: &GasCase) -> GasOutcome {
    disperse(case, &mut Unobserved).expect("a sound case")
}

/// A kilogram of chlorine a second, carried as it is.
fn chlorine(transport: Transport) -> GasCase {
    GasCase { transport, ..leak("chlorine", 1.0, &["AEGL-2", "AEGL-3"]) }
}

/// Column of the table of zones, the most severe level first.
fn column(outcome: &GasOutcome, table: &str, name: &str) -> Vec<f64> {
    let found = outcome.products.layers.iter().find_map(|layer| match layer {
        Layer::Table(found) if found.info.name == table => Some(found),
        _ => None,
    });
    let table = found.expect("the table");
    let at = table.columns.iter().position(|column| column.name == name).expect("the column");
    table
        .rows
        .iter()
        .map(|row| match row[at] {
            Value::Number(value) => value,
            _ => f64::NAN,
        })
        .collect()
}

#[test]
fn chlorine_is_heavy_and_carbon_monoxide_is_not() {
    assert_eq!(transport_of(&chlorine(Transport::Plume)), Transport::Slab);
    assert_eq!(transport_of(&leak("CO", 1.0, &["AEGL-2"])), Transport::Plume);
}

#[test]
fn hydrogen_fluoride_by_the_slab_is_told_to_be_low() {
    let codes = |substance: &str| -> Vec<u16> {
        let case = GasCase { transport: Transport::Slab, ..leak(substance, 1.0, &["AEGL-2"]) };
        run(&case).warnings.iter().map(|warning| warning.code.0).collect()
    };
    assert!(codes("HF").contains(&4744));
    assert!(!codes("chlorine").contains(&4744));
}

#[test]
fn zones_nest_and_grow_with_the_rate_and_the_balance_closes() {
    let once = run(&chlorine(Transport::Slab));
    let far = column(&once, "zones", "distance_m");
    assert!(far[0] > 0.0 && far[0] < far[1], "{far:?}");
    assert!(once.ledger.relative_error.abs() < 1e-9);
    let case = chlorine(Transport::Slab);
    let mut source = case.source.clone();
    source.rate *= 3.0;
    let thrice = column(&run(&GasCase { source, ..case }), "zones", "distance_m");
    assert!(thrice.iter().zip(&far).all(|(more, less)| more > less), "{thrice:?} {far:?}");
}

#[test]
fn a_heavy_cloud_is_wider_for_its_length_and_the_screening_stands_beside() {
    let plume = run(&GasCase { accept_invalid: true, ..chlorine(Transport::Plume) });
    let slab = run(&chlorine(Transport::Slab));
    let shape = |outcome: &GasOutcome| {
        column(outcome, "zones", "width_m")[0] / column(outcome, "zones", "distance_m")[0]
    };
    assert!(shape(&slab) > 1.1 * shape(&plume), "{} {}", shape(&slab), shape(&plume));
    let screened = column(&slab, "heavy_gas_screening", "britter_mcquaid_m");
    assert!(screened.len() == 2 && screened.iter().all(|distance| *distance > 0.0));
}

#[test]
fn nothing_is_met_far_against_the_wind() {
    let case = chlorine(Transport::Slab);
    let mut source = case.source.clone();
    source.duration = 900.0;
    let mut weather = case.weather[0].clone();
    (weather.wind_speed, weather.stability) = (2.0, Stability::E);
    // From the north, so that upwind is above the middle row.
    let outcome = run(&GasCase { source, weather: vec![weather], ..case });
    let raster = outcome.products.layers.iter().find_map(|layer| match layer {
        Layer::Raster(raster) if raster.info.name == "concentration_ppm" => Some(&raster.values),
        _ => None,
    });
    let field = raster.expect("the concentration");
    let upwind = (115..201).flat_map(|row| field.row(row).to_vec()).filter(|value| value.is_finite());
    assert!(upwind.fold(0.0, f64::max) < 1.0, "ppm more than 150 m against the wind");
}

#[test]
fn models_side_by_side_are_those_that_run_alone() {
    let all = run(&GasCase { compare: true, ..chlorine(Transport::Slab) });
    let alone = run(&GasCase { accept_invalid: true, ..chlorine(Transport::Plume) });
    let side_by_side = column(&all, "models", "distance_m");
    let of_plume = column(&alone, "zones", "distance_m");
    // The mildest level first, the slab's two rows before the plume's.
    assert_eq!(side_by_side[2..4], [of_plume[1], of_plume[0]]);
}

/// Chlorine for ten minutes, whose cloud puffs go on with, in rows of weather with their times.
fn handed_over(rows: &[(f64, f64)]) -> GasCase {
    let mut case = chlorine(Transport::Slab);
    case.source.duration = 600.0;
    case.heavy.hands_over = true;
    let row = |&(_, direction): &(f64, f64)| {
        let mut row = case.weather[0].clone();
        row.wind_direction_deg = direction;
        row
    };
    let weather = rows.iter().map(row).collect();
    GasCase { weather, weather_times: rows.iter().map(|row| row.0).collect(), ..case }
}

#[test]
fn puffs_go_on_where_the_slab_ends_and_keep_its_mass() {
    let case = handed_over(&[(0.0, 0.0)]);
    let handed = run(&case);
    let slab = run(&GasCase { heavy: HeavyAir { hands_over: false, ..case.heavy }, ..case.clone() });
    assert!(handed.ledger.relative_error.abs() < 1e-9, "{}", handed.ledger.relative_error);
    let over = handed.verdicts.iter().find(|verdict| verdict.name == "hand-over to puffs").expect("told");
    let released = handed.ledger.entries.iter().find(|entry| entry.0 == "released").expect("told").1;
    assert!((released / 600.0 - 1.0).abs() < 1e-6, "{released} kg of 600");
    // The milder level lies behind the hand-over: another model, the same order.
    let (by_puffs, by_slab) = (column(&handed, "zones", "distance_m"), column(&slab, "zones", "distance_m"));
    for (one, other) in by_puffs.iter().zip(&by_slab) {
        assert!((0.6..1.6).contains(&(one / other)), "{by_puffs:?} {by_slab:?}");
    }
    assert!(by_slab.iter().any(|distance| *distance > over.value), "{} {by_slab:?}", over.value);
}

#[test]
fn a_wind_that_turns_takes_the_passive_cloud_with_it() {
    // From the north for five minutes, then from the west: east of the cloud's place there comes gas.
    let place = |name: &str, x: f64, y: f64| Receptor {
        name: name.into(),
        x,
        y,
        height: 1.5,
        ground: 0.0,
        air_changes_per_hour: None,
    };
    let places = vec![place("south", 0.0, -600.0), place("east of it", 500.0, -600.0)];
    let seen = |rows: &[(f64, f64)]| {
        let outcome = run(&GasCase { receptors: places.clone(), ..handed_over(rows) });
        column(&outcome, "receptors", "largest_ppm")
    };
    let (steady, turning) = (seen(&[(0.0, 0.0)]), seen(&[(0.0, 0.0), (300.0, 270.0)]));
    // The slab has long tails across the wind, a few parts in a billion there.
    assert!(steady[0] > 1.0 && steady[1] < 1e-3 * steady[0], "{steady:?}");
    assert!(turning[1] > 100.0 * steady[1], "{turning:?} {steady:?}");
}

/// The case on a ground that rises towards the north by a slope.
fn on_a_slope(case: &GasCase, cells: usize, slope: f64) -> GasCase {
    let dx = 5.0;
    let half = 0.5 * cells as f64 * dx;
    let (west, south) = (case.source.x - half, case.source.y - half);
    let grid = Grid { columns: cells, rows: cells, dx, dy: dx, west, south, crs: case.grid.crs.clone() };
    let mut ground = grid.filled(0.0);
    for ((row, _), level) in ground.indexed_iter_mut() {
        *level = slope * dx * row as f64;
    }
    GasCase { grid, ground: Some(ground), ..case.clone() }
}

#[test]
fn level_ground_is_for_the_slab_and_a_slope_for_the_layer_and_the_criterion_is_told() {
    // At the source Ri* is about 14 in 3 m/s: tan 10° is reached at a slope of 1.3 %.
    let case = chlorine(Transport::Slab);
    for (slope, transport) in
        [(0.0, Transport::Slab), (0.004, Transport::Slab), (0.05, Transport::Layer), (0.5, Transport::Layer)]
    {
        let on_ground = on_a_slope(&case, 21, slope);
        assert_eq!(transport_of(&on_ground), transport, "{slope}");
    }
    let relief = |case: &GasCase| run(case).verdicts.into_iter().find(|v| v.name == "relief of the ground");
    let told = relief(&on_a_slope(&case, 21, 0.004)).expect("told where there is a ground");
    assert!((0.02..0.176).contains(&told.value) && told.meaning.contains("0.4 %"), "{told:?}");
    assert_eq!(relief(&case), None);
    let said = run(&on_a_slope(&case, 21, 0.004)).summary.join("\n");
    assert!(said.contains("Heavy gas by slab: dense gas") && said.contains("0.4 % do not lead"), "{said}");
}

#[test]
fn a_path_of_light_sees_the_mean_of_what_places_along_it_see() {
    let post = |x: f64, y: f64| [x, y, 1.5];
    // The wind blows to the south; across it at 200 m, 8 m long, where the cloud is much wider.
    let line = Line { name: "gate".into(), from: post(-4.0, -200.0), to: post(4.0, -200.0) };
    let place = |name: &str, x: f64| Receptor {
        name: name.into(),
        x,
        y: -200.0,
        height: 1.5,
        ground: 0.0,
        air_changes_per_hour: None,
    };
    let mut case = chlorine(Transport::Slab);
    case.wishes.lines = vec![line];
    case.receptors = vec![place("middle", 0.0), place("end", 4.0)];
    let outcome = run(&case);
    let seen = column(&outcome, "line_receptors", "largest_mean_ppm")[0];
    let places = column(&outcome, "receptors", "largest_ppm");
    assert!(places[1] <= seen && seen <= places[0] && seen > 0.0, "{seen} {places:?}");
}

#[test]
fn a_layer_flows_down_a_slope_against_nothing_but_a_light_wind() {
    let cells = 101;
    // Down towards the south by one in ten; the wind goes along the hill.
    let case = on_a_slope(&chlorine(Transport::Layer), cells, 0.1);
    let mut weather = case.weather[0].clone();
    (weather.wind_speed, weather.wind_direction_deg, weather.stability) = (1.5, 270.0, Stability::F);
    let mut source = case.source.clone();
    source.duration = 60.0;
    let outcome = run(&GasCase { weather: vec![weather], source, ..case });
    assert!(outcome.ledger.relative_error.abs() < 1e-9, "{}", outcome.ledger.relative_error);
    let raster = outcome.products.layers.iter().find_map(|layer| match layer {
        Layer::Raster(raster) if raster.info.name == "concentration_ppm" => Some(&raster.values),
        _ => None,
    });
    let field = raster.expect("the concentration");
    let half = cells / 2;
    let sum = |rows: std::ops::Range<usize>| -> f64 {
        rows.map(|row| field.row(row).iter().filter(|value| value.is_finite()).sum::<f64>()).sum()
    };
    let (down, up) = (sum(0..half), sum(half + 1..cells));
    assert!(down > 3.0 * up, "below {down}, above {up}");
}
