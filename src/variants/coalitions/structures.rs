//! Coalition structures as settings: an alliance's members apart, together in other ways, or with one maker more.

use toml::{Table, Value};

use crate::scenario::Scenario;
use crate::scenario::file::ScenarioFile;
use crate::scenario::ownership::ends_with;
use crate::scenario::quantity::Quantity;

/// Who is with whom: groups of two and more, each with an alliance of its own. None: nobody works together.
pub(super) type Structure = Vec<Vec<String>>;

/// A world whose alliance is taken apart and put together.
#[derive(Clone)]
pub(super) struct Alliance<'a> {
    key: &'a str,
    /// Everything that holds in the world.
    settings: Table,
    file: &'a ScenarioFile,
}

/// A maker that joins, and how many units makers sell worldwide.
pub(super) struct Newcomer<'a> {
    pub maker: &'a str,
    pub units: &'a dyn Fn(&str) -> f64,
}

impl<'a> Alliance<'a> {
    /// An alliance that is in force in a world.
    pub fn of(scenario: &'a Scenario, world: usize, key: &'a str) -> Alliance<'a> {
        Alliance { key, settings: scenario.settings(world), file: &scenario.worlds[world].file }
    }

    /// The alliance with one member more: from the day on which the last one joins, in every pool. What it would pay for
    /// a platform alone (and its part, where parts are stated) is that of the largest member, scaled by units.
    pub fn joined_by(&self, newcomer: &Newcomer) -> Alliance<'a> {
        let mut joined = self.clone();
        let stated = &self.file.alliances[self.key];
        let last = stated.members.iter().max_by_key(|(_, membership)| membership.from);
        let (last, _) = last.expect("an alliance has members");
        let terms = alliance_mut(&mut joined.settings, self.key);
        let members = table_mut(terms, "members");
        let from = members[last]["from"].clone();
        members
            .insert(newcomer.maker.to_owned(), Value::Table(Table::from_iter([("from".to_owned(), from)])));
        let Some(Value::Table(pools)) = terms.get_mut("pools") else { return joined };
        for pool in pools.iter_mut().filter_map(|(_, pool)| pool.as_table_mut()) {
            if let Some(Value::Array(members)) = pool.get_mut("members").filter(|list| !is_empty(list)) {
                members.push(newcomer.maker.into());
            }
            for field in ["stand_alone_cost", "parts"] {
                let Some(of_members) = pool.get_mut(field).and_then(Value::as_table_mut) else { continue };
                let units = |member: &&String| (newcomer.units)(member);
                let largest = of_members.keys().max_by(|a, b| units(a).total_cmp(&units(b))).cloned();
                if let Some(like) = largest.filter(|like| (newcomer.units)(like) > 0.0) {
                    let size = (newcomer.units)(newcomer.maker) / (newcomer.units)(&like);
                    let note = format!("estimate: that of {like}, scaled by units sold worldwide");
                    let theirs = scaled(&of_members[&like], size, Some(&note));
                    of_members.insert(newcomer.maker.to_owned(), theirs);
                }
            }
        }
        joined
    }

    /// Everything that holds where each group has an alliance on these terms and the other members have none. The first
    /// group keeps the alliance's name and luck; mergers and stakes that end with the alliance go with their owners.
    pub fn settings(&self, structure: &Structure) -> Table {
        let mut settings = self.settings.clone();
        let terms = alliance_mut(&mut settings, self.key).clone();
        alliance_mut(&mut settings, self.key).insert("active".to_owned(), false.into());
        let groups: Vec<(String, &Vec<String>)> =
            structure.iter().enumerate().map(|(at, group)| (self.name(at), group)).collect();
        for (name, group) in &groups {
            table_mut(&mut settings, "alliances")
                .insert(name.clone(), Value::Table(restricted(&terms, group)));
        }
        let all: Vec<&String> = members(&terms).collect();
        self.mergers(&mut settings, &all, &groups);
        self.stakes(&mut settings, &all, &groups);
        settings
    }

    /// The key of a group's alliance.
    fn name(&self, group: usize) -> String {
        if group == 0 {
            return self.key.to_owned();
        }
        let mut name = format!("{}-{}", self.key, group + 1);
        while self.file.alliances.contains_key(&name) {
            name.push('x');
        }
        name
    }

    /// Mergers that end with the alliance hold among those of their members who are in one group.
    fn mergers(&self, settings: &mut Table, all: &[&String], groups: &[(String, &Vec<String>)]) {
        let tied = self
            .file
            .mergers
            .iter()
            .filter(|(_, merger)| merger.active && ends_with(self.file, merger).contains(&self.key));
        for (key, merger) in tied {
            let mergers = table_mut(settings, "mergers");
            let terms = table_mut(mergers, key).clone();
            table_mut(mergers, key).insert("active".to_owned(), false.into());
            for (at, (name, group)) in groups.iter().enumerate() {
                let stays = |maker: &&String| group.contains(maker) || !all.contains(maker);
                let together: Vec<&String> = merger.members.iter().filter(stays).collect();
                if together.len() > 1 && together.iter().any(|maker| group.contains(maker)) {
                    let key = if at == 0 { key.clone() } else { format!("{key} of {name}") };
                    let mut terms = terms.clone();
                    terms.insert("active".to_owned(), true.into());
                    terms.insert("members".to_owned(), list(&together));
                    terms.insert("alliance".to_owned(), name.as_str().into());
                    mergers.insert(key, Value::Table(terms));
                }
            }
        }
    }

    /// Stakes that end with the alliance hold while holder and target are in one group.
    fn stakes(&self, settings: &mut Table, all: &[&String], groups: &[(String, &Vec<String>)]) {
        let tied = |(_, stake): &(&String, &crate::scenario::alliance::Stake)| {
            stake.active && stake.alliance.as_deref() == Some(self.key)
        };
        for (key, stake) in self.file.stakes.iter().filter(tied) {
            let owners = [&stake.holder, &stake.target];
            let with = groups.iter().find(|(_, group)| {
                owners.iter().all(|owner| group.contains(owner) || !all.contains(owner))
                    && owners.iter().any(|owner| group.contains(owner))
            });
            let terms = table_mut(table_mut(settings, "stakes"), key);
            match with {
                Some((name, _)) => terms.insert("alliance".to_owned(), name.as_str().into()),
                None => terms.insert("active".to_owned(), false.into()),
            };
        }
    }
}

