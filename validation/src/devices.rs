//! Cases of the graphics devices of this machine.

use std::time::Instant;

use sim_core::error::Result;
use sim_gpu::compute::Device;
use sim_gpu::parity::{ALL, compare};

use crate::{Answer, Case, Effort, Findings, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 1] = [case!("device-functions", "devices", Quick, functions)];

/// Functions of the shaders beside those of the engine.
fn functions(_: &Settings) -> Result<Answer> {
    let adapters = sim_gpu::adapters();
    if adapters.is_empty() {
        return Ok(Err("this machine has no Vulkan, Metal or Direct3D device".into()));
    }
    let mut findings = Findings::default();
    for (index, adapter) in adapters.iter().enumerate() {
        let device = Device::open(index)?;
        for twin in &ALL {
            let begun = Instant::now();
            let found = compare(&device, twin)?;
            let name = format!("{}: {}", found.name, adapter.name);
            let effort = Effort { wall_seconds: begun.elapsed().as_secs_f64(), ..Effort::default() };
            findings.readings.push(Reading::at_most(name, found.largest, "1", found.tolerance).of(effort));
        }
    }
    Ok(Ok(findings))
}
