//! What reservoirs released.

use crate::flood::product::{Evidence, MINUTE};
use crate::flood::reservoir::Release;
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// Table `reservoir_release`: stage and release of every reservoir in time, as the run was given them.
pub struct Releases;

impl Product<Evidence> for Releases {
    fn name(&self) -> &'static str {
        "releases"
    }

    fn meaning(&self) -> &'static str {
        "stage and release of every reservoir in time"
    }

    fn layers(&self, evidence: &Evidence) -> Vec<Layer> {
        if evidence.releases.is_empty() {
            return Vec::new();
        }
        vec![Layer::Table(Table {
            info: FieldInfo {
                name: "reservoir_release".into(),
                title: "Releases of reservoirs".into(),
                title_zh: "水库下泄过程".into(),
                meaning: "level-pool routing of every reservoir, straight lines between its rows".into(),
                ..FieldInfo::default()
            },
            columns: vec![
                Column::new("name", "", "name of the inflow"),
                Column::new("time_min", "min", "time after the start"),
                Column::new("stage_m", "m", "water level of the reservoir"),
                Column::new("discharge_m3_s", "m3 s-1", "what it releases"),
            ],
            rows: evidence.releases.iter().flat_map(rows).collect(),
        })]
    }
}

fn rows(release: &Release) -> impl Iterator<Item = Vec<Value>> + '_ {
    let numbers = release.times.iter().zip(&release.stages).zip(&release.discharges);
    numbers.map(|((&time, &stage), &discharge)| {
        vec![
            Value::Text(release.name.clone()),
            Value::Number(time / MINUTE),
            Value::Number(stage),
            Value::Number(discharge),
        ]
    })
}

/// Largest release and when it came, in one line.
pub fn release_told(release: &Release) -> String {
    let peak = release.peak();
    let (first, last) = (release.stages[0], release.stages[release.stages.len() - 1]);
    format!(
        "{}: releases {:.1} m3/s at most, at {:.0} min; its stage goes from {first:.2} to {last:.2} m",
        release.name,
        release.discharges[peak],
        release.times[peak] / MINUTE
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::product::tests::evidence;
    use ndarray::array;

    #[test]
    fn every_sample_has_its_row_and_the_line_tells_the_peak() {
        let release = Release {
            name: "dam".into(),
            times: vec![0.0, 60.0, 120.0],
            stages: vec![5.0, 4.5, 4.0],
            discharges: vec![1.0, 3.0, 2.0],
        };
        assert_eq!(
            release_told(&release),
            "dam: releases 3.0 m3/s at most, at 1 min; its stage goes from 5.00 to 4.00 m"
        );
        let mut evidence = evidence(array![[0.2]]);
        assert!(Releases.layers(&evidence).is_empty());
        evidence.releases = vec![release];
        let layers = Releases.layers(&evidence);
        let [Layer::Table(table)] = layers.as_slice() else { panic!("one table") };
        assert_eq!(table.rows.len(), 3);
        assert_eq!(table.rows[1][1..], [Value::Number(1.0), Value::Number(4.5), Value::Number(3.0)]);
    }
}
