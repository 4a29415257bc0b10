//! Steps on their way to the device.

use sim_core::gas::puff::Train;
use sim_core::gas::puff::lent::{Window, window};
use sim_core::grid::Grid;
use sim_core::run::gas::backend::Watched;

use crate::shader::NO_LID;

/// Words of a puff.
pub(super) const PUFF_WORDS: usize = 16;

/// Puffs, steps and pairs from which steps are sent off: enough that a submission costs nothing beside
/// its work, little enough that it takes a fraction of a second.
const PUFFS: usize = 1 << 15;
const STEPS: usize = 256;
const PAIRS: u64 = 1 << 29;

/// A scenario: its receptors, and its steps so far.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) watched: Watched,
    /// End of each of its steps, s.
    pub(super) times: Vec<f64>,
    /// Those that were not sent off yet.
    pub(super) batch: Batch,
}

impl Scenario {
    /// A scenario that has not begun.
    pub(super) fn new(watched: &Watched) -> Self {
        Self { watched: watched.clone(), times: Vec::new(), batch: Batch::default() }
    }

    /// Takes in a step; true once so many wait that they should be sent off.
    pub(super) fn take(&mut self, train: &Train<'_>) -> bool {
        self.times.push(train.time());
        self.batch.take(train, &self.watched.grid, self.times.len());
        self.batch.is_full(self.watched.heights.len())
    }
}

/// Steps of one scenario that were not sent off yet.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Words of the puffs.
    pub(super) puffs: Vec<u32>,
    pub(super) steps: Vec<Step>,
    /// Pairs of a puff and a receptor at one height.
    pub(super) pairs: u64,
}

/// A step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Its first puff in the batch, and how many it has.
    pub(super) first: usize,
    pub(super) count: usize,
    /// Its number in the run, from one on.
    pub(super) number: usize,
    /// Its length, s.
    pub(super) length: f64,
}

impl Batch {
    /// Takes in the puffs that reach a grid; a step in which none does leaves nothing.
    fn take(&mut self, train: &Train<'_>, grid: &Grid, number: usize) {
        let lent = train.lent();
        let first = self.puff_count();
        for i in 0..train.len() {
            let Some(reached) = window(lent, i, grid) else { continue };
            self.pairs += reached.cells() as u64;
            let (x, y) = ((lent.x[i] - grid.x(0)) / grid.dx, (lent.y[i] - grid.y(0)) / grid.dy);
            let numbers = [
                (x - x.round()) as f32,
                (y - y.round()) as f32,
                (grid.dx / lent.width[i]) as f32,
                (grid.dy / lent.width[i]) as f32,
            ];
            let lid = if lent.lid[i].is_finite() { lent.lid[i] as f32 } else { NO_LID };
            let own = [lent.mass[i], lent.width[i], lent.depth[i], lent.height[i]].map(|own| own as f32);
            // Whole cells may be negative: their bits are those of signed words.
            self.puffs.extend([x.round() as i32, y.round() as i32].map(i32::cast_unsigned));
            self.puffs.extend(numbers.map(f32::to_bits));
            self.puffs.extend(ends(&reached));
            self.puffs.extend(own.map(f32::to_bits));
            self.puffs.extend([lid.to_bits(), 0]);
        }
        let count = self.puff_count() - first;
        if count > 0 {
            self.steps.push(Step { first, count, number, length: train.step_length() });
        }
    }

    pub(super) fn puff_count(&self) -> usize {
        self.puffs.len() / PUFF_WORDS
    }

    /// True where it should be sent off, for receptors at so many heights.
    fn is_full(&self, heights: usize) -> bool {
        self.puff_count() >= PUFFS || self.steps.len() >= STEPS || self.pairs * heights as u64 >= PAIRS
    }

    /// Empties it.
    pub(super) fn clear(&mut self) {
        self.puffs.clear();
        self.steps.clear();
        self.pairs = 0;
    }
}

/// Columns and rows: the first, and the one after the last.
fn ends(reached: &Window) -> [u32; 4] {
    let Window { columns, rows } = reached;
    [columns.start, columns.end, rows.start, rows.end].map(|end| end as u32)
}
