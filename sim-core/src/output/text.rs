//! Words on maps and plots, in DejaVu Sans.
//!
//! The font has Latin, Greek and Cyrillic letters but no Chinese ones; what it
//! has no letter for is left out rather than drawn as empty boxes.

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};

use super::canvas::{Area, Canvas, Colour};

/// Width of the pale rim around letters that stand on a picture, pixels.
const HALO: i32 = 2;

/// Stands for a name of which no letter can be drawn.
const UNDRAWABLE: &str = "(name in the data files)";

/// Where a text lies relative to the point it is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// Size, weight and colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Height of a line from the top of `d` to the bottom of `p`, pixels.
    pub size: f32,
    pub bold: bool,
    pub colour: Colour,
    /// Colour of the rim, if there is one.
    pub halo: Option<Colour>,
}

/// The two fonts of all maps.
pub(super) struct Fonts {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

impl Fonts {
    pub(super) fn load() -> Self {
        let font = |bytes: &'static [u8]| match FontRef::try_from_slice(bytes) {
            Ok(font) => font,
            Err(mistake) => unreachable!("the font is part of the program: {mistake}"),
        };
        Self { regular: font(dejavu::sans::regular()), bold: font(dejavu::sans::bold()) }
    }

    fn of(&self, style: &Style) -> &FontRef<'static> {
        if style.bold { &self.bold } else { &self.regular }
    }

    /// The text without letters that the font lacks.
    pub(super) fn drawable(&self, text: &str) -> String {
        let kept: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .filter(|&c| c == ' ' || self.regular.glyph_id(c).0 != 0)
            .collect();
        let words: Vec<&str> = kept.split_whitespace().collect();
        if words.is_empty() && !text.trim().is_empty() { UNDRAWABLE.into() } else { words.join(" ") }
    }

    /// Width of a line, pixels.
    pub(super) fn width(&self, text: &str, style: &Style) -> f32 {
        let font = self.of(style).as_scaled(PxScale::from(style.size));
        text.chars().map(|c| font.h_advance(font.glyph_id(c))).sum()
    }

    /// Lines that are not wider than `width`; a single word may be.
    pub(super) fn wrap(&self, text: &str, width: f32, style: &Style) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in self.drawable(text).split(' ') {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), style) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.into()),
            }
        }
        lines
    }

    /// The text cut to a width, with an ellipsis where something is missing.
    pub(super) fn cut(&self, text: &str, width: f32, style: &Style) -> String {
        let mut text = self.drawable(text);
        if self.width(&text, style) <= width {
            return text;
        }
        while !text.is_empty() && self.width(&format!("{text}…"), style) > width {
            text.pop();
        }
        format!("{}…", text.trim_end())
    }

    /// Box of a line whose middle left, middle or middle right lies at a point.
    pub(super) fn area(&self, text: &str, (x, y): (f32, f32), align: Align, style: &Style) -> Area {
        let width = self.width(text, style);
        let left = match align {
            Align::Left => x,
            Align::Centre => x - 0.5 * width,
            Align::Right => x - width,
        };
        Area { left, top: y - 0.5 * style.size, width, height: style.size }
    }

    /// Draws a line into the box that [`Fonts::area`] tells.
    pub(super) fn draw(&self, canvas: &mut Canvas, text: &str, at: (f32, f32), align: Align, style: &Style) {
        let text = self.drawable(text);
        let area = self.area(&text, at, align, style);
        let font = self.of(style).as_scaled(PxScale::from(style.size));
        let baseline = area.top + font.ascent();
        let mut pen = area.left;
        let mut glyphs = Vec::new();
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            glyphs.push(id.with_scale_and_position(PxScale::from(style.size), point(pen, baseline)));
            pen += font.h_advance(id);
        }
        if let Some(halo) = style.halo {
            for (dx, dy) in rim() {
                self.draw_glyphs(canvas, &glyphs, (dx, dy), halo, style);
            }
        }
        self.draw_glyphs(canvas, &glyphs, (0, 0), style.colour, style);
    }

    fn draw_glyphs(
        &self,
        canvas: &mut Canvas,
        glyphs: &[Glyph],
        offset: (i32, i32),
        colour: Colour,
        style: &Style,
    ) {
        for glyph in glyphs {
            let Some(outline) = self.of(style).outline_glyph(glyph.clone()) else { continue };
            let bounds = outline.px_bounds();
            let (left, top) = (bounds.min.x as i32 + offset.0, bounds.min.y as i32 + offset.1);
            outline.draw(|x, y, share| canvas.blend(left + x as i32, top + y as i32, colour, share));
        }
    }
}

/// Offsets that surround a letter with a rim.
fn rim() -> impl Iterator<Item = (i32, i32)> {
    let disc = |&(dx, dy): &(i32, i32)| dx * dx + dy * dy <= HALO * HALO && (dx, dy) != (0, 0);
    (-HALO..=HALO).flat_map(|dy| (-HALO..=HALO).map(move |dx| (dx, dy))).filter(disc)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { size: 20.0, bold: false, colour: [0, 0, 0, 255], halo: None };

    #[test]
    fn letters_the_font_lacks_are_left_out() {
        let fonts = Fonts::load();
        assert_eq!(fonts.drawable("School 第一中学\n2"), "School 2");
        assert_eq!(fonts.drawable("第一中学"), UNDRAWABLE);
    }

    #[test]
    fn wrapped_lines_keep_every_word_and_the_width() {
        let fonts = Fonts::load();
        let text = "storm sewers, infiltration and buildings are not part of the model";
        let lines = fonts.wrap(text, 200.0, &STYLE);
        assert_eq!(lines.join(" "), text);
        assert!(lines.len() > 1 && lines.iter().all(|line| fonts.width(line, &STYLE) <= 200.0));
    }
}
