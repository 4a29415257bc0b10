//! How long gas takes; `cargo test --release -p sim-core --test gas_speed -- --ignored --nocapture`.

#![allow(clippy::print_stdout, reason = "the time is the answer")]

mod leak;

use leak::leak;
use std::time::Instant;

use sim_core::gas::hazard::levels::usual_levels;
use sim_core::gas::source::known_rate;
use sim_core::gas::substance::find;
use sim_core::gas::weather::{Stability, Surroundings, Weather, WindProfile};
use sim_core::grid::{Crs, Grid};
use sim_core::run::Unobserved;
use sim_core::run::gas::{GasCase, disperse};

fn case(side: usize, rate: f64, from_deg: f64) -> GasCase {
    let substance = find("carbon monoxide").expect("in the table").clone();
    let cell = 2000.0 / side as f64;
    GasCase {
        grid: Grid {
            columns: side,
            rows: side,
            dx: cell,
            dy: cell,
            west: -1000.0,
            south: -1000.0,
            crs: Crs::local(),
        },
        levels: usual_levels(&substance),
        source: known_rate::release((1.0, 1.0), 2.0, rate, 3600.0),
        substance,
        weather: vec![Weather {
            wind_speed: 3.0,
            reference_height: 10.0,
            wind_direction_deg: from_deg,
            stability: Stability::D,
            air_temperature: 288.15,
            pressure: 101_325.0,
            mixing_height: None,
            surroundings: Surroundings::Urban,
            profile: WindProfile::Power,
            direction_spread_deg: 20.0,
        }],
        wanted: vec!["zones".into()],
        ..leak("carbon monoxide", 1.0, &["AEGL-2"])
    }
}

#[test]
#[ignore = "measures time: run it in a release build on an idle machine"]
fn ten_thousand_scenarios_take_less_than_a_minute() {
    let begun = Instant::now();
    for number in 0..10_000_u32 {
        let case = case(50, 0.5 + 0.001 * f64::from(number), f64::from(number % 360));
        disperse(&case, &mut Unobserved).expect("a sound case");
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("10,000 scenarios: {seconds:.1} s");
    assert!(seconds <= 60.0, "{seconds}");
}

#[test]
#[ignore = "measures time: run it in a release build on an idle machine"]
fn a_plume_on_a_million_receptors_takes_two_hundredths_of_a_second() {
    use sim_core::gas::plume::Plume;
    use sim_core::gas::sweep::{Band, Placed, fill_band};
    let case = case(1000, 2.0, 250.0);
    let plume = Plume::new(&case.source, &case.substance, &case.weather[0], 1.5, 600.0);
    let plumes = [Placed::new(plume, 1.0, 1.0, case.weather[0].heading())];
    let (mut concentration, mut arrival) = (vec![0.0; 1_000_000], vec![f64::NAN; 1_000_000]);
    let mut best = f64::INFINITY;
    for _ in 0..10 {
        let begun = Instant::now();
        let band = Band { first_row: 0, concentration: &mut concentration, arrival: &mut arrival };
        fill_band(&plumes, &case.grid, true, 1e-4, band);
        best = best.min(begun.elapsed().as_secs_f64());
    }
    println!("10^6 receptors: {:.1} ms", 1e3 * best);
    assert!(best <= 0.02, "{best}");
}
