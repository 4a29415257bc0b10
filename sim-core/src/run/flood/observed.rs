//! A run that is over, held against what gauges read.

use crate::flood::comparison::gauge::{Agreement, agreement};
use crate::flood::comparison::gauge_report;
use crate::run::flood::FloodOutcome;
use crate::run::record::ObservedGauge;
use crate::series::Readings;

/// Adds tables, pictures, lines and warnings about gauges to an outcome, and tells their measures.
///
/// Readings of a place that the run does not know are left out; the reader of the
/// file refuses them.
pub fn hold_against(outcome: &mut FloodOutcome, readings: &[Readings]) -> Vec<ObservedGauge> {
    let places = &outcome.places;
    let agreements: Vec<Agreement> = readings
        .iter()
        .filter_map(|gauge| {
            let record = places.iter().find(|record| record.name == gauge.place)?;
            Some(agreement(gauge, record))
        })
        .collect();
    if agreements.is_empty() {
        return Vec::new();
    }
    outcome.products.layers.extend(gauge_report::tables(&agreements));
    outcome.products.plots.extend(gauge_report::plots(&agreements, places, outcome.duration));
    outcome.summary.extend(gauge_report::lines(&agreements, outcome.duration));
    outcome.warnings.extend(gauge_report::warnings(&agreements, places));
    agreements.iter().map(entry).collect()
}

/// The entry of a gauge in the record of the run.
fn entry(gauge: &Agreement) -> ObservedGauge {
    let fit = gauge.fit.as_ref();
    ObservedGauge {
        place: gauge.place.clone(),
        quantity: gauge.quantity.name(),
        pairs: gauge.pairs.len(),
        gaps: gauge.gaps,
        outside: gauge.outside,
        observed_peak_m: fit.map(|fit| fit.observed_peak.0),
        modelled_peak_m: fit.map(|fit| fit.modelled_peak.0),
        observed_peak_s: fit.map(|fit| fit.observed_peak.1),
        modelled_peak_s: fit.map(|fit| fit.modelled_peak.1),
        nash_sutcliffe: fit.and_then(|fit| fit.nash_sutcliffe),
        rmse_m: fit.map(|fit| fit.root_mean_square_error),
        bias_m: fit.map(|fit| fit.bias),
    }
}
