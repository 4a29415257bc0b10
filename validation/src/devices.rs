//! Cases of the graphics devices of this machine.

use std::time::Instant;

use sim_core::error::Result;
use sim_core::flood::boundary::Curve;
use sim_core::flood::flux::{self, Scheme};
use sim_core::flood::{Edge, Edges};
use sim_core::grid::{Crs, Grid};
use sim_core::product::Layer;
use sim_core::run::Unobserved;
use sim_core::run::flood::{Backend, FloodCase, FloodOutcome, LARGEST_LEDGER_ERROR, Processor, simulate_on};
use sim_core::series::Series;
use sim_core::units::from_mm_h;
use sim_gpu::compute::Device;
use sim_gpu::flood::FloodDevice;
use sim_gpu::parity::{all, compare};

use crate::flood::environment_agency::{scene_1, scene_2, scene_3, scene_4};
use crate::flood::events;
use crate::flood::runoff::valley;
use crate::flood::scene::{Rim, Scene, line};
use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 6] = [
    case!("device-functions", "devices", Quick, functions),
    case!("device-stages", "devices", Quick, stages),
    case!("device-runs", "devices", Quick, runs),
    case!("device-ea-2", "devices", Long, ea_2),
    case!("device-ea-4", "devices", Long, ea_4),
    case!("device-city", "devices", Long, city),
];

/// Why nothing can be said.
const NO_DEVICE: &str = "this machine has no Vulkan, Metal or Direct3D device";

/// Functions of the shaders beside those of the engine.
fn functions(_: &Settings) -> Result<Answer> {
    let adapters = sim_gpu::adapters();
    if adapters.is_empty() {
        return Ok(Err(NO_DEVICE.into()));
    }
    let mut findings = Findings::default();
    for (index, adapter) in adapters.iter().enumerate() {
        let device = Device::open(index)?;
        for twin in all() {
            let begun = Instant::now();
            let found = compare(&device, twin)?;
            let name = format!("{}: {}", found.name, adapter.name);
            let effort = Effort { wall_seconds: begun.elapsed().as_secs_f64(), ..Effort::default() };
            findings.readings.push(Reading::at_most(name, found.largest, "1", found.tolerance).of(effort));
        }
    }
    Ok(Ok(findings))
}

/// Random scenes of which each takes one step.
const SEEDS: u64 = 8;

/// Every array and sum of one step beside those of the engine; of several scenes the worst.
fn stages(_: &Settings) -> Result<Answer> {
    let adapters = sim_gpu::adapters();
    if adapters.is_empty() {
        return Ok(Err(NO_DEVICE.into()));
    }
    let mut findings = Findings::default();
    for (index, _) in adapters.iter().enumerate() {
        let mut device = FloodDevice::open(index)?;
        for scheme in SCHEMES {
            let mut worst = sim_gpu::stages::compare(&mut device, scheme, 0)?;
            for seed in 1..SEEDS {
                for (known, found) in
                    worst.iter_mut().zip(sim_gpu::stages::compare(&mut device, scheme, seed)?)
                {
                    *known = if found.largest > known.largest { found } else { known.clone() };
                }
            }
            for found in worst {
                let name = format!("{}, {}: {}", found.name, scheme.name(), device.name());
                findings.readings.push(Reading::at_most(name, found.largest, "1", found.tolerance));
            }
        }
    }
    Ok(Ok(findings))
}

/// Largest difference of a depth at the end, m.
const DEPTH_TOLERANCE: f64 = 1e-4;

/// Largest speed of still water on a device, m/s.
const STILL_TOLERANCE: f64 = 1e-5;

/// Frames that are compared, the end among them.
const FRAMES: u32 = 4;

/// The scene whose water must stay still.
const LAKE: &str = "lake among islands";

/// Depth from which a cell counts as wet, m.
const WET: f64 = 1e-3;

/// Share of the cells at least that are wet on both or dry on both.
const SAME_EXTENT: f64 = 0.999;

