//! A deck over water: free flow, pressure flow, flow over the deck.

use super::levee::weir;
use super::{Beside, Flow};
use crate::units::GRAVITY;

/// Coefficient of discharge below a deck that only the upstream water touches: the value
/// of common practice. It falls to about 0.3 where the water only just touches the deck.
///
/// # Source
/// Bradley 1978 (`bradley1978`), after HEC-RAS (`hecras2016`), chapter 5, pressure flow.
pub const SLUICE: f64 = 0.5;

/// Coefficient of discharge of an opening that runs full: 0.7 to 0.9, typically 0.8.
///
/// # Source
/// HEC-RAS (`hecras2016`), chapter 5, pressure flow.
pub const ORIFICE: f64 = 0.8;

/// Coefficient of a deck as a broad weir with obstacles, m^(1/2)/s: 2.6 in feet.
///
/// # Source
/// HEC-RAS (`hecras2016`), chapter 5, weir flow.
pub const DECK: f64 = 1.44;

/// Drag coefficient of long piers with round ends.
///
/// # Source
/// HEC-RAS (`hecras2016`), chapter 5, table of drag coefficients (from 0.29 for slender
/// ellipses to 2.0 for square noses).
pub const PIER_DRAG: f64 = 1.33;

/// Upstream depth over the height of the opening beyond its edge, less one, from which flow
/// is fully under pressure. Between 1 and 1.1 it changes to and fro in nature.
///
/// # Source
/// Bradley 1978 (`bradley1978`): the discharge coefficient is known from 1.1 on.
const PRESSED_FROM: f64 = 0.1;

/// A bridge over a line of faces.
///
/// As long as no water touches its underside, the flow is that of the scheme, slowed by
/// the piers ([`super::pier_drag`]). When it does, each metre lets through the lesser of
///
/// $$ q = C_s\, a \sqrt{2g\,\big(E_1 - z - \tfrac12 Z\big)}, \qquad q = C_o\, a \sqrt{2g\,(E_1 - \eta_2)} $$
///
/// with the height $Z$ of the opening, $a = (1 - b)\,Z$ with the share $b$ of the piers, the
/// ground $z$, the upstream energy level $E_1 = \eta_1 + u_1^2/2g$ and the downstream
/// water level $\eta_2$: a sluice while the downstream end is free, a full opening when
/// both ends are under water. Over the deck water runs as over a weir.
///
/// # Valid for
/// Decks across the flow on ground that is much the same along the line within a cell.
/// Losses of approach and exit beyond the coefficients are left to the scheme; that the
/// lesser of the two governs joins them without a jump, where manuals change from one to
/// the other as soon as the downstream end is under water.
///
/// # Source
/// Bradley 1978 (`bradley1978`) for the sluice; HEC-RAS (`hecras2016`), chapter 5, for all.
#[derive(Debug, Clone, PartialEq)]
pub struct Bridge {
    /// Share of the width that piers block.
    pub piers: f64,
    /// Drag coefficient of the piers.
    pub drag: f64,
    /// Coefficient C_s.
    pub sluice: f64,
    /// Coefficient C_o.
    pub orifice: f64,
    /// Coefficient of the deck as a weir, m^(1/2)/s.
    pub deck: f64,
}

/// Energy level of the water that flows to the face less the level beyond, m.
fn head(from: Beside, to: Beside) -> f64 {
    from.level + from.towards.max(0.0).powi(2) / (2.0 * GRAVITY) - to.level
}

impl Bridge {
    /// Discharge under pressure from one side to the other, m²/s; none where no head drives it.
    ///
    /// # Units
    /// - `soffit`, `ground`: levels of the underside of the deck and of the ground, m
    ///
    /// # Example
    /// ```
    /// use sim_core::flood::barrier::{Beside, Bridge, bridge};
    /// let plain = Bridge { piers: 0.0, drag: 0.0, sluice: 0.5, orifice: 0.8, deck: bridge::DECK };
    /// let still = |level: f64| Beside { level, depth: level, towards: 0.0 };
    /// // An opening of 2 m, both ends under water, 0.2 m of head: 0.8 × 2 × √(2 g 0.2).
    /// assert!((plain.under(2.0, 0.0, (still(3.2), still(3.0))) - 3.169).abs() < 1e-3);
    /// // Free beyond: 0.5 × 2 × √(2 g (3 - 1)).
    /// assert!((plain.under(2.0, 0.0, (still(3.0), still(0.5))) - 6.263).abs() < 1e-3);
    /// ```
    pub fn under(&self, soffit: f64, ground: f64, (from, to): (Beside, Beside)) -> f64 {
        let height = (soffit - ground).max(0.0);
        let (through, above_middle) =
            (head(from, to).max(0.0), head(from, to) + to.level - ground - 0.5 * height);
        let area = (1.0 - self.piers) * height;
        let sluice = self.sluice * (2.0 * GRAVITY * above_middle.max(0.0)).sqrt();
        let orifice = self.orifice * (2.0 * GRAVITY * through).sqrt();
        area * sluice.min(orifice)
    }

