//! Sewers in a run: when surface and network meet, and what is told of it.

use crate::error::{Problem, Result};
use crate::flood::NOT_MODELLED;
use crate::flood::drainage::{Exchange, Manhole, ManholeRecord, Shares};
use crate::flood::product::MINUTE;
use crate::run::Ledger;
use crate::run::flood::{FloodCase, Run};

/// Balance error of the engine that is worth a warning, as a share of all water of the run.
///
/// Far above what a step of a second leaves, far below what a planner would act on.
const LARGEST_ENGINE_ERROR: f64 = 1e-4;

/// Volume from which an own inflow of the network is told, m³.
const SMALLEST_TOLD: f64 = 0.5;

/// Manholes named in the summary.
const WORST: usize = 3;

/// How the list of what is not modelled names sewers when there are none.
const NO_SEWERS: &str = "sewers";

/// What a network leaves out.
const LEFT_OUT: [&str; 2] = [
    "sewers that are not in the network; inlets that are clogged more than was said",
    "the weight of deep water over a full manhole, which would press more into the pipes",
];

impl Run<'_, '_> {
    /// Exchanges with the network where it is time; when the surface must stop next, at `mark` at the latest.
    pub(super) fn meet_sewers(&mut self, mark: f64) -> Result<f64> {
        let Some(exchange) = &mut self.exchange else { return Ok(mark) };
        if exchange.next() <= self.solver.time() {
            exchange.exchange(&mut self.solver)?;
        }
        Ok(exchange.next().min(mark))
    }

    /// Manholes with what happened at each.
    pub(super) fn manholes(&self) -> Vec<(Manhole, ManholeRecord)> {
        let (Some(sewers), Some(exchange)) = (&self.case.sewers, &self.exchange) else { return Vec::new() };
        sewers.manholes.iter().cloned().zip(exchange.records().iter().copied()).collect()
    }

    /// Closes the network.
    pub(super) fn close_sewers(&mut self) -> Result<()> {
        if let Some(exchange) = &mut self.exchange {
            self.shares = Some(exchange.close()?);
        }
        Ok(())
    }
}

/// The network of a case at its start.
pub(super) fn begin(case: &FloodCase, solver: &mut crate::flood::Solver) -> Result<Option<Exchange>> {
    case.sewers.as_ref().map(|sewers| Exchange::begin(sewers, solver)).transpose()
}

/// What must hold of the sewers of a case before the first step.
pub(super) fn check(case: &FloodCase, problems: &mut Vec<Problem>) {
    let Some(sewers) = &case.sewers else { return };
    let steps = case.duration / sewers.interval;
    let divides = sewers.interval > 0.0 && (steps - steps.round()).abs() <= 1e-9 * steps;
    if !divides {
        let text = format!(
            "the run of {} s is not a whole number of sewer steps of {} s",
            case.duration, sewers.interval
        );
        problems.push(Problem::error(5065, text).fix("choose a step that divides the duration"));
    }
    let (rows, columns) = case.grid.shape();
    for manhole in &sewers.manholes {
        let (row, column) = manhole.cell;
        let inside = row < rows && column < columns && !case.bed[(row, column)].is_nan();
        let sound = manhole.inlet.perimeter >= 0.0 && manhole.inlet.opening >= 0.0;
        if !(inside && sound && manhole.node < sewers.nodes) {
            let text = format!("manhole '{}' lies outside the area or has impossible openings", manhole.name);
            problems.push(
                Problem::error(5066, text).fix("place it on the terrain, with openings of zero or more"),
            );
        }
    }
}

