//! Threat zones in calm and light air: from the closed form, not from the cells of a grid.
//!
//! Around the source a zone is found bearing by bearing: on each the farthest point that
//! ever sees the level. The zone holds all ground between that point and the source.

use std::f64::consts::PI;

use geo::Area;
use geo_types::{MultiPolygon, Polygon};
use nalgebra::Vector2;
use rayon::prelude::*;

use crate::gas::calm::PlacedCalm;
use crate::gas::hazard::levels::{Level, LevelKind};
use crate::gas::hazard::zones::{FARTHEST, Zone, circle, polygon};

/// Bearings from the wind's to the one against it; the other side is its image.
const BEARINGS: usize = 60;

/// Distances searched from afar per factor of ten: the concentration has one peak on a bearing.
const PER_DECADE: usize = 8;

/// Nearest distance that is searched, m.
const NEAREST: f64 = 0.1;

/// Halvings of the interval in which the end of a zone lies.
const HALVINGS: usize = 30;

/// Share of a level whose coming is told as that of the gas: the edge of a zone has the whole of the
/// level only when the release ends, however early the gas is there (our own).
const COMING: f64 = 0.5;

/// What a level is held against at a point: the largest concentration, or for a load the steady
/// concentration that gives it while the release lasts, kg/m³.
fn felt(cloud: &PlacedCalm, level: &Level, at: Vector2<f64>) -> f64 {
    match level.kind {
        LevelKind::Load { exponent, .. } => cloud.steady_of_load(at, cloud.receptor_height, exponent),
        LevelKind::Toxic { .. } | LevelKind::Flammable { .. } => cloud.largest(at, cloud.receptor_height).0,
    }
}

/// Farthest distance on a bearing, rad off the wind's, at which a level is met; zero where it never
/// is, [`FARTHEST`] where it is met there too.
fn reach(cloud: &PlacedCalm, level: &Level, threshold: f64, angle: f64) -> f64 {
    let direction = Vector2::new(angle.cos(), angle.sin());
    let meets = |distance: f64| felt(cloud, level, distance * direction) >= threshold;
    let steps = ((FARTHEST / NEAREST).log10() * PER_DECADE as f64).round() as usize;
    let distance = |i: usize| NEAREST * 10_f64.powf(i as f64 / PER_DECADE as f64);
    let Some(last) = (0..=steps).rev().find(|&i| meets(distance(i))) else { return 0.0 };
    if last == steps {
        return FARTHEST;
    }
    let (mut inside, mut outside) = (distance(last), distance(last + 1));
    for _ in 0..HALVINGS {
        let middle = 0.5 * (inside + outside);
        if meets(middle) { inside = middle } else { outside = middle }
    }
    inside
}

/// Reaches on all bearings, the wind's first; on one alone where the direction does not matter.
fn reaches(cloud: &PlacedCalm, level: &Level, threshold: f64, any_direction: bool) -> Vec<f64> {
    let still = cloud.calm.wind == (0.0, 0.0);
    let bearings = if still || any_direction { 0 } else { BEARINGS };
    let angle = |i: usize| PI * i as f64 / BEARINGS as f64;
    (0..=bearings).into_par_iter().map(|i| reach(cloud, level, threshold, angle(i))).collect()
}

/// The area within the reaches; a circle where there is one reach.
fn outline(cloud: &PlacedCalm, reaches: &[f64]) -> Option<Polygon<f64>> {
    let farthest = reaches.iter().copied().fold(0.0, f64::max);
    match reaches {
        _ if farthest <= 0.0 => None,
        [radius] => Some(circle(cloud.source, *radius)),
        _ => {
            let angle = |i: usize| PI * i as f64 / BEARINGS as f64;
            let left = reaches.iter().enumerate().map(|(i, &reach)| (angle(i), reach));
            let right = reaches.iter().enumerate().rev().map(|(i, &reach)| (-angle(i), reach));
            Some(polygon(left.chain(right).map(|(angle, reach)| cloud.on_grid(angle, reach))))
        }
    }
}

