//! Plumes on a grid: the fast kernel, one row of receptors at a time.
//!
//! The kernel evaluates the same formula as [`Plume::concentration`], written
//! so that a row needs one root, one or two divisions and one or two
//! exponentials per receptor, all of them vector instructions.

use std::sync::Arc;

use multiversion::multiversion;
use nalgebra::{Rotation2, Vector2};
use rayon::prelude::*;

use crate::gas::exponential::exponential;
use crate::gas::jet::Lead;
use crate::gas::plume::{BLOCK, Lidded, Plume};
use crate::gas::sigma::{Curve, Growth};
use crate::gas::weather::Weather;
use crate::grid::Grid;

/// A plume at its place in the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The plume in its own coordinates.
    pub plume: Plume,
    /// Position of the source in the grid's reference, m.
    pub source: Vector2<f64>,
    /// Turns the grid's axes into downwind and crosswind.
    pub turn: Rotation2<f64>,
    /// The jet that it begins at the end of; none where it begins at the hole.
    pub lead: Option<Arc<Lead>>,
}

impl Placed {
    /// A plume from a source whose wind blows towards a heading.
    ///
    /// # Units
    /// - `heading`: radians anticlockwise from the grid's x axis
    pub fn new(plume: Plume, x: f64, y: f64, heading: f64) -> Self {
        Self { plume, source: Vector2::new(x, y), turn: Rotation2::new(-heading), lead: None }
    }

    /// The same plume, begun where a jet from its place hands over in the plume's weather.
    #[must_use]
    pub fn after(self, lead: Arc<Lead>, weather: &Weather) -> Self {
        let [downwind, across, _] = lead.begin.place;
        let source = self.on_grid(downwind, across);
        Self { plume: self.plume.after(&lead, weather), source, lead: Some(lead), ..self }
    }

    /// Where the plume begins, downwind and across from the hole, m.
    pub fn offset(&self) -> Vector2<f64> {
        self.lead
            .as_ref()
            .map_or_else(Vector2::zeros, |lead| Vector2::new(lead.begin.place[0], lead.begin.place[1]))
    }

    /// The hole on the grid, m.
    pub fn hole(&self) -> Vector2<f64> {
        match &self.lead {
            Some(_) => self.on_grid(-self.offset().x, -self.offset().y),
            None => self.source,
        }
    }

    /// Distance over the ground from the hole to the axis of the plume at a distance from where it begins, m.
    pub fn from_hole(&self, along: f64) -> f64 {
        if self.lead.is_none() { along } else { (self.offset() + Vector2::new(along, 0.0)).norm() }
    }

    /// When gas arrives at a distance downwind of where the plume begins, s: by the way from the hole.
    pub fn arrival(&self, along: f64) -> f64 {
        if self.lead.is_none() {
            return self.plume.arrival(along);
        }
        self.plume.arrival((along + self.offset().x).max(0.0))
    }

    /// Concentration at a point of the grid at a height, kg/m³, where the axis of the plume stands at another
    /// height than its own, m, and where the direction of the wind may be unknown.
    ///
    /// # Units
    /// - `axis`: height of the plume's axis above the ground of the point at a distance from where it begins
    pub fn concentration_at(
        &self,
        place: Vector2<f64>,
        height: f64,
        direction_known: bool,
        axis: &dyn Fn(f64) -> f64,
    ) -> f64 {
        let at = self.in_wind(place.x, place.y);
        let at = if direction_known { at } else { Vector2::new(self.along_any(place.x, place.y), 0.0) };
        let of_plume = self.plume.concentration_with_axis_at(axis(at.x), at.x, at.y, height);
        let Some(lead) = &self.lead else { return of_plume };
        let from_hole = at + self.offset();
        let of_jet = if direction_known {
            lead.concentration_at(from_hole.x, from_hole.y, height)
        } else {
            lead.concentration_around((place - self.hole()).norm(), height)
        };
        of_plume.max(of_jet.min(self.plume.pure_gas))
    }

