//! The kernels of puffs, put together for a number of levels.

use wgpu::ComputePipeline;

use super::supported::Room;
use crate::compute::Device;
use crate::shader::{self, Module, RECORD, STRENGTHS};

/// Columns and rows of receptors of a workgroup: a row of them is read in one go.
pub(super) const TILE: u32 = 32;

/// Rows of receptors of an invocation, so that a number read for a puff serves as many sums.
const STRIP: u32 = 4;

/// Invocations of a workgroup.
const GROUP: u32 = TILE * TILE / STRIP;

/// Puffs whose profiles lie in the memory of a workgroup at a time: 8 KiB.
const PICKED: u32 = 32;

/// Puffs of a workgroup that finds their strengths.
pub(super) const STRENGTHS_GROUP: u32 = 64;

/// Layers that keep no arrivals, levels of no load.
pub(super) const NONE: u32 = u32::MAX;

/// The kernels on a device.
#[derive(Debug)]
pub(super) struct Kernels {
    pub(super) weigh: ComputePipeline,
    pub(super) record: ComputePipeline,
}

/// Texts of both kernels: strengths, record.
fn texts(room: Room) -> [String; 2] {
    let words = [
        ("TILE", TILE),
        ("STRIP", STRIP),
        ("GROUP", GROUP),
        ("PICKED", PICKED),
        ("STRENGTHS_GROUP", STRENGTHS_GROUP),
        ("NO_ARRIVALS", NONE),
        ("NO_LOAD", NONE),
        ("LEVELS", room.levels as u32),
        ("LOADS", room.loads as u32),
    ];
    let constants: String =
        words.iter().map(|(name, value)| format!("const {name}: u32 = {value}u;\n")).collect();
    [&STRENGTHS[..], &RECORD[..]].map(|modules: &[Module]| {
        let joined: String = modules.iter().map(|module| module.text).collect();
        shader::compose(&format!("{constants}{joined}"))
    })
}

impl Kernels {
    pub(super) fn new(device: &Device, room: Room) -> Self {
        let [weigh, record] = texts(room);
        Self {
            weigh: device.pipeline(&device.module(&weigh), "weigh"),
            record: device.pipeline(&device.module(&record), "record"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shader::assert_sound;

    #[test]
    fn the_kernels_are_sound_without_a_device() {
        for (levels, loads) in [(1, 0), (3, 1), (2, 2)] {
            let room = Room { slots: 1, cells: 81, heights: 2, levels, loads };
            for text in texts(room) {
                assert_sound(&text);
            }
        }
    }
}
