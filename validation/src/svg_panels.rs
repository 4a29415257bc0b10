//! Draws many small plots over logarithmic axes side by side.

use std::fmt::Write;

use crate::figure::{Curve, Panel, Stroke};
use crate::svg::escaped;

/// Width and height of a panel with its numbers.
const PANEL: (f64, f64) = (235.0, 205.0);
/// Left, right, top and bottom margin inside a panel.
const MARGIN: [f64; 4] = [48.0, 8.0, 22.0, 24.0];
/// Panels in a row.
const COLUMNS: usize = 4;
/// Height of the title and of a line of the legend.
const LINE: f64 = 20.0;
/// Width of an entry of the legend.
const ENTRY: f64 = 185.0;
/// Colours of curves by their place in the legend: the first one, what was measured, is black.
const COLOURS: [&str; 7] = ["#111", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
/// Free space around the points, in decades.
const AIR: f64 = 0.12;

/// The labels of all panels, each once, in the order in which they turn up.
fn legend(panels: &[Panel]) -> Vec<&Curve> {
    let mut found: Vec<&Curve> = Vec::new();
    for curve in panels.iter().flat_map(|panel| &panel.curves) {
        if !found.iter().any(|known| known.label == curve.label) {
            found.push(curve);
        }
    }
    found
}

/// SVG of the panels.
pub(crate) fn draw(title: &str, x: &str, y: &str, panels: &[Panel]) -> String {
    let labels = legend(panels);
    let per_line = ((COLUMNS as f64 * PANEL.0) / ENTRY) as usize;
    let head = LINE * (1.5 + labels.len().div_ceil(per_line) as f64);
    let (width, rows) = (COLUMNS as f64 * PANEL.0 + 20.0, panels.len().div_ceil(COLUMNS));
    let height = head + rows as f64 * PANEL.1 + LINE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"11\" role=\"img\"><title>{0}</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"20\" y=\"17\" font-size=\"13\" font-weight=\"bold\">{0}</text>\n",
        escaped(title)
    );
    for (number, curve) in labels.iter().enumerate() {
        let left = 20.0 + ENTRY * (number % per_line) as f64;
        let top = LINE * (1.6 + (number / per_line) as f64);
        let sample = [(left, top), (left + 20.0, top)];
        svg.push_str(&stroke(curve.stroke, number, &sample));
        let _ =
            writeln!(svg, "<text x=\"{}\" y=\"{}\">{}</text>", left + 28.0, top + 4.0, escaped(&curve.label));
    }
    for (number, panel) in panels.iter().enumerate() {
        let left = 20.0 + (number % COLUMNS) as f64 * PANEL.0;
        let top = head + (number / COLUMNS) as f64 * PANEL.1;
        draw_panel(&mut svg, panel, &labels, (left, top));
    }
    let middle = 0.5 * (head + height);
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n<text x=\"12\" y=\"{middle}\" \
         text-anchor=\"middle\" transform=\"rotate(-90 12 {middle})\">{}</text>\n</svg>",
        0.5 * width,
        height - 6.0,
        escaped(x),
        escaped(y)
    );
    svg
}

/// A logarithmic axis from its range, in decades, to places on the page.
struct Axis {
    range: (f64, f64),
    places: (f64, f64),
}

impl Axis {
    fn new(values: impl Iterator<Item = f64>, places: (f64, f64)) -> Self {
        let logs = values.filter(|value| *value > 0.0 && value.is_finite()).map(f64::log10);
        let (low, high) =
            logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let range = if low > high { (0.0, 1.0) } else { (low - AIR, high + AIR) };
        Self { range, places }
    }

    fn place(&self, value: f64) -> f64 {
        let share = (value.log10() - self.range.0) / (self.range.1 - self.range.0);
        self.places.0 + share * (self.places.1 - self.places.0)
    }

    /// Whole decades, and 2 and 5 of each where there are few.
    fn ticks(&self) -> Vec<f64> {
        let decades = (self.range.0.floor() as i32)..=(self.range.1.ceil() as i32);
        let steps: &[f64] = if self.range.1 - self.range.0 > 2.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let all = decades.flat_map(|decade| steps.iter().map(move |step| step * 10_f64.powi(decade)));
        all.filter(|tick| (self.range.0..=self.range.1).contains(&tick.log10())).collect()
    }
}

