//! Rectangles of cells: where water may be, and where a step must look.

use crate::layer::layout::Layout;

/// Rows of a band: enough that the faces shared by two bands, which both compute, cost 3 %.
pub const BAND_ROWS: usize = 32;

/// Columns of a strip: rows of an array long enough for the memory to be read ahead (8 KiB), and
/// row buffers that fit the second cache: some 220 KiB for the first order, 340 KiB for the second.
pub const STRIP_COLUMNS: usize = 1024;

/// Columns of an area are rounded to this number, so that loops over the state need no turns of one number each.
const VECTOR: usize = 16;

/// A rectangle of cells, from its first to before its last row and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) rows: (usize, usize),
    pub(crate) columns: (usize, usize),
}

impl Extent {
    /// No cell.
    pub(crate) const EMPTY: Self = Self { rows: (usize::MAX, 0), columns: (usize::MAX, 0) };

    pub(crate) fn is_empty(self) -> bool {
        self.rows.0 >= self.rows.1 || self.columns.0 >= self.columns.1
    }

    /// The smallest rectangle that holds both.
    fn with(self, other: Self) -> Self {
        if other.is_empty() {
            return self;
        }
        if self.is_empty() {
            return other;
        }
        Self {
            rows: (self.rows.0.min(other.rows.0), self.rows.1.max(other.rows.1)),
            columns: (self.columns.0.min(other.columns.0), self.columns.1.max(other.columns.1)),
        }
    }

    /// The cells that both hold.
    fn within(self, other: Self) -> Self {
        Self {
            rows: (self.rows.0.max(other.rows.0), self.rows.1.min(other.rows.1)),
            columns: (self.columns.0.max(other.columns.0), self.columns.1.min(other.columns.1)),
        }
    }

    /// One cell more on every side: as far as water gets in one step.
    fn grown(self) -> Self {
        if self.is_empty() {
            return Self::EMPTY;
        }
        let grow = |(from, to): (usize, usize)| (from.saturating_sub(1), to + 1);
        Self { rows: grow(self.rows), columns: grow(self.columns) }
    }

    fn cell(row: usize, column: usize) -> Self {
        Self { rows: (row, row + 1), columns: (column, column + 1) }
    }
}

/// Numbers of bands and strips of a grid.
pub(crate) fn tiles(layout: Layout) -> (usize, usize) {
    (layout.rows.div_ceil(BAND_ROWS), layout.columns.div_ceil(STRIP_COLUMNS))
}

/// All cells of a tile.
pub(crate) fn tile(layout: Layout, band: usize, strip: usize) -> Extent {
    let (row, column) = (band * BAND_ROWS, strip * STRIP_COLUMNS);
    Extent {
        rows: (row, (row + BAND_ROWS).min(layout.rows)),
        columns: (column, (column + STRIP_COLUMNS).min(layout.columns)),
    }
}

/// The whole of every tile, in the order of bands and strips.
pub(crate) fn whole_tiles(layout: Layout) -> Vec<Extent> {
    let (bands, strips) = tiles(layout);
    (0..bands).flat_map(|band| (0..strips).map(move |strip| tile(layout, band, strip))).collect()
}

/// The part of every tile in which something can happen in one step: what holds
/// water and the cells beside it, cells beside wet ghosts, cells that receive
/// inflow; everything of the tiles on which it rains.
///
/// `wet` holds for every tile the smallest rectangle with all its water.
pub(crate) fn areas(
    layout: Layout,
    depth: &[f64],
    wet: &[Extent],
    raining: impl Fn(usize) -> bool,
    inflow: impl Iterator<Item = (usize, usize)>,
    areas: &mut [Extent],
) {
    let (bands, strips) = tiles(layout);
    for band in 0..bands {
        for strip in 0..strips {
            let here = band * strips + strip;
            let whole = tile(layout, band, strip);
            areas[here] =
                if raining(here) { whole } else { reach(wet, (bands, strips), (band, strip), whole) };
        }
    }
    if (0..areas.len()).all(raining) {
        return;
    }
    let mut wake = |row: usize, column: usize| {
        let at = row / BAND_ROWS * strips + column / STRIP_COLUMNS;
        areas[at] = areas[at].with(Extent::cell(row, column));
    };
    wake_beside_ghosts(layout, depth, &mut wake);
    for (row, column) in inflow {
        wake(row, column);
    }
    for (area, whole) in areas.iter_mut().zip(whole_tiles(layout)) {
        round_columns(area, whole);
    }
}

/// Takes a cell into the rectangle of its tile.
pub(crate) fn wake(layout: Layout, (row, column): (usize, usize), extents: &mut [Extent]) {
    let at = row / BAND_ROWS * tiles(layout).1 + column / STRIP_COLUMNS;
    extents[at] = extents[at].with(Extent::cell(row, column));
}

