//! The recipe of a cloud: puffs released, moved and watched, until all is gone.

use crate::error::{Problem, Result};
use crate::gas::calm;
use crate::gas::dispersion::Dispersion;
use crate::gas::effect::line::LineSeen;
use crate::gas::hazard::LevelKind;
use crate::gas::hazard::Zone;
use crate::gas::hazard::cloud::{self, Trace};
use crate::gas::hazard::jet_zone;
use crate::gas::hazard::toxic_load::History as Breathed;
use crate::gas::plume_rise::Rise;
use crate::gas::puff::record::PointRecord;
use crate::gas::puff::source::{Start, Steady};
use crate::gas::puff::train::longest_step;
use crate::gas::puff::{Air, Emission, Losses, Remember, Settings, Source, Spread, Train};
use crate::gas::receptor::Seen;
use crate::gas::source::history::History;
use crate::gas::sweep::Placed;
use crate::gas::weather::{CALM_WIND, CLASS_WIND_HEIGHT, LOWEST_WIND, Regime, Weather};
use crate::grid::Field;
use crate::run::gas::backend::{Gathering, Mark, PuffBackend, Remembered, Watched};
use crate::run::gas::handover::Slabs;
use crate::run::gas::jets::{self, Beginnings};
use crate::run::gas::{GasCase, coefficients};
use crate::run::{Ledger, Observer, Progress};

/// Distance in cells from which the sum of puffs must be smooth.
const SMOOTH_FROM_CELLS: f64 = 4.0;

/// The same in metres, where cells are small.
const SMOOTH_FROM: f64 = 10.0;

/// Width of an area source over the crosswind coefficient at it.
///
/// # Source
/// isc3, table 1-6: a single area source.
const WIDTH_OF_A_SOURCE: f64 = 4.3;

/// Shortest and longest step of puffs, s.
const STEPS: (f64, f64) = (0.2, 30.0);

/// Steps of a release at least, so that its course is followed.
const STEPS_OF_RELEASE: f64 = 20.0;

/// How often the weakest wind may cross the grid before what lingers is no longer followed.
const CROSSINGS: f64 = 3.0;

/// Pieces of a path of light, m, and the most of them.
const PIECES: (f64, usize) = (5.0, 60);

/// What came of the puffs.
pub(super) struct Drifted {
    /// Where the mass went.
    pub(super) ledger: Ledger,
    /// Steps taken.
    pub(super) steps: u64,
}

impl Emission for History {
    fn mass(&self, from: f64, to: f64) -> f64 {
        self.mass_between(from, to)
    }
}

/// Follows the cloud and puts its fields and zones in the place of those of the plume.
///
/// # Errors
/// E4550 losses that cannot be; E7001 where the observer stopped it.
pub(super) fn drift(
    case: &GasCase,
    dispersion: &mut Dispersion,
    (observer, backend): (&mut dyn Observer, &mut dyn PuffBackend),
) -> Result<Drifted> {
    let steady = Steady { rate: case.source.rate, begin: 0.0, end: case.source.duration };
    let emission: &dyn Emission = match &case.source.history {
        Some(history) => history,
        None => &steady,
    };
    let pool = case.source.pool_alone();
    let rise_at =
        case.source.stack.map(|stack| move |time: f64| stack.rise(case.source.height, row_at(case, time)));
    let beginnings = Beginnings::new(case);
    let length = step(case);
    let begin = |time: f64| beginnings.at(row_index(case, time), jets::rate_at(case, time, length));
    let source = Source {
        begin: case.source.jet.is_some().then_some(&begin as &(dyn Fn(f64) -> Option<Start> + Sync)),
        rise: rise_at.as_ref().map(|rise_at| rise_at as &(dyn Fn(f64) -> Rise + Sync)),
        width: pool.map_or(0.0, |diameter| diameter / WIDTH_OF_A_SOURCE),
        ..Source::point(case.source.x, case.source.y, case.source.height, emission)
    };
    let ends = case.source.end();
    follow(case, dispersion, (observer, backend), Emitted { source, ends, length, before: Before::Jets })
}

