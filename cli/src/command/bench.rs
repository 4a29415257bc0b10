//! `tuiyan bench`: how fast this machine is, and how long a run will take on it.

use serde_json::json;
use sim_core::error::{Problem, Problems};
use sim_core::run::flood::{Backend, Processor, Scheme};
use sim_core::run::gas;
use sim_core::run::gas::backend::{Processor as PuffProcessor, PuffBackend};
use sim_core::run::gas::trial::PuffRate;
use sim_core::run::trial::{self, Rate};
use sim_gpu::flood::FloodDevice;
use sim_gpu::gas::PuffDevice;

use crate::args::{Device, Shared};
use crate::command::Outcome;
use crate::command::run::in_pool;
use crate::report::{self, remark, say};

/// Cells along each side of the trial area: on the processor, on a graphics device, which needs
/// more to be busy, and on a driver that computes on the processor.
const SIDES: [usize; 3] = [1000, 4000, 256];

/// Receptors along each side of the trial of puffs: on the processor, on a graphics device, and on a driver
/// that computes on the processor.
const PUFF_SIDES: [usize; 3] = [1000, 4000, 200];

/// Wall time of each trial, s.
const SECONDS: f64 = 1.0;

/// Depth from which the time of a run is forecast, m: the deepest water of a city flood is of this order.
const TYPICAL_DEPTH: f64 = 1.0;

/// What the user wants to know.
pub(crate) struct Wish {
    /// Cells along each side of the trial area.
    pub(crate) side: Option<usize>,
    /// Share of the trial area that is wet; all of it when absent.
    pub(crate) wet: Option<f64>,
    /// A run to be forecast.
    pub(crate) forecast: Option<Forecast>,
}

/// A run to be forecast.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Forecast {
    /// Columns and rows.
    pub(crate) grid: (usize, usize),
    /// Size of the cells, m.
    pub(crate) cell: f64,
    /// Simulated time, s.
    pub(crate) duration: f64,
}

impl Forecast {
    /// Wall time at a rate, s.
    fn seconds(&self, scheme: Scheme, rate: &Rate) -> f64 {
        let steps = self.duration / trial::typical_step(TYPICAL_DEPTH, scheme, self.cell);
        steps * (self.grid.0 * self.grid.1) as f64 / rate.cell_steps_per_second
    }
}

/// What was measured on one device.
struct Measured {
    device: String,
    is_software: bool,
    bandwidth: f64,
    rates: Vec<(Scheme, Option<Rate>)>,
    puffs: PuffRate,
}

/// Measures and prints.
pub(crate) fn bench(wish: &Wish, shared: &Shared) -> Outcome {
    let mut measured = Vec::new();
    if !matches!(shared.device, Device::Gpu(_)) {
        measured.push(in_pool(shared, || on_processor(wish, shared))??);
    }
    if !matches!(shared.device, Device::Cpu) {
        let adapters = sim_gpu::adapters();
        let is_wanted = |index: usize| !matches!(shared.device, Device::Gpu(Some(wanted)) if wanted != index);
        for (index, adapter) in adapters.iter().enumerate().filter(|(index, _)| is_wanted(*index)) {
            measured.push(in_pool(shared, || on_device(index, adapter.is_software, wish, shared))??);
        }
    }
    if measured.is_empty() {
        return Err(Problem::error(6100, "there is no such device to measure")
            .fix("tuiyan list devices")
            .into());
    }
    tell(wish, shared, &measured);
    Ok(report::DONE)
}

fn on_processor(wish: &Wish, shared: &Shared) -> Result<Measured, Problems> {
    let device = format!("cpu, {} threads", rayon::current_num_threads());
    announce(&device, shared);
    let rates = rates(wish, wish.side.unwrap_or(SIDES[0]), &mut Processor::default())?;
    let puffs = puff_rate(wish.side.unwrap_or(PUFF_SIDES[0]), &mut PuffProcessor::default())?;
    Ok(Measured { device, is_software: false, bandwidth: trial::memory_bandwidth(), rates, puffs })
}

fn on_device(index: usize, is_software: bool, wish: &Wish, shared: &Shared) -> Result<Measured, Problems> {
    let mut device = FloodDevice::open(index)?;
    let name = device.name();
    announce(&name, shared);
    let side = side(wish, is_software, SIDES);
    let rates = rates(wish, side, &mut device)?;
    let bandwidth = device.memory_bandwidth()?;
    drop(device);
    let side = self::side(wish, is_software, PUFF_SIDES);
    let puffs = puff_rate(side, &mut PuffDevice::open(index)?)?;
    Ok(Measured { device: name, is_software, bandwidth, rates, puffs })
}

