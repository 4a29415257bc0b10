//! Parts in processes that send each other messages over MPI.

use mpi::Count;
use mpi::Threading;
use mpi::datatype::PartitionMut;
use mpi::environment::Universe;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Root, Source};
use sim_core::flood::part::Halo;

use crate::report;

/// Exit code of a mistake of ours.
const OUR_MISTAKE: i32 = 70;

/// Numbers in one message at most: MPI counts them in 32 bits.
const LONGEST: usize = Count::MAX as usize;

/// All processes that were started together; they part when it is dropped.
pub(crate) struct World(#[allow(dead_code, reason = "kept until the end: dropping it ends MPI")] Universe);

impl World {
    /// Joins them. Messages are sent by one thread at a time, whichever it is.
    ///
    /// A process that panics takes the others with it: they would wait for it for ever.
    pub(crate) fn join() -> Self {
        let joined = mpi::initialize_with_threading(Threading::Serialized);
        let (universe, threading) = joined.expect("MPI begins once");
        let say = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            say(panic);
            SimpleCommunicator::world().abort(OUR_MISTAKE);
        }));
        if threading < Threading::Serialized {
            report::remark(
                "this MPI cannot send from threads of a pool; build one with MPI_THREAD_SERIALIZED",
            );
            SimpleCommunicator::world().abort(OUR_MISTAKE);
        }
        Self(universe)
    }
}

/// The way to the other processes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Messages;

impl Messages {
    fn world() -> SimpleCommunicator {
        SimpleCommunicator::world()
    }

    /// How many numbers each process sends, and where they begin among those of all.
    fn counts(mine: usize) -> (Vec<Count>, Vec<Count>, usize) {
        let world = Self::world();
        let mut counts = vec![0 as Count; world.size() as usize];
        let mine = Count::try_from(mine).expect("a part has fewer than 2^31 numbers");
        world.all_gather_into(&mine, &mut counts[..]);
        let all: usize = counts.iter().map(|&count| count as usize).sum();
        assert!(all <= LONGEST, "all parts together have fewer than 2^31 numbers");
        let begins = counts
            .iter()
            .scan(0, |begin, &count| {
                let here = *begin;
                *begin += count;
                Some(here)
            })
            .collect();
        (counts, begins, all)
    }

    fn cut(all: &[f64], counts: &[Count]) -> Vec<Vec<f64>> {
        let mut rest = all;
        let take = |&count: &Count| {
            let (mine, others) = rest.split_at(count as usize);
            rest = others;
            mine.to_vec()
        };
        counts.iter().map(take).collect()
    }
}

impl Halo for Messages {
    fn rank(&self) -> usize {
        Self::world().rank() as usize
    }

    fn ranks(&self) -> usize {
        Self::world().size() as usize
    }

    fn swap(&mut self, south: &[f64], north: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let world = Self::world();
        let (rank, last) = (world.rank(), world.size() - 1);
        let receive = |from: Option<i32>| {
            from.map_or_else(Vec::new, |rank| world.process_at_rank(rank).receive_vec::<f64>().0)
        };
        let (below, above) = ((rank > 0).then(|| rank - 1), (rank < last).then(|| rank + 1));
        mpi::request::scope(|scope| {
            let sent = [below.map(|rank| (rank, south)), above.map(|rank| (rank, north))];
            let sent: Vec<_> = sent
                .into_iter()
                .flatten()
                .map(|(rank, numbers)| world.process_at_rank(rank).immediate_send(scope, numbers))
                .collect();
            let heard = (receive(below), receive(above));
            sent.into_iter().for_each(|sent| {
                sent.wait();
            });
            heard
        })
    }

    fn gather(&mut self, mine: &[f64]) -> Vec<Vec<f64>> {
        let (counts, begins, all) = Self::counts(mine.len());
        let mut heard = vec![0.0; all];
        let mut parts = PartitionMut::new(&mut heard[..], &counts[..], &begins[..]);
        Self::world().all_gather_varcount_into(mine, &mut parts);
        Self::cut(&heard, &counts)
    }

    fn collect(&mut self, mine: &[f64]) -> Option<Vec<Vec<f64>>> {
        let (counts, begins, all) = Self::counts(mine.len());
        let world = Self::world();
        let first = world.process_at_rank(0);
        if world.rank() > 0 {
            first.gather_varcount_into(mine);
            return None;
        }
        let mut heard = vec![0.0; all];
        let mut parts = PartitionMut::new(&mut heard[..], &counts[..], &begins[..]);
        first.gather_varcount_into_root(mine, &mut parts);
        Some(Self::cut(&heard, &counts))
    }
}
