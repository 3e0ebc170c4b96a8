//! Rules about makers: whoever is named is defined, and sells where it is said to sell.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use super::super::problem::Problem;
use super::super::spelling::{nearest, suggestion};
use super::Look;

/// Regions and powertrains have a name.
pub fn no_name(look: &mut Look) {
    let world = look.world;
    let sections = [("regions", world.region_names()), ("powertrains", world.powertrain_names())];
    for (section, names) in sections {
        for name in names.into_iter().filter(|name| name.trim().is_empty()) {
            // A powertrain may have come from an offer, which is reported itself.
            if look.sources.states(None, &format!("{section}.\"{name}\"")) {
                let what = format!("a name in `{section}` is empty");
                look.wrong(&[section, name], what, "fill in a name");
            }
        }
    }
}

/// No two makers, regions or powertrains differ by capitals, spaces, hyphens or the way an accent is typed alone: in
/// silence one would become two.
pub fn twins(look: &mut Look) {
    let world = look.world;
    let kinds = [
        ("maker", world.maker_names()),
        ("region", world.region_names()),
        ("powertrain", world.powertrain_names()),
    ];
    for (kind, names) in kinds {
        let mut first: HashMap<String, &str> = HashMap::new();
        for name in names {
            let Some(twin) = first.insert(plain(name), name) else { continue };
            let what = format!("`{twin}` and `{name}` are two {kind}s whose names hardly differ");
            let remedy = "write the name in one way, or tell the two apart by more";
            let index = world.offers.iter().position(|offer| {
                [&offer.manufacturer, &offer.region, &offer.powertrain].into_iter().any(|known| known == name)
            });
            let column = if kind == "maker" { "manufacturer" } else { kind };
            let place = index.and_then(|index| look.place_of_offer(index, column));
            look.problems.push(Problem::new(what).fix(remedy).at(place));
        }
    }
}

/// A name without what a reader overlooks.
fn plain(name: &str) -> String {
    let accents_apart = name.nfkd().flat_map(char::to_lowercase);
    accents_apart.nfkc().filter(|c| !c.is_whitespace() && !['-', '_', '.'].contains(c)).collect()
}

/// Every maker that is named somewhere is defined.
pub fn makers(look: &mut Look) {
    if !look.knows_makers {
        return;
    }
    let (world, file) = (look.world, &look.world.file);
    let makers = world.maker_names();
    let known = |name: &String| makers.contains(&name.as_str());
    for (key, stake) in &file.stakes {
        if !known(&stake.target) {
            look.unknown(&["stakes", key, "target"], "maker", &stake.target, &makers);
        }
        // A mere holder may be anyone, but not a maker with a slip of the pen in its name.
        if let Some(meant) = nearest(&stake.holder, &makers).filter(|_| !known(&stake.holder)) {
            let what = format!("unknown maker `{}`", stake.holder);
            let remedy =
                format!("did you mean `{meant}`? (an outside holder needs a name less like a maker's)");
            look.wrong(&["stakes", key, "holder"], what, remedy);
        }
    }
    for (key, merger) in &file.mergers {
        look.unknown_members(&["mergers", key, "members"], &merger.members, &makers);
    }
    for (key, pool) in &file.base_pools {
        look.unknown_members(&["base_pools", key, "members"], &pool.members, &makers);
    }
    for (key, alliance) in &file.alliances {
        for member in alliance.members.keys().filter(|name| !known(name)) {
            look.unknown(&["alliances", key, "members", member], "maker", member, &makers);
        }
    }
    let mut overhung = HashSet::new();
    for (key, overhang) in &file.overhangs {
        if !overhung.insert((&overhang.region, &overhang.manufacturer)) {
            let what = format!("{} in {} has two overhangs", overhang.manufacturer, overhang.region);
            look.wrong(&["overhangs", key], what, "keep one");
        }
        look.unknown_seller(&["overhangs", key], &overhang.manufacturer, &overhang.region, &makers);
    }
    for (key, exit) in &file.exits {
        for (index, maker) in exit.manufacturers.iter().enumerate() {
            let enters = |entry: &super::super::file::Entry| {
                entry.manufacturer == *maker && entry.region == exit.region
            };
            if !file.entries.values().any(enters) {
                let path = ["exits", key, "manufacturers", &index.to_string()];
                look.unknown_seller(&path, maker, &exit.region, &makers);
            }
        }
        if exit.after_loss_years.is_none() && exit.yearly_chance.range().1 <= 0.0 {
            let remedy = "give `after_loss_years` or `yearly_chance`";
            look.wrong(&["exits", key], format!("the exit `{key}` can never happen"), remedy);
        }
    }
    entries(look, &makers);
}

