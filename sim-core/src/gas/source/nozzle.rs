//! Gas flowing from rest through a nozzle into the air: the one formula that
//! holes, vessels, pipelines and valves share.

/// Gas at rest ahead of a nozzle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stagnation {
    /// Absolute pressure, Pa.
    pub pressure: f64,
    /// Temperature, K.
    pub temperature: f64,
    /// Heat-capacity ratio cp/cv.
    pub heat_capacity_ratio: f64,
    /// Specific gas constant times the compressibility factor, J/(kg K).
    pub gas_constant: f64,
}

/// The state in the throat of a nozzle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throat {
    /// Pressure, Pa; above the air's where the flow is choked.
    pub pressure: f64,
    /// Temperature, K.
    pub temperature: f64,
    /// Density, kg/m³.
    pub density: f64,
    /// Speed, m/s.
    pub velocity: f64,
    /// True where the flow leaves at the speed of sound.
    pub choked: bool,
}

impl Stagnation {
    /// The state in the throat after isentropic expansion from rest.
    ///
    /// One formula serves both regimes: the throat's pressure is the air's or the
    /// critical one, whichever is higher; so the switch between them is continuous.
    /// At a pressure not above the air's nothing flows.
    ///
    /// # Units
    /// - `air_pressure`: Pa (absolute)
    ///
    /// # Source
    /// ccps1999 section 2.1.2: energy equation of isentropic flow.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::source::nozzle::Stagnation;
    /// // Air of 10 bar at 288.15 K: choked, 10^6 · 0.6847/sqrt(287 · 288.15) = 2381 kg/(m² s).
    /// let air = Stagnation { pressure: 1e6, temperature: 288.15, heat_capacity_ratio: 1.4, gas_constant: 287.0 };
    /// let throat = air.throat(101_325.0);
    /// assert!(throat.choked && (throat.mass_flux() - 2381.0).abs() < 1.0);
    /// ```
    pub fn throat(&self, air_pressure: f64) -> Throat {
        let gamma = self.heat_capacity_ratio;
        let critical = critical_pressure_ratio(gamma);
        let ratio = (air_pressure / self.pressure).max(critical).min(1.0);
        let cooled = self.temperature * ratio.powf((gamma - 1.0) / gamma);
        let heat_capacity = gamma * self.gas_constant / (gamma - 1.0);
        Throat {
            pressure: ratio * self.pressure,
            temperature: cooled,
            density: ratio * self.pressure / (self.gas_constant * cooled),
            velocity: (2.0 * heat_capacity * (self.temperature - cooled)).sqrt(),
            choked: air_pressure <= critical * self.pressure,
        }
    }

    /// Speed of sound at rest, m/s.
    pub fn sound_speed(&self) -> f64 {
        (self.heat_capacity_ratio * self.gas_constant * self.temperature).sqrt()
    }

    /// Density at rest, kg/m³.
    pub fn density(&self) -> f64 {
        self.pressure / (self.gas_constant * self.temperature)
    }
}

impl Throat {
    /// Mass rate per unit of flow area, kg/(m² s).
    pub fn mass_flux(&self) -> f64 {
        self.density * self.velocity
    }

    /// Speed after the jet has expanded to the pressure of the air, m/s.
    ///
    /// The momentum balance over the expansion, without entrainment:
    ///
    /// $$ u_e = u + \frac{p - p_a}{\rho u} $$
    ///
    /// # Source
    /// birch1987.
    pub fn expanded_velocity(&self, air_pressure: f64) -> f64 {
        if self.velocity > 0.0 {
            self.velocity + (self.pressure - air_pressure).max(0.0) / self.mass_flux()
        } else {
            0.0
        }
    }
}

/// Ratio of the throat's pressure to that behind it at which flow becomes sonic.
///
/// $$ r_c = \left(\frac{2}{\gamma+1}\right)^{\gamma/(\gamma-1)} $$
///
/// # Source
/// ccps1999 equation 2.17.
pub fn critical_pressure_ratio(gamma: f64) -> f64 {
    (2.0 / (gamma + 1.0)).powf(gamma / (gamma - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AIR: Stagnation =
        Stagnation { pressure: 1e6, temperature: 300.0, heat_capacity_ratio: 1.4, gas_constant: 287.0 };

    #[test]
    fn nothing_flows_without_a_pressure_difference() {
        for pressure in [50_000.0, 101_325.0] {
            let throat = Stagnation { pressure, ..AIR }.throat(101_325.0);
            assert_eq!(throat.mass_flux(), 0.0);
            assert_eq!(throat.expanded_velocity(101_325.0), 0.0);
        }
    }

    #[test]
    fn energy_is_conserved_between_rest_and_throat() {
        for pressure in [110_000.0, 150_000.0, 1e6] {
            let gas = Stagnation { pressure, ..AIR };
            let throat = gas.throat(101_325.0);
            let heat_capacity = 1.4 * 287.0 / 0.4;
            let total = heat_capacity * throat.temperature + 0.5 * throat.velocity.powi(2);
            assert!((total / (heat_capacity * 300.0) - 1.0).abs() < 1e-12);
            let entropy = |p: f64, t: f64| heat_capacity * t.ln() - 287.0 * p.ln();
            assert!((entropy(throat.pressure, throat.temperature) - entropy(pressure, 300.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn the_critical_ratio_of_a_diatomic_gas_is_that_of_the_tables() {
        // naca1135, table I: p/pt = 0.5283 at Mach 1 for a ratio of 1.4.
        assert!((critical_pressure_ratio(1.4) - 0.5283).abs() < 5e-5);
    }
}
