//! The steady plume: how gas spreads in a wind that does not change.

use std::f64::consts::PI;

use crate::gas::exponential::exponential;
use crate::gas::jet::Lead;
use crate::gas::plume_rise::Rise;
use crate::gas::sigma::{self, Curves, SigmaSet};
use crate::gas::source::Release;
use crate::gas::substance::Substance;
use crate::gas::weather::{CLASS_WIND_HEIGHT, LOWEST_WIND, Weather};

/// Images of the plume in ground and lid are summed for j = −4 to 4: with σz up to
/// [`SWITCH`] of the lid's height the first left out is below e^-68.
pub const IMAGES: i32 = 4;

/// Share of the lid's height up to which images are summed; above it the
/// cosine series of the same function, which then needs fewer terms.
pub const SWITCH: f64 = 0.6;

/// Terms of the cosine series: the first left out is below e^-63 at [`SWITCH`].
pub const COSINES: usize = 5;

/// A steady plume from a point, in the wind's own coordinates: x downwind from
/// the source, y across, z up.
///
/// $$ c = \frac{Q}{2\pi u\,\sigma_y \sigma_z}\, e^{-y^2/2\sigma_y^2}\, V(z) $$
///
/// The wind u is that at the height of the release, or at 2 m if that is higher.
/// A concentration above that of the pure gas, which the formula gives within
/// metres of the source, is cut to the pure gas.
///
/// # Source
/// isc3 section 1.1; boubel1994 equation 19-2.
#[derive(Debug, Clone, PartialEq)]
pub struct Plume {
    /// Mass rate, kg/s.
    pub rate: f64,
    /// Wind that carries the plume, m/s.
    pub wind: f64,
    /// Wind that brings its front, m/s: that at the height of the release, or at 10 m if that is higher.
    pub front_wind: f64,
    /// Height of the release, m.
    pub height: f64,
    /// How it rises from a chimney; none where it stays at the height of the release.
    pub rise: Option<Rise>,
    /// Height of the receptors, m.
    pub receptor_height: f64,
    /// Dispersion coefficients, with the averaging time already in the crosswind one.
    pub curves: Curves,
    /// Height of the lid, m, where there is one.
    pub lid: Option<f64>,
    /// Concentration of the pure gas, kg/m³.
    pub pure_gas: f64,
    /// How far ahead of its beginning its virtual sources lie; nothing for a point.
    pub ahead: Ahead,
}

/// Distances by which the virtual points lie upwind of where a plume begins, m: there it has a width already.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Ahead {
    /// Of the crosswind coefficient.
    pub crosswind: f64,
    /// Of the vertical one.
    pub vertical: f64,
    /// Radius of the pool that it rises from; zero for none.
    pub pool_radius: f64,
}

impl Ahead {
    /// Of the vapour of a round pool, from its middle on.
    ///
    /// Across the wind the variance of the disc, a quarter of its radius squared, adds to that of the plume. Upwards
    /// gas has grown over the way from each point of the pool; the harmonic mean of these ways is
    /// $2R/\ln\frac{x+R}{x-R}$, which is taken as $x\,(1-R^2/3x^2)$, and nearer than the edge as at
    /// the edge. So the concentration is finite at the pool, and that of a point source where the pool is
    /// small or far.
    ///
    /// # Units
    /// - `diameter`: m
    ///
    /// # Source
    /// Our own reasoning, held beside the sum over the points of the pool (`sim-core/tests/gas_pool.rs`).
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::plume::Ahead;
    /// assert_eq!(Ahead::of_pool(20.0), Ahead { pool_radius: 10.0, ..Ahead::default() });
    /// ```
    pub fn of_pool(diameter: f64) -> Self {
        Self { pool_radius: 0.5 * diameter, ..Self::default() }
    }

