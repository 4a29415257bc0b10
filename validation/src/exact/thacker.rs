//! Water that swings in a parabolic basin without friction.

use sim_core::units::GRAVITY;

/// A parabolic canal in which a flat surface swings to and fro.
///
/// $z = h_0 ((x - x_0)^2 / a^2 - 1)$; the shore lines move with the velocity
/// $u = B \sin \omega t$ of all the water, $\omega = \sqrt{2 g h_0} / a$, $B = \omega a / 2$
/// (for the amplitude $a/2$).
///
/// # Source
/// Thacker 1981, J. Fluid Mech. 107, 499; Delestre et al. 2013 (`delestre2013`), section 4.2.1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Canal {
    /// Middle of the canal, m.
    pub middle: f64,
    /// Half width of the still surface, m.
    pub half_width: f64,
    /// Depth of still water in the middle, m.
    pub depth: f64,
}

impl Canal {
    /// Period of the swing, s.
    ///
    /// # Example
    /// ```
    /// let canal = validation::exact::Canal { middle: 2.0, half_width: 1.0, depth: 0.5 };
    /// assert!((canal.period() - 2.006).abs() < 1e-3, "published: 2.006067 s with g = 9.81");
    /// ```
    pub fn period(self) -> f64 {
        std::f64::consts::TAU / self.frequency()
    }

    fn frequency(self) -> f64 {
        (2.0 * GRAVITY * self.depth).sqrt() / self.half_width
    }

    /// Level of the bed, m.
    pub fn bed(self, x: f64) -> f64 {
        self.depth * (((x - self.middle) / self.half_width).powi(2) - 1.0)
    }

    /// Depth at a place and time, m.
    pub fn depth_at(self, x: f64, time: f64) -> f64 {
        let place = (x - self.middle) / self.half_width + 0.5 * (self.frequency() * time).cos();
        (-self.depth * (place * place - 1.0)).max(0.0)
    }

    /// Velocity of the water at a time, m/s; the same wherever there is water.
    pub fn velocity(self, time: f64) -> f64 {
        0.5 * self.frequency() * self.half_width * (self.frequency() * time).sin()
    }
}

/// A round parabolic bowl, $z = -h_0 (1 - r^2 / a^2)$, around the origin.
///
/// # Source
/// Thacker 1981, J. Fluid Mech. 107, 499; Delestre et al. 2013 (`delestre2013`), section 4.2.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bowl {
    /// Radius of the still shore, m.
    pub radius: f64,
    /// Depth of still water in the middle, m.
    pub depth: f64,
}

impl Bowl {
    /// Level of the bed, m.
    pub fn bed(self, x: f64, y: f64) -> f64 {
        -self.depth * (1.0 - (x * x + y * y) / (self.radius * self.radius))
    }

    /// Period of the radial swing, s.
    ///
    /// # Example
    /// ```
    /// let bowl = validation::exact::Bowl { radius: 1.0, depth: 0.1 };
    /// assert!((bowl.radial_period() - 2.243).abs() < 1e-3, "published: 2.242851 s with g = 9.81");
    /// ```
    pub fn radial_period(self) -> f64 {
        std::f64::consts::TAU * self.radius / (8.0 * GRAVITY * self.depth).sqrt()
    }

    /// Depth of the radial swing, m; at time zero it is highest in the middle.
    ///
    /// # Units
    /// - `rim`: radius of the shore at time zero, m; `time`: s
    ///
    /// # Example
    /// ```
    /// let bowl = validation::exact::Bowl { radius: 1.0, depth: 0.1 };
    /// assert!((bowl.radial_depth(0.0, 0.0, 0.8, 0.0) - 0.125).abs() < 1e-12);
    /// let half = 0.5 * bowl.radial_period();
    /// assert!((bowl.radial_depth(0.0, 0.0, 0.8, half) - 0.08).abs() < 1e-12);
    /// ```
    pub fn radial_depth(self, x: f64, y: f64, rim: f64, time: f64) -> f64 {
        let (a2, r2) = (self.radius * self.radius, x * x + y * y);
        let swing = (a2 - rim * rim) / (a2 + rim * rim);
        let phase = (std::f64::consts::TAU * time / self.radial_period()).cos();
        let stretch = 1.0 - swing * phase;
        let squared = (1.0 - swing * swing) / (stretch * stretch);
        let level = self.depth * (squared.sqrt() - 1.0 - r2 / a2 * (squared - 1.0));
        (level - self.bed(x, y)).max(0.0)
    }

    /// Period in which a flat surface goes round, s.
    ///
    /// # Example
    /// ```
    /// let bowl = validation::exact::Bowl { radius: 1.0, depth: 0.1 };
    /// assert!((bowl.planar_period() - 2.0 * bowl.radial_period()).abs() < 1e-12);
    /// ```
    pub fn planar_period(self) -> f64 {
        std::f64::consts::TAU * self.radius / (2.0 * GRAVITY * self.depth).sqrt()
    }

    /// Depth, m, and velocity, m/s, of a flat surface that goes round.
    ///
    /// # Units
    /// - `reach`: radius of the circle on which the middle of the water runs, m; `time`: s
    pub fn planar(self, x: f64, y: f64, reach: f64, time: f64) -> (f64, f64, f64) {
        let frequency = std::f64::consts::TAU / self.planar_period();
        let (sin, cos) = (frequency * time).sin_cos();
        let level = reach * self.depth / (self.radius * self.radius) * (2.0 * (x * cos + y * sin) - reach);
        let depth = (level - self.bed(x, y)).max(0.0);
        (depth, -reach * frequency * sin, reach * frequency * cos)
    }
}
