//! Columns that have become too light for a layer: what a model of passive gas goes on with.

use crate::gas::dense::shallow::mixing::{richardson, turbulence_squared};
use crate::gas::dense::shallow::solver::Solver;

/// When a column is no longer a heavy layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Passive {
    /// Richardson number below which the air no longer feels its weight.
    pub richardson: f64,
    /// Depth above which it is no longer shallow, m.
    pub depth: f64,
    /// Cells along each side of the blocks whose gas becomes one cloud.
    pub block: usize,
}

impl Default for Passive {
    /// Weight and turbulence equal; 20 m; blocks of 4 cells.
    ///
    /// # Source
    /// Richardson number and depth: notes on the model's use (second-hand); it has no passive
    /// limit of its own.
    fn default() -> Self {
        Self { richardson: 1.0, depth: 20.0, block: 4 }
    }
}

/// A cloud that another model goes on with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handover {
    /// Time, s.
    pub time: f64,
    /// Gas, kg.
    pub mass: f64,
    /// Where its middle is in the coordinates of the grid, m.
    pub position: (f64, f64),
    /// Spread along x and y, m: of the gas in the block, its cells not points.
    pub sigma_horizontal: (f64, f64),
    /// Spread upwards, m, of a Gaussian whose middle is on the ground and that is as high as the
    /// profile of the layer, in the mean.
    pub sigma_vertical: f64,
    /// Velocity along x and y, m/s.
    pub velocity: (f64, f64),
}

/// Sums over the columns of a block, weighed by their gas.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    gas: f64,
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    depth: f64,
    u: f64,
    v: f64,
}

impl Solver {
    /// True if the column of a cell is too light or too deep for this model.
    fn is_passive(&self, at: usize, rule: &Passive) -> bool {
        let (depth, share) = (self.state.depth[at], self.state.share[at]);
        if depth <= 0.0 {
            return false;
        }
        let air = self.wind.at(self.time);
        let wind = air.in_layer(depth as f32);
        let (u, v) = (self.state.u[at] as f32, self.state.v[at] as f32);
        let turbulence = turbulence_squared(air, wind.ground_drag, u * u + v * v);
        let excess = (share * self.release.excess()) as f32;
        f64::from(richardson(excess, depth as f32, turbulence)) < rule.richardson || depth > rule.depth
    }

    /// Part of the gas in the grid that lies in columns too light or too deep for this model, 0
    /// to 1: with much of it, concentrations are those of a model beyond its range.
    pub fn passive_part(&self, rule: &Passive) -> f64 {
        let (mut passive, mut all) = (0.0, 0.0);
        for (row, column) in self.cells() {
            let at = self.layout.at(row, column);
            let gas = self.state.depth[at] * self.state.share[at];
            all += gas;
            passive += if self.is_passive(at, rule) { gas } else { 0.0 };
        }
        if all > 0.0 { passive / all } else { 0.0 }
    }

    /// Takes passive columns out of the grid and tells what they were, block by block.
    ///
    /// The mass is kept: what is taken stands in the balance as handed over, and is the sum of
    /// the masses of the clouds.
    pub fn hand_over(&mut self, rule: &Passive) -> Vec<Handover> {
        let size = rule.block.max(1);
        let across = self.layout.columns.div_ceil(size);
        let mut blocks = vec![Block::default(); across * self.layout.rows.div_ceil(size)];
        let area = self.grid.dx * self.grid.dy;
        for (row, column) in self.cells() {
            let at = self.layout.at(row, column);
            if !self.is_passive(at, rule) {
                continue;
            }
            let (depth, gas) = (self.state.depth[at], self.state.depth[at] * self.state.share[at]);
            let x = self.grid.west + (column as f64 + 0.5) * self.grid.dx;
            let y = self.grid.south + (row as f64 + 0.5) * self.grid.dy;
            let block = &mut blocks[row / size * across + column / size];
            block.gas += gas;
            block.x += gas * x;
            block.y += gas * y;
            block.depth += gas * depth;
            block.u += gas * self.state.u[at];
            block.v += gas * self.state.v[at];
            // Offsets from the middle of the block, so that squares of far coordinates do not cancel.
            let middle =
                ((column / size * size) as f64 * self.grid.dx, (row / size * size) as f64 * self.grid.dy);
            let offset = (x - self.grid.west - middle.0, y - self.grid.south - middle.1);
            block.xx += gas * offset.0 * offset.0;
            block.yy += gas * offset.1 * offset.1;
            self.handed_over.add(gas * area);
            (self.state.depth[at], self.state.share[at]) = (0.0, 0.0);
            (self.state.u[at], self.state.v[at]) = (0.0, 0.0);
        }
        let clouds = blocks.iter().enumerate().filter(|(_, block)| block.gas > 0.0);
        clouds
            .map(|(number, block)| self.cloud(block, (number / across * size, number % across * size)))
            .collect()
    }

    /// The cloud of a block that begins at a row and column.
    fn cloud(&self, block: &Block, (row, column): (usize, usize)) -> Handover {
        let (dx, dy, gas) = (self.grid.dx, self.grid.dy, block.gas);
        let (x, y) = (block.x / gas, block.y / gas);
        let offset = (x - self.grid.west - column as f64 * dx, y - self.grid.south - row as f64 * dy);
        let spread = |square: f64, mean: f64, spacing: f64| {
            ((square / gas - mean * mean).max(0.0) + spacing * spacing / 12.0).sqrt()
        };
        let mean_height = 0.5 * self.shape() * block.depth / gas;
        Handover {
            time: self.time,
            mass: gas * dx * dy * self.release.gas,
            position: (x, y),
            sigma_horizontal: (spread(block.xx, offset.0, dx), spread(block.yy, offset.1, dy)),
            sigma_vertical: mean_height * (0.5 * std::f64::consts::PI).sqrt(),
            velocity: (block.u / gas, block.v / gas),
        }
    }
}
