//! The shaders, put together: constants from the engine, then the modules in the order of their use.
//!
//! A module mirrors a file of `sim-core/src` path for path and holds the twins of its functions.
//! WGSL has no imports, so that modules are joined as text. To add one: a file under `shaders`,
//! one line in [`MODULES`], and for each of its functions a line in [`crate::parity::all`] (a test holds it).

use sim_core::flood::boundary::discharge::SMOOTHEST;
use sim_core::flood::flux::local_inertia::{OWN_WEIGHT, ROOM};
use sim_core::flood::friction::{INVERSE_CUBE_ROOT_GUESS, THIRD};
use sim_core::flood::hazard::aidr::LIMITS;
use sim_core::flood::hazard::defra::{DEEP, FAST, SHALLOW, STILL};
use sim_core::flood::record::SPEED_DEPTH;
use sim_core::gas::plume::{COSINES, IMAGES, SWITCH};
use sim_core::gas::puff::kernel::NORMALISER;
use sim_core::layer::flux::NO_WAVES;
use sim_core::layer::limits::{DRY_DEPTH, OUTSIDE_BED, STILL_SPEED};
use sim_core::layer::reconstruction::{
    BANK_SHARE, BESIDE_BANK, LARGEST_BESIDE_BANK, LARGEST_STEP, ROUNDING, STEEPNESS,
};
use sim_core::layer::time_step::{KINEMATIC_EXCESS, SHORTEST_STEP};
use sim_core::units::GRAVITY;

/// A module: its path below `shaders` and `sim-core/src`, without ending, and its text.
#[derive(Debug, Clone, Copy)]
pub struct Module {
    /// Path without ending.
    pub path: &'static str,
    /// Text in WGSL.
    pub text: &'static str,
}

macro_rules! module {
    ($path:literal) => {
        Module { path: $path, text: include_str!(concat!("../shaders/", $path, ".wgsl")) }
    };
}

/// All modules; each uses only those before it.
pub const MODULES: [Module; 24] = [
    module!("layer/extreme"),
    module!("layer/account"),
    module!("layer/edge"),
    module!("layer/time_step"),
    module!("layer/reconstruction"),
    module!("layer/flux"),
    module!("layer/hllc"),
    module!("flood/friction"),
    module!("flood/flux/half_step"),
    module!("flood/flux/local_inertia"),
    module!("flood/hazard/aidr"),
    module!("flood/hazard/defra"),
    module!("flood/boundary/characteristic"),
    module!("flood/boundary/stage"),
    module!("flood/boundary/slope"),
    module!("flood/boundary/discharge"),
    module!("flood/boundary/rating"),
    module!("flood/infiltration/initial_continuing"),
    module!("flood/infiltration/horton"),
    module!("flood/infiltration/green_ampt"),
    module!("flood/infiltration/curve_number"),
    module!("gas/exponential"),
    module!("gas/plume"),
    module!("gas/puff/kernel"),
];

/// What the kernels of a flood run tell each other.
const NUMBERS: Module = module!("flood/step/numbers");

/// What a sweep reads and writes, and what every scheme does with the cells.
const INPUTS: Module = module!("flood/sweep/inputs");
const CELLS: Module = module!("flood/sweep/cells");

/// Fluxes and cells of the schemes that solve Riemann problems.
const RIEMANN: Module = module!("flood/sweep/riemann");

// The kernels of a flood run. Whole runs of the engine hold their entry points and the functions in
// them to account (`tests/runs.rs`).

/// Notes a step and chooses the next one.
pub(crate) const PLAN: [Module; 2] = [NUMBERS, module!("flood/step/plan")];

/// The boundaries at the rim, where there are any.
pub(crate) const RIM: Module = module!("flood/boundary/rim");

/// What the ground takes, where it takes anything.
pub(crate) const SOILS: Module = module!("flood/sweep/soils");

/// A step of the first-order scheme.
pub(crate) const FIRST_ORDER: [Module; 5] =
    [NUMBERS, INPUTS, module!("flood/sweep/first_order"), CELLS, RIEMANN];

/// A step of the second-order scheme.
pub(crate) const SECOND_ORDER: [Module; 5] =
    [NUMBERS, INPUTS, module!("flood/sweep/second_order"), CELLS, RIEMANN];

/// A step of the local-inertia scheme.
pub(crate) const INERTIAL: [Module; 4] = [NUMBERS, INPUTS, CELLS, module!("flood/sweep/inertial")];

/// The volume of the water.
pub(crate) const VOLUMES: [Module; 2] = [NUMBERS, module!("flood/volumes")];

/// What the kernels of puffs tell each other.
const TABLES: Module = module!("gas/puff/tables");

/// The strength of puffs.
pub(crate) const STRENGTHS: [Module; 2] = [TABLES, module!("gas/puff/strengths")];

/// What receptors remember of puffs.
pub(crate) const RECORD: [Module; 2] = [TABLES, module!("gas/puff/record")];

/// A lid of this height is none, m: what acts lies above the ground.
pub(crate) const NO_LID: f32 = 0.0;

/// Below this e^x is no single of normal size: e^-87 is 1.6e-38.
pub(crate) const SMALLEST_SINGLE_ARGUMENT: f32 = -87.0;

