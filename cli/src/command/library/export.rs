//! `tuiyan library export`: statistics over all members, as maps, GeoJSON and CSV.

use std::path::Path;

use sim_core::error::{Problem, Problems};
use sim_core::grid::{Field, Grid};
use sim_core::input::library::{Library, Located};
use sim_core::input::plan_table::read_text_table;
use sim_core::library::gas::mark_inside;
use sim_core::library::statistics::{RiskMatrix, exceedance, percentile};
use sim_core::library::stored::{Ending, Figures, Row};
use sim_core::product::{FieldInfo, Layer, Products, Raster};
use sim_core::scenario::{Dimension, read_risk_matrix};

use super::query::pose_of;
use super::sites::{self, Site};
use super::{needed_out, people, products, risk};
use crate::args::{ExportWish, Shared};
use crate::command::Outcome;
use crate::files::read_text;
use crate::report::{self, say};

/// Bytes of depths that are held at once.
const STRIP_BYTES: usize = 256 << 20;

/// A quantity per cell whose frequency the matrix of risk judges.
pub(super) struct Levels {
    /// Names of the levels, e.g. `0.15 m` or `AEGL-2`.
    pub names: Vec<String>,
    /// Depths in metres; empty for a gas.
    pub depths: Vec<f64>,
    /// Share of the members, by weight, above each level.
    pub shares: Vec<Field>,
}

/// Writes probabilities, percentiles and risks.
pub(crate) fn export(wish: &ExportWish, shared: &Shared) -> Outcome {
    let out = needed_out(shared, "library export")?;
    let library = Library::open(&wish.dir)?;
    let matrix = wish.matrix.as_ref().map(|path| read_matrix(path)).transpose()?;
    let members = done(&library)?;
    if members.is_empty() {
        return Err(Problem::error(8652, "the library has no member with a result")
            .fix("build it first: tuiyan library build")
            .into());
    }
    let (grid, levels, mut layers) = if library.manifest.grid.is_some() {
        flood(&library, &members, wish, matrix.as_ref())?
    } else {
        gas(&library, &members, wish)?
    };
    layers.extend(levels.names.iter().zip(&levels.shares).map(|(name, share)| probability(name, share)));
    if let Some(matrix) = &matrix {
        let Some(frequency) = library.manifest.plan.event_frequency_per_year else {
            return Err(Problem::error(8650, "the plan does not say how often the event happens")
                .why("a risk is a frequency and a consequence; shares among the members are no frequency")
                .fix("write event_frequency_per_year = ... into the plan and build it in another folder, or leave out --matrix")
                .into());
        };
        let sites = wish.sites.as_ref().map(|path| read_sites(&library, path, false)).transpose()?;
        layers.extend(risk::layers((matrix, frequency), (&grid, &levels), sites.as_deref())?);
    }
    if let Some(path) = &wish.people {
        let sites = read_sites(&library, path, true)?;
        layers.extend(people::layers(&library, &members, &levels, &sites)?);
    }
    let names: Vec<String> = layers.iter().map(|layer| layer.info().name.clone()).collect();
    let missing = library.manifest.plan.members() - members.len() as u64;
    let not_modelled = if missing > 0 {
        vec![format!("{missing} members without a result are left out")]
    } else {
        vec!["events other than those of the plan".to_owned()]
    };
    let credits = library.manifest.credits.clone();
    let products = Products { grid, layers, maps: Vec::new(), plots: Vec::new(), not_modelled, credits };
    let written = products::write(&library, products, &out, shared)?;
    if shared.json {
        say(&report::json(
            &serde_json::json!({"out": written, "layers": names, "members": members.len(), "members_without_result": missing}),
        ));
    } else if !shared.quiet {
        say(&format!("{} members, {missing} without a result", members.len()));
        say(&format!("  Results: {written} ({})", names.join(", ")));
    }
    Ok(report::DONE)
}

/// Name of the matrix of risk that comes with the program.
pub(crate) const FOUR_COLOURS: &str = "four-colours";

