//! Whether the plume holds for a case: too dense, too fast; the refusal of what it does not hold for.

use crate::error::{Problem, Problems};
use crate::gas::hazard::zones;
use crate::gas::validity::{self, Judgement};
use crate::run::gas::{GasCase, Verdict, coefficients};

/// The worst verdict on density of each criterion over the weather rows.
pub(super) fn worst_density(case: &GasCase) -> Vec<Verdict> {
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
pub(super) fn is_too_dense(case: &GasCase, zones: &[zones::Zone], verdicts: &mut Vec<Verdict>) -> bool {
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
pub(super) fn worst_momentum(case: &GasCase, shortest_zone: f64) -> Verdict {
    let verdicts =
        case.weather.iter().map(|row| validity::momentum_verdict(&case.source, row, shortest_zone));
    let worst = verdicts.max_by(|a, b| a.value.total_cmp(&b.value));
    match worst {
        Some(verdict) => verdict,
        None => unreachable!("a case without weather is refused before"),
    }
}

pub(super) fn refusal(case: &GasCase, verdicts: &[Verdict]) -> Problems {
    let numbers: Vec<String> = verdicts
        .iter()
        .filter(|verdict| verdict.judgement == Judgement::Failed)
        .map(|verdict| format!("{} {:.2} (limit {:.2})", verdict.name, verdict.value, verdict.threshold))
        .collect();
    let text = format!("{} is too dense for a passive plume: {}", case.substance.name, numbers.join(", "));
    Problem::error(4200, text)
        .why("heavy gas slumps, spreads upwind and along slopes and fills hollows; the plume's zones would be wrong in shape and place")
        .fix("act without a number: clear on all sides, go uphill and upwind, stay out of hollows, basements and sewers, and keep the isolation distance of your emergency guide. Then use a heavy-gas model; accept_invalid = true shows the passive plume, marked as not valid")
        .into()
}
