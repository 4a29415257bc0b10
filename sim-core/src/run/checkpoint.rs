//! The state of a run as bytes, so that a killed run can go on where it was.
//!
//! A checkpoint is a line that names the kind of file, the length of a header,
//! the header as JSON (whose run it is), the numbers of the run, little-endian and
//! in a fixed order, and the SHA-256 of all that. It goes on only with the same
//! engine, scenario and inputs, because only then the result has the same bytes.
//!
//! Where checkpoints are kept is the affair of a [`Keeper`].

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Problem, Result};
use crate::flood::snapshot::Tape;
use crate::run::record::InputFile;

/// How every checkpoint begins.
const MAGIC: &[u8; 16] = b"tuiyan-checkpt\r\n";

/// Version of the order of the numbers; another one cannot be read.
const SCHEMA: u32 = 4;

/// Longest header that is believed, bytes: thousands of inputs fit.
const LONGEST_HEADER: u64 = 1 << 24;

/// Bytes that are turned at a time.
const BLOCK: usize = 1 << 16;

/// Bytes of the checksum at the end.
const CHECKSUM: u64 = 32;

/// Whose run a checkpoint is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of the engine.
    pub engine: String,
    /// Commit the engine was built from.
    pub commit: String,
    /// SHA-256 of the scenario text with all overrides.
    pub scenario_sha256: String,
    /// Inputs that were read.
    pub inputs: Vec<InputFile>,
}

/// The first part of a checkpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the order of the numbers.
    pub schema: u32,
    /// Whose run it is.
    pub identity: Identity,
    /// Simulated time, s.
    pub time: f64,
    /// Steps taken.
    pub steps: u64,
    /// Bytes of the numbers.
    pub payload_bytes: u64,
}

/// Where the bytes of a checkpoint go.
pub type Writing<'w> = &'w mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

/// Keeps checkpoints: says when one is due and puts it away.
pub trait Keeper: Send {
    /// True when it is time for the next one.
    fn is_due(&mut self) -> bool;

    /// Puts one away; `writing` gives its bytes.
    ///
    /// # Errors
    /// When it could not be kept; the run goes on and tries again later.
    fn keep(&mut self, writing: Writing<'_>) -> Result<()>;
}

/// What a run does about checkpoints.
#[derive(Default)]
pub struct Checkpoints<'k> {
    /// Whose run it is; needed to keep any.
    pub identity: Option<Identity>,
    /// Who keeps them; none keeps none.
    pub keeper: Option<&'k mut dyn Keeper>,
    /// Numbers of the checkpoint from which the run goes on, behind its header.
    pub resume: Option<Box<dyn Read + Send>>,
}

/// Writes a checkpoint; `pass` leads a tape over the numbers of the run and is called twice.
///
/// # Errors
/// Those of the writer.
pub fn write(
    out: &mut dyn Write,
    identity: &Identity,
    (time, steps): (f64, u64),
    pass: &mut dyn FnMut(&mut dyn Tape),
) -> io::Result<()> {
    let mut counter = Counter(0);
    pass(&mut counter);
    let header = Header { schema: SCHEMA, identity: identity.clone(), time, steps, payload_bytes: counter.0 };
    let header = serde_json::to_vec(&header)?;
    let mut recorder = Recorder { out, hash: Sha256::new(), block: Vec::new(), failure: None };
    recorder.put(MAGIC);
    recorder.put(&(header.len() as u64).to_le_bytes());
    recorder.put(&header);
    pass(&mut recorder);
    recorder.flush();
    let Recorder { out, hash, failure, .. } = recorder;
    match failure {
        Some(failure) => Err(failure),
        None => out.write_all(&hash.finalize()),
    }
}

/// Reads magic and header; the numbers follow.
///
/// # Errors
/// `InvalidData` when it is no checkpoint, and those of the reader.
pub fn read_header(input: &mut dyn Read) -> io::Result<Header> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut magic = [0; MAGIC.len()];
    input.read_exact(&mut magic)?;
    if &magic != MAGIC {
        return Err(wrong("it is not a checkpoint"));
    }
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER {
        return Err(wrong("its header has no end"));
    }
    let mut header = Vec::new();
    input.take(length).read_to_end(&mut header)?;
    serde_json::from_slice(&header).map_err(|_| wrong("its header cannot be read"))
}

