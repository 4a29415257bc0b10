//! The air near the ground, as a slab model sees it: friction velocity, Obukhov's length, wind over a layer.

use crate::error::{Problem, Problems, Result};
use crate::units::{GAS_CONSTANT, MOLAR_MASS_AIR};

use crate::gas::weather::surface_layer::profile_correction;

use super::mixture::{HEAT_CAPACITY_AIR, HEAT_CAPACITY_STEAM, MOLAR_MASS_WATER, water_pressure};

/// Von Kármán's constant with which the entrainment constants were derived.
///
/// # Source
/// ermak1990 section 2.5 (0.41), second-hand after a public program.
pub const KARMAN: f64 = 0.41;

/// Gradient constant of the stable wind profile, φm = 1 + 5 z/L.
///
/// # Source
/// ermak1990 equation 33a; dyer1974.
const STABLE_GRADIENT: f64 = 5.0;

/// Gradient constant of the unstable profiles, (1 − 16 z/L)^(−1/4) and its square for heat.
///
/// # Source
/// ermak1990 equation 33b; dyer1974.
const UNSTABLE_GRADIENT: f64 = 16.0;

/// Lowest wind that the model takes, m/s at its height of measurement.
///
/// Below it a gravity current carries itself: it spreads about as far against the wind as
/// with it, and no section across the wind describes it. The lowest wind of the trials with which
/// models of this class have been compared is 1.7 m/s.
pub const LOWEST_WIND: f64 = 0.5;

/// Wind below which the result is doubtful, m/s.
pub const DOUBTFUL_WIND: f64 = 1.0;

/// What is known of the turbulence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Turbulence {
    /// A stability index, 1 for class A to 6 for F and between them, over ground of a roughness, m.
    Class {
        /// 0.5 to 7.5; D is 4.
        index: f64,
        /// Roughness length z0, m.
        roughness: f64,
    },
    /// Obukhov's length as 1/L, 1/m, over ground of a roughness, m.
    Length {
        /// 1/L at the height of the wind, 1/m; negative by day.
        inverse_length: f64,
        /// Roughness length z0, m.
        roughness: f64,
    },
    /// Friction velocity and 1/L, both measured; the roughness follows from them and the wind.
    Measured {
        /// u*, m/s.
        friction_velocity: f64,
        /// 1/L at the height of the wind, 1/m.
        inverse_length: f64,
    },
}

/// The air as it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ambient {
    /// Wind, m/s.
    pub wind: f64,
    /// Height of that wind, m.
    pub wind_height: f64,
    /// Its turbulence.
    pub turbulence: Turbulence,
    /// Temperature, K.
    pub temperature: f64,
    /// Pressure, Pa.
    pub pressure: f64,
    /// Relative humidity, 0 to 1.
    pub relative_humidity: f64,
    /// Temperature of ground or water, K; none for that of the air.
    pub ground_temperature: Option<f64>,
    /// Height of the mixed layer, m; none for that of the stability.
    pub mixing_height: Option<f64>,
}

/// How the stratification of the air changes with height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stratification {
    /// One Obukhov length at all heights, as similarity has it and as it is measured.
    Constant,
    /// A length that grows with height, as in SLAB; the one given is that at the wind's height.
    Fading,
}

/// Coefficients of Golder's curves for one roughness: |1/L| one and two classes from neutral,
/// with the exponents between them.
#[derive(Debug, Clone, Copy)]
struct Golder {
    one: f64,
    two: f64,
    three: f64,
}

impl Golder {
    /// # Source
    /// golder1972 in the fit of ermak1990 section 2.5.1, second-hand after a public program.
    fn of(roughness: f64) -> Self {
        /// Roughness from which the curves of two and three classes have their own fit, m.
        const ROUGH: f64 = 0.0111;
        let one = 0.0081 * roughness.powf(-0.3044);
        if roughness > ROUGH {
            let (two, three) = (0.0385 * roughness.powf(-0.1715), 0.0875 * roughness.powf(-0.1028));
            return Self { one, two, three };
        }
        let two = one + 0.0137 * roughness.powf(-0.1715) + 0.0218;
        Self { one, two, three: two + 0.0557 }
    }

