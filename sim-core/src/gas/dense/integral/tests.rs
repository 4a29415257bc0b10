//! The cloud as a whole: laws first, then what others computed and what was measured.

use super::averaging::meander_variance;
use super::entrainment::crosswind_stability;
use super::mixture::{HEAT_CAPACITY_AIR, Material};
use super::*;
use crate::gas::substance::find;
use crate::units::{GAS_CONSTANT, MOLAR_MASS_AIR};

fn ambient(wind: f64, index: f64) -> Ambient {
    Ambient {
        wind,
        wind_height: 10.0,
        turbulence: Turbulence::Class { index, roughness: 0.03 },
        temperature: 290.0,
        pressure: 101_325.0,
        relative_humidity: 0.5,
        ground_temperature: None,
        mixing_height: None,
    }
}

fn chlorine() -> Material {
    Material::of(find("chlorine").expect("in the table"), 101_325.0).expect("a liquid")
}

fn release(kind: Kind, liquid_share: f64, duration: f64) -> IntegralRelease {
    let material = chlorine();
    IntegralRelease { material, temperature: material.boiling_point, liquid_share, duration, kind }
}

fn kinds() -> [IntegralRelease; 5] {
    [
        release(Kind::Pool { rate: 5.0, area: 80.0 }, 0.0, f64::INFINITY),
        release(Kind::Pool { rate: 5.0, area: 80.0 }, 0.0, 60.0),
        release(Kind::HorizontalJet { rate: 5.0, area: 0.02, height: 2.0 }, 0.8, 300.0),
        release(Kind::VerticalJet { rate: 5.0, area: 0.1, height: 10.0 }, 0.0, 300.0),
        release(Kind::Instantaneous { mass: 1000.0, area: 50.0 }, 0.5, 1.0),
    ]
}

/// Air as a gas that is let out.
const AIR: Material = Material {
    molar_mass: MOLAR_MASS_AIR,
    vapour_heat_capacity: HEAT_CAPACITY_AIR,
    liquid_heat_capacity: HEAT_CAPACITY_AIR,
    boiling_point: 1.0,
    heat_of_vaporization: 0.0,
    liquid_density: 1000.0,
    pressure_slope: 0.0,
    pressure_shift: 0.0,
    hexamers: None,
    ring_share: 0.0,
};

#[test]
fn a_free_jet_takes_in_as_much_air_as_was_measured_and_keeps_its_momentum() {
    // ricouspalding1961: dm/ds = 0.282 √(ρa J), also of a gas four times as dense close to its opening.
    let calm = Ambient { relative_humidity: 0.0, ..ambient(0.5, 4.0) };
    let (rate, speed) = (50.0, 100.0);
    let jet = |molar_mass: f64, laws: Laws| {
        let gas = Material { molar_mass, ..AIR };
        let area = rate / (gas.density(290.0, 0.0, 101_325.0) * speed);
        let kind = Kind::HorizontalJet { rate, area, height: 150.0 };
        let out = IntegralRelease {
            material: gas,
            temperature: 290.0,
            liquid_share: 0.0,
            duration: f64::INFINITY,
            kind,
        };
        Cloud::solve(&out, &calm, laws, 100.0).expect("a cloud")
    };
    let taken_in = |cloud: &Cloud, near: f64, far: f64| {
        let at = |x: f64| cloud.at(x).expect("a section");
        let slope = 2.0 * (at(far).flux - at(near).flux) / (far - near);
        let thrust = 2.0 * at(near).flux * (at(near).velocity - at(near).wind);
        (slope / (cloud.air.density * thrust).sqrt() / 0.282, thrust / (rate * speed))
    };
    let (air, kept) = taken_in(&jet(MOLAR_MASS_AIR, Laws::STANDARD), 10.0, 60.0);
    assert!((0.95..1.05).contains(&air) && (0.97..1.01).contains(&kept), "{air} {kept}");
    let (air, kept) = taken_in(&jet(4.0 * MOLAR_MASS_AIR, Laws::STANDARD), 1.0, 4.0);
    assert!((0.9..1.1).contains(&air) && (0.97..1.01).contains(&kept), "{air} {kept}");
    // SLAB's own laws: far more air, and momentum is lost.
    let (air, kept) = taken_in(&jet(MOLAR_MASS_AIR, Laws::SLAB), 10.0, 60.0);
    assert!(air > 1.3 && kept < 0.85, "{air} {kept}");
}

