//! Everything that a scenario states, key by key: what holds in each world and where it comes from.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::inputs::Input;
use super::key::dotted;
use super::merge::at_mut;
use super::number_text::shortest;
use super::quantity::Quantity;
use super::{Scenario, World};
use crate::uncertainty::Distribution;

/// One key and its value. Text is empty where nothing is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// As typed for `--set`.
    pub key: String,
    /// The world in which it holds; empty if it is the same in all.
    pub world: String,
    /// As typed for `--set`.
    pub value: String,
    pub unit: String,
    /// Whether it is written somewhere; else it is the format's default.
    pub stated: bool,
    pub quality: String,
    pub as_of: String,
    pub source: String,
    pub note: String,
}

impl Statement {
    fn plain(key: String, value: String) -> Statement {
        let nothing = String::new;
        Statement {
            key,
            value,
            stated: true,
            world: nothing(),
            unit: nothing(),
            quality: nothing(),
            as_of: nothing(),
            source: nothing(),
            note: nothing(),
        }
    }

    fn of_input(input: &Input) -> Statement {
        let Quantity { key, distribution, provenance } = &input.quantity;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Statement {
            unit: text(&provenance.unit),
            stated: input.stated,
            quality: text(&provenance.quality),
            as_of: text(&provenance.as_of),
            source: text(&provenance.source),
            note: text(&provenance.note),
            ..Statement::plain(key.clone(), as_typed(distribution))
        }
    }
}

/// Every key of a scenario: first text, dates and switches, then numbers in the order of the format, then the rows of
/// tables. A key whose value or source is not the same in all worlds comes once for each world that has it.
pub fn statements(scenario: &Scenario) -> Vec<Statement> {
    let n_worlds = scenario.worlds.len();
    let mut by_key: IndexMap<String, Vec<Option<Statement>>> = IndexMap::new();
    for at in 0..n_worlds {
        for statement in of_world(scenario, at) {
            let all = by_key.entry(statement.key.clone()).or_insert_with(|| vec![None; n_worlds]);
            all[at] = Some(statement);
        }
    }
    let mut found = Vec::new();
    for all in by_key.into_values() {
        if all.iter().all(|statement| *statement == all[0]) {
            found.extend(all.into_iter().flatten().next());
            continue;
        }
        for (statement, world) in all.into_iter().zip(&scenario.worlds) {
            found.extend(statement.map(|statement| Statement { world: world.key.clone(), ..statement }));
        }
    }
    found
}

/// What holds in one world.
fn of_world(scenario: &Scenario, at: usize) -> Vec<Statement> {
    let world = &scenario.worlds[at];
    let numbers: IndexMap<&str, &Input> =
        world.inputs.iter().map(|input| (input.quantity.key.as_str(), input)).collect();
    let mut found = vec![
        Statement::plain("scenario.replications".into(), scenario.replications.to_string()),
        Statement::plain("scenario.seed".into(), scenario.seed.to_string()),
        Statement::plain("scenario.design".into(), scenario.design.name().into()),
    ];
    let mut settings = scenario.settings(at);
    settings.remove("offers");
    // What a patch does shows in what holds in its world.
    for (_, other) in settings.get_mut("worlds").and_then(Value::as_table_mut).into_iter().flatten() {
        other.as_table_mut().and_then(|other| other.remove("set"));
    }
    for effective in ["replications", "seed", "design"] {
        at_mut(&mut settings, &["scenario"]).and_then(|heading| heading.remove(effective));
    }
    leaves(&settings, &mut Vec::new(), &numbers, &mut found);
    found.extend(world.inputs.iter().map(Statement::of_input));
    found.extend(of_tables(world));
    found
}

