//! What a reservoir releases: level-pool routing, before the water of the release runs over the ground.

use crate::flood::structure::{Gate, Heads, Law, Weir};
use crate::series::{Between, Series};

/// Difference of the stage between one step and two half ones that is let pass, m.
const TOLERANCE: f64 = 1e-5;

/// Longest and shortest step, s.
const LONGEST: f64 = 300.0;
const SHORTEST: f64 = 1e-3;

/// Time in which a gate moves, s: the release has no jumps, so that straight lines between its
/// samples carry exactly the water that left.
const GATE_MOVES: f64 = 1.0;

/// Halvings that find a stage: 2⁻¹⁰⁰ of the range of the table is below the rounding of any level.
const HALVINGS: usize = 100;

/// Volume of water over stage; straight lines between the points of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Storage {
    stages: Vec<f64>,
    volumes: Vec<f64>,
}

impl Storage {
    /// A table from (stage, volume) points, or `None` unless there are two or more and both rise.
    pub fn new(points: &[(f64, f64)]) -> Option<Self> {
        let finite = points.iter().all(|point| point.0.is_finite() && point.1.is_finite());
        let rises = points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1);
        (finite && rises && points.len() > 1).then(|| Self {
            stages: points.iter().map(|point| point.0).collect(),
            volumes: points.iter().map(|point| point.1).collect(),
        })
    }

    /// Lowest and highest stage of the table, m.
    pub fn range(&self) -> (f64, f64) {
        (self.stages[0], self.stages[self.stages.len() - 1])
    }

    /// Volume at a stage of the table, m³.
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::reservoir::Storage;
    /// let pond = Storage::new(&[(10.0, 0.0), (12.0, 400.0), (13.0, 1000.0)]).unwrap();
    /// assert_eq!((pond.volume(11.0), pond.volume(12.5)), (200.0, 700.0));
    /// assert!(Storage::new(&[(10.0, 5.0), (11.0, 5.0)]).is_none(), "no water, no step");
    /// ```
    pub fn volume(&self, stage: f64) -> f64 {
        let above = self.stages.partition_point(|&known| known <= stage).clamp(1, self.stages.len() - 1);
        let (z0, z1) = (self.stages[above - 1], self.stages[above]);
        let (v0, v1) = (self.volumes[above - 1], self.volumes[above]);
        v0 + (stage - z0) / (z1 - z0) * (v1 - v0)
    }
}

/// A way out of a reservoir, falling freely.
#[derive(Debug, Clone, PartialEq)]
pub enum Outlet {
    /// Over a crest.
    Weir(Weir),
    /// Through an opening.
    Gate(Gate),
}

impl Outlet {
    /// Level from which water leaves, m.
    pub fn bottom(&self) -> f64 {
        match self {
            Self::Weir(weir) => weir.crest,
            Self::Gate(gate) => gate.sill,
        }
    }

    fn discharge(&self, stage: f64, time: f64) -> f64 {
        let heads = Heads {
            from_level: stage,
            from_depth: f64::INFINITY,
            to_level: f64::NEG_INFINITY,
            to_depth: 0.0,
            time,
        };
        match self {
            Self::Weir(weir) => weir.discharge(heads, &mut false),
            Self::Gate(gate) => gate.discharge(heads, &mut false),
        }
    }
}

/// A reservoir with a level surface.
#[derive(Debug, Clone, PartialEq)]
pub struct Reservoir {
    /// Its volume over its stage.
    pub storage: Storage,
    /// Stage at the start, m.
    pub initial_stage: f64,
    /// What flows into it, m³/s.
    pub inflow: Series,
    /// Where water leaves; their bottoms lie in the table.
    pub outlets: Vec<Outlet>,
}

/// What a reservoir did, at rising times.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    /// Name of its inflow.
    pub name: String,
    /// s
    pub times: Vec<f64>,
    /// m
    pub stages: Vec<f64>,
    /// m³/s
    pub discharges: Vec<f64>,
}

impl Release {
    /// The release in time, straight lines between its samples.
    pub fn series(&self) -> Option<Series> {
        Series::new(self.times.clone(), self.discharges.clone(), Between::Line)
    }

    /// Position of the largest release, the first of equals.
    pub fn peak(&self) -> usize {
        let larger =
            |best: usize, i: usize| if self.discharges[i] > self.discharges[best] { i } else { best };
        (1..self.discharges.len()).fold(0, larger)
    }
}

