//! The rim of the grid: one number per face, and what passes.

use crate::layer::edge::Face;
use crate::layer::extent::BAND_ROWS;
use crate::layer::layout::Layout;

/// One number per face of each side of the grid, in the order of [`Side::ALL`].
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PerFace(pub(crate) [Vec<f64>; 4]);

impl PerFace {
    pub(crate) fn new(layout: Layout, value: f64) -> Self {
        let (rows, columns) = (layout.rows, layout.columns);
        Self([rows, rows, columns, columns].map(|faces| vec![value; faces]))
    }

    pub(crate) fn set(&mut self, face: Face, value: f64) {
        self.0[face.side as usize][face.index] = value;
    }

    pub(crate) fn fill(&mut self, value: f64) {
        self.0.iter_mut().for_each(|side| side.fill(value));
    }
}

/// What leaves over the faces of the rim that belong to one band, m²/s.
pub(crate) struct BandRim<'a> {
    west: &'a mut [f64],
    east: &'a mut [f64],
    /// Only in the first band.
    south: Option<&'a mut [f64]>,
    /// Only in the last band.
    north: Option<&'a mut [f64]>,
}

/// The rim band by band.
pub(crate) fn bands(passed: &mut PerFace) -> impl Iterator<Item = BandRim<'_>> {
    let [west, east, south, north] = &mut passed.0;
    let (count, mut south, mut north) = (west.len().div_ceil(BAND_ROWS), Some(south), Some(north));
    let ends = west.chunks_mut(BAND_ROWS).zip(east.chunks_mut(BAND_ROWS));
    ends.enumerate().map(move |(index, (west, east))| BandRim {
        west,
        east,
        south: south.take().map(Vec::as_mut_slice),
        north: if index + 1 == count { north.take().map(Vec::as_mut_slice) } else { None },
    })
}

impl BandRim<'_> {
    /// Writes down what passes the western and the eastern face of a row of the band, m²/s along
    /// x, where n cells from `first` on reach them.
    #[inline(always)]
    pub(crate) fn note_ends(
        &mut self,
        row: usize,
        (first, n): (usize, usize),
        layout: Layout,
        (west, east): (f64, f64),
    ) {
        if first == 0 {
            self.west[row] = -west;
        }
        if first + n == layout.columns {
            self.east[row] = east;
        }
    }

    /// Writes down what passes the southern rim from a column on, m²/s along y.
    #[inline(always)]
    pub(crate) fn note_south(&mut self, water: &[f64], first: usize) {
        for (passed, water) in self.south.iter_mut().flat_map(|south| &mut south[first..]).zip(water) {
            *passed = -water;
        }
    }

    /// Writes down what passes the northern rim from a column on, m²/s along y.
    #[inline(always)]
    pub(crate) fn note_north(&mut self, water: &[f64], first: usize) {
        for (passed, water) in self.north.iter_mut().flat_map(|north| &mut north[first..]).zip(water) {
            *passed = *water;
        }
    }
}
