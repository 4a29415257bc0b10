//! What of a case a device computes, and whether a grid fits it.

use sim_core::error::Result;
use sim_core::flood::state::Friction;
use sim_core::flood::step::lent::{Falling, Lent};
use sim_core::run::flood::FloodCase;
use wgpu::Limits;

use super::kernels::Options;
use crate::limits::{Needs, check_size};

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

/// Arrays that a kernel reads and writes at most where the rim is walls and open edges, the ground takes
/// nothing, and discharges are not kept.
const ARRAYS: u32 = 20;

/// Memory that a workgroup needs at most, bytes.
const GROUP_MEMORY: u32 = 23 << 10;

/// Bytes of a cell in the largest array.
fn bytes_of_largest(thresholds: usize) -> u64 {
    12 * (thresholds as u64).max(1)
}

/// What a grid with so many thresholds and arrays beyond the usual ones needs.
fn needs((rows, columns): (usize, usize), thresholds: usize, arrays: u32, group: (u32, u32)) -> Needs {
    Needs {
        arrays: ARRAYS + arrays,
        group_memory: GROUP_MEMORY,
        largest: bytes_of_largest(thresholds) * (rows as u64 + 2) * (columns as u64 + 2),
        shape: (rows, columns),
        group: (group.1, group.0),
    }
}

/// Refuses a grid that is too large for a device, or a device that is too small for any.
///
/// # Errors
/// E6101 with what is needed and what there is.
pub(super) fn check(name: &str, lent: &Lent<'_>, limits: &Limits) -> Result<()> {
    let options = Options::of(lent);
    let arrays = u32::from(options.has_boundaries)
        + 2 * u32::from(options.scheme.is_staggered())
        + 4 * u32::from(options.has_soils);
    let shape = (lent.layout.rows, lent.layout.columns);
    let thresholds = lent.thresholds.len();
    check_grid(name, &needs(shape, thresholds, arrays, options.group()), thresholds, limits)
}

fn check_grid(name: &str, needs: &Needs, thresholds: usize, limits: &Limits) -> Result<()> {
    check_size(name, needs, limits, |most| {
        let (rows, columns) = needs.shape;
        let fit = most as f64 / bytes_of_largest(thresholds) as f64 / 1e6;
        (
            format!("{} cells ({rows} rows, {columns} columns)", rows * columns),
            format!(": {fit:.0} million cells"),
        )
    })
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
            let needs = needs((rows, columns), thresholds, 0, (32, 8));
            check_grid("a device", &needs, thresholds, limits)
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
