//! What lies on the device: the arrays of a run and the lists of its special cells.

use sim_core::flood::boundary::{Face, Side};
use sim_core::flood::params::OUTSIDE_BED;
use sim_core::flood::state::Friction;
use sim_core::flood::step::lent::{AtRim, Falling, Fed, Lent};
use sim_core::run::flood::backend::Cell;
use wgpu::{Buffer, BufferUsages};

use super::boundaries::Boundaries;
use super::ground::Ground;
use super::kernels::{NOTE_CELL, NOTE_HEAD, NOTHING_BROKEN, RIM_PIER, number_at_rim};
use crate::compute::Device;

/// Most steps of one submission: enough that reading back a few numbers costs nothing.
pub(super) const MOST_STEPS: usize = 256;

/// Words of the clock, with what fills it up.
pub(super) const CLOCK_WORDS: usize = 12;

/// Words of the count.
pub(super) const COUNT_WORDS: usize = 3;

/// A workgroup whose cells may hold water.
const HELD: u32 = 2;

/// First time above a threshold of a cell that never was: a number, as compilers may take for
/// granted that there is no infinity.
pub(super) const NEVER: f32 = f32::MAX;

/// Since when a cell is above a threshold, where it is not.
pub(super) const NOT_ABOVE: f32 = -1.0;

pub(super) const READ: BufferUsages = BufferUsages::STORAGE.union(BufferUsages::COPY_DST);
pub(super) const WRITTEN: BufferUsages = READ.union(BufferUsages::COPY_SRC);

/// Sizes of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) stride: usize,
    /// Length of a padded array.
    pub(super) cells: usize,
    /// Columns and rows of a group.
    pub(super) group: (u32, u32),
    /// Groups along x and y.
    pub(super) groups: (u32, u32),
    /// Watched cells.
    pub(super) watched: usize,
}

impl Sizes {
    pub(super) fn new(lent: &Lent<'_>, group: (u32, u32), watched: usize) -> Self {
        let (rows, columns) = (lent.layout.rows, lent.layout.columns);
        Self {
            rows,
            columns,
            stride: lent.layout.stride(),
            cells: lent.layout.len(),
            group,
            groups: ((columns as u32).div_ceil(group.0), (rows as u32).div_ceil(group.1)),
            watched,
        }
    }

    pub(super) fn group_count(self) -> usize {
        self.groups.0 as usize * self.groups.1 as usize
    }

    pub(super) fn faces(self) -> usize {
        2 * (self.rows + self.columns)
    }

    /// Words of the note of one step.
    pub(super) fn note_words(self) -> usize {
        NOTE_HEAD + NOTE_CELL * self.watched
    }

    /// Numbers of the faces of the rim, side by side.
    pub(super) fn by_side<'a>(self, numbers: impl Iterator<Item = &'a f64>) -> [Vec<f64>; 4] {
        let mut numbers = numbers.copied();
        [self.rows, self.rows, self.columns, self.columns].map(|faces| numbers.by_ref().take(faces).collect())
    }

    /// One for each group in which a padded array is above zero anywhere.
    pub(super) fn groups_above_zero(self, array: &[f32]) -> Vec<u32> {
        let mut found = vec![0; self.group_count()];
        for row in 0..self.rows {
            let from = (row + 1) * self.stride + 1;
            let first = row / self.group.1 as usize * self.groups.0 as usize;
            let groups = array[from..from + self.columns].chunks(self.group.0 as usize);
            for (number, cells) in groups.enumerate() {
                found[first + number] |= u32::from(cells.iter().any(|&number| number > 0.0));
            }
        }
        found
    }

    /// One for each group that meets a part of the rim with water of its own.
    fn groups_at_boundaries(self, rim: &[Vec<AtRim>; 4]) -> Vec<u32> {
        let mut found = vec![0; self.group_count()];
        for side in Side::ALL {
            for (index, _) in rim[side as usize].iter().enumerate().filter(|(_, face)| **face > AtRim::Open) {
                found[self.place(Face { side, index }.cell((self.rows, self.columns))).0] = 1;
            }
        }
        found
    }

    /// Group of a cell, and its place in it.
    pub(super) fn place(self, (row, column): Cell) -> (usize, u32) {
        let (across, up) = (self.group.0 as usize, self.group.1 as usize);
        let group = row / up * self.groups.0 as usize + column / across;
        (group, (row % up * across + column % across) as u32)
    }
}

