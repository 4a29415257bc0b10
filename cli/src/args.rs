//! What can be typed after `tuiyan`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use sim_core::scenario::Dimension;

/// Gas leaks and floods played forward: who must move, how far, until when.
/// 燃气泄漏与内涝推演：谁要撤离、撤多远、到几时。
#[derive(Debug, Parser)]
#[command(
    name = "tuiyan",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "Examples:\n  \
        tuiyan demo                                   both embedded examples, maps in tuiyan-demo/\n  \
        tuiyan run leak.toml --out leak               maps and tables of one scenario\n  \
        tuiyan run leak.toml --set weather.wind_from=SW   the same with another wind\n  \
        tuiyan check rain.toml                        what was understood, without running\n  \
        tuiyan compare out/before out/after           what a measure changes\n  \
        tuiyan explain E2107                          the whole story of a message\n\n\
        Exit codes: 0 done, 2 usage, 3 done but inputs were changed, 4 input wrong,\n\
        5 numerical stop, 6 disk, memory or device, 7 cancelled, 70 a mistake of ours"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub shared: Shared,
}

/// Flags that most commands share.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Shared options")]
pub(crate) struct Shared {
    /// Folder for the results; appears whole or not at all
    #[arg(long, global = true, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Root for data that scenarios name as ${data}/...
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Library of EPA SWMM 5.2 for scenarios with sewers; else TUIYAN_SWMM, else one the system knows
    #[arg(long, global = true, value_name = "FILE")]
    pub swmm: Option<PathBuf>,
    /// Where to compute floods: auto (a graphics card where it can and is worth it, and says so),
    /// cpu, gpu (the best), or gpu:N of tuiyan list devices
    #[arg(long, global = true, default_value = "auto", value_parser = parse_device)]
    pub device: Device,
    /// Worker threads; all processors when absent
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Scenario keys with the values that replace theirs.
    #[arg(
        long = "set",
        global = true,
        value_name = "KEY=VALUE",
        help = "Override one scenario key for a what-if, e.g. rain.intensity=\"80 mm/h\", \
                inflow[1].discharge=\"2 m3/s\" for the first of a list; may be given many times"
    )]
    pub overrides: Vec<String>,
    /// One JSON document on standard output, everything else on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// No progress and no summary; errors only
    #[arg(long, global = true)]
    pub quiet: bool,
}

/// Where the work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Device {
    /// The best there is for the case.
    Auto,
    /// The processor.
    Cpu,
    /// A graphics device by its number in `tuiyan list devices`; the best when absent.
    Gpu(Option<usize>),
}

fn parse_device(text: &str) -> Result<Device, String> {
    let number = |text: &str| {
        text.parse().map(|index| Device::Gpu(Some(index))).map_err(|_| "write gpu:0, gpu:1, ...".to_owned())
    };
    match text {
        "auto" => Ok(Device::Auto),
        "cpu" => Ok(Device::Cpu),
        "gpu" => Ok(Device::Gpu(None)),
        other => match other.strip_prefix("gpu:") {
            Some(index) => number(index),
            None => Err("allowed: auto, cpu, gpu, gpu:N".to_owned()),
        },
    }
}

/// Time between two checkpoints with `--resume` alone.
pub(crate) const USUAL_CHECKPOINT: Duration = Duration::from_secs(600);

fn parse_interval(text: &str) -> Result<Duration, String> {
    let seconds = Dimension::Time.parse(text).map_err(|_| "write 30s, 10min or 2h".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| "a time that is not negative is needed".to_owned())
}

fn parse_grid(text: &str) -> Result<(usize, usize), String> {
    let parts = text
        .split_once(['x', 'X'])
        .and_then(|(columns, rows)| Some((columns.trim().parse().ok()?, rows.trim().parse().ok()?)));
    parts
        .filter(|&(columns, rows): &(usize, usize)| columns > 0 && rows > 0)
        .ok_or_else(|| "write 4000x3000".to_owned())
}

