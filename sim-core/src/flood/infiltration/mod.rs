//! What the ground takes: one file per law, one soil per class of land cover.
//!
//! Every law says how deep a layer of water the ground of one cell can take in one
//! step, and what the cell must remember of it: one number, the *store*, zero on
//! ground that has taken nothing. The water that is there bounds what is taken; so no
//! law needs to know whether the ground is ponded. Soils do not dry during a run.
//!
//! To add a law: one file with a type that is an [`Uptake`], one line in [`ALL`] and one
//! in each `match` of this file.

pub mod constant;
pub mod curve_number;
pub mod green_ampt;
pub mod horton;
pub mod initial_continuing;

use ndarray::Array2;

/// Numbers of one soil for one step, as its law wants them.
pub type StepNumbers = [f64; 3];

/// A law for one cell and one step; see the files for the equations.
pub trait Uptake {
    /// Depth that the ground can take in the step, m, from what it has taken before
    /// (`store`) and the rain that falls on it in the step, m.
    fn capacity(numbers: StepNumbers, store: f64, rain: f64) -> f64;

    /// The store after the ground took water: what it took of which capacity, m.
    fn store_after(numbers: StepNumbers, store: f64, rain: f64, water: (f64, f64)) -> f64;
}

/// Laws by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// [`constant`].
    Constant,
    /// [`initial_continuing`].
    InitialContinuing,
    /// [`horton`].
    Horton,
    /// [`green_ampt`].
    GreenAmpt,
    /// [`curve_number`].
    CurveNumber,
}

/// Laws with their name in a scenario and what they are.
pub const ALL: [(Law, &str, &str); 5] = [
    (Law::Constant, "constant", "one rate, however much the ground has taken"),
    (Law::InitialContinuing, "initial-continuing", "a depth first, then one rate"),
    (Law::Horton, "horton", "a rate that falls from its first to its last value as the ground fills"),
    (Law::GreenAmpt, "green-ampt", "a wetting front drawn down by suction and weight"),
    (Law::CurveNumber, "curve-number", "the share of the rain that the SCS curve number keeps back"),
];

/// What one class of ground takes; SI units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Soil {
    /// Nothing.
    Sealed,
    /// One rate.
    Constant {
        /// m/s.
        rate: f64,
    },
    /// A depth first, then one rate.
    InitialContinuing {
        /// m.
        initial: f64,
        /// m/s.
        rate: f64,
    },
    /// Horton's law.
    Horton {
        /// Rate of ground that has taken nothing, m/s.
        first_rate: f64,
        /// Rate of ground that has taken very much, m/s.
        last_rate: f64,
        /// How fast the one goes over into the other, 1/s.
        decay: f64,
    },
    /// The law of Green and Ampt.
    GreenAmpt {
        /// Hydraulic conductivity behind the wetting front, m/s.
        conductivity: f64,
        /// Suction head at the wetting front, m.
        suction: f64,
        /// Share of the volume that the front fills.
        deficit: f64,
    },
    /// The SCS curve number.
    CurveNumber {
        /// From 1 to 100.
        number: f64,
        /// Share of the potential retention that is kept back before anything runs off.
        initial_share: f64,
    },
}

impl Soil {
    /// Its law.
    pub fn law(&self) -> Law {
        match self {
            Self::Sealed | Self::Constant { .. } => Law::Constant,
            Self::InitialContinuing { .. } => Law::InitialContinuing,
            Self::Horton { .. } => Law::Horton,
            Self::GreenAmpt { .. } => Law::GreenAmpt,
            Self::CurveNumber { .. } => Law::CurveNumber,
        }
    }

