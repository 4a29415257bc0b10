//! Wind and stability: Pasquill's classes, the wind profile, what may be asked of a plume.

pub mod solar;
pub mod surface_layer;

use crate::error::{Problem, Problems, Result};
use crate::gas::weather::surface_layer::Profile;
use crate::units;

/// Lowest wind speed at 10 m with which a plume is computed, m/s: in weaker air that of this speed.
///
/// # Source
/// isc3: the model is not defined in calm air and sets speeds below 1 m/s to 1 m/s.
pub const LOWEST_WIND: f64 = 1.0;

/// Wind at 10 m below which the direction wanders so much that the plume alone is not enough, m/s.
///
/// # Source
/// hj169: low-wind dispersion is treated apart below 1.5 m/s.
pub const LIGHT_WIND: f64 = 1.5;

/// Wind at 10 m below which the air is calm, m/s.
///
/// # Source
/// hj22: calm below 0.5 m/s, light wind from 0.5 to 1.5 m/s.
pub const CALM_WIND: f64 = 0.5;

/// Lowest height at which the wind that carries a plume is taken, m: below it the
/// power law falls to nothing, and a plume on the ground is not that thin.
pub const LOWEST_WIND_HEIGHT: f64 = 2.0;

/// Height to which the table of stability classes refers, m.
pub const CLASS_WIND_HEIGHT: f64 = 10.0;

/// Pasquill's stability class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stability {
    /// Very unstable.
    A,
    /// Unstable.
    B,
    /// Slightly unstable.
    C,
    /// Neutral.
    D,
    /// Slightly stable.
    E,
    /// Stable.
    F,
}

impl Stability {
    /// The six classes from unstable to stable.
    pub const ALL: [Self; 6] = [Self::A, Self::B, Self::C, Self::D, Self::E, Self::F];

    /// Its letter.
    pub fn letter(self) -> char {
        ['A', 'B', 'C', 'D', 'E', 'F'][self as usize]
    }

    /// The class of a letter, in either case.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.letter() == letter.to_ascii_uppercase())
    }

    /// True where the air resists vertical motion.
    pub fn is_stable(self) -> bool {
        self >= Self::E
    }
}

/// What the sky does: the second column of Pasquill's table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sky {
    /// By day under strong sun (a sunny midday in midsummer).
    StrongSun,
    /// By day under moderate sun.
    ModerateSun,
    /// By day under slight sun (a sunny midday in midwinter).
    SlightSun,
    /// By night, with the share of the sky that cloud covers, in eighths (0 to 8).
    Night {
        /// Cloud cover, eighths.
        cloud_eighths: f64,
    },
    /// Overcast by day or by night, and the hour around sunrise and sunset.
    Overcast,
}

/// Stability class from the wind at 10 m and the sky.
///
/// Where the table gives two classes (A-B, B-C, C-D) the **stabler** one is
/// taken: it gives the longer zone for a release near the ground. Below 2 m/s at
/// night, where the table is empty, F is taken up to 3/8 cloud and E above, as
/// the cells below them read. An overcast sky is D at any wind.
///
/// # Units
/// - `wind_speed`: at 10 m, m/s
///
/// # Source
/// pasquill1961, as in boubel1994 table 19-3 with its note 3 (overcast: D).
///
/// # Example
/// ```
/// use sim_core::gas::weather::{stability, Sky, Stability};
/// assert_eq!(stability(2.5, Sky::StrongSun), Stability::B); // the table says A-B
/// assert_eq!(stability(2.5, Sky::Night { cloud_eighths: 2.0 }), Stability::F);
/// assert_eq!(stability(7.0, Sky::Night { cloud_eighths: 2.0 }), Stability::D);
/// ```
pub fn stability(wind_speed: f64, sky: Sky) -> Stability {
    use Stability::{A, B, C, D, E, F};
    // Rows: below 2, 2 to 3, 3 to 5, 5 to 6, from 6 m/s.
    let row = [2.0, 3.0, 5.0, 6.0].iter().filter(|&&bound| wind_speed >= bound).count();
    match sky {
        Sky::StrongSun => [A, B, B, C, C][row],
        Sky::ModerateSun => [B, B, C, D, D][row],
        Sky::SlightSun => [B, C, C, D, D][row],
        // "Thinly overcast or at least 4/8 low cloud" against "at most 3/8".
        Sky::Night { cloud_eighths } if cloud_eighths > 3.0 => [E, E, D, D, D][row],
        Sky::Night { .. } => [F, F, E, D, D][row],
        Sky::Overcast => D,
    }
}