    /// |1/L| at a number of classes from neutral: a power of it, whose exponent bends beyond two.
    fn inverse_length(&self, classes: f64) -> f64 {
        let near = (self.two / self.one).ln() / 2.0_f64.ln();
        let far = (self.three / self.one).ln() / 3.0_f64.ln();
        let limit = 2.0 * far - near;
        let classes = classes.min(MOST_CLASSES);
        let exponent = if classes < 2.0 {
            near
        } else {
            limit + (near - limit) / (1.0 + (classes - 2.0) * (classes - 2.0))
        };
        self.one * classes.powf(exponent)
    }
}

/// Classes from neutral at which Golder's curves end.
const MOST_CLASSES: f64 = 3.5;

/// 1/L of a stability index over a roughness, 1/m.
///
/// # Example
/// ```
/// use sim_core::gas::dense::integral::surface_air::inverse_length_of_index;
/// // Class E over 0.2 mm: 0.0081 · 0.0002^(−0.3044) = 0.108 (0.1083 in a public run of Burro 8).
/// assert!((inverse_length_of_index(5.0, 2e-4) - 0.1083).abs() < 2e-4);
/// assert_eq!(inverse_length_of_index(4.0, 0.03), 0.0);
/// ```
pub fn inverse_length_of_index(index: f64, roughness: f64) -> f64 {
    let classes = index - NEUTRAL;
    if classes == 0.0 {
        return 0.0;
    }
    Golder::of(roughness).inverse_length(classes.abs()).copysign(classes)
}

/// Stability index of 1/L over a roughness: the inverse of [`inverse_length_of_index`], 0.5 to 7.5.
pub fn index_of_inverse_length(inverse_length: f64, roughness: f64) -> f64 {
    let golder = Golder::of(roughness);
    let (mut low, mut high) = (0.0, MOST_CLASSES);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if golder.inverse_length(middle) < inverse_length.abs() {
            low = middle;
        } else {
            high = middle;
        }
    }
    NEUTRAL + (0.5 * (low + high)).copysign(inverse_length)
}

/// Index of class D.
const NEUTRAL: f64 = 4.0;

/// Halvings of a search over a few units: to the rounding of a number.
const HALVINGS: usize = 50;

/// The air as the model uses it.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfaceAir {
    /// Friction velocity, m/s.
    pub friction_velocity: f64,
    /// Roughness length, m.
    pub roughness: f64,
    /// 1/L at the ground's end of the profile, 1/m.
    pub ground_inverse_length: f64,
    /// 1/L as it was given, at the height of the wind, 1/m.
    pub inverse_length: f64,
    /// Stability index: 1 is class A, 6 is F.
    pub index: f64,
    /// Height over which 1/L fades, m; infinite where it does not.
    pub fading_height: f64,
    /// Height of the mixed layer, m.
    pub mixing_height: f64,
    /// Temperature, K.
    pub temperature: f64,
    /// Temperature of the ground, K.
    pub ground_temperature: f64,
    /// Pressure, Pa.
    pub pressure: f64,
    /// Density, kg/m³.
    pub density: f64,
    /// Molar mass of the moist air, kg/mol.
    pub molar_mass: f64,
    /// Heat capacity of the moist air, J/(kg K).
    pub heat_capacity: f64,
    /// Mass fraction of water.
    pub water: f64,
    means: Means,
}

/// Means of the wind from the ground up to heights of a geometric row, in units of u*/κ.
#[derive(Debug, Clone, PartialEq)]
struct Means {
    lowest: f64,
    per_octave: f64,
    means: Vec<f64>,
}

/// Heights of the table of means.
const ROWS: usize = 160;

