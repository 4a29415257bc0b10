//! What every scheme does with a row of cells: new values, records, sums.

use crate::flood::inflow::CellInflow;
use crate::flood::record;
use crate::flood::state::Layout;
use crate::flood::sweep::scratch::{CellBuffers, RowFaces, RowSums, whole_turns};
use crate::flood::sweep::{Band, Inputs, Span, barriers, row, soil_row};

/// n cells of a row of the grid from one of them on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) first: usize,
    pub(super) n: usize,
}

impl Place {
    /// Where they begin in a padded array.
    #[inline(always)]
    pub(super) fn padded(self, layout: Layout) -> usize {
        layout.at(self.row, self.first)
    }

    /// Where they lie in the rows of a band.
    #[inline(always)]
    pub(super) fn in_band(self, layout: Layout, band: &Band<'_>) -> std::ops::Range<usize> {
        let at = (self.row - band.first_row()) * layout.stride() + self.first + 1;
        at..at + self.n
    }
}

/// Cells that go through all loops together: what passes from loop to loop then stays in
/// the first cache (some 12 KiB).
const PIECE: usize = 128;

/// New cells of one row from its faces, then its records.
///
/// In order: water and momentum from the four faces and the slope of the surface; rain
/// and inflow, which bring no momentum; the loss; friction.
#[inline(always)]
pub(super) fn update_row(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    (sums, cells, faces): (&mut RowSums, &mut CellBuffers, &RowFaces),
    place: Place,
    carried: row::Carried<'_>,
) {
    barriers::note(inputs, band, (&faces.across.water, &faces.south.water), place);
    before_balance(inputs, band, sums, place);
    for from in (0..place.n).step_by(PIECE) {
        let n = PIECE.min(place.n - from);
        update_piece(
            inputs,
            band,
            (sums, cells, faces),
            Place { n, first: place.first + from, ..place },
            from,
            carried,
        );
    }
    after_balance(inputs, band, sums, place);
    note_row(band, inputs.span, place, place.in_band(inputs.layout, band));
}

/// The cells of a piece of a row, which begins `from` cells behind the beginning of the row.
#[inline(always)]
fn update_piece(
    inputs: &Inputs<'_>,
    band: &mut Band<'_>,
    (sums, cells, faces): (&mut RowSums, &mut CellBuffers, &RowFaces),
    place: Place,
    from: usize,
    carried: row::Carried<'_>,
) {
    let n = place.n;
    let at = place.padded(inputs.layout);
    let here = place.in_band(inputs.layout, band);
    let (old, terrain) = (inputs.old, inputs.terrain);
    let numbers = step_numbers(inputs);
    // Loops over the state stop at n, loops over buffers at the end of a turn.
    let m = whole_turns(n);
    let sides = row::Sides {
        west: faces.across.faces(from, m),
        east: faces.across.faces(from + 1, m),
        south: faces.south.faces(from, m),
        north: faces.north.faces(from, m),
    };
    let CellBuffers { change_x, change_y, depth, root, u, v, kept, lost } = cells;
    row::momentum_row(carried.from(from, m), sides, numbers, &mut change_x[..m], &mut change_y[..m]);
    row::balance_row(
        row::Column { bed: &terrain.bed[at..at + n], depth: &old.depth[at..at + n] },
        (&sums.source[from..], &sums.wanted[from..]),
        sides.water(),
        numbers,
        &mut band.depth[here.clone()],
        &mut sums.before_loss[from..],
        &mut sums.lost[from..],
        &mut sums.clipped[from..],
        &mut sums.wet[from..],
    );
    row::velocity_row(
        row::StateRow { depth: &old.depth[at..at + n], u: &old.u[at..at + n], v: &old.v[at..at + n] },
        (&change_x[..n], &change_y[..n]),
        (&band.depth[here.clone()], &sums.before_loss[from..]),
        &mut band.u[here.clone()],
        &mut band.v[here.clone()],
        &mut depth[..n],
        &mut u[..n],
        &mut v[..n],
    );
    let friction = &terrain.friction.row(inputs.layout, place.row + 1)[place.first + 1..];
    let m = m.min(friction.len());
    row::root_row(depth, &mut root[..m]);
    row::friction_row(
        row::Hindered { depth, u, v, root, friction },
        numbers,
        &mut kept[..m],
        &mut lost[..m],
        &mut sums.wave_rate[from..],
        &mut sums.wave_rate_sum[from..],
    );
    row::slow_row((kept, lost), &mut band.u[here.clone()], &mut band.v[here]);
}

