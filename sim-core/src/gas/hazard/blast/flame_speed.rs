//! How fast a flame runs through obstacles: the table of Baker, Strehlow and Tang.

/// How readily a gas burns fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reactivity {
    /// Methane and carbon monoxide.
    Low,
    /// All others.
    Medium,
    /// Hydrogen, acetylene, ethylene oxide, propylene oxide.
    High,
}

impl Reactivity {
    /// The reactivity of a substance by its id in the table of substances.
    ///
    /// # Source
    /// msb2017, table 5.2, after AIChE 1994 and Baker and others 1996.
    pub fn of(substance: &str) -> Self {
        match substance {
            "hydrogen" | "acetylene" | "ethylene_oxide" | "propylene_oxide" => Self::High,
            "methane" | "natural_gas" | "carbon_monoxide" => Self::Low,
            _ => Self::Medium,
        }
    }

    /// The word for it.
    pub fn name(self) -> &'static str {
        ["low", "medium", "high"][self as usize]
    }
}

/// How densely obstacles stand.
///
/// # Source
/// msb2017, table 5.6, after pierorazio2005: shares of the area and of the volume that they block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Congestion {
    /// About 13 % of the area, 1.5 % of the volume.
    Low,
    /// About 23 % of the area, 4.3 % of the volume.
    Medium,
    /// About 23 % of the area, 5.7 % of the volume.
    High,
}

/// Into how many directions the gas can expand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confinement {
    /// Between two parallel planes.
    TwoDimensional,
    /// Under a roof that gives way, or under a dense rack of pipes.
    TwoAndAHalf,
    /// Freely.
    ThreeDimensional,
}

impl Congestion {
    /// Every word by which it is asked for, with what it means.
    pub const ALL: [(&'static str, Self); 3] =
        [("low", Self::Low), ("medium", Self::Medium), ("high", Self::High)];
}

impl Confinement {
    /// Every word by which it is asked for, with what it means.
    pub const ALL: [(&'static str, Self); 3] =
        [("2D", Self::TwoDimensional), ("2.5D", Self::TwoAndAHalf), ("3D", Self::ThreeDimensional)];
}

/// A flame that has turned into a detonation, Mach number of the fastest curve.
pub const DETONATION: f64 = 5.2;

/// Mach numbers by confinement, then reactivity, then congestion, each from low to high.
const SPEEDS: [[[f64; 3]; 3]; 3] = [
    [[0.079, 0.47, 0.66], [0.47, 0.66, 1.6], [0.59, DETONATION, DETONATION]],
    [[0.053, 0.35, 0.50], [0.29, 0.55, 1.0], [0.47, DETONATION, DETONATION]],
    [[0.026, 0.23, 0.34], [0.11, 0.44, 0.50], [0.36, DETONATION, DETONATION]],
];

/// Speed of the flame over that of sound; 5.2 where a detonation must be expected.
///
/// # Source
/// pierorazio2005, table of flame speeds, as quoted in public codes.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::blast::flame_speed::{Confinement, Congestion, Reactivity, flame_speed};
/// let gas = Reactivity::of("propane");
/// assert_eq!(flame_speed(gas, Congestion::Medium, Confinement::TwoAndAHalf), 0.55);
/// ```
pub fn flame_speed(reactivity: Reactivity, congestion: Congestion, confinement: Confinement) -> f64 {
    SPEEDS[confinement as usize][reactivity as usize][congestion as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_flame_is_slower_for_more_obstacles_less_room_or_a_faster_gas() {
        for confinement in 0..3 {
            for reactivity in 0..3 {
                for congestion in 0..3 {
                    let speed = SPEEDS[confinement][reactivity][congestion];
                    assert!(congestion == 0 || speed >= SPEEDS[confinement][reactivity][congestion - 1]);
                    assert!(reactivity == 0 || speed >= SPEEDS[confinement][reactivity - 1][congestion]);
                    assert!(confinement == 0 || speed <= SPEEDS[confinement - 1][reactivity][congestion]);
                }
            }
        }
    }

    #[test]
    fn hydrogen_detonates_among_obstacles_and_methane_does_not() {
        let free = Confinement::ThreeDimensional;
        assert_eq!(flame_speed(Reactivity::of("hydrogen"), Congestion::High, free), DETONATION);
        assert_eq!(flame_speed(Reactivity::of("methane"), Congestion::High, free), 0.34);
    }
}
