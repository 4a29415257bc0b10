//! Graticule, scale bar, north arrow, wind: what makes a picture a map.

use super::canvas::{Area, Canvas, Colour};
use super::overlay::{DARK, Taken, WHITE};
use super::text::{Align, Fonts, Style};
use super::view::View;
use crate::grid::Crs;
use crate::product::Arrow;

/// Wanted number of ticks along the width of the map, and the fewest along its height.
const TICKS: f64 = 5.0;
const FEWEST_TICKS: f64 = 3.0;

/// Wanted length of the scale bar, as a share of the width of the map.
const BAR_SHARE: f64 = 0.22;

/// Distance of furniture from the frame, pixels.
const INSET: f32 = 14.0;

/// Halvings that find a tick on an edge: 2⁻⁴⁰ of the edge is far below a pixel.
const HALVINGS: usize = 40;

const GRATICULE: Colour = [70, 85, 105, 46];
const BACKING: Colour = [255, 255, 255, 215];
const TICK_TEXT: Style = Style { size: 16.0, bold: false, colour: [55, 65, 81, 255], halo: None };
const PLAIN: Style = Style { size: 17.0, bold: false, colour: DARK, halo: None };
const BOLD: Style = Style { size: 20.0, bold: true, colour: DARK, halo: None };

/// 1, 2 or 5 times a power of ten, not above a number.
fn round_below(number: f64) -> f64 {
    let power = 10_f64.powf(number.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|digit| digit * power).find(|step| *step <= number).unwrap_or(power)
}

/// What is measured along an edge.
#[derive(Clone, Copy)]
enum Edge {
    South,
    North,
    West,
    East,
}

/// Coordinate along an edge at a share (0 to 1) of its length.
fn coordinate(view: &View, crs: &Crs, edge: Edge, share: f64) -> Option<f64> {
    let e = &view.extent;
    let (along_x, along_y) = (e.west + share * (e.east - e.west), e.south + share * (e.north - e.south));
    let (x, y) = match edge {
        Edge::South => (along_x, e.south),
        Edge::North => (along_x, e.north),
        Edge::West => (e.west, along_y),
        Edge::East => (e.east, along_y),
    };
    let is_across = matches!(edge, Edge::South | Edge::North);
    if crs.epsg().is_none() {
        return Some(if is_across { x } else { y });
    }
    crs.to_lon_lat(x, y).map(|at| if is_across { at.lon } else { at.lat })
}

/// Share of an edge at which a coordinate lies; coordinates rise along edges.
fn share_of(view: &View, crs: &Crs, edge: Edge, wanted: f64) -> Option<f64> {
    let (mut low, mut high) = (0.0, 1.0);
    if coordinate(view, crs, edge, low)? > wanted || coordinate(view, crs, edge, high)? < wanted {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if coordinate(view, crs, edge, middle)? < wanted { low = middle } else { high = middle }
    }
    Some(0.5 * (low + high))
}

/// Ticks along one edge: shares of it and their coordinates.
fn ticks(view: &View, crs: &Crs, edge: Edge, step: f64) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (coordinate(view, crs, edge, 0.0), coordinate(view, crs, edge, 1.0))
    else {
        return Vec::new();
    };
    let multiples = (first / step).ceil() as i64..=(last / step).floor() as i64;
    multiples
        .map(|i| i as f64 * step)
        .filter_map(|wanted| Some((share_of(view, crs, edge, wanted)?, wanted)))
        .collect()
}

/// Draws the lines of the graticule inside the frame.
pub(super) fn draw_graticule(canvas: &mut Canvas, view: &View, crs: &Crs) {
    let Some(step) = tick_step(view, crs) else { return };
    let area = view.area;
    for (share, wanted) in ticks(view, crs, Edge::South, step) {
        let there = share_of(view, crs, Edge::North, wanted).unwrap_or(share);
        let x = |share: f64| area.left + share as f32 * area.width;
        canvas.stroke(&[vec![(x(share), area.bottom()), (x(there), area.top)]], false, 1.2, GRATICULE);
    }
    for (share, wanted) in ticks(view, crs, Edge::West, step) {
        let there = share_of(view, crs, Edge::East, wanted).unwrap_or(share);
        let y = |share: f64| area.bottom() - share as f32 * area.height;
        canvas.stroke(&[vec![(area.left, y(share)), (area.right(), y(there))]], false, 1.2, GRATICULE);
    }
}