/// The leaves of a table that are no numbers of their own: text, dates, switches, lists.
fn leaves(
    table: &Table,
    path: &mut Vec<String>,
    numbers: &IndexMap<&str, &Input>,
    found: &mut Vec<Statement>,
) {
    for (key, value) in table {
        path.push(key.clone());
        let whole = dotted(path);
        match value {
            _ if numbers.contains_key(whole.as_str()) => {}
            Value::Table(inner) => leaves(inner, path, numbers, found),
            // Known by what they are about, not by their number in the list.
            Value::Array(items) if items.iter().any(Value::is_table) => {
                for (at, item) in items.iter().enumerate() {
                    let pair = item.get("between").and_then(Value::as_array);
                    let pair = pair.map(|pair| pair.iter().map(in_words).collect::<Vec<_>>().join(" and "));
                    path.push(pair.unwrap_or_else(|| at.to_string()));
                    found.push(Statement::plain(dotted(path), in_words(item)));
                    path.pop();
                }
            }
            leaf => found.push(Statement::plain(whole, in_words(leaf))),
        }
        path.pop();
    }
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Rows of tables that hold no uncertain numbers: offers and what was sold in the past.
fn of_tables(world: &World) -> Vec<Statement> {
    let mut found = Vec::new();
    for offer in &world.offers {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut push = |figure: &str, value: String| {
            let key = ["tables", "offers", &offer.region, &offer.manufacturer, &offer.powertrain, figure];
            found.push(Statement {
                quality: text(&offer.quality),
                source: text(&offer.source),
                note: text(&offer.note),
                ..Statement::plain(dotted(&key), value)
            });
        };
        push("units", shortest(offer.units));
        push("price", shortest(offer.price));
        if offer.fringe {
            push("fringe", "true".into());
        }
    }
    found.extend(world.history.iter().map(|row| {
        let key = ["tables", "history", &row.region, &row.manufacturer, &row.year.to_string()];
        Statement { note: row.basis.clone(), ..Statement::plain(dotted(&key), shortest(row.units)) }
    }));
    found.extend(world.powertrain_history.iter().map(|row| {
        let key = ["tables", "powertrain_history", &row.region, &row.powertrain, &row.year.to_string()];
        Statement::plain(dotted(&key), shortest(row.share))
    }));
    found
}

/// A distribution as `--set` takes it: `0.5`, or `{ dist = "pert", low = 0, mode = 1, high = 4 }`.
pub fn as_typed(distribution: &Distribution) -> String {
    let cut = |low: &Option<f64>, high: &Option<f64>| {
        let end = |(name, end): (&'static str, &Option<f64>)| end.map(|end| (name, end));
        [("low", low), ("high", high)].into_iter().filter_map(end).collect::<Vec<_>>()
    };
    let list = |name: &str, values: &[f64]| {
        format!("{name} = [{}]", values.iter().map(|value| shortest(*value)).collect::<Vec<_>>().join(", "))
    };
    let numbers = match distribution {
        Distribution::Fixed(value) => return shortest(*value),
        Distribution::Uniform { low, high } => vec![("low", *low), ("high", *high)],
        Distribution::Triangular { low, mode, high } | Distribution::Pert { low, mode, high } => {
            vec![("low", *low), ("mode", *mode), ("high", *high)]
        }
        Distribution::Normal { mean, sd, low, high } => {
            [vec![("mean", *mean), ("sd", *sd)], cut(low, high)].concat()
        }
        Distribution::LogNormal { median, sd_log, low, high } => {
            [vec![("median", *median), ("sd_log", *sd_log)], cut(low, high)].concat()
        }
        Distribution::Beta { alpha, beta, low, high } => {
            vec![("alpha", *alpha), ("beta", *beta), ("low", *low), ("high", *high)]
        }
        Distribution::StudentT { median, scale, freedom } => {
            vec![("median", *median), ("scale", *scale), ("freedom", *freedom)]
        }
        Distribution::Gamma { shape, scale } => vec![("shape", *shape), ("scale", *scale)],
        Distribution::Hazard { ends, exposure } => vec![("ends", *ends), ("exposure", *exposure)],
        Distribution::Discrete { values, weights } => {
            return format!(
                "{{ dist = \"discrete\", {}, {} }}",
                list("values", values),
                list("weights", weights)
            );
        }
    };
    let numbers: Vec<String> =
        numbers.iter().map(|(name, value)| format!("{name} = {}", shortest(*value))).collect();
    format!("{{ dist = \"{}\", {} }}", distribution.family(), numbers.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_reads_back_exactly() {
        for distribution in [
            Distribution::Fixed(-0.0),
            Distribution::Fixed(1e20),
            Distribution::Fixed(0.1 + 0.2),
            Distribution::Uniform { low: -1e-9, high: 2.5e6 },
            Distribution::Triangular { low: 0.0, mode: 0.5, high: 1.0 },
            Distribution::Normal { mean: 1.0, sd: 2.0, low: Some(0.0), high: None },
            Distribution::LogNormal { median: 1.0, sd_log: 0.3, low: None, high: Some(4.0) },
            Distribution::Beta { alpha: 2.0, beta: 3.0, low: 0.0, high: 1.0 },
            Distribution::StudentT { median: 0.0, scale: 1.0, freedom: 4.0 },
            Distribution::Gamma { shape: 2.0, scale: 1e-7 },
            Distribution::Hazard { ends: 3.0, exposure: 14.5 },
            Distribution::Discrete { values: vec![1.0, 2.0], weights: vec![1.0, 0.5] },
        ] {
            let typed = as_typed(&distribution);
            let table: Table =
                format!("q = {typed}").parse().unwrap_or_else(|error| panic!("{typed}: {error}"));
            assert_eq!(Quantity::from_toml(&table["q"]).expect(&typed).distribution, distribution, "{typed}");
        }
    }
}
