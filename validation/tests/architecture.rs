//! Holds the shape of the workspace: who may name whom, how long things may be, which messages exist.
//!
//! The sources are read as text. Comments and the contents of strings are blanked
//! first, and unit tests are left out, so that only what runs is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Lines of a source file before its tests, at most.
const MAX_FILE_LINES: usize = 600;

/// Lines of a function, at most.
const MAX_FUNCTION_LINES: usize = 80;

/// Modules that every module of sim-core from `product` upwards may name.
const BASE: [&str; 5] = ["units", "error", "series", "grid", "product"];

/// What each module of sim-core may name besides itself.
fn may_name(module: &str) -> Option<Vec<&'static str>> {
    let with = |more: &[&'static str]| Some([&BASE[..], more].concat());
    match module {
        "units" | "error" => Some(vec![]),
        "series" => Some(vec!["units", "error"]),
        "grid" => Some(vec!["units", "error", "series"]),
        "product" => Some(vec!["units", "error", "series", "grid"]),
        "layer" => with(&[]),
        "gas" | "flood" => with(&["layer"]),
        "run" => with(&["gas", "flood", "layer"]),
        // An engine of others behind the traits of `flood::drainage`; it reads and writes its own files.
        "sewer" => with(&["flood"]),
        "library" => with(&["gas", "flood", "run"]),
        "scenario" => with(&["gas", "flood", "run", "library"]),
        // Of `run` only what an observer is given, of `library` only what lies in a store.
        "input" | "output" => with(&["run", "library"]),
        _ => None,
    }
}

const FILES: [&str; 4] = ["std::fs", "fs::File", "File::open", "File::create"];
const FORMATS: [&str; 7] =
    ["hdf5::", "geotiff_reader::", "geotiff_writer::", "geojson::", "kml::", "csv::", "png::"];
const CLOCKS: [&str; 2] = ["Instant", "SystemTime"];
const TERMINAL: [&str; 6] = ["println!", "print!", "eprintln!", "eprint!", "stdout", "stderr"];

/// Words that may not stand in the code of a module of sim-core.
fn forbidden_words(module: &str) -> Vec<&'static str> {
    let mut words = TERMINAL.to_vec();
    words.extend(["wgpu", "todo!", "unimplemented!", "dbg!"]);
    let physics = ["units", "error", "series", "grid", "product", "layer", "gas", "flood"];
    if physics.contains(&module) {
        words.extend(FILES);
        words.extend(FORMATS);
        words.extend(CLOCKS);
    }
    match module {
        "grid" | "layer" | "gas" | "flood" => {
            words.extend(["serde::", "serde_json", "Serialize", "Deserialize"])
        }
        "run" | "scenario" => {
            words.extend(FILES);
            words.extend(FORMATS);
        }
        _ => {}
    }
    words
}

/// One source file.
struct Source {
    /// Path from the root of the workspace, with `/`.
    path: String,
    /// Lines without comments, contents of strings and tests.
    code: Vec<String>,
}

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("validation lies in the workspace").to_path_buf()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

/// All sources below a folder of the workspace.
fn sources(folder: &str) -> Vec<Source> {
    let root = root();
    let mut files = Vec::new();
    rust_files(&root.join(folder), &mut files);
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("a source file is UTF-8");
        let path = file.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
        let code = blanked(&text);
        let lines: Vec<String> = code.lines().map(str::to_owned).collect();
        let tests = tests_begin(&lines);
        Source { path, code: lines[..tests].to_vec() }
    };
    files.iter().map(read).collect()
}

/// Line from which on a file holds tests.
fn tests_begin(lines: &[String]) -> usize {
    let begins = |pair: &[String]| {
        pair[0].trim_start().starts_with("#[cfg(test)]") && pair[1].trim_start().starts_with("mod ")
    };
    lines.windows(2).position(begins).unwrap_or(lines.len())
}

/// The text with comments and the contents of strings and characters as blanks; lines stay lines.
fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = token_end(&chars, at);
        let is_code = end == at + 1;
        for &c in &chars[at..end] {
            out.push(if is_code || c == '\n' { c } else { ' ' });
        }
        at = end;
    }
    out
}

