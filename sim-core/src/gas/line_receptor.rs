//! Averages along a path: what an open laser path measures.

/// Nodes and weights of Gauss and Legendre's rule of five points on −1 to 1.
///
/// # Source
/// abramowitz1964 table 25.4, n = 5.
const RULE: [(f64, f64); 5] = [
    (-0.906_179_845_938_664, 0.236_926_885_056_189),
    (-0.538_469_310_105_683, 0.478_628_670_499_366),
    (0.0, 0.568_888_888_888_889),
    (0.538_469_310_105_683, 0.478_628_670_499_366),
    (0.906_179_845_938_664, 0.236_926_885_056_189),
];

/// The mean of a function of place along a straight path.
///
/// A laser across a plume measures this mean, not a maximum: 100 ppm over one
/// metre of a path of 100 m is 1 ppm. The path is cut into equal panels with five
/// points of Gauss's rule in each, exact for polynomials of ninth degree; a panel
/// should be no longer than the width σy of what crosses it, then the error of a
/// bell curve is below 1e-6 of its mean.
///
/// # Units
/// - `from`, `to`: ends of the path as (x, y, height), m
/// - `at`: the quantity at (x, y, height); returns its unit
///
/// # Example
/// ```
/// use sim_core::gas::line_receptor::path_mean;
/// // The mean of x² over 0 to 3 is 3.
/// let mean = path_mean([0.0, 5.0, 2.0], [3.0, 5.0, 2.0], 1, |x, _, _| x * x);
/// assert!((mean - 3.0).abs() < 1e-12);
/// ```
pub fn path_mean(from: [f64; 3], to: [f64; 3], panels: usize, at: impl Fn(f64, f64, f64) -> f64) -> f64 {
    let panels = panels.max(1);
    let mut sum = 0.0;
    for panel in 0..panels {
        for (node, weight) in RULE {
            let share = (panel as f64 + 0.5 * (1.0 + node)) / panels as f64;
            let place = |axis: usize| from[axis] + share * (to[axis] - from[axis]);
            sum += 0.5 * weight * at(place(0), place(1), place(2));
        }
    }
    sum / panels as f64
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    #[test]
    fn a_constant_is_its_own_mean_and_ends_may_be_exchanged() {
        let (from, to) = ([1.0, 2.0, 3.0], [-40.0, 60.0, 1.0]);
        assert!((path_mean(from, to, 3, |_, _, _| 7.0) - 7.0).abs() < 1e-13);
        let bent = |x: f64, y: f64, z: f64| x * y + z.sin();
        assert!((path_mean(from, to, 8, bent) - path_mean(to, from, 8, bent)).abs() < 1e-9);
    }

    #[test]
    fn polynomials_of_ninth_degree_are_exact() {
        let mean = path_mean([0.0; 3], [1.0, 0.0, 0.0], 1, |x, _, _| x.powi(9));
        assert!((mean - 0.1).abs() < 1e-14, "{mean}");
    }

    #[test]
    fn across_a_bell_it_is_the_area_over_the_length() {
        // σ = 4 m, path 100 m: √(2π) 4/100.
        let bell = |_: f64, y: f64, _: f64| (-0.5 * (y / 4.0).powi(2)).exp();
        let mean = path_mean([10.0, -50.0, 1.0], [10.0, 50.0, 1.0], 25, bell);
        assert!((mean / ((2.0 * PI).sqrt() * 0.04) - 1.0).abs() < 1e-6, "{mean}");
    }
}
