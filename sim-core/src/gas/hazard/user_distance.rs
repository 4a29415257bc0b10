//! Distances that others publish and a user wants to see beside the model's.

use crate::error::Problem;
use crate::error::Result;
use crate::gas::hazard::bounds::{Bound, none_of, refuse};

/// A distance from a guidebook or a company's rule, as the user gives it.
///
/// It stands beside the radius of the model and is never merged with it: the two
/// answer different questions, and neither may hide the other. None is built in,
/// because guidebooks differ by edition.
#[derive(Debug, Clone, PartialEq)]
pub struct UserDistance {
    /// What it is, e.g. `initial isolation, large spill`.
    pub name: String,
    /// Edition of the book or rule, e.g. its year.
    pub edition: String,
    /// Title and page.
    pub source: String,
    /// Distance, m.
    pub distance: f64,
}

/// Farthest distance that is taken, m: half the way round the earth is a wrong unit.
const FARTHEST: f64 = 1e5;

impl UserDistance {
    /// Refuses a distance nobody could trace.
    ///
    /// # Errors
    /// E4513 no name, edition or source, or a distance out of range.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::hazard::user_distance::UserDistance;
    /// let row = UserDistance { name: "isolation".into(), edition: String::new(), source: "guide".into(), distance: 100.0 };
    /// assert_eq!(row.check().unwrap_err().0[0].code.0, 4513);
    /// ```
    pub fn check(&self) -> Result<()> {
        let texts = [("name", &self.name), ("edition", &self.edition), ("source", &self.source)];
        let mut problems: Vec<Problem> = texts
            .into_iter()
            .filter(|(_, text)| text.trim().is_empty())
            .map(|(what, _)| {
                Problem::error(4513, format!("a distance has no {what}"))
                    .why("a distance whose book and edition nobody knows cannot be checked in an emergency")
                    .fix(format!("write its {what}"))
            })
            .collect();
        let bound = Bound::above("distance", self.distance, 0.0, FARTHEST, "m");
        problems.extend(refuse(4513, &[bound], "give the distance in metres"));
        none_of(problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_needs_its_book_its_edition_and_a_length() {
        let row = |edition: &str, distance: f64| UserDistance {
            name: "initial isolation".into(),
            edition: edition.into(),
            source: "company rule 7, page 3".into(),
            distance,
        };
        assert!(row("2024", 100.0).check().is_ok());
        assert_eq!(row(" ", -1.0).check().expect_err("two mistakes").0.len(), 2);
        assert!(row("2024", f64::NAN).check().is_err());
    }
}
