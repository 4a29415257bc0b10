//! `tuiyan library query`: an answer from members that were computed ahead.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;
use std::time::Instant;

use clap::CommandFactory;
use serde_json::{Value, json};
use sim_core::error::{Problem, Problems};
use sim_core::input::library::{Library, Located};
use sim_core::library::gas::covers;
use sim_core::library::plan::Plan;
use sim_core::library::question::{Bracket, Target, between, bracket, corners, nearest};
use sim_core::library::stored::{Ending, Figures, Pose, Row, ZoneFigures};
use sim_core::scenario;

use super::{accuracy, products};
use crate::args::{Cli, Shared};
use crate::command::Outcome;
use crate::report::{self, say};

/// Turns `--rain "70 mm"` behind `library query` into `--set rain="70 mm"`, where no flag has the name.
pub(crate) fn named_axes(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let arguments: Vec<OsString> = arguments.collect();
    let words: Vec<&str> = arguments.iter().map(|word| word.to_str().unwrap_or_default()).collect();
    let Some(at) = words.windows(2).position(|pair| pair == ["library", "query"]) else { return arguments };
    let mut root = Cli::command();
    root.build();
    let query = root.find_subcommand("library").and_then(|library| library.find_subcommand("query"));
    let known: BTreeSet<&str> =
        query.into_iter().flat_map(clap::Command::get_arguments).filter_map(clap::Arg::get_long).collect();
    let mut turned: Vec<OsString> = arguments[..at + 2].to_vec();
    let mut rest = words[at + 2..].iter().zip(&arguments[at + 2..]);
    while let Some((word, whole)) = rest.next() {
        let name = word.strip_prefix("--").filter(|name| !name.is_empty());
        let (name, inline) = match name.and_then(|name| name.split_once('=')) {
            Some((name, value)) => (Some(name), Some(value)),
            None => (name, None),
        };
        let Some(name) = name.filter(|name| !known.contains(name)) else {
            turned.push(whole.clone());
            continue;
        };
        match inline.or_else(|| rest.next().map(|pair| *pair.0)) {
            Some(value) => turned.extend(["--set".into(), format!("{name}={value}").into()]),
            None => turned.push(whole.clone()),
        }
    }
    turned
}

/// A question that was understood.
struct Question {
    targets: Vec<Target>,
    brackets: Vec<Bracket>,
    /// Wind direction that results are turned to, degrees.
    turned_to: Option<f64>,
}

/// Members around a question.
pub(super) struct Around {
    /// Row, result and weight of each.
    pub(super) members: Vec<(Row, Located, f64)>,
    /// Whether a value between them may be interpolated.
    pub(super) may_interpolate: bool,
}

/// Answers a question.
pub(crate) fn query(dir: &Path, at: Option<(f64, f64)>, count: usize, shared: &Shared) -> Outcome {
    let begun = Instant::now();
    let library = Library::open(dir)?;
    if shared.overrides.is_empty() {
        let Some(at) = at else { return Err(nothing_asked(&library.manifest.plan)) };
        return super::point::members_at(&library, at, shared);
    }
    let question = understood(&library, &shared.overrides)?;
    let near = nearest(&library.manifest.plan, &question.targets, count);
    refuse_outside(&library.manifest.plan, &question, &near)?;
    let around = around(&library, &question)?;
    let milliseconds = begun.elapsed().as_secs_f64() * 1e3;
    let mut document = json!({
        "title": library.manifest.plan.title,
        "nearest": near.iter().map(|(line, distance)| json!({
            "line": line, "distance": distance, "set": library.manifest.plan.overrides(*line),
        })).collect::<Vec<_>>(),
        "between": around.members.iter().map(|(row, _, weight)| json!({"line": row.line, "weight": weight})).collect::<Vec<_>>(),
        "interpolated": around.may_interpolate && around.members.len() > 1,
        "inside_hull": true,
        "figures": figures(&around),
        "leave_one_out": accuracy::noted(&library)?,
        "catalogue_milliseconds": milliseconds,
    });
    if let Some(at) = at {
        document["at"] = place(&library, &around, at)?;
    }
    if let Some(out) = &shared.out {
        document["out"] = json!(products::write_answer(&library, &around, out, shared)?);
    }
    if shared.json {
        say(&report::json(&document))
    } else {
        tell(&document)
    }
    Ok(report::DONE)
}

