//! Where a free jet points.

use crate::gas::jet::Axis;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

use super::GAS_ONLY;

/// Keys of a free jet.
const KEYS: [&str; 2] = ["jet_elevation", "jet_towards"];

/// The axis of a free jet; none where gas begins at the hole as a plume.
pub(super) fn read(section: &Section<'_>, kind: Option<&str>) -> Option<Axis> {
    let elevation = section
        .quantity(
            "jet_elevation",
            Dimension::Angle,
            "angle of a free jet above level ground, \"90 deg\" upwards: the jet is followed until the wind takes over; absent for a hole in a trench, behind an obstacle or towards the ground, and where nobody knows (with sources of gas)",
        )
        .between(0.0, 90.0)
        .optional();
    let towards = section
        .quantity(
            "jet_towards",
            Dimension::Direction,
            "point of the compass that a free jet blows to; with the wind when absent",
        )
        .optional();
    if section.describing() {
        return None;
    }
    let is_gas = kind.is_none_or(|kind| GAS_ONLY.contains(&kind));
    for key in KEYS.into_iter().filter(|key| !is_gas && section.has(key)) {
        let fix = "remove it, or give the hole and its pressure with kind = \"gas_hole\"";
        section.report(
            4360,
            key,
            "only gas out of a hole of known pressure is a jet that can be followed",
            fix,
        );
    }
    if is_gas && section.has("jet_towards") && !section.has("jet_elevation") {
        let fix = "add jet_elevation = \"0 deg\", or remove jet_towards";
        section.report(4361, "jet_towards", "given without jet_elevation", fix);
    }
    Some(Axis { elevation: elevation?.to_radians(), towards_deg: towards })
}
