//! The house rules that no compiler checks: who may use whom, how long a file may be, how it begins.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const LONGEST_FILE: usize = 450;

/// Each module and the modules it may use. `analysis` uses no more of `calibration` than its names and of
/// `scenario` than its spelling, `equilibrium` no more of `report` than the look of tables and files, `scenario` no
/// more of `market` than the one judge of stakes.
const MAY_USE: [(&str, &[&str]); 20] = [
    ("numeric", &[]),
    ("uncertainty", &["numeric"]),
    ("market", &["numeric"]),
    ("games", &[]),
    ("scenario", &["uncertainty", "market"]),
    ("calibration", &["scenario", "market", "share_process", "uncertainty", "numeric"]),
    ("simulation", &["market", "share_process", "uncertainty", "numeric"]),
    ("analysis", &["simulation", "calibration", "scenario", "uncertainty"]),
    ("parts", &["simulation"]),
    ("preparation", &["analysis", "simulation", "calibration", "scenario", "uncertainty"]),
    (
        "variants",
        &["preparation", "games", "analysis", "simulation", "calibration", "scenario", "uncertainty"],
    ),
    ("share_process", &["numeric", "uncertainty"]),
    ("backtest", &["share_process", "calibration", "scenario", "uncertainty", "numeric"]),
    ("comparison", &["scenario"]),
    (
        "report",
        &[
            "comparison",
            "variants",
            "games",
            "backtest",
            "share_process",
            "analysis",
            "simulation",
            "calibration",
            "scenario",
            "market",
            "uncertainty",
            "numeric",
        ],
    ),
    (
        "selftest",
        &["preparation", "analysis", "simulation", "calibration", "scenario", "uncertainty", "numeric"],
    ),
    ("equilibrium", &["market", "numeric", "scenario", "report"]),
    ("study", &ALL),
    ("cli", &ALL),
    ("python", &ALL),
];

const ALL: [&str; 20] = [
    "numeric",
    "uncertainty",
    "market",
    "games",
    "scenario",
    "calibration",
    "simulation",
    "parts",
    "preparation",
    "variants",
    "share_process",
    "backtest",
    "comparison",
    "analysis",
    "report",
    "selftest",
    "equilibrium",
    "study",
    "cli",
    "python",
];

/// What a module may name of another one where not all of it is free.
const ONLY: [(&str, &str, &[&str]); 5] = [
    ("analysis", "calibration", &["Names"]),
    ("selftest", "calibration", &["Names"]),
    ("analysis", "scenario", &["spelling"]),
    ("equilibrium", "report", &["table_style", "csv_file"]),
    ("scenario", "market", &["conduct"]),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file under a folder with its path from there and its text.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                let name = path.strip_prefix(folder).expect("inside").to_string_lossy().replace('\\', "/");
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}

/// The module at the top of `src/` that a file belongs to; none for `lib.rs` and `main.rs`.
fn module(file: &str) -> Option<&str> {
    let first = file.split('/').next()?.trim_end_matches(".rs");
    (!["lib", "main"].contains(&first)).then_some(first)
}

/// Code without comment lines.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// What follows each `crate::` in a text, up to the end of the path or group: `report::table_style`.
fn mentions(text: &str) -> BTreeSet<String> {
    let code = code(text);
    let mut found = BTreeSet::new();
    for (start, word) in code.match_indices("crate::") {
        let rest = &code[start + word.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let group = &group[..group.find(';').unwrap_or(group.len())];
            found.extend(group.split(',').map(|path| path.trim_matches([' ', '\n', '{', '}']).to_owned()));
        } else {
            let end = rest.find([';', '(', ')', ',', '<', '>', ' ', '\n', '&', '\'']).unwrap_or(rest.len());
            found.insert(rest[..end].to_owned());
        }
    }
    found.remove("");
    found
}