/// Follows a heavy cloud beyond where it is passive, through the weather as it changes.
///
/// # Errors
/// E4745 for a cloud that stays heavy; E7001 where the observer stopped it.
pub(super) fn drift_on(
    case: &GasCase,
    dispersion: &mut Dispersion,
    (observer, backend): (&mut dyn Observer, &mut dyn PuffBackend),
) -> Result<Drifted> {
    let slabs = Slabs::new(case, &dispersion.heavy)?;
    let emission = slabs.emission();
    let begin = |time: f64| slabs.start(row_index(case, time - slabs.delay()));
    let source =
        Source { begin: Some(&begin), ..Source::point(case.source.x, case.source.y, 0.0, &emission) };
    dispersion.verdicts.push(slabs.verdict());
    let before = Before::Slabs(&slabs);
    let emitted = Emitted { source, ends: emission.end, length: step(case), before };
    follow(case, dispersion, (observer, backend), emitted)
}

/// What the puffs come from.
struct Emitted<'a> {
    source: Source<'a>,
    /// When the last puff begins, s.
    ends: f64,
    /// Length of a step, s.
    length: f64,
    before: Before<'a>,
}

/// What carries the gas until puffs take over.
#[derive(Clone, Copy)]
enum Before<'a> {
    /// Free jets, where there are any.
    Jets,
    /// Heavy clouds.
    Slabs(&'a Slabs),
}

fn follow(
    case: &GasCase,
    dispersion: &mut Dispersion,
    (observer, backend): (&mut dyn Observer, &mut dyn PuffBackend),
    emitted: Emitted<'_>,
) -> Result<Drifted> {
    let Emitted { source, ends, length, before } = emitted;
    let sources = [source];
    let settings = Settings {
        set: coefficients(case, &case.weather[0]),
        averaging_time: case.averaging_time,
        step: length,
        losses: Losses { deposition_velocity: case.deposition_velocity, ..Losses::default() },
    };
    let mut train = Train::new(&sources, settings)?;
    let mut watch = Watch::new(case, dispersion, backend)?;
    let patience = ends + CROSSINGS * diagonal(case) / weakest_wind(case);
    let air = |time: f64, _: f64, _: f64, height: f64| air_at(case, time, height);
    let mut steps = 0;
    while train.time() < ends || (!train.is_empty() && train.time() < patience) {
        train.step(&air);
        let (west, east, south, north) = bounds(case);
        train.leave(west, east, south, north);
        watch.look(&train)?;
        steps += 1;
        let progress = Progress {
            share: (train.time() / patience).min(1.0),
            time: train.time(),
            steps,
            time_step: train.step_length(),
            wet_share: 0.0,
        };
        if !observer.progress(&progress) {
            return Err(Problem::error(7001, "the run was cancelled").into());
        }
        if train.time() >= ends
            && train.at_most() < watch.negligible()
            && case.receptors.is_empty()
            && case.wishes.lines.is_empty()
        {
            break;
        }
    }
    watch.close(case, dispersion, before)?;
    Ok(Drifted { ledger: ledger(&train), steps })
}

/// The weather row that holds at a time: each holds until the next one.
fn row_at(case: &GasCase, time: f64) -> &Weather {
    &case.weather[row_index(case, time)]
}

fn row_index(case: &GasCase, time: f64) -> usize {
    case.weather_times.partition_point(|&from| from <= time).max(1) - 1
}

/// The air that carries a puff.
fn air_at(case: &GasCase, time: f64, height: f64) -> Air {
    let row = row_at(case, time);
    let (speed, heading) = (row.wind_at(height), row.heading());
    let spread = match row.regime() {
        Regime::Steady => Spread::WithWay,
        Regime::Light => Spread::WithWayAtLeast(row.at_least(LOWEST_WIND).wind_at(height)),
        Regime::Calm => Spread::WithTime(calm::growth(row.stability, row.wind_at(CLASS_WIND_HEIGHT))),
    };
    let (east, north) = (speed * heading.cos(), speed * heading.sin());
    Air { east, north, class: row.stability, lid: row.lid(), spread }
}

/// The slowest that gas moves, m/s: in calm air its cloud grows about as fast as the strongest calm.
fn weakest_wind(case: &GasCase) -> f64 {
    let carrying = |row: &Weather| row.at_least(CALM_WIND).wind_at(case.source.height);
    case.weather.iter().map(carrying).fold(f64::INFINITY, f64::min)
}

