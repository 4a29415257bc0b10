//! Stay inside or leave: a hint for each named place.

use geo::{Distance, Euclidean, Intersects};
use geo_types::{Coord, Point};

use crate::error::Result;
use crate::gas::dispersion::Dispersion;
use crate::gas::hazard::indoor::{Verdict, stay_or_leave};
use crate::gas::hazard::toxic_data;
use crate::gas::hazard::toxic_load::{History, toxic_load};
use crate::gas::hazard::{LevelKind, indoor};
use crate::gas::receptor::{Seen, first_time, largest};

/// What people at a named place do best.
#[derive(Debug, Clone, PartialEq)]
pub struct Hint {
    /// Name of the place.
    pub name: String,
    /// What to do.
    pub action: Action,
    /// First time with the mildest level outdoors, s; none where it never comes.
    pub arrival: Option<f64>,
    /// Time to walk out of the area to clear, s.
    pub walk: f64,
    /// Toxic load indoors, ppmⁿ min; none for a place that is not a building.
    pub indoor_load: Option<f64>,
    /// Toxic load of one who leaves when the gas comes, ppmⁿ min.
    pub leaving_load: f64,
    /// When the air inside has become worse than that outside, so that windows are opened, s.
    pub open_windows: Option<f64>,
    /// Exponent n of the loads.
    pub exponent: f64,
    /// The rule by which it was decided.
    pub reason: String,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The gas does not come at a level of the case.
    Nothing,
    /// Leave at once: there is time.
    LeaveNow,
    /// Go inside, close everything, wait.
    Stay,
    /// Leave although the gas is there.
    Leave,
    /// Neither is clearly better.
    Either,
}

impl Action {
    /// In English and in Chinese; without a wind to walk across where it is weak.
    pub fn in_words(self, is_weak: bool) -> (&'static str, &'static str) {
        match self {
            Self::LeaveNow if is_weak => ("leave now, away from the source", "立即远离泄漏源撤离"),
            Self::Leave if is_weak => ("leave, away from the source", "远离泄漏源撤离"),
            Self::Nothing => ("no level is met there", "该处不超标"),
            Self::LeaveNow => ("leave now, across the wind", "立即横风向撤离"),
            Self::Stay => ("stay inside, close windows, stop fans", "室内避险，关闭门窗和通风"),
            Self::Leave => ("leave, across the wind", "横风向撤离"),
            Self::Either => ("neither is clearly better: ask for help", "两者相当，请求指导"),
        }
    }
}

/// Speed of people who walk out, m/s: a mixed group with children and old people (our own, cautious).
const WALKING: f64 = 1.0;

/// Time until people have been told and set out, s (our own).
const SET_OUT: f64 = 300.0;

/// Samples of what is breathed on the way.
const SAMPLES: usize = 50;

/// A hint for each named place.
///
/// The rule is the engine's own. Whoever can have walked out of the area to clear before the gas
/// comes, leaves. Otherwise the toxic load behind closed windows is compared with that of one who
/// sets out when the gas comes, breathing what is outdoors at the place until out; one choice is
/// called better from a factor of two in the concentration ([`stay_or_leave`]). For a gas whose
/// toxic exponent is not published the exponent is one, the dose. A gas that burns and comes at a
/// fifth of its lower limit is not waited for indoors, because it gathers there.
///
/// # Errors
/// Those of the histories; none that a sound case has.
pub fn hints(dispersion: &Dispersion) -> Result<Vec<Hint>> {
    dispersion.receptors.iter().map(|seen| hint(dispersion, seen)).collect()
}

fn exponent(substance: &str) -> f64 {
    let data = toxic_data::all();
    let of_death = data.lethality_of(substance).first().map(|row| row.exponent);
    of_death.or_else(|| data.dangerous_load_of(substance).map(|row| row.exponent)).unwrap_or(1.0)
}

fn hint(dispersion: &Dispersion, seen: &Seen) -> Result<Hint> {
    let exponent = exponent(&dispersion.substance.id);
    let concentrations =
        dispersion.zones.iter().filter(|zone| !matches!(zone.level.kind, LevelKind::Load { .. }));
    let mildest = concentrations.map(|zone| zone.level.ppm()).fold(f64::INFINITY, f64::min);
    let arrival = first_time(&seen.outdoors, mildest);
    let walk = SET_OUT + way_out(dispersion, seen) / WALKING;
    let on_the_way = on_the_way(seen, arrival.unwrap_or(0.0), walk)?;
    let leaving_load = toxic_load(&on_the_way, exponent);
    let burns = dispersion.substance.lower_flammable_limit.as_ref();
    let may_burn = burns.is_some_and(|limit| largest(&seen.outdoors).0 >= 0.2 * limit.value * 1e6);
    let hint = |action: Action, reason: String| Hint {
        name: seen.receptor.name.clone(),
        action,
        arrival,
        walk,
        indoor_load: None,
        leaving_load,
        open_windows: None,
        exponent,
        reason,
    };
    if arrival.is_none() && is_inside(dispersion, seen) {
        let reason = "inside the area to clear: the jet, or gas at another height, may come here";
        return Ok(hint(Action::LeaveNow, reason.into()));
    }
    let Some(first) = arrival else {
        return Ok(hint(Action::Nothing, "the mildest level of the case does not come here".into()));
    };
    if walk <= first {
        let reason = format!("{walk:.0} s to be out, the gas comes after {first:.0} s");
        return Ok(hint(Action::LeaveNow, reason));
    }
    if may_burn {
        return Ok(hint(
            Action::Leave,
            "a fifth of the lower flammable limit comes here: gas gathers in rooms".into(),
        ));
    }
    let Some(rate) = seen.receptor.air_changes_per_hour else {
        return Ok(hint(Action::Leave, "there is no building at this place".into()));
    };
    let advice = stay_or_leave(&seen.outdoors, &on_the_way, rate, exponent)?;
    let action = match advice.verdict {
        Verdict::Stay => Action::Stay,
        Verdict::Leave => Action::Leave,
        Verdict::NoClearDifference => Action::Either,
    };
    let open_windows = indoor::time_to_air(&seen.outdoors, rate)?;
    Ok(Hint { indoor_load: Some(advice.indoor_load), open_windows, ..hint(action, advice.reason) })
}

/// True for a place in the area to clear.
fn is_inside(dispersion: &Dispersion, seen: &Seen) -> bool {
    dispersion.evacuation.area.intersects(&Point::from(Coord { x: seen.receptor.x, y: seen.receptor.y }))
}

/// Way from a place to the edge of the area to clear, m; zero outside.
fn way_out(dispersion: &Dispersion, seen: &Seen) -> f64 {
    if !is_inside(dispersion, seen) {
        return 0.0;
    }
    let place = Point::from(Coord { x: seen.receptor.x, y: seen.receptor.y });
    let area = &dispersion.evacuation.area;
    let edges = area.iter().map(|polygon| Euclidean.distance(&place, polygon.exterior()));
    edges.fold(f64::INFINITY, f64::min)
}

/// What one breathes who sets out when the gas comes and walks for some time: the air of the place.
fn on_the_way(seen: &Seen, from: f64, walk: f64) -> Result<History> {
    let times: Vec<f64> = (0..=SAMPLES).map(|i| walk * i as f64 / SAMPLES as f64).collect();
    let ppm = times.iter().map(|time| seen.outdoors.at(from + time)).collect();
    History::new(times, ppm)
}
