//! The input file of EPA SWMM 5, as far as a surface needs to know it.

use std::collections::{HashMap, HashSet};

use crate::error::{Problem, Problems, Result};
use crate::units::FOOT;

/// Flow units of a file and how many m³/s one of them is.
///
/// # Source
/// Rossman 2015 (`rossman2015`), appendix A; the foot and the gallon of the United States.
const FLOW_UNITS: [(&str, f64, bool); 6] = [
    ("CFS", FOOT * FOOT * FOOT, true),
    ("GPM", US_GALLON / 60.0, true),
    ("MGD", US_GALLON * 1e6 / 86_400.0, true),
    ("CMS", 1.0, false),
    ("LPS", 1e-3, false),
    ("MLD", 1e3 / 86_400.0, false),
];

/// Gallon of the United States, m³: 231 cubic inches.
const US_GALLON: f64 = 231.0 * 0.0254 * 0.0254 * 0.0254;

/// Kind of a node that can exchange water with a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A manhole.
    Junction,
    /// A tank or pond.
    Storage,
    /// A junction that divides the flow.
    Divider,
}

/// A node that can exchange water with a surface.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: NodeKind,
    /// Level of its bottom, m on the datum of the network.
    pub bottom: f64,
    /// Depth from its bottom to its rim, m; zero where the file leaves it to the pipes.
    pub depth: f64,
    /// Its place on the map of the network.
    pub place: Option<(f64, f64)>,
    /// Its line in the file.
    pub line: usize,
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Inp {
    /// Nodes that can exchange water, in the order of the file.
    pub nodes: Vec<Node>,
    /// m³/s in one flow unit of the file.
    pub flow_unit: f64,
    /// Options by upper-case name.
    pub options: HashMap<String, String>,
    /// Links with an end at an outfall, and whether they lead to it (1) or from it (-1).
    ///
    /// From the file and not from the engine, which turns adverse conduits round, but tells
    /// their flow in the direction of the file.
    pub last_links: Vec<(String, f64)>,
    /// Number of subcatchments.
    pub subcatchments: usize,
    /// Files that the network names: line, path.
    pub files: Vec<(usize, String)>,
}

/// One line that says something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line<'t> {
    /// Number in the file, from one.
    pub(super) number: usize,
    /// Upper-case begin of the name of its section; empty before the first.
    pub(super) section: &'t str,
    /// The line as it stands.
    pub(super) text: &'t str,
}

/// The lines of a file with the section of each; titles of sections belong to themselves.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut section = "";
    text.lines().enumerate().map(move |(at, line)| {
        if let Some(name) = line.trim().strip_prefix('[') {
            section = name.trim_end_matches(']');
        }
        Line { number: at + 1, section, text: line }
    })
}

impl<'t> Line<'t> {
    /// True in a section whose name begins like this, as SWMM compares names.
    pub(super) fn is_in(&self, section: &str) -> bool {
        self.section.get(..section.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(section))
    }

    /// True for the line that names a section.
    pub(super) fn is_title(&self) -> bool {
        self.text.trim_start().starts_with('[')
    }

    /// Words before the comment; quotes hold a word with blanks together.
    pub(super) fn words(&self) -> Vec<&'t str> {
        let told = self.text.split(';').next().unwrap_or("");
        let mut words = Vec::new();
        let mut rest = told.trim_start();
        while !rest.is_empty() {
            let (word, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
            };
            words.push(word);
            rest = after.trim_start();
        }
        words
    }
}

