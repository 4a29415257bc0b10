//! The vapour of a wide pool as a plume.

mod leak;

use std::f64::consts::PI;

use leak::leak;
use sim_core::gas::plume::Plume;
use sim_core::gas::source::{Release, known_rate};
use sim_core::gas::substance::find;
use sim_core::gas::weather::{Stability, Weather};

/// A plume of benzene, 1 kg/s, from a pool of some width; a point for none.
fn plume(class: Stability, diameter: Option<f64>) -> Plume {
    let point = known_rate::release((0.0, 0.0), 0.0, 1.0, 600.0);
    let weather = Weather { stability: class, ..leak("benzene", 1.0, &["AEGL-2 60 min"]).weather[0].clone() };
    let release = Release { pool_diameter: diameter, ..point };
    let mut plume = Plume::new(&release, find("benzene").expect("in the table"), &weather, 0.0, 600.0);
    plume.pure_gas = f64::INFINITY;
    plume
}

/// The sum over points that fill the pool evenly, each with its share of the rate.
fn summed(class: Stability, diameter: f64, downwind: f64, across: f64) -> f64 {
    const POINTS: i32 = 80;
    let (point, mut sum, mut count) = (plume(class, None), 0.0, 0);
    for i in -POINTS..=POINTS {
        for j in -POINTS..=POINTS {
            let at = |k: i32| 0.5 * diameter * (f64::from(k) + 0.3) / f64::from(POINTS);
            let (x, y) = (at(i), at(j));
            if x.hypot(y) <= 0.5 * diameter {
                sum += point.concentration(downwind - x, across - y, 0.0);
                count += 1;
            }
        }
    }
    sum / f64::from(count)
}

#[test]
fn far_away_a_pool_is_a_point_and_a_small_pool_is_one_everywhere() {
    for class in Stability::ALL {
        let point = plume(class, None);
        for diameter in [0.1, 5.0, 40.0] {
            let pool = plume(class, Some(diameter));
            for times in [30.0, 100.0, 1000.0] {
                let along = times * diameter;
                let ratio = pool.on_axis(along) / point.on_axis(along);
                // A quarter of the diameter adds to the width, which is all of the difference there.
                let expected = 1.0 / (0.25 * diameter / point.width_at(along)).hypot(1.0);
                assert!(
                    (ratio / expected - 1.0).abs() < 3e-4,
                    "{class:?} {diameter} {times}: {ratio} {expected}"
                );
                assert!(times < 1000.0 || (0.999..1.000_1).contains(&ratio), "{class:?} {diameter}: {ratio}");
            }
        }
        assert!((plume(class, Some(1e-6)).on_axis(50.0) / point.on_axis(50.0) - 1.0).abs() < 1e-6);
    }
}

#[test]
fn a_pool_is_finite_at_its_middle_and_passes_all_its_vapour() {
    for class in Stability::ALL {
        let pool = plume(class, Some(20.0));
        let middle = pool.on_axis(1e-9);
        // 1 kg/s through πσyσz u of the least width and depth there is.
        let (width, depth) = (pool.width_at(0.0), pool.depth_at(0.0));
        assert!((middle - 1.0 / (PI * pool.wind * width * depth)).abs() < 1e-6 * middle);
        assert!((width - 5.0).abs() < 1e-9, "a quarter of the diameter");
        for along in [1e-6, 10.0, 500.0] {
            assert!((pool.mass_flux(along) - 1.0).abs() < 1e-9);
        }
    }
}

#[test]
fn from_its_edge_on_a_pool_has_what_the_sum_over_its_points_has() {
    for class in Stability::ALL {
        for diameter in [5.0, 20.0, 60.0] {
            for times in [0.6, 1.0, 2.0, 5.0, 20.0] {
                let (ours, sum) = (
                    plume(class, Some(diameter)).on_axis(times * diameter),
                    summed(class, diameter, times * diameter, 0.0),
                );
                assert!((0.98..1.25).contains(&(ours / sum)), "{class:?} {diameter} {times}: {}", ours / sum);
            }
        }
    }
}
