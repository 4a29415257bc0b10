//! Dam breaks: straight ones against exact solutions, a round one against a fine radial solution.

use sim_core::error::Result;

use super::scene::{Played, Scene, channel, grid_at};
use crate::exact::{RadialFlow, ritter_depth, ritter_front, stoker_depth, stoker_middle};
use crate::figure::{Curve, Figure, Stroke};
use crate::metrics::{observed_order, relative_l1};
use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 7] = [
    case!("stoker", "flood", Quick, stoker),
    case!("ritter", "flood", Quick, ritter),
    case!("dam-break-2-1", "flood", Quick, two_to_one),
    case!("dam-break-10-1", "flood", Quick, ten_to_one),
    case!("dam-break-10-0.1", "flood", Quick, ten_to_a_tenth),
    case!("dam-break-1-0.1", "flood", Quick, one_to_a_tenth),
    case!("radial-dam-break", "flood", Quick, radial),
];

/// A dam in the middle of a flat channel.
struct Dam {
    /// Depths at both sides, m.
    left: f64,
    right: f64,
    /// Length of the channel, m, and time, s; the waves stay within the channel.
    length: f64,
    time: f64,
    /// L1 error of the depth that passes on the coarsest grid, and the best published one.
    tolerance: f64,
    best: f64,
}

/// Cells of the grids; the tolerance is held against the first.
const COLUMNS: [usize; 3] = [100, 200, 400];

/// Order that is asked for at shocks and corners, where every scheme is of first order.
const LEAST_ORDER: f64 = 0.9;

/// Order at the front on a dry bed: the exact front has no slope there.
const LEAST_DRY_ORDER: f64 = 0.7;

/// Cells of the grid on which the front on a dry bed is looked for: a coarse one has
/// less than a cell for the tip, which is all that the front is.
const FRONT_COLUMNS: usize = 1600;

/// Depth that counts as the front on a dry bed, over the depth behind the dam.
const FRONT_SHARE: f64 = 0.01;

impl Dam {
    fn exact(&self, x: f64) -> f64 {
        if self.right > 0.0 {
            stoker_depth(x, self.time, self.left, self.right)
        } else {
            ritter_depth(x, self.time, self.left)
        }
    }

    /// Mean exact depth over a cell: eight places, so that the shock is not all or nothing.
    fn mean(&self, x: f64, width: f64) -> f64 {
        (0..8).map(|k| self.exact(x + width * ((f64::from(k) + 0.5) / 8.0 - 0.5))).sum::<f64>() / 8.0
    }

    fn play(&self, settings: &Settings, columns: usize) -> Result<(Played, Vec<f64>)> {
        let grid = channel(-0.5 * self.length, self.length, columns);
        let scene = Scene::new(grid, |_, _| 0.0, self.time)
            .with_depth(|x, _| if x < 0.0 { self.left } else { self.right });
        let played = scene.play(settings)?;
        let exact = played.x().iter().map(|&x| self.mean(x, played.grid.dx)).collect();
        Ok((played, exact))
    }

    fn run(&self, settings: &Settings) -> Result<Answer> {
        let (mut sizes, mut errors, mut findings) = (Vec::new(), Vec::new(), Findings::default());
        for columns in COLUMNS {
            let (played, exact) = self.play(settings, columns)?;
            let error = relative_l1(&played.end().depth_row(), &exact);
            sizes.push(played.grid.dx);
            errors.push(error);
            if columns == COLUMNS[0] {
                findings.readings.push(
                    Reading::at_most("L1(h), 100 cells", error, "1", self.tolerance)
                        .best(self.best)
                        .of(played.effort()),
                );
                findings.readings.push(played.balance());
                findings.figures.push(self.profile(&played));
            } else if columns == COLUMNS[2] {
                let order = observed_order(errors[0], error, sizes[0] / played.grid.dx);
                let least = if self.right > 0.0 { LEAST_ORDER } else { LEAST_DRY_ORDER };
                findings
                    .readings
                    .push(Reading::at_least("order of h", order, "1", least).of(played.effort()));
            }
        }
        if self.right <= 0.0 {
            let (played, _) = self.play(settings, FRONT_COLUMNS)?;
            findings.readings.extend(self.front(&played));
        }
        findings.figures.push(Figure::convergence("the depth, L1", &sizes, &errors, 1.0));
        Ok(Ok(findings))
    }

    /// Where the dry front is, relative to where it should be.
    fn front(&self, played: &Played) -> Option<Reading> {
        let threshold = FRONT_SHARE * self.left;
        let last = played.end().depth_row().iter().rposition(|&depth| depth > threshold)?;
        let place = played.x()[last] + 0.5 * played.grid.dx;
        // The exact place of the same depth: h = (2c - s)² / 9g.
        let exact = ritter_front(self.time, self.left) * (1.0 - 1.5 * FRONT_SHARE.sqrt());
        let name = format!("front, error over its way, {FRONT_COLUMNS} cells");
        Some(Reading::at_most(name, place / exact - 1.0, "1", 0.015).best(0.0101).of(played.effort()))
    }

