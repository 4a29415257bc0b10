//! One flood in parts, in threads of this process or one part per process.

use crate::error::{Problem, Problems, Result};
use crate::flood::part::{Halo, Slab, Threads};
use crate::flood::state::Layout;
use crate::run::flood::{Checkpoints, FloodCase, FloodOutcome, Processor, Run, Unprobed, arrays, check};
use crate::run::{Observer, Ranks, Unobserved};

/// What a case asks for that is not computed in parts, with names; empty if there is nothing.
pub fn lacks_in_parts(case: &FloodCase) -> Vec<String> {
    let named =
        |what: &str, names: Vec<&str>| (!names.is_empty()).then(|| format!("{what} ({})", names.join(", ")));
    let lacking = [
        named("pumps, weirs, gates and culverts", case.structures.iter().map(|s| s.name.as_str()).collect()),
        named("levees and bridges", case.barriers.iter().map(|b| b.name.as_str()).collect()),
        named("breaches", case.breaches.iter().map(|b| b.name.as_str()).collect()),
        case.sewers.is_some().then(|| "sewers".to_owned()),
    ];
    lacking.into_iter().flatten().collect()
}

/// All that keeps a case from being computed in so many parts; `also` is what else was asked for
/// and is not there.
///
/// # Errors
/// E8661 for what is not computed in parts, E8662 for more parts than there are bands of rows.
pub fn check_parts(case: &FloodCase, parts: usize, also: Vec<String>) -> Result<()> {
    let mut problems = Vec::new();
    let mut lacking = lacks_in_parts(case);
    lacking.extend(also);
    if !lacking.is_empty() {
        problems.push(refused(format!("a flood in parts does not have {}", lacking.join("; "))));
    }
    let most = Slab::most(case.grid.rows);
    if parts == 0 || parts > most {
        let text = format!(
            "{parts} parts were asked for; a grid of {} rows can be cut into 1 to {most}",
            case.grid.rows
        );
        problems.push(
            Problem::error(8662, text)
                .why("a part has at least one band of 32 rows, so that its sums are those of one process")
                .fix("ask for fewer parts or processes"),
        );
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// What is told of something that is not computed in parts.
pub fn refused(text: impl Into<String>) -> Problem {
    Problem::error(8661, text)
        .why("parts exchange the water at their borders and nothing else; without it the run would be another one")
        .fix("run it on one process: without --parts and without mpirun")
}

/// Bytes of the arrays of the part that needs most, for a look before it starts.
///
/// The first part holds the water and the records of all at the end. The case itself, which every
/// process reads whole, comes on top.
pub fn memory_bytes_of_part(case: &FloodCase, parts: usize) -> u64 {
    let whole = Layout { rows: case.grid.rows, columns: case.grid.columns };
    let arrays = arrays(case);
    let of = |part| arrays.bytes(Slab::cut(whole, part, parts).held.len(), whole.columns);
    let largest = (0..parts).map(of).max().unwrap_or(0);
    let doubles = 3 + 2 * arrays.thresholds as u64;
    let singles = 3 + arrays.hazards as u64;
    largest + (8 * doubles + 4 * singles) * case.grid.cells() as u64
}

/// Computes one part of a flood; the result on the first part, nothing on the others.
///
/// The result has the same bits as that of one process ([`super::simulate`]). All parts stop
/// where any of their observers says so, and all return the same error.
///
/// # Errors
/// Those of [`super::simulate`] and [`check_parts`].
pub fn simulate_part(
    case: &FloodCase,
    observer: &mut dyn Observer,
    halo: Box<dyn Halo>,
) -> Result<Option<FloodOutcome>> {
    check::check(case)?;
    check_parts(case, halo.ranks(), Vec::new())?;
    let mut processor = Processor::default();
    let mut run = Run::new(case, Checkpoints::default(), &mut processor, Some(halo))?;
    let (ledger, wall_seconds) = run.finish(observer, &mut Unprobed)?;
    let ranks = run.solver.traffic().map(|(count, swapped, gathered)| Ranks {
        count,
        swapped_bytes_per_step: swapped as f64 / run.solver.steps().max(1) as f64,
        gathered_bytes_per_step: gathered as f64 / run.solver.steps().max(1) as f64,
    });
    if !run.solver.unite() {
        return Ok(None);
    }
    Ok(Some(FloodOutcome { ranks, ..run.outcome(ledger, wall_seconds) }))
}

/// Computes a flood in so many parts, each in a thread with its share of the threads of the
/// current pool.
///
/// # Errors
/// Those of [`simulate_part`], and E6301 where no threads can be had.
pub fn simulate_in_parts(
    case: &FloodCase,
    observer: &mut dyn Observer,
    parts: usize,
) -> Result<FloodOutcome> {
    check::check(case)?;
    check_parts(case, parts, Vec::new())?;
    let threads = (rayon::current_num_threads() / parts).max(1);
    let pool = |_| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pools = (1..parts).map(pool).collect::<std::result::Result<Vec<_>, _>>().map_err(|reason| {
        Problem::error(6301, format!("no worker threads: {reason}")).fix("ask for fewer --parts")
    })?;
    let mut team = Threads::team(parts);
    let others = team.split_off(1);
    let outcome = std::thread::scope(|scope| {
        for (halo, pool) in others.into_iter().zip(&pools) {
            scope.spawn(move || pool.install(|| simulate_part(case, &mut Unobserved, Box::new(halo))));
        }
        let first = team.remove(0);
        simulate_part(case, observer, Box::new(first))
    })?;
    Ok(outcome.expect("the first part has the result"))
}
