//! Which rain cell lies over each cell of the ground.

use std::collections::BTreeMap;

use ndarray::Array2;
use rayon::prelude::*;

use crate::error::{Problem, Result};
use crate::grid::{Crs, Grid, LonLat};

/// Boxes into which centres are sorted are at least so large, m: numbers of smaller ones
/// would not fit.
const SMALLEST_BOX: f64 = 1.0;

/// Degrees that a place may move on its way to the plane and back; projections fold the
/// far side of the Earth onto the near one.
const THERE_AND_BACK: f64 = 1e-4;

/// Number of a rain cell that is none.
const NONE: u32 = u32::MAX;

/// Where the cells of a rain grid lie.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Places {
    /// Rows and columns along two axes; edges lie midway between the centres.
    Axes {
        /// Centres of the rows, rising or falling.
        y: Vec<f64>,
        /// Centres of the columns, rising or falling.
        x: Vec<f64>,
        /// Reference of the axes; `None` is that of the ground.
        crs: Option<Box<Crs>>,
    },
    /// A longitude and a latitude for each cell, degrees.
    Points {
        /// Longitudes, shape (rows, columns).
        lon: Array2<f64>,
        /// Latitudes, likewise.
        lat: Array2<f64>,
    },
}

/// The rain cells over an area.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cover {
    /// Place in `cells` for each cell of the ground; 0 outside the area.
    pub(super) zone_of: Array2<u32>,
    /// Row and column of the rain cells that are used, in the order of the file.
    pub(super) cells: Vec<(usize, usize)>,
}

impl Places {
    /// Rows and columns of the rain grid.
    pub(super) fn shape(&self) -> (usize, usize) {
        match self {
            Self::Axes { y, x, .. } => (y.len(), x.len()),
            Self::Points { lon, .. } => lon.dim(),
        }
    }

    /// A rain cell in words: its row and column in the file, and where it lies.
    pub(super) fn spot(&self, (row, column): (usize, usize)) -> String {
        let place = match self {
            Self::Axes { y, x, crs } if crs.as_ref().is_some_and(|crs| crs.is_geographic()) => {
                format!("lon {:.4}, lat {:.4}", x[column], y[row])
            }
            Self::Axes { y, x, .. } => format!("x {:.1}, y {:.1}", x[column], y[row]),
            Self::Points { lon, lat } => {
                format!("lon {:.4}, lat {:.4}", lon[(row, column)], lat[(row, column)])
            }
        };
        format!("row {} column {} of the file ({place})", row + 1, column + 1)
    }

    /// The rain cell of every cell of the ground that lies inside the area.
    ///
    /// # Errors
    /// E3350 if one has none, E3352 if degrees have no place on the plane of the ground.
    pub(super) fn cover(&self, ground: &Grid, inside: &Array2<bool>) -> Result<Cover> {
        let needs_earth = match self {
            Self::Axes { crs, .. } => crs.as_deref().is_some_and(|crs| *crs != ground.crs),
            Self::Points { .. } => true,
        };
        if needs_earth && ground.crs.epsg().is_none() {
            return Err(Problem::error(
                3352,
                "the rain lies on Earth, the ground on a plane without a place on Earth",
            )
            .fix("name the reference of the ground in [site] crs, or give the rain x and y in metres")
            .into());
        }
        let mut found = match self {
            Self::Axes { y, x, crs } => {
                let crs = crs.as_deref().filter(|crs| **crs != ground.crs);
                on_axes(&Axis::new(y), &Axis::new(x), crs, ground, inside)
            }
            Self::Points { lon, lat } => Nearest::new(lon, lat, ground).find(ground, inside),
        };
        if let Some(((row, column), _)) =
            found.indexed_iter().find(|&(at, &number)| inside[at] && number == NONE)
        {
            let missing = found.iter().zip(inside).filter(|&(&number, &inside)| inside && number == NONE);
            let text = format!("the rain grid does not cover {} cells of the area", missing.count());
            return Err(Problem::error(3350, text)
                .at_spot(format!("the southernmost: {}", ground.spot(row, column)))
                .why("where no rain is known the ground would stay dry and look safe")
                .fix("take a larger rain grid, or a smaller terrain; check that lon and lat are not swapped")
                .into());
        }
        let cells = number(&mut found, self.shape().1);
        Ok(Cover { zone_of: found, cells })
    }
}

