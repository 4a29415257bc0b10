//! What a solver of some rows of the grid hears from those of the others, and when.

use super::{Account, CellInflow, Field, Peaks, Setup, Solver, Stop, Sums, Threshold};
use crate::flood::part::{Halo, LIVE_ROWS, Part, Slab, gather};
use crate::flood::state::{Layout, State};
use crate::flood::sweep::{self, Extent};

/// Numbers with which a tile says where its water is.
const TILE_NUMBERS: usize = 4;

/// Numbers with which a face of the rim says what passed it.
const FACE_NUMBERS: usize = 3;

/// Leaves nothing to do in the bands of neighbours.
pub(super) fn keep_own(slab: &Slab, areas: &mut [Extent]) {
    let (bands, strips) = sweep::tiles(slab.layout());
    let own = slab.own_bands();
    for band in (0..bands).filter(|band| !own.contains(band)) {
        areas[band * strips..(band + 1) * strips].fill(Extent::EMPTY);
    }
}

impl Solver {
    /// A solver of the rows that belong to one part of a flood. All parts must take the same calls
    /// in the same order.
    ///
    /// The setup is that of the whole grid, and must be sound, without structures, barriers and
    /// breaches, and with [`Slab::most`] parts at most.
    pub fn part(setup: &Setup<'_>, halo: Box<dyn Halo>) -> Self {
        let whole = Layout { rows: setup.grid.rows, columns: setup.grid.columns };
        let slab = Slab::cut(whole, halo.rank(), halo.ranks());
        Self::on(setup, slab, Some(Part::new(halo, whole)))
    }

    /// True if the claim holds in any part.
    pub fn is_anywhere(&mut self, claim: bool) -> bool {
        if self.part.is_none() {
            return claim;
        }
        let claims = gather(&mut self.part, vec![f64::from(u8::from(claim))]);
        claims.into_iter().flatten().any(|claim| claim > 0.0)
    }

    /// Lets every part know the water of some cells from now on.
    pub fn watch(&mut self, cells: &[(usize, usize)]) {
        let Some(part) = &mut self.part else { return };
        part.watched = cells.to_vec();
        let seen = self.see_watched();
        let seen = gather(&mut self.part, seen);
        self.hear_watched(&seen.concat());
    }

    /// Water of the watched cells that are computed here: number, depth, velocity.
    fn see_watched(&self) -> Vec<f64> {
        let watched = self.part.as_ref().map_or(&[][..], |part| &part.watched);
        let own = watched.iter().enumerate().filter(|(_, cell)| self.slab.own.contains(&cell.0));
        own.flat_map(|(number, &(row, column))| {
            let (depth, u, v) = self.water_at(row, column);
            [number as f64, depth, u, v]
        })
        .collect()
    }

    fn hear_watched(&mut self, numbers: &[f64]) {
        let Some(part) = &mut self.part else { return };
        part.water.resize(part.watched.len(), (0.0, 0.0, 0.0));
        for &[number, depth, u, v] in numbers.as_chunks::<4>().0 {
            part.water[number as usize] = (depth, u, v);
        }
    }

    /// Swaps the rows that neighbours read and where their water is; takes the own inflow.
    pub(super) fn meet_neighbours(&mut self) {
        let own = self.slab.own_here();
        if self.part.is_none() {
            return;
        }
        let south =
            self.message(own.start..(own.start + LIVE_ROWS).min(own.end), self.slab.own_bands().start);
        let north = self.message(own.end.saturating_sub(LIVE_ROWS)..own.end, self.slab.own_bands().end - 1);
        let Some(part) = &mut self.part else { return };
        let (below, above) = part.swap(&south, &north);
        let first = self.slab.held.start;
        part.inflow.clear();
        part.inflow.extend(
            self.inflow_cells
                .iter()
                .filter(|cell| self.slab.own.contains(&cell.row))
                .map(|&cell| CellInflow { row: cell.row - first, ..cell }),
        );
        if own.start > 0 {
            self.hear(&below, own.start - LIVE_ROWS..own.start, self.slab.own_bands().start - 1);
        }
        if own.end < self.layout.rows {
            self.hear(&above, own.end..own.end + LIVE_ROWS, self.slab.own_bands().end);
        }
    }

    /// Rows of the state, then where the water of a band is.
    fn message(&self, rows: std::ops::Range<usize>, band: usize) -> Vec<f64> {
        let stride = self.layout.stride();
        let here = (rows.start + 1) * stride..(rows.end + 1) * stride;
        let State { depth, u, v, across, northward } = &self.state;
        let mut numbers = Vec::new();
        for array in [depth, u, v, across, northward].into_iter().filter(|array| !array.is_empty()) {
            numbers.extend_from_slice(&array[here.clone()]);
        }
        let strips = sweep::tiles(self.layout).1;
        let first = self.slab.held.start;
        for tile in &self.wet[band * strips..(band + 1) * strips] {
            // No water is four zeros.
            let (rows, columns) = if tile.is_empty() { ((0, 0), (0, 0)) } else { (tile.rows, tile.columns) };
            let row = |row: usize| if tile.is_empty() { 0.0 } else { (first + row) as f64 };
            numbers.extend([row(rows.0), row(rows.1), columns.0 as f64, columns.1 as f64]);
        }
        numbers
    }