/// Cells along each side on a device. A software driver is slow at any size: more cells would only take longer.
fn side(wish: &Wish, is_software: bool, usual: [usize; 3]) -> usize {
    match (wish.side, is_software) {
        (Some(side), true) => side.min(usual[2]),
        (None, true) => usual[2],
        (side, false) => side.unwrap_or(usual[1]),
    }
}

fn announce(device: &str, shared: &Shared) {
    if !shared.quiet {
        remark(&format!("measuring {device}"));
    }
}

fn rates(
    wish: &Wish,
    side: usize,
    backend: &mut dyn Backend,
) -> Result<Vec<(Scheme, Option<Rate>)>, Problems> {
    let schemes = sim_core::flood::flux::ALL.map(|(scheme, ..)| scheme);
    let measure = |scheme: Scheme| {
        let rate = match wish.wet {
            Some(share) => trial::rate_in_basin(scheme, side, share, SECONDS, backend)?,
            None => trial::rate(scheme, side, SECONDS, backend)?,
        };
        Ok((scheme, rate))
    };
    schemes.into_iter().map(measure).collect()
}

fn puff_rate(side: usize, backend: &mut dyn PuffBackend) -> Result<PuffRate, Problems> {
    gas::trial::rate(side, SECONDS, backend)
}

fn tell(wish: &Wish, shared: &Shared, measured: &[Measured]) {
    if shared.json {
        let devices: Vec<_> = measured.iter().map(|one| document(wish, one)).collect();
        say(&report::json(&json!({ "devices": devices })));
        return;
    }
    for one in measured {
        let note = if one.is_software { " (a driver that computes on the processor)" } else { "" };
        say(&format!("{}{note}: memory {:.1} GB/s", one.device, one.bandwidth / 1e9));
        for (scheme, rate) in &one.rates {
            say(&line(wish, one, *scheme, rate.as_ref()));
        }
        say(&puff_line(&one.puffs));
    }
}

fn line(wish: &Wish, one: &Measured, scheme: Scheme, rate: Option<&Rate>) -> String {
    let Some(rate) = rate else { return format!("  {:<9} not on this device", scheme.name()) };
    let forecast = wish.forecast.map_or_else(String::new, |forecast| {
        format!("   expected {}", duration(forecast.seconds(scheme, rate)))
    });
    format!(
        "  {:<9} {:>9.1} M cell-steps/s, {:>7.1} GB/s at least, {:>3.0} % of the memory   ({} cells, {:.0} % wet, {} steps, {:.2} s){forecast}",
        scheme.name(),
        rate.cell_steps_per_second / 1e6,
        rate.bytes_per_second / 1e9,
        100.0 * rate.bytes_per_second / one.bandwidth,
        rate.cells,
        100.0 * rate.wet_share,
        rate.steps,
        rate.seconds,
    )
}

fn puff_line(puffs: &PuffRate) -> String {
    format!(
        "  {:<9} {:>9.1} M pairs/s of a puff and a receptor   ({} receptors, {} puffs, {} steps, {:.2} s)",
        "puffs",
        puffs.pairs_per_second() / 1e6,
        puffs.receptors,
        puffs.puffs,
        puffs.steps,
        puffs.seconds,
    )
}

/// A wall time in words.
fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.1} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

fn document(wish: &Wish, one: &Measured) -> serde_json::Value {
    let schemes: Vec<_> = one
        .rates
        .iter()
        .map(|(scheme, rate)| match rate {
            None => json!({ "scheme": scheme.name(), "supported": false }),
            Some(rate) => json!({
                "scheme": scheme.name(),
                "supported": true,
                "cells": rate.cells,
                "steps": rate.steps,
                "wall_seconds": rate.seconds,
                "cell_steps_per_second": rate.cell_steps_per_second,
                "bytes_per_second": rate.bytes_per_second,
                "steps_per_second": rate.steps_per_second(),
                "wet_share": rate.wet_share,
                "expected_seconds": wish.forecast.map(|forecast| forecast.seconds(*scheme, rate)),
            }),
        })
        .collect();
    json!({
        "device": one.device,
        "is_software": one.is_software,
        "memory_bytes_per_second": one.bandwidth,
        "schemes": schemes,
        "puffs": {
            "receptors": one.puffs.receptors,
            "puffs": one.puffs.puffs,
            "steps": one.puffs.steps,
            "wall_seconds": one.puffs.seconds,
            "pairs_per_second": one.puffs.pairs_per_second(),
        },
    })
}
