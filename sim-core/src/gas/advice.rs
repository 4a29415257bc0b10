//! What a responder must be told: warnings, and the five lines of the summary.

use geo_types::MultiPolygon;

use crate::error::Problem;
use crate::gas::dispersion::{Dispersion, Transport};
use crate::gas::effect::{self, words};
use crate::gas::hazard::{LevelKind, Zone};
use crate::gas::product::{exposure, significant};
use crate::gas::relief;
use crate::gas::validity::{self, Judgement, Verdict};
use crate::gas::weather::{LOWEST_WIND, LOWEST_WIND_HEIGHT, Regime, Weather};

/// Averaging time up to which a mean shows the peaks that can burn, s.
///
/// # Source
/// LOWEST_AVERAGING_TIMES in [`crate::gas::sigma`]: below about 18 s the plume is the momentary one.
const MOMENTARY: f64 = 20.0;

/// Adds to every zone why it is not valid, and how far the jet reaches.
pub fn judge_zones(dispersion: &mut Dispersion) {
    let release = &dispersion.release;
    let jet =
        dispersion.weather.iter().filter_map(|row| validity::jet_length_of(release, row)).fold(0.0, f64::max);
    let distances = dispersion.weather.iter().map(|row| dispersion.coefficients_in(row).valid_distances());
    let (mut nearest, mut farthest) =
        distances.fold((0.0_f64, f64::INFINITY), |all, one| (all.0.max(one.0), all.1.min(one.1)));
    if is_calm_throughout(dispersion) {
        // The growth in calm air has no distances for which it was fitted.
        (nearest, farthest) = (0.0, f64::INFINITY);
    }
    let air = dispersion.weather.iter().map(|row| row.air_density()).fold(0.0, f64::max);
    let passive = is_passive(dispersion);
    // A free jet that is followed to its end has its zone in that of the plume already.
    let at_hole = !dispersion.follows_the_jet();
    let in_jet: Vec<bool> =
        dispersion.zones.iter().map(|zone| dispersion.ends_in_the_jet(zone.threshold)).collect();
    for (zone, in_jet) in dispersion.zones.iter_mut().zip(in_jet) {
        if let Some(exit) = release.exit.filter(|_| passive && at_hole) {
            let free =
                validity::jet_reach(release.rate, exit.momentum_flux(release.rate), air, zone.threshold);
            // Beyond the length of the jet the wind takes over, from where the jet ends.
            zone.jet_reach = Some(free.min(jet));
            zone.jet_carry = if free > jet { jet } else { 0.0 };
        }
        let mut doubt = |holds: bool, text: String| {
            if holds {
                zone.doubts.push(text);
            }
        };
        doubt(dispersion.is_invalid, "the gas is too dense for a passive plume".into());
        if !passive || in_jet {
            // The slab model follows the jet itself and has no coefficients; a jet has none either.
            continue;
        }
        doubt(
            at_hole && zone.distance < jet,
            format!("ends within the {jet:.0} m in which the jet outruns the wind"),
        );
        doubt(
            zone.distance > 0.0 && zone.distance < nearest,
            format!("nearer than {nearest:.0} m, where the coefficients are extended, not measured"),
        );
        doubt(
            zone.distance > farthest,
            format!("beyond {farthest:.0} m, where the coefficients are extended"),
        );
    }
}

/// True where the gas is carried as if it had no weight: by plumes, puffs and in calm air.
fn is_passive(dispersion: &Dispersion) -> bool {
    !matches!(dispersion.transport, Transport::Slab | Transport::Layer)
}

/// True where no weather row has a wind that carries a plume.
fn is_calm_throughout(dispersion: &Dispersion) -> bool {
    dispersion.weather.iter().all(|row| row.regime() == Regime::Calm)
}

/// What calm air means, with the distances of both ways to see it.
fn calm_warning(dispersion: &Dispersion) -> Option<Problem> {
    let calm = dispersion.weather.iter().find(|row| row.regime() == Regime::Calm)?;
    let zones: Vec<String> = dispersion
        .zones
        .iter()
        .map(|zone| {
            format!("{} {:.0} m, {:.0} m if the air drifts", zone.level.name, zone.distance, zone.drift_reach)
        })
        .collect();
    let text = format!(
        "calm air ({:.1} m/s): gas spreads on all sides, as its mean over half an hour; {}",
        calm.wind_speed,
        zones.join("; ")
    );
    Some(
        Problem::warning(4340, text)
            .why("air too slow for an anemometer still drifts, down slopes and along streets: a plume in 1 m/s reaches as far as the second distance, in a direction that nobody knows")
            .fix("clear the circle, which holds both; take zones and named places as a mean; run wind_speed = 1 m/s with each direction that the ground suggests"),
    )
}

