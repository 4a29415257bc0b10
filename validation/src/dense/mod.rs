//! Heavy gas: models beside field trials and beside other programs.
//!
//! A trial is read by one file for each kind of data ([`lng`], [`epa`], [`decks`]),
//! a model is one implementation of [`models::DenseModel`] and one entry of its list; [`judge`] does the rest.
//! Nothing here is fitted to the trials.

mod decks;
mod doubt;
mod epa;
mod judge;
mod lng;
mod models;
mod screening;
mod trial;

use sim_core::error::Result;

use judge::{Judgement, Rule, Scope, judge};
use models::{IntegralAsSlab, MODELS};
use trial::Trials;

use crate::figure::Figure;
use crate::observed::Folder;
use crate::{Answer, Case, Settings, case};

/// Cases of heavy gas in the order in which they are printed.
pub(crate) const CASES: [Case; 8] = [
    case!("britter-mcquaid-curves", "gas-dense", Quick, screening::curves),
    case!("britter-mcquaid-lng", "gas-dense", Quick, screening::lng),
    case!("britter-mcquaid-puff", "gas-dense", Quick, screening::puff),
    case!("burro-short", "gas-dense", Quick, burro_short),
    case!("epa-dense", "gas-dense", Quick, epa_dense),
    case!("slab-reference", "gas-dense", Quick, slab_reference),
    case!("degadis-burro", "gas-dense", Quick, degadis_burro),
    case!("dense-trials", "gas-dense", Quick, dense_trials),
];

/// The screening errs to the safe side on average: it predicts more than was measured.
const SAFE_SIDE: Rule =
    Rule { model: "britter-mcquaid", scope: Scope::Together, measure: "MG", range: (0.0, 1.0) };

/// A bound for the slab model.
const fn integral(scope: Scope, measure: &'static str, range: (f64, f64)) -> Rule {
    Rule { model: "integral", scope, measure, range }
}

/// What is asked of the slab model for short averages.
const SHORT: [Rule; 4] = [
    SAFE_SIDE,
    integral(Scope::Together, "FAC2", (0.9, f64::INFINITY)),
    integral(Scope::Together, "MG", (0.75, 1.35)),
    integral(Scope::Together, "VG", (0.0, 1.3)),
];

/// What is asked of it for means over the release.
const MEANS: [Rule; 3] = [
    SAFE_SIDE,
    integral(Scope::Together, "FAC2", (0.7, f64::INFINITY)),
    integral(Scope::Each, "FB", (0.0, 0.5)),
];

/// How far the slab model with SLAB's laws may be from SLAB.
const FROM_SLAB: f64 = 0.2;

/// All models, with bounds.
fn all<'a>(rules: &'a [Rule]) -> Judgement<'a> {
    Judgement { models: &MODELS, rules, largest: None, reference: "measured" }
}

/// Runs the comparison with what a reader finds below the data's folder `gas`.
fn with(
    settings: &Settings,
    title: &str,
    how: &Judgement<'_>,
    read: impl Fn(&Folder) -> Result<Trials>,
) -> Result<Answer> {
    with_more(settings, title, how, read, |_| Vec::new())
}

/// The same with tables beside the comparison.
fn with_more(
    settings: &Settings,
    title: &str,
    how: &Judgement<'_>,
    read: impl Fn(&Folder) -> Result<Trials>,
    more: impl Fn(&Trials) -> Vec<Figure>,
) -> Result<Answer> {
    let folder = match Folder::find(settings, "gas") {
        Ok(folder) => folder,
        Err(reason) => return Ok(Err(reason)),
    };
    let found = read(&folder)?;
    if found.trials.is_empty() {
        return Ok(Err("no trial with all its conditions is below the folder gas of --data".into()));
    }
    let mut findings = judge(title, &found, how);
    findings.figures.extend(more(&found));
    Ok(Ok(findings))
}

/// Programme of the trials of [`burro_short`].
const BURRO: &str = "Burro";

fn burro_short(settings: &Settings) -> Result<Answer> {
    with(settings, "Burro, short averages", &all(&SHORT), |gas| {
        let Trials { trials, left_out } = lng::read(gas)?;
        Ok(Trials {
            trials: trials.into_iter().filter(|trial| trial.programme == BURRO).collect(),
            left_out: left_out.into_iter().filter(|(name, _)| name.starts_with(BURRO)).collect(),
        })
    })
}

fn epa_dense(settings: &Settings) -> Result<Answer> {
    let title = "Trials of EPA-450/4-90-018, means over the release";
    let changed = |found: &Trials| vec![doubt::table(&found.trials), doubt::combinations(&found.trials)];
    with_more(settings, title, &all(&MEANS), |gas| epa::read(gas, None), changed)
}

fn slab_reference(settings: &Settings) -> Result<Answer> {
    let how =
        Judgement { models: &[&IntegralAsSlab], rules: &[], largest: Some(FROM_SLAB), reference: "SLAB" };
    with(settings, "Beside SLAB", &how, |gas| {
        let means = epa::read(gas, Some(epa::SLAB_RERUN))?;
        Ok(decks::slab_manual(gas)?.and(means).and(lng::as_slab(lng::read(gas)?)))
    })
}

fn degadis_burro(settings: &Settings) -> Result<Answer> {
    let how = Judgement { reference: "DEGADIS", ..all(&[]) };
    with(settings, "Beside DEGADIS, Burro 9", &how, decks::degadis_burro)
}

fn dense_trials(settings: &Settings) -> Result<Answer> {
    let title = "Models of heavy gas beside field trials";
    let read = |gas: &Folder| Ok(lng::read(gas)?.and(epa::read(gas, None)?));
    with_more(settings, title, &all(&[]), read, |found| vec![doubt::averages(&found.trials)])
}
