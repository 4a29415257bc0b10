//! Rain from a grid that differs from place to place and from time to time.

use std::sync::Arc;

use serde_json::json;

use crate::error::Problems;
use crate::flood::params::HIGHEST_GROUND;
use crate::flood::rain::Rain;
use crate::flood::rain::zones::Zones;
use crate::scenario::resolver::{RainGridRead, RainGridRequest, SampleMeaning};
use crate::scenario::section::Section;
use crate::scenario::{Context, forcing};
use crate::series::{Between, Series};
use crate::units::to_mm_h;

use super::terrain::Ground;

/// Keys that only go with a grid.
const KEYS: [&str; 2] = ["grid_variable", "grid_unit"];

/// Reads the keys of `[rain]` about a grid; `None` when there is no grid, and where there is a mistake.
pub(super) fn read(
    section: &Section<'_>,
    ground: Option<&Ground>,
    duration: Option<f64>,
    context: &mut Context<'_, '_>,
) -> Option<Rain> {
    let path = section.text(
        "grid",
        "rain by place and time: netCDF-4 with a CF variable on (time, y, x) or (time, lat, lon), or a CSV with the columns time and file that names a GeoTIFF or ESRI ASCII grid for each time; times without an offset are UTC in netCDF",
    );
    let variable = section.text("grid_variable", "variable of a netCDF file that holds several");
    let unit = section.choice(
        "grid_unit",
        &["mm/h", "mm"],
        "unit of rasters: an intensity, or a depth per interval (netCDF files name their own)",
    );
    if !section.has("grid") {
        for key in KEYS.iter().filter(|key| section.has(key)) {
            let text = format!("{key} is given, and there is no grid");
            section.report(1099, key, text, "add grid = \"rain.nc\", or remove the key");
        }
        return None;
    }
    let meaning = read_meaning(section);
    let ground = ground?;
    let inside = ground.bed.mapv(|bed| bed < HIGHEST_GROUND);
    let request =
        RainGridRequest { ground: &ground.grid, inside: &inside, meaning: meaning?, variable, unit };
    let mut file = match context.resolver.as_mut()?.rain_grid(path?, &request) {
        Ok(file) => file,
        Err(Problems(problems)) => {
            problems.into_iter().for_each(|problem| section.reading.report(problem));
            return None;
        }
    };
    file.warnings.iter().for_each(|warning| section.reading.report(warning.clone()));
    let shift = forcing::shift_to_start(section, "grid", file.start, context)?;
    for (series, _) in &mut file.cells {
        *series = std::mem::replace(series, Series::constant(0.0)).shifted(shift);
    }
    if !is_plausible(section, &file) || !falls_in_time(section, &file, &inside, duration) {
        return None;
    }
    let series = file.cells.into_iter().map(|cell| cell.0).collect();
    Zones::new(file.zone_of, series).map(|zones| Rain::Spread(Arc::new(zones)))
}

/// What the values of the grid mean in time; it must be said, and straight lines are none of them.
fn read_meaning(section: &Section<'_>) -> Option<SampleMeaning> {
    let meaning = forcing::read_meaning(section);
    let fix = "write samples = \"interval_start\" or \"interval_end\"";
    match meaning {
        Some(SampleMeaning::Line) => {
            let text = "a rain grid has one value per interval, not straight lines between";
            section.report(1097, "samples", text, fix);
            None
        }
        None if !section.has("samples") => {
            let text = "it is not said to which interval the values of the grid belong; the rain would be shifted by one";
            section.report(1021, "grid", text, fix);
            None
        }
        meaning => meaning,
    }
}

/// Reports a peak above the world record, with its cell.
fn is_plausible(section: &Section<'_>, file: &RainGridRead) -> bool {
    let peak = |cell: &(Series, String)| cell.0.peak();
    let Some(largest) = file.cells.iter().max_by(|a, b| peak(a).total_cmp(&peak(b))) else { return true };
    if peak(largest) <= forcing::LARGEST_RAIN_RATE {
        return true;
    }
    let text = format!("peak of {:.0} mm/h is above the world record", to_mm_h(peak(largest)));
    let problem = section
        .problem(3306, "grid", text)
        .at_spot(largest.1.clone())
        .fix("check the unit: mm/min is 60 times mm/h, and kg m-2 s-1 is 3600 times");
    section.reading.report(problem);
    false
}

/// Rain of the mean over the area; every cell of a grid has the same times.
fn mean_over_the_area(file: &RainGridRead, inside: &ndarray::Array2<bool>) -> Option<Series> {
    let mut shares = vec![0.0; file.cells.len()];
    for (&zone, _) in file.zone_of.iter().zip(inside).filter(|(_, inside)| **inside) {
        shares[zone as usize] += 1.0;
    }
    let ground: f64 = shares.iter().sum();
    let times = file.cells.first()?.0.times().to_vec();
    let mut rates = vec![0.0; times.len()];
    for ((series, _), share) in file.cells.iter().zip(shares) {
        for (rate, value) in rates.iter_mut().zip(series.values()) {
            *rate += share / ground * value;
        }
    }
    Series::new(times, rates, Between::Step)
}

/// Checks when it rains against the time of the run; false where there is a mistake.
fn falls_in_time(
    section: &Section<'_>,
    file: &RainGridRead,
    inside: &ndarray::Array2<bool>,
    duration: Option<f64>,
) -> bool {
    let (Some(mean), Some(duration)) = (mean_over_the_area(file, inside), duration) else { return true };
    if !forcing::falls_in_time(section, "grid", duration, &mean) {
        return false;
    }
    let edge = |at: Option<&f64>| at.copied().unwrap_or(0.0);
    let (first, last) = (edge(mean.times().first()), edge(mean.times().last()));
    let without = (duration - last).max(0.0) + first.max(0.0);
    if without > 0.0 {
        let text = format!(
            "the grid tells of the rain from {first} s to {last} s after the start; {without} s of the run count as dry"
        );
        let warning = section.warning(1098, "grid", text);
        let warning = warning.why("a grid that ends while it rains makes the flood too small");
        section.reading.report(warning.fix("add the missing times, or shorten run.duration"));
    }
    let in_the_run = 1000.0 * mean.integral(0.0, duration);
    section.reading.understand(section.path_of("grid_cells"), json!(file.cells.len()));
    section.reading.understand(section.path_of("grid_mean_mm"), json!(in_the_run));
    true
}
