//! What a responder wants to know of a substance, on one sheet.

use super::Substance;
use crate::units::{CELSIUS_ZERO, MOLAR_MASS_AIR, STANDARD_PRESSURE, to_celsius};

/// One line of the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What is told.
    pub name: String,
    /// The same in Chinese.
    pub name_zh: String,
    /// The value with its unit, or what is missing.
    pub text: String,
    /// Where it comes from: a key of `references.bib`, then what to look up there.
    pub source: String,
}

/// Temperature at which a vapour pressure is told, K: 20 °C.
const ROOM: f64 = CELSIUS_ZERO + 20.0;

/// Difference of density from that of air within which a gas is told to be about as heavy.
const ABOUT: f64 = 0.05;

/// Where the rule on respirators stands.
const RESPIRATORS: &str = "osha1910134; paragraphs (d)(1)(iii) and (d)(2)";

impl Substance {
    /// Names, properties, hazards, gear and levels, in the order in which they are read out.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::substance;
    /// let sheet = substance::find("chlorine")?.sheet();
    /// let told = |name: &str| sheet.iter().find(|line| line.name == name).map(|line| line.text.clone());
    /// assert_eq!(told("boiling point").as_deref(), Some("-34.0 °C"));
    /// assert!(told("weight").is_some_and(|text| text.starts_with("2.45 times")));
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn sheet(&self) -> Vec<Line> {
        let mut lines = self.identity();
        lines.extend(self.properties());
        lines.extend(self.flammability());
        lines.push(self.respirator());
        lines.push(line(
            "protective suit",
            "防护服等级",
            "not in this table: see the supplier's safety data sheet",
            "",
        ));
        lines.extend(self.levels.iter().map(|level| {
            let rows = level.minutes.iter().zip(&level.ppm);
            let text: Vec<String> = rows.map(|(minutes, ppm)| format!("{minutes} min {ppm} ppm")).collect();
            line(&level.name, "暴露限值", text.join(", "), &level.source)
        }));
        if self.levels.is_empty() {
            lines.push(line("levels", "暴露限值", "no published level in this table", ""));
        }
        if let Some(load) = &self.toxic_load {
            let text = format!(
                "probit of death {} + {} ln(ppm^{} min)",
                load.probit_a, load.probit_b, load.exponent
            );
            lines.push(line("toxic load", "毒性负荷", text, &load.source));
        }
        lines
    }

    fn identity(&self) -> Vec<Line> {
        let names = format!("{} ({}), {}, CAS {}", self.name, self.name_zh, self.formula, self.cas);
        let mut lines = vec![line("substance", "物质", names, "")];
        if !self.aliases.is_empty() {
            lines.push(line("also found as", "别名", self.aliases.join(", "), ""));
        }
        lines.extend(self.note.as_ref().map(|note| line("stands for", "说明", note, "")));
        lines
    }

    fn properties(&self) -> Vec<Line> {
        let molar = &self.molar_mass;
        let weight = molar.value / MOLAR_MASS_AIR;
        let runs = match weight - 1.0 {
            heavier if heavier > ABOUT => "runs along the ground and into pits",
            lighter if lighter < -ABOUT => "rises, unless it is cold or full of drops",
            _ => "about as heavy as air",
        };
        let boiling = to_celsius(self.boiling_point.value);
        let mut lines = vec![
            line("molar mass", "摩尔质量", format!("{:.3} g/mol", molar.value * 1e3), &molar.source),
            line(
                "weight",
                "相对密度",
                format!("{weight:.2} times that of air as warm: {runs}"),
                &molar.source,
            ),
            line("boiling point", "沸点", format!("{boiling:.1} °C"), &self.boiling_point.source),
            line(
                "critical temperature",
                "临界温度",
                format!("{:.1} °C", to_celsius(self.critical_temperature.value)),
                &self.critical_temperature.source,
            ),
        ];
        if let (Some(table), Ok(liquid)) = (&self.vapour_pressure, self.liquid())
            && ROOM < self.critical_temperature.value
        {
            let pressure = liquid.vapour_pressure(ROOM);
            let how = if pressure > STANDARD_PRESSURE { "boils as it leaves" } else { "lies as a pool" };
            let text = format!("{:.3} bar at 20 °C: a liquid of it {how}", pressure / 1e5);
            lines.push(line("vapour pressure", "蒸气压", text, &table.source));
        }
        lines
    }

