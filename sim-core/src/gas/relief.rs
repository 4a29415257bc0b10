//! Whether the ground leads a heavy gas: its weight down the slopes against the pull of the wind.

use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::gas::validity::{Judgement, Verdict};
use crate::gas::weather::surface_layer::{Profile, inverse_obukhov_length};
use crate::gas::weather::{CALM_WIND, CLASS_WIND_HEIGHT, Weather, WindProfile};
use crate::grid::{Field, Grid};
use crate::units::GRAVITY;

/// Pull down the slopes over the pull of the wind from which the ground counts: the path is bent by
/// more than 10°, as the wind swings by itself in class D (tan 10°).
///
/// # Source
/// Our own reasoning.
pub const FELT: f64 = 0.176;

/// Half the width of a heavy cloud at its source beyond the source's own, in buoyancy lengths.
///
/// # Source
/// brittermcquaid1988: L = D + 8 l_b, as in ccps1999 (not checked against the workbook itself).
const BUOYANT_WIDTH: f64 = 8.0;

/// Name of the verdict.
pub const NAME: &str = "relief of the ground";

/// Root of the mean square of the slopes of a ground; infinite where walls or holes stand in it.
///
/// # Example
/// ```
/// use sim_core::gas::relief::mean_slope;
/// use sim_core::grid::{Crs, Field, Grid};
/// let grid = Grid { columns: 9, rows: 9, dx: 5.0, dy: 5.0, west: 0.0, south: 0.0, crs: Crs::local() };
/// let tilted = Field::from_shape_fn(grid.shape(), |(_, column)| 0.03 * grid.x(column));
/// assert!((mean_slope(&tilted, &grid) - 0.03).abs() < 1e-12);
/// ```
pub fn mean_slope(ground: &Field, grid: &Grid) -> f64 {
    let mut sum = 0.0;
    for row in 1..grid.rows.max(2) - 1 {
        for column in 1..grid.columns.max(2) - 1 {
            let rise_x = (ground[(row, column + 1)] - ground[(row, column - 1)]) / (2.0 * grid.dx);
            let rise_y = (ground[(row + 1, column)] - ground[(row - 1, column)]) / (2.0 * grid.dy);
            sum += rise_x * rise_x + rise_y * rise_y;
        }
    }
    let cells = grid.rows.saturating_sub(2) * grid.columns.saturating_sub(2);
    if sum.is_finite() { (sum / cells.max(1) as f64).sqrt() } else { f64::INFINITY }
}

/// Richardson number of the cloud at its source, g' h/u*².
///
/// All of the gas goes with the wind at 10 m, in the width of Britter and McQuaid:
///
/// $$ Ri_* = \frac{g'_0 q_0}{2\,(D + 8 l_b)\,u_{10}\,u_*^2},\qquad l_b = \frac{g'_0 q_0}{u_{10}^3},\qquad D = \sqrt{q_0/u_{10}} \text{ or the pool's width} $$
///
/// Mixing with air changes g' and h, but not their product.
///
/// # Units
/// - `roughness`: m, where the weather row has none
pub fn richardson(release: &Release, substance: &Substance, weather: &Weather, roughness: f64) -> f64 {
    let (air, wind) = (weather.air_density(), weather.at_least(CALM_WIND).wind_at(CLASS_WIND_HEIGHT));
    let density = release.density(substance.molar_mass.value, weather);
    let flow = release.rate / density;
    let buoyancy = GRAVITY * (density - air).max(0.0) / air * flow;
    let own = (flow / wind).sqrt();
    let source = release.pool_alone().map_or(own, |diameter| diameter.max(own));
    let width = 2.0 * (source + BUOYANT_WIDTH * buoyancy / wind.powi(3));
    let (roughness, inverse_length) = match weather.profile {
        WindProfile::Log { roughness, inverse_length } => (roughness, inverse_length),
        WindProfile::Power => (roughness, inverse_obukhov_length(weather.stability, roughness)),
    };
    let friction = Profile::through(wind, CLASS_WIND_HEIGHT, roughness, inverse_length).friction_velocity;
    buoyancy / (width * wind * friction * friction)
}

/// The verdict whether the gas can be carried as over flat ground.
///
/// A layer of depth h is pulled down a slope by g' h tan α per area and along by the wind by u*²;
/// their ratio is the tangent of the angle by which the slope turns it.
///
/// # Units
/// - `slope`: [`mean_slope`] of the ground; `richardson`: the largest of the weather rows
pub fn verdict(slope: f64, richardson: f64) -> Verdict {
    let value = richardson * slope;
    let is_level = value < FELT;
    let percent = slope * 100.0;
    let meaning = if is_level {
        format!("slopes of {percent:.1} % do not lead this gas: it can be carried as over flat ground")
    } else if slope.is_finite() {
        format!("its weight pulls it down slopes of {percent:.1} %: flat ground is not valid")
    } else {
        "walls or cells without a level stand in the ground: flat ground is not valid".to_owned()
    };
    Verdict {
        name: NAME,
        criterion: "g'h tan(a)/u*^2 with the width of Britter and McQuaid's source, against tan 10 deg",
        value,
        threshold: FELT,
        judgement: if is_level { Judgement::Passed } else { Judgement::Failed },
        meaning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Crs;

    fn grid() -> Grid {
        Grid { columns: 20, rows: 10, dx: 5.0, dy: 5.0, west: 0.0, south: 0.0, crs: Crs::local() }
    }

    #[test]
    fn a_level_ground_is_never_felt_and_a_steep_one_is() {
        let grid = grid();
        let level = mean_slope(&grid.filled(12.0), &grid);
        assert_eq!(level, 0.0);
        assert_eq!(verdict(level, 100.0).judgement, Judgement::Passed);
        // 15 by a slope of 2 %: 0.3, an angle of 17°.
        assert_eq!(verdict(0.02, 15.0).judgement, Judgement::Failed);
        assert_eq!(verdict(0.01, 15.0).judgement, Judgement::Passed);
    }

    #[test]
    fn walls_are_never_level() {
        let grid = grid();
        let mut walled = grid.filled(0.0);
        walled[(5, 5)] = f64::NAN;
        let verdict = verdict(mean_slope(&walled, &grid), 1.0);
        assert_eq!(verdict.judgement, Judgement::Failed);
        assert!(verdict.meaning.contains("walls"));
    }

    #[test]
    fn a_light_gas_is_not_led() {
        assert_eq!(verdict(0.3, 0.0).judgement, Judgement::Passed);
    }
}
