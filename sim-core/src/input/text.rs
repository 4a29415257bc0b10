//! Texts that a scenario names and this folder does not interpret: storm formulas, sewer networks.

use std::path::Path;

use super::bytes::{self, FileCodes};
use crate::error::{Problem, Result};

/// Longest text that is read, bytes; a storm formula has about one thousand.
const LONGEST_TEXT: u64 = 1 << 20;

/// A text and its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// The text, UTF-8.
    pub text: String,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// Longest sewer network that is read, bytes; one with a thousand manholes has about 500 kB.
const LONGEST_NETWORK: u64 = 1 << 28;

/// The text of a file.
///
/// # Errors
/// E3330 when it is missing, empty, longer than a mebibyte or not UTF-8.
pub fn read_text(path: &Path, shown_as: &str) -> Result<TextFile> {
    read(path, shown_as, 3330, LONGEST_TEXT)
}

/// The text of a sewer network.
///
/// # Errors
/// E2473 when it is missing, empty, longer than 256 mebibytes or not UTF-8.
pub fn read_network(path: &Path, shown_as: &str) -> Result<TextFile> {
    read(path, shown_as, 2473, LONGEST_NETWORK)
}

/// SHA-256 of a file that another file names, hexadecimal.
///
/// # Errors
/// E2473 when it cannot be read.
pub fn fingerprint(path: &Path, shown_as: &str) -> Result<String> {
    let codes = FileCodes { unreadable: 2473, empty: 2473, too_long: 2473 };
    Ok(bytes::sha256(&bytes::read(path, shown_as, LONGEST_NETWORK, &codes)?))
}

fn read(path: &Path, shown_as: &str, code: u16, longest: u64) -> Result<TextFile> {
    let codes = FileCodes { unreadable: code, empty: code, too_long: code };
    let bytes = bytes::read(path, shown_as, longest, &codes)?;
    let sha256 = bytes::sha256(&bytes);
    let refused = |mistake: String| {
        Problem::error(code, mistake).in_file(shown_as).fix("save the file as UTF-8 in the editor")
    };
    if let Some(mistake) = bytes::encoding_mistake(&bytes) {
        return Err(refused(mistake).into());
    }
    let text = String::from_utf8_lossy(bytes::without_mark(&bytes)).into_owned();
    Ok(TextFile { text, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_with_its_fingerprint_and_anything_else_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("f.toml");
        std::fs::write(&path, "abc").expect("writable");
        let file = read_text(&path, "f.toml").expect("text");
        assert_eq!((file.text.as_str(), &file.sha256[..8]), ("abc", "ba7816bf"));
        for content in [&b""[..], b"\xb1\xa9\xd3\xea", &vec![b'a'; (1 << 20) + 1]] {
            std::fs::write(&path, content).expect("writable");
            let problems = read_text(&path, "f.toml").expect_err("refused");
            assert_eq!(problems.0[0].code.0, 3330);
        }
        assert!(read_text(&folder.path().join("none.toml"), "none.toml").is_err());
    }
}
