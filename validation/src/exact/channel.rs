//! Steady flow with friction in channels whose bed is made for it (MacDonald).

use sim_core::units::GRAVITY;

/// A channel of constant width in which the depth is chosen and the bed follows.
///
/// The momentum balance of steady flow, with rain $R$ and $q = q_0 + R x$,
///
/// $$ -z' = \Big( h + \frac{q^2}{2 g h^2} \Big)' + \frac{n^2 q^2}{h^{10/3}} + \frac{q R}{g h^2} $$
///
/// is integrated from the outlet, where $z = 0$. The energy term is integrated
/// exactly, the rest by Gauss's rule; nothing depends on a grid. At a jump of the
/// depth the bed is continuous.
///
/// # Source
/// MacDonald et al. 1997, J. Hydraul. Eng. 123, 1041; Delestre et al. 2013 (`delestre2013`), section 3.2.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    /// Length, m.
    pub length: f64,
    /// Manning's n, s/m^(1/3).
    pub manning_n: f64,
    /// Unit discharge at the inlet, m²/s.
    pub inflow: f64,
    /// Rain, m/s.
    pub rain: f64,
    /// Where the depth jumps or has a kink, m.
    pub joint: Option<f64>,
    /// Depth at x, m; at the joint itself the side after it.
    pub depth: fn(f64) -> f64,
}

/// Places and weights of Gauss's rule of five points on −1..1.
///
/// # Source
/// Abramowitz and Stegun 1964, table 25.4.
const GAUSS: [(f64, f64); 5] = [
    (-0.906_179_845_938_664, 0.236_926_885_056_189),
    (-0.538_469_310_105_683, 0.478_628_670_499_366),
    (0.0, 0.568_888_888_888_889),
    (0.538_469_310_105_683, 0.478_628_670_499_366),
    (0.906_179_845_938_664, 0.236_926_885_056_189),
];

/// Panels of Gauss's rule over a channel: the depths vary over a tenth of its length.
const PANELS: usize = 200;

/// How close to a joint its left side is taken, as a share of the length.
const BESIDE: f64 = 1e-12;

impl Channel {
    /// Unit discharge, m²/s.
    pub fn discharge(&self, x: f64) -> f64 {
        self.inflow + self.rain * x
    }

    /// Level of the bed, m; zero at the outlet.
    ///
    /// # Units
    /// - `x`: m from the inlet
    ///
    /// # Example
    /// ```
    /// use validation::exact::Channel;
    /// let c = (4.0_f64 / 9.81).cbrt();
    /// let channel = Channel {
    ///     length: 1000.0, manning_n: 0.033, inflow: 2.0, rain: 0.0, joint: None,
    ///     depth: |x| (4.0_f64 / 9.81).cbrt() * (1.0 + 0.5 * (-16.0 * (x / 1000.0 - 0.5).powi(2)).exp()),
    /// };
    /// assert!(((channel.depth)(500.0) - 1.5 * c).abs() < 1e-12);
    /// // Computed elsewhere with g = 9.81: 6.95225 m at the inlet.
    /// assert!((channel.bed(0.0) - 6.95225).abs() < 1e-3);
    /// ```
    pub fn bed(&self, x: f64) -> f64 {
        match self.joint {
            Some(joint) if x < joint => {
                let left = joint - BESIDE * self.length;
                self.fall(joint, self.length) + self.fall(x, left)
            }
            _ => self.fall(x, self.length),
        }
    }

    /// Fall of the bed from one place to another between which the depth is smooth, m.
    fn fall(&self, from: f64, to: f64) -> f64 {
        let panels = ((to - from) / self.length * PANELS as f64).ceil().max(1.0);
        let half = 0.5 * (to - from) / panels;
        let mut losses = 0.0;
        for panel in 0..panels as usize {
            let middle = from + (2.0 * panel as f64 + 1.0) * half;
            losses += GAUSS
                .iter()
                .map(|(place, weight)| weight * half * self.loss(middle + place * half))
                .sum::<f64>();
        }
        self.energy(to) - self.energy(from) + losses
    }

    fn energy(&self, x: f64) -> f64 {
        let (h, q) = ((self.depth)(x), self.discharge(x));
        h + q * q / (2.0 * GRAVITY * h * h)
    }

    fn loss(&self, x: f64) -> f64 {
        let (h, q) = ((self.depth)(x), self.discharge(x));
        self.manning_n.powi(2) * q * q / h.powf(10.0 / 3.0) + q * self.rain / (GRAVITY * h * h)
    }
}
