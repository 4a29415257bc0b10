//! Random draws by counter: draw `i` of a seed is the same whoever asks, in any order.

use std::f64::consts::TAU;

/// A number in [0, 1) that belongs to a seed, an axis and a counter.
///
/// The three are put through the finaliser of SplitMix64 one after the other; the upper
/// 53 bits make the number.
///
/// # Source
/// steele2014, the mixing function of SplitMix64 (variant 13 of Stafford).
///
/// # Example
/// ```
/// use sim_core::library::draw::uniform;
/// assert_eq!(uniform(7, 0, 3), uniform(7, 0, 3));
/// assert_ne!(uniform(7, 0, 3), uniform(7, 0, 4));
/// assert!((0.0..1.0).contains(&uniform(7, 1, 3)));
/// ```
pub fn uniform(seed: u64, axis: u64, counter: u64) -> f64 {
    let bits = mixed(mixed(mixed(seed) ^ axis) ^ counter);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// How draws are spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
    /// Every value from low to high alike.
    Uniform {
        /// Smallest.
        low: f64,
        /// Largest.
        high: f64,
    },
    /// The logarithm alike from low to high; both above zero.
    LogUniform {
        /// Smallest.
        low: f64,
        /// Largest.
        high: f64,
    },
    /// The bell curve.
    Normal {
        /// Its middle.
        mean: f64,
        /// Its standard deviation.
        deviation: f64,
    },
}

impl Spread {
    /// Draw number `counter` of an axis.
    ///
    /// # Source
    /// boxmuller1958: the bell curve from two even draws.
    pub fn draw(self, seed: u64, axis: u64, counter: u64) -> f64 {
        let first = uniform(seed, axis, 2 * counter);
        match self {
            Self::Uniform { low, high } => low + (high - low) * first,
            Self::LogUniform { low, high } => low * (high / low).powf(first),
            Self::Normal { mean, deviation } => {
                let second = uniform(seed, axis, 2 * counter + 1);
                // 1 − u lies in (0, 1], so that the logarithm is finite.
                mean + deviation * (-2.0 * (1.0 - first).ln()).sqrt() * (TAU * second).cos()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_fill_their_range_evenly() {
        let count = 10_000;
        let mut tenths = [0_u32; 10];
        (0..count).for_each(|i| tenths[(10.0 * uniform(1, 2, i)) as usize] += 1);
        assert!(tenths.iter().all(|&n| (850..1150).contains(&n)), "{tenths:?}");
    }

    #[test]
    fn the_bell_curve_has_its_mean_and_deviation() {
        let spread = Spread::Normal { mean: 10.0, deviation: 2.0 };
        let draws: Vec<f64> = (0..20_000).map(|i| spread.draw(5, 0, i)).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / draws.len() as f64;
        assert!((mean - 10.0).abs() < 0.05 && (variance.sqrt() - 2.0).abs() < 0.05, "{mean} {variance}");
    }
}
