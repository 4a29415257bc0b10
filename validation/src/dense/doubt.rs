//! What the comparison owes to inputs that are in doubt, to laws with more than one form, and to averaging times.

use sim_core::gas::dense::integral::entrainment::TopEntrainment;
use sim_core::gas::dense::integral::spreading::Front;
use sim_core::gas::dense::integral::surface_air::Stratification;
use sim_core::gas::dense::integral::{Laws, entrainment::SideEntrainment};

use super::judge::{FLOOR, programmes};
use super::models::{Choice, slab};
use super::trial::{Origin, Trial};
use crate::figure::Figure;
use crate::metrics::Agreement;

/// One thing changed, all else as recommended.
struct Doubt {
    /// What.
    words: &'static str,
    choice: Choice,
    /// The changed trial, with all trials at hand.
    change: fn(&Trial, &[Trial]) -> Trial,
}

/// Laws other than the recommended ones.
const fn other(laws: Laws) -> Choice {
    Choice { laws, ..Choice::RECOMMENDED }
}

const STANDARD: Laws = Laws::STANDARD;

fn unchanged(trial: &Trial, _: &[Trial]) -> Trial {
    trial.clone()
}

/// Hydrogen fluoride in the air of the first jet of ammonia over the same dry lake, in the same class of stability.
///
/// The report tells no length for those releases but 10 km, which stands for a neutral air.
fn stratified(trial: &Trial, all: &[Trial]) -> Trial {
    let mut changed = trial.clone();
    let ammonia = all.iter().find(|other| other.substance == "ammonia");
    if let Some(ammonia) = ammonia.filter(|_| trial.substance == "hydrogen fluoride") {
        changed.air.inverse_length = ammonia.air.inverse_length;
    }
    changed
}

/// A pool of twice the area, which is about what DEGADIS was given.
fn wider_pool(trial: &Trial, _: &[Trial]) -> Trial {
    let mut changed = trial.clone();
    if let Origin::Pool { radius } = trial.origin {
        changed.origin = Origin::Pool { radius: std::f64::consts::SQRT_2 * radius };
    }
    changed
}

/// Share of the drops that fall out where that is tried: the middle of what is said of the jets of ammonia.
const FALLEN: f64 = 0.3;

const DOUBTS: [Doubt; 11] = [
    Doubt { words: "as recommended", choice: Choice::RECOMMENDED, change: unchanged },
    Doubt {
        words: "hydrogen fluoride in the stratification of Desert Tortoise 1",
        choice: Choice::RECOMMENDED,
        change: stratified,
    },
    Doubt {
        words: "the report's class of stability instead of its Obukhov length",
        choice: Choice { by_class: true, ..Choice::RECOMMENDED },
        change: unchanged,
    },
    Doubt {
        words: "jets of half the speed",
        choice: Choice { haste: 0.5, ..Choice::RECOMMENDED },
        change: unchanged,
    },
    Doubt {
        words: "30 % of the drops fall out",
        choice: Choice { fallen: FALLEN, ..Choice::RECOMMENDED },
        change: unchanged,
    },
    Doubt { words: "pools of twice the area", choice: Choice::RECOMMENDED, change: wider_pool },
    Doubt {
        words: "one Obukhov length at all heights",
        choice: other(Laws { stratification: Stratification::Constant, ..STANDARD }),
        change: unchanged,
    },
    Doubt {
        words: "weight damps the mixing as in SLAB",
        choice: other(Laws { top: TopEntrainment::Slab, ..STANDARD }),
        change: unchanged,
    },
    Doubt {
        words: "weight damps the mixing as in wind tunnels (0.65/(1 + 0.2 Ri))",
        choice: other(Laws { top: TopEntrainment::Robins, ..STANDARD }),
        change: unchanged,
    },
    Doubt {
        words: "no air rolled in at the edges, nothing holds the front (SLAB)",
        choice: other(Laws { front: Front::Free, ..STANDARD }),
        change: unchanged,
    },
    Doubt {
        words: "jets mix as in SLAB",
        choice: other(Laws { side: SideEntrainment::Slab, ..STANDARD }),
        change: unchanged,
    },
];

/// Measures of the slab model with one thing changed at a time.
pub(super) fn table(trials: &[Trial]) -> Figure {
    let names = programmes(trials);
    let mut columns = vec!["what is changed".to_owned(), "all: FAC2".into(), "all: MG".into()];
    columns.extend(names.iter().flat_map(|name| [format!("{name}: FAC2"), format!("{name}: FB")]));
    let rows = DOUBTS.iter().map(|doubt| {
        let mut row = vec![doubt.words.to_owned()];
        let all = pairs(doubt, trials, |_| true);
        row.extend(all.as_deref().map_or(["-".to_owned(), "-".into()], |pairs| {
            let agreement = Agreement::of(pairs);
            [hundredths(agreement.factor_of_two), hundredths(agreement.geometric_mean)]
        }));
        for name in &names {
            let own = pairs(doubt, trials, |trial| trial.programme == *name);
            row.extend(own.as_deref().map_or(["-".to_owned(), "-".into()], |pairs| {
                let agreement = Agreement::of(pairs);
                [hundredths(agreement.factor_of_two), hundredths(agreement.fractional_bias)]
            }));
        }
        row
    });
    Figure::Table {
        title: "The slab model with one thing changed at a time".into(),
        columns,
        rows: rows.collect(),
    }
}

/// Bounds asked for: FAC2 of all, size of FB of each programme.
const ASKED: (f64, f64) = (0.7, 0.5);

