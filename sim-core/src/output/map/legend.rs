//! The panel beside a map: what its colours and numbers mean.

use geo_types::Geometry;

use super::canvas::{Area, Canvas, Colour};
use super::ground;
use super::markers::{BADGE, draw_badge};
use super::overlay::{DARK, darker, dot, layer_alpha};
use super::text::{Align, Fonts, Style};
use super::view::View;
use crate::product::{Feature, FieldInfo, Map, Raster, Shapes};

/// Width of the panel, pixels.
pub(super) const PANEL_WIDTH: f32 = 340.0;

/// Most entries of one layer of shapes; a longer list is one entry with a count.
const MOST_ENTRIES: usize = 8;

/// Most numbered places in the list; the rest is counted.
const MOST_MARKERS: usize = 20;

const SWATCH: (f32, f32) = (40.0, 26.0);
const ROW_GAP: f32 = 7.0;
const BLOCK_GAP: f32 = 26.0;
const HEAD: Style = Style { size: 21.0, bold: true, colour: DARK, halo: None };
const BODY: Style = Style { size: 19.0, bold: false, colour: DARK, halo: None };
const SMALL: Style = Style { size: 16.0, bold: false, colour: [90, 98, 112, 255], halo: None };

/// What stands at the left of a row.
enum Sign {
    None,
    Class(Colour),
    Area([u8; 3], u8),
    Line([u8; 3]),
    Dot([u8; 3]),
    Number(usize),
}

/// One line or more with a sign.
struct Row {
    sign: Sign,
    lines: Vec<String>,
    style: Style,
    gap: f32,
}

impl Row {
    fn height(&self) -> f32 {
        let text = self.lines.len() as f32 * (self.style.size + 4.0);
        let sign = match self.sign {
            Sign::None => 0.0,
            Sign::Class(_) | Sign::Area(..) | Sign::Line(_) | Sign::Dot(_) => SWATCH.1,
            Sign::Number(_) => 2.0 * BADGE,
        };
        text.max(sign)
    }
}

/// The panel, laid out but not yet drawn.
pub(super) struct Legend {
    rows: Vec<Row>,
}

impl Legend {
    /// Lays out the panel.
    pub(super) fn new(
        fonts: &Fonts,
        raster: Option<&Raster>,
        layers: &[&Shapes],
        map: &Map,
        view: &View,
    ) -> Self {
        let mut legend = Self { rows: Vec::new() };
        let markers = &map.markers;
        if let Some(raster) = raster {
            legend.heading(fonts, &raster.info);
            // The worst class first, as on a gauge.
            for class in raster.classes.iter().rev() {
                legend.row(fonts, Sign::Class(ground::legend_colour(class.colour)), &class.label);
            }
        }
        if let Some(closed) = &map.closed {
            legend.row(fonts, Sign::Class(ground::CLOSED), &closed.label);
        }
        for layer in layers {
            legend.shapes(fonts, layer, layer_alpha(map, layer));
        }
        if !markers.is_empty() {
            legend.plain(fonts, "Places", HEAD, BLOCK_GAP);
            for (i, (x, y, label)) in markers.iter().take(MOST_MARKERS).enumerate() {
                let outside = if view.shows(*x, *y) { "" } else { " (outside the map)" };
                legend.row(fonts, Sign::Number(i + 1), &format!("{}{outside}", fonts.drawable(label)));
            }
            legend.count_rest(fonts, markers.len(), MOST_MARKERS);
        }
        legend
    }

    /// Height of the panel, pixels.
    pub(super) fn height(&self) -> f32 {
        self.rows.iter().map(|row| row.gap + row.height()).sum()
    }

    /// Draws the panel with its upper left corner at a point of the page.
    pub(super) fn draw(&self, canvas: &mut Canvas, fonts: &Fonts, left: f32, top: f32) {
        let mut y = top;
        for (i, row) in self.rows.iter().enumerate() {
            y += if i == 0 { 0.0 } else { row.gap };
            let middle = y + 0.5 * row.height();
            draw_sign(canvas, fonts, &row.sign, left, middle);
            let indent = if matches!(row.sign, Sign::None) { 0.0 } else { SWATCH.0 + 12.0 };
            let line_height = row.style.size + 4.0;
            let first = middle - 0.5 * line_height * (row.lines.len() as f32 - 1.0);
            for (j, line) in row.lines.iter().enumerate() {
                let at = (left + indent, first + j as f32 * line_height);
                fonts.draw(canvas, line, at, Align::Left, &row.style);
            }
            y += row.height();
        }
    }

