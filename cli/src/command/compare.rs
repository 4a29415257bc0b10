//! `tuiyan compare`: two flood results on one grid beside each other.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;
use sim_core::error::{Problem, Problems};
use sim_core::flood::comparison::runs::{Side, compare as compare_runs};
use sim_core::flood::product::DepthClass;
use sim_core::grid::Grid;
use sim_core::input::raster::RasterInfo;
use sim_core::input::result_folder::ResultFolder;
use sim_core::output::{FolderLock, Format, Options};
use sim_core::product::Layer;
use sim_core::run::record::{InputFile, Ledger, Record};
use sim_core::scenario::depth_presets;

use crate::args::Shared;
use crate::command::Outcome;
use crate::command::run::Finished;
use crate::report;

/// Kind of result that `run.json` names: not one that can be compared again.
const COMPARISON: &str = "flood comparison";

/// Holds the second result against the first.
pub(crate) fn compare(first: &Path, second: &Path, shared: &Shared) -> Outcome {
    let started = Instant::now();
    let shown = [first, second].map(|path| path.display().to_string());
    let results = open([first, second], &shown)?;
    let out = shared.out.clone().unwrap_or_else(|| PathBuf::from("out").join("comparison"));
    keep_inputs([first, second], &out)?;
    let (grid, sides) = read(&results, &shown)?;
    let classes = classes(&results[0]);
    let folder = FolderLock::take(&out)?;
    let comparison = compare_runs(&grid, [&sides[0], &sides[1]], &classes);
    let about = |at: usize| {
        let record = &results[at].record;
        json!({
            "folder": shown[at], "title": record.title, "overrides": record.overrides,
            "scenario_sha256": record.scenario_sha256,
        })
    };
    let inputs = [0, 1]
        .map(|at| InputFile { path: format!("{}/run.json", shown[at]), sha256: results[at].sha256.clone() });
    let mut record = Record {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: env!("TUIYAN_COMMIT").to_owned(),
        status: "done",
        hazard: COMPARISON,
        title: format!("B ({}) against A ({})", shown[1], shown[0]),
        scenario_sha256: String::new(),
        overrides: Vec::new(),
        understood: json!({ "a": about(0), "b": about(1) }),
        inputs: inputs.to_vec(),
        device: "cpu".to_owned(),
        device_reason: None,
        threads: 1,
        ranks: None,
        cells: grid.cells(),
        steps: 0,
        wet_share: 0.0,
        wall_seconds: started.elapsed().as_secs_f64(),
        cell_steps_per_second: 0.0,
        memory_bytes: 0,
        bytes_per_second: 0.0,
        ledger: Ledger::close("m3", 0.0, 0.0, Vec::new()),
        summary: comparison.summary,
        observed: Vec::new(),
        warnings: Vec::new(),
        changes: Vec::new(),
        not_modelled: comparison.products.not_modelled.clone(),
        products: Vec::new(),
    };
    let formats = vec![Format::GeoTiff, Format::Csv, Format::Png];
    let options = Options { formats, ..Options::default() };
    folder.write_run(&comparison.products, &mut record, &options)?;
    let tables = comparison.products.layers.into_iter().filter_map(|layer| match layer {
        Layer::Table(table) => Some(table),
        _ => None,
    });
    let finished = Finished { record, out, tables: tables.collect() };
    if shared.json {
        report::say(&report::json(&finished.json()));
    } else if !shared.quiet {
        say_summary(&finished, &results, &shown);
    }
    Ok(report::DONE)
}

fn say_summary(finished: &Finished, results: &[ResultFolder; 2], shown: &[String; 2]) {
    report::say("");
    for (letter, (result, folder)) in ["A", "B"].into_iter().zip(results.iter().zip(shown)) {
        let record = &result.record;
        // Two what-ifs of one scenario differ in nothing else.
        let with = if record.overrides.is_empty() { "" } else { ", with " };
        report::say_wrapped(&format!(
            "{letter}: {} ({folder}){with}{}",
            record.title,
            record.overrides.join(", ")
        ));
    }
    for line in &finished.record.summary {
        report::say_wrapped(&format!("  {line}"));
    }
    let files = finished.record.products.len() + 1;
    report::say(&format!("  Results: {} ({files} files)", finished.out.display()));
}

