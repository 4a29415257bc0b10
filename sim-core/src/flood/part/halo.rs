//! How the parts of a flood reach each other.

use std::fmt::Debug;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Numbers on their way between the parts of a flood.
///
/// All parts call the same methods in the same order; each call waits for the others. A part that
/// is gone (its thread has panicked, its process has died) ends the others too: there is nothing
/// that they could do without it.
pub trait Halo: Debug + Send {
    /// Which part this is, from zero in the south.
    fn rank(&self) -> usize;

    /// How many parts there are.
    fn ranks(&self) -> usize;

    /// Gives the numbers to the neighbours south and north and returns theirs; what has no
    /// neighbour is empty.
    fn swap(&mut self, south: &[f64], north: &[f64]) -> (Vec<f64>, Vec<f64>);

    /// The numbers of all parts, in their order, on every part.
    fn gather(&mut self, mine: &[f64]) -> Vec<Vec<f64>>;

    /// The numbers of all parts, in their order, on the first one; nothing on the others.
    fn collect(&mut self, mine: &[f64]) -> Option<Vec<Vec<f64>>>;
}

/// One part that is the whole.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Halo for Alone {
    fn rank(&self) -> usize {
        0
    }

    fn ranks(&self) -> usize {
        1
    }

    fn swap(&mut self, _: &[f64], _: &[f64]) -> (Vec<f64>, Vec<f64>) {
        (Vec::new(), Vec::new())
    }

    fn gather(&mut self, mine: &[f64]) -> Vec<Vec<f64>> {
        vec![mine.to_vec()]
    }

    fn collect(&mut self, mine: &[f64]) -> Option<Vec<Vec<f64>>> {
        Some(vec![mine.to_vec()])
    }
}

/// Parts in threads of one process, with a channel from each to each.
#[derive(Debug)]
pub struct Threads {
    rank: usize,
    to: Vec<Sender<Vec<f64>>>,
    from: Vec<Receiver<Vec<f64>>>,
}

impl Threads {
    /// One for each of so many parts, in their order.
    pub fn team(parts: usize) -> Vec<Self> {
        let mut team: Vec<Self> =
            (0..parts).map(|rank| Self { rank, to: Vec::new(), from: Vec::new() }).collect();
        for sender in 0..parts {
            for receiver in 0..parts {
                let (to, from) = channel();
                team[sender].to.push(to);
                team[receiver].from.push(from);
            }
        }
        team
    }

    fn send(&self, rank: usize, numbers: &[f64]) {
        let sent = self.to[rank].send(numbers.to_vec());
        assert!(sent.is_ok(), "part {rank} of the flood has stopped");
    }

    fn receive(&self, rank: usize) -> Vec<f64> {
        match self.from[rank].recv() {
            Ok(numbers) => numbers,
            Err(_) => panic!("part {rank} of the flood has stopped"),
        }
    }

    fn others(&self) -> impl Iterator<Item = usize> + use<> {
        let rank = self.rank;
        (0..self.to.len()).filter(move |&other| other != rank)
    }
}

impl Halo for Threads {
    fn rank(&self) -> usize {
        self.rank
    }

    fn ranks(&self) -> usize {
        self.to.len()
    }

    fn swap(&mut self, south: &[f64], north: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let below = self.rank.checked_sub(1);
        let above = Some(self.rank + 1).filter(|&rank| rank < self.ranks());
        below.into_iter().for_each(|rank| self.send(rank, south));
        above.into_iter().for_each(|rank| self.send(rank, north));
        let receive = |rank: Option<usize>| rank.map_or_else(Vec::new, |rank| self.receive(rank));
        (receive(below), receive(above))
    }

    fn gather(&mut self, mine: &[f64]) -> Vec<Vec<f64>> {
        self.others().for_each(|rank| self.send(rank, mine));
        let of = |rank| if rank == self.rank { mine.to_vec() } else { self.receive(rank) };
        (0..self.ranks()).map(of).collect()
    }

    fn collect(&mut self, mine: &[f64]) -> Option<Vec<Vec<f64>>> {
        if self.rank > 0 {
            self.send(0, mine);
            return None;
        }
        let others = self.others().map(|rank| self.receive(rank));
        Some(std::iter::once(mine.to_vec()).chain(others).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each of three parts hears when all say their rank, by a way of asking.
    fn heard<T: Send>(ask: impl Fn(&mut Threads) -> T + Sync) -> Vec<T> {
        std::thread::scope(|scope| {
            let ask = &ask;
            let parts: Vec<_> =
                Threads::team(3).into_iter().map(|mut part| scope.spawn(move || ask(&mut part))).collect();
            parts.into_iter().map(|part| part.join().expect("it does not panic")).collect()
        })
    }

    #[test]
    fn neighbours_swap_and_ends_hear_nothing() {
        let found = heard(|part| {
            let rank = part.rank() as f64;
            part.swap(&[rank, -1.0], &[rank, 1.0])
        });
        assert_eq!(found[0], (vec![], vec![1.0, -1.0]));
        assert_eq!(found[1], (vec![0.0, 1.0], vec![2.0, -1.0]));
        assert_eq!(found[2], (vec![1.0, 1.0], vec![]));
    }

    #[test]
    fn all_hear_all_in_the_order_of_parts_whatever_their_number_of_numbers() {
        let found = heard(|part| {
            let mine = vec![part.rank() as f64; part.rank()];
            (part.gather(&mine), part.collect(&mine))
        });
        let all = vec![vec![], vec![1.0], vec![2.0, 2.0]];
        for (rank, (gathered, collected)) in found.into_iter().enumerate() {
            assert_eq!(gathered, all);
            assert_eq!(collected, (rank == 0).then(|| all.clone()));
        }
    }

    #[test]
    fn a_part_whose_neighbour_is_gone_does_not_wait_for_ever() {
        let mut team = Threads::team(2);
        drop(team.pop());
        let mut left = team.remove(0);
        let waits = std::thread::spawn(move || left.gather(&[1.0]));
        assert!(waits.join().is_err());
    }
}