/// Wind at 10 m above which the table of classes has the class under no sky, m/s, A to F.
///
/// # Source
/// pasquill1961, as in boubel1994 table 19-3: A and A-B up to 3, B and B-C up to 5, F up to 3, E up to 5 m/s.
const STRONGEST_WINDS: [f64; 6] = [3.0, 5.0, f64::INFINITY, f64::INFINITY, 5.0, 3.0];

/// What the land around is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surroundings {
    /// Open country.
    Rural,
    /// Built-up.
    Urban,
}

/// Exponents of the power law of the wind, classes A to F, open country.
///
/// # Source
/// irwin1979, as tabulated in isc3 (default rural exponents).
const RURAL_EXPONENTS: [f64; 6] = [0.07, 0.07, 0.10, 0.15, 0.35, 0.55];

/// Exponents of the power law of the wind, classes A to F, built-up.
///
/// # Source
/// irwin1979 (roughness 1 m).
const URBAN_EXPONENTS: [f64; 6] = [0.15, 0.15, 0.20, 0.25, 0.40, 0.60];

/// Exponent of the power law of the wind.
pub fn wind_exponent(class: Stability, surroundings: Surroundings) -> f64 {
    match surroundings {
        Surroundings::Rural => RURAL_EXPONENTS[class as usize],
        Surroundings::Urban => URBAN_EXPONENTS[class as usize],
    }
}

/// How strong the wind is, and so by which rule gas is carried.
///
/// # Source
/// hj22 and hj169: the bounds 0.5 and 1.5 m/s at 10 m.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regime {
    /// Below [`CALM_WIND`]: gas spreads with time, on all sides.
    Calm,
    /// Below [`LIGHT_WIND`]: the larger of the calm rule and of the plume.
    Light,
    /// A plume, or puffs that grow with their way.
    Steady,
}

/// How the wind changes with the height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WindProfile {
    /// By a power of the height, with the exponent of the class ([`wind_exponent`]).
    Power,
    /// By the logarithm of the height ([`surface_layer`]).
    Log {
        /// Roughness of the ground, m.
        roughness: f64,
        /// Inverse of Obukhov's length, 1/m.
        inverse_length: f64,
    },
}

/// The weather during one part of a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Weather {
    /// Wind speed at the reference height, m/s.
    pub wind_speed: f64,
    /// Height at which the wind was measured, m.
    pub reference_height: f64,
    /// Where the wind comes **from**, degrees clockwise from north.
    pub wind_direction_deg: f64,
    /// Stability class.
    pub stability: Stability,
    /// Air temperature, K.
    pub air_temperature: f64,
    /// Air pressure, Pa.
    pub pressure: f64,
    /// Height of a lid above which nothing mixes, m; none where it is out of reach.
    pub mixing_height: Option<f64>,
    /// Open country or built-up.
    pub surroundings: Surroundings,
    /// By how much the wind may turn to either side, degrees.
    pub direction_spread_deg: f64,
    /// How the wind changes with the height.
    pub profile: WindProfile,
}

impl Weather {
    /// Wind speed at a height, m/s, by the power law of the class or the logarithm of the height.
    ///
    /// $$ u(z) = u_r (z/z_r)^p \qquad\text{or}\qquad
    /// u(z) = \frac{u_*}{\kappa}\left[\ln\frac{z}{z_0} - \psi_m\!\left(\frac zL\right)
    /// + \psi_m\!\left(\frac{z_0}{L}\right)\right] $$
    ///
    /// Heights below [`LOWEST_WIND_HEIGHT`] have the wind of that height. In stable air the
    /// logarithm's profile is not known to hold above L: there the wind of the height L (or of the
    /// measurement, where that is higher) is taken, which is rather too weak.
    ///
    /// # Source
    /// irwin1979; aermodmfd equation 6 with dyer1974 ([`Profile`]).
    pub fn wind_at(&self, height: f64) -> f64 {
        let height = height.max(LOWEST_WIND_HEIGHT);
        let Some(profile) = self.log_profile() else {
            let exponent = wind_exponent(self.stability, self.surroundings);
            return self.wind_speed * (height / self.reference_height).powf(exponent);
        };
        let highest = (1.0 / profile.inverse_length.max(f64::MIN_POSITIVE)).max(self.reference_height);
        profile.wind_at(height.min(highest))
    }

