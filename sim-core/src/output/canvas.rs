//! A picture to draw on: areas, lines, discs, pixels.

use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Mask, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};

/// Red, green, blue, opacity.
pub(super) type Colour = [u8; 4];

/// A box on the page, pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
}

impl Area {
    pub(super) fn right(&self) -> f32 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f32 {
        self.top + self.height
    }

    /// True when two boxes share a point.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.left < other.right()
            && other.left < self.right()
            && self.top < other.bottom()
            && other.top < self.bottom()
    }

    /// True when the other box lies inside.
    pub(super) fn holds(&self, other: &Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// The box grown on every side.
    pub(super) fn grown(&self, by: f32) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            width: self.width + 2.0 * by,
            height: self.height + 2.0 * by,
        }
    }
}

/// The picture.
pub(super) struct Canvas {
    pixmap: Pixmap,
    /// What lies outside is not drawn.
    clip: Option<Mask>,
}

impl Canvas {
    /// A white page; `None` when it has no extent or memory does not suffice.
    pub(super) fn new(width: u32, height: u32) -> Option<Self> {
        let mut pixmap = Pixmap::new(width, height)?;
        pixmap.fill(Color::WHITE);
        Some(Self { pixmap, clip: None })
    }

    /// Draws only inside a box from now on, or everywhere again.
    pub(super) fn clip(&mut self, area: Option<&Area>) {
        self.clip = area.and_then(|area| {
            let mut mask = Mask::new(self.pixmap.width(), self.pixmap.height())?;
            mask.fill_path(&rectangle(area)?, FillRule::Winding, false, Transform::identity());
            Some(mask)
        });
    }

    /// Fills a box.
    pub(super) fn fill(&mut self, area: &Area, colour: Colour) {
        if let Some(path) = rectangle(area) {
            self.fill_path(&path, colour);
        }
    }

    /// Draws the border of a box.
    pub(super) fn frame(&mut self, area: &Area, width: f32, colour: Colour) {
        if let Some(path) = rectangle(area) {
            self.stroke_path(&path, width, colour);
        }
    }

    /// Fills rings; a ring inside a ring is a hole.
    pub(super) fn fill_rings(&mut self, rings: &[Vec<(f32, f32)>], colour: Colour) {
        if let Some(path) = lines(rings, true) {
            self.fill_path(&path, colour);
        }
    }

    /// Draws lines, closed to rings if wanted.
    pub(super) fn stroke(&mut self, parts: &[Vec<(f32, f32)>], closed: bool, width: f32, colour: Colour) {
        if let Some(path) = lines(parts, closed) {
            self.stroke_path(&path, width, colour);
        }
    }

    /// Fills a disc.
    pub(super) fn disc(&mut self, (x, y): (f32, f32), radius: f32, colour: Colour) {
        if let Some(path) = PathBuilder::from_circle(x, y, radius) {
            self.fill_path(&path, colour);
        }
    }

    /// Lays a colour over one pixel, `share` of it (0 to 1).
    pub(super) fn blend(&mut self, x: i32, y: i32, colour: Colour, share: f32) {
        let (width, height) = (self.pixmap.width() as i32, self.pixmap.height() as i32);
        if x < 0 || y < 0 || x >= width || y >= height {
            return;
        }
        let alpha = share.clamp(0.0, 1.0) * f32::from(colour[3]) / 255.0;
        let at = 4 * (y as usize * width as usize + x as usize);
        // The page is opaque, so that premultiplied and plain colours are the same.
        let pixel = &mut self.pixmap.data_mut()[at..at + 3];
        for (below, above) in pixel.iter_mut().zip(colour) {
            let mixed = f32::from(*below) + alpha * (f32::from(above) - f32::from(*below));
            *below = mixed.round() as u8;
        }
    }

    /// The picture as PNG.
    pub(super) fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.pixmap.width(), self.pixmap.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let opaque: Vec<u8> = self.pixmap.data().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&opaque)?;
        writer.finish()?;
        Ok(bytes)
    }

    fn fill_path(&mut self, path: &Path, colour: Colour) {
        let mask = self.clip.as_ref();
        self.pixmap.fill_path(path, &paint(colour), FillRule::EvenOdd, Transform::identity(), mask);
    }

    fn stroke_path(&mut self, path: &Path, width: f32, colour: Colour) {
        let stroke =
            Stroke { width, line_join: LineJoin::Round, line_cap: LineCap::Round, ..Stroke::default() };
        let mask = self.clip.as_ref();
        self.pixmap.stroke_path(path, &paint(colour), &stroke, Transform::identity(), mask);
    }
}

fn paint(colour: Colour) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(colour[0], colour[1], colour[2], colour[3]);
    paint
}

fn rectangle(area: &Area) -> Option<Path> {
    Some(PathBuilder::from_rect(Rect::from_xywh(area.left, area.top, area.width, area.height)?))
}

fn lines(parts: &[Vec<(f32, f32)>], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for part in parts {
        for (i, &(x, y)) in part.iter().enumerate() {
            if i == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
        }
        if closed && !part.is_empty() {
            path.close();
        }
    }
    path.finish()
}