/// Replaces numbers in the file by places in the list of those that are used.
fn number(found: &mut Array2<u32>, columns: usize) -> Vec<(usize, usize)> {
    let used: BTreeMap<u32, u32> = found.iter().filter(|&&number| number != NONE).map(|&n| (n, 0)).collect();
    let used: BTreeMap<u32, u32> = used.into_keys().zip(0..).collect();
    found.iter_mut().for_each(|number| *number = used.get(number).copied().unwrap_or(0));
    used.into_keys().map(|number| (number as usize / columns, number as usize % columns)).collect()
}

/// Edges of cells along an axis.
struct Axis {
    /// Rising; one more than there are cells.
    edges: Vec<f64>,
    falls: bool,
}

impl Axis {
    /// Edges midway between centres, of which there are at least two.
    fn new(centres: &[f64]) -> Self {
        let falls = centres[0] > centres[1];
        let mut rising = centres.to_vec();
        if falls {
            rising.reverse();
        }
        let last = rising.len() - 1;
        let mut edges = vec![rising[0] - 0.5 * (rising[1] - rising[0])];
        edges.extend(rising.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])));
        edges.push(rising[last] + 0.5 * (rising[last] - rising[last - 1]));
        Self { edges, falls }
    }

    /// Number of the cell that holds a place.
    fn cell(&self, at: f64) -> Option<usize> {
        let cells = self.edges.len() - 1;
        let after = self.edges.partition_point(|&edge| edge <= at);
        let cell = after.checked_sub(1).filter(|&cell| cell < cells)?;
        Some(if self.falls { cells - 1 - cell } else { cell })
    }

    /// Number of the cell that holds a longitude, whichever way round the Earth it is counted.
    fn cell_of_longitude(&self, lon: f64) -> Option<usize> {
        [0.0, 360.0, -360.0].into_iter().find_map(|turn| self.cell(lon + turn))
    }
}

/// Numbers of the rain cells in which the centres of the ground's cells lie.
fn on_axes(y: &Axis, x: &Axis, crs: Option<&Crs>, ground: &Grid, inside: &Array2<bool>) -> Array2<u32> {
    let columns = x.edges.len() - 1;
    each_cell(ground, inside, |row, column| {
        let at = (ground.x(column), ground.y(row));
        let (row, column) = match crs {
            None => (y.cell(at.1)?, x.cell(at.0)?),
            Some(crs) => {
                let earth = ground.crs.to_lon_lat(at.0, at.1)?;
                if crs.is_geographic() {
                    (y.cell(earth.lat)?, x.cell_of_longitude(earth.lon)?)
                } else {
                    let (rain_x, rain_y) = crs.from_lon_lat(earth)?;
                    (y.cell(rain_y)?, x.cell(rain_x)?)
                }
            }
        };
        Some((row * columns + column) as u32)
    })
}

/// What a function says of each cell inside the area.
fn each_cell(
    ground: &Grid,
    inside: &Array2<bool>,
    number: impl Fn(usize, usize) -> Option<u32> + Sync,
) -> Array2<u32> {
    let mut found = Array2::from_elem(ground.shape(), NONE);
    found.as_slice_mut().into_iter().for_each(|cells| {
        cells.par_chunks_mut(ground.columns.max(1)).enumerate().for_each(|(row, cells)| {
            for (column, cell) in cells.iter_mut().enumerate().filter(|&(column, _)| inside[(row, column)]) {
                *cell = number(row, column).unwrap_or(NONE);
            }
        });
    });
    found
}

/// Centres of rain cells on the plane of the ground, in square boxes.
struct Nearest {
    /// Easting, northing, half diagonal of the cell, number in the file.
    centres: Vec<(f64, f64, f64, u32)>,
    /// Centres by the column and row of their box.
    boxes: BTreeMap<(i64, i64), Vec<usize>>,
    size: f64,
}