    /// Takes in a [`Solver::message`] of a neighbour.
    fn hear(&mut self, numbers: &[f64], rows: std::ops::Range<usize>, band: usize) {
        let (stride, strips) = (self.layout.stride(), sweep::tiles(self.layout).1);
        let here = (rows.start + 1) * stride..(rows.end + 1) * stride;
        let State { depth, u, v, across, northward } = &mut self.state;
        let mut rest = numbers;
        for array in [depth, u, v, across, northward].into_iter().filter(|array| !array.is_empty()) {
            let (mine, others) = rest.split_at(here.len());
            array[here.clone()].copy_from_slice(mine);
            rest = others;
        }
        let first = self.slab.held.start;
        let tiles = rest.as_chunks::<TILE_NUMBERS>().0;
        for (tile, &[from, to, west, east]) in self.wet[band * strips..].iter_mut().zip(tiles) {
            *tile = if to > from && east > west {
                let rows = (from as usize - first, to as usize - first);
                Extent { rows, columns: (west as usize, east as usize) }
            } else {
                Extent::EMPTY
            };
        }
    }

    /// Looks at the water beside the boundaries, hears what others see there, and writes the ghosts.
    pub(super) fn fill_rim(&mut self, time: f64) {
        self.rim.look(&self.state, &self.terrain);
        if let Some(part) = self.part.as_mut().filter(|_| self.rim.is_shared()) {
            for sights in part.gather(&self.rim.sights()) {
                self.rim.hear_sights(&sights);
            }
        }
        self.rim.fill(&mut self.state, &mut self.terrain, self.layout, time);
    }

    /// Finds the fastest ghost of all parts.
    pub(super) fn find_fastest_ghost(&mut self) {
        let Some(part) = self.part.as_mut().filter(|_| self.rim.has_members()) else { return };
        let ghosts = part.gather(&self.rim.fastest_ghost());
        self.rim.hear_fastest(ghosts.into_iter().filter_map(|ghost| ghost.try_into().ok()));
    }

    /// Sums of all bands of the grid in the order of rows; what passed the rim and the water of
    /// the watched cells become known on the way.
    pub(super) fn sum_up(&mut self, bands: Vec<Sums>) -> Sums {
        if self.part.is_none() {
            return Sums::of(bands);
        }
        let own = &bands[self.slab.own_bands()];
        let passed = self.see_passed();
        let mut mine = vec![own.len() as f64, (passed.len() / FACE_NUMBERS) as f64];
        mine.extend(own.iter().flat_map(|sums| sums.numbers()));
        mine.extend(passed);
        mine.extend(self.see_watched());
        let mut all = Vec::new();
        let heard = gather(&mut self.part, mine);
        if let Some(part) = &mut self.part {
            part.passed.fill(0.0);
        }
        for numbers in heard {
            let (head, rest) = numbers.split_at(2);
            let (sums, rest) = rest.split_at(head[0] as usize * Sums::default().numbers().len());
            let (passed, watched) = rest.split_at(head[1] as usize * FACE_NUMBERS);
            all.extend(sums.as_chunks().0.iter().map(|&sums| Sums::from_numbers(sums)));
            self.hear_passed(passed);
            self.hear_watched(watched);
        }
        Sums::of(all)
    }

    /// What passed the faces of the rim beside the own rows: side, face, unit discharge. Faces
    /// that nothing passed are left out: they add nothing to any sum.
    fn see_passed(&self) -> Vec<f64> {
        let own = self.slab.own_here();
        let mut numbers = Vec::new();
        for (side, faces) in self.rim.passed.0.iter().enumerate() {
            let is_along_rows = side >= 2;
            let (mine, first) = match is_along_rows {
                // Bands of neighbours are not swept, so that nothing passes their faces.
                true => (0..faces.len(), 0),
                false => (own.clone(), self.slab.held.start),
            };
            for at in mine.filter(|&at| faces[at] != 0.0) {
                numbers.extend([side as f64, (first + at) as f64, faces[at]]);
            }
        }
        numbers
    }

    fn hear_passed(&mut self, numbers: &[f64]) {
        let Some(part) = &mut self.part else { return };
        for &[side, at, passed] in numbers.as_chunks::<FACE_NUMBERS>().0 {
            part.passed.0[side as usize][at as usize] = passed;
        }
    }

