//! A question to a library: which members lie around it, how far off they are, and whether it
//! lies inside what was computed.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::plan::{Axis, Plan, Scale};

/// What a question says about one axis.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Numbers, one per key of the axis, in its units.
    Numbers(Vec<f64>),
    /// One of its rows.
    Row(usize),
}

/// Rows of an axis around a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Bracket {
    /// Rows with their weights, which add up to one.
    pub rows: Vec<(usize, f64)>,
    /// False where the rows do not lie on one line, so that nothing can be interpolated.
    pub is_line: bool,
    /// True where the target lies outside what the axis covers.
    pub is_outside: bool,
}

/// Share of the range of an axis by which a target may miss a value and still be that value.
const SAME: f64 = 1e-9;

/// Numbers of one key scaled to their range; differences on a circle go the short way.
fn difference(scale: &Scale, a: f64, b: f64) -> f64 {
    if scale.is_circle {
        let turn = (a - b).rem_euclid(360.0);
        return turn.min(360.0 - turn) / 180.0;
    }
    (a - b).abs() / range(scale)
}

fn range(scale: &Scale) -> f64 {
    let low = scale.numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = scale.numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if high > low { high - low } else { high.abs().max(1.0) }
}

/// Distance of a row from a target, each key as a share of its range.
fn distance(axis: &Axis, row: usize, target: &Target) -> f64 {
    match target {
        Target::Row(wanted) => {
            if *wanted == row {
                0.0
            } else {
                f64::INFINITY
            }
        }
        Target::Numbers(numbers) => {
            let scales = axis.keys.iter().map(|key| key.scale.as_ref());
            let squares = scales.zip(numbers).map(|(scale, &number)| {
                scale.map_or(0.0, |scale| difference(scale, scale.numbers[row], number).powi(2))
            });
            squares.sum::<f64>().sqrt()
        }
    }
}

/// The rows of an axis around a target.
pub fn bracket(axis: &Axis, target: &Target) -> Bracket {
    let exact = |row: usize| Bracket { rows: vec![(row, 1.0)], is_line: true, is_outside: false };
    let numbers = match target {
        Target::Row(row) => return exact(*row),
        Target::Numbers(numbers) => numbers,
    };
    let nearest = (0..axis.rows.len())
        .map(|row| (distance(axis, row, target), row))
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    match nearest {
        Some((gap, row)) if gap <= SAME => return exact(row),
        None => return Bracket { rows: Vec::new(), is_line: false, is_outside: true },
        Some(_) => {}
    }
    match (axis.keys.as_slice(), numbers.as_slice()) {
        ([key], [number]) if key.scale.is_some() => {
            key.scale.as_ref().map_or_else(|| exact(0), |scale| on_line(scale, *number))
        }
        _ => scattered(axis, target, numbers),
    }
}

/// The two rows of a key between which a number lies.
fn on_line(scale: &Scale, number: f64) -> Bracket {
    let mut sorted: Vec<(f64, usize)> = scale.numbers.iter().copied().zip(0..).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (first, last) = (sorted[0], sorted[sorted.len() - 1]);
    let mix = |low: (f64, usize), high: (f64, usize), number: f64| {
        let share = (number - low.0) / (high.0 - low.0);
        Bracket { rows: vec![(low.1, 1.0 - share), (high.1, share)], is_line: true, is_outside: false }
    };
    if let Some(pair) = sorted.windows(2).find(|pair| (pair[0].0..=pair[1].0).contains(&number)) {
        return mix(pair[0], pair[1], number);
    }
    if scale.is_circle && sorted.len() > 2 {
        let number = if number < first.0 { number + 360.0 } else { number };
        // Directions that cover a part of the circle only leave a gap that nobody may cross.
        let gap = first.0 + 360.0 - last.0;
        let usual = (last.0 - first.0) / (sorted.len() - 1) as f64;
        if gap <= 2.0 * usual {
            return mix(last, (first.0 + 360.0, first.1), number);
        }
    }
    let nearest = if number < first.0 { first } else { last };
    Bracket { rows: vec![(nearest.1, 1.0)], is_line: true, is_outside: true }
}

/// The nearest rows of a table with several keys; they share nothing but nearness.
fn scattered(axis: &Axis, target: &Target, numbers: &[f64]) -> Bracket {
    let mut near: Vec<(f64, usize)> =
        (0..axis.rows.len()).map(|row| (distance(axis, row, target), row)).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    near.truncate(axis.keys.len() + 1);
    let is_inside = axis.keys.iter().zip(numbers).all(|(key, &number)| {
        key.scale.as_ref().is_none_or(|scale| {
            let low = scale.numbers.iter().copied().fold(f64::INFINITY, f64::min);
            let high = scale.numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            scale.is_circle || (low..=high).contains(&number)
        })
    });
    let share = 1.0 / near.len() as f64;
    Bracket {
        rows: near.into_iter().map(|(_, row)| (row, share)).collect(),
        is_line: false,
        is_outside: !is_inside,
    }
}

