//! Buildings on the ground: closed to the water or raised, with rain on their roofs.
//!
//! A building is the cells that it covers. Blocked ones are no part of the area: no water
//! enters them and none leaves. Raised ones are ground as high as their roofs, over which
//! water may flow. Rain on a roof reaches the street through gutters and downpipes, which
//! are too small for any grid: it is given to the cells along the walls, each the same
//! share, in the moment in which it falls.
//!
//! # Source
//! Cutting footprints out of the grid and draining their roofs onto it is the practice of
//! CityCAT (`citycat`). That the shares are equal is a choice of this model: maps of
//! footprints do not say where the downpipes are.

use ndarray::Array2;

use crate::flood::area::neighbours;
use crate::grid::Field;

/// Row and column of a cell.
pub type Cell = (usize, usize);

/// What buildings are to the water.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// Walls; what they cover is outside the area.
    Blocked,
    /// Ground that is higher.
    Raised,
}

/// Where the rain on roofs goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoofRain {
    /// To the cells along the walls, in equal shares.
    ToStreet,
    /// It stays on the roof as on any ground; only where buildings are raised.
    Stays,
    /// Out of the model, as into a sewer; it stands in the ledger.
    Lost,
}

/// One building.
#[derive(Debug, Clone, PartialEq)]
pub struct Building {
    /// Position of its footprint in the list that was given.
    pub footprint: usize,
    /// Cells of the ground that it covers; never empty.
    pub cells: Vec<Cell>,
    /// Ground without buildings that is nearest to it, counted in steps from side to side:
    /// along its walls, or beyond the buildings that enclose it. In the order of rows and
    /// columns, never empty.
    pub street: Vec<Cell>,
    /// True if other buildings or the end of the ground lie on all sides of it.
    pub is_enclosed: bool,
}

/// All buildings of a flood.
#[derive(Debug, Clone, PartialEq)]
pub struct Buildings {
    treatment: Treatment,
    roof_rain: RoofRain,
    list: Vec<Building>,
}

impl Default for Buildings {
    fn default() -> Self {
        Self::none()
    }
}

impl Buildings {
    /// Ground without buildings.
    pub fn none() -> Self {
        Self { treatment: Treatment::Blocked, roof_rain: RoofRain::Lost, list: Vec::new() }
    }

    /// Buildings from the cells of their footprints; `None` if they leave no ground.
    ///
    /// A cell belongs to the first building that covers it. Cells without ground belong to
    /// none, and what then covers no cell is left out.
    ///
    /// # Units
    /// - `bed`: ground level before the buildings, m; NaN outside the area
    pub fn new(
        (treatment, roof_rain): (Treatment, RoofRain),
        footprints: &[Vec<Cell>],
        bed: &Field,
    ) -> Option<Self> {
        let mut is_built = Array2::from_elem(bed.dim(), false);
        let mut list = Vec::new();
        for (footprint, covered) in footprints.iter().enumerate() {
            let mut cells = Vec::new();
            for &cell in covered {
                if !bed[cell].is_nan() && !is_built[cell] {
                    is_built[cell] = true;
                    cells.push(cell);
                }
            }
            if !cells.is_empty() {
                list.push(Building { footprint, cells, street: Vec::new(), is_enclosed: false });
            }
        }
        let is_street = |cell: Cell| !bed[cell].is_nan() && !is_built[cell];
        let mut seen_by = Array2::<u32>::zeros(bed.dim());
        for (number, building) in list.iter_mut().enumerate() {
            let (street, steps) =
                nearest_street(&building.cells, is_street, (&mut seen_by, number as u32 + 1))?;
            (building.street, building.is_enclosed) = (street, steps > 1);
        }
        Some(Self { treatment, roof_rain, list })
    }

    /// True where there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What they are to the water.
    pub fn treatment(&self) -> Treatment {
        self.treatment
    }

    /// Where the rain on their roofs goes.
    pub fn roof_rain(&self) -> RoofRain {
        self.roof_rain
    }

    /// The buildings that cover cells.
    pub fn list(&self) -> &[Building] {
        &self.list
    }

    /// Every cell that a building covers.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + Clone + '_ {
        self.list.iter().flat_map(|building| building.cells.iter().copied())
    }

    /// True if there are buildings that no water enters.
    pub fn are_blocked(&self) -> bool {
        !self.is_empty() && self.treatment == Treatment::Blocked
    }

    /// True if rain on roofs does not stay where it falls.
    pub fn move_rain(&self) -> bool {
        !self.is_empty() && self.roof_rain != RoofRain::Stays
    }

    /// Cells that a building covers, on a grid of so many rows and columns.
    pub fn mask(&self, shape: (usize, usize)) -> Array2<bool> {
        let mut mask = Array2::from_elem(shape, false);
        self.cells().for_each(|cell| mask[cell] = true);
        mask
    }

    /// Takes blocked buildings out of the ground, or raises it.
    ///
    /// # Units
    /// - `bed`: ground level, m
    /// - `heights`: of every footprint, m; of no use where buildings are blocked
    pub fn shape_ground(&self, bed: &mut Field, heights: &[f64]) {
        for building in &self.list {
            for &cell in &building.cells {
                bed[cell] = match self.treatment {
                    Treatment::Blocked => f64::NAN,
                    Treatment::Raised => bed[cell] + heights[building.footprint],
                };
            }
        }
    }
}

