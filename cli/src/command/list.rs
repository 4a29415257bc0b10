//! `tuiyan list`.

use serde_json::{Value, json};
use sim_core::error::catalogue;
use sim_core::gas::substance;
use sim_core::scenario::depth_presets;
use sim_core::{flood, gas};

use crate::args::{Listing, Shared};
use crate::command::Outcome;
use crate::report::{self, say};

/// Prints one of the lists.
pub(crate) fn list(what: Listing, shared: &Shared) -> Outcome {
    let (document, lines) = match what {
        Listing::Devices => devices(),
        Listing::Substances => substances(),
        Listing::Products => products(),
        Listing::Presets => presets(),
        Listing::Messages => messages(),
    };
    if shared.json {
        say(&report::json(&document));
    } else {
        lines.iter().for_each(|line| say(line));
    }
    Ok(report::DONE)
}

fn devices() -> (Value, Vec<String>) {
    let adapters = sim_gpu::adapters();
    let mut lines = vec!["cpu      the processor; every solver runs here".to_owned()];
    for (index, adapter) in adapters.iter().enumerate() {
        lines.push(adapter_line(index, adapter));
    }
    if adapters.is_empty() {
        lines.push("no graphics device was found: either there is none, or no Vulkan, Metal or DirectX 12 driver is installed".into());
    }
    lines.push("This version has no solver for graphics devices yet.".into());
    (json!({ "gpu": adapters }), lines)
}

fn adapter_line(index: usize, adapter: &sim_gpu::AdapterInfo) -> String {
    let fields = serde_json::to_value(adapter).unwrap_or_default();
    let words: Vec<String> = fields
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("{} {}", name.replace('_', " "), value.to_string().trim_matches('"')))
        .collect();
    format!("gpu:{index}    {}", words.join(", "))
}

fn substances() -> (Value, Vec<String>) {
    let all = substance::all();
    let lines = all
        .iter()
        .map(|entry| {
            format!(
                "{:<20} {:<8} CAS {:<12} {:>7.3} g/mol",
                entry.name,
                entry.name_zh,
                entry.cas,
                entry.molar_mass.value * 1e3
            )
        })
        .collect();
    (
        json!(
            all.iter()
                .map(|entry| json!({ "name": entry.name, "name_zh": entry.name_zh, "cas": entry.cas }))
                .collect::<Vec<_>>()
        ),
        lines,
    )
}

fn products() -> (Value, Vec<String>) {
    let flood = flood::product::ALL.iter().map(|product| ("flood", product.name(), product.meaning()));
    let gas = gas::product::ALL.iter().map(|product| ("gas", product.name(), product.meaning()));
    let all: Vec<_> = flood.chain(gas).collect();
    let lines =
        all.iter().map(|(hazard, name, meaning)| format!("{hazard:<6} {name:<22} {meaning}")).collect();
    let document = all
        .iter()
        .map(|(hazard, name, meaning)| json!({ "hazard": hazard, "name": name, "meaning": meaning }))
        .collect();
    (document, lines)
}

fn presets() -> (Value, Vec<String>) {
    let all = depth_presets();
    let lines = all
        .iter()
        .map(|preset| format!("{:<16} {}\n{:<16} source: {}", preset.name, preset.meaning, "", preset.source))
        .collect();
    let document = all
        .iter()
        .map(|preset| json!({ "name": preset.name, "meaning": preset.meaning, "source": preset.source }))
        .collect();
    (document, lines)
}

fn messages() -> (Value, Vec<String>) {
    let all = catalogue();
    let lines = all.iter().map(|page| format!("{}  {}  {}", page.code, page.title, page.title_zh)).collect();
    let document = all
        .iter()
        .map(|page| json!({ "code": page.code, "title": page.title, "title_zh": page.title_zh }))
        .collect();
    (document, lines)
}
