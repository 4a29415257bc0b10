//! Releases that fall with the pressure: a pipeline, a vessel.

use crate::gas::source::pipeline_blowdown::{Feed, Opening, PipelineBlowdown};
use crate::gas::source::vessel_blowdown::{HeatExchange, VesselBlowdown};
use crate::scenario::quantity::Dimension;

use super::hole::Hole;
use super::{Outflow, Reading};

impl Reading<'_, '_> {
    /// A pipeline between valves.
    pub(super) fn pipeline_blowdown(&self) -> Option<Outflow> {
        let section = self.section;
        // Keys of the hole are described once, with gas_hole.
        let hole = if section.describing() { None } else { self.hole() };
        let upstream = section
            .quantity("upstream_length", Dimension::Length, "from the break upstream to the valve")
            .between(1.0, 1e6)
            .required();
        let downstream = section
            .quantity(
                "downstream_length",
                Dimension::Length,
                "from the break downstream to a valve or a closed end",
            )
            .between(0.0, 1e6)
            .or(0.0, "0 m");
        let roughness = section
            .quantity(
                "roughness",
                Dimension::Length,
                "roughness of the wall of the pipe, e.g. \"0.05 mm\" for steel",
            )
            .between(1e-7, 1e-2)
            .required();
        let closes = section
            .quantity(
                "valve_closes_after",
                Dimension::Time,
                "when the upstream valve closes; shut off at the break when absent",
            )
            .between(0.0, 2.592e6)
            .optional();
        if section.describing() {
            return None;
        }
        let Hole { hole, full_bore } = hole?;
        let Some(pipe_diameter) = hole.pipe_diameter else {
            let fix = "add pipe_diameter = \"200 mm\"";
            section.report(1012, "pipe_diameter", "a pipeline has an inner diameter", fix);
            return None;
        };
        let pipeline = PipelineBlowdown {
            pipe_diameter,
            roughness: roughness?,
            upstream_length: upstream?,
            downstream_length: downstream,
            pressure: hole.pressure,
            temperature: hole.temperature,
            compressibility: hole.compressibility,
            opening: if full_bore { Opening::Rupture } else { Opening::Hole { diameter: hole.diameter } },
            discharge_coefficient: hole.discharge_coefficient,
            feed: closes.map_or(Feed::ShutOff, |after| Feed::ValveCloses { after }),
        };
        let substance = self.substance?;
        let exit = self.sound(hole.outflow(substance, self.air_pressure))?.exit;
        self.over_time(pipeline.release(substance, self.air_pressure), Some(exit))
    }

    /// A vessel that empties.
    pub(super) fn vessel_blowdown(&self) -> Option<Outflow> {
        let section = self.section;
        // Keys of the hole are described once, with gas_hole.
        let hole = if section.describing() { None } else { self.hole() };
        let volume = section
            .quantity("volume", Dimension::Volume, "volume of the vessel")
            .between(1e-6, 1e6)
            .required();
        let heat = section.choice_or(
            "heat_exchange",
            &["adiabatic", "isothermal"],
            "adiabatic",
            "whether the gas that stays cools (adiabatic: fast releases) or keeps its temperature",
        );
        if section.describing() {
            return None;
        }
        let heat_exchange = match heat {
            "isothermal" => HeatExchange::Isothermal,
            _ => HeatExchange::Adiabatic,
        };
        let vessel = VesselBlowdown { volume: volume?, hole: hole?.hole, heat_exchange };
        let substance = self.substance?;
        let exit = self.sound(vessel.hole.outflow(substance, self.air_pressure))?.exit;
        self.over_time(vessel.release(substance, self.air_pressure), Some(exit))
    }
}
