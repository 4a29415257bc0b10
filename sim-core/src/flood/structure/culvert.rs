//! A pipe or box under a road, controlled by its inlet or by its outlet.

use super::{Heads, Law};
use crate::units::GRAVITY;

/// Turns Q/(A √D) in SI into the unit of the inlet equations.
///
/// # Source
/// FHWA 2001 (`hds5`), SI form of the inlet equations.
const INLET_UNIT: f64 = 1.811;

/// Q/(A √D) up to which an inlet is not drowned, and from which it is.
///
/// # Source
/// FHWA 2001 (`hds5`); the lower one was not seen in the text itself but in tools that follow it.
const FREE_UP_TO: f64 = 3.5;
const DROWNED_FROM: f64 = 4.0;

/// Coefficient of the friction loss, SI.
///
/// # Source
/// FHWA 2001 (`hds5`), equation 5.
const FRICTION: f64 = 19.63;

/// Exponent of the hydraulic radius in it.
const RADIUS_EXPONENT: f64 = 1.33;

/// Share of the slope that helps the inlet, and, with the other sign, of mitered inlets.
const SLOPE_SHARE: f64 = -0.5;
const MITERED_SLOPE_SHARE: f64 = 0.7;

/// Halvings of an interval: to a millionth of it.
const HALVINGS: usize = 30;

/// An inlet: constants of its equations and its entrance loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Inlet {
    /// Name in a scenario.
    pub name: &'static str,
    /// True for a box, false for a circular pipe.
    pub is_box: bool,
    k: f64,
    m: f64,
    c: f64,
    y: f64,
    /// Loss at the entrance, share of the velocity head.
    entrance_loss: f64,
    slope_share: f64,
}

const fn inlet(name: &'static str, is_box: bool, [k, m, c, y]: [f64; 4], entrance_loss: f64) -> Inlet {
    Inlet { name, is_box, k, m, c, y, entrance_loss, slope_share: SLOPE_SHARE }
}

/// Inlets that a scenario can name; all follow the first form of the free inlet.
///
/// # Source
/// FHWA 2001 (`hds5`), table 9, rows of form 1. Entrance losses: 0.5 for square edges, 0.2 for
/// groove ends and bevels, 0.9 for thin edges that project, from its text; 0.7 for
/// mitered ends lies between them and is ours.
pub const INLETS: [Inlet; 9] = [
    inlet("concrete pipe, square edge in headwall", false, [0.0098, 2.0, 0.0398, 0.67], 0.5),
    inlet("concrete pipe, groove end in headwall", false, [0.0018, 2.0, 0.0292, 0.74], 0.2),
    inlet("concrete pipe, groove end projecting", false, [0.0045, 2.0, 0.0317, 0.69], 0.2),
    inlet("corrugated pipe in headwall", false, [0.0078, 2.0, 0.0379, 0.69], 0.5),
    Inlet {
        slope_share: MITERED_SLOPE_SHARE,
        ..inlet("corrugated pipe, mitered to slope", false, [0.0210, 1.33, 0.0463, 0.75], 0.7)
    },
    inlet("corrugated pipe projecting", false, [0.0340, 1.50, 0.0553, 0.54], 0.9),
    inlet("box, wingwalls at 30 to 75 degrees", true, [0.026, 1.0, 0.0347, 0.81], 0.5),
    inlet("box, wingwalls at 15 or 90 degrees", true, [0.061, 0.75, 0.0400, 0.80], 0.5),
    inlet("box, parallel wingwalls", true, [0.061, 0.75, 0.0423, 0.82], 0.5),
];

/// Cross section of a barrel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Section {
    /// A circle of this diameter, m.
    Circle(f64),
    /// A box of this width and height, m.
    Box(f64, f64),
}

impl Section {
    /// Height, m.
    pub fn height(self) -> f64 {
        match self {
            Self::Circle(diameter) => diameter,
            Self::Box(_, height) => height,
        }
    }

    /// Flow area, m², wetted perimeter, m, and width of the surface, m, at a depth.
    fn at(self, depth: f64) -> (f64, f64, f64) {
        match self {
            Self::Box(width, height) => {
                let depth = depth.min(height);
                let lid = if depth >= height { width } else { 0.0 };
                (width * depth, width + 2.0 * depth + lid, width)
            }
            Self::Circle(diameter) => {
                let share = (depth / diameter).clamp(0.0, 1.0);
                let angle = 2.0 * (1.0 - 2.0 * share).acos();
                let area = 0.125 * diameter * diameter * (angle - angle.sin());
                (area, 0.5 * diameter * angle, diameter * (0.5 * angle).sin())
            }
        }
    }

