//! Heavy clouds of releases and weathers drawn from all that the slab model accepts.
//!
//! A few thousand by default; `TUIYAN_RANDOM=100000` draws that many. Draws are counted, not
//! remembered: a number that fails is drawn again by its number alone.

use sim_core::gas::dense::integral::mixture::Material;
use sim_core::gas::dense::integral::{Ambient, Cloud, IntegralRelease, Kind, Laws, Turbulence};
use sim_core::gas::substance;

/// Scenarios that are drawn where nobody asks for more.
const SCENARIOS: u64 = 3000;

/// Numbers of one scenario, from its number and how many were drawn before.
struct Draw {
    state: u64,
}

impl Draw {
    /// Evenly between 0 and 1 (Steele, Lea & Flood 2014, splitmix).
    fn share(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// Every factor of ten as often.
    fn over_decades(&mut self, low: f64, high: f64) -> f64 {
        low * (high / low).powf(self.share())
    }

    fn turbulence(&mut self) -> Turbulence {
        let roughness = self.over_decades(1e-5, 0.3);
        if self.share() < 0.5 {
            return Turbulence::Class { index: self.between(0.5, 7.5), roughness };
        }
        let inverse_length = if self.share() < 0.5 { self.between(-0.5, 0.5) } else { 0.0 };
        Turbulence::Length { inverse_length, roughness }
    }

    fn ambient(&mut self, pressure: f64) -> Ambient {
        Ambient {
            wind: self.over_decades(0.5, 25.0),
            wind_height: self.between(3.0, 20.0),
            turbulence: self.turbulence(),
            temperature: self.between(243.0, 318.0),
            pressure,
            relative_humidity: self.share(),
            ground_temperature: (self.share() < 0.3).then(|| self.between(260.0, 320.0)),
            mixing_height: None,
        }
    }

    fn kind(&mut self) -> Kind {
        let (which, rate) = (self.share(), self.over_decades(0.01, 1000.0));
        if which < 0.35 {
            Kind::Pool { rate, area: rate / self.over_decades(0.002, 0.3) }
        } else if which < 0.6 {
            Kind::HorizontalJet {
                rate,
                area: rate / self.over_decades(10.0, 400.0),
                height: self.between(0.0, 20.0),
            }
        } else if which < 0.8 {
            Kind::VerticalJet {
                rate,
                area: rate / self.over_decades(10.0, 400.0),
                height: self.between(0.0, 30.0),
            }
        } else {
            Kind::Instantaneous { mass: self.over_decades(1.0, 1e6), area: self.over_decades(1.0, 3000.0) }
        }
    }

    fn release(&mut self, material: Material) -> IntegralRelease {
        let kind = self.kind();
        let wet = self.share() < 0.5 && !matches!(kind, Kind::Pool { .. });
        IntegralRelease {
            material,
            temperature: material.boiling_point + if wet { 0.0 } else { self.between(0.0, 60.0) },
            liquid_share: if wet { self.share() } else { 0.0 },
            duration: if self.share() < 0.3 { f64::INFINITY } else { self.over_decades(1.0, 3600.0) },
            kind,
        }
    }
}

const NAMES: [&str; 7] = [
    "ammonia",
    "chlorine",
    "methane",
    "propane",
    "hydrogen_fluoride",
    "sulphur_dioxide",
    "hydrogen_sulphide",
];

#[test]
fn no_release_in_any_weather_gives_nonsense() {
    let asked = std::env::var("TUIYAN_RANDOM").ok().and_then(|text| text.parse().ok());
    let scenarios = asked.unwrap_or(SCENARIOS);
    let mut outrun = 0;
    for scenario in 0..scenarios {
        let mut draw = Draw { state: scenario.wrapping_mul(0x2545_f491_4f6c_dd1d) };
        let pressure = draw.between(6e4, 1.05e5);
        let name = NAMES[(draw.share() * NAMES.len() as f64) as usize];
        let substance = substance::find(name).expect("in the table");
        let material = Material::of(substance, pressure).expect("a liquid");
        let (ambient, release) = (draw.ambient(pressure), draw.release(material));
        let laws = if draw.share() < 0.5 { Laws::STANDARD } else { Laws::SLAB };
        let cloud = match Cloud::solve(&release, &ambient, laws, 20_000.0) {
            Ok(cloud) => cloud,
            Err(problems) => {
                // The only refusal within the range: gas from the ground that outruns a light wind or a still night.
                assert_eq!(problems.0[0].code.0, 4704, "{scenario} {problems}");
                assert!(matches!(release.kind, Kind::Pool { .. }), "{scenario} {ambient:?} {release:?}");
                outrun += 1;
                continue;
            }
        };
        assert!(cloud.ledger().largest_error < 1e-9, "{scenario}");
        check(scenario, &cloud);
    }
    assert!(outrun * 50 < scenarios, "{outrun} of {scenarios}");
}

/// Concentrations are shares, and fall along the ground once the cloud has come down.
fn check(scenario: u64, cloud: &Cloud) {
    let mut last = f64::INFINITY;
    for x in [1.0, 10.0, 50.0, 100.0, 300.0, 1000.0, 3000.0, 10_000.0] {
        let values = [
            cloud.axis_maximum(x, 1.0, 60.0),
            cloud.axis_maximum(x, 0.0, 10.0),
            cloud.concentration(x, 3.0, 1.0, 0.5 * x, 10.0),
            cloud.maximum(x, 20.0, 1.5, 600.0),
        ];
        assert!(values.iter().all(|value| (0.0..=1.0).contains(value)), "{scenario} {x} {values:?}");
        // Below a cloud whose middle is still off the ground it becomes denser as that comes down.
        let mut ahead = cloud.stations().filter(|station| station.x >= x);
        let lies = ahead.all(|station| station.centre <= 0.1 * station.height);
        let along = values[1];
        if lies && x >= 300.0_f64.max(2.0 * cloud.source_half_width) {
            assert!(along <= 1.05 * last, "{scenario} {x} {along} {last}");
            last = along;
        }
    }
}