/// Schemes that devices have.
const SCHEMES: [Scheme; 3] = [Scheme::FirstOrder, Scheme::SecondOrder, Scheme::Inertial];

/// Whole runs on every device beside the same runs of the engine.
fn runs(_: &Settings) -> Result<Answer> {
    let scenes =
        [lake(), dam_break(), short_valley(), hills(), river(), ("EA 1", scene_1()), ("EA 3", scene_3())];
    on_every_device(&scenes, &SCHEMES)
}

/// The scheme that was asked for.
fn wanted(settings: &Settings) -> [Scheme; 1] {
    [Scheme::find(settings.scheme).unwrap_or(flux::DEFAULT)]
}

fn ea_2(settings: &Settings) -> Result<Answer> {
    on_every_device(&[("EA 2", scene_2())], &wanted(settings))
}

fn ea_4(settings: &Settings) -> Result<Answer> {
    on_every_device(&[("EA 4", scene_4())], &wanted(settings))
}

/// A cloudburst over a real city.
fn city(settings: &Settings) -> Result<Answer> {
    match events::city(settings)? {
        Ok(scene) => on_every_device(&[("cloudburst over a city", scene)], &wanted(settings)),
        Err(reason) => Ok(Err(reason)),
    }
}

/// Every scene by every scheme on every device.
fn on_every_device(scenes: &[Named], schemes: &[Scheme]) -> Result<Answer> {
    let adapters = sim_gpu::adapters();
    if adapters.is_empty() {
        return Ok(Err(NO_DEVICE.into()));
    }
    let mut findings = Findings::default();
    for (index, _) in adapters.iter().enumerate() {
        let mut device = FloodDevice::open(index)?;
        for scene in scenes {
            for &scheme in schemes {
                findings.readings.extend(beside(scene, scheme, &mut device)?);
            }
        }
    }
    Ok(Ok(findings))
}

/// A scene with its name.
type Named = (&'static str, Scene);

/// What one scene gives with one scheme on one device.
fn beside((name, scene): &Named, scheme: Scheme, device: &mut FloodDevice) -> Result<Vec<Reading>> {
    let mut case = scene.case(scheme);
    case.frame_times =
        (1..=FRAMES).map(|frame| scene.duration * f64::from(frame) / f64::from(FRAMES)).collect();
    case.settings.wanted = vec!["max_depth".into(), "max_speed".into()];
    let expected = run(&case, &mut Processor::default())?;
    let found = run(&case, device)?;
    let again = run(&case, device)?;
    let effort = Effort { cells: case.grid.cells(), steps: found.steps, wall_seconds: found.wall_seconds };
    let frames: Vec<_> = depths(&found).into_iter().zip(depths(&expected)).collect();
    let largest = |frames: &[(Vec<f32>, Vec<f32>)]| {
        let pairs = frames.iter().flat_map(|(ours, theirs)| ours.iter().zip(theirs));
        pairs.map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max)
    };
    let is_wet = |depth: f32| f64::from(depth) > WET;
    let extent = |(ours, theirs): &(Vec<f32>, Vec<f32>)| {
        let same = ours.iter().zip(theirs).filter(|(a, b)| is_wet(**a) == is_wet(**b)).count();
        same as f64 / ours.len() as f64
    };
    let differs = |(ours, theirs): &(&f32, &f32)| ours.to_bits() != theirs.to_bits();
    let repeated = depths(&again);
    let both = frames.iter().flat_map(|frame| &frame.0).zip(repeated.iter().flatten());
    let changed = both.filter(differs).count();
    let label = |measure: &str| format!("{name}, {}, {measure}: {}", scheme.name(), device.name());
    let mut readings = vec![
        Reading::at_most(
            label("depths at the end"),
            largest(&frames[frames.len() - 1..]),
            "m",
            DEPTH_TOLERANCE,
        ),
        Reading::at_most(label("depths in all frames"), largest(&frames), "m", DEPTH_TOLERANCE),
        Reading::at_least(
            label("same extent in all frames"),
            frames.iter().map(extent).fold(1.0, f64::min),
            "1",
            SAME_EXTENT,
        ),
        Reading::at_most(label("balance"), found.ledger.relative_error, "1", LARGEST_LEDGER_ERROR),
        Reading::at_most(label("cells changed by a second run"), changed as f64, "1", 0.0),
    ];
    if *name == LAKE {
        readings.push(Reading::at_most(
            label("largest speed"),
            largest_speed(&found),
            "m/s",
            STILL_TOLERANCE,
        ));
    }
    Ok(readings.into_iter().map(|reading| reading.of(effort)).collect())
}

