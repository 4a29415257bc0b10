//! A gas run: from a release and the weather to zones, a radius and grids.
//!
//! [`disperse`] is the recipe. With steady plumes every weather row is one; grids and
//! zones keep the worst of them. With puffs ([`Transport::Puffs`]) the cloud is followed
//! through the weather as it changes.

pub mod backend;
mod bands;
mod check;
mod comparison;
mod handover;
mod heavy;
mod jets;
mod layer;
mod maps;
mod places;
mod puffs;
pub mod trial;
mod weak_wind;
mod zones_alone;

use std::time::Instant;

use crate::error::{Problem, Problems, Result};
use crate::gas::advice;
use crate::gas::calm::PlacedCalm;
pub use crate::gas::dense::HeavyAir;
use crate::gas::dispersion::Dispersion;
use crate::gas::effect::{self, Effects};
use crate::gas::hazard::evacuation;
use crate::gas::hazard::over_pool;
use crate::gas::hazard::zones;
use crate::gas::product::{self, exposure, significant};
use crate::gas::relief;
use crate::gas::sigma::{self, SigmaSet};
use crate::gas::sweep::{self, Placed};
use crate::gas::validity::{self, Judgement};
use crate::gas::weather::Regime;
use crate::grid::{Field, Grid};
use crate::product::{Arrow, Layer, Map, Products};
use crate::run::gas::backend::{Processor, PuffBackend};
use crate::run::gas::bands::in_bands;
use crate::run::gas::check::check;
use crate::run::{Ledger, Observer};
use crate::units;

pub use crate::gas::dispersion::Transport;
pub use crate::gas::effect::Wishes;
pub use crate::gas::exposure::Exposed;
pub use crate::gas::hazard::Level;
pub use crate::gas::receptor::Receptor;
pub use crate::gas::source::{ExitState, Release};
pub use crate::gas::substance::Substance;
pub use crate::gas::validity::Verdict;
pub use crate::gas::weather::Weather;
pub use zones_alone::{Zones, zones_of, zones_on};

/// Everything a gas run needs.
#[derive(Debug, Clone, PartialEq)]
pub struct GasCase {
    /// Title of the scenario.
    pub title: String,
    /// Receptors; x and y in metres.
    pub grid: Grid,
    /// What leaks.
    pub substance: Substance,
    /// How.
    pub source: Release,
    /// Weather during the release; at least one row. Several rows are taken
    /// each as if it lasted, and the worst is kept.
    pub weather: Vec<Weather>,
    /// When each row begins to hold, s after the start; one per row, rising, the first at most 0.
    pub weather_times: Vec<f64>,
    /// How the gas is carried.
    pub transport: Transport,
    /// Set of dispersion coefficients by its name; none for that of the surroundings.
    pub coefficients: Option<&'static str>,
    /// Speed with which the ground takes up the gas, m/s; puffs only.
    pub deposition_velocity: f64,
    /// Ground level on the grid, m, houses in it; none where it is flat.
    pub ground: Option<Field>,
    /// True to compute the zones by every model that can, beside each other.
    pub compare: bool,
    /// What a heavy cloud feels besides the weather.
    pub heavy: HeavyAir,
    /// Height of the receptors above ground, m.
    pub receptor_height: f64,
    /// Time over which concentrations are averaged, s.
    pub averaging_time: f64,
    /// Levels of concern; at least one.
    pub levels: Vec<Level>,
    /// True to draw a result that is not valid, with a mark, where the gas is too dense.
    pub accept_invalid: bool,
    /// True where the wind direction is known: the area to clear is then a wedge.
    pub direction_known: bool,
    /// Named places.
    pub receptors: Vec<Receptor>,
    /// Who may be harmed.
    pub exposure: Vec<Exposed>,
    /// Fires, explosions, paths of light, distances of guidebooks.
    pub wishes: Wishes,
    /// Names of the products to make; empty for all.
    pub wanted: Vec<String>,
}