/// How near to the bounds any choice among the published laws comes, with Obukhov's length or the class of stability.
pub(super) fn combinations(trials: &[Trial]) -> Figure {
    let names = programmes(trials);
    // FAC2 of all, largest size of FB of a programme, and the words of each choice that says something of all trials.
    let mut found: Vec<(f64, f64, String)> = Vec::new();
    for (words, choice) in choices() {
        let doubt = Doubt { words: "", choice, change: unchanged };
        let bias = |name: &&str| {
            pairs(&doubt, trials, |trial| trial.programme == **name)
                .map(|pairs| Agreement::of(&pairs).fractional_bias.abs())
        };
        let biases: Option<Vec<f64>> = names.iter().map(bias).collect();
        if let (Some(all), Some(biases)) = (pairs(&doubt, trials, |_| true), biases) {
            let largest = biases.into_iter().fold(0.0, f64::max);
            found.push((Agreement::of(&all).factor_of_two, largest, words));
        }
    }
    let count = |keeps: &dyn Fn(&(f64, f64, String)) -> bool| {
        vec![found.iter().filter(|one| keeps(one)).count().to_string(), String::new()]
    };
    let least = found.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let most = found.iter().max_by(|a, b| a.0.total_cmp(&b.0));
    let extreme = |one: Option<&(f64, f64, String)>, value: fn(&(f64, f64, String)) -> f64| {
        one.map_or(vec!["-".to_owned(), String::new()], |one| {
            vec![format!("{:.3}", value(one)), one.2.clone()]
        })
    };
    let rows = [
        ("choices of laws and of the stability's measure", count(&|_| true)),
        ("of these with FAC2 of all of at least 0.7", count(&|one| one.0 >= ASKED.0)),
        ("of these with FB of each programme within 0.5", count(&|one| one.1 <= ASKED.1)),
        ("largest FAC2 of all", extreme(most, |one| one.0)),
        ("least of the largest size of FB of a programme", extreme(least, |one| one.1)),
    ];
    let rows = rows.into_iter().map(|(words, values)| [vec![words.to_owned()], values].concat()).collect();
    let columns = ["what", "value", "with"].map(str::to_owned).to_vec();
    Figure::Table { title: "All choices among the published laws".into(), columns, rows }
}

/// Every choice of top, front, stratification, jet and measure of stability.
fn choices() -> Vec<(String, Choice)> {
    let tops =
        [TopEntrainment::Hegadas, TopEntrainment::Slab, TopEntrainment::Similarity, TopEntrainment::Robins];
    let mut all = Vec::new();
    for top in tops {
        for front in [Front::Resisted, Front::Free] {
            for stratification in [Stratification::Fading, Stratification::Constant] {
                for side in [SideEntrainment::WallJet, SideEntrainment::Slab] {
                    for by_class in [false, true] {
                        let laws = Laws { top, front, stratification, side, ..STANDARD };
                        let measure = if by_class { "class" } else { "length" };
                        let words = format!("{top:?}, {front:?}, {stratification:?}, {side:?}, {measure}");
                        all.push((words, Choice { laws, by_class, ..Choice::RECOMMENDED }));
                    }
                }
            }
        }
    }
    all
}

/// Measured and computed; none where the model says nothing of one of the trials.
fn pairs(doubt: &Doubt, trials: &[Trial], of: impl Fn(&Trial) -> bool) -> Option<Vec<(f64, f64)>> {
    let mut found = Vec::new();
    for trial in trials.iter().filter(|trial| of(trial)) {
        let predict = slab(&(doubt.change)(trial, trials), &doubt.choice).ok()?;
        let told = |distance: f64| predict(distance, trial.receptor_height, trial.averaging).max(FLOOR);
        found.extend(trial.arcs.iter().map(|arc| (arc.seen, told(arc.distance))));
    }
    Some(found).filter(|pairs| !pairs.is_empty())
}

fn hundredths(value: f64) -> String {
    format!("{value:.2}")
}

/// Short averages over means of the same arc of the same release, measured and by the slab model.
///
/// A release is one where the letters of one name begin those of the other and the numbers are the same.
pub(super) fn averages(trials: &[Trial]) -> Figure {
    let mut rows = Vec::new();
    for short in trials {
        for mean in trials.iter().filter(|mean| are_one(&short.name, &mean.name)) {
            let models = [short, mean].map(|trial| slab(trial, &Choice::RECOMMENDED).ok());
            let [Some(of_short), Some(of_mean)] = models else { continue };
            for arc in &short.arcs {
                let Some(other) = mean.arcs.iter().find(|other| other.distance == arc.distance) else {
                    continue;
                };
                let told = of_short(arc.distance, short.receptor_height, short.averaging)
                    / of_mean(arc.distance, mean.receptor_height, mean.averaging);
                rows.push(vec![
                    short.name.clone(),
                    format!("{}", arc.distance),
                    format!("{} over {}", short.averaging, mean.averaging),
                    hundredths(arc.seen / other.seen),
                    hundredths(told),
                ]);
            }
        }
    }
    let columns = ["trial", "distance, m", "averages, s", "measured", "integral"].map(str::to_owned).to_vec();
    Figure::Table { title: "Short averages over means of the same arc".into(), columns, rows }
}

/// Whether a short name (B3) is a longer one (Burro3).
fn are_one(long: &str, short: &str) -> bool {
    let parts = |name: &str| {
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
        (letters.len(), name[letters.len()..].to_owned(), letters.to_owned())
    };
    let ((long_size, long_number, long_letters), (size, number, letters)) = (parts(long), parts(short));
    long_size > size && !number.is_empty() && long_number == number && long_letters.starts_with(&letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_release_are_found() {
        assert!(are_one("Burro3", "B3") && !are_one("Burro3", "B8") && !are_one("B3", "B3"));
        assert!(!are_one("Burro3", "DT3") && !are_one("Burro", "B"));
    }
}
