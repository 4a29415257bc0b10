//! Draws figures as SVG.

use std::fmt::Write;

use sim_core::grid::Field;

use crate::figure::{Curve, Figure, Stroke};
use crate::svg_panels;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
/// Left, right, top and bottom margin.
const MARGIN: [f64; 4] = [70.0, 15.0, 30.0, 45.0];
/// Most cells along a side of a map; larger maps are thinned out.
const MAP_CELLS: usize = 160;
/// Ticks along an axis, about.
const TICKS: f64 = 6.0;

/// A figure as it stands in a page: SVG, or a table of HTML.
pub(crate) fn draw(figure: &Figure) -> String {
    match figure {
        Figure::Plot { title, x, y, logarithmic, curves } => plot(title, x, y, *logarithmic, curves),
        Figure::Map { title, unit, values } => map(title, unit, values),
        Figure::Panels { title, x, y, panels } => svg_panels::draw(title, x, y, panels),
        Figure::Table { title, columns, rows } => table(title, columns, rows),
    }
}

fn table(title: &str, columns: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String], tag: &str| {
        let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let body: String = rows.iter().map(|row| line(row, "td")).collect();
    format!("<h3>{}</h3>\n<table>{}{body}</table>\n", escaped(title), line(columns, "th"))
}

/// Text that may stand in HTML and SVG.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn open(width: f64, height: f64, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\" role=\"img\"><title>{0}</title>\n\
         <text x=\"{1}\" y=\"18\" font-weight=\"bold\">{0}</text>\n",
        escaped(title),
        MARGIN[0]
    )
}

/// An axis: from the range of the data to places on the page.
struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Axis {
    fn new(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        // A line on the frame cannot be seen; a flat one needs some height.
        let air = (0.04 * (high - low)).max(1e-9 * high.abs()).max(f64::MIN_POSITIVE);
        Self { low: low - air, high: high + air, from, to }
    }

    fn place(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    fn ticks(&self) -> Vec<f64> {
        let rough = (self.high - self.low) / TICKS;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|s| s * power).into_iter().find(|s| *s >= rough);
        let step = step.unwrap_or(rough);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        (first..=last).map(|k| k as f64 * step).collect()
    }
}

fn plot(title: &str, x_label: &str, y_label: &str, logarithmic: bool, curves: &[Curve]) -> String {
    let scale = |value: f64| if logarithmic { value.log10() } else { value };
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let x_axis = Axis::new(points().map(|p| scale(p.0)), MARGIN[0], WIDTH - MARGIN[1]);
    let y_axis = Axis::new(points().map(|p| scale(p.1)), HEIGHT - MARGIN[3], MARGIN[2]);
    let mut svg = open(WIDTH, HEIGHT, title);
    frame(&mut svg, &x_axis, &y_axis, logarithmic);
    let (middle, left) = (0.5 * (x_axis.from + x_axis.to), 14.0);
    let under = |x: f64, y: f64, turn: &str, label: &str| {
        format!("<text x=\"{x}\" y=\"{y}\" {turn} text-anchor=\"middle\">{}</text>\n", escaped(label))
    };
    let height = 0.5 * (y_axis.from + y_axis.to);
    svg.push_str(&under(middle, HEIGHT - 8.0, "", x_label));
    svg.push_str(&under(left, height, &format!("transform=\"rotate(-90 {left} {height})\""), y_label));
    for (number, curve) in curves.iter().enumerate() {
        draw_curve(&mut svg, curve, number, &|p| (x_axis.place(scale(p.0)), y_axis.place(scale(p.1))));
    }
    svg.push_str("</svg>\n");
    svg
}

