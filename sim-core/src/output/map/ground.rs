//! What lies at the bottom of a map: shaded terrain and the raster in its classes.

use rayon::prelude::*;

use super::canvas::{Canvas, Colour};
use super::view::View;
use crate::grid::{Field, Grid};
use crate::product::{Class, Closed, Raster};

/// Paper inside and outside the model's grid.
const INSIDE: [f32; 3] = [250.0, 249.0, 245.0];
const OUTSIDE: [f32; 3] = [226.0, 228.0, 228.0];

/// Grey of cells that are closed: darker than the paper and the shading of most ground.
pub(super) const CLOSED: Colour = [134, 139, 147, 255];

/// Opacity of a raster class: the shading shows through.
pub(super) const CLASS_ALPHA: f32 = 0.86;

/// Samples along each side of a pixel; the mean of them smooths the edges of cells.
const SAMPLES: usize = 3;

/// Azimuth and height of the light, the custom of map makers, degrees.
///
/// # Source
/// B. K. P. Horn, Hill shading and the reflectance map, Proc. IEEE 69 (1981) 14–47.
const LIGHT_AZIMUTH_DEG: f64 = 315.0;
const LIGHT_HEIGHT_DEG: f64 = 45.0;

/// Slopes are exaggerated until the steepest tenth reaches this slope, so that a
/// flat city shows its relief as well as a valley does.
const SHOWN_SLOPE: f64 = 0.5;

/// Greys of the darkest slope and of flat ground.
const DARK: f32 = 150.0;
const FLAT: f32 = 240.0;

/// What is drawn, from the bottom up.
#[derive(Clone, Copy)]
pub(super) struct Ground<'m> {
    pub(super) terrain: Option<&'m Field>,
    pub(super) closed: Option<&'m Closed>,
    pub(super) raster: Option<&'m Raster>,
}

/// Draws terrain, closed cells and raster into the frame of the map.
pub(super) fn draw(canvas: &mut Canvas, view: &View, grid: &Grid, ground: Ground<'_>) {
    let shade = ground.terrain.map(|terrain| shade(terrain, grid));
    let area = &view.area;
    let (left, right) = (area.left as i32, area.right() as i32);
    let (top, bottom) = (area.top as i32, area.bottom() as i32);
    // A sample's column and row follow from its x and its y alone.
    let inside = |pixel: i32, step: usize| f64::from(pixel) + (step as f64 + 0.5) / SAMPLES as f64;
    let columns: Vec<Three<usize>> = (left..right)
        .map(|px| std::array::from_fn(|step| grid.column_at(view.place(inside(px, step), 0.0).0)))
        .collect();
    let lines: Vec<Vec<[u8; 3]>> = (top..bottom)
        .into_par_iter()
        .map(|py| {
            let rows = std::array::from_fn(|step| grid.row_at(view.place(0.0, inside(py, step)).1));
            columns.iter().map(|columns| pixel(rows, *columns, shade.as_ref(), ground)).collect()
        })
        .collect();
    for (py, line) in (top..).zip(lines) {
        for (px, [red, green, blue]) in (left..).zip(line) {
            canvas.blend(px, py, [red, green, blue, 255], 1.0);
        }
    }
}

/// Rows or columns of the samples along one side of a pixel; none outside the grid.
type Three<T> = [Option<T>; SAMPLES];

/// The mean colour of the samples of a pixel.
fn pixel(rows: Three<usize>, columns: Three<usize>, shade: Option<&Field>, ground: Ground<'_>) -> [u8; 3] {
    let colour = |row: Option<usize>, column: Option<usize>| match (row, column) {
        (Some(row), Some(column)) => colour_of((row, column), shade, ground),
        _ => OUTSIDE,
    };
    let is_one_cell = rows[0] == rows[SAMPLES - 1] && columns[0] == columns[SAMPLES - 1];
    let mean = if is_one_cell {
        colour(rows[0], columns[0])
    } else {
        let share = 1.0 / (SAMPLES * SAMPLES) as f32;
        let mut sum = [0.0_f32; 3];
        for (row, column) in rows.into_iter().flat_map(|row| columns.map(|column| (row, column))) {
            for (sum, part) in sum.iter_mut().zip(colour(row, column)) {
                *sum += part * share;
            }
        }
        sum
    };
    mean.map(|part| part.round() as u8)
}