/// What a gas run gives.
#[derive(Debug, Clone, PartialEq)]
pub struct GasOutcome {
    /// Layers and maps.
    pub products: Products,
    /// Mass released, and carried through a plane across the plume, kg.
    pub ledger: Ledger,
    /// Plumes swept over the grid.
    pub steps: u64,
    /// Wall time of the computation, s.
    pub wall_seconds: f64,
    /// Bytes of the arrays of the run.
    pub memory_bytes: u64,
    /// Bytes that one receptor of one plume must move at least.
    pub bytes_per_cell_step: f64,
    /// Lines for the responder.
    pub summary: Vec<String>,
    /// Warnings.
    pub warnings: Vec<Problem>,
    /// Criteria of validity, each with value and threshold.
    pub verdicts: Vec<Verdict>,
    /// Greatest distance at which any level may be met, m.
    pub evacuation_radius: f64,
}

/// Distance of the plane through which the mass balance is taken, m.
const BALANCE_DISTANCE: f64 = 1000.0;

/// Bytes that one receptor of one plume moves: concentration read and written, arrival written.
const BYTES_PER_CELL_STEP: f64 = 24.0;

/// Plumes on the grid, zones, radius and verdicts of a release.
///
/// # Errors
/// All mistakes of the case at once: E4011 no level, E4020 the release, E4021
/// averaging time or receptor height, E4023 grid, E4100 to E4104 weather, E4210
/// an unknown product; E4200 where the gas is too dense and the case does not
/// accept an invalid result; E7001 where the observer stopped it.
pub fn disperse(case: &GasCase, observer: &mut dyn Observer) -> Result<GasOutcome> {
    disperse_on(case, observer, &mut Processor::default())
}

/// The same with puffs summed by a back end; it matters to no other model.
///
/// # Errors
/// Those of [`disperse`], and of the back end.
pub fn disperse_on(
    case: &GasCase,
    observer: &mut dyn Observer,
    backend: &mut dyn PuffBackend,
) -> Result<GasOutcome> {
    let start = Instant::now();
    let (mut dispersion, ledger, steps, mut warnings) = carry(case, (observer, backend))?;
    dispersion.effects = effect::find(&case.wishes, &dispersion)?;
    warnings.extend(advice::warnings(&dispersion));
    Ok(GasOutcome {
        products: products(case, &dispersion),
        ledger,
        steps,
        wall_seconds: start.elapsed().as_secs_f64(),
        memory_bytes: (2 * case.grid.cells() * size_of::<f64>()) as u64,
        bytes_per_cell_step: BYTES_PER_CELL_STEP,
        summary: advice::summary(&dispersion),
        warnings,
        evacuation_radius: dispersion.evacuation.radius,
        verdicts: dispersion.verdicts,
    })
}

/// The cloud with its grids, zones and area to clear; the balance, the steps and the warnings of the case.
fn carry(
    case: &GasCase,
    (observer, backend): (&mut dyn Observer, &mut dyn PuffBackend),
) -> Result<(Dispersion, Ledger, u64, Vec<Problem>)> {
    let warnings = check(case)?;
    let mut dispersion = prepare(case)?;
    let (ledger, steps) = match case.transport {
        Transport::Plume => {
            sweep_grid(&mut dispersion, observer)?;
            weak_wind::sweep_grid(&mut dispersion, observer)?;
            dispersion.receptors = places::under_plumes(case, &dispersion)?;
            dispersion.effects.lines = effect::line::under_plumes(&case.wishes.lines, &dispersion)?;
            (ledger(&dispersion), dispersion.plumes.len() as u64)
        }
        Transport::Puffs => {
            let puffs::Drifted { ledger, steps } =
                puffs::drift(case, &mut dispersion, (&mut *observer, &mut *backend))?;
            (ledger, steps)
        }
        Transport::Slab if case.heavy.hands_over => {
            let puffs::Drifted { ledger, steps } =
                puffs::drift_on(case, &mut dispersion, (&mut *observer, &mut *backend))?;
            (ledger, steps)
        }
        Transport::Slab => heavy::spread(case, &mut dispersion, observer)?,
        Transport::Layer => {
            let puffs::Drifted { ledger, steps } = layer::flow(case, &mut dispersion, observer)?;
            (ledger, steps)
        }
    };
    if case.compare {
        dispersion.others = comparison::others(case, (&mut *observer, &mut *backend))?;
    }
    cover_pool(&mut dispersion);
    advice::judge_zones(&mut dispersion);
    let shortest = dispersion.zones.iter().map(|zone| zone.distance).fold(f64::INFINITY, f64::min);
    let momentum = jets::verdict(&dispersion).unwrap_or_else(|| worst_momentum(case, shortest));
    dispersion.verdicts.push(momentum);
    dispersion.verdicts.extend(relief_of(case));
    let source = &case.source;
    dispersion.evacuation =
        evacuation::evacuation(&dispersion.zones, source.x, source.y, dispersion.direction_holds());
    Ok((dispersion, ledger, steps, warnings))
}

