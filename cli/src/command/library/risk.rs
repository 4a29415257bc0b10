//! Colours of risk by cell and by site.

use sim_core::error::{Problem, Problems};
use sim_core::grid::Grid;
use sim_core::library::statistics::RiskMatrix;
use sim_core::product::{Column, Feature, FieldInfo, Layer, Shapes, Table, Value};

use super::export::Levels;
use super::sites::Site;

/// How cells are judged.
struct Judge<'r> {
    matrix: &'r RiskMatrix,
    /// Frequency of the event, per year.
    frequency: f64,
    levels: &'r Levels,
    /// Place among the levels of each consequence.
    places: Vec<usize>,
}

impl Judge<'_> {
    /// Place of the colour of a cell, and the values of its columns; none where nothing ever happens.
    fn of(&self, cell: (usize, usize)) -> Option<(usize, Vec<Value>)> {
        let at = |&place: &usize| self.frequency * self.levels.shares[place][cell];
        let frequencies: Vec<f64> = self.places.iter().map(at).collect();
        let colour = self.matrix.colour(&frequencies)?;
        let name = Value::Text(self.matrix.colours[colour].name.clone());
        Some((colour, std::iter::once(name).chain(frequencies.into_iter().map(Value::Number)).collect()))
    }

    fn columns(&self) -> Vec<Column> {
        let colour = Column::new("colour", "", "colour of risk: the worst pair of frequency and consequence");
        let frequencies = self.matrix.consequences.iter().enumerate().map(|(i, consequence)| {
            let meaning = format!("how often a year: {}", consequence.label);
            Column::new(&format!("per_year_{}", i + 1), "a-1", &meaning)
        });
        std::iter::once(colour).chain(frequencies).collect()
    }

    fn info(&self, name: &str, title: &str, title_zh: &str) -> FieldInfo {
        FieldInfo {
            name: name.into(),
            title: title.into(),
            title_zh: title_zh.into(),
            meaning: format!("frequency against consequence by the matrix: {}", self.matrix.source),
            ..FieldInfo::default()
        }
    }
}

/// Layers of risk: cells as shapes and as a table, and the same for sites.
pub(super) fn layers(
    (matrix, frequency): (&RiskMatrix, f64),
    (grid, levels): (&Grid, &Levels),
    sites: Option<&[Site]>,
) -> Result<Vec<Layer>, Problems> {
    let judge = Judge { matrix, frequency, levels, places: places(matrix, levels)? };
    let mut layers = of_cells(&judge, grid);
    if let Some(sites) = sites {
        layers.extend(of_sites(&judge, grid, sites));
    }
    Ok(layers)
}

/// Columns of a place on the ground.
fn place_columns() -> [Column; 2] {
    [Column::new("x", "m", "easting"), Column::new("y", "m", "northing")]
}

fn of_cells(judge: &Judge<'_>, grid: &Grid) -> Vec<Layer> {
    let (mut features, mut rows) = (Vec::new(), Vec::new());
    for cell in (0..grid.rows).flat_map(|row| (0..grid.columns).map(move |column| (row, column))) {
        let Some((colour, values)) = judge.of(cell) else { continue };
        let place = vec![Value::Number(grid.x(cell.1)), Value::Number(grid.y(cell.0))];
        rows.push([place, values.clone()].concat());
        let colour = &judge.matrix.colours[colour];
        let geometry = grid.cell_outline(cell).into();
        features.push(Feature { geometry, label: colour.name.clone(), values, colour: colour.rgb });
    }
    let info = judge.info("risk_cells", "Risk by cell", "网格风险分级");
    let with_place = [place_columns().to_vec(), judge.columns()].concat();
    vec![
        Layer::Shapes(Shapes { info: info.clone(), columns: judge.columns(), features }),
        Layer::Table(Table { info, columns: with_place, rows }),
    ]
}

/// Colour of a site where nothing ever happens.
const GREY: [u8; 3] = [160, 160, 160];

fn of_sites(judge: &Judge<'_>, grid: &Grid, sites: &[Site]) -> Vec<Layer> {
    let (mut features, mut rows) = (Vec::new(), Vec::new());
    let never = || {
        let zeros = judge.matrix.consequences.iter().map(|_| Value::Number(0.0));
        std::iter::once(Value::Text("none".into())).chain(zeros).collect::<Vec<_>>()
    };
    for Site { name, x, y, .. } in sites {
        let found = grid.cell_at(*x, *y).and_then(|cell| judge.of(cell));
        let colour = found.as_ref().map_or(GREY, |found| judge.matrix.colours[found.0].rgb);
        let values = found.map_or_else(never, |found| found.1);
        let name_value = vec![Value::Text(name.clone())];
        rows.push([name_value.clone(), vec![Value::Number(*x), Value::Number(*y)], values.clone()].concat());
        let values = [name_value, values].concat();
        let geometry = geo_types::Point::new(*x, *y).into();
        features.push(Feature { geometry, label: name.clone(), values, colour });
    }
    let name = vec![Column::new("name", "", "name of the site")];
    let info = judge.info("risk_sites", "Risk by site", "点位风险分级");
    let columns = [name.clone(), judge.columns()].concat();
    let with_place = [name, place_columns().to_vec(), judge.columns()].concat();
    vec![
        Layer::Shapes(Shapes { info: info.clone(), columns, features }),
        Layer::Table(Table { info, columns: with_place, rows }),
    ]
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