fn draw_panel(svg: &mut String, panel: &Panel, labels: &[&Curve], corner: (f64, f64)) {
    let (left, right) = (corner.0 + MARGIN[0], corner.0 + PANEL.0 - MARGIN[1]);
    let (top, bottom) = (corner.1 + MARGIN[2], corner.1 + PANEL.1 - MARGIN[3]);
    let points = || panel.curves.iter().flat_map(|curve| &curve.points);
    let x_axis = Axis::new(points().map(|point| point.0), (left, right));
    let y_axis = Axis::new(points().map(|point| point.1), (bottom, top));
    let _ = writeln!(
        svg,
        "<text x=\"{left}\" y=\"{}\" font-weight=\"bold\">{}</text>",
        top - 6.0,
        escaped(&panel.title)
    );
    for tick in x_axis.ticks() {
        let place = x_axis.place(tick);
        let _ = writeln!(
            svg,
            "<path d=\"M{place:.1} {bottom}V{top}\" stroke=\"#e4e4e4\"/><text x=\"{place:.1}\" y=\"{}\" \
             text-anchor=\"middle\">{tick}</text>",
            bottom + 13.0
        );
    }
    for tick in y_axis.ticks() {
        let place = y_axis.place(tick);
        // Powers of ten below one end in the digits of their binary fractions.
        let words = format!("{tick:.6}");
        let words = words.trim_end_matches('0').trim_end_matches('.');
        let _ = writeln!(
            svg,
            "<path d=\"M{left} {place:.1}H{right}\" stroke=\"#e4e4e4\"/><text x=\"{}\" y=\"{:.1}\" \
             text-anchor=\"end\">{words}</text>",
            left - 4.0,
            place + 4.0
        );
    }
    let _ = writeln!(
        svg,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#888\"/>",
        right - left,
        bottom - top
    );
    // What was measured comes first in the legend and last in the drawing, on top of the lines.
    for curve in panel.curves.iter().rev() {
        let number = labels.iter().position(|known| known.label == curve.label).unwrap_or_default();
        let is_seen = |point: &&(f64, f64)| point.1 > 0.0 && point.1.is_finite();
        let placed: Vec<(f64, f64)> =
            curve.points.iter().filter(is_seen).map(|p| (x_axis.place(p.0), y_axis.place(p.1))).collect();
        svg.push_str(&stroke(curve.stroke, number, &placed));
    }
}

/// A line, or marks: discs for the first label, crosses of other colours for the rest.
fn stroke(stroke: Stroke, number: usize, points: &[(f64, f64)]) -> String {
    let colour = COLOURS[number % COLOURS.len()];
    let mut out = String::new();
    if stroke != Stroke::Dots {
        let line: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        let _ = writeln!(
            out,
            "<path d=\"M{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\"/>",
            line.join("L")
        );
        return out;
    }
    for (x, y) in points {
        let _ = if number == 0 {
            writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.2\" fill=\"{colour}\"/>")
        } else {
            writeln!(
                out,
                "<path d=\"M{:.1} {:.1}l6 6m0 -6l-6 6\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.4\"/>",
                x - 3.0,
                y - 3.0
            )
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_one_colour_in_all_panels() {
        let curve = |label: &str| Curve::new(label, Stroke::Computed, vec![(10.0, 1.0), (100.0, 0.1)]);
        let panels = [
            Panel { title: "a".into(), curves: vec![curve("one"), curve("two")] },
            Panel { title: "b".into(), curves: vec![curve("two")] },
        ];
        let svg = draw("t", "x", "y", &panels);
        // Once in the legend, once in each panel.
        assert_eq!(svg.matches(COLOURS[1]).count(), 3);
        assert_eq!(svg.matches(&format!("stroke=\"{}\"", COLOURS[0])).count(), 2);
    }

    #[test]
    fn ticks_are_decades_where_there_are_many() {
        let axis = |low: f64, high: f64| Axis::new([low, high].into_iter(), (0.0, 1.0));
        assert_eq!(axis(1.0, 1e4).ticks(), [1.0, 10.0, 100.0, 1e3, 1e4]);
        assert_eq!(axis(30.0, 300.0).ticks(), [50.0, 100.0, 200.0]);
    }

    #[test]
    fn a_point_without_a_logarithm_is_not_drawn() {
        let curve = Curve::new("seen", Stroke::Dots, vec![(10.0, 0.0), (20.0, 0.5), (30.0, f64::NAN)]);
        let svg = draw("t", "x", "y", &[Panel { title: "a".into(), curves: vec![curve] }]);
        // Two marks of the legend's sample and one point.
        assert_eq!(svg.matches("<circle").count(), 3);
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}