/// Distance that a map of the case should show around the source, m.
///
/// The greatest distance at which any level may be met, by the plume or on the
/// axis of the jet, with a fifth to spare; at least one block of a street. The
/// grid of the case does not matter, nor whether the model holds.
///
/// # Errors
/// None that a sound case has; [`disperse`] names what is wrong with the others.
pub fn reach(case: &GasCase) -> Result<f64> {
    /// Room around the longest zone.
    const MARGIN: f64 = 1.2;
    /// One block of a street, m.
    const SMALLEST: f64 = 50.0;
    check(case)?;
    let by = |transport: Transport| -> Result<f64> {
        let mut dispersion = prepare(&GasCase { accept_invalid: true, transport, ..case.clone() })?;
        cover_pool(&mut dispersion);
        advice::judge_zones(&mut dispersion);
        Ok(dispersion.zones.iter().map(zones::Zone::reach).fold(0.0, f64::max))
    };
    let own = by(case.transport)?;
    // Models side by side share a map; puffs go as far as the plume.
    let farthest = if case.compare { own.max(by(Transport::Plume)?) } else { own };
    Ok((MARGIN * farthest).max(SMALLEST))
}

/// Bytes of the arrays of a run, for a look before it starts: concentration and
/// arrival, and as much again for the layers made of them.
pub fn memory_bytes(case: &GasCase) -> u64 {
    (4 * case.grid.cells() * size_of::<f64>()) as u64
}

/// The set of dispersion coefficients of a case in some weather.
fn coefficients(case: &GasCase, row: &Weather) -> &'static dyn SigmaSet {
    sigma::asked_or_of(case.coefficients, row.surroundings)
}

/// How a case is best carried: as a heavy cloud where it is too dense for anything else (over the
/// ground where there is one whose slopes lead it), by puffs where the rate or the weather changes and the
/// direction of the wind is known, else by steady plumes.
pub fn transport_of(case: &GasCase) -> Transport {
    let can_be_heavy = !case.accept_invalid || case.ground.is_some() || heavy::clouds(case).is_ok();
    if is_heavy(case) && can_be_heavy {
        if is_led_by_ground(case) && case.direction_known { Transport::Layer } else { Transport::Slab }
    } else if puffs::are_needed(case) {
        Transport::Puffs
    } else {
        Transport::Plume
    }
}

/// True where there is a ground whose slopes lead a heavy gas.
pub fn is_led_by_ground(case: &GasCase) -> bool {
    relief_of(case).is_some_and(|verdict| verdict.judgement == Judgement::Failed)
}

/// Whether the ground leads the gas, in the weather in which it does most; none without a ground.
fn relief_of(case: &GasCase) -> Option<Verdict> {
    let slope = relief::mean_slope(case.ground.as_ref()?, &case.grid);
    let weight = |row| relief::richardson(&case.source, &case.substance, row, case.heavy.roughness);
    Some(relief::verdict(slope, case.weather.iter().map(weight).fold(0.0, f64::max)))
}

/// True where the gas is dense at its source, and still is where the zones of a plume would end.
pub fn is_heavy(case: &GasCase) -> bool {
    let passive = GasCase { transport: Transport::Plume, accept_invalid: true, ..case.clone() };
    check(&passive).is_ok() && prepare(&passive).is_ok_and(|dispersion| dispersion.is_invalid)
}

