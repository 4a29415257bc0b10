//! A matrix of risk: frequency against consequence, and the colour of each pair.

use serde::Deserialize;

use super::quantity::Dimension;
use crate::error::{Problem, Problems, Result};
use crate::library::statistics::{Colour, Consequence, RiskMatrix};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    source: String,
    frequencies_per_year: Vec<f64>,
    colours: Vec<RawColour>,
    consequence: Vec<RawConsequence>,
    cells: Vec<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColour {
    name: String,
    rgb: [u8; 3],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConsequence {
    label: String,
    depth: Option<String>,
    level: Option<String>,
}

/// Reads a matrix of risk.
///
/// # Errors
/// E8651, all that is wrong with it at once.
pub fn read_risk_matrix(text: &str, file: &str) -> Result<RiskMatrix> {
    let refuse = |text: String| {
        Problem::error(8651, text)
            .in_file(file)
            .fix("begin from examples/risk_matrix.toml, which has every key")
    };
    let raw: Raw =
        toml::from_str(text).map_err(|mistake| refuse(mistake.to_string().trim().replace('\n', " ")))?;
    let mut problems = Vec::new();
    if !raw.frequencies_per_year.windows(2).all(|pair| pair[0] < pair[1]) {
        problems.push(refuse("frequencies_per_year does not rise".into()));
    }
    let mut consequences = Vec::new();
    for RawConsequence { label, depth, level } in raw.consequence {
        let metres = depth.as_ref().map(|depth| Dimension::Length.parse(depth));
        if metres.is_some() == level.is_some() {
            problems.push(refuse(format!("the consequence \"{label}\" needs either a depth or a level")));
        }
        if matches!(metres, Some(Err(_))) {
            problems.push(refuse(format!("the depth of \"{label}\" is not a length such as \"0.15 m\"")));
        }
        consequences.push(Consequence { label, depth: metres.and_then(std::result::Result::ok), level });
    }
    let rows = raw.frequencies_per_year.len() + 1;
    if raw.cells.len() != rows || raw.cells.iter().any(|row| row.len() != consequences.len()) {
        let text = format!(
            "cells needs {rows} rows (classes of frequency, the rarest first) of {} colours",
            consequences.len()
        );
        problems.push(refuse(text));
    }
    let place = |name: &String| raw.colours.iter().position(|colour| colour.name == *name);
    for name in raw.cells.iter().flatten().filter(|name| place(name).is_none()) {
        problems.push(refuse(format!("the colour \"{name}\" is not among the colours")));
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let cells = raw.cells.iter().map(|row| row.iter().filter_map(place).collect()).collect();
    let colours = raw.colours.into_iter().map(|RawColour { name, rgb }| Colour { name, rgb }).collect();
    Ok(RiskMatrix { source: raw.source, frequencies: raw.frequencies_per_year, consequences, colours, cells })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_sound_and_mistakes_come_together() {
        let text = include_str!("../../../examples/risk_matrix.toml");
        let matrix = read_risk_matrix(text, "risk_matrix.toml").expect("the example is sound");
        assert_eq!(matrix.cells.len(), matrix.frequencies.len() + 1);
        let wrong = text.replace("depth = \"0.15 m\"", "depth = \"15\"").replace("\"red\"]", "\"purple\"]");
        let problems = read_risk_matrix(&wrong, "m").expect_err("two kinds of mistakes").0;
        assert!(problems.len() >= 2 && problems.iter().all(|problem| problem.code.0 == 8651), "{problems:?}");
    }
}