fn parse_length(text: &str) -> Result<f64, String> {
    let length = Dimension::Length.parse(text).map_err(|_| "write 2m or \"0.5 m\"".to_owned())?;
    if length > 0.0 { Ok(length) } else { Err("a length above zero is needed".to_owned()) }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the embedded examples: a broken gas main, a cloudburst over a city quarter
    #[command(
        after_help = "Examples:\n  tuiyan demo\n  tuiyan demo gas --out leak\n  tuiyan demo flood --set rain.intensity=\"90 mm/h\""
    )]
    Demo {
        /// Which of the two; both when absent
        hazard: Option<Hazard>,
    },
    /// Run a scenario and write maps, grids and tables
    #[command(
        after_help = "Examples:\n  tuiyan run examples/newcastle.toml --data data\n  tuiyan run leak.toml --out leak --set weather.wind_from=SW\n  tuiyan run chlorine.toml --model all\n  tuiyan run city.toml --out city --checkpoint 10min\n  tuiyan run city.toml --out city --resume\n  tuiyan run city.toml --out city --observed gauges.csv"
    )]
    Run {
        /// Scenario file (TOML)
        scenario: PathBuf,
        /// How a gas is carried: short for --set model.transport=MODEL; all puts the zones of every
        /// other model that applies beside those of the best
        #[arg(long, value_name = "MODEL", value_parser = ["auto", "plume", "puffs", "slab", "layer", "all"])]
        model: Option<String>,
        /// Keep the state of a flood beside the results, in OUT.checkpoint, whenever this time
        /// has passed on the clock, e.g. 10min; a killed run loses no more than that
        #[arg(long, value_name = "TIME", value_parser = parse_interval)]
        checkpoint: Option<Duration>,
        /// Go on from the newest checkpoint beside OUT (keeping one every 10 min unless
        /// --checkpoint says otherwise); the result has the same bytes as without the break
        #[arg(long)]
        resume: bool,
        /// Hold the run against readings of gauges, with a picture for each
        #[arg(
            long,
            value_name = "FILE",
            help = "Readings of gauges (CSV) to hold a flood against: peaks, NSE, RMSE and a picture per gauge",
            long_help = "Readings of gauges (CSV) to hold a flood against: peaks, NSE, RMSE and a picture per gauge.\n\
                A time column (time_s, time_min, or time with stamps like 2026-07-01T08:30:00+08:00) and a column \
                per gauge: the name of its [[place]], then depth (above the ground) or level (on the datum of the \
                terrain), then the unit: underpass_depth_m, mill_gate_level_m. Or one line per reading: \
                time,place,level_m. An empty cell is a gap. ${data}/... lies under --data."
        )]
        observed: Option<PathBuf>,
    },
    /// Read a scenario and its files, say what was understood, run nothing
    #[command(after_help = "Examples:\n  tuiyan check leak.toml\n  tuiyan check leak.toml --json")]
    Check {
        /// Scenario file (TOML)
        scenario: PathBuf,
    },
    /// Hold one flood result against another: where is more water, where it comes earlier
    #[command(
        after_help = "Examples:\n  tuiyan compare out/before out/after --out difference\n  tuiyan compare out/before out/after --json\n\n\
            Leaves max_depth_difference and arrival_time_difference as GeoTIFF and as maps (red: more water\n\
            or earlier in B), area_by_depth.csv with the critical success index, hit rate and false alarm ratio,\n\
            and places_compared.csv and zones_compared.csv where both results have places and zones."
    )]
    Compare {
        /// Result folder of the first run, A
        #[arg(value_name = "RUN_A")]
        first: PathBuf,
        /// Result folder of the second run, B; differences are B minus A
        #[arg(value_name = "RUN_B")]
        second: PathBuf,
    },
    /// Many scenarios computed ahead: plan, build, ask
    Library {
        #[command(subcommand)]
        command: LibraryCommand,
    },
    /// List what there is to choose from
    #[command(after_help = "Examples:\n  tuiyan list devices\n  tuiyan list substances --json")]
    List {
        /// What to list
        what: Listing,
    },
    /// Compare the models with exact solutions and published numbers
    #[command(
        after_help = "Examples:\n  tuiyan validate\n  tuiyan validate flood --json\n  tuiyan validate gas-dense --data data --report book\n  tuiyan validate ritter --report book\n  tuiyan validate --long --data data"
    )]
    Validate {
        /// Groups (flood, gas) or cases; all quick ones when absent
        names: Vec<String>,
        /// Scheme of the flood solver, or all of them one after the other
        #[arg(long, value_name = "NAME|all")]
        scheme: Option<String>,
        /// Also the cases that take minutes
        #[arg(long)]
        long: bool,
        /// Writes a page with plots per case
        #[arg(long, value_name = "DIR")]
        report: Option<PathBuf>,
    },
    /// Measure how fast floods and puffs are computed on the processor and on each graphics device
    #[command(
        after_help = "Examples:\n  tuiyan bench\n  tuiyan bench --device gpu:0 --json\n  tuiyan bench --grid 4000x4000 --cell-size \"5 m\" --simulated 6h"
    )]
    Bench {
        /// Cells along each side of the trial area; what suits each device when absent
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(32..))]
        side: Option<u16>,
        /// Percent of the trial area that are wet, a basin in dry land; all of it when absent
        #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=99))]
        wet: Option<u8>,
        /// Columns and rows of a run whose time is to be forecast, for water 1 m deep
        #[arg(long, value_name = "COLUMNSxROWS", value_parser = parse_grid)]
        grid: Option<(usize, usize)>,
        /// Size of its cells
        #[arg(long, value_name = "LENGTH", default_value = "2 m", value_parser = parse_length, requires = "grid")]
        cell_size: f64,
        /// Its simulated time
        #[arg(long, value_name = "TIME", default_value = "1h", value_parser = parse_interval, requires = "grid")]
        simulated: Duration,
    },
    /// Print the JSON Schema of the scenario file, for editors
    #[command(after_help = "Examples:\n  tuiyan schema > tuiyan.schema.json\n  \
            then begin a scenario with  #:schema tuiyan.schema.json  for completion in an editor")]
    Schema,
    /// Print the sheet of a substance: properties, fire, breathing gear, published levels, with sources
    #[command(
        after_help = "Examples:\n  tuiyan show chlorine\n  tuiyan show 氨\n  tuiyan show 7783-06-4 --json"
    )]
    Show {
        /// Name in English or Chinese, formula or CAS number; tuiyan list substances shows them all
        substance: String,
    },
    /// Tell the whole story of a message, e.g. E2107
    #[command(after_help = "Examples:\n  tuiyan explain E2107\n  tuiyan explain 1014 --json")]
    Explain {
        /// Number of the message, with or without its letter
        code: String,
    },
}

