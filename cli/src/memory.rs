//! Is there room for the run before it starts?

use sim_core::error::{Problem, Problems};
use sim_core::run::{flood, gas};
use sim_core::scenario::Case;

/// Bytes that a case will need.
pub(crate) fn needed(case: &Case) -> u64 {
    match case {
        Case::Flood(case) => {
            let frames = case.frame_times.len() * case.grid.cells() * size_of::<f32>();
            flood::memory_bytes(case) + frames as u64
        }
        Case::Gas(case) => gas::memory_bytes(case),
    }
}

/// Free memory, where the operating system tells.
fn free_bytes() -> Option<u64> {
    let mut system = sysinfo::System::new().ok()?;
    system.refresh_memory();
    Some(system.available_memory()).filter(|&bytes| bytes > 0)
}

/// Refuses a case that does not fit into the free memory.
pub(crate) fn check(case: &Case) -> Result<(), Problems> {
    check_many(case, 1)
}

/// Refuses as many such cases side by side as do not fit into the free memory.
pub(crate) fn check_many(case: &Case, count: usize) -> Result<(), Problems> {
    check_bytes(needed(case) * count as u64)
}

/// Refuses what does not fit into the free memory.
pub(crate) fn check_bytes(needed: u64) -> Result<(), Problems> {
    let free = free_bytes();
    if free.is_none_or(|free| needed <= free) {
        return Ok(());
    }
    let free = free.unwrap_or_default();
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    Err(Problem::error(
        6302,
        format!("the run needs {:.1} GB of memory, {:.1} GB are free", gigabytes(needed), gigabytes(free)),
    )
    .fix("use a coarser grid, a smaller area or fewer frames (run.frame_interval)")
    .into())
}
