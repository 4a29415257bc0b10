//! Statistics over the members of a library: probabilities, percentiles, colours of risk.

/// Share of the members, by weight, whose value is at least a level.
///
/// # Example
/// ```
/// use sim_core::library::statistics::exceedance;
/// assert_eq!(exceedance(&[(0.1, 1.0), (0.3, 1.0), (0.5, 2.0)], 0.3), 0.75);
/// ```
pub fn exceedance(values: &[(f64, f64)], level: f64) -> f64 {
    let all: f64 = values.iter().map(|pair| pair.1).sum();
    let above: f64 = values.iter().filter(|pair| pair.0 >= level).map(|pair| pair.1).sum();
    if all > 0.0 { above / all } else { f64::NAN }
}

/// The smallest value that at least a share of the weight does not exceed; sorts the values.
///
/// # Example
/// ```
/// use sim_core::library::statistics::percentile;
/// let mut values = [(3.0, 1.0), (1.0, 1.0), (2.0, 1.0), (4.0, 1.0)];
/// assert_eq!(percentile(&mut values, 0.5), 2.0);
/// assert_eq!(percentile(&mut values, 0.95), 4.0);
/// ```
pub fn percentile(values: &mut [(f64, f64)], share: f64) -> f64 {
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let wanted = share * values.iter().map(|pair| pair.1).sum::<f64>();
    let mut sum = 0.0;
    for &(value, weight) in values.iter() {
        sum += weight;
        // Sums of equal shares miss the share itself by rounding.
        if sum >= wanted * (1.0 - 1e-12) {
            return value;
        }
    }
    values.last().map_or(f64::NAN, |pair| pair.0)
}

/// What one member reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// Weight of the member.
    pub weight: f64,
    /// People it reaches.
    pub people: f64,
}

/// How many members reach anyone, and how many people.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reaches {
    /// Members that reach anyone.
    pub members: usize,
    /// Their share, by weight.
    pub share: f64,
    /// People reached, mean by weight over all members.
    pub mean: f64,
    /// People that the worst member reaches.
    pub most: f64,
}

/// Sums up what some members reach; without members nothing is known.
///
/// # Example
/// ```
/// use sim_core::library::statistics::{Reached, reaches};
/// let member = |weight, people| Reached { weight, people };
/// let found = reaches([member(1.0, 0.0), member(1.0, 30.0), member(2.0, 10.0)]);
/// assert_eq!((found.members, found.share, found.mean, found.most), (2, 0.75, 12.5, 30.0));
/// ```
pub fn reaches(members: impl IntoIterator<Item = Reached>) -> Reaches {
    let (mut all, mut found) = (0.0, Reaches::default());
    for Reached { weight, people } in members {
        all += weight;
        found.mean += weight * people;
        if people > 0.0 {
            found.members += 1;
            found.share += weight;
            found.most = found.most.max(people);
        }
    }
    if all > 0.0 {
        Reaches { share: found.share / all, mean: found.mean / all, ..found }
    } else {
        Reaches { share: f64::NAN, mean: f64::NAN, most: f64::NAN, ..found }
    }
}

/// One class of how grave it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Consequence {
    /// Label.
    pub label: String,
    /// For water: depth from which it counts, m.
    pub depth: Option<f64>,
    /// For gas: name of the level whose zone counts.
    pub level: Option<String>,
}

/// A colour of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colour {
    /// Its name, e.g. `red`.
    pub name: String,
    /// Red, green, blue.
    pub rgb: [u8; 3],
}

/// Frequency against consequence, and the colour of each pair.
#[derive(Debug, Clone, PartialEq)]
pub struct RiskMatrix {
    /// Where the matrix comes from.
    pub source: String,
    /// Lowest frequency of every class but the first, per year, rising.
    pub frequencies: Vec<f64>,
    /// Classes of consequence, the mildest first.
    pub consequences: Vec<Consequence>,
    /// Colours, the mildest first.
    pub colours: Vec<Colour>,
    /// Place in `colours`: one row per class of frequency, one column per class of consequence.
    pub cells: Vec<Vec<usize>>,
}

impl RiskMatrix {
    /// Place in [`RiskMatrix::colours`] of a spot where each consequence has a frequency per year: the worst of
    /// all pairs; none where nothing ever happens.
    pub fn colour(&self, frequencies: &[f64]) -> Option<usize> {
        let pairs = frequencies.iter().enumerate().filter(|pair| *pair.1 > 0.0);
        pairs
            .filter_map(|(consequence, &frequency)| {
                let row = self.frequencies.iter().filter(|&&bound| frequency >= bound).count();
                self.cells.get(row)?.get(consequence).copied()
            })
            .max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_pair_gives_the_colour() {
        let consequence = |depth: f64| Consequence { label: String::new(), depth: Some(depth), level: None };
        let colour = |name: &str| Colour { name: name.into(), rgb: [0; 3] };
        let matrix = RiskMatrix {
            source: "test".into(),
            frequencies: vec![0.01, 0.1],
            consequences: vec![consequence(0.15), consequence(0.5)],
            colours: ["blue", "yellow", "orange", "red"].map(colour).to_vec(),
            cells: vec![vec![0, 1], vec![1, 2], vec![2, 3]],
        };
        assert_eq!(matrix.colour(&[0.0, 0.0]), None);
        assert_eq!(matrix.colour(&[0.05, 0.001]), Some(1));
        assert_eq!(matrix.colour(&[0.2, 0.2]), Some(3));
    }

    #[test]
    fn rarer_is_never_worse() {
        let values: Vec<(f64, f64)> =
            (0..100).map(|i| (f64::from(i) / 50.0, 1.0 + f64::from(i % 3))).collect();
        let shares: Vec<f64> = (0..20).map(|i| exceedance(&values, f64::from(i) / 10.0)).collect();
        assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]));
    }
}