    /// Distance on the axis that stands for a point where the wind may blow anywhere, m.
    pub fn along_any(&self, x: f64, y: f64) -> f64 {
        let distance = (Vector2::new(x, y) - self.hole()).norm();
        distance - self.offset().x
    }

    /// Largest concentration in a plane across the wind, kg/m³, at the height of the receptors.
    ///
    /// # Units
    /// - `downwind`: from the hole, m
    pub fn on_axis(&self, downwind: f64) -> f64 {
        let Some(lead) = &self.lead else { return self.plume.on_axis(downwind) };
        let of_jet = lead.concentration_in_plane(downwind, self.plume.receptor_height);
        self.plume.on_axis(downwind - self.offset().x).max(of_jet.min(self.plume.pure_gas))
    }

    /// Downwind and crosswind coordinates of a point of the grid, m.
    pub fn in_wind(&self, x: f64, y: f64) -> Vector2<f64> {
        self.turn * (Vector2::new(x, y) - self.source)
    }

    /// Point of the grid at downwind and crosswind coordinates.
    pub fn on_grid(&self, downwind: f64, crosswind: f64) -> Vector2<f64> {
        self.source + self.turn.inverse() * Vector2::new(downwind, crosswind)
    }

    /// Concentration at a point of the grid at the receptors' height, kg/m³.
    pub fn concentration(&self, x: f64, y: f64) -> f64 {
        let axis = |along: f64| self.plume.height_at(along);
        self.concentration_at(Vector2::new(x, y), self.plume.receptor_height, true, &axis)
    }

    /// Concentrations along one row of receptors whichever way the wind blows, kg/m³:
    /// everywhere that on the axis at this distance from the source.
    ///
    /// # Units
    /// - `xs`: x of every receptor, m; `y`: their common y, m
    pub fn row_of_any_direction(&self, xs: &[f64], y: f64, row: &mut [f64]) {
        let axis = |along: f64| self.plume.height_at(along);
        for (value, &x) in row.iter_mut().zip(xs) {
            *value = match self.lead {
                None => self.plume.on_axis(self.distance(x, y)),
                Some(_) => {
                    self.concentration_at(Vector2::new(x, y), self.plume.receptor_height, false, &axis)
                }
            };
        }
    }

    /// Distance of a point of the grid from the source, m.
    fn distance(&self, x: f64, y: f64) -> f64 {
        (Vector2::new(x, y) - self.source).norm().max(NEAREST)
    }

    /// Concentrations along one row of receptors, kg/m³.
    ///
    /// # Units
    /// - `xs`: x of every receptor, m; `y`: their common y, m
    ///
    /// # Panics
    /// If `row` is shorter than `xs`.
    pub fn row(&self, xs: &[f64], y: f64, row: &mut [f64]) {
        let row = &mut row[..xs.len()];
        if self.plume.rise.is_some() || self.lead.is_some() {
            // Every receptor has a height of the plume of its own, or the jet beside it.
            for (value, &x) in row.iter_mut().zip(xs) {
                *value = self.concentration(x, y);
            }
            return;
        }
        match Kernel::new(self, y) {
            Some(kernel) => fill(&kernel, xs, row),
            None => self.row_of_any_curve(xs, y, row),
        }
    }
}