/// Air that is let out into air: it weighs nothing.
fn passive(index: f64, wind: f64, averaging: f64) -> (Cloud, f64) {
    let release = IntegralRelease {
        material: AIR,
        temperature: 290.0,
        liquid_share: 0.0,
        duration: f64::INFINITY,
        kind: Kind::Pool { rate: 0.1, area: 1.0 },
    };
    let ambient = Ambient { relative_humidity: 0.0, ..ambient(wind, index) };
    (Cloud::solve(&release, &ambient, Laws::STANDARD, 3000.0).expect("a cloud"), averaging)
}

#[test]
fn no_mass_is_lost_by_any_kind_of_release() {
    for laws in [Laws::STANDARD, Laws::SLAB] {
        for release in kinds() {
            let cloud = Cloud::solve(&release, &ambient(4.0, 4.0), laws, 5000.0).expect("a cloud");
            assert!(cloud.ledger().largest_error < 1e-9, "{release:?} {:?}", cloud.ledger());
        }
    }
}

#[test]
fn the_concentrations_of_a_section_carry_the_rate() {
    let (cloud, _) = passive(4.0, 4.0, 0.0);
    for x in [50.0, 300.0, 1500.0] {
        let station = cloud.at(x).expect("a section");
        let (dy, dz) = (station.half_width / 25.0, station.height / 25.0);
        let mut sum = 0.0;
        for i in -150..=150 {
            for k in 0..150 {
                let (y, z) = (f64::from(i) * dy, (f64::from(k) + 0.5) * dz);
                sum += cloud.maximum(x, y, z, 0.0) * dy * dz;
            }
        }
        let gas = sum * station.velocity * MOLAR_MASS_AIR * 101_325.0 / (GAS_CONSTANT * 290.0);
        assert!((gas / 0.1 - 1.0).abs() < 0.01, "{x} {gas}");
    }
}

#[test]
fn a_cloud_without_weight_grows_as_the_accepted_curves() {
    // briggs1973, open country: σy = a x/√(1 + 0.0001 x); σz of classes A to F.
    let across = [0.22, 0.16, 0.11, 0.08, 0.06, 0.04];
    let up = |class: usize, x: f64| match class {
        0 => 0.20 * x,
        1 => 0.12 * x,
        2 => 0.08 * x / (1.0 + 0.0002 * x).sqrt(),
        3 => 0.06 * x / (1.0 + 0.0015 * x).sqrt(),
        4 => 0.03 * x / (1.0 + 0.0003 * x),
        _ => 0.016 * x / (1.0 + 0.0003 * x),
    };
    for (class, wind) in [2.0, 3.0, 4.0, 5.0, 3.0, 2.0].into_iter().enumerate() {
        let (cloud, averaging) = passive(class as f64 + 1.0, wind, 600.0);
        for x in [100.0, 200.0, 400.0, 1000.0] {
            let station = cloud.at(x).expect("a section");
            let swings = meander_variance(averaging, x, crosswind_stability(&cloud.air));
            let width = (station.half_width.powi(2) / 3.0 + swings).sqrt();
            let width_ratio = width / (across[class] * x / (1.0 + 1e-4 * x).sqrt());
            let depth_ratio = station.height / 3.0_f64.sqrt() / up(class, x);
            // In stable air it stays shallower in the far field: 0.61 and 0.64 at 1 km, on the side of caution.
            let low = if class >= 4 && x > 300.0 { 0.6 } else { 0.7 };
            assert!((0.7..1.3).contains(&width_ratio), "{class} {x} across {width_ratio}");
            assert!((low..1.3).contains(&depth_ratio), "{class} {x} up {depth_ratio}");
        }
    }
}

#[test]
fn the_steady_plume_comes_stays_and_goes() {
    let release = release(Kind::Pool { rate: 5.0, area: 80.0 }, 0.0, 600.0);
    let cloud = Cloud::solve(&release, &ambient(4.0, 4.0), Laws::STANDARD, 5000.0).expect("a cloud");
    let arrival = cloud.arrival(100.0).expect("it comes");
    let at = |time: f64| cloud.concentration(100.0, 0.0, 1.0, time, 10.0);
    assert_eq!(at(arrival - 6.0), 0.0);
    assert!((at(arrival + 300.0) / cloud.axis_maximum(100.0, 1.0, 10.0) - 1.0).abs() < 1e-12);
    assert_eq!(at(arrival + 606.0), 0.0);
    let times: Vec<f64> = [50.0, 200.0, 800.0, 3000.0].map(|x| cloud.arrival(x).expect("it comes")).into();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
}

