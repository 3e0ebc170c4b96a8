//! What a world changes against the reference, in channels that can be switched on and off.

use indexmap::IndexMap;
use toml::{Table, Value};

use crate::games::{Coalition, has};
use crate::scenario::Scenario;

/// What belongs to the scenario, not to its worlds.
const NOT_OF_WORLDS: [&str; 5] = ["extends", "scenario", "worlds", "report", "attribution"];

/// Fields of a new alliance that are channels of their own, as what stands in their place.
const OF_ALLIANCES: [(&str, &str); 2] =
    [("reinvested_share", "reinvestment"), ("integration_cost", "integration cost")];

/// Something that a world changes, switched on and off as one.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    pub name: String,
    switches: Vec<Switch>,
}

/// A setting, or a section of them, and what stands in its place where it is switched off (nothing: it is
/// not stated at all).
#[derive(Clone, Debug, PartialEq)]
struct Switch {
    path: Vec<String>,
    off: Option<Value>,
}

/// The channels of a world.
#[derive(Clone, Debug)]
pub struct Channels {
    pub channels: Vec<Channel>,
    /// Everything that holds in the world.
    on: Table,
}

impl Channels {
    /// What a world changes: the pools, the reinvestment and the integration cost of its alliances, ownership,
    /// and anything else by section. `named` puts settings (`alliances.hnm.pools.battery`) or sections together
    /// under a name; what it does not name stays a channel of its own.
    pub fn of(scenario: &Scenario, world: usize, named: &IndexMap<String, Vec<Vec<String>>>) -> Channels {
        let (on, off) = (scenario.settings(world), scenario.settings(scenario.reference));
        let mut found = alliances(&on, &off);
        let ownership: Vec<Switch> =
            ["mergers", "stakes"].iter().filter_map(|section| difference(&on, &off, &[section])).collect();
        found.extend((!ownership.is_empty()).then(|| ("ownership".to_owned(), ownership)));
        for section in sections(&on, &off) {
            let apart = ["alliances", "mergers", "stakes"].contains(&section.as_str());
            if !apart && !NOT_OF_WORLDS.contains(&section.as_str()) {
                found.extend(difference(&on, &off, &[&section]).map(|switch| (section, vec![switch])));
            }
        }
        // A named setting inside a section is switched apart from the rest of it.
        let paths: Vec<(&String, &Vec<String>)> =
            named.iter().flat_map(|(name, paths)| paths.iter().map(move |path| (name, path))).collect();
        let inside = paths.iter().filter(|(_, path)| {
            let switches = found.iter().flat_map(|(_, switches)| switches);
            switches
                .into_iter()
                .any(|switch| path.len() > switch.path.len() && path.starts_with(&switch.path))
        });
        let inside: Vec<(String, Vec<Switch>)> = inside
            .filter_map(|(name, path)| Some(((*name).clone(), vec![difference(&on, &off, path)?])))
            .collect();
        let mut without = on.clone();
        inside
            .iter()
            .flat_map(|(_, switches)| switches)
            .for_each(|switch| put(&mut without, &switch.path, switch.off.clone()));
        for (_, switches) in &mut found {
            switches.retain(|switch| get(&without, &switch.path) != switch.off.as_ref());
        }
        found.extend(inside);
        let mut channels: IndexMap<String, Vec<Switch>> =
            named.keys().map(|name| (name.clone(), Vec::new())).collect();
        for (name, switches) in found {
            for switch in switches {
                let above = paths.iter().filter(|(_, path)| switch.path.starts_with(path));
                let nearest = above.max_by_key(|(_, path)| path.len());
                let name = nearest.map_or(&name, |(name, _)| name);
                channels.entry(name.clone()).or_default().push(switch);
            }
        }
        let channels = channels.into_iter().filter(|(_, switches)| !switches.is_empty());
        Channels { channels: channels.map(|(name, switches)| Channel { name, switches }).collect(), on }
    }

    /// Everything that holds while only some channels are on.
    pub fn settings(&self, on: Coalition) -> Table {
        let mut settings = self.on.clone();
        let channels = self.channels.iter().enumerate();
        let mut switches: Vec<(bool, &Switch)> = channels
            .flat_map(|(at, channel)| channel.switches.iter().map(move |switch| (has(on, at), switch)))
            .collect();
        // What is inside a section has the last word on it.
        switches.sort_by_key(|(_, switch)| switch.path.len());
        for (is_on, switch) in switches {
            let value = if is_on { get(&self.on, &switch.path).cloned() } else { switch.off.clone() };
            put(&mut settings, &switch.path, value);
        }
        settings
    }
}