impl Placed {
    /// The same for curves of every shape: the coefficients are found one receptor
    /// after another, the exponentials of a block in vectors.
    fn row_of_any_curve(&self, xs: &[f64], y: f64, row: &mut [f64]) {
        let plume = &self.plume;
        let lidded = Lidded::new(plume.height, plume.receptor_height, plume.lid.unwrap_or(1.0));
        let (below, above) =
            ((plume.receptor_height - plume.height).powi(2), (plume.receptor_height + plume.height).powi(2));
        for (xs, row) in xs.chunks(BLOCK).zip(row.chunks_mut(BLOCK)) {
            let mut block = Block::default();
            for (i, &x) in xs.iter().enumerate() {
                let at = self.in_wind(x, y);
                if at.x > 0.0 {
                    let distance = at.x.max(NEAREST);
                    let width = plume.width_at(distance);
                    let depth = plume.depth_at(distance);
                    block.spread[i] = plume.rate / (2.0 * std::f64::consts::PI * plume.wind * width * depth);
                    block.across[i] = 0.5 * (at.y / width).powi(2);
                    block.decay[i] = 0.5 / (depth * depth);
                }
            }
            match plume.lid {
                Some(_) => block_under_lid(&block, &lidded, plume.pure_gas, row),
                None => block_without_lid(&block, below, above, plume.pure_gas, row),
            }
        }
    }
}

/// A block of receptors: what is left to do is exponentials. Receptors upwind have no spread.
struct Block {
    spread: [f64; BLOCK],
    across: [f64; BLOCK],
    decay: [f64; BLOCK],
}

impl Default for Block {
    fn default() -> Self {
        Self { spread: [0.0; BLOCK], across: [0.0; BLOCK], decay: [1.0; BLOCK] }
    }
}

/// Concentrations of a block between the ground and the open sky.
#[multiversion(targets(
    "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx2+fma",
    "x86_64+avx2+fma",
    "aarch64+neon"
))]
fn block_without_lid(block: &Block, below: f64, above: f64, pure_gas: f64, row: &mut [f64]) {
    for (i, value) in row.iter_mut().enumerate() {
        let vertical = exponential(-(block.across[i] + below * block.decay[i]))
            + exponential(-(block.across[i] + above * block.decay[i]));
        *value = (block.spread[i] * vertical).min(pure_gas);
    }
}

/// Concentrations of a block between the ground and a lid.
#[multiversion(targets(
    "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx2+fma",
    "x86_64+avx2+fma",
    "aarch64+neon"
))]
fn block_under_lid(block: &Block, lidded: &Lidded, pure_gas: f64, row: &mut [f64]) {
    let mut vertical = [0.0; BLOCK];
    lidded.vertical_factors(&block.decay, &mut vertical);
    for (i, value) in row.iter_mut().enumerate() {
        *value = (block.spread[i] * exponential(-block.across[i]) * vertical[i]).min(pure_gas);
    }
}

/// What a band of rows is filled with.
pub struct Band<'a> {
    /// First row of the band.
    pub first_row: usize,
    /// Largest concentration over all plumes, kg/m³, row after row.
    pub concentration: &'a mut [f64],
    /// Earliest arrival of a concentration of at least `threshold`, s; NaN where there is none.
    pub arrival: &'a mut [f64],
}

/// Fills a band of rows of a grid: at every receptor the largest concentration
/// over the plumes, and the earliest time at which a plume above `threshold` arrives.
///
/// Rows are independent of each other, so the result does not depend on the
/// number of threads. Without a known direction every receptor is taken to lie
/// on the axis.
///
/// # Units
/// - `threshold`: kg/m³
pub fn fill_band(plumes: &[Placed], grid: &Grid, direction_known: bool, threshold: f64, band: Band<'_>) {
    let xs: Vec<f64> = (0..grid.columns).map(|column| grid.x(column)).collect();
    let Band { first_row, concentration, arrival } = band;
    concentration
        .par_chunks_mut(grid.columns)
        .zip(arrival.par_chunks_mut(grid.columns))
        .enumerate()
        .for_each(|(i, (values, arrivals))| {
            let y = grid.y(first_row + i);
            values.fill(0.0);
            arrivals.fill(f64::NAN);
            let mut one = vec![0.0; xs.len()];
            for placed in plumes {
                let downwind: &dyn Fn(f64) -> f64 = if direction_known {
                    placed.row(&xs, y, &mut one);
                    &|x| placed.in_wind(x, y).x
                } else {
                    placed.row_of_any_direction(&xs, y, &mut one);
                    &|x| if placed.lead.is_some() { placed.along_any(x, y) } else { placed.distance(x, y) }
                };
                let arrival = |i: usize| placed.arrival(downwind(xs[i]));
                merge(&one, threshold, arrival, values, arrivals);
            }
        });
}

