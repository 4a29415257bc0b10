//! Steady flow with friction in channels made for it (MacDonald).

use sim_core::error::Result;
use sim_core::flood::{Edge, Edges};
use sim_core::series::Series;
use sim_core::units::GRAVITY;

use super::scene::{Played, Rim, Scene, channel};
use crate::exact::Channel;
use crate::figure::{Curve, Figure, Stroke};
use crate::metrics::{largest_difference, mean_difference};
use crate::{Answer, Case, Findings, Reading, Settings, case};

pub(super) const CASES: [Case; 6] = [
    case!("macdonald-subcritical", "flood", Quick, subcritical),
    case!("macdonald-supercritical", "flood", Quick, supercritical),
    case!("macdonald-transcritical", "flood", Quick, transcritical),
    case!("macdonald-jump", "flood", Quick, jump),
    case!("macdonald-periodic", "flood", Quick, periodic),
    case!("macdonald-rain", "flood", Quick, rain),
];

/// Mean error of the depth that passes in smooth flow at cells of 5 m, m.
const SMOOTH_TOLERANCE: f64 = 2e-3;

/// Mean error that another code accepts, m.
const BEST: f64 = 0.03;

/// How a channel is run.
struct Setting {
    channel: Channel,
    cells: usize,
    /// Whether the inlet is faster than its waves: then its depth is given as well.
    fast_inlet: bool,
    /// Whether the outlet is slower than its waves: then its level is given.
    slow_outlet: bool,
    /// Time to the steady state, s.
    time: f64,
    /// Mean error of the depth that passes, m; none where the depth jumps.
    tolerance: Option<f64>,
}

/// The depth at which 2 m²/s are critical, m: the unit of the depths of most channels.
fn unit() -> f64 {
    (4.0 / GRAVITY).cbrt()
}

impl Setting {
    fn run(&self, settings: &Settings) -> Result<Answer> {
        let made = self.channel;
        let grid = channel(0.0, made.length, self.cells);
        let width = grid.rows as f64 * grid.dy;
        let at_inlet = (made.depth)(0.0);
        // The slope on which the inflow has the depth that is asked for.
        let slope = made.manning_n.powi(2) * made.inflow.powi(2) / at_inlet.powf(10.0 / 3.0);
        let inflow = Series::constant(made.inflow * width);
        let mut scene = Scene::new(grid, |x, _| made.bed(x), self.time)
            .with_depth(|x, _| (made.depth)(x))
            .with_roughness(made.manning_n)
            .with_rim(Rim::WesternDischarge(inflow, self.fast_inlet.then_some(slope)));
        scene.rain = Series::constant(made.rain);
        if self.slow_outlet {
            let level = Series::constant((made.depth)(made.length));
            scene = scene.with_rim(Rim::EasternStage(level));
        } else {
            scene.edges = Edges { east: Edge::Open, ..scene.edges };
        }
        let played = scene.play(settings)?;
        Ok(Ok(self.findings(&played)))
    }

    fn findings(&self, played: &Played) -> Findings {
        let (x, depth) = (played.x(), played.end().depth_row());
        let exact: Vec<f64> = x.iter().map(|&x| (self.channel.depth)(x)).collect();
        let mut readings = Vec::new();
        match (self.tolerance, self.channel.joint) {
            (Some(tolerance), _) => {
                let error = mean_difference(&depth, &exact);
                readings.push(
                    Reading::at_most("mean error of h", error, "m", tolerance).best(BEST).of(played.effort()),
                );
            }
            (None, Some(joint)) => readings.extend(self.jump_readings(played, joint, &exact)),
            (None, None) => {}
        }
        let discharge: Vec<f64> = x.iter().map(|&x| self.channel.discharge(x)).collect();
        let off = largest_difference(&played.end().discharge_row(), &discharge);
        let name = "largest error of q";
        if self.channel.joint.is_none() {
            readings
                .push(Reading::at_most(name, off, "m2/s", 0.01 * self.channel.inflow).of(played.effort()));
        }
        readings.push(played.balance());
        Findings { readings, figures: vec![self.profile(played, &exact)] }
    }

