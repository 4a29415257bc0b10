//! Named places: what people outdoors and indoors breathe there, and when.

use crate::error::Result;
use crate::gas::hazard::indoor::indoor_history;
use crate::gas::hazard::toxic_load::History;

/// A school, a hospital, a control room.
#[derive(Debug, Clone, PartialEq)]
pub struct Receptor {
    /// Its name.
    pub name: String,
    /// Place on the grid, m.
    pub x: f64,
    /// Place on the grid, m.
    pub y: f64,
    /// Height above its ground, m.
    pub height: f64,
    /// Ground there above that of the source, m; negative where it is lower.
    pub ground: f64,
    /// How often the building there changes its air, per hour; none for a place outdoors.
    pub air_changes_per_hour: Option<f64>,
}

/// What a receptor has seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The receptor.
    pub receptor: Receptor,
    /// Outdoors, ppm over time.
    pub outdoors: History,
    /// Indoors with doors and windows closed, where the building changes its air at a known rate.
    pub indoors: Option<History>,
}

impl Seen {
    /// What is seen at a receptor from the history outdoors.
    ///
    /// # Errors
    /// E4510 an air-change rate that cannot be.
    pub fn new(receptor: Receptor, outdoors: History) -> Result<Self> {
        let indoors =
            receptor.air_changes_per_hour.map(|rate| indoor_history(&outdoors, rate)).transpose()?;
        Ok(Self { receptor, outdoors, indoors })
    }
}

/// Largest concentration of a history, ppm, and when it is first there, s.
pub fn largest(history: &History) -> (f64, f64) {
    let higher =
        |best: (f64, f64), (&time, &ppm): (&f64, &f64)| if ppm > best.0 { (ppm, time) } else { best };
    history.times.iter().zip(&history.ppm).fold((0.0, f64::NAN), higher)
}

/// First time at which a history has a concentration, s; on the straight line between samples.
///
/// # Example
/// ```
/// use sim_core::gas::hazard::toxic_load::History;
/// use sim_core::gas::receptor::first_time;
/// let rising = History::new(vec![0.0, 100.0, 200.0], vec![0.0, 0.0, 50.0])?;
/// assert_eq!(first_time(&rising, 25.0), Some(150.0));
/// assert_eq!(first_time(&rising, 60.0), None);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn first_time(history: &History, ppm: f64) -> Option<f64> {
    let (times, values) = (&history.times, &history.ppm);
    let at = values.iter().position(|&value| value >= ppm)?;
    if at == 0 {
        return Some(times[0]);
    }
    let share = (ppm - values[at - 1]) / (values[at] - values[at - 1]);
    Some(times[at - 1] + share * (times[at] - times[at - 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(rate: Option<f64>) -> Receptor {
        Receptor {
            name: "house".into(),
            x: 0.0,
            y: 0.0,
            height: 1.5,
            ground: 0.0,
            air_changes_per_hour: rate,
        }
    }

    #[test]
    fn a_closed_house_sees_less_and_later_than_the_street() {
        let street =
            History::new(vec![0.0, 60.0, 61.0, 660.0, 661.0, 3600.0], vec![0.0, 0.0, 80.0, 80.0, 0.0, 0.0]);
        let seen = Seen::new(house(Some(0.5)), street.expect("a history")).expect("a house");
        let indoors = seen.indoors.expect("a building");
        let (outside, inside) = (largest(&seen.outdoors), largest(&indoors));
        assert!(inside.0 < 0.1 * outside.0 && inside.1 > outside.1);
        assert!(first_time(&indoors, 1.0) > first_time(&seen.outdoors, 1.0));
        assert!(Seen::new(house(None), seen.outdoors.clone()).expect("a place").indoors.is_none());
        assert_eq!(Seen::new(house(Some(-1.0)), seen.outdoors).expect_err("no rate").0[0].code.0, 4510);
    }
}
