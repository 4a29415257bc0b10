//! The reader of scenario keys: it checks each value, collects every mistake,
//! and writes down what it asked for, so that the JSON Schema is what is read.

mod kinds;
mod rows;

use std::cell::{Cell, RefCell};

use serde_json::{Value, json};

use crate::error::{Code, Problem};

use super::asked::Asked;
use super::document::{Document, Item, Node, Table, get};
use super::quantity::Dimension;
use super::word::{nearest, quoted};

/// What the reader asked of one key; the raw material of the JSON Schema.
#[derive(Debug, Clone)]
pub(super) struct KeyDoc {
    pub path: String,
    pub meaning: String,
    pub kind: KeyKind,
    pub required: bool,
    pub default: Option<String>,
    /// The hazard whose reader asked, or `None` for both.
    pub hazard: Option<&'static str>,
}

/// What a key may hold.
#[derive(Debug, Clone)]
pub(super) enum KeyKind {
    Quantity(Dimension),
    Number {
        low: f64,
        high: f64,
    },
    Text,
    Flag,
    Choice(Vec<String>),
    Texts(Vec<String>),
    /// A list of values with their units.
    Quantities,
    Points,
    DateTime,
    Table,
    /// A table whose keys are needed only where it is present.
    OptionalTable,
    Tables,
}

/// What all sections of one document share.
pub(super) struct Reading<'a> {
    pub document: &'a Document,
    pub problems: RefCell<Vec<Problem>>,
    pub keys: RefCell<Vec<KeyDoc>>,
    /// Everything that was understood, defaults included, by dotted key.
    pub understood: RefCell<serde_json::Map<String, Value>>,
    /// True when the reader only writes down what it would ask.
    pub describing: bool,
    /// The hazard whose keys are being described.
    pub hazard: Cell<Option<&'static str>>,
}

impl<'a> Reading<'a> {
    /// Begins to read a document.
    pub(super) fn new(document: &'a Document, describing: bool) -> Self {
        Self {
            document,
            problems: RefCell::default(),
            keys: RefCell::default(),
            understood: RefCell::default(),
            describing,
            hazard: Cell::default(),
        }
    }

    /// The top level of the document.
    pub(super) fn root(&'a self) -> Section<'a> {
        Section {
            reading: self,
            path: String::new(),
            table: Some(&self.document.root),
            at: None,
            asked: RefCell::default(),
        }
    }

    /// Notes what was understood of a key.
    pub(super) fn understand(&self, path: String, value: Value) {
        self.understood.borrow_mut().insert(path, value);
    }

    /// Notes a mistake.
    pub(super) fn report(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }
}

/// One table of the document.
pub(super) struct Section<'a> {
    pub reading: &'a Reading<'a>,
    path: String,
    table: Option<&'a Table>,
    at: Option<(usize, usize)>,
    asked: RefCell<Vec<String>>,
}

impl<'a> Section<'a> {
    /// True when the document has this table.
    pub(super) fn is_present(&self) -> bool {
        self.table.is_some()
    }

    /// True when the reader only describes its keys; every branch is then taken.
    pub(super) fn describing(&self) -> bool {
        self.reading.describing
    }