/// Its text.
pub(crate) const FOUR_COLOURS_TEXT: &str = include_str!("../../../../examples/risk_matrix.toml");

/// The matrix of a file, or the one that comes with the program.
fn read_matrix(path: &Path) -> Result<RiskMatrix, Problems> {
    if path.as_os_str() == FOUR_COLOURS {
        return read_risk_matrix(FOUR_COLOURS_TEXT, FOUR_COLOURS);
    }
    read_risk_matrix(&read_text(path)?, &path.display().to_string())
}

fn read_sites(library: &Library, path: &Path, with_people: bool) -> Result<Vec<Site>, Problems> {
    let shown_as = path.display().to_string();
    let read = read_text_table(path, &shown_as).and_then(|table| sites::read(library, &table, with_people));
    read.map_err(|Problems(found)| {
        Problems(found.into_iter().map(|problem| problem.in_file(shown_as.as_str())).collect())
    })
}

/// Members with a result, and their weights.
fn done(library: &Library) -> Result<Vec<(Row, Located, f64)>, Problems> {
    let mut members = Vec::new();
    for row in library.all_rows()? {
        if let Ending::Done { result, .. } = &row.ending {
            let located = library.result(result)?;
            let weight = library.manifest.plan.weight(row.line);
            members.push((row, located, weight));
        }
    }
    Ok(members)
}

fn depth_levels(wish: &ExportWish, matrix: Option<&RiskMatrix>) -> Result<(Vec<String>, Vec<f64>), Problems> {
    let mut levels: Vec<(String, f64)> = Vec::new();
    for text in &wish.depth {
        let depth = Dimension::Length.parse(text).map_err(|_| {
            Problem::error(8653, format!("--depth \"{text}\" is not a length"))
                .fix("write --depth \"0.15 m\"")
        })?;
        levels.push((text.clone(), depth));
    }
    let of_matrix = matrix
        .into_iter()
        .flat_map(|matrix| &matrix.consequences)
        .filter_map(|consequence| consequence.depth);
    for depth in of_matrix {
        if levels.iter().all(|level| level.1 != depth) {
            levels.push((format!("{depth} m"), depth));
        }
    }
    if levels.is_empty() {
        levels.push(("0.15 m".into(), 0.15));
    }
    Ok(levels.into_iter().unzip())
}

type Found = (Grid, Levels, Vec<Layer>);

fn flood(
    library: &Library,
    members: &[(Row, Located, f64)],
    wish: &ExportWish,
    matrix: Option<&RiskMatrix>,
) -> Result<Found, Problems> {
    let grid = products::grid(library)?;
    let (names, depths) = depth_levels(wish, matrix)?;
    let mut shares = vec![grid.filled(0.0); depths.len()];
    let mut percentiles = vec![grid.filled(f64::NAN); wish.percentile.len()];
    let strip = (STRIP_BYTES / (members.len() * grid.columns * size_of::<u16>()).max(1)).clamp(1, grid.rows);
    for first in (0..grid.rows).step_by(strip) {
        let rows = first..(first + strip).min(grid.rows);
        let maps: Result<Vec<_>, Problems> =
            members.iter().map(|(_, located, _)| library.depths(located, rows.clone())).collect();
        let maps = maps?;
        let mut values: Vec<(f64, f64)> = vec![(0.0, 0.0); members.len()];
        for row in rows.clone() {
            for column in 0..grid.columns {
                for ((value, map), member) in values.iter_mut().zip(&maps).zip(members) {
                    *value = (products::metres(map[(row - first, column)]), member.2);
                }
                for (share, &depth) in shares.iter_mut().zip(&depths) {
                    share[(row, column)] = exceedance(&values, depth);
                }
                for (field, &percent) in percentiles.iter_mut().zip(&wish.percentile) {
                    let depth = percentile(&mut values, percent / 100.0);
                    field[(row, column)] = if depth > 0.0 { depth } else { f64::NAN };
                }
            }
        }
    }
    let layers = wish.percentile.iter().zip(percentiles).map(|(percent, values)| {
        let info = FieldInfo {
            name: format!("depth_p{}", plain(&percent.to_string())),
            title: format!("Depth that {percent} % of the members do not exceed"),
            title_zh: format!("{percent}% 情景不超过的积水深度"),
            unit: "m".into(),
            meaning: "percentile of the greatest depth over the members of the library, by their weights"
                .into(),
            ..FieldInfo::default()
        };
        Layer::Raster(Raster { info, values, scalars: Vec::new(), classes: Vec::new() })
    });
    let layers = layers.collect();
    Ok((grid, Levels { names, depths, shares }, layers))
}

