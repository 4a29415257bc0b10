//! Concentration along the axis of the plume.

use nalgebra::Vector2;

use crate::gas::dispersion::Dispersion;
use crate::gas::sweep::Placed;
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
            Column::new(
                "concentration_ppm",
                "1e-6",
                "mean concentration by volume; in weak wind the largest of all times",
            ),
            Column::new("concentration_mg_m3", "mg m-3", "mean concentration by mass"),
            Column::new(
                "sigma_y_m",
                "m",
                "crosswind coefficient of the plume, averaging time included; nothing in calm air",
            ),
            Column::new("sigma_z_m", "m", "vertical coefficient"),
            Column::new("arrival_s", "s", "distance over the wind at 10 m, or at a higher release"),
        ];
        let mut rows = Vec::new();
        for i in 0..outcome.plumes.len() {
            let (plume, calm) = (outcome.plume_of(i), outcome.calm_of(i));
            for step in 0..=DECADES * PER_DECADE {
                let x = NEAREST * 10_f64.powf(step as f64 / PER_DECADE as f64);
                let of_plume = plume.map_or(0.0, |placed| placed.on_axis(x));
                let at = Vector2::new(x, 0.0);
                let of_calm = calm.map_or(0.0, |cloud| cloud.largest(at, cloud.receptor_height).0);
                let value = of_plume.max(of_calm);
                // The coefficients are the plume's: nothing as long as the jet goes on.
                let part = |of: fn(&Placed, f64) -> f64| {
                    let along = |placed: &Placed| x - placed.offset().x;
                    let there = plume.filter(|placed| along(placed) > 0.0);
                    there.map_or(Value::Missing, |placed| Value::Number(of(placed, along(placed))))
                };
                rows.push(vec![
                    Value::Integer(i as i64 + 1),
                    Value::Number(x),
                    Value::Number(outcome.ppm_in(&outcome.weather[i], value)),
                    Value::Number(value * super::MG_PER_KG),
                    part(|placed, along| placed.plume.width_at(along)),
                    part(|placed, along| placed.plume.depth_at(along)),
                    part(Placed::arrival),
                ]);
            }
        }
        vec![Layer::Table(Table { info, columns, rows })]
    }
}
