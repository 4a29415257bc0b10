//! A long gas pipeline that breaks, is fed until a valve closes, and empties.

use crate::error::{Problem, Result};
use crate::gas::source::SourceKind;
use crate::gas::source::fanno::{FedFlow, FedPipe};
use crate::gas::source::gas_hole::GasHole;
use crate::gas::source::history::{History, Sample, State};
use crate::gas::source::hj169;
use crate::gas::source::nozzle::Stagnation;
use crate::gas::source::term::{Fact, Range, SourceTerm, refuse_outside, settle};
use crate::gas::substance::Substance;
use crate::units::GAS_CONSTANT;

/// A gas pipeline that breaks, is fed until a valve closes, and empties.
pub struct PipelineBlowdownKind;

impl SourceKind for PipelineBlowdownKind {
    fn name(&self) -> &'static str {
        "pipeline_blowdown"
    }

    fn meaning(&self) -> &'static str {
        "a gas pipeline that breaks, is fed until a valve closes, and empties"
    }
}

/// How the pipe is open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Opening {
    /// Torn apart: both ends blow out over the whole section.
    Rupture,
    /// A hole of a diameter, m, in the wall.
    Hole {
        /// Diameter, m.
        diameter: f64,
    },
}

/// What feeds the pipe from upstream.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Feed {
    /// Nothing: the section is shut off when it breaks.
    ShutOff,
    /// A source that keeps its pressure until the valve closes.
    ValveCloses {
        /// Time from the break, s.
        after: f64,
    },
}

/// A section of a gas pipeline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PipelineBlowdown {
    /// Inner diameter, m.
    pub pipe_diameter: f64,
    /// Roughness of the wall, m.
    pub roughness: f64,
    /// From the break upstream to the valve, m.
    pub upstream_length: f64,
    /// From the break downstream to a valve or closed end, m; 0 if there is none.
    pub downstream_length: f64,
    /// Absolute pressure before the break, Pa.
    pub pressure: f64,
    /// Temperature of the gas, K.
    pub temperature: f64,
    /// Compressibility factor; 1 for an ideal gas.
    pub compressibility: f64,
    /// How it is open.
    pub opening: Opening,
    /// Discharge coefficient of the opening.
    pub discharge_coefficient: f64,
    /// What feeds it.
    pub feed: Feed,
}

/// Darcy friction factor of fully rough flow.
///
/// $$ f = \left(-2 \log_{10} \frac{\varepsilon/d}{3.7}\right)^{-2} $$
///
/// # Source
/// colebrook1939, limit of large Reynolds numbers.
///
/// # Example
/// ```
/// // A roughness of a thousandth of the diameter: (2 · 3.568)^-2 = 0.0196, as in every Moody chart.
/// let factor = sim_core::gas::source::pipeline_blowdown::rough_friction_factor(0.001);
/// assert!((factor - 0.0196).abs() < 1e-4);
/// ```
pub fn rough_friction_factor(relative_roughness: f64) -> f64 {
    (-2.0 * (relative_roughness / 3.7).log10()).powi(-2)
}

/// One side of the break: a shut pipe that empties through its share of the opening.
///
/// $$ Q(t) = \frac{Q_0}{1+\alpha}\left[e^{-t/(\alpha^2\beta)} + \alpha e^{-t/\beta}\right], \qquad
///    \alpha = \frac{M_0}{\beta Q_0} $$
/// $$ \beta = \tfrac23 \tau K_f \Gamma^{3/2} K_h^{-3}\left[\left(1 + \frac{K_h^2}{K_f\Gamma}\right)^{3/2} - 1\right] $$
/// $$ \tau = L/c,\quad K_f = \frac{d}{\gamma f L},\quad K_h = \frac{C_d A_h}{A_p},\quad
///    \Gamma = \left(\frac{\gamma+1}{2}\right)^{\frac{\gamma+1}{\gamma-1}} $$
///
/// The two exponentials carry exactly the gas that was in the pipe.
///
/// # Source
/// wilson1979 as given by aloha2013 (read through pyELDQM); for a full break of
/// a long pipe β is the time constant of yellowbook equation 2.35,
/// 0.67 (γ f L/d)^½ L/c.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WilsonArm {
    /// Rate at the start, kg/s.
    pub first_rate: f64,
    /// Ratio α of the gas in the pipe to β times the first rate.
    pub alpha: f64,
    /// Time constant β, s.
    pub beta: f64,
}