#[test]
fn near_the_source_a_long_release_is_a_lasting_one() {
    let at = |duration: f64| {
        let release = release(Kind::Pool { rate: 5.0, area: 80.0 }, 0.0, duration);
        let cloud = Cloud::solve(&release, &ambient(4.0, 4.0), Laws::STANDARD, 3000.0).expect("a cloud");
        cloud.axis_maximum(200.0, 1.0, 10.0)
    };
    assert!((at(1800.0) / at(f64::INFINITY) - 1.0).abs() < 1e-2);
}

#[test]
fn the_plume_goes_over_into_its_puff_without_a_leap() {
    let release = release(Kind::Pool { rate: 5.0, area: 80.0 }, 0.0, 120.0);
    let cloud = Cloud::solve(&release, &ambient(4.0, 4.0), Laws::STANDARD, 5000.0).expect("a cloud");
    let switch = cloud.switch().expect("it becomes a puff");
    let (before, after) =
        (cloud.axis_maximum(switch - 0.1, 1.0, 10.0), cloud.axis_maximum(switch + 0.1, 1.0, 10.0));
    assert!((after / before - 1.0).abs() < 0.02, "{before} {after}");
}

#[test]
fn concentrations_fall_downwind_across_and_with_averaging() {
    for release in kinds() {
        let cloud = Cloud::solve(&release, &ambient(4.0, 4.0), Laws::STANDARD, 5000.0).expect("a cloud");
        let along = [300.0, 600.0, 1200.0, 2400.0].map(|x| cloud.axis_maximum(x, 0.0, 10.0));
        let grounded = !matches!(release.kind, Kind::VerticalJet { .. });
        assert!(!grounded || along.windows(2).all(|pair| pair[1] < pair[0]), "{release:?} {along:?}");
        let sideways = [0.0, 50.0, 100.0, 300.0].map(|y| cloud.maximum(600.0, y, 1.0, 10.0));
        assert!(sideways.windows(2).all(|pair| pair[1] <= pair[0]));
        assert!(cloud.axis_maximum(600.0, 1.0, 600.0) < cloud.axis_maximum(600.0, 1.0, 1.0));
    }
}

#[test]
fn the_outline_encloses_what_exceeds_the_level() {
    let cloud = Cloud::solve(&kinds()[0], &ambient(4.0, 4.0), Laws::STANDARD, 5000.0).expect("a cloud");
    let level = 1e-4;
    let outline = cloud.contour(level, 1.0, 600.0);
    assert!(outline.len() > 20 && outline.iter().any(|&(_, half)| half > 10.0));
    for (x, half) in outline {
        if half > 0.0 {
            assert!(cloud.maximum(x, 0.999 * half, 1.0, 600.0) >= level);
        }
        assert!(cloud.maximum(x, 1.001 * half + 0.01, 1.0, 600.0) < level);
    }
}

#[test]
fn the_hand_over_keeps_mass_and_size_and_is_passive() {
    for (release, is_puff) in [(kinds()[0], false), (kinds()[4], true)] {
        let cloud = Cloud::solve(&release, &ambient(4.0, 4.0), Laws::STANDARD, 20_000.0).expect("a cloud");
        let over = cloud.handover().expect("it becomes passive");
        if is_puff {
            assert!((over.mass / 1000.0 - 1.0).abs() < 1e-9 && over.rate == 0.0 && over.sigma_x > 0.0);
        } else {
            assert!((over.rate - 5.0).abs() < 1e-12 && over.mass == 0.0);
            // A Gaussian plume of these sizes has the concentration of the slab on its axis.
            let density = 0.0709 * 101_325.0 / (GAS_CONSTANT * 290.0);
            let axis =
                over.rate / (std::f64::consts::PI * over.velocity * over.sigma_y * over.sigma_z * density);
            let found = cloud.axis_maximum(over.x, 0.0, 0.0);
            assert!((axis / found - 1.0).abs() < 0.1, "{axis} {found}");
        }
        assert!(over.enthalpy <= 0.0 && over.fraction < 0.05);
    }
}

