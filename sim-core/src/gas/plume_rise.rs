//! How far a chimney's plume rises: Briggs's formulas.
//!
//! A plume rises by its buoyancy or by its speed, whichever lifts it more; which
//! of them is decided by the excess temperature against a crossover. Here the
//! formulas are written with densities, so that a cold light gas rises as a hot one does.

use crate::gas::weather::{LOWEST_WIND, Stability, Weather};
use crate::units::{self, GRAVITY};

/// Buoyancy flux at which the exponents of the final rise change, m⁴/s³.
///
/// # Source
/// isc3 section 1.1.4, equations 1-10 to 1-16.
const LARGE_BUOYANCY: f64 = 55.0;

/// What leaves a chimney.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stack {
    /// Diameter of the opening, m.
    pub diameter: f64,
    /// Speed upwards, m/s.
    pub velocity: f64,
    /// Density of the gas at the air's pressure, kg/m³.
    pub density: f64,
    /// Density of the air, kg/m³.
    pub air_density: f64,
}

/// The exit of a chimney, whatever the air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exit {
    /// Diameter of the opening, m.
    pub diameter: f64,
    /// Speed upwards, m/s.
    pub velocity: f64,
    /// Temperature of the gas, K.
    pub temperature: f64,
    /// Molar mass of all that leaves, kg/mol.
    pub molar_mass: f64,
}

impl Exit {
    /// Density of the gas at the air's pressure, kg/m³.
    pub fn density(&self, air_pressure: f64) -> f64 {
        units::ideal_gas_density(self.molar_mass, self.temperature, air_pressure)
    }

    /// How its plume rises in some weather, from a height, m.
    ///
    /// The wind is that at the top of the stack, in weaker air than a plume's that of
    /// [`LOWEST_WIND`] at 10 m, which is the least rise that calm air gives.
    pub fn rise(&self, height: f64, weather: &Weather) -> Rise {
        let layering = match weather.stability {
            Stability::E => {
                Layering::Stable(stability_parameter(STABLE_GRADIENTS[0], weather.air_temperature))
            }
            Stability::F => {
                Layering::Stable(stability_parameter(STABLE_GRADIENTS[1], weather.air_temperature))
            }
            _ => Layering::UnstableOrNeutral,
        };
        let stack = Stack {
            diameter: self.diameter,
            velocity: self.velocity,
            density: self.density(weather.pressure),
            air_density: weather.air_density(),
        };
        Rise { stack, height, wind: weather.at_least(LOWEST_WIND).wind_at(height), layering }
    }
}

/// A plume that rises from a stack in a wind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// What leaves the stack.
    pub stack: Stack,
    /// Height of the stack, m.
    pub height: f64,
    /// Wind at its top, m/s.
    pub wind: f64,
    /// How the air takes it.
    pub layering: Layering,
}

impl Rise {
    /// Height of the plume's axis at a distance, m: the stack, less its downwash, and what was gained.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::plume_rise::{Layering, Rise, Stack};
    /// let rise = Rise { stack: Stack::hot(1.0, 10.0, 400.0, 293.0, 1.2), height: 30.0, wind: 5.0,
    ///     layering: Layering::UnstableOrNeutral };
    /// // 10 m/s is more than 1.5 times the wind, so nothing is pulled down; 17.56 m in the end.
    /// assert_eq!(rise.height_at(0.0), 30.0);
    /// assert!((rise.height_at(1000.0) - 47.56).abs() < 0.01);
    /// ```
    pub fn height_at(&self, distance: f64) -> f64 {
        let foot = (self.height - self.stack.downwash(self.wind)).max(0.0);
        foot + self.stack.rise(distance, self.wind, self.layering)
    }

    /// Height in the end, m.
    pub fn final_height(&self) -> f64 {
        self.height_at(f64::MAX)
    }
}

/// How the air takes a rising plume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Layering {
    /// Classes A to D: the plume rises until turbulence mixes it.
    UnstableOrNeutral,
    /// Classes E and F, with the parameter s = (g/T) dθ/dz, 1/s².
    Stable(f64),
}

/// Gradient of the potential temperature in classes E and F, K/m.
///
/// # Source
/// isc3 section 1.1.4 (defaults 0.020 and 0.035 K/m).
pub const STABLE_GRADIENTS: [f64; 2] = [0.020, 0.035];

