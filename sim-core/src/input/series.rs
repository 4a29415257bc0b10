//! Rain, losses, discharges, stages and mass rates in time, from CSV.
//!
//! The header names the columns and their units; a number without unit is an
//! error. What a sample means between its time and the next is not in the
//! file, and it matters: the same three lines `0,70 / 3600,70 / 7200,0` are
//! 140 mm of rain if a value holds until the next sample, 105 mm on straight
//! lines, and 70 mm if a value belongs to the interval that ends at its time.
//! So a [`SeriesFile`] keeps the raw samples, and the caller says what they
//! mean ([`SampleMeaning`]).

use std::path::Path;

use jiff::Timestamp;

use crate::error::{Problem, Result};
use crate::series::{Between, Series};
use crate::units;

use super::column_name::{ColumnName, Dimension};
use super::problem_list::ProblemList;
use super::table::{self, Table};
use super::time_column::{self, Times};

/// Rain intensity above which a sample is probably in another unit, m/s (500 mm/h).
///
/// The greatest rain known to have fallen in an hour is 401 mm (Shangdi, Inner
/// Mongolia, 1975); peaks of five minutes in design storms stay below 350 mm/h.
///
/// # Source
/// WMO-No. 1045, *Manual on Estimation of Probable Maximum Precipitation*, 2009,
/// table of the world's greatest observed point rainfalls.
pub const IMPLAUSIBLE_RAIN: f64 = 500.0 / (1000.0 * units::HOUR);

/// Discharge above which a sample is probably in another unit, m³/s.
///
/// The largest river, the Amazon at Óbidos, has carried about 370 000 m³/s.
///
/// # Source
/// J. E. O'Connor and J. E. Costa, *The World's Largest Floods, Past and
/// Present*, USGS Circular 1254, 2004.
pub const IMPLAUSIBLE_DISCHARGE: f64 = 400_000.0;

/// A distance between samples this many times the usual one is a gap.
///
/// One or two lost samples are common at stations; three in a row are a failure.
pub const GAP_FACTOR: f64 = 3.0;

/// Fewest samples from which amounts that never fall are taken for a running total.
const CUMULATIVE_SAMPLES: usize = 5;

/// What a series is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeriesQuantity {
    /// Rain: intensity (`mm/h`) or depth per interval (`mm`); SI m/s.
    Rain,
    /// Loss to soil or sewers (`mm/h`); SI m/s.
    Loss,
    /// Discharge (`m3/s`); SI m³/s.
    Discharge,
    /// Water level (`m`); SI m.
    Stage,
    /// Mass that leaks per time (`kg/s`); SI kg/s.
    MassRate,
}

impl SeriesQuantity {
    fn words(self) -> &'static str {
        match self {
            Self::Rain => "rain (an intensity like mm/h, or a depth per interval in mm)",
            Self::Loss => "a loss rate (like mm/h)",
            Self::Discharge => "a discharge (like m3/s)",
            Self::Stage => "a water level (like m)",
            Self::MassRate => "a mass rate (like kg/s)",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Rain => "rain_mm_h",
            Self::Loss => "loss_mm_h",
            Self::Discharge => "discharge_m3_s",
            Self::Stage => "stage_m",
            Self::MassRate => "rate_kg_s",
        }
    }

    fn dimension(self) -> Dimension {
        match self {
            Self::Rain | Self::Loss => Dimension::Speed,
            Self::Discharge => Dimension::Flow,
            Self::Stage => Dimension::Length,
            Self::MassRate => Dimension::MassFlow,
        }
    }

    fn fits(self, dimension: Dimension) -> bool {
        dimension == self.dimension() || self == Self::Rain && dimension == Dimension::Length
    }
}

/// What the number of a sample means around its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleMeaning {
    /// It holds from its time until the next sample.
    IntervalStart,
    /// It holds over the interval that ends at its time: rain gauges, WMO practice.
    IntervalEnd,
    /// It is the value at its time; straight lines lie between.
    Instant,
}