/// Takes one plume's row into the largest values and earliest arrivals.
fn merge(
    one: &[f64],
    threshold: f64,
    arrival: impl Fn(usize) -> f64,
    values: &mut [f64],
    arrivals: &mut [f64],
) {
    for i in 0..one.len() {
        values[i] = values[i].max(one[i]);
        if one[i] >= threshold {
            // f64::min passes over the NaN of "not yet reached".
            arrivals[i] = arrivals[i].min(arrival(i));
        }
    }
}

/// Nearest distance at which the formula is evaluated, m: it keeps 1/x² finite.
const NEAREST: f64 = 1e-3;

/// How the vertical shape is found.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Release or receptor on the ground: both images are the same.
    OneImage,
    /// The plume and its image in the ground.
    TwoImages,
    /// Images in ground and lid.
    Lid,
}

/// The constants of a row.
struct Kernel {
    /// cos and sin of the heading.
    cos: f64,
    sin: f64,
    source_x: f64,
    /// Parts of the wind coordinates that a row shares, m.
    along: f64,
    across: f64,
    /// Q / (2π u a_y a_z), kg/m.
    strength: f64,
    /// 1 / (2 a_y²) and 1 / (2 a_z²).
    half_width: f64,
    half_depth: f64,
    bend_width: f64,
    bend_depth: f64,
    growth: Growth,
    shape: Shape,
    /// (z − h)² and (z + h)², m².
    below: f64,
    above: f64,
    pure_gas: f64,
    /// The two series of [`Shape::Lid`].
    lidded: Lidded,
}

impl Kernel {
    /// The kernel of a row, where both curves have the shape that it is written for and begin at a point.
    fn new(placed: &Placed, y: f64) -> Option<Self> {
        let plume = &placed.plume;
        if !plume.ahead.is_nothing() {
            return None;
        }
        let Curve::Bracket { slope: width, bend: bend_width, growth: Growth::InverseRoot } =
            plume.curves.crosswind
        else {
            return None;
        };
        let Curve::Bracket { slope: depth, bend: bend_depth, growth } = plume.curves.vertical else {
            return None;
        };
        let matrix = placed.turn.matrix();
        let north = y - placed.source.y;
        let on_ground = plume.height == 0.0 || plume.receptor_height == 0.0;
        Some(Self {
            cos: matrix[(0, 0)],
            sin: matrix[(0, 1)],
            source_x: placed.source.x,
            along: matrix[(0, 1)] * north,
            across: matrix[(1, 1)] * north,
            strength: plume.rate / (2.0 * std::f64::consts::PI * plume.wind * width * depth),
            half_width: 0.5 / (width * width),
            half_depth: 0.5 / (depth * depth),
            bend_width,
            bend_depth,
            growth,
            shape: match (plume.lid, on_ground) {
                (Some(_), _) => Shape::Lid,
                (None, true) => Shape::OneImage,
                (None, false) => Shape::TwoImages,
            },
            below: (plume.receptor_height - plume.height).powi(2),
            above: (plume.receptor_height + plume.height).powi(2),
            pure_gas: plume.pure_gas,
            lidded: Lidded::new(plume.height, plume.receptor_height, plume.lid.unwrap_or(1.0)),
        })
    }

