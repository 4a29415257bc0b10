//! The models that are held against the trials, each behind one small trait.

use sim_core::gas::dense::britter_mcquaid::{DenseRelease, Drops, ScreeningAir};
use sim_core::gas::substance;

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
pub(crate) const MODELS: [&dyn DenseModel; 1] = [&BritterMcQuaid];

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