/// The raw samples of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesFile {
    /// What it is about.
    pub quantity: SeriesQuantity,
    /// Times as in the file, s; with stamps seconds after the first one. Strictly rising.
    pub times: Vec<f64>,
    /// Samples in SI: m/s, m³/s, m or kg/s; a depth per interval stays a depth, m.
    pub samples: Vec<f64>,
    /// True if every sample is the depth of rain that fell in its interval.
    pub is_depth_per_interval: bool,
    /// The first stamp, if the file has stamps.
    pub start: Option<Timestamp>,
    /// Header of the column that was read.
    pub column: String,
    /// SHA-256 of the bytes of the file, hexadecimal.
    pub sha256: String,
    /// What the user should know.
    pub warnings: Vec<Problem>,
    shown_as: String,
}

/// A series in time and what was assumed to make it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesReading {
    /// Values in SI over seconds.
    pub series: Series,
    /// Moment of time zero, if the file has stamps.
    pub start: Option<Timestamp>,
    /// What was assumed.
    pub warnings: Vec<Problem>,
}

/// Reads a series from CSV.
///
/// # Errors
/// Every mistake of the file at once: 3001–3007 the file and its header,
/// 3008–3012 columns and units, 3013–3021 rows, 3023 running totals.
///
/// # Example
/// ```
/// use sim_core::input::series::{SampleMeaning, SeriesQuantity, read_series};
/// let path = std::env::temp_dir().join("sim-core-example-rain.csv");
/// std::fs::write(&path, "time_min,rain_mm_h\n0,36\n30,0\n")?;
/// let file = read_series(&path, "rain.csv", SeriesQuantity::Rain)?;
/// let rain = file.series(SampleMeaning::IntervalStart)?.series;
/// // 36 mm/h for half an hour are 18 mm.
/// assert!((rain.integral(0.0, 3600.0) - 0.018).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_series(path: &Path, shown_as: &str, quantity: SeriesQuantity) -> Result<SeriesFile> {
    let mut problems = ProblemList::new(shown_as, table::MORE);
    let table = Table::read(path, shown_as, &mut problems)?;
    let times = time_column::times(&table, &mut problems);
    let time_column = times.as_ref().map(|times| times.column);
    let values = values(&table, time_column, quantity, &mut problems);
    let (Some(Times { column, seconds, start }), Some(values)) = (times, values) else {
        return Err(match problems.finish() {
            Err(problems) => problems,
            Ok(_) => unreachable!("a column is missing only with an error"),
        });
    };
    let file = SeriesFile {
        quantity,
        times: seconds,
        samples: values.samples,
        is_depth_per_interval: values.is_depth,
        start,
        column: table.columns[values.column].text.clone(),
        sha256: table.sha256.clone(),
        warnings: Vec::new(),
        shown_as: shown_as.into(),
    };
    if !problems.has_errors() {
        file.warn_about(&table, values.column, &mut problems);
        table.warn_unused(&[column, values.column], &mut problems);
    }
    let warnings = problems.finish()?;
    Ok(SeriesFile { warnings, ..file })
}

/// Times, values and what lies between them.
type Samples = (Vec<f64>, Vec<f64>, Between);

struct Values {
    column: usize,
    samples: Vec<f64>,
    is_depth: bool,
}

