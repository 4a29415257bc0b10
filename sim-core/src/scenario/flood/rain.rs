//! Rain in space: the same everywhere, from gauges, from a grid, or moving over the area.

use std::sync::Arc;

use crate::flood::rain::Rain;
use crate::flood::rain::inverse_distance::{Gauge, InverseDistance, nearest};
use crate::flood::rain::moving::Moving;
use crate::flood::rain::zones::Zones;
use crate::grid::Grid;
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;
use crate::scenario::site::read_place;
use crate::scenario::{Context, design_storm, forcing};
use crate::series::Series;

use super::rain_grid;
use super::terrain::Ground;

/// Ways to fill the space between gauges.
const BETWEEN_GAUGES: [&str; 2] = ["nearest", "inverse-distance"];

/// Keys that say how rain that is the same everywhere goes in time, besides those of a design storm.
const ONE_SERIES: [&str; 4] = ["intensity", "duration", "hyetograph", "storm"];

/// Distance from which a gauge is worth a warning, m: convective cells are smaller.
const FAR_GAUGE: f64 = 20_000.0;

/// Reads `[rain]`; no rain when the section is absent.
pub(super) fn read(
    root: &Section<'_>,
    ground: Option<&Ground>,
    duration: Option<f64>,
    context: &mut Context<'_, '_>,
) -> Option<Rain> {
    let section = root.section("rain", "rain on the area");
    let (from_grid, from_gauges) = (section.has("grid"), section.has("gauge"));
    let grid = rain_grid::read(&section, ground, duration, context);
    let gauges = read_gauges(&section, ground, context);
    let movement = read_movement(&section, ground);
    let series = if from_grid || from_gauges { None } else { forcing::rain(&section, context) };
    if from_grid || from_gauges {
        ONE_SERIES.iter().chain(&design_storm::KEYS).for_each(|key| section.know(key));
    }
    section.finish();
    if from_grid {
        return alone(&section, "grid", &["movement", "gauge", "between_gauges"]).and(grid);
    }
    if from_gauges {
        return alone(&section, "[[rain.gauge]]", &["movement"]).and(gauges);
    }
    let series = series?;
    match movement {
        Moves::No => Some(series.into()),
        Moves::Wrong => None,
        Moves::With { velocity, origin } => {
            let grid = ground?.grid.clone();
            Moving::new(series, velocity, origin, grid).map(|storm| Rain::Spread(Arc::new(storm)))
        }
    }
}

/// Gauges and grids go with no other rain.
fn alone(section: &Section<'_>, what: &str, besides: &[&str]) -> Option<()> {
    let others: Vec<&&str> =
        ONE_SERIES.iter().chain(&design_storm::KEYS).chain(besides).filter(|key| section.has(key)).collect();
    for key in &others {
        let text = format!("{key} says how it rains, and so does {what}");
        section.report(1020, key, text, "keep one of the two");
    }
    others.is_empty().then_some(())
}

fn read_gauges(
    section: &Section<'_>,
    ground: Option<&Ground>,
    context: &mut Context<'_, '_>,
) -> Option<Rain> {
    let between = section.choice(
        "between_gauges",
        &BETWEEN_GAUGES,
        "rain between gauges: that of the nearest one, or of all weighted by the inverse square of their distance",
    );
    let tables = section.sections("gauge", "a rain gauge; two or more fill the area between them");
    // With one series for all the meaning of its samples is asked for elsewhere.
    let is_asked = section.has("gauge") && !section.has("grid");
    let meaning = if is_asked { forcing::read_meaning(section) } else { None };
    let mut gauges = Some(Vec::new());
    for table in &tables {
        let name = table.required_text("name", "name of the gauge", "town hall");
        let at = read_place(table, "at", "where it stands");
        let file = table.required_text(
            "hyetograph",
            "CSV with a time column and an intensity or depth column whose header names the unit",
            "gauge.csv",
        );
        let gauge = (|| {
            if meaning.is_none() && !section.has("samples") {
                section.report(
                    1021,
                    "samples",
                    "it is not said what the samples of the gauges mean; the total would be a guess",
                    "add samples = \"interval_start\" or \"interval_end\" to [rain]",
                );
                return None;
            }
            let rain = forcing::gauge(table, file?, Some(meaning?), context)?;
            let grid = &ground?.grid;
            let (x, y) = at?.in_crs(&grid.crs, table, "at")?;
            warn_of_distance(table, name?, grid, (x, y));
            Some(Gauge { x, y, rain })
        })();
        table.finish();
        gauges = gauges.zip(gauge).map(|(mut gauges, gauge)| {
            gauges.push(gauge);
            gauges
        });
    }
    if section.has("gauge") && !section.has("between_gauges") {
        section.report(
            1012,
            "between_gauges",
            "it is not said how much it rains between the gauges",
            "add between_gauges = \"nearest\" or \"inverse-distance\"",
        );
    }
    let (gauges, grid) = (gauges?, ground?.grid.clone());
    match between? {
        "nearest" => {
            let zone_of = nearest(&gauges, &grid);
            let series: Vec<Series> = gauges.into_iter().map(|gauge| gauge.rain).collect();
            Zones::new(zone_of, series).map(|zones| Rain::Spread(Arc::new(zones)))
        }
        _ => InverseDistance::new(gauges, grid).map(|rain| Rain::Spread(Arc::new(rain))),
    }
}

/// Warns of a gauge that stands far from the area.
fn warn_of_distance(table: &Section<'_>, name: &str, grid: &Grid, (x, y): (f64, f64)) {
    let beyond = |place: f64, low: f64, high: f64| (low - place).max(place - high).max(0.0);
    let distance = beyond(x, grid.west, grid.east()).hypot(beyond(y, grid.south, grid.north()));
    if distance > FAR_GAUGE {
        let text = format!("gauge '{name}' stands {:.0} km away from the area", distance / 1000.0);
        let warning = table.warning(1083, "at", text);
        table.reading.report(warning.fix("check its coordinates; leave it out if they are right"));
    }
}

/// Whether and how rain moves.
enum Moves {
    No,
    Wrong,
    With { velocity: (f64, f64), origin: (f64, f64) },
}

fn read_movement(section: &Section<'_>, ground: Option<&Ground>) -> Moves {
    let table = section
        .optional_section("movement", "a storm that moves over the area and does not change on its way");
    let asked = table.is_present() || table.describing();
    if !asked {
        return Moves::No;
    }
    let speed =
        table.quantity("speed", Dimension::Speed, "how fast the storm moves").between(0.1, 60.0).required();
    let from = table
        .quantity("from", Dimension::Direction, "where the storm comes from, as for a wind")
        .between(0.0, 360.0)
        .required();
    let at =
        read_place(&table, "at", "where it rains at the times of the series; elsewhere earlier or later");
    table.finish();
    let read = (|| {
        let grid = &ground?.grid;
        let origin = at?.in_crs(&grid.crs, &table, "at")?;
        let towards = (from? + 180.0).to_radians();
        Some(Moves::With { velocity: (speed? * towards.sin(), speed? * towards.cos()), origin })
    })();
    read.unwrap_or(Moves::Wrong)
}