/// What to do with a library.
#[derive(Debug, Subcommand)]
pub(crate) enum LibraryCommand {
    /// Check a plan; print members, size and time before anything runs
    #[command(
        after_help = "Examples:\n  tuiyan library plan examples/gas_library.toml\n  tuiyan library plan rain.toml --json"
    )]
    Plan {
        /// Plan (TOML): a base scenario and axes over its keys
        plan: PathBuf,
    },
    /// Compute the members of a plan into a store, or go on where a build stopped
    #[command(
        after_help = "Examples:\n  tuiyan library build examples/gas_library.toml --out winds\n  tuiyan library build rain.toml --out part2 --shard 2/10\n  tuiyan library build rain.toml --out some --range 0..100\n  tuiyan library build clouds.toml --out clouds --device gpu"
    )]
    Build {
        /// Plan (TOML)
        plan: PathBuf,
        /// Lines of the plan to compute, from 0; the end is not part of them
        #[arg(long, value_name = "A..B", value_parser = parse_range, conflicts_with = "shard")]
        range: Option<(u64, u64)>,
        /// Part I of N parts of the plan, from 1
        #[arg(long, value_name = "I/N", value_parser = parse_shard)]
        shard: Option<(u64, u64)>,
    },
    /// Tell how far a library has come: members, failures, size, content, remaining time
    #[command(after_help = "Examples:\n  tuiyan library status winds\n  tuiyan library status winds --json")]
    Status {
        /// Folder of the library
        dir: PathBuf,
    },
    /// Answer a question from the members around it; refuse what lies outside them
    #[command(
        after_help = "Examples:\n  tuiyan library query rains --rain \"50 mm/h\" --duration \"30 min\" --at 693700,3120500\n  tuiyan library query winds --wind SW --speed \"4 m/s\" --class D --hole \"25 mm\" --out answer\n  tuiyan library query rains --at 112.976,28.195        which members flood this place\n\n\
            Every axis of the plan is a flag of its name; --set KEY=VALUE with the key of the scenario says the same."
    )]
    Query {
        /// Folder of the library
        dir: PathBuf,
        /// A place: x,y in metres of the library's plane, or longitude,latitude
        #[arg(long, value_name = "X,Y", value_parser = parse_place, allow_hyphen_values = true)]
        at: Option<(f64, f64)>,
        /// How many of the nearest members to show
        #[arg(long, value_name = "N", default_value_t = 3, value_parser = parse_count)]
        nearest: usize,
    },
    /// Join parts of one library
    #[command(after_help = "Examples:\n  tuiyan library merge part-1 part-2 part-3 --out whole")]
    Merge {
        /// Folders of the parts
        #[arg(required = true, num_args = 2..)]
        parts: Vec<PathBuf>,
    },
    /// Statistics over all members: probabilities, percentiles, colours of risk
    #[command(
        after_help = "Examples:\n  tuiyan library export rains --depth \"0.15 m\" --percentile 95 --out statistics\n  tuiyan library export rains --matrix examples/risk_matrix.toml --sites firms.csv --out risk\n  tuiyan library export winds --cell \"25 m\" --people schools.csv --out exposure"
    )]
    Export(ExportWish),
    /// Write the build as a Slurm job array or a Kubernetes indexed job
    #[command(
        after_help = "Examples:\n  tuiyan library submit rain.toml --slurm --tasks 10 --out rains --script job.sh --send\n  tuiyan library submit rain.toml --kubernetes --tasks 10 --out rains > job.yaml"
    )]
    Submit(SubmitWish),
}

