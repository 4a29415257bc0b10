//! Tables of places: sites to grade, and places with people.

use sim_core::error::{Problem, Problems};
use sim_core::input::library::Library;
use sim_core::input::plan_table::TextTable;

use super::products;

/// A place of a table, in the plane of the library.
pub(super) struct Site {
    /// Name.
    pub name: String,
    /// Easting, m.
    pub x: f64,
    /// Northing, m.
    pub y: f64,
    /// People there; nobody counted where the table is not asked for them.
    pub people: f64,
}

fn refuse(text: String, with_people: bool) -> Problem {
    let more = if with_people { ", and people (a number)" } else { "" };
    Problem::error(8655, text)
        .fix(format!("write a table with the columns name, x_m, y_m or name, lon, lat{more}"))
}

/// Names and places of a table, and people where they are wanted.
///
/// # Errors
/// E8655 for all rows that are not understood at once; E8646 for a place that the plane does not have.
pub(super) fn read(library: &Library, table: &TextTable, with_people: bool) -> Result<Vec<Site>, Problems> {
    let column = |names: &[&str]| table.columns.iter().position(|column| names.contains(&column.as_str()));
    let people = column(&["people"]);
    let (Some(name), Some(x), Some(y)) =
        (column(&["name"]), column(&["x_m", "lon"]), column(&["y_m", "lat"]))
    else {
        let text = format!("the table of places has the columns {}", table.columns.join(", "));
        return Err(refuse(text, with_people).into());
    };
    if with_people && people.is_none() {
        let text = format!("the table of places has no column people, only {}", table.columns.join(", "));
        return Err(refuse(text, true).into());
    }
    let (mut sites, mut problems) = (Vec::new(), Vec::new());
    for (i, row) in table.rows.iter().enumerate() {
        let number = |column: usize| row[column].parse::<f64>().ok().filter(|number| number.is_finite());
        let (Some(easting), Some(northing)) = (number(x), number(y)) else {
            let text = format!("row {} of the places has no place: {}", i + 1, row.join(", "));
            problems.push(refuse(text, with_people));
            continue;
        };
        let counted = people.filter(|_| with_people).map_or(Some(0.0), number).filter(|count| *count >= 0.0);
        let Some(people) = counted else {
            let text = format!("row {} of the places has no number of people: {}", i + 1, row.join(", "));
            problems.push(refuse(text, true));
            continue;
        };
        let (x, y) = products::in_plane(library, (easting, northing))?;
        sites.push(Site { name: row[name].clone(), x, y, people });
    }
    if problems.is_empty() { Ok(sites) } else { Err(Problems(problems)) }
}
