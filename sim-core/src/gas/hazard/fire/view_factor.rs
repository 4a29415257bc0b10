//! View factors: which share of a flame's radiation meets a surface.

use std::f64::consts::PI;

use nalgebra::Vector3;

use crate::gas::hazard::fire::radiation::Air;

/// A flame as a solid: a frustum between two discs, which may be sheared.
///
/// A leaning pool fire has a level base and a level top; the flame of a jet has
/// discs across its axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frustum {
    /// Middle of the disc at its base, m.
    pub base: Vector3<f64>,
    /// Middle of the disc at its tip, m.
    pub tip: Vector3<f64>,
    /// Radius of the base, m.
    pub base_radius: f64,
    /// Radius of the tip, m.
    pub tip_radius: f64,
    /// Unit normal of both discs, from the base to the tip's side.
    pub normal: Vector3<f64>,
}

/// What a target sees of a flame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Sum of the view factors of all visible parts, each along its direction: its
    /// length is the greatest view factor a surface can have whichever way it faces,
    /// as long as it then sees the whole visible flame.
    pub vector: Vector3<f64>,
    /// View factor of a surface that faces the way that was asked for.
    pub facing: f64,
    /// Distance to the nearest visible part, m; infinite if none is visible.
    pub nearest: f64,
}

/// Strips of the side along its axis, and around it.
const STRIPS: usize = 48;
const SECTORS: usize = 96;

/// Rings of a disc.
const RINGS: usize = 16;

impl Frustum {
    /// Share of its emissive power that comes through the air to a surface that looks where it
    /// sees most.
    pub(super) fn seen(&self, target: Vector3<f64>, air: &Air) -> f64 {
        let view = self.view(target, Vector3::z());
        view.vector.norm() * air.transmissivity(view.nearest)
    }

    /// The same for a surface that looks in a direction.
    pub(super) fn seen_facing(&self, target: Vector3<f64>, facing: Vector3<f64>, air: &Air) -> f64 {
        let view = self.view(target, facing);
        view.facing * air.transmissivity(view.nearest)
    }

    /// Area of the side and both discs, m², for discs across the axis.
    pub fn area(&self) -> f64 {
        let length = (self.tip - self.base).norm();
        let slant = length.hypot(self.tip_radius - self.base_radius);
        let (base, tip) = (self.base_radius, self.tip_radius);
        PI * (base + tip) * slant + PI * (base * base + tip * tip)
    }

    /// Radius of a sphere around the origin that holds the frustum, m.
    pub fn extent(&self) -> f64 {
        (self.base.norm() + self.base_radius).max(self.tip.norm() + self.tip_radius)
    }

    /// What a target sees of this flame.
    ///
    /// $$ \vec F = \int_{visible} \frac{\cos\beta}{\pi r^2}\, \hat r \, dA $$
    ///
    /// The sum over small parts of side and discs that face the target. Closed forms
    /// exist for a target on the line of the wind alone; the sum serves every place,
    /// every lean and every taper, and meets those forms within 0.2 %.
    ///
    /// # Units
    /// - `target`: m; `facing`: unit vector out of the surface that is heated
    ///
    /// # Valid for
    /// Targets outside the flame, farther from it than a twentieth of its radius.
    /// The ground hides nothing.
    ///
    /// # Source
    /// assael2010 pages 92 and 103 (the definition and closed forms for cylinders and spheres).
    pub fn view(&self, target: Vector3<f64>, facing: Vector3<f64>) -> View {
        let mut view = View { vector: Vector3::zeros(), facing: 0.0, nearest: f64::INFINITY };
        let (first, second) = across(self.normal);
        for sector in 0..SECTORS {
            let angle = 2.0 * PI * (sector as f64 + 0.5) / SECTORS as f64;
            let outward = first * angle.cos() + second * angle.sin();
            let around = second * angle.cos() - first * angle.sin();
            self.side(&mut view, target, facing, outward, around);
            for (middle, radius, normal) in
                [(self.base, self.base_radius, -self.normal), (self.tip, self.tip_radius, self.normal)]
            {
                for ring in 0..RINGS {
                    let share = (ring as f64 + 0.5) / RINGS as f64;
                    let area = 2.0 * PI / SECTORS as f64 * radius * radius * share / RINGS as f64;
                    view.add(target, facing, middle + outward * (radius * share), normal * area);
                }
            }
        }
        view
    }