/// Reads a network.
///
/// # Errors
/// E2470 for numbers that are none and lines that are too short, E2471 for a routing that
/// cannot be joined to a surface, E2472 for sections that would disturb the run; all at once.
pub fn read(text: &str, shown_as: &str) -> Result<Inp> {
    let mut problems = Vec::new();
    let options = options(text);
    let unit = options.get("FLOW_UNITS").map_or("CFS", String::as_str);
    let known = FLOW_UNITS.into_iter().find(|(name, ..)| name.eq_ignore_ascii_case(unit));
    if known.is_none() {
        problems.push(
            Problem::error(2470, format!("the flow unit {unit} is not known"))
                .fix("one of CFS, GPM, MGD, CMS, LPS, MLD in [OPTIONS]"),
        );
    }
    let (_, flow_unit, is_us) = known.unwrap_or(FLOW_UNITS[3]);
    let length = if is_us { FOOT } else { 1.0 };
    let routing = options.get("FLOW_ROUTING").map_or("not given", String::as_str);
    if !["DYNWAVE", "DW"].iter().any(|name| name.eq_ignore_ascii_case(routing)) {
        problems.push(
            Problem::error(2471, format!("FLOW_ROUTING is {routing}; a full manhole needs dynamic waves"))
                .fix("write FLOW_ROUTING DYNWAVE in [OPTIONS]"),
        );
    }
    let mut inp = Inp {
        nodes: Vec::new(),
        flow_unit,
        options,
        last_links: last_links(text),
        subcatchments: 0,
        files: Vec::new(),
    };
    let mut places = HashMap::new();
    for line in lines(text).filter(|line| !line.is_title()) {
        let words = line.words();
        if words.is_empty() {
            continue;
        }
        match node_kind(&line) {
            Some(kind) => match node(&words, kind, length, line.number) {
                Ok(node) => inp.nodes.push(node),
                Err(text) => problems.push(wrong(line.number, text)),
            },
            None if line.is_in("COORD") => match place(&words) {
                Ok((name, at)) => drop(places.insert(name.to_owned(), at)),
                Err(text) => problems.push(wrong(line.number, text)),
            },
            None if line.is_in("SUBCATCH") => inp.subcatchments += 1,
            None => problems.extend(disturbing(&line, &words)),
        }
        inp.files.extend(super::fitted::named_file(&line, &words).map(|path| (line.number, path.to_owned())));
    }
    for node in &mut inp.nodes {
        node.place = places.get(&node.name).copied();
    }
    if inp.nodes.is_empty() && problems.is_empty() {
        problems.push(
            Problem::error(2470, "the network has no junction, storage or divider").fix("name another file"),
        );
    }
    match problems.is_empty() {
        true => Ok(inp),
        false => Err(Problems(problems.into_iter().map(|problem| problem.in_file(shown_as)).collect())),
    }
}

/// Sections of links; every line begins with a name and its two ends.
const LINKS: [&str; 5] = ["CONDUIT", "PUMP", "ORIFICE", "WEIR", "OUTLET"];

fn last_links(text: &str) -> Vec<(String, f64)> {
    let outfalls: HashSet<&str> = lines(text)
        .filter(|line| line.is_in("OUTFALL") && !line.is_title())
        .filter_map(|line| line.words().first().copied())
        .collect();
    let mut found = Vec::new();
    for line in lines(text).filter(|line| !line.is_title() && LINKS.iter().any(|kind| line.is_in(kind))) {
        let [name, from, to, ..] = line.words()[..] else { continue };
        found.extend(outfalls.contains(to).then(|| (name.to_owned(), 1.0)));
        found.extend(outfalls.contains(from).then(|| (name.to_owned(), -1.0)));
    }
    found
}

/// Every option of a file by its upper-case name.
fn options(text: &str) -> HashMap<String, String> {
    lines(text)
        .filter(|line| line.is_in("OPTION") && !line.is_title())
        .filter_map(|line| match line.words().as_slice() {
            [name, value, ..] => Some((name.to_ascii_uppercase(), (*value).to_owned())),
            _ => None,
        })
        .collect()
}

fn node_kind(line: &Line<'_>) -> Option<NodeKind> {
    [("JUNC", NodeKind::Junction), ("STORAGE", NodeKind::Storage), ("DIVIDER", NodeKind::Divider)]
        .into_iter()
        .find(|(section, _)| line.is_in(section))
        .map(|(_, kind)| kind)
}

