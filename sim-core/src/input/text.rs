//! Short texts that a scenario names: storm formulas.

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

/// The text of a file.
///
/// # Errors
/// E3330 when it is missing, empty, longer than a mebibyte or not UTF-8.
pub fn read_text(path: &Path, shown_as: &str) -> Result<TextFile> {
    let codes = FileCodes { unreadable: 3330, empty: 3330, too_long: 3330 };
    let bytes = bytes::read(path, shown_as, LONGEST_TEXT, &codes)?;
    let sha256 = bytes::sha256(&bytes);
    let refused = |mistake: String| {
        Problem::error(3330, mistake).in_file(shown_as).fix("save the file as UTF-8 in the editor")
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
