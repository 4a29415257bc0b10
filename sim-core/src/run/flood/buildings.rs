//! Buildings of a run: what they must be, and what is told of them.

use ndarray::Array2;

use crate::error::Problem;
use crate::flood::buildings::{Buildings, RoofRain, Treatment};
use crate::product::Closed;
use crate::run::flood::FloodCase;

/// True if the solver must know of every cell whether its rain stays.
pub(super) fn keep_rain_by_cell(buildings: &Buildings) -> bool {
    buildings.move_rain() && !buildings.are_blocked()
}

/// Buildings that do not fit the ground.
pub(super) fn check(case: &FloodCase, problems: &mut Vec<Problem>) {
    let buildings = &case.buildings;
    let (rows, columns) = case.grid.shape();
    let is_on_grid = |&(row, column): &(usize, usize)| row < rows && column < columns;
    let streets = buildings.list().iter().flat_map(|building| &building.street);
    let beyond = buildings.cells().filter(|cell| !is_on_grid(cell)).count()
        + streets.clone().filter(|cell| !is_on_grid(cell)).count();
    if beyond > 0 {
        let text = format!("{beyond} cells of buildings or their streets lie on no cell of the grid");
        problems.push(Problem::error(5050, text).fix("make the buildings from the ground of the case"));
        return;
    }
    if buildings.are_blocked() {
        let open = buildings.cells().filter(|&cell| !case.bed[cell].is_nan()).count();
        if open > 0 {
            let text = format!("{open} cells of blocked buildings have a ground level");
            problems.push(
                Problem::error(5051, text)
                    .why("water would flow through the walls, and rain on the roofs would count twice")
                    .fix("let the buildings shape the ground of the case"),
            );
        }
        if buildings.roof_rain() == RoofRain::Stays {
            problems.push(
                Problem::error(
                    5052,
                    "rain cannot stay on the roofs of blocked buildings: no water is computed there",
                )
                .fix("lead it to the street, or let it be lost"),
            );
        }
    }
    let built = buildings.mask((rows, columns));
    let dry = streets.filter(|&&cell| built[cell] || case.bed[cell].is_nan()).count();
    if dry > 0 {
        let text = format!("{dry} cells that get the rain of roofs have no open ground");
        problems.push(Problem::error(5050, text).fix("make the buildings from the ground of the case"));
    }
}

/// How many buildings there are and where the rain of their roofs went; nothing without buildings.
pub(super) fn summary(case: &FloodCase, roof_volume: f64) -> Option<String> {
    let buildings = &case.buildings;
    if buildings.is_empty() {
        return None;
    }
    let cells = buildings.cells().count();
    let treatment = match buildings.treatment() {
        Treatment::Blocked => "closed to the water",
        Treatment::Raised => "raised",
    };
    let rain = match buildings.roof_rain() {
        RoofRain::ToStreet => {
            format!("{roof_volume:.1} m3 of rain on their roofs led to the cells along their walls")
        }
        RoofRain::Stays => "rain on their roofs stayed on them".into(),
        RoofRain::Lost => format!("{roof_volume:.1} m3 of rain on their roofs left the model"),
    };
    Some(format!(
        "Buildings: {} on {cells} cells ({:.0} m2), {treatment}; {rain}",
        buildings.list().len(),
        cells as f64 * case.grid.cell_area()
    ))
}

/// The cells of buildings as maps draw them; nothing without buildings.
pub(super) fn on_maps(case: &FloodCase) -> Option<Closed> {
    let buildings = &case.buildings;
    let label = match buildings.treatment() {
        Treatment::Blocked => "Buildings (no water computed)",
        Treatment::Raised => "Buildings (raised ground)",
    };
    let cells: Array2<bool> = buildings.mask(case.grid.shape());
    (!buildings.is_empty()).then(|| Closed { label: label.into(), cells })
}