impl SurfaceAir {
    /// The air of what is known.
    ///
    /// # Errors
    /// E4700 wind too weak, E4701 a number out of range, E4702 a friction velocity that does not
    /// go with the wind.
    pub fn of(ambient: &Ambient, stratification: Stratification) -> Result<Self> {
        ambient.check()?;
        let saturated = water_pressure(ambient.temperature) / ambient.pressure;
        let moles = ambient.relative_humidity * saturated.min(1.0);
        let molar_mass = (1.0 - moles) * MOLAR_MASS_AIR + moles * MOLAR_MASS_WATER;
        let water = moles * MOLAR_MASS_WATER / molar_mass;
        let mut air = Self {
            friction_velocity: 1.0,
            roughness: 1.0,
            ground_inverse_length: 0.0,
            inverse_length: 0.0,
            index: NEUTRAL,
            fading_height: if stratification == Stratification::Fading { 1.0 } else { f64::INFINITY },
            mixing_height: 1.0,
            temperature: ambient.temperature,
            ground_temperature: ambient.ground_temperature.unwrap_or(ambient.temperature),
            pressure: ambient.pressure,
            density: ambient.pressure * molar_mass / (GAS_CONSTANT * ambient.temperature),
            molar_mass,
            heat_capacity: (1.0 - water) * HEAT_CAPACITY_AIR + water * HEAT_CAPACITY_STEAM,
            water,
            means: Means { lowest: 1.0, per_octave: 1.0, means: Vec::new() },
        };
        match ambient.turbulence {
            Turbulence::Class { index, roughness } => {
                air.stratify(ambient, inverse_length_of_index(index, roughness), roughness, Some(index));
            }
            Turbulence::Length { inverse_length, roughness } => {
                air.stratify(ambient, inverse_length, roughness, None);
            }
            Turbulence::Measured { friction_velocity, inverse_length } => {
                air.match_friction(ambient, friction_velocity, inverse_length)?;
            }
        }
        air.friction_velocity = KARMAN * ambient.wind / air.shape(ambient.wind_height);
        air.means = air.tabulate();
        Ok(air)
    }

    /// Sets what follows from 1/L and the roughness.
    ///
    /// # Source
    /// ermak1990 section 2.5.1 (fading height, mixed layer), second-hand after a public program.
    fn stratify(&mut self, ambient: &Ambient, inverse_length: f64, roughness: f64, index: Option<f64>) {
        /// Height of the mixed layer in class G, m; it doubles with each class towards A.
        const MIXED_LAYER: f64 = 130.0;
        /// Lowest height at which a given length is taken to hold, m.
        const LENGTH_HEIGHT: f64 = 3.0;
        self.roughness = roughness;
        self.inverse_length = inverse_length;
        self.index = index.unwrap_or_else(|| index_of_inverse_length(inverse_length, roughness));
        let classes = self.index - NEUTRAL;
        if self.fading_height.is_finite() {
            self.fading_height =
                if classes >= 0.0 { 1.0 + 0.8 * classes } else { (3.2 - 0.8 * self.index).exp() };
        }
        self.ground_inverse_length =
            inverse_length * (1.0 + ambient.wind_height.max(LENGTH_HEIGHT) / self.fading_height);
        self.mixing_height = ambient.mixing_height.unwrap_or_else(|| MIXED_LAYER * (7.0 - self.index).exp2());
    }

