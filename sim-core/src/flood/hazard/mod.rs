//! How dangerous moving water is: published ratings of depth and speed.
//!
//! Each rating is one file with a type that implements `Rating`; it joins runs and products
//! by its lines in [`Scheme`] and [`ALL`]. A rating grows with depth and with speed, so that its
//! largest value over time is the worst that a cell saw: the value at the largest depth
//! with the largest speed would be more, as the two rarely come together.

pub mod aidr;
pub mod defra;

pub(crate) use aidr::Aidr;
pub(crate) use defra::{Defra, Pasture, Urban, Woodland};

/// The rating of water by its depth and its speed.
pub(crate) trait Rating {
    /// A number that grows with the danger; single precision, as the record keeps it.
    ///
    /// # Units
    /// - `depth`: m, at least zero
    /// - `speed`: m/s, at least zero
    fn rate(depth: f32, speed: f32) -> f32;
}

/// A published rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Classes H1 to H6 of people, vehicles and buildings, Australia.
    Aidr,
    /// Rating of danger to people over pasture and arable land, United Kingdom.
    DefraPasture,
    /// The same in woodland.
    DefraWoodland,
    /// The same in towns.
    DefraUrban,
}

/// Every rating.
pub const ALL: [Scheme; 4] = [Scheme::Aidr, Scheme::DefraPasture, Scheme::DefraWoodland, Scheme::DefraUrban];

/// One class of danger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class {
    /// Smallest rating that belongs to it.
    pub from: f32,
    /// Name, English.
    pub name: &'static str,
    /// Name, Chinese.
    pub name_zh: &'static str,
    /// Red, green, blue.
    pub colour: [u8; 3],
}

impl Scheme {
    /// Rating of water by its depth, m, and its speed, m/s.
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::hazard::Scheme;
    /// assert_eq!(Scheme::Aidr.rate(0.4, 1.0), 2.0, "H2: 0.4 m2/s is too much for small cars");
    /// assert_eq!(Scheme::DefraUrban.rate(0.5, 1.0), 1.75, "0.5 (1 + 0.5) + 1");
    /// ```
    pub fn rate(self, depth: f32, speed: f32) -> f32 {
        match self {
            Self::Aidr => Aidr::rate(depth, speed),
            Self::DefraPasture => Defra::<Pasture>::rate(depth, speed),
            Self::DefraWoodland => Defra::<Woodland>::rate(depth, speed),
            Self::DefraUrban => Defra::<Urban>::rate(depth, speed),
        }
    }

    /// Debris factors of deeper water and of deep or fast water, where the rating has such.
    pub fn debris_factors(self) -> Option<(f32, f32)> {
        fn of<L: defra::LandUse>() -> Option<(f32, f32)> {
            Some((L::MIDDLE, L::MOST))
        }
        match self {
            Self::Aidr => None,
            Self::DefraPasture => of::<Pasture>(),
            Self::DefraWoodland => of::<Woodland>(),
            Self::DefraUrban => of::<Urban>(),
        }
    }

    /// Classes in rising order; the first one begins with the first danger that is rated.
    pub fn classes(self) -> &'static [Class] {
        match self {
            Self::Aidr => &aidr::CLASSES,
            _ => &defra::CLASSES,
        }
    }

    /// Position of the class of a rating, or none where nothing was rated.
    pub fn class_of(self, rating: f32) -> Option<usize> {
        self.classes().iter().rposition(|class| rating > 0.0 && rating >= class.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn classes_rise_and_every_rating_has_one() {
        for scheme in ALL {
            let classes = scheme.classes();
            assert!(classes.windows(2).all(|pair| pair[0].from < pair[1].from), "{scheme:?}");
            assert_eq!(scheme.class_of(scheme.rate(0.0, 0.0)), None, "dry ground: {scheme:?}");
            assert_eq!(scheme.class_of(scheme.rate(0.02, 0.0)), Some(0), "{scheme:?}");
            assert_eq!(scheme.class_of(scheme.rate(20.0, 9.0)), Some(classes.len() - 1), "{scheme:?}");
        }
    }

    proptest! {
        #[test]
        fn more_depth_or_more_speed_is_never_less_dangerous(
            depth in 0.0..6.0f32, speed in 0.0..8.0f32, deeper in 0.0..1.0f32, faster in 0.0..1.0f32
        ) {
            for scheme in ALL {
                let rating = scheme.rate(depth, speed);
                prop_assert!(scheme.rate(depth + deeper, speed) >= rating);
                prop_assert!(scheme.rate(depth, speed + faster) >= rating);
            }
        }
    }
}