/// Plumes, verdicts on density and zones; the grids still empty.
fn prepare(case: &GasCase) -> Result<Dispersion> {
    let jets = jets::of(case)?;
    let rows = case.weather.iter().zip(&jets);
    let plumes: Vec<Placed> = rows.map(|(row, jet)| jets::placed(case, row, jet.as_ref())).collect();
    let mut verdicts = worst_density(case);
    let mut levels: Vec<Level> =
        case.levels.iter().map(|level| level.clone().within(case.source.duration)).collect();
    levels.sort_by(|a, b| b.fraction.total_cmp(&a.fraction));
    let calm: Vec<Option<PlacedCalm>> = case.weather.iter().map(|row| weak_wind::cloud(case, row)).collect();
    let heavy = if case.transport == Transport::Slab { heavy::clouds(case)? } else { Vec::new() };
    let zones: Vec<zones::Zone> = if heavy.is_empty() {
        levels.iter().map(|level| zone_of(case, level, &plumes, &calm)).collect()
    } else {
        levels.iter().map(|level| heavy::zone_of(case, level, &heavy)).collect()
    };
    let dense =
        heavy.is_empty() && case.transport != Transport::Layer && is_too_dense(case, &zones, &mut verdicts);
    if dense && !case.accept_invalid {
        return Err(refusal(case, &verdicts));
    }
    let plumes = if heavy.is_empty() { plumes } else { Vec::new() };
    Ok(Dispersion {
        direction_known: case.direction_known,
        title: case.title.clone(),
        grid: case.grid.clone(),
        substance: case.substance.clone(),
        release: case.source.clone(),
        weather: case.weather.clone(),
        transport: case.transport,
        coefficients: case.coefficients,
        plumes,
        jets,
        calm,
        heavy,
        others: Vec::new(),
        averaging_time: case.averaging_time,
        receptor_height: case.receptor_height,
        concentration: case.grid.filled(0.0),
        arrival: case.grid.filled(f64::NAN),
        zones,
        verdicts,
        is_invalid: dense,
        receptors: Vec::new(),
        exposure: case.exposure.clone(),
        evacuation: evacuation::evacuation(&[], case.source.x, case.source.y, false),
        deposition_velocity: case.deposition_velocity,
        effects: Effects::default(),
    })
}

/// Adds the pool to the zones of the levels that are exceeded over it.
fn cover_pool(dispersion: &mut Dispersion) {
    let Dispersion { zones, release, substance, weather, .. } = dispersion;
    if let Some(fraction) = over_pool::surface_fraction(release, substance, weather) {
        over_pool::cover_pool(zones, release, fraction);
    }
}

fn zone_of(case: &GasCase, level: &Level, plumes: &[Placed], calm: &[Option<PlacedCalm>]) -> zones::Zone {
    let spread = |row: &Weather| if case.direction_known { row.direction_spread_deg } else { 180.0 };
    let spreads: Vec<f64> = case.weather.iter().map(|row| spread(row).to_radians()).collect();
    let thresholds: Vec<f64> = case.weather.iter().map(|row| threshold(case, level, row)).collect();
    if calm.iter().any(Option::is_some) {
        return weak_wind::zone_of(case, level, (plumes, calm), (&thresholds, &spreads));
    }
    plume_zone(case, level, plumes, (&thresholds, &spreads))
}

/// A level in the air of a row, kg/m³.
fn threshold(case: &GasCase, level: &Level, row: &Weather) -> f64 {
    let molar_mass = case.substance.molar_mass.value;
    units::mass_concentration(level.fraction, molar_mass, row.air_temperature, row.pressure)
}

/// The zone of plumes, with thresholds and spreads one for each.
fn plume_zone(
    case: &GasCase,
    level: &Level,
    plumes: &[Placed],
    (thresholds, spreads): (&[f64], &[f64]),
) -> zones::Zone {
    let zone = zones::zone(level, plumes, thresholds, spreads);
    if case.direction_known {
        return zone;
    }
    // An outline towards one side would be read as a direction.
    zones::Zone { outline: zone.wedge.clone(), ..zone }
}

