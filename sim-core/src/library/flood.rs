//! What a library keeps of a flood run: figures and the map of greatest depths.

use ndarray::Array2;

use crate::error::{Problem, Result};
use crate::flood::place::Places;
use crate::flood::product::ProductSettings;
use crate::grid::{Field, Grid};
use crate::product::Layer;
use crate::run::Observer;
use crate::run::flood::{Backend, FloodCase, simulate_on};

use super::stored::{Body, Figures, Stored};

/// Millimetres in a metre: the step in which depths are kept, so that they are wrong by half a millimetre at most.
pub const STEPS_PER_METRE: f64 = 1000.0;

/// Name of the product that is kept.
const KEPT: &str = "max_depth";

/// The case with nothing in it that a library does not keep.
pub fn plain(case: &FloodCase) -> FloodCase {
    FloodCase {
        title: String::new(),
        frame_times: Vec::new(),
        exposure: Vec::new(),
        places: Places { list: Vec::new(), ..case.places.clone() },
        settings: ProductSettings { wanted: vec![KEPT.to_owned()], ..case.settings.clone() },
        ..case.clone()
    }
}

/// Figures and greatest depths of a flood.
///
/// # Errors
/// Those of [`simulate_on`]; E8631 for a depth that does not fit.
pub fn result(
    id: String,
    case: &FloodCase,
    observer: &mut dyn Observer,
    backend: &mut dyn Backend,
) -> Result<Stored> {
    let outcome = simulate_on(case, observer, backend)?;
    let Some(Layer::Raster(raster)) = outcome.products.layer(KEPT) else {
        return Err(Problem::error(9001, "a flood has left no map of its greatest depths")
            .fix("please report this with the scenario")
            .into());
    };
    let depths = in_millimetres(&raster.values, &case.grid)?;
    let balance_error = outcome.ledger.relative_error;
    let figures = figures(&raster.values, &case.grid, case.settings.waterlogging_depth, balance_error);
    Ok(Stored { id, figures, body: Body::Depths(depths) })
}

fn figures(depths: &Field, grid: &Grid, waterlogging_depth: f64, balance_error: f64) -> Figures {
    let wet = || depths.iter().copied().filter(|depth| *depth > 0.0);
    let area = grid.cell_area();
    Figures::Flood {
        max_depth: wet().fold(0.0, f64::max),
        flooded_area: area * wet().filter(|&depth| depth >= waterlogging_depth).count() as f64,
        wet_area: area * wet().count() as f64,
        volume: area * wet().sum::<f64>(),
        balance_error,
    }
}

/// Depths in whole millimetres; 0 where there is no water.
fn in_millimetres(depths: &Field, grid: &Grid) -> Result<Array2<u16>> {
    let deepest = f64::from(u16::MAX) / STEPS_PER_METRE;
    if let Some(((row, column), depth)) = depths.indexed_iter().find(|(_, depth)| **depth > deepest) {
        return Err(Problem::error(
            8631,
            format!("the water is {depth:.1} m deep; a library keeps up to {deepest:.1} m"),
        )
        .at_spot(grid.spot(row, column))
        .fix("look whether the ground has a hole there; tuiyan run keeps any depth")
        .into());
    }
    Ok(depths.mapv(|depth| if depth > 0.0 { (depth * STEPS_PER_METRE).round() as u16 } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;

    #[test]
    fn depths_are_kept_within_half_a_millimetre() {
        let grid = Grid { columns: 100, rows: 1, dx: 1.0, dy: 1.0, west: 0.0, south: 0.0, crs: Crs::local() };
        let depths = Field::from_shape_fn((1, 100), |(_, i)| 0.012_345_67 * i as f64);
        let kept = in_millimetres(&depths, &grid).expect("shallow");
        let worst = depths.iter().zip(&kept).map(|(d, &k)| (d - f64::from(k) / STEPS_PER_METRE).abs());
        assert!(worst.fold(0.0, f64::max) <= 0.000_5 + 1e-12);
    }

    #[test]
    fn a_depth_that_does_not_fit_is_refused_with_its_place() {
        let grid = Grid { columns: 2, rows: 1, dx: 1.0, dy: 1.0, west: 0.0, south: 0.0, crs: Crs::local() };
        let depths = Field::from_shape_vec((1, 2), vec![f64::NAN, 70.0]).expect("two cells");
        let problem = in_millimetres(&depths, &grid).expect_err("too deep").0.remove(0);
        assert_eq!(problem.code.0, 8631);
        assert!(problem.place.spot.is_some_and(|spot| spot.contains("column 2")));
    }
}
