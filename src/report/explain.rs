//! What a key means, and what a scenario says under it: in every world, from whichever file, patch or `--set`.

use serde_json::{Value, json};

use super::table_style;
use super::typed::{cut, in_words};
use crate::scenario::explain::Explained;
use crate::scenario::key::segments;
use crate::scenario::statements::{Statement, statements};
use crate::scenario::{Scenario, end_of_key, suggestion};

/// Keys below a section of a scenario that are listed in a terminal.
const KEYS_LISTED: usize = 60;
/// Longer text of a file is cut.
const LONGEST: usize = 90;

/// What a scenario says under one key, in the worlds in which it says so.
pub struct Said {
    statement: Statement,
    /// Empty: in all.
    worlds: Vec<String>,
    /// Each overrides those before it; empty for a default.
    from: Vec<Origin>,
}

#[derive(Clone, PartialEq)]
struct Origin {
    file: String,
    /// None where the file is not read line by line.
    line: Option<usize>,
    text: String,
}

/// What a scenario says under a key or below it, or why nothing. Parts of the key may be `*`.
pub fn said(scenario: &Scenario, key: &str, explained: &Explained) -> Result<Vec<Said>, String> {
    let mut wanted = segments(key);
    if wanted.len() > 3 && wanted[0] == "worlds" && wanted[2] == "set" {
        wanted.drain(..3);
    }
    if wanted.len() == 1 {
        wanted = segments_of_pattern(&explained.pattern);
    }
    let all = statements(scenario);
    let is_below = |path: &[String], wanted: &[String]| {
        path.len() >= wanted.len()
            && wanted.iter().zip(path).all(|(wanted, part)| wanted == "*" || wanted == part)
    };
    let mut keys: Vec<&str> = Vec::new();
    for statement in &all {
        if keys.last() != Some(&statement.key.as_str()) && is_below(&segments(&statement.key), &wanted) {
            keys.push(&statement.key);
        }
    }
    let above = &wanted[..wanted.len() - 1];
    if keys.is_empty() && !all.iter().any(|statement| is_below(&segments(&statement.key), above)) {
        let known = all
            .iter()
            .map(|statement| statement.key.as_str())
            .filter(|known| segments(known).len() == wanted.len());
        let same_section = known.filter(|known| segments(known)[0] == wanted[0]);
        return Err(format!("the scenario says nothing under `{key}`; {}", suggestion(key, same_section)));
    }
    Ok(keys.into_iter().flat_map(|key| of_key(scenario, &all, key)).collect())
}

fn segments_of_pattern(pattern: &str) -> Vec<String> {
    pattern.split('.').map(str::to_owned).collect()
}

/// What is said under a key, once for each way in which worlds have it.
fn of_key(scenario: &Scenario, all: &[Statement], key: &str) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    let mut n_worlds = 0;
    for (at, world) in scenario.worlds.iter().enumerate() {
        let here = |statement: &&Statement| {
            statement.key == key && (statement.world.is_empty() || statement.world == world.key)
        };
        let Some(statement) = all.iter().find(here) else { continue };
        let statement = Statement { world: String::new(), ..statement.clone() };
        let from = trail(scenario, at, &statement);
        n_worlds += 1;
        match found.iter_mut().find(|said| said.statement == statement && said.from == from) {
            Some(said) => said.worlds.push(world.key.clone()),
            None => found.push(Said { statement, worlds: vec![world.key.clone()], from }),
        }
    }
    if let ([one], true) = (found.as_mut_slice(), n_worlds == scenario.worlds.len()) {
        one.worlds.clear();
    }
    found
}

/// Where a value comes from, the last place being the one that holds.
fn trail(scenario: &Scenario, at: usize, statement: &Statement) -> Vec<Origin> {
    let world = &scenario.worlds[at];
    let path = segments(&statement.key);
    let of_place = |place: &crate::scenario::Place| Origin {
        file: place.file.clone(),
        line: (place.file != "--set").then(|| place.line()),
        text: place.text().to_owned(),
    };
    let mut found: Vec<Origin> = scenario.sources.trail(&world.key, &path).iter().map(of_place).collect();
    if path[0] != "tables" || path.len() < 3 {
        return found;
    }
    let settings = scenario.settings(at);
    let written = settings.get("tables").and_then(|tables| tables.get(&path[1])?.as_str().map(str::to_owned));
    let cell =
        world.inputs.iter().find(|input| input.quantity.key == statement.key).and_then(|input| input.cell);
    if let Some(written) = written {
        let file = scenario.sources.table_path(Some(&world.key), &path[1], &written);
        let place = cell.and_then(|(_, row, column)| scenario.sources.place_of_row(&file, row, column));
        let row = Origin { file: file.display().to_string(), line: None, text: String::new() };
        found.push(place.as_ref().map_or(row, of_place));
    }
    let given = scenario
        .overrides
        .iter()
        .filter(|given| end_of_key(given).is_some_and(|end| segments(&given[..end]) == path));
    found.extend(given.map(|given| Origin { file: "--set".into(), line: None, text: given.clone() }));
    found
}