/// Reads a whole checkpoint of a known length and compares its checksum.
///
/// # Errors
/// `InvalidData` when it is no checkpoint or not whole, and those of the reader.
pub fn verify(input: &mut dyn Read, length: u64) -> io::Result<Header> {
    let torn = || io::Error::new(io::ErrorKind::InvalidData, "its checksum does not fit: it is not whole");
    let mut body =
        Hashed { input: input.take(length.checked_sub(CHECKSUM).ok_or_else(torn)?), hash: Sha256::new() };
    let header = read_header(&mut body)?;
    let payload = io::copy(&mut body, &mut io::sink())?;
    let mut checksum = Vec::new();
    let found = body.hash.finalize();
    input.read_to_end(&mut checksum)?;
    if payload != header.payload_bytes || checksum != found.as_slice() {
        return Err(torn());
    }
    Ok(header)
}

/// Refuses a checkpoint of another run.
///
/// # Errors
/// E6314 naming everything that differs.
pub fn belongs(header: &Header, identity: &Identity) -> Result<()> {
    let own = &header.identity;
    let mut differences = Vec::new();
    if header.schema != SCHEMA {
        differences.push(format!("its schema is {}, this engine writes {SCHEMA}", header.schema));
    }
    if (&own.engine, &own.commit) != (&identity.engine, &identity.commit) {
        differences.push(format!(
            "it is of version {} ({}), this is {} ({})",
            own.engine, own.commit, identity.engine, identity.commit
        ));
    }
    if own.scenario_sha256 != identity.scenario_sha256 {
        differences.push("the scenario or its overrides have changed".into());
    }
    let changed = |file: &&InputFile| !own.inputs.contains(file);
    differences
        .extend(identity.inputs.iter().filter(changed).map(|file| format!("{} has changed", file.path)));
    if differences.is_empty() && own.inputs.len() != identity.inputs.len() {
        differences.push("the list of inputs has changed".into());
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(Problem::error(6314, format!("the checkpoint is of another run: {}", differences.join("; ")))
        .why("a run that goes on under other conditions would be neither the one nor the other")
        .fix("bring back what the run began with, or delete the checkpoint folder and begin anew")
        .into())
}

/// Counts bytes.
struct Counter(u64);

impl Tape for Counter {
    fn doubles(&mut self, numbers: &mut [f64]) {
        self.0 += size_of_val(numbers) as u64;
    }
    fn singles(&mut self, numbers: &mut [f32]) {
        self.0 += size_of_val(numbers) as u64;
    }
    fn count(&mut self, _: &mut u64) {
        self.0 += size_of::<u64>() as u64;
    }
    fn flags(&mut self, flags: &mut [bool]) {
        self.0 += flags.len() as u64;
    }
}

/// Writes bytes down; the first failure silences it.
struct Recorder<'w> {
    out: &'w mut dyn Write,
    hash: Sha256,
    block: Vec<u8>,
    failure: Option<io::Error>,
}

impl Recorder<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.block.extend_from_slice(bytes);
        if self.block.len() >= BLOCK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.failure.is_none() {
            self.hash.update(&self.block);
            self.failure = self.out.write_all(&self.block).err();
        }
        self.block.clear();
    }
}

impl Tape for Recorder<'_> {
    fn doubles(&mut self, numbers: &mut [f64]) {
        numbers.iter().for_each(|number| self.put(&number.to_le_bytes()));
    }
    fn singles(&mut self, numbers: &mut [f32]) {
        numbers.iter().for_each(|number| self.put(&number.to_le_bytes()));
    }
    fn count(&mut self, count: &mut u64) {
        self.put(&count.to_le_bytes());
    }
    fn flags(&mut self, flags: &mut [bool]) {
        flags.iter().for_each(|&flag| self.put(&[u8::from(flag)]));
    }
}

/// Puts numbers back; the first failure silences it.
pub(crate) struct Player<'r> {
    input: &'r mut dyn Read,
    failure: Option<io::Error>,
}

impl<'r> Player<'r> {
    pub(crate) fn new(input: &'r mut dyn Read) -> Self {
        Self { input, failure: None }
    }

    /// Why the numbers could not be put back.
    pub(crate) fn failure(self) -> Option<Problem> {
        self.failure.map(|reason| {
            Problem::error(6317, format!("the numbers of the checkpoint cannot be read: {reason}"))
                .why("going on from half a state would give a wrong result")
                .fix("look at the disk; delete the checkpoint folder to begin anew")
        })
    }

    fn next<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        if self.failure.is_none() {
            self.failure = self.input.read_exact(&mut bytes).err();
        }
        self.failure.is_none().then_some(bytes)
    }
}

