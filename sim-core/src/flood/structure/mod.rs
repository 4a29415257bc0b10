//! Structures: pumps, weirs, gates and culverts that move water from one place to another.
//!
//! A structure joins two ends, each one cell, or a cell and the world outside. Its law
//! gives a discharge from the levels at both ends; before every step that much water is
//! moved. What is moved is never more than the giving cell holds, and never so much
//! that the levels of a structure driven by them change places; so nothing
//! swings to and fro and no cell is drained below dry. Water leaves with its momentum and
//! arrives with none.
//!
//! To add a structure: one file with a type that is a [`Law`], one line in [`ALL`] and one
//! in [`Kind`].

pub mod culvert;
pub mod gate;
pub mod pump;
pub mod weir;

pub use culvert::Culvert;
pub use gate::Gate;
pub use pump::Pump;
pub use weir::Weir;

/// Share of the water of a cell that a structure may take in one step: the rest is left to
/// the faces of the cell, so that both together do not take more than there is.
const LARGEST_SHARE: f64 = 0.25;

/// What a law sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heads {
    /// Water level at the giving end, m; its ground where it is dry.
    pub from_level: f64,
    /// Depth there, m.
    pub from_depth: f64,
    /// Water level at the receiving end, m; far below everything outside the area.
    pub to_level: f64,
    /// Depth there, m.
    pub to_depth: f64,
    /// Time, s.
    pub time: f64,
}

impl Heads {
    /// The same, seen from the other end.
    pub fn turned(self) -> Self {
        Self {
            from_level: self.to_level,
            from_depth: self.to_depth,
            to_level: self.from_level,
            to_depth: self.from_depth,
            time: self.time,
        }
    }
}

/// A law of discharge.
pub trait Law {
    /// Discharge from one end to the other, m³/s; negative if it runs back.
    ///
    /// `running` is what the structure remembers from step to step.
    fn discharge(&self, heads: Heads, running: &mut bool) -> f64;

    /// True if the difference of the levels drives it, so that it stops when they are equal.
    fn is_driven_by_levels(&self) -> bool;

    /// Largest discharge that does not depend on the levels, m³/s.
    fn capacity(&self) -> f64 {
        0.0
    }
}

/// Structures by kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// [`pump`].
    Pump(Pump),
    /// [`weir`].
    Weir(Weir),
    /// [`gate`].
    Gate(Gate),
    /// [`culvert`].
    Culvert(Culvert),
}

/// Names of the kinds in a scenario, with what they are.
pub const ALL: [(&str, &str); 4] = [
    ("pump", "lifts water between two levels of its sump, out of the area or to another place"),
    ("weir", "a crest between two places, submerged or not, both ways"),
    ("gate", "an opening above a sill that is open for a time, with or without a flap"),
    ("culvert", "a pipe or box after FHWA HDS-5, controlled by its inlet or by its outlet"),
];

impl Kind {
    /// Its name in a scenario.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pump(_) => "pump",
            Self::Weir(_) => "weir",
            Self::Gate(_) => "gate",
            Self::Culvert(_) => "culvert",
        }
    }

    fn law(&self) -> &dyn Law {
        match self {
            Self::Pump(law) => law,
            Self::Weir(law) => law,
            Self::Gate(law) => law,
            Self::Culvert(law) => law,
        }
    }
}

/// A structure between two ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// Name in tables and in the water balance.
    pub name: String,
    /// Row and column of the giving end.
    pub from: (usize, usize),
    /// Row and column of the receiving end; none outside the area.
    pub to: Option<(usize, usize)>,
    /// What it is.
    pub kind: Kind,
}

impl Structure {
    /// Largest discharge that does not depend on the levels, m³/s.
    pub fn capacity(&self) -> f64 {
        self.kind.law().capacity()
    }
}

/// What a structure has done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Service {
    /// What it remembers from step to step.
    pub running: bool,
    /// Volume moved from the giving to the receiving end less what ran back, m³.
    pub volume: f64,
    /// Largest discharge by absolute value, m³/s.
    pub peak: f64,
    /// End of the first and of the last step in which it moved water, s.
    pub first: f64,
    /// Likewise.
    pub last: f64,
    /// Sum of those steps, s.
    pub seconds: f64,
}

impl Service {
    /// Nothing has happened yet.
    pub fn new() -> Self {
        Self {
            running: false,
            volume: 0.0,
            peak: 0.0,
            first: f64::INFINITY,
            last: f64::NEG_INFINITY,
            seconds: 0.0,
        }
    }

    /// Every number in it, in a fixed order.
    pub fn numbers(&mut self) -> [&mut f64; 5] {
        [&mut self.volume, &mut self.peak, &mut self.first, &mut self.last, &mut self.seconds]
    }

    /// Notes what was moved in a step.
    fn note(&mut self, volume: f64, time: f64, dt: f64) {
        if volume != 0.0 {
            self.volume += volume;
            self.peak = self.peak.max(volume.abs() / dt);
            self.first = self.first.min(time);
            self.last = time;
            self.seconds += dt;
        }
    }
}

impl Default for Service {
    fn default() -> Self {
        Self::new()
    }
}

/// Volume that a structure moves in a step, m³, from its giving to its receiving end.
///
/// # Units
/// - `dt`: time step, s; `area`: of a cell, m²
pub fn moved(structure: &Structure, heads: Heads, (dt, area): (f64, f64), service: &mut Service) -> f64 {
    let law = structure.kind.law();
    let wanted = law.discharge(heads, &mut service.running) * dt;
    let giving = if wanted < 0.0 { heads.to_depth } else { heads.from_depth };
    let mut most = LARGEST_SHARE * giving * area;
    if law.is_driven_by_levels() && structure.to.is_some() {
        // Two cells of one size are level when half of the difference has gone over.
        most = most.min(0.5 * (heads.from_level - heads.to_level).abs() * area);
    }
    let volume = wanted.clamp(-most, most);
    service.note(volume, heads.time + dt, dt);
    volume
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(from: f64, to: f64) -> Heads {
        Heads { from_level: from, from_depth: from, to_level: to, to_depth: to, time: 0.0 }
    }

    fn weir() -> Structure {
        let weir = Weir { crest: 0.0, length: 10.0, coefficient: weir::BROAD_CRESTED };
        Structure { name: "w".into(), from: (0, 0), to: Some((0, 1)), kind: Kind::Weir(weir) }
    }

    #[test]
    fn levels_never_change_places_and_no_cell_is_drained() {
        let (mut here, mut there, area) = (1.0, 0.2, 4.0);
        let mut service = Service::new();
        for _ in 0..200 {
            let volume = moved(&weir(), heads(here, there), (10.0, area), &mut service);
            here -= volume / area;
            there += volume / area;
            assert!(here >= there && there >= 0.0);
        }
        assert!((here - 0.6).abs() < 1e-6 && (there - 0.6).abs() < 1e-6);
        assert!((service.volume - 0.4 * area).abs() < 1e-6);
    }

    #[test]
    fn a_structure_seen_from_the_other_end_does_the_opposite() {
        let mut service = Service::new();
        let there = moved(&weir(), heads(1.0, 0.5), (0.01, 4.0), &mut service);
        let back = moved(&weir(), heads(0.5, 1.0), (0.01, 4.0), &mut service);
        assert_eq!(there, -back);
    }
}
