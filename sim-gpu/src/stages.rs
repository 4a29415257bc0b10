//! One step of a device beside one of the engine: every array and every sum that it leaves.
//!
//! The water is drawn at random: dry, films and deep, on rough ground with steep steps and cells
//! outside the area, in motion; it rains and is lost, sources bring water, and the rim has every kind of
//! boundary. Both start from the same ground in single precision.

use sim_core::error::{Problem, Result};
use sim_core::flood::boundary::{Boundary, Curve, Edge, Edges, Face, Kind, Side};
use sim_core::flood::buildings::Buildings;
use sim_core::flood::flux::Scheme;
use sim_core::flood::infiltration::{Soil, Soils, curve_number};
use sim_core::flood::record::SPEED_DEPTH;
use sim_core::flood::volumes::Account;
use sim_core::flood::{Inflow, Params, Rain, Setup, Solver, hazard};
use sim_core::grid::{Crs, Field, Grid};
use sim_core::run::flood::Backend;
use sim_core::series::{Between, Series};
use sim_core::units::from_mm_h;

use crate::flood::FloodDevice;
use crate::parity::{Found, share};

/// Rows and columns: neither a multiple of a workgroup.
const SHAPE: (usize, usize) = (45, 70);

/// Size of the cells along x and y, m.
const SPACING: (f64, f64) = (4.0, 5.0);

/// Depths that are recorded, m.
const THRESHOLDS: [f64; 2] = [0.05, 0.5];

/// Part of the longest step that is taken: both then take it in one piece.
const PART_OF_STEP: f64 = 0.25;

/// Difference that single precision explains in depths, discharges and speeds, as a share of the
/// largest of each: a few hundred last digits, as in quotients of sums of which the largest terms cancel.
const CLOSE: f64 = 256.0 * f32::EPSILON as f64;

/// Share of the cells that may lie on the other side of a threshold or of the border of a class.
const FLIPPED: f64 = 1e-3;

/// What may differ of a volume, as a share of all water.
const BALANCED: f64 = 1e-6;

/// Random numbers between 0 and 1, one after the other.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f64 {
        self.0 += 1;
        f64::from(share(self.0))
    }
}

fn line(samples: &[(f64, f64)]) -> Series {
    let (times, values) = samples.iter().copied().unzip();
    match Series::new(times, values, Between::Line) {
        Some(series) => series,
        None => unreachable!("the times above rise"),
    }
}