fn node(words: &[&str], kind: NodeKind, length: f64, line: usize) -> std::result::Result<Node, String> {
    let [name, bottom, rest @ ..] = words else {
        return Err("a node has a name and the level of its bottom".into());
    };
    // A divider names its link and its kind first; its depth stands behind parameters of the kind.
    let depth = match kind {
        NodeKind::Divider => 0.0,
        _ => rest.first().map_or(Ok(0.0), |text| number(text))?,
    };
    Ok(Node {
        name: (*name).to_owned(),
        kind,
        bottom: number(bottom)? * length,
        depth: depth * length,
        place: None,
        line,
    })
}

fn place<'w>(words: &[&'w str]) -> std::result::Result<(&'w str, (f64, f64)), String> {
    match words {
        [name, x, y, ..] => Ok((name, (number(x)?, number(y)?))),
        _ => Err("a place has a name, x and y".into()),
    }
}

fn number(text: &str) -> std::result::Result<f64, String> {
    text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or(format!("'{text}' is not a number"))
}

fn wrong(line: usize, text: String) -> Problem {
    Problem::error(2470, text).at_line(line, 1).fix("mend the line; SWMM would refuse it too")
}

/// What would make the engine do other things than route this run.
fn disturbing(line: &Line<'_>, words: &[&str]) -> Option<Problem> {
    let saves = line.is_in("FILE") && words[0].eq_ignore_ascii_case("SAVE");
    if saves {
        return Some(
            Problem::error(2472, "the network would write a file of its own beside it")
                .at_line(line.number, 1)
                .fix("remove the SAVE line from [FILES]"),
        );
    }
    line.is_in("EVENT").then(|| {
        Problem::error(2472, "[EVENTS] stops the routing between its dates")
            .at_line(line.number, 1)
            .fix("remove the section: the run routes from start to end")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NET: &str = "[OPTIONS]\nFLOW_UNITS LPS\nFLOW_ROUTING DYNWAVE ; dynamic\n\n[JUNCTIONS]\n;;name\n\
        J1 10.5 2.0 0 0 0\n\"J 2\" 9 \n[STORAGE]\nT 8 3 0 FUNCTIONAL 0 0 5\n[OUTFALLS]\nO 5 FREE\n\
        [CONDUITS]\na J1 O 10\nb O T 10\nc J1 T 10\n[COORDINATES]\nJ1 100 200\n\"J 2\" 1.5e2 200\n[TIMESERIES]\nq FILE \"in flow.dat\"\n";

    #[test]
    fn nodes_have_levels_depths_and_places() {
        let inp = read(NET, "net.inp").expect("sound");
        let found: Vec<_> =
            inp.nodes.iter().map(|node| (node.name.as_str(), node.bottom, node.depth, node.place)).collect();
        let expected = [
            ("J1", 10.5, 2.0, Some((100.0, 200.0))),
            ("J 2", 9.0, 0.0, Some((150.0, 200.0))),
            ("T", 8.0, 3.0, None),
        ];
        assert_eq!(found, expected);
        assert_eq!(inp.flow_unit, 1e-3);
        assert_eq!(inp.last_links, [("a".to_owned(), 1.0), ("b".to_owned(), -1.0)]);
        assert_eq!(inp.files, [(21, "in flow.dat".to_owned())]);
    }

    #[test]
    fn american_networks_are_in_feet() {
        let net = NET.replace("LPS", "CFS");
        let inp = read(&net, "net.inp").expect("sound");
        assert!((inp.nodes[0].bottom - 3.2004).abs() < 1e-12);
        assert!((inp.flow_unit - 0.028_316_846_592).abs() < 1e-15);
    }

    #[test]
    fn all_mistakes_are_told_at_once_with_their_lines() {
        let net = NET.replace("10.5", "ten").replace("DYNWAVE", "KINWAVE") + "[FILES]\nSAVE HOTSTART a.hsf\n";
        let Problems(problems) = read(&net, "net.inp").expect_err("wrong");
        let codes: Vec<u16> = problems.iter().map(|problem| problem.code.0).collect();
        assert_eq!(codes, [2471, 2470, 2472]);
        assert_eq!(problems[1].place.line, Some(7));
    }
}