fn colour_of(cell: (usize, usize), shade: Option<&Field>, ground: Ground<'_>) -> [f32; 3] {
    let is_closed = ground.closed.is_some_and(|closed| closed.cells[cell]);
    let paper = match shade {
        _ if is_closed => [CLOSED[0], CLOSED[1], CLOSED[2]].map(f32::from),
        Some(shade) if shade[cell].is_nan() => OUTSIDE,
        Some(shade) => [shade[cell] as f32; 3],
        None => INSIDE,
    };
    let class = ground.raster.and_then(|raster| class_of(&raster.classes, raster.values[cell]));
    class.map_or(paper, |class| over(paper, class.colour))
}

/// A class colour as it looks on some ground.
fn over(ground: [f32; 3], colour: [u8; 3]) -> [f32; 3] {
    std::array::from_fn(|i| ground[i] + CLASS_ALPHA * (f32::from(colour[i]) - ground[i]))
}

/// A class colour as the legend shows it: on flat ground.
pub(super) fn legend_colour(colour: [u8; 3]) -> Colour {
    let [red, green, blue] = over([FLAT; 3], colour).map(|part| part.round() as u8);
    [red, green, blue, 255]
}

/// The class of a value; `None` below the first class and where there is no value.
fn class_of(classes: &[Class], value: f64) -> Option<&Class> {
    if value.is_nan() {
        return None;
    }
    classes.partition_point(|class| class.from <= value).checked_sub(1).map(|i| &classes[i])
}

/// Grey of every cell from the light on its slope; NaN where there is no ground.
fn shade(terrain: &Field, grid: &Grid) -> Field {
    let slopes =
        ndarray::Array2::from_shape_fn(terrain.dim(), |(row, column)| slope(terrain, grid, row, column));
    let mut steepness: Vec<f64> =
        slopes.iter().map(|(x, y)| x.hypot(*y)).filter(|steepness| steepness.is_finite()).collect();
    steepness.sort_by(f64::total_cmp);
    let steep = steepness.get(steepness.len() * 9 / 10).copied().unwrap_or(0.0);
    let factor = if steep > 0.0 { SHOWN_SLOPE / steep } else { 0.0 };
    let (azimuth, height) = (LIGHT_AZIMUTH_DEG.to_radians(), LIGHT_HEIGHT_DEG.to_radians());
    let light = (azimuth.sin() * height.cos(), azimuth.cos() * height.cos(), height.sin());
    slopes.mapv(|(x, y)| {
        let (x, y) = (x * factor, y * factor);
        // Cosine between the light and the normal (-x, -y, 1) of the slope.
        let lit = (light.2 - x * light.0 - y * light.1) / (1.0 + x * x + y * y).sqrt();
        let grey = f64::from(DARK) + f64::from(FLAT - DARK) * lit / light.2;
        if grey.is_nan() { grey } else { grey.clamp(f64::from(DARK), 255.0) }
    })
}

/// Slope towards east and north by central differences; NaN without ground.
fn slope(terrain: &Field, grid: &Grid, row: usize, column: usize) -> (f64, f64) {
    let here = terrain[(row, column)];
    let at = |row: usize, column: usize| {
        let level = terrain[(row, column)];
        if level.is_nan() { here } else { level }
    };
    let (west, east) = (column.saturating_sub(1), (column + 1).min(grid.columns - 1));
    let (south, north) = (row.saturating_sub(1), (row + 1).min(grid.rows - 1));
    let across = (east - west).max(1) as f64 * grid.dx;
    let up = (north - south).max(1) as f64 * grid.dy;
    ((at(row, east) - at(row, west)) / across, (at(north, column) - at(south, column)) / up)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;

    #[test]
    fn a_value_belongs_to_the_highest_class_it_reaches() {
        let class = |from| Class { from, label: String::new(), colour: [0; 3] };
        let classes = [class(0.15), class(0.3)];
        let from = |value| class_of(&classes, value).map(|class| class.from);
        assert_eq!(from(0.14), None);
        assert_eq!(from(0.15), Some(0.15));
        assert_eq!(from(9.0), Some(0.3));
        assert_eq!(from(f64::NAN), None);
    }

    #[test]
    fn a_slope_towards_the_light_is_brighter_than_one_away_from_it() {
        let grid =
            Grid { columns: 20, rows: 20, dx: 10.0, dy: 10.0, west: 0.0, south: 0.0, crs: Crs::local() };
        // A ridge from south-west to north-east: its north-western side faces the light.
        let ridge = Field::from_shape_fn(grid.shape(), |(row, column)| -(row as f64 - column as f64).abs());
        let shade = shade(&ridge, &grid);
        assert!(shade[(15, 4)] > shade[(4, 15)]);
    }
}