/// The scene with its water.
struct Scene {
    grid: Grid,
    bed: Field,
    depth: Field,
    motion: (Field, Field),
    manning_n: Field,
    rain: Rain,
    loss: Series,
    inflows: Vec<Inflow>,
    boundaries: Vec<Boundary>,
    soils: Soils,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let (rows, columns) = SHAPE;
        let grid =
            Grid { columns, rows, dx: SPACING.0, dy: SPACING.1, west: 0.0, south: 0.0, crs: Crs::local() };
        let mut dice = Dice(seed << 32);
        let mut draw = |number: fn(f64, f64, f64) -> f64| {
            Field::from_shape_fn(SHAPE, |_| number(dice.next(), dice.next(), dice.next()))
        };
        // Gentle ground, a fifth of it steep steps, a few cells outside.
        let bed = draw(|kind, level, _| match kind {
            kind if kind < 0.02 => f64::NAN,
            kind if kind < 0.2 => 120.0 + 8.0 * level,
            _ => 120.0 + 0.3 * level,
        });
        // A third dry, a third films down to a micrometre, a third up to 3 m.
        let depth = draw(|kind, deep, _| match kind {
            kind if kind < 1.0 / 3.0 => 0.0,
            kind if kind < 2.0 / 3.0 => 1e-6 * 1e4_f64.powf(deep),
            _ => 3.0 * deep,
        });
        let speed = |_: f64, side: f64, fast: f64| f64::from(((side - 0.5) * 6.0 * fast) as f32);
        let motion = (draw(speed), draw(speed));
        let manning_n = draw(|rough, _, _| 0.015 + 0.08 * rough);
        let inflow = Inflow {
            name: "river".into(),
            cells: vec![(7, 9), (7, 10), (31, 40), (44, 69)],
            discharge: line(&[(0.0, 0.5), (100.0, 3.0)]),
        };
        Self {
            grid,
            bed,
            depth,
            motion,
            manning_n,
            rain: Series::constant(from_mm_h(80.0)).into(),
            loss: Series::constant(from_mm_h(10.0)),
            inflows: vec![inflow],
            boundaries: boundaries(),
            soils: soils(),
        }
    }

    fn solver(&self, scheme: Scheme) -> Solver {
        let edges = Edges { north: Edge::Open, ..Edges::all(Edge::Wall) };
        let mut solver = Solver::new(&Setup {
            grid: &self.grid,
            bed: &self.bed,
            initial_depth: &self.depth,
            manning_n: &self.manning_n,
            rain: &self.rain,
            loss: &self.loss,
            soils: &self.soils,
            inflows: &self.inflows,
            buildings: &Buildings::none(),
            structures: &[],
            barriers: &[],
            breaches: &[],
            boundaries: &self.boundaries,
            thresholds: &THRESHOLDS,
            params: Params { courant: scheme.courant(), scheme, edges },
        });
        solver.rate_hazards(&hazard::ALL);
        solver.round_ground();
        solver.set_in_motion(&self.motion.0, &self.motion.1);
        solver
    }
}

/// Every law, in stripes.
fn soils() -> Soils {
    let classes = vec![
        Soil::Sealed,
        Soil::Constant { rate: from_mm_h(20.0) },
        Soil::InitialContinuing { initial: 0.004, rate: from_mm_h(8.0) },
        Soil::Horton { first_rate: from_mm_h(90.0), last_rate: from_mm_h(6.0), decay: 1e-3 },
        Soil::GreenAmpt { conductivity: from_mm_h(5.0), suction: 0.2, deficit: 0.3 },
        Soil::CurveNumber { number: 75.0, initial_share: curve_number::INITIAL_SHARE },
    ];
    let count = classes.len();
    let stripes = Field::from_shape_fn(SHAPE, |(row, column)| ((row + column / 4) % count) as f64);
    match Soils::by_class(classes, stripes.mapv(|class| class as u8)) {
        Some(soils) => soils,
        None => unreachable!("every cell has a class of the list"),
    }
}

/// Every kind at a part of the rim.
fn boundaries() -> Vec<Boundary> {
    let faces = |side: Side, range: std::ops::Range<usize>| {
        range.map(|index| Face { side, index }).collect::<Vec<_>>()
    };
    let Some(curve) = Curve::new(&[(119.8, 0.0), (121.0, 20.0), (124.0, 90.0)]) else {
        unreachable!("levels and discharges rise from no flow on")
    };
    let level = line(&[(0.0, 121.0), (50.0, 123.0)]);
    let (flood, fast) = (line(&[(0.0, 10.0), (80.0, 60.0)]), line(&[(0.0, 30.0), (80.0, 20.0)]));
    let boundary = |name: &str, faces, kind| Boundary { name: name.into(), faces, kind };
    vec![
        boundary("sea", faces(Side::West, 2..20), Kind::Stage { level }),
        boundary("pier", faces(Side::West, 20..25), Kind::Wall),
        boundary("gap", faces(Side::West, 25..40), Kind::Open),
        boundary("river", faces(Side::East, 0..15), Kind::Discharge { discharge: flood, slope: None }),
        boundary("chute", faces(Side::East, 15..30), Kind::Discharge { discharge: fast, slope: Some(0.02) }),
        boundary("valley", faces(Side::South, 5..35), Kind::Slope { slope: 0.003 }),
        boundary("weir", faces(Side::North, 20..50), Kind::Rating { curve }),
    ]
}

