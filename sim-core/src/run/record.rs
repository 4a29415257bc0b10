//! What every result carries about how it came to be: the content of `run.json`.

use serde::{Deserialize, Serialize};

use crate::error::Problem;

/// A volume or mass balance: everything that came in, went out, and is still there.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Ledger {
    /// Unit of every entry: `m3` of water or `kg` of gas.
    pub unit: &'static str,
    /// Named entries; what came in is positive, what left is negative.
    pub entries: Vec<(String, f64)>,
    /// Stored at the start.
    pub initial: f64,
    /// Stored at the end.
    pub stored: f64,
    /// (stored − initial − Σ entries) / max(initial + Σ positive entries, smallest normal number).
    pub relative_error: f64,
}

impl Ledger {
    /// Closes the balance: computes the relative error from the entries.
    pub fn close(unit: &'static str, initial: f64, stored: f64, entries: Vec<(String, f64)>) -> Self {
        let net: f64 = entries.iter().map(|entry| entry.1).sum();
        let turnover = initial + entries.iter().map(|entry| entry.1.max(0.0)).sum::<f64>();
        let relative_error = (stored - initial - net) / turnover.max(f64::MIN_POSITIVE);
        Self { unit, entries, initial, stored, relative_error }
    }
}

/// Something that was changed on the user's behalf.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Scenario key or input it concerns.
    pub what: String,
    /// From what to what, and why.
    pub text: String,
}

/// One file that a run left.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WrittenProduct {
    /// Name of the layer or map.
    pub name: String,
    /// Path relative to the result folder.
    pub path: String,
    /// `netcdf`, `geotiff`, `geojson`, `kml`, `csv` or `png`.
    pub kind: &'static str,
    /// Unit of its values, empty where there is none.
    pub unit: String,
}

/// One input file and its fingerprint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputFile {
    /// Path as the scenario wrote it.
    pub path: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// How the run agrees with the readings of a gauge; see `flood::comparison`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObservedGauge {
    /// Name of the place.
    pub place: String,
    /// `depth` or `level`.
    pub quantity: &'static str,
    /// Readings inside the run.
    pub pairs: usize,
    /// Lines of the file without a value.
    pub gaps: usize,
    /// Readings before the start or after the end.
    pub outside: usize,
    /// Largest reading, m.
    pub observed_peak_m: Option<f64>,
    /// Largest value of the model between the first and the last reading, m.
    pub modelled_peak_m: Option<f64>,
    /// First time of the largest reading, s.
    pub observed_peak_s: Option<f64>,
    /// Time of the peak of the model, s.
    pub modelled_peak_s: Option<f64>,
    /// Nash-Sutcliffe efficiency; none where the readings do not vary.
    pub nash_sutcliffe: Option<f64>,
    /// Root mean square error, m.
    pub rmse_m: Option<f64>,
    /// Mean of modelled minus observed, m.
    pub bias_m: Option<f64>,
}

/// Parts of a flood and what they told each other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ranks {
    /// Number of parts.
    pub count: usize,
    /// Bytes that all parts together sent their neighbours, per step.
    pub swapped_bytes_per_step: f64,
    /// Bytes that all parts together sent all others, per step.
    pub gathered_bytes_per_step: f64,
}

/// The content of `run.json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Version of the engine.
    pub version: String,
    /// Commit the engine was built from, or `unknown`.
    pub commit: String,
    /// `done` or `done_with_changes`.
    pub status: &'static str,
    /// `flood` or `gas`.
    pub hazard: &'static str,
    /// Title of the scenario.
    pub title: String,
    /// SHA-256 of the scenario text with all overrides.
    pub scenario_sha256: String,
    /// Keys overridden on the command line.
    pub overrides: Vec<String>,
    /// Everything that was understood from the scenario, in SI units.
    pub understood: serde_json::Value,
    /// Inputs that were read.
    pub inputs: Vec<InputFile>,
    /// Device that did the work: `cpu`, or `gpu:0` with its name.
    pub device: String,
    /// Why it did, where `--device auto` chose it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_reason: Option<String>,
    /// Worker threads.
    pub threads: usize,
    /// Parts that a flood was computed in, and what they told each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranks: Option<Ranks>,
    /// Cells of the grid.
    pub cells: usize,
    /// Time steps taken.
    pub steps: u64,
    /// Share of cell-steps on wet cells.
    pub wet_share: f64,
    /// Wall time of the computation, s.
    pub wall_seconds: f64,
    /// Cells times steps per second of wall time.
    pub cell_steps_per_second: f64,
    /// Bytes of the arrays of the solver.
    pub memory_bytes: u64,
    /// Bytes that one cell-step must move at least, times the rate, per second.
    pub bytes_per_second: f64,
    /// Volume or mass balance.
    pub ledger: Ledger,
    /// Five lines for the responder.
    pub summary: Vec<String>,
    /// Gauges that the run was held against.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub observed: Vec<ObservedGauge>,
    /// Warnings.
    pub warnings: Vec<Problem>,
    /// What was changed on the user's behalf.
    pub changes: Vec<Change>,
    /// What the model leaves out.
    pub not_modelled: Vec<String>,
    /// Files written.
    pub products: Vec<WrittenProduct>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balanced_ledger_has_no_error() {
        let ledger = Ledger::close("m3", 10.0, 12.0, vec![("rain".into(), 5.0), ("outflow".into(), -3.0)]);
        assert_eq!(ledger.relative_error, 0.0);
    }

    #[test]
    fn a_lost_cubic_metre_shows() {
        let ledger = Ledger::close("m3", 0.0, 9.0, vec![("rain".into(), 10.0)]);
        assert!((ledger.relative_error + 0.1).abs() < 1e-15);
    }
}
