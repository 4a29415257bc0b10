//! What a case must be before the first step.

use crate::error::{Problem, Problems, Result};
use crate::flood::exposure::Things;
use crate::flood::params::{HIGHEST_GROUND, LARGEST_COURANT};
use crate::flood::product;
use crate::grid::Field;
use crate::run::flood::{FloodCase, barriers, boundaries, buildings, sewers};
use crate::series::Series;

/// All mistakes of a case at once.
pub(super) fn check(case: &FloodCase) -> Result<()> {
    let mut problems = Vec::new();
    numbers(case, &mut problems);
    shapes(case, &mut problems);
    if problems.iter().all(|problem| problem.code.0 != 5001) {
        fields(case, &mut problems);
        inflows(case, &mut problems);
        boundaries::check(case, &mut problems);
        sewers::check(case, &mut problems);
        barriers::check(case, &mut problems);
        buildings::check(case, &mut problems);
    }
    series(case, &mut problems);
    settings(case, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

fn numbers(case: &FloodCase, problems: &mut Vec<Problem>) {
    if !(case.courant > 0.0 && case.courant <= LARGEST_COURANT) {
        let text = format!(
            "the Courant number is {}; it must be above 0 and at most {LARGEST_COURANT}",
            case.courant
        );
        problems.push(
            Problem::error(5002, text)
                .why("above it a cell can lose more water than it holds in one step")
                .fix("leave it out: 0.7 suits every case"),
        );
    }
    if !(case.duration > 0.0 && case.duration.is_finite()) {
        let text = format!("the simulated time is {} s; it must be a positive number", case.duration);
        problems
            .push(Problem::error(5003, text).fix("give the storm and the time the water needs to gather"));
    }
    let rising = case.frame_times.windows(2).all(|pair| pair[0] < pair[1]);
    let within = case.frame_times.iter().all(|&time| time >= 0.0 && time <= case.duration);
    if !(rising && within) {
        problems.push(
            Problem::error(5004, "frame times must rise and lie between 0 and the simulated time")
                .fix("sort them and leave out those after the end"),
        );
    }
    let spacing = [case.grid.dx, case.grid.dy];
    if !spacing.iter().all(|&size| size > 0.0 && size.is_finite()) {
        let text = format!("cells of {} m by {} m; both sides must be positive", case.grid.dx, case.grid.dy);
        problems.push(Problem::error(5005, text).fix("look at the transform of the ground raster"));
    }
}

fn shapes(case: &FloodCase, problems: &mut Vec<Problem>) {
    let (rows, columns) = case.grid.shape();
    for (name, field) in
        [("ground", &case.bed), ("initial depth", &case.initial_depth), ("Manning's n", &case.manning_n)]
    {
        let (r, c) = field.dim();
        if (r, c) != (rows, columns) || rows * columns == 0 {
            let text = format!("{name} has {r} rows and {c} columns, the grid has {rows} and {columns}");
            problems.push(Problem::error(5001, text).fix("bring all rasters to the grid of the ground"));
        }
    }
    let people_fit = case.exposure.iter().all(|layer| match &layer.things {
        Things::People(people) => people.dim() == (rows, columns),
        _ => true,
    });
    let spread = [
        ("rain", case.rain.fits((rows, columns))),
        ("soils", case.soils.fits((rows, columns))),
        ("people", people_fit),
    ];
    for (name, _) in spread.into_iter().filter(|(_, fits)| !fits) {
        let text = format!("{name} do not have {rows} rows and {columns} columns as the grid has");
        problems.push(Problem::error(5001, text).fix("bring all rasters to the grid of the ground"));
    }
}

/// One problem for all cells of a field that are wrong, with the first of them.
fn wrong_cells(
    case: &FloodCase,
    field: &Field,
    is_wrong: impl Fn(f64, f64) -> bool,
    problem: impl Fn(usize, f64) -> Problem,
) -> Option<Problem> {
    let wrong = || field.indexed_iter().filter(|&(cell, &value)| is_wrong(value, case.bed[cell]));
    let (cell, &value) = wrong().next()?;
    Some(problem(wrong().count(), value).at_spot(case.grid.spot(cell.0, cell.1)))
}

fn is_at_least_zero(value: f64) -> bool {
    value >= 0.0 && value.is_finite()
}

fn fields(case: &FloodCase, problems: &mut Vec<Problem>) {
    if case.bed.iter().all(|level| level.is_nan()) {
        problems.push(
            Problem::error(5006, "no cell has a ground level: the area is empty")
                .fix("look at the no-data value of the ground raster, and whether the area lies on it"),
        );
    }
    let is_ground = |level: f64| level.is_nan() || level.abs() <= HIGHEST_GROUND;
    problems.extend(wrong_cells(
        case,
        &case.bed,
        |level, _| !is_ground(level),
        |count, level| {
            Problem::error(5007, format!("{count} cells have no possible ground level, the first {level} m"))
                .why("a no-data value that was not recognised becomes a hole or a tower")
                .fix("declare the no-data value of the raster; metres are expected")
        },
    ));
    problems.extend(wrong_cells(
        case,
        &case.initial_depth,
        |depth, bed| !bed.is_nan() && !is_at_least_zero(depth),
        |count, depth| {
            Problem::error(5008, format!("{count} cells have no possible initial depth, the first {depth} m"))
                .fix("give depths of water, not levels; 0 where it is dry")
        },
    ));
    problems.extend(wrong_cells(
        case,
        &case.manning_n,
        |n, bed| !bed.is_nan() && !is_at_least_zero(n),
        |count, n| {
            Problem::error(5009, format!("{count} cells have no possible Manning's n, the first {n}"))
                .fix("streets 0.013 to 0.03, grass 0.035 to 0.1 s/m^(1/3)")
        },
    ));
}

fn inflows(case: &FloodCase, problems: &mut Vec<Problem>) {
    for inflow in &case.inflows {
        let (rows, columns) = case.grid.shape();
        let is_inside = |&(row, column): &(usize, usize)| {
            row < rows && column < columns && !case.bed[(row, column)].is_nan()
        };
        let outside = inflow.cells.iter().filter(|cell| !is_inside(cell)).count();
        if outside > 0 || inflow.cells.is_empty() {
            let text = format!(
                "inflow '{}' has {} cells, {outside} of them outside the area",
                inflow.name,
                inflow.cells.len()
            );
            problems.push(
                Problem::error(5010, text)
                    .why("its water would be lost, or shared by fewer cells than meant")
                    .fix("move its place onto the ground raster"),
            );
        }
    }
}

fn series(case: &FloodCase, problems: &mut Vec<Problem>) {
    let discharges =
        case.inflows.iter().map(|inflow| (format!("inflow '{}'", inflow.name), "m3/s", &inflow.discharge));
    let rain = case.rain.everywhere().map(|rain| ("rain".to_string(), "m/s", rain));
    let loss: (String, &str, &Series) = ("loss".into(), "m/s", &case.loss);
    for (name, unit, series) in rain.into_iter().chain([loss]).chain(discharges) {
        if let Some((&time, &value)) =
            series.times().iter().zip(series.values()).find(|(_, value)| **value < 0.0)
        {
            let text = format!("{name} is {value} {unit} at {time} s; it must not be negative");
            problems.push(
                Problem::error(5011, text)
                    .fix("take water out with a loss, not with negative rain or inflow"),
            );
        }
    }
}

fn settings(case: &FloodCase, problems: &mut Vec<Problem>) {
    let settings = &case.settings;
    let positive = |value: f64| value > 0.0 && value.is_finite();
    if !(positive(settings.arrival_depth) && positive(settings.waterlogging_depth)) {
        problems.push(
            Problem::error(5012, "arrival depth and waterlogging depth must be positive")
                .fix("for example 0.05 m and 0.15 m"),
        );
    }
    if !(settings.waterlogging_area >= 0.0 && settings.waterlogging_area.is_finite()) {
        problems.push(Problem::error(5012, "the smallest waterlogging area must not be negative"));
    }
    if !settings.classes.windows(2).all(|pair| pair[0].from < pair[1].from) {
        problems.push(Problem::error(5012, "depth classes must rise").fix("sort them by their lower bound"));
    }
    for name in &settings.wanted {
        if product::ALL.iter().all(|product| product.name() != name) {
            let names: Vec<&str> = product::ALL.iter().map(|product| product.name()).collect();
            problems.push(
                Problem::error(5012, format!("there is no product '{name}'"))
                    .fix(format!("choose among {}", names.join(", "))),
            );
        }
    }
}