/// Every array and sum after one step from random water, in the order of a step.
///
/// # Errors
/// E6100 the device failed; E6102 it took another number of steps than the engine.
pub fn compare(device: &mut FloodDevice, scheme: Scheme, seed: u64) -> Result<Vec<Found>> {
    let scene = Scene::new(seed);
    let (mut ours, mut theirs) = (scene.solver(scheme), scene.solver(scheme));
    let mark = PART_OF_STEP * scheme.courant() / ours.lent().wave_rate;
    device.begin(&mut ours, &[])?;
    // A solver that a device has taken over begins anew, and so does the other one.
    theirs.round_ground();
    let stopped = device.advance(&mut ours, mark, &mut |_| ())?;
    let right = theirs.step(mark);
    let stored = device.stored_volume(&mut ours)?;
    device.bring_back(&mut ours)?;
    if stopped.is_some() || right.is_err() || ours.steps() != 1 || theirs.steps() != 1 {
        let text = format!(
            "the device took {} steps, the processor {}, where one was wanted",
            ours.steps(),
            theirs.steps()
        );
        return Err(Problem::error(6102, text)
            .why("the two can only be compared after the same step")
            .fix("use --device cpu: this device does not choose its steps as it should")
            .into());
    }
    let mut found = water(&ours, &theirs);
    found.extend(records(&ours, &theirs));
    found.extend(sums(&ours, &theirs, stored));
    Ok(found)
}

/// The largest difference of numbers as a share of the largest of them, with its place among them and
/// both numbers.
fn of_numbers(name: &'static str, pairs: impl Iterator<Item = (f64, f64)>, tolerance: f64) -> Found {
    let (mut largest, mut size) = (0.0_f64, 0.0_f64);
    let (mut is_sound, mut at) = (true, Vec::new());
    for (place, (ours, theirs)) in pairs.enumerate() {
        is_sound &= ours.is_finite() && theirs.is_finite();
        size = size.max(theirs.abs());
        if (ours - theirs).abs() > largest {
            largest = (ours - theirs).abs();
            at = vec![place as f32, ours as f32, theirs as f32];
        }
    }
    let share = if largest == 0.0 { 0.0 } else { largest / size };
    Found { name, largest: if is_sound { share } else { f64::INFINITY }, tolerance, at }
}

/// The share of numbers that differ by more than a share of themselves.
fn of_flips(name: &'static str, pairs: impl Iterator<Item = (f64, f64)>, apart: f64) -> Found {
    let (mut all, mut flipped) = (0_usize, 0_usize);
    for (ours, theirs) in pairs {
        all += 1;
        let is_same = ours == theirs || (ours - theirs).abs() <= apart * theirs.abs();
        flipped += usize::from(!is_same);
    }
    Found { name, largest: flipped as f64 / all as f64, tolerance: FLIPPED, at: Vec::new() }
}

fn water(ours: &Solver, theirs: &Solver) -> Vec<Found> {
    let cells = || (0..SHAPE.0).flat_map(|row| (0..SHAPE.1).map(move |column| (row, column)));
    let pair = |(row, column)| (ours.water_at(row, column), theirs.water_at(row, column));
    let both = || cells().map(pair);
    let deep = || both().filter(|pair| pair.1.0 >= SPEED_DEPTH);
    vec![
        of_numbers("depth", both().map(|(a, b)| (a.0, b.0)), CLOSE),
        of_numbers("discharge along x", both().map(|(a, b)| (a.0 * a.1, b.0 * b.1)), CLOSE),
        of_numbers("discharge along y", both().map(|(a, b)| (a.0 * a.2, b.0 * b.2)), CLOSE),
        of_numbers("velocity along x", deep().map(|(a, b)| (a.1, b.1)), CLOSE),
        of_numbers("velocity along y", deep().map(|(a, b)| (a.2, b.2)), CLOSE),
    ]
}