impl WilsonArm {
    /// The arm of a pipe filled with gas.
    ///
    /// # Units
    /// - `length`, `diameter`: m; `friction`: factor of Darcy; `hole_area`: m², effective
    pub fn new(gas: &Stagnation, length: f64, diameter: f64, friction: f64, hole_area: f64) -> Self {
        let gamma = gas.heat_capacity_ratio;
        let pipe_area = std::f64::consts::FRAC_PI_4 * diameter * diameter;
        let big_gamma = ((gamma + 1.0) / 2.0).powf((gamma + 1.0) / (gamma - 1.0));
        let tau = length / gas.sound_speed();
        let kf = diameter / (gamma * friction * length);
        let kh = hole_area / pipe_area;
        let bracket = (1.5 * (kh * kh / (kf * big_gamma)).ln_1p()).exp_m1();
        let beta = 2.0 / 3.0 * tau * kf * big_gamma.powf(1.5) * kh.powi(-3) * bracket;
        let first_rate = hole_area * gas.density() * gas.sound_speed() / big_gamma.sqrt();
        Self { first_rate, alpha: gas.density() * pipe_area * length / (beta * first_rate), beta }
    }

    /// Mass rate, kg/s.
    pub fn rate(&self, time: f64) -> f64 {
        let Self { first_rate, alpha, beta } = *self;
        first_rate / (1.0 + alpha) * ((-time / (alpha * alpha * beta)).exp() + alpha * (-time / beta).exp())
    }

    /// Mass released until a time, kg.
    pub fn released(&self, time: f64) -> f64 {
        let Self { first_rate, alpha, beta } = *self;
        let short = alpha * alpha * beta * -(-time / (alpha * alpha * beta)).exp_m1();
        let long = alpha * beta * -(-time / beta).exp_m1();
        first_rate / (1.0 + alpha) * (short + long)
    }

    /// Gas in the pipe at the start, kg.
    pub fn content(&self) -> f64 {
        self.first_rate * self.alpha * self.beta
    }

    /// First time at which a falling function of time is at most a bound.
    fn first_time(&self, falls: impl Fn(f64) -> f64, bound: f64) -> f64 {
        let mut high = self.alpha * self.alpha * self.beta + self.beta;
        for _ in 0..DOUBLINGS {
            if falls(high) <= bound {
                break;
            }
            high *= 2.0;
        }
        let mut low = 0.0;
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if falls(middle) > bound {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }
}

/// Doublings of the search for an end: more than any pipe needs.
const DOUBLINGS: usize = 60;

/// Halvings of a search in time.
const HALVINGS: usize = 60;

/// Samples of each falling part of the release.
const SAMPLES: usize = 800;

/// First sample after a jump, as a share of the part's length.
const FIRST_SHARE: f64 = 1e-5;

/// One side of the break with its feed.
#[derive(Debug, Clone, Copy)]
struct Side {
    arm: WilsonArm,
    /// Rate that the feed keeps up, and how long; none without feed.
    fed: Option<Fed>,
    /// When all gas above the pressure of the air is out.
    end: f64,
}

#[derive(Debug, Clone, Copy)]
struct Fed {
    rate: f64,
    from: f64,
    hold: f64,
}

impl Side {
    /// Rate at a time, or just after it.
    fn rate(&self, time: f64, after: bool) -> f64 {
        let hold = self.fed.map_or(0.0, |fed| (time - fed.from).clamp(0.0, fed.hold));
        let is_over = time > self.end || (after && time == self.end);
        if is_over { 0.0 } else { self.arm.rate(time - hold) }
    }

