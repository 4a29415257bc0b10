//! The arrays of the receptors, submissions, what comes back.

use std::collections::VecDeque;

use sim_core::error::Result;
use sim_core::grid::Field;
use sim_core::run::gas::backend::{Gathering, Mark, Remembered, Watched};
use wgpu::{
    BindGroup, Buffer, BufferUsages, CommandEncoderDescriptor, ComputePassDescriptor, SubmissionIndex,
};

use super::batch::{PUFF_WORDS, Scenario, Step};
use super::kernels::{Kernels, NONE, STRENGTHS_GROUP, TILE};
use super::supported::{Room, check};
use crate::compute::Device;
use crate::limits::check_memory;

/// Words of a layer, a step and a level.
const LAYER_WORDS: usize = 13;
const STEP_WORDS: usize = 4;
const MARK_WORDS: usize = 4;

/// What kernels write and what is copied there and back.
const KEPT: BufferUsages = BufferUsages::STORAGE.union(BufferUsages::COPY_DST).union(BufferUsages::COPY_SRC);

/// Bytes of a word.
const WORD: u64 = size_of::<u32>() as u64;

/// Submissions that the device is behind at most: while it works on one, the next is gathered.
const AHEAD: usize = 2;

/// Receptors of some scenarios on a device, each in a slot of its own.
#[derive(Debug)]
pub(super) struct Engine {
    kernels: Kernels,
    shape: Buffer,
    marks: Buffer,
    kept: Kept,
    lists: Lists,
    under_way: VecDeque<SubmissionIndex>,
    pairs: u64,
}

/// What the receptors remember.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    room: Room,
    /// Largest concentrations, their steps, arrivals, loads.
    arrays: [Buffer; 4],
}

/// What changes from submission to submission, with room for so many numbers.
#[derive(Debug)]
struct Lists {
    layers: Buffer,
    puffs: Buffer,
    steps: Buffer,
    /// Puffs, strengths and steps that there is room for.
    room: [usize; 3],
    weigh: BindGroup,
    record: BindGroup,
}

/// The concentration in which the load of a level is reckoned, kg/m³: amid what matters, so that
/// no power of a single is too large or too small.
fn scale(mark: &Mark, pure_gas: f64) -> f64 {
    if pure_gas.is_finite() { (mark.threshold * pure_gas).sqrt() } else { mark.threshold }
}

fn bits(number: f64) -> u32 {
    (number.min(f64::from(f32::MAX)) as f32).to_bits()
}

/// Levels of a scenario as the kernel reads them; what fills up their number never comes.
fn marks(watched: &Watched, levels: usize) -> Vec<u32> {
    let mut words = Vec::with_capacity(MARK_WORDS * levels);
    let mut load_number = 0;
    for mark in &watched.levels {
        match &mark.load {
            None => words.extend([bits(mark.threshold), 0, 0, NONE]),
            Some(Gathering { exponent, duration }) => {
                let scale = scale(mark, watched.pure_gas);
                let enough = duration * (mark.threshold / scale).powf(*exponent);
                words.extend([bits(enough), bits(1.0 / scale), bits(*exponent), load_number]);
                load_number += 1;
            }
        }
    }
    words.resize_with(MARK_WORDS * levels, || bits(f64::INFINITY));
    words
}

impl Engine {
    /// Room for scenarios on grids of at most so many rows and columns.
    pub(super) fn new(device: &Device, room: Room, shape: (usize, usize)) -> Result<Self> {
        check(&device.name, room, shape, &device.device.limits())?;
        let receptors = room.slots * room.heights * room.cells;
        check_memory(device, room.bytes(), &format!("{receptors} receptors"))?;
        let kernels = Kernels::new(device, room);
        device.hear("its kernels were built")?;
        let shape = device.filled(BufferUsages::UNIFORM | BufferUsages::COPY_DST, [0; 4]);
        let marks = device.zeros(KEPT, MARK_WORDS * room.levels * room.slots);
        let kept = Kept { room, arrays: room.words().map(|words| device.zeros(KEPT, words)) };
        let lists = Lists::new(device, &kernels, (&shape, &marks, &kept), [1; 3]);
        device.hear("its arrays were made")?;
        Ok(Self { kernels, shape, marks, kept, lists, under_way: VecDeque::new(), pairs: 0 })
    }

    /// Room for one scenario, which it is for.
    pub(super) fn of_one(device: &Device, watched: &Watched) -> Result<Self> {
        let engine = Self::new(device, Room::of(watched, 1), watched.grid.shape())?;
        engine.clear(device, 0, watched);
        Ok(engine)
    }

    /// What the receptors remember.
    pub(super) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Pairs of a puff and a receptor within its reach so far.
    pub(super) fn pairs(&self) -> u64 {
        self.pairs
    }