/// The zone of a level around a source in calm or light air.
///
/// The wind is too weak to hold a direction, so that the areas to be warned and cleared are
/// circles; the outline is that of the direction as it is said.
///
/// # Units
/// - `threshold`: the level as kg/m³ in this air
pub fn zone(level: &Level, cloud: &PlacedCalm, threshold: f64, direction_known: bool) -> Zone {
    let reaches = reaches(cloud, level, threshold, !direction_known);
    let distance = reaches.iter().copied().fold(0.0, f64::max);
    let mut heights = vec![0.0, cloud.calm.height];
    heights.retain(|height| *height != cloud.receptor_height);
    heights.dedup();
    let elsewhere = heights.iter().map(|&height| reach(&cloud.at_height(height), level, threshold, 0.0));
    let any_height = elsewhere.fold(distance, f64::max);
    let around = |radius: f64| {
        MultiPolygon::new((radius > 0.0).then(|| circle(cloud.source, radius)).into_iter().collect())
    };
    let outline = outline(cloud, &reaches);
    let farthest = Vector2::new(distance, 0.0);
    let width = match reaches.as_slice() {
        [radius] => 2.0 * radius,
        sides => {
            let side = |(i, reach): (usize, &f64)| reach * (PI * i as f64 / BEARINGS as f64).sin();
            2.0 * sides.iter().enumerate().map(side).fold(0.0, f64::max)
        }
    };
    let area = match reaches.as_slice() {
        [radius] => PI * radius * radius,
        _ => outline.as_ref().map_or(0.0, Area::unsigned_area),
    };
    Zone {
        level: level.clone(),
        threshold,
        outline: MultiPolygon::new(outline.into_iter().collect()),
        wedge: around(distance),
        clearing: around(any_height),
        distance,
        any_height,
        width,
        area,
        arrival: cloud.arrival(farthest, cloud.receptor_height, COMING * threshold).unwrap_or(f64::NAN),
        drift_reach: 0.0,
        jet_reach: None,
        jet_carry: 0.0,
        is_cut: any_height >= FARTHEST,
        doubts: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::hazard::levels::level;
    use crate::gas::source::known_rate;
    use crate::gas::substance::find;
    use crate::gas::weather::Weather;
    use crate::gas::weather::tests::neutral;

    fn cloud(wind: f64, height: f64, duration: f64) -> PlacedCalm {
        let release = known_rate::release((100.0, 50.0), height, 0.5, duration);
        let weather = Weather { wind_direction_deg: 200.0, ..neutral(wind) };
        PlacedCalm::new(&release, find("CO").expect("in the table"), &weather, height).expect("weak wind")
    }

    fn toxic() -> Level {
        level(find("CO").expect("in the table"), "AEGL-2 60 min").expect("a level")
    }

    #[test]
    fn without_wind_the_zone_is_the_circle_of_the_closed_form() {
        // c = 2 Q/((2π)^1.5 γ2 r²): r = (2·0.5/(15.75·0.12·1e-4))^(1/2) = 72.75 m; of a release of a day.
        let zone = zone(&toxic(), &cloud(0.0, 0.0, 86_400.0), 1e-4, false);
        assert!((zone.distance - 72.75).abs() < 0.05, "{}", zone.distance);
        assert!((zone.area / (PI * zone.distance.powi(2)) - 1.0).abs() < 1e-12);
        assert_eq!(zone.width, 2.0 * zone.distance);
        assert!(zone.outline.unsigned_area() >= zone.area, "drawn around, not inside");
    }

    #[test]
    fn every_point_of_the_outline_just_meets_the_level() {
        for (wind, height, duration) in [(0.3, 0.0, 600.0), (1.2, 0.0, 60.0), (1.0, 8.0, 900.0)] {
            let cloud = cloud(wind, height, duration);
            let zone = zone(&toxic(), &cloud, 1e-4, true);
            let ring = zone.outline.0[0].exterior();
            for point in ring.coords().step_by(7) {
                let at = cloud.in_wind(point.x, point.y, true);
                if at.norm() > 0.5 {
                    let seen = cloud.largest(at, cloud.receptor_height).0;
                    assert!((seen / 1e-4 - 1.0).abs() < 1e-5, "{wind} {at:?}: {seen}");
                }
            }
            let downwind = cloud.on_grid(0.0, zone.distance);
            assert!(ring.coords().any(|at| (at.x - downwind.x).hypot(at.y - downwind.y) < 1e-6));
        }
    }

    #[test]
    fn wind_draws_the_zone_out_and_longer_releases_widen_it() {
        let of = |wind: f64, duration: f64| zone(&toxic(), &cloud(wind, 0.0, duration), 1e-4, true);
        assert!(of(1.0, 600.0).distance > of(1.0, 600.0).width);
        assert!(of(0.3, 60.0).distance < of(0.3, 600.0).distance);
        let nothing = zone(&toxic(), &cloud(0.0, 0.0, 600.0), 10.0, false);
        assert!(nothing.distance < 1.0);
    }

    #[test]
    fn a_level_of_a_load_reaches_no_farther_than_what_was_breathed() {
        let substance = find("chlorine").expect("in the table");
        let load = level(substance, "lethality 1 %").expect("a load").within(600.0);
        let cloud = cloud(0.4, 0.0, 600.0);
        let zone = zone(&load, &cloud, 1e-4, true);
        let LevelKind::Load { exponent, .. } = load.kind else { panic!("a load") };
        let edge = Vector2::new(zone.distance, 0.0);
        let found = cloud.steady_of_load(edge, cloud.receptor_height, exponent);
        assert!((found / 1e-4 - 1.0).abs() < 1e-5, "{found}");
    }
}
