//! A network routed by EPA SWMM 5.

use std::ffi::{CString, c_int};
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;

use super::library::Library;
use crate::error::{Problem, Result};
use crate::flood::drainage::{Engine, Network, Now};

/// Kinds of objects and properties of the library.
///
/// # Source
/// `swmm5.h` of version 5.2.4.
mod code {
    use std::ffi::c_int;
    pub(super) const NODE: c_int = 2;
    pub(super) const LINK: c_int = 3;
    pub(super) const NODE_TYPE: c_int = 300;
    pub(super) const NODE_LATERAL_INFLOW: c_int = 306;
    pub(super) const NODE_OVERFLOW: c_int = 308;
    pub(super) const LINK_FLOW: c_int = 410;
    /// Type of a node that is an outfall.
    pub(super) const OUTFALL: f64 = 1.0;
}

/// Seconds in a day, the unit of time of the library.
const DAY: f64 = 86_400.0;

/// Largest deviation of a step from the interval, s: the library counts milliseconds in days.
const STEP_TOLERANCE: f64 = 1e-5;

/// True while a network is under way: the library holds one per process.
static IS_BUSY: AtomicBool = AtomicBool::new(false);

/// A network that SWMM can route.
#[derive(Debug, Clone)]
pub struct SwmmNetwork {
    /// The library.
    pub library: Arc<Library>,
    /// Name of the original file, for messages.
    pub name: String,
    /// Text that the engine reads ([`super::fitted`]).
    pub text: String,
    /// Names of the nodes in the order of [`Engine`].
    pub nodes: Vec<String>,
    /// Links with an end at an outfall, and whether they lead to it (1) or from it (-1).
    pub last_links: Vec<(String, f64)>,
    /// m³/s in one flow unit of the text.
    pub flow_unit: f64,
    /// Step, s.
    pub interval: f64,
}

impl Network for SwmmNetwork {
    fn open(&self) -> Result<Box<dyn Engine>> {
        let turn = Turn::take().ok_or_else(|| {
            Problem::error(
                2482,
                "another run of this process is routing sewers; SWMM can route one at a time",
            )
            .in_file(&self.name)
            .fix("run one after the other, or each in a process of its own")
        })?;
        Ok(Box::new(Swmm::open(self, turn)?))
    }
}

/// The right to use the library; given back when dropped.
#[derive(Debug)]
struct Turn;

impl Turn {
    fn take() -> Option<Self> {
        IS_BUSY.compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire).ok().map(|_| Self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        IS_BUSY.store(false, Ordering::Release);
    }
}

/// SWMM with one network open.
struct Swmm {
    library: Arc<Library>,
    name: String,
    flow_unit: f64,
    interval: f64,
    /// Indices of the nodes, in the order of [`Engine`].
    nodes: Vec<c_int>,
    /// Indices of all nodes.
    count: c_int,
    outfalls: Vec<c_int>,
    /// Links that end at an outfall, and whether they lead to it or from it.
    last_links: Vec<(c_int, f64)>,
    inflows: Vec<f64>,
    spilled: Vec<f64>,
    outflow: f64,
    own: f64,
    elapsed: f64,
    /// Everything that came in, m³, as SWMM counts it.
    came: f64,
    came_rate: f64,
    is_open: bool,
    // The engine must be closed before the folder goes, and the turn is given back last.
    _folder: TempDir,
    _turn: Turn,
}