    /// True for a point source.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

impl Plume {
    /// The plume of a release in some weather, by the default coefficients of its surroundings.
    ///
    /// # Units
    /// - `receptor_height`: m above ground; `averaging_time`: s
    pub fn new(
        release: &Release,
        substance: &Substance,
        weather: &Weather,
        receptor_height: f64,
        averaging_time: f64,
    ) -> Self {
        let set = sigma::of(weather.surroundings);
        Self::with_set(set, release, substance, weather, receptor_height, averaging_time)
    }

    /// The plume of a release in some weather, by a set of dispersion coefficients.
    ///
    /// Weaker air than [`LOWEST_WIND`] at 10 m is taken as that: the formula divides by the wind.
    ///
    /// # Units
    /// - `receptor_height`: m above ground; `averaging_time`: s
    pub fn with_set(
        set: &dyn SigmaSet,
        release: &Release,
        substance: &Substance,
        weather: &Weather,
        receptor_height: f64,
        averaging_time: f64,
    ) -> Self {
        let factor = set.averaging_factor(averaging_time, weather.stability);
        let curves = set.curves(weather.stability).widened(factor);
        let weather = &weather.at_least(LOWEST_WIND);
        Self {
            rate: release.rate,
            wind: weather.wind_at(release.height),
            front_wind: weather.wind_at(release.height.max(CLASS_WIND_HEIGHT)),
            height: release.height,
            rise: release.stack.map(|stack| stack.rise(release.height, weather)),
            receptor_height,
            curves,
            lid: weather.lid(),
            pure_gas: substance.gas_density(weather.air_temperature, weather.pressure),
            ahead: release.pool_alone().map_or_else(Ahead::default, Ahead::of_pool),
        }
    }

    /// The same plume, begun where a jet hands over, with the jet's wind, height and width.
    ///
    /// # Example
    /// See [`Lead`].
    #[must_use]
    pub fn after(self, lead: &Lead, weather: &Weather) -> Self {
        let [_, _, height] = lead.begin.place;
        let Curves { crosswind, vertical } = self.curves;
        Self {
            wind: lead.wind,
            front_wind: weather.wind_at(height.max(CLASS_WIND_HEIGHT)),
            height,
            rise: None,
            ahead: Ahead {
                crosswind: crosswind.distance_of(lead.begin.sigma),
                vertical: vertical.distance_of(lead.begin.sigma),
                pool_radius: 0.0,
            },
            ..self
        }
    }

    /// Crosswind coefficient at a distance, m.
    pub fn width_at(&self, downwind: f64) -> f64 {
        let width = self.curves.crosswind.at(downwind + self.ahead.crosswind);
        let radius = self.ahead.pool_radius;
        if radius > 0.0 { width.hypot(0.5 * radius) } else { width }
    }

    /// Vertical coefficient at a distance, m.
    pub fn depth_at(&self, downwind: f64) -> f64 {
        let radius = self.ahead.pool_radius;
        if radius > 0.0 {
            let beyond = downwind.max(radius);
            return self.curves.vertical.at(beyond - radius * radius / (3.0 * beyond));
        }
        self.curves.vertical.at(downwind + self.ahead.vertical)
    }

    /// Concentration at a point, kg/m³; zero upwind of the source.
    pub fn concentration(&self, downwind: f64, crosswind: f64, height: f64) -> f64 {
        self.concentration_with_axis_at(self.height_at(downwind), downwind, crosswind, height)
    }

    /// The same where the axis stands at another height above the ground of the point, m.
    pub fn concentration_with_axis_at(&self, axis: f64, downwind: f64, crosswind: f64, height: f64) -> f64 {
        if downwind <= 0.0 {
            return 0.0;
        }
        let size = (self.width_at(downwind), self.depth_at(downwind));
        concentration_of((self.rate, self.wind), size, crosswind, (axis, height), self.lid).min(self.pure_gas)
    }

    /// Height of its axis at a distance, m.
    pub fn height_at(&self, downwind: f64) -> f64 {
        self.rise.map_or(self.height, |rise| rise.height_at(downwind))
    }

    /// Concentration at the receptors' height on the axis, kg/m³.
    pub fn on_axis(&self, downwind: f64) -> f64 {
        self.concentration(downwind, 0.0, self.receptor_height)
    }

