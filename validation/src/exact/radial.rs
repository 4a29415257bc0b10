//! Round flows, computed in one dimension along the radius, as fine as wanted.

use sim_core::series::Series;
use sim_core::units::GRAVITY;

/// Courant number of the reference solution: two stages of Euler steps, each stable up to 1/2.
const COURANT: f64 = 0.45;

/// Depth below which a ring is dry and its water stands still, m.
const DRY: f64 = 1e-9;

/// Weight of the steeper one-sided difference in the limiter of slopes (1: minmod, 2: steepest).
const LIMITER: f64 = 1.3;

/// A flow that depends on the distance from the origin alone, on flat ground:
///
/// $$ \partial_t h + \tfrac1r \partial_r (r h u) = s, \qquad
///    \partial_t (hu) + \tfrac1r \partial_r (r h u^2) + \tfrac g2 \partial_r h^2 = -g n^2 \frac{u |u|}{h^{1/3}} $$
///
/// Finite volumes on rings of equal width, limited linear reconstruction, HLL
/// fluxes, the two-stage Runge-Kutta step of Heun, friction taken implicitly. It
/// shares no code with the engine.
///
/// # Valid for
/// A reference only where halving the width of the rings no longer changes it.
///
/// # Source
/// Equations: Toro 2001 (`toro2001`), section 13.3 (cylindrical symmetry).
#[derive(Debug, Clone)]
pub struct RadialFlow {
    width: f64,
    manning_n: f64,
    source_rings: usize,
    discharge: Series,
    state: RadialState,
    time: f64,
}

/// Depth and unit discharge in every ring.
#[derive(Debug, Clone, PartialEq)]
pub struct RadialState {
    /// Depth, m.
    pub depth: Vec<f64>,
    /// Outward unit discharge, m²/s.
    pub discharge: Vec<f64>,
}

impl RadialFlow {
    /// Still water of a depth that depends on the radius, in rings up to `radius`.
    ///
    /// # Units
    /// - `radius`: m; `width`: of a ring, m; `manning_n`: s/m^(1/3); `depth`: m at a radius in m
    pub fn new(radius: f64, width: f64, manning_n: f64, depth: impl Fn(f64) -> f64) -> Self {
        let rings = (radius / width).round() as usize;
        let depths = (0..rings).map(|ring| depth((ring as f64 + 0.5) * width)).collect();
        let state = RadialState { depth: depths, discharge: vec![0.0; rings] };
        Self { width, manning_n, source_rings: 0, discharge: Series::constant(0.0), state, time: 0.0 }
    }

    /// With a discharge, m³/s, that wells up evenly within a radius, m.
    #[must_use]
    pub fn with_source(mut self, radius: f64, discharge: Series) -> Self {
        self.source_rings = (radius / self.width).round() as usize;
        self.discharge = discharge;
        self
    }