    /// What passes below and over the deck.
    ///
    /// # Units
    /// - `soffit`, `top`: levels of the deck, m; `ground`: the higher ground of both sides, m
    pub fn flow(&self, (soffit, top): (f64, f64), ground: f64, (left, right): (Beside, Beside)) -> Flow {
        let highest = left.level.max(right.level);
        let height = soffit - ground;
        let share =
            if height > 0.0 { ((highest - soffit) / (PRESSED_FROM * height)).clamp(0.0, 1.0) } else { 1.0 };
        let drag = self.drag * self.piers;
        if share == 0.0 {
            return Flow { drag, ..Flow::FREE };
        }
        let below = self.under(soffit, ground, (left, right)) - self.under(soffit, ground, (right, left));
        let (on_left, on_right) = (left.level - top, right.level - top);
        let water = below + weir((on_left, on_right), self.deck);
        let heads = (head(left, right).max(0.0), head(right, left).max(0.0));
        // What a side can give: its part of the opening and what stands above the deck.
        let passable = |level: f64| {
            (1.0 - self.piers) * (level - ground).clamp(0.0, height.max(0.0)) + (level - top).max(0.0)
        };
        Flow {
            water,
            head: heads.0 - heads.1,
            heights: (passable(left.level), passable(right.level)),
            share,
            drag,
            is_over: highest > top,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bridge(piers: f64) -> Bridge {
        Bridge { piers, drag: PIER_DRAG, sluice: SLUICE, orifice: ORIFICE, deck: DECK }
    }

    fn still(level: f64) -> Beside {
        Beside { level, depth: level, towards: 0.0 }
    }

    #[test]
    fn below_the_deck_the_flow_is_free_but_for_the_piers() {
        let flow = bridge(0.1).flow((3.0, 4.0), 0.0, (still(2.9), still(2.0)));
        assert_eq!((flow.share, flow.water), (0.0, 0.0));
        assert!((flow.drag - 0.133).abs() < 1e-12);
    }

    #[test]
    fn the_flow_comes_under_pressure_between_the_opening_and_a_tenth_more() {
        let share = |level: f64| bridge(0.0).flow((2.0, 9.0), 0.0, (still(level), still(1.0))).share;
        assert_eq!((share(2.0), share(2.2)), (0.0, 1.0));
        assert!((share(2.1) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn piers_take_their_share_of_the_opening() {
        let sides = (still(4.0), still(3.5));
        let (free, half) = (bridge(0.0).under(2.0, 0.0, sides), bridge(0.5).under(2.0, 0.0, sides));
        assert!((free - 2.0 * half).abs() < 1e-12);
        // 0.8 × 2 m × √(2 × 9.80665 × 0.5 m).
        assert!((free - 5.0105).abs() < 1e-3);
    }

    #[test]
    fn a_deck_on_the_ground_is_a_weir() {
        let flow = bridge(0.0).flow((0.0, 1.0), 0.0, (still(1.5), still(0.2)));
        assert_eq!(flow.share, 1.0);
        assert!((flow.water - DECK * 0.5f64.powf(1.5)).abs() < 1e-12);
        assert!(flow.is_over);
    }

    #[test]
    fn the_head_of_the_velocity_drives_the_flow_of_a_level_river() {
        let flowing = Beside { level: 3.0, depth: 3.0, towards: 2.0 };
        let leaving = Beside { level: 3.0, depth: 3.0, towards: -2.0 };
        let flow = bridge(0.0).flow((2.5, 9.0), 0.0, (flowing, leaving));
        assert!((flow.water - 0.8 * 2.5 * 2.0).abs() < 1e-12, "0.8 Z times the speed");
    }

    proptest! {
        #[test]
        fn seen_from_the_other_bank_all_turns_round(
            l in 0.0..6.0f64, r in 0.0..6.0f64, ul in -2.0..2.0f64, ur in -2.0..2.0f64, piers in 0.0..0.5f64
        ) {
            let side = |level: f64, towards: f64| Beside { level, depth: level, towards };
            let there = bridge(piers).flow((2.0, 3.0), 0.0, (side(l, ul), side(r, ur)));
            let back = bridge(piers).flow((2.0, 3.0), 0.0, (side(r, ur), side(l, ul)));
            prop_assert_eq!(there.water, -back.water);
            prop_assert_eq!(there.share, back.share);
        }
    }
}