/// Newcomers are known makers, new where they enter, and measured by an offer that is there.
fn entries(look: &mut Look, makers: &[&str]) {
    let world = look.world;
    let mut seen = HashSet::new();
    for (key, entry) in &world.file.entries {
        if !seen.insert((&entry.manufacturer, &entry.region, &entry.powertrain)) {
            let what = format!("{} enters {} / {} twice", entry.manufacturer, entry.region, entry.powertrain);
            look.wrong(&["entries", key], what, "keep one entry, and let worlds change its terms");
        }
        if !makers.contains(&entry.manufacturer.as_str()) {
            look.unknown(&["entries", key, "manufacturer"], "maker", &entry.manufacturer, makers);
        }
        let regions = world.region_names();
        if !regions.contains(&entry.region.as_str()) {
            look.unknown(&["entries", key, "region"], "region", &entry.region, &regions);
            continue;
        }
        let powertrains = world.powertrain_names();
        if !powertrains.contains(&entry.powertrain.as_str()) {
            look.unknown(&["entries", key, "powertrain"], "powertrain", &entry.powertrain, &powertrains);
            continue;
        }
        let place = format!("{} in {}", entry.powertrain, entry.region);
        if world.sells(&entry.manufacturer, &entry.region, Some(&entry.powertrain)) {
            let what = format!("{} already sells {place}", entry.manufacturer);
            look.wrong(&["entries", key, "manufacturer"], what, "an entry is for a maker that does not");
        }
        if !world.sells(&entry.like, &entry.region, Some(&entry.powertrain)) {
            let sellers = world
                .offers
                .iter()
                .filter(|offer| offer.region == entry.region && offer.powertrain == entry.powertrain);
            let sellers: Vec<&str> = sellers.map(|offer| offer.manufacturer.as_str()).collect();
            let what = format!("`like`: {} has no offer {place}", entry.like);
            look.wrong(&["entries", key, "like"], what, suggestion(&entry.like, sellers));
        }
        if let Some(origin) = entry.origin.as_ref().filter(|name| !world.file.origins.contains_key(*name)) {
            let known: Vec<&str> = world.file.origins.keys().map(String::as_str).collect();
            look.unknown(&["entries", key, "origin"], "origin", origin, &known);
        }
    }
}

impl Look<'_> {
    fn unknown_members(&mut self, path: &[&str], members: &[String], makers: &[&str]) {
        for (index, member) in members.iter().enumerate() {
            let item = index.to_string();
            let path = [path, &[item.as_str()]].concat();
            if !makers.contains(&member.as_str()) {
                self.unknown(&path, "maker", member, makers);
            } else if members[..index].contains(member) {
                self.wrong(&path, format!("`{member}` is named twice"), "name each maker once");
            }
        }
        if members.len() < 2 {
            self.wrong(path, "it takes two to share", "name at least two makers");
        }
    }

    fn unknown_seller(&mut self, path: &[&str], maker: &str, region: &str, makers: &[&str]) {
        let regions = self.world.region_names();
        if !regions.contains(&region) {
            let of = &path[..2];
            self.unknown(&[of, &["region"]].concat(), "region", region, &regions);
        } else if !makers.contains(&maker) {
            let path = if path.len() == 2 { [path, &["manufacturer"]].concat() } else { path.to_vec() };
            self.unknown(&path, "maker", maker, makers);
        } else if !self.world.sells(maker, region, None) {
            self.wrong(path, format!("{maker} sells nothing in {region}"), "name a maker with offers there");
        }
    }
}