    fn side(
        &self,
        view: &mut View,
        target: Vector3<f64>,
        facing: Vector3<f64>,
        outward: Vector3<f64>,
        around: Vector3<f64>,
    ) {
        let (axis, widening) = (self.tip - self.base, self.tip_radius - self.base_radius);
        let along = axis + outward * widening;
        let patch = 2.0 * PI / SECTORS as f64 / STRIPS as f64;
        for strip in 0..STRIPS {
            let share = (strip as f64 + 0.5) / STRIPS as f64;
            let radius = self.base_radius + share * widening;
            // The cross product points outwards, because around × normal is outward.
            let area = around.cross(&along) * (radius * patch);
            view.add(target, facing, self.base + axis * share + outward * radius, area);
        }
    }
}

impl View {
    /// Adds a small part of a surface: its place and its area as a vector along its normal.
    fn add(&mut self, target: Vector3<f64>, facing: Vector3<f64>, part: Vector3<f64>, area: Vector3<f64>) {
        let line = part - target;
        let distance = line.norm();
        let seen = -area.dot(&line) / distance;
        if seen > 0.0 {
            let share = line * (seen / (PI * distance.powi(3)));
            self.vector += share;
            self.facing += share.dot(&facing).max(0.0);
            self.nearest = self.nearest.min(distance);
        }
    }
}

/// Two unit vectors across a unit vector and across each other, in right-handed order.
fn across(normal: Vector3<f64>) -> (Vector3<f64>, Vector3<f64>) {
    let helper = if normal.x.abs() < 0.9 { Vector3::x() } else { Vector3::y() };
    let first = helper.cross(&normal).normalize();
    (first, normal.cross(&first))
}