/// Where the water of a tile and of its four neighbours can be after a step.
fn reach(
    wet: &[Extent],
    (bands, strips): (usize, usize),
    (band, strip): (usize, usize),
    whole: Extent,
) -> Extent {
    let here = band * strips + strip;
    let neighbours = [
        (true, here),
        (band > 0, here.wrapping_sub(strips)),
        (band + 1 < bands, here + strips),
        (strip > 0, here.wrapping_sub(1)),
        (strip + 1 < strips, here + 1),
    ];
    neighbours
        .into_iter()
        .filter(|(exists, _)| *exists)
        .fold(Extent::EMPTY, |area, (_, at)| area.with(wet[at].grown().within(whole)))
}

/// Calls `wake` for the cells whose neighbour beyond the edge holds water.
fn wake_beside_ghosts(layout: Layout, depth: &[f64], wake: &mut impl FnMut(usize, usize)) {
    let (rows, columns, stride) = (layout.rows, layout.columns, layout.stride());
    for column in 0..columns {
        for (row, ghost_row) in [(0, 0), (rows - 1, rows + 1)] {
            if depth[ghost_row * stride + column + 1] > 0.0 {
                wake(row, column);
            }
        }
    }
    for row in 0..rows {
        for (column, ghost_column) in [(0, 0), (columns - 1, columns + 1)] {
            if depth[(row + 1) * stride + ghost_column] > 0.0 {
                wake(row, column);
            }
        }
    }
}

/// Widens an area to whole vectors, counted from the start of its tile.
fn round_columns(area: &mut Extent, whole: Extent) {
    if area.is_empty() {
        return;
    }
    let start = whole.columns.0;
    let (from, to) = (area.columns.0 - start, area.columns.1 - start);
    area.columns =
        (start + from / VECTOR * VECTOR, (start + to.next_multiple_of(VECTOR)).min(whole.columns.1));
}

/// Rows of a padded array, band by band, without the ghost rows; none of an array that is not used.
pub(crate) fn band_rows<T>(padded: &mut [T], layout: Layout) -> std::slice::ChunksMut<'_, T> {
    let stride = layout.stride();
    if padded.is_empty() {
        return padded.chunks_mut(stride);
    }
    padded[stride..(layout.rows + 1) * stride].chunks_mut(BAND_ROWS * stride)
}

/// Clears what was written into the rows of a band two steps ago and will not be written now.
pub(crate) fn clear<'a>(
    layout: Layout,
    first_row: usize,
    arrays: impl IntoIterator<Item = &'a mut [f64]>,
    written: Extent,
    area: Extent,
) {
    if written.is_empty() || written == area {
        return;
    }
    for array in arrays.into_iter().filter(|array| !array.is_empty()) {
        for row in written.rows.0..written.rows.1 {
            let at = (row - first_row) * layout.stride() + 1;
            let (from, to) = written.columns;
            let (keep_from, keep_to) =
                if (area.rows.0..area.rows.1).contains(&row) { area.columns } else { (to, to) };
            array[at + from..at + keep_from.clamp(from, to)].fill(0.0);
            array[at + keep_to.clamp(from, to)..at + to].fill(0.0);
        }
    }
}

/// First and behind the last of the columns whose count of wet rows is not zero.
pub(crate) fn wet_columns(wet: &[f64]) -> Option<(usize, usize)> {
    let from = wet.iter().position(|&rows| rows > 0.0)?;
    let to = wet.iter().rposition(|&rows| rows > 0.0)?;
    Some((from, to + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::iter;

    #[test]
    fn water_at_the_border_of_a_tile_wakes_the_cells_beyond_it_and_no_more() {
        let layout = Layout { rows: 2 * BAND_ROWS, columns: 2 * STRIP_COLUMNS };
        let depth = vec![0.0; layout.len()];
        let mut wet = vec![Extent::EMPTY; 4];
        wet[0] = Extent { rows: (3, 5), columns: (STRIP_COLUMNS - 3, STRIP_COLUMNS) };
        let mut found = vec![Extent::EMPTY; 4];
        areas(layout, &depth, &wet, |_| false, iter::empty(), &mut found);
        assert_eq!(found[0], Extent { rows: (2, 6), columns: (STRIP_COLUMNS - VECTOR, STRIP_COLUMNS) });
        assert_eq!(found[1], Extent { rows: (2, 6), columns: (STRIP_COLUMNS, STRIP_COLUMNS + VECTOR) });
        assert!(found[2].is_empty() && found[3].is_empty());
    }

    #[test]
    fn rain_wakes_everything_and_a_wet_ghost_the_cell_beside_it() {
        let layout = Layout { rows: BAND_ROWS + 1, columns: 10 };
        let mut depth = vec![0.0; layout.len()];
        let mut found = vec![Extent::EMPTY; 2];
        areas(layout, &depth, &[Extent::EMPTY; 2], |_| true, iter::empty(), &mut found);
        assert_eq!(found, whole_tiles(layout));
        depth[(layout.rows + 1) * layout.stride() + 10] = 1.0;
        areas(layout, &depth, &[Extent::EMPTY; 2], |_| false, iter::empty(), &mut found);
        assert!(found[0].is_empty());
        assert_eq!(found[1], Extent { rows: (BAND_ROWS, BAND_ROWS + 1), columns: (0, 10) });
    }
}
