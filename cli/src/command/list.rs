//! `tuiyan list`.

use serde_json::{Value, json};
use sim_core::error::catalogue;
use sim_core::gas::substance;
use sim_core::scenario::{depth_presets, storm_formulas};
use sim_core::{flood, gas};

use crate::args::{Listing, Shared};
use crate::command::Outcome;
use crate::command::library::{FOUR_COLOURS, FOUR_COLOURS_TEXT};
use crate::report::{self, say};

/// Prints one of the lists.
pub(crate) fn list(what: Listing, shared: &Shared) -> Outcome {
    let (document, lines) = match what {
        Listing::Devices => devices(),
        Listing::Substances => substances(),
        Listing::Products => products(),
        Listing::Presets => presets(),
        Listing::Matrices => matrices(),
        Listing::Storms => storms(),
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
    lines.push(
        "Floods and puffs run on graphics devices (--device auto, gpu or gpu:N), all else on the processor."
            .into(),
    );
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

fn matrices() -> (Value, Vec<String>) {
    let lines = std::iter::once(format!(
        "# --matrix {FOUR_COLOURS}; save this text, edit it and name the file instead"
    ))
    .chain(FOUR_COLOURS_TEXT.lines().map(str::to_owned));
    (json!([{ "name": FOUR_COLOURS, "text": FOUR_COLOURS_TEXT }]), lines.collect())
}

fn storms() -> (Value, Vec<String>) {
    /// Seconds in a minute: ranges are shown as formula files give them.
    const MINUTE: f64 = sim_core::units::MINUTE;
    let (mut lines, mut document) = (Vec::new(), Vec::new());
    for (name, storm) in storm_formulas() {
        let (years, seconds) = (storm.formula.return_periods_years(), storm.formula.durations());
        let minutes = (seconds.0 / MINUTE, seconds.1 / MINUTE);
        let source = storm.source.as_ref();
        let page = source.and_then(|source| source.page.as_deref());
        lines.push(format!("{name:<16} {}", storm.place));
        lines.push(format!("{:<16} {}", "", storm.equation));
        let range = format!("P {} years, t {} min", span(years), span(minutes));
        lines.push(format!("{:<16} valid: {range}; sampling: {}", "", storm.sampling));
        if let Some(note) = &storm.note {
            lines.push(format!("{:<16} note: {note}", ""));
        }
        if let Some(source) = source {
            let page = page.map_or_else(String::new, |page| format!(", {page}"));
            lines.push(format!("{:<16} source: {}{page}", "", source.title));
            lines.push(format!("{:<16} {}", "", source.url));
        }
        document.push(json!({
            "name": name,
            "place": storm.place,
            "equation": storm.equation,
            "return_period_years": [years.0, years.1],
            "duration_min": [minutes.0, minutes.1],
            "sampling": storm.sampling,
            "note": storm.note,
            "source": source.map(|source| json!({
                "title": source.title,
                "url": source.url,
                "page": source.page,
            })),
            "sha256": storm.sha256,
        }));
    }
    (document.into(), lines)
}

/// A range for people.
fn span(range: (f64, f64)) -> String {
    if range.0 == range.1 { range.0.to_string() } else { format!("{} to {}", range.0, range.1) }
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