/// The buffers of a run.
#[derive(Debug)]
pub(super) struct Arrays {
    pub(super) shape: Buffer,
    pub(super) clock: Buffer,
    pub(super) count: Buffer,
    pub(super) drive: Buffer,
    pub(super) drives: Buffer,
    /// Sources that any cell receives water from.
    pub(super) sources: usize,
    pub(super) lists: Buffer,
    pub(super) bed: Buffer,
    pub(super) friction: Buffer,
    pub(super) rates: Buffer,
    pub(super) water: [Buffer; 2],
    pub(super) velocity: [Buffer; 2],
    /// Discharges through the western and southern faces of the cells; next to nothing unless the
    /// scheme keeps them.
    pub(super) flow: [Buffer; 2],
    pub(super) peaks: Buffer,
    pub(super) above: Buffer,
    pub(super) worst: Buffer,
    pub(super) tallies: Buffer,
    pub(super) outward: Buffer,
    pub(super) totals: Buffer,
    pub(super) held: [Buffer; 2],
    pub(super) falls: Buffer,
    pub(super) boundaries: Boundaries,
    pub(super) ground: Ground,
    pub(super) notes: Buffer,
    /// What is read back after a submission: clock, count, notes.
    pub(super) status: Buffer,
    /// What is read back for the balance: tallies, outward, totals, what the ground took, marks of the
    /// boundaries.
    pub(super) books: Buffer,
}

/// The largest single that is not above a double: a single is above the one if it is above the other.
pub(super) fn not_above(number: f64) -> f32 {
    let near = number as f32;
    if f64::from(near) > number { near.next_down() } else { near }
}

/// A double as a single and what it lacks.
pub(super) fn with_rest(number: f64) -> [f32; 2] {
    let single = number as f32;
    [single, (number - f64::from(single)) as f32]
}

/// Where the lists of special cells begin in their common buffer.
struct Lists {
    words: Vec<u32>,
    fed_before: usize,
    fed: usize,
    watched: usize,
    met: usize,
}

/// What the faces of the rim are; how many fed cells lie before each group, these cells with their sources;
/// watched cells; one for each group that meets a boundary.
fn lists(
    sizes: Sizes,
    lent: &Lent<'_>,
    (rim, piers): (&[Vec<AtRim>; 4], &[usize]),
    fed: &[Fed],
    watched: &[Cell],
) -> Lists {
    let mut words: Vec<u32> = rim.iter().flatten().map(|&face| number_at_rim(face)).collect();
    piers.iter().for_each(|&face| words[face] |= RIM_PIER);
    let mut placed: Vec<(usize, u32, usize)> = fed
        .iter()
        .map(|fed| {
            let (group, lane) = sizes.place(fed.cell);
            (group, lane, fed.source)
        })
        .collect();
    placed.sort_unstable();
    let fed_before = words.len();
    for group in 0..=sizes.group_count() {
        words.push(placed.partition_point(|entry| entry.0 < group) as u32);
    }
    let fed = words.len();
    words.extend(placed.iter().flat_map(|&(_, lane, source)| [lane, source as u32]));
    let first_watched = words.len();
    words.extend(watched.iter().map(|&(row, column)| lent.layout.at(row, column) as u32));
    let met = words.len();
    words.extend(sizes.groups_at_boundaries(rim));
    Lists { words, fed_before, fed, watched: first_watched, met }
}

fn shape(sizes: Sizes, lent: &Lent<'_>, lists: &Lists, boundaries: usize) -> Vec<u32> {
    let friction = match &lent.terrain.friction {
        Friction::Uniform(row) => row.first().copied().unwrap_or(0.0),
        Friction::Field(_) => 0.0,
    };
    let (dx, dy) = lent.spacing;
    let words = [
        sizes.rows,
        sizes.columns,
        sizes.stride,
        sizes.cells,
        0,
        lists.fed_before,
        lists.fed,
        lists.watched,
        sizes.watched,
        lists.met,
        boundaries,
        0,
    ];
    let numbers =
        [friction, lent.params.courant as f32, dx as f32, dy as f32, (1.0 / dx) as f32, (1.0 / dy) as f32];
    words.into_iter().map(|word| word as u32).chain(numbers.into_iter().map(f32::to_bits)).collect()
}

/// Thresholds as the kernels read them, and room for the rates of the inflows.
fn drives(lent: &Lent<'_>, inflows: usize) -> Vec<u32> {
    let depths = lent.thresholds.iter().flat_map(|threshold| [not_above(threshold.depth), 0.0]);
    let room = std::iter::repeat_n(0.0, 2 * inflows);
    depths.chain(room).map(f32::to_bits).collect()
}

/// First time above each threshold, since when, and for how long before.
fn times_above(lent: &Lent<'_>, now: f64) -> impl Iterator<Item = u32> {
    lent.thresholds.iter().flat_map(move |threshold| {
        let first =
            threshold.first_above.iter().map(|&time| if time.is_finite() { time as f32 } else { NEVER });
        let limit = not_above(threshold.depth);
        let since = lent.state.depth.iter().map(
            move |&depth| {
                if depth as f32 > limit { now as f32 } else { NOT_ABOVE }
            },
        );
        let before = threshold.time_above.iter().map(|&time| time as f32);
        first.chain(since).chain(before).map(f32::to_bits)
    })
}