/// The same number of both in every cell of padded arrays.
fn in_cells<'a, T: Copy + Into<f64>>(
    solver: &Solver,
    ours: &'a [T],
    theirs: &'a [T],
) -> impl Iterator<Item = (f64, f64)> + use<'a, T> {
    let layout = solver.layout();
    let cells = (0..layout.rows).flat_map(move |row| (0..layout.columns).map(move |column| (row, column)));
    cells.map(move |(row, column)| {
        let at = layout.at(row, column);
        (ours[at].into(), theirs[at].into())
    })
}

fn records(ours: &Solver, theirs: &Solver) -> Vec<Found> {
    let (a, b) = (ours.lent(), theirs.lent());
    let (peaks, right) = (a.peaks, b.peaks);
    let depths = in_cells(ours, &peaks.max_depth, &right.max_depth);
    let times = in_cells(ours, &peaks.time_of_maximum, &right.time_of_maximum);
    let speeds = in_cells(ours, &peaks.max_speed_squared, &right.max_speed_squared);
    let mut found = vec![
        of_numbers("largest depth", depths, CLOSE),
        of_flips("time of the largest depth", times, CLOSE),
        of_numbers("largest speed, squared", speeds, 2.0 * CLOSE),
    ];
    for (name, number) in [("times above 0.05 m", 0), ("times above 0.5 m", 1)] {
        let (x, y) = (&a.thresholds[number], &b.thresholds[number]);
        let first = in_cells(ours, &x.first_above, &y.first_above);
        found.push(of_flips(name, first.chain(in_cells(ours, &x.time_above, &y.time_above)), CLOSE));
    }
    let rated = a.hazards.iter().zip(b.hazards);
    let ratings = rated.flat_map(|(x, y)| in_cells(ours, &x.worst, &y.worst));
    found.push(of_flips("ratings of hazard", ratings, CLOSE));
    let store = in_cells(ours, &a.ground.store, &b.ground.store);
    found.push(of_numbers("what the ground remembers", store, CLOSE));
    found
}

fn sums(ours: &Solver, theirs: &Solver, stored: f64) -> Vec<Found> {
    let (a, b) = (ours.volumes(), theirs.volumes());
    let all = theirs.stored_volume();
    let of_volume = |name, ours: f64, theirs: f64| Found {
        name,
        largest: (ours - theirs).abs() / all,
        tolerance: BALANCED,
        at: Vec::new(),
    };
    let mut found = vec![
        of_volume("water in the cells", stored, all),
        of_volume("rain", a.rain.total(), b.rain.total()),
        of_volume("inflow", a.inflow.total(), b.inflow.total()),
        of_volume("loss", a.loss.total(), b.loss.total()),
        of_volume("infiltration", a.infiltration.total(), b.infiltration.total()),
        of_volume("clipped", a.clipped.total(), b.clipped.total()),
        of_volume("out over the open edge", a.outflow[3].total(), b.outflow[3].total()),
    ];
    let names = ["sea", "pier", "gap", "river", "chute", "valley", "weir"];
    for (name, (ours, theirs)) in names.into_iter().zip(a.boundaries.iter().zip(&b.boundaries)) {
        let net = |(inwards, outwards): &(_, _)| net_volume(inwards, outwards);
        found.push(of_volume(name, net(ours), net(theirs)));
    }
    let (rate, right) = (ours.lent().wave_rate, theirs.lent().wave_rate);
    found.push(of_numbers("rate of the waves", std::iter::once((rate, right)), CLOSE));
    let (wet, wanted) = (ours.wet_cells(), theirs.wet_cells());
    let off = (wet - wanted).abs() / (SHAPE.0 * SHAPE.1) as f64;
    found.push(Found { name: "wet cells", largest: off, tolerance: FLIPPED, at: Vec::new() });
    found
}

fn net_volume(inwards: &Account, outwards: &Account) -> f64 {
    inwards.total() - outwards.total()
}