/// Reads the column of the quantity; a cell that is wrong becomes NaN and is reported.
fn values(
    table: &Table,
    time: Option<usize>,
    quantity: SeriesQuantity,
    problems: &mut ProblemList,
) -> Option<Values> {
    let fitting = |name: &ColumnName| name.unit.is_some_and(|unit| quantity.fits(unit.dimension));
    let found = table.fitting(fitting);
    let &[column] = found.as_slice() else {
        let others: Vec<usize> = (0..table.columns.len()).filter(|&column| Some(column) != time).collect();
        match (time, others.as_slice()) {
            // A single column beside the time must be meant: then its unit is the mistake.
            (Some(_), &[one]) => {
                problems.value_of(table.unit(one, quantity.dimension(), quantity.example()));
            }
            _ => problems.add(
                table
                    .not_one(3009, quantity.words(), &found)
                    .fix(format!("name one column like '{}'", quantity.example())),
            ),
        }
        return None;
    };
    let unit = table.columns[column].unit?;
    if is_running_total(&table.columns[column].name) {
        problems.add(
            Problem::error(3023, format!("column '{}' is a running total", table.columns[column].text))
                .at_line(table.header_line, column + 1)
                .fix(
                    "give the depth of each interval (the difference of neighbouring lines) or an intensity",
                ),
        );
    }
    let mut sample = |row: &table::Row| {
        let value = unit.to_si(row.number(column, problems)?);
        if value < 0.0 && quantity != SeriesQuantity::Stage {
            let text = "is negative";
            problems.add(
                row.mistake(3016, column, text)
                    .fix("a mark for missing data is not a value: leave the line out"),
            );
        }
        Some(value)
    };
    let samples = table.rows.iter().map(|row| sample(row).unwrap_or(f64::NAN)).collect();
    let is_depth = quantity == SeriesQuantity::Rain && unit.dimension == Dimension::Length;
    Some(Values { column, samples, is_depth })
}

fn is_running_total(name: &str) -> bool {
    ["cumul", "accum", "total", "累计", "累积"].iter().any(|word| name.contains(word))
}

impl SeriesFile {
    /// Warnings that need all samples; only called without errors.
    fn warn_about(&self, table: &Table, column: usize, problems: &mut ProblemList) {
        let place = |sample: usize, problem: Problem| problem.at_line(table.rows[sample].line, column + 1);
        if let Some((sample, steps)) = self.first_gap() {
            let text =
                format!("{steps:.0} s without a sample, more than {GAP_FACTOR} times the usual distance");
            problems.add(place(sample, Problem::warning(3033, text)).fix("check that no lines are missing"));
        }
        let (limit, unit, factor) = match self.quantity {
            SeriesQuantity::Rain => (IMPLAUSIBLE_RAIN, "mm/h", units::to_mm_h(1.0)),
            SeriesQuantity::Loss => (IMPLAUSIBLE_RAIN, "mm/h", units::to_mm_h(1.0)),
            SeriesQuantity::Discharge => (IMPLAUSIBLE_DISCHARGE, "m3/s", 1.0),
            SeriesQuantity::Stage => (f64::INFINITY, "m", 1.0),
            SeriesQuantity::MassRate => (f64::INFINITY, "kg/s", 1.0),
        };
        let rates = self.greatest_possible_rates();
        let peak = (0..rates.len()).max_by(|&a, &b| rates[a].total_cmp(&rates[b]));
        if let Some(peak) = peak.filter(|&peak| rates[peak] > limit) {
            let text = format!(
                "the peak is {:.0} {unit}, more than {:.0} {unit}",
                rates[peak] * factor,
                limit * factor
            );
            problems.add(place(peak, Problem::warning(3035, text)).fix("check the unit in the header"));
        }
        if self.looks_cumulative() {
            let last = self.samples.len() - 1;
            let text = "the amounts never fall and end at their largest: they look like a running total";
            problems.add(place(last, Problem::warning(3034, text)).fix("give the depth of each interval"));
        }
    }

    /// Samples as rates: a depth over the shorter of the intervals beside it.
    fn greatest_possible_rates(&self) -> Vec<f64> {
        if !self.is_depth_per_interval || self.times.len() < 2 {
            return self.samples.clone();
        }
        let interval = |sample: usize| {
            let steps = self.times.windows(2).map(|pair| pair[1] - pair[0]);
            let beside = steps.skip(sample.saturating_sub(1)).take(2);
            beside.fold(f64::INFINITY, f64::min)
        };
        self.samples.iter().enumerate().map(|(sample, depth)| depth / interval(sample)).collect()
    }

