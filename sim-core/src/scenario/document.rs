//! A scenario as it was typed: keys, values, and where each stands in the file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Place, Problem, Result};

/// One value of the file with its position.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    /// The value.
    pub node: Node,
    /// Line and column, from 1; `None` for a value given by `--set`.
    pub at: Option<(usize, usize)>,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Text(String),
    Number(f64),
    Integer(i64),
    Flag(bool),
    DateTime(String),
    List(Vec<Item>),
    Table(Table),
}

impl Node {
    /// The type in the words of a message.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) | Self::Integer(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::DateTime(_) => "a date and time",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// The value as a message shows it.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("\"{text}\""),
            Self::Number(number) => format!("{number}"),
            Self::Integer(number) => format!("{number}"),
            Self::Flag(flag) => format!("{flag}"),
            Self::DateTime(text) => text.clone(),
            Self::List(items) => format!("a list of {}", items.len()),
            Self::Table(_) => "a table".into(),
        }
    }
}

/// Keys in the order of the file.
pub(super) type Table = Vec<(String, Item)>;

/// Looks a key up.
pub(super) fn get<'a>(table: &'a Table, key: &str) -> Option<&'a Item> {
    table.iter().find(|entry| entry.0 == key).map(|entry| &entry.1)
}

/// A whole scenario text.
#[derive(Debug, Clone)]
pub(super) struct Document {
    /// The file's name as the user wrote it.
    pub file: String,
    /// Its top-level table.
    pub root: Table,
}

impl Document {
    /// Reads TOML text, collecting every mistake of syntax into `problems`.
    pub(super) fn parse(text: &str, file: &str, problems: &mut Vec<Problem>) -> Self {
        // A byte-order mark is what some editors put in front of UTF-8.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (tree, mistakes) = DeTable::parse_recoverable(text);
        for mistake in mistakes {
            let (line, column) = position(text, mistake.span().map_or(0, |span| span.start));
            let duplicate = mistake.message().contains("duplicate key");
            let code = if duplicate { 1002 } else { 1001 };
            problems.push(
                Problem::error(code, mistake.message().trim().replace('\n', ", "))
                    .in_file(file)
                    .at_line(line, column)
                    .fix(if duplicate {
                        "keep one of the two lines"
                    } else {
                        "write key = \"value with unit\"; text needs double quotes"
                    }),
            );
        }
        let root = table_of(tree.get_ref(), text);
        Self { file: file.to_owned(), root }
    }

    /// Sets one dotted key to a value given as `key=value` on the command line.
    ///
    /// The value is read as TOML if it is TOML, and as text otherwise.
    pub(super) fn set(&mut self, assignment: &str) -> Result<()> {
        let Some((key, value)) = assignment.split_once('=') else {
            return Err(Problem::error(1003, format!("--set {assignment} has no \"=\""))
                .fix("write --set rain.intensity=\"80 mm/h\"")
                .into());
        };
        let (key, value) = (key.trim(), value.trim());
        let node = DeValue::parse(value)
            .map_or_else(|_| Node::Text(value.to_owned()), |parsed| node_of(parsed.get_ref(), value));
        let item = without_position(Item { node, at: None });
        let mut place = Slot::Table(&mut self.root);
        for part in key.split('.') {
            place = place.step(part).map_err(|text| {
                Problem::error(1003, format!("--set {key}: {text}"))
                    .at_key(key)
                    .fix("name a key that the scenario has; tuiyan schema lists them all")
            })?;
        }
        if let Slot::Item(slot) = place {
            *slot = item;
        }
        Ok(())
    }

    /// The place of an item for a message; an overridden one stands on the command line.
    pub(super) fn place(&self, key: &str, at: Option<(usize, usize)>, overridden: bool) -> Place {
        Place {
            file: Some(if overridden { "--set".to_owned() } else { self.file.clone() }),
            line: at.map(|position| position.0),
            column: at.map(|position| position.1),
            key: Some(key.to_owned()),
            spot: None,
        }
    }
}

