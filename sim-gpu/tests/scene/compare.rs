//! Runs of a device held against those of the engine.

use sim_core::flood::flux::{self, Scheme};
use sim_core::product::Layer;
use sim_core::run::Unobserved;
use sim_core::run::flood::{FloodCase, FloodOutcome, Processor, simulate_on};
use sim_gpu::flood::FloodDevice;

use super::devices;

/// Depth from which a cell counts as wet where maps are compared, m.
const WET: f64 = 1e-3;

pub(crate) fn on_device(case: &FloodCase, device: &mut FloodDevice) -> FloodOutcome {
    simulate_on(case, &mut Unobserved, device).expect("a sound case")
}

pub(crate) fn on_processor(case: &FloodCase) -> FloodOutcome {
    simulate_on(case, &mut Unobserved, &mut Processor::default()).expect("a sound case")
}

/// Last frame and the raster of a name.
pub(crate) fn last_depth(outcome: &FloodOutcome) -> Vec<f64> {
    let frames = outcome.products.layers.iter().find_map(|layer| match layer {
        Layer::Frames(frames) => Some(frames),
        _ => None,
    });
    let last = frames.and_then(|frames| frames.values.last()).expect("a frame at the end");
    last.iter().map(|&depth| f64::from(depth)).collect()
}

pub(crate) fn raster(outcome: &FloodOutcome, name: &str) -> Vec<f64> {
    let found = outcome.products.layers.iter().find_map(|layer| match layer {
        Layer::Raster(raster) if raster.info.name == name => Some(raster),
        _ => None,
    });
    found.expect("the raster was asked for").values.iter().copied().collect()
}

pub(crate) fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).filter(|off| !off.is_nan()).fold(0.0, f64::max)
}

/// Runs a case on both and holds them against each other: depths at the end to a tenth of a
/// millimetre, wet cells, balance, bytes of a second run.
pub(crate) fn hold(name: &str, case: &FloodCase) {
    hold_by(&flux::ALL.map(|entry| entry.0), name, case);
}

/// The same by some schemes.
pub(crate) fn hold_by(schemes: &[Scheme], name: &str, case: &FloodCase) {
    for &scheme in schemes {
        let (scheme, courant) = (scheme, scheme.courant());
        hold_one(&format!("{name}, {}", scheme.name()), &FloodCase { scheme, courant, ..case.clone() });
    }
}

pub(crate) fn hold_one(name: &str, case: &FloodCase) {
    let mut case = case.clone();
    case.frame_times = vec![case.duration];
    let expected = on_processor(&case);
    for mut device in devices() {
        let found = on_device(&case, &mut device);
        let (depth, right) = (last_depth(&found), last_depth(&expected));
        let off = largest_difference(&depth, &right);
        let agree = depth.iter().zip(&right).filter(|(a, b)| (**a > WET) == (**b > WET)).count();
        let share = agree as f64 / depth.len() as f64;
        let told = format!(
            "{name}: {} and {} steps, depths differ by {off:.2e} m, {share:.5} of the cells agree about being wet, balance {:.1e}",
            found.steps, expected.steps, found.ledger.relative_error,
        );
        assert!(off <= 1e-4, "{told}");
        assert!(share > 0.999, "{told}");
        assert!(found.ledger.relative_error.abs() <= 1e-6, "{told}");
        let peaks = largest_difference(&raster(&found, "max_depth"), &raster(&expected, "max_depth"));
        assert!(peaks <= 1e-3, "{name}: largest depths differ by {peaks:e} m");
        let again = on_device(&case, &mut device);
        assert_eq!(found.steps, again.steps, "{name}");
        assert_eq!(found.ledger, again.ledger, "{name}");
        for (first, second) in found.products.layers.iter().zip(&again.products.layers) {
            assert_eq!(format!("{first:?}"), format!("{second:?}"), "{name}: a second run gives other bytes");
        }
    }
}
