//! What a solver must remember to go on as if it had never stopped.
//!
//! One function walks over every number that changes during a run, whether they
//! are written or read back; what is not walked over is made anew from the setup
//! or filled before it is read.

use crate::flood::state::State;
use crate::flood::step::Solver;
use crate::flood::sweep::{self, Extent};
use crate::flood::volumes::{Account, Volumes};

/// Something that is led over the numbers of a run, in one fixed order: it writes them down or puts them back.
pub trait Tape {
    /// Numbers of double precision.
    fn doubles(&mut self, numbers: &mut [f64]);
    /// Numbers of single precision.
    fn singles(&mut self, numbers: &mut [f32]);
    /// A count.
    fn count(&mut self, count: &mut u64);
    /// Claims.
    fn flags(&mut self, flags: &mut [bool]);
}

impl Account {
    pub(crate) fn pass(&mut self, tape: &mut dyn Tape) {
        let mut parts = self.parts();
        tape.doubles(&mut parts);
        *self = Self::from_parts(parts);
    }
}

impl Volumes {
    fn pass(&mut self, tape: &mut dyn Tape) {
        let Self {
            initial,
            rain,
            roof,
            inflow,
            loss,
            infiltration,
            taken_out,
            to_sewer,
            from_sewer,
            outflow,
            boundaries,
            clipped,
        } = self;
        tape.doubles(std::slice::from_mut(initial));
        [rain, roof, inflow, loss, infiltration, taken_out, to_sewer, from_sewer, clipped]
            .into_iter()
            .for_each(|account| account.pass(tape));
        outflow.iter_mut().for_each(|account| account.pass(tape));
        for (inwards, outwards) in boundaries {
            inwards.pass(tape);
            outwards.pass(tape);
        }
    }
}

impl Solver {
    /// Leads a tape over everything that the setup does not give.
    pub fn pass(&mut self, tape: &mut dyn Tape) {
        let State { depth, u, v, across, northward } = &mut self.state;
        [depth, u, v, across, northward].into_iter().for_each(|array| tape.doubles(array));
        tape.doubles(&mut self.ground.store);
        let peaks = &mut self.peaks;
        for array in [&mut peaks.max_depth, &mut peaks.time_of_maximum, &mut peaks.max_speed_squared] {
            tape.singles(array);
        }
        for hazard in &mut self.hazards {
            tape.singles(&mut hazard.worst);
        }
        for threshold in &mut self.thresholds {
            tape.doubles(&mut threshold.first_above);
            tape.doubles(&mut threshold.time_above);
        }
        tape.flags(&mut self.rim.above_curve);
        self.begins().for_each(|begin| tape.doubles(std::slice::from_mut(begin)));
        for service in &mut self.services {
            tape.flags(std::slice::from_mut(&mut service.running));
            for number in service.numbers() {
                tape.doubles(std::slice::from_mut(number));
            }
        }
        self.barriers.numbers().for_each(|number| tape.doubles(std::slice::from_mut(number)));
        self.volumes.pass(tape);
        tape.count(&mut self.steps);
        for number in [&mut self.time, &mut self.wave_rate, &mut self.wet_cells, &mut self.last_step] {
            tape.doubles(std::slice::from_mut(number));
        }
    }

    /// Goes on from what a tape puts back. The solver must be new.
    pub fn restore(&mut self, tape: &mut dyn Tape) {
        self.pass(tape);
        // Where the water is will be found again; dry cells that are computed stay dry.
        self.wet = sweep::whole_tiles(self.layout);
        self.written = sweep::whole_tiles(self.layout);
        // The other buffer still holds the first state: nothing of it may show through dry tiles.
        self.next = State::dry(self.layout, self.is_staggered());
        self.next_written.fill(Extent::EMPTY);
    }
}