/// Cells of the street with the fewest steps to a building, and how many these are.
///
/// Steps go over anything from side to side. `seen_by` notes by number who was at a cell.
fn nearest_street(
    building: &[Cell],
    is_street: impl Fn(Cell) -> bool,
    (seen_by, number): (&mut Array2<u32>, u32),
) -> Option<(Vec<Cell>, usize)> {
    building.iter().for_each(|&cell| seen_by[cell] = number);
    let (mut edge, mut steps) = (building.to_vec(), 0);
    while !edge.is_empty() {
        let mut beyond = Vec::new();
        for neighbour in edge.iter().flat_map(|&cell| neighbours(cell, seen_by.dim())) {
            // A cell may come twice; the second time it has been seen.
            if seen_by[neighbour] != number {
                beyond.push(neighbour);
            }
        }
        beyond.sort_unstable();
        beyond.dedup();
        beyond.iter().for_each(|&cell| seen_by[cell] = number);
        steps += 1;
        let street: Vec<Cell> = beyond.iter().copied().filter(|&cell| is_street(cell)).collect();
        if !street.is_empty() {
            return Some((street, steps));
        }
        edge = beyond;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TO_STREET: (Treatment, RoofRain) = (Treatment::Blocked, RoofRain::ToStreet);

    fn square((row, column): Cell, side: usize) -> Vec<Cell> {
        (row..row + side).flat_map(|row| (column..column + side).map(move |column| (row, column))).collect()
    }

    #[test]
    fn the_street_of_a_building_runs_along_its_walls_and_through_its_courtyard() {
        let bed = Field::zeros((7, 7));
        let ring: Vec<Cell> =
            square((1, 1), 5).into_iter().filter(|&cell| !square((2, 2), 3).contains(&cell)).collect();
        let buildings = Buildings::new(TO_STREET, &[ring], &bed).expect("streets are left");
        let [building] = buildings.list() else { panic!("one building") };
        // Twenty cells outside, and the courtyard without its middle.
        assert_eq!((building.street.len(), building.is_enclosed), (20 + 8, false));
        assert!(!building.street.contains(&(3, 3)) && !building.street.contains(&(0, 0)));
    }

    #[test]
    fn an_enclosed_building_drains_to_the_nearest_street_beyond_its_neighbours() {
        let mut bed = Field::zeros((5, 9));
        bed.column_mut(8).fill(f64::NAN);
        let core = vec![(2, 2)];
        let around: Vec<Cell> = square((1, 1), 3).into_iter().filter(|cell| *cell != (2, 2)).collect();
        let buildings = Buildings::new(TO_STREET, &[core, around], &bed).expect("streets are left");
        let enclosed = &buildings.list()[0];
        assert!(enclosed.is_enclosed && !buildings.list()[1].is_enclosed);
        assert_eq!(enclosed.street, [(0, 2), (2, 0), (2, 4), (4, 2)], "two steps to every side");
    }

    #[test]
    fn a_cell_belongs_to_the_first_building_and_cells_without_ground_to_none() {
        let mut bed = Field::zeros((3, 6));
        bed[(1, 1)] = f64::NAN;
        let footprints = [vec![(1, 1), (1, 2)], vec![(1, 2), (1, 3)], vec![(1, 2)]];
        let buildings = Buildings::new(TO_STREET, &footprints, &bed).expect("streets are left");
        let cells: Vec<(usize, &[Cell])> =
            buildings.list().iter().map(|one| (one.footprint, one.cells.as_slice())).collect();
        assert_eq!(cells, [(0, &[(1, 2)][..]), (1, &[(1, 3)][..])]);
        assert_eq!(buildings.mask((3, 6)).iter().filter(|&&built| built).count(), 2);
    }

    #[test]
    fn buildings_that_leave_no_ground_are_refused() {
        assert!(Buildings::new(TO_STREET, &[square((0, 0), 3)], &Field::zeros((3, 3))).is_none());
    }

    #[test]
    fn blocked_ground_is_no_ground_and_raised_ground_is_higher() {
        let footprints = [vec![(0, 0)], vec![(0, 2)]];
        for (treatment, expected) in [(Treatment::Blocked, f64::NAN), (Treatment::Raised, 11.0)] {
            let mut bed = Field::from_elem((1, 3), 1.0);
            let buildings =
                Buildings::new((treatment, RoofRain::Lost), &footprints, &bed).expect("a street is left");
            buildings.shape_ground(&mut bed, &[3.0, 10.0]);
            assert_eq!((bed[(0, 2)].to_bits(), bed[(0, 1)]), (expected.to_bits(), 1.0));
        }
    }

    proptest! {
        #[test]
        fn every_building_has_a_street_of_open_ground_at_one_distance(
            corners in proptest::collection::vec((0_usize..11, 0_usize..13, 1_usize..5), 1..12)
        ) {
            let bed = Field::from_shape_fn((12, 14), |(row, column)| {
                if (row * 7 + column * 3) % 11 == 0 { f64::NAN } else { 0.0 }
            });
            let within = |&(row, column): &Cell| row < 12 && column < 14;
            let footprints: Vec<Vec<Cell>> = corners
                .iter()
                .map(|&(row, column, side)| square((row, column), side).into_iter().filter(within).collect())
                .collect();
            let Some(buildings) = Buildings::new(TO_STREET, &footprints, &bed) else { return Ok(()) };
            let mask = buildings.mask(bed.dim());
            let away = |from: &[Cell], to: Cell| {
                from.iter().map(|at| at.0.abs_diff(to.0) + at.1.abs_diff(to.1)).min().unwrap_or(0)
            };
            for building in buildings.list() {
                let steps = away(&building.cells, building.street[0]);
                prop_assert_eq!(steps > 1, building.is_enclosed);
                for (cell, _) in bed.indexed_iter().filter(|&(cell, bed)| !bed.is_nan() && !mask[cell]) {
                    let is_part = building.street.contains(&cell);
                    prop_assert_eq!(is_part, away(&building.cells, cell) == steps, "{:?}", cell);
                }
                prop_assert!(building.street.iter().all(|&cell| !bed[cell].is_nan() && !mask[cell]));
            }
        }
    }
}
