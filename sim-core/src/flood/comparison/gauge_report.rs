//! What people see of a run beside its gauges: a table, a picture per gauge, lines, warnings.

use crate::error::Problem;
use crate::flood::comparison::gauge::{Agreement, Fit, PlaceRecord};
use crate::flood::comparison::goodness::Pair;
use crate::product::{Column, Curve, FieldInfo, Layer, Mark, Plot, Table, Value};
use crate::series::GaugeQuantity;
use crate::units::HOUR;

/// Minute in seconds.
const MINUTE: f64 = 60.0;

/// Readings are this many times denser than the samples of the model before it is told.
const COARSE: f64 = 3.0;

/// Shortest interval at which places are recorded, s; the scenario allows no shorter one.
const SHORTEST_INTERVAL: f64 = 0.1;

/// Blue of the model and dark grey of the readings.
const MODEL: [u8; 3] = [0, 114, 178];
const READINGS: [u8; 3] = [31, 41, 55];

/// Table `observed_comparison` with the measures, and `observed_series` with every pair.
pub fn tables(agreements: &[Agreement]) -> Vec<Layer> {
    let info = |name: &str, title: &str, title_zh: &str, meaning: &str| FieldInfo {
        name: name.into(),
        title: title.into(),
        title_zh: title_zh.into(),
        meaning: meaning.into(),
        ..FieldInfo::default()
    };
    let pairs = agreements.iter().flat_map(|gauge| gauge.pairs.iter().map(move |pair| pair_row(gauge, pair)));
    vec![
        Layer::Table(Table {
            info: info(
                "observed_comparison",
                "Model against observation",
                "模型与实测对比",
                "peaks, efficiency and errors of the model at every gauge",
            ),
            columns: columns(),
            rows: agreements.iter().map(row).collect(),
        }),
        Layer::Table(Table {
            info: info(
                "observed_series",
                "Readings and the model at their times",
                "实测与模型过程",
                "the model on straight lines between its samples, at the time of every reading",
            ),
            columns: vec![
                Column::new("name", "", "name of the place"),
                Column::new("quantity", "", "depth above the ground, or level on the datum of the terrain"),
                Column::new("time_min", "min", "time after the start"),
                Column::new("observed_m", "m", "what was read"),
                Column::new("modelled_m", "m", "what the model has"),
            ],
            rows: pairs.collect(),
        }),
    ]
}

fn pair_row(gauge: &Agreement, pair: &Pair) -> Vec<Value> {
    vec![
        Value::Text(gauge.place.clone()),
        Value::Text(gauge.quantity.name().into()),
        Value::Number(pair.time / MINUTE),
        Value::Number(pair.observed),
        Value::Number(pair.modelled),
    ]
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("name", "", "name of the place"),
        Column::new("quantity", "", "depth above the ground, or level on the datum of the terrain"),
        Column::new("pairs", "1", "readings inside the run"),
        Column::new("gaps", "1", "lines of the file without a value"),
        Column::new("outside", "1", "readings before the start or after the end of the run, left out"),
        Column::new("observed_peak_m", "m", "largest reading"),
        Column::new(
            "modelled_peak_m",
            "m",
            "largest value of the model between the first and the last reading",
        ),
        Column::new("peak_difference_m", "m", "peak of the model minus that of the readings"),
        Column::new("observed_peak_min", "min", "first time of the largest reading, after the start"),
        Column::new("modelled_peak_min", "min", "time of the peak of the model"),
        Column::new("peak_delay_min", "min", "time of the peak of the model minus that of the readings"),
        Column::new("nash_sutcliffe", "1", "Nash-Sutcliffe efficiency; empty where the readings do not vary"),
        Column::new("rmse_m", "m", "root mean square error"),
        Column::new("bias_m", "m", "mean of the model minus the readings"),
    ]
}

fn row(gauge: &Agreement) -> Vec<Value> {
    let count = |number: usize| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let number =
        |of: fn(&Fit) -> f64| gauge.fit.as_ref().map_or(Value::Missing, |fit| Value::Number(of(fit)));
    vec![
        Value::Text(gauge.place.clone()),
        Value::Text(gauge.quantity.name().into()),
        count(gauge.pairs.len()),
        count(gauge.gaps),
        count(gauge.outside),
        number(|fit| fit.observed_peak.0),
        number(|fit| fit.modelled_peak.0),
        number(|fit| fit.modelled_peak.0 - fit.observed_peak.0),
        number(|fit| fit.observed_peak.1 / MINUTE),
        number(|fit| fit.modelled_peak.1 / MINUTE),
        number(|fit| (fit.modelled_peak.1 - fit.observed_peak.1) / MINUTE),
        gauge.fit.and_then(|fit| fit.nash_sutcliffe).map_or(Value::Missing, Value::Number),
        number(|fit| fit.root_mean_square_error),
        number(|fit| fit.bias),
    ]
}

