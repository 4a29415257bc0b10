//! Reads observations: numbers in columns, with or without words around them.

use std::path::{Path, PathBuf};

use sim_core::error::{Problem, Problems, Result};
use sim_core::input::raster::{Limits, RasterFile, read_raster};

use crate::Settings;

/// A table of observations: the words and numbers of each line, as they stand.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    name: String,
    lines: Vec<Vec<String>>,
}

impl Columns {
    /// Rows whose cells at the given places are all numbers; other rows are headings.
    ///
    /// # Errors
    /// E8003 when there is no such row.
    pub(crate) fn numbers<const N: usize>(&self, places: [usize; N]) -> Result<Vec<[f64; N]>> {
        let row = |line: &Vec<String>| {
            let mut found = [0.0; N];
            for (value, &place) in found.iter_mut().zip(&places) {
                *value = line.get(place)?.parse().ok()?;
            }
            Some(found)
        };
        let rows: Vec<[f64; N]> = self.lines.iter().filter_map(row).collect();
        if rows.is_empty() {
            Err(self.problem("no row has numbers in the expected columns"))
        } else {
            Ok(rows)
        }
    }

    /// The cell of a column in every line that has one, headings included.
    pub(crate) fn words(&self, place: usize) -> Vec<&str> {
        self.lines.iter().filter_map(|line| line.get(place)).map(String::as_str).collect()
    }

    fn problem(&self, text: &str) -> Problems {
        Problem::error(8003, text)
            .in_file(self.name.clone())
            .fix("take the file as it was published; --data names the root of all data")
            .into()
    }
}

/// A table whose first line names its columns; cells may be empty.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    name: String,
    heads: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Sheet {
    /// Its rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = SheetRow<'_>> {
        self.rows.iter().map(|cells| SheetRow { sheet: self, cells })
    }
}

/// One row of a [`Sheet`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct SheetRow<'a> {
    sheet: &'a Sheet,
    cells: &'a csv::StringRecord,
}

impl SheetRow<'_> {
    /// The words of a column; empty where the column or the cell is missing.
    pub(crate) fn words(&self, column: &str) -> &str {
        let place = self.sheet.heads.iter().position(|head| head == column);
        place.and_then(|place| self.cells.get(place)).unwrap_or_default()
    }

    /// The number of a column; none where the cell is empty or holds no finite number.
    pub(crate) fn number(&self, column: &str) -> Option<f64> {
        self.words(column).parse().ok().filter(|value: &f64| value.is_finite())
    }

    /// The number of a column that must be there.
    ///
    /// # Errors
    /// E8003 when it is not.
    pub(crate) fn needed(&self, column: &str) -> Result<f64> {
        self.number(column).ok_or_else(|| {
            Problem::error(
                8003,
                format!("{column} of {} is no number", self.cells.get(0).unwrap_or_default()),
            )
            .in_file(self.sheet.name.clone())
            .fix("take the file as it was published; --data names the root of all data")
            .into()
        })
    }
}

/// A folder of observations below the root of the data.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder, or the reason why there is none.
    pub(crate) fn find(settings: &Settings, name: &str) -> std::result::Result<Self, String> {
        let Some(root) = &settings.data else {
            return Err(format!("needs --data DIR with {name}"));
        };
        let folder = root.join(name);
        if folder.is_dir() {
            Ok(Self(folder))
        } else {
            Err(format!("{name} is not below the folder of --data"))
        }
    }

    /// Lines of a text file split at commas, semicolons, tabs and blanks.
    ///
    /// # Errors
    /// E8002 when the file cannot be read.
    pub(crate) fn columns(&self, file: &str) -> Result<Columns> {
        let path = self.0.join(file);
        let text = std::fs::read_to_string(&path).map_err(|reason| unreadable(&path, &reason))?;
        let split = |line: &str| {
            line.split(|c: char| c == ',' || c == ';' || c.is_whitespace())
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect::<Vec<String>>()
        };
        Ok(Columns { name: path.display().to_string(), lines: text.lines().map(split).collect() })
    }

    /// Names of the folders inside whose names begin with the given letters, in order.
    pub(crate) fn folders(&self, beginning: &str) -> Vec<String> {
        self.names()
            .into_iter()
            .filter(|name| name.starts_with(beginning) && self.0.join(name).is_dir())
            .collect()
    }

    /// Names of what lies inside, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// A folder inside.
    pub(crate) fn inside(&self, name: &str) -> Self {
        Self(self.0.join(name))
    }

    /// The text of a file.
    ///
    /// # Errors
    /// E8002 when the file cannot be read.
    pub(crate) fn text(&self, file: &str) -> Result<String> {
        let path = self.0.join(file);
        std::fs::read_to_string(&path).map_err(|reason| unreadable(&path, &reason))
    }

    /// A table whose first line names its columns.
    ///
    /// # Errors
    /// E8002 when the file cannot be read, E8003 when it is no such table.
    pub(crate) fn sheet(&self, file: &str) -> Result<Sheet> {
        let name = self.0.join(file).display().to_string();
        let text = self.text(file)?;
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let broken = |reason: csv::Error| {
            Problems::from(
                Problem::error(8003, format!("the table cannot be read: {reason}")).in_file(name.clone()),
            )
        };
        let heads = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
        let rows = reader.records().collect::<std::result::Result<Vec<_>, _>>().map_err(broken)?;
        Ok(Sheet { name, heads, rows })
    }

    /// A raster.
    ///
    /// # Errors
    /// Those of the raster reader.
    pub(crate) fn raster(&self, file: &str) -> Result<RasterFile> {
        read_raster(&self.0.join(file), file, &Limits::default())
    }
}

fn unreadable(path: &Path, reason: &std::io::Error) -> Problems {
    Problem::error(8002, format!("the observations cannot be read: {reason}"))
        .in_file(path.display().to_string())
        .fix("look whether the folder of --data is complete")
        .into()
}