/// One step for both directions, so that the graticule looks square.
fn tick_step(view: &View, crs: &Crs) -> Option<f64> {
    let span = |edge| Some(coordinate(view, crs, edge, 1.0)? - coordinate(view, crs, edge, 0.0)?);
    let step = (span(Edge::South)? / TICKS).min(span(Edge::West)? / FEWEST_TICKS);
    // A step is rounded down to at worst 40 % of this.
    (step > 0.0).then(|| round_below(1.4 * step))
}

/// Draws the frame with its ticks and their coordinates outside of it.
pub(super) fn draw_frame(canvas: &mut Canvas, fonts: &Fonts, view: &View, crs: &Crs) {
    let area = view.area;
    canvas.frame(&area, 2.0, DARK);
    let Some(step) = tick_step(view, crs) else { return };
    const TICK: f32 = 7.0;
    for (share, wanted) in ticks(view, crs, Edge::South, step) {
        let x = area.left + share as f32 * area.width;
        canvas.stroke(&[vec![(x, area.bottom()), (x, area.bottom() + TICK)]], false, 1.6, DARK);
        let text = tick_text(wanted, step, crs, ['E', 'W']);
        fonts.draw(canvas, &text, (x, area.bottom() + 20.0), Align::Centre, &TICK_TEXT);
    }
    for (share, wanted) in ticks(view, crs, Edge::West, step) {
        let y = area.bottom() - share as f32 * area.height;
        canvas.stroke(&[vec![(area.left - TICK, y), (area.left, y)]], false, 1.6, DARK);
        let text = tick_text(wanted, step, crs, ['N', 'S']);
        fonts.draw(canvas, &text, (area.left - TICK - 5.0, y), Align::Right, &TICK_TEXT);
    }
}

/// A coordinate with as many decimals as its step needs.
fn tick_text(value: f64, step: f64, crs: &Crs, sides: [char; 2]) -> String {
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    if crs.epsg().is_none() {
        return format!("{value:.decimals$} m");
    }
    let side = if value < 0.0 { sides[1] } else { sides[0] };
    format!("{:.decimals$}° {side}", value.abs())
}

/// Draws a bar of a round length into the lower left corner.
pub(super) fn draw_scale_bar(canvas: &mut Canvas, fonts: &Fonts, view: &View, taken: &mut Taken) {
    let length = round_below(BAR_SHARE * f64::from(view.area.width) * view.metres_per_pixel);
    let width = (length / view.metres_per_pixel) as f32;
    let words = |metres: f64| {
        if length >= 1000.0 { format!("{} km", metres / 1000.0) } else { format!("{metres} m") }
    };
    let (first, last) = (String::from("0"), words(length));
    let room = 0.5 * fonts.width(&last, &PLAIN) + 8.0;
    let backing = Area {
        left: view.area.left + INSET,
        top: view.area.bottom() - INSET - 50.0,
        width: width + 16.0 + room,
        height: 50.0,
    };
    canvas.fill(&backing, BACKING);
    let (left, top) = (backing.left + 16.0, backing.bottom() - 19.0);
    const BAR: f32 = 9.0;
    for part in 0..4 {
        let piece = Area { left: left + 0.25 * part as f32 * width, top, width: 0.25 * width, height: BAR };
        canvas.fill(&piece, if part % 2 == 0 { DARK } else { WHITE });
    }
    canvas.frame(&Area { left, top, width, height: BAR }, 1.4, DARK);
    fonts.draw(canvas, &first, (left, top - 14.0), Align::Centre, &PLAIN);
    fonts.draw(canvas, &last, (left + width, top - 14.0), Align::Centre, &PLAIN);
    taken.push(backing.grown(4.0));
}

