//! The arrays of the receptors, submissions, what comes back.

use std::collections::VecDeque;

use sim_core::error::{Problem, Result};
use sim_core::gas::puff::Train;
use sim_core::grid::Field;
use sim_core::run::gas::backend::{Gathering, Mark, Remembered, Watched};
use wgpu::{
    BindGroup, Buffer, BufferUsages, CommandEncoderDescriptor, ComputePassDescriptor, SubmissionIndex,
};

use super::batch::{Batch, PUFF_WORDS, Step};
use super::kernels::{Kernels, NONE, STRENGTHS_GROUP, TILE};
use super::supported::{Counts, check_size};
use crate::compute::Device;

/// Words of a layer, a step and a level.
const LAYER_WORDS: usize = 9;
const STEP_WORDS: usize = 4;
const MARK_WORDS: usize = 4;

/// Submissions that the device is behind at most: while it works on one, the next is gathered.
const AHEAD: usize = 2;

/// Receptors of some scenarios on a device.
#[derive(Debug)]
pub(super) struct Engine {
    counts: Counts,
    scenarios: Vec<Scenario>,
    kernels: Kernels,
    shape: Buffer,
    marks: Buffer,
    /// Largest concentrations, their steps, arrivals, loads.
    kept: [Buffer; 4],
    lists: Lists,
    under_way: VecDeque<SubmissionIndex>,
    pairs: u64,
}

/// One scenario.
#[derive(Debug)]
struct Scenario {
    watched: Watched,
    /// Its first layer.
    first_layer: usize,
    /// End of each of its steps, s.
    times: Vec<f64>,
    batch: Batch,
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
    /// Receptors that have seen nothing; grids of the same shape.
    pub(super) fn new(device: &Device, all: &[Watched]) -> Result<Self> {
        let counts = Counts::of(all);
        check_size(&device.name, counts, &device.device.limits())?;
        if !device.has_room(counts.bytes())? {
            let text = format!(
                "{} has no {:.2} GB free, which {} receptors need",
                device.name,
                counts.bytes() as f64 / 1e9,
                counts.layers * counts.cells()
            );
            return Err(Problem::error(6101, text)
                .why("the arrays of a run must lie on the device as a whole")
                .fix("use --device cpu, a device with more memory, a coarser grid or a smaller area")
                .into());
        }
        let words = [counts.rows, counts.columns, counts.cells(), 0].map(|word| word as u32);
        let usage = BufferUsages::UNIFORM | BufferUsages::COPY_DST;
        let shape = device.filled(usage, words);
        let marks =
            device.filled(BufferUsages::STORAGE, all.iter().flat_map(|one| marks(one, counts.levels)));
        let kept = counts.words().map(|words| device.zeros(words));
        let kernels = Kernels::new(device, counts);
        device.hear("its kernels were built")?;
        let mut first_layer = 0;
        let scenarios = all
            .iter()
            .map(|watched| {
                let own = first_layer;
                first_layer += watched.heights.len();
                Scenario {
                    watched: watched.clone(),
                    first_layer: own,
                    times: Vec::new(),
                    batch: Batch::default(),
                }
            })
            .collect();
        let lists = Lists::new(device, &kernels, (&shape, &marks, &kept), counts.layers, [1; 3]);
        device.hear("its arrays were made")?;
        let under_way = VecDeque::new();
        Ok(Self { counts, scenarios, kernels, shape, marks, kept, lists, under_way, pairs: 0 })
    }

    /// Pairs of a puff and a receptor within its reach so far.
    pub(super) fn pairs(&self) -> u64 {
        self.pairs
    }

    /// Takes in a step of a scenario; sends off what was gathered once it is enough.
    pub(super) fn look(&mut self, device: &Device, scenario: usize, train: &Train<'_>) -> Result<()> {
        let Scenario { watched, times, batch, .. } = &mut self.scenarios[scenario];
        times.push(train.time());
        batch.take(train, &watched.grid, times.len());
        if batch.is_full(watched.heights.len()) { self.send(device) } else { Ok(()) }
    }