    /// Half the width of the area above a threshold at a distance, m; zero where there is none.
    ///
    /// $$ y = \sigma_y \sqrt{2 \ln (c_{axis}/c)} $$
    pub fn half_width(&self, downwind: f64, threshold: f64) -> f64 {
        if downwind <= 0.0 {
            return 0.0;
        }
        let uncut = Self { pure_gas: f64::INFINITY, ..self.clone() };
        let excess = (uncut.on_axis(downwind) / threshold).ln();
        self.width_at(downwind) * (2.0 * excess.max(0.0)).sqrt()
    }

    /// The same plume for receptors at another height, m.
    pub fn at_height(&self, receptor_height: f64) -> Self {
        Self { receptor_height, ..self.clone() }
    }

    /// Time at which the front of the plume arrives, s: distance over [`Plume::front_wind`].
    ///
    /// A plume from the ground grows into faster air: by the wind near the ground
    /// its front would come twice too late in stable air. It may still come
    /// earlier than this in gusts, and where the plume has grown above 10 m.
    pub fn arrival(&self, downwind: f64) -> f64 {
        downwind / self.front_wind
    }

    /// Mass that passes a plane across the wind each second, kg/s, summed over the
    /// plane: it equals the rate of the release, whatever the distance.
    ///
    /// Found by the trapezium rule over ten widths and depths, which is exact to
    /// rounding for bell curves; used as the mass balance of a run.
    pub fn mass_flux(&self, downwind: f64) -> f64 {
        let (width, depth) = (self.width_at(downwind), self.depth_at(downwind));
        let top = self.lid.unwrap_or(self.height_at(downwind) + FLUX_REACH * depth);
        // Steps of at most a quarter of the narrowest bell in the plane.
        let steps = (top / (0.25 * depth)).ceil().clamp(64.0, 100_000.0) as usize;
        let step = top / steps as f64;
        let uncut = Self { pure_gas: f64::INFINITY, ..self.clone() };
        let vertical: f64 = (0..=steps)
            .map(|i| {
                let share = if i == 0 || i == steps { 0.5 } else { 1.0 };
                share * uncut.concentration(downwind, 0.0, i as f64 * step) * step
            })
            .sum();
        let across_step = 0.25 * width;
        let across: f64 =
            (-40..=40).map(|i| exponential(-0.5 * (0.25 * f64::from(i)).powi(2)) * across_step).sum();
        vertical * across * self.wind
    }
}

/// Concentration of a plume where it has some width and depth, kg/m³.
///
/// # Units
/// - `rate`: kg/s; `wind`: m/s; `width` and `depth`: coefficients, m; `crosswind`: from the axis, m
/// - `axis` and `height`: of the axis and of the receptor above ground, m
///
/// # Source
/// boubel1994 equation 19-2, with the vertical shape of [`vertical_factor`].
///
/// # Example
/// ```
/// use sim_core::gas::plume::concentration_of;
/// // 1 kg/s in 5 m/s, 20 m wide and 10 m deep, on the ground: 2/(2π 5 · 200) = 3.18e-4 kg/m³.
/// let value = concentration_of((1.0, 5.0), (20.0, 10.0), 0.0, (0.0, 0.0), None);
/// assert!((value / 3.183e-4 - 1.0).abs() < 1e-4);
/// ```
pub fn concentration_of(
    (rate, wind): (f64, f64),
    (width, depth): (f64, f64),
    crosswind: f64,
    (axis, height): (f64, f64),
    lid: Option<f64>,
) -> f64 {
    let spread = rate / (2.0 * PI * wind * width * depth);
    let across = (-0.5 * (crosswind / width).powi(2)).exp();
    spread * across * vertical_factor(depth, axis, height, lid)
}

/// How many depths above the release the mass flux is summed.
const FLUX_REACH: f64 = 10.0;

/// Shape of the plume with height: the sum over its images in the ground and in the lid.
///
/// $$ V = \sum_{j} e^{-(z-h+2jz_i)^2/2\sigma_z^2} + e^{-(z+h+2jz_i)^2/2\sigma_z^2} $$
///
/// Without a lid only j = 0 remains. Far downwind, where σz exceeds the lid,
/// the sum becomes √(2π) σz/z_i: the gas is mixed evenly under the lid. There
/// the same function is summed as a cosine series, so that no accuracy is lost
/// and no switch shows.
///
/// # Units
/// - all heights in m; returns a pure number, 2 at the ground for a release at the ground
///
/// # Source
/// isc3 equation 1-50; the cosine form is Poisson's summation of it.
pub fn vertical_factor(depth: f64, release_height: f64, height: f64, lid: Option<f64>) -> f64 {
    match lid {
        None => bell((height - release_height) / depth) + bell((height + release_height) / depth),
        Some(lid) => Lidded::new(release_height, height, lid).vertical_factor(0.5 / (depth * depth)),
    }
}

/// A bell of height one, exp(−r²/2).
#[inline(always)]
pub fn bell(ratio: f64) -> f64 {
    exponential(-0.5 * ratio * ratio)
}

/// Images that are summed under a lid: two for each j.
const IMAGE_COUNT: usize = 2 * (2 * IMAGES as usize + 1);

/// Receptors whose vertical shape is found together.
pub(crate) const BLOCK: usize = 64;

/// The two series of the vertical shape under a lid, for fixed heights.
///
/// Both are evaluated and one is chosen, so that a row of receptors has no branch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lidded {
    /// Squares of the distances to the images, m².
    images: [f64; IMAGE_COUNT],
    /// Product of the cosines of both heights, for each wave.
    cosines: [f64; COSINES],
    lid: f64,
}

