//! What is wrong with a case, all of it at once.

use crate::error::{Problem, Problems, Result};
use crate::gas::product;
use crate::run::gas::{GasCase, Transport};

/// Averaging times that are allowed, s: from momentary to one hour, the longest
/// for which the one-fifth law was fitted.
const AVERAGING_TIMES: (f64, f64) = (1.0, 3600.0);

/// Heights of receptors that are allowed, m.
const RECEPTOR_HEIGHTS: (f64, f64) = (0.0, 500.0);

/// All that is wrong with a case; the warnings of a case that is sound.
pub(super) fn check(case: &GasCase) -> Result<Vec<Problem>> {
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    let mut take = |result: Result<Vec<Problem>>| match result {
        Ok(found) => warnings.extend(found),
        Err(found) => problems.extend(found.0),
    };
    take(case.source.check().map(|()| Vec::new()));
    for (i, row) in case.weather.iter().enumerate() {
        take(row.check(i));
    }
    case.wishes.presets.iter().for_each(|preset| take(preset.check().map(|()| Vec::new())));
    problems.extend(check_settings(case));
    problems.extend(check_place(case));
    problems.extend(check_model(case));
    warnings.extend(known_to_miss(case));
    for name in &case.wanted {
        if product::ALL.iter().all(|product| product.name() != name) {
            let near = product::ALL
                .iter()
                .max_by(|a, b| strsim::jaro(a.name(), name).total_cmp(&strsim::jaro(b.name(), name)))
                .map_or("", |product| product.name());
            let text = format!("\"{name}\" is not a product of a gas run");
            problems.push(Problem::error(4210, text).fix(format!("did you mean {near}?")));
        }
    }
    if problems.is_empty() { Ok(warnings) } else { Err(Problems(problems)) }
}

fn check_settings(case: &GasCase) -> Vec<Problem> {
    let mut problems = Vec::new();
    if case.weather.is_empty() {
        problems.push(
            Problem::error(4100, "there is no weather row").fix("give wind speed, direction and stability"),
        );
    }
    if case.levels.is_empty() {
        problems.push(
            Problem::error(4011, "no level of concern is given").fix("name one, e.g. AEGL-2 or 20% LEL"),
        );
    }
    let rows = [
        ("averaging time", case.averaging_time, AVERAGING_TIMES, "s"),
        ("receptor height", case.receptor_height, RECEPTOR_HEIGHTS, "m"),
    ];
    for (name, value, (low, high), unit) in rows {
        if !(low..=high).contains(&value) {
            let text = format!("{name} is {value} {unit}; allowed is {low} to {high} {unit}");
            problems.push(Problem::error(4021, text).fix("check the unit"));
        }
    }
    for (i, row) in case.weather.iter().enumerate() {
        let risen = case.source.stack.map_or(0.0, |stack| stack.rise(case.source.height, row).final_height());
        let highest = case.source.height.max(case.receptor_height).max(risen);
        if let Some(lid) = row.lid().filter(|&lid| lid <= highest) {
            let text = format!(
                "the mixing height of {lid} m is not above the source and the receptors at {highest} m"
            );
            problems.push(
                Problem::error(4104, text)
                    .at_spot(format!("weather row {}", i + 1))
                    .why("gas above the lid does not come down, gas below it does not rise: the plume needs both below")
                    .fix("give the mixing height above the ground, or leave it out"),
            );
        }
    }
    problems
}

/// What the model that carries the gas has no answer to.
fn check_model(case: &GasCase) -> Vec<Problem> {
    let mut problems = Vec::new();
    if case.transport == Transport::Layer && !case.wishes.lines.is_empty() {
        problems.push(
            Problem::error(4740, "paths of light are not followed by a layer over the ground")
                .why("it tells concentrations at one height above the ground, and a path of light has two ends of its own")
                .fix("remove [[line_receptor]], or put [[receptor]] places along the path; transport = \"slab\" follows paths over flat ground"),
        );
    }
    if case.transport == Transport::Layer && case.wishes.needs_a_cloud() {
        problems.push(
            Problem::error(4741, "a flash fire or an explosion of a layer over the ground is not computed")
                .why("the gas that can burn lies where the ground leads it, and its mass is not found here")
                .fix("give blast.mass, or use transport = \"slab\" for the flammable mass on flat ground"),
        );
    }
    problems
}

/// What the model that carries the gas is known to miss.
fn known_to_miss(case: &GasCase) -> Option<Problem> {
    let told_low = case.transport == Transport::Slab && case.substance.id == "hydrogen_fluoride";
    told_low.then(|| {
        Problem::warning(4744, "the slab model tells half of the hydrogen fluoride that was measured")
            .why("beside the field trials Goldfish it is low on every arc, from 300 m to 3 km")
            .fix("take the distances of the table heavy_gas_screening, which were right there")
    })
}

fn check_place(case: &GasCase) -> Vec<Problem> {
    let (grid, source) = (&case.grid, &case.source);
    let mut problems = Vec::new();
    if grid.crs.is_geographic() || (grid.crs.metres_per_unit() - 1.0).abs() > 1e-9 {
        problems.push(
            Problem::error(4023, format!("the grid's reference ({}) is not in metres", grid.crs))
                .fix("use a UTM or CGCS2000 3-degree zone"),
        );
    }
    if grid.cells() == 0 || grid.cell_at(source.x, source.y).is_none() {
        let text = format!(
            "the source at x {:.1}, y {:.1} is outside the grid (x {:.1} to {:.1}, y {:.1} to {:.1})",
            source.x,
            source.y,
            grid.west,
            grid.east(),
            grid.south,
            grid.north()
        );
        problems
            .push(Problem::error(4023, text).fix("check the order of the coordinates and their reference"));
    }
    problems
}
