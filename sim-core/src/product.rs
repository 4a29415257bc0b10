//! What a run leaves for people: rasters, shapes, tables, and the maps drawn of them.
//!
//! A layer carries its own name, unit and meaning ([`FieldInfo`]), and writers
//! copy them into the files; no writer knows what a layer is about. Physics
//! folders make layers through [`Product`], one file per product.

use geo_types::Geometry;
use ndarray::Array2;
use serde::Serialize;

use crate::grid::{Field, Grid};

/// Name, unit and meaning of one quantity, in the words of the CF conventions where they exist.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct FieldInfo {
    /// Short name for files and variables, e.g. `max_depth`.
    pub name: String,
    /// Title on maps and in legends, English.
    pub title: String,
    /// Title, Chinese.
    pub title_zh: String,
    /// Unit as UDUNITS spells it, e.g. `m s-1`; `1` for a pure number.
    pub unit: String,
    /// One sentence: what exactly the numbers are.
    pub meaning: String,
    /// CF standard name, where one exists.
    pub standard_name: Option<String>,
    /// CF cell methods, e.g. `time: maximum`.
    pub cell_methods: Option<String>,
}

/// A number that qualifies a whole layer, e.g. the threshold of an arrival time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scalar {
    /// Variable name.
    pub name: String,
    /// CF standard name, where one exists.
    pub standard_name: Option<String>,
    /// Unit as UDUNITS spells it.
    pub unit: String,
    /// Its value.
    pub value: f64,
}

/// One class of a legend: from `from` up to the next class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Class {
    /// Lower bound in the layer's unit; values below the first class are not drawn.
    pub from: f64,
    /// Text of the legend.
    pub label: String,
    /// Red, green, blue.
    pub colour: [u8; 3],
}

/// Values on the grid; NaN where there is nothing to say (dry, never reached).
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    /// What the values are.
    pub info: FieldInfo,
    /// Values, shape (rows, columns), row 0 in the south.
    pub values: Field,
    /// Numbers that qualify the layer.
    pub scalars: Vec<Scalar>,
    /// Legend classes in rising order.
    pub classes: Vec<Class>,
}

/// Values on the grid at several times.
#[derive(Debug, Clone, PartialEq)]
pub struct Frames {
    /// What the values are.
    pub info: FieldInfo,
    /// Seconds after the start of the run, rising.
    pub times: Vec<f64>,
    /// One array per time, shape (rows, columns), row 0 in the south.
    pub values: Vec<Array2<f32>>,
}

/// A column of a table or an attribute of a shape.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Column {
    /// Name with its unit as suffix where it is not SI, e.g. `onset_min`.
    pub name: String,
    /// Unit as UDUNITS spells it; empty for text.
    pub unit: String,
    /// One sentence.
    pub meaning: String,
}

impl Column {
    /// A column from its three parts.
    pub fn new(name: &str, unit: &str, meaning: &str) -> Self {
        Self { name: name.into(), unit: unit.into(), meaning: meaning.into() }
    }
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Words.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A count or a rank.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
    /// Nothing to say.
    Missing,
}

/// A point, line or area with its attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Geometry in the grid's coordinate reference.
    pub geometry: Geometry<f64>,
    /// Name shown on maps.
    pub label: String,
    /// One value per column of the layer.
    pub values: Vec<Value>,
    /// Red, green, blue.
    pub colour: [u8; 3],
}

/// Points, lines or areas.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapes {
    /// What the shapes are.
    pub info: FieldInfo,
    /// Attributes of every feature.
    pub columns: Vec<Column>,
    /// The features, most important first.
    pub features: Vec<Feature>,
}

/// Rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What the table is.
    pub info: FieldInfo,
    /// Its columns.
    pub columns: Vec<Column>,
    /// One value per column in every row.
    pub rows: Vec<Vec<Value>>,
}

/// Anything that a run can leave behind.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// Values on the grid.
    Raster(Raster),
    /// Values on the grid at several times.
    Frames(Frames),
    /// Points, lines or areas.
    Shapes(Shapes),
    /// Rows and columns.
    Table(Table),
}

impl Layer {
    /// What the layer is.
    pub fn info(&self) -> &FieldInfo {
        match self {
            Self::Raster(raster) => &raster.info,
            Self::Frames(frames) => &frames.info,
            Self::Shapes(shapes) => &shapes.info,
            Self::Table(table) => &table.info,
        }
    }

    fn info_mut(&mut self) -> &mut FieldInfo {
        match self {
            Self::Raster(raster) => &mut raster.info,
            Self::Frames(frames) => &mut frames.info,
            Self::Shapes(shapes) => &mut shapes.info,
            Self::Table(table) => &mut table.info,
        }
    }
}

