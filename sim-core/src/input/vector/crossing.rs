//! Where a ring crosses itself.

use geo::kernels::{Kernel, Orientation, RobustKernel};

use crate::grid::vector::Coord;

/// The point in which two sides of a ring cross, if any do.
///
/// Two sides cross when the ends of each lie strictly on different sides of the other.
/// A ring that touches itself, or runs back along itself, does not cross itself: by the
/// even-odd rule it has a clear inside. The signs are exact for any numbers.
///
/// Sides are visited by their western ends, and each is held against those that reach at
/// least as far east: few, unless many long sides lie side by side.
///
/// # Source
/// Sweep of Shamos & Hoey 1976 without its tree; signs after Shewchuk 1997 in the crate `robust`.
pub(super) fn crossing(ring: &[Coord<f64>]) -> Option<Coord<f64>> {
    let sides = ring.len().saturating_sub(1);
    let west = |side: usize| ring[side].x.min(ring[side + 1].x);
    let east = |side: usize| ring[side].x.max(ring[side + 1].x);
    let mut order: Vec<usize> = (0..sides).collect();
    order.sort_unstable_by(|&a, &b| west(a).total_cmp(&west(b)).then(a.cmp(&b)));
    let mut open: Vec<usize> = Vec::new();
    for side in order {
        let start = west(side);
        let mut at = 0;
        while at < open.len() {
            if east(open[at]) < start {
                open.swap_remove(at);
                continue;
            }
            if cross((ring[side], ring[side + 1]), (ring[open[at]], ring[open[at] + 1])) {
                return Some(meeting((ring[side], ring[side + 1]), (ring[open[at]], ring[open[at] + 1])));
            }
            at += 1;
        }
        open.push(side);
    }
    None
}

/// Point in which two sides that cross meet.
fn meeting((a, b): (Coord<f64>, Coord<f64>), (c, d): (Coord<f64>, Coord<f64>)) -> Coord<f64> {
    let (along, other, between) = (b - a, d - c, c - a);
    let area = |p: Coord<f64>, q: Coord<f64>| p.x * q.y - p.y * q.x;
    let share = area(between, other) / area(along, other);
    a + along * share
}

/// True where the ends of each side lie strictly on different sides of the other.
fn cross((a, b): (Coord<f64>, Coord<f64>), (c, d): (Coord<f64>, Coord<f64>)) -> bool {
    if a.y.min(b.y) > c.y.max(d.y) || c.y.min(d.y) > a.y.max(b.y) {
        return false;
    }
    let turn = <RobustKernel as Kernel<f64>>::orient2d;
    let differ = |one: Orientation, other: Orientation| {
        one != Orientation::Collinear && other != Orientation::Collinear && one != other
    };
    differ(turn(a, b, c), turn(a, b, d)) && differ(turn(c, d, a), turn(c, d, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> Vec<Coord<f64>> {
        points.iter().chain(&points[..1]).map(|&(x, y)| Coord { x, y }).collect()
    }

    #[test]
    fn a_bow_tie_crosses_itself_and_a_square_does_not() {
        let bow_tie = ring(&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]);
        assert_eq!(crossing(&bow_tie), Some(Coord { x: 0.5, y: 0.5 }));
        assert_eq!(crossing(&ring(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])), None);
        // Two squares that touch at a corner, drawn in one go.
        let touching = ring(&[
            (0.0, 0.0),
            (1.0, 0.0),
            (1.0, 1.0),
            (2.0, 1.0),
            (2.0, 2.0),
            (1.0, 2.0),
            (1.0, 1.0),
            (0.0, 1.0),
        ]);
        assert_eq!(crossing(&touching), None);
    }

    #[test]
    fn one_crossing_among_many_sides_is_found() {
        let mut points: Vec<(f64, f64)> = (0..20_000)
            .map(|i| {
                let angle = f64::from(i) * std::f64::consts::TAU / 20_000.0;
                (angle.cos(), angle.sin())
            })
            .collect();
        assert_eq!(crossing(&ring(&points)), None);
        points.swap(700, 701);
        assert!(crossing(&ring(&points)).is_some());
    }
}
