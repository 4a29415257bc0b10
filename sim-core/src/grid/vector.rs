//! Polygons, lines and points of a map in the plane of a grid.

pub use geo_types::Coord;

use crate::error::Problem;

/// Points in order: a ring (first point repeated at the end) or a line.
pub type Path = Vec<Coord<f64>>;

/// Where a thing on the map is.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Rings of an area, in any order and with either winding.
    ///
    /// A point lies in the area if it lies inside an odd number of its rings: holes,
    /// islands in holes and separate parts need no more than their rings, and the
    /// direction in which a ring runs means nothing.
    Area(Vec<Path>),
    /// Lines; more than one where a thing has several parts.
    Lines(Vec<Path>),
    /// Points.
    Points(Path),
}

/// Which kind a [`Shape`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeKind {
    /// Polygons.
    Area,
    /// Lines.
    Lines,
    /// Points.
    Points,
}

impl ShapeKind {
    /// Plural in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Area => "polygons",
            Self::Lines => "lines",
            Self::Points => "points",
        }
    }
}

/// West, south, east and north of something in a plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Smallest x and y.
    pub low: Coord<f64>,
    /// Largest x and y.
    pub high: Coord<f64>,
}

impl Extent {
    /// Of nothing: any point widens it.
    pub const NOTHING: Self = Self {
        low: Coord { x: f64::INFINITY, y: f64::INFINITY },
        high: Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY },
    };

    /// Widened by a point.
    #[must_use]
    pub fn with(self, at: Coord<f64>) -> Self {
        Self {
            low: Coord { x: self.low.x.min(at.x), y: self.low.y.min(at.y) },
            high: Coord { x: self.high.x.max(at.x), y: self.high.y.max(at.y) },
        }
    }

    /// Middle of it.
    pub fn middle(&self) -> Coord<f64> {
        Coord { x: 0.5 * (self.low.x + self.high.x), y: 0.5 * (self.low.y + self.high.y) }
    }

    /// True where both have a point in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }
}

impl Shape {
    /// Which kind it is.
    pub fn kind(&self) -> ShapeKind {
        match self {
            Self::Area(_) => ShapeKind::Area,
            Self::Lines(_) => ShapeKind::Lines,
            Self::Points(_) => ShapeKind::Points,
        }
    }

    /// Its rings, lines or points.
    pub fn paths(&self) -> &[Path] {
        match self {
            Self::Area(paths) | Self::Lines(paths) => paths,
            Self::Points(points) => std::slice::from_ref(points),
        }
    }

    /// The same with every point moved; nothing if one has no new place.
    pub fn moved(&self, place: impl Fn(Coord<f64>) -> Option<Coord<f64>>) -> Option<Self> {
        let path = |path: &Path| path.iter().map(|&at| place(at)).collect::<Option<Path>>();
        let paths = |paths: &[Path]| paths.iter().map(path).collect::<Option<Vec<Path>>>();
        Some(match self {
            Self::Area(rings) => Self::Area(paths(rings)?),
            Self::Lines(lines) => Self::Lines(paths(lines)?),
            Self::Points(points) => Self::Points(path(points)?),
        })
    }

    /// Smallest box around it.
    pub fn extent(&self) -> Extent {
        self.paths().iter().flatten().fold(Extent::NOTHING, |extent, &at| extent.with(at))
    }
}

/// A thing on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorFeature {
    /// Its position in the file, from 1.
    pub number: usize,
    /// Where it is.
    pub shape: Shape,
    /// Its name, where the file has one.
    pub label: Option<String>,
    /// People who live or work in it, where the file says so.
    pub people: Option<f64>,
    /// Its height, m, where the file says so.
    pub height: Option<f64>,
}

impl VectorFeature {
    /// Its name, or its number in the file: `#17`.
    pub fn name(&self) -> String {
        self.label.clone().unwrap_or_else(|| format!("#{}", self.number))
    }
}

/// What is asked of a file of vectors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VectorRequest {
    /// Kinds that have a use.
    pub kinds: Vec<ShapeKind>,
    /// Attribute that names a feature.
    pub label: Option<String>,
    /// Attribute with a number of people.
    pub people: Option<String>,
    /// Attribute with a height in metres.
    pub height: Option<String>,
    /// Table of a file that has several.
    pub table: Option<String>,
    /// Encoding of the attributes, where the file does not say it or is wrong.
    pub encoding: Option<TextEncoding>,
}

/// How text is written in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8.
    Utf8,
    /// GBK, read as its superset GB 18030.
    Gbk,
    /// Big5.
    Big5,
}

/// The features of a file that lie on a grid, in its plane.
#[derive(Debug, Clone, PartialEq)]
pub struct VectorLayer {
    /// Features in the order of the file.
    pub features: Vec<VectorFeature>,
    /// What was understood of the file without being asked for, each with the reason:
    /// `("encoding", "GBK: the .cpg says so")`.
    pub understood: Vec<(&'static str, String)>,
    /// What the user should know.
    pub warnings: Vec<Problem>,
}
