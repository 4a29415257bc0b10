//! The models that are held against the trials, each behind one small trait.

use sim_core::error::Problems;
use sim_core::gas::dense::britter_mcquaid::{DenseRelease, Drops, ScreeningAir};
use sim_core::gas::substance;

use sim_core::gas::dense::integral::mixture::Material;
use sim_core::gas::dense::integral::source::{Throat, expand_liquid};
use sim_core::gas::dense::integral::{Ambient, Cloud, IntegralRelease, Kind, Laws, Turbulence};

use super::trial::{Origin, Trial};

/// Largest volume fraction at a distance and a height (m), as a mean over a time (s).
pub(crate) type Prediction = Box<dyn Fn(f64, f64, f64) -> f64>;

/// A model of heavy gas.
pub(crate) trait DenseModel: Sync {
    /// Its name in tables and figures.
    fn name(&self) -> &'static str;

    /// The model made ready for a trial, or the reason why it cannot say anything.
    fn ready(&self, trial: &Trial) -> Result<Prediction, String>;
}

/// The models, in the order in which they are printed.
pub(crate) const MODELS: [&dyn DenseModel; 2] = [&BritterMcQuaid, &Integral];

/// The workbook's curves; they know neither the receptor's height nor the averaging time.
pub(crate) struct BritterMcQuaid;

impl DenseModel for BritterMcQuaid {
    fn name(&self) -> &'static str {
        "britter-mcquaid"
    }

    fn ready(&self, trial: &Trial) -> Result<Prediction, String> {
        let air = ScreeningAir {
            wind: trial.air.high_wind,
            density: trial.air.density(),
            temperature: trial.air.temperature,
        };
        let release = screened(trial, &air)?;
        Ok(Box::new(move |distance, _, _| release.largest_fraction(&air, distance)))
    }
}

/// What the curves are given: vapour at its boiling point, or a jet's drops dried by air.
fn screened(trial: &Trial, air: &ScreeningAir) -> Result<DenseRelease, String> {
    let unknown = |_| format!("{} is not in the table of substances", trial.substance);
    let substance = substance::find(trial.substance).map_err(unknown)?;
    let (pressure, duration) = (trial.air.pressure, trial.duration);
    match trial.origin {
        Origin::Pool { .. } => {
            let temperature = substance.boiling_point.value;
            let density = substance.gas_density(temperature, pressure);
            Ok(DenseRelease { flow: trial.rate / density, density, temperature, fraction: 1.0, duration })
        }
        Origin::Jet { liquid_share, .. } => {
            let liquid =
                substance.liquid().map_err(|_| format!("{} is not known as a liquid", trial.substance))?;
            let temperature = liquid.boiling_temperature(pressure);
            let drops = Drops {
                rate: trial.rate,
                liquid_share,
                temperature,
                heat_of_vaporization: liquid.heat_of_vaporization(temperature),
                vapour_capacity: substance.gas_heat_capacity(temperature),
                molar_mass: substance.molar_mass.value,
                duration,
            };
            Ok(drops.dried(|kelvin| liquid.vapour_pressure(kelvin), air, pressure))
        }
    }
}

/// The slab model with what is recommended: measured turbulence where there is one, the jet after its expansion.
pub(crate) struct Integral;

/// The slab model with SLAB's laws and SLAB's source: the area that SLAB was given, and its class of stability.
pub(crate) struct IntegralAsSlab;

/// How far beyond the last receptor a cloud is followed, as a share.
const BEYOND: f64 = 1.5;

impl DenseModel for Integral {
    fn name(&self) -> &'static str {
        "integral"
    }

    fn ready(&self, trial: &Trial) -> Result<Prediction, String> {
        let material = material(trial)?;
        let air = &trial.air;
        let inverse_length = air.inverse_length;
        let turbulence = match air.friction_velocity {
            Some(friction_velocity) => Turbulence::Measured { friction_velocity, inverse_length },
            None => Turbulence::Length { inverse_length, roughness: air.roughness },
        };
        let (temperature, liquid_share, kind) = match trial.origin {
            Origin::Jet { opening, is_expanded: false, height, store_temperature, .. } => {
                let throat = throat(trial, &material, opening, store_temperature);
                let jet = expand_liquid(&material, &throat, air.pressure);
                let kind = Kind::HorizontalJet { rate: trial.rate, area: jet.area, height };
                (jet.temperature, jet.liquid_share, kind)
            }
            _ => as_given(trial, &material),
        };
        solved(trial, material, (temperature, liquid_share, kind), turbulence, Laws::STANDARD)
    }
}