    fn first_gap(&self) -> Option<(usize, f64)> {
        let steps: Vec<f64> = self.times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let mut sorted = steps.clone();
        sorted.sort_by(f64::total_cmp);
        // Two distances have no usual one.
        let usual = sorted.get(sorted.len() / 2).filter(|_| sorted.len() > 2)?;
        steps.iter().position(|step| *step > GAP_FACTOR * usual).map(|before| (before + 1, steps[before]))
    }

    fn looks_cumulative(&self) -> bool {
        let never_falls = self.samples.windows(2).all(|pair| pair[0] <= pair[1]);
        let rises = self.samples.windows(2).filter(|pair| pair[0] < pair[1]).count();
        self.quantity == SeriesQuantity::Rain && never_falls && rises + 1 >= CUMULATIVE_SAMPLES
    }

    /// The series that the samples mean.
    ///
    /// Rain ends: after the last interval it is zero, and where the length of
    /// that interval is not in the file it is taken as long as the one before
    /// it, with a warning. A loss, a discharge or a stage keeps its last value.
    /// With stamps and [`SampleMeaning::IntervalEnd`], time zero is the
    /// beginning of the first interval; rain before time zero of a file
    /// without stamps is lost, with a warning.
    ///
    /// # Errors
    /// E3021 for rain in intervals with a single sample, whose length nobody
    /// knows; E3022 for depths per interval taken as instants.
    pub fn series(&self, meaning: SampleMeaning) -> Result<SeriesReading> {
        let mut problems = ProblemList::new(&self.shown_as, table::MORE);
        let is_rain = self.quantity == SeriesQuantity::Rain;
        let mut start = self.start;
        let made = match meaning {
            SampleMeaning::Instant => self.instants(&mut problems),
            _ if is_rain && self.times.len() < 2 => {
                problems.add(
                    Problem::error(3021, "a single sample of rain does not say how long it rained")
                        .fix("add a second line with the time at which the rain ends and the value 0"),
                );
                None
            }
            SampleMeaning::IntervalStart => self.holding_from_starts(&mut problems),
            SampleMeaning::IntervalEnd => self.holding_to_ends(&mut start, &mut problems),
        };
        let warnings = problems.finish()?;
        let Some(series) = made.and_then(|(times, values, between)| Series::new(times, values, between))
        else {
            unreachable!("times rise and numbers are finite: both were checked when the file was read")
        };
        Ok(SeriesReading { series, start, warnings })
    }

    fn instants(&self, problems: &mut ProblemList) -> Option<Samples> {
        if self.is_depth_per_interval {
            problems.add(
                Problem::error(
                    3022,
                    format!("column '{}' holds depths per interval, not values at instants", self.column),
                )
                .fix("say that samples belong to the interval that begins or that ends at their time"),
            );
            return None;
        }
        if self.quantity == SeriesQuantity::Rain && self.samples.last().is_some_and(|last| *last > 0.0) {
            problems.add(
                Problem::warning(
                    3032,
                    "the last sample is not zero: the rain goes on with it to the end of the run",
                )
                .fix("add a line with 0 at the time at which the rain ends"),
            );
        }
        Some((self.times.clone(), self.samples.clone(), Between::Line))
    }

    fn holding_from_starts(&self, problems: &mut ProblemList) -> Option<Samples> {
        let (mut times, mut values) = (self.times.clone(), self.samples.clone());
        if self.quantity != SeriesQuantity::Rain {
            return Some((times, values, Between::Step));
        }
        let last = times.len() - 1;
        let length = times[last] - times[last - 1];
        if self.is_depth_per_interval {
            let end = times[last] + length;
            let next = |sample: usize| times.get(sample + 1).copied().unwrap_or(end);
            values = (0..=last).map(|sample| values[sample] / (next(sample) - times[sample])).collect();
        }
        if values[last] > 0.0 {
            let end = times[last] + length;
            problems.add(
                Problem::warning(
                    3031,
                    format!("the last interval is taken as long as the one before it: rain ends at {end} s"),
                )
                .fix("add a line with 0 at the time at which the rain ends"),
            );
            times.push(end);
            values.push(0.0);
        }
        Some((times, values, Between::Step))
    }

