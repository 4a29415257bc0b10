//! Whether what a run needs fits a device, and the one way to say that it does not.

use sim_core::error::{Problem, Result};
use wgpu::Limits;

use crate::compute::Device;

/// Refuses a run for its size.
fn too_large(text: String, why: &str) -> Problem {
    Problem::error(6101, text)
        .why(why)
        .fix("use --device cpu, a device with more memory, a coarser grid or a smaller area")
}

/// What a kernel needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs {
    /// Arrays that it reads and writes.
    pub(crate) arrays: u32,
    /// Memory of a workgroup, bytes.
    pub(crate) group_memory: u32,
    /// Bytes of the largest array.
    pub(crate) largest: u64,
    /// Rows and columns of the grid, and of a workgroup.
    pub(crate) shape: (usize, usize),
    pub(crate) group: (u32, u32),
}

/// Refuses what is too large for a device, or a device that is too small for anything. `tell` gives the words for
/// what does not fit and, from the bytes of one array that the device takes, what would.
///
/// # Errors
/// E6101 with what is needed and what there is.
pub(crate) fn check_size(
    name: &str,
    needs: &Needs,
    limits: &Limits,
    tell: impl FnOnce(u64) -> (String, String),
) -> Result<()> {
    let most = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
    let groups = limits.max_compute_workgroups_per_dimension as usize;
    let (most_rows, most_columns) = (groups * needs.group.0 as usize, groups * needs.group.1 as usize);
    let (arrays, memory) =
        (limits.max_storage_buffers_per_shader_stage, limits.max_compute_workgroup_storage_size);
    let (rows, columns) = needs.shape;
    let text = if arrays < needs.arrays || memory < needs.group_memory {
        format!(
            "{name} takes {arrays} arrays and gives a workgroup {memory} bytes; {} and {} are needed",
            needs.arrays, needs.group_memory
        )
    } else if needs.largest > most || columns > most_columns || rows > most_rows {
        let (what, fits) = tell(most);
        format!(
            "{what} do not fit {name}: their largest array needs {:.2} GB, of which it takes {:.2} GB in one piece{fits}, \
             at most {most_columns} columns and {most_rows} rows",
            needs.largest as f64 / 1e9,
            most as f64 / 1e9,
        )
    } else {
        return Ok(());
    };
    Err(too_large(text, "a kernel reaches only so many bytes of one array").into())
}

/// Refuses a run whose arrays the device has no room for.
///
/// # Errors
/// E6101 with what is needed; E6100 the device failed.
pub(crate) fn check_memory(device: &Device, bytes: u64, what: &str) -> Result<()> {
    if device.has_room(bytes)? {
        return Ok(());
    }
    let text = format!("{} has no {:.2} GB free, which {what} need", device.name, bytes as f64 / 1e9);
    Err(too_large(text, "the arrays of a run must lie on the device as a whole").into())
}
