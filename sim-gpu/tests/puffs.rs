//! Puffs on a device beside the same puffs of the engine in double precision.

use sim_core::error::Result;
use sim_core::gas::puff::source::Steady;
use sim_core::gas::puff::{Air, AirField, GridRecord, Losses, Remember, Settings, Source, Spread, Train};
use sim_core::gas::sigma::briggs_rural::BriggsRural;
use sim_core::gas::weather::Stability;
use sim_core::grid::{Crs, Field, Grid};
use sim_core::run::gas::backend::{Gathering, Mark, Processor, PuffBackend, Remembered, Watched};
use sim_gpu::gas::{Fleet, PuffDevice};

/// What the environment asks of tests that need a device: `SIM_GPU_TESTS` is `require` (no device
/// is a failure, as in CI), `off`, or `auto`, the default.
fn devices() -> Vec<PuffDevice> {
    let wish = std::env::var("SIM_GPU_TESTS").unwrap_or_else(|_| "auto".into());
    if wish == "off" {
        return Vec::new();
    }
    let found = sim_gpu::adapters();
    assert!(
        wish != "require" || !found.is_empty(),
        "SIM_GPU_TESTS=require, but no Vulkan, Metal or Direct3D driver is installed"
    );
    (0..found.len()).map(|index| PuffDevice::open(index).expect("it opens")).collect()
}

/// A grid far from the origin, as projected coordinates are, and of no whole number of tiles.
fn grid() -> Grid {
    Grid { columns: 141, rows: 90, dx: 5.0, dy: 4.0, west: 483_211.3, south: 3_391_740.7, crs: Crs::local() }
}

/// A place on it from its corner, m.
fn from_corner(x: f64, y: f64) -> (f64, f64) {
    (grid().west + x, grid().south + y)
}

fn watched() -> Watched {
    let load = Some(Gathering { exponent: 2.75, duration: 90.0 });
    Watched {
        grid: grid(),
        heights: vec![1.5, 6.0, 20.0],
        pure_gas: 1.2,
        levels: vec![
            Mark { threshold: 2e-3, load: None },
            Mark { threshold: 1e-4, load },
            Mark { threshold: 3e-5, load: None },
        ],
    }
}

/// A wind that turns and a class that changes, under a lid or none.
fn air(lid: Option<f64>) -> impl AirField {
    move |time: f64, _: f64, _: f64, _: f64| Air {
        east: 3.0 - 0.01 * time,
        north: 0.4 + 0.012 * time,
        class: if time < 80.0 { Stability::C } else { Stability::F },
        lid,
        spread: Spread::WithWay,
    }
}

/// What a back end remembers of two sources.
fn seen_by(backend: &mut dyn PuffBackend, watched: &Watched, lid: Option<f64>) -> Remembered {
    let steady = Steady { rate: 2.0, begin: 0.0, end: 90.0 };
    let weak = Steady { rate: 0.3, begin: 20.0, end: 60.0 };
    let (first, second) = (from_corner(61.0, 120.0), from_corner(99.5, 201.0));
    let sources = [
        Source { width: 2.0, depth: 1.0, ..Source::point(first.0, first.1, 6.0, &steady) },
        Source::point(second.0, second.1, 0.0, &weak),
    ];
    let settings =
        Settings { set: &BriggsRural, averaging_time: 600.0, step: 1.0, losses: Losses::default() };
    let mut train = Train::new(&sources, settings).expect("sound settings");
    let grid = &watched.grid;
    backend.begin(watched).expect("it begins");
    for _ in 0..280 {
        train.step(&air(lid));
        train.leave(grid.west, grid.east(), grid.south, grid.north());
        backend.look(&train).expect("it looks");
    }
    backend.remembered().expect("it remembers")
}

/// Largest difference of two fields as a share of the largest value.
fn apart(found: &Field, expected: &Field) -> f64 {
    let largest = expected.iter().copied().fold(0.0, f64::max);
    let off = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(largest > 0.0 && off.is_finite(), "{largest} {off}");
    off / largest
}

/// Cells in which a level came to one and not to the other, and those in which it came at another step.
fn arrivals_apart(found: &Field, expected: &Field) -> (usize, usize) {
    let pairs = || found.iter().zip(expected);
    let reached = pairs().filter(|(a, b)| a.is_nan() != b.is_nan()).count();
    (reached, pairs().filter(|(a, b)| (*a - *b).abs() > 0.0).count())
}

#[test]
fn receptors_remember_what_they_remember_in_double_precision() {
    let watched = watched();
    for lid in [None, Some(45.0)] {
        let expected = seen_by(&mut Processor::default(), &watched, lid);
        for mut device in devices() {
            let found = seen_by(&mut device, &watched, lid);
            for (height, (found, expected)) in found.largest.iter().zip(&expected.largest).enumerate() {
                let off = apart(found, expected);
                assert!(off < 1e-5, "{lid:?}, height {height}: {off:e} of the largest");
            }
            for (level, (found, expected)) in found.loads.iter().zip(&expected.loads).enumerate() {
                assert_eq!(found.len(), expected.len(), "level {level}");
                for (found, expected) in found.iter().zip(expected) {
                    let off = apart(found, expected);
                    assert!(off < 1e-4, "{lid:?}, load of level {level}: {off:e} of the largest");
                }
            }
            let cells = grid().cells();
            for (level, (found, expected)) in found.arrivals.iter().zip(&expected.arrivals).enumerate() {
                assert!(expected.iter().any(|time| time.is_finite()), "level {level} comes nowhere");
                let (reached, moved) = arrivals_apart(found, expected);
                assert!(reached * 1000 <= cells, "{lid:?}, level {level}: {reached} cells");
                assert!(moved * 1000 <= cells, "{lid:?}, level {level}: {moved} cells at another step");
            }
        }
    }
}