/// Fills the grids in bands of rows, reporting between them.
fn sweep_grid(dispersion: &mut Dispersion, observer: &mut dyn Observer) -> Result<()> {
    let threshold = dispersion.zones.iter().map(|zone| zone.threshold).fold(f64::INFINITY, f64::min);
    let plumes: Vec<Placed> =
        (0..dispersion.plumes.len()).filter_map(|row| dispersion.plume_of(row).cloned()).collect();
    let Dispersion { grid, concentration, arrival, direction_known, .. } = dispersion;
    in_bands(grid, (concentration, arrival), observer, |band| {
        sweep::fill_band(&plumes, grid, *direction_known, threshold, band);
    })
}

fn cells_of(field: &mut Field) -> &mut [f64] {
    match field.as_slice_mut() {
        Some(cells) => cells,
        None => unreachable!("a field made by Grid::filled is contiguous"),
    }
}

/// The worst verdict on density of each criterion over the weather rows.
fn worst_density(case: &GasCase) -> Vec<Verdict> {
    let mut worst: Vec<Verdict> = Vec::new();
    for row in &case.weather {
        for verdict in validity::density_verdicts(&case.source, &case.substance, row) {
            match worst.iter_mut().find(|known| known.name == verdict.name) {
                Some(known) if known.value < verdict.value => *known = verdict,
                Some(_) => {}
                None => worst.push(verdict),
            }
        }
    }
    worst
}

/// True where the gas is dense at its source and still is where the zones end; a gas that is
/// dense at its source gets the verdict on its weight beyond.
fn is_too_dense(case: &GasCase, zones: &[zones::Zone], verdicts: &mut Vec<Verdict>) -> bool {
    let failed = |verdict: &Verdict| verdict.judgement == Judgement::Failed;
    if !verdicts.iter().any(|verdict| verdict.name.starts_with("dense") && failed(verdict)) {
        return false;
    }
    let shortest = zones.iter().map(|zone| zone.any_height).filter(|&distance| distance > 0.0);
    let shortest = shortest.fold(f64::INFINITY, f64::min);
    let weights = case.weather.iter().map(|row| {
        validity::weight_verdict(&case.source, &case.substance, row, coefficients(case, row), shortest)
    });
    let worst = weights.max_by(|a, b| a.value.total_cmp(&b.value));
    let too_dense = worst.as_ref().is_none_or(failed);
    verdicts.extend(worst);
    too_dense
}

/// The verdict on momentum in the weakest wind.
fn worst_momentum(case: &GasCase, shortest_zone: f64) -> Verdict {
    let verdicts =
        case.weather.iter().map(|row| validity::momentum_verdict(&case.source, row, shortest_zone));
    let worst = verdicts.max_by(|a, b| a.value.total_cmp(&b.value));
    match worst {
        Some(verdict) => verdict,
        None => unreachable!("a case without weather is refused before"),
    }
}

fn refusal(case: &GasCase, verdicts: &[Verdict]) -> Problems {
    let numbers: Vec<String> = verdicts
        .iter()
        .filter(|verdict| verdict.judgement == Judgement::Failed)
        .map(|verdict| format!("{} {:.2} (limit {:.2})", verdict.name, verdict.value, verdict.threshold))
        .collect();
    let text = format!("{} is too dense for a passive plume: {}", case.substance.name, numbers.join(", "));
    Problem::error(4200, text)
        .why("heavy gas slumps, spreads upwind and along slopes and fills hollows; the plume's zones would be wrong in shape and place")
        .fix("act without a number: clear on all sides, go uphill and upwind, stay out of hollows, basements and sewers, and keep the isolation distance of your emergency guide. Then leave the choice to transport = \"auto\", or take \"slab\" or \"layer\"; accept_invalid = true shows the passive plume, marked as not valid")
        .into()
}