impl Swmm {
    fn open(network: &SwmmNetwork, turn: Turn) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|reason| disk(&network.name, &reason))?;
        let input = folder.path().join("network.inp");
        fs::write(&input, &network.text).map_err(|reason| disk(&network.name, &reason))?;
        let mut engine = Self {
            library: Arc::clone(&network.library),
            name: network.name.clone(),
            flow_unit: network.flow_unit,
            interval: network.interval,
            nodes: Vec::new(),
            count: 0,
            outfalls: Vec::new(),
            last_links: Vec::new(),
            inflows: vec![0.0; network.nodes.len()],
            spilled: vec![0.0; network.nodes.len()],
            outflow: 0.0,
            own: 0.0,
            elapsed: 0.0,
            came: 0.0,
            came_rate: 0.0,
            is_open: true,
            _folder: folder,
            _turn: turn,
        };
        let report = input.with_extension("rpt");
        let path = |path: &Path| CString::new(path.display().to_string());
        let no_path =
            |_| Problem::error(2483, "the folder for temporary files has a name that SWMM cannot read");
        let (input, output) =
            (path(&input).map_err(no_path)?, path(&input.with_extension("out")).map_err(no_path)?);
        let opened = engine.library.open(&input, &path(&report).map_err(no_path)?, &output);
        if opened != 0 {
            return Err(engine.refused(&report).into());
        }
        if engine.library.start() != 0 {
            return Err(engine.refused(&report).into());
        }
        engine.find_objects(&network.nodes, &network.last_links)?;
        Ok(engine)
    }

    /// Looks up where everything is that is asked in every interval.
    fn find_objects(&mut self, names: &[String], last_links: &[(String, f64)]) -> Result<()> {
        let library = &self.library;
        self.count = library.count(code::NODE);
        for name in names {
            let index = library.index(code::NODE, name);
            if index < 0 {
                return Err(self.stopped(format!("SWMM does not know the node '{name}'")).into());
            }
            self.nodes.push(index);
        }
        let is_outfall = |index: c_int| library.get(code::NODE_TYPE, index) == code::OUTFALL;
        self.outfalls = (0..self.count).filter(|&index| is_outfall(index)).collect();
        for (name, sign) in last_links {
            let index = library.index(code::LINK, name);
            if index < 0 {
                return Err(self.stopped(format!("SWMM does not know the link '{name}'")).into());
            }
            self.last_links.push((index, *sign));
        }
        Ok(())
    }

    /// What SWMM had to say against a network: its message and the errors of its report.
    fn refused(&mut self, report: &Path) -> Problem {
        let message = self.library.message();
        // Closed first: what it wrote may not have reached the file before.
        self.close_library();
        let text = fs::read_to_string(report).unwrap_or_default();
        let errors: Vec<&str> =
            text.lines().map(str::trim).filter(|line| line.starts_with("ERROR")).take(10).collect();
        let told = if errors.is_empty() { message } else { errors.join("; ") };
        Problem::error(2483, format!("SWMM refuses the network: {told}"))
            .in_file(&self.name)
            .fix("open the file in SWMM, mend what it says, and save it again")
    }

    fn close_library(&mut self) {
        if self.is_open {
            self.library.end();
            self.library.close();
            self.is_open = false;
        }
    }

    fn stopped(&self, text: String) -> Problem {
        Problem::error(2484, text)
            .in_file(&self.name)
            .at_spot(format!("{:.1} s after the start", self.elapsed))
            .fix("give a shorter step in [sewers]; if it stays, look at the network in SWMM")
    }

    /// Reads what the network does at the end of a step.
    fn look(&mut self) {
        let (library, unit) = (&self.library, self.flow_unit);
        let get = |property, index| library.get(property, index) * unit;
        for (spilled, &node) in self.spilled.iter_mut().zip(&self.nodes) {
            *spilled = get(code::NODE_OVERFLOW, node);
        }
        let lateral: f64 = (0..self.count).map(|node| get(code::NODE_LATERAL_INFLOW, node)).sum();
        self.own = lateral - self.inflows.iter().sum::<f64>();
        let into_outfalls: f64 = self.outfalls.iter().map(|&node| get(code::NODE_LATERAL_INFLOW, node)).sum();
        let through: f64 =
            self.last_links.iter().map(|&(link, sign)| sign * get(code::LINK_FLOW, link)).sum();
        self.outflow = through + into_outfalls;
        let rate = lateral.max(0.0) + (-self.outflow).max(0.0);
        self.came += 0.5 * (self.came_rate + rate) * self.interval;
        self.came_rate = rate;
    }
}

impl Engine for Swmm {
    fn advance(&mut self, inflows: &[f64]) -> Result<()> {
        for (&node, &inflow) in self.nodes.iter().zip(inflows) {
            self.library.set(code::NODE_LATERAL_INFLOW, node, inflow / self.flow_unit);
        }
        self.inflows.copy_from_slice(inflows);
        let days = self.library.step().map_err(|code| {
            self.stopped(format!("SWMM stopped with error {code}: {}", self.library.message()))
        })?;
        let elapsed = days * DAY;
        if (elapsed - self.elapsed - self.interval).abs() > STEP_TOLERANCE {
            let step = elapsed - self.elapsed;
            return Err(self
                .stopped(format!("SWMM took a step of {step} s instead of {} s", self.interval))
                .into());
        }
        self.elapsed = elapsed;
        self.look();
        Ok(())
    }

    fn now(&self) -> Now<'_> {
        Now { spilled: &self.spilled, outfalls: self.outflow, own: self.own }
    }

    fn close(&mut self) -> Result<f64> {
        let code = self.library.end();
        if code != 0 {
            return Err(self
                .stopped(format!("SWMM ended with error {code}: {}", self.library.message()))
                .into());
        }
        let error = self.library.flow_error() / 100.0 * self.came;
        self.close_library();
        Ok(error)
    }
}

impl Drop for Swmm {
    fn drop(&mut self) {
        self.close_library();
    }
}

fn disk(name: &str, reason: &std::io::Error) -> Problem {
    Problem::error(2483, format!("the copy of the network for SWMM cannot be written: {reason}"))
        .in_file(name)
        .fix("free some room in the folder for temporary files")
}