    /// Forgets what was in a slot and takes in the levels of a new scenario, for which it has room.
    pub(super) fn clear(&self, device: &Device, slot: usize, watched: &Watched) {
        let room = self.kept.room;
        let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
        for (array, words) in self.kept.arrays.iter().zip(room.words_of_slot()) {
            let bytes = words as u64 * WORD;
            if bytes > 0 {
                encoder.clear_buffer(array, slot as u64 * bytes, Some(bytes));
            }
        }
        device.queue.submit([encoder.finish()]);
        let marks = bytes_of(marks(watched, room.levels));
        device.queue.write_buffer(&self.marks, (slot * marks.len()) as u64, &marks);
    }

    /// Sends off the steps that wait, of scenarios in their slots.
    pub(super) fn send(&mut self, device: &Device, waiting: &mut [(usize, &mut Scenario)]) -> Result<()> {
        let tables = Tables::new(self.kept.room, waiting);
        if tables.steps.is_empty() {
            return Ok(());
        }
        let needed = [tables.puffs.len() / PUFF_WORDS, tables.strengths, tables.steps.len() / STEP_WORDS];
        if needed.iter().zip(self.lists.room).any(|(needed, room)| *needed > room) {
            let room = [0, 1, 2].map(|i| needed[i].max(self.lists.room[i]).next_power_of_two());
            self.lists = Lists::new(device, &self.kernels, (&self.shape, &self.marks, &self.kept), room);
            device.hear("its lists grew")?;
        }
        let Tables { layers, puffs, steps, most_puffs, shape, .. } = tables;
        let count = (layers.len() / LAYER_WORDS) as u32;
        device.queue.write_buffer(&self.lists.layers, 0, &bytes_of(layers));
        device.queue.write_buffer(&self.lists.puffs, 0, &bytes_of(puffs));
        device.queue.write_buffer(&self.lists.steps, 0, &bytes_of(steps));
        let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
            pass.set_pipeline(&self.kernels.weigh);
            pass.set_bind_group(0, &self.lists.weigh, &[]);
            pass.dispatch_workgroups((most_puffs as u32).div_ceil(STRENGTHS_GROUP), 1, count);
            pass.set_pipeline(&self.kernels.record);
            pass.set_bind_group(0, &self.lists.record, &[]);
            let [up, across] = [shape.0, shape.1].map(|side| (side as u32).div_ceil(TILE));
            pass.dispatch_workgroups(across, up, count);
        }
        self.under_way.push_back(device.queue.submit([encoder.finish()]));
        for (_, scenario) in waiting {
            self.pairs += scenario.batch.pairs * scenario.watched.heights.len() as u64;
            scenario.batch.clear();
        }
        while self.under_way.len() > AHEAD {
            self.wait_for_one(device)?;
        }
        Ok(())
    }

    fn wait_for_one(&mut self, device: &Device) -> Result<()> {
        match self.under_way.pop_front() {
            Some(index) => device.wait_for(index),
            None => Ok(()),
        }
    }
}

fn bytes_of(words: Vec<u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_ne_bytes).collect()
}

/// The lists of a submission.
#[derive(Default)]
struct Tables {
    layers: Vec<u32>,
    puffs: Vec<u32>,
    steps: Vec<u32>,
    /// Number of strengths.
    strengths: usize,
    /// Puffs of the scenario that has the most.
    most_puffs: usize,
    /// Rows and columns that hold every grid.
    shape: (usize, usize),
}

impl Tables {
    fn new(room: Room, waiting: &[(usize, &mut Scenario)]) -> Self {
        let mut tables = Self::default();
        for (slot, scenario) in waiting {
            if !scenario.batch.steps.is_empty() {
                tables.add(room, *slot, scenario);
            }
        }
        tables
    }

    fn add(&mut self, room: Room, slot: usize, Scenario { watched, batch, .. }: &Scenario) {
        let first_puff = self.puffs.len() / PUFF_WORDS;
        let (rows, columns) = watched.grid.shape();
        for (at, &height) in watched.heights.iter().enumerate() {
            let layer = slot * room.heights + at;
            self.layers.extend([bits(height), bits(watched.pure_gas)]);
            let numbers = [
                self.steps.len() / STEP_WORDS,
                batch.steps.len(),
                first_puff,
                batch.puff_count(),
                self.strengths,
                slot * room.levels,
                rows,
                columns,
                layer * room.cells,
                layer * room.loads * room.cells,
            ];
            self.layers.extend(numbers.map(|number| number as u32));
            // Gas arrives at the receptors of the case, the first of its heights.
            self.layers.push(if at == 0 { (slot * room.levels * room.cells) as u32 } else { NONE });
            self.strengths += batch.puff_count();
        }
        self.puffs.extend_from_slice(&batch.puffs);
        for &Step { first, count, number, length } in &batch.steps {
            self.steps.extend([(first_puff + first) as u32, count as u32, number as u32, bits(length)]);
        }
        self.most_puffs = self.most_puffs.max(batch.puff_count());
        self.shape = (self.shape.0.max(rows), self.shape.1.max(columns));
    }
}