/// End of the comment, string or character that begins at `at`, or the next place in plain code.
fn token_end(chars: &[char], at: usize) -> usize {
    let next = |ahead: usize| chars.get(at + ahead).copied().unwrap_or('\0');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let after_word = at > 0 && is_word(chars[at - 1]);
    match (chars[at], next(1)) {
        ('/', '/') => chars[at..].iter().position(|&c| c == '\n').map_or(chars.len(), |length| at + length),
        ('/', '*') => comment_end(chars, at),
        ('"', _) => string_end(chars, at),
        ('r', '"' | '#') | ('b', 'r') if !after_word => raw_string_end(chars, at).unwrap_or(at + 1),
        // A character has its closing quote one (or, escaped, a few) places on; a lifetime has none.
        ('\'', '\\') => (at + 3..chars.len()).find(|&i| chars[i] == '\'').map_or(chars.len(), |i| i + 1),
        ('\'', _) if next(2) == '\'' => at + 3,
        _ => at + 1,
    }
}

fn comment_end(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// End of a raw string, or `None` if none begins here (`r#type` is a name).
fn raw_string_end(chars: &[char], start: usize) -> Option<usize> {
    let mut at = start + 1 + usize::from(chars[start] == 'b');
    let hashes = chars[at..].iter().take_while(|&&c| c == '#').count();
    at += hashes;
    if chars.get(at) != Some(&'"') {
        return None;
    }
    let closes = |i: usize| chars[i] == '"' && (1..=hashes).all(|h| chars.get(i + h) == Some(&'#'));
    (at + 1..chars.len()).find(|&i| closes(i)).map(|i| i + 1 + hashes)
}

/// Module of sim-core that a file belongs to.
fn module_of(path: &str) -> &str {
    let inner = path.strip_prefix("sim-core/src/").unwrap_or(path);
    inner.split('/').next().unwrap_or(inner).trim_end_matches(".rs")
}

fn leading_word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// Top modules that a piece of a path names: `error::Problem` one, `{grid::Grid, units}` two.
fn named_modules(after: &str) -> Vec<String> {
    let after = after.trim_start();
    let Some(group) = after.strip_prefix('{') else { return vec![leading_word(after).to_owned()] };
    let (mut depth, mut names, mut expects_name) = (0, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expects_name = true,
            _ if depth == 0 && expects_name && !c.is_whitespace() => {
                names.push(leading_word(&group[at..]).to_owned());
                expects_name = false;
            }
            _ => {}
        }
    }
    names
}

/// How many `super::` lead from a file to the root of its crate.
fn depth_of(path: &str) -> usize {
    let inner = path.strip_prefix("sim-core/src/").unwrap_or(path);
    let parts = inner.split('/').count();
    if inner.ends_with("/mod.rs") { parts - 1 } else { parts }
}

/// Every module of sim-core that a source names, with its line from 1.
fn names_in(source: &Source) -> Vec<(usize, String)> {
    let text = source.code.join("\n");
    let to_root = "super::".repeat(depth_of(&source.path));
    let prefixes = ["crate::".to_owned(), "sim_core::".to_owned(), to_root];
    let mut found = Vec::new();
    for prefix in prefixes.iter().filter(|prefix| !prefix.is_empty()) {
        for (at, _) in text.match_indices(prefix.as_str()) {
            let before = text[..at].chars().next_back().unwrap_or(' ');
            // `$crate::` of a macro counts; `my_crate::` and `a::super::` do not.
            if before.is_alphanumeric() || before == '_' || before == ':' {
                continue;
            }
            let line = text[..at].matches('\n').count() + 1;
            found.extend(named_modules(&text[at + prefix.len()..]).into_iter().map(|name| (line, name)));
        }
    }
    found
}

fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().unwrap_or(' ');
        let after = line[at + word.len()..].chars().next().unwrap_or(' ');
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let ends_in_word = word.chars().next_back().is_some_and(is_part);
        !(is_part(before) || ends_in_word && is_part(after))
    })
}

/// Lines on which a source has a word, as `path:line: word`.
fn uses_of(source: &Source, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (index, line) in source.code.iter().enumerate() {
        for word in words.iter().filter(|word| contains_word(line, word)) {
            found.push(format!("{}:{}: {word}", source.path, index + 1));
        }
    }
    found
}

