//! Maps as PNG pictures that can be shown to whoever has to decide.
//!
//! A page has a title, the map in its frame, a panel with the legend beside it,
//! and below it what the map does not show. Text is English, because the font
//! that the engine carries has no Chinese letters; data files carry both.

mod furniture;
mod ground;
mod legend;
mod markers;
mod overlay;
mod view;

use canvas::{Area, Canvas};
use legend::{Legend, PANEL_WIDTH};
use overlay::DARK;
use text::{Align, Fonts, Style};
use view::{MAP_WIDTH, View};

use super::{Format, Job, cannot_write, canvas, text};
use crate::error::Result;
use crate::product::{Map, Shapes};

/// Width of a page, pixels.
const PAGE_WIDTH: f32 = 1600.0;

/// Margins and gaps of the page, pixels.
const MARGIN: f32 = 44.0;
const TICK_ROOM: f32 = 100.0;
const PANEL_GAP: f32 = 34.0;
const BELOW_MAP: f32 = 52.0;

const TITLE: Style = Style { size: 42.0, bold: true, colour: DARK, halo: None };
const SUBTITLE: Style = Style { size: 24.0, bold: false, colour: [75, 85, 99, 255], halo: None };
const WARNING: Style = Style { size: 19.0, bold: true, colour: [120, 53, 15, 255], halo: None };
const FOOTER: Style = Style { size: 17.0, bold: false, colour: [90, 98, 112, 255], halo: None };

// The panel ends at the right margin.
const _: () = assert!(MARGIN + TICK_ROOM + MAP_WIDTH + PANEL_GAP + PANEL_WIDTH + MARGIN <= PAGE_WIDTH + 2.0);

/// Draws every map.
///
/// # Errors
/// E6000.
pub(super) fn write(job: &mut Job<'_>) -> Result<()> {
    let products = job.products;
    if products.maps.is_empty() {
        return Ok(());
    }
    let fonts = Fonts::load();
    for map in &products.maps {
        let path = format!("{}.png", map.name);
        let bytes = draw(job, &fonts, map).map_err(|mistake| cannot_write(&path, &mistake))?;
        job.write_file(&path, &bytes)?;
        job.list(&map.name, &path, Format::Png, "");
    }
    Ok(())
}

fn draw(job: &Job<'_>, fonts: &Fonts, map: &Map) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error>> {
    let products = job.products;
    let raster = map.raster.as_ref().and_then(|name| view::raster(products, name));
    let layers: Vec<&Shapes> = map.shapes.iter().filter_map(|name| view::shapes(products, name)).collect();
    let width = PAGE_WIDTH - 2.0 * MARGIN;
    let title = fonts.wrap(&map.title, width, &TITLE);
    let subtitle = fonts.wrap(&map.subtitle, width, &SUBTITLE);
    let top = MARGIN + lines_height(&title, &TITLE) + lines_height(&subtitle, &SUBTITLE) + 18.0;
    let view = View::of(map, products, MARGIN + TICK_ROOM, top);
    let legend = Legend::new(fonts, raster, &layers, map, &view);
    let warning = fonts.wrap(&warning(map), width, &WARNING);
    let footer = fonts.wrap(&footer(job), width, &FOOTER);
    let below = top + (view.area.height + BELOW_MAP).max(legend.height() + MARGIN);
    let height = below + lines_height(&warning, &WARNING) + lines_height(&footer, &FOOTER) + MARGIN;

    let mut canvas =
        Canvas::new(PAGE_WIDTH as u32, height as u32).ok_or("not enough memory for the picture")?;
    draw_lines(&mut canvas, fonts, &title, MARGIN, &TITLE);
    draw_lines(&mut canvas, fonts, &subtitle, MARGIN + lines_height(&title, &TITLE), &SUBTITLE);
    let ground = ground::Ground { terrain: map.terrain.as_ref(), closed: map.closed.as_ref(), raster };
    ground::draw(&mut canvas, &view, &products.grid, ground);
    draw_content(&mut canvas, fonts, &view, map, &layers, job);
    legend.draw(&mut canvas, fonts, view.area.right() + PANEL_GAP, top);
    canvas.fill(&Area { left: MARGIN, top: below - 10.0, width, height: 1.5 }, [209, 213, 219, 255]);
    draw_lines(&mut canvas, fonts, &warning, below, &WARNING);
    draw_lines(&mut canvas, fonts, &footer, below + lines_height(&warning, &WARNING), &FOOTER);
    Ok(canvas.png()?)
}

/// Everything inside the frame but the ground.
fn draw_content(
    canvas: &mut Canvas,
    fonts: &Fonts,
    view: &View,
    map: &Map,
    layers: &[&Shapes],
    job: &Job<'_>,
) {
    let crs = &job.products.grid.crs;
    let mut taken = Vec::new();
    canvas.clip(Some(&view.area));
    furniture::draw_graticule(canvas, view, crs);
    overlay::draw_shapes(canvas, view, map, layers);
    canvas.clip(None);
    furniture::draw_scale_bar(canvas, fonts, view, &mut taken);
    furniture::draw_north(canvas, fonts, view, &mut taken);
    if let Some(arrow) = &map.arrow {
        furniture::draw_arrow(canvas, fonts, view, arrow, &mut taken);
    }
    markers::draw_markers(canvas, fonts, view, &map.markers, &mut taken);
    overlay::draw_names(canvas, fonts, view, layers, &mut taken);
    furniture::draw_frame(canvas, fonts, view, crs);
}

fn warning(map: &Map) -> String {
    match map.not_modelled.trim() {
        "" => String::new(),
        text if text.to_lowercase().starts_with("not modelled") => text.into(),
        text => format!("Not modelled: {text}"),
    }
}

fn footer(job: &Job<'_>) -> String {
    let start = match job.start {
        Some(start) => format!("start {}", start.strftime("%Y-%m-%d %H:%M UTC")),
        None => String::from("no date given"),
    };
    let grid = &job.products.grid;
    let mut parts = vec![job.engine(), start, grid.crs.to_string()];
    parts.push(format!("{} × {} cells", grid.columns, grid.rows));
    parts.extend(job.products.credits.iter().cloned());
    parts.join("  ·  ")
}

fn lines_height(lines: &[String], style: &Style) -> f32 {
    lines.iter().filter(|line| !line.is_empty()).count() as f32 * (style.size + 8.0)
}

fn draw_lines(canvas: &mut Canvas, fonts: &Fonts, lines: &[String], top: f32, style: &Style) {
    for (i, line) in lines.iter().enumerate() {
        let middle = top + (i as f32 + 0.5) * (style.size + 8.0);
        fonts.draw(canvas, line, (MARGIN, middle), Align::Left, style);
    }
}
