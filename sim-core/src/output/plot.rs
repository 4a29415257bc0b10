//! Curves as PNG pictures: axes with units, a legend above them, nothing over the curves.

use super::canvas::{Area, Canvas, Colour};
use super::text::{Align, Fonts, Style};
use super::{Format, Job, cannot_write};
use crate::error::Result;
use crate::product::{Curve, Mark, Plot};

/// Size of a page, pixels.
const WIDTH: f32 = 1600.0;
const HEIGHT: f32 = 900.0;

/// Margin of the page, and the room left of the axis for its numbers, pixels.
const MARGIN: f32 = 44.0;
const NUMBERS: f32 = 92.0;

/// Room below the axis for numbers, label and the line about the engine, pixels.
const BELOW: f32 = 118.0;

/// Room above the axis for its label and the legend, pixels.
const ABOVE: f32 = 44.0;

/// Wanted number of ticks along and up.
const TICKS: (f64, f64) = (9.0, 7.0);

/// Free room between a curve and the frame, as a share of its range.
const AIR: f64 = 0.05;

/// Width of a line and radius of a dot, pixels; dots that would hide each other are smaller.
const LINE: f32 = 3.4;
const DOT: f32 = 5.5;
const SMALL_DOT: f32 = 2.4;

/// Dots from which on they are drawn small: one for every six pixels.
const MANY_DOTS: usize = 240;

const DARK: Colour = [31, 41, 55, 255];
const RULE: Colour = [70, 85, 105, 46];
const TITLE: Style = Style { size: 38.0, bold: true, colour: DARK, halo: None };
const SUBTITLE: Style = Style { size: 22.0, bold: false, colour: [75, 85, 99, 255], halo: None };
const LABEL: Style = Style { size: 20.0, bold: false, colour: DARK, halo: None };
const NUMBER: Style = Style { size: 19.0, bold: false, colour: [55, 65, 81, 255], halo: None };
const FOOTER: Style = Style { size: 17.0, bold: false, colour: [90, 98, 112, 255], halo: None };

/// Draws every plot.
///
/// # Errors
/// E6000.
pub(super) fn write(job: &mut Job<'_>) -> Result<()> {
    let products = job.products;
    if products.plots.is_empty() {
        return Ok(());
    }
    let fonts = Fonts::load();
    for plot in &products.plots {
        let path = format!("{}.png", plot.name);
        let bytes = draw(plot, &fonts, &job.engine()).map_err(|mistake| cannot_write(&path, &mistake))?;
        job.write_file(&path, &bytes)?;
        job.list(&plot.name, &path, Format::Png, "");
    }
    Ok(())
}

fn draw(
    plot: &Plot,
    fonts: &Fonts,
    engine: &str,
) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut canvas = Canvas::new(WIDTH as u32, HEIGHT as u32).ok_or("not enough memory for the picture")?;
    let text_width = WIDTH - 2.0 * MARGIN;
    let mut top = MARGIN;
    for (text, style) in [(&plot.title, &TITLE), (&plot.subtitle, &SUBTITLE)] {
        for line in fonts.wrap(text, text_width, style) {
            fonts.draw(&mut canvas, &line, (MARGIN, top + 0.5 * style.size), Align::Left, style);
            top += style.size + 9.0;
        }
    }
    let frame = Area {
        left: MARGIN + NUMBERS,
        top: top + ABOVE,
        width: text_width - NUMBERS,
        height: HEIGHT - BELOW - top - ABOVE,
    };
    let points = || plot.curves.iter().flat_map(|curve| &curve.points);
    let along = Axis::new(points().map(|point| point.0), 0.0);
    let up = Axis::new(points().map(|point| point.1), AIR);
    draw_axes(&mut canvas, fonts, &frame, (&along, &up));
    fonts.draw(&mut canvas, &plot.y, (frame.left, frame.top - 24.0), Align::Left, &LABEL);
    let below = (frame.left + 0.5 * frame.width, frame.bottom() + 52.0);
    fonts.draw(&mut canvas, &plot.x, below, Align::Centre, &LABEL);
    fonts.draw(&mut canvas, engine, (MARGIN, HEIGHT - 30.0), Align::Left, &FOOTER);
    let place = |point: &(f64, f64)| {
        let (x, y) = (along.share(point.0) as f32, up.share(point.1) as f32);
        (frame.left + x * frame.width, frame.bottom() - y * frame.height)
    };
    for curve in &plot.curves {
        let points: Vec<(f32, f32)> = curve.points.iter().map(place).collect();
        draw_curve(&mut canvas, curve, points);
    }
    draw_legend(&mut canvas, fonts, &frame, &plot.curves);
    Ok(canvas.png()?)
}