    fn fed_mass(&self) -> f64 {
        self.fed.map_or(0.0, |fed| fed.rate * fed.hold)
    }

    fn times(&self) -> Vec<f64> {
        let mut breaks = vec![0.0];
        if let Some(fed) = self.fed {
            breaks.extend([fed.from, fed.from + fed.hold]);
        }
        breaks.push(self.end);
        let mut times = breaks.clone();
        for pair in breaks.windows(2) {
            let width = pair[1] - pair[0];
            let step = FIRST_SHARE.ln() / SAMPLES as f64;
            times.extend((0..=SAMPLES).map(|i| pair[0] + width * (step * i as f64).exp()));
        }
        times
    }
}

impl PipelineBlowdown {
    /// The release until the pipe is at the pressure of the air.
    ///
    /// Each side of the break empties as [`WilsonArm`] says. On the upstream side
    /// the rate falls along that curve until it meets the steady rate that a
    /// source of constant pressure keeps up through the friction of the pipe
    /// ([`FedPipe`]); it stays there until the valve closes and then falls on
    /// along the same curve. So the gas in the section and the gas that was fed
    /// both come out, and no more.
    ///
    /// Assumed: the source keeps its pressure whatever flows; the valve closes at
    /// once when it closes; nothing flows back from behind the downstream end; a
    /// hole is shared evenly by both sides; the gas keeps its temperature.
    ///
    /// # Valid for
    /// Choked flow at the start. The last gas, below the pressure of the air,
    /// stays in the pipe.
    ///
    /// # Errors
    /// E4041 an input that cannot be, E4042 the flow is not choked, E4030 to
    /// E4032 as for a hole.
    ///
    /// # Source
    /// wilson1979, aloha2013; steady feed: shapiro1953.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::{source::pipeline_blowdown::*, substance};
    /// let pipeline = PipelineBlowdown {
    ///     pipe_diameter: 0.5, roughness: 5e-5, upstream_length: 10_000.0, downstream_length: 0.0,
    ///     pressure: 4e6, temperature: 288.15, compressibility: 1.0, opening: Opening::Rupture,
    ///     discharge_coefficient: 1.0, feed: Feed::ShutOff,
    /// };
    /// // 1963 m³ of methane at 26.8 kg/m³ is 52.6 t; a fortieth of it stays.
    /// let term = pipeline.release(substance::find("methane")?, 101_325.0)?;
    /// assert!((term.history.total() / 51_270.0 - 1.0).abs() < 0.002);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn release(&self, substance: &Substance, air_pressure: f64) -> Result<SourceTerm> {
        settle(self.problems())?;
        let hole = self.hole().outflow(substance, air_pressure)?;
        if !hole.exit.choked {
            return Err(self.too_weak(air_pressure / hole.critical_ratio).into());
        }
        let gas = self.gas(substance);
        let fed = self.fed_flow(&gas, air_pressure);
        let sides = self.sides(&gas, air_pressure, fed);
        let first: f64 = sides.iter().map(|side| side.arm.first_rate).sum();
        let history = self.history(&sides, &gas, substance, air_pressure)?;
        let content: f64 = sides.iter().map(|side| side.arm.content()).sum();
        let facts = vec![
            Fact::number("rate at the start", first, "kg/s", "wilson1979 Q0"),
            Fact::claim("choked at the start", true, "ccps1999 2.17"),
            hj169::gas_fact(&self.hole(), substance, air_pressure),
            Fact::number("time constant", sides[0].arm.beta, "s", "wilson1979 beta"),
            Fact::number("gas in the section", content, "kg", "p V M/(Z R T)"),
            Fact::number("gas fed until the valve closes", sides[0].fed_mass(), "kg", "steady feed"),
            Fact::number(
                "rate of the steady feed",
                fed.map_or(0.0, |flow| flow.rate),
                "kg/s",
                "shapiro1953 ch. 6",
            ),
            Fact::number("time until empty", history.end(), "s", "wilson1979"),
        ];
        Ok(SourceTerm { history, found: self.words(), facts, warnings: Vec::new() })
    }