#[test]
fn a_light_wind_spreads_the_source_upwind_and_a_calm_is_refused() {
    let pool = release(Kind::Pool { rate: 30.0, area: 200.0 }, 0.0, 300.0);
    let half = |wind: f64| {
        Cloud::solve(&pool, &ambient(wind, 5.0), Laws::STANDARD, 2000.0).map(|cloud| cloud.source_half_width)
    };
    assert!((half(12.0).expect("a cloud") / (0.5 * 200.0_f64.sqrt()) - 1.0).abs() < 1e-12);
    assert!(half(2.0).expect("a cloud") > 1.5 * half(12.0).expect("a cloud"));
    let code = |wind: f64, rate: f64| {
        let pool = release(Kind::Pool { rate, area: 20.0 }, 0.0, 300.0);
        Cloud::solve(&pool, &ambient(wind, 7.0), Laws::STANDARD, 2000.0).err().map(|found| found.0[0].code.0)
    };
    assert_eq!(code(0.4, 1.0), Some(4700));
    assert_eq!(code(0.6, 5.0), Some(4704));
    let light = Cloud::solve(&pool, &ambient(0.9, 4.0), Laws::STANDARD, 2000.0).expect("a cloud");
    assert_eq!(light.warnings[0].code.0, 4710);
}

#[test]
fn slab_is_met_within_two_per_cent_on_its_ammonia_jet() {
    // The second example of ermak1990 (Desert Tortoise 4), run with LLNL's program: ppm at 1 m on the axis.
    let ammonia = Material {
        molar_mass: 0.017_031,
        vapour_heat_capacity: 2045.9,
        liquid_heat_capacity: 4611.8,
        boiling_point: 239.57,
        heat_of_vaporization: 1.17e6,
        liquid_density: 603.0,
        pressure_slope: 2976.01,
        pressure_shift: 0.0,
        hexamers: None,
        ring_share: 0.0,
    };
    let ambient = Ambient {
        wind: 4.5,
        wind_height: 2.0,
        turbulence: Turbulence::Length { inverse_length: 0.0221, roughness: 0.003 },
        temperature: 306.2,
        pressure: 101_325.0,
        relative_humidity: 0.213,
        ground_temperature: None,
        mixing_height: None,
    };
    let release = IntegralRelease {
        material: ammonia,
        temperature: 239.57,
        liquid_share: 0.81,
        duration: 381.0,
        kind: Kind::HorizontalJet { rate: 107.87, area: 0.93, height: 1.0 },
    };
    let cloud = Cloud::solve(&release, &ambient, Laws::SLAB, 5000.0).expect("a cloud");
    let theirs = [
        (100.0, 206_772.0),
        (200.0, 98_383.0),
        (400.0, 38_417.0),
        (800.0, 13_148.0),
        (1400.0, 5589.0),
        (2800.0, 2024.0),
    ];
    for (x, ppm) in theirs {
        let ratio = 1e6 * cloud.axis_maximum(x, 1.0, 1.0) / ppm;
        assert!((ratio - 1.0).abs() < 0.03, "{x} {ratio}");
    }
}

/// Liquefied natural gas on water: wind at a height, turbulence, air, humidity, rate, area, duration.
struct Burro {
    wind: (f64, f64),
    turbulence: Turbulence,
    temperature: f64,
    pressure: f64,
    relative_humidity: f64,
    rate: f64,
    area: f64,
    duration: f64,
}

impl Burro {
    fn cloud(&self, laws: Laws) -> Cloud {
        let ambient = Ambient {
            wind: self.wind.0,
            wind_height: self.wind.1,
            turbulence: self.turbulence,
            temperature: self.temperature,
            pressure: self.pressure,
            relative_humidity: self.relative_humidity,
            ground_temperature: None,
            mixing_height: None,
        };
        let methane = Material::of(find("methane").expect("in the table"), self.pressure).expect("a liquid");
        let release = IntegralRelease {
            material: methane,
            temperature: methane.boiling_point,
            liquid_share: 0.0,
            duration: self.duration,
            kind: Kind::Pool { rate: self.rate, area: self.area },
        };
        Cloud::solve(&release, &ambient, laws, 2000.0).expect("a cloud")
    }
}