    /// The profile by the logarithm, where that is taken.
    pub fn log_profile(&self) -> Option<Profile> {
        let WindProfile::Log { roughness, inverse_length } = self.profile else { return None };
        Some(Profile::through(self.wind_speed, self.reference_height, roughness, inverse_length))
    }

    /// By which rule gas is carried in it.
    ///
    /// # Example
    /// ```
    /// # use sim_core::gas::weather::{Regime, Stability, Surroundings, Weather, WindProfile};
    /// # let weather = |wind_speed: f64| Weather { wind_speed, reference_height: 10.0, wind_direction_deg: 0.0,
    /// #     stability: Stability::D, air_temperature: 288.15, pressure: 101_325.0, mixing_height: None,
    /// #     surroundings: Surroundings::Rural, direction_spread_deg: 30.0, profile: WindProfile::Power };
    /// assert_eq!([0.0, 1.0, 1.5].map(|wind| weather(wind).regime()), [Regime::Calm, Regime::Light, Regime::Steady]);
    /// ```
    pub fn regime(&self) -> Regime {
        match self.wind_at(CLASS_WIND_HEIGHT) {
            wind if wind < CALM_WIND => Regime::Calm,
            wind if wind < LIGHT_WIND => Regime::Light,
            _ => Regime::Steady,
        }
    }

    /// The same weather with at least some wind at 10 m, m/s, for formulas that divide by it.
    pub fn at_least(&self, wind: f64) -> Self {
        if self.wind_at(CLASS_WIND_HEIGHT) >= wind {
            return self.clone();
        }
        let unit = Self { wind_speed: 1.0, ..self.clone() };
        Self { wind_speed: wind / unit.wind_at(CLASS_WIND_HEIGHT), ..unit }
    }

    /// Where the wind blows to, radians anticlockwise from east.
    pub fn heading(&self) -> f64 {
        units::heading_from_wind_direction(self.wind_direction_deg)
    }

    /// Density of the air, kg/m³.
    pub fn air_density(&self) -> f64 {
        units::ideal_gas_density(units::MOLAR_MASS_AIR, self.air_temperature, self.pressure)
    }

    /// The height of the lid, if it acts: in stable air it is left out, as the
    /// plume does not reach it.
    ///
    /// # Source
    /// isc3: no lid in classes E and F.
    pub fn lid(&self) -> Option<f64> {
        self.mixing_height.filter(|_| !self.stability.is_stable())
    }

    /// The wind in words, e.g. `wind from NNE 2.0 m/s, class F`.
    pub fn in_words(&self) -> String {
        if self.regime() == Regime::Calm {
            return self.in_words_without_direction();
        }
        let from = compass_point(self.wind_direction_deg);
        format!("wind from {from} {:.1} m/s, class {}", self.wind_speed, self.stability.letter())
    }

    /// The same where nobody knows the direction, e.g. `wind 2.0 m/s from a direction not known, class F`.
    pub fn in_words_without_direction(&self) -> String {
        if self.regime() == Regime::Calm {
            return format!("calm ({:.1} m/s), class {}", self.wind_speed, self.stability.letter());
        }
        format!(
            "wind {:.1} m/s from a direction not known, class {}",
            self.wind_speed,
            self.stability.letter()
        )
    }