/// An arrow on a map, e.g. the wind.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrow {
    /// Where it points to, radians anticlockwise from east.
    pub heading: f64,
    /// Text beside it.
    pub label: String,
}

/// Cells of a map that are neither ground nor shown by their values, e.g. buildings.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    /// Text of the legend.
    pub label: String,
    /// True where they are, shape (rows, columns), row 0 in the south.
    pub cells: Array2<bool>,
}

/// A picture to be drawn of some layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// File name without ending.
    pub name: String,
    /// Title, English.
    pub title: String,
    /// Second line: place, time, scenario.
    pub subtitle: String,
    /// Ground level for hill shading under everything, if there is any.
    pub terrain: Option<Field>,
    /// Cells drawn in one grey over the ground and under the raster, if there are any.
    pub closed: Option<Closed>,
    /// Name of the raster drawn by its classes.
    pub raster: Option<String>,
    /// Names of the shape layers drawn over it, in this order.
    pub shapes: Vec<String>,
    /// Those of them whose areas hide the raster, such as buildings; of the others it shows through.
    pub solid: Vec<String>,
    /// Those of them whose areas are outlined and not filled, such as districts.
    pub hollow: Vec<String>,
    /// Points with a label, x and y in the grid's reference.
    pub markers: Vec<(f64, f64, String)>,
    /// The wind, if there is any.
    pub arrow: Option<Arrow>,
    /// Last line: what the map does not show.
    pub not_modelled: String,
}

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A line from point to point.
    Line,
    /// A dot at every point.
    Dots,
}

/// Points over one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Text of the legend.
    pub label: String,
    /// How it is drawn.
    pub mark: Mark,
    /// Red, green, blue.
    pub colour: [u8; 3],
    /// Points in the units of the axes.
    pub points: Vec<(f64, f64)>,
}

/// A picture of curves; the first one lies at the bottom.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// File name without ending.
    pub name: String,
    /// Title, English.
    pub title: String,
    /// Second line.
    pub subtitle: String,
    /// What is along the axis, with its unit.
    pub x: String,
    /// What is up the axis, with its unit.
    pub y: String,
    /// The curves.
    pub curves: Vec<Curve>,
}

/// Everything a run leaves behind, on one grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Products {
    /// The grid of all rasters and the reference of all shapes.
    pub grid: Grid,
    /// Layers in the order in which they are written.
    pub layers: Vec<Layer>,
    /// Pictures of the grid.
    pub maps: Vec<Map>,
    /// Pictures of curves.
    pub plots: Vec<Plot>,
    /// What the model leaves out, one short phrase each.
    pub not_modelled: Vec<String>,
    /// Whose data the products show, in the words their licences ask for.
    pub credits: Vec<String>,
}

impl Products {
    /// The layer of a name.
    pub fn layer(&self, name: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.info().name == name)
    }

    /// Writes a caveat into everything: the meaning of every layer, a column of every table and
    /// of all shapes, the last line of every map and the second of every plot.
    pub fn warn_of(&mut self, caveat: &str) {
        let column = Column::new("caveat", "", "what the whole result rests on");
        let value = Value::Text(caveat.to_owned());
        for layer in &mut self.layers {
            match layer {
                Layer::Shapes(shapes) => {
                    shapes.columns.push(column.clone());
                    shapes.features.iter_mut().for_each(|feature| feature.values.push(value.clone()));
                }
                Layer::Table(table) => {
                    table.columns.push(column.clone());
                    table.rows.iter_mut().for_each(|row| row.push(value.clone()));
                }
                Layer::Raster(_) | Layer::Frames(_) => {}
            }
            let info = layer.info_mut();
            info.meaning = format!("{}; {caveat}", info.meaning);
        }
        for map in &mut self.maps {
            map.not_modelled = format!("{caveat}. {}", map.not_modelled);
        }
        for plot in &mut self.plots {
            plot.subtitle = format!("{caveat}. {}", plot.subtitle);
        }
        self.not_modelled.insert(0, caveat.to_owned());
    }
}

/// One product: how a layer is made from the outcome `O` of a run.
///
/// An implementation is one file that holds its documentation, code and tests;
/// it joins a run by one line in the `ALL` list of its folder.
pub trait Product<O: ?Sized>: Sync {
    /// Name by which scenarios ask for it, e.g. `max_depth`.
    fn name(&self) -> &'static str;

    /// One sentence for `tuiyan list products`.
    fn meaning(&self) -> &'static str;

    /// True if it is made only where it is named, because it costs memory and time during the run.
    fn is_on_request(&self) -> bool {
        false
    }

    /// The layers it makes.
    fn layers(&self, outcome: &O) -> Vec<Layer>;
}
