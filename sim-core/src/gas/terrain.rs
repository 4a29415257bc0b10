//! How high a plume stays above rising ground.

use crate::gas::weather::Stability;

/// Share of the height of the ground by which air of classes A to D lifts the plume.
///
/// # Source
/// isc3 section 1.5.6: half the height of the terrain in unstable and neutral conditions.
const LIFTED: f64 = 0.5;

/// Share of the height of rising ground by which the plume comes nearer to it: a half in classes A to
/// D, all of it in E and F, where the air does not climb.
pub fn share_not_lifted(is_stable: bool) -> f64 {
    if is_stable { 1.0 } else { 1.0 - LIFTED }
}

/// Height of a plume's axis above the ground of a place that lies higher than the foot of the source, m.
///
/// $$ h' = \max\left(h - (1 - F)\,H,\; 0\right), \qquad F = 0.5 \;\text{(A to D)},\; 0 \;\text{(E, F)} $$
///
/// Ground up to the height of the plume is met by its core in the end; what would pass below the
/// ground is taken to touch it. The guideline that the rule comes from keeps the axis some metres
/// above the ground, which gives less: without that it is an upper bound. Lower ground changes
/// nothing: the plume is taken to follow it, which gives more than one that stays level.
///
/// # Units
/// - `height`: axis above level ground, m
/// - `ground`: ground of the place above the foot of the source, m; negative where it is lower
///
/// # Valid for
/// Single hills and slopes in air that meets them; not for valleys that steer the wind, nor the lee.
///
/// # Source
/// isc3 section 1.5.6 (complex terrain, after COMPLEX I). Its words were read in a public transcription; its
/// equation and least height above ground could not be opened.
///
/// # Example
/// ```
/// use sim_core::gas::terrain::height_over_ground;
/// // A plume 100 m up over a hill of 60 m: lifted by 30 m in neutral air, not at all in stable air.
/// assert_eq!(height_over_ground(100.0, 60.0, false), 70.0);
/// assert_eq!(height_over_ground(100.0, 60.0, true), 40.0);
/// assert_eq!(height_over_ground(100.0, 160.0, true), 0.0);
/// assert_eq!(height_over_ground(100.0, -20.0, true), 100.0);
/// ```
pub fn height_over_ground(height: f64, ground: f64, is_stable: bool) -> f64 {
    (height - share_not_lifted(is_stable) * ground.max(0.0)).max(0.0)
}

/// The same for a class.
pub fn height_in_class(height: f64, ground: f64, class: Stability) -> f64 {
    height_over_ground(height, ground, class.is_stable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_and_lower_ground_change_nothing() {
        for height in [0.0, 3.0, 150.0] {
            for stable in [false, true] {
                assert_eq!(height_over_ground(height, 0.0, stable), height);
                assert_eq!(height_over_ground(height, -50.0, stable), height);
            }
        }
    }

    #[test]
    fn higher_ground_and_stable_air_bring_the_plume_nearer() {
        let at = |ground: f64, stable: bool| height_over_ground(80.0, ground, stable);
        for ground in [1.0, 20.0, 79.0, 200.0] {
            let lower = at(0.5 * ground, true);
            // On the ground it stays there.
            assert!(at(ground, true) < lower || lower == 0.0);
            assert!(at(ground, true) <= at(ground, false));
            assert!(at(ground, true) >= 0.0);
        }
        assert_eq!(height_in_class(80.0, 40.0, Stability::D), 60.0);
        assert_eq!(height_in_class(80.0, 40.0, Stability::E), 40.0);
    }
}
