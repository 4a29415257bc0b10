//! Gas that leaks inside a room: how fast it becomes explosive.

use crate::error::Result;
use crate::gas::hazard::bounds::{Bound, none_of, refuse};
use crate::units::HOUR;

/// A steady leak into a ventilated room.
///
/// $$ y(t) = \frac{q}{F + q}\left(1 - e^{-(F + q) t / V}\right), \qquad F = \lambda V $$
///
/// The gas is mixed evenly in a share of the room. For a gas lighter than air that
/// leaks at some height this is the part above the leak: mixed over the whole room,
/// the layer below the ceiling would be underestimated. The air that thins it is
/// then taken to be that part's own share of the ventilation, which is the smaller,
/// and so the safer, choice.
///
/// # Valid for
/// A leak small against the room and steady; no draught that blows the layer apart,
/// nor one that the gas itself drives through high openings.
///
/// # Source
/// firedata, *Gas Concentration Over Time* (constant leak and ventilation, a part of
/// the volume); layers in the upper part of a room: lowesmith2009, abstract.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoomLeak {
    /// Volume of the room, m³.
    pub volume: f64,
    /// Air changes of the room per hour; 0 for a sealed room.
    pub air_changes_per_hour: f64,
    /// Leak at the pressure and temperature of the room, m³/s.
    pub leak: f64,
    /// Share of the room in which the gas is mixed: 1 the whole, less for the part above the leak.
    pub mixed_share: f64,
}

impl RoomLeak {
    /// A leak mixed over the whole room.
    pub fn well_mixed(volume: f64, air_changes_per_hour: f64, leak: f64) -> Self {
        Self { volume, air_changes_per_hour, leak, mixed_share: 1.0 }
    }

    /// A light gas from a leak at a height in a room of upright walls: mixed above the leak.
    pub fn below_the_ceiling(self, leak_height: f64, room_height: f64) -> Self {
        Self { mixed_share: 1.0 - leak_height / room_height, ..self }
    }

    /// Refuses what cannot be.
    ///
    /// # Errors
    /// E4512 a volume, leak, air-change rate or share out of range.
    pub fn check(&self) -> Result<()> {
        let bounds = [
            Bound::above("volume of the room", self.volume, 0.0, 1e7, "m³"),
            Bound::from("air-change rate", self.air_changes_per_hour, 0.0, 100.0, "per hour"),
            Bound::above("leak", self.leak, 0.0, 100.0, "m³/s"),
            Bound::above("mixed share of the room", self.mixed_share, 0.0, 1.0, ""),
        ];
        none_of(refuse(
            4512,
            &bounds,
            "check the unit; the leak is m³/s of gas at room conditions, its height is below the ceiling",
        ))
    }

    fn mixed_volume(&self) -> f64 {
        self.volume * self.mixed_share
    }

    /// Air that thins the gas, m³/s.
    fn air(&self) -> f64 {
        self.air_changes_per_hour / HOUR * self.mixed_volume()
    }

    /// Volume fraction that is reached in the end.
    ///
    /// # Errors
    /// E4512 a value that cannot be.
    pub fn steady_fraction(&self) -> Result<f64> {
        self.check()?;
        Ok(self.leak / (self.air() + self.leak))
    }

    /// Volume fraction some time after the leak began, s.
    ///
    /// # Errors
    /// E4512 a value that cannot be.
    pub fn fraction_at(&self, time: f64) -> Result<f64> {
        let exchange = (self.air() + self.leak) * time.max(0.0) / self.mixed_volume();
        Ok(self.steady_fraction()? * -(-exchange).exp_m1())
    }

