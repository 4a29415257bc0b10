//! Bounds beyond which a number in a scenario is a slip and not a place on earth.

use super::asked::Asked;

/// Lowest level that is believed, m: the shore of the Dead Sea with some room.
pub(super) const LOWEST_LEVEL: f64 = -500.0;

/// Highest level that is believed, m: Mount Everest with some room.
pub(super) const HIGHEST_LEVEL: f64 = 9000.0;

impl Asked<'_, '_> {
    /// Keeps the value only if it is a level that ground or water on land can have, m.
    pub(super) fn a_level(self) -> Self {
        self.between(LOWEST_LEVEL, HIGHEST_LEVEL)
    }
}
