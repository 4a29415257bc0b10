//! Colours of risk by cell and by site.

use sim_core::error::{Problem, Problems};
use sim_core::grid::Grid;
use sim_core::input::library::Library;
use sim_core::input::plan_table::TextTable;
use sim_core::library::statistics::RiskMatrix;
use sim_core::product::{Column, Feature, FieldInfo, Layer, Shapes, Table, Value};

use super::export::Levels;
use super::products;

/// Layers of risk: cells as shapes and as a table, and the same for sites.
pub(super) fn layers(
    library: &Library,
    (matrix, frequency): (&RiskMatrix, f64),
    (grid, levels): (&Grid, &Levels),
    sites: Option<&TextTable>,
) -> Result<Vec<Layer>, Problems> {
    let places = places(matrix, levels)?;
    let at = |cell: (usize, usize)| -> Vec<f64> {
        places.iter().map(|&place| frequency * levels.shares[place][cell]).collect()
    };
    let mut columns =
        vec![Column::new("colour", "", "colour of risk: the worst pair of frequency and consequence")];
    columns.extend(matrix.consequences.iter().enumerate().map(|(i, consequence)| {
        Column::new(
            &format!("per_year_{}", i + 1),
            "a-1",
            &format!("how often a year: {}", consequence.label),
        )
    }));
    let values = |cell: (usize, usize)| -> Option<(usize, Vec<Value>)> {
        let frequencies = at(cell);
        let colour = matrix.colour(&frequencies)?;
        let name = Value::Text(matrix.colours[colour].name.clone());
        Some((colour, std::iter::once(name).chain(frequencies.into_iter().map(Value::Number)).collect()))
    };
    let mut features = Vec::new();
    let mut rows = Vec::new();
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let Some((colour, values)) = values((row, column)) else { continue };
            rows.push(
                [vec![Value::Number(grid.x(column)), Value::Number(grid.y(row))], values.clone()].concat(),
            );
            let label = matrix.colours[colour].name.clone();
            features.push(Feature {
                geometry: grid.cell_outline((row, column)).into(),
                label,
                values,
                colour: matrix.colours[colour].rgb,
            });
        }
    }
    let info = |name: &str, title: &str, title_zh: &str| FieldInfo {
        name: name.into(),
        title: title.into(),
        title_zh: title_zh.into(),
        meaning: format!("frequency against consequence by the matrix: {}", matrix.source),
        ..FieldInfo::default()
    };
    let of_places =
        [vec![Column::new("x", "m", "easting"), Column::new("y", "m", "northing")], columns.clone()].concat();
    let cells = info("risk_cells", "Risk by cell", "网格风险分级");
    let mut layers = vec![
        Layer::Shapes(Shapes { info: cells.clone(), columns: columns.clone(), features }),
        Layer::Table(Table { info: cells, columns: of_places.clone(), rows }),
    ];
    if let Some(sites) = sites {
        let (mut features, mut rows) = (Vec::new(), Vec::new());
        let named = [vec![Column::new("name", "", "name of the site")], columns].concat();
        for (name, x, y) in sites_of(library, sites)? {
            let found = grid.cell_at(x, y).and_then(values);
            let none = || {
                std::iter::once(Value::Text("none".into()))
                    .chain(matrix.consequences.iter().map(|_| Value::Number(0.0)))
                    .collect()
            };
            let rgb = found.as_ref().map_or([160, 160, 160], |found| matrix.colours[found.0].rgb);
            let values: Vec<Value> = found.map_or_else(none, |found| found.1);
            rows.push(
                [vec![Value::Text(name.clone()), Value::Number(x), Value::Number(y)], values.clone()]
                    .concat(),
            );
            let values = [vec![Value::Text(name.clone())], values].concat();
            features.push(Feature {
                geometry: geo_types::Point::new(x, y).into(),
                label: name,
                values,
                colour: rgb,
            });
        }
        let sites = info("risk_sites", "Risk by site", "点位风险分级");
        let with_name = [vec![Column::new("name", "", "name of the site")], of_places].concat();
        layers.push(Layer::Shapes(Shapes { info: sites.clone(), columns: named, features }));
        layers.push(Layer::Table(Table { info: sites, columns: with_name, rows }));
    }
    Ok(layers)
}

/// Place among the levels of each consequence of the matrix.
fn places(matrix: &RiskMatrix, levels: &Levels) -> Result<Vec<usize>, Problems> {
    let mut problems = Vec::new();
    let mut places = Vec::new();
    for consequence in &matrix.consequences {
        let place = match (&consequence.level, consequence.depth) {
            (Some(level), _) => levels.names.iter().position(|name| name == level),
            (None, Some(depth)) => levels.depths.iter().position(|&known| known == depth),
            (None, None) => None,
        };
        match place {
            Some(place) => places.push(place),
            None => problems.push(
                Problem::error(
                    8654,
                    format!("the library has nothing to judge the consequence \"{}\" by", consequence.label),
                )
                .fix(format!(
                    "a flood is judged by depth = \"...\", a gas by level = one of {}",
                    levels.names.join(", ")
                )),
            ),
        }
    }
    if problems.is_empty() { Ok(places) } else { Err(Problems(problems)) }
}

/// Names and places of sites in the plane of the library.
fn sites_of(library: &Library, table: &TextTable) -> Result<Vec<(String, f64, f64)>, Problems> {
    let column = |names: [&str; 2]| table.columns.iter().position(|column| names.contains(&column.as_str()));
    let refuse = |text: String| {
        Problem::error(8655, text).fix("write a table with the columns name, x_m, y_m or name, lon, lat")
    };
    let (Some(name), Some(x), Some(y)) =
        (column(["name", "name"]), column(["x_m", "lon"]), column(["y_m", "lat"]))
    else {
        return Err(refuse(format!("the table of sites has the columns {}", table.columns.join(", "))).into());
    };
    let mut sites = Vec::new();
    for (i, row) in table.rows.iter().enumerate() {
        let (Ok(easting), Ok(northing)) = (row[x].parse::<f64>(), row[y].parse::<f64>()) else {
            return Err(refuse(format!("row {} of the sites has no place: {}", i + 1, row.join(", "))).into());
        };
        let (easting, northing) = products::in_plane(library, (easting, northing))?;
        sites.push((row[name].clone(), easting, northing));
    }
    Ok(sites)
}