/// The stability parameter s = (g/T) dθ/dz, 1/s².
///
/// # Example
/// ```
/// use sim_core::gas::plume_rise::stability_parameter;
/// // 9.80665/293 · 0.02 = 6.69e-4.
/// assert!((stability_parameter(0.020, 293.0) - 6.694e-4).abs() < 1e-7);
/// ```
pub fn stability_parameter(gradient: f64, air_temperature: f64) -> f64 {
    GRAVITY / air_temperature * gradient
}

impl Stack {
    /// A stack that blows out hot air: its density follows from the temperatures.
    ///
    /// # Units
    /// - temperatures in K, `air_density` in kg/m³
    pub fn hot(
        diameter: f64,
        velocity: f64,
        temperature: f64,
        air_temperature: f64,
        air_density: f64,
    ) -> Self {
        Self { diameter, velocity, density: air_density * air_temperature / temperature, air_density }
    }

    /// Share of its weight that is lifted, (ρa − ρ)/ρa; for hot air (Ts − Ta)/Ts.
    fn lift(&self) -> f64 {
        (self.air_density - self.density) / self.air_density
    }

    /// Buoyancy flux $F_b = g w d^2 (\rho_a-\rho)/(4\rho_a)$, m⁴/s³; negative for a heavy gas.
    ///
    /// # Source
    /// isc3 section 1.1.4, with (Ts − Ta)/Ts as a ratio of densities.
    pub fn buoyancy_flux(&self) -> f64 {
        GRAVITY * self.velocity * self.diameter * self.diameter * self.lift() / 4.0
    }

    /// Momentum flux $F_m = w^2 d^2 \rho/(4\rho_a)$, m⁴/s².
    ///
    /// # Source
    /// isc3 section 1.1.4, with T_a/T_s as a ratio of densities.
    pub fn momentum_flux(&self) -> f64 {
        (self.velocity * self.diameter).powi(2) * self.density / (4.0 * self.air_density)
    }

    /// The lift, as a share of the weight, above which buoyancy takes the plume higher than its speed.
    ///
    /// $$ \left(\tfrac{\Delta T}{T_s}\right)_c = 0.0297 \frac{w^{1/3}}{d^{2/3}} \;(F_b<55),\quad
    /// 0.00575\frac{w^{2/3}}{d^{1/3}} \;(F_b\ge55),\quad 0.019582\,w\sqrt{s}\;\text{(stable)} $$
    ///
    /// # Source
    /// isc3 equations 1-10 to 1-16 and 1-18.
    fn crossover(&self, layering: Layering) -> f64 {
        let (w, d) = (self.velocity, self.diameter);
        match layering {
            Layering::Stable(s) => 0.019_582 * w * s.sqrt(),
            Layering::UnstableOrNeutral if self.buoyancy_flux() < LARGE_BUOYANCY => {
                0.0297 * w.cbrt() / d.powf(2.0 / 3.0)
            }
            Layering::UnstableOrNeutral => 0.005_75 * w.powf(2.0 / 3.0) / d.cbrt(),
        }
    }

    /// True where buoyancy lifts the plume more than its speed does.
    pub fn rises_by_buoyancy(&self, layering: Layering) -> bool {
        self.lift() > 0.0 && self.lift() > self.crossover(layering)
    }

    /// Height that the plume gains in the end, m.
    ///
    /// Unstable and neutral, by buoyancy: $21.425 F_b^{3/4}/u$ below 55 m⁴/s³ and
    /// $38.71 F_b^{3/5}/u$ above; by speed $3 d w/u$. Stable, by buoyancy:
    /// $2.6 (F_b/(u s))^{1/3}$; by speed $1.5 (F_m/(u\sqrt s))^{1/3}$, but no more than
    /// in neutral air. In both, u is the **wind**: a public code divides the stable momentum
    /// rise by the speed of the jet, and takes (w/d)^(1/3) for the crossover.
    ///
    /// # Units
    /// - `wind`: at the top of the stack, m/s, above zero
    ///
    /// # Valid for
    /// Chimneys: upward jets of some m/s from round openings, winds from 1 m/s. A jet from a
    /// pressure vessel is none of these.
    ///
    /// # Source
    /// isc3 equations 1-10 to 1-16 and 1-17 to 1-21 (after briggs1969, briggs1975); the stable ones checked
    /// against two public pages that quote them.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::plume_rise::{Layering, Stack};
    /// // 1 m, 10 m/s, 400 K in air of 293 K: Fb = 9.80665·10·1·(107/400)/4 = 6.558; 21.425·6.558^(3/4)/5.
    /// let stack = Stack::hot(1.0, 10.0, 400.0, 293.0, 1.2);
    /// assert!((stack.buoyancy_flux() - 6.558).abs() < 1e-3);
    /// assert!((stack.final_rise(5.0, Layering::UnstableOrNeutral) - 17.56).abs() < 0.01);
    /// ```
    pub fn final_rise(&self, wind: f64, layering: Layering) -> f64 {
        let buoyancy = self.buoyancy_flux();
        let by_speed = 3.0 * self.diameter * self.velocity / wind;
        match (layering, self.rises_by_buoyancy(layering)) {
            (Layering::UnstableOrNeutral, true) if buoyancy < LARGE_BUOYANCY => {
                21.425 * buoyancy.powf(0.75) / wind
            }
            (Layering::UnstableOrNeutral, true) => 38.71 * buoyancy.powf(0.6) / wind,
            (Layering::UnstableOrNeutral, false) => by_speed,
            (Layering::Stable(s), true) => 2.6 * (buoyancy / (wind * s)).cbrt(),
            (Layering::Stable(s), false) => {
                by_speed.min(1.5 * (self.momentum_flux() / (wind * s.sqrt())).cbrt())
            }
        }
    }

