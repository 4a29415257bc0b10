//! What the ground takes: one soil everywhere, or one per class of land cover.

use crate::flood::infiltration::{self, Law, Soil, Soils, curve_number};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

/// Key of the law among those of a class of land cover.
const MODEL_OF_CLASS: &str = "infiltration";

/// Ground that takes nothing.
const SEALED: &str = "none";

/// Fastest rate at which ground takes water, m/s: gravel.
const FASTEST: f64 = 1e-2;

/// Keys of the laws, and which law they belong to.
const KEYS: [(&str, &[Law]); 10] = [
    ("rate", &[Law::Constant, Law::InitialContinuing]),
    ("initial", &[Law::InitialContinuing]),
    ("first_rate", &[Law::Horton]),
    ("last_rate", &[Law::Horton]),
    ("decay_time", &[Law::Horton]),
    ("conductivity", &[Law::GreenAmpt]),
    ("suction", &[Law::GreenAmpt]),
    ("deficit", &[Law::GreenAmpt]),
    ("curve_number", &[Law::CurveNumber]),
    ("initial_share", &[Law::CurveNumber]),
];

/// Reads `[infiltration]`: one soil everywhere; none when the section is absent.
pub(super) fn read(root: &Section<'_>) -> Option<Soils> {
    let section =
        root.optional_section("infiltration", "water that the ground takes, the same soil everywhere");
    if !section.is_present() && !section.describing() {
        return Some(Soils::none());
    }
    let soil = read_soil(&section, "model");
    section.finish();
    soil.map(Soils::everywhere)
}

/// Reads the soil of a class, or none where the class has no key of one.
pub(super) fn of_class(section: &Section<'_>) -> Option<Option<Soil>> {
    let has_any = section.has(MODEL_OF_CLASS) || KEYS.iter().any(|(key, _)| section.has(key));
    if has_any || section.describing() {
        return read_soil(section, MODEL_OF_CLASS).map(Some);
    }
    [MODEL_OF_CLASS].into_iter().chain(KEYS.map(|key| key.0)).for_each(|key| section.know(key));
    Some(None)
}

/// Reads the law named by `key` and its numbers.
fn read_soil(section: &Section<'_>, key: &str) -> Option<Soil> {
    let names: Vec<&str> = [SEALED].into_iter().chain(infiltration::ALL.iter().map(|law| law.1)).collect();
    let name = section.required_choice(key, &names, "law by which the ground takes water, or none");
    let law = name.and_then(|name| infiltration::ALL.iter().find(|law| law.1 == name)).map(|law| law.0);
    let numbers = Numbers::read(section);
    let name = name?;
    let right = section.has_only_own(
        KEYS.map(|(key, laws)| (key, law.is_some_and(|law| laws.contains(&law)))),
        (1080, &format!("the law \"{name}\""), "remove it, or choose the law that it belongs to"),
    );
    let soil = match law {
        None => Some(Soil::Sealed),
        Some(law) => numbers.soil(section, law),
    };
    soil.filter(|_| right)
}

/// All numbers that any law asks for.
struct Numbers {
    rate: Option<f64>,
    initial: Option<f64>,
    first_rate: Option<f64>,
    last_rate: Option<f64>,
    decay_time: Option<f64>,
    conductivity: Option<f64>,
    suction: Option<f64>,
    deficit: Option<f64>,
    curve_number: Option<f64>,
    initial_share: Option<f64>,
}

impl Numbers {
    fn read(section: &Section<'_>) -> Self {
        let rate = |key: &str, meaning: &str| {
            section.quantity(key, Dimension::RainRate, meaning).between(0.0, FASTEST).optional()
        };
        let depth = |key: &str, meaning: &str, most: f64| {
            section.quantity(key, Dimension::Length, meaning).between(0.0, most).optional()
        };
        Self {
            rate: rate("rate", "rate (constant), or rate after the first depth (initial-continuing)"),
            initial: depth("initial", "depth that is taken first (initial-continuing)", 1.0),
            first_rate: rate("first_rate", "rate of ground that has taken nothing (horton)"),
            last_rate: rate("last_rate", "rate that is left in the end (horton)"),
            decay_time: section
                .quantity(
                    "decay_time",
                    Dimension::Time,
                    "time in which the difference of the rates falls to 37 % (horton): one over its decay constant",
                )
                .between(60.0, 1e6)
                .optional(),
            conductivity: rate("conductivity", "hydraulic conductivity behind the wetting front (green-ampt)"),
            suction: depth("suction", "suction head at the wetting front (green-ampt)", 10.0),
            deficit: section
                .number("deficit", "share of the volume of the soil that water can still fill (green-ampt)")
                .between(0.0, 0.7)
                .optional(),
            curve_number: section
                .number("curve_number", "SCS curve number (curve-number)")
                .between(30.0, 100.0)
                .optional(),
            initial_share: section
                .number(
                    "initial_share",
                    "share of the potential retention kept back first (curve-number); 0.2 in TR-55, the default",
                )
                .between(0.0, 0.5)
                .optional(),
        }
    }

    fn soil(&self, section: &Section<'_>, law: Law) -> Option<Soil> {
        let needs = |key: &str, value: Option<f64>| {
            if value.is_none() && !section.has(key) {
                let example = match key {
                    "deficit" => "0.3",
                    "curve_number" => "80",
                    "initial" | "suction" => "\"110 mm\"",
                    "decay_time" => "\"15 min\"",
                    _ => "\"3 mm/h\"",
                };
                section.report(1012, key, "missing beside its law", format!("add {key} = {example}"));
            }
            value
        };
        match law {
            Law::Constant => Some(Soil::Constant { rate: needs("rate", self.rate)? }),
            Law::InitialContinuing => {
                let (initial, rate) = (needs("initial", self.initial), needs("rate", self.rate));
                Some(Soil::InitialContinuing { initial: initial?, rate: rate? })
            }
            Law::Horton => {
                let first_rate = needs("first_rate", self.first_rate);
                let last_rate = needs("last_rate", self.last_rate);
                let decay = needs("decay_time", self.decay_time);
                let (first_rate, last_rate, decay) = (first_rate?, last_rate?, 1.0 / decay?);
                if last_rate > first_rate {
                    section.report(
                        1081,
                        "last_rate",
                        "the last rate is above the first one: the ground would drink faster the wetter it is",
                        "exchange the two",
                    );
                    return None;
                }
                Some(Soil::Horton { first_rate, last_rate, decay })
            }
            Law::GreenAmpt => {
                let conductivity = needs("conductivity", self.conductivity);
                let suction = needs("suction", self.suction);
                let deficit = needs("deficit", self.deficit);
                Some(Soil::GreenAmpt { conductivity: conductivity?, suction: suction?, deficit: deficit? })
            }
            Law::CurveNumber => {
                let number = needs("curve_number", self.curve_number)?;
                let usual = (curve_number::INITIAL_SHARE, None);
                let initial_share = section.or_of_kind("initial_share", self.initial_share, usual);
                Some(Soil::CurveNumber { number, initial_share })
            }
        }
    }
}
