//! One member: from its line to a row and, where nobody had it before, a result.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sim_core::error::{Problem, Problems};
use sim_core::library::stored::{Pose, Stored, StoredGrid};
use sim_core::library::{fingerprint, flood, gas};
use sim_core::run::Observer;
use sim_core::run::flood::{Backend, FloodCase};
use sim_core::run::gas::GasCase;
use sim_core::run::gas::backend::PuffBackend;
use sim_core::run::record::InputFile;
use sim_core::scenario::Case;

/// Message of a run that was cancelled.
pub(crate) const CANCELLED: u16 = 7001;

/// Message of a device that failed.
pub(crate) const DEVICE_FAILED: u16 = 6100;

/// What is to be computed for a member.
pub(crate) struct Work {
    /// Fingerprint of the member.
    pub id: String,
    /// Id of its result, which members may share.
    pub result_id: String,
    /// How the result lies on the ground.
    pub pose: Option<Pose>,
    case: Kept,
}

enum Kept {
    Gas(Box<GasCase>),
    Flood(Box<FloodCase>),
}

impl Work {
    /// The work of a case.
    pub(crate) fn of(case: &Case, inputs: &[InputFile], engine: &str) -> Self {
        match case {
            Case::Gas(case) => {
                let (kernel, pose) = gas::kernel(case);
                let result_id = gas::kernel_id(&kernel, inputs, engine);
                let id = fingerprint::of_gas(case, inputs, engine);
                Self { id, result_id, pose, case: Kept::Gas(Box::new(kernel)) }
            }
            Case::Flood(case) => {
                let id = fingerprint::of_flood(case, inputs, engine);
                let plain = flood::plain(case);
                let result_id = fingerprint::of_flood(&plain, inputs, engine);
                Self { id, result_id, pose: None, case: Kept::Flood(Box::new(plain)) }
            }
        }
    }

    /// True if it routes sewers.
    pub(crate) fn has_sewers(&self) -> bool {
        matches!(&self.case, Kept::Flood(case) if case.sewers.is_some())
    }

    /// Computes the result, each hazard on its back end; a member that fails is tried once more, unless it was cancelled
    /// or the device failed.
    ///
    /// # Errors
    /// Those of the run; E9001 where it broke down.
    pub(crate) fn compute(
        &self,
        grid: Option<StoredGrid>,
        observer: &mut dyn Observer,
        (backend, puffs): (&mut dyn Backend, &mut dyn PuffBackend),
    ) -> Result<Stored, Problems> {
        self.attempt(grid, observer, (&mut *backend, &mut *puffs)).or_else(|problems| {
            if problems.0.iter().any(|problem| [CANCELLED, DEVICE_FAILED].contains(&problem.code.0)) {
                return Err(problems);
            }
            self.attempt(grid, observer, (backend, puffs))
        })
    }

    fn attempt(
        &self,
        grid: Option<StoredGrid>,
        observer: &mut dyn Observer,
        (backend, puffs): (&mut dyn Backend, &mut dyn PuffBackend),
    ) -> Result<Stored, Problems> {
        let id = self.result_id.clone();
        let run = || match &self.case {
            Kept::Gas(case) => gas::result_on(id, case, puffs),
            Kept::Flood(case) if grid.is_some_and(|grid| grid != StoredGrid::of(&case.grid)) => {
                Err(Problem::error(8632, "the member has another grid than the library")
                    .why("depths of one library are compared cell by cell")
                    .fix("build one library per terrain")
                    .into())
            }
            Kept::Flood(case) => flood::result(id, case, observer, backend),
        };
        unbroken(run)
    }
}

/// Outcome of some work for a member, an error also where it broke down.
///
/// # Errors
/// Those of the work; E9001 where it broke down.
pub(crate) fn unbroken<T>(work: impl FnOnce() -> Result<T, Problems>) -> Result<T, Problems> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Problem::error(9001, "the member broke down")
            .fix("please report it: run the line alone with tuiyan run and its --set values")
            .into())
    })
}