    /// Dotted path of a key.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// True when the table has the key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.item(key).is_some()
    }

    /// A mistake about a key, with its place filled in.
    pub(super) fn problem(&self, code: u16, key: &str, text: impl Into<String>) -> Problem {
        let item = self.item(key);
        let overridden = item.is_some_and(|item| item.at.is_none());
        let at = item.and_then(|item| item.at).or(if overridden { None } else { self.at });
        let mut problem = Problem::error(code, text);
        problem.place = self.reading.document.place(&self.path_of(key), at, overridden);
        problem
    }

    /// A warning about a key, with its place filled in.
    pub(super) fn warning(&self, code: u16, key: &str, text: impl Into<String>) -> Problem {
        let severity = Problem::warning(code, "").severity;
        Problem { severity, ..self.problem(code, key, text) }
    }

    /// Notes a mistake about a key.
    pub(super) fn report(&self, code: u16, key: &str, text: impl Into<String>, fix: impl Into<String>) {
        self.reading.report(self.problem(code, key, text).fix(fix));
    }

    /// Marks a key as one that must be there, where another test reports its absence.
    pub(super) fn always(&self, key: &str) {
        self.amend(key, |doc| doc.required = true);
    }

    /// Counts a key as known that another reader of the same table asks for.
    pub(super) fn know(&self, key: &str) {
        self.asked.borrow_mut().push(key.to_owned());
    }

    /// True when the key holds exactly this word; the key then counts as read.
    pub(super) fn is_word(&self, key: &str, word: &str) -> bool {
        let found = matches!(self.item(key), Some(Item { node: Node::Text(text), .. }) if text == word);
        if found {
            self.know(key);
            self.reading.understand(self.path_of(key), json!(word));
        }
        found
    }

    pub(super) fn item(&self, key: &str) -> Option<&'a Item> {
        get(self.table?, key)
    }

    fn ask(&self, key: &str, kind: KeyKind, meaning: &str) -> Option<&'a Item> {
        self.asked.borrow_mut().push(key.to_owned());
        if self.describing() {
            self.reading.keys.borrow_mut().push(KeyDoc {
                path: self.path_of(key),
                meaning: meaning.to_owned(),
                kind,
                required: false,
                default: None,
                hazard: self.reading.hazard.get(),
            });
        }
        self.item(key)
    }

    pub(super) fn amend(&self, key: &str, change: impl FnOnce(&mut KeyDoc)) {
        let path = self.path_of(key);
        if let Some(doc) = self.reading.keys.borrow_mut().iter_mut().rev().find(|doc| doc.path == path) {
            change(doc);
        }
    }

    pub(super) fn missing(&self, key: &str, allowed: &str) {
        self.amend(key, |doc| doc.required = true);
        if !self.describing() {
            let place = if self.path.is_empty() { "the file".into() } else { format!("[{}]", self.path) };
            self.report(1012, key, format!("missing in {place}"), format!("add {key} = {allowed}"));
        }
    }

    fn wrong_type(&self, key: &str, item: &Item, allowed: &str) {
        self.report(
            1013,
            key,
            format!("found {} ({})", item.node.shown(), item.node.kind()),
            format!("write {allowed}"),
        );
    }

    /// A value that carries its unit as text.
    pub(super) fn quantity(&self, key: &str, dimension: Dimension, meaning: &str) -> Asked<'_, 'a> {
        let item = self.ask(key, KeyKind::Quantity(dimension), meaning);
        let mut asked = self.asked_number(key, Some(dimension));
        match item.map(|item| (item, &item.node)) {
            None => {}
            Some((_, Node::Text(text))) => match dimension.parse(text) {
                Ok(value) => asked.value = Some(value),
                Err(mistake) => asked.refuse(text, mistake),
            },
            Some((_, Node::Integer(number))) if dimension == Dimension::Fraction => {
                asked.value = Some(*number as f64);
            }
            Some((_, Node::Number(number))) if dimension == Dimension::Fraction => {
                asked.value = Some(*number)
            }
            Some((_, node @ (Node::Number(_) | Node::Integer(_)))) => {
                asked.wrong = true;
                self.report(
                    1014,
                    key,
                    format!("{} has no unit", node.shown()),
                    format!("write {}", dimension.allowed()),
                );
            }
            Some((item, _)) => {
                asked.wrong = true;
                self.wrong_type(key, item, dimension.allowed());
            }
        }
        asked
    }

    /// A bare number; its unit is fixed by the name of the key.
    pub(super) fn number(&self, key: &str, meaning: &str) -> Asked<'_, 'a> {
        let range = KeyKind::Number { low: f64::NEG_INFINITY, high: f64::INFINITY };
        let item = self.ask(key, range, meaning);
        let mut asked = self.asked_number(key, None);
        match item {
            None => {}
            Some(Item { node: Node::Integer(number), .. }) => asked.value = Some(*number as f64),
            Some(Item { node: Node::Number(number), .. }) if number.is_finite() => {
                asked.value = Some(*number)
            }
            Some(item) => {
                asked.wrong = true;
                self.wrong_type(key, item, "a bare number");
            }
        }
        asked
    }

    fn asked_number(&self, key: &str, dimension: Option<Dimension>) -> Asked<'_, 'a> {
        Asked { section: self, key: key.to_owned(), value: None, wrong: false, dimension }
    }

    /// Text as it stands; `None` when absent or wrong.
    pub(super) fn text(&self, key: &str, meaning: &str) -> Option<&'a str> {
        let item = self.ask(key, KeyKind::Text, meaning)?;
        let Node::Text(text) = &item.node else {
            self.wrong_type(key, item, "text in double quotes");
            return None;
        };
        if text.trim().is_empty() {
            self.report(1015, key, "the text is empty", "write something or remove the key");
            return None;
        }
        self.reading.understand(self.path_of(key), json!(text));
        Some(text)
    }

    /// Text that must be there.
    pub(super) fn required_text(&self, key: &str, meaning: &str, example: &str) -> Option<&'a str> {
        let text = self.text(key, meaning);
        self.amend(key, |doc| doc.required = true);
        if !self.has(key) {
            self.missing(key, &format!("\"{example}\""));
        }
        text
    }

    /// True or false.
    pub(super) fn flag(&self, key: &str, default: bool, meaning: &str) -> bool {
        let item = self.ask(key, KeyKind::Flag, meaning);
        self.amend(key, |doc| doc.default = Some(default.to_string()));
        let flag = match item {
            None => default,
            Some(Item { node: Node::Flag(flag), .. }) => *flag,
            Some(item) => {
                self.wrong_type(key, item, "true or false");
                default
            }
        };
        self.reading.understand(self.path_of(key), json!(flag));
        flag
    }

    /// One of several words; `None` when absent or wrong.
    pub(super) fn choice(&self, key: &str, choices: &[&str], meaning: &str) -> Option<&'a str> {
        let owned = choices.iter().map(|&choice| choice.to_owned()).collect();
        let item = self.ask(key, KeyKind::Choice(owned), meaning)?;
        let Node::Text(text) = &item.node else {
            self.wrong_type(key, item, &format!("one of {}", quoted(choices)));
            return None;
        };
        if choices.contains(&text.as_str()) {
            self.reading.understand(self.path_of(key), json!(text));
            return Some(text);
        }
        let meant = nearest(text, choices.iter().copied());
        let fix = meant.map_or_else(
            || format!("choose one of {}", quoted(choices)),
            |meant| format!("did you mean \"{meant}\"? allowed: {}", quoted(choices)),
        );
        self.report(1016, key, format!("\"{text}\" is not a choice here"), fix);
        None
    }

    /// One of several words, or the one that counts where none is given.
    pub(super) fn choice_or<'w>(
        &self,
        key: &str,
        choices: &[&str],
        default: &'w str,
        meaning: &str,
    ) -> &'w str
    where
        'a: 'w,
    {
        let choice: Option<&'w str> = self.choice(key, choices, meaning);
        if !self.has(key) && !self.describing() {
            self.reading.understand(self.path_of(key), json!(default));
        }
        choice.unwrap_or(default)
    }

    /// One of several words that must be there.
    pub(super) fn required_choice(&self, key: &str, choices: &[&str], meaning: &str) -> Option<&'a str> {
        let choice = self.choice(key, choices, meaning);
        self.amend(key, |doc| doc.required = true);
        if !self.has(key) {
            self.missing(key, &format!("one of {}", quoted(choices)));
        }
        choice
    }

    /// A list of words out of `choices` (any words when `choices` is empty); `None` when absent.
    pub(super) fn texts(&self, key: &str, choices: &[&str], meaning: &str) -> Option<Vec<(String, Problem)>> {
        let owned = choices.iter().map(|&choice| choice.to_owned()).collect();
        let item = self.ask(key, KeyKind::Texts(owned), meaning)?;
        let Node::List(items) = &item.node else {
            let example = match &item.node {
                Node::Text(text) => text.trim_matches(['[', ']']),
                _ => choices.first().copied().unwrap_or("20 % LEL"),
            };
            self.wrong_type(key, item, &format!("a list with its texts in quotes: [\"{example}\"]"));
            return None;
        };
        if items.is_empty() {
            self.report(1062, key, "the list is empty", "name at least one, or remove the key");
        }
        let mut texts: Vec<(String, Problem)> = Vec::new();
        for element in items {
            let Node::Text(text) = &element.node else {
                self.wrong_type(key, element, "text in double quotes");
                continue;
            };
            let mut problem = Problem::error(1016, format!("\"{text}\" is not a choice here"));
            problem.place = self.reading.document.place(&self.path_of(key), element.at, element.at.is_none());
            if texts.iter().any(|known| known.0 == *text) {
                problem.code = Code(1062);
                problem.text = format!("\"{text}\" stands twice in the list");
                self.reading.report(problem.fix("keep one of the two"));
                continue;
            }
            if choices.is_empty() || choices.contains(&text.as_str()) {
                texts.push((text.clone(), problem));
                continue;
            }
            let meant = nearest(text, choices.iter().copied())
                .map_or_else(String::new, |meant| format!("did you mean \"{meant}\"? "));
            self.reading.report(problem.fix(format!("{meant}allowed: {}", quoted(choices))));
        }
        let words: Vec<&str> = texts.iter().map(|text| text.0.as_str()).collect();
        self.reading.understand(self.path_of(key), json!(words));
        Some(texts)
    }

    /// Pairs of bare numbers, `[[1.0, 2.0], [3.0, 4.0]]`; `None` when absent or wrong.
    pub(super) fn points(&self, key: &str, meaning: &str) -> Option<Vec<(f64, f64)>> {
        let item = self.ask(key, KeyKind::Points, meaning)?;
        let number = |item: &Item| match item.node {
            Node::Number(number) => Some(number).filter(|number| number.is_finite()),
            Node::Integer(number) => Some(number as f64),
            _ => None,
        };
        let pair = |item: &Item| match &item.node {
            Node::List(pair) if pair.len() == 2 => Some((number(&pair[0])?, number(&pair[1])?)),
            _ => None,
        };
        let points = match &item.node {
            Node::List(items) if !items.is_empty() => items.iter().map(pair).collect::<Option<Vec<_>>>(),
            _ => None,
        };
        match &points {
            Some(points) => self.reading.understand(self.path_of(key), json!(points)),
            None => self.report(
                1030,
                key,
                "not a list of pairs of numbers",
                "write [[424900.0, 565300.0], [424950.0, 565300.0]]",
            ),
        }
        points
    }

    /// A date and time with its offset, as ISO 8601 in UTC.
    pub(super) fn date_time(&self, key: &str, meaning: &str) -> Option<jiff::Timestamp> {
        let item = self.ask(key, KeyKind::DateTime, meaning)?;
        let text = match &item.node {
            Node::Text(text) | Node::DateTime(text) => text.as_str(),
            _ => {
                self.wrong_type(key, item, "a time with its offset such as 2026-07-01T08:30:00+08:00");
                return None;
            }
        };
        let stamp = text.parse::<jiff::Timestamp>().ok();
        if stamp.is_none() {
            self.report(
                1017,
                key,
                format!("{text} is not a time with an offset from UTC"),
                "write 2026-07-01T08:30:00+08:00 (Beijing time) or 2026-07-01T00:30:00Z; without an offset a run could be 8 hours off",
            );
        }
        if let Some(stamp) = stamp {
            self.reading.understand(self.path_of(key), json!(stamp.to_string()));
        }
        stamp
    }

    /// A table inside this one; absent tables read as empty ones.
    pub(super) fn section(&self, key: &str, meaning: &str) -> Section<'a> {
        self.table(key, KeyKind::Table, meaning)
    }

    /// A table that may be left out with all that it needs.
    pub(super) fn optional_section(&self, key: &str, meaning: &str) -> Section<'a> {
        self.table(key, KeyKind::OptionalTable, meaning)
    }

    fn table(&self, key: &str, kind: KeyKind, meaning: &str) -> Section<'a> {
        let item = self.ask(key, kind, meaning);
        let table = match item.map(|item| (item, &item.node)) {
            None => None,
            Some((_, Node::Table(table))) => Some(table),
            Some((item, _)) => {
                self.wrong_type(key, item, &format!("a table: [{}]", self.path_of(key)));
                None
            }
        };
        self.inner(self.path_of(key), table, item.and_then(|item| item.at))
    }

    /// The tables of a list of tables (`[[key]]`); one empty table while describing.
    pub(super) fn sections(&self, key: &str, meaning: &str) -> Vec<Section<'a>> {
        let item = self.ask(key, KeyKind::Tables, meaning);
        let path = self.path_of(key);
        if self.describing() {
            return vec![self.inner(path, None, None)];
        }
        match item.map(|item| (item, &item.node)) {
            None => Vec::new(),
            Some((_, Node::List(items))) => {
                let mut sections = Vec::new();
                for (i, element) in items.iter().enumerate() {
                    match &element.node {
                        Node::Table(table) => {
                            sections.push(self.inner(format!("{path}[{}]", i + 1), Some(table), element.at));
                        }
                        _ => self.wrong_type(key, element, &format!("a table: [[{path}]]")),
                    }
                }
                sections
            }
            Some((item, _)) => {
                self.wrong_type(key, item, &format!("a list of tables: [[{path}]]"));
                Vec::new()
            }
        }
    }

    fn inner(&self, path: String, table: Option<&'a Table>, at: Option<(usize, usize)>) -> Section<'a> {
        Section { reading: self.reading, path, table, at, asked: RefCell::default() }
    }

    /// Ends the reading of a table: every key that nobody asked for is a mistake.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.into_iter().flatten() {
            if asked.iter().any(|known| known == key) {
                continue;
            }
            let known = asked.iter().map(String::as_str);
            let fix = nearest(key, known.clone()).map_or_else(
                || format!("remove it; keys here: {}", known.collect::<Vec<_>>().join(", ")),
                |meant| format!("did you mean {meant}?"),
            );
            self.report(1011, key, "unknown key", fix);
        }
    }
}
