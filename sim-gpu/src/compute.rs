//! A device, and kernels that read numbers and write numbers.

use sim_core::error::{Problem, Result};
use wgpu::util::DeviceExt;
use wgpu::{
    Adapter, Backends, BindGroupDescriptor, BindGroupEntry, BufferDescriptor, BufferUsages,
    CommandEncoderDescriptor, ComputePassDescriptor, ComputePipelineDescriptor, DeviceDescriptor, Instance,
    InstanceDescriptor, MapMode, PollType, Queue, ShaderModuleDescriptor, ShaderSource,
};

/// Invocations of one workgroup of [`Device::map`].
pub const WORKGROUP: usize = 64;

/// An opened device.
#[derive(Debug)]
pub struct Device {
    /// Name as the driver gives it.
    pub name: String,
    device: wgpu::Device,
    queue: Queue,
}

fn failed(what: &str, why: &impl std::fmt::Display) -> Problem {
    Problem::error(6100, format!("the device failed while {what}: {why}"))
        .fix("try another device (tuiyan list devices), or --device cpu")
}

impl Device {
    /// Opens a device by its place in [`crate::adapters`].
    ///
    /// # Errors
    /// E6100 there is no such device, or it does not open.
    pub fn open(index: usize) -> Result<Self> {
        let instance = Instance::new(InstanceDescriptor::new_without_display_handle());
        let mut found = pollster::block_on(instance.enumerate_adapters(Backends::all()));
        if index >= found.len() {
            let text = format!("there is no device {index}; this machine has {}", found.len());
            return Err(Problem::error(6100, text).fix("tuiyan list devices").into());
        }
        let adapter: Adapter = found.swap_remove(index);
        let wish = DeviceDescriptor { required_limits: adapter.limits(), ..DeviceDescriptor::default() };
        let (device, queue) =
            pollster::block_on(adapter.request_device(&wish)).map_err(|why| failed("it was opened", &why))?;
        Ok(Self { name: adapter.get_info().name, device, queue })
    }

    /// Runs `main` of a text once per item: numbers in, numbers out.
    ///
    /// The text finds `input` and `output` (arrays of f32) in group 0 at 0 and 1, and calls its
    /// entry point `main` with workgroups of [`WORKGROUP`].
    ///
    /// # Errors
    /// E6100 the device failed.
    pub fn map(&self, text: &str, input: &[f32], items: usize, outputs_per_item: usize) -> Result<Vec<f32>> {
        let module = self.device.create_shader_module(ShaderModuleDescriptor {
            label: None,
            source: ShaderSource::Wgsl(text.into()),
        });
        let pipeline = self.device.create_compute_pipeline(&ComputePipelineDescriptor {
            label: None,
            layout: None,
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        let bytes: Vec<u8> = input.iter().flat_map(|value| value.to_ne_bytes()).collect();
        let given = self.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: None,
            contents: &bytes,
            usage: BufferUsages::STORAGE,
        });
        let size = (items * outputs_per_item * size_of::<f32>()) as u64;
        let buffer = |usage| {
            self.device.create_buffer(&BufferDescriptor {
                label: None,
                size,
                usage,
                mapped_at_creation: false,
            })
        };
        let written = buffer(BufferUsages::STORAGE | BufferUsages::COPY_SRC);
        let read = buffer(BufferUsages::MAP_READ | BufferUsages::COPY_DST);
        let group = self.device.create_bind_group(&BindGroupDescriptor {
            label: None,
            layout: &pipeline.get_bind_group_layout(0),
            entries: &[
                BindGroupEntry { binding: 0, resource: given.as_entire_binding() },
                BindGroupEntry { binding: 1, resource: written.as_entire_binding() },
            ],
        });
        let mut encoder = self.device.create_command_encoder(&CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
            pass.set_pipeline(&pipeline);
            pass.set_bind_group(0, &group, &[]);
            pass.dispatch_workgroups(items.div_ceil(WORKGROUP) as u32, 1, 1);
        }
        encoder.copy_buffer_to_buffer(&written, 0, &read, 0, size);
        self.queue.submit([encoder.finish()]);
        let slice = read.slice(..);
        slice.map_async(MapMode::Read, |_| {});
        self.device.poll(PollType::wait_indefinitely()).map_err(|why| failed("it computed", &why))?;
        let mapped = slice.get_mapped_range().map_err(|why| failed("its numbers were read", &why))?;
        let numbers = mapped.chunks_exact(size_of::<f32>()).map(|word| {
            let mut bytes = [0; size_of::<f32>()];
            bytes.copy_from_slice(word);
            f32::from_ne_bytes(bytes)
        });
        Ok(numbers.collect())
    }
}