    /// Finds the roughness with which wind and friction velocity go together.
    fn match_friction(&mut self, ambient: &Ambient, friction: f64, inverse_length: f64) -> Result<()> {
        let wanted = KARMAN * ambient.wind / friction;
        let (mut low, mut high) = (SMOOTHEST.ln(), (ROUGHEST_SHARE * ambient.wind_height).ln());
        let mut shape = |logarithm: f64| {
            self.stratify(ambient, inverse_length, logarithm.exp(), None);
            self.shape(ambient.wind_height)
        };
        if !(shape(high)..=shape(low)).contains(&wanted) {
            let text = format!(
                "friction velocity {friction} m/s does not go with a wind of {} m/s at {} m and 1/L of {inverse_length} 1/m",
                ambient.wind, ambient.wind_height
            );
            return Err(Problem::error(4702, text)
                .why("no roughness between 1 µm and a tenth of the height makes the wind profile pass through both")
                .fix("check both measurements, or give the roughness instead of the friction velocity")
                .into());
        }
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if shape(middle) > wanted {
                low = middle;
            } else {
                high = middle;
            }
        }
        shape(0.5 * (low + high));
        Ok(())
    }

    /// 1/L at a height, 1/m.
    pub fn inverse_length_at(&self, height: f64) -> f64 {
        self.ground_inverse_length / (1.0 + height / self.fading_height)
    }

    /// φm of the wind's gradient; where the length is constant, (1 − 16 z/L)^(−1/4) by day.
    ///
    /// $$ \phi_m = 1 + \frac{5 z/L_0}{1+z/z_L}\ (L>0),\qquad
    /// \phi_\infty + \frac{1-\phi_\infty}{\sqrt{1+g z}}\ (L<0) $$
    ///
    /// # Source
    /// ermak1990 equations 33a, 33b.
    pub fn gradient(&self, height: f64) -> f64 {
        let inverse = self.ground_inverse_length;
        if inverse >= 0.0 {
            return 1.0 + STABLE_GRADIENT * inverse * height / (1.0 + height / self.fading_height);
        }
        if !self.fading_height.is_finite() {
            return (1.0 - UNSTABLE_GRADIENT * inverse * height).powf(-0.25);
        }
        let (limit, steepness) = self.unstable();
        limit + (1.0 - limit) / (1.0 + steepness * height).sqrt()
    }

    /// φ∞ and g of the unstable profile.
    fn unstable(&self) -> (f64, f64) {
        let limit = (1.0 - UNSTABLE_GRADIENT * self.fading_height * self.ground_inverse_length).powf(-0.25);
        (limit, -0.5 * UNSTABLE_GRADIENT * self.ground_inverse_length / (1.0 - limit))
    }

    /// Wind over u*/κ at a height: the integral of φm (1 − z/H)/z from the roughness up; below
    /// e roughness lengths a straight line to the ground.
    ///
    /// # Source
    /// ermak1990 equation 32, integrated here.
    fn shape(&self, height: f64) -> f64 {
        let lowest = std::f64::consts::E * self.roughness;
        if height < lowest {
            return self.shape_above(lowest) * height / lowest;
        }
        self.shape_above(height.min(self.mixing_height))
    }

    fn shape_above(&self, z: f64) -> f64 {
        let (z0, top) = (self.roughness, self.mixing_height);
        if !self.fading_height.is_finite() {
            let correction = |z: f64| profile_correction(z * self.ground_inverse_length);
            return (z / z0).ln() - correction(z) + correction(z0);
        }
        let neutral = (z / z0).ln() - (z - z0) / top;
        let inverse = self.ground_inverse_length;
        if inverse >= 0.0 {
            let fading = self.fading_height;
            let rise = ((z + fading) / (z0 + fading)).ln() * (1.0 + fading / top) - (z - z0) / top;
            return neutral + STABLE_GRADIENT * inverse * fading * rise;
        }
        let (limit, steepness) = self.unstable();
        let root = |z: f64| (1.0 + steepness * z).sqrt();
        let (high, low) = (root(z), root(z0));
        let fading = ((high - 1.0) / (high + 1.0) * (low + 1.0) / (low - 1.0)).ln()
            - 2.0 * (high - low) / (steepness * top);
        limit * neutral + (1.0 - limit) * fading
    }

    /// Wind at a height, m/s.
    pub fn wind_at(&self, height: f64) -> f64 {
        self.friction_velocity / KARMAN * self.shape(height)
    }

    /// Mean wind between two heights, m/s; of a layer on the ground that is thinner than what makes the
    /// ground rough, that over a least thickness of ten roughness lengths.
    pub fn mean_wind(&self, low: f64, high: f64) -> f64 {
        let high = high.max(THINNEST_LAYER * self.roughness);
        let thickness = high - low;
        let scale = self.friction_velocity / KARMAN;
        if thickness <= THINNEST_SHARE * high {
            return scale * self.shape(high);
        }
        scale * (self.means.integral(high) - self.means.integral(low)) / thickness
    }

    /// Integrals of the wind's shape by Simpson's rule between the heights, the straight line at
    /// the ground taken exactly.
    fn tabulate(&self) -> Means {
        let lowest = std::f64::consts::E * self.roughness;
        let top = TABLE_TOP.max(2.0 * self.mixing_height);
        let octaves = (top / lowest).log2();
        let per_octave = (ROWS - 1) as f64 / octaves;
        let mut means = Vec::with_capacity(ROWS);
        let (mut height, mut sum) = (lowest, 0.5 * lowest * self.shape(lowest));
        means.push(sum / lowest);
        for row in 1..ROWS {
            let next = lowest * (row as f64 / per_octave).exp2();
            let middle = 0.5 * (height + next);
            sum += (next - height) / 6.0 * (self.shape(height) + 4.0 * self.shape(middle) + self.shape(next));
            means.push(sum / next);
            height = next;
        }
        Means { lowest, per_octave, means }
    }

    /// What is strange about it though it can be computed.
    ///
    /// # Returns
    /// W4710 a wind below [`DOUBTFUL_WIND`].
    pub fn warnings(ambient: &Ambient) -> Vec<Problem> {
        if ambient.wind >= DOUBTFUL_WIND {
            return Vec::new();
        }
        let text = format!(
            "light wind of {:.2} m/s: the cloud spreads by its own weight on all sides",
            ambient.wind
        );
        vec![
            Problem::warning(4710, text)
                .why("below 1 m/s the wind wanders and the cloud moves with the slope of the ground, neither of which is modelled; no trial in such a wind was compared")
                .fix("take the width of the zone as a circle around the source, and use a model of the ground where it is not flat"),
        ]
    }
}

