//! Cases of the graphics devices of this machine.

use std::time::Instant;

use sim_core::error::Result;
use sim_core::flood::flux::Scheme;
use sim_core::flood::{Edge, Edges};
use sim_core::grid::{Crs, Grid};
use sim_core::product::Layer;
use sim_core::run::Unobserved;
use sim_core::run::flood::{Backend, FloodCase, FloodOutcome, LARGEST_LEDGER_ERROR, Processor, simulate_on};
use sim_core::series::Series;
use sim_core::units::from_mm_h;
use sim_gpu::compute::Device;
use sim_gpu::flood::FloodDevice;
use sim_gpu::parity::{ALL, compare};

use crate::flood::runoff::valley;
use crate::flood::scene::Scene;
use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 2] =
    [case!("device-functions", "devices", Quick, functions), case!("device-runs", "devices", Quick, runs)];

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
        for twin in &ALL {
            let begun = Instant::now();
            let found = compare(&device, twin)?;
            let name = format!("{}: {}", found.name, adapter.name);
            let effort = Effort { wall_seconds: begun.elapsed().as_secs_f64(), ..Effort::default() };
            findings.readings.push(Reading::at_most(name, found.largest, "1", found.tolerance).of(effort));
        }
    }
    Ok(Ok(findings))
}

/// Largest difference of a depth at the end, m.
const DEPTH_TOLERANCE: f64 = 1e-4;

/// Largest speed of still water on a device, m/s.
const STILL_TOLERANCE: f64 = 1e-5;

/// Depth from which a cell counts as wet, m.
const WET: f64 = 1e-3;

/// Share of the cells at least that are wet on both or dry on both.
const SAME_EXTENT: f64 = 0.999;

/// Schemes that devices have.
const SCHEMES: [Scheme; 2] = [Scheme::FirstOrder, Scheme::SecondOrder];

/// Whole runs on every device beside the same runs of the engine.
fn runs(_: &Settings) -> Result<Answer> {
    let adapters = sim_gpu::adapters();
    if adapters.is_empty() {
        return Ok(Err(NO_DEVICE.into()));
    }
    let mut findings = Findings::default();
    for (index, _) in adapters.iter().enumerate() {
        let mut device = FloodDevice::open(index)?;
        for (scene, is_still) in
            [(lake(), true), (dam_break(), false), (short_valley(), false), (hills(), false)]
        {
            for scheme in SCHEMES {
                findings.readings.extend(beside(&scene, scheme, is_still, &mut device)?);
            }
        }
    }
    Ok(Ok(findings))
}

/// A scene with its name.
type Named = (&'static str, Scene);

/// What one scene gives with one scheme on one device.
fn beside(
    (name, scene): &Named,
    scheme: Scheme,
    is_still: bool,
    device: &mut FloodDevice,
) -> Result<Vec<Reading>> {
    let mut case = scene.case(scheme);
    case.frame_times = vec![case.duration];
    case.settings.wanted = vec!["max_depth".into(), "max_speed".into()];
    let expected = run(&case, &mut Processor::default())?;
    let found = run(&case, device)?;
    let again = run(&case, device)?;
    let effort = Effort { cells: case.grid.cells(), steps: found.steps, wall_seconds: found.wall_seconds };
    let (ours, theirs) = (last_depth(&found), last_depth(&expected));
    let off = ours.iter().zip(&theirs).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max);
    let is_wet = |depth: f32| f64::from(depth) > WET;
    let same = ours.iter().zip(&theirs).filter(|(a, b)| is_wet(**a) == is_wet(**b)).count();
    let differs = |a: f32, b: f32| a.to_bits() != b.to_bits();
    let changed = ours.iter().zip(last_depth(&again)).filter(|(a, b)| differs(**a, *b)).count();
    let label = |measure: &str| format!("{name}, {}, {measure}: {}", scheme.name(), device.name());
    let mut readings = vec![
        Reading::at_most(label("depths"), off, "m", DEPTH_TOLERANCE),
        Reading::at_least(label("same extent"), same as f64 / ours.len() as f64, "1", SAME_EXTENT),
        Reading::at_most(label("balance"), found.ledger.relative_error, "1", LARGEST_LEDGER_ERROR),
        Reading::at_most(label("cells changed by a second run"), changed as f64, "1", 0.0),
    ];
    if is_still {
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

fn last_depth(outcome: &FloodOutcome) -> Vec<f32> {
    let frames = outcome.products.layers.iter().find_map(|layer| match layer {
        Layer::Frames(frames) => frames.values.last(),
        _ => None,
    });
    frames.map_or_else(Vec::new, |depths| depths.iter().copied().collect())
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
    (
        "lake among islands",
        Scene::new(square(96, 80, 5.0), rough, 120.0).with_level(300.4).with_roughness(0.03),
    )
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
