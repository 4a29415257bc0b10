//! Answers of a library as the products of a run.

use std::path::Path;

use sim_core::error::{Problem, Problems};
use sim_core::grid::{Crs, Field, Grid, LonLat};
use sim_core::input::library::Library;
use sim_core::library::flood::STEPS_PER_METRE;
use sim_core::library::question::between;
use sim_core::library::stored::{Figures, Pose, Rings};
use sim_core::output::{FolderLock, Options};
use sim_core::product::{Class, Column, Feature, FieldInfo, Layer, Map, Products, Raster, Shapes, Value};
use sim_core::run::{Ledger, Record};
use sim_core::scenario;

use super::query::{Around, pose_of};
use crate::args::Shared;

/// A stored depth in metres.
pub(super) fn metres(depth: u16) -> f64 {
    f64::from(depth) / STEPS_PER_METRE
}

/// The plane of a library.
pub(super) fn plane(library: &Library) -> Result<Crs, Problems> {
    library.manifest.epsg.map_or_else(|| Ok(Crs::local()), |code| Crs::from_epsg(u32::from(code)))
}

/// A place in the plane of the library; numbers that can only be longitude and latitude are turned into it.
pub(super) fn in_plane(library: &Library, (x, y): (f64, f64)) -> Result<(f64, f64), Problems> {
    let crs = plane(library)?;
    if crs.epsg().is_none() || x.abs() > 180.0 || y.abs() > 90.0 {
        return Ok((x, y));
    }
    crs.from_lon_lat(LonLat { lon: x, lat: y }).ok_or_else(|| {
        Problem::error(8646, format!("{x},{y} cannot be placed in {crs}"))
            .fix("give x and y in metres of the library's plane")
            .into()
    })
}

/// The grid of the depths.
pub(super) fn grid(library: &Library) -> Result<Grid, Problems> {
    match library.manifest.grid {
        Some(grid) => grid.grid(library.manifest.epsg),
        None => Err(Problem::error(9001, "a library of floods has no grid").fix("please report it").into()),
    }
}

/// The cell that holds a place.
pub(super) fn cell_of(library: &Library, (x, y): (f64, f64)) -> Result<(usize, usize), Problems> {
    let grid = grid(library)?;
    grid.cell_at(x, y).ok_or_else(|| {
        Problem::error(8646, format!("x {x:.1}, y {y:.1} lies outside the library's grid"))
            .at_spot(format!(
                "the grid goes from x {:.1} to {:.1}, y {:.1} to {:.1}",
                grid.west,
                grid.east(),
                grid.south,
                grid.north()
            ))
            .fix("give a place on the grid, as x,y in metres or as longitude,latitude")
            .into()
    })
}

/// Writes the map between the members.
pub(super) fn write_answer(
    library: &Library,
    around: &Around,
    out: &Path,
    shared: &Shared,
) -> Result<String, Problems> {
    let (grid, layer) = if library.manifest.grid.is_some() {
        (grid(library)?, depth_layer(library, around)?)
    } else {
        zone_layer(library, around)?
    };
    let is_raster = matches!(layer, Layer::Raster(_));
    let name = layer.info().name.clone();
    let map = Map {
        name: name.clone(),
        title: library.manifest.plan.title.clone(),
        subtitle: format!("from {} members of a library", around.members.len()),
        terrain: None,
        closed: None,
        raster: is_raster.then(|| name.clone()),
        shapes: if is_raster { Vec::new() } else { vec![name] },
        solid: Vec::new(),
        hollow: Vec::new(),
        markers: Vec::new(),
        arrow: None,
        not_modelled: NOT_MODELLED.to_owned(),
    };
    write(
        library,
        Products {
            grid,
            layers: vec![layer],
            maps: vec![map],
            plots: Vec::new(),
            not_modelled: vec![NOT_MODELLED.into()],
            credits: library.manifest.credits.clone(),
        },
        out,
        shared,
    )
}

/// What every answer of a library leaves out.
const NOT_MODELLED: &str = "what lies between the members of the library was not run";

/// Writes products of a library as a result folder.
pub(super) fn write(
    library: &Library,
    products: Products,
    out: &Path,
    shared: &Shared,
) -> Result<String, Problems> {
    let hazard = if library.manifest.grid.is_some() { "flood" } else { "gas" };
    let mut record = Record {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: env!("TUIYAN_COMMIT").to_owned(),
        status: "done",
        hazard,
        title: library.manifest.plan.title.clone(),
        scenario_sha256: library.manifest.base_sha256.clone(),
        overrides: shared.overrides.clone(),
        understood: serde_json::json!({"library_engine": library.manifest.engine}),
        inputs: Vec::new(),
        device: "cpu".into(),
        device_reason: None,
        threads: 1,
        ranks: None,
        cells: products.grid.cells(),
        steps: 0,
        wet_share: 0.0,
        wall_seconds: 0.0,
        cell_steps_per_second: 0.0,
        memory_bytes: 0,
        bytes_per_second: 0.0,
        ledger: Ledger::default(),
        summary: vec!["answer of a library: nothing was run".into()],
        observed: Vec::new(),
        warnings: Vec::new(),
        changes: Vec::new(),
        not_modelled: products.not_modelled.clone(),
        products: Vec::new(),
    };
    FolderLock::take(out)?.write_run(&products, &mut record, &Options::default())?;
    Ok(out.display().to_string())
}

/// Classes of depth for the legend.
fn classes() -> Vec<Class> {
    let presets = scenario::depth_presets();
    let classes = presets.first().map(|preset| preset.classes()).unwrap_or_default();
    classes
        .into_iter()
        .map(|class| Class { from: class.from, label: class.label, colour: class.colour })
        .collect()
}

