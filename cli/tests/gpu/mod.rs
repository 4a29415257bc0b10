//! Whether tests find a graphics device.

/// `SIM_GPU_TESTS` is `require` (no device is a failure, as in CI), `off`, or `auto`, the default.
pub(crate) fn has_device() -> bool {
    let wish = std::env::var("SIM_GPU_TESTS").unwrap_or_else(|_| "auto".into());
    let found = wish != "off" && !sim_gpu::adapters().is_empty();
    assert!(found || wish != "require", "SIM_GPU_TESTS=require, but there is no device");
    found
}