    /// Goes on to a time, s.
    ///
    /// # Example
    /// ```
    /// use validation::exact::RadialFlow;
    /// let mut flow = RadialFlow::new(50.0, 0.5, 0.0, |r| if r < 10.0 { 2.0 } else { 1.0 });
    /// let before = flow.volume();
    /// flow.run_to(2.0);
    /// assert!((flow.volume() / before - 1.0).abs() < 1e-12, "no water is lost");
    /// assert!(flow.depth_at(0.0) < 2.0 && flow.depth_at(15.0) > 1.0);
    /// ```
    pub fn run_to(&mut self, time: f64) {
        while self.time < time {
            let dt = self.longest_step().min(time - self.time);
            let first = self.stage(&self.state, dt, self.time);
            let second = self.stage(&first, dt, self.time);
            let mean = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| 0.5 * (a + b)).collect();
            self.state = RadialState {
                depth: mean(&self.state.depth, &second.depth),
                discharge: mean(&self.state.discharge, &second.discharge),
            };
            self.time += dt;
        }
    }

    /// Depth at a radius, m.
    pub fn depth_at(&self, radius: f64) -> f64 {
        interpolate(&self.state.depth, radius / self.width - 0.5)
    }

    /// Outward velocity at a radius, m/s; zero where it is dry.
    pub fn velocity_at(&self, radius: f64) -> f64 {
        let depth = self.depth_at(radius);
        let discharge = interpolate(&self.state.discharge, radius / self.width - 0.5);
        if depth > DRY { discharge / depth } else { 0.0 }
    }

    /// Volume of the water, m³.
    pub fn volume(&self) -> f64 {
        let ring_area = |ring: usize| std::f64::consts::TAU * (ring as f64 + 0.5) * self.width * self.width;
        self.state.depth.iter().enumerate().map(|(ring, depth)| depth * ring_area(ring)).sum()
    }

    fn longest_step(&self) -> f64 {
        let rate = |(h, q): (&f64, &f64)| velocity(*h, *q).abs() + (GRAVITY * h).sqrt();
        let fastest = self.state.depth.iter().zip(&self.state.discharge).map(rate).fold(0.0, f64::max);
        // Water that wells up on dry ground makes waves which the old state does not know.
        let sourced = if self.source_rings > 0 { (GRAVITY * self.width).sqrt() } else { 0.0 };
        COURANT * self.width / fastest.max(sourced).max(f64::MIN_POSITIVE)
    }

    /// One Euler step.
    fn stage(&self, old: &RadialState, dt: f64, time: f64) -> RadialState {
        let rings = old.depth.len();
        let speeds: Vec<f64> = old.depth.iter().zip(&old.discharge).map(|(&h, &q)| velocity(h, q)).collect();
        let (depth_slopes, speed_slopes) = (slopes(&old.depth, 1.0), slopes(&speeds, -1.0));
        // Fluxes of water and momentum through the outer face of every ring; the last one is a wall.
        let mut fluxes = Vec::with_capacity(rings);
        for ring in 0..rings {
            let is_last = ring + 1 == rings;
            let next = if is_last { ring } else { ring + 1 };
            let left = (old.depth[ring] + 0.5 * depth_slopes[ring], speeds[ring] + 0.5 * speed_slopes[ring]);
            let right = if is_last {
                (left.0, -left.1)
            } else {
                (old.depth[next] - 0.5 * depth_slopes[next], speeds[next] - 0.5 * speed_slopes[next])
            };
            fluxes.push(hll(left, right));
        }
        let source = self.source_depth(dt, time);
        let mut new = RadialState { depth: vec![0.0; rings], discharge: vec![0.0; rings] };
        for ring in 0..rings {
            let (inner, outer) = (ring as f64, ring as f64 + 1.0);
            let through_inner = if ring == 0 { (0.0, 0.0) } else { fluxes[ring - 1] };
            let area = (inner + 0.5) * self.width;
            let balance = |a: f64, b: f64| dt * (inner * a - outer * b) / area;
            let pressure = 0.5 * GRAVITY * self.mean_square(old.depth[ring], depth_slopes[ring]);
            let welled = if ring < self.source_rings { source } else { 0.0 };
            let h = old.depth[ring] + balance(through_inner.0, fluxes[ring].0) + welled;
            let q = old.discharge[ring]
                + balance(through_inner.1, fluxes[ring].1)
                + dt * pressure * self.width / (area * self.width);
            new.depth[ring] = h;
            new.discharge[ring] = if h > DRY { slowed(q, h, self.manning_n, dt) } else { 0.0 };
        }
        new
    }

    /// Mean of h² over a ring with a linear depth: what balances the pressure on its two faces.
    fn mean_square(&self, depth: f64, slope: f64) -> f64 {
        depth * depth + slope * slope / 12.0
    }

    fn source_depth(&self, dt: f64, time: f64) -> f64 {
        if self.source_rings == 0 {
            return 0.0;
        }
        let radius = self.source_rings as f64 * self.width;
        self.discharge.integral(time, time + dt) / (std::f64::consts::PI * radius * radius)
    }
}

fn velocity(depth: f64, discharge: f64) -> f64 {
    if depth > DRY { discharge / depth } else { 0.0 }
}

