//! The table of a scenario's parameters for readers: range, unit, source, quality, warning on judgement.

use std::collections::HashMap;
use std::fmt::Write;

use super::inputs::Input;
use super::key::segments;
use super::shape::Shape;
use super::{Scenario, World};
use crate::uncertainty::Distribution;

/// Every number that the scenario states, as a Markdown document. `drivers` are the inputs that move the answer
/// most, the strongest first, each by its key or that of its path.
pub fn parameter_table(scenario: &Scenario, drivers: &[String]) -> String {
    let world = &scenario.worlds[scenario.reference];
    let stated = |input: &&Input| input.stated;
    let (of_tables, of_file): (Vec<&Input>, Vec<&Input>) =
        world.inputs.iter().filter(stated).partition(|input| input.cell.is_some());
    let mut all: Vec<(String, &Input)> = Vec::new();
    all.extend(of_file.into_iter().map(|input| (input.quantity.key.clone(), input)));
    for other in scenario.worlds.iter().filter(|other| other.key != world.key) {
        let key = |input: &Input| format!("worlds.{}.set.{}", other.key, input.quantity.key);
        all.extend(changes(world, other).map(|input| (key(input), input)));
    }
    all.extend(of_tables.into_iter().map(|input| (input.quantity.key.clone(), input)));

    let mut text = format!("# Parameters of “{}”\n\n", scenario.title);
    let judged = all.iter().filter(|(_, input)| input.quantity.is_judgement()).count();
    let _ = writeln!(
        text,
        "Made from `{}.toml` and its tables; a test keeps it up to date. Of {} figures, {judged} rest on \
         judgement and are marked ⚠: change them and see what happens. **sourced** is printed somewhere, \
         **derived** is arithmetic on printed figures, **estimated** is judgement. Ranges of triangular and \
         PERT distributions are low / most likely / high.",
        scenario.name,
        all.len(),
    );
    if !drivers.is_empty() {
        let keys: Vec<String> = drivers.iter().map(|key| format!("`{key}`")).collect();
        let _ = writeln!(
            text,
            "\nThe {} inputs that move the answer most are marked ★, the strongest first ([drivers.csv](drivers.csv)): {}.",
            drivers.len(),
            keys.join(", "),
        );
    }
    let shape = Shape::of_scenarios();
    let mut heading = String::new();
    for (key, input) in all {
        let path = segments(&key);
        let title = match (path[0].as_str(), path.get(1)) {
            ("tables", Some(table)) => format!("Table of {table}"),
            ("worlds", _) => "What worlds change".to_owned(),
            (section, _) => shape.title(section).to_owned(),
        };
        if title != heading {
            let _ = write!(
                text,
                "\n## {title}\n\n| key | value | unit | quality | source |\n|---|---|---|---|---|\n"
            );
            heading = title;
        }
        let moves = drivers.iter().any(|driver| {
            key.strip_prefix(driver.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        text.push_str(&row(&key, input, moves));
    }
    text
}

/// The inputs that a world has and the reference has not, or has otherwise.
pub fn changes<'a>(reference: &World, other: &'a World) -> impl Iterator<Item = &'a Input> {
    let before: HashMap<&str, &Input> =
        reference.inputs.iter().map(|input| (input.quantity.key.as_str(), input)).collect();
    other.inputs.iter().filter(move |input| {
        input.stated && {
            before.get(input.quantity.key.as_str()).is_none_or(|known| known.quantity != input.quantity)
        }
    })
}

fn row(key: &str, Input { quantity, .. }: &Input, moves: bool) -> String {
    let provenance = &quantity.provenance;
    let cell = |text: &Option<String>| text.as_deref().unwrap_or("").replace('|', "\\|");
    let warning = if quantity.is_judgement() { "⚠ " } else { "" };
    let mut source = cell(&provenance.source);
    if let Some(note) = &provenance.note {
        let _ = write!(source, "{}{}", if source.is_empty() { "" } else { "; " }, note.replace('|', "\\|"));
    }
    if let Some(day) = &provenance.as_of {
        let _ = write!(source, " ({day})");
    }
    format!(
        "| {}`{key}` | {} | {} | {warning}{} | {source} |\n",
        if moves { "★ " } else { "" },
        stated(&quantity.distribution),
        cell(&provenance.unit),
        cell(&provenance.quality),
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
        Distribution::LogNormal { median, sd_log, .. } => format!("{median} ×÷ e^{sd_log} (lognormal)"),
        Distribution::Hazard { ends, exposure } => {
            let (low, high) = (distribution.quantile(0.05), distribution.quantile(0.95));
            let median = distribution.median();
            format!("{median:.3} ({low:.3} to {high:.3} in 90 %; {ends} in {exposure:.1} years)")
        }
        Distribution::Beta { .. } | Distribution::StudentT { .. } | Distribution::Gamma { .. } => {
            let (low, high) = (distribution.quantile(0.05), distribution.quantile(0.95));
            format!("{:.4} ({low:.4} to {high:.4} in 90 %, {})", distribution.median(), distribution.family())
        }
        Distribution::Discrete { values, .. } => {
            let (low, high) = distribution.range();
            format!("{} values from {low} to {high}", values.len())
        }
    }
}
