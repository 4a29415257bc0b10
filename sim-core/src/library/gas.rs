//! What a library keeps of a gas run: figures and outlines of its zones.
//!
//! Over flat ground a cloud does not know its place nor from where the wind blows, but for the
//! turn. So it is computed once, blowing to the east from zero, and every member that
//! differs only in place and direction points to that one result with its [`Pose`].

use geo_types::MultiPolygon;

use crate::error::Result;
use crate::gas::hazard::zones::Zone;
use crate::grid::{Crs, Grid};
use crate::run::gas::backend::{Processor, PuffBackend};
use crate::run::gas::{GasCase, Transport, Wishes, zones_on};
use crate::run::record::InputFile;

use super::fingerprint;
use super::stored::{Body, Figures, Pose, Rings, Stored, ZoneFigures};

/// From where the wind of a stored result blows, degrees: it carries gas along x.
const WEST: f64 = 270.0;

/// The case to be computed for a member, and how its result lies on the ground; the case is the
/// member's own, and the pose none, where it feels its ground or its place.
pub fn kernel(case: &GasCase) -> (GasCase, Option<Pose>) {
    let plain = GasCase {
        title: String::new(),
        receptors: Vec::new(),
        exposure: Vec::new(),
        wishes: Wishes::default(),
        wanted: Vec::new(),
        compare: false,
        ..case.clone()
    };
    let Some(first) = case.weather.first() else { return (plain, None) };
    let follows_the_wind = matches!(case.transport, Transport::Plume | Transport::Slab);
    let points_somewhere = case.source.jet.is_some_and(|jet| jet.towards_deg.is_some());
    if case.ground.is_some() || !follows_the_wind || points_somewhere {
        return (plain, None);
    }
    let pose = Pose { x: case.source.x, y: case.source.y, wind_from_deg: first.wind_direction_deg };
    let mut turned = plain;
    for row in &mut turned.weather {
        let turn = row.wind_direction_deg - pose.wind_from_deg;
        row.wind_direction_deg = (WEST + turn).rem_euclid(360.0);
    }
    (turned.source.x, turned.source.y) = (0.0, 0.0);
    // Zones come from formulas, not from cells: one cell holds the source.
    turned.grid = Grid { columns: 1, rows: 1, dx: 2.0, dy: 2.0, west: -1.0, south: -1.0, crs: Crs::local() };
    (turned, Some(pose))
}

/// Id of the result of a kernel.
pub fn kernel_id(kernel: &GasCase, inputs: &[InputFile], engine: &str) -> String {
    fingerprint::of_gas(kernel, inputs, engine)
}

/// Zones of a kernel.
///
/// # Errors
/// Those of the run.
pub fn result(id: String, kernel: &GasCase) -> Result<Stored> {
    result_on(id, kernel, &mut Processor::default())
}

/// The same with puffs summed by a back end.
///
/// # Errors
/// Those of the run, and of the back end.
pub fn result_on(id: String, kernel: &GasCase, backend: &mut dyn PuffBackend) -> Result<Stored> {
    let answer = zones_on(kernel, backend)?;
    let figures =
        Figures::Gas { radius: answer.radius, zones: answer.zones.iter().map(figures_of).collect() };
    let body = Body::Outlines(answer.zones.iter().map(|zone| rings(&zone.outline)).collect());
    Ok(Stored { id, figures, body })
}

fn figures_of(zone: &Zone) -> ZoneFigures {
    ZoneFigures {
        level: zone.level.name.clone(),
        threshold: zone.threshold,
        distance: zone.distance,
        reach: zone.reach(),
        width: Some(zone.width).filter(|width| width.is_finite()),
        area: zone.area,
        arrival: Some(zone.arrival).filter(|arrival| arrival.is_finite()),
        is_valid: zone.is_valid(),
    }
}

/// Outer rings in single precision: half a centimetre at 100 km.
fn rings(outline: &MultiPolygon<f64>) -> Rings {
    let ring = |polygon: &geo_types::Polygon<f64>| {
        polygon.exterior().coords().map(|point| (point.x as f32, point.y as f32)).collect()
    };
    outline.iter().map(ring).collect()
}

/// True where a point lies inside any of the rings.
///
/// # Example
/// ```
/// use sim_core::library::gas::covers;
/// let square = vec![vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]];
/// assert!(covers(&square, 5.0, 5.0) && !covers(&square, 15.0, 5.0));
/// ```
pub fn covers(rings: &Rings, x: f64, y: f64) -> bool {
    rings.iter().any(|ring| {
        let edges = ring.iter().zip(ring.iter().cycle().skip(1));
        let crossed = edges.filter(|((x0, y0), (x1, y1))| {
            let [x0, y0, x1, y1] = [*x0, *y0, *x1, *y1].map(f64::from);
            (y0 > y) != (y1 > y) && x < x0 + (y - y0) / (y1 - y0) * (x1 - x0)
        });
        crossed.count() % 2 == 1
    })
}

/// Marks the cells of a grid whose centres lie inside any of the rings; every ring lies on the ground.
///
/// Row by row the crossings of the edges are sorted, and the cells between each pair are inside.
pub fn mark_inside(rings: &[Vec<(f64, f64)>], grid: &Grid, inside: &mut [bool]) {
    for ring in rings {
        let south = ring.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
        let north = ring.iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
        for row in 0..grid.rows {
            let y = grid.y(row);
            if !(south..=north).contains(&y) {
                continue;
            }
            let edges = ring.iter().zip(ring.iter().cycle().skip(1));
            let mut crossings: Vec<f64> = edges
                .filter(|((_, y0), (_, y1))| (*y0 > y) != (*y1 > y))
                .map(|((x0, y0), (x1, y1))| x0 + (y - y0) / (y1 - y0) * (x1 - x0))
                .collect();
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let cell = |x: f64| {
                    ((x - grid.west) / grid.dx - 0.5).ceil().clamp(0.0, grid.columns as f64) as usize
                };
                let (first, end) = (row * grid.columns + cell(pair[0]), row * grid.columns + cell(pair[1]));
                inside[first..end].fill(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_cells_are_those_whose_centres_are_covered() {
        let ring: Vec<(f32, f32)> = vec![(3.0, 2.0), (31.0, 9.0), (17.0, 27.0), (12.0, 11.0), (3.0, 2.0)];
        let grid = Grid { columns: 34, rows: 29, dx: 1.0, dy: 1.0, west: 0.0, south: 0.0, crs: Crs::local() };
        let mut inside = vec![false; grid.cells()];
        let on_ground = ring.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).collect();
        mark_inside(&[on_ground], &grid, &mut inside);
        let rings = vec![ring];
        for row in 0..grid.rows {
            for column in 0..grid.columns {
                let covered = covers(&rings, grid.x(column), grid.y(row));
                assert_eq!(inside[row * grid.columns + column], covered, "row {row} column {column}");
            }
        }
        assert!(inside.iter().filter(|inside| **inside).count() > 100);
    }
}