    fn holding_to_ends(&self, start: &mut Option<Timestamp>, problems: &mut ProblemList) -> Option<Samples> {
        let is_rain = self.quantity == SeriesQuantity::Rain;
        let Some(length) = self.times.get(1).map(|second| second - self.times[0]) else {
            return Some((self.times.clone(), self.samples.clone(), Between::Step));
        };
        let mut ends = self.times.clone();
        if let Some(first) = *start {
            // The clock starts with the first interval, so that its rain is not before time zero.
            ends.iter_mut().for_each(|time| *time += length);
            *start = first.checked_sub(jiff::SignedDuration::from_secs_f64(length)).ok();
        }
        // Without stamps the first interval begins at time zero at the earliest.
        let begin = if ends[0] > 0.0 { (ends[0] - length).max(0.0) } else { ends[0] - length };
        if ends[0] <= 0.0 && is_rain && self.is_depth_per_interval && self.samples[0] > 0.0 {
            problems.add(
                Problem::warning(
                    3030,
                    format!("{} mm fell before time zero and are not counted", self.samples[0] * 1000.0),
                )
                .fix("start the times with the end of the first interval"),
            );
        }
        let mut times = vec![begin];
        times.extend(&ends);
        let mut values: Vec<f64> = self.samples.clone();
        if self.is_depth_per_interval {
            values.iter_mut().zip(times.windows(2)).for_each(|(value, pair)| *value /= pair[1] - pair[0]);
        }
        // Each value now stands at the beginning of its interval; the last time ends the series.
        let last = values.last().copied().unwrap_or(0.0);
        values.push(if is_rain { 0.0 } else { last });
        Some((times, values, Between::Step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Problems;

    fn read(quantity: SeriesQuantity, text: impl AsRef<[u8]>) -> Result<SeriesFile> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("series.csv");
        std::fs::write(&path, text).expect("a temporary file");
        read_series(&path, "series.csv", quantity)
    }

    fn rain(text: &str) -> SeriesFile {
        read(SeriesQuantity::Rain, text).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn codes(text: impl AsRef<[u8]>) -> Vec<u16> {
        read(SeriesQuantity::Rain, text)
            .expect_err("a mistake")
            .0
            .iter()
            .map(|problem| problem.code.0)
            .collect()
    }

    fn warnings(problems: &[Problem]) -> Vec<u16> {
        problems.iter().map(|problem| problem.code.0).collect()
    }

    /// Millimetres of rain between two times.
    fn millimetres(file: &SeriesFile, meaning: SampleMeaning, from: f64, to: f64) -> f64 {
        file.series(meaning).unwrap_or_else(|problems| panic!("{problems}")).series.integral(from, to)
            * 1000.0
    }

    const PLUVIAL: &str = "Time (s),Rainfall intensity (mm/hr)\n0,70\n3600,70\n7200,0\n10800,0\n";

    #[test]
    fn the_meaning_of_a_sample_decides_how_much_it_rains() {
        let file = rain(PLUVIAL);
        let fallen = |meaning| millimetres(&file, meaning, 0.0, 14_400.0);
        assert!((fallen(SampleMeaning::IntervalStart) - 140.0).abs() < 1e-9);
        assert!((fallen(SampleMeaning::Instant) - 105.0).abs() < 1e-9);
        assert!((fallen(SampleMeaning::IntervalEnd) - 70.0).abs() < 1e-9);
    }

    #[test]
    fn every_depth_falls_exactly_once() {
        let file = rain("time_min,rain_mm\n5,1\n10,2.5\n15,0\n30,4\n");
        assert!(file.is_depth_per_interval);
        assert!((millimetres(&file, SampleMeaning::IntervalEnd, 0.0, 1e6) - 7.5).abs() < 1e-9);
        assert!((millimetres(&file, SampleMeaning::IntervalStart, 0.0, 1e6) - 7.5).abs() < 1e-9);
        // 2.5 mm fall between 5 and 10 minutes if the time is the end of the interval.
        assert!((millimetres(&file, SampleMeaning::IntervalEnd, 300.0, 600.0) - 2.5).abs() < 1e-9);
        let problems = file.series(SampleMeaning::Instant).expect_err("a depth is no instant");
        assert_eq!(problems.0[0].code.0, 3022);
    }

    #[test]
    fn stamps_begin_with_the_first_interval() {
        let file = rain("utc_end,mm\n2018-09-13T19:00Z,65.2\n2018-09-13T20:00Z,17.5\n");
        let reading = file.series(SampleMeaning::IntervalEnd).expect("two samples");
        assert_eq!(reading.start.map(|start| start.to_string()).as_deref(), Some("2018-09-13T18:00:00Z"));
        assert!((reading.series.integral(0.0, 3600.0) * 1000.0 - 65.2).abs() < 1e-9);
        assert!((reading.series.integral(3600.0, 9e9) * 1000.0 - 17.5).abs() < 1e-9);
    }

    #[test]
    fn offsets_of_stamps_are_honoured() {
        let file = rain("time,rain_mm_h\n2021-07-20T16:00:00+08:00,10\n2021-07-20T09:00:00Z,0\n");
        assert_eq!(file.times, [0.0, 3600.0]);
        let declared = rain("Time (UTC+8),rain (mm/h)\n2021-07-20 16:00,10\n2021-07-20 17:00,0\n");
        assert_eq!(declared.start, file.start);
        let beijing = rain("时间（北京时间）,雨强（毫米/小时）\n2021-07-20 16:00,10\n2021-07-20 17:00,0\n");
        assert_eq!(beijing.start, file.start);
    }

    #[test]
    fn a_clock_without_offset_is_refused_and_the_shift_explained() {
        let Problems(problems) =
            read(SeriesQuantity::Rain, "time,rain_mm_h\n2021-07-20T16:00:00,10\n2021/7/20 17:00,0\n")
                .expect_err("local times");
        assert_eq!(warnings(&problems), [3020, 3019]);
        assert!(problems[0].why.as_deref().is_some_and(|why| why.contains("8 hours")));
    }

    #[test]
    fn rain_that_does_not_end_in_the_file_ends_with_a_warning() {
        let file = rain("time_min,mm/h\n0,10\n5,20\n");
        let reading = file.series(SampleMeaning::IntervalStart).expect("two samples");
        assert_eq!(warnings(&reading.warnings), [3031]);
        assert!((reading.series.integral(0.0, 1e9) * 1000.0 - 2.5).abs() < 1e-9);
        assert_eq!(warnings(&file.series(SampleMeaning::Instant).expect("a line").warnings), [3032]);
        let single = rain("time_min,mm/h\n0,10\n");
        assert_eq!(single.series(SampleMeaning::IntervalStart).expect_err("no length").0[0].code.0, 3021);
    }

    #[test]
    fn a_constant_loss_holds() {
        let file = read(SeriesQuantity::Loss, "Time (s),Drainage losses (mm/hr)\n0,12\n100000000,12\n")
            .expect("sound");
        for meaning in [SampleMeaning::IntervalStart, SampleMeaning::IntervalEnd, SampleMeaning::Instant] {
            let loss = file.series(meaning).expect("sound").series;
            for time in [0.0, 7200.0, 2e8] {
                assert!((units::to_mm_h(loss.at(time)) - 12.0).abs() < 1e-9, "{meaning:?} {time}");
            }
        }
    }

    #[test]
    fn hydrographs_are_cubic_metres_per_second() {
        let file =
            read(SeriesQuantity::Discharge, "time_h;Abfluss [l/s]\n0;500\n1;1500\n").expect("semicolons");
        assert_eq!(file.samples, [0.5, 1.5]);
        assert_eq!(file.series(SampleMeaning::Instant).expect("sound").series.at(1800.0), 1.0);
        let stage = read(SeriesQuantity::Stage, "time_h\tstage_m\n0\t-0.5\n6\t1.5\n")
            .expect("levels may be negative");
        assert_eq!(stage.samples, [-0.5, 1.5]);
    }

    #[test]
    fn all_mistakes_of_the_rows_are_told_at_once_with_their_lines() {
        let text =
            "# a remark\ntime_s,rain_mm_h\n0,1\n60,-2\n60,3\n30,nan\n90,\n120,x\n150,1,5\n180,\"1,5\"\n";
        let Problems(problems) = read(SeriesQuantity::Rain, text).expect_err("many mistakes");
        let mut found: Vec<_> = problems.iter().map(|p| (p.place.line.unwrap_or(0), p.code.0)).collect();
        found.sort_unstable();
        assert_eq!(
            found,
            [(4, 3016), (5, 3018), (6, 3015), (6, 3017), (7, 3015), (8, 3015), (9, 3013), (10, 3014)]
        );
    }

    #[test]
    fn headers_without_unit_or_meaning_are_refused() {
        assert_eq!(codes("time_s,rain\n0,1\n"), [3011]);
        assert_eq!(codes("time,rain_mm_h\n0,1\n"), [3011]);
        assert_eq!(codes("time_s,rain (furlong)\n0,1\n"), [3012]);
        assert_eq!(codes("time_s,q_m3_s\n0,1\n"), [3012]);
        assert_eq!(codes("time_s,a_m3_s,b_m3_s\n0,1,2\n"), [3009]);
        assert_eq!(codes("time_s,a_mm_h,b_mm_h\n0,1,2\n"), [3010]);
        assert_eq!(codes("x_s,rain_mm_h\n0,1\n"), [3008]);
        assert_eq!(codes("time_s,rain_mm_h,rain_mm_h\n0,1,1\n"), [3007, 3010]);
        assert_eq!(codes("time_s,cumulative_rain_mm\n0,1\n60,2\n"), [3023]);
    }

    #[test]
    fn files_that_are_no_table_are_told_apart() {
        assert_eq!(codes(""), [3002]);
        assert_eq!(codes("\n# only remarks\n"), [3002]);
        assert_eq!(codes("time_s,rain_mm_h\n"), [3021]);
        assert_eq!(codes("0,70\n3600,0\n"), [3005]);
        assert_eq!(codes("rain_mm_h\n1\n2\n"), [3006]);
        assert_eq!(codes(b"\xff\xfet\0i\0m\0e\0"), [3003]);
        assert_eq!(codes(b"\xca\xb1\xbc\xe4,rain_mm_h\n0,1\n"), [3003]);
        let missing = read_series(Path::new("/nowhere/rain.csv"), "rain.csv", SeriesQuantity::Rain);
        assert_eq!(missing.expect_err("missing").0[0].code.0, 3001);
    }

    #[test]
    fn a_byte_order_mark_and_trailing_separators_change_nothing() {
        let file = rain("\u{feff}time_s,rain_mm_h,\r\n0,36,\r\n100,0,\r\n,,\r\n");
        assert!((file.samples[0] * 3.6e6 - 36.0).abs() < 1e-9);
        assert_eq!(file.times, [0.0, 100.0]);
        assert!(file.warnings.is_empty());
    }

    #[test]
    fn strange_numbers_are_accepted_with_a_warning() {
        assert_eq!(warnings(&rain("time_s,rain_mm_h\n0,600\n60,0\n").warnings), [3035]);
        assert_eq!(warnings(&rain("time_min,rain_mm\n0,0\n1,60\n").warnings), [3035]);
        assert_eq!(warnings(&rain("time_s,rain_mm_h\n0,1\n60,2\n120,1\n180,2\n600,0\n").warnings), [3033]);
        assert_eq!(warnings(&rain("time_s,rain_mm\n0,0\n60,1\n120,2\n180,3\n240,4\n").warnings), [3034]);
        assert_eq!(warnings(&rain("time_s,rain_mm_h,remark\n0,1,a\n60,0,b\n").warnings), [3036]);
    }
}
