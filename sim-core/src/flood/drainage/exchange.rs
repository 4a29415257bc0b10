//! The exchange between surface and network, interval by interval.

use crate::error::Result;
use crate::flood::drainage::{Engine, LARGEST_SHARE, ManholeRecord, Sewers};
use crate::flood::snapshot::Tape;
use crate::flood::step::Solver;
use crate::flood::volumes::Account;

/// Discharge below which an inlet takes nothing, m³/s: engines drop such inflows
/// (EPA SWMM below 1e-5 cubic feet per second), and what is dropped would be lost.
const SMALLEST_INFLOW: f64 = 1e-6;

/// What a manhole that gave water may take again at first, m³/s; twice as much in every
/// interval until it is full again.
const FIRST_TRIAL: f64 = 1e-5;

/// Growth per interval of what a manhole may take whose pipes accepted something when it was
/// full: slow, because every change between full and not full costs engines some of their balance.
const SLOW_GROWTH: f64 = 1.02;

/// Surface and network of one run, in step.
pub struct Exchange {
    sewers: Sewers,
    engine: Box<dyn Engine>,
    /// Inflow of the last interval, m³/s, one per manhole.
    inflow: Vec<f64>,
    /// What each manhole may take, m³/s: what its pipes accepted when it was last full.
    allowed: Vec<f64>,
    /// By how much that grows in an interval without a spill.
    growth: Vec<f64>,
    outfalls: f64,
    own: f64,
    /// Volumes since the start, m³.
    account: [Account; 5],
    records: Vec<ManholeRecord>,
    /// Every inflow that was not zero: interval, manhole, m³/s.
    history: Vec<[f64; 3]>,
    intervals: u64,
}

/// Volumes of a network since the start, m³.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// Taken from the surface.
    pub taken: f64,
    /// Given back to the surface.
    pub spilled: f64,
    /// Left through outfalls.
    pub outfalls: f64,
    /// Own inflow of the network.
    pub own: f64,
    /// Spilled at nodes that are not joined to the surface, and lost.
    pub astray: f64,
    /// Between inlet and pipe: taken from the surface, not yet counted by the engine.
    pub in_transit: f64,
    /// Lost (positive) or made (negative) by the engine.
    pub engine_error: f64,
    /// Left in the network: what came less what went less the error.
    pub gain: f64,
}

impl Exchange {
    /// Network and surface at time zero.
    ///
    /// # Errors
    /// Why the network cannot be routed.
    pub fn begin(sewers: &Sewers, solver: &mut Solver) -> Result<Self> {
        let engine = sewers.network.open()?;
        solver.join(sewers.manholes.iter().map(|manhole| manhole.cell));
        let count = sewers.manholes.len();
        Ok(Self {
            sewers: sewers.clone(),
            engine,
            inflow: vec![0.0; count],
            allowed: vec![f64::INFINITY; count],
            growth: vec![2.0; count],
            outfalls: 0.0,
            own: 0.0,
            account: [Account::default(); 5],
            records: vec![ManholeRecord::new(); count],
            history: Vec::new(),
            intervals: 0,
        })
    }

    /// Time of the next exchange, s.
    pub fn next(&self) -> f64 {
        self.intervals as f64 * self.sewers.interval
    }

    /// Takes water from the surface, routes it through one interval, and lets the surface
    /// receive what spilled.
    ///
    /// # Errors
    /// Why the engine stopped.
    pub fn exchange(&mut self, solver: &mut Solver) -> Result<()> {
        let interval = self.sewers.interval;
        let inflow = self.take(solver);
        self.engine.advance(&self.by_node(&inflow))?;
        let time = self.next();
        let now = self.engine.now();
        let spilled = self.by_manhole(now.spilled);
        for (manhole, record) in self.records.iter_mut().enumerate() {
            let (taken, spilled) = (inflow[manhole], spilled[manhole]);
            record.note(spilled - taken, time, interval);
            let (allowed, growth) = (&mut self.allowed[manhole], &mut self.growth[manhole]);
            if spilled > 0.0 {
                *allowed = (taken - spilled).max(0.0);
                *growth = if *allowed > 0.0 { SLOW_GROWTH } else { 2.0 };
            } else {
                *allowed = (*growth * *allowed).max(FIRST_TRIAL);
            }
        }
        let on_the_street = spilled.iter().sum::<f64>();
        let [taken, returned, outfalls, own, astray] = &mut self.account;
        taken.add(inflow.iter().sum::<f64>() * interval);
        returned.add(on_the_street * interval);
        outfalls.add(0.5 * (self.outfalls + now.outfalls) * interval);
        own.add(0.5 * (self.own + now.own) * interval);
        astray.add((now.spilled.iter().sum::<f64>() - on_the_street) * interval);
        (self.outfalls, self.own) = (now.outfalls, now.own);
        solver.set_returns(&spilled);
        let at = self.intervals as f64;
        let some = inflow.iter().enumerate().filter(|(_, discharge)| **discharge > 0.0);
        self.history.extend(some.map(|(manhole, &discharge)| [at, manhole as f64, discharge]));
        self.inflow = inflow;
        self.intervals += 1;
        Ok(())
    }

