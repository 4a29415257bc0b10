//! The kernels of a flood, put together for a case.

use sim_core::flood::flux::Scheme;
use sim_core::flood::hazard;
use sim_core::flood::infiltration::Law;
use sim_core::flood::state::Friction;
use sim_core::flood::step::lent::{AtRim, Falling, Lent};
use wgpu::ComputePipeline;

use crate::compute::Device;
use crate::shader::{self, FIRST_ORDER, INERTIAL, Module, PLAN, RIM, SECOND_ORDER, SOILS, VOLUMES};

/// Invocations of the workgroup that plans a step; it also notes the watched cells.
const PLAN_GROUP: u32 = 64;

/// Words of the note of a step: elapsed time with its rest, length, wet cells.
pub(super) const NOTE_HEAD: usize = 4;

/// Words of the note of a watched cell: depth, velocity along x and y.
pub(super) const NOTE_CELL: usize = 3;

/// Kinds of boundaries with water of their own.
pub(super) const RIM_SLOPE: u32 = 0;
pub(super) const RIM_STAGE: u32 = 1;
pub(super) const RIM_DISCHARGE: u32 = 2;
pub(super) const RIM_RATING: u32 = 3;

/// Bits that say what a face of the rim is, and the one of a wall on a part of a side.
const RIM_KIND: u32 = 7;
pub(super) const RIM_PIER: u32 = 8;

/// Number of what a face of the rim is.
pub(super) fn number_at_rim(face: AtRim) -> u32 {
    match face {
        AtRim::Wall => 0,
        AtRim::Open => 1,
        AtRim::Ghost => 2,
        AtRim::Given => 3,
    }
}

/// Where no number is broken.
pub(super) const NOTHING_BROKEN: u32 = u32::MAX;

/// What the kernels of a case read of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Options {
    pub(super) scheme: Scheme,
    /// Manning's n differs from cell to cell.
    pub(super) varied_friction: bool,
    /// How rain reaches the cells.
    pub(super) falling: Falling,
    /// Which of [`hazard::ALL`] are rated.
    pub(super) hazards: [bool; hazard::ALL.len()],
    /// Number of thresholds.
    pub(super) thresholds: usize,
    /// Parts of the rim are more than walls and open edges.
    pub(super) has_boundaries: bool,
    /// The ground takes water.
    pub(super) has_soils: bool,
}

impl Options {
    pub(super) fn of(lent: &Lent<'_>) -> Self {
        Self {
            scheme: lent.params.scheme,
            varied_friction: matches!(lent.terrain.friction, Friction::Field(_)),
            falling: lent.falling,
            hazards: hazard::ALL.map(|scheme| lent.hazards.iter().any(|peak| peak.scheme == scheme)),
            thresholds: lent.thresholds.len(),
            has_boundaries: lent.has_boundaries,
            has_soils: !lent.ground.store.is_empty(),
        }
    }

    /// Columns and rows of cells of one workgroup.
    ///
    /// Rows of 32 are read in one go; cells half a step ahead, or discharges with their limits, take so
    /// much of the memory of a workgroup (32 KiB on almost every device) that there are fewer.
    pub(super) fn group(self) -> (u32, u32) {
        match self.scheme {
            Scheme::FirstOrder => (32, 8),
            Scheme::SecondOrder | Scheme::Inertial => (16, 8),
        }
    }

    /// The functions that tell apart what differs from cell to cell.
    fn text(self) -> String {
        let friction = if self.varied_friction { "friction_of[at]" } else { "shape.friction" };
        let (rain, falls) = match self.falling {
            Falling::Everywhere => ("clock.rain", "clock.rain > 0.0"),
            Falling::Rates => ("rain_rates[at] * clock.dt", "falls[group] == 1u"),
            Falling::Shares => ("rain_rates[at] * clock.rain", "falls[group] == 1u && clock.rain > 0.0"),
        };
        let ratings: String =
            self.rated().enumerate().map(|(number, scheme)| rating(number, scheme)).collect();
        format!(
            "fn friction_at(at: u32) -> f32 {{ return {friction}; }}\n\
             fn rain_at(at: u32) -> f32 {{ return {rain}; }}\n\
             fn rains_on(group: u32) -> bool {{ return {falls}; }}\n\
             fn note_hazards(at: u32, deep: f32, speed: f32) {{\n{ratings}}}\n{}{}",
            self.rim_in_sweep(),
            self.ground_in_sweep()
        )
    }

    /// What the sweep looks up at the rim.
    fn rim_in_sweep(self) -> String {
        let (given, meets) = if self.has_boundaries {
            ("given[place]", "lists[shape.met + group] == 1u")
        } else {
            ("0.0", "false")
        };
        format!(
            "fn given_at(place: u32) -> f32 {{ return {given}; }}\n\
             fn meets_boundary(group: u32) -> bool {{ return {meets}; }}\n"
        )
    }

    /// What the ground takes.
    fn ground_in_sweep(self) -> String {
        if self.has_soils {
            let laws = [
                ("INITIAL_CONTINUING", Law::InitialContinuing),
                ("HORTON", Law::Horton),
                ("GREEN_AMPT", Law::GreenAmpt),
                ("CURVE_NUMBER", Law::CurveNumber),
            ];
            let constants = laws.map(|(name, law)| format!("const SOIL_{name}: u32 = {}u;\n", law as u32));
            return constants.concat() + SOILS.text;
        }
        "fn soil_capacity(at: u32, rain: f32) -> f32 { return 0.0; }\n\
         fn soak(at: u32, rain: f32, capacity: f32, lost: f32) {}\n\
         fn add_up_soaked(group: u32, lane: u32) {}\n"
            .to_owned()
    }