    /// Distance at which a buoyant plume has gained its final height, m.
    ///
    /// $$ x_f = 49 F_b^{5/8}\;(F_b<55),\quad 119 F_b^{2/5}\;(F_b\ge55),\quad 2.0715\,u/\sqrt{s}\;\text{(stable)} $$
    ///
    /// # Source
    /// isc3 equations 1-10 to 1-16 and 1-17 to 1-21.
    pub fn distance_of_final_rise(&self, wind: f64, layering: Layering) -> f64 {
        let buoyancy = self.buoyancy_flux().max(0.0);
        match layering {
            Layering::Stable(s) => 2.0715 * wind / s.sqrt(),
            Layering::UnstableOrNeutral if buoyancy < LARGE_BUOYANCY => 49.0 * buoyancy.powf(0.625),
            Layering::UnstableOrNeutral => 119.0 * buoyancy.powf(0.4),
        }
    }

    /// Height that the plume has gained at a distance, m; never more than in the end.
    ///
    /// By buoyancy $1.60 (F_b x^2/u^3)^{1/3}$. By speed $(3 F_m x/(\beta u)^2)^{1/3}$ with
    /// $\beta = 1/3 + u/w$, and in stable air
    /// $(3 F_m \sin(x\sqrt s/u)/(\beta^2 u \sqrt s))^{1/3}$ up to a quarter wave.
    ///
    /// # Source
    /// isc3 section 1.1.4, gradual rise.
    pub fn rise(&self, distance: f64, wind: f64, layering: Layering) -> f64 {
        let end = self.final_rise(wind, layering);
        if distance <= 0.0 {
            return 0.0;
        }
        let gained = if self.rises_by_buoyancy(layering) {
            if distance >= self.distance_of_final_rise(wind, layering) {
                return end;
            }
            1.60 * (self.buoyancy_flux() * distance * distance / wind.powi(3)).cbrt()
        } else {
            let beta = 1.0 / 3.0 + wind / self.velocity;
            let momentum = 3.0 * self.momentum_flux();
            match layering {
                Layering::UnstableOrNeutral => (momentum * distance / (beta * wind).powi(2)).cbrt(),
                Layering::Stable(s) => {
                    let wave = (distance * s.sqrt() / wind).min(std::f64::consts::FRAC_PI_2);
                    (momentum * wave.sin() / (beta * beta * wind * s.sqrt())).cbrt()
                }
            }
        };
        gained.min(end)
    }

