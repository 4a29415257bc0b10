//! What is remembered of every cell while time passes.
//!
//! The rows are brought up to date by the same sweep that computes them, while
//! they are still in the cache. Every step counts, not only the frames.

use std::hint::select_unpredictable;

use crate::flood::extreme::larger_of_positive;
use crate::flood::hazard::{Aidr, Defra, Pasture, Rating, Scheme, Urban, Woodland};
use crate::flood::state::Layout;
use crate::flood::step::Solver;

/// Depth from which the speed of the water counts, m.
///
/// Thinner films reach speeds that mean nothing to anybody who stands in them.
pub const SPEED_DEPTH: f64 = 0.01;

/// Largest depth, when it came, and largest speed, of every cell; padded arrays.
///
/// In single precision, as in the files they end in: nothing is added up here, and half
/// of what a step reads and writes besides the state is these.
#[derive(Debug, Clone, PartialEq)]
pub struct Peaks {
    /// Largest depth, m.
    pub max_depth: Vec<f32>,
    /// First time of the largest depth, s.
    pub time_of_maximum: Vec<f32>,
    /// Square of the largest speed at depths of at least [`SPEED_DEPTH`], m²/s².
    pub max_speed_squared: Vec<f32>,
}

/// When a cell was first deeper than a threshold, and for how long in all; padded arrays.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The threshold, m.
    pub depth: f64,
    /// End of the first step that left the cell deeper than the threshold, s; infinite if none did.
    pub first_above: Vec<f64>,
    /// Sum of the steps that left it deeper, s.
    pub time_above: Vec<f64>,
}

/// Largest rating of the water by a scheme of hazard; padded array.
///
/// The class of the largest rating is the largest class of any step, as both grow together. Water
/// thinner than [`SPEED_DEPTH`] is not rated.
#[derive(Debug, Clone, PartialEq)]
pub struct HazardPeak {
    /// The scheme.
    pub scheme: Scheme,
    /// Largest rating so far.
    pub worst: Vec<f32>,
}

impl HazardPeak {
    /// Nothing has happened yet.
    pub fn new(layout: Layout, scheme: Scheme) -> Self {
        Self { scheme, worst: vec![0.0; layout.len()] }
    }
}

impl Peaks {
    /// Nothing has happened yet.
    pub fn new(layout: Layout) -> Self {
        let zeros = || vec![0.0f32; layout.len()];
        Self { max_depth: zeros(), time_of_maximum: zeros(), max_speed_squared: zeros() }
    }
}

impl Threshold {
    /// Nothing has happened yet.
    pub fn new(layout: Layout, depth: f64) -> Self {
        let (first_above, time_above) = (vec![f64::INFINITY; layout.len()], vec![0.0; layout.len()]);
        Self { depth, first_above, time_above }
    }
}

/// Brings the peaks of a row up to date.
#[inline(always)]
pub(crate) fn note_peaks(
    (depth, u, v): (&[f64], &[f64], &[f64]),
    time: f64,
    max_depth: &mut [f32],
    time_of_maximum: &mut [f32],
    max_speed_squared: &mut [f32],
) {
    let n = max_depth.len();
    let (depth, u, v) = (&depth[..n], &u[..n], &v[..n]);
    let (time_of_maximum, max_speed_squared) = (&mut time_of_maximum[..n], &mut max_speed_squared[..n]);
    let time = time as f32;
    for i in 0..n {
        let (h, u, v) = (depth[i] as f32, u[i] as f32, v[i] as f32);
        let (deepest, its_time) = (max_depth[i], time_of_maximum[i]);
        max_depth[i] = larger_of_positive(h, deepest);
        time_of_maximum[i] = select_unpredictable(h > deepest, time, its_time);
        let counted = select_unpredictable(h >= SPEED_DEPTH as f32, u * u + v * v, 0.0);
        max_speed_squared[i] = larger_of_positive(counted, max_speed_squared[i]);
    }
}

