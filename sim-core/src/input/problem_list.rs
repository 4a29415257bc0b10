//! Everything that is wrong with one file, bounded so that a broken file does not flood the screen.

use crate::error::{Problem, Problems, Result};

/// Errors of one file that are told in full; the rest are counted.
///
/// A person mends a file by its first mistakes; a wrong separator breaks every line.
pub const SHOWN: usize = 20;

/// Collects the problems of one file.
#[derive(Debug)]
pub(super) struct ProblemList {
    file: String,
    more_code: u16,
    errors: Vec<Problem>,
    not_shown: usize,
    warnings: Vec<Problem>,
}

impl ProblemList {
    /// An empty list for a file; `more_code` is the message that counts what is not shown.
    pub(super) fn new(file: &str, more_code: u16) -> Self {
        Self { file: file.into(), more_code, errors: Vec::new(), not_shown: 0, warnings: Vec::new() }
    }

    /// Takes one problem and adds the file to it.
    pub(super) fn add(&mut self, problem: Problem) {
        let problem = problem.in_file(self.file.as_str());
        if !problem.is_error() {
            self.warnings.push(problem);
        } else if self.errors.len() < SHOWN {
            self.errors.push(problem);
        } else {
            self.not_shown += 1;
        }
    }

    /// Takes several problems.
    pub(super) fn add_all(&mut self, Problems(problems): Problems) {
        problems.into_iter().for_each(|problem| self.add(problem));
    }

    /// The value of an outcome; its problems are taken.
    pub(super) fn value_of<T>(&mut self, outcome: Result<T>) -> Option<T> {
        outcome.map_err(|problems| self.add_all(problems)).ok()
    }

    /// True once there is an error.
    pub(super) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The warnings if there was no error.
    ///
    /// # Errors
    /// All errors, then the warnings.
    pub(super) fn finish(mut self) -> Result<Vec<Problem>> {
        if self.errors.is_empty() {
            return Ok(self.warnings);
        }
        if self.not_shown > 0 {
            let text = format!("{} more mistakes in this file are not shown", self.not_shown);
            let rest = Problem::error(self.more_code, text)
                .in_file(self.file)
                .fix("mend the first ones and check again; often one cause is behind all of them");
            self.errors.push(rest);
        }
        self.errors.append(&mut self.warnings);
        Err(Problems(self.errors))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_mistakes_are_twenty_and_a_count() {
        let mut list = ProblemList::new("a.csv", 3099);
        (0..1000).for_each(|i| list.add(Problem::error(3015, format!("{i}"))));
        let Problems(problems) = list.finish().expect_err("there were errors");
        assert_eq!(problems.len(), SHOWN + 1);
        assert_eq!(problems[SHOWN].code.0, 3099);
        assert!(problems[SHOWN].text.contains("980"), "{}", problems[SHOWN].text);
    }

    #[test]
    fn warnings_alone_do_not_fail() {
        let mut list = ProblemList::new("a.csv", 3099);
        list.add(Problem::warning(3036, "unused"));
        assert_eq!(list.finish().expect("only a warning").len(), 1);
    }
}