fn interpolate(values: &[f64], place: f64) -> f64 {
    let place = place.clamp(0.0, values.len() as f64 - 1.0);
    let before = (place as usize).min(values.len() - 2);
    let share = place - before as f64;
    values[before] * (1.0 - share) + values[before + 1] * share
}

/// Limited difference from the inner to the outer face of every ring; `mirror` is the
/// sign of the quantity beyond the axis and beyond the wall.
fn slopes(values: &[f64], mirror: f64) -> Vec<f64> {
    let last = values.len() - 1;
    (0..=last)
        .map(|ring| {
            let inner = if ring == 0 { mirror * values[0] } else { values[ring - 1] };
            let outer = if ring == last { mirror * values[last] } else { values[ring + 1] };
            let (before, after) = (values[ring] - inner, outer - values[ring]);
            if before * after <= 0.0 {
                return 0.0;
            }
            let steepest = LIMITER * before.abs().min(after.abs());
            before.signum() * steepest.min(0.5 * (before + after).abs())
        })
        .collect()
}

/// Water and momentum (with the pressure) through a face, by Harten, Lax and van Leer.
fn hll((h_left, u_left): (f64, f64), (h_right, u_right): (f64, f64)) -> (f64, f64) {
    let (c_left, c_right) = ((GRAVITY * h_left).sqrt(), (GRAVITY * h_right).sqrt());
    let (mut slow, mut fast) =
        ((u_left - c_left).min(u_right - c_right), (u_left + c_left).max(u_right + c_right));
    if h_right <= DRY {
        (slow, fast) = (u_left - c_left, u_left + 2.0 * c_left);
    } else if h_left <= DRY {
        (slow, fast) = (u_right - 2.0 * c_right, u_right + c_right);
    }
    let (slow, fast) = (slow.min(0.0), fast.max(0.0));
    if fast - slow <= 0.0 {
        return (0.0, 0.0);
    }
    let flux = |h: f64, u: f64| (h * u, h * u * u + 0.5 * GRAVITY * h * h);
    let (left, right) = (flux(h_left, u_left), flux(h_right, u_right));
    let mix = |l: f64, r: f64, jump: f64| (fast * l - slow * r + fast * slow * jump) / (fast - slow);
    (mix(left.0, right.0, h_right - h_left), mix(left.1, right.1, h_right * u_right - h_left * u_left))
}

/// Unit discharge after an implicit step of Manning friction.
fn slowed(discharge: f64, depth: f64, manning_n: f64, dt: f64) -> f64 {
    let drag = dt * GRAVITY * manning_n * manning_n * discharge.abs() / depth.powf(7.0 / 3.0);
    2.0 * discharge / (1.0 + (1.0 + 4.0 * drag).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn still_water_stays_still() {
        let mut flow = RadialFlow::new(20.0, 0.5, 0.0, |_| 1.5);
        flow.run_to(5.0);
        assert!(flow.state.discharge.iter().all(|q| q.abs() < 1e-13), "{:?}", flow.state.discharge);
    }

    #[test]
    fn halving_the_rings_changes_less_each_time() {
        let depth = |width: f64| {
            let mut flow = RadialFlow::new(40.0, width, 0.0, |r| 1.0 + (-(r * r) / 50.0).exp());
            flow.run_to(3.0);
            (0..30).map(|r| flow.depth_at(f64::from(r) + 2.0)).collect::<Vec<f64>>()
        };
        let [coarse, middle, fine] = [0.4, 0.2, 0.1].map(depth);
        let change = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>();
        assert!(change(&middle, &fine) < 0.4 * change(&coarse, &middle), "about second order");
    }

    #[test]
    fn a_dam_far_from_the_axis_breaks_as_in_a_straight_channel() {
        let mut flow = RadialFlow::new(2000.0, 0.1, 0.0, |r| if r < 1000.0 { 2.0 } else { 1.0 });
        flow.run_to(2.0);
        // Stoker's middle depth, the curvature of 1 in 1000 apart.
        let (middle, _, _) = crate::exact::stoker_middle(2.0, 1.0);
        assert!((flow.depth_at(1004.0) / middle - 1.0).abs() < 0.005);
    }
}