    fn problems(&self) -> Vec<Problem> {
        let diameter = self.pipe_diameter;
        let mut ranges = vec![
            Range::new("pipe diameter", diameter, 0.005, 3.0, "m"),
            Range::new("roughness of the pipe", self.roughness, 1e-7, 0.05 * diameter, "m"),
            Range::new("upstream length", self.upstream_length, 10.0 * diameter, 1e6, "m"),
            Range::new("downstream length", self.downstream_length, 0.0, 1e6, "m"),
            Range::new("compressibility factor", self.compressibility, 0.2, 3.0, ""),
        ];
        if let Opening::Hole { diameter: hole } = self.opening {
            ranges.push(Range::new("hole diameter", hole, 1e-4, diameter, "m"));
        }
        if let Feed::ValveCloses { after } = self.feed {
            ranges.push(Range::new("closing time of the valve", after, 0.0, 30.0 * 86_400.0, "s"));
        }
        refuse_outside(&ranges)
    }

    fn too_weak(&self, needed: f64) -> Problem {
        let text = format!("{:.0} Pa does not choke the flow; needed is {needed:.0} Pa", self.pressure);
        Problem::error(4042, text)
            .why("the formula of a pipeline that empties starts from sonic flow at the break")
            .fix("use a hole at constant pressure: a network of low pressure is fed from its regulators")
    }

    fn hole(&self) -> GasHole {
        let diameter = match self.opening {
            Opening::Rupture => self.pipe_diameter,
            Opening::Hole { diameter } => diameter,
        };
        GasHole {
            discharge_coefficient: self.discharge_coefficient,
            compressibility: self.compressibility,
            ..GasHole::round(diameter, self.pressure, self.temperature)
        }
    }

    fn gas(&self, substance: &Substance) -> Stagnation {
        Stagnation {
            pressure: self.pressure,
            temperature: self.temperature,
            heat_capacity_ratio: substance.heat_capacity_ratio.at(self.temperature),
            gas_constant: self.compressibility * GAS_CONSTANT / substance.molar_mass.value,
        }
    }

    fn friction(&self) -> f64 {
        rough_friction_factor(self.roughness / self.pipe_diameter)
    }

    /// Flow area of each side, m².
    fn area_of_a_side(&self) -> f64 {
        let area = |diameter: f64| std::f64::consts::FRAC_PI_4 * diameter * diameter;
        let sides = if self.downstream_length > 0.0 { 2.0 } else { 1.0 };
        self.discharge_coefficient
            * match self.opening {
                Opening::Rupture => area(self.pipe_diameter),
                Opening::Hole { diameter } => area(diameter) / sides,
            }
    }

    fn fed_flow(&self, gas: &Stagnation, air_pressure: f64) -> Option<FedFlow> {
        let Feed::ValveCloses { .. } = self.feed else { return None };
        let pipe = FedPipe {
            source: *gas,
            pipe_area: std::f64::consts::FRAC_PI_4 * self.pipe_diameter.powi(2),
            friction: self.friction() * self.upstream_length / self.pipe_diameter,
            hole_area: self.area_of_a_side(),
        };
        Some(pipe.flow(air_pressure))
    }

    fn sides(&self, gas: &Stagnation, air_pressure: f64, flow: Option<FedFlow>) -> Vec<Side> {
        let arm =
            |length| WilsonArm::new(gas, length, self.pipe_diameter, self.friction(), self.area_of_a_side());
        let side = |arm: WilsonArm, fed: Option<Fed>| {
            let stays = arm.content() * air_pressure / self.pressure;
            let empty = arm.first_time(|time| arm.content() - arm.released(time), stays);
            Side { arm, fed, end: empty + fed.map_or(0.0, |fed| fed.hold) }
        };
        let upstream = arm(self.upstream_length);
        let mut sides = vec![side(upstream, self.fed(&upstream, flow))];
        if self.downstream_length > 0.0 {
            sides.push(side(arm(self.downstream_length), None));
        }
        sides
    }