fn nothing_asked(plan: &Plan) -> Problems {
    let axes: Vec<String> =
        plan.axes.iter().map(|axis| format!("--{} \"{}\"", axis.name, axis.rows[0].join(" "))).collect();
    Problem::error(8640, "the question names no axis and no place")
        .fix(format!("ask for example: {}; or --at x,y for the members that reach a place", axes.join(" ")))
        .into()
}

/// What each `name=value` says about the axes.
fn understood(library: &Library, asked: &[String]) -> Result<Question, Problems> {
    let plan = &library.manifest.plan;
    let mut problems = Vec::new();
    let mut values: Vec<Vec<Option<&str>>> =
        plan.axes.iter().map(|axis| vec![None; axis.keys.len()]).collect();
    for pair in asked {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let found = plan.axes.iter().enumerate().find_map(|(i, axis)| {
            let by_key = axis.keys.iter().position(|key| key.path == name);
            let by_name = (axis.name == name && axis.keys.len() == 1).then_some(0);
            by_key.or(by_name).map(|key| (i, key))
        });
        match found {
            Some((axis, key)) => values[axis][key] = Some(value.trim().trim_matches('"')),
            None => {
                let names: Vec<&str> = plan
                    .axes
                    .iter()
                    .flat_map(|axis| {
                        std::iter::once(axis.name.as_str())
                            .chain(axis.keys.iter().map(|key| key.path.as_str()))
                    })
                    .collect();
                problems.push(
                    Problem::error(8641, format!("\"{name}\" is no axis of this library"))
                        .fix(format!("its axes and keys: {}", names.join(", "))),
                );
            }
        }
    }
    let mut targets = Vec::new();
    for (axis, values) in plan.axes.iter().zip(&values) {
        let given: Vec<&str> = values.iter().copied().flatten().collect();
        if given.is_empty() && axis.rows.len() == 1 {
            targets.push(Target::Row(0));
        } else if given.len() < values.len() {
            let keys: Vec<&str> = axis.keys.iter().map(|key| key.path.as_str()).collect();
            problems.push(
                Problem::error(8642, format!("nothing is said about the axis \"{}\"", axis.name)).fix(
                    format!(
                        "add {}",
                        keys.iter().map(|key| format!("--set {key}=...")).collect::<Vec<_>>().join(" ")
                    ),
                ),
            );
        } else if let Some(target) = scenario::target(axis, &given) {
            targets.push(target);
        } else {
            let first = axis.rows.first().map(|row| row.join(", ")).unwrap_or_default();
            let last = axis.rows.last().map(|row| row.join(", ")).unwrap_or_default();
            problems.push(
                Problem::error(
                    8643,
                    format!(
                        "\"{}\" cannot be compared with the values of the axis \"{}\"",
                        given.join(", "),
                        axis.name
                    ),
                )
                .fix(format!("write it like {first} or {last}")),
            );
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems));
    }
    let mut brackets: Vec<Bracket> =
        plan.axes.iter().zip(&targets).map(|(axis, target)| bracket(axis, target)).collect();
    let turned_to = turn(library, &targets, &mut brackets)?;
    Ok(Question { targets, brackets, turned_to })
}

/// Over flat ground the wind turns a result exactly: the direction needs no members around it.
fn turn(library: &Library, targets: &[Target], brackets: &mut [Bracket]) -> Result<Option<f64>, Problems> {
    let plan = &library.manifest.plan;
    for (place, axis) in plan.axes.iter().enumerate() {
        let [key] = axis.keys.as_slice() else { continue };
        let Some(scale) =
            key.scale.as_ref().filter(|scale| scale.is_circle && key.path == "weather.wind_from")
        else {
            continue;
        };
        let direction = match &targets[place] {
            Target::Numbers(numbers) => numbers[0],
            Target::Row(row) => scale.numbers[*row],
        };
        let rows: Vec<usize> =
            brackets.iter().map(|bracket| bracket.rows.first().map_or(0, |row| row.0)).collect();
        let first = library.rows(&[plan.line_of(&rows)])?;
        let has_pose = first.iter().any(|row| matches!(row.ending, Ending::Done { pose: Some(_), .. }));
        if has_pose {
            let row = brackets[place].rows[0].0;
            brackets[place] = Bracket { rows: vec![(row, 1.0)], is_line: true, is_outside: false };
            return Ok(Some(direction));
        }
    }
    Ok(None)
}