    /// Time until a volume fraction is reached, s; nothing if it never is.
    ///
    /// # Errors
    /// E4512 a value that cannot be.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::hazard::indoor_leak::RoomLeak;
    /// // 1 L/s of methane into a sealed kitchen of 30 m³: 5 % after −30 ln(0.95)/0.001 s.
    /// let kitchen = RoomLeak::well_mixed(30.0, 0.0, 0.001);
    /// let time = kitchen.time_to(0.05)?.expect("it is reached");
    /// assert!((time - 1538.8).abs() < 0.1);
    /// // One air change per hour keeps it below: 0.001 / (0.00833 + 0.001) = 10.7 % is still above 5 %.
    /// assert!((RoomLeak::well_mixed(30.0, 1.0, 0.001).steady_fraction()? - 0.1071).abs() < 1e-4);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn time_to(&self, fraction: f64) -> Result<Option<f64>> {
        let steady = self.steady_fraction()?;
        if fraction >= steady {
            return Ok(None);
        }
        let time = -(-fraction.max(0.0) / steady).ln_1p() * self.mixed_volume() / (self.air() + self.leak);
        Ok(Some(time))
    }

    /// Times to 10, 20 and 100 % of a lower flammable limit (a volume fraction), s.
    ///
    /// 10 and 20 % are where alarms and gas engineers act.
    ///
    /// # Errors
    /// E4512 a value that cannot be.
    pub fn times_to_shares(&self, lower_limit: f64) -> Result<[(f64, Option<f64>); 3]> {
        let time = |share: f64| Ok::<_, crate::error::Problems>((share, self.time_to(share * lower_limit)?));
        Ok([time(0.1)?, time(0.2)?, time(1.0)?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomLeak =
        RoomLeak { volume: 50.0, air_changes_per_hour: 0.5, leak: 0.002, mixed_share: 1.0 };

    #[test]
    fn gas_that_leaked_is_in_the_room_or_has_left_it() {
        // V dy/dt = q − (F + q) y, checked by a central difference.
        for time in [10.0, 600.0, 7200.0] {
            let y = |t: f64| ROOM.fraction_at(t).expect("sound");
            let rate = (y(time + 0.5) - y(time - 0.5)) * ROOM.volume;
            let expected = ROOM.leak - (ROOM.air() + ROOM.leak) * y(time);
            assert!((rate - expected).abs() < 1e-9, "{time}");
        }
    }

    #[test]
    fn a_fraction_is_there_at_its_time_and_never_above_the_steady_one() {
        let steady = ROOM.steady_fraction().expect("sound");
        for share in [0.001, 0.1, 0.9, 0.999] {
            let time = ROOM.time_to(share * steady).expect("sound").expect("reached");
            assert!((ROOM.fraction_at(time).expect("sound") / (share * steady) - 1.0).abs() < 1e-12);
        }
        assert_eq!(ROOM.time_to(steady).expect("sound"), None);
        assert!(ROOM.fraction_at(1e9).expect("sound") <= steady);
    }

    #[test]
    fn without_ventilation_a_room_ends_full_of_gas() {
        let sealed = RoomLeak { air_changes_per_hour: 0.0, ..ROOM };
        assert_eq!(sealed.steady_fraction().expect("sound"), 1.0);
        // As long as it is thin, the gas in the room is what leaked.
        let early = sealed.fraction_at(1.0).expect("sound");
        assert!((early / (0.002 / 50.0) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn a_layer_below_the_ceiling_is_explosive_sooner_and_richer() {
        let layer = ROOM.below_the_ceiling(1.8, 2.4);
        assert!((layer.mixed_share - 0.25).abs() < 1e-12);
        assert!(layer.steady_fraction().expect("sound") > ROOM.steady_fraction().expect("sound"));
        let (above, whole) = (layer.time_to(0.05).expect("sound"), ROOM.time_to(0.05).expect("sound"));
        assert!(above.expect("reached") < whole.expect("reached"));
    }

    #[test]
    fn the_shares_of_the_limit_come_one_after_the_other() {
        let times = ROOM.times_to_shares(0.05).expect("sound");
        let seconds: Vec<f64> = times.iter().filter_map(|row| row.1).collect();
        assert!(seconds.len() == 3 && seconds.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((ROOM.fraction_at(seconds[1]).expect("sound") - 0.01).abs() < 1e-12);
    }

    #[test]
    fn a_room_that_cannot_be_is_refused_with_every_mistake() {
        let wrong = RoomLeak { volume: 0.0, air_changes_per_hour: -1.0, leak: 0.0, mixed_share: 1.5 };
        let problems = wrong.steady_fraction().expect_err("four mistakes");
        assert!(problems.0.len() == 4 && problems.0.iter().all(|problem| problem.code.0 == 4512));
        assert!(ROOM.below_the_ceiling(2.5, 2.4).check().is_err(), "a leak above the ceiling");
    }
}