/// The numbers of a step that all cells share.
#[inline(always)]
pub(super) fn step_numbers(inputs: &Inputs<'_>) -> row::StepNumbers {
    row::StepNumbers {
        dt: inputs.span.dt,
        dt_dx: inputs.span.dt / inputs.dx,
        dt_dy: inputs.span.dt / inputs.dy,
        inverse_dx: 1.0 / inputs.dx,
        inverse_dy: 1.0 / inputs.dy,
    }
}

/// Records of one row, while it is still in the cache.
#[inline(always)]
pub(super) fn note_row(band: &mut Band<'_>, span: Span, place: Place, here: std::ops::Range<usize>) {
    let depth = &band.depth[here.clone()];
    record::note_peaks(
        (depth, &band.u[here.clone()], &band.v[here.clone()]),
        span.end,
        &mut band.max_depth[here.clone()],
        &mut band.time_of_maximum[here.clone()],
        &mut band.max_speed_squared[here.clone()],
    );
    for rows in &mut band.hazards {
        let water = (depth, &band.u[here.clone()], &band.v[here.clone()]);
        record::note_hazard(water, rows.scheme, &mut rows.worst[here.clone()]);
    }
    for rows in &mut band.thresholds {
        record::note_threshold(
            depth,
            (rows.depth, span.end, span.dt),
            &mut rows.first_above[here.clone()],
            &mut rows.time_above[here.clone()],
        );
    }
    if holds_water(depth) {
        band.note_wet(place.row);
    }
}

/// True if any of the depths is not zero. Their bits are joined: a sum of doubles would
/// wait for one number after the other.
#[inline(always)]
fn holds_water(depth: &[f64]) -> bool {
    depth.iter().fold(0, |bits, depth| bits | (depth.to_bits() << 1)) != 0
}

/// What arrives at a row and what it may lose: rain, what the soil can take, inflow.
#[inline(always)]
pub(super) fn before_balance(inputs: &Inputs<'_>, band: &Band<'_>, sums: &mut RowSums, place: Place) {
    let n = place.n;
    let at = place.padded(inputs.layout);
    if let Some(rates) = inputs.rates {
        soil_row::rain_row(&rates[at..at + n], inputs.rain_unit, &mut sums.source[..n]);
    }
    if let Some(soils) = &inputs.soils {
        let store = &band.store[place.in_band(inputs.layout, band)];
        soils.look_up(at, n, &mut sums.soil);
        soils.capacities(&mut sums.soil, store, &sums.source);
        soil_row::wanted_row(&sums.soil.capacity, inputs.span.loss, &mut sums.wanted[..n]);
    }
    add_inflow(&mut sums.source, inputs.inflow, place);
}

/// What the soil of a row took; the inflow goes out of the sources again.
#[inline(always)]
pub(super) fn after_balance(inputs: &Inputs<'_>, band: &mut Band<'_>, sums: &mut RowSums, place: Place) {
    remove_inflow(&mut sums.source, inputs.inflow, place, |column| inputs.rain_on(place.row, column));
    let Some(soils) = &inputs.soils else { return };
    let here = place.in_band(inputs.layout, band);
    let RowSums { soil, before_loss, infiltrated, source, .. } = sums;
    let depths = (&before_loss[..], &band.depth[here.clone()]);
    soil_row::taken_row(depths, &soil.capacity, &mut soil.taken, infiltrated);
    soils.remember(soil, source, &mut band.store[here]);
}

/// Adds what flows in at these cells to what falls on them.
fn add_inflow(source: &mut [f64], inflow: &[CellInflow], place: Place) {
    for cell in inflow_of(inflow, place) {
        source[cell.column - place.first] += cell.depth;
    }
}

/// Leaves only the rain again.
fn remove_inflow(source: &mut [f64], inflow: &[CellInflow], place: Place, rain: impl Fn(usize) -> f64) {
    for cell in inflow_of(inflow, place) {
        source[cell.column - place.first] = rain(cell.column);
    }
}

/// Inflow at these cells; the list is in the order of rows and columns.
fn inflow_of(inflow: &[CellInflow], Place { row, first, n }: Place) -> &[CellInflow] {
    if inflow.is_empty() {
        return inflow;
    }
    let from = inflow.partition_point(|cell| (cell.row, cell.column) < (row, first));
    let to = inflow.partition_point(|cell| (cell.row, cell.column) < (row, first + n));
    &inflow[from..to]
}