/// Whether any world has a setting or section at a path.
pub fn is_stated(scenario: &Scenario, path: &[String]) -> bool {
    (0..scenario.worlds.len()).any(|world| get(&scenario.settings(world), path).is_some())
}

/// Pools and terms of the alliances that a world has and the reference lacks; what differs in others.
fn alliances(on: &Table, off: &Table) -> Vec<(String, Vec<Switch>)> {
    let mut found = Vec::new();
    let none = Table::new();
    let stated = on.get("alliances").and_then(Value::as_table).unwrap_or(&none);
    let active = |table: &Table, name: &str| {
        get(table, &["alliances", name])
            .is_some_and(|alliance| alliance.get("active").and_then(Value::as_bool) != Some(false))
    };
    let new: Vec<&String> = stated.keys().filter(|name| active(on, name) && !active(off, name)).collect();
    let label = |alliance: &str, field: &str| match new.len() {
        1 => field.to_owned(),
        _ => format!("{alliance} {field}"),
    };
    for (name, alliance) in stated {
        if !new.contains(&name) {
            if active(on, name) || active(off, name) {
                let differs = difference(on, off, &["alliances", name]);
                found.extend(differs.map(|switch| (name.clone(), vec![switch])));
            }
            continue;
        }
        let pools = alliance.get("pools").and_then(Value::as_table).unwrap_or(&none);
        for (pool, terms) in pools {
            if terms.get("active").and_then(Value::as_bool) != Some(false) {
                let path = ["alliances", name, "pools", pool, "active"].map(str::to_owned).to_vec();
                found.push((label(name, pool), vec![Switch { path, off: Some(Value::Boolean(false)) }]));
            }
        }
        for (field, called) in OF_ALLIANCES {
            if alliance.get(field).is_some_and(|value| !is_zero(value)) {
                let path = ["alliances", name, field].map(str::to_owned).to_vec();
                found.push((label(name, called), vec![Switch { path, off: Some(Value::Float(0.0)) }]));
            }
        }
    }
    found
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Integer(number) => *number == 0,
        Value::Float(number) => *number == 0.0,
        Value::Table(table) => table.get("value").is_some_and(is_zero),
        _ => false,
    }
}

/// The switch of a setting or section that the two differ in.
fn difference(on: &Table, off: &Table, path: &[impl AsRef<str>]) -> Option<Switch> {
    let (on, off) = (get(on, path), get(off, path));
    let path = path.iter().map(|part| part.as_ref().to_owned()).collect();
    (on != off).then(|| Switch { path, off: off.cloned() })
}

/// The sections of either, in their order.
fn sections(on: &Table, off: &Table) -> Vec<String> {
    let mut sections: Vec<String> = on.keys().chain(off.keys()).cloned().collect();
    sections.sort();
    sections.dedup();
    sections
}

fn get<'a>(table: &'a Table, path: &[impl AsRef<str>]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let found = table.get(first.as_ref())?;
    if rest.is_empty() { Some(found) } else { get(found.as_table()?, rest) }
}

/// States a value along a path, or takes it away.
fn put(table: &mut Table, path: &[String], value: Option<Value>) {
    let Some((first, rest)) = path.split_first() else { return };
    match value {
        None if rest.is_empty() => {
            table.remove(first);
        }
        Some(value) if rest.is_empty() => {
            table.insert(first.clone(), value);
        }
        value => {
            let below = table.entry(first.clone()).or_insert_with(|| Value::Table(Table::new()));
            if let Some(below) = below.as_table_mut() {
                put(below, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().expect("TOML")
    }

    #[test]
    fn values_are_put_and_taken_along_a_path() {
        let mut settings = table("[a]\nb = 1\n[a.c]\nd = 2");
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        put(&mut settings, &path("a.c.d"), Some(Value::Integer(3)));
        put(&mut settings, &path("a.b"), None);
        put(&mut settings, &path("x.y"), Some(Value::Boolean(true)));
        assert_eq!(settings, table("[a.c]\nd = 3\n[x]\ny = true"));
    }
}
