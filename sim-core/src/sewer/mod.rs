//! Engines of other people that route sewers: the EPA Storm Water Management Model.
//!
//! The engine is a library on the user's machine, opened when a scenario names a network.
//! This folder reads enough of its input file to join it to the surface ([`inp`]), writes a
//! copy that fits the run ([`fitted`]) and speaks to the library ([`swmm`]). What the two
//! exchange is decided in [`crate::flood::drainage`].

pub mod fitted;
pub mod inp;
mod library;
pub mod swmm;

pub use library::Library;

use std::path::Path;
use std::sync::Arc;

use crate::error::{Problems, Result};
use crate::flood::drainage::Network;

/// How a network is to be routed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Step, s.
    pub interval: f64,
    /// Time to route, s.
    pub duration: f64,
    /// Rain falls on the surface, so that the network's own must not fall.
    pub rain_on_surface: bool,
}

/// A network, read and ready.
#[derive(Debug, Clone)]
pub struct ReadyNetwork {
    /// What was read.
    pub inp: inp::Inp,
    /// The network for the engine.
    pub network: Arc<dyn Network>,
    /// The engine and its version.
    pub engine: String,
    /// Its date and time at the start, in words.
    pub begins: String,
}

/// Makes a network ready from its text; the library is looked for when the text is sound.
///
/// # Errors
/// Those of [`inp::read`], [`fitted::fitted`] and of the library.
pub fn ready(
    text: &str,
    path: &Path,
    shown_as: &str,
    library: impl FnOnce() -> Result<Arc<Library>>,
    terms: &Terms,
) -> Result<ReadyNetwork> {
    let inp = inp::read(text, shown_as)?;
    let option = |name: &str| inp.options.get(name).map(String::as_str);
    let in_file = |Problems(problems): Problems| {
        Problems(problems.into_iter().map(|problem| problem.in_file(shown_as)).collect())
    };
    let start = fitted::start(option("START_DATE"), option("START_TIME")).map_err(in_file)?;
    let fit = fitted::Fit {
        interval: terms.interval,
        duration: terms.duration,
        rain_on_surface: terms.rain_on_surface,
        folder: path.parent().unwrap_or(Path::new(".")),
    };
    let text = fitted::fitted(text, start, &fit).map_err(in_file)?;
    let library = library()?;
    let engine = format!("EPA SWMM {}", library.version());
    let network = swmm::SwmmNetwork {
        library,
        name: shown_as.to_owned(),
        text,
        nodes: inp.nodes.iter().map(|node| node.name.clone()).collect(),
        last_links: inp.last_links.clone(),
        flow_unit: inp.flow_unit,
        interval: terms.interval,
    };
    Ok(ReadyNetwork { inp, network: Arc::new(network), engine, begins: start.to_string() })
}
