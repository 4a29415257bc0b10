//! Pressure classes of city gas and the usual damage: a main hit by an excavator.

use crate::error::{Problem, Result};
use crate::gas::source::SourceKind;
use crate::gas::source::gas_hole::GasHole;

/// A main of a city gas pressure class, torn off or holed by an excavator.
pub struct CityGasKind;

impl SourceKind for CityGasKind {
    fn name(&self) -> &'static str {
        "city_gas"
    }

    fn meaning(&self) -> &'static str {
        "a main of a city gas pressure class, torn off or holed by an excavator"
    }
}

/// A pressure class of city gas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PressureClass {
    /// Name by which it is asked for.
    pub name: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// Lowest design pressure of the class, Pa above the air's.
    pub lowest: f64,
    /// Highest design pressure of the class, Pa above the air's.
    pub highest: f64,
    /// Where the bounds come from.
    pub source: &'static str,
}

const PRACTICE: &str = "gb50028; bounds of the medium classes as used by city gas companies";
const RECALLED: &str = "gb50028; table 6.1.6, NOT checked against the printed standard";

/// Every class, from the lowest pressure.
///
/// # Source
/// gb50028 table 6.1.6; the entries say which bounds were checked.
pub const ALL: [PressureClass; 7] = [
    class("low", "低压", 0.0, 0.01e6, RECALLED),
    class("medium_b", "中压B", 0.01e6, 0.2e6, PRACTICE),
    class("medium_a", "中压A", 0.2e6, 0.4e6, PRACTICE),
    class("sub_high_b", "次高压B", 0.4e6, 0.8e6, RECALLED),
    class("sub_high_a", "次高压A", 0.8e6, 1.6e6, RECALLED),
    class("high_b", "高压B", 1.6e6, 2.5e6, RECALLED),
    class("high_a", "高压A", 2.5e6, 4.0e6, RECALLED),
];

const fn class(
    name: &'static str,
    name_zh: &'static str,
    lowest: f64,
    highest: f64,
    source: &'static str,
) -> PressureClass {
    PressureClass { name, name_zh, lowest, highest, source }
}

/// How an excavator damages a buried pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The pipe is torn off: its whole section is open.
    FullBore,
    /// A hole a fifth as wide as the pipe.
    FifthOfDiameter,
}

/// Width of the smaller damage as a share of the pipe's diameter: the case that
/// Chinese risk assessments set beside the full break. A preset, not a law.
const HOLE_SHARE: f64 = 0.2;

/// The class of a name, English or Chinese.
///
/// # Errors
/// E4044 for an unknown name, with those that are known.
///
/// # Example
/// ```
/// use sim_core::gas::source::city_gas;
/// assert_eq!(city_gas::find("中压A")?.highest, 0.4e6);
/// # Ok::<(), sim_core::error::Problems>(())
/// ```
pub fn find(name: &str) -> Result<&'static PressureClass> {
    let asked = name.trim().to_lowercase().replace(['-', ' '], "_");
    ALL.iter().find(|class| class.name == asked || class.name_zh.to_lowercase() == asked).ok_or_else(|| {
        let known: Vec<&str> = ALL.iter().map(|class| class.name).collect();
        Problem::error(4044, format!("\"{name}\" is not a pressure class"))
            .fix(format!("known are {}", known.join(", ")))
            .into()
    })
}

impl PressureClass {
    /// The class of a design pressure, Pa above the air's; none above the highest class.
    pub fn of_pressure(gauge_pressure: f64) -> Option<&'static Self> {
        ALL.iter().find(|class| gauge_pressure <= class.highest)
    }

    /// The hole of a damage at the highest pressure of the class.
    ///
    /// # Units
    /// - `pipe_diameter`: inner, m; `temperature`: of the gas, K; `air_pressure`: Pa
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::{source::city_gas::{self, Damage}, substance};
    /// // Medium A, 100 mm torn off: 6.8 kg/s, as long as the network keeps its pressure.
    /// let hole = city_gas::find("medium_a")?.damaged(0.1, Damage::FullBore, 288.15, 101_325.0);
    /// let rate = hole.outflow(substance::find("methane")?, 101_325.0)?.rate;
    /// assert!((rate - 6.8).abs() < 0.1);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn damaged(
        &self,
        pipe_diameter: f64,
        damage: Damage,
        temperature: f64,
        air_pressure: f64,
    ) -> GasHole {
        let share = match damage {
            Damage::FullBore => 1.0,
            Damage::FifthOfDiameter => HOLE_SHARE,
        };
        GasHole {
            pipe_diameter: Some(pipe_diameter),
            ..GasHole::round(share * pipe_diameter, air_pressure + self.highest, temperature)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::find as substance;

    #[test]
    fn the_classes_follow_each_other_without_gap() {
        assert!(ALL.windows(2).all(|pair| pair[0].highest == pair[1].lowest));
        for class in &ALL {
            assert_eq!(PressureClass::of_pressure(class.highest).map(|found| found.name), Some(class.name));
            assert_eq!(find(class.name_zh).expect("known").name, class.name);
        }
        assert!(PressureClass::of_pressure(5e6).is_none());
        assert_eq!(find("middle").expect_err("unknown").0[0].code.0, 4044);
    }

    #[test]
    fn a_fifth_of_the_diameter_passes_a_twenty_fifth_of_the_gas() {
        let methane = substance("methane").expect("in the table");
        for class in &ALL {
            let rate = |damage| {
                class.damaged(0.2, damage, 288.15, 101_325.0).outflow(methane, 101_325.0).expect("gas").rate
            };
            assert!((rate(Damage::FullBore) / rate(Damage::FifthOfDiameter) - 25.0).abs() < 1e-9);
        }
    }
}
