//! Height of the sun, and the sky's part in stability.

use crate::gas::weather::Sky;

/// Degrees that the earth turns in an hour.
const DEGREES_PER_HOUR: f64 = 15.0;

/// Days of a year in the formula of the declination.
const DAYS: f64 = 365.0;

/// Elevation of the sun above the horizon, degrees; negative at night.
///
/// $$ \sin h = \sin\varphi\sin\delta + \cos\varphi\cos\delta\cos(15\,t + \lambda - 180°) $$
///
/// with the declination as a Fourier series of the day. The equation of time is left out, as in
/// the standard: the sun may be 16 minutes early or late, which is up to 4° in the morning and
/// evening and less than 1° at noon.
///
/// # Units
/// - `latitude`, `longitude`: degrees, north and east positive; `day`: 0 on 1 January;
///   `hour`: of universal time (the standard's Beijing time less 8 h)
///
/// # Source
/// hj22 appendix B, equation B1 and the declination below it.
///
/// # Example
/// ```
/// use sim_core::gas::weather::solar::solar_elevation;
/// // Noon of the equinox on the equator at Greenwich: the zenith.
/// assert!(solar_elevation(0.0, 0.0, 80, 12.0) > 89.0);
/// // Beijing (39.9 N, 116.4 E), 21 June, noon of local time: 90 − 39.9 + 23.4 = 73.5.
/// assert!((solar_elevation(39.9, 116.4, 171, 12.0 - 116.4 / 15.0) - 73.5).abs() < 0.2);
/// ```
pub fn solar_elevation(latitude: f64, longitude: f64, day: u32, hour: f64) -> f64 {
    let (declination, latitude) = (declination(day), latitude.to_radians());
    let turned = (DEGREES_PER_HOUR * hour + longitude - 180.0).to_radians();
    let sine = latitude.sin() * declination.sin() + latitude.cos() * declination.cos() * turned.cos();
    sine.clamp(-1.0, 1.0).asin().to_degrees()
}

/// Declination of the sun, radians.
fn declination(day: u32) -> f64 {
    let angle = std::f64::consts::TAU * f64::from(day) / DAYS;
    let (once, twice, thrice) = (angle, 2.0 * angle, 3.0 * angle);
    0.006_918 - 0.399_912 * once.cos() + 0.070_257 * once.sin() - 0.006_758 * twice.cos()
        + 0.000_907 * twice.sin()
        - 0.002_697 * thrice.cos()
        + 0.001_480 * thrice.sin()
}

/// Elevations that part the columns of the table of radiation, degrees.
const ELEVATIONS: [f64; 3] = [15.0, 35.0, 65.0];

/// Radiation from −2 (clear night) to +3 (high sun): night, then the sun up to 15°, 35°, 65° and above.
const RADIATION: [[i8; 5]; 5] = [
    // Total and low cloud at most 4 tenths.
    [-2, -1, 1, 2, 3],
    // Total 5 to 7, low at most 4.
    [-1, 0, 1, 2, 3],
    // Total 8 and more, low at most 4.
    [-1, 0, 0, 1, 1],
    // Total 5 and more, low 5 to 7.
    [0, 0, 0, 0, 1],
    // Low 8 and more.
    [0, 0, 0, 0, 0],
];

/// Cloud of a clear night in the table of classes, eighths.
const CLEAR: f64 = 0.0;

/// Cloud of a night that is partly clouded, eighths.
const CLOUDED: f64 = 4.0;

/// The sky for [`stability`](crate::gas::weather::stability), from the sun and the clouds.
///
/// Grades 3, 2 and 1 of radiation are strong, moderate and slight sun, 0 is an overcast sky,
/// −1 a clouded and −2 a clear night: the columns of Pasquill's table.
///
/// # Units
/// - `elevation`: of the sun, degrees; `total_cloud`, `low_cloud`: tenths of the sky
///
/// # Source
/// hj22 table B1 (radiation grades), opened in a paper that quotes it.
///
/// # Example
/// ```
/// use sim_core::gas::weather::{solar::sky, stability, Sky, Stability};
/// assert_eq!(sky(70.0, 1.0, 0.0), Sky::StrongSun);
/// assert_eq!(sky(70.0, 9.0, 9.0), Sky::Overcast);
/// assert_eq!(stability(2.5, sky(-10.0, 2.0, 0.0)), Stability::F);
/// ```
pub fn sky(elevation: f64, total_cloud: f64, low_cloud: f64) -> Sky {
    let column =
        if elevation <= 0.0 { 0 } else { 1 + ELEVATIONS.iter().filter(|&&bound| elevation > bound).count() };
    // Observers report whole tenths: more than 4 is 5, more than 7 is 8.
    let row = match (total_cloud, low_cloud) {
        (_, low) if low > 7.0 => 4,
        (_, low) if low > 4.0 => 3,
        (total, _) if total > 7.0 => 2,
        (total, _) if total > 4.0 => 1,
        _ => 0,
    };
    match RADIATION[row][column] {
        3 => Sky::StrongSun,
        2 => Sky::ModerateSun,
        1 => Sky::SlightSun,
        -1 => Sky::Night { cloud_eighths: CLOUDED },
        -2 => Sky::Night { cloud_eighths: CLEAR },
        _ => Sky::Overcast,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::weather::{Stability, stability};

    #[test]
    fn the_sun_is_highest_at_noon_and_lowest_at_midnight() {
        for day in [0, 80, 171, 264, 355] {
            let at = |hour| solar_elevation(31.2, 0.0, day, hour);
            assert!((at(12.0) - at(11.99)).abs() < 0.01 && at(12.0) > at(9.0) && at(0.0) < at(6.0));
            assert!((at(9.0) - at(15.0)).abs() < 1e-9, "morning and afternoon are alike");
        }
    }

    #[test]
    fn the_solstices_have_the_tilt_of_the_earth() {
        assert!((declination(171).to_degrees() - 23.44).abs() < 0.05);
        assert!((declination(355).to_degrees() + 23.44).abs() < 0.05);
    }

    #[test]
    fn a_published_position_is_met_but_for_the_equation_of_time() {
        // reda2004, worked example: 17 October 2003, 19:30:30 UT, 39.742476 N, 105.1786 W: zenith 50.11.
        // The equation of time is 14.6 minutes on that day; the declination, taken for the whole day,
        // is 0.3° less by then.
        let hour = 19.0 + 30.5 / 60.0;
        let without = solar_elevation(39.742_476, -105.1786, 289, hour);
        let with = solar_elevation(39.742_476, -105.1786, 289, hour + 14.6 / 60.0);
        assert!((without - 39.89).abs() < 1.0, "{without}");
        assert!((with - 0.3 - 39.89).abs() < 0.1, "{with}");
    }

    #[test]
    fn cloud_makes_the_day_less_unstable_and_the_night_less_stable() {
        for wind in [1.0, 2.5, 4.0] {
            let by_day = [0.0, 6.0, 9.0].map(|total| stability(wind, sky(50.0, total, 0.0)));
            assert!(by_day.windows(2).all(|pair| pair[0] <= pair[1]), "{by_day:?}");
            let by_night = [0.0, 6.0].map(|total| stability(wind, sky(-5.0, total, 0.0)));
            assert!(by_night[0] >= by_night[1], "{by_night:?}");
            assert_eq!(stability(wind, sky(50.0, 10.0, 10.0)), Stability::D);
        }
    }
}