/// Statistics that are wanted.
#[derive(Debug, Args)]
pub(crate) struct ExportWish {
    /// Folder of the library
    pub dir: PathBuf,
    /// Depth whose probability is mapped (floods); may be given many times; 0.15 m when absent
    #[arg(long, value_name = "DEPTH")]
    pub depth: Vec<String>,
    /// Percentile of the depth to map (floods); may be given many times
    #[arg(long, value_name = "PERCENT", value_parser = parse_percent)]
    pub percentile: Vec<f64>,
    /// Cell of the map (gas); a 240th of its longer side when absent
    #[arg(long, value_name = "LENGTH")]
    pub cell: Option<String>,
    /// Matrix of risk: a file (TOML), or four-colours, which tuiyan list matrices prints for editing;
    /// the plan must say how often the event happens
    #[arg(long, value_name = "FILE")]
    pub matrix: Option<PathBuf>,
    /// Sites to grade (CSV with name, x_m, y_m or name, lon, lat)
    #[arg(long, value_name = "FILE", requires = "matrix")]
    pub sites: Option<PathBuf>,
    /// Places with people (CSV with name, x_m, y_m or lon, lat, and people): which members reach
    /// them, and how many people for each value of each axis
    #[arg(long, value_name = "FILE")]
    pub people: Option<PathBuf>,
}

/// An array of jobs that is wanted.
#[derive(Debug, Args)]
pub(crate) struct SubmitWish {
    /// Plan (TOML)
    pub plan: PathBuf,
    /// A job array for Slurm
    #[arg(long, conflicts_with = "kubernetes", required_unless_present = "kubernetes")]
    slurm: bool,
    /// An indexed job for Kubernetes
    #[arg(long)]
    kubernetes: bool,
    /// Number of tasks
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub tasks: u64,
    /// Image with the program (Kubernetes); tuiyan:latest when absent
    #[arg(long, value_name = "IMAGE", requires = "kubernetes")]
    pub image: Option<String>,
    /// File for the script; standard output when absent
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Hand the script over to sbatch or kubectl
    #[arg(long, requires = "script")]
    pub send: bool,
}

/// Engines for arrays of jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExportedJobs {
    Slurm,
    Kubernetes,
}

impl SubmitWish {
    /// The engine.
    pub(crate) fn jobs(&self) -> ExportedJobs {
        if self.slurm && !self.kubernetes { ExportedJobs::Slurm } else { ExportedJobs::Kubernetes }
    }
}

fn parse_place(text: &str) -> Result<(f64, f64), String> {
    let parts =
        text.split_once(',').and_then(|(x, y)| Some((x.trim().parse().ok()?, y.trim().parse().ok()?)));
    parts
        .filter(|(x, y): &(f64, f64)| x.is_finite() && y.is_finite())
        .ok_or_else(|| "write two numbers, e.g. 693700,3120500 or 112.976,28.195".to_owned())
}

fn parse_count(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|count| (1..=1000).contains(count))
        .ok_or_else(|| "write a number from 1 to 1000".to_owned())
}

fn parse_percent(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| "write a number from 0 to 100".to_owned())
}

fn parse_range(text: &str) -> Result<(u64, u64), String> {
    let parts = text.split_once("..").and_then(|(first, end)| Some((first.parse().ok()?, end.parse().ok()?)));
    parts
        .filter(|(first, end)| first < end)
        .ok_or_else(|| "write two lines with the smaller first, e.g. 0..100".to_owned())
}

fn parse_shard(text: &str) -> Result<(u64, u64), String> {
    let parts =
        text.split_once('/').and_then(|(number, count)| Some((number.parse().ok()?, count.parse().ok()?)));
    parts
        .filter(|&(number, count)| (1..=count).contains(&number))
        .ok_or_else(|| "write part and number of parts, e.g. 2/10".to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Hazard {
    /// A broken medium-pressure gas main
    Gas,
    /// A cloudburst over a city quarter
    Flood,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Listing {
    /// Graphics devices and their limits
    Devices,
    /// Substances with their levels
    Substances,
    /// Products a scenario can ask for
    Products,
    /// Presets of depth classes
    Presets,
    /// Matrices of risk
    Matrices,
    /// Storm formulas that come with the program
    Storms,
    /// Messages
    Messages,
}