    /// Numbers for a step of `dt` seconds.
    pub fn for_step(&self, dt: f64) -> StepNumbers {
        match *self {
            Self::Sealed => constant::for_step(0.0, dt),
            Self::Constant { rate } => constant::for_step(rate, dt),
            Self::InitialContinuing { initial, rate } => initial_continuing::for_step(initial, rate, dt),
            Self::Horton { first_rate, last_rate, decay } => {
                horton::for_step(first_rate, last_rate, decay, dt)
            }
            Self::GreenAmpt { conductivity, suction, deficit } => {
                green_ampt::for_step(conductivity, suction * deficit, dt)
            }
            Self::CurveNumber { number, initial_share } => curve_number::for_step(number, initial_share),
        }
    }

    /// Depth that it can take in a step of `dt` seconds, m, and its store after taking as much
    /// of that as there is.
    ///
    /// # Units
    /// - `store`: what it remembers, 0 at the start
    /// - `rain`: rain in the step, m; `there`: water in the cell, rain included, m
    /// - returns: depth taken, m, and the new store
    pub fn take(&self, store: f64, rain: f64, there: f64, dt: f64) -> (f64, f64) {
        let numbers = self.for_step(dt);
        let one = |capacity: f64, after: &dyn Fn((f64, f64)) -> f64| {
            let taken = capacity.min(there);
            (taken, after((taken, capacity)))
        };
        macro_rules! with {
            ($law:ty) => {
                one(<$law>::capacity(numbers, store, rain), &|water| {
                    <$law>::store_after(numbers, store, rain, water)
                })
            };
        }
        match self.law() {
            Law::Constant => with!(constant::Constant),
            Law::InitialContinuing => with!(initial_continuing::InitialContinuing),
            Law::Horton => with!(horton::Horton),
            Law::GreenAmpt => with!(green_ampt::GreenAmpt),
            Law::CurveNumber => with!(curve_number::CurveNumber),
        }
    }
}

/// Soils of all classes, and which class each cell has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Soils {
    classes: Vec<Soil>,
    /// Number of the class of each cell; none when one soil lies everywhere.
    class_of: Option<Array2<u8>>,
}

impl Soils {
    /// Ground that takes nothing and costs nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// One soil everywhere.
    pub fn everywhere(soil: Soil) -> Self {
        Self { classes: vec![soil], class_of: None }
    }

    /// A soil per class; `None` if a cell names a class that is not there.
    pub fn by_class(classes: Vec<Soil>, class_of: Array2<u8>) -> Option<Self> {
        let known = class_of.iter().all(|&class| usize::from(class) < classes.len());
        known.then_some(Self { classes, class_of: Some(class_of) })
    }

    /// True if no cell can ever take anything.
    pub fn is_none(&self) -> bool {
        self.classes.iter().all(|soil| *soil == Soil::Sealed)
    }

    /// True if every cell of a grid of so many rows and columns has a soil.
    pub fn fits(&self, shape: (usize, usize)) -> bool {
        self.class_of.as_ref().is_none_or(|of| of.dim() == shape)
    }

    /// The same with some cells of a grid of so many rows and columns sealed; `None` where the
    /// soils have as many classes as a byte can tell apart.
    pub fn sealed_at(
        &self,
        shape: (usize, usize),
        cells: impl Iterator<Item = (usize, usize)>,
    ) -> Option<Self> {
        if self.is_none() {
            return Some(self.clone());
        }
        let mut classes = self.classes.clone();
        let known = classes.iter().position(|soil| *soil == Soil::Sealed);
        let sealed = u8::try_from(known.unwrap_or(classes.len())).ok()?;
        if known.is_none() {
            classes.push(Soil::Sealed);
        }
        let mut class_of = self.class_of.clone().unwrap_or_else(|| Array2::zeros(shape));
        cells.for_each(|cell| class_of[cell] = sealed);
        Some(Self { classes, class_of: Some(class_of) })
    }

    /// Soils by class.
    pub fn classes(&self) -> &[Soil] {
        &self.classes
    }

    /// Class of a cell.
    pub fn class(&self, row: usize, column: usize) -> u8 {
        self.class_of.as_ref().map_or(0, |of| of[(row, column)])
    }
}