/// The warnings of a result.
pub fn warnings(dispersion: &Dispersion) -> Vec<Problem> {
    let mut warnings: Vec<Problem> = indoor_warning(dispersion).into_iter().collect();
    if is_passive(dispersion) {
        warnings.extend(calm_warning(dispersion));
    }
    warnings.extend(dispersion.heavy.iter().flat_map(|cloud| cloud.cloud.warnings.iter().cloned()));
    warnings.extend(model_warnings(dispersion));
    warnings.extend(distance_warnings(dispersion));
    warnings.extend(duration_warnings(dispersion));
    warnings.extend(dispersion.effects.warnings.iter().cloned());
    warnings
}

/// A leak inside a building does not spread as a leak in the open does.
fn indoor_warning(dispersion: &Dispersion) -> Option<Problem> {
    let (x, y) = (dispersion.release.x, dispersion.release.y);
    let (layer, building) = dispersion
        .exposure
        .iter()
        .find_map(|layer| layer.building_over(x, y).map(|building| (layer, building)))?;
    let text = format!("the leak is inside building {} of the layer {}", building.name, layer.name);
    Some(
        Problem::warning(4605, text)
            .why("indoors the gas gathers and is far stronger than in the wind; the zones hold for a leak in the open")
            .fix("do not judge rooms by these zones; if the leak is beside the building, correct source.at"),
    )
}

/// Density, momentum, peaks.
fn model_warnings(dispersion: &Dispersion) -> Vec<Problem> {
    let mut warnings = Vec::new();
    // The slab model answers what these criteria ask of a plume.
    let asked = if is_passive(dispersion) { dispersion.verdicts.as_slice() } else { &[] };
    for verdict in asked.iter().filter(|verdict| verdict.judgement != Judgement::Passed) {
        let (code, fix) = match verdict.name {
            name if name.starts_with("dense") && !dispersion.is_invalid => (
                4334,
                "stay uphill and out of hollows near the source; HJ 169-2018 asks for a heavy-gas model in a report",
            ),
            name if name.starts_with("dense") || name == validity::WEIGHT_BEYOND_SOURCE => {
                (4406, "do not act on these zones; use a heavy-gas model")
            }
            name if name.starts_with("buoyant") => {
                (4408, "watch for gas above: open windows, balconies, roofs, overhangs and ceilings")
            }
            _ if verdict.judgement == Judgement::NotJudged => {
                (4411, "give the hole and the pressure instead of a rate")
            }
            _ => (
                4407,
                "keep people out of the jet in every direction up to the jet's reach, not only downwind",
            ),
        };
        let beyond = dispersion.verdicts.iter().find(|other| other.name == validity::WEIGHT_BEYOND_SOURCE);
        let text = match (code, beyond) {
            (4334, Some(beyond)) => format!(
                "{}: {:.3} against {:.3} at the source; {}, less than the shortest zone of {:.0} m",
                verdict.name, verdict.value, verdict.threshold, beyond.meaning, beyond.threshold
            ),
            _ => verdict.in_words(),
        };
        warnings.push(Problem::warning(code, text).why(verdict.criterion).fix(fix));
    }
    warnings.extend(liquid_warning(dispersion));
    let burns = dispersion.zones.iter().any(|zone| matches!(zone.level.kind, LevelKind::Flammable { .. }));
    if burns && dispersion.averaging_time > MOMENTARY {
        let text = format!("flammable levels are compared with means over {} s", dispersion.averaging_time);
        warnings.push(
            Problem::warning(4409, text)
                .why("gas burns at momentary concentrations, measured at 1.2 to 2.4 times the mean in field trials")
                .fix("use 20 % or 10 % LEL for decisions, or an averaging time of 20 s"),
        );
    }
    warnings
}