/// The constants of the physics as WGSL, from those of the engine.
///
/// # Example
/// ```
/// assert!(sim_gpu::shader::constants().contains("const GRAVITY: f32 = 9.80665"));
/// ```
pub fn constants() -> String {
    let single = [
        ("GRAVITY", GRAVITY as f32),
        ("DRY_DEPTH", DRY_DEPTH as f32),
        ("NO_WAVES", NO_WAVES),
        ("KINEMATIC_EXCESS", KINEMATIC_EXCESS),
        ("DEFRA_SHALLOW", SHALLOW),
        ("DEFRA_DEEP", DEEP),
        ("DEFRA_FAST", FAST),
        ("DEFRA_STILL", STILL),
        ("STEEPNESS", STEEPNESS),
        ("LARGEST_STEP", LARGEST_STEP),
        ("BANK_SHARE", BANK_SHARE),
        ("BESIDE_BANK", BESIDE_BANK),
        ("LARGEST_BESIDE_BANK", LARGEST_BESIDE_BANK),
        ("ROUNDING", ROUNDING),
        ("STILL_SPEED", STILL_SPEED as f32),
        ("SPEED_DEPTH", SPEED_DEPTH as f32),
        ("SHORTEST_STEP", SHORTEST_STEP as f32),
        ("SMOOTHEST", SMOOTHEST as f32),
        ("OWN_WEIGHT", OWN_WEIGHT as f32),
        ("ROOM", ROOM as f32),
        // Between the highest ground above any datum and what lies outside the area.
        ("GROUND_ENDS", (0.5 * OUTSIDE_BED) as f32),
        ("PI", std::f32::consts::PI),
        ("SWITCH", SWITCH as f32),
        ("NORMALISER", NORMALISER as f32),
        ("NO_LID", NO_LID),
        ("SMALLEST_SINGLE_ARGUMENT", SMALLEST_SINGLE_ARGUMENT),
    ];
    let words =
        [("INVERSE_CUBE_ROOT_GUESS", INVERSE_CUBE_ROOT_GUESS), ("THIRD", THIRD), ("COSINES", COSINES as u32)];
    // `{:?}` prints as many digits as tell a number from its neighbours.
    let floats = single.iter().map(|(name, value)| format!("const {name}: f32 = {value:?};\n"));
    let integers = words.iter().map(|(name, value)| format!("const {name}: u32 = {value}u;\n"));
    let limits: Vec<String> = LIMITS
        .iter()
        .map(|(product, depth, speed)| format!("vec3<f32>({product:?}, {depth:?}, {speed:?})"))
        .collect();
    let limits = format!("const AIDR_LIMITS = array<vec3<f32>, {}>({});\n", limits.len(), limits.join(", "));
    let images = format!("const IMAGES: i32 = {IMAGES};\n");
    floats.chain(integers).chain([limits, images]).collect()
}

/// Constants, all modules and what comes after them.
pub fn compose(after: &str) -> String {
    let modules: String = MODULES.iter().map(|module| format!("{}\n", module.text)).collect();
    format!("{}\n{modules}{after}", constants())
}

/// Names of the functions that a text defines.
pub fn functions(text: &str) -> Vec<&str> {
    let named = text.lines().filter_map(|line| line.strip_prefix("fn "));
    named.filter_map(|rest| rest.split('(').next()).collect()
}

/// Fails with the place of the mistake where a text is no sound WGSL.
#[cfg(test)]
pub(crate) fn assert_sound(text: &str) {
    use naga::valid::{Capabilities, ValidationFlags, Validator};
    let parsed = naga::front::wgsl::parse_str(text);
    let module = parsed.unwrap_or_else(|mistake| panic!("{}", mistake.emit_to_string(text)));
    Validator::new(ValidationFlags::all(), Capabilities::empty())
        .validate(&module)
        .unwrap_or_else(|mistake| panic!("{}", mistake.emit_to_string(text)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_has_a_twin_at_its_path() {
        for module in MODULES {
            let twin = format!("{}/../sim-core/src/{}.rs", env!("CARGO_MANIFEST_DIR"), module.path);
            let text = std::fs::read_to_string(&twin).expect("the twin is there");
            for function in functions(module.text) {
                // Methods of a type there.
                let named = match function {
                    "hllc" => "flux",
                    "banks_of" => "of",
                    "aidr_rate" | "defra_rate" => "rate",
                    "stage_ghost" | "slope_ghost" | "discharge_ghost" | "rating_ghost" => "ghost",
                    "initial_capacity" | "horton_capacity" | "green_ampt_capacity" | "curve_capacity" => {
                        "capacity"
                    }
                    "horton_gain" => "store_after",
                    "rise_of" => "exp_minus",
                    // The language has it there.
                    "cube_root" => continue,
                    other => other,
                };
                assert!(text.contains(&format!("fn {named}")), "{function} has no twin in {twin}");
            }
        }
    }

    #[test]
    fn every_shader_is_used() {
        let flood = [&PLAN[..], &FIRST_ORDER, &SECOND_ORDER, &INERTIAL, &VOLUMES, &[RIM, SOILS]].concat();
        let known = [&MODULES[..], &flood, &STRENGTHS, &RECORD].concat();
        let known: Vec<String> = known.iter().map(|module| format!("{}.wgsl", module.path)).collect();
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("shaders");
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name =
                        path.strip_prefix(&root).expect("below it").to_string_lossy().replace('\\', "/");
                    assert!(known.contains(&name), "{name} is in no list");
                }
            }
        }
    }

    #[test]
    fn the_shaders_are_sound_without_a_device() {
        assert_sound(&compose(""));
    }
}