    /// Height by which the wake of the chimney pulls its plume down, m.
    ///
    /// $$ 2 d\,(1.5 - w/u) \quad\text{for } w < 1.5\,u $$
    ///
    /// # Source
    /// isc3 section 1.1.4 (stack-tip downwash, briggs1974).
    pub fn downwash(&self, wind: f64) -> f64 {
        (2.0 * self.diameter * (1.5 - self.velocity / wind)).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEUTRAL: Layering = Layering::UnstableOrNeutral;
    const STABLE: Layering = Layering::Stable(6.7e-4);

    fn stack(velocity: f64, temperature: f64) -> Stack {
        Stack::hot(2.0, velocity, temperature, 293.0, 1.2)
    }

    #[test]
    fn buoyancy_and_speed_lift_alike_at_the_crossover() {
        // That is how the crossover is defined; in stable air isc3 has the temperature of the gas
        // where the equality has that of the air, which is 1 % of the rise at 40 m/s.
        for (layering, tolerance) in [(NEUTRAL, 0.01), (STABLE, 0.01)] {
            for velocity in [4.0, 15.0, 40.0] {
                let lift = stack(velocity, 293.0).crossover(layering);
                let at = |lift: f64| stack(velocity, 293.0 / (1.0 - lift));
                if at(lift).buoyancy_flux() > LARGE_BUOYANCY && layering == NEUTRAL {
                    continue;
                }
                let (below, above) = (at(lift * 0.999_999), at(lift * 1.000_001));
                assert!(!below.rises_by_buoyancy(layering) && above.rises_by_buoyancy(layering));
                let by_speed = match layering {
                    NEUTRAL => below.final_rise(5.0, layering),
                    Layering::Stable(s) => 1.5 * (below.momentum_flux() / (5.0 * s.sqrt())).cbrt(),
                };
                let by_buoyancy = above.final_rise(5.0, layering);
                assert!(
                    (by_speed / by_buoyancy - 1.0).abs() < tolerance,
                    "{velocity}: {by_speed} {by_buoyancy}"
                );
            }
        }
    }

    #[test]
    fn the_final_rise_is_continuous_where_the_exponents_change() {
        let rise = |buoyancy: f64| {
            let lift = 4.0 * buoyancy / (GRAVITY * 12.0 * 4.0);
            stack(12.0, 293.0 / (1.0 - lift)).final_rise(4.0, NEUTRAL)
        };
        assert!((rise(54.99) / rise(55.01) - 1.0).abs() < 0.01);
    }

    #[test]
    fn the_plume_reaches_its_final_height_where_it_is_said_to() {
        for layering in [NEUTRAL, STABLE] {
            let stack = stack(12.0, 420.0);
            let end = stack.distance_of_final_rise(5.0, layering);
            let (before, after) = (stack.rise(end * 0.999, 5.0, layering), stack.rise(end, 5.0, layering));
            assert!((before / after - 1.0).abs() < 0.01, "{layering:?}: {before} {after}");
            let heights: Vec<f64> =
                (0..50).map(|i| stack.rise(f64::from(i) * end / 40.0, 5.0, layering)).collect();
            assert!(heights.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }

    #[test]
    fn a_heavy_gas_rises_by_its_speed_alone() {
        let heavy = Stack { diameter: 0.5, velocity: 20.0, density: 2.5, air_density: 1.2 };
        assert!(heavy.buoyancy_flux() < 0.0 && !heavy.rises_by_buoyancy(STABLE));
        assert_eq!(heavy.final_rise(4.0, NEUTRAL), 3.0 * 0.5 * 20.0 / 4.0);
    }

    #[test]
    fn stable_air_holds_a_plume_down() {
        let hot = stack(12.0, 420.0);
        assert!(hot.final_rise(3.0, Layering::Stable(1.2e-3)) < hot.final_rise(3.0, STABLE));
        assert!(hot.final_rise(3.0, STABLE) < hot.final_rise(3.0, NEUTRAL));
    }

    #[test]
    fn the_stable_momentum_rise_is_divided_by_the_wind() {
        // isc3 1-21 by hand: Fm = 400·4·1/4 = 400 (cold air); 1.5 (400/(5·0.02588))^(1/3) = 21.86 m.
        let cold = stack(20.0, 293.0);
        assert!((cold.final_rise(5.0, STABLE) - 21.86).abs() < 0.02, "{}", cold.final_rise(5.0, STABLE));
    }

    #[test]
    fn the_height_in_the_end_is_reached_and_never_passed() {
        for layering in [NEUTRAL, STABLE] {
            for (velocity, temperature) in [(12.0, 420.0), (20.0, 293.0), (3.0, 330.0)] {
                let rise = Rise { stack: stack(velocity, temperature), height: 40.0, wind: 5.0, layering };
                let heights: Vec<f64> = (0..200).map(|i| rise.height_at(10.0 * f64::from(i))).collect();
                assert!(heights.windows(2).all(|pair| pair[0] <= pair[1]));
                assert!((rise.height_at(1e6) - rise.final_height()).abs() < 1e-9);
                let foot = 40.0 - rise.stack.downwash(5.0);
                assert!((rise.final_height() - foot - rise.stack.final_rise(5.0, layering)).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_slow_plume_is_pulled_down_and_a_fast_one_is_not() {
        assert_eq!(stack(10.0, 293.0).downwash(5.0), 0.0);
        assert_eq!(stack(5.0, 293.0).downwash(5.0), 2.0 * 2.0 * 0.5);
    }
}