/// West, east, south and north of the grid with all named places, m.
fn bounds(case: &GasCase) -> (f64, f64, f64, f64) {
    let grid = &case.grid;
    let all = (grid.west, grid.east(), grid.south, grid.north());
    case.receptors.iter().fold(all, |(west, east, south, north), place| {
        (west.min(place.x), east.max(place.x), south.min(place.y), north.max(place.y))
    })
}

/// Parts into which the rise of a chimney's plume is cut to look for its axis.
const PARTS_OF_A_RISE: u32 = 6;

/// Heights besides that of the receptors at which the gas is looked for, m: the release, and for a
/// chimney steps up to the end of its lowest rise, as its plume is at each of them somewhere; of free jets the
/// lowest and the highest end.
fn heights_of_the_gas(case: &GasCase, dispersion: &Dispersion) -> Vec<f64> {
    let foot = case.source.height;
    let top = case.source.stack.map(|stack| {
        let ends = case.weather.iter().map(|row| stack.rise(foot, row).final_height());
        ends.fold(f64::INFINITY, f64::min)
    });
    let mut heights = match top {
        Some(top) => (0..=PARTS_OF_A_RISE)
            .map(|part| foot + (top - foot) * f64::from(part) / f64::from(PARTS_OF_A_RISE))
            .collect(),
        None => vec![foot],
    };
    let ends = dispersion.jets.iter().flatten().map(|lead| lead.begin.place[2]);
    heights.extend(ends.clone().reduce(f64::min));
    heights.extend(ends.reduce(f64::max));
    heights.sort_by(f64::total_cmp);
    heights.dedup();
    heights.retain(|height| *height != case.receptor_height);
    heights
}

/// Concentration of the pure gas in the thinnest air, kg/m³: no receptor sees more.
fn pure_gas(case: &GasCase) -> f64 {
    let pure = case.weather.iter().map(|row| case.substance.gas_density(row.air_temperature, row.pressure));
    pure.fold(f64::INFINITY, f64::min)
}

fn diagonal(case: &GasCase) -> f64 {
    let (west, east, south, north) = bounds(case);
    (east - west).hypot(north - south)
}

/// Length of a step, s: puffs so close that their sum is smooth some cells from the source.
fn step(case: &GasCase) -> f64 {
    let nearest = (SMOOTH_FROM_CELLS * case.grid.dx).max(SMOOTH_FROM);
    let smooth = case.weather.iter().map(|row| {
        if row.regime() == Regime::Calm {
            let growth = calm::growth(row.stability, row.wind_at(CLASS_WIND_HEIGHT));
            return calm::longest_step(growth, nearest);
        }
        longest_step(coefficients(case, row), row.stability, nearest, row.wind_at(case.source.height))
    });
    let of_release = case.source.end() / STEPS_OF_RELEASE;
    smooth.fold(of_release, f64::min).clamp(STEPS.0, STEPS.1)
}

/// Receptors on the grid and named places.
struct Watch<'b> {
    /// Who sums the puffs on the grid.
    backend: &'b mut dyn PuffBackend,
    marks: Vec<Mark>,
    at_places: PointRecord,
    places: Vec<[f64; 3]>,
    /// Times, and the concentrations of each place at them, kg/m³.
    times: Vec<f64>,
    series: Vec<Vec<f64>>,
}

impl<'b> Watch<'b> {
    fn new(case: &GasCase, dispersion: &Dispersion, backend: &'b mut dyn PuffBackend) -> Result<Self> {
        let pure_gas = pure_gas(case);
        let mark = |zone: &Zone| Mark {
            threshold: zone.threshold,
            load: match zone.level.kind {
                LevelKind::Load { exponent, .. } => {
                    Some(Gathering { exponent, duration: case.source.duration })
                }
                _ => None,
            },
        };
        let marks: Vec<Mark> = dispersion.zones.iter().map(mark).collect();
        let mut heights = vec![case.receptor_height];
        heights.extend(heights_of_the_gas(case, dispersion));
        backend.begin(&Watched { grid: case.grid.clone(), heights, pure_gas, levels: marks.clone() })?;
        let mut places: Vec<[f64; 3]> =
            case.receptors.iter().map(|place| [place.x, place.y, place.height]).collect();
        for line in &case.wishes.lines {
            places.extend(line.points(line.panels(PIECES.0, PIECES.1)));
        }
        let ground: Vec<f64> = case.receptors.iter().map(|place| place.ground).collect();
        let remember = Remember { threshold: f64::INFINITY, exponent: 1.0, pure_gas };
        Ok(Self {
            backend,
            marks,
            at_places: PointRecord::new(&places, remember).on_ground(&ground),
            times: vec![0.0],
            series: vec![vec![0.0]; places.len()],
            places,
        })
    }

