//! Two floods beside each other in a few lines.

use crate::flood::comparison::extent::Overlap;
use crate::flood::comparison::run_tables::{CommonPlace, common_places};
use crate::flood::comparison::runs::{MARKERS, SAME_ARRIVAL, SAME_DEPTH, Side};
use crate::flood::product::{DepthClass, MINUTE};
use crate::grid::{Field, Grid};
use crate::product::Table;

pub(super) fn overlap(sides: [&Side; 2], depth: f64) -> Overlap {
    Overlap::of(&sides[0].max_depth, &sides[1].max_depth, depth)
}

/// Sum of the largest depths times the area of a cell, m³.
fn envelope_volume(grid: &Grid, side: &Side) -> f64 {
    side.max_depth.iter().filter(|depth| !depth.is_nan()).sum::<f64>() * grid.cell_area()
}

fn change(first: f64, second: f64) -> String {
    if first > 0.0 { format!(" ({:+.0} %)", 100.0 * (second / first - 1.0)) } else { String::new() }
}

pub(super) fn extent_lines(grid: &Grid, sides: [&Side; 2], classes: &[DepthClass]) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(class) = classes.first() {
        let overlap = overlap(sides, class.from);
        let km2 = |cells: u64| cells as f64 * grid.cell_area() / 1e6;
        let (a, b) = (km2(overlap.both + overlap.only_first), km2(overlap.both + overlap.only_second));
        let words = |share: Option<f64>| share.map_or_else(|| "none".into(), |share| format!("{share:.2}"));
        lines.push(format!(
            "Deeper than {:.0} cm: A {a:.4} km2, B {b:.4} km2{}; both {:.4}, only A {:.4}, only B {:.4}",
            100.0 * class.from,
            change(a, b),
            km2(overlap.both),
            km2(overlap.only_first),
            km2(overlap.only_second)
        ));
        lines.push(format!(
            "Overlap: critical success index {}, hit rate {}, false alarm ratio {} (A taken as the truth)",
            words(overlap.critical_success_index()),
            words(overlap.hit_rate()),
            words(overlap.false_alarm_ratio())
        ));
    }
    let [a, b] = sides.map(|side| envelope_volume(grid, side));
    lines.push(format!("Volume under the largest depths: A {a:.0} m3, B {b:.0} m3{}", change(a, b)));
    lines
}

/// A cell and its value.
type Extreme = ((usize, usize), f64);

/// Cell and value of the extreme of a field.
fn extreme(field: &Field, is_better: impl Fn(f64, f64) -> bool) -> Option<Extreme> {
    let values = field.indexed_iter().filter(|entry| !entry.1.is_nan()).map(|(cell, &value)| (cell, value));
    values.reduce(|best, entry| if is_better(entry.1, best.1) { entry } else { best })
}

pub(super) fn depth_lines(grid: &Grid, depth: &Field) -> Vec<String> {
    let place = |(row, column): (usize, usize)| match grid.lon_lat(row, column) {
        Some(at) => format!("lon {:.5} lat {:.5}", at.lon, at.lat),
        None => format!("x {:.1} y {:.1}", grid.x(column), grid.y(row)),
    };
    let area = |fits: &dyn Fn(f64) -> bool| {
        depth.iter().filter(|value| fits(**value)).count() as f64 * grid.cell_area() / 1e6
    };
    let most = extreme(depth, |a, b| a > b).filter(|most| most.1 > 0.0);
    let least = extreme(depth, |a, b| a < b).filter(|least| least.1 < 0.0);
    if most.is_none() && least.is_none() {
        return vec!["The largest depths are the same in every cell".into()];
    }
    let most = most.filter(|most| most.1 >= SAME_DEPTH);
    let least = least.filter(|least| least.1 <= -SAME_DEPTH);
    let sides = [
        ("deeper", most, area(&|value| value >= SAME_DEPTH)),
        ("shallower", least, area(&|value| value <= -SAME_DEPTH)),
    ];
    let line = |(word, extreme, area): (&str, Option<Extreme>, f64)| match extreme {
        Some((cell, value)) => format!(
            "B is {word} by {:.0} cm or more on {area:.4} km2; most by {:.2} m at {}",
            100.0 * SAME_DEPTH,
            value.abs(),
            place(cell)
        ),
        None => format!("B is nowhere {word} by {:.0} cm or more", 100.0 * SAME_DEPTH),
    };
    sides.into_iter().map(line).collect()
}

pub(super) fn arrival_line(arrival: &Field) -> String {
    let mut known: Vec<f64> = arrival.iter().copied().filter(|value| !value.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    let Some(&middle) = known.get(known.len() / 2) else {
        return "Arrival: there is no cell where the water comes in both".into();
    };
    let share = |fits: &dyn Fn(f64) -> bool| {
        100.0 * known.iter().filter(|value| fits(**value)).count() as f64 / known.len() as f64
    };
    format!(
        "Arrival where the water comes in both: B earlier by {:.0} min or more on {:.0} % of the area, later on {:.0} %; \
         median {:+.1} min",
        SAME_ARRIVAL / MINUTE,
        share(&|value| value <= -SAME_ARRIVAL),
        share(&|value| value >= SAME_ARRIVAL),
        middle / MINUTE
    )
}

pub(super) fn place_lines(a: &Table, b: &Table) -> Vec<String> {
    let words = |place: CommonPlace| {
        let (a, b) = place.depths;
        format!("{}: A {a:.2} m, B {b:.2} m ({:+.2} m)", place.name, b - a)
    };
    common_places(a, b).into_iter().take(MARKERS).map(words).collect()
}
