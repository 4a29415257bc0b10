//! What of a case a device computes, and whether a grid fits it.

use sim_core::error::{Problem, Result};
use sim_core::flood::state::Friction;
use sim_core::flood::step::lent::{Falling, Lent};
use sim_core::run::flood::FloodCase;
use wgpu::Limits;

use super::kernels::Options;

/// Rows and columns that a boundary looks into the grid.
const FEWEST_CELLS: usize = 3;

/// What a case asks for that no device computes yet; nothing if one can take it.
pub fn lacking(case: &FloodCase) -> Vec<String> {
    let (rows, columns) = case.grid.shape();
    let is_narrow = rows.min(columns) < FEWEST_CELLS;
    let parts = [
        (
            is_narrow && !case.boundaries.is_empty(),
            format!(
                "boundaries of a grid of {rows} rows and {columns} columns, where {FEWEST_CELLS} are needed"
            ),
        ),
        (!case.structures.is_empty(), "pumps, weirs, gates and culverts".into()),
        (!case.barriers.is_empty(), "levees and bridges".into()),
        (!case.breaches.is_empty(), "breaches".into()),
        (case.sewers.is_some(), "sewers".into()),
    ];
    parts.into_iter().filter(|(lacks, _)| *lacks).map(|(_, name)| name).collect()
}

/// Bytes that a cell takes on the device, and that a step of it moves at least.
pub fn bytes_per_cell(lent: &Lent<'_>) -> (u64, f64) {
    let varied = 4 * u64::from(matches!(lent.terrain.friction, Friction::Field(_)));
    let rain = 4 * u64::from(lent.falling != Falling::Everywhere);
    let hazards = 4 * lent.hazards.len() as u64;
    let thresholds = lent.thresholds.len() as u64;
    let soils = if lent.ground.store.is_empty() { 0 } else { 9 };
    let flows = if lent.params.scheme.is_staggered() { 2 * 8 } else { 0 };
    // Twice depth, its rest and two velocities; the ground; three peaks.
    let stored = 2 * 16 + flows + soils + 4 + varied + rain + 12 + 12 * thresholds + hazards;
    // Peaks and the times above thresholds are read, and written where they change.
    let moved = 2 * 16 + flows + 2 * soils + 4 + varied + rain + 8 + 4 * thresholds + hazards;
    (stored, moved as f64)
}

/// What a run needs of a device.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    pub(super) shape: (usize, usize),
    pub(super) thresholds: usize,
    /// Arrays beyond the usual ones.
    pub(super) arrays: u32,
    /// Columns and rows of a workgroup.
    pub(super) group: (u32, u32),
}

impl Needs {
    pub(super) fn of(lent: &Lent<'_>) -> Self {
        let shape = (lent.layout.rows, lent.layout.columns);
        let options = Options::of(lent);
        let arrays = u32::from(options.has_boundaries)
            + 2 * u32::from(options.scheme.is_staggered())
            + 4 * u32::from(options.has_soils);
        Self { shape, thresholds: lent.thresholds.len(), arrays, group: options.group() }
    }
}

/// Arrays that a kernel reads and writes at most where the rim is walls and open edges, the ground takes
/// nothing, and discharges are not kept.
const ARRAYS: u32 = 20;

/// Memory that a workgroup needs at most, bytes.
const GROUP_MEMORY: u32 = 23 << 10;

/// Refuses a grid that is too large for a device, or a device that is too small for any.
///
/// # Errors
/// E6101 with what is needed and what there is.
pub(super) fn check_size(name: &str, needs: &Needs, limits: &Limits) -> Result<()> {
    let (rows, columns) = needs.shape;
    let most = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
    let per_cell = 12 * (needs.thresholds as u64).max(1);
    let bytes = per_cell * (rows as u64 + 2) * (columns as u64 + 2);
    let most_groups = limits.max_compute_workgroups_per_dimension as usize;
    let (across, up) = (most_groups * needs.group.0 as usize, most_groups * needs.group.1 as usize);
    let (arrays, memory) =
        (limits.max_storage_buffers_per_shader_stage, limits.max_compute_workgroup_storage_size);
    let wanted = ARRAYS + needs.arrays;
    let text = if arrays < wanted || memory < GROUP_MEMORY {
        format!(
            "{name} takes {arrays} arrays and gives a workgroup {memory} bytes; {wanted} and {GROUP_MEMORY} are needed"
        )
    } else if bytes > most || columns > across || rows > up {
        format!(
            "{} cells ({rows} rows, {columns} columns) do not fit {name}: their largest array needs {:.2} GB, \
             of which it takes {:.2} GB in one piece: {:.0} million cells, at most {across} columns and {up} rows",
            rows * columns,
            bytes as f64 / 1e9,
            most as f64 / 1e9,
            most as f64 / per_cell as f64 / 1e6,
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
    fn a_grid_that_is_too_large_is_refused_with_numbers() {
        let limits = Limits {
            max_storage_buffer_binding_size: 128 << 20,
            max_buffer_size: 1 << 30,
            max_compute_workgroups_per_dimension: 65_535,
            max_storage_buffers_per_shader_stage: 32,
            max_compute_workgroup_storage_size: 32 << 10,
            ..Limits::default()
        };
        let check = |rows, columns, thresholds, limits: &Limits| {
            check_size(
                "a device",
                &Needs { shape: (rows, columns), thresholds, arrays: 0, group: (32, 8) },
                limits,
            )
        };
        assert!(check(3000, 3000, 0, &limits).is_ok());
        assert!(check(2300, 2300, 2, &limits).is_ok());
        let refused = check(3000, 3000, 2, &limits).expect_err("too large");
        assert_eq!(refused.0[0].code.0, 6101);
        assert!(refused.0[0].text.contains("9000000 cells"), "{}", refused.0[0].text);
        assert!(refused.0[0].text.contains("6 million cells"), "{}", refused.0[0].text);
        let long = check(600_000, 1, 0, &limits).expect_err("too many rows");
        assert!(long.0[0].text.contains("524280 rows"), "{}", long.0[0].text);
        let poor = check(10, 10, 0, &Limits::default()).expect_err("too few arrays");
        assert!(poor.0[0].text.contains("8 arrays"), "{}", poor.0[0].text);
    }
}