/// Thickness, in roughness lengths, of what stands on the ground: gas between it is stirred over its height.
///
/// # Source
/// The rule of thumb that the roughness length is a tenth of the height of what makes it.
const THINNEST_LAYER: f64 = 10.0;

/// Least top of the table of means, m.
const TABLE_TOP: f64 = 2000.0;

/// Share of its height below which a layer is taken as a level.
const THINNEST_SHARE: f64 = 1e-6;

/// Smoothest ground, m: a water surface in calm air.
const SMOOTHEST: f64 = 1e-6;

/// Roughest ground as a share of the height of the wind.
const ROUGHEST_SHARE: f64 = 0.1;

impl Means {
    /// Integral from the ground to a height.
    fn integral(&self, height: f64) -> f64 {
        let first = self.means[0];
        if height <= self.lowest {
            return first * height * height / self.lowest;
        }
        // The mean is close to a straight line of the logarithm.
        let place = (height / self.lowest).log2() * self.per_octave;
        let row = (place as usize).min(self.means.len() - 2);
        let (low, high) = (self.means[row], self.means[row + 1]);
        (low + (place - row as f64) * (high - low)) * height
    }
}

impl Ambient {
    /// Whether the numbers can be.
    ///
    /// # Errors
    /// E4700 wind too weak, E4701 a number out of range.
    pub fn check(&self) -> Result<()> {
        let (index, inverse_length, roughness, friction) = match self.turbulence {
            Turbulence::Class { index, roughness } => (index, 0.0, roughness, 0.3),
            Turbulence::Length { inverse_length, roughness } => (NEUTRAL, inverse_length, roughness, 0.3),
            Turbulence::Measured { friction_velocity, inverse_length } => {
                (NEUTRAL, inverse_length, 0.01, friction_velocity)
            }
        };
        let rows = [
            ("height of the wind", self.wind_height, 0.5, 200.0, "m"),
            ("stability index", index, 0.5, 7.5, ""),
            ("1/L", inverse_length, -2.0, 2.0, "1/m"),
            ("roughness length", roughness, 1e-5, 0.1 * self.wind_height.clamp(1.0, 20.0), "m"),
            ("friction velocity", friction, 0.005, 3.0, "m/s"),
            ("air temperature", self.temperature, 223.15, 333.15, "K"),
            ("ground temperature", self.ground_temperature.unwrap_or(288.15), 223.15, 353.15, "K"),
            ("air pressure", self.pressure, 45_000.0, 110_000.0, "Pa"),
            ("relative humidity", self.relative_humidity, 0.0, 1.0, ""),
            ("mixing height", self.mixing_height.unwrap_or(1000.0), 20.0, 10_000.0, "m"),
        ];
        let mut problems = outside(4701, &rows);
        if self.wind.is_nan() || self.wind < LOWEST_WIND || self.wind > 50.0 {
            let text = format!("wind of {} m/s: the slab model takes {LOWEST_WIND} to 50 m/s", self.wind);
            problems.push(
                Problem::error(4700, text)
                    .why("in weaker wind a heavy cloud spreads by its weight alone, against the wind as far as with it, and follows the ground: a section across the wind says nothing about it")
                    .fix("use transport = \"layer\" with [terrain] dem = \"ground.tif\", which needs no wind, or keep people away on all sides and downhill"),
            );
        }
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }
}

/// An error for each row (name, value, low, high, unit) whose value is not within its bounds.
pub(super) fn outside(code: u16, rows: &[(&str, f64, f64, f64, &str)]) -> Vec<Problem> {
    rows.iter()
        .filter(|row| !(row.2..=row.3).contains(&row.1))
        .map(|&(name, value, low, high, unit)| {
            Problem::error(code, format!("{name} is {value} {unit}; allowed is {low} to {high} {unit}"))
                .fix("check the value and its unit")
        })
        .collect()
}