    /// What the vertical shape is applied to at one receptor; `GROWTH` is fixed per sweep.
    #[inline(always)]
    fn parts<const GROWTH: u8>(&self, x: f64) -> Parts {
        let east = x - self.source_x;
        let downwind = self.cos * east + self.along;
        let crosswind = self.across - self.sin * east;
        let distance = if downwind > NEAREST { downwind } else { NEAREST };
        let inverse = 1.0 / distance;
        let inverse_square = inverse * inverse;
        let bracket_width = 1.0 + self.bend_width * distance;
        let bracket_depth = 1.0 + self.bend_depth * distance;
        // (1 + b x)^(-2p) of the vertical curve: σz = a x (1 + b x)^p.
        let depth_power = match GROWTH {
            LINEAR => 1.0,
            INVERSE_ROOT => bracket_depth,
            INVERSE => bracket_depth * bracket_depth,
            _ => 1.0 / bracket_depth,
        };
        Parts {
            downwind,
            spread: self.strength * inverse_square * (bracket_width * depth_power).sqrt(),
            across: crosswind * crosswind * self.half_width * inverse_square * bracket_width,
            decay: self.half_depth * inverse_square * depth_power,
        }
    }

    /// Zero upwind, at most the pure gas.
    #[inline(always)]
    fn cut(&self, value: f64, downwind: f64) -> f64 {
        let cut = if value < self.pure_gas { value } else { self.pure_gas };
        if downwind > 0.0 { cut } else { 0.0 }
    }

    /// Concentration at one receptor without a lid.
    #[inline(always)]
    fn open<const GROWTH: u8, const SHAPE: u8>(&self, x: f64) -> f64 {
        let Parts { downwind, spread, across, decay } = self.parts::<GROWTH>(x);
        let below = exponential(-(across + self.below * decay));
        let vertical = match SHAPE {
            ONE_IMAGE => 2.0 * below,
            _ => below + exponential(-(across + self.above * decay)),
        };
        self.cut(spread * vertical, downwind)
    }

    /// Concentrations at a block of receptors under a lid: term by term over the
    /// whole block, so that every loop is one of vectors.
    #[inline(always)]
    fn lidded<const GROWTH: u8>(&self, xs: &[f64], row: &mut [f64]) {
        let mut decays = [1.0; BLOCK];
        let mut vertical = [0.0; BLOCK];
        for (decay, &x) in decays.iter_mut().zip(xs) {
            *decay = self.parts::<GROWTH>(x).decay;
        }
        self.lidded.vertical_factors(&decays, &mut vertical);
        for ((value, &x), vertical) in row.iter_mut().zip(xs).zip(vertical) {
            let Parts { downwind, spread, across, .. } = self.parts::<GROWTH>(x);
            *value = self.cut(spread * exponential(-across) * vertical, downwind);
        }
    }
}

/// A receptor's place in the plume.
struct Parts {
    downwind: f64,
    /// Q / (2π u σy σz), kg/m³.
    spread: f64,
    /// y²/(2σy²).
    across: f64,
    /// 1/(2σz²), 1/m².
    decay: f64,
}

const LINEAR: u8 = 0;
const INVERSE_ROOT: u8 = 1;
const INVERSE: u8 = 2;
const ROOT: u8 = 3;
const ONE_IMAGE: u8 = 0;
const TWO_IMAGES: u8 = 1;

/// Fills a row with the widest vectors the processor has.
#[multiversion(targets(
    "x86_64+avx512f+avx512dq+avx512vl+avx512bw+avx2+fma",
    "x86_64+avx2+fma",
    "aarch64+neon"
))]
fn fill(kernel: &Kernel, xs: &[f64], row: &mut [f64]) {
    match kernel.growth {
        Growth::Linear => shaped::<LINEAR>(kernel, xs, row),
        Growth::InverseRoot => shaped::<INVERSE_ROOT>(kernel, xs, row),
        Growth::Inverse => shaped::<INVERSE>(kernel, xs, row),
        Growth::Root => shaped::<ROOT>(kernel, xs, row),
    }
}

#[inline(always)]
fn shaped<const GROWTH: u8>(kernel: &Kernel, xs: &[f64], row: &mut [f64]) {
    match kernel.shape {
        Shape::OneImage => open_row::<GROWTH, ONE_IMAGE>(kernel, xs, row),
        Shape::TwoImages => open_row::<GROWTH, TWO_IMAGES>(kernel, xs, row),
        Shape::Lid => {
            for (xs, row) in xs.chunks(BLOCK).zip(row.chunks_mut(BLOCK)) {
                kernel.lidded::<GROWTH>(xs, row);
            }
        }
    }
}

