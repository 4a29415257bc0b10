//! Who sums puffs on grids of receptors: the processor, or a device behind this seam.
//!
//! One loop drives every cloud. The train moves its puffs here, in double precision; after each step
//! the back end is shown where they are and takes their sum into what the receptors remember. Only when
//! the cloud has gone is that asked for: a device so works through many steps without an answer.

use crate::error::Result;
use crate::gas::puff::record::GridRecord;
use crate::gas::puff::{Remember, Train};
use crate::grid::{Field, Grid};

/// Receptors and what they are to remember.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// Where the receptors are.
    pub grid: Grid,
    /// Heights above ground at which there is one in every cell, m; first that of the receptors of the case.
    pub heights: Vec<f64>,
    /// Concentration of the pure gas, kg/m³, to which sums are cut.
    pub pure_gas: f64,
    /// Levels whose arrival is kept.
    pub levels: Vec<Mark>,
}

/// A level whose arrival is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Concentration, kg/m³.
    pub threshold: f64,
    /// How load is gathered, where the level is one of a load; its concentration is then the steady one.
    pub load: Option<Gathering>,
}

/// How load is gathered: ∫ cⁿ dt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gathering {
    /// n.
    pub exponent: f64,
    /// Time for which the steady concentration stands, s.
    pub duration: f64,
}

impl Gathering {
    /// Steady concentration that gives a load, kg/m³.
    ///
    /// # Units
    /// - `load`: (kg/m³)ⁿ s
    ///
    /// # Example
    /// ```
    /// use sim_core::run::gas::backend::Gathering;
    /// // 0.02 kg/m³ for 600 s with n = 2: 0.24 (kg/m³)² s.
    /// let gathering = Gathering { exponent: 2.0, duration: 600.0 };
    /// assert!((gathering.steady(0.24) - 0.02).abs() < 1e-12);
    /// ```
    pub fn steady(&self, load: f64) -> f64 {
        (load / self.duration).powf(1.0 / self.exponent)
    }
}

/// What the receptors have seen of a cloud that has passed.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// Largest concentration at each height, kg/m³.
    pub largest: Vec<Field>,
    /// When each level first came to the receptors of the case, s; NaN where it never did.
    pub arrivals: Vec<Field>,
    /// For each level the load at each height, (kg/m³)ⁿ s; nothing where the level is one of a concentration.
    pub loads: Vec<Vec<Field>>,
}

/// Whoever sums the puffs of a run.
pub trait PuffBackend {
    /// Its name in the record of the run.
    fn name(&self) -> String;

    /// Forgets what it saw before and makes ready for the receptors of a run.
    ///
    /// # Errors
    /// A device that fails or is too small.
    fn begin(&mut self, watched: &Watched) -> Result<()>;

    /// Takes in the present state of a train; called after each of its steps.
    ///
    /// # Errors
    /// A device that fails.
    fn look(&mut self, train: &Train<'_>) -> Result<()>;

    /// What the receptors have seen since the beginning.
    ///
    /// # Errors
    /// A device that fails.
    fn remembered(&mut self) -> Result<Remembered>;
}

/// The processor, in double precision.
#[derive(Debug, Default)]
pub struct Processor {
    records: Vec<GridRecord>,
    marks: Vec<Mark>,
    arrivals: Vec<Field>,
    loads: Vec<Vec<Field>>,
}

impl PuffBackend for Processor {
    fn name(&self) -> String {
        "cpu".to_owned()
    }

    fn begin(&mut self, watched: &Watched) -> Result<()> {
        let Watched { grid, heights, pure_gas, levels } = watched;
        let remember = Remember { threshold: f64::INFINITY, exponent: 1.0, pure_gas: *pure_gas };
        let record = |&height: &f64| GridRecord::new(grid.clone(), height, remember);
        let loads = |mark: &Mark| {
            let heights = mark.load.map_or(0, |_| heights.len());
            vec![grid.filled(0.0); heights]
        };
        *self = Self {
            records: heights.iter().map(record).collect(),
            marks: levels.clone(),
            arrivals: vec![grid.filled(f64::NAN); levels.len()],
            loads: levels.iter().map(loads).collect(),
        };
        Ok(())
    }

    fn look(&mut self, train: &Train<'_>) -> Result<()> {
        for record in &mut self.records {
            record.observe(train);
        }
        let Self { records, marks, arrivals, loads } = self;
        let Some(first) = records.first() else { return Ok(()) };
        let now = &first.seen().concentration;
        for ((mark, arrivals), loads) in marks.iter().zip(arrivals).zip(loads) {
            let note = |arrival: &mut f64, value: f64| {
                if value >= mark.threshold && arrival.is_nan() {
                    *arrival = train.time();
                }
            };
            let Some(load) = &mark.load else {
                arrivals.iter_mut().zip(now).for_each(|(arrival, &value)| note(arrival, value));
                continue;
            };
            for (gathered, record) in loads.iter_mut().zip(records.iter()) {
                gather(gathered, &record.seen().concentration, load.exponent, train.step_length());
            }
            let felt = loads[0].iter().map(|&gathered| load.steady(gathered));
            arrivals.iter_mut().zip(felt).for_each(|(arrival, value)| note(arrival, value));
        }
        Ok(())
    }

    fn remembered(&mut self) -> Result<Remembered> {
        let field = |record: &GridRecord| {
            let largest = record.seen().largest.clone();
            match Field::from_shape_vec(record.grid().shape(), largest) {
                Ok(field) => field,
                Err(mistake) => unreachable!("a record has the shape of its grid: {mistake}"),
            }
        };
        Ok(Remembered {
            largest: self.records.iter().map(field).collect(),
            arrivals: std::mem::take(&mut self.arrivals),
            loads: std::mem::take(&mut self.loads),
        })
    }
}

/// Adds the load of a step.
fn gather(field: &mut Field, concentration: &[f64], exponent: f64, step: f64) {
    for (load, &value) in field.iter_mut().zip(concentration) {
        if value > 0.0 {
            *load += value.powf(exponent) * step;
        }
    }
}
