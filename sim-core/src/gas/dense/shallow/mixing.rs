//! What the air does to the layer at its top, and the ground at its foot.

use crate::gas::dense::shallow::air::Air;
use crate::layer::extreme::larger;
use crate::units::GRAVITY;

/// Weights of convection, of the layer's own speed and of its slip against the wind in the
/// turbulence that mixes air in: α2, α3, α7.
///
/// # Source
/// Settings that the author of TWODEE publishes for its successor; hankin1999 was not opened.
const OF_CONVECTION: f32 = 0.7;
const OF_SPEED: f32 = 1.3;
const OF_SLIP: f32 = 0.45;

/// Entrainment velocity over turbulence where density does not matter, α6.
///
/// # Source
/// Von Kármán's constant; settings as above.
pub const PASSIVE_ENTRAINMENT: f32 = 0.40;

/// Entrainment velocity times Richardson number over turbulence where density rules, α4.
///
/// # Source
/// Second-hand: 0.10 to 0.15 in notes on fits to Thorney Island, 0.11 for the top of a heavy
/// layer (Britter). The published settings of TWODEE's successor have it at zero, which
/// is no mixing at all.
pub const DENSE_ENTRAINMENT: f32 = 0.11;

/// Friction coefficient between the layer and air that slips over it.
///
/// # Source
/// The 0.02 of SLAB's equations (ermak1990, second-hand after a public program).
const SLIP_DRAG: f32 = 0.02;

/// Square of the velocity of the turbulence at the top of a layer, m²/s².
///
/// $$ v_t^2 = \alpha_2^2 w_*^2 + u_*^2 + C_g \alpha_3^2 |u|^2 + \alpha_7^2 |u - u_a|^2 $$
///
/// # Units
/// - `ground_drag`: C_g; `speed_squared` of the layer and `slip_squared` against the wind, m²/s²
///
/// # Source
/// hankin1999 (second-hand), with the drag coefficient of the depth for its C_D/2.
#[inline(always)]
pub fn turbulence_squared(air: Air, ground_drag: f32, speed_squared: f32, slip_squared: f32) -> f32 {
    let convection = OF_CONVECTION * air.convective_velocity;
    convection * convection
        + air.friction_velocity * air.friction_velocity
        + ground_drag * (OF_SPEED * OF_SPEED) * speed_squared
        + (OF_SLIP * OF_SLIP) * slip_squared
}

/// Least turbulence that divides, m²/s².
const LEAST_TURBULENCE: f32 = 1e-12;

/// Richardson number of a layer: its weight against the turbulence at its top.
///
/// $$ Ri = \frac{g' h}{v_t^2}, \qquad g' = g\, \frac{\rho - \rho_a}{\rho_a} $$
///
/// # Units
/// - `excess`: (ρ - ρa)/ρa; `depth`: m; `turbulence_squared`: m²/s²
#[inline(always)]
pub fn richardson(excess: f32, depth: f32, turbulence_squared: f32) -> f32 {
    GRAVITY as f32 * excess * depth / larger(turbulence_squared, LEAST_TURBULENCE)
}

/// Velocity with which air is mixed into the layer from above, m/s.
///
/// $$ w_e = v_t\, \frac{\alpha_4}{\alpha_4/\alpha_6 + Ri} $$
///
/// # Source
/// hankin1999 (second-hand): κ v_t without density, α4 v_t/Ri with much of it. Mixing at
/// the edge of a cloud is left out, as there.
///
/// # Example
/// ```
/// use sim_core::gas::dense::shallow::mixing::entrainment_velocity;
/// assert!((entrainment_velocity(0.04, 0.0) - 0.08).abs() < 1e-7, "κ times 0.2 m/s");
/// assert!((entrainment_velocity(0.04, 100.0) - 0.2 * 0.11 / 100.275).abs() < 1e-8);
/// ```
#[inline(always)]
pub fn entrainment_velocity(turbulence_squared: f32, richardson: f32) -> f32 {
    turbulence_squared.sqrt() * DENSE_ENTRAINMENT / (DENSE_ENTRAINMENT / PASSIVE_ENTRAINMENT + richardson)
}

/// The layer of a cell before air and ground act on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Depth, m, positive.
    pub depth: f32,
    /// (ρ - ρa)/ρa.
    pub excess: f32,
    /// Velocity along x, m/s.
    pub u: f32,
    /// Velocity along y, m/s.
    pub v: f32,
    /// Share of the cell that it covers, 0 to 1: less at an edge that has not crossed the cell.
    pub cover: f32,
    /// Resistance of the air to an edge that advances along x, as in [`front_resistance`], 1/m.
    pub front_x: f32,
    /// The same along y.
    pub front_y: f32,
}

/// The layer after one step of air and ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixed {
    /// Depth of air mixed in, m.
    pub entrained: f32,
    /// Velocity along x, m/s.
    pub u: f32,
    /// Velocity along y, m/s.
    pub v: f32,
    /// Speed of the wind in the layer along x and y, m/s.
    pub wind: (f32, f32),
}

