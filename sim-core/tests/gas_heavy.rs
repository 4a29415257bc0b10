//! Runs of gas heavier than the air: by the slab model on flat ground, by a layer over hills.

#[allow(dead_code, reason = "each test file uses a part of what they share")]
mod leak;

use leak::leak;
use sim_core::gas::weather::Stability;
use sim_core::grid::Grid;
use sim_core::product::{Layer, Value};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, GasOutcome, Transport, disperse, transport_of};

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

#[test]
fn a_layer_flows_down_a_slope_against_nothing_but_a_light_wind() {
    let case = chlorine(Transport::Layer);
    let cells = 101;
    let dx = 5.0;
    let grid = Grid {
        columns: cells,
        rows: cells,
        dx,
        dy: dx,
        west: case.source.x - 0.5 * cells as f64 * dx,
        south: case.source.y - 0.5 * cells as f64 * dx,
        crs: case.grid.crs.clone(),
    };
    // Down towards the south by one in ten; the wind goes along the hill.
    let mut ground = grid.filled(0.0);
    for ((row, _), level) in ground.indexed_iter_mut() {
        *level = 0.1 * dx * row as f64;
    }
    let mut weather = case.weather[0].clone();
    (weather.wind_speed, weather.wind_direction_deg, weather.stability) = (1.5, 270.0, Stability::F);
    let mut source = case.source.clone();
    source.duration = 60.0;
    let outcome =
        run(&GasCase { grid, ground: Some(ground), weather: vec![weather], source, ..case.clone() });
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
