//! Explosions: the pressure of a blast, and how far it is dangerous.
//!
//! One file per method; it joins by one line in [`ALL`]. A blast implements
//! [`Blast`], and [`overpressure`] finds the distance at which a threshold is met.
//!
//! [`scaled_curve`] takes any other curve as rows with its source.

pub mod baker_strehlow;
pub mod flame_speed;
pub mod multi_energy;
pub mod overpressure;
pub mod scaled_curve;
pub mod tnt;

/// A method that can be asked for by name.
pub trait BlastKind: Sync {
    /// Name by which scenarios ask for it.
    fn name(&self) -> &'static str;

    /// One sentence: what explodes and by whose curves.
    fn meaning(&self) -> &'static str;
}

/// Every method.
pub const ALL: [&dyn BlastKind; 4] = [
    &tnt::TntKind,
    &multi_energy::MultiEnergyKind,
    &baker_strehlow::BakerStrehlowKind,
    &scaled_curve::ScaledCurveKind,
];

/// A blast whose pressure falls with the distance.
pub trait Blast {
    /// Peak overpressure of the incident wave, Pa; nothing outside the distances of the method.
    fn overpressure(&self, distance: f64) -> Option<f64>;

    /// Nearest and farthest distance of the method, m.
    fn distances(&self) -> (f64, f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_its_own_name() {
        for (index, kind) in ALL.iter().enumerate() {
            assert!(ALL[..index].iter().all(|other| other.name() != kind.name()));
            assert!(!kind.meaning().is_empty());
        }
    }
}