/// Where the path of a `--set` has come to.
enum Slot<'a> {
    Table(&'a mut Table),
    Item(&'a mut Item),
}

impl<'a> Slot<'a> {
    /// One part of the path further: `key`, or `key[2]` for the second of a list.
    ///
    /// A key that is not there is made; a place in a list is not.
    fn step(self, part: &str) -> std::result::Result<Self, String> {
        let (name, place) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
            None => (part, None),
            Some((name, digits)) => (name, Some(digits)),
        };
        if name.is_empty() {
            return Err("a part of the key is empty".into());
        }
        let table = match self {
            Self::Table(table) => table,
            Self::Item(Item { node: Node::Table(table), .. }) => table,
            Self::Item(Item { node: Node::List(items), .. }) => {
                return Err(format!(
                    "say which of the {} in the list is meant, as in inflow[1].{part}",
                    items.len()
                ));
            }
            Self::Item(_) => return Err(format!("{part} stands under a key that is not a table")),
        };
        let found = table.iter().position(|entry| entry.0 == name).unwrap_or_else(|| {
            table.push((name.to_owned(), Item { node: Node::Table(Table::new()), at: None }));
            table.len() - 1
        });
        let item = &mut table[found].1;
        let Some(digits) = place else { return Ok(Self::Item(item)) };
        let Node::List(items) = &mut item.node else {
            return Err(format!("{name} is not a list in the scenario"));
        };
        let count = items.len();
        let index = digits.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match index.and_then(|index| items.get_mut(index)) {
            Some(item) => Ok(Self::Item(item)),
            None => Err(format!("{name} has {count} entries, counted from 1; there is no {name}[{digits}]")),
        }
    }
}

fn without_position(item: Item) -> Item {
    let node = match item.node {
        Node::List(items) => Node::List(items.into_iter().map(without_position).collect()),
        Node::Table(table) => {
            Node::Table(table.into_iter().map(|(key, item)| (key, without_position(item))).collect())
        }
        other => other,
    };
    Item { node, at: None }
}

/// Line and column, from 1, of a byte offset.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |i| i + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    (line, column)
}

fn table_of(table: &DeTable<'_>, text: &str) -> Table {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), item_of(value, text))).collect()
}

fn item_of(value: &Spanned<DeValue<'_>>, text: &str) -> Item {
    Item { node: node_of(value.get_ref(), text), at: Some(position(text, value.span().start)) }
}

fn node_of(value: &DeValue<'_>, text: &str) -> Node {
    match value {
        DeValue::String(string) => Node::Text(string.to_string()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or(Node::Number(f64::NAN), Node::Integer),
        DeValue::Float(float) => Node::Number(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Node::Flag(*flag),
        DeValue::Datetime(datetime) => Node::DateTime(datetime.to_string()),
        DeValue::Array(array) => Node::List(array.iter().map(|value| item_of(value, text)).collect()),
        DeValue::Table(table) => Node::Table(table_of(table, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line_and_column() {
        let mut problems = Vec::new();
        let document = Document::parse("a = 1\n[b]\n  c = \"x\"\n", "f.toml", &mut problems);
        assert!(problems.is_empty());
        let Some(Item { node: Node::Table(b), .. }) = get(&document.root, "b") else {
            panic!("b is a table")
        };
        assert_eq!(get(b, "c").and_then(|item| item.at), Some((3, 7)));
    }

    #[test]
    fn all_mistakes_of_syntax_are_found_at_once() {
        let mut problems = Vec::new();
        Document::parse("a = 1\na = 2\nb = = 3\n", "f.toml", &mut problems);
        let codes: Vec<u16> = problems.iter().map(|problem| problem.code.0).collect();
        assert!(codes.contains(&1002) && codes.contains(&1001), "{problems:?}");
    }

    #[test]
    fn one_entry_of_a_list_is_set_by_its_number_from_one() {
        let text = "[[inflow]]\nname = \"a\"\n[[inflow]]\nname = \"b\"\n";
        let mut document = Document::parse(text, "f", &mut Vec::new());
        document.set("inflow[2].name=c").expect("the second entry");
        let Some(Node::List(items)) = get(&document.root, "inflow").map(|item| &item.node) else {
            panic!("inflow is a list")
        };
        let name = |i: usize| match &items[i].node {
            Node::Table(table) => get(table, "name").map(|item| item.node.shown()),
            _ => None,
        };
        assert_eq!((name(0), name(1)), (Some("\"a\"".into()), Some("\"c\"".into())));
        for wrong in ["inflow[0].name=x", "inflow[3].name=x", "inflow.name=x", "rain[1].x=1", "inflow[x]=1"] {
            assert!(document.set(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_set_as_toml_or_as_text() {
        let mut document = Document::parse("[rain]\nintensity = \"60 mm/h\"\n", "f", &mut Vec::new());
        document.set("rain.intensity=80 mm/h").expect("a known table");
        document.set("run.courant=0.5").expect("a new table");
        let text = format!("{:?}", document.root);
        assert!(text.contains("80 mm/h") && text.contains("Number(0.5)"), "{text}");
        assert!(document.set("rain.intensity.deep=1").is_err());
        for wrong in ["=5", "rain.=5", ".rain=5", "rain..intensity=5"] {
            assert!(document.set(wrong).is_err(), "{wrong} has an empty part");
        }
        assert!(document.set("nothing").is_err());
    }
}
