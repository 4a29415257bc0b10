//! How a heavy slab spreads by its weight, and how its weight holds it back against the wind.

use crate::units::GRAVITY;

/// Share of g Δρ h² that drives the edges of SLAB's cloud apart.
///
/// # Source
/// ermak1990 equation 5a: 0.75, second-hand after a public program.
const CROSSWIND_PRESSURE: f64 = 0.75;

/// Air that the head of the front rolls into the cloud, as a share of what the head runs over.
///
/// # Source
/// havens1985 (DEGADIS): 0.59, printed as the air entrainment coefficient in its listing of the case Burro 9.
const FRONTAL: f64 = 0.59;

/// Share of g Δρ h² B/2 that the weight adds to the momentum downwind.
///
/// # Source
/// ermak1990 equation 4: 0.25, second-hand after a public program.
const DOWNWIND_PRESSURE: f64 = 0.25;

/// Froude number of a front in deep air, V = 1.15 √(g (ρ − ρa)/ρa h).
///
/// # Source
/// havens1985 (DEGADIS), after measurements of spreading clouds; printed as 1.15 in its listing of
/// the case Burro 9.
pub const FRONT_FROUDE: f64 = 1.15;

/// What limits the spreading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Front {
    /// Only friction: the momentum of the spreading is kept, as in SLAB, long after its cause.
    Free,
    /// The air in front resists as well, so that the edge moves at no more than the speed of a
    /// gravity current of the cloud's present weight and stops when the cloud is passive; the speed
    /// grows evenly from the middle to the edge, and the head of the front rolls air in.
    Resisted,
}

/// Air that an edge rolls into the cloud, m³/s per metre of the edge: 0.59 V h.
///
/// SLAB knows none.
///
/// # Source
/// havens1985.
///
/// # Example
/// ```
/// use sim_core::gas::dense::integral::spreading::{frontal_entrainment, Front};
/// assert_eq!(frontal_entrainment(Front::Resisted, 2.0, 3.0), 0.59 * 6.0);
/// assert_eq!(frontal_entrainment(Front::Free, 2.0, 3.0), 0.0);
/// ```
pub fn frontal_entrainment(front: Front, height: f64, speed: f64) -> f64 {
    match front {
        Front::Free => 0.0,
        Front::Resisted => FRONTAL * height * speed,
    }
}

/// Force that drives the edges apart, N/m of a plume's half.
///
/// $$ F = h\left[g(\rho-\rho_a)h - \frac{\rho_a V_g^2}{1.15^2}\right] $$
///
/// and three quarters of the first term alone where the front is [`Front::Free`]. In balance the
/// edge moves as a gravity current's front does. The momentum of a half of even depth whose speed grows evenly
/// to V at its edge is ρ h B V/2, pushed by the pressure g Δρ h²/2 in its middle: twice that is the
/// balance as it is written here.
///
/// # Source
/// ermak1990 equation 5a; the resistance of the air as in vanulden1984, its size by the Froude
/// number of havens1985.
///
/// # Example
/// ```
/// use sim_core::gas::dense::integral::spreading::{spreading_force, Front};
/// // A front at its own speed, 1.15 √(9.81·1·2) m/s in air of 1 kg/m³, is driven no more.
/// let speed = 1.15 * (9.806_65_f64 * 1.0 * 2.0).sqrt();
/// assert!(spreading_force(Front::Resisted, 1.0, 2.0, speed, 1.0).abs() < 1e-9);
/// ```
pub fn spreading_force(front: Front, excess: f64, height: f64, speed: f64, air_density: f64) -> f64 {
    let weight = GRAVITY * excess * height;
    match front {
        Front::Free => CROSSWIND_PRESSURE * height * weight,
        Front::Resisted => {
            let resistance = air_density * speed * speed.abs() / (FRONT_FROUDE * FRONT_FROUDE);
            height * (weight - resistance)
        }
    }
}

/// A speed downwind, and whether it is the root of the balance of momentum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// Speed, m/s.
    pub value: f64,
    /// By how much too little area the gas enters; 1 or less where there is a root.
    pub crowding: f64,
}

/// Speed downwind at which wind, momentum and the pressure of the cloud's weight balance.
///
/// The largest root of
///
/// $$ U^3 - U_e U^2 + U_g^3 = 0,\qquad U_g^3 = \frac{0.25\,g(\rho-\rho_a)R}{2B\rho^2} $$
///
/// which there is only for $U_g^3 < \tfrac{4}{27}U_e^3$. Beyond it gas creeps upwind: the area
/// where it enters is larger than the source by the crowding $\tfrac{27}{4}U_g^3/U_e^3$.
///
/// # Units
/// - `free`: Ue, the speed without weight, m/s; `excess`: ρ − ρa, kg/m³; `flux`: R = ρ U B h, kg/s
///
/// # Source
/// ermak1990 equations 4b to 4e.
///
/// # Example
/// ```
/// use sim_core::gas::dense::integral::spreading::downwind_speed;
/// // No weight: the speed is that of the wind. At the limit it is two thirds of it.
/// assert_eq!(downwind_speed(3.0, 0.0, 1.0, 1.0, 1.0).value, 3.0);
/// let flux = 4.0 / 27.0 * 27.0 * 2.0 / (0.25 * 9.806_65);
/// assert!((downwind_speed(3.0, 1.0, 1.0, 1.0, flux).value - 2.0).abs() < 1e-6);
/// ```
pub fn downwind_speed(free: f64, excess: f64, density: f64, half_width: f64, flux: f64) -> Speed {
    let cube = DOWNWIND_PRESSURE * GRAVITY * excess.max(0.0) * flux / (2.0 * half_width * density * density);
    if cube <= 0.0 {
        return Speed { value: free, crowding: 0.0 };
    }
    let crowding = 27.0 / 4.0 * cube / (free * free * free);
    if crowding >= 1.0 {
        return Speed { value: 2.0 / 3.0 * free, crowding };
    }
    let angle = (1.0 - 2.0 * crowding).acos();
    Speed { value: free / 3.0 * (1.0 + 2.0 * (angle / 3.0).cos()), crowding }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_balances_the_momentum() {
        let (free, excess, density, half_width, flux) = (4.0, 0.8, 1.9, 15.0, 40.0);
        let found = downwind_speed(free, excess, density, half_width, flux);
        let cube = 0.25 * GRAVITY * excess * flux / (2.0 * half_width * density * density);
        let rest = found.value.powi(3) - free * found.value.powi(2) + cube;
        assert!(rest.abs() < 1e-10 && found.value > 2.0 / 3.0 * free);
    }

    #[test]
    fn more_area_removes_the_crowding() {
        let crowded = downwind_speed(1.0, 1.0, 2.0, 1.0, 10.0);
        assert!(crowded.crowding > 1.0);
        // The flux per width falls as the area grows at one rate.
        let grown = downwind_speed(1.0, 1.0, 2.0, crowded.crowding, 10.0);
        assert!((grown.crowding - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_front_stops_with_its_weight() {
        assert!(spreading_force(Front::Resisted, 0.0, 2.0, 1.0, 1.2) < 0.0);
        assert_eq!(spreading_force(Front::Free, 0.0, 2.0, 1.0, 1.2), 0.0);
        assert!(spreading_force(Front::Resisted, 0.5, 2.0, 0.0, 1.2) > 0.0);
    }
}