impl Nearest {
    fn new(lon: &Array2<f64>, lat: &Array2<f64>, ground: &Grid) -> Self {
        let mut plane = Array2::from_elem(lon.dim(), None);
        ndarray::Zip::from(&mut plane).and(lon).and(lat).par_for_each(|place, &lon, &lat| {
            let lon = (lon + 180.0).rem_euclid(360.0) - 180.0;
            *place = ground.crs.from_lon_lat(LonLat { lon, lat });
        });
        let returns = |x: f64, y: f64, at: (usize, usize)| {
            ground.crs.to_lon_lat(x, y).is_some_and(|back| {
                let turn = (back.lon - lon[at] + 180.0).rem_euclid(360.0) - 180.0;
                turn.abs() < THERE_AND_BACK && (back.lat - lat[at]).abs() < THERE_AND_BACK
            })
        };
        let mut centres = Vec::new();
        for ((row, column), place) in plane.indexed_iter() {
            let Some((x, y)) = *place else { continue };
            let half = half_diagonal(&plane, (row, column), (x, y));
            let near = |at: f64, low: f64, high: f64| at + half >= low && at - half <= high;
            let is_near = near(x, ground.west, ground.east()) && near(y, ground.south, ground.north());
            if is_near && returns(x, y, (row, column)) {
                centres.push((x, y, half, (row * lon.ncols() + column) as u32));
            }
        }
        let size = centres.iter().fold(SMALLEST_BOX, |size, centre| size.max(centre.2));
        let mut boxes: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
        for (number, centre) in centres.iter().enumerate() {
            boxes.entry(box_of(centre.0, centre.1, size)).or_default().push(number);
        }
        Self { centres, boxes, size }
    }

    /// Number of the nearest centre that is no farther than its half diagonal.
    fn find(&self, ground: &Grid, inside: &Array2<bool>) -> Array2<u32> {
        each_cell(ground, inside, |row, column| {
            let (x, y) = (ground.x(column), ground.y(row));
            let (across, up) = box_of(x, y, self.size);
            let mut best = (f64::INFINITY, None);
            for next in (-1..=1).flat_map(|i| (-1..=1).map(move |j| (across + i, up + j))) {
                for &number in self.boxes.get(&next).into_iter().flatten() {
                    let (centre_x, centre_y, half, cell) = self.centres[number];
                    let away = (centre_x - x).hypot(centre_y - y);
                    if away < best.0 {
                        best = (away, (away <= half).then_some(cell));
                    }
                }
            }
            best.1
        })
    }
}

fn box_of(x: f64, y: f64, size: f64) -> (i64, i64) {
    ((x / size).floor() as i64, (y / size).floor() as i64)
}

