//! Threat zones of a moving cloud: from what receptors on a grid have seen.
//!
//! A cloud in a wind that changes has no axis, so its zones are contours of the largest
//! concentration of every cell and distances are taken from the source.

use std::f64::consts::PI;

use contour::ContourBuilder;
use geo::Area;
use geo_types::{Coord, MultiPolygon};
use nalgebra::Vector2;

use crate::gas::hazard::levels::Level;
use crate::gas::hazard::swept::turned;
use crate::gas::hazard::zones::{Zone, circle};
use crate::grid::{Field, Grid};

/// What a cloud has left behind, and where it came from.
#[derive(Debug, Clone)]
pub struct Trace<'a> {
    grid: &'a Grid,
    source: (f64, f64),
    spread: f64,
    largest: Seen<'a>,
    any_height: Seen<'a>,
}

/// A field and what becomes of it when the wind turns over its spread.
#[derive(Debug, Clone)]
struct Seen<'a> {
    field: &'a Field,
    turned: Option<(Grid, Field)>,
}

impl<'a> Trace<'a> {
    /// The trace of a cloud.
    ///
    /// # Units
    /// - `source`: m on the grid
    /// - `largest`: largest concentration at the receptors' height, kg/m³; `any_height`: the same at
    ///   whatever height it was larger, at the receptors or at the source
    /// - `spread`: how far the direction of the wind may be wrong, rad to either side
    pub fn new(
        grid: &'a Grid,
        source: (f64, f64),
        (largest, any_height): (&'a Field, &'a Field),
        spread: f64,
    ) -> Self {
        let seen = |field: &'a Field| Seen {
            field,
            turned: (spread > 0.0 && spread < PI).then(|| turned(grid, field, source, spread)),
        };
        Self { grid, source, spread, largest: seen(largest), any_height: seen(any_height) }
    }

    /// Where a level may be met with the wind anywhere in its spread; `reach` is that of the outline.
    fn swept(
        &self,
        seen: &Seen<'_>,
        outline: &MultiPolygon<f64>,
        threshold: f64,
        reach: f64,
    ) -> MultiPolygon<f64> {
        if outline.0.is_empty() || self.spread <= 0.0 {
            return outline.clone();
        }
        match &seen.turned {
            Some((grid, field)) => self::outline(grid, field, threshold),
            None => MultiPolygon::new(vec![circle(Vector2::new(self.source.0, self.source.1), reach)]),
        }
    }
}

/// The zone of a level; `arrival` is when each cell first had it, s, NaN where it never had.
///
/// # Units
/// - `threshold`: kg/m³
pub fn zone(trace: &Trace<'_>, level: &Level, threshold: f64, arrival: &Field) -> Zone {
    let outline = outline(trace.grid, trace.largest.field, threshold);
    let anywhere = self::outline(trace.grid, trace.any_height.field, threshold);
    let (distance, any_height) = (farthest(&outline, trace.source), farthest(&anywhere, trace.source));
    Zone {
        level: level.clone(),
        threshold,
        wedge: trace.swept(&trace.largest, &outline, threshold, distance),
        clearing: trace.swept(&trace.any_height, &anywhere, threshold, any_height),
        distance,
        any_height,
        width: f64::NAN,
        area: outline.unsigned_area(),
        arrival: last_arrival(arrival),
        jet_reach: None,
        jet_carry: 0.0,
        drift_reach: 0.0,
        is_cut: touches_rim(trace.grid, trace.any_height.field, threshold),
        doubts: Vec::new(),
        outline,
    }
}

/// Where a field exceeds a threshold, between the middles of cells.
///
/// Straight lines between them overrate a concentration that falls like a bell, so that an
/// outline is rather too wide.
fn outline(grid: &Grid, field: &Field, threshold: f64) -> MultiPolygon<f64> {
    let values: Vec<f64> = field.iter().copied().collect();
    let builder = ContourBuilder::new(grid.columns, grid.rows, true)
        .x_origin(grid.west)
        .y_origin(grid.south)
        .x_step(grid.dx)
        .y_step(grid.dy);
    match builder.contours(&values, &[threshold]) {
        Ok(found) => {
            found.into_iter().next().map_or_else(|| MultiPolygon::new(Vec::new()), |one| one.into_inner().0)
        }
        Err(mistake) => unreachable!("the field has the shape of its grid: {mistake}"),
    }
}

