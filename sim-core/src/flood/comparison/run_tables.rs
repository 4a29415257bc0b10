//! Tables of two runs beside each other.

use crate::product::{Column, FieldInfo, Table, Value};

/// Position of a column.
fn position(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.name == name)
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

pub(super) fn number(value: Option<&Value>) -> Option<f64> {
    match value {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    }
}

/// A place that both runs have.
pub(super) struct CommonPlace {
    pub(super) name: String,
    /// x and y in the reference of the grid.
    pub(super) at: Option<(f64, f64)>,
    /// Largest depths in the first and the second run, m.
    pub(super) depths: (f64, f64),
}

/// Every place that both runs have.
pub(super) fn common_places(a: &Table, b: &Table) -> Vec<CommonPlace> {
    let columns = |table: &Table| Some((position(table, "name")?, position(table, "max_depth_m")?));
    let (Some((name_a, depth_a)), Some((name_b, depth_b))) = (columns(a), columns(b)) else {
        return Vec::new();
    };
    let at = position(a, "x").zip(position(a, "y"));
    let found = a.rows.iter().filter_map(|row| {
        let other = b.rows.iter().find(|other| other[name_b] == row[name_a])?;
        let at = at.and_then(|(x, y)| number(row.get(x)).zip(number(row.get(y))));
        let depths = (number(row.get(depth_a))?, number(other.get(depth_b))?);
        Some(CommonPlace { name: text(&row[name_a]), at, depths })
    });
    found.collect()
}

/// Every number of two tables that stands in rows with the same keys and columns of the same
/// name, one row each; rows and columns of one run alone have no partner.
pub(super) fn table_difference(
    a: &Table,
    b: &Table,
    keys: &[&str],
    (name, title, title_zh): (&str, &str, &str),
) -> Table {
    let key_of = |table: &Table, row: &[Value]| -> Vec<Value> {
        let value = |key: &&str| position(table, key).and_then(|at| row.get(at)).map_or(String::new(), text);
        keys.iter().map(|key| Value::Text(value(key))).collect()
    };
    let mut names: Vec<&str> = Vec::new();
    for column in a.columns.iter().chain(&b.columns).map(|column| column.name.as_str()) {
        // Where a thing lies is not a result.
        let is_place = ["lon", "lat", "x", "y"].contains(&column);
        if !keys.contains(&column) && !names.contains(&column) && !is_place {
            names.push(column);
        }
    }
    let (keys_a, keys_b): (Vec<_>, Vec<_>) = (
        a.rows.iter().map(|row| key_of(a, row)).collect(),
        b.rows.iter().map(|row| key_of(b, row)).collect(),
    );
    let mut all: Vec<&Vec<Value>> = keys_a.iter().collect();
    all.extend(keys_b.iter().filter(|key| !keys_a.contains(key)));
    let mut rows = Vec::new();
    for key in all {
        let find = |table: &'_ Table, known: &[Vec<Value>], name: &str| {
            let row = known.iter().position(|other| other == key)?;
            number(table.rows[row].get(position(table, name)?))
        };
        for name in &names {
            let (in_a, in_b) = (find(a, &keys_a, name), find(b, &keys_b, name));
            if in_a.is_none() && in_b.is_none() {
                continue;
            }
            let value = |number: Option<f64>| number.map_or(Value::Missing, Value::Number);
            let apart = in_a.zip(in_b).map(|(a, b)| b - a);
            let mut row = key.clone();
            row.extend([Value::Text((*name).into()), value(in_a), value(in_b), value(apart)]);
            rows.push(row);
        }
    }
    let mut columns: Vec<Column> =
        keys.iter().map(|key| Column::new(key, "", "as in the tables of the runs")).collect();
    columns.extend([
        Column::new("quantity", "", "column of the tables of the runs, with its unit"),
        Column::new("a", "", "value in run A; empty where it has none"),
        Column::new("b", "", "value in run B; empty where it has none"),
        Column::new("difference", "", "run B minus run A"),
    ]);
    let info = FieldInfo {
        name: name.into(),
        title: title.into(),
        title_zh: title_zh.into(),
        meaning: "numbers of both runs and their difference".into(),
        ..FieldInfo::default()
    };
    Table { info, columns, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_run_alone_have_no_partner() {
        let one = Table {
            info: FieldInfo::default(),
            columns: vec![Column::new("name", "", ""), Column::new("max_depth_m", "m", "")],
            rows: vec![vec![Value::Text("mill".into()), Value::Number(0.5)]],
        };
        let mut two = one.clone();
        two.rows[0][0] = Value::Text("gate".into());
        let table = table_difference(&one, &two, &["name"], ("n", "t", "z"));
        assert_eq!(table.rows.len(), 2);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len() && row[4] == Value::Missing));
    }
}
