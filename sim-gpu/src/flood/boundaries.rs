//! The boundaries of a run on the device: their faces, curves, and what drives them.

use sim_core::flood::Solver;
use sim_core::flood::boundary::{Kind, Side};
use sim_core::flood::step::lent::{LentFace, Line};
use wgpu::Buffer;

use super::arrays::{READ, Sizes, WRITTEN, with_rest};
use super::kernels::{RIM_DISCHARGE, RIM_RATING, RIM_SLOPE, RIM_STAGE};
use crate::compute::Device;

/// Slope of a boundary that has none.
const NO_SLOPE: f32 = -1.0;

/// The buffers of the boundaries that have water of their own.
#[derive(Debug)]
pub(super) struct Boundaries {
    /// How many there are, and their positions among all boundaries of the run.
    pub(super) count: usize,
    positions: Vec<usize>,
    all: usize,
    /// Places of the faces that are walls on parts of a side.
    pub(super) piers: Vec<usize>,
    /// Level that a driving level counts from, m; zero for discharges.
    bases: Vec<f64>,
    pub(super) faces: Buffer,
    pub(super) members: Buffer,
    pub(super) lines: Buffer,
    pub(super) curves: Buffer,
    pub(super) shares: Buffer,
    pub(super) given: Buffer,
    pub(super) marks: Buffer,
}

/// Place of a face among those of the rim.
fn place(sizes: Sizes, face: &LentFace) -> usize {
    let Sizes { rows, columns, .. } = sizes;
    [0, rows, 2 * rows, 2 * rows + columns][face.face.side as usize] + face.face.index
}

/// Words of a face as the kernels read it.
fn face_words(sizes: Sizes, face: &LentFace) -> [u32; 9] {
    let is_far = matches!(face.face.side, Side::East | Side::North);
    let is_across_x = matches!(face.face.side, Side::West | Side::East);
    let numbers = [face.length, face.depth_of_cell, face.manning_n, face.dry_share];
    let [length, depth_of_cell, manning_n, dry_share] = numbers.map(|number| (number as f32).to_bits());
    [
        face.cell as u32,
        (face.outward as i32).cast_unsigned(),
        place(sizes, face) as u32,
        u32::from(is_far),
        u32::from(is_across_x),
        length,
        depth_of_cell,
        manning_n,
        dry_share,
    ]
}

/// What a kind of boundary is to the kernels.
struct Parameters {
    number: u32,
    slope: f32,
    /// What its levels count from, m.
    base: f64,
    /// Levels, m, and discharges, m³/s.
    curve: Vec<(f64, f64)>,
}

impl Parameters {
    /// Those of a kind with water of its own.
    fn of(kind: &Kind, datum: f64) -> Option<Self> {
        let of = |number, slope, base| Self { number, slope, base, curve: Vec::new() };
        match kind {
            Kind::Wall | Kind::Open => None,
            Kind::Slope { slope } => Some(of(RIM_SLOPE, *slope as f32, 0.0)),
            Kind::Stage { .. } => Some(of(RIM_STAGE, NO_SLOPE, datum)),
            Kind::Discharge { slope, .. } => {
                Some(of(RIM_DISCHARGE, slope.map_or(NO_SLOPE, |slope| slope as f32), 0.0))
            }
            Kind::Rating { curve } => {
                let points = curve.points().collect();
                Some(Self { curve: points, ..of(RIM_RATING, NO_SLOPE, curve.lowest()) })
            }
        }
    }
}

impl Boundaries {
    /// Those of a solver whose ground counts from a datum.
    pub(super) fn new(device: &Device, sizes: Sizes, solver: &Solver, datum: f64) -> Self {
        let (mut positions, mut bases) = (Vec::new(), Vec::new());
        let (mut faces, mut members, mut curves) = (Vec::new(), Vec::new(), Vec::new());
        let (mut all, mut face_count, mut piers) = (0, 0, Vec::new());
        for (position, (kind, own_faces)) in solver.boundaries().enumerate() {
            all += 1;
            if *kind == Kind::Wall {
                piers.extend(own_faces.iter().map(|face| place(sizes, face)));
            }
            let Some(Parameters { number, slope, base, curve }) = Parameters::of(kind, datum) else {
                continue;
            };
            positions.push(position);
            bases.push(if number == RIM_STAGE { base } else { 0.0 });
            let [single, rest] = with_rest(base - datum);
            let head = [number, face_count as u32, own_faces.len() as u32, (curves.len() / 2) as u32];
            members.extend(head);
            members.extend([curve.len() as u32, slope.to_bits(), single.to_bits(), rest.to_bits()]);
            let points = curve.iter().flat_map(|&(level, discharge)| [level - base, discharge]);
            curves.extend(points.map(|number| (number as f32).to_bits()));
            faces.extend(own_faces.iter().flat_map(|face| face_words(sizes, face)));
            face_count += own_faces.len();
        }
        Self {
            count: positions.len(),
            lines: device.zeros(READ, 4 * positions.len()),
            faces: device.filled(READ, faces),
            members: device.filled(READ, members),
            curves: device.filled(READ, curves),
            shares: device.zeros(WRITTEN, face_count),
            given: device.zeros(WRITTEN, sizes.faces()),
            marks: device.zeros(WRITTEN, positions.len()),
            positions,
            bases,
            all,
            piers,
        }
    }

    /// What drives them in an interval of a length, s, as the kernels read it.
    pub(super) fn driven(&self, lines: &[Line], length: f64) -> impl Iterator<Item = u32> {
        self.positions.iter().zip(&self.bases).flat_map(move |(&position, base)| {
            let line = lines[position];
            let [single, rest] = with_rest(line.first - base);
            let last = line.first - base + if length.is_finite() { line.growth * length } else { 0.0 };
            [single, rest, line.growth as f32, last as f32].map(f32::to_bits)
        })
    }

    /// For each boundary of the run whether its mark is set.
    pub(super) fn marked(&self, words: &[u32]) -> Vec<bool> {
        let mut marked = vec![false; self.all];
        for (&position, &word) in self.positions.iter().zip(words) {
            marked[position] = word != 0;
        }
        marked
    }
}