/// Both results; what is wrong with either is told at once.
fn open(paths: [&Path; 2], shown: &[String; 2]) -> Result<[ResultFolder; 2], Problems> {
    let mut problems = Vec::new();
    let mut opened = Vec::new();
    for (path, shown) in paths.into_iter().zip(shown) {
        match ResultFolder::open(path, shown) {
            Ok(result) if result.record.hazard == "flood" => opened.push(result),
            Ok(result) => problems.push(
                Problem::error(
                    1104,
                    format!("is a result of kind \"{}\"; only floods are compared", result.record.hazard),
                )
                .in_file(shown.as_str())
                .fix("name two result folders of floods"),
            ),
            Err(Problems(found)) => problems.extend(found),
        }
    }
    match <[ResultFolder; 2]>::try_from(opened) {
        Ok(results) if problems.is_empty() => Ok(results),
        _ => Err(Problems(problems)),
    }
}

/// Refuses one folder twice, and a folder for the result that would replace one of the two.
fn keep_inputs(paths: [&Path; 2], out: &Path) -> Result<(), Problems> {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let (first, second, target) = (real(paths[0]), real(paths[1]), real(out));
    if first == second {
        return Err(Problem::error(1106, "both results are the same folder")
            .in_file(paths[0].display().to_string())
            .fix("give the second run another folder with --out")
            .into());
    }
    if [&first, &second].into_iter().any(|input| input.starts_with(&target)) {
        return Err(Problem::error(1107, "--out would replace a result that is compared")
            .in_file(out.display().to_string())
            .fix("choose another folder with --out")
            .into());
    }
    Ok(())
}

/// The common grid and both runs.
fn read(results: &[ResultFolder; 2], shown: &[String; 2]) -> Result<(Grid, [Side; 2]), Problems> {
    let depth = |at: usize| {
        let found = results[at].raster("max_depth")?;
        found.ok_or_else(|| {
            Problems::from(
                Problem::error(1105, "holds no max_depth.tif")
                    .in_file(shown[at].as_str())
                    .fix("run again with max_depth in products.wanted and geotiff in outputs.formats"),
            )
        })
    };
    let (first, second) = match (depth(0), depth(1)) {
        (Ok(first), Ok(second)) => (first, second),
        (first, second) => {
            return Err(Problems(
                [first.err(), second.err()].into_iter().flatten().flat_map(|p| p.0).collect(),
            ));
        }
    };
    same_grid(&first.info, &second.info, shown)?;
    let grid = first.info.grid();
    let side = |at: usize, max_depth| -> Result<Side, Problems> {
        let arrival =
            results[at].raster("arrival_time")?.filter(|raster| raster.values.dim() == grid.shape());
        Ok(Side {
            name: shown[at].clone(),
            max_depth,
            arrival: arrival.map(|raster| raster.values),
            places: results[at].table("place_list")?,
            zones: results[at].table("exposure_zones")?,
        })
    };
    let sides = [side(0, first.values)?, side(1, second.values)?];
    Ok((grid, sides))
}

/// Every way in which two grids differ, each with both values.
fn same_grid(a: &RasterInfo, b: &RasterInfo, shown: &[String; 2]) -> Result<(), Problems> {
    let reference =
        |info: &RasterInfo| info.crs.as_ref().map_or_else(|| "no place on Earth".into(), ToString::to_string);
    let facts: [(&str, String, String); 4] = [
        ("columns and rows", format!("{} x {}", a.columns, a.rows), format!("{} x {}", b.columns, b.rows)),
        ("cell size", format!("{} x {}", a.dx, a.dy), format!("{} x {}", b.dx, b.dy)),
        ("south-west corner", format!("x {} y {}", a.west, a.south), format!("x {} y {}", b.west, b.south)),
        ("coordinate reference", reference(a), reference(b)),
    ];
    let different = facts.into_iter().filter(|(_, a, b)| a != b).map(|(what, a, b)| {
        Problem::error(1103, format!("the grids differ in {what}: A has {a}, B has {b}"))
            .in_file(format!("{} and {}", shown[0], shown[1]))
            .why("cells that do not lie on each other cannot be compared one by one")
            .fix("run both scenarios on the same terrain and site")
    });
    let problems: Vec<Problem> = different.collect();
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// Depth classes of the first run where it names a preset, those of the usual one otherwise.
fn classes(first: &ResultFolder) -> Vec<DepthClass> {
    let wanted = first.record.understood["products.depth_classes"].as_str().map(str::to_owned);
    let presets = depth_presets();
    let named = presets.iter().find(|preset| Some(&preset.name) == wanted.as_ref());
    named.or(presets.first()).map(|preset| preset.classes()).unwrap_or_default()
}