#[test]
fn a_second_run_gives_the_same_bytes() {
    let watched = watched();
    for mut device in devices() {
        let first = seen_by(&mut device, &watched, Some(45.0));
        let again = seen_by(&mut device, &watched, Some(45.0));
        assert_same(&first, &again, 1);
    }
}

#[test]
fn no_receptor_sees_more_than_the_pure_gas() {
    let watched = Watched { pure_gas: 1e-3, ..watched() };
    for mut device in devices() {
        let found = seen_by(&mut device, &watched, None);
        assert_eq!(found.largest[0].iter().copied().fold(0.0, f64::max), f64::from(1e-3_f32));
    }
}

#[test]
fn pairs_and_times_of_the_largest_are_those_of_the_engine() {
    let remember = Remember { threshold: f64::INFINITY, exponent: 1.0, pure_gas: f64::INFINITY };
    let mut counting = Counting { record: GridRecord::new(grid(), 1.5, remember), pairs: 0 };
    let one = Watched { heights: vec![1.5], ..watched() };
    seen_by(&mut counting, &one, None);
    assert!(counting.pairs > 1_000_000, "{}", counting.pairs);
    for mut device in devices() {
        seen_by(&mut device, &one, None);
        assert_eq!(device.pairs(), counting.pairs);
        let times = device.times_of_largest().expect("it was begun");
        let expected = &counting.record.seen().time_of_largest;
        let moved =
            times[0].iter().zip(expected).filter(|(a, b)| a.is_nan() != b.is_nan() || (*a - *b).abs() > 0.0);
        assert!(moved.count() * 1000 <= grid().cells(), "largest values at other steps");
        seen_by(&mut device, &watched(), None);
        assert_eq!(device.pairs(), 3 * counting.pairs, "at three heights");
    }
}

/// Scenarios of several kinds, in threads of their own, on one device.
#[test]
fn scenarios_that_share_submissions_remember_what_each_remembers_alone() {
    let small = Grid { columns: 70, rows: 33, ..grid() };
    let large = Grid { columns: 150, ..grid() };
    let kinds = [
        (watched(), None),
        (Watched { grid: small.clone(), ..watched() }, Some(45.0)),
        (
            Watched { grid: small, heights: vec![2.0], levels: watched().levels[2..].to_vec(), ..watched() },
            None,
        ),
        // No room in a slot of the first one's size.
        (Watched { grid: large, ..watched() }, None),
    ];
    for index in 0..devices().len() {
        let mut alone = PuffDevice::open(index).expect("it opens");
        let expected = kinds.each_ref().map(|(watched, lid)| seen_by(&mut alone, watched, *lid));
        let fleet = Fleet::open(index, 2).expect("it opens");
        // The first one decides on the size of the slots.
        assert_same(&seen_by(&mut fleet.seat(), &kinds[0].0, kinds[0].1), &expected[0], 0);
        let next = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let mut seat = fleet.seat();
                    loop {
                        let turn = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some((watched, lid)) = kinds.get(turn % kinds.len()).filter(|_| turn < 8) else {
                            return;
                        };
                        let found = seen_by(&mut seat, watched, *lid);
                        assert_same(&found, &expected[turn % kinds.len()], turn);
                    }
                });
            }
        });
        assert!(fleet.scenarios_per_submission() >= 1.0);
    }
}

fn assert_same(found: &Remembered, expected: &Remembered, turn: usize) {
    let fields = |seen: &Remembered| {
        let all = [seen.largest.clone(), seen.arrivals.clone(), seen.loads.concat()].concat();
        all.iter().map(|field| field.iter().map(|value| value.to_bits()).collect()).collect::<Vec<Vec<u64>>>()
    };
    assert!(fields(found) == fields(expected), "scenario {turn} remembers something else");
}

#[test]
fn a_scenario_that_breaks_down_keeps_no_other_waiting() {
    for index in 0..devices().len() {
        let fleet = Fleet::open(index, 2).expect("it opens");
        let other = watched();
        std::thread::scope(|scope| {
            let broken = scope.spawn(|| {
                let mut seat = fleet.seat();
                seat.begin(&other).expect("it begins");
                // The seat is given up in the middle of its run.
            });
            broken.join().expect("it ends");
            seen_by(&mut fleet.seat(), &other, None);
        });
    }
}

/// The engine's own sums, of which the pairs are counted.
struct Counting {
    record: GridRecord,
    pairs: u64,
}

impl PuffBackend for Counting {
    fn name(&self) -> String {
        "counting".into()
    }

    fn begin(&mut self, _: &Watched) -> Result<()> {
        Ok(())
    }

    fn look(&mut self, train: &Train<'_>) -> Result<()> {
        self.pairs += self.record.observe(train) as u64;
        Ok(())
    }

    fn remembered(&mut self) -> Result<Remembered> {
        Ok(Remembered { largest: Vec::new(), arrivals: Vec::new(), loads: Vec::new() })
    }
}