    fn shapes(&mut self, fonts: &Fonts, layer: &Shapes, alpha: u8) {
        self.heading(fonts, &layer.info);
        let mut entries: Vec<&Feature> = Vec::new();
        for feature in &layer.features {
            let is_same = |other: &&Feature| other.label == feature.label && other.colour == feature.colour;
            if !entries.iter().any(is_same) {
                entries.push(feature);
            }
        }
        match entries.first() {
            None => self.plain(fonts, "none", SMALL, ROW_GAP),
            Some(first) if entries.len() > MOST_ENTRIES => {
                let text = format!("{} in all; each in the data files", layer.features.len());
                self.row(fonts, sign_of(first, alpha), &text);
            }
            Some(_) => {
                for feature in entries {
                    self.row(fonts, sign_of(feature, alpha), &feature.label);
                }
            }
        }
    }

    fn heading(&mut self, fonts: &Fonts, info: &FieldInfo) {
        let unit = match info.unit.as_str() {
            // Labels of classes of time tell minutes or hours, whatever the file counts.
            "" | "1" | "s" => String::new(),
            "1e-6" => " (ppm)".to_owned(),
            unit => format!(" ({})", pretty(unit)),
        };
        self.plain(fonts, &format!("{}{unit}", info.title), HEAD, BLOCK_GAP);
    }

    fn count_rest(&mut self, fonts: &Fonts, all: usize, shown: usize) {
        if all > shown {
            self.plain(fonts, &format!("and {} more in the data files", all - shown), SMALL, ROW_GAP);
        }
    }

    fn plain(&mut self, fonts: &Fonts, text: &str, style: Style, gap: f32) {
        self.rows.push(Row { sign: Sign::None, lines: fonts.wrap(text, PANEL_WIDTH, &style), style, gap });
    }

    fn row(&mut self, fonts: &Fonts, sign: Sign, text: &str) {
        let lines = fonts.wrap(text, PANEL_WIDTH - SWATCH.0 - 12.0, &BODY);
        self.rows.push(Row { sign, lines, style: BODY, gap: ROW_GAP });
    }
}

fn sign_of(feature: &Feature, alpha: u8) -> Sign {
    match feature.geometry {
        Geometry::Point(_) | Geometry::MultiPoint(_) => Sign::Dot(feature.colour),
        Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => {
            Sign::Line(feature.colour)
        }
        _ => Sign::Area(feature.colour, alpha),
    }
}

fn draw_sign(canvas: &mut Canvas, fonts: &Fonts, sign: &Sign, left: f32, middle: f32) {
    let swatch = Area { left, top: middle - 0.5 * SWATCH.1, width: SWATCH.0, height: SWATCH.1 };
    match sign {
        Sign::None => {}
        Sign::Class(colour) => {
            canvas.fill(&swatch, *colour);
            canvas.frame(&swatch, 1.0, [107, 114, 128, 255]);
        }
        Sign::Area([red, green, blue], alpha) => {
            canvas.fill(&swatch, [*red, *green, *blue, *alpha]);
            canvas.frame(&swatch, 2.4, darker([*red, *green, *blue]));
        }
        Sign::Line(colour) => {
            canvas.stroke(&[vec![(left, middle), (left + SWATCH.0, middle)]], false, 3.0, darker(*colour));
        }
        Sign::Dot([red, green, blue]) => {
            let at = (left + 0.5 * SWATCH.0, middle);
            dot(canvas, at, [*red, *green, *blue, 255], darker([*red, *green, *blue]));
        }
        Sign::Number(number) => draw_badge(canvas, fonts, (left + 0.5 * SWATCH.0, middle), *number),
    }
}

/// A unit with raised exponents: `kg m-3` as kg m⁻³.
fn pretty(unit: &str) -> String {
    let raised = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        other => other,
    };
    let words = unit.split(' ').map(|word| {
        let letters = word.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit());
        let exponent: String = word[letters.len()..].chars().map(raised).collect();
        if letters.is_empty() { word.to_owned() } else { format!("{letters}{exponent}") }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_raised_and_numbers_are_not() {
        assert_eq!(pretty("kg m-3"), "kg m⁻³");
        assert_eq!(pretty("m2 s-1"), "m² s⁻¹");
        assert_eq!(pretty("m"), "m");
        assert_eq!(pretty("1000 people"), "1000 people");
    }
}
