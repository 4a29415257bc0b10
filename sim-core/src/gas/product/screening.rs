//! Distances of heavy clouds beside those of the screening curves: an independent look.

use crate::gas::dense::PlacedHeavy;
use crate::gas::dense::britter_mcquaid::{self, DenseRelease, ScreeningAir};
use crate::gas::dispersion::Dispersion;
use crate::gas::weather::{CLASS_WIND_HEIGHT, Weather};
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// Table `heavy_gas_screening`.
pub struct Screening;

impl Product<Dispersion> for Screening {
    fn name(&self) -> &'static str {
        "heavy_gas_screening"
    }

    fn meaning(&self) -> &'static str {
        "distances of a heavy cloud beside those of Britter and McQuaid's curves, an independent check"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        if outcome.heavy.is_empty() {
            return Vec::new();
        }
        let info = FieldInfo {
            name: self.name().into(),
            title: "Heavy gas: slab model and screening".into(),
            title_zh: "重气：箱板模型与筛选曲线对照".into(),
            meaning: "on trials with LNG the curves gave two to six times the measured concentrations".into(),
            ..FieldInfo::default()
        };
        let columns = vec![
            Column::new("level", "", "level of concern"),
            Column::new("slab_m", "m", "distance by the slab model, at the receptors"),
            Column::new(
                "britter_mcquaid_m",
                "m",
                "the largest of the weather rows by the curves: at the ground, mean over ten minutes, a release without end",
            ),
        ];
        let rows = outcome.zones.iter().map(|zone| {
            let pairs = outcome.heavy.iter().zip(&outcome.weather);
            let curves = pairs.map(|(cloud, air)| screened(cloud, air).distance_to(zone.level.fraction));
            vec![
                Value::Text(zone.level.name.clone()),
                Value::Number(zone.distance),
                Value::Number(curves.fold(0.0, f64::max)),
            ]
        });
        vec![Layer::Table(Table { info, columns, rows: rows.collect() })]
    }
}

/// The release on the curves.
fn screened(placed: &PlacedHeavy, air: &Weather) -> britter_mcquaid::Plume {
    let release = &placed.cloud.release;
    let density = release.density(air.pressure);
    let release = DenseRelease {
        flow: release.rate() / density,
        density,
        temperature: release.temperature,
        fraction: 1.0,
        duration: release.duration,
    };
    let air = ScreeningAir {
        wind: air.wind_at(CLASS_WIND_HEIGHT),
        density: air.air_density(),
        temperature: air.air_temperature,
    };
    britter_mcquaid::Plume::of(&release, &air)
}
