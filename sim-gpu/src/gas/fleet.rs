//! Scenarios that run side by side share submissions.
//!
//! Each has a seat and moves its own puffs in a thread of its own. Where its steps are enough to be sent
//! off it waits for the others; the last one to be ready sends off those of all as layers of one
//! submission, so that small grids fill a large device together. What a scenario remembers does not
//! depend on who shares its submissions: no number of one is read for another.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use sim_core::error::{Problems, Result};
use sim_core::gas::puff::Train;
use sim_core::run::gas::backend::{PuffBackend, Remembered, Watched};

use super::batch::Scenario;
use super::engine::{Engine, Kept};
use super::supported::Room;
use super::{PuffDevice, no_receptors};
use crate::compute::Device;

/// A device that sums the puffs of several scenarios at a time.
#[derive(Debug)]
pub struct Fleet {
    index: usize,
    device: Device,
    seats: usize,
    state: Mutex<State>,
    sent: Condvar,
}

/// The slots of the first scenario's size, once there was one.
#[derive(Debug, Default)]
struct State {
    engine: Option<Engine>,
    slots: Vec<Slot>,
    /// Why a submission failed; nothing can be had of it any more.
    failure: Option<Problems>,
    submissions: u64,
    layers: u64,
}

/// What a slot is doing.
#[derive(Debug)]
enum Slot {
    /// Nothing.
    Free,
    /// Its scenario gathers steps.
    Gathering,
    /// Its scenario waits for its steps to be sent off.
    Waiting(Box<Scenario>),
    /// They were sent off, and the scenario has not taken notice yet.
    Sent(Box<Scenario>),
    /// All steps were sent off; what is remembered is read.
    Reading,
}

impl Fleet {
    /// Opens a device by its place in [`crate::adapters`] for so many scenarios at a time.
    ///
    /// # Errors
    /// E6100 there is no such device, or it does not open.
    pub fn open(index: usize, seats: usize) -> Result<Self> {
        Ok(Self::of(PuffDevice::open(index)?, seats))
    }

    /// The same of a device that was opened for one scenario at a time.
    pub fn of(device: PuffDevice, seats: usize) -> Self {
        let PuffDevice { index, device, .. } = device;
        Self { index, device, seats: seats.max(1), state: Mutex::default(), sent: Condvar::new() }
    }

    /// Its name in records.
    pub fn name(&self) -> String {
        format!("gpu:{} {}", self.index, self.device.name)
    }

