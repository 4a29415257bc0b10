//! A leak inside a room: when the air becomes dangerous.

use crate::error::Result;
use crate::gas::dispersion::Dispersion;
use crate::gas::effect::fuel;
use crate::gas::hazard::indoor_leak::RoomLeak;
use crate::units::GAS_CONSTANT;

/// A room into which gas leaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wish {
    /// Volume of the room, m³.
    pub volume: f64,
    /// Air changes per hour.
    pub air_changes_per_hour: f64,
    /// What leaks into it, kg/s.
    pub rate: f64,
    /// Height of the leak and of the room, m, for a light gas that fills the room from above.
    pub heights: Option<(f64, f64)>,
}

/// When the air of a room reaches shares of the lower flammable limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Filling {
    /// The room.
    pub room: RoomLeak,
    /// Lower flammable limit, volume fraction.
    pub lower_limit: f64,
    /// Volume fraction that is reached in the end.
    pub steady: f64,
    /// Shares of the limit, rising, with the time at which each is reached, s; none where it never is.
    pub times: Vec<(f64, Option<f64>)>,
}

/// How the room fills.
///
/// # Errors
/// E4650 for a gas that does not burn, E4512 for a room that cannot be.
pub fn find(wish: &Wish, dispersion: &Dispersion) -> Result<Filling> {
    let lower_limit = fuel(&dispersion.substance)?.lower;
    let air = &dispersion.weather[0];
    let molar_mass = dispersion.substance.molar_mass.value;
    let volume_rate = wish.rate * GAS_CONSTANT * air.air_temperature / (molar_mass * air.pressure);
    let mixed = RoomLeak::well_mixed(wish.volume, wish.air_changes_per_hour, volume_rate);
    let room = wish.heights.map_or(mixed, |(leak, height)| mixed.below_the_ceiling(leak, height));
    let times = room.times_to_shares(lower_limit)?.to_vec();
    Ok(Filling { room, lower_limit, steady: room.steady_fraction()?, times })
}

impl Filling {
    /// The times in words.
    pub fn in_words(&self) -> String {
        let time = |&(share, time): &(f64, Option<f64>)| {
            let percent = 100.0 * share;
            match time {
                Some(time) if time < 600.0 => format!("{percent:.0} % LEL after {time:.0} s"),
                Some(time) => format!("{percent:.0} % LEL after {:.0} min", time / 60.0),
                None => format!("{percent:.0} % LEL never"),
            }
        };
        let times: Vec<String> = self.times.iter().map(time).collect();
        times.join(", ")
    }
}
