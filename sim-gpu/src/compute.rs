//! A device, and kernels that read numbers and write numbers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use sim_core::error::{Problem, Result};
use wgpu::util::DeviceExt;
use wgpu::{
    Adapter, Backends, BindGroup, BindGroupDescriptor, BindGroupEntry, Buffer, BufferDescriptor,
    BufferUsages, CommandEncoderDescriptor, ComputePassDescriptor, ComputePipeline,
    ComputePipelineDescriptor, DeviceDescriptor, ErrorFilter, Instance, InstanceDescriptor, InstanceFlags,
    MapMode, PipelineCompilationOptions, PollType, Queue, ShaderModule, ShaderModuleDescriptor, ShaderSource,
    SubmissionIndex,
};

/// Invocations of one workgroup of [`Device::map`].
pub const WORKGROUP: usize = 64;

/// A sum of two arrays.
const TRIAD: &str = "\
    @group(0) @binding(0) var<storage, read> a: array<vec4<f32>>;\n\
    @group(0) @binding(1) var<storage, read> b: array<vec4<f32>>;\n\
    @group(0) @binding(2) var<storage, read_write> sum: array<vec4<f32>>;\n\
    @compute @workgroup_size(256)\n\
    fn triad(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {\n\
        let at = id.y * groups.x * 256u + id.x;\n\
        if at < arrayLength(&sum) { sum[at] = a[at] + 3.0 * b[at]; }\n\
    }\n";

/// Bytes of each of its arrays at most: more than any cache holds.
const TRIAD_BYTES: u64 = 512 << 20;

/// Invocations of its workgroups, each for 16 bytes.
const TRIAD_GROUP: u64 = 256;

/// Its workgroups in one direction: no more than every device takes.
const TRIAD_GROUPS_ACROSS: u32 = 32_768;

/// Sums between two looks at the clock.
const TRIADS: u64 = 10;

/// Bytes read back from an array at once.
const PIECE: u64 = 64 << 20;

/// Bytes of the pieces in which memory is asked for.
const ASKED: u64 = 1 << 30;

/// An opened device.
#[derive(Debug)]
pub struct Device {
    /// Name as the driver gives it.
    pub name: String,
    pub(crate) device: wgpu::Device,
    pub(crate) queue: Queue,
    /// First error that no call gave back.
    unheard: Arc<Mutex<Option<String>>>,
}

pub(crate) fn failed(what: &str, why: &impl std::fmt::Display) -> Problem {
    Problem::error(6100, format!("the device failed while {what}: {why}"))
        .fix("try another device (tuiyan list devices), or --device cpu")
}