fn assert_none(mistakes: Vec<String>, what: &str) {
    assert!(mistakes.is_empty(), "{what}:\n{}", mistakes.join("\n"));
}

fn all_sources() -> Vec<Source> {
    ["sim-core/src", "sim-gpu/src", "cli/src", "validation/src", "benches"]
        .into_iter()
        .flat_map(sources)
        .collect()
}

#[test]
fn modules_name_only_what_is_below_them() {
    let modules: BTreeSet<String> =
        sources("sim-core/src").iter().map(|source| module_of(&source.path).to_owned()).collect();
    let mut mistakes = Vec::new();
    for source in sources("sim-core/src") {
        let module = module_of(&source.path);
        if module == "lib" {
            continue;
        }
        let Some(allowed) = may_name(module) else {
            mistakes.push(format!("{}:1: the module '{module}' is not in the table of modules", source.path));
            continue;
        };
        for (line, name) in names_in(&source) {
            if modules.contains(&name) && name != module && !allowed.contains(&name.as_str()) {
                mistakes.push(format!("{}:{line}: {module} may not name {name}", source.path));
            }
        }
    }
    assert_none(mistakes, "forbidden dependencies between modules");
}

#[test]
fn modules_keep_away_from_files_clocks_and_the_terminal() {
    let mut mistakes = Vec::new();
    for source in sources("sim-core/src") {
        mistakes.extend(uses_of(&source, &forbidden_words(module_of(&source.path))));
    }
    for source in sources("sim-gpu/src") {
        mistakes.extend(uses_of(&source, &[&FILES[..], &TERMINAL[..]].concat()));
    }
    assert_none(mistakes, "forbidden words");
}

/// Workspace members that the library and program part of a member depends on.
fn dependencies(member: &str) -> Vec<String> {
    let manifest =
        fs::read_to_string(root().join(member).join("Cargo.toml")).expect("every member has a manifest");
    let mut section = String::new();
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']).to_owned();
        } else if section == "dependencies" || section == "build-dependencies" {
            found.push(line.split(['.', '=', ' ']).next().unwrap_or_default().to_owned());
        }
    }
    found.retain(|name| ["sim-core", "sim-gpu", "tuiyan", "benches", "validation"].contains(&name.as_str()));
    found
}

#[test]
fn crates_depend_only_on_what_is_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("sim-core", &[][..]),
        ("sim-gpu", &["sim-core"][..]),
        ("cli", &["sim-core", "sim-gpu", "validation"][..]),
        ("validation", &["sim-core", "sim-gpu"][..]),
        ("benches", &["sim-core", "sim-gpu", "validation"][..]),
    ]);
    let mut mistakes = Vec::new();
    for (member, allowed) in allowed {
        for name in dependencies(member).into_iter().filter(|name| !allowed.contains(&name.as_str())) {
            mistakes.push(format!("{member}/Cargo.toml:1: depends on {name}"));
        }
    }
    assert_none(mistakes, "forbidden dependencies between crates");
}

#[test]
fn files_are_short() {
    let long = all_sources().into_iter().filter(|source| source.code.len() > MAX_FILE_LINES);
    let mistakes = long.map(|source| {
        format!("{}:{}: more than {MAX_FILE_LINES} lines before the tests", source.path, source.code.len())
    });
    assert_none(mistakes.collect(), "long files");
}

/// Line, name and length in lines of every function with a body.
fn functions(source: &Source) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    for (index, line) in source.code.iter().enumerate() {
        let Some(at) = line
            .find("fn ")
            .filter(|&at| at == 0 || !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        else {
            continue;
        };
        let name = leading_word(line[at + 3..].trim_start());
        if name.is_empty() {
            continue;
        }
        if let Some(length) = body_lines(&source.code[index..], at) {
            found.push((index + 1, name.to_owned(), length));
        }
    }
    found
}

/// Lines from the word `fn` to the brace that closes its body; `None` for a declaration without body.
fn body_lines(lines: &[String], start: usize) -> Option<usize> {
    let (mut braces, mut brackets) = (0_i32, 0_i32);
    for (index, line) in lines.iter().enumerate() {
        for c in line.chars().skip(if index == 0 { start } else { 0 }) {
            match c {
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets -= 1,
                ';' if braces == 0 && brackets == 0 => return None,
                '{' => braces += 1,
                '}' => {
                    braces -= 1;
                    if braces == 0 && brackets == 0 {
                        return Some(index + 1);
                    }
                }
                _ => {}
            }
        }
    }
    None
}

