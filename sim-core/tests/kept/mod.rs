//! What a solver keeps, as bits, for comparisons; and a tape that puts it back.

use sim_core::flood::Solver;
use sim_core::flood::snapshot::Tape;

/// Every number of a solver as it would be kept.
#[derive(Default)]
struct Numbers(Vec<u64>);

impl Tape for Numbers {
    fn doubles(&mut self, numbers: &mut [f64]) {
        self.0.extend(numbers.iter().map(|number| number.to_bits()));
    }
    fn singles(&mut self, numbers: &mut [f32]) {
        self.0.extend(numbers.iter().map(|number| u64::from(number.to_bits())));
    }
    fn count(&mut self, count: &mut u64) {
        self.0.push(*count);
    }
    fn flags(&mut self, flags: &mut [bool]) {
        self.0.extend(flags.iter().map(|&flag| u64::from(flag)));
    }
}

/// Puts numbers back.
pub(crate) struct Back(pub(crate) std::vec::IntoIter<u64>);

impl Tape for Back {
    fn doubles(&mut self, numbers: &mut [f64]) {
        numbers.iter_mut().zip(&mut self.0).for_each(|(number, bits)| *number = f64::from_bits(bits));
    }
    fn singles(&mut self, numbers: &mut [f32]) {
        numbers.iter_mut().zip(&mut self.0).for_each(|(number, bits)| *number = f32::from_bits(bits as u32));
    }
    fn count(&mut self, count: &mut u64) {
        *count = self.0.next().expect("enough numbers");
    }
    fn flags(&mut self, flags: &mut [bool]) {
        flags.iter_mut().zip(&mut self.0).for_each(|(flag, bits)| *flag = bits == 1);
    }
}

/// Bits of every number of a solver.
pub(crate) fn numbers(solver: &mut Solver) -> Vec<u64> {
    let mut numbers = Numbers::default();
    solver.pass(&mut numbers);
    numbers.0
}