impl Device {
    /// Opens a device by its place in [`crate::adapters`].
    ///
    /// # Errors
    /// E6100 there is no such device, or it does not open.
    pub fn open(index: usize) -> Result<Self> {
        let mut wish = InstanceDescriptor::new_without_display_handle();
        // The checks of indirect calls, of which there are none here, bound buffers to 4 GiB.
        wish.flags.remove(InstanceFlags::VALIDATION_INDIRECT_CALL);
        let instance = Instance::new(wish);
        let mut found = pollster::block_on(instance.enumerate_adapters(Backends::all()));
        if index >= found.len() {
            let text = format!("there is no device {index}; this machine has {}", found.len());
            return Err(Problem::error(6100, text).fix("tuiyan list devices").into());
        }
        let adapter: Adapter = found.swap_remove(index);
        let wish = DeviceDescriptor { required_limits: adapter.limits(), ..DeviceDescriptor::default() };
        let (device, queue) =
            pollster::block_on(adapter.request_device(&wish)).map_err(|why| failed("it was opened", &why))?;
        let unheard = Arc::new(Mutex::new(None));
        let first = Arc::clone(&unheard);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| error.to_string());
        }));
        Ok(Self { name: adapter.get_info().name, device, queue, unheard })
    }

    /// Gives back the first error that no call gave back.
    pub(crate) fn hear(&self, what: &str) -> Result<()> {
        let first = self.unheard.lock().unwrap_or_else(PoisonError::into_inner).take();
        first.map_or(Ok(()), |why| Err(failed(what, &why).into()))
    }

    /// Waits for what was submitted and reads a buffer that can be mapped, word by word.
    pub(crate) fn read(&self, buffer: &Buffer, bytes: u64) -> Result<Vec<u32>> {
        let slice = buffer.slice(..bytes);
        slice.map_async(MapMode::Read, |_| {});
        self.device.poll(PollType::wait_indefinitely()).map_err(|why| failed("it computed", &why))?;
        self.hear("it computed")?;
        let mapped = slice.get_mapped_range().map_err(|why| failed("its numbers were read", &why))?;
        let words = mapped.chunks_exact(size_of::<u32>()).map(|word| {
            let mut bytes = [0; size_of::<u32>()];
            bytes.copy_from_slice(word);
            u32::from_ne_bytes(bytes)
        });
        let words = words.collect();
        drop(mapped);
        buffer.unmap();
        Ok(words)
    }

    /// A buffer with these words, at least two.
    pub(crate) fn filled(&self, usage: BufferUsages, words: impl IntoIterator<Item = u32>) -> Buffer {
        let mut bytes: Vec<u8> = words.into_iter().flat_map(u32::to_ne_bytes).collect();
        bytes.resize(bytes.len().max(2 * size_of::<u32>()), 0);
        self.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: None,
            contents: &bytes,
            usage,
        })
    }

    /// A buffer of zeros, at least two words.
    pub(crate) fn zeros(&self, usage: BufferUsages, words: usize) -> Buffer {
        let size = (words.max(2) * size_of::<u32>()) as u64;
        self.device.create_buffer(&BufferDescriptor { label: None, size, usage, mapped_at_creation: false })
    }

    /// A text with kernels.
    pub(crate) fn module(&self, text: &str) -> ShaderModule {
        let source = ShaderSource::Wgsl(text.into());
        self.device.create_shader_module(ShaderModuleDescriptor { label: None, source })
    }

    /// A kernel of a text.
    pub(crate) fn pipeline(&self, module: &ShaderModule, entry_point: &str) -> ComputePipeline {
        self.device.create_compute_pipeline(&ComputePipelineDescriptor {
            label: Some(entry_point),
            layout: None,
            module,
            entry_point: Some(entry_point),
            compilation_options: PipelineCompilationOptions {
                // Everything in the memory of a workgroup is written before it is read.
                zero_initialize_workgroup_memory: false,
                ..PipelineCompilationOptions::default()
            },
            cache: None,
        })
    }

    /// Buffers of a kernel at their numbers.
    pub(crate) fn bind(&self, pipeline: &ComputePipeline, buffers: &[(u32, &Buffer)]) -> BindGroup {
        let entries: Vec<BindGroupEntry<'_>> = buffers
            .iter()
            .map(|&(binding, buffer)| BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        self.device.create_bind_group(&BindGroupDescriptor {
            label: None,
            layout: &pipeline.get_bind_group_layout(0),
            entries: &entries,
        })
    }

    /// Waits for a submission.
    pub(crate) fn wait_for(&self, index: SubmissionIndex) -> Result<()> {
        let wait = PollType::Wait { submission_index: Some(index), timeout: None };
        self.device.poll(wait).map_err(|why| failed("it computed", &why))?;
        self.hear("it computed")
    }

    /// Words of a buffer from some place on, piece by piece: more would take as much memory again on the host.
    pub(crate) fn words(&self, buffer: &Buffer, from: usize, count: usize) -> Result<Vec<u32>> {
        const WORD: u64 = size_of::<u32>() as u64;
        let (start, bytes) = (from as u64 * WORD, count as u64 * WORD);
        let size = bytes.clamp(WORD, PIECE);
        let usage = BufferUsages::MAP_READ | BufferUsages::COPY_DST;
        let wish = BufferDescriptor { label: None, size, usage, mapped_at_creation: false };
        let piece = self.device.create_buffer(&wish);
        let mut all = Vec::with_capacity(count);
        for offset in (0..bytes).step_by(PIECE as usize) {
            let here = (bytes - offset).min(PIECE);
            let mut encoder = self.device.create_command_encoder(&CommandEncoderDescriptor::default());
            encoder.copy_buffer_to_buffer(buffer, start + offset, &piece, 0, here);
            self.queue.submit([encoder.finish()]);
            all.extend(self.read(&piece, here)?);
        }
        Ok(all)
    }

    /// True where the device gives so much memory; it is asked for and let go again.
    pub(crate) fn has_room(&self, bytes: u64) -> Result<bool> {
        let most = self.device.limits().max_buffer_size.min(ASKED);
        let scope = self.device.push_error_scope(ErrorFilter::OutOfMemory);
        let piece = |from: u64| {
            // Whole words, as the device wants them.
            let size = (bytes - from).min(most).next_multiple_of(size_of::<u32>() as u64);
            let usage = BufferUsages::STORAGE;
            self.device.create_buffer(&BufferDescriptor {
                label: None,
                size,
                usage,
                mapped_at_creation: false,
            })
        };
        let pieces: Vec<Buffer> = (0..bytes).step_by(most as usize).map(piece).collect();
        let refused = pollster::block_on(scope.pop());
        drop(pieces);
        self.device.poll(PollType::wait_indefinitely()).map_err(|why| failed("it gave memory", &why))?;
        Ok(refused.is_none())
    }

    /// Bytes per second that the device reads and writes in a sum of two arrays: the best of a few
    /// times ten sums.
    ///
    /// # Errors
    /// E6100 the device failed.
    ///
    /// # Source
    /// The triad of McCalpin 1995 (`mccalpin1995`).
    pub fn memory_bandwidth(&self) -> Result<f64> {
        let pipeline = self.pipeline(&self.module(TRIAD), "triad");
        let limit = self.device.limits().max_storage_buffer_binding_size.min(TRIAD_BYTES);
        let groups = limit / (TRIAD_GROUP * 16);
        let bytes = groups * TRIAD_GROUP * 16;
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_SRC;
        let wish = BufferDescriptor { label: None, size: bytes, usage, mapped_at_creation: false };
        let arrays = [0, 1, 2].map(|_| self.device.create_buffer(&wish));
        let size = TRIAD_GROUP;
        let usage = BufferUsages::MAP_READ | BufferUsages::COPY_DST;
        let read = self.device.create_buffer(&BufferDescriptor {
            label: None,
            size,
            usage,
            mapped_at_creation: false,
        });
        let group = self.bind(&pipeline, &[(0, &arrays[0]), (1, &arrays[1]), (2, &arrays[2])]);
        let mut best = 0.0_f64;
        for _ in 0..5 {
            let begun = Instant::now();
            let mut encoder = self.device.create_command_encoder(&CommandEncoderDescriptor::default());
            {
                let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
                pass.set_pipeline(&pipeline);
                pass.set_bind_group(0, &group, &[]);
                for _ in 0..TRIADS {
                    pass.dispatch_workgroups(
                        TRIAD_GROUPS_ACROSS.min(groups as u32),
                        (groups as u32).div_ceil(TRIAD_GROUPS_ACROSS),
                        1,
                    );
                }
            }
            encoder.copy_buffer_to_buffer(&arrays[2], 0, &read, 0, size);
            self.queue.submit([encoder.finish()]);
            self.read(&read, size)?;
            best = best.max((3 * bytes * TRIADS) as f64 / begun.elapsed().as_secs_f64());
        }
        Ok(best)
    }

    /// Runs `main` of a text once per item: numbers in, numbers out.
    ///
    /// The text finds `input` and `output` (arrays of f32) in group 0 at 0 and 1, and calls its
    /// entry point `main` with workgroups of [`WORKGROUP`].
    ///
    /// # Errors
    /// E6100 the device failed.
    pub fn map(&self, text: &str, input: &[f32], items: usize, outputs_per_item: usize) -> Result<Vec<f32>> {
        let pipeline = self.pipeline(&self.module(text), "main");
        let given = self.filled(BufferUsages::STORAGE, input.iter().map(|value| value.to_bits()));
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
        let group = self.bind(&pipeline, &[(0, &given), (1, &written)]);
        let mut encoder = self.device.create_command_encoder(&CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&ComputePassDescriptor::default());
            pass.set_pipeline(&pipeline);
            pass.set_bind_group(0, &group, &[]);
            pass.dispatch_workgroups(items.div_ceil(WORKGROUP) as u32, 1, 1);
        }
        encoder.copy_buffer_to_buffer(&written, 0, &read, 0, size);
        self.queue.submit([encoder.finish()]);
        let words = self.read(&read, size)?;
        Ok(words.into_iter().map(f32::from_bits).collect())
    }
}