/// Why the routing came to no end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Halt {
    /// The water rose above the table.
    Full {
        /// s
        time: f64,
    },
    /// The outlets would empty the reservoir in a millisecond.
    TooFast {
        /// s
        time: f64,
    },
}

/// Water of a moment.
#[derive(Debug, Clone, Copy)]
struct Pool {
    stage: f64,
    volume: f64,
    discharge: f64,
}

impl Reservoir {
    /// Routes the inflow through the reservoir up to a time.
    ///
    /// The volume obeys $dV/dt = I(t) - Q(z)$, solved by the implicit trapezoidal rule (level-pool
    /// routing, the modified Puls method) with steps that are halved until the stage changes by
    /// less than a hundredth of a millimetre:
    ///
    /// $$ V^{n+1} + \tfrac{\Delta t}{2} Q^{n+1} = V^n + \int I\,dt - \tfrac{\Delta t}{2} Q^n $$
    ///
    /// What straight lines between the samples of the release carry is exactly what left.
    ///
    /// # Valid for
    /// Reservoirs short enough for a level surface; outlets that fall freely.
    ///
    /// # Errors
    /// [`Halt`] when the water rises above the table or the outlets are far too large for it.
    ///
    /// # Source
    /// Chow, Maidment & Mays 1988 (`chow1988`), section 8.2.
    pub fn route(&self, name: &str, until: f64) -> Result<Release, Halt> {
        let mut pool = Pool {
            stage: self.initial_stage,
            volume: self.storage.volume(self.initial_stage),
            discharge: self.discharge(self.initial_stage, 0.0),
        };
        let mut release = Release {
            name: name.into(),
            times: vec![0.0],
            stages: vec![pool.stage],
            discharges: vec![pool.discharge],
        };
        let (mut time, mut length) = (0.0, 1.0);
        for mark in self.marks(until) {
            while time < mark {
                let end = if time + 1.5 * length >= mark { mark } else { time + length };
                let middle = 0.5 * (time + end);
                let whole = self.after(pool, time, end);
                let first = self.after(pool, time, middle);
                let second = first.and_then(|first| self.after(first, middle, end));
                let is_shortest = end - time <= SHORTEST;
                let (first, second, change) = match (whole, first, second) {
                    (Ok(whole), Ok(first), Ok(second)) => (first, second, (whole.stage - second.stage).abs()),
                    (Err(halt), ..) | (_, Err(halt), _) | (.., Err(halt)) if is_shortest => return Err(halt),
                    _ => {
                        length = 0.5 * (end - time);
                        continue;
                    }
                };
                if change > TOLERANCE && !is_shortest {
                    length = 0.5 * (end - time);
                    continue;
                }
                for (at, pool) in [(middle, first), (end, second)] {
                    release.times.push(at);
                    release.stages.push(pool.stage);
                    release.discharges.push(pool.discharge);
                }
                if change < 0.1 * TOLERANCE {
                    length = (2.0 * (end - time)).clamp(length, LONGEST);
                }
                (pool, time) = (second, end);
            }
        }
        Ok(release)
    }

    /// Times at which a step must end: samples of the inflow, gates that begin or cease to move.
    fn marks(&self, until: f64) -> Vec<f64> {
        let gates = self.outlets.iter().filter_map(|outlet| match outlet {
            Outlet::Gate(gate) => Some(gate.open),
            Outlet::Weir(_) => None,
        });
        let moves =
            gates.flat_map(|(opens, closes)| [opens, opens + GATE_MOVES, closes, closes + GATE_MOVES]);
        let mut marks: Vec<f64> = moves
            .chain(self.inflow.times().iter().copied())
            .filter(|&mark| mark > 0.0 && mark < until)
            .chain([until])
            .collect();
        marks.sort_by(f64::total_cmp);
        marks.dedup();
        marks
    }

    fn discharge(&self, stage: f64, time: f64) -> f64 {
        self.outlets.iter().map(|outlet| outlet.discharge(stage, time)).sum()
    }