    fn fed(&self, arm: &WilsonArm, flow: Option<FedFlow>) -> Option<Fed> {
        let (Feed::ValveCloses { after }, Some(flow)) = (self.feed, flow) else { return None };
        let from = arm.first_time(|time| arm.rate(time), flow.rate);
        (after > from).then_some(Fed { rate: flow.rate, from, hold: after - from })
    }

    fn history(
        &self,
        sides: &[Side],
        gas: &Stagnation,
        substance: &Substance,
        air_pressure: f64,
    ) -> Result<History> {
        let end = sides.iter().map(|side| side.end).fold(0.0, f64::max);
        let mut times: Vec<f64> = sides.iter().flat_map(Side::times).filter(|&time| time <= end).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        // Where one side is empty before the other the rate jumps: two samples of one time.
        let jumps = sides.iter().map(|side| side.end).filter(|&time| time < end).map(|time| (time, true));
        let mut moments: Vec<(f64, bool)> =
            times.into_iter().map(|time| (time, false)).chain(jumps).collect();
        moments.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let first: f64 = sides.iter().map(|side| side.arm.first_rate).sum();
        let sample = |(time, after): (f64, bool)| {
            let rate: f64 = sides.iter().map(|side| side.rate(time, after)).sum();
            // Choked flow goes with the pressure at the break; both sides are taken together.
            let pressure = (self.pressure * rate / first).max(air_pressure);
            let state = State {
                temperature: self.temperature,
                vapour_share: 1.0,
                velocity: Stagnation { pressure, ..*gas }
                    .throat(air_pressure)
                    .expanded_velocity(air_pressure),
                density: substance.gas_density(self.temperature, air_pressure),
            };
            Sample { time, rate, state }
        };
        History::from_samples(moments.into_iter().map(sample).collect())
    }