    fn flammability(&self) -> Vec<Line> {
        let percent = |share: f64| {
            format!("{:.3}", share * 100.0).trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        match (&self.lower_flammable_limit, &self.upper_flammable_limit) {
            (Some(lower), Some(upper)) => {
                let text = format!(
                    "burns from {} to {} % in air; 10 % LEL is {:.0} ppm",
                    percent(lower.value),
                    percent(upper.value),
                    lower.value * 1e5
                );
                vec![line("fire", "燃爆", text, &lower.source)]
            }
            (Some(lower), None) => {
                let text = format!("burns from {} % in air", percent(lower.value));
                vec![line("fire", "燃爆", text, &lower.source)]
            }
            _ => vec![line("fire", "燃爆", "no flammable limit in this table", "")],
        }
    }

    /// Which mask, by the rule that holds for every gas.
    fn respirator(&self) -> Line {
        let idlh = self.levels.iter().find(|level| level.name == "IDLH").and_then(|level| level.ppm.first());
        let above = idlh.map_or_else(String::new, |ppm| format!("above {ppm} ppm (IDLH), "));
        let text = format!(
            "{above}where nobody knows how much there is, or where oxygen lacks: self-contained breathing \
             apparatus with positive pressure and a full mask"
        );
        line("respirator", "呼吸防护", text, RESPIRATORS)
    }
}

fn line(name: &str, name_zh: &str, text: impl Into<String>, source: &str) -> Line {
    Line { name: name.into(), name_zh: name_zh.into(), text: text.into(), source: source.into() }
}

#[cfg(test)]
mod tests {
    use crate::gas::substance::{all, find};

    #[test]
    fn every_sheet_has_its_values_with_their_sources() {
        let references = include_str!("../../../references.bib");
        for substance in all() {
            for line in substance.sheet() {
                assert!(!line.text.is_empty() && !line.text.contains("NaN"), "{line:?}");
                let key = line.source.split(';').next().unwrap_or_default();
                assert!(key.is_empty() || references.contains(&format!("{{{key},")), "{line:?}");
            }
        }
    }

    #[test]
    fn the_sheet_of_chlorine_has_what_its_books_print() {
        // nrc2004v4: AEGL-2 of chlorine; niosh1994: IDLH 10 ppm.
        let sheet = find("chlorine").expect("known").sheet();
        let told = |name: &str| sheet.iter().find(|line| line.name == name).expect("told").text.clone();
        assert_eq!(
            told("AEGL-2"),
            "10 min 2.8 ppm, 30 min 2.8 ppm, 60 min 2 ppm, 240 min 1 ppm, 480 min 0.71 ppm"
        );
        assert!(told("respirator").starts_with("above 10 ppm (IDLH)"));
        assert_eq!(told("fire"), "no flammable limit in this table");
    }

    #[test]
    fn methane_rises_and_burns_and_propane_creeps() {
        let told = |substance: &str, name: &str| {
            let sheet = find(substance).expect("known").sheet();
            sheet.into_iter().find(|line| line.name == name).expect("told").text
        };
        assert!(told("methane", "weight").contains("rises") && told("propane", "weight").contains("ground"));
        assert!(
            told("methane", "fire").starts_with("burns from ")
                && told("methane", "respirator").starts_with("where")
        );
        assert!(told("propane", "vapour pressure").contains("boils as it leaves"));
        assert!(told("benzene", "vapour pressure").contains("lies as a pool"));
    }
}
