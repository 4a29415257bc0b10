//! The bytes of a file, read once and fingerprinted.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Problem, Result};

/// The messages with which a family of files speaks of a file it cannot read.
pub(super) struct FileCodes {
    /// Missing, not permitted, not a regular file.
    pub(super) unreadable: u16,
    /// No bytes.
    pub(super) empty: u16,
    /// More bytes than the limit.
    pub(super) too_long: u16,
}

/// Opens a regular file that is neither empty nor longer than `limit` bytes, and tells its length.
///
/// A device or a pipe is refused before anything is read: it may never end.
pub(super) fn open(path: &Path, shown_as: &str, limit: u64, codes: &FileCodes) -> Result<(File, u64)> {
    let unreadable = |reason: String| {
        Problem::error(codes.unreadable, format!("cannot be read: {reason}"))
            .in_file(shown_as)
            .fix("check the path; relative paths start at the folder of the scenario, ${data} at --data")
    };
    // Metadata first: opening a pipe would wait for a writer.
    let about = std::fs::metadata(path).map_err(|reason| unreadable(reason.to_string()))?;
    if !about.is_file() {
        return Err(unreadable("it is not a regular file".into()).into());
    }
    if about.len() == 0 {
        return Err(Problem::error(codes.empty, "the file is empty (0 bytes)")
            .in_file(shown_as)
            .fix("copy or export it again; check free disk space where it was made")
            .into());
    }
    if about.len() > limit {
        let text = format!("the file has {} bytes; at most {limit} are read", about.len());
        return Err(Problem::error(codes.too_long, text)
            .in_file(shown_as)
            .why("a file that does not fit would exhaust the memory")
            .fix("cut it to the area and time of the scenario, or raise the limit")
            .into());
    }
    let file = File::open(path).map_err(|reason| unreadable(reason.to_string()))?;
    Ok((file, about.len()))
}

/// All bytes of a file; see [`open`] for what is refused.
pub(super) fn read(path: &Path, shown_as: &str, limit: u64, codes: &FileCodes) -> Result<Vec<u8>> {
    let (file, length) = open(path, shown_as, limit, codes)?;
    // The length is that of the file as it lies there, and within the limit.
    let mut bytes = Vec::with_capacity(usize::try_from(length + 1).unwrap_or_default());
    // One byte more than promised shows a file that grows while it is read.
    let outcome = file.take(length + 1).read_to_end(&mut bytes);
    let text = match outcome {
        Ok(_) if bytes.len() as u64 == length => return Ok(bytes),
        Ok(_) => "it changed while it was read".into(),
        Err(reason) => reason.to_string(),
    };
    Err(Problem::error(codes.unreadable, format!("cannot be read: {text}"))
        .in_file(shown_as)
        .fix("wait until no other program writes to it")
        .into())
}

/// SHA-256 in lower-case hexadecimal.
///
/// # Source
/// NIST FIPS 180-4.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// SHA-256 of a file too large to be held, in lower-case hexadecimal.
pub(super) fn sha256_of(mut file: File) -> std::io::Result<String> {
    /// Bytes that are read at a time.
    const PART: usize = 1 << 20;
    let (mut digest, mut part) = (Sha256::new(), vec![0; PART]);
    loop {
        match file.read(&mut part)? {
            0 => return Ok(hexadecimal(&digest.finalize())),
            length => digest.update(&part[..length]),
        }
    }
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(2 * digest.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What is wrong with bytes that should be UTF-8 text, if anything.
///
/// UTF-16 shows by its byte-order mark or by zero bytes; Chinese text in GBK or
/// GB 18030 shows by bytes that are no UTF-8.
pub(super) fn encoding_mistake(bytes: &[u8]) -> Option<String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Some("the text is UTF-16".into());
    }
    if bytes.contains(&0) {
        return Some("the file holds zero bytes: it is binary, or UTF-16 without a mark".into());
    }
    let mistake = std::str::from_utf8(bytes).err()?;
    let line = 1 + bytes[..mistake.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
    Some(format!("line {line} is not UTF-8; Chinese text from Excel is usually GBK"))
}

/// The bytes without a UTF-8 byte-order mark.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_of_abc_is_the_published_one() {
        // NIST FIPS 180-4 example, message "abc".
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn foreign_encodings_are_recognised() {
        assert!(encoding_mistake(&[0xff, 0xfe, b't', 0]).is_some_and(|text| text.contains("UTF-16")));
        assert!(encoding_mistake(b"t\0i\0").is_some_and(|text| text.contains("zero bytes")));
        // "time" in Chinese, in GBK.
        let gbk = [b'a', b'\n', 0xca, 0xb1, 0xbc, 0xe4];
        assert!(encoding_mistake(&gbk).is_some_and(|text| text.contains("line 2") && text.contains("GBK")));
        assert_eq!(encoding_mistake("时间,雨".as_bytes()), None);
    }
}
