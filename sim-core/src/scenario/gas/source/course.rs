//! Releases that are known beforehand: a mass within a time, rates over time.

use crate::gas::source::known_course;
use crate::scenario::Context;
use crate::scenario::forcing;
use crate::scenario::quantity::Dimension;
use crate::scenario::resolver::{SampleMeaning, SeriesKind};

use super::{Outflow, Reading};

/// Largest mass rate of a series, kg/s, and longest time of one, s.
const LARGEST: (f64, f64) = (5e4, 1e7);

impl Reading<'_, '_> {
    /// A mass that leaves within the duration.
    pub(super) fn known_mass(&self) -> Option<Outflow> {
        let mass = self
            .section
            .quantity("mass", Dimension::Mass, "mass that leaves (with known_mass, pool)")
            .between(1e-6, 1e9)
            .required()?;
        let state = known_course::at_rest(self.substance?, self.air_temperature, self.air_pressure);
        self.over_time(known_course::of_mass(mass, self.duration?, state), None)
    }

    /// Rates over time from a table or from two lists.
    pub(super) fn series(&self, context: &mut Context<'_, '_>) -> Option<Outflow> {
        let section = self.section;
        let file = section.text(
            "series",
            "CSV with a time column and a mass rate column whose header names the unit, e.g. rate_kg_s (with series)",
        );
        let times = section.quantities(
            "times",
            Dimension::Time,
            (0.0, LARGEST.1),
            "times of the rates instead of a CSV, rising (with series)",
        );
        let rates = section.quantities(
            "rates",
            Dimension::MassRate,
            (0.0, LARGEST.0),
            "one mass rate for each of the times (with series)",
        );
        let meaning = forcing::read_meaning(section);
        if section.describing() {
            return None;
        }
        if section.has("series") == (section.has("times") || section.has("rates")) {
            section.report(
                1020,
                "series",
                "the rates are missing or given twice",
                "give series = \"rates.csv\", or times = [\"0 s\", \"60 s\"] and rates = [\"2 kg/s\", \"0 kg/s\"]",
            );
            return None;
        }
        let points = match file {
            Some(path) => {
                let series =
                    forcing::sampled(section, "series", path, SeriesKind::MassRate, meaning, context)?;
                series.times().iter().copied().zip(series.values().iter().copied()).collect()
            }
            None => self.pairs(times, rates)?,
        };
        let Some(meaning) = meaning else {
            if file.is_none() && !section.has("samples") {
                section.report(
                    1021,
                    "rates",
                    "it is not said what the rates mean; the mass would be a guess",
                    "add samples = \"interval_start\", \"interval_end\" or \"line\"",
                );
            }
            return None;
        };
        if meaning == SampleMeaning::IntervalEnd && file.is_none() {
            let text = "the first rate of the lists would belong to an interval that has no beginning";
            let fix = "use samples = \"interval_start\" or \"line\" with lists";
            section.report(1177, "samples", text, fix);
            return None;
        }
        let course = self.course(points, meaning)?;
        let state = known_course::at_rest(self.substance?, self.air_temperature, self.air_pressure);
        self.over_time(known_course::of_rates(&course, state), None)
    }

    /// One rate for each time.
    fn pairs(&self, times: Option<Vec<f64>>, rates: Option<Vec<f64>>) -> Option<Vec<(f64, f64)>> {
        let section = self.section;
        for key in ["times", "rates"] {
            if !section.has(key) {
                section.report(1012, key, "the other list is there", "give as many times as rates");
            }
        }
        let (times, rates) = (times?, rates?);
        if times.len() != rates.len() || times.len() < 2 {
            let text = format!("{} times and {} rates", times.len(), rates.len());
            section.report(1170, "rates", text, "give as many rates as times, at least two");
            return None;
        }
        if let Some(pair) = times.windows(2).find(|pair| pair[1] <= pair[0]) {
            let text = format!("{} s follows {} s", pair[1], pair[0]);
            section.report(1171, "times", text, "sort the times; each stands once");
            return None;
        }
        Some(times.into_iter().zip(rates).collect())
    }

    /// The points between which the rates lie on straight lines.
    fn course(&self, points: Vec<(f64, f64)>, meaning: SampleMeaning) -> Option<Vec<(f64, f64)>> {
        let held = match meaning {
            SampleMeaning::Line => return Some(points),
            // A table is turned into rates that hold from their time on when it is read.
            SampleMeaning::IntervalEnd => points,
            SampleMeaning::IntervalStart => self.ended(points)?,
        };
        Some(held.windows(2).flat_map(|pair| [pair[0], (pair[1].0, pair[0].1)]).collect())
    }

    /// Rates that hold until the next one, with an end for the last of them.
    fn ended(&self, mut points: Vec<(f64, f64)>) -> Option<Vec<(f64, f64)>> {
        let &(last, rate) = points.last()?;
        if rate > 0.0 {
            match self.duration {
                Some(stopped) if stopped > last => points.push((stopped, 0.0)),
                Some(_) => {}
                None => {
                    let key = if self.section.has("rates") { "rates" } else { "series" };
                    let text = format!("the last rate of {rate} kg/s goes on for ever from {last} s");
                    let fix = "end with a rate of 0, or add duration = \"30 min\"";
                    self.section.report(1172, key, text, fix);
                    return None;
                }
            }
        }
        Some(points)
    }
}
