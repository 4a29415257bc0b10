//! The graphics adapters of this machine and what they can do.

use std::panic::catch_unwind;

use serde::Serialize;
use wgpu::{Adapter, Backends, DeviceType, Features, Instance, InstanceDescriptor};

/// What kind of device an adapter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AdapterKind {
    /// A graphics card with its own memory.
    Discrete,
    /// Graphics in the processor, with shared memory.
    Integrated,
    /// A share of a device given by a host.
    Virtual,
    /// A driver that computes on the processor.
    Software,
    /// Anything else.
    Other,
}

/// One adapter, in numbers that decide what fits on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdapterInfo {
    /// Name as the driver gives it.
    pub name: String,
    /// Interface it was found through: `vulkan`, `metal`, `dx12`.
    pub backend: String,
    /// Kind of device.
    pub kind: AdapterKind,
    /// Driver and its version.
    pub driver: String,
    /// Largest buffer, bytes.
    pub max_buffer_bytes: u64,
    /// Largest part of a buffer that one kernel argument can reach, bytes.
    pub max_storage_binding_bytes: u64,
    /// Most invocations in one workgroup.
    pub max_workgroup_invocations: u32,
    /// Most invocations of a workgroup along x, y and z.
    pub max_workgroup_size: [u32; 3],
    /// Memory that a workgroup shares, bytes.
    pub max_workgroup_storage_bytes: u32,
    /// Most workgroups of one dispatch along each axis.
    pub max_workgroups_per_dimension: u32,
    /// True if kernels can compute with 64-bit floats.
    pub has_f64: bool,
    /// True if the driver computes on the processor; slower than the engine's own processor code.
    pub is_software: bool,
}

/// All adapters of this machine, in the order in which the drivers list them.
///
/// Without a driver the list is empty. Drivers are code of others: should one
/// panic while it is asked, the list is empty too.
///
/// # Example
/// ```
/// for adapter in sim_gpu::adapters() {
///     assert!(!adapter.name.is_empty());
/// }
/// ```
pub fn adapters() -> Vec<AdapterInfo> {
    catch_unwind(|| {
        let instance = Instance::new(InstanceDescriptor::new_without_display_handle());
        let found = pollster::block_on(instance.enumerate_adapters(Backends::all()));
        found.iter().map(describe).collect()
    })
    .unwrap_or_default()
}

fn describe(adapter: &Adapter) -> AdapterInfo {
    let (info, limits) = (adapter.get_info(), adapter.limits());
    let driver = [info.driver.as_str(), info.driver_info.as_str()];
    AdapterInfo {
        name: info.name,
        backend: info.backend.to_str().to_owned(),
        kind: kind(info.device_type),
        driver: driver.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        max_buffer_bytes: limits.max_buffer_size,
        max_storage_binding_bytes: limits.max_storage_buffer_binding_size,
        max_workgroup_invocations: limits.max_compute_invocations_per_workgroup,
        max_workgroup_size: [
            limits.max_compute_workgroup_size_x,
            limits.max_compute_workgroup_size_y,
            limits.max_compute_workgroup_size_z,
        ],
        max_workgroup_storage_bytes: limits.max_compute_workgroup_storage_size,
        max_workgroups_per_dimension: limits.max_compute_workgroups_per_dimension,
        has_f64: adapter.features().contains(Features::SHADER_F64),
        is_software: info.device_type == DeviceType::Cpu,
    }
}

fn kind(device_type: DeviceType) -> AdapterKind {
    match device_type {
        DeviceType::DiscreteGpu => AdapterKind::Discrete,
        DeviceType::IntegratedGpu => AdapterKind::Integrated,
        DeviceType::VirtualGpu => AdapterKind::Virtual,
        DeviceType::Cpu => AdapterKind::Software,
        DeviceType::Other => AdapterKind::Other,
    }
}

#[cfg(test)]
/// What the environment asks of tests that need a device.
///
/// `SIM_GPU_TESTS` is `require` (no device is a failure, as in CI), `off`,
/// or `auto`, the default (without a device there is nothing to check).
pub(crate) fn devices_for_tests() -> Vec<AdapterInfo> {
    let wish = std::env::var("SIM_GPU_TESTS").unwrap_or_else(|_| "auto".into());
    match wish.as_str() {
        "off" => Vec::new(),
        "auto" => adapters(),
        "require" => {
            let found = adapters();
            assert!(
                !found.is_empty(),
                "SIM_GPU_TESTS=require, but no Vulkan, Metal or Direct3D driver is installed"
            );
            found
        }
        other => panic!("SIM_GPU_TESTS is '{other}'; it must be require, auto or off"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_device_that_is_found_can_compute() {
        for device in devices_for_tests() {
            assert!(!device.name.is_empty() && !device.backend.is_empty(), "{device:?}");
            // What WebGPU promises of every device: W3C WebGPU, table of default limits.
            assert!(device.max_storage_binding_bytes >= 128 << 20, "{device:?}");
            assert!(device.max_buffer_bytes >= device.max_storage_binding_bytes, "{device:?}");
            assert!(device.max_workgroup_invocations >= 256, "{device:?}");
            assert!(device.max_workgroups_per_dimension >= 65_535, "{device:?}");
            assert_eq!(device.is_software, device.kind == AdapterKind::Software);
        }
    }

    #[test]
    fn asking_twice_gives_the_same_devices() {
        assert_eq!(devices_for_tests(), devices_for_tests());
    }
}