/// A light gas of which only the rate is known may leave as a cold liquid, and then is heavy.
fn liquid_warning(dispersion: &Dispersion) -> Option<Problem> {
    let (release, substance) = (&dispersion.release, &dispersion.substance);
    let is_light = dispersion.weather.iter().any(|row| {
        release.density(substance.molar_mass.value, row) <= validity::NEARLY_AIR * row.air_density()
    });
    let text = format!(
        "{} is taken as gas at the temperature of the air, lighter than it: if liquid comes out, this does not hold",
        substance.name
    );
    (is_light && !release.state_is_known()).then(|| {
        Problem::warning(4333, text)
            .why("the cold cloud of a liquefied gas with its droplets is heavier than air: it hugs the ground, spreads upwind and does not rise")
            .fix("if there is fog, frost or liquid at the leak, do not act on these zones; use a heavy-gas model")
    })
}

/// Too near, too far, off the grid, nowhere.
fn distance_warnings(dispersion: &Dispersion) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let grid = &dispersion.grid;
    for zone in &dispersion.zones {
        let name = &zone.level.name;
        let (near, far) = dispersion.coefficients_in(&dispersion.weather[0]).valid_distances();
        if zone.is_cut {
            let text = format!("{name} reaches at least {}", far_in_words(zone.distance));
            let why = if dispersion.transport == Transport::Layer {
                "the ground that was given ends there"
            } else {
                "the search for its end stopped there; the model was fitted up to 10 km"
            };
            warnings.push(Problem::warning(4413, text).why(why).fix("check the rate and the level"));
        } else if !is_calm_throughout(dispersion)
            && is_passive(dispersion)
            && !dispersion.ends_in_the_jet(zone.threshold)
            && (zone.distance > far || (zone.distance > 0.0 && zone.distance < near))
        {
            let text = format!(
                "{name} ends at {:.0} m; the coefficients were fitted for {near:.0} m to {far:.0} m",
                zone.distance
            );
            let why = "outside that range they are extended as they stand and have not been measured";
            warnings.push(
                Problem::warning(4402, text).why(why).fix("take the distance as an order of magnitude"),
            );
        } else if zone.distance == 0.0 {
            let elsewhere = if zone.any_height > 0.0 {
                format!("at another height up to {:.0} m away", zone.any_height.ceil())
            } else {
                "nor at another height".to_owned()
            };
            let text = format!(
                "{name} is nowhere exceeded {} m above ground; {elsewhere}",
                dispersion.receptor_height
            );
            let why = "enclosed spaces and the jet near the hole are not covered";
            warnings.push(Problem::warning(4412, text).why(why).fix("measure before calling it safe; for a gas that burns, set the receptor height to that of the release"));
        }
    }
    let leaves = |zone: &Zone| {
        zone.outline
            .iter()
            .flat_map(|polygon| polygon.exterior().coords())
            .any(|at| at.x < grid.west || at.x > grid.east() || at.y < grid.south || at.y > grid.north())
    };
    let names: Vec<&str> =
        dispersion.zones.iter().filter(|zone| leaves(zone)).map(|zone| zone.level.name.as_str()).collect();
    if !names.is_empty() {
        warnings.push(
            Problem::warning(4403, format!("the grid ends before the zone of {}", names.join(", ")))
                .why("rasters and maps are cut there; distances, areas and outlines are not")
                .fix("enlarge the grid downwind"),
        );
    }
    warnings
}