/// Brings the record of a threshold up to date along a row.
///
/// It looks at depths as [`Peaks`] keep them, so that the two never disagree.
#[inline(always)]
pub(crate) fn note_threshold(
    depth: &[f64],
    (threshold, time, dt): (f64, f64, f64),
    first_above: &mut [f64],
    time_above: &mut [f64],
) {
    let n = first_above.len();
    let (depth, time_above) = (&depth[..n], &mut time_above[..n]);
    for i in 0..n {
        let above = f64::from(depth[i] as f32) > threshold;
        let candidate = select_unpredictable(above, time, f64::INFINITY);
        let first = first_above[i];
        first_above[i] = select_unpredictable(candidate < first, candidate, first);
        time_above[i] += select_unpredictable(above, dt, 0.0);
    }
}

impl Solver {
    /// Records the largest rating of each scheme from now on; to be called before the first step.
    pub fn rate_hazards(&mut self, schemes: &[Scheme]) {
        self.hazards = schemes.iter().map(|&scheme| HazardPeak::new(self.layout, scheme)).collect();
        self.begin();
    }

    /// Largest rating so far of each scheme that was asked for.
    pub fn hazards(&self) -> &[HazardPeak] {
        &self.hazards
    }
}

/// Brings the largest rating of a scheme up to date along a row.
#[inline(always)]
pub(crate) fn note_hazard(water: (&[f64], &[f64], &[f64]), scheme: Scheme, worst: &mut [f32]) {
    match scheme {
        Scheme::Aidr => note_rating::<Aidr>(water, worst),
        Scheme::DefraPasture => note_rating::<Defra<Pasture>>(water, worst),
        Scheme::DefraWoodland => note_rating::<Defra<Woodland>>(water, worst),
        Scheme::DefraUrban => note_rating::<Defra<Urban>>(water, worst),
    }
}

#[inline(always)]
fn note_rating<R: Rating>((depth, u, v): (&[f64], &[f64], &[f64]), worst: &mut [f32]) {
    let n = worst.len();
    let (depth, u, v) = (&depth[..n], &u[..n], &v[..n]);
    for i in 0..n {
        let (h, u, v) = (depth[i] as f32, u[i] as f32, v[i] as f32);
        let rated = select_unpredictable(h >= SPEED_DEPTH as f32, h, 0.0);
        let rating = R::rate(rated, (u * u + v * v).sqrt());
        worst[i] = larger_of_positive(rating, worst[i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_time_stays_and_the_duration_grows() {
        let (mut first, mut above) = (vec![f64::INFINITY], vec![0.0]);
        for (step, depth) in [0.1, 0.3, 0.1, 0.4].into_iter().enumerate() {
            note_threshold(&[depth], (0.2, step as f64, 1.0), &mut first, &mut above);
        }
        assert_eq!((first[0], above[0]), (1.0, 2.0));
    }

    #[test]
    fn the_worst_moment_counts_and_not_the_worst_depth_with_the_worst_speed() {
        let mut worst = vec![0.0];
        // Deep and slow, then shallow and fast: H3 and H2 on their own, H5 if they came together.
        for (depth, speed, class) in [(1.2, 0.4, 3.0), (0.25, 1.9, 3.0), (0.005, 9.0, 3.0), (0.6, 1.9, 5.0)] {
            note_hazard((&[depth], &[0.0], &[speed]), Scheme::Aidr, &mut worst);
            assert_eq!(worst[0], class, "{depth} m at {speed} m/s");
        }
    }

    #[test]
    fn the_speed_of_a_film_does_not_count() {
        let (mut deepest, mut time, mut speed) = (vec![0.0], vec![0.0], vec![0.0]);
        note_peaks((&[0.005], &[9.0], &[0.0]), 1.0, &mut deepest, &mut time, &mut speed);
        assert_eq!((deepest[0], speed[0]), (0.005, 0.0));
        note_peaks((&[0.02], &[3.0], &[4.0]), 2.0, &mut deepest, &mut time, &mut speed);
        assert_eq!((deepest[0], time[0], speed[0]), (0.02, 2.0, 25.0));
    }
}
