//! What to make of a flood run: products, thresholds, depth classes.

use crate::error::Code;
use crate::flood::product;
use crate::run::flood::{DepthClass, ProductSettings};
use crate::scenario::depth_classes::{DepthPreset, depth_presets};
use crate::scenario::quantity::Dimension;
use crate::scenario::section::Section;

/// Depth from which standing water counts, m: one lane's depth at most 15 cm.
///
/// # Source
/// Chinese outdoor drainage design code, revision of 2014: criterion for waterlogging.
const WATERLOGGING_DEPTH: f64 = 0.15;

/// Area from which standing water counts, m²: about one parked car with room to get out.
const WATERLOGGING_AREA: f64 = 20.0;

/// Depths at named places whose first exceedance is told, m: kerb, closing of underpasses, small
/// cars, large off-road cars.
const PLACE_DEPTHS: [f64; 4] = [0.15, 0.27, 0.30, 0.50];

/// Interval of the series of depth at named places, s.
const PLACE_INTERVAL: f64 = 60.0;

/// What to make of the run, and what is asked of named places: depths, m, and interval, s.
pub(super) struct Wanted {
    pub(super) settings: ProductSettings,
    pub(super) place_depths: Vec<f64>,
    pub(super) place_interval: f64,
}

pub(super) fn read_products(root: &Section<'_>) -> Option<Wanted> {
    let section = root.section("products", "what to make of the run");
    let names: Vec<&str> = product::ALL.iter().map(|product| product.name()).collect();
    let wanted = section.texts("wanted", &names, "products to make; all but the ratings of hazard (hazard_...), which cost memory and time, when absent");
    let arrival_depth = section
        .quantity("arrival_depth", Dimension::Length, "depth from which water counts as arrived")
        .between(0.001, 100.0)
        .or(WATERLOGGING_DEPTH, "15 cm");
    let waterlogging_depth = section
        .quantity("waterlogging_depth", Dimension::Length, "depth from which an area counts as waterlogged")
        .between(0.001, 100.0)
        .or(WATERLOGGING_DEPTH, "15 cm");
    let waterlogging_area = section
        .quantity("waterlogging_area", Dimension::Area, "smallest area that counts as a waterlogging point")
        .between(0.0, 1e9)
        .or(WATERLOGGING_AREA, "20 m2");
    let classes = read_classes(&section);
    let place_depths = read_place_depths(&section);
    let place_interval = section
        .quantity("place_interval", Dimension::Time, "interval of the series of depth at named places")
        .between(0.1, 1e7)
        .or(PLACE_INTERVAL, "1 min");
    section.finish();
    let settings = ProductSettings {
        arrival_depth,
        waterlogging_depth,
        waterlogging_area,
        classes: classes?,
        wanted: wanted.map_or_else(
            || by_default().map(str::to_owned).collect(),
            |wanted| wanted.into_iter().map(|name| name.0).collect(),
        ),
    };
    Some(Wanted { settings, place_depths: place_depths?, place_interval })
}

/// Names of the products that are made where none is named.
fn by_default() -> impl Iterator<Item = &'static str> {
    product::ALL.iter().filter(|product| !product.is_on_request()).map(|product| product.name())
}

/// Depths as texts with their units, rising.
fn read_place_depths(section: &Section<'_>) -> Option<Vec<f64>> {
    let texts = section.texts(
        "place_depths",
        &[],
        "depths whose first exceedance is told for every named place; default 15, 27, 30 and 50 cm",
    );
    let Some(texts) = texts else { return Some(PLACE_DEPTHS.to_vec()) };
    let mut depths: Option<Vec<f64>> = Some(Vec::new());
    for (text, problem) in texts {
        let depth = Dimension::Length.parse(&text).ok().filter(|depth| (0.001..=100.0).contains(depth));
        if depth.is_none() {
            let mut problem = problem;
            problem.code = Code(1014);
            problem.text = format!("\"{text}\" is not a depth between 1 mm and 100 m");
            section.reading.report(problem.fix("write [\"15 cm\", \"27 cm\"]"));
        }
        depths = depths.zip(depth).map(|(mut depths, depth)| {
            depths.push(depth);
            depths
        });
    }
    let mut depths = depths?;
    depths.sort_by(f64::total_cmp);
    Some(depths)
}

fn read_classes(section: &Section<'_>) -> Option<Vec<DepthClass>> {
    let presets = depth_presets();
    let names: Vec<&str> = presets.iter().map(|preset| preset.name.as_str()).collect();
    let preset = section.choice("depth_classes", &names, "preset of depth classes; default cn-15-27-40-60");
    let own: Vec<_> = section
        .sections("depth_class", "own depth classes, in rising order, instead of a preset")
        .iter()
        .map(read_class)
        .collect();
    if own.is_empty() || section.describing() {
        let wanted = preset.unwrap_or("cn-15-27-40-60");
        return presets.iter().find(|preset| preset.name == wanted).map(DepthPreset::classes);
    }
    let classes: Vec<DepthClass> = own.into_iter().collect::<Option<_>>()?;
    if classes.windows(2).all(|pair| pair[0].from < pair[1].from) {
        return Some(classes);
    }
    section.report(1025, "depth_class", "the classes do not rise", "order them by from");
    None
}

fn read_class(section: &Section<'_>) -> Option<DepthClass> {
    let from = section
        .quantity("from", Dimension::Length, "lower limit of the class")
        .between(0.0, 100.0)
        .required();
    let label = section.required_text("label", "text of the legend", "over 30 cm");
    let label_zh = section.text("label_zh", "text of the legend, Chinese");
    let colour = section.required_text("colour", "colour as #rrggbb", "#4292c6");
    section.finish();
    let parsed = colour.and_then(|text| {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let channel = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
        Some([channel(0)?, channel(2)?, channel(4)?])
    });
    if colour.is_some() && parsed.is_none() {
        section.report(1013, "colour", "not a colour", "write six hexadecimal digits: \"#4292c6\"");
    }
    let label = label?.to_owned();
    Some(DepthClass {
        from: from?,
        label_zh: label_zh.map_or_else(|| label.clone(), str::to_owned),
        label,
        colour: parsed?,
    })
}
