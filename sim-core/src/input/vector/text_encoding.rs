//! In which encoding the table of a shapefile is written.
//!
//! A `.dbf` has one byte for it, the language driver, which many programs leave at zero; a
//! `.cpg` beside it holds a name. Neither is checked by whoever writes them, so that text is
//! decoded strictly: what does not decode is told and not replaced.
//!
//! # Source
//! Names of encodings: WHATWG Encoding Standard, as in the crate `encoding_rs`, whose GBK
//! decoder reads all of GB 18030. Language drivers: dBASE and Visual FoxPro tables of code
//! pages (0x4D and 0x7A: code page 936; 0x4F and 0x78: 950).

use encoding_rs::{BIG5, Encoding, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::grid::vector::TextEncoding;

/// An encoding and whose word it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Taken {
    encoding: &'static Encoding,
    /// True where the file or the user names the encoding.
    pub(super) is_said: bool,
    reason: String,
}

impl Taken {
    fn new(encoding: &'static Encoding, reason: impl Into<String>) -> Self {
        Self { encoding, is_said: true, reason: reason.into() }
    }

    /// Name and reason, as the understood values tell it.
    pub(super) fn shown(&self) -> String {
        format!("{}: {}", self.encoding.name(), self.reason)
    }

    pub(super) fn name(&self) -> &'static str {
        self.encoding.name()
    }

    pub(super) fn is_utf8(&self) -> bool {
        self.encoding == UTF_8
    }

    /// The text of bytes; none if they are not text of this encoding.
    pub(super) fn decode(&self, bytes: &[u8]) -> Option<String> {
        self.encoding.decode_without_bom_handling_and_without_replacement(bytes).map(Into::into)
    }
}

/// The encoding of a table: what the user says, else the `.cpg`, else the language driver,
/// else UTF-8, of which plain ASCII is a part.
///
/// # Errors
/// A `.cpg` that names no encoding that a table can have, in its own words.
pub(super) fn of_table(
    wanted: Option<TextEncoding>,
    cpg: Option<&[u8]>,
    driver: u8,
) -> Result<Taken, String> {
    if let Some(wanted) = wanted {
        let encoding = match wanted {
            TextEncoding::Utf8 => UTF_8,
            TextEncoding::Gbk => GBK,
            TextEncoding::Big5 => BIG5,
        };
        return Ok(Taken::new(encoding, "the scenario says so"));
    }
    if let Some(bytes) = cpg {
        let label = String::from_utf8_lossy(bytes);
        let label = label.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
        return match of_label(label) {
            Some(encoding) => Ok(Taken::new(encoding, format!("the .cpg says {label}"))),
            None => Err(label.chars().take(32).collect()),
        };
    }
    let of_driver = match driver {
        0x4D | 0x7A => Some(GBK),
        0x4F | 0x78 => Some(BIG5),
        _ => None,
    };
    Ok(match of_driver {
        Some(encoding) => Taken::new(
            encoding,
            format!("the language driver of the .dbf is 0x{driver:02X}; there is no .cpg"),
        ),
        None => Taken {
            encoding: UTF_8,
            is_said: false,
            reason: format!("no .cpg; the language driver 0x{driver:02X} of the .dbf says nothing"),
        },
    })
}

/// The encoding of a name such as `UTF-8`, `GB2312`, `936`, `cp936` or `ANSI 936`.
fn of_label(label: &str) -> Option<&'static Encoding> {
    let lower = label.to_ascii_lowercase();
    let page = ["ansi ", "oem ", "windows-", "cp", "ms"]
        .into_iter()
        .fold(lower.as_str(), |rest, prefix| rest.strip_prefix(prefix).unwrap_or(rest));
    let of_page = match page {
        "936" | "54936" | "20936" => Some(GBK),
        "950" => Some(BIG5),
        "65001" => Some(UTF_8),
        _ => Encoding::for_label_no_replacement(lower.as_bytes()),
    };
    // A field padded with blanks of one byte cannot be UTF-16.
    of_page.filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_programs_write_are_known() {
        for label in ["GBK", "gb2312", "GB18030", "936", "cp936", "CP936", "ANSI 936", "OEM 936", "ms936"] {
            let encoding = of_label(label).unwrap_or_else(|| panic!("{label}"));
            assert!(["GBK", "gb18030"].contains(&encoding.name()), "{label}");
        }
        for label in ["UTF-8", "utf8", "65001"] {
            assert_eq!(of_label(label), Some(UTF_8), "{label}");
        }
        assert_eq!(of_label("big5"), of_label("950"));
        assert_eq!(of_label("UTF-16LE"), None);
        assert_eq!(of_label("Klingon"), None);
    }

    #[test]
    fn the_user_goes_before_the_cpg_and_the_cpg_before_the_driver() {
        let name = |wanted, cpg: Option<&[u8]>, driver| {
            of_table(wanted, cpg, driver).map(|taken| (taken.name(), taken.is_said))
        };
        assert_eq!(name(Some(TextEncoding::Big5), Some(b"GBK"), 0x4D), Ok(("Big5", true)));
        assert_eq!(name(None, Some(b"\xef\xbb\xbfUTF-8\r\n"), 0x4D), Ok(("UTF-8", true)));
        assert_eq!(name(None, None, 0x4D), Ok(("GBK", true)));
        assert_eq!(name(None, None, 0), Ok(("UTF-8", false)));
        assert_eq!(name(None, Some(b"Klingon"), 0x4D), Err("Klingon".into()));
    }

    #[test]
    fn all_of_gb_18030_is_read_and_half_a_letter_is_not() {
        let gbk = of_table(Some(TextEncoding::Gbk), None, 0).expect("known");
        // "North", U+5317, in two bytes; U+20000 in four (GB 18030-2005).
        assert_eq!(gbk.decode(b"\xb1\xb1").as_deref(), Some("\u{5317}"));
        assert_eq!(gbk.decode(b"\x95\x32\x82\x36").as_deref(), Some("\u{20000}"));
        assert_eq!(gbk.decode(b"\xb1\xb1\xb1"), None);
    }
}