impl Kept {
    /// True where a scenario has room in each of the slots.
    pub(super) fn holds(&self, watched: &Watched) -> bool {
        self.room.holds(watched)
    }

    /// Numbers of a field of a scenario, from one of the arrays.
    fn read(&self, device: &Device, array: usize, first: usize, words: usize) -> Result<Vec<u32>> {
        device.words(&self.arrays[array], first, words)
    }

    /// When the largest concentration was at each height of a scenario, s; NaN where nothing came.
    pub(super) fn times_of_largest(
        &self,
        device: &Device,
        slot: usize,
        Scenario { watched, times, .. }: &Scenario,
    ) -> Result<Vec<Field>> {
        let Room { heights, cells: apart, .. } = self.room;
        let field = |at: usize| {
            let words = self.read(device, 1, (slot * heights + at) * apart, watched.grid.cells())?;
            Ok(field(watched, words.iter().map(|step| time(times, *step))))
        };
        (0..watched.heights.len()).map(field).collect()
    }

    /// What the receptors of a scenario have seen, once all its steps were sent off.
    pub(super) fn remembered(&self, device: &Device, slot: usize, scenario: &Scenario) -> Result<Remembered> {
        let Scenario { watched, times, .. } = scenario;
        let Room { heights, cells: apart, levels, loads, .. } = self.room;
        let cells = watched.grid.cells();
        let number = |word: &u32| f64::from(f32::from_bits(*word));
        let mut largest = Vec::new();
        for at in 0..watched.heights.len() {
            let words = self.read(device, 0, (slot * heights + at) * apart, cells)?;
            largest.push(field(watched, words.iter().map(number)));
        }
        let mut arrivals = Vec::new();
        for level in 0..watched.levels.len() {
            let words = self.read(device, 2, slot * levels * apart + level * cells, cells)?;
            arrivals.push(field(watched, words.iter().map(|step| time(times, *step))));
        }
        let mut gathered = Vec::new();
        let mut load_number = 0;
        for mark in &watched.levels {
            let mut of_level = Vec::new();
            if let Some(Gathering { exponent, .. }) = mark.load {
                let unit = scale(mark, watched.pure_gas).powf(exponent);
                for at in 0..watched.heights.len() {
                    let first = (slot * heights + at) * loads * apart + load_number * cells;
                    let words = self.read(device, 3, 2 * first, 2 * cells)?;
                    let sums = words.chunks_exact(2).map(|pair| (number(&pair[0]) + number(&pair[1])) * unit);
                    of_level.push(field(watched, sums));
                }
                load_number += 1;
            }
            gathered.push(of_level);
        }
        Ok(Remembered { largest, arrivals, loads: gathered })
    }
}

/// Numbers of all cells as a field.
fn field(watched: &Watched, values: impl Iterator<Item = f64>) -> Field {
    match Field::from_shape_vec(watched.grid.shape(), values.collect()) {
        Ok(field) => field,
        Err(mistake) => unreachable!("a layer has the shape of its grid: {mistake}"),
    }
}

/// End of a step by its number from one on, s; NaN for zero, which is none.
fn time(times: &[f64], step: u32) -> f64 {
    let before = (step as usize).checked_sub(1);
    before.and_then(|step| times.get(step)).copied().unwrap_or(f64::NAN)
}

impl Lists {
    fn new(
        device: &Device,
        kernels: &Kernels,
        (shape, marks, kept): (&Buffer, &Buffer, &Kept),
        room: [usize; 3],
    ) -> Self {
        let layers = device.zeros(KEPT, LAYER_WORDS * kept.room.heights * kept.room.slots);
        let puffs = device.zeros(KEPT, PUFF_WORDS * room[0]);
        let strengths = device.zeros(KEPT, room[1]);
        let steps = device.zeros(KEPT, STEP_WORDS * room[2]);
        let weigh = device.bind(&kernels.weigh, &[(0, &layers), (1, &puffs), (2, &strengths)]);
        let mut buffers =
            vec![(0, shape), (1, &layers), (2, &puffs), (3, &strengths), (4, &steps), (5, marks)];
        buffers.extend((6..).zip(&kept.arrays));
        let record = device.bind(&kernels.record, &buffers);
        Self { layers, puffs, steps, room, weigh, record }
    }
}