fn depth_layer(library: &Library, around: &Around) -> Result<Layer, Problems> {
    let grid = grid(library)?;
    let maps: Result<Vec<_>, Problems> = around
        .members
        .iter()
        .map(|(_, located, weight)| Ok((library.depths(located, 0..grid.rows)?, *weight)))
        .collect();
    let maps = maps?;
    let mut values: Field = grid.filled(f64::NAN);
    for ((row, column), value) in values.indexed_iter_mut() {
        let mut here = [(0.0, 0.0); 1 << MOST_AXES];
        let count = maps.len().min(here.len());
        for (slot, (map, weight)) in here.iter_mut().zip(&maps) {
            *slot = (metres(map[(row, column)]), *weight);
        }
        let depth = between(&here[..count], around.may_interpolate);
        if depth > 0.0 {
            *value = depth;
        }
    }
    let info = FieldInfo {
        name: "max_depth".into(),
        title: "Maximum flood depth".into(),
        title_zh: "最大积水深度".into(),
        unit: "m".into(),
        meaning: "greatest depth between the members of a library: interpolated where all are wet, else the worst of them".into(),
        standard_name: Some("flood_water_thickness".into()),
        cell_methods: None,
    };
    Ok(Layer::Raster(Raster { info, values, scalars: Vec::new(), classes: classes() }))
}

/// Axes that are interpolated at once, at most; two to their power members are read.
const MOST_AXES: usize = 8;

/// Rings of a result on the ground.
pub(super) fn on_ground(rings: &Rings, pose: Option<Pose>) -> geo_types::MultiPolygon<f64> {
    let place = |&(x, y): &(f32, f32)| {
        let (x, y) = (f64::from(x), f64::from(y));
        pose.map_or((x, y), |pose| pose.on_ground(x, y))
    };
    let polygon =
        |ring: &Vec<(f32, f32)>| geo_types::Polygon::new(ring.iter().map(place).collect(), Vec::new());
    geo_types::MultiPolygon::new(rings.iter().map(polygon).collect())
}

/// Zones of the member that reaches farthest, level by level.
fn zone_layer(library: &Library, around: &Around) -> Result<(Grid, Layer), Problems> {
    let mut features: Vec<Feature> = Vec::new();
    let mut best: Vec<(String, f64)> = Vec::new();
    for (row, located, _) in &around.members {
        let outlines = library.outlines(located)?;
        let Figures::Gas { zones, .. } = &located.figures else { continue };
        for (zone, rings) in zones.iter().zip(&outlines).filter(|pair| !pair.1.is_empty()) {
            let known = best.iter().position(|best| best.0 == zone.level);
            if known.is_some_and(|known| best[known].1 >= zone.distance) {
                continue;
            }
            let feature = Feature {
                geometry: on_ground(rings, pose_of(row)).into(),
                label: zone.level.clone(),
                values: vec![
                    Value::Text(zone.level.clone()),
                    Value::Number(zone.distance),
                    Value::Integer(row.line as i64),
                ],
                colour: COLOURS[known.unwrap_or(best.len()).min(COLOURS.len() - 1)],
            };
            match known {
                Some(known) => (best[known].1, features[known]) = (zone.distance, feature),
                None => {
                    best.push((zone.level.clone(), zone.distance));
                    features.push(feature);
                }
            }
        }
    }
    let grid = grid_around(library, features.iter().map(|feature| &feature.geometry))?;
    features.reverse();
    let info = FieldInfo {
        name: "threat_zones".into(),
        title: "Threat zones".into(),
        title_zh: "威胁区".into(),
        meaning: "zone of each level of the member around the question that reaches farthest".into(),
        ..FieldInfo::default()
    };
    let columns = vec![
        Column::new("level", "", "level of concern"),
        Column::new("distance", "m", "greatest distance at the receptors' height"),
        Column::new("line", "", "line of the plan"),
    ];
    Ok((grid, Layer::Shapes(Shapes { info, columns, features })))
}

/// Colours of zones, the highest level first.
const COLOURS: [[u8; 3]; 4] = [[200, 30, 30], [240, 140, 20], [240, 210, 40], [90, 160, 220]];

/// Cells along the longer side of the map of some shapes.
const MAP_CELLS: f64 = 200.0;

/// A grid around shapes, with a tenth to spare.
pub(super) fn grid_around<'g>(
    library: &Library,
    shapes: impl Iterator<Item = &'g geo_types::Geometry<f64>>,
) -> Result<Grid, Problems> {
    use geo::BoundingRect;
    let boxes: Vec<geo_types::Rect<f64>> = shapes.filter_map(BoundingRect::bounding_rect).collect();
    let fold = |start: f64, pick: fn(&geo_types::Rect<f64>) -> f64, join: fn(f64, f64) -> f64| {
        boxes.iter().map(pick).fold(start, join)
    };
    let (west, east) =
        (fold(f64::INFINITY, |b| b.min().x, f64::min), fold(f64::NEG_INFINITY, |b| b.max().x, f64::max));
    let (south, north) =
        (fold(f64::INFINITY, |b| b.min().y, f64::min), fold(f64::NEG_INFINITY, |b| b.max().y, f64::max));
    if boxes.is_empty() {
        return Err(Problem::error(
            8647,
            "no member around the question has a zone: there is no map to draw",
        )
        .fix("leave out --out; the figures say it")
        .into());
    }
    let longest = (east - west).max(north - south).max(1.0);
    let (margin, cell) = (0.1 * longest, 1.2 * longest / MAP_CELLS);
    let count = |length: f64| ((length + 2.0 * margin) / cell).ceil() as usize;
    Ok(Grid {
        columns: count(east - west),
        rows: count(north - south),
        dx: cell,
        dy: cell,
        west: west - margin,
        south: south - margin,
        crs: plane(library)?,
    })
}