fn gas(library: &Library, members: &[(Row, Located, f64)], wish: &ExportWish) -> Result<Found, Problems> {
    let located: Vec<Located> = members.iter().map(|member| member.1.clone()).collect();
    let outlines = library.all_outlines(&located)?;
    let shapes: Vec<(Vec<geo_types::MultiPolygon<f64>>, &Figures, f64)> = members
        .iter()
        .filter_map(|(row, located, weight)| {
            let zones = outlines.get(&located.id)?;
            Some((
                zones.iter().map(|rings| products::on_ground(rings, pose_of(row))).collect(),
                &located.figures,
                *weight,
            ))
        })
        .collect();
    let all: Vec<geo_types::Geometry<f64>> =
        shapes.iter().flat_map(|shape| &shape.0).cloned().map(Into::into).collect();
    let mut grid = products::grid_around(library, all.iter())?;
    if let Some(text) = &wish.cell {
        let cell = Dimension::Length.parse(text).ok().filter(|cell| *cell > 0.0).ok_or_else(|| {
            Problem::error(8653, format!("--cell \"{text}\" is not a length")).fix("write --cell \"25 m\"")
        })?;
        let count = |length: f64| (length / cell).ceil().max(1.0) as usize;
        grid = Grid {
            columns: count(grid.east() - grid.west),
            rows: count(grid.north() - grid.south),
            dx: cell,
            dy: cell,
            ..grid
        };
    }
    let mut names: Vec<String> = Vec::new();
    let mut shares: Vec<Field> = Vec::new();
    let total: f64 = shapes.iter().map(|shape| shape.2).sum();
    let mut inside = vec![false; grid.cells()];
    for (zones, figures, weight) in &shapes {
        let Figures::Gas { zones: figures, .. } = figures else { continue };
        for (zone, shape) in figures.iter().zip(zones) {
            let place = names.iter().position(|name| *name == zone.level).unwrap_or_else(|| {
                names.push(zone.level.clone());
                shares.push(grid.filled(0.0));
                names.len() - 1
            });
            let rings: Vec<Vec<(f64, f64)>> = shape
                .iter()
                .map(|polygon| polygon.exterior().coords().map(|point| (point.x, point.y)).collect())
                .collect();
            inside.fill(false);
            mark_inside(&rings, &grid, &mut inside);
            let cells = shares[place].iter_mut().zip(&inside).filter(|pair| *pair.1);
            cells.for_each(|(share, _)| *share += weight / total);
        }
    }
    Ok((grid, Levels { names, depths: Vec::new(), shares }, Vec::new()))
}

/// Letters, digits and underscores only.
pub(super) fn plain(text: &str) -> String {
    let mapped: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    mapped.split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

fn probability(name: &str, share: &Field) -> Layer {
    let info = FieldInfo {
        name: format!("probability_{}", plain(name)),
        title: format!("Share of the members above {name}"),
        title_zh: format!("超过 {name} 的情景占比"),
        unit: "1".into(),
        meaning:
            "share of the members of the library, by their weights, in which the cell is above the level"
                .into(),
        ..FieldInfo::default()
    };
    let values = share.mapv(|share| if share > 0.0 { share } else { f64::NAN });
    Layer::Raster(Raster { info, values, scalars: Vec::new(), classes: Vec::new() })
}
