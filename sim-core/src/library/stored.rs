//! Rows and results as they lie in a store, and the hash of its content.

use std::collections::BTreeMap;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use super::plan::Plan;
use crate::error::Result;
use crate::grid::{Crs, Grid};

/// Version of the layout of stores.
pub const LAYOUT: u32 = 1;

/// What a library is about; it stands in `library.json` and never changes while the library grows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout of the store.
    pub layout: u32,
    /// Version and commit of the engine.
    pub engine: String,
    /// `gas` or `flood`.
    pub hazard: String,
    /// The plan with its tables and draws written out.
    pub plan: Plan,
    /// SHA-256 of the base scenario's text.
    pub base_sha256: String,
    /// Grid of the depths; none for a gas.
    pub grid: Option<StoredGrid>,
    /// EPSG code of the plane of all places; none for a plane that is nowhere on Earth.
    pub epsg: Option<u16>,
    /// Whose data the products show.
    pub credits: Vec<String>,
}

/// A grid in a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StoredGrid {
    /// Number of columns.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// Cell size along x, m.
    pub dx: f64,
    /// Cell size along y, m.
    pub dy: f64,
    /// Western edge, m.
    pub west: f64,
    /// Southern edge, m.
    pub south: f64,
}

impl StoredGrid {
    /// What a manifest keeps of a grid.
    pub fn of(grid: &Grid) -> Self {
        let &Grid { columns, rows, dx, dy, west, south, .. } = grid;
        Self { columns, rows, dx, dy, west, south }
    }

    /// The grid again.
    ///
    /// # Errors
    /// E2201 for a reference that this engine does not know.
    pub fn grid(&self, epsg: Option<u16>) -> Result<Grid> {
        let crs = epsg.map_or_else(|| Ok(Crs::local()), |code| Crs::from_epsg(u32::from(code)))?;
        let &Self { columns, rows, dx, dy, west, south } = self;
        Ok(Grid { columns, rows, dx, dy, west, south, crs })
    }
}

/// How a member ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Ending {
    /// It has a result.
    Done {
        /// Id of the result.
        result: String,
        /// How the result lies on the ground; none where it has its own place.
        pose: Option<Pose>,
    },
    /// It has none, and this is why.
    Failed {
        /// The messages, one a line.
        message: String,
    },
}

/// Where a result in the wind's own coordinates lies: x along the wind, y to its left, the source at zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pose {
    /// x of the source, m.
    pub x: f64,
    /// y of the source, m.
    pub y: f64,
    /// Where the wind comes from, degrees clockwise from north.
    pub wind_from_deg: f64,
}

impl Pose {
    /// Coordinates along the wind and to its left of a point on the ground, m.
    ///
    /// # Example
    /// ```
    /// use sim_core::library::stored::Pose;
    /// let north_wind = Pose { x: 100.0, y: 100.0, wind_from_deg: 0.0 };
    /// let (along, left) = north_wind.in_wind(100.0, 40.0); // 60 m to the south of the source
    /// assert!((along - 60.0).abs() < 1e-9 && left.abs() < 1e-9);
    /// ```
    pub fn in_wind(&self, x: f64, y: f64) -> (f64, f64) {
        let (sin, cos) = self.heading().sin_cos();
        let (east, north) = (x - self.x, y - self.y);
        (east * cos + north * sin, north * cos - east * sin)
    }

    /// A point of the wind's coordinates on the ground.
    pub fn on_ground(&self, along: f64, left: f64) -> (f64, f64) {
        let (sin, cos) = self.heading().sin_cos();
        (self.x + along * cos - left * sin, self.y + along * sin + left * cos)
    }

    /// Where the wind blows to, rad anticlockwise from east.
    fn heading(&self) -> f64 {
        (270.0 - self.wind_from_deg).to_radians()
    }
}

/// One line of a library.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Line of the plan, from 0.
    pub line: u64,
    /// Fingerprint of everything it computes with.
    pub id: String,
    /// How it ended.
    #[serde(flatten)]
    pub ending: Ending,
    /// Time that it took, s.
    pub seconds: f64,
}

/// The zone of one level.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ZoneFigures {
    /// Name of the level.
    pub level: String,
    /// The level as a mass concentration, kg/m³.
    pub threshold: f64,
    /// Greatest distance at the receptors' height, m.
    pub distance: f64,
    /// Greatest distance at which the level may be met at all, m.
    pub reach: f64,
    /// Greatest width, m; none of a cloud of puffs, which has no axis.
    pub width: Option<f64>,
    /// Area, m².
    pub area: f64,
    /// Time for the wind to carry gas to the greatest distance, s; none where there is no zone.
    pub arrival: Option<f64>,
    /// False where a criterion of validity speaks against it.
    pub is_valid: bool,
}