    /// The smallest threshold, kg/m³.
    fn mildest(&self) -> f64 {
        self.marks.iter().map(|mark| mark.threshold).fold(f64::INFINITY, f64::min)
    }

    /// Concentration below which nothing more can be added to any zone, kg/m³.
    fn negligible(&self) -> f64 {
        /// Share of the steady concentration of a load that adds nothing worth waiting for.
        const THIN: f64 = 1e-3;
        let least = |mark: &Mark| mark.load.map_or(1.0, |_| THIN) * mark.threshold;
        self.marks.iter().map(least).fold(f64::INFINITY, f64::min)
    }

    /// Takes in the present state.
    fn look(&mut self, train: &Train<'_>) -> Result<()> {
        self.backend.look(train)?;
        self.at_places.observe(train);
        self.times.push(train.time());
        for (series, &value) in self.series.iter_mut().zip(&self.at_places.seen().concentration) {
            series.push(value);
        }
        Ok(())
    }

    /// Fields and zones of what was seen.
    fn close(mut self, case: &GasCase, dispersion: &mut Dispersion, before: Before<'_>) -> Result<()> {
        let Remembered { largest, mut arrivals, loads } = self.backend.remembered()?;
        let (mut largest, any_height) = with_all_heights(largest);
        let spread = case.weather.iter().map(|row| row.direction_spread_deg).fold(0.0, f64::max).to_radians();
        let source = (case.source.x, case.source.y);
        let trace = Trace::new(&case.grid, source, (&largest, &any_height), spread);
        let seen = arrivals.iter().zip(loads).zip(&self.marks);
        for (zone, ((arrival, loads), mark)) in dispersion.zones.iter_mut().zip(seen) {
            let Some(gathering) = mark.load else {
                *zone = of_cloud(&trace, zone, arrival);
                continue;
            };
            let felt = loads.into_iter().map(|load| load.mapv_into(|load| gathering.steady(load)));
            let (largest, any_height) = with_all_heights(felt.collect());
            let trace = Trace::new(&case.grid, source, (&largest, &any_height), spread);
            *zone = of_cloud(&trace, zone, arrival);
        }
        let mildest = self.mildest();
        match before {
            Before::Jets => self.blow(case, dispersion, (&mut largest, &mut arrivals)),
            Before::Slabs(slabs) => self.lie(case, dispersion, slabs, (&mut largest, &mut arrivals)),
        }
        if let Some(at) = self.marks.iter().position(|mark| mark.threshold == mildest) {
            dispersion.arrival = arrivals.swap_remove(at);
        }
        dispersion.concentration = largest;
        dispersion.plumes.clear();
        dispersion.calm.clear();
        dispersion.effects.lines = self.lines(case, dispersion)?;
        let seen = case.receptors.iter().zip(self.series).map(|(place, series)| {
            let ppm = |(&time, value): (&f64, f64)| dispersion.ppm_in(row_at(case, time), value);
            let ppm = self.times.iter().zip(series).map(ppm).collect();
            Seen::new(place.clone(), Breathed::new(self.times.clone(), ppm)?)
        });
        dispersion.receptors = seen.collect::<Result<_>>()?;
        Ok(())
    }

