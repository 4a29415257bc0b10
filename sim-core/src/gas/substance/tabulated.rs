//! A property against temperature, with its source.

/// A property against temperature.
///
/// # Example
/// ```
/// use sim_core::gas::substance::Tabulated;
/// let table = Tabulated { temperatures: vec![200.0, 300.0], values: vec![4.0, 6.0], source: "mine".into() };
/// assert_eq!((table.at(250.0), table.at(400.0)), (5.0, 6.0));
/// assert!(table.covers(250.0) && !table.covers(400.0));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Tabulated {
    /// Temperatures, K, rising.
    pub temperatures: Vec<f64>,
    /// The property at each temperature, SI.
    pub values: Vec<f64>,
    /// Key of `references.bib`, then what to look up there.
    pub source: String,
}

impl Tabulated {
    /// The property at a temperature: linear between the rows, constant outside them.
    pub fn at(&self, temperature: f64) -> f64 {
        let last = self.temperatures.len() - 1;
        if temperature <= self.temperatures[0] {
            return self.values[0];
        }
        if temperature >= self.temperatures[last] {
            return self.values[last];
        }
        let i = self.temperatures.partition_point(|&row| row <= temperature);
        let share =
            (temperature - self.temperatures[i - 1]) / (self.temperatures[i] - self.temperatures[i - 1]);
        self.values[i - 1] + share * (self.values[i] - self.values[i - 1])
    }

    /// The property at a temperature where its logarithm is close to a straight
    /// line of the reciprocal temperature, as a vapour pressure is; beyond the
    /// rows the last straight line goes on.
    pub fn at_reciprocal(&self, temperature: f64) -> f64 {
        let last = self.temperatures.len() - 1;
        if last == 0 {
            return self.values[0];
        }
        let i = self.temperatures.partition_point(|&row| row <= temperature).clamp(1, last);
        let x = |t: f64| 1.0 / t;
        let (left, right) = (x(self.temperatures[i - 1]), x(self.temperatures[i]));
        let (low, high) = (self.values[i - 1].ln(), self.values[i].ln());
        (low + (x(temperature) - left) / (right - left) * (high - low)).exp()
    }

    /// True if the temperature lies within the rows, or within a few kelvin of a single one.
    pub fn covers(&self, temperature: f64) -> bool {
        let (first, last) = (self.temperatures[0], self.temperatures[self.temperatures.len() - 1]);
        let reach = if first == last { SINGLE_ROW_REACH } else { EDGE_REACH };
        (first - reach..=last + reach).contains(&temperature)
    }
}

/// How far beyond a table's ends it is used, K: rounding of its last row.
const EDGE_REACH: f64 = 1.0;

/// How far from its only temperature a property is taken as constant, K: heat
/// capacities and densities of liquids change by some 10 % over it.
const SINGLE_ROW_REACH: f64 = 75.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_of_the_reciprocal_temperature_is_met_exactly() {
        let law = |t: f64| (20.0 - 2500.0 / t).exp();
        let temperatures = vec![200.0, 260.0, 350.0];
        let values = temperatures.iter().map(|&t| law(t)).collect();
        let table = Tabulated { temperatures, values, source: String::new() };
        for t in [190.0, 200.0, 230.0, 300.0, 350.0, 360.0] {
            assert!((table.at_reciprocal(t) / law(t) - 1.0).abs() < 1e-12, "{t}");
        }
    }
}
