//! Steps on the device, tallies and arrays back.

use sim_core::error::Result;
use sim_core::flood::step::lent::{Forcing, Taken, Tallies};
use sim_core::flood::{Solver, Stop};
use sim_core::run::flood::backend::{Cell, Moment};
use wgpu::{BindGroup, Buffer, CommandEncoder, CommandEncoderDescriptor, ComputePassDescriptor};

use super::arrays::{Arrays, CLOCK_WORDS, COUNT_WORDS, MOST_STEPS, NEVER, NOT_ABOVE, Sizes, with_rest};
use super::boundaries::Boundaries;
use super::ground::Ground;
use super::kernels::{Kernels, NOTE_CELL, NOTE_HEAD, NOTHING_BROKEN, Options};
use super::supported::{bytes_per_cell, check};
use crate::compute::Device;
use crate::limits::check_memory;

/// Cell-steps of one submission at most: a fraction of a second on a graphics card, so that a driver
/// that watches over its device is not kept waiting, nor whoever wants to stop the run.
const CELL_STEPS: usize = 1 << 31;

/// Steps of one submission at least.
const FEWEST_STEPS: usize = 2;

const WORD: u64 = size_of::<u32>() as u64;

/// The water of one run on a device.
#[derive(Debug)]
pub(super) struct Engine {
    kernels: Kernels,
    arrays: Arrays,
    sizes: Sizes,
    thresholds: usize,
    /// Buffers of each kernel, for the water in the first and in the second of its two arrays.
    plan: [BindGroup; 2],
    close: [BindGroup; 2],
    sweep: [BindGroup; 2],
    total: [BindGroup; 2],
    /// Which of its two arrays holds the water now.
    present: usize,
    /// Start of the rates of rain that lie on the device.
    rates_since: Option<f64>,
    /// Length of the last step, s, or how long it will be about.
    step: f64,
    watched: Vec<(f64, f64, f64)>,
}

/// What a submission told.
struct Status {
    elapsed: [f32; 2],
    dt: f32,
    runs: bool,
    steps: usize,
    is_stuck: bool,
    wave_rate: f32,
    wet: u32,
    broken: u32,
    notes: Vec<u32>,
}

impl Status {
    fn of(words: &[u32]) -> Self {
        let (clock, rest) = words.split_at(CLOCK_WORDS);
        let (count, notes) = rest.split_at(COUNT_WORDS);
        Self {
            elapsed: [f32::from_bits(clock[0]), f32::from_bits(clock[1])],
            dt: f32::from_bits(clock[2]),
            runs: clock[7] == 1,
            steps: clock[9] as usize,
            is_stuck: clock[10] == 1,
            wave_rate: f32::from_bits(count[0]),
            wet: count[1],
            broken: count[2],
            notes: notes.to_vec(),
        }
    }
}

fn bytes_of(words: impl IntoIterator<Item = u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_ne_bytes).collect()
}

fn sum([single, rest]: [f32; 2]) -> f64 {
    f64::from(single) + f64::from(rest)
}

impl Engine {
    /// Takes over the water of a solver.
    pub(super) fn new(device: &Device, solver: &mut Solver, watched: &[Cell]) -> Result<Self> {
        check(&device.name, &solver.lent(), &device.device.limits())?;
        let datum = solver.round_ground();
        let (rim, fed, now) = (solver.faces_at_rim(), solver.fed_cells(), solver.time());
        let lent = solver.lent();
        let options = Options::of(&lent);
        let sizes = Sizes::new(&lent, options.group(), watched.len());
        let bytes = bytes_per_cell(&lent).0 * sizes.cells as u64;
        check_memory(device, bytes, &format!("{} cells", sizes.cells))?;
        let boundaries = Boundaries::new(device, sizes, solver, datum);
        let arrays = Arrays::new(device, sizes, &lent, (&rim, &fed, watched), (boundaries, datum, now));
        let kernels = Kernels::new(device, options);
        device.hear("its kernels were built")?;
        let engine = Self {
            plan: [0, 1].map(|at| plan_buffers(device, &kernels.plan, &arrays, at, Some(options))),
            close: [0, 1].map(|at| plan_buffers(device, &kernels.close, &arrays, at, None)),
            sweep: [0, 1].map(|at| sweep_buffers(device, &kernels.sweep, &arrays, at, options)),
            total: [0, 1].map(|at| {
                let buffers = [(0, &arrays.shape), (1, &arrays.water[at]), (2, &arrays.totals)];
                device.bind(&kernels.total, &buffers)
            }),
            kernels,
            arrays,
            sizes,
            thresholds: options.thresholds,
            present: 0,
            rates_since: None,
            step: lent.params.courant / lent.wave_rate,
            watched: Vec::new(),
        };
        device.hear("its arrays were made")?;
        Ok(engine)
    }