/// Half the largest distance to a neighbour across a corner: as far as the cell reaches.
fn half_diagonal(
    plane: &Array2<Option<(f64, f64)>>,
    (row, column): (usize, usize),
    (x, y): (f64, f64),
) -> f64 {
    let neighbours = [(0, 0), (0, 2), (2, 0), (2, 2)];
    let far = neighbours.into_iter().filter_map(|(up, across)| {
        let at = ((row + up).checked_sub(1)?, (column + across).checked_sub(1)?);
        let (other_x, other_y) = (*plane.get(at)?)?;
        Some(0.5 * (other_x - x).hypot(other_y - y))
    });
    far.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground(columns: usize, rows: usize) -> Grid {
        Grid { columns, rows, dx: 1.0, dy: 1.0, west: 0.0, south: 0.0, crs: Crs::local() }
    }

    fn all(grid: &Grid) -> Array2<bool> {
        Array2::from_elem(grid.shape(), true)
    }

    #[test]
    fn a_falling_axis_gives_the_same_cells_in_the_other_order() {
        let grid = ground(4, 4);
        let rising = Places::Axes { y: vec![1.0, 3.0], x: vec![1.0, 3.0], crs: None };
        let falling = Places::Axes { y: vec![3.0, 1.0], x: vec![1.0, 3.0], crs: None };
        let up = rising.cover(&grid, &all(&grid)).expect("covered");
        let down = falling.cover(&grid, &all(&grid)).expect("covered");
        assert_eq!(up.cells, [(0, 0), (0, 1), (1, 0), (1, 1)]);
        assert_eq!(up.zone_of.row(0).to_vec(), [0, 0, 1, 1]);
        assert_eq!(down.zone_of.row(0).to_vec(), [2, 2, 3, 3], "the south is the second row of the file");
    }

    #[test]
    fn only_rain_cells_over_the_area_are_used() {
        let grid = ground(2, 2);
        let axis: Vec<f64> = (0..100).map(|i| f64::from(i) * 10.0 - 500.0).collect();
        let places = Places::Axes { y: axis.clone(), x: axis, crs: None };
        let cover = places.cover(&grid, &all(&grid)).expect("covered");
        assert_eq!(cover.cells, [(50, 50)]);
    }

    #[test]
    fn ground_outside_the_area_needs_no_rain() {
        let grid = ground(4, 1);
        let places = Places::Axes { y: vec![0.0, 2.0], x: vec![0.5, 1.5], crs: None };
        let problems = places.cover(&grid, &all(&grid)).expect_err("two cells have no rain");
        let problem = &problems.0[0];
        assert!(problem.code.0 == 3350 && problem.text.contains("2 cells"), "{problem}");
        let inside = Array2::from_shape_fn((1, 4), |(_, column)| column < 2);
        assert_eq!(places.cover(&grid, &inside).expect("covered").cells, [(0, 0), (0, 1)]);
    }

    #[test]
    fn longitudes_may_be_counted_either_way_round() {
        let crs = Crs::from_epsg(32617).expect("UTM 17 N");
        let (x, y) = crs.from_lon_lat(LonLat { lon: -78.0, lat: 34.0 }).expect("in the zone");
        let grid = Grid { columns: 1, rows: 1, dx: 10.0, dy: 10.0, west: x - 5.0, south: y - 5.0, crs };
        let degrees = Crs::from_epsg(4326).expect("degrees");
        for x in [vec![-78.5, -78.0, -77.5], vec![281.5, 282.0, 282.5]] {
            let places = Places::Axes { y: vec![33.5, 34.0, 34.5], x, crs: Some(degrees.clone().into()) };
            assert_eq!(places.cover(&grid, &all(&grid)).expect("covered").cells, [(1, 1)]);
        }
        let plane = Grid { crs: Crs::local(), ..grid };
        let places = Places::Axes { y: vec![33.5, 34.0], x: vec![-78.0, -77.5], crs: Some(degrees.into()) };
        assert_eq!(places.cover(&plane, &all(&plane)).expect_err("no place on Earth").0[0].code.0, 3352);
    }

    #[test]
    fn the_nearest_point_is_the_nearest_of_all() {
        let crs = Crs::from_epsg(32617).expect("UTM 17 N");
        let (x, y) = crs.from_lon_lat(LonLat { lon: -78.0, lat: 34.0 }).expect("in the zone");
        let grid = Grid { columns: 40, rows: 30, dx: 500.0, dy: 500.0, west: x, south: y, crs };
        // A grid that is turned by about 30 degrees, as those of radars are.
        let turned = |row: usize, column: usize| {
            let (row, column) = (row as f64 - 15.0, column as f64 - 15.0);
            LonLat {
                lon: -77.9 + 0.04 * (0.87 * column - 0.5 * row),
                lat: 34.07 + 0.035 * (0.5 * column + 0.87 * row),
            }
        };
        let lon = Array2::from_shape_fn((31, 31), |(row, column)| turned(row, column).lon);
        let lat = Array2::from_shape_fn((31, 31), |(row, column)| turned(row, column).lat);
        let places = Places::Points { lon: lon.clone(), lat: lat.clone() };
        let cover = places.cover(&grid, &all(&grid)).expect("covered");
        for ((row, column), &zone) in cover.zone_of.indexed_iter() {
            let (x, y) = (grid.x(column), grid.y(row));
            let distance = |at: (usize, usize)| {
                let place = LonLat { lon: lon[at], lat: lat[at] };
                let (rain_x, rain_y) = grid.crs.from_lon_lat(place).expect("in the zone");
                (rain_x - x).hypot(rain_y - y)
            };
            let mine = distance(cover.cells[zone as usize]);
            let least = lon.indexed_iter().map(|(at, _)| distance(at)).fold(f64::INFINITY, f64::min);
            assert!(mine <= least + 1e-9, "row {row} column {column}: {mine} m and {least} m");
        }
        let far = Grid { west: grid.west + 200_000.0, ..grid };
        assert_eq!(places.cover(&far, &all(&far)).expect_err("not covered").0[0].code.0, 3350);
    }
}