/// How long it leaks against how long gas travels, people breathe and the mean is taken;
/// how slowly the plume is carried.
fn duration_warnings(dispersion: &Dispersion) -> Vec<Problem> {
    let mut warnings = Vec::new();
    let duration = dispersion.release.duration;
    if dispersion.averaging_time > duration && dispersion.transport != Transport::Layer {
        let text = format!(
            "the mean is over {:.0} s, but the release lasts {duration:.0} s",
            dispersion.averaging_time
        );
        warnings.push(
            Problem::warning(4330, text)
                .why("the plume is drawn wider and thinner than it is while it lasts: the zones come out too short")
                .fix("set zones.averaging_time to the duration of the release or less"),
        );
    }
    let steady = dispersion.weather.iter().filter(|row| row.regime() == Regime::Steady);
    let carrying = steady.map(|row| row.wind_at(dispersion.release.height));
    let slowest = carrying.fold(f64::INFINITY, f64::min);
    if slowest < LOWEST_WIND && is_passive(dispersion) {
        let height = dispersion.release.height.max(LOWEST_WIND_HEIGHT);
        let text = format!("the wind that carries the plume, {height} m above ground, is {slowest:.2} m/s");
        warnings.push(
            Problem::warning(4332, text)
                .why("air that slow wanders and pools: the zone may lie on any side, and gas stays in streets and yards")
                .fix("clear the whole circle near the source, and look for gas where the air stands still"),
        );
    }
    for zone in &dispersion.zones {
        let name = &zone.level.name;
        let by_plume = dispersion.transport == Transport::Plume && !is_calm_throughout(dispersion);
        if by_plume && zone.arrival > duration {
            let text = format!(
                "{name}: gas travels {:.0} s to {:.0} m, but the release lasts {duration:.0} s",
                zone.arrival, zone.distance
            );
            warnings.push(
                Problem::warning(4404, text)
                    .why("a cloud that short also thins along the wind: the steady plume is an upper bound there")
                    .fix("take the distance as an upper bound"),
            );
        }
        if let LevelKind::Toxic { exposure } = zone.level.kind
            && duration > exposure
        {
            let text = format!(
                "{name} is set for {:.0} min of exposure; the release lasts {:.0} min",
                exposure / 60.0,
                duration / 60.0
            );
            warnings.push(
                Problem::warning(4405, text)
                    .why("who stays longer is harmed at a lower concentration")
                    .fix("use the level of the next longer duration"),
            );
        }
    }
    warnings
}

/// Lines for the responder: whom to move, what leaks, the wind, the zones, what else it may do, what is not covered.
pub fn summary(dispersion: &Dispersion) -> Vec<String> {
    let mut lines = vec![clear_in_words(dispersion)];
    lines.extend(inside_in_words(dispersion));
    lines.extend([release_in_words(dispersion), weather_in_words(dispersion), zones_in_words(dispersion)]);
    lines.extend(choice_in_words(dispersion));
    lines.extend(words::lines(dispersion));
    lines.extend([
        "Measure first in basements, sewers and houses: gas that creeps indoors is not in these numbers / \
         先测地下室、管沟和室内：渗入室内的燃气不在此结果中"
            .into(),
    ]);
    lines
}

/// By which numbers a heavy gas is carried as it is: how dense it is, what the ground does, where puffs go on.
fn choice_in_words(dispersion: &Dispersion) -> Option<String> {
    if !matches!(dispersion.transport, Transport::Slab | Transport::Layer) {
        return None;
    }
    let words = |verdict: &Verdict| match verdict.name {
        name if name.starts_with("dense gas") => {
            Some(format!("{name} {:.2} (limit {:.2})", verdict.value, verdict.threshold))
        }
        relief::NAME => Some(verdict.in_words()),
        name if name == validity::HANDED_OVER => {
            Some(format!("{name} {:.0} m downwind: {}", verdict.value, verdict.meaning))
        }
        _ => None,
    };
    let told: Vec<String> = dispersion.verdicts.iter().filter_map(words).collect();
    (!told.is_empty()).then(|| format!("Heavy gas by {}: {}", dispersion.transport.name(), told.join("; ")))
}

/// Who is inside the area to clear and inside the zones, where layers say who is there.
fn inside_in_words(dispersion: &Dispersion) -> Option<String> {
    if dispersion.exposure.is_empty() {
        return None;
    }
    let words = |area: &MultiPolygon<f64>| {
        let count = exposure::inside(&dispersion.exposure, area);
        (format!("{:.0} people, {} buildings", count.people, count.things), count)
    };
    let (all, count) = words(&dispersion.evacuation.area);
    let zones: Vec<String> = dispersion
        .zones
        .iter()
        .map(|zone| format!("{} {}", zone.level.name, words(&zone.outline).0))
        .collect();
    Some(format!(
        "Inside: {all} / 需疏散{:.0}人、{}栋建筑 (zones for the wind as given: {})",
        count.people,
        count.things,
        zones.join("; ")
    ))
}