impl Tape for Player<'_> {
    fn doubles(&mut self, numbers: &mut [f64]) {
        for number in numbers {
            *number = self.next().map_or(*number, f64::from_le_bytes);
        }
    }
    fn singles(&mut self, numbers: &mut [f32]) {
        for number in numbers {
            *number = self.next().map_or(*number, f32::from_le_bytes);
        }
    }
    fn count(&mut self, count: &mut u64) {
        *count = self.next().map_or(*count, u64::from_le_bytes);
    }
    fn flags(&mut self, flags: &mut [bool]) {
        for flag in flags {
            *flag = self.next::<1>().map_or(*flag, |byte| byte[0] != 0);
        }
    }
}

/// A reader that hashes what it reads.
struct Hashed<R> {
    input: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.hash.update(&buffer[..length]);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        let inputs = vec![InputFile { path: "dem.tif".into(), sha256: "ab".into() }];
        Identity { engine: "1".into(), commit: "c".into(), scenario_sha256: "5c".into(), inputs }
    }

    fn sample() -> (Vec<u8>, Vec<f64>) {
        let mut numbers: Vec<f64> = (0..20_000).map(|i| f64::from(i).sqrt()).collect();
        let mut bytes = Vec::new();
        let mut pass = |tape: &mut dyn Tape| {
            tape.doubles(&mut numbers);
            tape.singles(&mut [1.5, -0.0]);
            tape.count(&mut 7);
            tape.flags(&mut [true, false]);
        };
        write(&mut bytes, &identity(), (12.5, 3), &mut pass).expect("memory does not fail");
        (bytes, numbers)
    }

    #[test]
    fn what_was_written_is_read_back_bit_for_bit() {
        let (bytes, numbers) = sample();
        let header = verify(&mut bytes.as_slice(), bytes.len() as u64).expect("whole");
        assert_eq!((header.time, header.steps), (12.5, 3));
        assert!(belongs(&header, &identity()).is_ok());
        let mut rest = bytes.as_slice();
        read_header(&mut rest).expect("a header");
        let (mut back, mut singles, mut count, mut flags) = (vec![0.0; 20_000], [0f32; 2], 0, [false; 2]);
        let mut player = Player::new(&mut rest);
        player.doubles(&mut back);
        player.singles(&mut singles);
        player.count(&mut count);
        player.flags(&mut flags);
        assert!(player.failure().is_none());
        assert!(back.iter().zip(&numbers).all(|(a, b)| a.to_bits() == b.to_bits()));
        assert_eq!((singles[0], singles[1].to_bits()), (1.5, (-0.0f32).to_bits()));
        assert_eq!((count, flags), (7, [true, false]));
    }

    #[test]
    fn any_missing_or_changed_byte_shows() {
        let (bytes, _) = sample();
        for length in [0, 10, 31, 40, 200, bytes.len() - 33, bytes.len() - 1] {
            assert!(verify(&mut &bytes[..length], length as u64).is_err(), "{length}");
        }
        for at in [0, 20, 30, 1000, bytes.len() - 1] {
            let mut broken = bytes.clone();
            broken[at] ^= 1;
            assert!(verify(&mut broken.as_slice(), broken.len() as u64).is_err(), "{at}");
        }
    }

    #[test]
    fn a_checkpoint_of_another_run_is_refused_and_says_why() {
        let (bytes, _) = sample();
        let header = verify(&mut bytes.as_slice(), bytes.len() as u64).expect("whole");
        let refused = |change: &dyn Fn(&mut Identity)| {
            let mut other = identity();
            change(&mut other);
            belongs(&header, &other).expect_err("another run").to_string()
        };
        assert!(refused(&|other| other.engine = "2".into()).contains("version 1 (c), this is 2 (c)"));
        assert!(refused(&|other| other.scenario_sha256 = "5d".into()).contains("scenario"));
        assert!(refused(&|other| other.inputs[0].sha256 = "ac".into()).contains("dem.tif has changed"));
        assert!(refused(&|other| other.inputs.clear()).contains("list of inputs"));
    }

    #[test]
    fn numbers_that_end_too_early_are_a_failure() {
        let mut player_input: &[u8] = &[0; 12];
        let mut player = Player::new(&mut player_input);
        player.doubles(&mut [0.0; 2]);
        assert_eq!(player.failure().map(|problem| problem.code.0), Some(6317));
    }
}