/// The arrows between modules all point the way the architecture says.
#[test]
fn modules_use_only_what_they_may() {
    let mut wrong = Vec::new();
    for (file, text) in files(&source()) {
        let Some(from) = module(&file) else { continue };
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == from) else {
            wrong.push(format!("{file}: the module `{from}` is not in the table"));
            continue;
        };
        for path in mentions(&text) {
            let to = path.split("::").next().unwrap_or(&path);
            if to == from || !ALL.contains(&to) {
                continue;
            }
            let limited = ONLY.iter().find(|(user, used, _)| *user == from && *used == to);
            let rest = path.split("::").nth(1).unwrap_or("");
            let within = limited.is_none_or(|(_, _, names)| names.contains(&rest));
            if !allowed.contains(&to) || !within {
                wrong.push(format!("{file} uses crate::{path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The module that a file is, as path segments: `market/pricing/mod.rs` is `market`, `pricing`.
fn segments(file: &str) -> Vec<&str> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|part| !["lib", "main"].contains(part)).collect()
}

/// The files that a file's code names by `crate::` or `super::` paths.
fn uses(file: &str, text: &str, all: &[(String, String)]) -> BTreeSet<String> {
    let product = code(text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text));
    let mut found = BTreeSet::new();
    for (word, base) in [("crate::", vec![]), ("super::", segments(file))] {
        for (start, _) in product.match_indices(word) {
            let mut base = base.clone();
            let mut rest = &product[start..];
            rest = rest.strip_prefix("crate::").unwrap_or(rest);
            // Of `super::super::` only the whole counts, not its tail.
            if product[..start].ends_with("super::") {
                continue;
            }
            while let Some(after) = rest.strip_prefix("super::") {
                base.pop();
                rest = after;
            }
            let end = rest.find(';').unwrap_or(rest.len());
            let paths: Vec<&str> = match rest[..end].strip_prefix('{') {
                Some(group) => group.split(',').collect(),
                None => vec![&rest[..end]],
            };
            for path in paths {
                let ends = |c: char| !(c.is_alphanumeric() || c == '_' || c == ':');
                let path = path.trim_start().split(ends).next().unwrap_or("");
                let whole: Vec<&str> = base.iter().copied().chain(path.split("::")).collect();
                // The longest beginning of the path that is a file.
                let target = (1..=whole.len()).rev().find_map(|n| {
                    all.iter().find(|(name, _)| segments(name) == whole[..n]).map(|(name, _)| name.clone())
                });
                found.extend(target.filter(|name| name != file));
            }
        }
    }
    found
}

/// No file needs, by way of others, itself.
#[test]
fn files_form_no_circle() {
    let all: Vec<(String, String)> =
        files(&source()).into_iter().filter(|(name, _)| !name.contains("test")).collect();
    let mut left: Vec<(&String, BTreeSet<String>)> =
        all.iter().map(|(name, text)| (name, uses(name, text, &all))).collect();
    assert!(left.iter().map(|(_, uses)| uses.len()).sum::<usize>() > all.len(), "hardly any use was found");
    // Take away what uses nothing that is left, until nothing can be taken away.
    loop {
        let names: BTreeSet<String> = left.iter().map(|(name, _)| (*name).clone()).collect();
        let before = left.len();
        left.retain(|(_, uses)| uses.iter().any(|used| names.contains(used)));
        if left.len() == before {
            break;
        }
    }
    assert!(
        left.is_empty(),
        "in or above a circle: {:?}",
        left.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
}

/// Every module of the library is in the table.
#[test]
fn the_table_knows_every_module() {
    let library = std::fs::read_to_string(source().join("lib.rs")).expect("lib.rs");
    let modules: Vec<&str> =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(modules.len() >= 10);
    for module in modules {
        assert!(ALL.contains(&module), "`{module}` has no row in the table of who may use whom");
    }
}

#[test]
fn no_file_is_too_long_and_each_says_what_it_is() {
    let mut wrong = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "tests", "benches"] {
        for (file, text) in files(&root.join(folder)) {
            let lines = text.lines().count();
            if lines > LONGEST_FILE {
                wrong.push(format!("{folder}/{file} has {lines} lines"));
            }
            let sentence: String = text
                .lines()
                .map_while(|line| line.strip_prefix("//!"))
                .take_while(|line| !line.is_empty())
                .collect();
            if !sentence.trim_end().ends_with(['.', ':', '?']) && !sentence.contains(". ") {
                wrong.push(format!("{folder}/{file} does not begin with a `//!` sentence"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The market is numbers and indices: no names, no text, no files.
#[test]
fn the_market_has_no_text() {
    let mut wrong = Vec::new();
    for (file, text) in files(&source().join("market")) {
        // Tests may build messages.
        let product = text.split("#[cfg(test)]").next().unwrap_or("");
        if file.ends_with("_tests.rs") || file.ends_with("tests.rs") || file.ends_with("specimen.rs") {
            continue;
        }
        for word in ["serde", "String", "HashMap", "format!", "std::fs", "toml"] {
            if code(product).contains(word) {
                wrong.push(format!("market/{file} mentions {word}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