/// Lines of the summary: the network, then the manholes that spilled most.
pub(super) fn summary(
    case: &FloodCase,
    exchange: &Exchange,
    shares: &Shares,
    ledger: &Ledger,
) -> Vec<String> {
    let Some(sewers) = &case.sewers else { return Vec::new() };
    let records = exchange.records();
    let spilled = records.iter().filter(|record| record.has_spilled()).count();
    let mut lines = vec![format!(
        "Sewers: took {:.0} m3, gave back {:.0} m3 at {spilled} of {} manholes, {:.0} m3 left through outfalls, \
         {:.0} m3 are in the pipes",
        shares.taken,
        shares.spilled,
        records.len(),
        shares.outfalls,
        shares.gain + shares.in_transit
    )];
    if shares.own.abs() >= SMALLEST_TOLD {
        lines.push(format!("Own inflow of the sewers: {:.0} m3", shares.own));
    }
    let water = all_water(shares, ledger);
    lines.push(format!(
        "Surface and sewers together: error {:.1e} of the water, surface {:.1e}, sewer engine {:.1e}",
        (shares.engine_error + ledger.relative_error * water) / water,
        ledger.relative_error,
        shares.engine_error / water
    ));
    let mut worst: Vec<(&str, &ManholeRecord)> =
        sewers.manholes.iter().map(|manhole| manhole.name.as_str()).zip(records).collect();
    worst.retain(|(_, record)| record.has_spilled());
    worst.sort_by(|a, b| b.1.spilled.total_cmp(&a.1.spilled));
    let one = |(name, record): &(&str, &ManholeRecord)| {
        format!("{name} {:.0} m3 from {:.0} min", record.spilled, record.first_spill / MINUTE)
    };
    if !worst.is_empty() {
        let named: Vec<String> = worst.iter().take(WORST).map(one).collect();
        lines.push(format!("Manholes that spill most: {}", named.join("; ")));
    }
    lines
}

/// Warnings when water got lost on the way.
pub(super) fn warnings(shares: &Shares, ledger: &Ledger) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let water = all_water(shares, ledger);
    if shares.engine_error.abs() > LARGEST_ENGINE_ERROR * water {
        let text = format!(
            "the sewer engine lost {:.1} m3, {:.2} % of the water",
            shares.engine_error,
            100.0 * shares.engine_error / water
        );
        warnings.push(
            Problem::warning(5206, text)
                .why("what it loses stands neither in the streets nor in the pipes")
                .fix("give a shorter step in [sewers], or look for very short or steep pipes"),
        );
    }
    if shares.astray > 0.0 {
        let text = format!("{:.1} m3 spilled at nodes outside the area and are lost to it", shares.astray);
        warnings.push(Problem::warning(5207, text).fix("extend the terrain over the whole network"));
    }
    warnings
}

/// All water that was there or came, on the surface and in the network, m³.
fn all_water(shares: &Shares, ledger: &Ledger) -> f64 {
    // What spills has come before; counting it again would hide an error.
    let came: f64 =
        ledger.entries.iter().filter(|entry| entry.0 != SPILLED).map(|entry| entry.1.max(0.0)).sum();
    (ledger.initial + came + shares.own.max(0.0)).max(f64::MIN_POSITIVE)
}

/// Name of the entry of what manholes gave back.
pub(super) const SPILLED: &str = "sewers_back";

/// Name of the entry of what inlets took.
pub(super) const TAKEN: &str = "sewers_in";

/// What a run with or without sewers leaves out.
pub(super) fn not_modelled(case: &FloodCase) -> Vec<String> {
    let all = NOT_MODELLED.iter().map(|&phrase| phrase.to_string());
    match case.sewers {
        None => all.collect(),
        Some(_) => LEFT_OUT
            .iter()
            .map(|&phrase| phrase.to_string())
            .chain(all.filter(|phrase| !phrase.starts_with(NO_SEWERS)))
            .collect(),
    }
}

/// Brings the network to where the surface is, after the state was put back.
pub(super) fn go_on(run: &mut Run<'_, '_>) -> Result<()> {
    match &mut run.exchange {
        Some(exchange) => exchange.replay(&mut run.solver),
        None => Ok(()),
    }
}