/// Figures of one result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "hazard", rename_all = "lowercase")]
pub enum Figures {
    /// Of a gas.
    Gas {
        /// Radius to clear, m.
        radius: f64,
        /// Zones, the highest level first.
        zones: Vec<ZoneFigures>,
    },
    /// Of a flood.
    Flood {
        /// Greatest depth anywhere, m.
        max_depth: f64,
        /// Area with water deeper than the waterlogging depth of the scenario, m².
        flooded_area: f64,
        /// Area that was ever wet, m².
        wet_area: f64,
        /// Volume under the greatest depths, m³.
        volume: f64,
        /// Error of the water balance.
        balance_error: f64,
    },
}

/// Outlines of one level: rings of points in single precision, m.
pub type Rings = Vec<Vec<(f32, f32)>>;

/// What is kept of a run besides its figures.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Outlines of the zones, in the order of the figures.
    Outlines(Vec<Rings>),
    /// Greatest depths, mm; 0 where dry or outside, row 0 in the south.
    Depths(Array2<u16>),
}

/// One result.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Id by which rows name it.
    pub id: String,
    /// Its figures.
    pub figures: Figures,
    /// The rest.
    pub body: Body,
}

impl Stored {
    /// SHA-256 of figures and body, hexadecimal.
    pub fn sha256(&self) -> String {
        let hash = Fingerprint::default().text(&self.id).shown(&self.figures);
        match &self.body {
            Body::Outlines(zones) => zones.iter().fold(hash, |hash, rings| {
                rings.iter().fold(hash.text("zone"), |hash, ring| {
                    hash.numbers(ring.iter().flat_map(|&(x, y)| [f64::from(x), f64::from(y)]))
                })
            }),
            Body::Depths(depths) => {
                let bytes: Vec<u8> = depths.iter().flat_map(|depth| depth.to_le_bytes()).collect();
                hash.shown(&depths.dim()).bytes(&bytes)
            }
        }
        .end()
    }
}

/// Where a result lies in a store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Id of the result.
    pub id: String,
    /// Hash of figures and body.
    pub sha256: String,
    /// Its figures.
    pub figures: Figures,
}

/// Some rows that are complete and the results that they were the first to need.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// Rows.
    pub rows: Vec<Row>,
    /// Results.
    pub results: Vec<Stored>,
}

/// The hash of a library's content: of every member's inputs and result, whatever the order of work
/// and however often a member occurs.
///
/// `results` gives the hash of a result by its id.
pub fn content_hash<'a>(
    rows: impl IntoIterator<Item = &'a Row>,
    results: &BTreeMap<String, String>,
) -> String {
    let mut entries: Vec<String> = rows.into_iter().map(|row| entry(row, results)).collect();
    entries.sort_unstable();
    entries.dedup();
    entries.into_iter().fold(Fingerprint::default(), |hash, entry| hash.text(&entry)).end()
}

fn entry(row: &Row, results: &BTreeMap<String, String>) -> String {
    match &row.ending {
        Ending::Done { result, pose } => {
            let sha256 = results.get(result).map_or("", String::as_str);
            let pose = pose.map_or_else(String::new, |pose| format!("{pose:?}"));
            format!("{} {result} {sha256} {pose}", row.id)
        }
        Ending::Failed { message } => format!("{} failed {message}", row.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, id: &str) -> Row {
        let ending = Ending::Done { result: "r".into(), pose: None };
        Row { line, id: id.into(), ending, seconds: line as f64 }
    }

    #[test]
    fn the_content_does_not_depend_on_order_time_or_repetition() {
        let results = BTreeMap::from([("r".to_owned(), "s".to_owned())]);
        let (a, b) = (row(0, "a"), row(1, "b"));
        let one = content_hash([&a, &b], &results);
        assert_eq!(one, content_hash([&b, &a, &row(9, "a")], &results));
        assert_ne!(one, content_hash([&a], &results));
        assert_ne!(one, content_hash([&a, &b], &BTreeMap::new()));
    }

    #[test]
    fn a_pose_turns_there_and_back() {
        let pose = Pose { x: 3.0, y: -4.0, wind_from_deg: 230.0 };
        let (x, y) = pose.on_ground(120.0, 35.0);
        let (along, left) = pose.in_wind(x, y);
        assert!((along - 120.0).abs() < 1e-9 && (left - 35.0).abs() < 1e-9);
        let west = Pose { x: 0.0, y: 0.0, wind_from_deg: 270.0 };
        assert!((west.on_ground(10.0, 0.0).0 - 10.0).abs() < 1e-9, "a west wind blows to the east");
    }
}