/// The sections of the format, for people.
pub fn sections_text(sections: &[(String, String)]) -> String {
    let mut table = table_style::plain(["section", "is"]);
    for (key, meaning) in sections {
        table.add_row([key, meaning]);
    }
    format!(
        "{}\n\n`keiretsu explain SECTION` lists its keys, `keiretsu explain KEY SCENARIO.toml` its values.\n",
        trimmed(&table)
    )
}

fn trimmed(table: &comfy_table::Table) -> String {
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// For people. `said` is what a scenario says, by the path that the user named.
pub fn text(explained: &Explained, said: Option<(&str, &[Said])>) -> String {
    let Explained { pattern, meaning, is, unit, default, limits, equation, below } = explained;
    let mut text = format!("{}\n", if pattern.is_empty() { "scenario" } else { pattern });
    if !meaning.is_empty() {
        text += &format!("{meaning}\n");
    }
    let mut line = |name: &str, value: &str| text += &format!("  {name:<9} {value}\n");
    line("is", is);
    unit.iter().for_each(|unit| line("unit", unit));
    line("default", default);
    limits.iter().for_each(|limits| line("limits", limits));
    if let Some(equation) = equation {
        line("equation", equation.text);
        line("", &format!("docs/model.md, section {}", equation.section));
    }
    if !below.is_empty() {
        let mut table = table_style::plain(["with", "is"]);
        for (key, meaning) in below {
            table.add_row([key, meaning]);
        }
        text += &format!("\n{}\n", trimmed(&table));
    }
    if let Some((path, said)) = said {
        text += &format!("\nIn {path}\n");
        text += &match said {
            [] => format!("  not stated; default: {default}\n"),
            some if some.iter().all(|one| one.statement.key == some[0].statement.key) => in_full(some),
            many => listed(many),
        };
    }
    text
}

fn value(statement: &Statement) -> String {
    format!("{} {}", in_words(&statement.value, LONGEST), statement.unit).trim_end().to_owned()
}

/// Everything about one key.
fn in_full(all: &[Said]) -> String {
    let mut text = String::new();
    for Said { statement, worlds, from } in all {
        let worlds = if worlds.is_empty() { "all worlds".to_owned() } else { worlds.join(", ") };
        text += &format!("  {}, {worlds}: {}\n", statement.key, value(statement));
        let Statement { quality, as_of, source, note, .. } = statement;
        let parts = [quality, source, as_of, note].into_iter().filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.map(String::as_str).collect();
        if !parts.is_empty() {
            text += &format!("    source: {}\n", parts.join(", "));
        }
        if from.is_empty() && !statement.stated {
            text += "    the format's default\n";
        }
        for (at, from) in from.iter().enumerate() {
            let verb = if at == 0 { "stated in" } else { "replaced by" };
            text += &format!("    {verb} {}\n", from.shown());
        }
    }
    text
}

/// Many keys in a table.
fn listed(all: &[Said]) -> String {
    let mut table = table_style::plain(["key", "world", "value", "from"]);
    for Said { statement, worlds, from } in all.iter().take(KEYS_LISTED) {
        let worlds = if worlds.is_empty() { "all".to_owned() } else { worlds.join(", ") };
        let from = from.last().map_or_else(
            || if statement.stated { String::new() } else { "default".to_owned() },
            |from| Origin { text: String::new(), ..from.clone() }.shown(),
        );
        table.add_row([statement.key.clone(), worlds, value(statement), from]);
    }
    let more = all.len().saturating_sub(KEYS_LISTED);
    let more = if more == 0 { String::new() } else { format!("And {more} more; --format json has all.\n") };
    format!("{}\n{more}", trimmed(&table))
}

/// For programs. Without a scenario there are no values.
pub fn json(explained: &Explained, said: Option<&[Said]>) -> Value {
    let list = |all: &[(String, String)]| {
        all.iter().map(|(key, meaning)| json!({ "key": key, "meaning": meaning })).collect::<Vec<_>>()
    };
    let mut value = json!({
        "key": explained.pattern,
        "meaning": explained.meaning,
        "is": explained.is,
        "unit": explained.unit,
        "default": explained.default,
        "limits": explained.limits,
        "equation": explained.equation.map(|equation| equation.text),
        "section": explained.equation.map(|equation| equation.section),
        "below": list(&explained.below),
    });
    if let Some(said) = said {
        value["values"] = said.iter().map(Said::json).collect();
    }
    value
}

impl Said {
    fn json(&self) -> Value {
        let s = &self.statement;
        let from = |from: &Origin| json!({ "file": from.file, "line": from.line, "text": from.text });
        json!({
            "key": s.key,
            "worlds": self.worlds,
            "value": s.value,
            "unit": s.unit,
            "stated": s.stated,
            "quality": s.quality,
            "as_of": s.as_of,
            "source": s.source,
            "note": s.note,
            "from": self.from.iter().map(from).collect::<Vec<_>>(),
        })
    }
}

impl Origin {
    fn shown(&self) -> String {
        let place = match self.line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        };
        if self.text.is_empty() { place } else { format!("{place}: {}", cut(&self.text, LONGEST)) }
    }
}
