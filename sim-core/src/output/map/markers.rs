//! Numbered badges at places.

use super::canvas::{Area, Canvas};
use super::overlay::{DARK, Taken, WHITE};
use super::text::{Align, Fonts, Style};
use super::view::View;

/// Radius of a badge, pixels.
pub(super) const BADGE: f32 = 14.0;

/// Distance of a badge from its place where it would hide another one, pixels.
const BADGE_REACH: f32 = 34.0;

/// Room that the dot of a place needs beside the badge of another one, pixels.
const DOT_ROOM: f32 = 5.0;

const NUMBER: Style = Style { size: 18.0, bold: true, colour: WHITE, halo: None };

/// A point on the page, pixels.
type Spot = (f32, f32);

/// Draws the numbered badges; a badge steps aside where it would hide a badge or a place.
///
/// The lines from badges to their places lie under all badges and cross none of them
/// where there is room.
pub(super) fn draw_markers(
    canvas: &mut Canvas,
    fonts: &Fonts,
    view: &View,
    markers: &[(f64, f64, String)],
    taken: &mut Taken,
) {
    let shown = |(i, (x, y, _)): (usize, &(f64, f64, String))| {
        view.shows(*x, *y).then(|| (i + 1, view.pixel(*x, *y)))
    };
    let (numbers, spots): (Vec<usize>, Vec<Spot>) = markers.iter().enumerate().filter_map(shown).unzip();
    let badges = badge_places(&spots, &view.area, taken);
    for (&spot, &badge) in spots.iter().zip(&badges).filter(|(spot, badge)| spot != badge) {
        canvas.stroke(&[vec![spot, badge]], false, 2.0, DARK);
        canvas.disc(spot, 4.0, DARK);
    }
    for (&badge, number) in badges.iter().zip(numbers) {
        draw_badge(canvas, fonts, badge, number);
        taken.push(badge_area(badge));
    }
}

/// The numbered disc of a marker.
pub(super) fn draw_badge(canvas: &mut Canvas, fonts: &Fonts, at: (f32, f32), number: usize) {
    canvas.disc(at, BADGE, WHITE);
    canvas.disc(at, BADGE - 2.0, DARK);
    fonts.draw(canvas, &number.to_string(), at, Align::Centre, &NUMBER);
}

fn badge_area((x, y): Spot) -> Area {
    Area { left: x - BADGE, top: y - BADGE, width: 2.0 * BADGE, height: 2.0 * BADGE }
}

/// Where the badge of each place stands: at the place itself, or at the first free spot around it.
fn badge_places(spots: &[Spot], frame: &Area, taken: &Taken) -> Vec<Spot> {
    let mut badges: Vec<Spot> = Vec::new();
    for (i, &spot) in spots.iter().enumerate() {
        let is_clear = |badge: &Spot| {
            let area = badge_area(*badge);
            frame.holds(&area)
                && !taken.iter().any(|other| other.meets(&area))
                && !badges.iter().any(|other| badge_area(*other).meets(&area))
        };
        // A badge that stands well hides no place but its own, and no line passes under a badge.
        let stands_well = |badge: &Spot| {
            let hides = |(j, other): (usize, &Spot)| j != i && distance(*other, *badge) < BADGE + DOT_ROOM;
            let crosses = |(&from, &to): (&Spot, &Spot)| {
                from_line(to, (spot, *badge)) < BADGE || from_line(*badge, (from, to)) < BADGE
            };
            is_clear(badge) && !spots.iter().enumerate().any(hides) && !spots.iter().zip(&badges).any(crosses)
        };
        let candidates: Vec<Spot> = std::iter::once(spot).chain(around(spot)).collect();
        let found = candidates
            .iter()
            .find(|badge| stands_well(badge))
            .or_else(|| candidates.iter().find(|badge| is_clear(badge)));
        badges.push(found.copied().unwrap_or(spot));
    }
    badges
}

/// Spots around a place, the nearest first.
fn around(spot: Spot) -> impl Iterator<Item = Spot> {
    const DIRECTIONS: usize = 16;
    const RINGS: usize = 3;
    (0..RINGS * DIRECTIONS).map(move |i| {
        let angle = i as f32 * std::f32::consts::TAU / DIRECTIONS as f32;
        let reach = BADGE_REACH * (1 + i / DIRECTIONS) as f32;
        (spot.0 + reach * angle.cos(), spot.1 - reach * angle.sin())
    })
}

fn distance(a: Spot, b: Spot) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// Distance of a point from a line between two others, pixels.
fn from_line(point: Spot, (from, to): (Spot, Spot)) -> f32 {
    let (along_x, along_y) = (to.0 - from.0, to.1 - from.1);
    let length_squared = (along_x * along_x + along_y * along_y).max(f32::MIN_POSITIVE);
    let share = ((point.0 - from.0) * along_x + (point.1 - from.1) * along_y) / length_squared;
    let share = share.clamp(0.0, 1.0);
    distance(point, (from.0 + share * along_x, from.1 + share * along_y))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Area = Area { left: 0.0, top: 0.0, width: 1000.0, height: 800.0 };

    #[test]
    fn a_lone_place_carries_its_badge_and_a_crowd_hides_no_place() {
        assert_eq!(badge_places(&[(500.0, 400.0)], &FRAME, &Vec::new()), [(500.0, 400.0)]);
        let crowd = [(500.0, 400.0), (510.0, 404.0), (505.0, 395.0), (520.0, 400.0)];
        let badges = badge_places(&crowd, &FRAME, &Vec::new());
        for badge in &badges {
            assert!(crowd.iter().all(|place| distance(*place, *badge) >= BADGE), "{badges:?}");
        }
    }

    #[test]
    fn no_line_passes_under_the_badge_of_another_place() {
        let crowd = [(500.0, 400.0), (510.0, 404.0), (505.0, 395.0), (520.0, 400.0)];
        let badges = badge_places(&crowd, &FRAME, &Vec::new());
        for (i, badge) in badges.iter().enumerate() {
            for (j, line) in crowd.iter().zip(&badges).enumerate().filter(|(j, _)| *j != i) {
                assert!(from_line(*badge, (*line.0, *line.1)) >= BADGE, "{i} on the line of {j}: {badges:?}");
            }
        }
    }

    #[test]
    fn the_distance_from_a_line_ends_at_its_ends() {
        let line = ((0.0, 0.0), (10.0, 0.0));
        assert_eq!(from_line((5.0, 3.0), line), 3.0);
        assert_eq!(from_line((13.0, 4.0), line), 5.0);
    }
}
