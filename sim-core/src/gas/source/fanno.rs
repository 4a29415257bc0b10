//! Steady gas flow through a long pipe with friction, out of a hole at its end.

use crate::gas::source::nozzle::Stagnation;

/// Friction length fL/d that takes a flow from a Mach number to the speed of sound.
///
/// $$ \frac{f L^*}{d} = \frac{1-M^2}{\gamma M^2} + \frac{\gamma+1}{2\gamma} \ln \frac{(\gamma+1)M^2}{2+(\gamma-1)M^2} $$
///
/// with the friction factor of Darcy.
///
/// # Source
/// shapiro1953, equation 6.20 (there with four times the factor of Fanning).
///
/// # Example
/// ```
/// use sim_core::gas::source::fanno::friction_length;
/// // Tables of adiabatic flow with friction: 1.0691 at Mach 0.5, 14.533 at Mach 0.2, ratio 1.4.
/// assert!((friction_length(0.5, 1.4) - 1.0691).abs() < 1e-4);
/// assert!((friction_length(0.2, 1.4) - 14.533).abs() < 1e-3);
/// ```
pub fn friction_length(mach: f64, gamma: f64) -> f64 {
    let square = mach * mach;
    (1.0 - square) / (gamma * square)
        + 0.5 * (gamma + 1.0) / gamma * ((gamma + 1.0) * square / (2.0 + (gamma - 1.0) * square)).ln()
}

/// Ratio of the stagnation pressure to that where the flow has become sonic.
///
/// # Source
/// shapiro1953, chapter 6: 2.9635 at Mach 0.2 and 1.3398 at Mach 0.5 for a ratio of 1.4.
pub fn stagnation_ratio(mach: f64, gamma: f64) -> f64 {
    let base = (2.0 + (gamma - 1.0) * mach * mach) / (gamma + 1.0);
    base.powf(0.5 * (gamma + 1.0) / (gamma - 1.0)) / mach
}

/// Mass rate per area as a share of that of stagnation density times speed of sound.
fn mass_function(mach: f64, gamma: f64) -> f64 {
    mach * (1.0 + 0.5 * (gamma - 1.0) * mach * mach).powf(-0.5 * (gamma + 1.0) / (gamma - 1.0))
}

/// A pipe fed by a source of constant pressure, with a hole at its far end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FedPipe {
    /// Gas at rest at the source.
    pub source: Stagnation,
    /// Cross-section of the pipe, m².
    pub pipe_area: f64,
    /// Friction length of the pipe, fL/d with the factor of Darcy.
    pub friction: f64,
    /// Effective flow area of the hole, m²: discharge coefficient times area, at most the pipe's.
    pub hole_area: f64,
}

/// The steady flow of a fed pipe.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FedFlow {
    /// Mass rate, kg/s.
    pub rate: f64,
    /// Stagnation pressure at the hole, Pa.
    pub pressure_at_hole: f64,
}

/// Smallest Mach number searched at the inlet of the pipe.
const STILL: f64 = 1e-9;

/// Halvings of a search between two Mach numbers: below rounding.
const HALVINGS: usize = 80;

impl FedPipe {
    /// Mass rate and stagnation pressure at the hole.
    ///
    /// The gas enters from rest without loss, flows adiabatically with friction
    /// (its stagnation temperature stays), and leaves through the hole as from a
    /// nozzle, choked or not.
    ///
    /// # Units
    /// - `air_pressure`: Pa (absolute)
    ///
    /// # Source
    /// shapiro1953, chapter 6.
    pub fn flow(&self, air_pressure: f64) -> FedFlow {
        let gamma = self.source.heat_capacity_ratio;
        let scale = self.pipe_area * self.source.density() * self.source.sound_speed();
        let fastest = inverse(self.friction, gamma, STILL, 1.0);
        let (mut low, mut high) = (STILL, fastest);
        for _ in 0..HALVINGS {
            let inlet = 0.5 * (low + high);
            let pressure = self.pressure_at_hole(inlet);
            let leaves =
                self.hole_area * Stagnation { pressure, ..self.source }.throat(air_pressure).mass_flux();
            if scale * mass_function(inlet, gamma) < leaves {
                low = inlet;
            } else {
                high = inlet;
            }
        }
        let inlet = 0.5 * (low + high);
        FedFlow { rate: scale * mass_function(inlet, gamma), pressure_at_hole: self.pressure_at_hole(inlet) }
    }

    fn pressure_at_hole(&self, inlet: f64) -> f64 {
        let gamma = self.source.heat_capacity_ratio;
        let left = (friction_length(inlet, gamma) - self.friction).max(0.0);
        let outlet = inverse(left, gamma, inlet, 1.0);
        self.source.pressure * stagnation_ratio(outlet, gamma) / stagnation_ratio(inlet, gamma)
    }
}

/// Mach number with a friction length, which falls from `slow` to `fast`.
fn inverse(length: f64, gamma: f64, slow: f64, fast: f64) -> f64 {
    let (mut low, mut high) = (slow, fast);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if friction_length(middle, gamma) > length {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAS: Stagnation =
        Stagnation { pressure: 4e6, temperature: 288.15, heat_capacity_ratio: 1.31, gas_constant: 518.3 };
    const AIR: f64 = 101_325.0;

    fn pipe(friction: f64, share: f64) -> FedPipe {
        FedPipe { source: GAS, pipe_area: 0.2, friction, hole_area: share * 0.2 }
    }

    #[test]
    fn a_pipe_without_friction_is_a_hole() {
        for share in [0.01, 0.3, 1.0] {
            let hole = share * 0.2 * GAS.throat(AIR).mass_flux();
            assert!((pipe(1e-12, share).flow(AIR).rate / hole - 1.0).abs() < 1e-4, "{share}");
        }
    }

    #[test]
    fn friction_only_ever_lowers_the_flow() {
        let rates: Vec<f64> = [0.0, 1.0, 30.0, 600.0, 6000.0].map(|f| pipe(f, 1.0).flow(AIR).rate).to_vec();
        assert!(rates.windows(2).all(|pair| pair[1] < pair[0]), "{rates:?}");
    }

    #[test]
    fn slow_flow_obeys_the_equation_of_isothermal_pipelines() {
        // m² = A² (p1² - p2²) d/(f L R T): exact for slow flow; here the Mach number is below 0.02.
        let long = pipe(2000.0, 0.03);
        let flow = long.flow(AIR);
        let squares = GAS.pressure.powi(2) - flow.pressure_at_hole.powi(2);
        let rate = long.pipe_area * (squares / (2000.0 * GAS.gas_constant * GAS.temperature)).sqrt();
        assert!((flow.rate / rate - 1.0).abs() < 0.005, "{} {rate}", flow.rate);
    }

    #[test]
    fn stagnation_pressures_are_those_of_the_tables() {
        // shapiro1953, table B.4, ratio 1.4.
        assert!((stagnation_ratio(0.2, 1.4) - 2.9635).abs() < 1e-4);
        assert!((stagnation_ratio(0.5, 1.4) - 1.3398).abs() < 1e-4);
    }

    #[test]
    fn a_weak_pressure_drives_unchoked_flow() {
        let weak = FedPipe { source: Stagnation { pressure: AIR + 3000.0, ..GAS }, ..pipe(500.0, 1.0) };
        let flow = weak.flow(AIR);
        assert!(flow.rate > 0.0 && flow.pressure_at_hole > AIR && flow.pressure_at_hole < AIR + 3000.0);
    }
}