#[test]
fn functions_are_short() {
    let mut mistakes = Vec::new();
    for source in all_sources() {
        let long = functions(&source).into_iter().filter(|function| function.2 > MAX_FUNCTION_LINES);
        mistakes.extend(
            long.map(|(line, name, length)| format!("{}:{line}: {name} has {length} lines", source.path)),
        );
    }
    assert_none(mistakes, "long functions");
}

/// Places of code after which the number of a message stands.
const BEFORE_A_CODE: [&str; 7] =
    ["::error(", "::warning(", ".mistake(", ".not_one(", "unreadable:", "empty:", "too_long:"];

/// A whole number of four digits at the beginning of a text.
fn leading_code(text: &str) -> Option<u16> {
    let text = text.trim_start();
    let digits = leading_word(text);
    (digits.len() == 4).then(|| digits.parse().ok()).flatten()
}

/// Numbers of messages that the sources give, each with its first place.
fn codes_given() -> BTreeMap<u16, String> {
    let mut found = BTreeMap::new();
    for source in all_sources() {
        let text = source.code.join("\n");
        for before in BEFORE_A_CODE {
            for (at, _) in text.match_indices(before) {
                let Some(code) = leading_code(&text[at + before.len()..]) else { continue };
                let line = text[..at].matches('\n').count() + 1;
                found.entry(code).or_insert_with(|| format!("{}:{line}", source.path));
            }
        }
    }
    found
}

/// Every number of four digits in the code, whatever it stands for.
fn numbers_of_four_digits() -> BTreeSet<u16> {
    let mut found = BTreeSet::new();
    for source in all_sources() {
        for line in &source.code {
            let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
            found.extend(words.filter(|word| word.len() == 4).filter_map(|word| word.parse::<u16>().ok()));
        }
    }
    found
}

#[test]
fn every_message_has_a_page() {
    let pages: BTreeSet<u16> = sim_core::error::catalogue().iter().map(|page| page.code).collect();
    let given = codes_given();
    assert!(!given.is_empty(), "the sources give messages");
    let missing = given.into_iter().filter(|(code, _)| !pages.contains(code));
    let mistakes =
        missing.map(|(code, place)| format!("{place}: {code} has no page in sim-core/data/messages.toml"));
    assert_none(mistakes.collect(), "messages without a page");
}

#[test]
fn every_page_has_a_message() {
    let numbers = numbers_of_four_digits();
    let idle = sim_core::error::catalogue().into_iter().filter(|page| !numbers.contains(&page.code));
    let mistakes = idle.map(|page| format!("sim-core/data/messages.toml:1: nothing gives {}", page.code));
    assert_none(mistakes.collect(), "pages without a message");
}

#[test]
fn comments_and_strings_are_not_code() {
    let text = "let a = \"crate::gas // no\"; // crate::gas\nlet b = r#\"crate::gas\"#; /* crate::\ngas */ let c = '\"';\nuse crate::{grid::{Grid, Crs}, units};\nfn f<'a>(x: &'a str) {}\n";
    let code = blanked(text);
    assert_eq!(code.lines().count(), text.lines().count());
    assert!(!code.contains("gas"), "{code}");
    let source =
        Source { path: "sim-core/src/flood/rain.rs".into(), code: code.lines().map(str::to_owned).collect() };
    assert_eq!(names_in(&source), [(4, "grid".to_owned()), (4, "units".to_owned())]);
    assert_eq!(functions(&source), [(5, "f".to_owned(), 1)]);
}

#[test]
fn a_way_round_through_the_parent_is_seen() {
    let of = |path: &str, code: &str| names_in(&Source { path: path.into(), code: vec![code.into()] });
    assert_eq!(of("sim-core/src/gas/mod.rs", "use super::flood;"), [(1, "flood".to_owned())]);
    assert_eq!(of("sim-core/src/gas/plume.rs", "use super::super::flood;"), [(1, "flood".to_owned())]);
    assert_eq!(of("sim-core/src/gas/plume.rs", "use super::puff;"), []);
}