fn run(case: &FloodCase, backend: &mut dyn Backend) -> Result<FloodOutcome> {
    simulate_on(case, &mut Unobserved, backend)
}

/// Depths in every frame.
fn depths(outcome: &FloodOutcome) -> Vec<Vec<f32>> {
    let frames = outcome.products.layers.iter().find_map(|layer| match layer {
        Layer::Frames(frames) => Some(&frames.values),
        _ => None,
    });
    frames.into_iter().flatten().map(|depths| depths.iter().copied().collect()).collect()
}

fn largest_speed(outcome: &FloodOutcome) -> f64 {
    match outcome.products.layer("max_speed") {
        Some(Layer::Raster(raster)) => {
            raster.values.iter().copied().filter(|speed| !speed.is_nan()).fold(0.0, f64::max)
        }
        _ => f64::NAN,
    }
}

fn square(columns: usize, rows: usize, size: f64) -> Grid {
    Grid { columns, rows, dx: size, dy: size, west: 0.0, south: 0.0, crs: Crs::local() }
}

/// Hills of 2 m with ripples, in a country 300 m above the sea.
fn rough(x: f64, y: f64) -> f64 {
    300.0
        + 1.5 * (0.023 * x).sin() * (0.029 * y).cos()
        + 0.5 * (0.07 * x + 0.06 * y).sin()
        + 0.1 * (0.9 * x - 1.3 * y).sin()
}

fn lake() -> Named {
    (LAKE, Scene::new(square(96, 80, 5.0), rough, 120.0).with_level(300.4).with_roughness(0.03))
}

fn dam_break() -> Named {
    let depth = |x: f64, y: f64| if (x - 64.0).hypot(y - 48.0) < 30.0 { 2.5 } else { 0.0 };
    (
        "circular dam break",
        Scene::new(square(128, 96, 1.0), |_, _| 0.0, 8.0).with_depth(depth).with_roughness(0.03),
    )
}

/// The tilted V up to the end of its rain.
fn short_valley() -> Named {
    let mut scene = valley();
    scene.duration = 1800.0;
    scene.marks.clear();
    ("tilted V", scene)
}

fn hills() -> Named {
    let mut scene = Scene::new(square(120, 100, 4.0), rough, 600.0).with_roughness(0.04);
    scene.rain = Series::block(from_mm_h(90.0), 400.0);
    scene.loss = Series::constant(from_mm_h(5.0));
    scene.edges = Edges { east: Edge::Open, ..scene.edges };
    ("rain on hills", scene)
}

/// A river down a rough valley, slow enough for local inertia: it comes as a discharge in time, leaves over a weir, and over its
/// southern bank onto ground that falls.
fn river() -> Named {
    let bed =
        |x: f64, y: f64| 250.0 - 0.001 * x + 0.03 * (y - 160.0).abs().min(40.0) + 0.2 * (rough(x, y) - 300.0);
    let flood = line(&[(0.0, 0.0), (60.0, 30.0), (400.0, 60.0), (500.0, 10.0)]);
    let mut scene = Scene::new(square(100, 80, 4.0), bed, 600.0)
        .with_roughness(0.04)
        .with_rim(Rim::WesternDischarge(flood, None))
        .with_rim(Rim::SouthernSlope(0.002));
    if let Some(weir) = Curve::new(&[(249.4, 0.0), (250.2, 8.0), (251.3, 40.0)]) {
        scene = scene.with_rim(Rim::EasternRating(weir));
    }
    ("river with a weir", scene)
}
