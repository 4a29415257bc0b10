//! One step from random water, on a device beside the engine.

mod scene;

use scene::devices;
use sim_core::flood::flux;
use sim_gpu::stages::compare;

#[test]
fn every_array_and_sum_of_a_step_is_as_in_double_precision() {
    for mut device in devices() {
        for (scheme, name, _) in flux::ALL {
            for seed in 0..=7 {
                for found in compare(&mut device, scheme, seed).expect("one step") {
                    assert!(found.agrees(), "{name}, seed {seed}: {found:?}");
                }
            }
        }
    }
}