/// From the range of the data to shares of the frame.
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    fn new(values: impl Iterator<Item = f64>, air: f64) -> Self {
        let range = values.fold(None, |range: Option<(f64, f64)>, value| {
            Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let (low, high) = range.unwrap_or((0.0, 1.0));
        // A flat curve needs some height around it.
        let spread = if high > low { high - low } else { high.abs().max(1.0) };
        let room = if high > low { air * spread } else { 0.5 * spread };
        Self { low: low - room, high: high + room }
    }

    fn share(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    /// Round numbers inside the axis, and the decimals that they need.
    fn ticks(&self, wanted: f64) -> (Vec<f64>, usize) {
        let rough = (self.high - self.low) / wanted;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        // The tolerance keeps a tick that rounding would push over the end.
        let (first, last) = (self.low / step - 1e-9, self.high / step + 1e-9);
        let ticks = (first.ceil() as i64..=last.floor() as i64).map(|tick| tick as f64 * step).collect();
        (ticks, (-step.log10().floor()).max(0.0) as usize)
    }
}

/// Frame, rules and numbers.
fn draw_axes(canvas: &mut Canvas, fonts: &Fonts, frame: &Area, (along, up): (&Axis, &Axis)) {
    let (ticks, decimals) = along.ticks(TICKS.0);
    for tick in ticks {
        let x = frame.left + along.share(tick) as f32 * frame.width;
        canvas.stroke(&[vec![(x, frame.top), (x, frame.bottom())]], false, 1.2, RULE);
        let text = format!("{tick:.decimals$}");
        fonts.draw(canvas, &text, (x, frame.bottom() + 20.0), Align::Centre, &NUMBER);
    }
    let (ticks, decimals) = up.ticks(TICKS.1);
    for tick in ticks {
        let y = frame.bottom() - up.share(tick) as f32 * frame.height;
        canvas.stroke(&[vec![(frame.left, y), (frame.right(), y)]], false, 1.2, RULE);
        let text = format!("{tick:.decimals$}");
        fonts.draw(canvas, &text, (frame.left - 12.0, y), Align::Right, &NUMBER);
    }
    canvas.frame(frame, 1.6, DARK);
}

fn draw_curve(canvas: &mut Canvas, curve: &Curve, points: Vec<(f32, f32)>) {
    let colour = opaque(curve.colour);
    match curve.mark {
        Mark::Line => canvas.stroke(&[points], false, LINE, colour),
        Mark::Dots => {
            let radius = if points.len() >= MANY_DOTS { SMALL_DOT } else { DOT };
            points.into_iter().for_each(|at| canvas.disc(at, radius, colour));
        }
    }
}

/// The legend above the frame, its end at the right side.
fn draw_legend(canvas: &mut Canvas, fonts: &Fonts, frame: &Area, curves: &[Curve]) {
    const SIGN: f32 = 44.0;
    const GAP: f32 = 34.0;
    let middle = frame.top - 24.0;
    let mut right = frame.right();
    for curve in curves.iter().rev() {
        let label = fonts.drawable(&curve.label);
        let left = right - fonts.width(&label, &LABEL);
        fonts.draw(canvas, &label, (left, middle), Align::Left, &LABEL);
        let sign = (left - SIGN - 10.0, left - 10.0);
        let colour = opaque(curve.colour);
        match curve.mark {
            Mark::Line => canvas.stroke(&[vec![(sign.0, middle), (sign.1, middle)]], false, LINE, colour),
            Mark::Dots => {
                [0.15, 0.5, 0.85].into_iter().for_each(|share: f32| {
                    canvas.disc((sign.0 + share * SIGN, middle), DOT, colour);
                });
            }
        }
        right = sign.0 - GAP;
    }
}

fn opaque([red, green, blue]: [u8; 3]) -> Colour {
    [red, green, blue, 255]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside_the_axis() {
        let (ticks, decimals) = Axis::new([0.0, 0.97].into_iter(), 0.0).ticks(7.0);
        assert_eq!(decimals, 1);
        assert_eq!(ticks.len(), 5);
        assert!(ticks.iter().all(|tick| (tick / 0.2).fract().abs() < 1e-9 && *tick <= 0.97));
        let (ticks, decimals) = Axis::new([0.0, 180.0].into_iter(), 0.0).ticks(9.0);
        assert_eq!((ticks.last().copied(), decimals), (Some(180.0), 0));
    }

    #[test]
    fn a_flat_curve_and_no_curve_have_an_axis() {
        for values in [vec![2.5, 2.5], vec![0.0], vec![]] {
            let axis = Axis::new(values.iter().copied(), AIR);
            assert!(axis.high > axis.low && !axis.ticks(7.0).0.is_empty(), "{values:?}");
            assert!(values.iter().all(|&value| (axis.share(value) - 0.5).abs() < 1e-12));
        }
    }
}