/// Who must move, in both languages.
fn clear_in_words(dispersion: &Dispersion) -> String {
    let plan = &dispersion.evacuation;
    let (at_least, at_least_zh) = if plan.is_cut { ("at least ", "至少") } else { ("", "") };
    let (shape, shape_zh) = if plan.is_circle {
        ("on all sides", "四周")
    } else {
        ("inside the drawn area", "图示范围内")
    };
    let radius = plan.rounded_radius();
    let (jet, jet_zh) = if plan.jet_reach > 0.0 {
        let reach = plan.jet_reach.ceil();
        (
            format!("; {reach:.0} m on every side of the hole, where the jet may point"),
            format!("；喷射方向不定，泄漏口四周{reach:.0}米"),
        )
    } else {
        (String::new(), String::new())
    };
    let farther = effect::farthest(&dispersion.effects).filter(|zone| zone.distance > plan.radius);
    let (fire, fire_zh) = farther.map_or_else(Default::default, |zone| {
        let distance = zone.distance.ceil();
        (format!("; fire or explosion reaches {distance:.0} m"), format!("；火灾爆炸影响可达{distance:.0}米"))
    });
    format!(
        "{}Clear {at_least}{radius:.0} m {shape}{jet}{fire} / {}清场{at_least_zh}{radius:.0}米（{shape_zh}）{jet_zh}{fire_zh}",
        dispersion.mark(),
        dispersion.mark_zh()
    )
}

fn release_in_words(dispersion: &Dispersion) -> String {
    let release = &dispersion.release;
    let at_most = if release.history.is_some() { "at most " } else { "" };
    format!(
        "{at_most}{} kg/s of {} for {} min, {} kg in all: {}",
        significant(release.rate),
        dispersion.substance.name,
        significant(release.duration / 60.0),
        significant(release.mass()),
        release.description
    )
}

fn weather_in_words(dispersion: &Dispersion) -> String {
    let in_words: fn(&Weather) -> String =
        if dispersion.direction_known { Weather::in_words } else { Weather::in_words_without_direction };
    let shown: Vec<String> = dispersion.weather.iter().take(3).map(in_words).collect();
    let more = dispersion.weather.len().saturating_sub(3);
    let rest = if more > 0 { format!("; and {more} more rows") } else { String::new() };
    format!("{}{rest}", shown.join("; "))
}

/// Every level with its distance; a star marks what a criterion speaks against.
fn zones_in_words(dispersion: &Dispersion) -> String {
    let zones: Vec<String> = dispersion.zones.iter().map(zone_in_words).collect();
    let doubted = dispersion.zones.iter().any(|zone| !zone.is_valid());
    let star = if doubted { " (* not valid as a plume: see the warnings)" } else { "" };
    let where_to = match dispersion.transport {
        Transport::Plume if is_calm_throughout(dispersion) => "In calm air, on all sides",
        Transport::Plume => "Downwind",
        Transport::Puffs => "From the source",
        Transport::Slab => "As a heavy cloud, downwind",
        Transport::Layer => "As a layer over the ground, from the source",
    };
    format!(
        "{where_to}, {} m above ground, {}: {}{star}",
        dispersion.receptor_height,
        dispersion.mean_in_words(),
        zones.join("; ")
    )
}

/// A distance at which something was no longer followed, rounded down.
fn far_in_words(distance: f64) -> String {
    if distance < 10_000.0 {
        format!("{:.0} m", distance.floor())
    } else {
        format!("{:.0} km", distance / 1e3)
    }
}

fn zone_in_words(zone: &Zone) -> String {
    let star = if zone.is_valid() { "" } else { "*" };
    let name = &zone.level.name;
    let jet = zone.jet_reach.map_or(String::new(), |reach| format!(" (jet {reach:.0} m)"));
    let jet = if zone.drift_reach > 0.0 {
        format!(" ({:.0} m if the air drifts){jet}", zone.drift_reach)
    } else {
        jet
    };
    match zone.distance {
        0.0 if zone.any_height == 0.0 => format!("{name} nowhere outside the source{star}{jet}"),
        0.0 => format!("{name} not at this height, {:.0} m at another{star}{jet}", zone.any_height.ceil()),
        far if zone.is_cut => format!("{name} beyond {}{star}{jet}", far_in_words(far)),
        far => format!("{name} {far:.0} m{star} in {:.0} s{jet}", zone.arrival),
    }
}
