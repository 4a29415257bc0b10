//! How far a jet burns, and how much of it.

use std::f64::consts::PI;

use crate::gas::jet::{Jet, Section};

/// Panels of Simpson's rule over the mass fraction: the density is a smooth function of it.
const PANELS: usize = 8;

impl Jet {
    /// Place and distance along the axis where the concentration falls to a volume fraction; none
    /// where the jet ends before.
    ///
    /// Between two cross-sections the logarithm is interpolated.
    ///
    /// # Example
    /// See [`Jet::flammable_mass`].
    pub fn reach(&self, volume_fraction: f64) -> Option<([f64; 3], f64)> {
        let pair = self.sections.windows(2).find(|pair| {
            pair[0].centre_volume_fraction >= volume_fraction
                && pair[1].centre_volume_fraction < volume_fraction
        })?;
        let [near, far] = [pair[0], pair[1]];
        let fall = (near.centre_volume_fraction / far.centre_volume_fraction).ln();
        let share = (near.centre_volume_fraction / volume_fraction).ln() / fall;
        let between = |a: f64, b: f64| a + share * (b - a);
        let place = [0, 1, 2].map(|i| between(near.place[i], far.place[i]));
        Some((place, between(near.along, far.along)))
    }

    /// Mass of gas between two volume fractions, kg.
    ///
    /// With the bell $Y = Y_c e^{-r^2/b_c^2}$ of a cross-section the area between two
    /// mass fractions is $\pi b_c^2\, dY/Y$, so that
    ///
    /// $$ \frac{dm}{ds} = \pi b_c^2 \int_{Y_L}^{\min(Y_U, Y_c)} \rho(Y)\,dY $$
    ///
    /// # Units
    /// - the limits as volume fractions, lower and upper
    ///
    /// # Example
    /// ```
    /// # use sim_core::gas::jet::{Ambient, Jet, Source};
    /// # use sim_core::gas::{source::gas_hole::GasHole, substance};
    /// let (methane, air) = (substance::find("methane")?, 101_325.0);
    /// let out = GasHole::round(0.02, 501_325.0, 288.15).outflow(methane, air)?;
    /// let source = Source::from_hole(&out.exit, out.rate, methane, air, 3.0, [1.0, 0.0, 0.0]);
    /// let ambient = Ambient { wind: 2.0, temperature: 288.15, pressure: air };
    /// let jet = Jet::new(source, ambient, 100.0)?;
    /// let (_, reach) = jet.reach(0.05).expect("falls to 5 %");
    /// assert!(reach > 4.0 && reach < 9.0, "metres, not tens of metres");
    /// assert!(jet.flammable_mass(0.05, 0.15) < jet.flammable_mass(0.025, 0.15));
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn flammable_mass(&self, lower: f64, upper: f64) -> f64 {
        let (low, high) = (self.mass_fraction(lower), self.mass_fraction(upper));
        let at = |section: &Section| self.flammable_mass_per_length(section, low, high);
        self.sections
            .windows(2)
            .map(|pair| 0.5 * (at(&pair[0]) + at(&pair[1])) * (pair[1].along - pair[0].along))
            .sum()
    }

    fn flammable_mass_per_length(&self, section: &Section, low: f64, high: f64) -> f64 {
        let top = section.centre_mass_fraction.min(high);
        if top <= low {
            return 0.0;
        }
        let step = (top - low) / (2 * PANELS) as f64;
        let weight = |i: usize| match i {
            0 => 1.0,
            i if i == 2 * PANELS => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let sum: f64 = (0..=2 * PANELS).map(|i| weight(i) * self.density(low + i as f64 * step)).sum();
        PI * section.concentration_radius * section.concentration_radius * sum * step / 3.0
    }
}