/// Draws the north arrow into the upper right corner.
pub(super) fn draw_north(canvas: &mut Canvas, fonts: &Fonts, view: &View, taken: &mut Taken) {
    let backing = Area {
        left: view.area.right() - INSET - 50.0,
        top: view.area.top + INSET,
        width: 50.0,
        height: 78.0,
    };
    canvas.fill(&backing, BACKING);
    let (x, top, bottom) = (backing.left + 25.0, backing.top + 30.0, backing.bottom() - 8.0);
    let notch = bottom - 11.0;
    canvas.fill_rings(&[vec![(x, top), (x - 14.0, bottom), (x, notch)]], DARK);
    let east = vec![(x, top), (x + 14.0, bottom), (x, notch)];
    canvas.fill_rings(std::slice::from_ref(&east), WHITE);
    canvas.stroke(&[east], true, 1.4, DARK);
    fonts.draw(canvas, "N", (x, backing.top + 16.0), Align::Centre, &BOLD);
    taken.push(backing.grown(4.0));
}

/// Draws the wind into the upper left corner.
pub(super) fn draw_arrow(canvas: &mut Canvas, fonts: &Fonts, view: &View, arrow: &Arrow, taken: &mut Taken) {
    const MOST: f32 = 320.0;
    const DIAL: f32 = 66.0;
    let lines = fonts.wrap(&arrow.label, MOST, &PLAIN);
    let text_width = lines.iter().map(|line| fonts.width(line, &PLAIN)).fold(0.0, f32::max);
    let line_height = PLAIN.size + 5.0;
    let height = (lines.len() as f32 * line_height + 20.0).max(DIAL + 14.0);
    let backing = Area {
        left: view.area.left + INSET,
        top: view.area.top + INSET,
        width: DIAL + text_width + 30.0,
        height,
    };
    canvas.fill(&backing, BACKING);
    let middle = (backing.left + 8.0 + 0.5 * DIAL, backing.top + 0.5 * height);
    draw_pointer(canvas, middle, 0.5 * DIAL, arrow.heading);
    let first = backing.top + 0.5 * height - 0.5 * line_height * (lines.len() as f32 - 1.0);
    for (i, line) in lines.iter().enumerate() {
        let at = (backing.left + DIAL + 18.0, first + i as f32 * line_height);
        fonts.draw(canvas, line, at, Align::Left, &PLAIN);
    }
    taken.push(backing.grown(4.0));
}

/// An arrow about its middle, pointing to a heading (anticlockwise from east).
fn draw_pointer(canvas: &mut Canvas, (x, y): (f32, f32), reach: f32, heading: f64) {
    let (sin, cos) = (heading.sin() as f32, heading.cos() as f32);
    let turned = |ahead: f32, aside: f32| {
        (x + reach * (ahead * cos - aside * sin), y - reach * (ahead * sin + aside * cos))
    };
    // A shaft with a head, in shares of the reach.
    let outline =
        [(-1.0, 0.1), (0.25, 0.1), (0.25, 0.42), (1.0, 0.0), (0.25, -0.42), (0.25, -0.1), (-1.0, -0.1)];
    let ring: Vec<_> = outline.into_iter().map(|(ahead, aside)| turned(ahead, aside)).collect();
    canvas.fill_rings(&[ring], DARK);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_numbers_are_one_two_or_five_and_never_above() {
        for (number, round) in [(1.0, 1.0), (1.99, 1.0), (4.9, 2.0), (732.0, 500.0), (0.03, 0.02)] {
            assert!((round_below(number) - round).abs() < 1e-12 * round, "{number}");
        }
    }

    #[test]
    fn a_tick_has_the_decimals_of_its_step() {
        let utm = Crs::from_epsg(32649).expect("a common reference");
        assert_eq!(tick_text(112.95, 0.05, &utm, ['E', 'W']), "112.95° E");
        assert_eq!(tick_text(-3.0, 1.0, &utm, ['E', 'W']), "3° W");
        assert_eq!(tick_text(1200.0, 200.0, &Crs::local(), ['E', 'W']), "1200 m");
    }
}