impl Lidded {
    /// The series for a release and a receptor under a lid, all heights in m.
    pub fn new(release_height: f64, height: f64, lid: f64) -> Self {
        let mut images = [0.0; IMAGE_COUNT];
        for (j, pair) in (-IMAGES..=IMAGES).zip(images.chunks_exact_mut(2)) {
            let shift = 2.0 * f64::from(j) * lid;
            pair[0] = (height - release_height + shift).powi(2);
            pair[1] = (height + release_height + shift).powi(2);
        }
        let mut cosines = [0.0; COSINES];
        for (i, cosine) in cosines.iter_mut().enumerate() {
            let wave = (i + 1) as f64 * PI / lid;
            *cosine = (wave * release_height).cos() * (wave * height).cos();
        }
        Self { images, cosines, lid }
    }

    /// The sum over images and that of cosines; `decay` is 1/(2σz²), 1/m².
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::plume::Lidded;
    /// // Where one takes over from the other, σz = 0.6 of a lid of 300 m, both say the same.
    /// let (images, cosines) = Lidded::new(20.0, 1.5, 300.0).both_sums(0.5 / (180.0 * 180.0));
    /// assert!((images / cosines - 1.0).abs() < 1e-12);
    /// ```
    pub fn both_sums(&self, decay: f64) -> (f64, f64) {
        let (mut images, mut cosines) = ([0.0], [0.0]);
        self.image_sums(&[decay], &mut images);
        self.cosine_sums(&[decay], &mut cosines);
        (images[0], cosines[0])
    }

    /// The vertical shape; `decay` is 1/(2σz²), 1/m².
    fn vertical_factor(&self, decay: f64) -> f64 {
        let mut vertical = [0.0];
        self.vertical_factors(&[decay], &mut vertical);
        vertical[0]
    }

    /// The vertical shape of a block of receptors; decays are 1/(2σz²), 1/m².
    #[inline(always)]
    pub(crate) fn vertical_factors<const N: usize>(&self, decays: &[f64; N], vertical: &mut [f64; N]) {
        let (mut images, mut cosines) = ([0.0; N], [0.0; N]);
        self.image_sums(decays, &mut images);
        self.cosine_sums(decays, &mut cosines);
        // σz² = 1/(2 decay) against (SWITCH · lid)².
        let switch = 2.0 * (SWITCH * self.lid) * (SWITCH * self.lid);
        for i in 0..N {
            vertical[i] = if decays[i] * switch >= 1.0 { images[i] } else { cosines[i] };
        }
    }

