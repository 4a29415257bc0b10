//! Where a layer begins and where the ground ends.

/// Depth below which a cell is dry, m: its water stays where it is, without
/// speed, until more has gathered.
///
/// Far above the rounding of the depths around it (1e-16 of a metre of water),
/// so that discharge over depth is still a velocity; far below the rain of one
/// step (1 mm/h over 1 ms is 3e-10 m).
pub const DRY_DEPTH: f64 = 1e-10;

/// Speed below which water stands still, m/s: rounding alone moves it faster.
///
/// Squares of smaller ones would be below what single precision can hold without
/// losing digits and, on most machines, much time.
pub const STILL_SPEED: f64 = 1e-15;

/// Bed level given to cells outside the area, m: a wall higher than any water.
///
/// Above every mountain and small enough that a millimetre still counts beside it.
pub const OUTSIDE_BED: f64 = 1e6;

/// Largest bed level, by absolute value, that counts as ground, m.
pub const HIGHEST_GROUND: f64 = 1e5;
