//! What two scenarios state otherwise: key by key and world by world.

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

use crate::scenario::Scenario;
use crate::scenario::key::segments;
use crate::scenario::statements::{Statement, statements};

/// Keys that say how often and how everything is drawn, not what is thought to be true.
const OF_DRAWS: [&str; 4] =
    ["scenario.seed", "scenario.replications", "scenario.design", "scenario.precision"];
/// Sections and keys that change words, or what is reported, but no number.
const OF_WORDS: [&str; 5] =
    ["scenario.title", "scenario.question", "scenario.source", "report", "attribution"];

/// Everything that a scenario states.
#[derive(Clone, Debug)]
pub struct Inputs {
    pub worlds: Vec<String>,
    pub reference: String,
    by_key: IndexMap<String, Vec<Statement>>,
}

/// What is stated under a key on one side. Text is empty where nothing is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
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

/// How a key differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Another value.
    Value,
    /// Only the second states it.
    Added,
    /// Only the first states it.
    LeftOut,
    /// The same value with another unit, source, date, quality or note.
    Source,
}

/// A key that the two state otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct InputChange {
    pub key: String,
    /// Worlds in which it differs so; empty: in all that both have.
    pub worlds: Vec<String>,
    pub kind: Kind,
    pub a: Option<Side>,
    pub b: Option<Side>,
}

/// A world that only one of the two has, and what it changes in its reference.
#[derive(Clone, Debug, Serialize)]
pub struct OtherWorld {
    pub world: String,
    /// Whether the second has it.
    pub added: bool,
    /// Keys and their values there.
    pub changes: Vec<(String, String)>,
}

/// Everything that two scenarios state otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct InputChanges {
    pub changes: Vec<InputChange>,
    pub worlds: Vec<OtherWorld>,
}

impl Inputs {
    pub fn new(worlds: Vec<String>, reference: String, all: impl IntoIterator<Item = Statement>) -> Inputs {
        let mut by_key: IndexMap<String, Vec<Statement>> = IndexMap::new();
        for statement in all {
            by_key.entry(statement.key.clone()).or_default().push(statement);
        }
        Inputs { worlds, reference, by_key }
    }

    fn side(&self, key: &str, world: &str) -> Option<Side> {
        let mut all = self.by_key.get(key)?.iter();
        let found = all.find(|statement| statement.world.is_empty() || statement.world == world)?.clone();
        let Statement { value, unit, stated, quality, as_of, source, note, .. } = found;
        Some(Side { value, unit, stated, quality, as_of, source, note })
    }

    /// What a world has otherwise than the reference.
    fn patch(&self, world: &str) -> Vec<(String, String)> {
        let value = |key: &str, world: &str| self.side(key, world).map(|side| side.value);
        let differs = |key: &&String| value(key, world) != value(key, &self.reference);
        let changed = self.by_key.keys().filter(differs);
        changed.filter_map(|key| Some((key.clone(), value(key, world)?))).collect()
    }
}

impl From<&Scenario> for Inputs {
    fn from(scenario: &Scenario) -> Inputs {
        let worlds: Vec<String> = scenario.worlds.iter().map(|world| world.key.clone()).collect();
        Inputs::new(worlds, scenario.worlds[scenario.reference].key.clone(), statements(scenario))
    }
}

impl InputChanges {
    pub fn between(a: &Inputs, b: &Inputs) -> InputChanges {
        let mut pairs: Vec<(&str, &str)> = a
            .worlds
            .iter()
            .filter(|world| b.worlds.contains(world))
            .map(|w| (w.as_str(), w.as_str()))
            .collect();
        // References that are called otherwise are the same world to a reader.
        if !b.worlds.contains(&a.reference) && !a.worlds.contains(&b.reference) {
            pairs.push((&a.reference, &b.reference));
        }
        let keys: IndexSet<&String> = a.by_key.keys().chain(b.by_key.keys()).collect();
        let paired = |world: &str| pairs.iter().any(|(one, other)| *one == world || *other == world);
        // A world that only one has is told of as a whole.
        let of_paired = |key: &&String| match segments(key).as_slice() {
            [section, world, ..] if section == "worlds" => paired(world),
            _ => true,
        };
        let changes = keys.into_iter().filter(of_paired).flat_map(|key| of_key(key, &pairs, a, b)).collect();
        let only = |inputs: &Inputs, added: bool| -> Vec<OtherWorld> {
            let others = inputs.worlds.iter().filter(|world| !paired(world));
            let other =
                |world: &String| OtherWorld { world: world.clone(), added, changes: inputs.patch(world) };
            others.map(other).collect()
        };
        InputChanges { changes, worlds: [only(a, false), only(b, true)].concat() }
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.worlds.is_empty()
    }

