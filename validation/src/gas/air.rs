//! Cases of the weather: the sun, the classes, the layer near the ground.

use std::time::Instant;

use sim_core::error::Result;
use sim_core::gas::weather::solar::solar_elevation;
use sim_core::gas::weather::surface_layer::{
    Profile, class_of, inverse_obukhov_length, neutral_mixing_height, profile_correction,
};
use sim_core::gas::weather::{Sky, Stability, Surroundings, Weather, stability};
use sim_core::units::STANDARD_PRESSURE;

use super::sources::{difference, findings};
use crate::{Answer, Case, Reading, Settings, case};

/// Cases in the order in which they are printed.
pub(crate) const CASES: [Case; 3] = [
    case!("solar-elevation", "gas", Quick, sun),
    case!("stability-classes", "gas", Quick, stability_classes),
    case!("obukhov", "gas", Quick, obukhov),
];

/// Equation of time on 17 October, h, which the formula leaves out.
const EQUATION_OF_TIME: f64 = 14.6 / 60.0;

/// Change of the declination from the beginning of 17 October to the hour of the example, degrees.
const DECLINATION_OF_THE_HOUR: f64 = 0.3;

fn sun(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    // Morning and afternoon, at four times of the year and three latitudes.
    let mut uneven = 0.0_f64;
    for day in [0, 80, 171, 264] {
        for latitude in [-30.0, 10.0, 50.0] {
            let at = |hour| solar_elevation(latitude, 0.0, day, hour);
            uneven = uneven.max((at(9.0) - at(15.0)).abs());
        }
    }
    let noon = |day| solar_elevation(40.0, 0.0, day, 12.0);
    // reda2004: 17 October 2003, 19:30:30 UT, 39.742476 N, 105.1786 W, zenith 50.11°.
    let hour = 19.0 + 30.5 / 60.0;
    let at = |hour| solar_elevation(39.742_476, -105.1786, 289, hour);
    let corrected = at(hour + EQUATION_OF_TIME) - DECLINATION_OF_THE_HOUR;
    findings(
        vec![
            Reading::at_most("morning less afternoon", uneven, "degrees", 1e-9),
            Reading::within("noon of 21 June at 40 N", noon(171), "degrees", 73.44, 0.1),
            Reading::within("noon of 22 December at 40 N", noon(355), "degrees", 26.56, 0.1),
            Reading::within("published position", at(hour), "degrees", 39.89, 1.0),
            Reading::within("the same, time and declination mended", corrected, "degrees", 39.89, 0.1),
        ],
        begun,
    )
}

/// Weather of a class with a wind at 10 m, in the open.
fn weather(stability: Stability, wind_speed: f64) -> Weather {
    Weather {
        wind_speed,
        reference_height: 10.0,
        wind_direction_deg: 270.0,
        stability,
        air_temperature: 288.15,
        pressure: STANDARD_PRESSURE,
        mixing_height: None,
        surroundings: Surroundings::Rural,
        profile: sim_core::gas::weather::WindProfile::Power,
        direction_spread_deg: 20.0,
    }
}

fn stability_classes(_: &Settings) -> Result<Answer> {
    use Stability::{A, B, C, D, E, F};
    let begun = Instant::now();
    // boubel1994 table 19-3, rows below 2, 2 to 3, 3 to 5, 5 to 6 and from 6 m/s.
    let winds = [1.5, 2.5, 4.0, 5.5, 7.0];
    let columns = [
        (Sky::StrongSun, [A, B, B, C, C]),
        (Sky::ModerateSun, [B, B, C, D, D]),
        (Sky::SlightSun, [B, C, C, D, D]),
        (Sky::Night { cloud_eighths: 5.0 }, [E, E, D, D, D]),
        (Sky::Night { cloud_eighths: 1.0 }, [F, F, E, D, D]),
        (Sky::Overcast, [D; 5]),
    ];
    let mut right = 0;
    for (sky, classes) in columns {
        right +=
            winds.into_iter().zip(classes).filter(|&(wind, class)| stability(wind, sky) == class).count();
    }
    let share = right as f64 / (winds.len() * columns.len()) as f64;
    let through = Stability::ALL.map(|class| (weather(class, 3.0).wind_at(10.0) / 3.0 - 1.0).abs());
    findings(
        vec![
            Reading::at_least("share of the table's cells", share, "1", 1.0),
            Reading::at_most(
                "profile at its measurement, relative",
                through.into_iter().fold(0.0, f64::max),
                "1",
                1e-12,
            ),
            // 2 (2/10)^0.55 and 3 (2/10)^0.15.
            difference("wind at 2 m, F 2 m/s", weather(F, 2.0).wind_at(2.0), 0.825, 1e-3),
            difference("wind at 2 m, D 3 m/s", weather(D, 3.0).wind_at(2.0), 2.357, 1e-3),
        ],
        begun,
    )
}

/// Lengths by class, a z0^b, m (ccps1999 after Pasquill 1974).
const LENGTHS: [(Stability, f64, f64); 5] = [
    (Stability::A, -11.4, 0.10),
    (Stability::B, -26.0, 0.17),
    (Stability::C, -123.0, 0.30),
    (Stability::E, 123.0, 0.30),
    (Stability::F, 26.0, 0.17),
];

fn obukhov(_: &Settings) -> Result<Answer> {
    let begun = Instant::now();
    let (mut worst, mut back, mut asked) = (0.0_f64, 0_u32, 0_u32);
    for roughness in [0.01_f64, 0.1, 0.5] {
        for (class, a, b) in LENGTHS {
            let ratio = inverse_obukhov_length(class, roughness) * a * roughness.powf(b);
            worst = worst.max((ratio - 1.0).abs());
        }
        for class in Stability::ALL {
            asked += 1;
            back += u32::from(class_of(inverse_obukhov_length(class, roughness), roughness) == class);
        }
    }
    let mut through = 0.0_f64;
    for inverse_length in [-0.1, 0.0, 0.05] {
        let profile = Profile::through(4.0, 10.0, 0.05, inverse_length);
        through = through.max((profile.wind_at(10.0) / 4.0 - 1.0).abs());
    }
    let neutral = Profile::through(5.0, 10.0, 0.03, 0.0);
    let kink = profile_correction(-1e-6).abs().max(profile_correction(1e-6).abs());
    findings(
        vec![
            Reading::at_most("length against Pasquill's, largest", worst, "1", 0.03),
            Reading::at_least(
                "share of classes that come back",
                f64::from(back) / f64::from(asked),
                "1",
                1.0,
            ),
            Reading::at_most("profile at its measurement, relative", through, "1", 1e-12),
            Reading::at_most("correction close to neutral", kink, "1", 1e-5),
            // 0.4·5/ln(10/0.03).
            difference("friction velocity", neutral.friction_velocity, 0.3443, 1e-3),
            // 0.3·0.3/(2·7.292e-5·sin 40°).
            difference("neutral mixing height", neutral_mixing_height(0.3, 40.0), 960.0, 1e-3),
        ],
        begun,
    )
}
