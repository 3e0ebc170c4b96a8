//! Rules about alliances: members join before they leave, pools have members, components and costs.

use super::super::alliance::{Alliance, Pool, PoolKind, Split};
use super::super::ownership::{MOST_TIED, ends_with, tied_alliances};
use super::Look;

/// Every alliance makes sense, whether or not a world switches it on.
pub fn alliances(look: &mut Look) {
    let file = &look.world.file;
    for (key, alliance) in &file.alliances {
        if alliance.members.len() < 2 {
            let what = format!("the alliance `{key}` has fewer than two members");
            look.wrong(&["alliances", key, "members"], what, "add a member: members.NAME.from = 2025-01-01");
        }
        for (member, membership) in &alliance.members {
            if let Some(until) = membership.until.filter(|until| *until <= membership.from) {
                let what = format!("{member} leaves on {until}, not after it joins on {}", membership.from);
                let path = ["alliances", key, "members", member, "until"];
                look.wrong(&path, what, "`until` is the first day outside the alliance");
            }
        }
        for (name, pool) in &alliance.pools {
            check_pool(look, key, alliance, name, pool);
        }
    }
    counted_twice(look);
    ends(look);
    for (key, pool) in &file.base_pools {
        look.unknown_components(&["base_pools", key, "components"], &pool.components);
    }
}

/// What ends with an alliance names one that there is, and only one.
fn ends(look: &mut Look) {
    let file = &look.world.file;
    let known: Vec<&str> = file.alliances.keys().map(String::as_str).collect();
    let unknown =
        |name: &Option<String>| name.as_ref().filter(|name| !known.contains(&name.as_str())).cloned();
    for (key, stake) in &file.stakes {
        if let Some(name) = unknown(&stake.alliance) {
            look.unknown(&["stakes", key, "alliance"], "alliance", &name, &known);
        }
    }
    for (key, merger) in &file.mergers {
        if let Some(name) = unknown(&merger.alliance) {
            look.unknown(&["mergers", key, "alliance"], "alliance", &name, &known);
        } else if merger.permanent && merger.alliance.is_some() {
            let what = format!("the merger `{key}` is permanent and ends with an alliance");
            look.wrong(&["mergers", key, "permanent"], what, "take one of `permanent` and `alliance` out");
        }
        let with = ends_with(file, merger);
        if merger.active && with.len() > 1 {
            let what = format!("the members of the merger `{key}` are together in {}", with.join(" and "));
            let remedy = "say with `alliance` whose break-up ends it, or write permanent = true";
            look.wrong(&["mergers", key], what, remedy);
        }
    }
    let tied = tied_alliances(file).len();
    if tied > MOST_TIED {
        let what = format!("mergers and stakes end with {tied} alliances");
        let remedy =
            format!("at most {MOST_TIED} alliances in force can end with mergers or stakes in one world");
        look.wrong(&["mergers"], what, &remedy);
    }
}

/// Two makers learn from each other, or buy together, through one pool: a second one in force beside it
/// for the same component would count the same units again.
fn counted_twice(look: &mut Look) {
    let file = &look.world.file;
    let active = file.alliances.iter().filter(|(_, alliance)| alliance.active);
    let pools: Vec<(&String, &Alliance, &String, &Pool)> = active
        .flat_map(|(key, alliance)| {
            alliance.pools.iter().map(move |(name, pool)| (key, alliance, name, pool))
        })
        .filter(|(.., pool)| pool.active && matches!(pool.kind, PoolKind::Experience | PoolKind::Purchasing))
        .collect();
    let takes_part = |alliance: &Alliance, pool: &Pool, maker: &String| match pool.members.is_empty() {
        true => alliance.members.contains_key(maker),
        false => pool.members.contains(maker),
    };
    let mut found = Vec::new();
    for (later, &(key, alliance, name, pool)) in pools.iter().enumerate() {
        for &(_, other_alliance, other_name, other) in &pools[..later] {
            let both = alliance.members.keys().filter(|maker| {
                takes_part(alliance, pool, maker) && takes_part(other_alliance, other, maker)
            });
            let same_component = pool.components.is_empty()
                || other.components.is_empty()
                || pool.components.iter().any(|component| other.components.contains(component));
            if pool.kind == other.kind && same_component && both.count() > 1 {
                found.push((key.clone(), name.clone(), other_name.clone()));
            }
        }
    }
    for (key, name, other) in found {
        let what = format!("the pools `{other}` and `{name}` share the same component among the same makers");
        let remedy = "give them different components or members, or switch one off with active = false";
        look.wrong(&["alliances", &key, "pools", &name], what, remedy);
    }
}