/// The members around a question, with weights that add up to one.
pub fn corners(plan: &Plan, brackets: &[Bracket]) -> Vec<(u64, f64)> {
    let mut corners = vec![(Vec::new(), 1.0)];
    for bracket in brackets {
        let mut wider = Vec::with_capacity(corners.len() * bracket.rows.len());
        for (rows, weight) in &corners {
            for &(row, share) in &bracket.rows {
                let mut rows: Vec<usize> = Vec::clone(rows);
                rows.push(row);
                wider.push((rows, weight * share));
            }
        }
        corners = wider;
    }
    corners.iter().map(|(rows, weight)| (plan.line_of(rows), *weight)).collect()
}

/// The members nearest to a question with their distances, nearest first.
///
/// Axes multiply, so that the candidates are looked at in the order of their distance and no
/// others: the time does not grow with the number of members.
pub fn nearest(plan: &Plan, targets: &[Target], count: usize) -> Vec<(u64, f64)> {
    let sorted: Vec<Vec<(f64, usize)>> = plan
        .axes
        .iter()
        .zip(targets)
        .map(|(axis, target)| {
            let mut rows: Vec<(f64, usize)> = (0..axis.rows.len())
                .map(|row| (distance(axis, row, target), row))
                .filter(|pair| pair.0.is_finite())
                .collect();
            rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            rows
        })
        .collect();
    if sorted.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    let square = |ranks: &[usize]| -> f64 {
        ranks.iter().zip(&sorted).map(|(&rank, rows)| rows[rank].0.powi(2)).sum()
    };
    let start = vec![0; sorted.len()];
    let mut seen = BTreeSet::from([start.clone()]);
    // Squares are not negative, so that their bits are in their order.
    let mut open = BinaryHeap::from([Reverse((square(&start).to_bits(), start))]);
    let mut found = Vec::new();
    while let Some(Reverse((bits, ranks))) = open.pop() {
        let rows: Vec<usize> = ranks.iter().zip(&sorted).map(|(&rank, rows)| rows[rank].1).collect();
        found.push((plan.line_of(&rows), f64::from_bits(bits).sqrt()));
        if found.len() == count {
            break;
        }
        for axis in 0..ranks.len() {
            let mut next = ranks.clone();
            next[axis] += 1;
            if next[axis] < sorted[axis].len() && seen.insert(next.clone()) {
                open.push(Reverse((square(&next).to_bits(), next)));
            }
        }
    }
    found
}

/// A value between members: their mean by weight where all of them are wet, else the worst of them.
///
/// # Example
/// ```
/// use sim_core::library::question::between;
/// assert_eq!(between(&[(0.2, 0.5), (0.4, 0.5)], true), 0.30000000000000004);
/// assert_eq!(between(&[(0.0, 0.9), (0.4, 0.1)], true), 0.4);
/// assert_eq!(between(&[(0.2, 0.5), (0.4, 0.5)], false), 0.4);
/// ```
pub fn between(values: &[(f64, f64)], may_interpolate: bool) -> f64 {
    if may_interpolate && values.iter().all(|pair| pair.0 > 0.0) {
        return values.iter().map(|(value, weight)| value * weight).sum();
    }
    values.iter().filter(|pair| pair.1 > 0.0).map(|pair| pair.0).fold(0.0, f64::max)
}

/// A member that is left out, and the two that would answer in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeftOut {
    /// The member.
    pub line: u64,
    /// Its neighbours along one axis with their weights.
    pub neighbours: [(u64, f64); 2],
}

/// Members to be left out, spread evenly over a library, at most `most`.
pub fn left_out(plan: &Plan, most: usize) -> Vec<LeftOut> {
    let members = plan.members();
    let lines = (most as u64).min(members);
    let mut found = Vec::new();
    for i in 0..lines {
        let line = i * members / lines;
        let rows = plan.rows_of(line);
        for (place, axis) in plan.axes.iter().enumerate() {
            let [key] = axis.keys.as_slice() else { continue };
            let Some(scale) = &key.scale else { continue };
            let Some(neighbours) = around(scale, rows[place]) else { continue };
            let at = |row: usize| {
                let mut moved = rows.clone();
                moved[place] = row;
                plan.line_of(&moved)
            };
            found.push(LeftOut { line, neighbours: neighbours.map(|(row, weight)| (at(row), weight)) });
        }
    }
    found.truncate(most);
    found
}

