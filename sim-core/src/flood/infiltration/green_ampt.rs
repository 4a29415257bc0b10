//! A wetting front drawn down by suction and weight.

use std::hint::select_unpredictable;

use super::{StepNumbers, Uptake};

/// The law.
///
/// With what has been taken $F$, the conductivity $K$ and $S = \psi\,\Delta\theta$
/// (suction head times the share of the volume that the front fills),
///
/// $$ \frac{dF}{dt} = K \Big( 1 + \frac{S}{F} \Big), \qquad F - S \ln\Big(1 + \frac FS\Big) = K t $$
///
/// under water that always stands there. A step takes the rate in the middle of what it
/// takes itself,
///
/// $$ \Delta F = K \Delta t \Big( 1 + \frac{S}{F + \Delta F / 2} \Big) $$
///
/// a quadratic equation, which needs no logarithm, has $\sqrt{2 S K \Delta t}$ as its
/// first step, as the law has, and $K \Delta t$ where there is no suction. The store is
/// $F$, m. The weight of the water on the ground is left out.
///
/// # Valid for
/// Deep homogeneous soil; water much shallower than the suction head.
///
/// # Source
/// Green & Ampt 1911 (`greenampt1911`), in the notation of Bedient, Huber & Vieux 2013
/// (`bedient2013`), section 2.8.
#[derive(Debug, Clone, Copy)]
pub struct GreenAmpt;

/// Numbers for a step: $K \Delta t$ and $S$, m.
///
/// # Units
/// - `conductivity`: m/s; `suction_deficit`: S, m; `dt`: time step, s
pub fn for_step(conductivity: f64, suction_deficit: f64, dt: f64) -> StepNumbers {
    [conductivity * dt, suction_deficit, 0.0]
}

impl Uptake for GreenAmpt {
    #[inline(always)]
    fn capacity([weight, suction, _]: StepNumbers, store: f64, _: f64) -> f64 {
        let half = store - 0.5 * weight;
        let product = 2.0 * weight * (store + suction);
        let root = (half * half + product).sqrt();
        let sum = (root + half).max(f64::MIN_POSITIVE);
        select_unpredictable(half < 0.0, root - half, product / sum)
    }

    #[inline(always)]
    fn store_after(_: StepNumbers, store: f64, _: f64, (taken, _): (f64, f64)) -> f64 {
        store + taken
    }
}

#[cfg(test)]
mod tests {
    use crate::flood::infiltration::Soil;

    /// What ponded ground has taken after so many seconds, in steps of `dt`.
    fn ponded(soil: Soil, seconds: f64, dt: f64) -> f64 {
        (0..(seconds / dt) as usize).fold(0.0, |store, _| soil.take(store, 0.0, 1.0, dt).1)
    }

    /// The time by which ponded ground has taken a depth.
    fn time_of(taken: f64, conductivity: f64, s: f64) -> f64 {
        (taken - s * (1.0 + taken / s).ln()) / conductivity
    }

    #[test]
    fn ponded_ground_follows_the_closed_form() {
        let (conductivity, suction, deficit) = (6.5e-3 / 3600.0, 0.1668, 0.34);
        let soil = Soil::GreenAmpt { conductivity, suction, deficit };
        for (dt, bound) in [(1.0, 1e-4), (10.0, 3e-3), (60.0, 2e-2)] {
            let taken = ponded(soil, 3600.0, dt);
            let time = time_of(taken, conductivity, suction * deficit);
            assert!((time / 3600.0 - 1.0).abs() < bound, "dt {dt}: {time}");
        }
    }

    #[test]
    fn steady_rain_ponds_and_soaks_as_in_a_published_example() {
        // Bedient, Huber & Vieux 2013, section 2.8: rain of six times the conductivity
        // ponds after 11.7 min and 0.76 cm; 1.20 cm have soaked in after 20 min.
        let conductivity = 1.81e-6;
        let soil = Soil::GreenAmpt { conductivity, suction: 0.170, deficit: 0.223 };
        let (rain, dt) = (6.0 * conductivity, 1.0);
        let (mut store, mut ponding, mut there) = (0.0, None, 0.0);
        for second in 0..1200 {
            there += rain * dt;
            let (taken, next) = soil.take(store, rain * dt, there, dt);
            (store, there) = (next, there - taken);
            if ponding.is_none() && there > 0.0 {
                ponding = Some((f64::from(second) / 60.0, store * 100.0));
            }
        }
        let (minutes, soaked) = ponding.expect("it ponds");
        assert!((minutes - 11.7).abs() < 0.1 && (soaked - 0.76).abs() < 0.005, "{minutes} min {soaked} cm");
        assert!((store * 100.0 - 1.20).abs() < 0.005, "{store}");
    }

    #[test]
    fn a_finer_step_is_closer() {
        let (conductivity, suction, deficit) = (1e-6, 0.2, 0.3);
        let soil = Soil::GreenAmpt { conductivity, suction, deficit };
        let error =
            |dt: f64| (time_of(ponded(soil, 1200.0, dt), conductivity, suction * deficit) - 1200.0).abs();
        assert!(error(30.0) > 1.8 * error(15.0) && error(15.0) > 1.8 * error(7.5));
    }

    #[test]
    fn without_suction_the_rate_is_the_conductivity() {
        let soil = Soil::GreenAmpt { conductivity: 2e-6, suction: 0.0, deficit: 0.3 };
        assert!((ponded(soil, 3600.0, 10.0) / (2e-6 * 3600.0) - 1.0).abs() < 1e-12);
        let sealed = Soil::GreenAmpt { conductivity: 0.0, suction: 0.1, deficit: 0.3 };
        assert_eq!(sealed.take(0.0, 0.0, 1.0, 10.0).0, 0.0);
    }

    #[test]
    fn a_first_step_takes_the_root_of_time() {
        let soil = Soil::GreenAmpt { conductivity: 1e-6, suction: 0.2, deficit: 0.5 };
        let taken = soil.take(0.0, 0.0, 1.0, 1e-3).0;
        assert!((taken / (2.0f64 * 0.1 * 1e-6 * 1e-3).sqrt() - 1.0).abs() < 1e-3);
    }
}
