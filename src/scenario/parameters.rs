//! The table of a scenario's parameters for readers: range, unit, source, quality, warning on judgement.

use std::fmt::Write;

use super::quantities::{quantities, table_quantities};
use super::quantity::Quantity;
use super::{Scenario, World};
use crate::uncertainty::Distribution;

/// The sections of the list, by the first part of a key, with a heading each.
const SECTIONS: [(&str, &str); 19] = [
    ("regions", "Regions and buyers"),
    ("powertrains", "Powertrains"),
    ("components", "Components of cost"),
    ("costs", "Learning, scale, duties"),
    ("quality", "Quality"),
    ("trends", "Trends"),
    ("shocks", "Shocks"),
    ("accounts", "Accounts"),
    ("origins", "Places of production"),
    ("currencies", "Currencies"),
    ("stakes", "Ownership"),
    ("alliances", "Alliances"),
    ("overhangs", "Discounts of makers in distress"),
    ("entries", "Entry"),
    ("exits", "Exit"),
    ("worlds", "What worlds change"),
    ("table manufacturers", "Table of manufacturers"),
    ("table policies", "Table of policies"),
    ("table origins", "Table of origins"),
];

/// Every number that the scenario states, as a Markdown document.
pub fn parameter_table(scenario: &Scenario) -> String {
    let world = &scenario.worlds[scenario.reference];
    let stated = |(key, _): &(String, &Quantity)| scenario.sources.states(Some(&world.key), key);
    let of_file: Vec<(String, &Quantity)> = quantities(&world.file).into_iter().filter(stated).collect();
    let patched = scenario.worlds.iter().filter(|other| other.key != world.key);
    let patches: Vec<(String, &Quantity)> = patched
        .flat_map(|other| {
            let changes = changes(world, other).into_iter();
            changes.map(|(key, quantity)| (format!("worlds.{}.set.{key}", other.key), quantity))
        })
        .collect();
    let of_tables: Vec<(String, &Quantity)> = table_quantities(world)
        .into_iter()
        .map(|(key, quantity)| (format!("table {key}"), quantity))
        .collect();
    let all: Vec<&(String, &Quantity)> = of_file.iter().chain(&patches).chain(&of_tables).collect();

    let mut text = format!("# Parameters of “{}”\n\n", scenario.title);
    let judged = all.iter().filter(|(_, quantity)| quantity.is_judgement()).count();
    let _ = writeln!(
        text,
        "Made from `{}.toml` and its tables; a test keeps it up to date. Of {} figures, {judged} rest on \
         judgement and are marked ⚠: change them and see what happens. **sourced** is printed somewhere, \
         **derived** is arithmetic on printed figures, **estimated** is judgement. Ranges of triangular and \
         PERT distributions are low / most likely / high.",
        scenario.name,
        all.len(),
    );
    for (prefix, heading) in SECTIONS {
        let rows: Vec<_> = all.iter().filter(|(key, _)| first_part(key) == prefix).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = write!(
            text,
            "\n## {heading}\n\n| key | value | unit | quality | source |\n|---|---|---|---|---|\n"
        );
        for (key, quantity) in rows {
            text.push_str(&row(key.trim_start_matches("table "), quantity));
        }
    }
    text
}

/// The quantities that a world has and the reference has not, or has otherwise.
pub fn changes<'a>(reference: &World, other: &'a World) -> Vec<(String, &'a Quantity)> {
    let before = quantities(&reference.file);
    let is_new = |(key, quantity): &(String, &Quantity)| {
        !before.iter().any(|(known, old)| known == key && old == quantity)
    };
    quantities(&other.file).into_iter().filter(is_new).collect()
}

/// The part of a key that names its section.
fn first_part(key: &str) -> &str {
    key.split_once('.').map_or(key, |(first, _)| first)
}

fn row(key: &str, quantity: &Quantity) -> String {
    let cell = |text: &Option<String>| text.as_deref().unwrap_or("").replace('|', "\\|");
    let warning = if quantity.is_judgement() { "⚠ " } else { "" };
    let mut source = cell(&quantity.source);
    if let Some(note) = &quantity.note {
        let _ = write!(source, "{}{}", if source.is_empty() { "" } else { "; " }, note.replace('|', "\\|"));
    }
    if let Some(day) = &quantity.as_of {
        let _ = write!(source, " ({day})");
    }
    format!(
        "| `{key}` | {} | {} | {warning}{} | {source} |\n",
        stated(&quantity.distribution),
        cell(&quantity.unit),
        cell(&quantity.quality),
    )
}

/// A distribution as a reader would write it down.
pub fn stated(distribution: &Distribution) -> String {
    match distribution {
        Distribution::Fixed(value) => format!("{value}"),
        Distribution::Uniform { low, high } => format!("{low} to {high}"),
        Distribution::Triangular { low, mode, high } => format!("{low} / {mode} / {high}"),
        Distribution::Pert { low, mode, high } => format!("{low} / {mode} / {high} (PERT)"),
        Distribution::Normal { mean, sd, .. } => format!("{mean} ± {sd} (normal)"),
        Distribution::LogNormal { median, sd_log } => format!("{median} ×÷ e^{sd_log} (lognormal)"),
    }
}
