//! What a run leaves: its records as fields, and everything that is made of them.

use std::sync::Arc;

use ndarray::Array2;

use crate::flood::Evidence;
use crate::flood::comparison::gauge::PlaceRecord;
use crate::flood::place::{Diary, Place};
use crate::flood::product::{self, Crossed, Exceedance};
use crate::product::{FieldInfo, Frames, Layer, Products};
use crate::run::Ledger;
use crate::run::flood::{FloodOutcome, Run, buildings, report, sewers};

impl Run<'_, '_> {
    /// Layers, maps, summary and warnings.
    pub(super) fn outcome(mut self, ledger: Ledger, wall_seconds: f64) -> FloodOutcome {
        let case = self.case;
        let evidence = self.evidence();
        let places = self.place_records();
        let steps = self.solver.steps();
        let (memory_bytes, bytes_per_cell_step) = self.backend.bytes(&self.solver);
        let wet_share = self.wet_cell_steps / (steps as f64 * self.cells_inside());
        let mut layers: Vec<Layer> = product::ALL
            .iter()
            .filter(|product| case.settings.wants(product.name()))
            .flat_map(|product| product.layers(&evidence))
            .collect();
        let points =
            if case.settings.wants("waterlogging") { product::points(&evidence) } else { Vec::new() };
        let maps = report::maps(case, &evidence, &points, &layers);
        let mut summary = report::summary(&evidence, &points, &ledger, &layers);
        summary.extend(
            case.breaches
                .iter()
                .zip(self.solver.begun())
                .map(|(breach, begun)| report::breach(breach, begun)),
        );
        summary.extend(buildings::summary(case, self.solver.volumes().roof.total()));
        let mut warnings =
            report::warnings(case, &evidence, &ledger, self.late_depth.as_ref(), &self.solver.depth());
        if let (Some(exchange), Some(shares)) = (&self.exchange, &self.shares) {
            summary.extend(sewers::summary(case, exchange, shares, &ledger));
            warnings.extend(sewers::warnings(shares, &ledger));
        }
        warnings.extend(self.not_kept.take());
        warnings.extend(self.solver.above_curve().map(|at| report::above_curve(&case.boundaries[at])));
        if !self.frames.is_empty() {
            layers.push(Layer::Frames(frames(case.frame_times.clone(), self.frames)));
        }
        let not_modelled = sewers::not_modelled(case);
        let products = Products {
            grid: case.grid.clone(),
            layers,
            maps,
            plots: Vec::new(),
            not_modelled,
            credits: Vec::new(),
        };
        FloodOutcome {
            products,
            ledger,
            steps,
            wet_share,
            wall_seconds,
            memory_bytes,
            bytes_per_cell_step,
            summary,
            warnings,
            places,
            duration: case.duration,
            ranks: None,
        }
    }

    /// What was recorded of the places that matter, up to the very end.
    fn place_records(&self) -> Vec<PlaceRecord> {
        let record = |(place, diary): (&Place, &Diary)| {
            let mut series = diary.series.clone();
            let (depth, u, v) = self.solver.water_at(place.cell.0, place.cell.1);
            if series.last().is_none_or(|sample| sample[0] < self.solver.time()) {
                series.push([self.solver.time(), depth, u.hypot(v)]);
            }
            PlaceRecord {
                name: place.name.clone(),
                ground: self.case.bed[place.cell],
                peak: diary.peak,
                series,
            }
        };
        self.case.places.list.iter().zip(&self.diaries).map(record).collect()
    }

    /// The records of the solver as fields.
    fn evidence(&self) -> Evidence {
        let (case, layout, peaks) = (self.case, self.solver.layout(), self.solver.peaks());
        let exceedance = |threshold: &crate::flood::record::Threshold| Exceedance {
            depth: threshold.depth,
            first_above: layout.unpad(&threshold.first_above),
            time_above: layout.unpad(&threshold.time_above),
        };
        Evidence {
            grid: case.grid.clone(),
            bed: case.bed.clone(),
            max_depth: layout.unpad(&peaks.max_depth),
            time_of_maximum: layout.unpad(&peaks.time_of_maximum),
            max_speed: layout.unpad(&peaks.max_speed_squared).mapv(f64::sqrt),
            exceedances: self.solver.thresholds().iter().map(exceedance).collect(),
            hazards: self
                .solver
                .hazards()
                .iter()
                .map(|peak| (peak.scheme, layout.unpad(&peak.worst)))
                .collect(),
            settings: case.settings.clone(),
            services: case.structures.iter().cloned().zip(self.solver.services().iter().copied()).collect(),
            releases: case.releases.clone(),
            crossings: case
                .barriers
                .iter()
                .enumerate()
                .map(|(at, barrier)| Crossed {
                    name: barrier.name.clone(),
                    kind: barrier.kind.name(),
                    crossing: self.solver.crossings()[at],
                    gap_begun: self.solver.gap_begun(at),
                })
                .collect(),
            places: case.places.clone(),
            diaries: self.diaries.clone(),
            exposure: case.exposure.clone(),
            manholes: self.manholes(),
            last_depth: self.solver.depth(),
            buildings: Arc::clone(&case.buildings),
            duration: case.duration,
        }
    }
}

/// The layer of frames.
fn frames(times: Vec<f64>, values: Vec<Array2<f32>>) -> Frames {
    let info = FieldInfo {
        name: "depth".into(),
        title: "Flood depth".into(),
        title_zh: "积水深度".into(),
        unit: "m".into(),
        meaning: "depth of water above the ground at the time of the frame".into(),
        standard_name: Some("flood_water_thickness".into()),
        cell_methods: Some("time: point".into()),
    };
    Frames { info, times, values }
}