    fn profile(&self, played: &Played) -> Figure {
        let places: Vec<f64> = (0..=800).map(|k| self.length * (f64::from(k) / 800.0 - 0.5)).collect();
        let exact: Vec<f64> = places.iter().map(|&x| self.exact(x)).collect();
        Figure::plot(
            format!("Depth after {} s, 100 cells", self.time),
            "distance from the dam, m",
            "depth, m",
            vec![
                Curve::over("exact", Stroke::Reference, &places, &exact),
                Curve::over("computed", Stroke::Computed, &played.x(), &played.end().depth_row()),
            ],
        )
    }
}

/// The small dam breaks of the analytic collections: 10 m, 5 mm of water, 6 s.
const SMALL: Dam = Dam { left: 0.005, right: 0.001, length: 10.0, time: 6.0, tolerance: 0.005, best: 0.0076 };

fn stoker(settings: &Settings) -> Result<Answer> {
    SMALL.run(settings)
}

fn ritter(settings: &Settings) -> Result<Answer> {
    Dam { right: 0.0, tolerance: 0.02, best: 0.02, ..SMALL }.run(settings)
}

/// A larger dam, for the time in which its fastest wave runs a third of the channel.
fn larger(left: f64, right: f64, settings: &Settings) -> Result<Answer> {
    let (length, shock) = (100.0, stoker_middle(left, right).2);
    Dam { left, right, length, time: length / 3.0 / shock, tolerance: 0.01, best: 0.01 }.run(settings)
}

fn two_to_one(settings: &Settings) -> Result<Answer> {
    larger(2.0, 1.0, settings)
}

fn ten_to_one(settings: &Settings) -> Result<Answer> {
    larger(10.0, 1.0, settings)
}

fn ten_to_a_tenth(settings: &Settings) -> Result<Answer> {
    larger(10.0, 0.1, settings)
}

fn one_to_a_tenth(settings: &Settings) -> Result<Answer> {
    larger(1.0, 0.1, settings)
}

/// A cylinder of water of 11 m radius, 10 m over 1 m, after 0.69 s.
fn radial(settings: &Settings) -> Result<Answer> {
    let (radius, half, time) = (11.0, 25.0, 0.69);
    let depth = |r: f64| if r < radius { 10.0 } else { 1.0 };
    let mut reference = RadialFlow::new(2.0 * half, 0.02, 0.0, depth);
    reference.run_to(time);
    let (mut sizes, mut errors, mut findings) = (Vec::new(), Vec::new(), Findings::default());
    let mut effort = Effort::default();
    for cells in [50, 100, 200] {
        let grid = grid_at(-half, -half, cells, cells, 2.0 * half / cells as f64);
        let played =
            Scene::new(grid, |_, _| 0.0, time).with_depth(|x, y| depth(x.hypot(y))).play(settings)?;
        effort = played.effort();
        let end = played.end();
        let exact = super::scene::over(&played.grid, |x, y| reference.depth_at(x.hypot(y)));
        let (computed, exact): (Vec<f64>, Vec<f64>) =
            (end.depth.iter().copied().collect(), exact.iter().copied().collect());
        errors.push(relative_l1(&computed, &exact));
        sizes.push(played.grid.dx);
        if cells == 100 {
            let skew = (&end.depth - &end.depth.t()).iter().map(|d| d.abs()).fold(0.0, f64::max);
            let error = errors[errors.len() - 1];
            findings.readings.extend([
                Reading::at_most("L1(h), cells of 0.5 m", error, "1", 0.01).of(played.effort()),
                Reading::at_most("difference of x and y", skew, "m", 1e-12).of(played.effort()),
                played.balance(),
            ]);
            findings.figures.push(radial_profile(&played, &reference));
        }
    }
    let order = observed_order(errors[0], errors[2], sizes[0] / sizes[2]);
    findings.readings.push(Reading::at_least("order of h", order, "1", LEAST_ORDER).of(effort));
    findings.figures.push(Figure::convergence("the depth, L1", &sizes, &errors, 1.0));
    Ok(Ok(findings))
}

fn radial_profile(played: &Played, reference: &RadialFlow) -> Figure {
    let radii: Vec<f64> = (0..=500).map(|k| 0.05 * f64::from(k)).collect();
    let exact: Vec<f64> = radii.iter().map(|&r| reference.depth_at(r)).collect();
    let (grid, end) = (&played.grid, played.end());
    let half = grid.columns / 2;
    let along = (half..grid.columns)
        .map(|column| (grid.x(column).hypot(grid.y(half)), end.depth[(half, column)]))
        .collect();
    let across =
        (half..grid.columns).map(|k| (grid.x(k).hypot(grid.y(k)), end.depth[(k, k)])).collect::<Vec<_>>();
    let across = across.into_iter().filter(|point| point.0 <= 25.0).collect();
    Figure::plot(
        "Depth over the radius after 0.69 s",
        "radius, m",
        "depth, m",
        vec![
            Curve::over("radial reference", Stroke::Reference, &radii, &exact),
            Curve::new("along x", Stroke::Computed, along),
            Curve::new("along the diagonal", Stroke::Dots, across),
        ],
    )
}
