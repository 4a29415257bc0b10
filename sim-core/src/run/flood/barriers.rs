//! What levees and bridges of a case must be before the first step.

use crate::error::Problem;
use crate::flood::barrier::{Barrier, Face, Kind, levee};
use crate::run::flood::FloodCase;

/// All mistakes of the barriers.
pub(super) fn check(case: &FloodCase, problems: &mut Vec<Problem>) {
    let mut names: Vec<&str> = Vec::new();
    for barrier in &case.barriers {
        problems.extend(outside(case, barrier));
        problems.extend(numbers(barrier));
        if barrier.name.is_empty() || names.contains(&barrier.name.as_str()) {
            let text = format!("the name '{}' of a levee or bridge is empty or used twice", barrier.name);
            problems.push(Problem::error(5057, text).fix("give every levee and bridge a name of its own"));
        }
        names.push(&barrier.name);
    }
}

/// True for a face between two cells of the grid.
fn is_between_cells(case: &FloodCase, face: &Face) -> bool {
    let (rows, columns) = case.grid.shape();
    face.cell.0 < rows && face.cell.1 < columns && face.other().is_some()
}

fn outside(case: &FloodCase, barrier: &Barrier) -> Option<Problem> {
    let lost = barrier.faces.iter().filter(|face| !is_between_cells(case, face)).count();
    (lost > 0 || barrier.faces.is_empty()).then(|| {
        let text = format!(
            "'{}' has {} faces, {lost} of them not between two cells of the grid",
            barrier.name,
            barrier.faces.len()
        );
        Problem::error(5055, text).fix("take the faces that its line cuts within the grid")
    })
}

fn numbers(barrier: &Barrier) -> Option<Problem> {
    let levels = barrier.faces.iter().all(|face| {
        [face.top, face.soffit, face.along].iter().all(|number| number.is_finite()) && face.soffit <= face.top
    });
    let is_share = |share: f64| (0.0..1.0).contains(&share);
    let is_coefficient = |number: f64| number > 0.0 && number <= levee::LARGEST_COEFFICIENT;
    let law = match &barrier.kind {
        Kind::Levee(levee) => {
            let gap = levee.gap.is_none_or(|gap| {
                gap.duration > 0.0 && gap.width > 0.0 && gap.bottom.is_finite() && gap.top.is_finite()
            });
            is_coefficient(levee.coefficient) && gap
        }
        Kind::Bridge(bridge) => {
            is_share(bridge.piers)
                && (0.0..=2.0).contains(&bridge.drag)
                && [bridge.sluice, bridge.orifice].iter().all(|&number| number > 0.0 && number <= 1.0)
                && is_coefficient(bridge.deck)
        }
    };
    (!(levels && law)).then(|| {
        let text = format!("a level, share or coefficient of '{}' is not possible", barrier.name);
        Problem::error(5056, text).fix("finite levels with the underside not above the top; coefficients of weirs up to 2.08, of openings up to 1, of drag up to 2; shares below 1")
    })
}
