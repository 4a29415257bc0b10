//! Small floods that run on the processor and on a device.

#![allow(dead_code, reason = "every file of tests uses a part of it")]

pub(crate) mod compare;

use std::sync::Arc;

use sim_core::flood::boundary::{Edge, Edges};
use sim_core::flood::flux::Scheme;
use sim_core::flood::place::Places;
use sim_core::flood::{Inflow, Rain};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::run::flood::{Buildings, FloodCase, ProductSettings, Soils};
use sim_core::series::Series;
use sim_gpu::flood::FloodDevice;

/// What the environment asks of tests that need a device: `SIM_GPU_TESTS` is `require` (no device
/// is a failure, as in CI), `off`, or `auto`, the default.
pub(crate) fn devices() -> Vec<FloodDevice> {
    let wish = std::env::var("SIM_GPU_TESTS").unwrap_or_else(|_| "auto".into());
    if wish == "off" {
        return Vec::new();
    }
    let found = sim_gpu::adapters();
    assert!(
        wish != "require" || !found.is_empty(),
        "SIM_GPU_TESTS=require, but no Vulkan, Metal or Direct3D driver is installed"
    );
    (0..found.len()).map(|index| FloodDevice::open(index).expect("it opens")).collect()
}

/// A number between 0 and 1 from a cell (Steele, Lea & Flood 2014, splitmix).
pub(crate) fn noise(row: usize, column: usize) -> f64 {
    let z = (row as u64 * 65_537 + column as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 40) as f64 / (1_u64 << 24) as f64
}

/// Rough hills between about -3 and 3 m.
pub(crate) fn rough(row: usize, column: usize) -> f64 {
    let (x, y) = (column as f64, row as f64);
    (0.11 * x).sin() * (0.13 * y).cos() * 1.5 + (0.37 * x + 0.29 * y).sin() * 0.4 + 0.3 * noise(row, column)
}

/// A case on a grid of squares, dry and closed, to be changed by each test.
pub(crate) fn case((rows, columns): (usize, usize), dx: f64, bed: impl Fn(usize, usize) -> f64) -> FloodCase {
    let grid = Grid { columns, rows, dx, dy: dx, west: 0.0, south: 0.0, crs: Crs::local() };
    FloodCase {
        title: "test".into(),
        bed: Field::from_shape_fn((rows, columns), |(row, column)| bed(row, column)),
        initial_depth: grid.filled(0.0),
        manning_n: grid.filled(0.03),
        rain: Rain::none(),
        loss: Series::constant(0.0),
        soils: Soils::none(),
        inflows: Vec::<Inflow>::new(),
        releases: Vec::new(),
        buildings: Arc::new(Buildings::none()),
        structures: Vec::new(),
        barriers: Vec::new(),
        breaches: Vec::new(),
        sewers: None,
        boundaries: Vec::new(),
        edges: Edges::all(Edge::Wall),
        courant: Scheme::FirstOrder.courant(),
        scheme: Scheme::FirstOrder,
        duration: 60.0,
        frame_times: Vec::new(),
        places: Places::default(),
        exposure: Vec::new(),
        settings: ProductSettings {
            arrival_depth: 0.05,
            waterlogging_depth: 0.15,
            waterlogging_area: 0.0,
            classes: Vec::new(),
            wanted: ["max_depth", "max_speed", "arrival_time", "time_of_maximum", "duration"]
                .map(str::to_owned)
                .to_vec(),
        },
        grid,
    }
}

/// Fills the ground up to a level.
pub(crate) fn fill(case: &mut FloodCase, level: f64) {
    case.initial_depth = case.bed.mapv(|bed| (level - bed).max(0.0));
}
