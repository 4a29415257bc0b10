//! The loops over one row of ground that takes water; rules as in [`super::row`].

use std::hint::select_unpredictable;

use crate::flood::infiltration::constant::Constant;
use crate::flood::infiltration::curve_number::CurveNumber;
use crate::flood::infiltration::green_ampt::GreenAmpt;
use crate::flood::infiltration::horton::Horton;
use crate::flood::infiltration::initial_continuing::InitialContinuing;
use crate::flood::infiltration::{Law, StepNumbers, Uptake};
use crate::flood::sweep::scratch::SoilBuffers;

/// Soils of one step.
#[derive(Debug)]
pub(crate) struct SoilStep<'a> {
    /// Class of every cell, padded; empty where one soil lies everywhere.
    pub(crate) class_of: &'a [u8],
    /// Law and numbers of every class.
    pub(crate) table: Vec<(Law, StepNumbers)>,
    /// Laws that occur, each once.
    pub(crate) laws: Vec<Law>,
}

impl SoilStep<'_> {
    /// Writes law and numbers of n cells from a place in the padded arrays on.
    #[inline(always)]
    pub(super) fn look_up(&self, at: usize, n: usize, out: &mut SoilBuffers) {
        let SoilBuffers { law, a, b, c, .. } = out;
        let (law, a, b, c) = (&mut law[..n], &mut a[..n], &mut b[..n], &mut c[..n]);
        for i in 0..n {
            let class = if self.class_of.is_empty() { 0 } else { usize::from(self.class_of[at + i]) };
            let (kind, numbers) = self.table[class];
            law[i] = code(kind);
            [a[i], b[i], c[i]] = numbers;
        }
    }

    /// Depth that each cell of a row can take, m.
    #[inline(always)]
    pub(super) fn capacities(&self, soil: &mut SoilBuffers, store: &[f64], rain: &[f64]) {
        let n = store.len();
        soil.capacity[..n].fill(0.0);
        for &law in &self.laws {
            match law {
                Law::Constant => capacity_row::<Constant>(code(law), soil, store, rain),
                Law::InitialContinuing => capacity_row::<InitialContinuing>(code(law), soil, store, rain),
                Law::Horton => capacity_row::<Horton>(code(law), soil, store, rain),
                Law::GreenAmpt => capacity_row::<GreenAmpt>(code(law), soil, store, rain),
                Law::CurveNumber => capacity_row::<CurveNumber>(code(law), soil, store, rain),
            }
        }
    }

    /// Stores of a row after the cells took what they did.
    #[inline(always)]
    pub(super) fn remember(&self, soil: &SoilBuffers, rain: &[f64], store: &mut [f64]) {
        for &law in &self.laws {
            match law {
                Law::Constant => store_row::<Constant>(code(law), soil, rain, store),
                Law::InitialContinuing => store_row::<InitialContinuing>(code(law), soil, rain, store),
                Law::Horton => store_row::<Horton>(code(law), soil, rain, store),
                Law::GreenAmpt => store_row::<GreenAmpt>(code(law), soil, rain, store),
                Law::CurveNumber => store_row::<CurveNumber>(code(law), soil, rain, store),
            }
        }
    }
}

/// A law as a number beside the numbers of its soil.
fn code(law: Law) -> f64 {
    f64::from(law as u8)
}

#[inline(always)]
fn capacity_row<L: Uptake>(law: f64, soil: &mut SoilBuffers, store: &[f64], rain: &[f64]) {
    let n = store.len();
    let SoilBuffers { law: laws, a, b, c, capacity, .. } = soil;
    let (laws, a, b, c, rain) = (&laws[..n], &a[..n], &b[..n], &c[..n], &rain[..n]);
    let capacity = &mut capacity[..n];
    for i in 0..n {
        let found = L::capacity([a[i], b[i], c[i]], store[i], rain[i]);
        capacity[i] = select_unpredictable(laws[i] == law, found, capacity[i]);
    }
}

#[inline(always)]
fn store_row<L: Uptake>(law: f64, soil: &SoilBuffers, rain: &[f64], store: &mut [f64]) {
    let n = store.len();
    let SoilBuffers { law: laws, a, b, c, capacity, taken } = soil;
    let (laws, a, b, c, rain) = (&laws[..n], &a[..n], &b[..n], &c[..n], &rain[..n]);
    let (capacity, taken) = (&capacity[..n], &taken[..n]);
    for i in 0..n {
        let after = L::store_after([a[i], b[i], c[i]], store[i], rain[i], (taken[i], capacity[i]));
        store[i] = select_unpredictable(laws[i] == law, after, store[i]);
    }
}

/// Adds what can soak away to what is lost anyway.
#[inline(always)]
pub(super) fn wanted_row(capacity: &[f64], loss: f64, wanted: &mut [f64]) {
    let n = wanted.len();
    let capacity = &capacity[..n];
    for i in 0..n {
        wanted[i] = capacity[i] + loss;
    }
}

/// What the ground took of what a row lost: the soil drinks first, sewers take the rest.
#[inline(always)]
pub(super) fn taken_row(
    (before_loss, after_loss): (&[f64], &[f64]),
    capacity: &[f64],
    taken: &mut [f64],
    infiltrated: &mut [f64],
) {
    let n = after_loss.len();
    let (before_loss, capacity) = (&before_loss[..n], &capacity[..n]);
    let (taken, infiltrated) = (&mut taken[..n], &mut infiltrated[..n]);
    for i in 0..n {
        let lost = before_loss[i] - after_loss[i];
        let soaked = select_unpredictable(lost < capacity[i], lost, capacity[i]);
        taken[i] = soaked;
        infiltrated[i] += soaked;
    }
}

/// Rain of a step on a row, m, from its rates and the depth for which a one stands.
#[inline(always)]
pub(super) fn rain_row(rates: &[f32], unit: f64, out: &mut [f64]) {
    let n = out.len();
    let rates = &rates[..n];
    for i in 0..n {
        out[i] = unit * f64::from(rates[i]);
    }
}

/// The same in single precision.
#[inline(always)]
pub(super) fn half_rain_row(rates: &[f32], unit: f64, out: &mut [f32]) {
    let n = out.len();
    let rates = &rates[..n];
    let unit = unit as f32;
    for i in 0..n {
        out[i] = unit * rates[i];
    }
}