    /// What is wrong with it, and what is doubtful.
    ///
    /// # Errors
    /// E4102 a value outside what air on Earth does.
    ///
    /// # Returns
    /// Warnings: W4401 light wind, W4331 a class that does not occur in such a wind.
    pub fn check(&self, row: usize) -> Result<Vec<Problem>> {
        let spot = format!("weather row {}", row + 1);
        let problems: Vec<Problem> = self.out_of_range().into_iter().map(|p| p.at_spot(&spot)).collect();
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        let mut warnings: Vec<Problem> = self.unlikely_class(&spot).into_iter().collect();
        if self.regime() != Regime::Light {
            return Ok(warnings);
        }
        let text = format!(
            "light wind of {:.1} m/s: it holds no direction, and gas may come to any side",
            self.wind_speed
        );
        warnings.push(
            Problem::warning(4401, text)
                .at_spot(spot)
                .why("below 1.5 m/s the wind wanders; the zone can lie on any side of the source")
                .fix("clear the circle, not only the zone as drawn"),
        );
        Ok(warnings)
    }

    /// A class that the table of [`stability`] has under no sky at this wind.
    fn unlikely_class(&self, spot: &str) -> Option<Problem> {
        let wind = self.wind_at(CLASS_WIND_HEIGHT);
        let limit = STRONGEST_WINDS[self.stability as usize];
        let letter = self.stability.letter();
        let text = format!(
            "class {letter} with {wind:.1} m/s at 10 m; the table of classes has {letter} below {limit} m/s"
        );
        (wind > limit).then(|| {
            Problem::warning(4331, text)
                .at_spot(spot)
                .why("a strong wind makes the air neutral: in unstable classes the zones come out too short, in stable ones too long and narrow")
                .fix("give the sky (sun or night_cloud_eighths) and let the class follow from it; or class D")
        })
    }

    fn out_of_range(&self) -> Vec<Problem> {
        let spread = self.direction_spread_deg;
        let rows = [
            ("wind speed", self.wind_speed, 0.0, HIGHEST_WIND, "m/s"),
            ("height of the wind measurement", self.reference_height, LOWEST_WIND_HEIGHT, 200.0, "m"),
            ("wind direction", self.wind_direction_deg, 0.0, 360.0, "degrees"),
            ("air temperature", self.air_temperature, 223.15, 333.15, "K"),
            ("air pressure", self.pressure, 45_000.0, 110_000.0, "Pa"),
            ("mixing height", self.mixing_height.unwrap_or(1000.0), 20.0, 10_000.0, "m"),
            ("direction spread", spread, 0.0, 180.0, "degrees"),
        ];
        rows.iter()
            .filter(|row| !(row.2..=row.3).contains(&row.1))
            .map(|&(name, value, low, high, unit)| {
                Problem::error(4102, format!("{name} is {value} {unit}; allowed is {low} to {high} {unit}"))
                    .fix("check the unit and the value of this weather row")
            })
            .collect()
    }
}

/// Strongest wind that is taken for one, m/s (about the strongest gust ever measured at a station).
const HIGHEST_WIND: f64 = 115.0;

/// The sixteen points of the compass, clockwise from north.
const COMPASS: [&str; 16] =
    ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"];