/// Mass released against mass carried through a plane one kilometre downwind, or in calm
/// air against the mass in the air when the release ends.
///
/// Both are summed numerically, so the error shows how well the formula conserves mass.
fn ledger(dispersion: &Dispersion) -> Ledger {
    let rows = 0..dispersion.plumes.len();
    let plumes = rows.clone().filter_map(|row| dispersion.plume_of(row));
    let carried: Vec<f64> =
        plumes.map(|placed| placed.plume.mass_flux(BALANCE_DISTANCE) / placed.plume.rate).collect();
    let clouds = rows.filter_map(|row| dispersion.calm_of(row));
    let still: Vec<f64> = clouds
        .map(|cloud| {
            cloud.calm.mass_in_the_air(cloud.calm.duration) / (cloud.calm.rate * cloud.calm.duration)
        })
        .collect();
    let mean = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
    let released = dispersion.release.mass();
    // With rows of both, each must hold all of it: the worse of the two is shown.
    let worse =
        [("carried through a plane 1 km downwind", carried), ("in calm air when the release ends", still)]
            .into_iter()
            .filter(|(_, shares)| !shares.is_empty())
            .map(|(name, shares)| (name, mean(&shares)))
            .max_by(|a, b| (a.1 - 1.0).abs().total_cmp(&(b.1 - 1.0).abs()));
    let (name, share) = match worse {
        Some(worse) => worse,
        None => unreachable!("a case without weather is refused before"),
    };
    let entries = vec![("released".to_owned(), released), (name.to_owned(), -released * share)];
    Ledger::close("kg", 0.0, 0.0, entries)
}

fn products(case: &GasCase, dispersion: &Dispersion) -> Products {
    let is_wanted = |name: &str| case.wanted.is_empty() || case.wanted.iter().any(|wanted| wanted == name);
    let layers: Vec<Layer> = product::ALL
        .iter()
        .filter(|product| is_wanted(product.name()))
        .flat_map(|product| product.layers(dispersion))
        .collect();
    let mut maps = vec![map(dispersion, &layers)];
    maps.extend(maps::of_models(dispersion, &layers));
    maps.extend(maps::of_effects(dispersion, &layers));
    maps.iter_mut().for_each(|map| map.terrain = case.ground.clone());
    let mut not_modelled: Vec<String> = dispersion.not_modelled().into_iter().map(str::to_owned).collect();
    not_modelled.extend(case.substance.note.clone());
    Products { grid: case.grid.clone(), layers, maps, plots: Vec::new(), not_modelled, credits: Vec::new() }
}

/// The map of zones, wedge and area to clear, with the wind and the source.
fn map(dispersion: &Dispersion, layers: &[Layer]) -> Map {
    let has = |name: &&str| layers.iter().any(|layer| layer.info().name == *name);
    let shapes =
        ["evacuation", "approach", "wind_wedge", "threat_zones", "presets", exposure::BUILDINGS, "source"];
    let first = &dispersion.weather[0];
    let at_first = if dispersion.weather.len() > 1 { "at first " } else { "" };
    let has_direction = dispersion.direction_known && first.regime() != Regime::Calm;
    let direction = match (first.regime(), dispersion.direction_known) {
        (Regime::Calm, _) => "; calm",
        (_, true) => "",
        (_, false) => "; wind direction not known",
    };
    Map {
        solid: Vec::new(),
        hollow: vec!["presets".into(), "approach".into()],
        name: "threat_zones".into(),
        title: format!("{}{}", dispersion.mark(), dispersion.title),
        subtitle: format!(
            "{} {} kg/s; clear {:.0} m; {}, {} m above ground{direction}",
            dispersion.substance.name,
            significant(dispersion.release.rate),
            dispersion.evacuation.rounded_radius(),
            dispersion.mean_in_words(),
            dispersion.receptor_height
        ),
        terrain: None,
        closed: None,
        raster: ["concentration_ppm"].iter().find(|name| has(name)).map(|&name| name.to_owned()),
        shapes: shapes.iter().filter(|name| has(name)).map(|&name| name.to_owned()).collect(),
        markers: vec![(
            dispersion.release.x,
            dispersion.release.y,
            format!("{} source", dispersion.substance.name),
        )],
        arrow: has_direction
            .then(|| Arrow { heading: first.heading(), label: format!("{at_first}{}", first.in_words()) }),
        not_modelled: format!("Not modelled: {}.", dispersion.not_modelled().join(", ")),
    }
}