/// Discharges along x and y in pairs.
fn flows<'a>(across: &'a [f64], northward: &'a [f64]) -> impl Iterator<Item = u32> + 'a {
    across.iter().zip(northward).flat_map(|(&x, &y)| [x as f32, y as f32].map(f32::to_bits))
}

impl Arrays {
    /// The water of a solver on the device; `datum` is the level that the ground there counts from.
    pub(super) fn new(
        device: &Device,
        sizes: Sizes,
        lent: &Lent<'_>,
        (rim, fed, watched): (&[Vec<AtRim>; 4], &[Fed], &[Cell]),
        (boundaries, datum, now): (Boundaries, f64, f64),
    ) -> Self {
        let lists = lists(sizes, lent, (rim, &boundaries.piers), fed, watched);
        let by_cell = lent.falling != Falling::Everywhere;
        let uniform = BufferUsages::UNIFORM | BufferUsages::COPY_DST;
        let mapped = BufferUsages::MAP_READ | BufferUsages::COPY_DST;
        let singles = |numbers: &[f32]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<u32>>();
        let ground = |&bed: &f64| if bed < OUTSIDE_BED { (bed - datum) as f32 } else { OUTSIDE_BED as f32 };
        let friction = match &lent.terrain.friction {
            Friction::Uniform(_) => Vec::new(),
            Friction::Field(all) => singles(all),
        };
        let sources = fed.iter().map(|fed| fed.source + 1).max().unwrap_or(0);
        let depths = lent.state.depth.iter().flat_map(|&depth| with_rest(depth));
        let speeds = lent.state.u.iter().zip(&lent.state.v).flat_map(|(&u, &v)| [u as f32, v as f32]);
        let peaks = [&lent.peaks.max_depth, &lent.peaks.time_of_maximum, &lent.peaks.max_speed_squared];
        let (groups, notes) = (sizes.group_count(), MOST_STEPS * sizes.note_words());
        let count = [(lent.wave_rate as f32).to_bits(), 0, NOTHING_BROKEN];
        Self {
            shape: device.filled(uniform, shape(sizes, lent, &lists, boundaries.count)),
            clock: device.zeros(WRITTEN, CLOCK_WORDS),
            count: device.filled(WRITTEN, count),
            drive: device.zeros(uniform, CLOCK_WORDS),
            drives: device.filled(READ, drives(lent, sources)),
            sources,
            lists: device.filled(READ, lists.words),
            bed: device.filled(WRITTEN, lent.terrain.bed.iter().map(ground).map(f32::to_bits)),
            friction: device.filled(READ, friction),
            rates: device.zeros(READ, if by_cell { sizes.cells } else { 0 }),
            water: [device.filled(WRITTEN, depths.map(f32::to_bits)), device.zeros(WRITTEN, 2 * sizes.cells)],
            velocity: [
                device.filled(WRITTEN, speeds.map(f32::to_bits)),
                device.zeros(WRITTEN, 2 * sizes.cells),
            ],
            flow: [
                device.filled(WRITTEN, flows(&lent.state.across, &lent.state.northward)),
                device.zeros(WRITTEN, 2 * lent.state.across.len()),
            ],
            peaks: device.filled(WRITTEN, peaks.into_iter().flatten().map(|peak| peak.to_bits())),
            above: device.filled(WRITTEN, times_above(lent, now)),
            worst: device.filled(
                WRITTEN,
                lent.hazards.iter().flat_map(|peak| &peak.worst).map(|worst| worst.to_bits()),
            ),
            tallies: device.zeros(WRITTEN, 4 * groups),
            outward: device.zeros(WRITTEN, 4 * sizes.faces()),
            totals: device.zeros(WRITTEN, 2 * groups),
            held: [0, 1].map(|_| device.filled(READ, std::iter::repeat_n(HELD, groups))),
            falls: device.zeros(READ, if by_cell { groups } else { 0 }),
            notes: device.zeros(WRITTEN, notes),
            status: device.zeros(mapped, CLOCK_WORDS + COUNT_WORDS + notes),
            books: device.zeros(mapped, 8 * groups + 4 * sizes.faces() + boundaries.count),
            boundaries,
            ground: Ground::new(device, sizes, lent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_is_above_a_threshold_as_it_is_above_its_single() {
        for threshold in [0.15, 0.05, 0.1, 0.3, 0.5, 1.0 / 3.0] {
            let limit = not_above(threshold);
            for depth in [limit.next_down(), limit, limit.next_up(), limit.next_up().next_up()] {
                assert_eq!(depth > limit, f64::from(depth) > threshold, "{depth} above {threshold}");
            }
        }
    }

    #[test]
    fn a_double_of_48_digits_survives_as_two_singles() {
        let number = 3.0 + f64::powi(2.0, -40);
        let [single, rest] = with_rest(number);
        assert_eq!(f64::from(single) + f64::from(rest), number);
    }
}