    /// The place of the jump, and the error away from it.
    fn jump_readings(&self, played: &Played, joint: f64, exact: &[f64]) -> Vec<Reading> {
        let (x, depth, dx) = (played.x(), played.end().depth_row(), played.grid.dx);
        let beside = 1e-9;
        let between = 0.5 * ((self.channel.depth)(joint - beside) + (self.channel.depth)(joint));
        let found =
            (1..x.len()).find(|&k| x[k] > 0.5 * joint && depth[k - 1] <= between && depth[k] > between);
        let place = found.map_or(f64::NAN, |k| x[k] - 0.5 * dx);
        // Two cells at each side belong to the jump.
        let away: Vec<usize> = (0..x.len()).filter(|&k| (x[k] - joint).abs() > 2.0 * dx).collect();
        let pick = |values: &[f64]| away.iter().map(|&k| values[k]).collect::<Vec<f64>>();
        let error = mean_difference(&pick(&depth), &pick(exact));
        vec![
            Reading::within("place of the jump", place, "m", joint, dx).of(played.effort()),
            Reading::at_most("mean error of h away from it", error, "m", 0.01).of(played.effort()),
        ]
    }

    fn profile(&self, played: &Played, exact: &[f64]) -> Figure {
        let x = played.x();
        Figure::plot(
            "Depth in the steady state",
            "x, m",
            "depth, m",
            vec![
                Curve::over("exact", Stroke::Reference, &x, exact),
                Curve::over("computed", Stroke::Computed, &x, &played.end().depth_row()),
            ],
        )
    }
}

/// A channel of 1 km at cells of 5 m.
fn long(manning_n: f64, inflow: f64, depth: fn(f64) -> f64) -> Setting {
    Setting {
        channel: Channel { length: 1000.0, manning_n, inflow, rain: 0.0, joint: None, depth },
        cells: 200,
        fast_inlet: false,
        slow_outlet: true,
        time: 3600.0,
        tolerance: Some(SMOOTH_TOLERANCE),
    }
}

fn subcritical_depth(x: f64) -> f64 {
    unit() * (1.0 + 0.5 * (-16.0 * (x / 1000.0 - 0.5).powi(2)).exp())
}

fn subcritical(settings: &Settings) -> Result<Answer> {
    long(0.033, 2.0, subcritical_depth).run(settings)
}

fn supercritical(settings: &Settings) -> Result<Answer> {
    let depth = |x: f64| unit() * (1.0 - 0.2 * (-36.0 * (x / 1000.0 - 0.5).powi(2)).exp());
    Setting { fast_inlet: true, slow_outlet: false, ..long(0.04, 2.5, depth) }.run(settings)
}

fn transcritical(settings: &Settings) -> Result<Answer> {
    let depth = |x: f64| {
        let (steep, s) = if x <= 500.0 { (3.0, x / 1000.0 - 0.5) } else { (6.0, x / 1000.0 - 0.5) };
        unit() * (1.0 - (steep * s).tanh() / steep)
    };
    Setting { slow_outlet: false, ..long(0.0218, 2.0, depth) }.run(settings)
}

fn jump(settings: &Settings) -> Result<Answer> {
    let depth = |x: f64| {
        let s = x / 100.0 - 2.0 / 3.0;
        if s < 0.0 {
            unit() * (4.0 / 3.0 - x / 100.0) - 9.0 * x / 1000.0 * s
        } else {
            let polynomial =
                0.674_202 * s.powi(4) + 0.674_202 * s.powi(3) - 21.7112 * s * s + 14.492 * s + 1.4305;
            unit() * polynomial
        }
    };
    let channel =
        Channel { length: 100.0, manning_n: 0.0328, inflow: 2.0, rain: 0.0, joint: Some(200.0 / 3.0), depth };
    Setting { channel, cells: 100, fast_inlet: false, slow_outlet: true, time: 1200.0, tolerance: None }
        .run(settings)
}

fn periodic(settings: &Settings) -> Result<Answer> {
    let depth = |x: f64| 9.0 / 8.0 + 0.25 * (std::f64::consts::PI * x / 500.0).sin();
    let channel = Channel { length: 5000.0, manning_n: 0.03, inflow: 2.0, rain: 0.0, joint: None, depth };
    Setting { channel, cells: 1000, time: 7200.0, ..long(0.03, 2.0, depth) }.run(settings)
}

fn rain(settings: &Settings) -> Result<Answer> {
    let mut setting = long(0.033, 1.0, subcritical_depth);
    setting.channel.rain = 0.001;
    setting.run(settings)
}