    /// The sums over images; they converge fast while the plume is thinner than the lid.
    #[inline(always)]
    fn image_sums<const N: usize>(&self, decays: &[f64; N], sums: &mut [f64; N]) {
        for square in self.images {
            for (sum, decay) in sums.iter_mut().zip(decays) {
                *sum += exponential(-square * decay);
            }
        }
    }

    /// The same as cosine series; they converge fast once the plume fills the lid.
    #[inline(always)]
    fn cosine_sums<const N: usize>(&self, decays: &[f64; N], sums: &mut [f64; N]) {
        // (π/z_i)² σz²/2 = slowness / decay
        let slowness = 0.25 * (PI / self.lid) * (PI / self.lid);
        for (i, cosine) in self.cosines.iter().enumerate() {
            let order = ((i + 1) * (i + 1)) as f64;
            for (sum, decay) in sums.iter_mut().zip(decays) {
                *sum += 2.0 * cosine * exponential(-slowness * order / decay);
            }
        }
        for (sum, decay) in sums.iter_mut().zip(decays) {
            *sum = (PI / decay).sqrt() / self.lid * (1.0 + *sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::source::known_rate;
    use crate::gas::substance::find;
    use crate::gas::weather::tests::neutral;
    use crate::gas::weather::{Stability, Surroundings};

    fn plume(class: Stability, surroundings: Surroundings, height: f64, lid: Option<f64>) -> Plume {
        let weather = Weather { stability: class, surroundings, mixing_height: lid, ..neutral(3.0) };
        let release = known_rate::release((0.0, 0.0), height, 2.5, 600.0);
        let mut plume = Plume::new(&release, find("SO2").expect("in the table"), &weather, 1.5, 600.0);
        plume.lid = lid;
        plume
    }

    #[test]
    fn the_mass_that_passes_any_plane_is_the_mass_released() {
        for surroundings in [Surroundings::Rural, Surroundings::Urban] {
            for class in Stability::ALL {
                for (height, lid) in [(0.0, None), (30.0, None), (0.0, Some(200.0)), (60.0, Some(400.0))] {
                    for distance in [10.0, 100.0, 1000.0, 10_000.0, 40_000.0] {
                        let plume = plume(class, surroundings, height, lid);
                        let share = plume.mass_flux(distance) / plume.rate;
                        assert!((share - 1.0).abs() < 1e-6, "{class:?} {height} {lid:?} {distance}: {share}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_ground_reflects_no_gas_passes_it() {
        let plume = plume(Stability::D, Surroundings::Rural, 40.0, None);
        let gradient =
            (plume.concentration(800.0, 3.0, 1e-4) - plume.concentration(800.0, 3.0, -1e-4)) / 2e-4;
        assert!(gradient.abs() < 1e-6 * plume.concentration(800.0, 3.0, 0.0));
        let (up, down) = (plume.concentration(800.0, 3.0, 7.0), plume.concentration(800.0, 3.0, -7.0));
        assert!((up / down - 1.0).abs() < 1e-14);
    }

    #[test]
    fn source_and_receptor_height_may_be_exchanged() {
        for lid in [None, Some(300.0)] {
            for depth in [5.0, 60.0, 170.0, 400.0] {
                let there = vertical_factor(depth, 80.0, 10.0, lid);
                let back = vertical_factor(depth, 10.0, 80.0, lid);
                assert!((there - back).abs() <= 1e-14 * there.max(1e-300), "{lid:?} {depth}");
            }
        }
    }

    #[test]
    fn under_a_lid_the_gas_ends_evenly_mixed() {
        let plume = plume(Stability::B, Surroundings::Rural, 50.0, Some(300.0));
        let column: Vec<f64> =
            (0..=30).map(|i| plume.concentration(20_000.0, 0.0, 10.0 * f64::from(i))).collect();
        assert!(column.iter().all(|value| (value / column[0] - 1.0).abs() < 1e-9));
        let width = plume.curves.crosswind.at(20_000.0);
        let expected = plume.rate / ((2.0 * PI).sqrt() * width * plume.wind * 300.0);
        assert!((column[0] / expected - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_two_series_agree_where_one_takes_over_from_the_other() {
        for (release_height, height) in [(0.0, 0.0), (100.0, 1.5), (300.0, 300.0), (20.0, 250.0)] {
            let decay = 0.5 / (SWITCH * 300.0_f64).powi(2);
            let (images, cosines) = Lidded::new(release_height, height, 300.0).both_sums(decay);
            assert!((images / cosines - 1.0).abs() < 1e-12, "{images} {cosines}");
        }
    }

    #[test]
    fn a_lid_far_above_changes_nothing() {
        let (open, lidded) =
            (vertical_factor(20.0, 10.0, 1.5, None), vertical_factor(20.0, 10.0, 1.5, Some(2000.0)));
        assert!((open - lidded).abs() < 1e-15);
    }

    #[test]
    fn a_longer_average_is_wider_and_lower_and_carries_the_same_mass() {
        let release = known_rate::release((0.0, 0.0), 0.0, 1.0, 3600.0);
        let gas = find("CO").expect("in the table");
        let plume = |time| Plume::new(&release, gas, &neutral(3.0), 0.0, time);
        assert!(plume(3600.0).on_axis(500.0) < plume(600.0).on_axis(500.0));
        assert!((plume(3600.0).mass_flux(500.0) / plume(600.0).mass_flux(500.0) - 1.0).abs() < 1e-9);
        let factor = 6.0_f64.powf(0.2);
        assert!((plume(600.0).on_axis(500.0) / plume(3600.0).on_axis(500.0) / factor - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_front_comes_with_the_wind_above_and_not_with_the_slow_air_at_the_ground() {
        // Class F: 2 m/s at 10 m is 2 (2/10)^0.55 = 0.83 m/s at 2 m.
        let weather = Weather { stability: Stability::F, ..neutral(2.0) };
        let at = |height| {
            let release = known_rate::release((0.0, 0.0), height, 1.0, 600.0);
            Plume::new(&release, find("CO").expect("in the table"), &weather, 1.5, 600.0)
        };
        assert!((at(0.0).wind - 0.825).abs() < 1e-3);
        assert_eq!(at(0.0).arrival(1000.0), 500.0);
        assert!(at(40.0).arrival(1000.0) < 500.0, "an elevated plume goes with its own wind");
    }

    #[test]
    fn the_isopleth_lies_on_its_threshold() {
        let plume = plume(Stability::C, Surroundings::Rural, 10.0, None);
        let threshold = 0.3 * plume.on_axis(400.0);
        let edge = plume.half_width(400.0, threshold);
        assert!((plume.concentration(400.0, edge, 1.5) / threshold - 1.0).abs() < 1e-12);
        assert_eq!(plume.half_width(400.0, 2.0 * plume.on_axis(400.0)), 0.0);
    }

    #[test]
    fn reproduces_the_worked_example_of_a_textbook() {
        // boubel1994 section 19.III.D: 0.37 g/s at 40 m, 2 m/s, class B, ground level on the axis;
        // its table of (σy, σz, concentration in g/m³) at 0.26, 0.28 and 0.30 km.
        for (width, depth, expected) in [(45.9, 26.2, 1.53e-5), (49.0, 28.2, 1.56e-5), (52.2, 30.1, 1.55e-5)]
        {
            let value = 0.37 / (2.0 * PI * 2.0 * width * depth) * vertical_factor(depth, 40.0, 0.0, None);
            assert!((value / expected - 1.0).abs() < 0.01, "{value:e} {expected:e}");
        }
    }
}
