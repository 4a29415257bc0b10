//! Steady flow without friction over a bump.

use sim_core::units::GRAVITY;

use super::root::bisect;

/// Where the crest of the bump is, m.
const CREST: f64 = 10.0;

/// Height of the crest, m.
const HEIGHT: f64 = 0.2;

/// Where the bump ends, m.
const FOOT: f64 = 12.0;

/// Bed of the bump, m: 0.2 − 0.05 (x − 10)² between 8 and 12 m, zero elsewhere.
///
/// # Units
/// - `x`: m
///
/// # Source
/// Goutal and Maurel 1997; Delestre et al. 2013 (`delestre2013`), section 3.1.
///
/// # Example
/// ```
/// use validation::exact::bump_bed;
/// assert_eq!((bump_bed(10.0), bump_bed(8.0), bump_bed(20.0)), (0.2, 0.0, 0.0));
/// ```
pub fn bump_bed(x: f64) -> f64 {
    (HEIGHT - 0.05 * (x - CREST).powi(2)).max(0.0)
}

/// Depth at which a unit discharge has a given energy above the bed.
///
/// Of the two positive roots of $h + q^2 / (2 g h^2) = E$ the deeper one is
/// subcritical, the other supercritical; where the energy is below its minimum
/// $\tfrac32 h_c$ by rounding, the critical depth.
///
/// # Units
/// - `discharge`: m²/s, positive; `energy`: m above the bed
///
/// # Source
/// Bernoulli; Delestre et al. 2013 (`delestre2013`), section 3.1.
///
/// # Example
/// ```
/// // 4.42 m²/s, 2 m at the outlet: 1.70735 m above the crest.
/// let energy = 2.0 + 4.42_f64.powi(2) / (2.0 * 9.80665 * 4.0);
/// let crest = validation::exact::bernoulli_depth(4.42, energy - 0.2, true);
/// assert!((crest - 1.70735).abs() < 2e-4);
/// ```
pub fn bernoulli_depth(discharge: f64, energy: f64, subcritical: bool) -> f64 {
    let critical = critical_depth(discharge);
    if energy <= 1.5 * critical {
        return critical;
    }
    let excess = |h: f64| h + discharge * discharge / (2.0 * GRAVITY * h * h) - energy;
    if subcritical {
        bisect(critical, energy, excess)
    } else {
        // Slower than free fall from the energy head: h >= q / sqrt(2 g E).
        bisect(0.5 * discharge / (2.0 * GRAVITY * energy).sqrt(), critical, excess)
    }
}

fn critical_depth(discharge: f64) -> f64 {
    (discharge * discharge / GRAVITY).cbrt()
}

/// Steady flow over the bump.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BumpFlow {
    /// Subcritical everywhere.
    Subcritical {
        /// Unit discharge, m²/s.
        discharge: f64,
        /// Depth at the outlet, m.
        outlet: f64,
    },
    /// Subcritical before the crest, supercritical after it.
    Transcritical {
        /// Unit discharge, m²/s.
        discharge: f64,
    },
    /// As transcritical, and back to subcritical in a jump behind the crest.
    Shock {
        /// Unit discharge, m²/s.
        discharge: f64,
        /// Depth at the outlet, m.
        outlet: f64,
    },
}

impl BumpFlow {
    /// Depth, m.
    ///
    /// # Units
    /// - `x`: m
    ///
    /// # Source
    /// Delestre et al. 2013 (`delestre2013`), sections 3.1.3 to 3.1.5.
    ///
    /// # Example
    /// ```
    /// use validation::exact::BumpFlow;
    /// let flow = BumpFlow::Shock { discharge: 0.18, outlet: 0.33 };
    /// // Published (g = 9.81): 0.413736 m upstream, jump at 11.66562 m from 0.07597 to 0.25932 m.
    /// assert!((flow.depth(0.0) - 0.413736).abs() < 2e-4);
    /// assert!((flow.jump().expect("there is one") - 11.66562).abs() < 2e-3);
    /// assert!((flow.depth(11.66) - 0.0760).abs() < 1e-3 && (flow.depth(11.67) - 0.2593).abs() < 1e-3);
    /// ```
    pub fn depth(self, x: f64) -> f64 {
        match self {
            Self::Subcritical { discharge, outlet } => {
                bernoulli_depth(discharge, energy(discharge, outlet) - bump_bed(x), true)
            }
            Self::Transcritical { discharge } => over_the_crest(discharge, x),
            Self::Shock { discharge, .. } if self.jump().is_some_and(|jump| x < jump) => {
                over_the_crest(discharge, x)
            }
            Self::Shock { discharge, outlet } => {
                bernoulli_depth(discharge, energy(discharge, outlet) - bump_bed(x), true)
            }
        }
    }

    /// Unit discharge, m²/s.
    pub fn discharge(self) -> f64 {
        match self {
            Self::Subcritical { discharge, .. }
            | Self::Transcritical { discharge }
            | Self::Shock { discharge, .. } => discharge,
        }
    }

    /// Where the jump is, m: the place at which both sides carry the same momentum.
    pub fn jump(self) -> Option<f64> {
        let Self::Shock { discharge, outlet } = self else { return None };
        let momentum = |h: f64| discharge * discharge / h + 0.5 * GRAVITY * h * h;
        let behind = |x: f64| bernoulli_depth(discharge, energy(discharge, outlet) - bump_bed(x), true);
        Some(bisect(CREST, FOOT, |x| momentum(over_the_crest(discharge, x)) - momentum(behind(x))))
    }
}

fn energy(discharge: f64, depth: f64) -> f64 {
    depth + discharge * discharge / (2.0 * GRAVITY * depth * depth)
}

/// Depth of the flow that is critical on the crest.
fn over_the_crest(discharge: f64, x: f64) -> f64 {
    let head = HEIGHT + 1.5 * critical_depth(discharge);
    bernoulli_depth(discharge, head - bump_bed(x), x < CREST)
}