/// Greatest distance of an outline from a point, m; zero where there is none.
fn farthest(outline: &MultiPolygon<f64>, from: (f64, f64)) -> f64 {
    let distance = |at: &Coord<f64>| (at.x - from.0).hypot(at.y - from.1);
    outline.iter().flat_map(|polygon| polygon.exterior().coords()).map(distance).fold(0.0, f64::max)
}

/// When the level came to the cell that it reached last, s.
fn last_arrival(arrival: &Field) -> f64 {
    arrival.iter().copied().filter(|time| time.is_finite()).fold(f64::NAN, f64::max)
}

/// True where the field exceeds the threshold at the rim of the grid: the zone may go on.
fn touches_rim(grid: &Grid, field: &Field, threshold: f64) -> bool {
    let (rows, columns) = (grid.rows, grid.columns);
    let along = (0..columns).flat_map(|column| [(0, column), (rows - 1, column)]);
    let up = (0..rows).flat_map(|row| [(row, 0), (row, columns - 1)]);
    along.chain(up).any(|cell| field[cell] >= threshold)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::hazard::levels::level;
    use crate::gas::substance::find;
    use crate::grid::Crs;

    const SIDE: usize = 101;

    fn grid() -> Grid {
        Grid { columns: SIDE, rows: SIDE, dx: 2.0, dy: 2.0, west: -101.0, south: -101.0, crs: Crs::local() }
    }

    fn bell(east: f64, width: f64) -> Field {
        let grid = grid();
        Field::from_shape_fn(grid.shape(), |(row, column)| {
            let r2 = (grid.x(column) - east).powi(2) + grid.y(row).powi(2);
            (-0.5 * r2 / (width * width)).exp()
        })
    }

    fn zone_of(field: &Field, threshold: f64, spread: f64) -> Zone {
        let grid = grid();
        let level = level(find("CO").expect("in the table"), "AEGL-2 60 min").expect("a level");
        let trace = Trace::new(&grid, (0.0, 0.0), (field, field), spread);
        zone(&trace, &level, threshold, &field.mapv(|_| f64::NAN))
    }

    #[test]
    fn the_outline_of_a_bell_is_its_circle() {
        // exp(-r²/2σ²) = e^-2 at two widths.
        let zone = zone_of(&bell(0.0, 20.0), (-2.0f64).exp(), 0.0);
        assert!((zone.distance - 40.0).abs() < 0.1, "{}", zone.distance);
        assert!((zone.area / (PI * 1600.0) - 1.0).abs() < 0.003);
        assert!(!zone.is_cut && zone.arrival.is_nan());
    }

    #[test]
    fn a_higher_threshold_lies_within_a_lower_one() {
        let field = bell(30.0, 15.0);
        let zones = [0.5, 0.2, 0.05].map(|threshold| zone_of(&field, threshold, 0.2));
        assert!(
            zones.windows(2).all(|pair| pair[0].distance < pair[1].distance && pair[0].area < pair[1].area)
        );
        assert!(zones.iter().all(|zone| zone.wedge.unsigned_area() > zone.area));
    }

    #[test]
    fn turning_over_the_spread_adds_a_ring_part_without_gaps() {
        let zone = zone_of(&bell(60.0, 8.0), 0.6, 0.5);
        assert_eq!(zone.wedge.0.len(), 1, "the copies overlap");
        // A disc of radius r about R swept by ±0.5: r² pi + 2 r · 2 · 0.5 R, less than a part in fifty off.
        let radius = (zone.area / PI).sqrt();
        let expected = zone.area + 2.0 * radius * 60.0;
        assert!((zone.wedge.unsigned_area() / expected - 1.0).abs() < 0.02);
        assert!(
            (zone_of(&bell(60.0, 8.0), 0.6, PI).wedge.unsigned_area() / (PI * zone.distance.powi(2)) - 1.0)
                .abs()
                < 1e-3
        );
    }

    #[test]
    fn a_zone_at_the_rim_is_told_to_go_on_and_none_is_nothing() {
        assert!(zone_of(&bell(95.0, 8.0), 0.2, 0.0).is_cut);
        let nothing = zone_of(&bell(0.0, 8.0), 2.0, 0.3);
        assert!(nothing.outline.0.is_empty() && nothing.wedge.0.is_empty());
        assert_eq!((nothing.distance, nothing.area), (0.0, 0.0));
    }
}
