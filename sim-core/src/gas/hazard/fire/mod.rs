//! Fires: how hot it is around a burning leak, and for how long.
//!
//! One file per fire; it joins by one line in [`ALL`]. A fire that stands still
//! implements [`Fire`], and [`radiation`] finds the distance at which a threshold
//! is met around any of them. [`view_factor`] holds the geometry, [`harm`] what
//! radiation does to people.

pub mod fireball;
pub mod flash_fire;
pub mod harm;
pub mod jet_fire;
pub mod point_source;
pub mod pool_fire;
pub mod radiation;
pub mod view_factor;

use nalgebra::Vector3;

use radiation::Air;

/// A kind of fire that can be asked for by name.
pub trait FireKind: Sync {
    /// Name by which scenarios ask for it.
    fn name(&self) -> &'static str;

    /// One sentence: what burns and how.
    fn meaning(&self) -> &'static str;
}

/// Every kind of fire.
pub const ALL: [&dyn FireKind; 5] = [
    &jet_fire::JetFireKind,
    &point_source::PointSourceKind,
    &pool_fire::PoolFireKind,
    &fireball::FireballKind,
    &flash_fire::FlashFireKind,
];

/// A fire that radiates; coordinates in metres, z up, the leak or the middle of the pool at the origin.
pub trait Fire {
    /// Greatest radiation that a surface at a point can receive, whichever way it faces, W/m².
    fn irradiance(&self, target: Vector3<f64>, air: &Air) -> f64;

    /// Radiation on a surface that faces a way (a unit vector), W/m².
    fn irradiance_facing(&self, target: Vector3<f64>, facing: Vector3<f64>, air: &Air) -> f64;

    /// Radius of a sphere around the origin that holds the whole flame, m.
    fn extent(&self) -> f64;

    /// A power that bounds the radiation from afar, W: at a distance d from the
    /// sphere of [`Fire::extent`] it is at most this over π d².
    fn bounding_power(&self) -> f64;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_name() {
        for (index, kind) in ALL.iter().enumerate() {
            assert!(ALL[..index].iter().all(|other| other.name() != kind.name()));
            assert!(!kind.meaning().is_empty());
        }
    }
}