    /// What the plan does at the rim.
    fn rim_in_plan(self) -> String {
        if self.has_boundaries {
            return format!("{}fn rates_at_rim() -> vec2<f32> {{ return rim_rates; }}\n", RIM.text);
        }
        "fn fill_rim(lane: u32, elapsed: f32) {}\n\
         fn rates_at_rim() -> vec2<f32> { return vec2<f32>(0.0, 0.0); }\n"
            .to_owned()
    }

    /// Schemes of hazard that are rated.
    fn rated(self) -> impl Iterator<Item = hazard::Scheme> {
        hazard::ALL.into_iter().zip(self.hazards).filter(|(_, is_rated)| *is_rated).map(|(scheme, _)| scheme)
    }

    /// True if the sweep reads something of the rain from cell to cell.
    pub(super) fn rains_by_cell(self) -> bool {
        self.falling != Falling::Everywhere
    }

    /// True if any hazard is rated.
    pub(super) fn rates_hazards(self) -> bool {
        self.hazards.contains(&true)
    }

    fn constants(self) -> String {
        let group = self.group();
        let [wall, open, ghost, given] =
            [AtRim::Wall, AtRim::Open, AtRim::Ghost, AtRim::Given].map(number_at_rim);
        format!(
            "const GROUP_X: u32 = {}u;\nconst GROUP_Y: u32 = {}u;\nconst PLAN_GROUP: u32 = {PLAN_GROUP}u;\n\
             const NOTE_HEAD: u32 = {NOTE_HEAD}u;\nconst NOTE_CELL: u32 = {NOTE_CELL}u;\n\
             const NOTHING_BROKEN: u32 = {NOTHING_BROKEN}u;\nconst THRESHOLDS: u32 = {}u;\n\
             const RIM_WALL: u32 = {wall}u;\nconst RIM_OPEN: u32 = {open}u;\nconst RIM_GHOST: u32 = {ghost}u;\n\
             const RIM_GIVEN: u32 = {given}u;\nconst RIM_SLOPE: u32 = {RIM_SLOPE}u;\n\
             const RIM_STAGE: u32 = {RIM_STAGE}u;\nconst RIM_DISCHARGE: u32 = {RIM_DISCHARGE}u;\n\
             const RIM_RATING: u32 = {RIM_RATING}u;\nconst RIM_KIND: u32 = {RIM_KIND}u;\n\
             const RIM_PIER: u32 = {RIM_PIER}u;\n",
            group.0, group.1, self.thresholds
        )
    }
}

/// The line that rates a cell by the scheme whose array has a number.
fn rating(number: usize, scheme: hazard::Scheme) -> String {
    let rated = match scheme.debris_factors() {
        None => "aidr_rate(deep, speed)".to_owned(),
        Some((middle, most)) => format!("defra_rate(deep, speed, vec2<f32>({middle:?}, {most:?}))"),
    };
    format!("note_worst({number}u * shape.cells + at, {rated});\n")
}

/// Texts of the three kernels: plan, sweep, volumes.
pub(super) fn texts(options: Options) -> [String; 3] {
    let sweep: &[Module] = match options.scheme {
        Scheme::FirstOrder => &FIRST_ORDER,
        Scheme::SecondOrder => &SECOND_ORDER,
        Scheme::Inertial => &INERTIAL,
    };
    let modules: [&[Module]; 3] = [&PLAN, sweep, &VOLUMES];
    let joined = modules.map(|modules| modules.iter().map(|module| module.text).collect::<String>());
    let [plan, sweep, volumes] =
        joined.map(|text| shader::compose(&format!("{}{text}", options.constants())));
    [plan + &options.rim_in_plan(), sweep + &options.text(), volumes]
}

/// The kernels on a device.
#[derive(Debug)]
pub(super) struct Kernels {
    pub(super) plan: ComputePipeline,
    pub(super) close: ComputePipeline,
    pub(super) sweep: ComputePipeline,
    pub(super) total: ComputePipeline,
}

impl Kernels {
    pub(super) fn new(device: &Device, options: Options) -> Self {
        let [plan, sweep, volumes] = texts(options).map(|text| device.module(&text));
        Self {
            plan: device.pipeline(&plan, "plan"),
            close: device.pipeline(&plan, "close"),
            sweep: device.pipeline(&sweep, "sweep"),
            total: device.pipeline(&volumes, "total"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shader::assert_sound;

    #[test]
    fn the_kernels_are_sound_without_a_device() {
        for bits in 0..288 {
            let options = Options {
                scheme: [Scheme::FirstOrder, Scheme::SecondOrder, Scheme::Inertial][bits % 144 / 48],
                varied_friction: bits & 1 > 0,
                falling: [Falling::Everywhere, Falling::Rates, Falling::Shares][bits % 3],
                hazards: [bits & 2 > 0; 4],
                thresholds: if bits & 4 > 0 { 2 } else { 0 },
                has_boundaries: bits & 8 > 0,
                has_soils: bits >= 144,
            };
            for text in texts(options) {
                assert_sound(&text);
            }
        }
    }
}
