//! What of a case a device computes, and whether a grid fits it.

use sim_core::error::{Problem, Result};
use sim_core::gas::dispersion::Transport;
use sim_core::run::gas::GasCase;
use sim_core::run::gas::backend::Watched;
use wgpu::Limits;

use super::kernels::TILE;

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

/// Numbers of every cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Heights of all scenarios.
    pub(super) layers: usize,
    pub(super) scenarios: usize,
    pub(super) levels: usize,
    /// Levels of a load.
    pub(super) loads: usize,
}

impl Counts {
    /// Of scenarios on grids of the same shape and with the same number of levels.
    pub(super) fn of(all: &[Watched]) -> Self {
        let Some(first) = all.first() else {
            return Self { rows: 0, columns: 0, layers: 0, scenarios: 0, levels: 0, loads: 0 };
        };
        let loads = |watched: &Watched| watched.levels.iter().filter(|mark| mark.load.is_some()).count();
        Self {
            rows: first.grid.rows,
            columns: first.grid.columns,
            layers: all.iter().map(|watched| watched.heights.len()).sum(),
            scenarios: all.len(),
            levels: all.iter().map(|watched| watched.levels.len()).max().unwrap_or(0),
            loads: all.iter().map(loads).max().unwrap_or(0),
        }
    }

    pub(super) fn cells(self) -> usize {
        self.rows * self.columns
    }

    /// Words of its arrays: largest concentrations, their steps, arrivals, loads.
    pub(super) fn words(self) -> [usize; 4] {
        let layers = self.layers * self.cells();
        [layers, layers, self.scenarios * self.levels * self.cells(), 2 * self.loads * layers]
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
pub(super) fn check_size(name: &str, counts: Counts, limits: &Limits) -> Result<()> {
    let most = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
    let largest = counts.words().into_iter().max().unwrap_or(0) as u64 * size_of::<u32>() as u64;
    let side = limits.max_compute_workgroups_per_dimension as usize * TILE as usize;
    let (arrays, memory) =
        (limits.max_storage_buffers_per_shader_stage, limits.max_compute_workgroup_storage_size);
    let Counts { rows, columns, layers, .. } = counts;
    let text = if arrays < ARRAYS || memory < GROUP_MEMORY {
        format!(
            "{name} takes {arrays} arrays and gives a workgroup {memory} bytes; {ARRAYS} and {GROUP_MEMORY} are needed"
        )
    } else if largest > most || columns > side || rows > side {
        format!(
            "{} receptors ({rows} rows, {columns} columns, {layers} heights) do not fit {name}: their largest array \
             needs {:.2} GB, of which it takes {:.2} GB in one piece, at most {side} columns and rows",
            rows * columns * layers,
            largest as f64 / 1e9,
            most as f64 / 1e9,
        )
    } else {
        return Ok(());
    };
    Err(Problem::error(6101, text)
        .why("a kernel reaches only so many bytes of one array")
        .fix("use --device cpu, a device with more memory, a coarser grid or a smaller area")
        .into())
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
        let counts = Counts { rows: 4000, columns: 4000, layers: 2, scenarios: 1, levels: 2, loads: 0 };
        assert!(check_size("a device", counts, &limits).is_ok());
        let refused = check_size("a device", Counts { layers: 3, ..counts }, &limits).expect_err("too many");
        assert_eq!(refused.0[0].code.0, 6101);
        assert!(refused.0[0].text.contains("48000000 receptors"), "{}", refused.0[0].text);
        let load = Counts { layers: 2, loads: 1, ..counts };
        assert!(check_size("a device", load, &limits).is_err(), "a load takes two words");
        let poor = check_size("a device", counts, &Limits::default()).expect_err("too few arrays");
        assert!(poor.0[0].text.contains("8 arrays"), "{}", poor.0[0].text);
    }
}