    /// Adds the jet before the puffs: to fields, zones, places and paths of light, while gas leaves.
    ///
    /// It is that of the largest rate, in each weather row that holds during the release.
    fn blow(
        &mut self,
        case: &GasCase,
        dispersion: &mut Dispersion,
        (largest, arrivals): (&mut Field, &mut [Field]),
    ) {
        let rows: Vec<Option<Placed>> = jets::of_rows(case, dispersion);
        let widest = case.weather.iter().map(|row| row.direction_spread_deg).fold(0.0, f64::max).to_radians();
        let blowing = rows.iter().enumerate().filter(|(row, _)| jets::holds_while_it_leaves(case, *row));
        for placed in blowing.filter_map(|(_, placed)| placed.as_ref()) {
            jets::add_to_field(placed, &case.grid, largest);
            for (arrivals, mark) in arrivals.iter_mut().zip(&self.marks) {
                jets::note_arrivals(placed, &case.grid, mark.threshold, arrivals);
            }
            for zone in &mut dispersion.zones {
                let jet = jet_zone::zone(&zone.level, placed, zone.threshold, widest);
                // A cloud in a wind that changes has no width across it.
                *zone = Zone { width: zone.width, ..zone.clone().with(&jet) };
            }
        }
        let ends = case.source.end();
        for (place, series) in self.places.iter().zip(&mut self.series) {
            let leaving = self.times.iter().zip(series).filter(|(time, _)| **time > 0.0 && **time <= ends);
            for (&time, value) in leaving {
                let placed = rows.get(row_index(case, time)).and_then(Option::as_ref);
                *value = placed.map_or(*value, |placed| jets::at(placed, *place).max(*value));
            }
        }
    }

    /// Adds the heavy clouds before the puffs: to fields, zones, places and paths of light.
    fn lie(
        &mut self,
        case: &GasCase,
        dispersion: &mut Dispersion,
        slabs: &Slabs,
        (largest, arrivals): (&mut Field, &mut [Field]),
    ) {
        let widest = case.weather.iter().map(|row| row.direction_spread_deg).fold(0.0, f64::max).to_radians();
        slabs.add_to_field(&case.grid, largest);
        for (arrivals, mark) in arrivals.iter_mut().zip(&self.marks) {
            slabs.note_arrivals(&case.grid, mark.threshold, arrivals);
        }
        for zone in &mut dispersion.zones {
            if let Some(heavy) = slabs.zone(&zone.level, zone.threshold, widest) {
                // A cloud in a wind that changes has no width across it.
                *zone = Zone { width: zone.width, ..zone.clone().with(&heavy) };
            }
        }
        for (place, series) in self.places.iter().zip(&mut self.series) {
            for (&time, value) in self.times.iter().zip(series) {
                *value = value.max(slabs.at(row_index(case, time), *place, time));
            }
        }
    }

    /// What the paths of light have seen; their points stand behind the named places.
    fn lines(&self, case: &GasCase, dispersion: &Dispersion) -> Result<Vec<LineSeen>> {
        let mut first = case.receptors.len();
        let mut seen = Vec::new();
        for line in &case.wishes.lines {
            let panels = line.panels(PIECES.0, PIECES.1);
            let points = &self.series[first..first + line.points(panels).len()];
            first += points.len();
            let at = |(i, &time): (usize, &f64)| {
                let values: Vec<f64> = points.iter().map(|series| series[i]).collect();
                dispersion.ppm_in(row_at(case, time), line.mean(panels, &values))
            };
            let ppm = self.times.iter().enumerate().map(at).collect();
            seen.push(LineSeen { line: line.clone(), history: Breathed::new(self.times.clone(), ppm)? });
        }
        Ok(seen)
    }
}

/// The first of the fields of all heights, and the largest of all; there is one at least.
fn with_all_heights(fields: Vec<Field>) -> (Field, Field) {
    let mut fields = fields.into_iter();
    let Some(first) = fields.next() else { unreachable!("there are receptors at one height at least") };
    let mut any_height = first.clone();
    fields.for_each(|field| any_height.zip_mut_with(&field, |here, &there| *here = here.max(there)));
    (first, any_height)
}

/// The zone of what was seen; the reach of a drift of calm air stays.
fn of_cloud(trace: &Trace<'_>, zone: &Zone, arrival: &Field) -> Zone {
    Zone { drift_reach: zone.drift_reach, ..cloud::zone(trace, &zone.level, zone.threshold, arrival) }
}

/// Where the mass is.
fn ledger(train: &Train<'_>) -> Ledger {
    let mass = train.ledger();
    let entries = vec![
        ("released".to_owned(), mass.released),
        ("left the grid".to_owned(), -mass.left),
        ("deposited".to_owned(), -mass.deposited),
    ];
    Ledger::close("kg", 0.0, mass.airborne, entries)
}

/// True where a steady plume cannot show what happens: the rate changes, or the weather does.
pub(super) fn are_needed(case: &GasCase) -> bool {
    case.direction_known && (case.weather.len() > 1 || case.source.history.is_some())
}