    /// Whether nothing differs that could change a result but by other draws.
    pub fn only_draws(&self) -> bool {
        self.worlds.is_empty()
            && self.changes.iter().all(|change| change.is_of_draws() || change.is_of_words())
    }
}

impl InputChange {
    fn is_of_draws(&self) -> bool {
        OF_DRAWS.iter().any(|section| is_within(&self.key, section))
    }

    fn is_of_words(&self) -> bool {
        let is_name = self.key.ends_with(".name") || self.key.ends_with(".description");
        self.kind == Kind::Source || OF_WORDS.iter().any(|section| is_within(&self.key, section)) || is_name
    }
}

fn is_within(key: &str, section: &str) -> bool {
    key.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// How a key differs: once for all worlds, or once for each way in which it differs in some.
fn of_key(key: &str, pairs: &[(&str, &str)], a: &Inputs, b: &Inputs) -> Vec<InputChange> {
    let mut ways: IndexMap<usize, Vec<String>> = IndexMap::new();
    let sides: Vec<(Option<Side>, Option<Side>)> =
        pairs.iter().map(|(one, other)| (a.side(key, one), b.side(key, other))).collect();
    for (at, ((_, world), both)) in pairs.iter().zip(&sides).enumerate() {
        let first = sides.iter().position(|known| known == both).unwrap_or(at);
        ways.entry(first).or_default().push((*world).to_owned());
    }
    let everywhere = ways.len() == 1;
    let change = |(at, worlds): (usize, Vec<String>)| {
        let (a, b) = sides[at].clone();
        let kind = kind(a.as_ref(), b.as_ref())?;
        Some(InputChange {
            key: key.to_owned(),
            worlds: if everywhere { Vec::new() } else { worlds },
            kind,
            a,
            b,
        })
    };
    ways.into_iter().filter_map(change).collect()
}

/// How two sides differ, if they do. The defaults of something that only one side has say nothing.
fn kind(a: Option<&Side>, b: Option<&Side>) -> Option<Kind> {
    match (a, b) {
        (Some(a), Some(b)) if a.value != b.value => Some(Kind::Value),
        (Some(a), Some(b)) => {
            let b_like_a = Side { stated: a.stated, ..b.clone() };
            (b_like_a != *a).then_some(Kind::Source)
        }
        (Some(a), None) => a.stated.then_some(Kind::LeftOut),
        (None, Some(b)) => b.stated.then_some(Kind::Added),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(key: &str, world: &str, value: &str, source: &str) -> Statement {
        let text = str::to_owned;
        Statement {
            key: text(key),
            world: text(world),
            value: text(value),
            unit: text(""),
            stated: true,
            quality: text(""),
            as_of: text(""),
            source: text(source),
            note: text(""),
        }
    }

    fn inputs(worlds: &[&str], all: &[(&str, &str, &str, &str)]) -> Inputs {
        let worlds: Vec<String> = worlds.iter().map(|world| (*world).to_owned()).collect();
        let all = all.iter().map(|(key, world, value, source)| statement(key, world, value, source));
        Inputs::new(worlds, "base".to_owned(), all)
    }

    #[test]
    fn worlds_in_which_a_key_differs_alike_stand_together() {
        let a =
            inputs(&["base", "x", "y"], &[("k", "", "1", ""), ("same", "", "2", ""), ("s", "", "3", "old")]);
        let b = inputs(
            &["base", "x", "y"],
            &[
                ("k", "base", "1", ""),
                ("k", "x", "2", ""),
                ("k", "y", "2", ""),
                ("same", "", "2", ""),
                ("s", "", "3", "new"),
            ],
        );
        let found = InputChanges::between(&a, &b);
        assert_eq!(found.changes.len(), 2, "{found:?}");
        assert_eq!(
            (found.changes[0].kind, found.changes[0].worlds.as_slice()),
            (Kind::Value, &["x".to_owned(), "y".into()][..])
        );
        assert_eq!((found.changes[1].kind, found.changes[1].worlds.len()), (Kind::Source, 0));
        assert!(!found.only_draws() && InputChanges::between(&a, &a).is_empty());
    }

    #[test]
    fn a_world_that_only_one_has_is_told_by_what_it_changes() {
        let a = inputs(&["base"], &[("k", "", "1", ""), ("scenario.seed", "", "1", "")]);
        let b = inputs(
            &["base", "x"],
            &[("k", "base", "1", ""), ("k", "x", "2", ""), ("scenario.seed", "", "2", "")],
        );
        let found = InputChanges::between(&a, &b);
        assert_eq!(found.changes.len(), 1, "{found:?}");
        assert!(found.changes[0].is_of_draws());
        assert_eq!(found.worlds[0].changes, [("k".to_owned(), "2".to_owned())]);
        assert!(found.worlds[0].added && !found.only_draws());
    }
}