/// Frame, grid lines and numbers.
fn frame(svg: &mut String, x_axis: &Axis, y_axis: &Axis, logarithmic: bool) {
    let number = |value: f64| {
        let value = if logarithmic { 10_f64.powf(value) } else { value };
        if value != 0.0 && !(1e-3..1e5).contains(&value.abs()) {
            format!("{value:.1e}")
        } else {
            let text = format!("{value:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    };
    for tick in x_axis.ticks() {
        let _ = writeln!(
            svg,
            "<path d=\"M{0:.1} {1}V{2}\" stroke=\"#e4e4e4\"/><text x=\"{0:.1}\" y=\"{3}\" text-anchor=\"middle\">{4}</text>",
            x_axis.place(tick),
            y_axis.from,
            y_axis.to,
            y_axis.from + 15.0,
            number(tick)
        );
    }
    for tick in y_axis.ticks() {
        let _ = writeln!(
            svg,
            "<path d=\"M{1} {0:.1}H{2}\" stroke=\"#e4e4e4\"/><text x=\"{3}\" y=\"{4:.1}\" text-anchor=\"end\">{5}</text>",
            y_axis.place(tick),
            x_axis.from,
            x_axis.to,
            x_axis.from - 5.0,
            y_axis.place(tick) + 4.0,
            number(tick)
        );
    }
    let _ = writeln!(
        svg,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#888\"/>",
        x_axis.from,
        y_axis.to,
        x_axis.to - x_axis.from,
        y_axis.from - y_axis.to
    );
}

/// Colours of computed curves, one after the other.
const COLOURS: [&str; 5] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"];

/// A curve and its line of the legend.
fn draw_curve(svg: &mut String, curve: &Curve, number: usize, place: &dyn Fn((f64, f64)) -> (f64, f64)) {
    let (colour, width) = match curve.stroke {
        Stroke::Reference => ("#111", 1.2),
        Stroke::Ground => ("#999", 1.5),
        Stroke::Computed | Stroke::Dots => (COLOURS[number % COLOURS.len()], 2.0),
    };
    let placed = curve.points.iter().map(|&point| place(point));
    if curve.stroke == Stroke::Dots {
        for (x, y) in placed.filter(|(x, y)| x.is_finite() && y.is_finite()) {
            let _ = writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"{colour}\"/>");
        }
    } else {
        let mut path = String::new();
        let mut is_open = false;
        for (x, y) in placed {
            let is_point = x.is_finite() && y.is_finite();
            if is_point {
                let _ = write!(path, "{}{x:.1} {y:.1}", if is_open { 'L' } else { 'M' });
            }
            is_open = is_point;
        }
        let _ =
            writeln!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>");
    }
    let (x, y) = (WIDTH - MARGIN[1] - 190.0, MARGIN[2] + 16.0 + 16.0 * number as f64);
    let _ = writeln!(
        svg,
        "<path d=\"M{x} {0}h18\" stroke=\"{colour}\" stroke-width=\"{width}\"/><text x=\"{1}\" y=\"{y}\">{2}</text>",
        y - 4.0,
        x + 24.0,
        escaped(&curve.label)
    );
}

/// Light to dark blue for 0 to 1.
fn shade(share: f64) -> String {
    let mix = |light: f64, dark: f64| (light + share.clamp(0.0, 1.0) * (dark - light)).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(222.0, 8.0), mix(235.0, 48.0), mix(247.0, 107.0))
}

fn map(title: &str, unit: &str, values: &Field) -> String {
    let (rows, columns) = values.dim();
    let thin = rows.max(columns).div_ceil(MAP_CELLS);
    let size = (WIDTH / (columns.div_ceil(thin)) as f64).min(8.0);
    let height = size * rows.div_ceil(thin) as f64;
    let largest = values.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
    let mut svg = open(WIDTH, height + 50.0, &format!("{title}, 0 to {largest:.3} {unit}"));
    for row in (0..rows).step_by(thin) {
        for column in (0..columns).step_by(thin) {
            let value = values[(row, column)];
            if value > 0.0 {
                let (x, y) =
                    ((column / thin) as f64 * size, 30.0 + height - ((row / thin + 1) as f64) * size);
                let colour = shade(value / largest);
                let _ = writeln!(
                    svg,
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{size:.2}\" height=\"{size:.2}\" fill=\"{colour}\"/>"
                );
            }
        }
    }
    svg.push_str("</svg>\n");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let axis = Axis::new([0.0, 9.7].into_iter(), 0.0, 100.0);
        assert_eq!(axis.ticks(), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert!(axis.place(9.7) < 100.0 && axis.place(0.0) > 0.0);
    }

    #[test]
    fn a_point_that_is_no_number_interrupts_the_line() {
        let curve =
            Curve::new("a<b", Stroke::Computed, vec![(0.0, 1.0), (1.0, f64::NAN), (2.0, 1.0), (3.0, 2.0)]);
        let svg = draw(&Figure::plot("t", "x", "y", vec![curve]));
        let path = svg.lines().find(|line| line.contains("stroke-width=\"2\"")).expect("a path");
        assert_eq!(path.matches('M').count(), 2, "{path}");
        assert!(svg.contains("a&lt;b"));
    }
}
