//! A solitary wave on water of constant depth.

use sim_core::units::GRAVITY;

/// A wave of one crest that runs without changing its shape, to leading order.
///
/// $\eta = H \operatorname{sech}^2 (\gamma (x - x_1))$, $\gamma = \sqrt{3 H / 4 d} / d$.
///
/// # Source
/// Synolakis 1987, J. Fluid Mech. 185, 523.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SolitaryWave {
    /// Depth of the still water, m.
    pub still: f64,
    /// Height of the crest, m.
    pub height: f64,
    /// Where the crest is at time zero, m.
    pub crest: f64,
}

impl SolitaryWave {
    /// Steepness of the flanks γ, 1/m.
    pub fn steepness(self) -> f64 {
        (0.75 * self.height / self.still).sqrt() / self.still
    }

    /// Surface above still water at time zero, m.
    ///
    /// # Example
    /// ```
    /// let wave = validation::exact::SolitaryWave { still: 1.0, height: 0.019, crest: 30.0 };
    /// assert_eq!(wave.surface(30.0), 0.019);
    /// assert!(wave.surface(60.0) < 1e-3);
    /// ```
    pub fn surface(self, x: f64) -> f64 {
        self.height / (self.steepness() * (x - self.crest)).cosh().powi(2)
    }

    /// Velocity at time zero, m/s: that of a simple wave which runs towards smaller x into still water.
    ///
    /// $u = -2 (\sqrt{g (d + \eta)} - \sqrt{g d})$.
    pub fn velocity(self, x: f64) -> f64 {
        -2.0 * ((GRAVITY * (self.still + self.surface(x))).sqrt() - (GRAVITY * self.still).sqrt())
    }

    /// Run-up on a plane beach over the depth of still water, for waves that do not break.
    ///
    /// $R/d = 2.831 \sqrt{\cot\beta}\,(H/d)^{5/4}$.
    ///
    /// # Source
    /// Synolakis 1987, J. Fluid Mech. 185, 523, the run-up law.
    ///
    /// # Example
    /// ```
    /// let wave = validation::exact::SolitaryWave { still: 1.0, height: 0.019, crest: 30.0 };
    /// assert!((wave.run_up(19.85) - 0.0890).abs() < 1e-3);
    /// ```
    pub fn run_up(self, cot_beach: f64) -> f64 {
        2.831 * cot_beach.sqrt() * (self.height / self.still).powf(1.25) * self.still
    }
}