    /// Critical depth of a discharge, m; the height of the barrel where it would be more.
    pub fn critical_depth(self, discharge: f64) -> f64 {
        if let Self::Box(width, height) = self {
            return (discharge * discharge / (GRAVITY * width * width)).cbrt().min(height);
        }
        // Discharge at critical flow grows with the depth: Q² = g A³ / T.
        let runs_faster = |depth: f64| {
            let (area, _, width) = self.at(depth);
            discharge * discharge * width > GRAVITY * area * area * area
        };
        halve(0.0, self.height(), runs_faster)
    }

    /// Critical depth and velocity head above it, m.
    fn critical_head(self, discharge: f64) -> f64 {
        let depth = self.critical_depth(discharge);
        let area = self.at(depth).0;
        if area > 0.0 { depth + velocity_head(discharge / area) } else { depth }
    }
}

fn velocity_head(speed: f64) -> f64 {
    speed * speed / (2.0 * GRAVITY)
}

/// The place between two bounds up to which a claim holds.
fn halve(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if holds(middle) { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// A culvert.
///
/// Its discharge is the one at which the higher of two headwaters is the level that stands
/// there. **Inlet control**, with $q = 1.811\, Q / (A \sqrt D)$ for one barrel:
///
/// $$ \frac{HW}{D} = \frac{H_c}{D} + K q^M - \tfrac12 S \quad (q \le 3.5), \qquad
///    \frac{HW}{D} = c\, q^2 + Y - \tfrac12 S \quad (q \ge 4) $$
///
/// and a straight line between them. **Outlet control**: the tailwater, or critical depth
/// where that is higher, and above it the losses
///
/// $$ H = \Big( 1 + k_e + \frac{19.63\, n^2 L}{R^{1.33}} \Big) \frac{V^2}{2g} $$
///
/// with area and radius at that depth, or at critical depth where that gives more; the barrel
/// is full where the water is higher than its top.
/// (The source takes the mean of critical depth and height for barrels that are
/// nearly full.)
///
/// # Valid for
/// Water that stands at both ends; barrels without bends.
///
/// # Source
/// FHWA 2001 (`hds5`), table 9 and equations 5 and 7.
#[derive(Debug, Clone, PartialEq)]
pub struct Culvert {
    /// Cross section of one barrel.
    pub section: Section,
    /// Number of barrels.
    pub barrels: f64,
    /// Length, m.
    pub length: f64,
    /// Level of the bottom at the giving and at the receiving end, m.
    pub bottoms: (f64, f64),
    /// Manning's n of the barrel, s/m^(1/3).
    pub manning_n: f64,
    /// Inlet.
    pub inlet: Inlet,
    /// True if a flap lets water through from the giving to the receiving end only.
    pub has_flap: bool,
}

impl Culvert {
    /// Level that stands before the inlet while a discharge runs through one barrel, m.
    ///
    /// # Units
    /// - `bottoms`: of inlet and outlet, m; `tailwater`: level behind the outlet, m
    pub fn headwater(&self, discharge: f64, bottoms: (f64, f64), tailwater: f64) -> f64 {
        let by_inlet = bottoms.0 + self.inlet_head(discharge, bottoms);
        by_inlet.max(self.outlet_level(discharge, bottoms.1, tailwater))
    }

    fn inlet_head(&self, discharge: f64, bottoms: (f64, f64)) -> f64 {
        let (section, inlet) = (self.section, self.inlet);
        let height = section.height();
        let area = section.at(height).0;
        let unit = area * height.sqrt() / INLET_UNIT;
        let slope = ((bottoms.0 - bottoms.1) / self.length).max(0.0);
        let by_slope = inlet.slope_share * slope;
        let free = |q: f64| section.critical_head(q * unit) / height + inlet.k * q.powf(inlet.m) + by_slope;
        let drowned = |q: f64| inlet.c * q * q + inlet.y + by_slope;
        let q = discharge / unit;
        let share = (q - FREE_UP_TO) / (DROWNED_FROM - FREE_UP_TO);
        let ratio = if share <= 0.0 {
            free(q)
        } else if share >= 1.0 {
            drowned(q)
        } else {
            (1.0 - share) * free(FREE_UP_TO) + share * drowned(DROWNED_FROM)
        };
        height * ratio.max(0.0)
    }

    /// Level before the inlet by outlet control; a higher tailwater never lowers it.
    fn outlet_level(&self, discharge: f64, bottom: f64, tailwater: f64) -> f64 {
        let critical = self.section.critical_depth(discharge);
        let by_depth = |depth: f64| bottom + depth + self.losses(discharge, depth);
        by_depth(critical).max(by_depth((tailwater - bottom).max(critical)))
    }

    /// Losses and velocity head in a barrel that runs at a depth, m.
    fn losses(&self, discharge: f64, depth: f64) -> f64 {
        let (area, perimeter, _) = self.section.at(depth.min(self.section.height()));
        if area <= 0.0 {
            return 0.0;
        }
        let radius = area / perimeter;
        let n2 = self.manning_n * self.manning_n;
        let friction = FRICTION * n2 * self.length / radius.powf(RADIUS_EXPONENT);
        (1.0 + self.inlet.entrance_loss + friction) * velocity_head(discharge / area)
    }

    /// Discharge of all barrels from the higher side, m³/s.
    fn through(&self, level: f64, tailwater: f64, bottoms: (f64, f64)) -> f64 {
        if level <= bottoms.0.max(tailwater).max(bottoms.1) {
            return 0.0;
        }
        // No more than without any loss goes through.
        let area = self.section.at(self.section.height()).0;
        let most = area * (2.0 * GRAVITY * (level - bottoms.0.min(bottoms.1))).sqrt();
        self.barrels * halve(0.0, most, |discharge| self.headwater(discharge, bottoms, tailwater) <= level)
    }
}

impl Law for Culvert {
    fn discharge(&self, heads: Heads, _: &mut bool) -> f64 {
        let (from, to) = (heads.from_level, heads.to_level);
        if from >= to {
            self.through(from, to, self.bottoms)
        } else if self.has_flap {
            0.0
        } else {
            -self.through(to, from, (self.bottoms.1, self.bottoms.0))
        }
    }

    fn is_driven_by_levels(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chapter III, example 4 of the source: a square-edged box under a road.
    fn example() -> Culvert {
        Culvert {
            section: Section::Box(2.134, 2.134),
            barrels: 1.0,
            length: 60.96,
            bottoms: (30.480, 30.480 - 0.05 * 60.96),
            manning_n: 0.012,
            inlet: INLETS[7],
            has_flap: false,
        }
    }

    #[test]
    fn headwaters_of_the_published_example_come_out() {
        // Printed values were read off a nomograph.
        for (discharge, level) in
            [(11.327, 32.96), (16.990, 33.93), (19.822, 34.71), (22.654, 35.52), (24.069, 35.81)]
        {
            let culvert = example();
            let found = culvert.headwater(discharge, culvert.bottoms, 0.0);
            assert!((found - level).abs() < 0.15, "{discharge} m3/s: {found} and {level} m");
        }
    }

    #[test]
    fn the_discharge_brings_back_the_level_it_came_from() {
        let culvert = example();
        for level in [31.0, 32.0, 33.5, 36.0] {
            for tailwater in [20.0, 30.9, 31.9] {
                let discharge = culvert.through(level, tailwater, culvert.bottoms);
                if discharge > 0.0 {
                    let back = culvert.headwater(discharge, culvert.bottoms, tailwater);
                    assert!((back - level).abs() < 1e-3, "{level} {tailwater}: {back}");
                }
            }
        }
    }

    #[test]
    fn discharge_falls_with_the_tailwater_and_turns_round_with_the_levels() {
        let culvert =
            Culvert { bottoms: (30.0, 30.0), section: Section::Circle(1.0), inlet: INLETS[0], ..example() };
        let mut last = f64::INFINITY;
        for i in 0..=100 {
            let found = culvert.through(32.0, 30.0 + 0.02 * f64::from(i), culvert.bottoms);
            assert!(found <= last + 1e-6 && found >= 0.0, "{i}: {found} after {last}");
            last = found;
        }
        assert!(last < 1e-3);
        let heads = Heads { from_level: 31.0, from_depth: 1.0, to_level: 31.5, to_depth: 1.0, time: 0.0 };
        let back = culvert.discharge(heads, &mut false);
        assert_eq!(back, -culvert.discharge(heads.turned(), &mut false));
        assert!(back < 0.0);
        assert_eq!(Culvert { has_flap: true, ..culvert }.discharge(heads, &mut false), 0.0);
    }

    #[test]
    fn a_full_pipe_between_two_basins_follows_its_losses() {
        let culvert =
            Culvert { bottoms: (30.0, 30.0), section: Section::Circle(1.0), inlet: INLETS[0], ..example() };
        let discharge = culvert.through(33.0, 32.0, culvert.bottoms);
        let area = std::f64::consts::FRAC_PI_4;
        let losses = 1.0 + 0.5 + 19.63 * 0.012f64.powi(2) * 60.96 / 0.25f64.powf(1.33);
        let expected = area * (2.0 * GRAVITY / losses).sqrt();
        assert!((discharge / expected - 1.0).abs() < 1e-4, "{discharge} and {expected}");
    }
}