/// The rows before and after a row along its key; none at the ends.
fn around(scale: &Scale, row: usize) -> Option<[(usize, f64); 2]> {
    let own = scale.numbers[row];
    let others = || scale.numbers.iter().copied().zip(0..);
    let low = others().filter(|pair| pair.0 < own).max_by(|a, b| a.0.total_cmp(&b.0))?;
    let high = others().filter(|pair| pair.0 > own).min_by(|a, b| a.0.total_cmp(&b.0))?;
    let share = (own - low.0) / (high.0 - low.0);
    Some([(low.1, 1.0 - share), (high.1, share)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::plan::Key;

    fn axis(numbers: &[f64], is_circle: bool) -> Axis {
        let scale = Scale { unit: "m".into(), is_circle, numbers: numbers.to_vec() };
        Axis {
            name: "a".into(),
            keys: vec![Key { path: "a".into(), scale: Some(scale) }],
            rows: numbers.iter().map(|number| vec![number.to_string()]).collect(),
            weights: vec![1.0 / numbers.len() as f64; numbers.len()],
        }
    }

    fn plan(axes: Vec<Axis>) -> Plan {
        Plan {
            title: String::new(),
            base: String::new(),
            axes,
            event_frequency_per_year: None,
            leave_free_bytes: 0,
        }
    }

    fn at(number: f64) -> Target {
        Target::Numbers(vec![number])
    }

    #[test]
    fn a_number_between_two_rows_gets_both() {
        let bracket = bracket(&axis(&[20.0, 60.0, 40.0], false), &at(45.0));
        assert_eq!(bracket.rows, [(2, 0.75), (1, 0.25)]);
        assert!(!bracket.is_outside && bracket.is_line);
    }

    #[test]
    fn outside_is_flagged_and_never_extrapolated() {
        let bracket = bracket(&axis(&[20.0, 60.0], false), &at(61.0));
        assert!(bracket.is_outside);
        assert_eq!(bracket.rows, [(1, 1.0)]);
    }

    #[test]
    fn directions_close_the_circle_but_a_sector_does_not() {
        let whole = bracket(&axis(&[0.0, 90.0, 180.0, 270.0], true), &at(315.0));
        assert_eq!((whole.rows, whole.is_outside), (vec![(3, 0.5), (0, 0.5)], false));
        let sector = bracket(&axis(&[0.0, 10.0, 20.0], true), &at(180.0));
        assert!(sector.is_outside);
    }

    #[test]
    fn the_nearest_are_those_that_a_search_of_all_finds() {
        let plan = plan(vec![
            axis(&[1.0, 2.0, 5.0, 9.0], false),
            axis(&[0.0, 120.0, 240.0], true),
            axis(&[3.0, 1.0, 2.0], false),
        ]);
        let targets = [at(4.0), at(200.0), at(2.2)];
        let mut all: Vec<f64> = (0..plan.members())
            .map(|line| {
                let rows = plan.rows_of(line);
                let squares = rows
                    .iter()
                    .zip(&plan.axes)
                    .zip(&targets)
                    .map(|((&row, axis), target)| distance(axis, row, target).powi(2));
                squares.sum::<f64>().sqrt()
            })
            .collect();
        all.sort_by(f64::total_cmp);
        let found: Vec<f64> = nearest(&plan, &targets, 7).into_iter().map(|pair| pair.1).collect();
        assert_eq!(found.len(), 7);
        assert!(found.iter().zip(&all).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} {all:?}");
    }

    #[test]
    fn corners_have_weights_that_add_up_to_one() {
        let plan = plan(vec![axis(&[1.0, 2.0], false), axis(&[10.0, 20.0], false)]);
        let brackets = [bracket(&plan.axes[0], &at(1.25)), bracket(&plan.axes[1], &at(15.0))];
        let corners = corners(&plan, &brackets);
        assert_eq!(corners.iter().map(|corner| corner.0).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert!((corners.iter().map(|corner| corner.1).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_member_is_left_out_only_between_two_others() {
        let plan = plan(vec![axis(&[1.0, 2.0, 4.0], false)]);
        let left = left_out(&plan, 10);
        let [LeftOut { line: 1, neighbours: [low, high] }] = left.as_slice() else { panic!("{left:?}") };
        assert_eq!((low.0, high.0), (0, 2));
        assert!((low.1 - 2.0 / 3.0).abs() < 1e-12 && (high.1 - 1.0 / 3.0).abs() < 1e-12, "{left:?}");
    }
}