    fn words(&self) -> String {
        let opening = match self.opening {
            Opening::Rupture => "torn apart".to_owned(),
            Opening::Hole { diameter } => format!("with a hole of {:.1} mm", 1e3 * diameter),
        };
        let feed = match self.feed {
            Feed::ShutOff => "shut off at once".to_owned(),
            Feed::ValveCloses { after } => format!("fed until the valve closes after {after} s"),
        };
        let (width, length) = (1e3 * self.pipe_diameter, self.upstream_length + self.downstream_length);
        format!("pipeline of {width:.0} mm and {length:.0} m, {opening}, {feed}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::find;

    const AIR: f64 = 101_325.0;
    const LINE: PipelineBlowdown = PipelineBlowdown {
        pipe_diameter: 0.5,
        roughness: 5e-5,
        upstream_length: 10_000.0,
        downstream_length: 0.0,
        pressure: 4e6,
        temperature: 288.15,
        compressibility: 1.0,
        opening: Opening::Rupture,
        discharge_coefficient: 1.0,
        feed: Feed::ShutOff,
    };

    fn release(line: &PipelineBlowdown) -> SourceTerm {
        line.release(find("methane").expect("in the table"), AIR).expect("a release")
    }

    fn arm(hole_share: f64, length: f64) -> (WilsonArm, Stagnation) {
        let gas = LINE.gas(find("methane").expect("in the table"));
        let pipe_area = std::f64::consts::FRAC_PI_4 * 0.25;
        (WilsonArm::new(&gas, length, 0.5, LINE.friction(), hole_share * pipe_area), gas)
    }

    #[test]
    fn the_two_exponentials_carry_the_gas_that_was_in_the_pipe() {
        for share in [0.001, 0.1, 1.0] {
            let (arm, gas) = arm(share, 10_000.0);
            let content = gas.density() * std::f64::consts::FRAC_PI_4 * 0.25 * 10_000.0;
            assert!((arm.content() / content - 1.0).abs() < 1e-12);
            assert!((arm.released(1e9) / content - 1.0).abs() < 1e-9, "{share}");
        }
    }

    #[test]
    fn a_small_hole_empties_the_pipe_as_an_isothermal_vessel() {
        let (arm, _) = arm(1e-4, 10_000.0);
        let scale = arm.content() / arm.first_rate;
        assert!((arm.alpha - 1.0).abs() < 1e-3 && (arm.beta / scale - 1.0).abs() < 1e-3);
        assert!((arm.rate(scale) / arm.first_rate - (-1.0_f64).exp()).abs() < 1e-3);
    }

    #[test]
    fn a_full_break_of_a_long_pipe_has_the_time_constant_of_the_yellow_book() {
        // yellowbook eq. 2.35: 0.67 (gamma f L/d)^(1/2) L/c, with f from eq. 2.34, (-2 log10(e/(3.715 d)))^-2.
        let (arm, gas) = arm(1.0, 100_000.0);
        let factor: f64 = (-2.0 * (5e-5 / (3.715 * 0.5_f64)).log10()).powi(-2);
        let root = (gas.heat_capacity_ratio * factor * 100_000.0 / 0.5).sqrt();
        let constant = 0.67 * root * 100_000.0 / gas.sound_speed();
        assert!((arm.beta / constant - 1.0).abs() < 0.03, "{} {constant}", arm.beta);
    }

    #[test]
    fn what_comes_out_is_what_was_in_the_pipe_and_what_was_fed() {
        for (feed, downstream_length) in
            [(Feed::ShutOff, 0.0), (Feed::ShutOff, 4000.0), (Feed::ValveCloses { after: 1800.0 }, 4000.0)]
        {
            let term = release(&PipelineBlowdown { feed, downstream_length, ..LINE });
            let content = term.fact("gas in the section").expect("a fact");
            let fed = term.fact("gas fed until the valve closes").expect("a fact");
            let expected = content * (1.0 - AIR / 4e6) + fed;
            assert!(
                (term.history.total() / expected - 1.0).abs() < 2e-4,
                "{feed:?} {}",
                term.history.total() / expected
            );
            assert_eq!(fed > 0.0, feed != Feed::ShutOff);
        }
    }

    #[test]
    fn the_rate_starts_as_a_hole_and_never_rises() {
        let line =
            PipelineBlowdown { feed: Feed::ValveCloses { after: 600.0 }, downstream_length: 2000.0, ..LINE };
        let history = release(&line).history;
        let methane = find("methane").expect("in the table");
        let hole = GasHole::round(0.5, 4e6, 288.15).outflow(methane, AIR).expect("gas").rate;
        assert!((history.rate_at(0.0) / (2.0 * hole) - 1.0).abs() < 1e-12);
        assert!(history.samples().windows(2).all(|pair| pair[1].rate <= pair[0].rate * (1.0 + 1e-12)));
    }

    #[test]
    fn the_later_the_valve_closes_the_more_comes_out() {
        let total =
            |after| release(&PipelineBlowdown { feed: Feed::ValveCloses { after }, ..LINE }).history.total();
        let none = release(&LINE).history.total();
        assert!((total(1.0) / none - 1.0).abs() < 1e-9, "a valve that closes at once feeds nothing");
        assert!(total(600.0) < total(1200.0) && total(1200.0) < total(3600.0));
        let steady = release(&PipelineBlowdown { feed: Feed::ValveCloses { after: 7200.0 }, ..LINE });
        let rate = steady.fact("rate of the steady feed").expect("a fact");
        assert!((steady.history.rate_at(7000.0) / rate - 1.0).abs() < 1e-6);
    }

    #[test]
    fn weak_pressure_and_wrong_sizes_are_refused() {
        let methane = find("methane").expect("in the table");
        let weak = PipelineBlowdown { pressure: AIR + 3000.0, ..LINE };
        assert_eq!(weak.release(methane, AIR).expect_err("not choked").0[0].code.0, 4042);
        let wrong =
            PipelineBlowdown { opening: Opening::Hole { diameter: 0.6 }, upstream_length: -1.0, ..LINE };
        let problems = wrong.release(methane, AIR).expect_err("two mistakes");
        assert!(problems.0.len() == 2 && problems.0.iter().all(|problem| problem.code.0 == 4041));
    }
}
