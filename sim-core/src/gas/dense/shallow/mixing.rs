//! What the air does to the layer at its top, and the ground at its foot.

use crate::gas::dense::shallow::air::Air;
use crate::layer::extreme::larger;
use crate::layer::time_step::about_square_root;
use crate::units::GRAVITY;

/// Weight of the convective velocity in the turbulence that mixes air in, α2.
///
/// # Source
/// Settings that the author of TWODEE publishes for its successor; hankin1999 was not opened.
const OF_CONVECTION: f32 = 0.7;

/// Weight of the friction of the layer's own motion in it, α3; as above.
const OF_SPEED: f32 = 1.3;

/// Entrainment velocity over friction velocity where density does not matter.
///
/// # Source
/// Robins, Castro, Hayden, Steggel, Contini & Heist 2001 (`robins2001`), w_e/u* = 0.65/(1 + 0.2 Ri*)
/// (second-hand, after slabx's notes).
pub const PASSIVE_ENTRAINMENT: f32 = 0.65;

/// What a unit of the Richardson number takes from it; robins2001.
pub const DENSITY_EFFECT: f32 = 0.2;

/// Square of the velocity of the turbulence in a layer, m²/s².
///
/// $$ v_t^2 = u_*^2 + \alpha_3^2\, C_g |u|^2 + \alpha_2^2 w_*^2 $$
///
/// With the wind's own speed it is 1.6 u*, so that gas as light as air is mixed in at 1.07 u*
/// per second. By similarity a passive cloud near the ground grows at κ u* in its mean height, 0.8 u* in
/// the depth of a layer: the passive end dilutes by a third too fast.
///
/// # Units
/// - `ground_drag`: C_g; `speed_squared` of the layer, m²/s²
///
/// # Source
/// The form of hankin1999 (second-hand) with the drag coefficient of the depth for its C_D/2,
/// without its term of the slip against the wind, for which there is [`slip_entrainment`].
#[inline(always)]
pub fn turbulence_squared(air: Air, ground_drag: f32, speed_squared: f32) -> f32 {
    let convection = OF_CONVECTION * air.convective_velocity;
    let of_wind = air.friction_velocity * air.friction_velocity;
    of_wind + ground_drag * (OF_SPEED * OF_SPEED) * speed_squared + convection * convection
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

/// Velocity with which the turbulence of the ground mixes air into the layer, m/s.
///
/// $$ w_e = v_t\, \frac{0.65}{1 + 0.2\, Ri_*} = \frac{0.65\, v_t^3}{v_t^2 + 0.2\, g' h} $$
///
/// # Units
/// - `weight`: g' h, m²/s²
///
/// # Source
/// robins2001 (second-hand).
///
/// # Example
/// ```
/// use sim_core::gas::dense::shallow::mixing::entrainment_velocity;
/// assert!((entrainment_velocity(0.04, 0.0) - 0.13).abs() < 1e-6, "0.65 times 0.2 m/s");
/// assert!((entrainment_velocity(0.04, 1.8) - 0.013).abs() < 1e-7, "Ri = 45");
/// ```
#[inline(always)]
pub fn entrainment_velocity(turbulence_squared: f32, weight: f32) -> f32 {
    let cubed = turbulence_squared * about_square_root(turbulence_squared);
    PASSIVE_ENTRAINMENT * cubed / larger(turbulence_squared + DENSITY_EFFECT * weight, LEAST_TURBULENCE)
}

/// Velocity with which slip against the air mixes air in, m/s: waves at the top that break
/// where the layer is fast for its weight, as down a slope.
///
/// $$ w_e = |\delta|\, \frac{0.08 - 0.1\,Ri}{1 + 5\,Ri} \quad (Ri < 0.8), \qquad Ri = \frac{g' h}{|\delta|^2} $$
///
/// # Source
/// Ellison & Turner 1959 (`ellison1959`) in the fit of Turner 1986 (`turner1986`), remembered, not opened.
///
/// # Example
/// ```
/// use sim_core::gas::dense::shallow::mixing::slip_entrainment;
/// // 2 m/s over a layer with g' h = 1 m²/s²: Ri = 1/4, 2 · 0.055/2.25.
/// assert!((slip_entrainment(4.0, 1.0) - 0.048_89).abs() < 1e-5);
/// assert_eq!(slip_entrainment(4.0, 3.3), 0.0);
/// ```
#[inline(always)]
pub fn slip_entrainment(slip_squared: f32, weight: f32) -> f32 {
    let breaking = larger(0.08 * slip_squared - 0.1 * weight, 0.0);
    about_square_root(slip_squared) * breaking / larger(slip_squared + 5.0 * weight, LEAST_TURBULENCE)
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
    /// Where the layer ends in the cell: depth behind its edge over the spacing, for edges
    /// that look west, east, south and north; zero where there is none.
    pub edges: [f32; 4],
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

/// What the air in front of an edge takes from its momentum, over the square of its speed and
/// the depth behind it.
///
/// The ambient resists a head like a body with drag, $\beta \rho_a (u - u_a)^2 H$ per metre of
/// edge. In balance with the weight behind it, $\tfrac12 S_1 g' \rho_a H^2$, it advances at
///
/// $$ u - u_a = Fr \sqrt{g' H}, \qquad \beta = \frac{S_1}{2\, Fr^2} $$
///
/// # Source
/// Benjamin 1968 (`benjamin1968`): a front of fixed Froude number. That of heavy clouds is 1.0
/// to 1.15 (second-hand, box models).
#[inline(always)]
pub fn front_resistance(shape: f32, froude: f32) -> f32 {
    0.5 * shape / (froude * froude)
}

/// One step of the air above and the ground below.
///
/// Air that is mixed in brings its momentum; the wind pulls at the top with the stress that it
/// has anyway; the ground holds with the drag of the logarithmic law, so that gas as light as
/// air moves with the wind; in front of an edge stands the air. Each is taken implicitly, linear in
/// the new velocity and therefore stable for every step:
///
/// $$ u' = \frac{h\tfrac{\rho}{\rho_a} u + e u_a + \Delta t\, C_g u_a^2 \hat u + r |\delta_x| u_a}{h\tfrac{\rho}{\rho_a} + e + \Delta t\, C_g \tfrac{\rho}{\rho_a} |u| + r |\delta_x|} $$
///
/// with $e = w_e \Delta t$, the slip $\delta = u_a - u$, and $r$ = β Δt H/Δx of the edge that
/// advances against the air, whichever way that blows.
///
/// At the edge itself nothing is mixed in beyond the top, as in the published settings:
/// box models swallow much air there, which the mean of a cell would keep in its head.
///
/// # Source
/// Entrained momentum: hankin1999 (second-hand); stresses: SLAB's momentum equation
/// (ermak1990, second-hand) without its drag by the slip, which entrainment stands for here; the
/// implicit form is ours.
#[inline(always)]
pub fn mix(column: Column, air: Air, resistance: f32, dt: f32) -> Mixed {
    let Column { depth, excess, u, v, .. } = column;
    let wind = air.in_layer(depth);
    let (wind_x, wind_y) = (wind.speed * air.towards.0, wind.speed * air.towards.1);
    let (slip_x, slip_y) = (wind_x - u, wind_y - v);
    let slip_squared = slip_x * slip_x + slip_y * slip_y;
    let speed_squared = u * u + v * v;
    let turbulence = turbulence_squared(air, wind.ground_drag, speed_squared);
    let weight = GRAVITY as f32 * excess * depth;
    let velocity = entrainment_velocity(turbulence, weight) + slip_entrainment(slip_squared, weight);
    let entrained = dt * column.cover * velocity;
    let [west, east, south, north] = column.edges;
    let resisting = dt * resistance;
    let edge_x = resisting * slip_x.abs() * if slip_x < 0.0 { east } else { west };
    let edge_y = resisting * slip_y.abs() * if slip_y < 0.0 { north } else { south };
    let heavy = 1.0 + excess;
    let stress = dt * wind.ground_drag * wind.speed * wind.speed;
    let held = heavy * (depth + dt * wind.ground_drag * about_square_root(speed_squared)) + entrained;
    let mass = heavy * depth;
    Mixed {
        entrained,
        u: (mass * u + entrained * wind_x + stress * air.towards.0 + edge_x * wind_x) / (held + edge_x),
        v: (mass * v + entrained * wind_y + stress * air.towards.1 + edge_y * wind_y) / (held + edge_y),
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
        Column { depth, excess, u, v, cover: 1.0, edges: [0.0; 4] }
    }

    proptest! {
        #[test]
        fn gas_as_light_as_air_keeps_the_speed_of_the_wind(depth in 0.3..20.0f32, dt in 0.01..5.0f32) {
            let speed = breeze().in_layer(depth).speed;
            let mixed = mix(column(depth, 0.0, 0.6 * speed, -0.8 * speed), breeze(), 0.25, dt);
            prop_assert!((mixed.u - 0.6 * speed).abs() < 2e-5 * speed && (mixed.v + 0.8 * speed).abs() < 2e-5 * speed);
        }

        #[test]
        fn the_heavier_the_layer_the_less_it_mixes(depth in 0.1..9.0f32, excess in 0.0..2.0f32, more in 0.01..1.0f32) {
            let entrained = |excess| mix(column(depth, excess, 1.0, -1.0), breeze(), 0.25, 1.0).entrained;
            prop_assert!(entrained(excess + more) < entrained(excess));
        }

        #[test]
        fn still_air_slows_the_layer_and_never_turns_it(depth in 1e-6..20.0f32, excess in 0.0..3.0f32, u in -9.0..9.0f32, dt in 0.0..60.0f32) {
            let edge = Column { edges: [0.1 * depth; 4], ..column(depth, excess, u, 0.0) };
            let mixed = mix(edge, still(), 0.25, dt);
            prop_assert!(mixed.u * u >= 0.0 && mixed.u.abs() <= u.abs() * (1.0 + 1e-6));
            prop_assert_eq!(mixed.v, 0.0);
        }
    }

    #[test]
    fn nothing_moves_and_nothing_mixes_in_still_air() {
        let mixed = mix(column(1.0, 0.5, 0.0, 0.0), still(), 0.25, 10.0);
        assert_eq!((mixed.u, mixed.v, mixed.entrained), (0.0, 0.0, 0.0));
    }
}
