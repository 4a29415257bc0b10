//! What of a case a device computes, and whether a grid fits it.

use sim_core::error::Result;
use sim_core::gas::dispersion::Transport;
use sim_core::run::gas::GasCase;
use sim_core::run::gas::backend::Watched;
use wgpu::Limits;

use super::kernels::TILE;
use crate::limits::{Needs, check_size};

/// What a case asks for that no device computes; nothing if one can take it.
pub fn lacking(case: &GasCase) -> Vec<String> {
    let model = match case.transport {
        Transport::Puffs => None,
        Transport::Slab if case.heavy.hands_over => None,
        Transport::Plume => Some("steady plumes, which the processor draws before a device has started"),
        Transport::Slab => Some("the slab of a heavy cloud"),
        Transport::Layer => Some("the layer of heavy gas over the ground"),
    };
    let beside = case.compare.then_some("the zones of other models beside");
    model.into_iter().chain(beside).map(str::to_owned).collect()
}

/// Room for the receptors of some scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Scenarios at a time.
    pub(super) slots: usize,
    /// Of each: cells of its grid, and heights.
    pub(super) cells: usize,
    pub(super) heights: usize,
    pub(super) levels: usize,
    /// Levels of a load.
    pub(super) loads: usize,
}

impl Room {
    /// For so many scenarios like this one.
    pub(super) fn of(watched: &Watched, slots: usize) -> Self {
        Self {
            slots,
            cells: watched.grid.cells(),
            heights: watched.heights.len(),
            levels: watched.levels.len(),
            loads: watched.levels.iter().filter(|mark| mark.load.is_some()).count(),
        }
    }

    /// True where a scenario has room in each of its places.
    pub(super) fn holds(self, watched: &Watched) -> bool {
        let own = Self::of(watched, 1);
        own.cells <= self.cells
            && own.heights <= self.heights
            && own.levels <= self.levels
            && own.loads <= self.loads
    }

    /// Words of its arrays of one scenario: largest concentrations, their steps, arrivals, loads.
    pub(super) fn words_of_slot(self) -> [usize; 4] {
        let layers = self.heights * self.cells;
        [layers, layers, self.levels * self.cells, 2 * self.loads * layers]
    }

    /// Words of its arrays.
    pub(super) fn words(self) -> [usize; 4] {
        self.words_of_slot().map(|words| words * self.slots)
    }

    /// Bytes of all of them.
    pub(super) fn bytes(self) -> u64 {
        self.words().iter().sum::<usize>() as u64 * size_of::<u32>() as u64
    }
}

/// Arrays that a kernel reads and writes.
const ARRAYS: u32 = 9;

/// Memory that a workgroup needs, bytes.
const GROUP_MEMORY: u32 = 10 << 10;

/// Refuses receptors that are too many for a device, or a device that is too small for any.
///
/// # Errors
/// E6101 with what is needed and what there is.
pub(super) fn check(name: &str, room: Room, shape: (usize, usize), limits: &Limits) -> Result<()> {
    let largest = room.words().into_iter().max().unwrap_or(0) as u64 * size_of::<u32>() as u64;
    let needs = Needs { arrays: ARRAYS, group_memory: GROUP_MEMORY, largest, shape, group: (TILE, TILE) };
    check_size(name, &needs, limits, |_| {
        let ((rows, columns), heights) = (shape, room.heights);
        let receptors = rows * columns * heights;
        (format!("{receptors} receptors ({rows} rows, {columns} columns, {heights} heights)"), String::new())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receptors_that_are_too_many_are_refused_with_numbers() {
        let limits = Limits {
            max_storage_buffer_binding_size: 128 << 20,
            max_buffer_size: 1 << 30,
            max_compute_workgroups_per_dimension: 65_535,
            max_storage_buffers_per_shader_stage: 32,
            max_compute_workgroup_storage_size: 32 << 10,
            ..Limits::default()
        };
        let side = (4000, 4000);
        let room = Room { slots: 1, cells: 16_000_000, heights: 2, levels: 2, loads: 0 };
        assert!(check("a device", room, side, &limits).is_ok());
        let refused = check("a device", Room { heights: 3, ..room }, side, &limits).expect_err("too many");
        assert_eq!(refused.0[0].code.0, 6101);
        assert!(refused.0[0].text.contains("48000000 receptors"), "{}", refused.0[0].text);
        let load = Room { loads: 1, ..room };
        assert!(check("a device", load, side, &limits).is_err(), "a load takes two words");
        let poor = check("a device", room, side, &Limits::default()).expect_err("too few arrays");
        assert!(poor.0[0].text.contains("8 arrays"), "{}", poor.0[0].text);
    }
}
