//! Who shares the work on one flood: threads of this process, or processes that `mpirun` started.

use std::num::NonZero;

use sim_core::error::{Problem, Problems};
use sim_core::flood::part::Halo;

use crate::args::Shared;
use crate::command::Outcome;
use crate::report;

#[cfg(feature = "mpi")]
mod messages;

/// What starters of processes leave in the environment: which process this is and how many there are.
///
/// # Source
/// Open MPI; MPICH and those built on it; MVAPICH2: the variables that each sets for what it starts.
const STARTERS: [(&str, &str); 3] = [
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
    ("MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE"),
];

/// Processes on this machine, as the same starters tell.
#[cfg(feature = "mpi")]
const ON_THIS_MACHINE: [&str; 3] =
    ["OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "MV2_COMM_WORLD_LOCAL_SIZE"];

/// Who shares the work.
pub(crate) enum Team {
    /// Nobody: one process, one part.
    Alone,
    /// So many parts in threads of this process.
    Threads(usize),
    /// One part in each of several processes.
    #[cfg(feature = "mpi")]
    Processes(#[allow(dead_code, reason = "kept until the end: dropping it ends MPI")] messages::World),
}

/// A process that a starter of processes has started: which one it is and how many there are.
fn started() -> Option<(usize, usize)> {
    let number = |name: &str| std::env::var(name).ok()?.trim().parse().ok();
    STARTERS
        .iter()
        .filter_map(|(rank, size)| Some((number(rank)?, number(size)?)))
        .find(|&(_, size): &(usize, usize)| size > 1)
}

impl Team {
    /// Joins those who share the work, if there are any; the exit code alone where another process
    /// tells what is wrong.
    ///
    /// # Errors
    /// E8663 for parts in threads of several processes, E8664 for several processes of a program
    /// that was built without MPI.
    pub(crate) fn join(parts: Option<u16>) -> Result<Self, Outcome> {
        let Some((rank, size)) = started() else {
            return Ok(parts.map_or(Self::Alone, |parts| Self::Threads(usize::from(parts))));
        };
        let problem = if parts.is_some() {
            let text = format!("--parts cuts a flood into threads of one process, and there are {size}");
            Problem::error(8663, text)
                .why("started by mpirun, every process computes one part without being told")
                .fix("leave out --parts, or mpirun")
        } else {
            match Self::of_processes() {
                Ok(team) => return Ok(team),
                Err(problem) => problem(size),
            }
        };
        // All processes come here: one voice is enough.
        let problems = Problems::from(problem);
        Err(if rank == 0 { Err(problems) } else { Ok(report::exit_code(&problems)) })
    }

    #[cfg(feature = "mpi")]
    fn of_processes() -> Result<Self, fn(usize) -> Problem> {
        Ok(Self::Processes(messages::World::join()))
    }

    #[cfg(not(feature = "mpi"))]
    fn of_processes() -> Result<Self, fn(usize) -> Problem> {
        Err(|size| {
            Problem::error(
                8664,
                format!("{size} processes were started, but this program was built without MPI"),
            )
            .why("each would compute the whole flood and write the same results")
            .fix("build it with: cargo build --release --features mpi; or start it once, without mpirun")
        })
    }

    /// True for the part that reads and writes for all and tells the user.
    pub(crate) fn is_first(&self) -> bool {
        match self {
            Self::Alone | Self::Threads(_) => true,
            #[cfg(feature = "mpi")]
            Self::Processes(_) => messages::Messages.rank() == 0,
        }
    }

    /// Number of parts.
    pub(crate) fn parts(&self) -> usize {
        match self {
            Self::Alone => 1,
            Self::Threads(parts) => *parts,
            #[cfg(feature = "mpi")]
            Self::Processes(_) => messages::Messages.ranks(),
        }
    }

    /// How many of the parts are processes of their own on this machine.
    pub(crate) fn processes_here(&self) -> usize {
        match self {
            Self::Alone | Self::Threads(_) => 1,
            #[cfg(feature = "mpi")]
            Self::Processes(_) => ON_THIS_MACHINE
                .iter()
                .find_map(|name| std::env::var(name).ok()?.trim().parse().ok())
                .unwrap_or_else(|| self.parts()),
        }
    }

    /// Threads of one process where nobody said how many: its share of the processors that it may use.
    pub(crate) fn usual_threads(&self) -> u16 {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        u16::try_from((processors / self.processes_here()).max(1)).unwrap_or(u16::MAX)
    }

    /// The way to the other processes; none where the parts are threads.
    pub(crate) fn halo(&self) -> Option<Box<dyn Halo>> {
        match self {
            Self::Alone | Self::Threads(_) => None,
            #[cfg(feature = "mpi")]
            Self::Processes(_) => Some(Box::new(messages::Messages)),
        }
    }

    /// Hears from all processes whether their work went well, and gives up where it did not
    /// anywhere: the first one that failed tells why, and all leave with its exit code.
    pub(crate) fn settle<T>(&self, mine: Result<T, Problems>, shared: &Shared) -> Result<T, Outcome> {
        if matches!(self, Self::Alone | Self::Threads(_)) {
            return mine.map_err(Err);
        }
        let codes = self.hear(mine.as_ref().err().map_or(report::DONE, report::exit_code));
        let Some(first) = codes.iter().position(|&code| code != report::DONE) else {
            return mine.map_err(Err);
        };
        if let Err(problems) = &mine
            && self.rank() == first
        {
            report::problems(problems, shared);
        }
        // Nobody leaves before the words are out: mpirun ends all as soon as one has failed.
        self.hear(report::DONE);
        Err(Ok(codes[first]))
    }

    fn rank(&self) -> usize {
        match self {
            Self::Alone | Self::Threads(_) => 0,
            #[cfg(feature = "mpi")]
            Self::Processes(_) => messages::Messages.rank(),
        }
    }

    /// The codes of all processes.
    fn hear(&self, mine: u8) -> Vec<u8> {
        match self {
            Self::Alone | Self::Threads(_) => vec![mine],
            #[cfg(feature = "mpi")]
            Self::Processes(_) => messages::Messages
                .gather(&[f64::from(mine)])
                .into_iter()
                .map(|code| code.first().map_or(report::DONE, |&code| code as u8))
                .collect(),
        }
    }
}