fn check_pool(look: &mut Look, key: &str, alliance: &Alliance, name: &str, pool: &Pool) {
    let path = |last: &[&'static str]| -> Vec<String> {
        [&["alliances", key, "pools", name], last].concat().iter().map(|part| (*part).to_owned()).collect()
    };
    let known: Vec<&str> = alliance.members.keys().map(String::as_str).collect();
    let is_member = |name: &str| known.contains(&name);
    let outsider = |look: &mut Look, path: &[String], member: &str| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        look.unknown(&path, "member of the alliance", member, &known);
    };
    for (index, member) in pool.members.iter().enumerate().filter(|(_, member)| !is_member(member)) {
        outsider(look, &[path(&["members"]), vec![index.to_string()]].concat(), member);
    }
    for (field, makers) in [("stand_alone_cost", &pool.stand_alone_cost), ("parts", &pool.parts)] {
        for member in makers.keys().filter(|member| !is_member(member)) {
            outsider(look, &[path(&[field]), vec![member.clone()]].concat(), member);
        }
    }
    let components: Vec<String> = path(&["components"]);
    let components: Vec<&str> = components.iter().map(String::as_str).collect();
    look.unknown_components(&components, &pool.components);

    let members: Vec<&str> = match pool.members.is_empty() {
        true => known.clone(),
        false => pool.members.iter().map(String::as_str).collect(),
    };
    let at = |last: &'static str| -> [&str; 5] { ["alliances", key, "pools", name, last] };
    if pool.members.len() == 1 {
        look.wrong(&at("members"), format!("the pool `{name}` has one member"), "a pool takes at least two");
    }
    let is_platform = pool.kind == PoolKind::Platform;
    for member in members.iter().filter(|member| is_platform && !pool.stand_alone_cost.contains_key(**member))
    {
        // A partner that only adds volume has nothing of its own to save.
        if look.world.offers.iter().any(|offer| offer.manufacturer == **member) {
            let what = format!("the platform `{name}` does not say what {member} would pay alone");
            let money = look.world.file.scenario.words().money;
            let remedy = format!("add stand_alone_cost.{member} ({money} bn a year), or name `members`");
            look.wrong(&at("stand_alone_cost"), what, remedy);
        }
    }
    if !is_platform && !pool.stand_alone_cost.is_empty() {
        let what = "`stand_alone_cost` has a meaning in platforms only";
        look.wrong(&at("stand_alone_cost"), what, "take it out, or write kind = \"platform\"");
    }
    match (pool.split, pool.parts.is_empty()) {
        (Split::Stated, _) => {
            let sum: f64 = pool.parts.values().map(super::super::quantity::Quantity::median).sum();
            if (sum - 1.0).abs() > 1e-6 {
                let what = format!("the stated parts of the joint cost sum to {sum:.4}, not to 1");
                look.wrong(&at("parts"), what, "give every member its part, so that they sum to 1");
            }
        }
        (_, false) => look.wrong(
            &at("parts"),
            "`parts` are only used when they are asked for",
            "write split = \"stated\"",
        ),
        _ => {}
    }
}

impl Look<'_> {
    fn unknown_components(&mut self, path: &[&str], components: &[String]) {
        let known = self.world.component_names();
        for (index, component) in components.iter().enumerate() {
            if !known.contains(&component.as_str()) {
                let item = index.to_string();
                let path = [path, &[item.as_str()]].concat();
                self.unknown(&path, "component", component, &known);
            }
        }
    }
}
