//! Which part of the world a map shows, and where it lies on the page.

use geo::BoundingRect;

use super::canvas::Area;
use crate::grid::{Grid, LonLat};
use crate::product::{Layer, Map, Products, Raster, Shapes};

/// Width of the map on the page, pixels.
pub(super) const MAP_WIDTH: f32 = 1040.0;

/// Flattest and steepest map, height over width; a longer strip gets room beside it.
const ASPECT: (f64, f64) = (0.4, 1.15);

/// Room around what the map is about, as a share of its extent.
const ROOM: f64 = 0.12;

/// A raster that fills less than this share of the grid's width and height is shown larger.
const WORTH_ZOOMING: f64 = 0.4;

/// Smallest extent shown, in cells: a single wet cell still has surroundings.
const FEWEST_CELLS: f64 = 24.0;

/// A rectangle in the grid's reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

impl Extent {
    fn of(grid: &Grid) -> Self {
        Self { west: grid.west, south: grid.south, east: grid.east(), north: grid.north() }
    }

    fn width(&self) -> f64 {
        self.east - self.west
    }

    fn height(&self) -> f64 {
        self.north - self.south
    }

    fn include(&mut self, other: &Self) {
        self.west = self.west.min(other.west);
        self.south = self.south.min(other.south);
        self.east = self.east.max(other.east);
        self.north = self.north.max(other.north);
    }

    /// The extent resized about its middle.
    fn resized(&self, width: f64, height: f64) -> Self {
        let (x, y) = (0.5 * (self.west + self.east), 0.5 * (self.south + self.north));
        Self {
            west: x - 0.5 * width,
            south: y - 0.5 * height,
            east: x + 0.5 * width,
            north: y + 0.5 * height,
        }
    }

    fn moved_into(&self, outer: &Self) -> Self {
        let into = |low: f64, high: f64, least: f64, most: f64| {
            if high - low >= most - least {
                0.5 * (least + most - low - high)
            } else {
                (least - low).max(0.0) + (most - high).min(0.0)
            }
        };
        let dx = into(self.west, self.east, outer.west, outer.east);
        let dy = into(self.south, self.north, outer.south, outer.north);
        Self { west: self.west + dx, south: self.south + dy, east: self.east + dx, north: self.north + dy }
    }
}

/// The way between the grid's reference and the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    /// Part of the world.
    pub extent: Extent,
    /// Where it lies on the page.
    pub area: Area,
    /// Metres across the page per pixel.
    pub metres_per_pixel: f64,
}

impl View {
    /// The view of a map, its upper left corner at a point of the page.
    pub(super) fn of(map: &Map, products: &Products, left: f32, top: f32) -> Self {
        let grid = &products.grid;
        let unit = metres_per_unit(grid);
        let shown = shown(map, products);
        let aspect = shown.height() * unit.1 / (shown.width() * unit.0);
        let extent = if aspect < ASPECT.0 {
            shown.resized(shown.width(), shown.height() * ASPECT.0 / aspect)
        } else if aspect > ASPECT.1 {
            shown.resized(shown.width() * aspect / ASPECT.1, shown.height())
        } else {
            shown
        };
        let metres_per_pixel = extent.width() * unit.0 / f64::from(MAP_WIDTH);
        let height = (extent.height() * unit.1 / metres_per_pixel).round() as f32;
        Self { extent, area: Area { left, top, width: MAP_WIDTH, height }, metres_per_pixel }
    }

    /// Page position of a place.
    pub(super) fn pixel(&self, x: f64, y: f64) -> (f32, f32) {
        let across = (x - self.extent.west) / self.extent.width();
        let up = (y - self.extent.south) / self.extent.height();
        (self.area.left + across as f32 * self.area.width, self.area.bottom() - up as f32 * self.area.height)
    }

    /// True when a place lies inside the frame.
    pub(super) fn shows(&self, x: f64, y: f64) -> bool {
        let e = &self.extent;
        (e.west..=e.east).contains(&x) && (e.south..=e.north).contains(&y)
    }