/// View factor of a sphere from a small surface that faces its middle.
///
/// $$ F = (R/X)^2 $$
///
/// # Units
/// - `radius`, `distance` to the middle: m; 1 at and below its surface
///
/// # Source
/// assael2010 equation C-2.44.
pub fn of_sphere(radius: f64, distance: f64) -> f64 {
    if distance <= radius { 1.0 } else { (radius / distance).powi(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upright(radius: f64, height: f64, lean: f64) -> Frustum {
        let tip = Vector3::new(height * lean.tan(), 0.0, height);
        Frustum { base: Vector3::zeros(), tip, base_radius: radius, tip_radius: radius, normal: Vector3::z() }
    }

    /// Mudan's closed form for a leaning cylinder, target on the ground down the wind
    /// (assael2010 page 92): vertical and horizontal factors.
    fn mudan(radius: f64, length: f64, lean: f64, distance: f64) -> (f64, f64) {
        let (a, b, sin, cos) = (length / radius, distance / radius, lean.sin(), lean.cos());
        let big_a = (a * a + (b + 1.0).powi(2) - 2.0 * a * (b + 1.0) * sin).sqrt();
        let big_b = (a * a + (b - 1.0).powi(2) - 2.0 * a * (b - 1.0) * sin).sqrt();
        let c = (1.0 + (b * b - 1.0) * cos * cos).sqrt();
        let d = ((b - 1.0) / (b + 1.0)).sqrt();
        let e = a * cos / (b - a * sin);
        let f = (b * b - 1.0).sqrt();
        let arcs = ((a * b - sin * f * f) / (f * c)).atan() + (sin * f / c).atan();
        let product = (big_a * d / big_b).atan() / (big_a * big_b);
        let square = a * a + (b + 1.0).powi(2);
        let vertical = -e * d.atan() + e * (square - 2.0 * b * (1.0 + a * sin)) * product + cos / c * arcs;
        let level = (1.0 / d).atan() + sin / c * arcs - (square - 2.0 * (b + 1.0 + a * b * sin)) * product;
        (vertical / PI, level / PI)
    }

    #[test]
    fn a_disc_over_a_small_surface_has_its_closed_form() {
        // R²/(R² + h²) for a disc seen from below its middle; the side is hidden.
        let disc = Frustum {
            base: Vector3::new(0.0, 0.0, 4.0),
            tip: Vector3::new(0.0, 0.0, 5.0),
            base_radius: 2.0,
            tip_radius: 2.0,
            normal: Vector3::z(),
        };
        let view = disc.view(Vector3::zeros(), Vector3::z());
        assert!((view.facing - 4.0 / 20.0).abs() < 2e-4, "{}", view.facing);
        assert!((view.vector.norm() - view.facing).abs() < 1e-12);
    }

    #[test]
    fn leaning_cylinders_meet_mudans_closed_form() {
        for lean in [0.0, 0.3, 0.7] {
            for distance in [1.6, 2.5, 5.0, 12.0] {
                let length = 2.5;
                // The closed form holds outside the leaning flame's shadow.
                if distance < 1.2 + length * f64::sin(lean) {
                    continue;
                }
                let flame = upright(1.0, length * f64::cos(lean), lean);
                let target = Vector3::new(distance, 0.0, 0.0);
                let (vertical, level) = mudan(1.0, length, lean, distance);
                let found = flame.view(target, -Vector3::x()).facing;
                assert!((found / vertical - 1.0).abs() < 2e-3, "{lean} {distance}: {found} {vertical}");
                let above = flame.view(target, Vector3::z()).facing;
                assert!((above / level - 1.0).abs() < 5e-3, "{lean} {distance}: {above} {level}");
            }
        }
    }

    #[test]
    fn from_afar_a_flame_is_as_bright_as_its_shadow_is_large() {
        // F → (area seen) / (π d²): an upright cylinder shows 2 R H.
        let (flame, distance) = (upright(2.0, 10.0, 0.0), 4000.0);
        let view = flame.view(Vector3::new(0.0, distance, 5.0), -Vector3::y());
        let expected = 2.0 * 2.0 * 10.0 / (PI * distance * distance);
        assert!((view.facing / expected - 1.0).abs() < 1e-3, "{} {expected}", view.facing);
    }

    #[test]
    fn turning_flame_and_target_together_changes_nothing() {
        let flame = upright(1.5, 6.0, 0.4);
        let turn = nalgebra::Rotation3::from_axis_angle(&Vector3::z_axis(), 1.1);
        let turned = Frustum { base: turn * flame.base, tip: turn * flame.tip, ..flame };
        let target = Vector3::new(5.0, 3.0, 1.0);
        let (one, other) =
            (flame.view(target, -Vector3::x()), turned.view(turn * target, turn * -Vector3::x()));
        assert!((one.facing / other.facing - 1.0).abs() < 1e-3);
        assert!((one.vector.norm() / other.vector.norm() - 1.0).abs() < 1e-3);
    }

    #[test]
    fn the_radiation_through_a_sphere_around_is_what_the_flame_sends_out() {
        // The flux through any closed surface around equals the area: ∮ F·n dS = A (reciprocity).
        let flame = Frustum {
            base: Vector3::new(0.0, 0.0, -1.5),
            tip: Vector3::new(0.0, 0.0, 1.5),
            base_radius: 0.4,
            tip_radius: 0.9,
            normal: Vector3::z(),
        };
        let (radius, polar, azimuth) = (6.0, 40, 24);
        let mut sum = 0.0;
        for i in 0..polar {
            let cos = -1.0 + 2.0 * (f64::from(i) + 0.5) / f64::from(polar);
            for j in 0..azimuth {
                let angle = 2.0 * PI * (f64::from(j) + 0.5) / f64::from(azimuth);
                let sin = (1.0 - cos * cos).sqrt();
                let normal = Vector3::new(sin * angle.cos(), sin * angle.sin(), cos);
                // Inward facing: what arrives from the flame inside.
                sum += flame.view(normal * radius, -normal).facing;
            }
        }
        let area = sum * 4.0 * PI * radius * radius / f64::from(polar * azimuth);
        assert!((area / flame.area() - 1.0).abs() < 5e-3, "{area} {}", flame.area());
    }

    #[test]
    fn a_sphere_fills_the_view_at_its_surface() {
        assert_eq!(of_sphere(3.0, 2.0), 1.0);
        assert_eq!(of_sphere(3.0, 6.0), 0.25);
    }
}