fn refuse_outside(plan: &Plan, question: &Question, near: &[(u64, f64)]) -> Result<(), Problems> {
    let outside = plan.axes.iter().zip(&question.brackets).filter(|pair| pair.1.is_outside);
    let nearest = near.first().map_or_else(String::new, |(line, distance)| {
        format!(
            "the nearest member is line {line} ({}), {distance:.3} ranges away",
            plan.overrides(*line).join(", ")
        )
    });
    let problems: Vec<Problem> = outside
        .map(|(axis, _)| {
            let covered: Vec<String> = axis
                .keys
                .iter()
                .filter_map(|key| {
                    let scale = key.scale.as_ref()?;
                    let low = scale.numbers.iter().copied().fold(f64::INFINITY, f64::min);
                    let high = scale.numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    Some(format!("{} {low:.6e} to {high:.6e} {}", key.path, scale.unit))
                })
                .collect();
            Problem::error(
                8644,
                format!(
                    "the question lies outside what the library covers on the axis \"{}\": {}",
                    axis.name,
                    covered.join(", ")
                ),
            )
            .at_spot(nearest.clone())
            .why("beyond its members a library knows nothing, and nothing is extrapolated")
            .fix("run the scenario itself (tuiyan run --set ...), or build a library with a wider axis")
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

fn around(library: &Library, question: &Question) -> Result<Around, Problems> {
    let lines: Vec<(u64, f64)> = corners(&library.manifest.plan, &question.brackets)
        .into_iter()
        .filter(|corner| corner.1 > 0.0)
        .collect();
    let rows = library.rows(&lines.iter().map(|corner| corner.0).collect::<Vec<_>>())?;
    let mut members = Vec::new();
    for (line, weight) in &lines {
        let row = rows.iter().find(|row| row.line == *line);
        let Some(Row { ending: Ending::Done { result, .. }, .. }) = row else {
            let why = match row.map(|row| &row.ending) {
                Some(Ending::Failed { message }) => format!("it failed: {message}"),
                _ => "it has not been computed yet".to_owned(),
            };
            return Err(Problem::error(8645, format!("the answer needs line {line}, which has no result"))
                .at_spot(library.manifest.plan.overrides(*line).join(", "))
                .why(why)
                .fix("go on with tuiyan library build, or run the scenario itself")
                .into());
        };
        let mut row = row.cloned().unwrap_or_else(|| unreachable!("the row was just matched"));
        if let (Some(direction), Ending::Done { pose: Some(pose), .. }) =
            (question.turned_to, &mut row.ending)
        {
            pose.wind_from_deg = direction;
        }
        let located = library.result(result)?;
        members.push((row, located, *weight));
    }
    Ok(Around { members, may_interpolate: question.brackets.iter().all(|bracket| bracket.is_line) })
}

/// Distance, width and area of a zone.
const MEASURES: [fn(&ZoneFigures) -> f64; 3] =
    [|zone| zone.distance, |zone| zone.width.unwrap_or(0.0), |zone| zone.area];

/// Figures between the members.
fn figures(around: &Around) -> Value {
    let mix = |value: &dyn Fn(&Figures) -> f64| {
        let values: Vec<(f64, f64)> =
            around.members.iter().map(|(_, located, weight)| (value(&located.figures), *weight)).collect();
        between(&values, around.may_interpolate)
    };
    match around.members.first().map(|member| &member.1.figures) {
        Some(Figures::Flood { .. }) => {
            let of = |place: usize| {
                mix(&move |figures| match figures {
                    Figures::Flood { max_depth, flooded_area, wet_area, volume, .. } => {
                        [*max_depth, *flooded_area, *wet_area, *volume][place]
                    }
                    Figures::Gas { .. } => 0.0,
                })
            };
            json!({"max_depth_m": of(0), "flooded_area_m2": of(1), "wet_area_m2": of(2), "volume_m3": of(3)})
        }
        Some(Figures::Gas { zones, .. }) => {
            // The worst member may count for a grave level and a mean for a milder one, whose zone still
            // holds that of the grave one.
            let mut least = [0.0_f64; 3];
            let mut levels = Vec::new();
            for zone in zones {
                for (least, value) in least.iter_mut().zip(MEASURES) {
                    let of = mix(&|figures| match figures {
                        Figures::Gas { zones, .. } => {
                            zones.iter().find(|other| other.level == zone.level).map_or(0.0, value)
                        }
                        Figures::Flood { .. } => 0.0,
                    });
                    *least = least.max(of);
                }
                let [distance, width, area] = least;
                // A cloud of puffs has no width.
                let width = zone.width.map(|_| width);
                levels.push(
                    json!({"level": zone.level, "distance_m": distance, "width_m": width, "area_m2": area}),
                );
            }
            let radius = mix(&|figures| match figures {
                Figures::Gas { radius, .. } => *radius,
                Figures::Flood { .. } => 0.0,
            });
            json!({"evacuation_radius_m": radius, "zones": levels})
        }
        None => Value::Null,
    }
}

/// What the members say of a place.
fn place(library: &Library, around: &Around, (x, y): (f64, f64)) -> Result<Value, Problems> {
    let (x, y) = products::in_plane(library, (x, y))?;
    if library.manifest.grid.is_some() {
        let cell = products::cell_of(library, (x, y))?;
        let depths: Result<Vec<(f64, f64)>, Problems> = around
            .members
            .iter()
            .map(|(_, located, weight)| Ok((products::metres(library.depth_at(located, cell)?), *weight)))
            .collect();
        return Ok(json!({"x": x, "y": y, "depth_m": between(&depths?, around.may_interpolate)}));
    }
    let mut inside = BTreeSet::new();
    for (row, located, _) in &around.members {
        inside.extend(levels_at(library, row, located, (x, y))?);
    }
    Ok(json!({"x": x, "y": y, "inside_zones": inside}))
}

/// Levels of a member whose zone holds a place of the plane.
pub(super) fn levels_at(
    library: &Library,
    row: &Row,
    located: &Located,
    (x, y): (f64, f64),
) -> Result<Vec<String>, Problems> {
    let outlines = library.outlines(located)?;
    let Figures::Gas { zones, .. } = &located.figures else { return Ok(Vec::new()) };
    let (x, y) = pose_of(row).map_or((x, y), |pose| pose.in_wind(x, y));
    let hit = zones.iter().zip(&outlines).filter(|(_, rings)| covers(rings, x, y));
    Ok(hit.map(|(zone, _)| zone.level.clone()).collect())
}

/// How the result of a row lies on the ground.
pub(super) fn pose_of(row: &Row) -> Option<Pose> {
    match &row.ending {
        Ending::Done { pose, .. } => *pose,
        Ending::Failed { .. } => None,
    }
}

fn tell(document: &Value) {
    say(document["title"].as_str().unwrap_or_default());
    for near in document["nearest"].as_array().into_iter().flatten() {
        let set: Vec<&str> = near["set"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        say(&format!(
            "  nearest  line {:>6}, {:.3} ranges away: {}",
            near["line"],
            near["distance"].as_f64().unwrap_or_default(),
            set.join(", ")
        ));
    }
    let way = if document["interpolated"] == json!(true) {
        "interpolated where all are wet, else the worst"
    } else {
        "taken as they are, the worst counts"
    };
    say(&format!("  answer from {} members, {way}", document["between"].as_array().map_or(0, Vec::len)));
    if let Some(figures) = document["figures"].as_object() {
        for (name, value) in figures.iter().filter(|pair| pair.1.is_number()) {
            say(&format!("  {name:<22} {:>12.3}", value.as_f64().unwrap_or_default()));
        }
        for zone in figures.get("zones").and_then(Value::as_array).into_iter().flatten() {
            let wide =
                zone["width_m"].as_f64().map_or_else(String::new, |width| format!(", {width:.1} m wide"));
            say(&format!(
                "  {:<22} {:>12.1} m far{wide}",
                zone["level"].as_str().unwrap_or_default(),
                zone["distance_m"].as_f64().unwrap_or_default(),
            ));
        }
    }
    if !document["at"].is_null() {
        say(&format!("  at that place          {}", document["at"]));
    }
    let error = &document["leave_one_out"];
    match error["percentile_95"].as_f64() {
        Some(value) => say(&format!(
            "  the library's own error: 95 % of {} within {value:.3} {} ({} members left out)",
            error["of"].as_str().unwrap_or_default(),
            error["unit"].as_str().unwrap_or_default(),
            error["left_out"]
        )),
        None => say(
            "  the library's own error is not known: no member lies between two others, or the library is not complete",
        ),
    }
    say(&format!(
        "  catalogue answered in {:.1} ms",
        document["catalogue_milliseconds"].as_f64().unwrap_or_default()
    ));
    if let Some(out) = document["out"].as_str() {
        say(&format!("  Results: {out}"));
    }
}
