//! Which member is which: hashes of everything that a run computes with.
//!
//! Two members with the same fingerprint give the same result, whatever their texts were:
//! `60 mm/h` and `1 mm/min` are one member.

use std::fmt::Debug;

use sha2::{Digest, Sha256};

use crate::run::flood::FloodCase;
use crate::run::gas::GasCase;
use crate::run::record::InputFile;

/// A hash that is fed with parts, each with its length, so that no two lists of parts agree by chance.
#[derive(Debug, Default, Clone)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    /// Adds some bytes.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds everything that a value shows of itself; numbers show all their digits.
    #[must_use]
    pub fn shown(self, value: &impl Debug) -> Self {
        self.text(&format!("{value:?}"))
    }

    /// Adds numbers bit by bit.
    #[must_use]
    pub fn numbers(mut self, numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut count = 0_u64;
        for number in numbers {
            self.0.update(number.to_bits().to_le_bytes());
            count += 1;
        }
        self.0.update(count.to_le_bytes());
        self
    }

    /// The hash, hexadecimal.
    pub fn end(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn begin(engine: &str, inputs: &[InputFile]) -> Fingerprint {
    let mut hashes: Vec<&str> = inputs.iter().map(|input| input.sha256.as_str()).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.into_iter().fold(Fingerprint::default().text(engine), Fingerprint::text)
}

/// Fingerprint of a gas member: the whole case but for its title.
pub fn of_gas(case: &GasCase, inputs: &[InputFile], engine: &str) -> String {
    let nameless = GasCase { title: String::new(), ground: None, ..case.clone() };
    let ground = case.ground.iter().flat_map(|levels| levels.iter().copied());
    begin(engine, inputs).text("gas").shown(&nameless).numbers(ground).end()
}

/// Fingerprint of a flood member: the whole case but for its title.
pub fn of_flood(case: &FloodCase, inputs: &[InputFile], engine: &str) -> String {
    // Grids show only their corners; the three large ones are added number by number, those of
    // other files by the hashes of the files.
    let nameless = FloodCase { title: String::new(), ..case.clone() };
    begin(engine, inputs)
        .text("flood")
        .shown(&nameless)
        .numbers(case.bed.iter().copied())
        .numbers(case.initial_depth.iter().copied())
        .numbers(case.manning_n.iter().copied())
        .end()
}

/// Fingerprint of a member that could not be read: of what its line says.
pub fn of_text(base_sha256: &str, overrides: &[String], engine: &str) -> String {
    let begun = Fingerprint::default().text(engine).text("text").text(base_sha256);
    overrides.iter().fold(begun, |hash, text| hash.text(text)).end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let one = Fingerprint::default().text("ab").text("c").end();
        let other = Fingerprint::default().text("a").text("bc").end();
        assert_ne!(one, other);
        assert_eq!(one.len(), 64);
    }

    #[test]
    fn the_order_of_input_files_does_not_matter() {
        let file = |sha: &str| InputFile { path: "x".into(), sha256: sha.into() };
        let (a, b) = (file("aa"), file("bb"));
        assert_eq!(begin("1", &[a.clone(), b.clone()]).end(), begin("1", &[b, a]).end());
    }
}
