//! Names that tell the things of one kind apart in tables and on maps.

use super::section::Section;

/// The names of one kind of thing that were read so far.
pub(super) struct Names {
    code: u16,
    what: &'static str,
    read: Vec<String>,
}

impl Names {
    /// No name yet; `what` are the things in the plural, `code` is that of the message.
    pub(super) fn new(code: u16, what: &'static str) -> Self {
        Self { code, what, read: Vec::new() }
    }

    /// The name if it is the first of its kind; a second one is reported.
    pub(super) fn first<'n>(&mut self, table: &Section<'_>, name: &'n str) -> Option<&'n str> {
        if self.read.iter().any(|known| known == name) {
            let text = format!("two {} are called '{name}'", self.what);
            table.report(self.code, "name", text, "rename one of them");
            return None;
        }
        self.read.push(name.to_owned());
        Some(name)
    }
}