    /// Steps until `mark`, as many as one submission holds at most.
    pub(super) fn advance(
        &mut self,
        device: &Device,
        solver: &mut Solver,
        mark: f64,
        each: &mut dyn FnMut(&Moment<'_>),
    ) -> Result<Option<Stop>> {
        let forcing = match solver.forcing(mark) {
            Ok(forcing) => forcing,
            Err(stop) => return Ok(Some(stop)),
        };
        let (start, end) = forcing.interval;
        let length = with_rest(end - start);
        self.load(device, &forcing, length);
        let wanted = ((end - start) / self.step.min(forcing.longest)).ceil();
        let most = (CELL_STEPS / self.sizes.cells).clamp(FEWEST_STEPS, MOST_STEPS);
        let status = self.submit(device, (wanted as usize + 2).clamp(FEWEST_STEPS, most))?;
        self.present = (self.present + status.steps) % 2;
        if status.broken != NOTHING_BROKEN {
            return Ok(Some(Stop::NotFinite { cell: self.cell(status.broken as usize) }));
        }
        let time = |elapsed: [f32; 2]| if elapsed == length { end } else { start + sum(elapsed) };
        for note in status.notes.chunks_exact(self.sizes.note_words()).take(status.steps) {
            self.tell(note, &time, each);
        }
        let is_over = status.elapsed == length || !(status.runs || status.is_stuck);
        if status.steps > 0 {
            self.step = f64::from(status.dt);
        }
        solver.book_steps(&Taken {
            end: if is_over { end } else { time(status.elapsed) },
            steps: status.steps as u64,
            last_step: self.step,
            wave_rate: f64::from(status.wave_rate),
            wet_cells: f64::from(status.wet),
        });
        if !status.is_stuck {
            return Ok(None);
        }
        self.bring_back(device, solver)?;
        let (cell, dt) = solver.shortest_step();
        Ok(Some(Stop::StepTooShort { cell, dt }))
    }

    /// Row and column of a place in the padded arrays.
    fn cell(&self, at: usize) -> Cell {
        ((at / self.sizes.stride).saturating_sub(1), (at % self.sizes.stride).saturating_sub(1))
    }

    /// Tells of one step what was noted.
    fn tell(&mut self, note: &[u32], time: &dyn Fn([f32; 2]) -> f64, each: &mut dyn FnMut(&Moment<'_>)) {
        let number = |word: u32| f64::from(f32::from_bits(word));
        self.watched.clear();
        self.watched.extend(
            note[NOTE_HEAD..]
                .chunks_exact(NOTE_CELL)
                .map(|cell| (number(cell[0]), number(cell[1]), number(cell[2]))),
        );
        each(&Moment {
            time: time([f32::from_bits(note[0]), f32::from_bits(note[1])]),
            dt: number(note[2]),
            wet_cells: f64::from(note[3]),
            watched: &self.watched,
        });
    }

    /// What drives the water until the end of the interval, and the clock at its start.
    fn load(&mut self, device: &Device, forcing: &Forcing<'_>, length: [f32; 2]) {
        let Arrays { drive, drives, rates, falls, clock, boundaries, .. } = &self.arrays;
        let queue = &device.queue;
        let single = |number: f64| number as f32;
        let [start, rest] = with_rest(forcing.interval.0);
        let lines = [forcing.rain, forcing.loss].map(|line| [single(line.first), single(line.growth)]);
        let numbers = [start, rest, length[0], length[1]]
            .into_iter()
            .chain(lines.into_iter().flatten())
            .chain([forcing.longest, forcing.source_rate, forcing.rising_rate].map(single));
        queue.write_buffer(drive, 0, &bytes_of(numbers.map(f32::to_bits)));
        // Roofs whose rain is lost feed no cell.
        let inflows = forcing
            .inflows
            .iter()
            .take(self.arrays.sources)
            .flat_map(|line| [single(line.first), single(line.growth)]);
        let bytes = bytes_of(inflows.map(f32::to_bits));
        if !bytes.is_empty() {
            queue.write_buffer(drives, 2 * WORD * self.thresholds as u64, &bytes);
        }
        if boundaries.count > 0 {
            let length = forcing.interval.1 - forcing.interval.0;
            let lines = boundaries.driven(&forcing.boundaries, length);
            queue.write_buffer(&boundaries.lines, 0, &bytes_of(lines));
        }
        if let Some((of_cell, since)) = forcing.rates
            && self.rates_since != Some(since)
        {
            queue.write_buffer(rates, 0, &bytes_of(of_cell.iter().map(|rate| rate.to_bits())));
            queue.write_buffer(falls, 0, &bytes_of(self.sizes.groups_above_zero(of_cell)));
            self.rates_since = Some(since);
        }
        let mut words = [0; CLOCK_WORDS];
        words[7] = 1;
        queue.write_buffer(clock, 0, &bytes_of(words));
    }

    /// Sends off some steps and reads what became of them.
    fn submit(&self, device: &Device, steps: usize) -> Result<Status> {
        let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
            let (across, up) = self.sizes.groups;
            for step in 0..steps {
                let at = (self.present + step) % 2;
                pass.set_pipeline(&self.kernels.plan);
                pass.set_bind_group(0, &self.plan[at], &[]);
                pass.dispatch_workgroups(1, 1, 1);
                pass.set_pipeline(&self.kernels.sweep);
                pass.set_bind_group(0, &self.sweep[at], &[]);
                pass.dispatch_workgroups(across, up, 1);
            }
            pass.set_pipeline(&self.kernels.close);
            pass.set_bind_group(0, &self.close[(self.present + steps) % 2], &[]);
            pass.dispatch_workgroups(1, 1, 1);
        }
        let Arrays { clock, count, notes, status, .. } = &self.arrays;
        let parts = [(clock, CLOCK_WORDS), (count, COUNT_WORDS), (notes, steps * self.sizes.note_words())];
        let bytes = copy(&mut encoder, &parts, status);
        device.queue.submit([encoder.finish()]);
        Ok(Status::of(&device.read(status, bytes)?))
    }

    /// Brings the ledger up to date and sums the water in the cells, m³.
    pub(super) fn stored_volume(&mut self, device: &Device, solver: &mut Solver) -> Result<f64> {
        let mut encoder = device.device.create_command_encoder(&CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
            pass.set_pipeline(&self.kernels.total);
            pass.set_bind_group(0, &self.total[self.present], &[]);
            pass.dispatch_workgroups(self.sizes.groups.0, self.sizes.groups.1, 1);
        }
        let Arrays { tallies, outward, totals, books, boundaries, ground, .. } = &self.arrays;
        let (groups, faces) = (self.sizes.group_count(), self.sizes.faces());
        let parts = [
            (tallies, 4 * groups),
            (outward, 4 * faces),
            (totals, 2 * groups),
            (&ground.soaked, 2 * groups),
            (&boundaries.marks, boundaries.count),
        ];
        let bytes = copy(&mut encoder, &parts, books);
        encoder.clear_buffer(tallies, 0, None);
        encoder.clear_buffer(outward, 0, None);
        encoder.clear_buffer(&ground.soaked, 0, None);
        device.queue.submit([encoder.finish()]);
        let words = device.read(books, bytes)?;
        let (numbers, marks) = words.split_at(8 * groups + 4 * faces);
        let pairs: Vec<f64> = numbers
            .chunks_exact(2)
            .map(|pair| sum([f32::from_bits(pair[0]), f32::from_bits(pair[1])]))
            .collect();
        let (tallies, rest) = pairs.split_at(2 * groups);
        let (passed, rest) = rest.split_at(2 * faces);
        let (totals, soaked) = rest.split_at(groups);
        solver.book_tallies(&Tallies {
            lost: tallies.iter().step_by(2).sum(),
            infiltrated: soaked.iter().sum(),
            clipped: tallies.iter().skip(1).step_by(2).sum(),
            outward: self.sizes.by_side(passed.iter().step_by(2)),
            inward: self.sizes.by_side(passed.iter().skip(1).step_by(2)),
            above_curve: boundaries.marked(marks),
        });
        let (dx, dy) = solver.lent().spacing;
        Ok(totals.iter().sum::<f64>() * dx * dy)
    }

    /// Brings water and records of a solver up to date.
    pub(super) fn bring_back(&mut self, device: &Device, solver: &mut Solver) -> Result<()> {
        let cells = self.sizes.cells;
        let now = solver.time();
        let single = |&word: &u32| f32::from_bits(word);
        let water = device.words(&self.arrays.water[self.present], 0, 2 * cells)?;
        let velocity = device.words(&self.arrays.velocity[self.present], 0, 2 * cells)?;
        let flow = device.words(&self.arrays.flow[self.present], 0, 2 * solver.lent().state.across.len())?;
        let stores = device.words(&self.arrays.ground.store, 0, 2 * self.arrays.ground.cells)?;
        let peaks = device.words(&self.arrays.peaks, 0, 3 * cells)?;
        let above = device.words(&self.arrays.above, 0, 3 * cells * self.thresholds)?;
        let hazards = solver.hazards().len();
        let worst = device.words(&self.arrays.worst, 0, hazards * cells)?;
        let arrays = solver.arrays();
        for (hazard, words) in arrays.hazards.iter_mut().zip(worst.chunks_exact(cells)) {
            hazard.worst.iter_mut().zip(words).for_each(|(worst, word)| *worst = single(word));
        }
        for (depth, pair) in arrays.state.depth.iter_mut().zip(water.chunks_exact(2)) {
            *depth = sum([single(&pair[0]), single(&pair[1])]);
        }
        let speeds = arrays.state.u.iter_mut().zip(&mut arrays.state.v);
        for ((u, v), pair) in speeds.zip(velocity.chunks_exact(2)) {
            (*u, *v) = (f64::from(single(&pair[0])), f64::from(single(&pair[1])));
        }
        let flows = arrays.state.across.iter_mut().zip(&mut arrays.state.northward);
        for ((across, northward), pair) in flows.zip(flow.chunks_exact(2)) {
            (*across, *northward) = (f64::from(single(&pair[0])), f64::from(single(&pair[1])));
        }
        for (store, pair) in arrays.store.iter_mut().zip(stores.chunks_exact(2)) {
            *store = sum([single(&pair[0]), single(&pair[1])]);
        }
        let peak_arrays = arrays.peaks;
        let kept = [
            &mut peak_arrays.max_depth,
            &mut peak_arrays.time_of_maximum,
            &mut peak_arrays.max_speed_squared,
        ];
        for (kept, words) in kept.into_iter().zip(peaks.chunks_exact(cells)) {
            kept.iter_mut().zip(words).for_each(|(kept, word)| *kept = single(word));
        }
        for (threshold, words) in arrays.thresholds.iter_mut().zip(above.chunks_exact(3 * cells)) {
            for (at, (first, total)) in
                threshold.first_above.iter_mut().zip(&mut threshold.time_above).enumerate()
            {
                let [time, since, before] = [0, 1, 2].map(|part| single(&words[part * cells + at]));
                *first = if time == NEVER { f64::INFINITY } else { f64::from(time) };
                let still = if since == NOT_ABOVE { 0.0 } else { now - f64::from(since) };
                *total = f64::from(before) + still;
            }
        }
        Ok(())
    }
}

/// Copies the first words of some buffers one after the other; bytes in all.
fn copy(encoder: &mut CommandEncoder, parts: &[(&Buffer, usize)], to: &Buffer) -> u64 {
    parts.iter().fold(0, |at, &(from, words)| {
        let bytes = words as u64 * WORD;
        encoder.copy_buffer_to_buffer(from, 0, to, at, bytes);
        at + bytes
    })
}

/// What the plan of a step reads and writes; the closing note, which has no options, does not choose.
fn plan_buffers(
    device: &Device,
    pipeline: &wgpu::ComputePipeline,
    arrays: &Arrays,
    at: usize,
    chooses: Option<Options>,
) -> BindGroup {
    let mut buffers = vec![
        (0, &arrays.shape),
        (1, &arrays.clock),
        (2, &arrays.count),
        (4, &arrays.lists),
        (5, &arrays.water[at]),
        (6, &arrays.velocity[at]),
        (7, &arrays.notes),
    ];
    if let Some(options) = chooses {
        buffers.push((3, &arrays.drive));
        if options.has_boundaries {
            let all = &arrays.boundaries;
            let at_rim = [
                &arrays.bed,
                &all.given,
                &all.faces,
                &all.members,
                &all.lines,
                &all.curves,
                &all.shares,
                &all.marks,
            ];
            buffers.extend((8..).zip(at_rim));
        }
    }
    device.bind(pipeline, &buffers)
}

/// What a sweep reads and writes.
fn sweep_buffers(
    device: &Device,
    pipeline: &wgpu::ComputePipeline,
    arrays: &Arrays,
    at: usize,
    options: Options,
) -> BindGroup {
    let mut buffers = vec![
        (0, &arrays.shape),
        (1, &arrays.clock),
        (2, &arrays.count),
        (3, &arrays.bed),
        (6, &arrays.water[at]),
        (7, &arrays.velocity[at]),
        (8, &arrays.water[1 - at]),
        (9, &arrays.velocity[1 - at]),
        (10, &arrays.peaks),
        (11, &arrays.above),
        (12, &arrays.tallies),
        (13, &arrays.outward),
        (14, &arrays.lists),
        (15, &arrays.drives),
        (16, &arrays.held[at]),
        (17, &arrays.held[1 - at]),
    ];
    if options.varied_friction {
        buffers.push((4, &arrays.friction));
    }
    if options.rains_by_cell() {
        buffers.push((5, &arrays.rates));
        buffers.push((18, &arrays.falls));
    }
    if options.rates_hazards() {
        buffers.push((19, &arrays.worst));
    }
    if options.has_boundaries {
        buffers.push((20, &arrays.boundaries.given));
    }
    if options.has_soils {
        let Ground { store, classes, soils, soaked, .. } = &arrays.ground;
        buffers.extend([(23, store), (24, classes), (25, soils), (26, soaked)]);
    }
    if options.scheme.is_staggered() {
        buffers.extend([(21, &arrays.flow[at]), (22, &arrays.flow[1 - at])]);
    }
    device.bind(pipeline, &buffers)
}