/// The point of the compass nearest to a direction in degrees clockwise from north.
///
/// # Example
/// ```
/// use sim_core::gas::weather::compass_point;
/// assert_eq!(compass_point(22.5), "NNE");
/// assert_eq!(compass_point(355.0), "N");
/// ```
pub fn compass_point(direction_deg: f64) -> &'static str {
    let sixteenth = (direction_deg.rem_euclid(360.0) / 22.5).round() as usize;
    COMPASS[sixteenth % COMPASS.len()]
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn neutral(wind_speed: f64) -> Weather {
        Weather {
            wind_speed,
            reference_height: 10.0,
            wind_direction_deg: 270.0,
            stability: Stability::D,
            air_temperature: 288.15,
            pressure: 101_325.0,
            mixing_height: None,
            surroundings: Surroundings::Rural,
            direction_spread_deg: 20.0,
            profile: WindProfile::Power,
        }
    }

    #[test]
    fn pasquills_table_is_read_with_the_stabler_of_two_classes() {
        use Stability::{A, B, C, D, E, F};
        // boubel1994 table 19-3, rows <2, 2-3, 3-5, 5-6, >6 m/s.
        let winds = [1.5, 2.5, 4.0, 5.5, 7.0];
        let columns = [
            (Sky::StrongSun, [A, B, B, C, C]),
            (Sky::ModerateSun, [B, B, C, D, D]),
            (Sky::SlightSun, [B, C, C, D, D]),
            (Sky::Night { cloud_eighths: 5.0 }, [E, E, D, D, D]),
            (Sky::Night { cloud_eighths: 1.0 }, [F, F, E, D, D]),
            (Sky::Overcast, [D, D, D, D, D]),
        ];
        for (sky, classes) in columns {
            for (wind, class) in winds.into_iter().zip(classes) {
                assert_eq!(stability(wind, sky), class, "{wind} {sky:?}");
            }
        }
    }

    #[test]
    fn the_profile_passes_through_the_measurement() {
        for class in Stability::ALL {
            let weather = Weather { stability: class, ..neutral(3.0) };
            assert_eq!(weather.wind_at(10.0), 3.0);
            assert!(weather.wind_at(50.0) > 3.0 && weather.wind_at(2.0) < 3.0);
            assert_eq!(weather.wind_at(0.0), weather.wind_at(2.0));
        }
    }

    #[test]
    fn light_air_is_doubted_and_a_wind_that_is_no_number_refused() {
        assert!(neutral(0.0).check(0).expect("calm").is_empty(), "what it means is told with its numbers");
        assert_eq!(neutral(1.2).check(0).expect("light")[0].code.0, 4401);
        assert!(neutral(2.0).check(0).expect("sound").is_empty());
        assert!(Weather { wind_speed: f64::NAN, ..neutral(2.0) }.check(0).is_err());
    }

    #[test]
    fn the_logarithm_passes_through_the_measurement_and_is_held_above_obukhovs_length() {
        let log = |inverse_length: f64| Weather {
            profile: WindProfile::Log { roughness: 0.1, inverse_length },
            ..neutral(3.0)
        };
        for inverse_length in [-0.08, 0.0, 0.05] {
            assert!((log(inverse_length).wind_at(10.0) - 3.0).abs() < 1e-12);
        }
        // 3 ln(50/0.1)/ln(10/0.1).
        assert!((log(0.0).wind_at(50.0) - 4.048).abs() < 1e-3);
        let stable = log(0.05);
        assert_eq!(stable.wind_at(20.0), stable.wind_at(300.0));
        assert!(stable.wind_at(20.0) > stable.wind_at(15.0));
        assert_eq!(stable.wind_at(0.0), stable.wind_at(2.0));
    }

    #[test]
    fn weak_air_is_given_the_wind_that_a_formula_needs_and_strong_air_its_own() {
        for profile in [WindProfile::Power, WindProfile::Log { roughness: 0.1, inverse_length: 0.02 }] {
            let at = |speed: f64| Weather { profile, reference_height: 30.0, ..neutral(speed) };
            for speed in [0.0, 0.4, 1.0] {
                assert!((at(speed).at_least(1.0).wind_at(10.0) - 1.0).abs() < 1e-12, "{speed} {profile:?}");
            }
            assert_eq!(at(4.0).at_least(1.0), at(4.0));
        }
    }

    #[test]
    fn a_class_that_no_sky_gives_at_this_wind_is_doubted() {
        for (class, wind) in
            [(Stability::A, 12.0), (Stability::B, 8.0), (Stability::E, 9.0), (Stability::F, 6.0)]
        {
            let weather = Weather { stability: class, ..neutral(wind) };
            assert_eq!(weather.check(0).expect("usable")[0].code.0, 4331, "{class:?}");
        }
        // Whatever the table itself gives is never doubted.
        for wind in [1.6, 2.5, 4.0, 5.5, 7.0, 20.0] {
            for sky in [Sky::StrongSun, Sky::SlightSun, Sky::Night { cloud_eighths: 1.0 }, Sky::Overcast] {
                let weather = Weather { stability: stability(wind, sky), ..neutral(wind) };
                assert!(weather.check(0).expect("usable").is_empty(), "{wind} {sky:?}");
            }
        }
    }

    #[test]
    fn a_temperature_in_celsius_is_refused() {
        let weather = Weather { air_temperature: 20.0, ..neutral(2.0) };
        assert_eq!(weather.check(2).expect_err("20 K").0[0].code.0, 4102);
    }
}