    /// Sends off the steps of all scenarios.
    fn send(&mut self, device: &Device) -> Result<()> {
        let needed = [0, 1, 2].map(|which| {
            let of = |one: &Scenario| match which {
                0 => one.batch.puff_count(),
                1 => one.batch.puff_count() * one.watched.heights.len(),
                _ => one.batch.steps.len(),
            };
            self.scenarios.iter().map(of).sum::<usize>()
        });
        if needed[2] == 0 {
            return Ok(());
        }
        if needed.iter().zip(self.lists.room).any(|(needed, room)| *needed > room) {
            let room = [0, 1, 2].map(|i| needed[i].max(self.lists.room[i]).next_power_of_two());
            let fixed = (&self.shape, &self.marks, &self.kept);
            self.lists = Lists::new(device, &self.kernels, fixed, self.counts.layers, room);
            device.hear("its lists grew")?;
        }
        let (layers, puffs, steps) = self.tables();
        let most = self.scenarios.iter().map(|one| one.batch.puff_count()).max().unwrap_or(0);
        let words = |words: Vec<u32>| words.into_iter().flat_map(u32::to_ne_bytes).collect::<Vec<u8>>();
        device.queue.write_buffer(&self.lists.layers, 0, &words(layers));
        device.queue.write_buffer(&self.lists.puffs, 0, &words(puffs));
        device.queue.write_buffer(&self.lists.steps, 0, &words(steps));
        let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
            let layers = self.counts.layers as u32;
            pass.set_pipeline(&self.kernels.weigh);
            pass.set_bind_group(0, &self.lists.weigh, &[]);
            pass.dispatch_workgroups((most as u32).div_ceil(STRENGTHS_GROUP), 1, layers);
            pass.set_pipeline(&self.kernels.record);
            pass.set_bind_group(0, &self.lists.record, &[]);
            let groups = [self.counts.columns, self.counts.rows].map(|side| (side as u32).div_ceil(TILE));
            pass.dispatch_workgroups(groups[0], groups[1], layers);
        }
        self.under_way.push_back(device.queue.submit([encoder.finish()]));
        for Scenario { watched, batch, .. } in &mut self.scenarios {
            self.pairs += batch.pairs * watched.heights.len() as u64;
            batch.clear();
        }
        while self.under_way.len() > AHEAD {
            self.wait_for_one(device)?;
        }
        Ok(())
    }

    /// Layers, puffs and steps of a submission.
    fn tables(&self) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
        let (mut layers, mut puffs, mut steps) = (Vec::new(), Vec::new(), Vec::new());
        let mut strengths = 0;
        for (number, Scenario { watched, batch, .. }) in self.scenarios.iter().enumerate() {
            let first_puff = puffs.len() / PUFF_WORDS;
            for (at, &height) in watched.heights.iter().enumerate() {
                layers.extend([bits(height), bits(watched.pure_gas)]);
                let numbers = [
                    steps.len() / STEP_WORDS,
                    batch.steps.len(),
                    first_puff,
                    batch.puff_count(),
                    strengths,
                    number * self.counts.levels,
                ];
                layers.extend(numbers.map(|number| number as u32));
                // Gas arrives at the receptors of the case, the first of its heights.
                layers.push(if at == 0 { number as u32 } else { NONE });
                strengths += batch.puff_count();
            }
            puffs.extend_from_slice(&batch.puffs);
            for &Step { first, count, number, length } in &batch.steps {
                steps.extend([(first_puff + first) as u32, count as u32, number as u32, bits(length)]);
            }
        }
        (layers, puffs, steps)
    }

    fn wait_for_one(&mut self, device: &Device) -> Result<()> {
        match self.under_way.pop_front() {
            Some(index) => device.wait_for(index),
            None => Ok(()),
        }
    }

    /// Sends off what is left and waits for all.
    pub(super) fn finish(&mut self, device: &Device) -> Result<()> {
        self.send(device)?;
        while !self.under_way.is_empty() {
            self.wait_for_one(device)?;
        }
        Ok(())
    }

    /// What the receptors of a scenario have seen.
    pub(super) fn remembered(&mut self, device: &Device, scenario: usize) -> Result<Remembered> {
        self.finish(device)?;
        let Counts { levels, loads, .. } = self.counts;
        let cells = self.counts.cells();
        let Scenario { watched, first_layer, times, .. } = &self.scenarios[scenario];
        let heights = watched.heights.len();
        let read = |kept: usize, from: usize, words: usize| device.words(&self.kept[kept], from, words);
        let field = |values: Vec<f64>| match Field::from_shape_vec(watched.grid.shape(), values) {
            Ok(field) => field,
            Err(mistake) => unreachable!("a layer has the shape of its grid: {mistake}"),
        };
        let number = |&word: &u32| f64::from(f32::from_bits(word));
        let mut largest = Vec::new();
        for layer in 0..heights {
            let words = read(0, (first_layer + layer) * cells, cells)?;
            largest.push(field(words.iter().map(number).collect()));
        }
        let time = |&step: &u32| {
            let before = (step as usize).checked_sub(1);
            before.and_then(|step| times.get(step)).copied().unwrap_or(f64::NAN)
        };
        let mut arrivals = Vec::new();
        for level in 0..watched.levels.len() {
            let words = read(2, (scenario * levels + level) * cells, cells)?;
            arrivals.push(field(words.iter().map(time).collect()));
        }
        let mut gathered = Vec::new();
        let mut load_number = 0;
        for mark in &watched.levels {
            let mut of_level = Vec::new();
            if let Some(Gathering { exponent, .. }) = mark.load {
                let unit = scale(mark, watched.pure_gas).powf(exponent);
                for layer in 0..heights {
                    let at = ((first_layer + layer) * loads + load_number) * cells;
                    let words = read(3, 2 * at, 2 * cells)?;
                    let sums = words.chunks_exact(2).map(|pair| (number(&pair[0]) + number(&pair[1])) * unit);
                    of_level.push(field(sums.collect()));
                }
                load_number += 1;
            }
            gathered.push(of_level);
        }
        Ok(Remembered { largest, arrivals, loads: gathered })
    }
}

impl Lists {
    fn new(
        device: &Device,
        kernels: &Kernels,
        (shape, marks, kept): (&Buffer, &Buffer, &[Buffer; 4]),
        layer_count: usize,
        room: [usize; 3],
    ) -> Self {
        let layers = device.zeros(LAYER_WORDS * layer_count);
        let puffs = device.zeros(PUFF_WORDS * room[0]);
        let strengths = device.zeros(room[1]);
        let steps = device.zeros(STEP_WORDS * room[2]);
        let weigh = device.bind(&kernels.weigh, &[(0, &layers), (1, &puffs), (2, &strengths)]);
        let mut buffers =
            vec![(0, shape), (1, &layers), (2, &puffs), (3, &strengths), (4, &steps), (5, marks)];
        buffers.extend((6..).zip(kept));
        let record = device.bind(&kernels.record, &buffers);
        Self { layers, puffs, steps, room, weigh, record }
    }
}
