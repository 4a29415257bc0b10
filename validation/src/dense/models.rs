//! The models that are held against the trials, each behind one small trait.

use sim_core::error::Problems;
use sim_core::gas::dense::britter_mcquaid::{DenseRelease, Drops, ScreeningAir};
use sim_core::gas::source::two_phase::OmegaInlet;
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
        slab(trial, &Choice::RECOMMENDED)
    }
}

/// What is chosen for the slab model and for the jet that feeds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Choice {
    /// Laws.
    pub(crate) laws: Laws,
    /// Speed of an expanded jet over what the balance of momentum gives.
    pub(crate) haste: f64,
    /// Share of a jet's drops that has fallen to the ground and does not come back.
    pub(crate) fallen: f64,
    /// Whether the class of stability counts where it is told, instead of Obukhov's length.
    pub(crate) by_class: bool,
}

impl Choice {
    /// What is recommended and what the balances give.
    pub(crate) const RECOMMENDED: Self =
        Self { laws: Laws::STANDARD, haste: 1.0, fallen: 0.0, by_class: false };
}

/// The slab model of a trial.
pub(crate) fn slab(trial: &Trial, choice: &Choice) -> Result<Prediction, String> {
    let material = material(trial)?;
    let air = &trial.air;
    let (inverse_length, roughness) = (air.inverse_length, air.roughness);
    let turbulence = match (air.slab_index.filter(|_| choice.by_class), air.friction_velocity) {
        (Some(index), _) => Turbulence::Class { index, roughness },
        (None, Some(friction_velocity)) => Turbulence::Measured { friction_velocity, inverse_length },
        (None, None) => Turbulence::Length { inverse_length, roughness },
    };
    let (temperature, liquid_share, kind) = match trial.origin {
        Origin::Jet { opening, is_expanded: false, height, store_temperature, .. } => {
            let throat = throat(trial, opening, store_temperature)?;
            let jet = expand_liquid(&material, &throat, air.pressure);
            let fallen = choice.fallen * jet.liquid_share;
            let rate = trial.rate * (1.0 - fallen);
            let kind = Kind::HorizontalJet { rate, area: jet.area / choice.haste, height };
            (jet.temperature, (jet.liquid_share - fallen) / (1.0 - fallen), kind)
        }
        _ => as_given(trial, &material),
    };
    solved(trial, material, (temperature, liquid_share, kind), turbulence, choice.laws)
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

/// The opening of a trial, whose rate is known and whose pressure is not.
///
/// A rate per area above the flow of the liquid that boils in balance tells that it is still liquid there, at
/// the pressure at which it boils. Below that flow it cannot be: something upstream throttles it, it has boiled
/// already, and the pressure is that at which vapour and drops together let this rate through and no more,
/// $p = G\sqrt{v_0\,\omega\,p_s}$, or that of the air.
///
/// # Source
/// leung1986: the swelling of the boiling liquid and its choked flow.
fn throat(trial: &Trial, area: f64, temperature: f64) -> Result<Throat, String> {
    let found = substance::find(trial.substance).map_err(first_words)?;
    let liquid = found.liquid().map_err(first_words)?;
    let boiling = liquid.vapour_pressure(temperature);
    let inlet = OmegaInlet::of_liquid(&liquid, temperature, boiling);
    let flux = trial.rate / area;
    let (pressure, volume) = if flux >= inlet.flow(trial.air.pressure).mass_flux {
        (boiling, inlet.volume)
    } else {
        let choked = flux * (inlet.volume * inlet.omega * boiling).sqrt();
        let pressure = choked.max(trial.air.pressure);
        (pressure, inlet.volume * (1.0 + inlet.omega * (boiling / pressure - 1.0)))
    };
    Ok(Throat { rate: trial.rate, area, velocity: flux * volume, pressure, temperature })
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