    /// Place at a page position.
    pub(super) fn place(&self, px: f64, py: f64) -> (f64, f64) {
        let across = (px - f64::from(self.area.left)) / f64::from(self.area.width);
        let up = (f64::from(self.area.bottom()) - py) / f64::from(self.area.height);
        (self.extent.west + across * self.extent.width(), self.extent.south + up * self.extent.height())
    }
}

/// Metres per unit of x and of y.
fn metres_per_unit(grid: &Grid) -> (f64, f64) {
    if !grid.crs.is_geographic() {
        return (grid.crs.metres_per_unit(), grid.crs.metres_per_unit());
    }
    // Mean length of a degree of latitude on WGS 84; only the look of the map depends on it.
    const METRES_PER_DEGREE: f64 = 111_194.9;
    let middle = LonLat { lon: grid.west, lat: 0.5 * (grid.south + grid.north()) };
    (METRES_PER_DEGREE * middle.lat.to_radians().cos(), METRES_PER_DEGREE)
}

/// Everything that the map is about: shapes and markers, or the drawn part of the raster.
fn shown(map: &Map, products: &Products) -> Extent {
    let grid = &products.grid;
    let whole = Extent::of(grid);
    let raster = map.raster.as_ref().and_then(|name| raster(products, name));
    let mut found: Option<Extent> = raster.and_then(|raster| drawn(raster, grid));
    let shapes = map.shapes.iter().filter_map(|name| shapes(products, name));
    let boxes = shapes.flat_map(|layer| &layer.features).filter_map(|f| f.geometry.bounding_rect());
    let areas =
        boxes.map(|b| Extent { west: b.min().x, south: b.min().y, east: b.max().x, north: b.max().y });
    let points = map.markers.iter().map(|(x, y, _)| Extent { west: *x, south: *y, east: *x, north: *y });
    for extent in areas.chain(points) {
        match &mut found {
            Some(found) => found.include(&extent),
            None => found = Some(extent),
        }
    }
    let Some(found) = found else { return whole };
    let is_small =
        found.width() < WORTH_ZOOMING * whole.width() && found.height() < WORTH_ZOOMING * whole.height();
    if raster.is_some() && !is_small {
        return whole;
    }
    let roomy = |length: f64, cell: f64| (length * (1.0 + 2.0 * ROOM)).max(FEWEST_CELLS * cell);
    let width = roomy(found.width(), grid.dx).max(0.5 * roomy(found.height(), grid.dy));
    let height = roomy(found.height(), grid.dy).max(0.5 * roomy(found.width(), grid.dx));
    let close = found.resized(width, height);
    if raster.is_some() { close.moved_into(&whole) } else { close }
}

/// Extent of the cells that have a colour.
fn drawn(raster: &Raster, grid: &Grid) -> Option<Extent> {
    let first = raster.classes.first()?.from;
    let mut found: Option<Extent> = None;
    for ((row, column), _) in raster.values.indexed_iter().filter(|(_, value)| **value >= first) {
        let (west, south) = (grid.west + column as f64 * grid.dx, grid.south + row as f64 * grid.dy);
        let cell = Extent { west, south, east: west + grid.dx, north: south + grid.dy };
        match &mut found {
            Some(found) => found.include(&cell),
            None => found = Some(cell),
        }
    }
    found
}

/// The raster of a name.
pub(super) fn raster<'a>(products: &'a Products, name: &str) -> Option<&'a Raster> {
    products.layers.iter().find_map(|layer| match layer {
        Layer::Raster(raster) if raster.info.name == name => Some(raster),
        _ => None,
    })
}

/// The shapes of a name.
pub(super) fn shapes<'a>(products: &'a Products, name: &str) -> Option<&'a Shapes> {
    products.layers.iter().find_map(|layer| match layer {
        Layer::Shapes(shapes) if shapes.info.name == name => Some(shapes),
        _ => None,
    })
}