/// φh by which stratification slows vertical mixing at a height.
///
/// $$ \phi_h = 1 + 5\,z/L\ (L>0), \qquad (1 - 16\,z/L)^{-1/2}\ (L<0) $$
///
/// # Source
/// ermak1990 equation 35c; dyer1974.
pub fn mixing_resistance(height: f64, inverse_length: f64) -> f64 {
    let ratio = height * inverse_length;
    if ratio >= 0.0 { 1.0 + STABLE_GRADIENT * ratio } else { (1.0 - UNSTABLE_GRADIENT * ratio).powf(-0.5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ambient(turbulence: Turbulence) -> Ambient {
        Ambient {
            wind: 5.0,
            wind_height: 10.0,
            turbulence,
            temperature: 288.15,
            pressure: 101_325.0,
            relative_humidity: 0.5,
            ground_temperature: None,
            mixing_height: None,
        }
    }

    #[test]
    fn the_wind_passes_through_its_measurement_in_every_stability() {
        for stratification in [Stratification::Constant, Stratification::Fading] {
            for index in [0.5, 2.0, 4.0, 5.5, 7.5] {
                let known = ambient(Turbulence::Class { index, roughness: 0.01 });
                let air = SurfaceAir::of(&known, stratification).expect("sound air");
                assert!((air.wind_at(10.0) / 5.0 - 1.0).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_mean_wind_is_the_integral_of_the_wind() {
        for index in [2.0, 4.0, 6.0] {
            let known = ambient(Turbulence::Class { index, roughness: 0.01 });
            let air = SurfaceAir::of(&known, Stratification::Fading).expect("sound air");
            for (low, high) in [(0.0, 2.0), (0.0, 40.0), (3.0, 9.0)] {
                let slices = 20_000;
                let step = (high - low) / f64::from(slices);
                let sum: f64 = (0..slices).map(|i| air.wind_at(low + (f64::from(i) + 0.5) * step)).sum();
                let mean = sum / f64::from(slices);
                assert!((air.mean_wind(low, high) / mean - 1.0).abs() < 2e-3, "{index} {low} {high}");
            }
        }
    }

    #[test]
    fn index_and_length_undo_each_other_within_two_classes_of_neutral() {
        for roughness in [2e-4, 0.003, 0.1] {
            for index in [2.0, 3.0, 3.7, 4.5, 5.0, 6.0] {
                let length = inverse_length_of_index(index, roughness);
                assert!((index_of_inverse_length(length, roughness) - index).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn measured_friction_and_wind_give_the_roughness_between_them() {
        // Burro 9 (lng_burro): u* 0.252 m/s, L −142 m, over water of 0.2 mm.
        let wind = SurfaceAir::of(
            &Ambient {
                wind_height: 3.0,
                ..ambient(Turbulence::Length { inverse_length: -1.0 / 142.0, roughness: 2e-4 })
            },
            Stratification::Fading,
        )
        .expect("sound air");
        let given =
            Turbulence::Measured { friction_velocity: wind.friction_velocity, inverse_length: -1.0 / 142.0 };
        let found = SurfaceAir::of(&Ambient { wind_height: 3.0, ..ambient(given) }, Stratification::Fading)
            .expect("sound air");
        assert!((found.friction_velocity / wind.friction_velocity - 1.0).abs() < 1e-9);
        assert!((found.roughness / 2e-4 - 1.0).abs() < 0.05, "{}", found.roughness);
    }

    #[test]
    fn what_is_no_air_is_refused_with_its_number() {
        let code =
            |known: Ambient| SurfaceAir::of(&known, Stratification::Fading).expect_err("refused").0[0].code.0;
        let class = Turbulence::Class { index: 4.0, roughness: 0.01 };
        assert_eq!(code(Ambient { wind: 0.4, ..ambient(class) }), 4700);
        assert_eq!(code(Ambient { relative_humidity: 50.0, ..ambient(class) }), 4701);
        let friction = Turbulence::Measured { friction_velocity: 2.9, inverse_length: 0.0 };
        assert_eq!(code(ambient(friction)), 4702);
        assert_eq!(SurfaceAir::warnings(&Ambient { wind: 0.8, ..ambient(class) })[0].code.0, 4710);
    }
}