#[test]
fn slab_is_met_on_spills_of_lng() {
    // epa450, tables 4-2 and 5-8, run with LLNL's program by stability class: ppm at 1 m on the axis. Where the
    // wind is light (Burro 8) its source widens to 31.5 m, ours to 39 m: the least that has a root at every step.
    let class = |index| Turbulence::Class { index, roughness: 2e-4 };
    let trial = |wind, index, temperature, atmospheres: f64, humidity, rate, area, duration| Burro {
        wind: (wind, 2.0),
        turbulence: class(index),
        temperature,
        pressure: atmospheres * 101_325.0,
        relative_humidity: humidity,
        rate,
        area,
        duration,
    };
    let burro3 = trial(5.4, 2.0, 306.95, 0.936, 0.052, 86.4, 485.1, 166.8).cloud(Laws::SLAB);
    let burro5 = trial(7.4, 3.0, 313.65, 0.929, 0.058, 79.9, 448.6, 190.0).cloud(Laws::SLAB);
    let burro8 = trial(1.8, 5.0, 306.25, 0.929, 0.046, 112.6, 632.2, 107.0).cloud(Laws::SLAB);
    let meets = |cloud: &Cloud, averaging: f64, within: f64, theirs: &[(f64, f64)]| {
        for &(x, ppm) in theirs {
            let ratio = 1e6 * cloud.axis_maximum(x, 1.0, averaging) / ppm;
            assert!((ratio - 1.0).abs() < within, "{x} {ratio}");
        }
    };
    meets(&burro3, 160.0, 0.10, &[(57.0, 179_276.0), (140.0, 28_144.0), (400.0, 3315.0), (800.0, 805.0)]);
    meets(&burro5, 180.0, 0.10, &[(57.0, 144_663.0), (140.0, 32_678.0), (800.0, 1223.0)]);
    meets(&burro8, 100.0, 0.25, &[(57.0, 330_815.0), (400.0, 46_708.0), (800.0, 17_342.0)]);
}

#[test]
fn spills_of_lng_are_met_within_the_bounds_of_good_models() {
    // Arc maxima at 1 m of Burro 3, 8 and 9, short averages, volume per cent (the LNG model validation
    // database as quoted with the fire dynamics simulator), by measured Obukhov length.
    let length = |inverse_length| Turbulence::Length { inverse_length, roughness: 2e-4 };
    let trial = |wind, inverse, celsius: f64, pressure, humidity, rate, radius: f64, duration| Burro {
        wind,
        turbulence: length(inverse),
        temperature: celsius + 273.15,
        pressure,
        relative_humidity: humidity,
        rate,
        area: std::f64::consts::PI * radius * radius,
        duration,
    };
    let trials = [
        (
            trial((5.4, 2.0), -1.0 / 9.49, 34.5, 94_800.0, 0.052, 87.85, 12.94, 167.0),
            vec![(57.0, 28.2), (140.0, 9.0), (400.0, 1.2), (800.0, 0.9)],
        ),
        (
            trial((1.94, 3.0), 1.0 / 16.5, 32.87, 94_100.0, 0.045, 116.95, 14.93, 107.0),
            vec![(57.0, 55.9), (140.0, 18.1), (400.0, 6.1), (800.0, 2.1)],
        ),
        (
            // Wind by its friction velocity, 0.252 m/s.
            trial((5.91, 3.0), -1.0 / 142.0, 35.37, 94_000.0, 0.144, 135.99, 16.1, 79.0),
            vec![(140.0, 10.6), (400.0, 5.1), (800.0, 2.2)],
        ),
    ];
    let mut logarithms = Vec::new();
    for (trial, arcs) in trials {
        let cloud = trial.cloud(Laws::STANDARD);
        logarithms.extend(arcs.into_iter().map(|(x, per_cent)| {
            let observed: f64 = per_cent;
            (observed / (100.0 * cloud.axis_maximum(x, 1.0, 10.0))).ln()
        }));
    }
    let count = logarithms.len() as f64;
    let within = logarithms.iter().filter(|ratio| ratio.abs() <= 2.0_f64.ln()).count() as f64 / count;
    let bias = (logarithms.iter().sum::<f64>() / count).exp();
    let variance = (logarithms.iter().map(|ratio| ratio * ratio).sum::<f64>() / count).exp();
    // 9 of 11 within a factor of two: Burro 9 at 140 m is 2.1 times too high, Burro 3 at 800 m 2.6 times too low.
    assert!(within >= 0.8, "{within}");
    assert!((0.75..1.35).contains(&bias) && variance <= 1.3, "{bias} {variance}");
}