/// An alliance's terms among some of its members. A pool that fewer than two of them take part in is none.
fn restricted(terms: &Table, group: &[String]) -> Table {
    let mut terms = terms.clone();
    terms.insert("active".to_owned(), true.into());
    let inside = |maker: &str| group.iter().any(|member| member == maker);
    table_mut(&mut terms, "members").retain(|maker, _| inside(maker));
    let Some(Value::Table(pools)) = terms.get_mut("pools") else { return terms };
    pools.retain(|_, pool| {
        let Some(pool) = pool.as_table_mut() else { return true };
        if let Some(Value::Array(members)) = pool.get_mut("members").filter(|list| !is_empty(list)) {
            members.retain(|maker| maker.as_str().is_some_and(inside));
            if members.len() < 2 {
                return false;
            }
        }
        if let Some(costs) = pool.get_mut("stand_alone_cost").and_then(Value::as_table_mut) {
            costs.retain(|maker, _| inside(maker));
        }
        if let Some(parts) = pool.get_mut("parts").and_then(Value::as_table_mut) {
            parts.retain(|maker, _| inside(maker));
            let medians = parts.iter().filter_map(|(_, part)| Quantity::from_toml(part).ok());
            let whole: f64 = medians.map(|part| part.median()).sum();
            // Stated parts sum to 1: each is raised alike.
            if whole > 0.0 && (whole - 1.0).abs() > 1e-9 {
                parts.iter_mut().for_each(|(_, part)| *part = scaled(part, 1.0 / whole, None));
            }
        }
        true
    });
    terms
}

/// A stated quantity a number of times as large.
fn scaled(quantity: &Value, factor: f64, note: Option<&str>) -> Value {
    let mut scaled = Quantity::scaled(quantity, factor);
    if let (Some(note), Value::Table(table)) = (note, &mut scaled) {
        table.insert("quality".to_owned(), "estimated".into());
        table.insert("note".to_owned(), note.into());
    }
    scaled
}

fn members(alliance: &Table) -> impl Iterator<Item = &String> {
    alliance.get("members").and_then(Value::as_table).into_iter().flat_map(Table::keys)
}

fn alliance_mut<'t>(settings: &'t mut Table, key: &str) -> &'t mut Table {
    table_mut(table_mut(settings, "alliances"), key)
}

fn table_mut<'t>(table: &'t mut Table, key: &str) -> &'t mut Table {
    table.get_mut(key).and_then(Value::as_table_mut).expect("checked: a table")
}

fn is_empty(list: &Value) -> bool {
    list.as_array().is_none_or(Vec::is_empty)
}

fn list(names: &[&String]) -> Value {
    Value::Array(names.iter().map(|name| name.as_str().into()).collect())
}
