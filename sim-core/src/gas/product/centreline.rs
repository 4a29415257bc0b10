//! Concentration along the axis of the plume.

use crate::gas::dispersion::Dispersion;
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// Nearest distance of the table, m.
const NEAREST: f64 = 10.0;

/// Rows per factor of ten in distance.
const PER_DECADE: usize = 20;

/// Factors of ten: 10 m to 10 km.
const DECADES: usize = 3;

/// One row per distance and weather row.
pub struct Centreline;

impl Product<Dispersion> for Centreline {
    fn name(&self) -> &'static str {
        "centreline"
    }

    fn meaning(&self) -> &'static str {
        "concentration, coefficients and arrival along the axis of the plume"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        if outcome.plumes.is_empty() {
            return Vec::new();
        }
        let info = FieldInfo {
            name: self.name().into(),
            title: format!("{}Axis of the plume", outcome.mark()),
            title_zh: format!("{}烟羽中心线", outcome.mark_zh()),
            meaning: format!(
                "mean over {} s, {} m above ground",
                outcome.averaging_time, outcome.receptor_height
            ),
            ..FieldInfo::default()
        };
        let columns = vec![
            Column::new("weather_row", "1", "weather row, from 1"),
            Column::new("distance_m", "m", "downwind distance"),
            Column::new("concentration_ppm", "1e-6", "mean concentration by volume"),
            Column::new("concentration_mg_m3", "mg m-3", "mean concentration by mass"),
            Column::new("sigma_y_m", "m", "crosswind coefficient, averaging time included"),
            Column::new("sigma_z_m", "m", "vertical coefficient"),
            Column::new("arrival_s", "s", "distance over the wind at 10 m, or at a higher release"),
        ];
        let mut rows = Vec::new();
        for (i, placed) in outcome.plumes.iter().enumerate() {
            for step in 0..=DECADES * PER_DECADE {
                let x = NEAREST * 10_f64.powf(step as f64 / PER_DECADE as f64);
                let value = placed.plume.on_axis(x);
                rows.push(vec![
                    Value::Integer(i as i64 + 1),
                    Value::Number(x),
                    Value::Number(outcome.ppm_in(&outcome.weather[i], value)),
                    Value::Number(value * super::MG_PER_KG),
                    Value::Number(placed.plume.curves.crosswind.at(x)),
                    Value::Number(placed.plume.curves.vertical.at(x)),
                    Value::Number(placed.plume.arrival(x)),
                ]);
            }
        }
        vec![Layer::Table(Table { info, columns, rows })]
    }
}