    /// What each manhole takes from its cell in the interval that begins, m³/s.
    fn take(&mut self, solver: &mut Solver) -> Vec<f64> {
        let (interval, area) = (self.sewers.interval, solver.cell_area());
        let manholes = self.sewers.manholes.iter().zip(&self.allowed);
        manholes
            .map(|(manhole, &allowed)| {
                let (depth, _, _) = solver.water_at(manhole.cell.0, manhole.cell.1);
                let most = (LARGEST_SHARE * depth * area / interval).min(allowed);
                let discharge = manhole.inlet.discharge(depth).min(most);
                if discharge < SMALLEST_INFLOW {
                    return 0.0;
                }
                solver.give_to_sewer(manhole.cell, discharge * interval);
                discharge
            })
            .collect()
    }

    /// Numbers of the manholes, in the order of the nodes of the engine.
    fn by_node(&self, of_manhole: &[f64]) -> Vec<f64> {
        let mut of_node = vec![0.0; self.sewers.nodes];
        for (manhole, &number) in self.sewers.manholes.iter().zip(of_manhole) {
            of_node[manhole.node] = number;
        }
        of_node
    }

    /// Numbers of the nodes of the engine, in the order of the manholes.
    fn by_manhole(&self, of_node: &[f64]) -> Vec<f64> {
        self.sewers.manholes.iter().map(|manhole| of_node[manhole.node]).collect()
    }

    /// What happened at each manhole.
    pub fn records(&self) -> &[ManholeRecord] {
        &self.records
    }

    /// Ends the run of the engine; where all water is now.
    ///
    /// # Errors
    /// Why the engine cannot say what it lost.
    pub fn close(&mut self) -> Result<Shares> {
        let engine_error = self.engine.close()?;
        let [taken, spilled, outfalls, own, astray] = self.account.map(|account| account.total());
        let in_transit = 0.5 * self.inflow.iter().sum::<f64>() * self.sewers.interval;
        let gain = taken + own - in_transit - spilled - outfalls - astray - engine_error;
        Ok(Shares { taken, spilled, outfalls, own, astray, in_transit, engine_error, gain })
    }

    /// Leads a tape over everything that changes during the run.
    pub fn pass(&mut self, tape: &mut dyn Tape) {
        tape.count(&mut self.intervals);
        tape.doubles(&mut self.inflow);
        tape.doubles(&mut self.allowed);
        tape.doubles(&mut self.growth);
        for number in [&mut self.outfalls, &mut self.own] {
            tape.doubles(std::slice::from_mut(number));
        }
        self.account.iter_mut().for_each(|account| account.pass(tape));
        for record in &mut self.records {
            record.numbers().into_iter().for_each(|number| tape.doubles(std::slice::from_mut(number)));
        }
        let mut entries = self.history.len() as u64;
        tape.count(&mut entries);
        self.history.resize(entries as usize, [0.0; 3]);
        self.history.iter_mut().for_each(|entry| tape.doubles(entry));
    }

    /// Brings a new engine to where the history ends: engines keep no state that could be put back.
    ///
    /// # Errors
    /// Why the engine stopped.
    pub fn replay(&mut self, solver: &mut Solver) -> Result<()> {
        let mut entries = self.history.iter().peekable();
        let mut inflow = vec![0.0; self.inflow.len()];
        for interval in 0..self.intervals {
            inflow.fill(0.0);
            while let Some(&[_, manhole, discharge]) = entries.next_if(|entry| entry[0] == interval as f64) {
                inflow[manhole as usize] = discharge;
            }
            self.engine.advance(&self.by_node(&inflow))?;
        }
        let spilled = self.by_manhole(self.engine.now().spilled);
        solver.set_returns(&spilled);
        Ok(())
    }
}