/// What the air in front of an edge takes from its momentum, per its square of speed, 1/m.
///
/// The ambient resists a head like a body with drag, $\beta \rho_a (u - u_a)^2 H$ per metre of
/// edge. In balance with the weight behind it, $\tfrac12 S_1 g' \rho_a H^2$, it advances at
///
/// $$ u - u_a = Fr \sqrt{g' H}, \qquad \beta = \frac{S_1}{2\, Fr^2} $$
///
/// # Units
/// - `crest`: depth H of the layer behind the edge, m; `spacing`: m
///
/// # Source
/// Benjamin 1968 (`benjamin1968`): a front of fixed Froude number. That of the depth of a
/// cloud is 1.0 to 1.15 for heavy gas (second-hand).
#[inline(always)]
pub fn front_resistance(crest: f32, inverse_spacing: f32, shape: f32, froude: f32) -> f32 {
    crest * inverse_spacing * (0.5 * shape / (froude * froude))
}

/// One step of the air above and the ground below.
///
/// Air that is mixed in brings its momentum; the wind pulls at the top with the stress that it
/// has anyway and with a drag by its slip; the ground holds with the drag of the logarithmic
/// law, so that gas as light as air moves with the wind; in front of an edge stands the air.
/// Each is taken implicitly, linear in the new velocity and therefore stable for every step:
///
/// $$ u' = \frac{h\tfrac{\rho}{\rho_a} u + e u_a + \Delta t (u_*^2 \hat u + k |\delta| u_a) + r |\delta_x| u_a}{h\tfrac{\rho}{\rho_a} + e + \Delta t (k |\delta| + C_g \tfrac{\rho}{\rho_a} |u|) + r |\delta_x|} $$
///
/// with $e = w_e \Delta t$, the slip $\delta = u_a - u$, $k$ = 0.02, and $r$ of the edge.
///
/// # Source
/// Entrained momentum: hankin1999; stresses: SLAB's momentum equation (ermak1990), both
/// second-hand; the implicit form is ours.
#[inline(always)]
pub fn mix(column: Column, air: Air, dt: f32) -> Mixed {
    let Column { depth, excess, u, v, .. } = column;
    let wind = air.in_layer(depth);
    let (wind_x, wind_y) = (wind.speed * air.towards.0, wind.speed * air.towards.1);
    let (slip_x, slip_y) = (wind_x - u, wind_y - v);
    let slip_squared = slip_x * slip_x + slip_y * slip_y;
    let speed_squared = u * u + v * v;
    let turbulence = turbulence_squared(air, wind.ground_drag, speed_squared, slip_squared);
    let velocity = entrainment_velocity(turbulence, richardson(excess, depth, turbulence));
    let entrained = dt * column.cover * velocity;
    let heavy = 1.0 + excess;
    let slip = dt * SLIP_DRAG * slip_squared.sqrt();
    let pulled = entrained + slip;
    let stress = dt * wind.ground_drag * wind.speed * wind.speed;
    let held = heavy * (depth + dt * wind.ground_drag * speed_squared.sqrt()) + pulled;
    let (edge_x, edge_y) = (dt * column.front_x * slip_x.abs(), dt * column.front_y * slip_y.abs());
    let mass = heavy * depth;
    Mixed {
        entrained,
        u: (mass * u + pulled * wind_x + stress * air.towards.0 + edge_x * wind_x) / (held + edge_x),
        v: (mass * v + pulled * wind_y + stress * air.towards.1 + edge_y * wind_y) / (held + edge_y),
        wind: (wind_x, wind_y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn breeze() -> Air {
        Air {
            friction_velocity: 0.25,
            towards: (0.6, -0.8),
            inverse_roughness: 50.0,
            stable: 0.0,
            convective_velocity: 0.0,
        }
    }

    fn still() -> Air {
        Air { friction_velocity: 0.0, towards: (0.0, 0.0), ..breeze() }
    }

    fn column(depth: f32, excess: f32, u: f32, v: f32) -> Column {
        Column { depth, excess, u, v, cover: 1.0, front_x: 0.0, front_y: 0.0 }
    }

    proptest! {
        #[test]
        fn gas_as_light_as_air_keeps_the_speed_of_the_wind(depth in 0.3..20.0f32, dt in 0.01..5.0f32) {
            let speed = breeze().in_layer(depth).speed;
            let mixed = mix(column(depth, 0.0, 0.6 * speed, -0.8 * speed), breeze(), dt);
            prop_assert!((mixed.u - 0.6 * speed).abs() < 2e-5 * speed && (mixed.v + 0.8 * speed).abs() < 2e-5 * speed);
        }

        #[test]
        fn still_air_slows_the_layer_and_never_turns_it(depth in 1e-6..20.0f32, excess in 0.0..3.0f32, u in -9.0..9.0f32, dt in 0.0..60.0f32) {
            let edge = Column { front_x: 0.1 * depth, ..column(depth, excess, u, 0.0) };
            let mixed = mix(edge, still(), dt);
            prop_assert!(mixed.u * u >= 0.0 && mixed.u.abs() <= u.abs() * (1.0 + 1e-6));
            prop_assert_eq!(mixed.v, 0.0);
        }
    }

    #[test]
    fn nothing_moves_and_nothing_mixes_in_still_air() {
        let mixed = mix(column(1.0, 0.5, 0.0, 0.0), still(), 10.0);
        assert_eq!((mixed.u, mixed.v, mixed.entrained), (0.0, 0.0, 0.0));
    }

    #[test]
    fn density_suppresses_the_mixing() {
        let entrained = |excess| mix(column(1.0, excess, 1.0, -1.0), breeze(), 1.0).entrained;
        assert!(entrained(1.0) < 0.05 * entrained(0.0), "{} {}", entrained(1.0), entrained(0.0));
    }
}