    /// The pool after one step; gates stand as in its middle.
    fn after(&self, pool: Pool, start: f64, end: f64) -> Result<Pool, Halt> {
        let half = 0.5 * (end - start);
        let target = pool.volume + self.inflow.integral(start, end) - half * pool.discharge;
        let discharge = |stage: f64| self.discharge(stage, start + half);
        let excess = |stage: f64| self.storage.volume(stage) + half * discharge(stage) - target;
        let (mut low, mut high) = self.storage.range();
        if excess(high) < 0.0 {
            return Err(Halt::Full { time: end });
        }
        if excess(low) > 0.0 {
            return Err(Halt::TooFast { time: end });
        }
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if excess(middle) < 0.0 { low = middle } else { high = middle }
        }
        let discharge = discharge(high);
        Ok(Pool { stage: high, volume: target - half * discharge, discharge })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flood::structure::weir::BROAD_CRESTED;

    const AREA: f64 = 2e4;
    const LENGTH: f64 = 8.0;

    fn weir(crest: f64) -> Outlet {
        Outlet::Weir(Weir { crest, length: LENGTH, coefficient: BROAD_CRESTED })
    }

    /// Vertical sides, ten metres deep.
    fn tank(initial_stage: f64, inflow: Series, outlets: Vec<Outlet>) -> Reservoir {
        let storage = Storage::new(&[(0.0, 0.0), (10.0, 10.0 * AREA)]).expect("rising");
        Reservoir { storage, initial_stage, inflow, outlets }
    }

    #[test]
    fn a_tank_drains_over_its_weir_as_the_closed_form_says() {
        // dH/dt = -C L H^1.5/A has the solution H = (H₀^-½ + C L t/(2 A))^-2.
        let release = tank(5.0, Series::constant(0.0), vec![weir(3.0)]).route("t", 7200.0).expect("drains");
        for (&time, &stage) in release.times.iter().zip(&release.stages) {
            let head = (2f64.powf(-0.5) + BROAD_CRESTED * LENGTH * time / (2.0 * AREA)).powi(-2);
            assert!((stage - 3.0 - head).abs() < 1e-3 * head, "{time} s: {} m, not {head} m", stage - 3.0);
        }
    }

    #[test]
    fn what_came_less_what_left_is_what_stayed() {
        let flood = Series::new(vec![0.0, 1800.0, 3600.0], vec![0.0, 30.0, 0.0], Between::Line);
        let gate = Outlet::Gate(Gate {
            sill: 0.5,
            width: 2.0,
            height: 1.0,
            coefficient: 0.6,
            has_flap: false,
            open: (600.0, 5000.0),
        });
        let tank = tank(3.0, flood.expect("rising"), vec![weir(4.0), gate]);
        let release = tank.route("t", 9000.0).expect("stays in the table");
        let came = tank.inflow.integral(0.0, 9000.0);
        let left = release.series().expect("rising").integral(0.0, 9000.0);
        let volume = |stage: f64| tank.storage.volume(stage);
        let stayed = volume(release.stages[release.stages.len() - 1]) - volume(3.0);
        assert!((came - left - stayed).abs() < 1e-9 * came, "{came} {left} {stayed}");
        assert!(left > 0.0 && release.discharges[0] == 0.0, "the gate is shut at first");
    }

    #[test]
    fn a_steady_inflow_ends_at_the_head_that_carries_it() {
        let release = tank(3.0, Series::constant(10.0), vec![weir(3.0)]).route("t", 1e6).expect("steady");
        let head = (10.0 / (BROAD_CRESTED * LENGTH)).powf(2.0 / 3.0);
        assert!((release.stages[release.stages.len() - 1] - 3.0 - head).abs() < 1e-4);
        assert!((release.discharges[release.peak()] - 10.0).abs() < 1e-3);
    }

    #[test]
    fn the_peak_of_the_release_lies_where_it_crosses_the_falling_inflow() {
        let flood = Series::new(vec![0.0, 1200.0, 3600.0], vec![0.0, 40.0, 0.0], Between::Line);
        let tank = tank(3.0, flood.expect("rising"), vec![weir(3.0)]);
        let release = tank.route("t", 7200.0).expect("stays in the table");
        let peak = release.peak();
        let inflow = tank.inflow.at(release.times[peak]);
        assert!((inflow - release.discharges[peak]).abs() < 0.2, "{inflow} {}", release.discharges[peak]);
        assert!(release.discharges[peak] < 40.0);
    }

    #[test]
    fn water_above_the_table_stops_it() {
        let halt = tank(9.0, Series::constant(100.0), vec![weir(9.5)]).route("t", 1e5);
        assert!(matches!(halt, Err(Halt::Full { .. })), "{halt:?}");
    }
}