    /// Volume of water in the cells of all parts, m³, summed row by row; all parts must ask.
    pub fn volume_of_all(&mut self) -> f64 {
        let ranks = self.part.as_ref().map_or(1, |part| part.halo.ranks());
        let mut sum = Account::default();
        for rank in 0..ranks {
            let is_mine = self.part.as_ref().is_none_or(|part| part.halo.rank() == rank);
            let mine = if is_mine { self.add_depths(sum).parts() } else { [0.0; 2] };
            let heard = gather(&mut self.part, mine.to_vec());
            sum = Account::from_parts([heard[rank][0], heard[rank][1]]);
        }
        sum.total() * (self.dx * self.dy)
    }

    /// The first of the cells that the parts have found, in the whole grid.
    pub(super) fn first_of_all(&mut self, found: Option<(usize, usize)>) -> Option<(usize, usize)> {
        let first = self.slab.held.start;
        let mine = found.map_or_else(Vec::new, |(row, column)| vec![(first + row) as f64, column as f64]);
        let all = gather(&mut self.part, mine);
        all.into_iter().find(|cell| !cell.is_empty()).map(|cell| (cell[0] as usize, cell[1] as usize))
    }

    /// The cell whose waves cross it in the shortest time, of all parts.
    pub(super) fn fastest_of_all(&mut self) -> (usize, usize) {
        let first = self.slab.held.start;
        let mine = self
            .fastest_of(self.own_cells())
            .map_or_else(Vec::new, |(rate, (row, column))| vec![rate, (first + row) as f64, column as f64]);
        let all = gather(&mut self.part, mine);
        let fastest = all.iter().filter(|cell| !cell.is_empty()).max_by(|a, b| a[0].total_cmp(&b[0]));
        fastest.map_or((0, 0), |cell| (cell[1] as usize, cell[2] as usize))
    }

    /// Number of parts, and bytes that all of them have sent to their neighbours and to all others;
    /// nothing where there are no parts.
    pub fn traffic(&mut self) -> Option<(usize, u64, u64)> {
        let part = self.part.as_mut()?;
        let (swapped, gathered) = part.sent;
        let all = part.gather(&[swapped as f64, gathered as f64]);
        let sum = |at: usize| all.iter().map(|sent| sent[at]).sum::<f64>() as u64;
        Some((all.len(), sum(0), sum(1)))
    }

    /// Depth now, m, of the whole grid on the first part; an empty field on the others.
    pub fn depth_of_all(&mut self) -> Field {
        let Some(part) = &mut self.part else { return self.depth() };
        let whole = self.slab.whole;
        let mut depth = self.state.depth.clone();
        match collected(part.halo.as_mut(), &self.slab, &mut depth) {
            true => whole.unpad(&depth),
            false => Field::zeros((0, 0)),
        }
    }

    /// Makes the solver of the first part one of the whole grid, with the water and the records of
    /// all parts, to be looked at; no solver can take a step then. True on the first part.
    pub fn unite(&mut self) -> bool {
        let Some(mut part) = self.part.take() else { return true };
        let (halo, slab) = (part.halo.as_mut(), self.slab.clone());
        let State { depth, u, v, .. } = &mut self.state;
        let mut is_first = true;
        for array in [depth, u, v] {
            is_first = collected(halo, &slab, array);
        }
        let Peaks { max_depth, time_of_maximum, max_speed_squared } = &mut self.peaks;
        let hazards = self.hazards.iter_mut().map(|hazard| &mut hazard.worst);
        for array in [max_depth, time_of_maximum, max_speed_squared].into_iter().chain(hazards) {
            collected(halo, &slab, array);
        }
        for Threshold { first_above, time_above, .. } in &mut self.thresholds {
            collected(halo, &slab, first_above);
            collected(halo, &slab, time_above);
        }
        if is_first {
            self.slab = Slab::whole(slab.whole);
            self.layout = slab.whole;
        }
        // What it would compute with is that of a part.
        self.broken_from_the_start = Some(Stop::NotFinite { cell: (0, 0) });
        is_first
    }
}

/// A number of an array, single or double.
trait Number: Copy + Default + Into<f64> {
    /// From a double that holds it without loss.
    fn from_double(number: f64) -> Self;
}

impl Number for f64 {
    fn from_double(number: f64) -> Self {
        number
    }
}

impl Number for f32 {
    fn from_double(number: f64) -> Self {
        number as Self
    }
}

/// Puts the own rows of all parts together in place of a padded array of the first part, with
/// ghosts of zero; false on the others, which keep theirs.
fn collected<T: Number>(halo: &mut dyn Halo, slab: &Slab, array: &mut Vec<T>) -> bool {
    let (own, stride) = (slab.own_here(), slab.whole.columns + 2);
    let mine: Vec<f64> =
        array[(own.start + 1) * stride..(own.end + 1) * stride].iter().map(|&number| number.into()).collect();
    let Some(all) = halo.collect(&mine) else { return false };
    let mut whole = vec![T::default(); slab.whole.len()];
    let rows = whole[stride..(slab.whole.rows + 1) * stride].iter_mut();
    rows.zip(all.iter().flatten()).for_each(|(here, &number)| *here = T::from_double(number));
    *array = whole;
    true
}
