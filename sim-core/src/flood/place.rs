//! Places that matter: what the water does at an underpass, a door, a gauge.

use crate::flood::passability;

/// A named place.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Name.
    pub name: String,
    /// What it is: `underpass`, `basement`, `gauge`, `road`, `other`.
    pub kind: String,
    /// Row and column of its lowest cell.
    pub cell: (usize, usize),
    /// Depth from which it is closed, m.
    pub closing_depth: f64,
}

/// Places of a run and what is recorded of each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Places {
    /// The places.
    pub list: Vec<Place>,
    /// Depths whose first exceedance is recorded, m.
    pub depths: Vec<f64>,
    /// Interval of the series, s.
    pub interval: f64,
}

/// First and last time of a condition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    /// End of the first step with it, s; infinite if there was none.
    pub first: f64,
    /// End of the last step with it, s.
    pub last: f64,
    /// Sum of the steps with it, s.
    pub seconds: f64,
}

impl Spell {
    /// Never.
    pub const NEVER: Self = Self { first: f64::INFINITY, last: f64::NEG_INFINITY, seconds: 0.0 };

    /// Notes a step.
    fn note(&mut self, holds: bool, time: f64, dt: f64) {
        if holds {
            self.first = self.first.min(time);
            self.last = time;
            self.seconds += dt;
        }
    }

    /// Time from which it no more held, if that was before the end, s.
    pub fn over(&self, end: f64) -> Option<f64> {
        (self.first.is_finite() && self.last < end).then_some(self.last)
    }
}

/// What happened at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Diary {
    /// Largest depth, m, and the time of it, s.
    pub peak: (f64, f64),
    /// Times above each of the depths of [`Places`].
    pub above: Vec<Spell>,
    /// Times above the closing depth.
    pub closed: Spell,
    /// Times in which each of [`passability::ALL`] did not get through.
    pub impassable: Vec<Spell>,
    /// Time, s, depth, m, and speed, m/s, at the interval of [`Places`].
    pub series: Vec<[f64; 3]>,
}

impl Diary {
    /// Nothing has happened yet.
    pub fn new(places: &Places) -> Self {
        Self {
            peak: (0.0, 0.0),
            above: vec![Spell::NEVER; places.depths.len()],
            closed: Spell::NEVER,
            impassable: vec![Spell::NEVER; passability::ALL.len()],
            series: Vec::new(),
        }
    }

    /// Notes the water after a step of `dt` that ended at `time`; a step of no length is the start.
    pub fn note(&mut self, places: &Places, place: &Place, (time, dt): (f64, f64), water: (f64, f64, f64)) {
        let (depth, speed) = (water.0, water.1.hypot(water.2));
        if depth > self.peak.0 {
            self.peak = (depth, time);
        }
        for (spell, &limit) in self.above.iter_mut().zip(&places.depths) {
            spell.note(depth > limit, time, dt);
        }
        self.closed.note(depth > place.closing_depth, time, dt);
        for (spell, traveller) in self.impassable.iter_mut().zip(passability::ALL) {
            spell.note(!traveller.passes(depth, speed), time, dt);
        }
        let due = self.series.len() as f64 * places.interval;
        if time >= due {
            self.series.push([time, depth, speed]);
        }
    }

    /// Every number in it, in a fixed order, without the series.
    pub fn numbers(&mut self) -> Vec<&mut f64> {
        let spells = self.above.iter_mut().chain([&mut self.closed]).chain(&mut self.impassable);
        let spells = spells.flat_map(|spell| [&mut spell.first, &mut spell.last, &mut spell.seconds]);
        [&mut self.peak.0, &mut self.peak.1].into_iter().chain(spells).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_underpass_closes_and_opens_again() {
        let places = Places {
            list: vec![Place {
                name: "u".into(),
                kind: "underpass".into(),
                cell: (0, 0),
                closing_depth: 0.27,
            }],
            depths: vec![0.15, 0.5],
            interval: 10.0,
        };
        let mut diary = Diary::new(&places);
        for (step, depth) in [0.0, 0.1, 0.2, 0.3, 0.4, 0.3, 0.2, 0.1].into_iter().enumerate() {
            let (time, dt) = (4.0 * step as f64, if step == 0 { 0.0 } else { 4.0 });
            diary.note(&places, &places.list[0], (time, dt), (depth, 0.1, 0.0));
        }
        assert_eq!(diary.peak, (0.4, 16.0));
        assert_eq!((diary.closed.first, diary.closed.over(28.0)), (12.0, Some(20.0)));
        assert_eq!((diary.above[0].first, diary.above[0].seconds), (8.0, 20.0));
        assert_eq!(diary.above[1], Spell::NEVER);
        // The small car stops above 30 cm and at no other time.
        assert_eq!((diary.impassable[2].first, diary.impassable[2].last), (16.0, 16.0));
        let times: Vec<f64> = diary.series.iter().map(|sample| sample[0]).collect();
        assert_eq!(times, [0.0, 12.0, 20.0]);
    }
}
