//! How wide a breach gets and how long it takes, from dams that failed.

use crate::units::GRAVITY;

/// Way in which an embankment dam fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Water runs over the crest.
    Overtopping,
    /// Water finds its way through the dam.
    Piping,
}

/// Final size of a breach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    /// Mean width of the trapezium, m.
    pub width: f64,
    /// Time from begin to full size, s.
    pub duration: f64,
    /// Horizontal over vertical of its sides.
    pub side_slope: f64,
}

/// Heights of the breached dams behind the regression, m, and volumes of their water, m³.
///
/// # Source
/// As told in Brunner 2014 (`brunner2014`); from memory of the text and not checked against it.
pub const KNOWN_HEIGHTS: (f64, f64) = (3.05, 92.96);
/// See [`KNOWN_HEIGHTS`].
pub const KNOWN_VOLUMES: (f64, f64) = (0.0139e6, 660.0e6);

/// Expected size of a breach in an embankment dam.
///
/// $$ \bar B = 0.27\,k_o\,V_w^{0.32} h_b^{0.04}, \qquad t_f = 63.2 \sqrt{\frac{V_w}{g\,h_b^2}} $$
///
/// with $k_o$ = 1.3 for overtopping and 1 otherwise. These are expected values of dams that
/// differ widely: widths of the data scatter by a factor of about two, times by more.
///
/// # Units
/// - `volume`: water above the bottom of the breach when it begins, m³
/// - `height`: of the breach from the crest to its bottom, m
///
/// # Valid for
/// Embankment dams of [`KNOWN_HEIGHTS`] and [`KNOWN_VOLUMES`]; not for levees, whose water
/// follows from the river.
///
/// # Source
/// Froehlich 2008 (`froehlich2008`), expressions of the mean width, the formation time and the side slopes.
///
/// # Example
/// ```
/// use sim_core::flood::breach_size::{Mode, froehlich_2008};
/// // 10 million m³ behind 20 m: 0.27 × 1.3 × 173.8 × 1.127 and 63.2 √(10⁷/(9.81 × 400)).
/// let size = froehlich_2008(1e7, 20.0, Mode::Overtopping);
/// assert!((size.width - 68.8).abs() < 0.1 && (size.duration - 3190.0).abs() < 5.0);
/// ```
pub fn froehlich_2008(volume: f64, height: f64, mode: Mode) -> Size {
    let (factor, side_slope) = match mode {
        Mode::Overtopping => (1.3, 1.0),
        Mode::Piping => (1.0, 0.7),
    };
    Size {
        width: 0.27 * factor * volume.powf(0.32) * height.powf(0.04),
        duration: 63.2 * (volume / (GRAVITY * height * height)).sqrt(),
        side_slope,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_water_makes_a_wider_and_slower_breach_and_a_higher_dam_a_faster_one() {
        let size = froehlich_2008(1e6, 10.0, Mode::Piping);
        let more = froehlich_2008(2e6, 10.0, Mode::Piping);
        let higher = froehlich_2008(1e6, 20.0, Mode::Piping);
        assert!(more.width > size.width && more.duration > size.duration);
        assert!(higher.width > size.width && higher.duration < size.duration);
    }

    #[test]
    fn the_time_keeps_its_value_in_any_system_of_units() {
        // t √(g h²/V) has no unit: lengths four times as large take twice the time.
        let size = froehlich_2008(1e6, 10.0, Mode::Piping);
        let scaled = froehlich_2008(64e6, 40.0, Mode::Piping);
        assert!((scaled.duration - 2.0 * size.duration).abs() < 1e-9);
    }

    #[test]
    fn water_over_the_crest_makes_it_wider_by_three_tenths() {
        let (over, through) =
            (froehlich_2008(3e6, 12.0, Mode::Overtopping), froehlich_2008(3e6, 12.0, Mode::Piping));
        assert!((over.width / through.width - 1.3).abs() < 1e-12);
        assert_eq!((over.side_slope, through.side_slope), (1.0, 0.7));
    }
}
