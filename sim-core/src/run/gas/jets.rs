//! Free jets that hand over to plumes and puffs.

use std::sync::{Arc, OnceLock};

use crate::error::Result;
use crate::gas::dispersion::{Dispersion, Transport};
use crate::gas::jet::{Begin, End, Lead};
use crate::gas::plume::Plume;
use crate::gas::puff::source::Start;
use crate::gas::source::Release;
use crate::gas::source::history::History;
use crate::gas::sweep::Placed;
use crate::gas::validity::{Judgement, Verdict};
use crate::gas::weather::Weather;
use crate::grid::{Field, Grid};
use crate::run::gas::{GasCase, coefficients};

/// The jet of each weather row at the largest rate; none where gas begins at the hole.
pub(super) fn of(case: &GasCase) -> Result<Vec<Option<Arc<Lead>>>> {
    let carried = matches!(case.transport, Transport::Plume | Transport::Puffs);
    let of_row = |row: &Weather| {
        let lead = if carried { Lead::new(&case.source, &case.substance, row)? } else { None };
        Ok(lead.map(Arc::new))
    };
    case.weather.iter().map(of_row).collect()
}

/// The verdict on momentum where the jet is followed; none where gas begins at the hole.
pub(super) fn verdict(dispersion: &Dispersion) -> Option<Verdict> {
    if !dispersion.follows_the_jet() {
        return None;
    }
    // Of several the one that comes down still fast, as what it does along the ground is not followed.
    let worst = dispersion.jets.iter().flatten().max_by(|a, b| a.excess.total_cmp(&b.excess))?;
    let [downwind, across, height] = worst.begin.place;
    let (how, judgement) = match worst.end {
        End::Ground => ("comes down, still faster than the wind", Judgement::Failed),
        _ => ("is spent", Judgement::Passed),
    };
    Some(Verdict {
        name: "momentum jet",
        criterion: "excess of its speed over the wind's, as a share of it, where the plume takes over",
        value: worst.excess,
        threshold: crate::gas::jet::integral::SPENT,
        judgement,
        meaning: format!(
            "the jet is followed over {:.1} m to where it {how}, {:.1} m from the hole and {height:.1} m above ground; \
             there the plume begins",
            worst.length,
            downwind.hypot(across)
        ),
    })
}

/// Halvings of the rate for which a jet is found, of a release whose rate falls.
const HALVINGS: usize = 7;

/// Where puffs begin in each weather row, for rates from the largest down by halves.
///
/// Gas leaves with the speed of the largest rate as long as it does: the thrust falls with the rate.
pub(super) struct Beginnings<'a> {
    case: &'a GasCase,
    rows: Vec<OnceLock<Vec<Begin>>>,
}

impl<'a> Beginnings<'a> {
    pub(super) fn new(case: &'a GasCase) -> Self {
        Self { case, rows: case.weather.iter().map(|_| OnceLock::new()).collect() }
    }

    /// With what a puff begins; none where it begins at the hole.
    ///
    /// # Units
    /// - `rate`: kg/s
    pub(super) fn at(&self, row: usize, rate: f64) -> Option<Start> {
        let begins = self.rows.get(row)?.get_or_init(|| self.of_row(&self.case.weather[row]));
        let last = begins.len().checked_sub(1)?;
        let halvings = (self.case.source.rate / rate).log2().clamp(0.0, last as f64);
        let (below, share) = (halvings.floor() as usize, halvings.fract());
        let (one, two) = (begins[below], begins[(below + 1).min(last)]);
        let between = |a: f64, b: f64| a + share * (b - a);
        let [downwind, across, height] = [0, 1, 2].map(|i| between(one.place[i], two.place[i]));
        let heading = self.case.weather[row].heading();
        let sigma = between(one.sigma, two.sigma);
        Some(Start {
            x: self.case.source.x + downwind * heading.cos() - across * heading.sin(),
            y: self.case.source.y + downwind * heading.sin() + across * heading.cos(),
            height,
            size: (sigma, sigma),
        })
    }

    /// From the largest rate down; ends before the first that does not hand over.
    fn of_row(&self, row: &Weather) -> Vec<Begin> {
        let source = &self.case.source;
        let count = if source.history.is_some() { HALVINGS } else { 0 };
        (0..=count)
            .map_while(|halving| {
                let rate = source.rate * 0.5_f64.powi(halving as i32);
                let weaker = Release { rate, ..source.clone() };
                Lead::new(&weaker, &self.case.substance, row).ok().flatten().map(|lead| lead.begin)
            })
            .collect()
    }
}

/// Mean rate about a time, kg/s: over a step from it on.
pub(super) fn rate_at(case: &GasCase, time: f64, step: f64) -> f64 {
    let mean = |history: &History| history.mass_between(time, time + step) / step;
    case.source.history.as_ref().map_or(case.source.rate, mean)
}

/// The plume of a weather row at its place on the grid, behind its jet where there is one.
pub(super) fn placed(case: &GasCase, row: &Weather, lead: Option<&Arc<Lead>>) -> Placed {
    let (height, mean) = (case.receptor_height, case.averaging_time);
    let plume = Plume::with_set(coefficients(case, row), &case.source, &case.substance, row, height, mean);
    let placed = Placed::new(plume, case.source.x, case.source.y, row.heading());
    match lead {
        Some(lead) => placed.after(Arc::clone(lead), row),
        None => placed,
    }
}

/// The jet of each weather row at its place; none where gas begins at the hole.
pub(super) fn of_rows(case: &GasCase, dispersion: &Dispersion) -> Vec<Option<Placed>> {
    let rows = case.weather.iter().zip(&dispersion.jets);
    rows.map(|(row, lead)| lead.as_ref().map(|lead| placed(case, row, Some(lead)))).collect()
}

/// Whether a weather row holds while gas leaves.
pub(super) fn holds_while_it_leaves(case: &GasCase, row: usize) -> bool {
    let next = case.weather_times.get(row + 1).copied().unwrap_or(f64::INFINITY);
    next > 0.0 && case.weather_times[row] < case.source.end()
}

/// Concentration that the jet alone brings to a place, kg/m³.
pub(super) fn at(placed: &Placed, [x, y, height]: [f64; 3]) -> f64 {
    let from_hole = placed.in_wind(x, y) + placed.offset();
    let lead = placed.lead.as_ref();
    let value = lead.map_or(0.0, |lead| lead.concentration_at(from_hole.x, from_hole.y, height));
    value.min(placed.plume.pure_gas)
}

/// Takes the jet into the largest concentrations of a grid.
pub(super) fn add_to_field(placed: &Placed, grid: &Grid, largest: &mut Field) {
    let height = placed.plume.receptor_height;
    largest.indexed_iter_mut().for_each(|((row, column), value)| {
        *value = value.max(at(placed, [grid.x(column), grid.y(row), height]));
    });
}

/// Takes the jet into the arrivals of a level: it is there as soon as the wind would be, which is later than it is.
pub(super) fn note_arrivals(placed: &Placed, grid: &Grid, threshold: f64, arrivals: &mut Field) {
    let height = placed.plume.receptor_height;
    arrivals.indexed_iter_mut().for_each(|((row, column), arrival)| {
        let (x, y) = (grid.x(column), grid.y(row));
        if at(placed, [x, y, height]) >= threshold {
            *arrival = arrival.min(placed.arrival(placed.in_wind(x, y).x));
        }
    });
}