impl DenseModel for IntegralAsSlab {
    fn name(&self) -> &'static str {
        "integral, SLAB's laws"
    }

    fn ready(&self, trial: &Trial) -> Result<Prediction, String> {
        // SLAB knows no rings of molecules.
        let material = Material { hexamers: None, ring_share: 0.0, ..material(trial)? };
        let (inverse_length, roughness) = (trial.air.inverse_length, trial.air.roughness);
        let turbulence = match trial.air.slab_index {
            Some(index) => Turbulence::Class { index, roughness },
            None => Turbulence::Length { inverse_length, roughness },
        };
        solved(trial, material, as_given(trial, &material), turbulence, Laws::SLAB)
    }
}

/// Temperature, share of drops and source with the area as it stands in the trial.
fn as_given(trial: &Trial, material: &Material) -> (f64, f64, Kind) {
    let rate = trial.rate;
    match trial.origin {
        Origin::Pool { radius } => (
            boiling_point(trial, material),
            0.0,
            Kind::Pool { rate, area: std::f64::consts::PI * radius * radius },
        ),
        Origin::Jet { opening, height, liquid_share, .. } => {
            (material.boiling_point, liquid_share, Kind::HorizontalJet { rate, area: opening, height })
        }
    }
}

/// Boiling point, K: of a substance that the model takes as a gas, that of the table.
fn boiling_point(trial: &Trial, material: &Material) -> f64 {
    substance::find(trial.substance).map_or(material.boiling_point, |substance| substance.boiling_point.value)
}

/// The liquid in the opening: at the pressure at which it boils there, so that it is still liquid.
fn throat(trial: &Trial, material: &Material, area: f64, temperature: f64) -> Throat {
    let slope = material.pressure_slope * (1.0 / material.boiling_point - 1.0 / temperature);
    Throat {
        rate: trial.rate,
        area,
        velocity: trial.rate / (material.liquid_density * area),
        pressure: trial.air.pressure * slope.exp(),
        temperature,
    }
}

fn material(trial: &Trial) -> Result<Material, String> {
    let pressure = trial.air.pressure;
    let found = substance::find(trial.substance).map_err(first_words)?;
    match trial.origin {
        // Vapour off a boiling pool never gets colder: it stays a gas.
        Origin::Pool { .. } => Ok(Material::gas(found, found.boiling_point.value)),
        Origin::Jet { .. } => Material::of(found, pressure).map_err(first_words),
    }
}

fn first_words(problems: Problems) -> String {
    problems.0.into_iter().next().map_or(String::new(), |problem| problem.text)
}

fn solved(
    trial: &Trial,
    material: Material,
    (temperature, liquid_share, kind): (f64, f64, Kind),
    turbulence: Turbulence,
    laws: Laws,
) -> Result<Prediction, String> {
    let release = IntegralRelease { material, temperature, liquid_share, duration: trial.duration, kind };
    let ambient = Ambient {
        wind: trial.air.wind.0,
        wind_height: trial.air.wind.1,
        turbulence,
        temperature: trial.air.temperature,
        pressure: trial.air.pressure,
        relative_humidity: trial.air.relative_humidity,
        ground_temperature: trial.air.ground_temperature,
        mixing_height: None,
    };
    let reach = BEYOND * trial.arcs.last().map_or(1.0, |arc| arc.distance);
    let cloud = Cloud::solve(&release, &ambient, laws, reach).map_err(first_words)?;
    Ok(Box::new(move |distance, height, averaging| cloud.axis_maximum(distance, height, averaging)))
}