    /// A place for the scenarios of a thread, one after the other.
    pub fn seat(&self) -> Seat<'_> {
        Seat { fleet: self, place: Place::Nowhere }
    }

    /// Scenarios that shared a submission, on average; zero before the first.
    pub fn scenarios_per_submission(&self) -> f64 {
        let state = self.lock();
        if state.submissions == 0 { 0.0 } else { state.layers as f64 / state.submissions as f64 }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A thread that broke down has left no half of a change: every change is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a free slot for a scenario; none where all are taken or it has no room in one.
    fn take_slot(&self, watched: &Watched) -> Result<Option<usize>> {
        let mut state = self.lock();
        if state.engine.is_none() {
            let (engine, slots) = self.engine(watched)?;
            state.engine = Some(engine);
            state.slots = (0..slots).map(|_| Slot::Free).collect();
        }
        let State { engine: Some(engine), slots, .. } = &mut *state else { return Ok(None) };
        let free = slots.iter().position(|slot| matches!(slot, Slot::Free));
        let Some(slot) = free.filter(|_| engine.kept().holds(watched)) else { return Ok(None) };
        engine.clear(&self.device, slot, watched);
        slots[slot] = Slot::Gathering;
        Ok(Some(slot))
    }

    /// Slots for scenarios like this one: for every seat, or for as many as the device has room for.
    fn engine(&self, watched: &Watched) -> Result<(Engine, usize)> {
        let mut slots = self.seats;
        loop {
            match Engine::new(&self.device, Room::of(watched, slots), watched.grid.shape()) {
                Ok(engine) => return Ok((engine, slots)),
                Err(_) if slots > 1 => slots /= 2,
                Err(problems) => return Err(problems),
            }
        }
    }

    /// Sends off the steps of a scenario together with those of all others, once these are ready.
    fn send(&self, slot: usize, scenario: Box<Scenario>) -> Result<Box<Scenario>> {
        let mut state = self.lock();
        state.slots[slot] = Slot::Waiting(scenario);
        self.send_if_ready(&mut state);
        loop {
            if let Some(failure) = &state.failure {
                return Err(failure.clone());
            }
            if matches!(state.slots[slot], Slot::Sent(_))
                && let Slot::Sent(scenario) = std::mem::replace(&mut state.slots[slot], Slot::Gathering)
            {
                return Ok(scenario);
            }
            state = self.sent.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Sends off what waits, unless a scenario still gathers.
    fn send_if_ready(&self, state: &mut State) {
        let is_busy = |slot: &Slot| matches!(slot, Slot::Gathering | Slot::Sent(_));
        let State { engine: Some(engine), slots, failure, submissions, layers } = state else { return };
        if slots.iter().any(is_busy) || failure.is_some() {
            return;
        }
        let mut waiting: Vec<(usize, &mut Scenario)> = slots
            .iter_mut()
            .enumerate()
            .filter_map(|(number, slot)| match slot {
                Slot::Waiting(scenario) => Some((number, &mut **scenario)),
                _ => None,
            })
            .collect();
        if waiting.is_empty() {
            return;
        }
        *submissions += 1;
        *layers += waiting.len() as u64;
        *failure = engine.send(&self.device, &mut waiting).err();
        for slot in slots.iter_mut() {
            *slot = match std::mem::replace(slot, Slot::Free) {
                Slot::Waiting(scenario) => Slot::Sent(scenario),
                other => other,
            };
        }
        self.sent.notify_all();
    }

    /// Marks a slot, which may be what the others waited for.
    fn mark(&self, slot: usize, as_what: Slot) -> Option<Kept> {
        let mut state = self.lock();
        state.slots[slot] = as_what;
        self.send_if_ready(&mut state);
        state.engine.as_ref().map(|engine| engine.kept().clone())
    }
}

/// A place in a fleet.
#[derive(Debug)]
pub struct Seat<'f> {
    fleet: &'f Fleet,
    place: Place,
}

/// Where the scenario of a seat is.
#[derive(Debug)]
enum Place {
    /// There is none.
    Nowhere,
    /// In a slot.
    Slot(usize, Box<Scenario>),
    /// Apart, as it has no room in a slot.
    Apart(Box<(Engine, Scenario)>),
}

impl Seat<'_> {
    fn leave(&mut self) {
        if let Place::Slot(slot, _) = std::mem::replace(&mut self.place, Place::Nowhere) {
            self.fleet.mark(slot, Slot::Free);
        }
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        // A scenario that broke down must not keep the others waiting.
        self.leave();
    }
}

impl PuffBackend for Seat<'_> {
    fn name(&self) -> String {
        self.fleet.name()
    }

    fn begin(&mut self, watched: &Watched) -> Result<()> {
        self.leave();
        let scenario = Scenario::new(watched);
        self.place = match self.fleet.take_slot(watched)? {
            Some(slot) => Place::Slot(slot, Box::new(scenario)),
            None => Place::Apart(Box::new((Engine::of_one(&self.fleet.device, watched)?, scenario))),
        };
        Ok(())
    }

    fn look(&mut self, train: &Train<'_>) -> Result<()> {
        let is_full = match &mut self.place {
            Place::Nowhere => return Err(no_receptors().into()),
            Place::Slot(_, scenario) => scenario.take(train),
            Place::Apart(own) => {
                let (engine, scenario) = &mut **own;
                return if scenario.take(train) {
                    engine.send(&self.fleet.device, &mut [(0, scenario)])
                } else {
                    Ok(())
                };
            }
        };
        if is_full { self.send() } else { Ok(()) }
    }

    fn remembered(&mut self) -> Result<Remembered> {
        if let Place::Apart(own) = &mut self.place {
            let (engine, scenario) = &mut **own;
            engine.send(&self.fleet.device, &mut [(0, scenario)])?;
            return engine.kept().remembered(&self.fleet.device, 0, scenario);
        }
        self.send()?;
        let Place::Slot(slot, scenario) = &self.place else { return Err(no_receptors().into()) };
        let Some(kept) = self.fleet.mark(*slot, Slot::Reading) else { return Err(no_receptors().into()) };
        let remembered = kept.remembered(&self.fleet.device, *slot, scenario);
        self.leave();
        remembered
    }
}

impl Seat<'_> {
    /// Sends off the steps of the scenario in a slot, together with the others.
    fn send(&mut self) -> Result<()> {
        let Place::Slot(slot, scenario) = std::mem::replace(&mut self.place, Place::Nowhere) else {
            return Err(no_receptors().into());
        };
        match self.fleet.send(slot, scenario) {
            Ok(scenario) => {
                self.place = Place::Slot(slot, scenario);
                Ok(())
            }
            Err(problems) => {
                self.fleet.mark(slot, Slot::Free);
                Err(problems)
            }
        }
    }
}
