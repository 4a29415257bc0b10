//! What the ground takes, on the device.

use sim_core::flood::Soil;
use sim_core::flood::infiltration::curve_number;
use sim_core::flood::step::lent::Lent;
use wgpu::Buffer;

use super::arrays::{READ, Sizes, WRITTEN, with_rest};
use crate::compute::Device;

/// The buffers of ground that takes water; next to nothing where it takes none.
#[derive(Debug)]
pub(super) struct Ground {
    /// Numbers of the store: one of each cell.
    pub(super) cells: usize,
    pub(super) store: Buffer,
    pub(super) classes: Buffer,
    pub(super) soils: Buffer,
    /// What the ground of each group took.
    pub(super) soaked: Buffer,
}

/// The number of its law and three numbers of a soil, as the kernels read them.
fn words(soil: &Soil) -> [u32; 4] {
    let numbers = match *soil {
        Soil::Sealed => [0.0; 3],
        Soil::Constant { rate } => [rate, 0.0, 0.0],
        Soil::InitialContinuing { initial, rate } => [initial, rate, 0.0],
        Soil::Horton { first_rate, last_rate, decay } => [first_rate, last_rate, decay],
        Soil::GreenAmpt { conductivity, suction, deficit } => [conductivity, suction * deficit, 0.0],
        Soil::CurveNumber { number, initial_share } => {
            let retention = curve_number::retention(number);
            [initial_share * retention, retention, 0.0]
        }
    };
    let [a, b, c] = numbers.map(|number| (number as f32).to_bits());
    [soil.law() as u32, a, b, c]
}

impl Ground {
    /// The ground of a solver.
    pub(super) fn new(device: &Device, sizes: Sizes, lent: &Lent<'_>) -> Self {
        let (soils, store) = (&lent.ground.soils, &lent.ground.store);
        let mut classes = soils.class_of().to_vec();
        if !store.is_empty() {
            classes.resize(store.len().next_multiple_of(size_of::<u32>()), 0);
        }
        let packed = classes
            .chunks_exact(size_of::<u32>())
            .map(|four| four.iter().rev().fold(0, |word, &class| word << u8::BITS | u32::from(class)));
        Self {
            cells: store.len(),
            store: device
                .filled(WRITTEN, store.iter().flat_map(|&number| with_rest(number)).map(f32::to_bits)),
            classes: device.filled(READ, packed),
            soils: device.filled(READ, soils.classes().iter().flat_map(words)),
            soaked: device.zeros(WRITTEN, 2 * sizes.group_count()),
        }
    }
}
