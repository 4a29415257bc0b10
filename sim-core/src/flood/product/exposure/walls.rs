//! The water around blocked buildings: what those inside have to do with.

use std::borrow::Cow;

use crate::flood::product::Evidence;
use crate::grid::Field;

/// Depths and arrivals in which a blocked building has those of the street along its walls.
///
/// No water is computed in a blocked building, and people counted there are not dry for it.
pub(super) struct Walls<'e> {
    /// Largest depth, m.
    pub(super) depth: Cow<'e, Field>,
    /// First time above the waterlogging depth, s; infinite if never.
    pub(super) arrival: Cow<'e, Field>,
    /// The same without what was put into buildings.
    pub(super) open_arrival: &'e Field,
}

impl<'e> Walls<'e> {
    pub(super) fn new(evidence: &'e Evidence) -> Self {
        let open_arrival = &evidence.exceedance(evidence.settings.waterlogging_depth).first_above;
        let mut walls = Self {
            depth: Cow::Borrowed(&evidence.max_depth),
            arrival: Cow::Borrowed(open_arrival),
            open_arrival,
        };
        if !evidence.buildings.are_blocked() {
            return walls;
        }
        let (depth, arrival) = (walls.depth.to_mut(), walls.arrival.to_mut());
        for building in evidence.buildings.list() {
            let (mut deepest, mut first) = (0.0_f64, f64::INFINITY);
            for &cell in &building.street {
                deepest = deepest.max(evidence.max_depth[cell]);
                first = first.min(open_arrival[cell]);
            }
            building.cells.iter().for_each(|&cell| (depth[cell], arrival[cell]) = (deepest, first));
        }
        walls
    }
}
