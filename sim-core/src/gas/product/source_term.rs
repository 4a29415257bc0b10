//! What leaks: the numbers it was found from, and the rate over time.

use crate::gas::dispersion::Dispersion;
use crate::product::{Column, FieldInfo, Layer, Product, Table, Value};

/// Tables `source_facts` and `release_rate`; each where there is something to say.
pub struct SourceTerm;

impl Product<Dispersion> for SourceTerm {
    fn name(&self) -> &'static str {
        "source_term"
    }

    fn meaning(&self) -> &'static str {
        "numbers of the source beside those of the guideline, and the release over time where it changes"
    }

    fn layers(&self, outcome: &Dispersion) -> Vec<Layer> {
        [facts(outcome), rate(outcome)].into_iter().flatten().map(Layer::Table).collect()
    }
}

fn facts(outcome: &Dispersion) -> Option<Table> {
    let facts = &outcome.release.facts;
    if facts.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("name", "", "what it is"),
        Column::new("value", "", "its value; 1 and 0 for yes and no"),
        Column::new("unit", "", "its unit"),
        Column::new("equation", "", "where it comes from"),
    ];
    let rows = facts.iter().map(|fact| {
        vec![
            Value::Text(fact.name.into()),
            Value::Number(fact.value),
            Value::Text(fact.unit.into()),
            Value::Text(fact.equation.into()),
        ]
    });
    Some(Table {
        info: info(outcome, "source_facts", "Numbers of the source", "泄漏源计算值"),
        columns,
        rows: rows.collect(),
    })
}

fn rate(outcome: &Dispersion) -> Option<Table> {
    let history = outcome.release.history.as_ref()?;
    let columns = vec![
        Column::new("time_s", "s", "time after the start"),
        Column::new("rate_kg_s", "kg s-1", "mass that comes out"),
        Column::new("temperature_k", "K", "its temperature"),
        Column::new("vapour_share", "1", "share of it that is vapour"),
        Column::new("velocity_m_s", "m s-1", "its speed after it has expanded to the pressure of the air"),
        Column::new("density_kg_m3", "kg m-3", "its density after it has expanded"),
    ];
    let rows = history.samples().iter().map(|sample| {
        let state = &sample.state;
        [sample.time, sample.rate, state.temperature, state.vapour_share, state.velocity, state.density]
            .map(Value::Number)
            .to_vec()
    });
    Some(Table {
        info: info(outcome, "release_rate", "Release over time", "泄漏速率过程"),
        columns,
        rows: rows.collect(),
    })
}

fn info(outcome: &Dispersion, name: &str, title: &str, title_zh: &str) -> FieldInfo {
    FieldInfo {
        name: name.into(),
        title: title.into(),
        title_zh: title_zh.into(),
        meaning: outcome.release.description.clone(),
        ..FieldInfo::default()
    }
}