/// A unit of time that suits a length of time: its name and its seconds.
fn time_unit(seconds: f64) -> (&'static str, f64) {
    /// Longest axis in seconds and in minutes: three digits are easily read.
    const LONGEST_IN_SECONDS: f64 = 300.0;
    const LONGEST_IN_MINUTES: f64 = 6.0 * HOUR;
    match seconds {
        seconds if seconds <= LONGEST_IN_SECONDS => ("s", 1.0),
        seconds if seconds <= LONGEST_IN_MINUTES => ("min", MINUTE),
        _ => ("h", HOUR),
    }
}

/// A time after the start in words.
fn moment(seconds: f64, unit: (&str, f64)) -> String {
    let value = seconds / unit.1;
    if value.abs() < 100.0 { format!("{value:.1} {}", unit.0) } else { format!("{value:.0} {}", unit.0) }
}

/// Seconds to the millisecond without trailing zeros.
fn seconds(seconds: f64) -> String {
    let text = format!("{seconds:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A height with as many decimals as it is worth: tenths of a millimetre below a centimetre.
fn height(metres: f64, signed: bool) -> String {
    if metres.abs() < 0.01 {
        let millimetres = 1000.0 * metres;
        return if signed { format!("{millimetres:+.1} mm") } else { format!("{millimetres:.1} mm") };
    }
    let decimals = if metres.abs() < 0.1 { 3 } else { 2 };
    if signed { format!("{metres:+.decimals$} m") } else { format!("{metres:.decimals$} m") }
}

/// One line per gauge for the summary.
pub fn lines(agreements: &[Agreement], duration: f64) -> Vec<String> {
    agreements.iter().map(|gauge| format!("{}: {}", title(gauge), measures(gauge, duration))).collect()
}

/// Place and quantity of a gauge.
fn title(gauge: &Agreement) -> String {
    format!("{}, {} against readings", gauge.place, gauge.quantity.name())
}

/// The measures of a gauge in words.
fn measures(gauge: &Agreement, duration: f64) -> String {
    let Some(fit) = &gauge.fit else {
        return "no reading inside the run".into();
    };
    let unit = time_unit(duration);
    let (observed, modelled) = (fit.observed_peak, fit.modelled_peak);
    let efficiency = match fit.nash_sutcliffe {
        Some(efficiency) => format!("NSE {efficiency:.2}"),
        None => "no NSE (the readings do not vary)".into(),
    };
    let delay = (modelled.1 - observed.1) / unit.1;
    let pairs = if gauge.pairs.len() == 1 { "pair" } else { "pairs" };
    format!(
        "peak read {} at {}, model {} at {} ({}, {delay:+.1} {}); {efficiency}, RMSE {}, bias {}, {} {pairs}",
        height(observed.0, false),
        moment(observed.1, unit),
        height(modelled.0, false),
        moment(modelled.1, unit),
        height(modelled.0 - observed.0, true),
        unit.0,
        height(fit.root_mean_square_error, false),
        height(fit.bias, true),
        gauge.pairs.len()
    )
}

/// One picture per gauge: the model as a line, the readings as dots.
pub fn plots(agreements: &[Agreement], records: &[PlaceRecord], duration: f64) -> Vec<Plot> {
    let (unit, seconds) = time_unit(duration);
    let mut plots: Vec<Plot> = Vec::new();
    for (number, gauge) in agreements.iter().enumerate() {
        let Some(record) = records.iter().find(|record| record.name == gauge.place) else { continue };
        let place =
            |points: Vec<(f64, f64)>| points.into_iter().map(|(time, v)| (time / seconds, v)).collect();
        let read: Vec<(f64, f64)> = gauge.pairs.iter().map(|pair| (pair.time, pair.observed)).collect();
        let mut name = format!("observed_{}_{}", plain(&gauge.place), gauge.quantity.name());
        if plots.iter().any(|plot| plot.name == name) {
            name = format!("{name}_{}", number + 1);
        }
        let up = match gauge.quantity {
            GaugeQuantity::Depth => "depth of water, m",
            GaugeQuantity::Level => "water level on the datum of the terrain, m",
        };
        plots.push(Plot {
            name,
            title: title(gauge),
            subtitle: measures(gauge, duration),
            x: format!("time after the start, {unit}"),
            y: up.into(),
            curves: vec![
                Curve {
                    label: "read at the gauge".into(),
                    mark: Mark::Dots,
                    colour: READINGS,
                    points: place(read),
                },
                Curve {
                    label: "model".into(),
                    mark: Mark::Line,
                    colour: MODEL,
                    points: place(record.values(gauge.quantity)),
                },
            ],
        });
    }
    plots
}

/// A name as part of the name of a file: letters, digits and `_`.
fn plain(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let joined = parts.collect::<Vec<_>>().join("_");
    if joined.is_empty() { "gauge".into() } else { joined }
}

/// What may spoil the measures.
pub fn warnings(agreements: &[Agreement], records: &[PlaceRecord]) -> Vec<Problem> {
    let mut warnings = Vec::new();
    for gauge in agreements {
        let name = format!("'{}' ({})", gauge.place, gauge.quantity.name());
        if gauge.outside > 0 {
            let all = gauge.outside + gauge.pairs.len();
            let text = format!(
                "{} of {all} readings at {name} lie before the start or after the end",
                gauge.outside
            );
            warnings.push(
                Problem::warning(2437, text).fix("choose start and run.duration so that the run covers them"),
            );
        }
        if gauge.gaps > 0 {
            let text = format!("{} lines have no reading at {name}", gauge.gaps);
            warnings.push(Problem::warning(2438, text).fix("nothing is to be done: gaps are not filled"));
        }
        if gauge.below_ground > 0 {
            let text = format!(
                "{} of {} levels read at {name} lie below the ground of its cell",
                gauge.below_ground,
                gauge.pairs.len()
            );
            warnings.push(
                Problem::warning(2440, text)
                    .why("a dry cell of the model stands at its ground: the errors are partly those of the datum or of the place")
                    .fix("check the datum of the gauge and the place; within = \"10 m\" takes the lowest ground near it"),
            );
        }
        warnings
            .extend(records.iter().find(|record| record.name == gauge.place).and_then(|r| coarse(gauge, r)));
    }
    warnings
}

/// A warning when the model was recorded more rarely than the gauge.
fn coarse(gauge: &Agreement, record: &PlaceRecord) -> Option<Problem> {
    let mut steps: Vec<f64> = gauge.pairs.windows(2).map(|pair| pair[1].time - pair[0].time).collect();
    steps.sort_by(f64::total_cmp);
    // What cannot be recorded more often is not worth a warning.
    let usual = steps.get(steps.len() / 2)?.max(SHORTEST_INTERVAL);
    let interval = record.interval();
    (interval > COARSE * usual).then(|| {
        let text = format!(
            "'{}' was read every {} s, the model is recorded there every {} s",
            gauge.place,
            seconds(usual),
            seconds(interval)
        );
        Problem::warning(2439, text)
            .why("between its samples the model is a straight line: short peaks are cut")
            .fix(format!("set products.place_interval = \"{} s\"", seconds(usual)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::comparison::gauge::agreement;
    use crate::flood::comparison::gauge::tests::{readings, record};

    fn gauge(quantity: GaugeQuantity, samples: &[(f64, f64)]) -> Agreement {
        agreement(&readings(quantity, samples), &record())
    }

    #[test]
    fn a_gauge_has_one_row_with_a_value_for_every_column() {
        let gauges = [
            gauge(GaugeQuantity::Depth, &[(60.0, 1.0), (120.0, 3.0)]),
            gauge(GaugeQuantity::Depth, &[(600.0, 1.0)]),
        ];
        for layer in tables(&gauges) {
            let Layer::Table(table) = layer else { panic!("a table") };
            assert_eq!(table.rows.len(), 2);
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        }
        assert!(lines(&gauges, 180.0)[1].contains("no reading inside the run"));
    }

    #[test]
    fn a_constant_gauge_is_said_to_have_no_efficiency() {
        let line = lines(&[gauge(GaugeQuantity::Depth, &[(60.0, 1.0), (120.0, 1.0)])], 180.0).remove(0);
        assert!(line.contains("no NSE (the readings do not vary)") && line.contains("2 pairs"), "{line}");
    }

    #[test]
    fn what_may_spoil_the_measures_is_told() {
        let dense: Vec<(f64, f64)> = (0..30).map(|i| (f64::from(i) * 10.0, 9.0)).collect();
        let gauge = gauge(GaugeQuantity::Level, &dense);
        let codes: Vec<u16> = warnings(&[gauge], &[record()]).iter().map(|warning| warning.code.0).collect();
        assert_eq!(codes, [2437, 2438, 2440, 2439]);
    }

    #[test]
    fn pictures_have_names_that_files_can_have_and_none_twice() {
        let one = gauge(GaugeQuantity::Depth, &[(60.0, 1.0)]);
        let named = |place: &str| Agreement { place: place.into(), ..one.clone() };
        let gauges = [named("North gate 2"), named("下穿通道"), named("西门")];
        let records: Vec<PlaceRecord> =
            gauges.iter().map(|gauge| PlaceRecord { name: gauge.place.clone(), ..record() }).collect();
        let names: Vec<String> = plots(&gauges, &records, 180.0).into_iter().map(|plot| plot.name).collect();
        assert_eq!(names, ["observed_North_gate_2_depth", "observed_gauge_depth", "observed_gauge_depth_3"]);
    }
}