#[inline(always)]
fn open_row<const GROWTH: u8, const SHAPE: u8>(kernel: &Kernel, xs: &[f64], row: &mut [f64]) {
    for (value, &x) in row.iter_mut().zip(xs) {
        *value = kernel.open::<GROWTH, SHAPE>(x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::source::known_rate;
    use crate::gas::substance::find;
    use crate::gas::weather::tests::neutral;
    use crate::gas::weather::{Stability, Surroundings, Weather};
    use crate::grid::Crs;

    fn grid() -> Grid {
        Grid { columns: 61, rows: 47, dx: 25.0, dy: 20.0, west: -700.0, south: -500.0, crs: Crs::local() }
    }

    fn placed(weather: &Weather, height: f64, receptor: f64) -> Placed {
        let release = known_rate::release((13.0, -7.0), height, 3.0, 600.0);
        let plume = Plume::new(&release, find("SO2").expect("in the table"), weather, receptor, 600.0);
        Placed::new(plume, release.x, release.y, weather.heading())
    }

    fn field(plumes: &[Placed], grid: &Grid, threshold: f64) -> (Vec<f64>, Vec<f64>) {
        let (mut values, mut arrival) = (vec![0.0; grid.cells()], vec![0.0; grid.cells()]);
        let band = Band { first_row: 0, concentration: &mut values, arrival: &mut arrival };
        fill_band(plumes, grid, true, threshold, band);
        (values, arrival)
    }

    #[test]
    fn the_fast_row_is_the_formula_at_every_receptor() {
        let grid = grid();
        let xs: Vec<f64> = (0..grid.columns).map(|column| grid.x(column)).collect();
        for surroundings in [Surroundings::Rural, Surroundings::Urban] {
            for class in Stability::ALL {
                for (height, receptor, lid) in [(0.0, 1.5, None), (20.0, 1.5, None), (20.0, 1.5, Some(150.0))]
                {
                    for direction in [0.0, 33.0, 200.0] {
                        let weather = Weather {
                            stability: class,
                            surroundings,
                            mixing_height: lid,
                            wind_direction_deg: direction,
                            ..neutral(3.0)
                        };
                        let placed = placed(&weather, height, receptor);
                        let mut row = vec![0.0; xs.len()];
                        for at in 0..grid.rows {
                            placed.row(&xs, grid.y(at), &mut row);
                            for (value, &x) in row.iter().zip(&xs) {
                                let exact = placed.concentration(x, grid.y(at));
                                let error = (value - exact).abs();
                                // A rounding error of 1e-16 in the exponent counts up to 700 times.
                                assert!(
                                    error <= 1e-11 * exact + 1e-100,
                                    "{class:?} {direction}: {value} {exact}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_row_of_any_curve_is_the_formula_at_every_receptor() {
        let grid = grid();
        let xs: Vec<f64> = (0..grid.columns).map(|column| grid.x(column)).collect();
        let release = known_rate::release((13.0, -7.0), 20.0, 3.0, 600.0);
        let gas = find("SO2").expect("in the table");
        for set in crate::gas::sigma::ALL {
            for (class, lid) in [(Stability::B, None), (Stability::D, Some(150.0)), (Stability::F, None)] {
                let weather = Weather { stability: class, mixing_height: lid, ..neutral(3.0) };
                let plume = Plume::with_set(set, &release, gas, &weather, 1.5, 600.0);
                let placed = Placed::new(plume, release.x, release.y, 0.6);
                let mut row = vec![0.0; xs.len()];
                for at in (0..grid.rows).step_by(7) {
                    placed.row_of_any_curve(&xs, grid.y(at), &mut row);
                    for (value, &x) in row.iter().zip(&xs) {
                        let exact = placed.concentration(x, grid.y(at));
                        let error = (value - exact).abs();
                        assert!(error <= 1e-11 * exact + 1e-100, "{} {class:?}: {value} {exact}", set.name());
                    }
                }
            }
        }
    }

    #[test]
    fn turning_the_wind_turns_the_field() {
        let east = placed(&neutral(3.0), 5.0, 1.5);
        let turned_weather = Weather { wind_direction_deg: 270.0 - 37.0, ..neutral(3.0) };
        let turned = placed(&turned_weather, 5.0, 1.5);
        let by = Rotation2::new(37.0_f64.to_radians());
        for (dx, dy) in [(100.0, 0.0), (250.0, 30.0), (900.0, -80.0), (-20.0, 4.0)] {
            let moved = by * Vector2::new(dx, dy);
            let there = east.concentration(13.0 + dx, -7.0 + dy);
            let here = turned.concentration(13.0 + moved.x, -7.0 + moved.y);
            assert!((there - here).abs() <= 1e-11 * there, "{there} {here}");
        }
    }

    #[test]
    fn a_north_wind_carries_the_gas_south() {
        let weather = Weather { wind_direction_deg: 0.0, ..neutral(3.0) };
        let placed = placed(&weather, 0.0, 1.5);
        assert!(placed.concentration(13.0, -307.0) > 0.0);
        assert_eq!(placed.concentration(13.0, 293.0), 0.0);
    }

    #[test]
    fn a_direction_not_known_gives_the_worst_of_all_directions_everywhere() {
        let (grid, height) = (grid(), 5.0);
        let mut worst = vec![0.0_f64; grid.cells()];
        for degrees in 0..720 {
            let weather = Weather { wind_direction_deg: 0.5 * f64::from(degrees), ..neutral(3.0) };
            let (turned, _) = field(&[placed(&weather, height, 1.5)], &grid, f64::INFINITY);
            worst.iter_mut().zip(turned).for_each(|(worst, one)| *worst = f64::max(*worst, one));
        }
        let (mut values, mut arrival) = (vec![0.0; grid.cells()], vec![0.0; grid.cells()]);
        let band = Band { first_row: 0, concentration: &mut values, arrival: &mut arrival };
        let any = [placed(&neutral(3.0), height, 1.5)];
        fill_band(&any, &grid, false, any[0].plume.on_axis(400.0), band);
        for (value, worst) in values.iter().zip(&worst) {
            // A quarter of a degree off the axis takes less than a hundredth away.
            assert!(*value >= worst * (1.0 - 1e-12) && *value <= worst * 1.01 + 1e-12, "{value} {worst}");
        }
        let reached = arrival.iter().filter(|time| time.is_finite()).count();
        assert!(reached > grid.cells() / 4, "on all sides: {reached} of {}", grid.cells());
    }

    #[test]
    fn several_weathers_keep_the_largest_and_the_earliest() {
        let grid = grid();
        let (one, two) = (placed(&neutral(2.0), 0.0, 1.5), placed(&neutral(6.0), 0.0, 1.5));
        let threshold = one.plume.on_axis(300.0);
        let (both, arrival) = field(&[one.clone(), two.clone()], &grid, threshold);
        let (first, slow) = field(&[one], &grid, threshold);
        let (second, fast) = field(&[two], &grid, threshold);
        for i in 0..grid.cells() {
            assert_eq!(both[i], first[i].max(second[i]));
            assert!(
                arrival[i] == slow[i].min(fast[i])
                    || (arrival[i].is_nan() && slow[i].is_nan() && fast[i].is_nan())
            );
        }
    }

    #[test]
    fn the_number_of_threads_does_not_change_a_bit() {
        let grid = grid();
        let plumes = [placed(&neutral(2.0), 10.0, 1.5)];
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            let (values, arrival) = pool.install(|| field(&plumes, &grid, 1e-6));
            values.iter().chain(&arrival).map(|value| value.to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(with(1), with(3));
    }
}
