//! Counterfactuals: each change by name becomes a change by index.

use super::check_conduct::{first_double, index, suggest, weights};
use super::draft::*;
use super::problem::{Place, Problems};
use super::question::{CostRule, Entry, Ownership, Scenario};
use crate::market::conduct::{self, Conduct};

/// Checks every scenario.
pub fn scenarios(
    draft: &Draft,
    base: &Ownership,
    nests: &[String],
    nest: &[usize],
    problems: &mut Problems,
) -> Vec<Scenario> {
    let mut checked: Vec<Scenario> = Vec::new();
    for typed in &draft.scenarios {
        if checked.iter().any(|s| s.id == typed.id) {
            let place = format!("{}.id", typed.path);
            problems.add(
                Place::Path(&place),
                format!("scenario {} is listed twice", typed.id),
                "Rename one.",
            );
        }
        checked.push(Check { draft, base, nests, nest, typed, problems }.scenario());
    }
    checked
}

/// Firms that a scenario merges away, each with the firm it becomes part of. Named once more, such a firm
/// would come back as a rival of the merged one.
#[derive(Default)]
struct Merged(Vec<(String, String)>);

impl Merged {
    fn add(&mut self, group: &[String]) {
        for name in &group[1..] {
            self.0
                .iter_mut()
                .filter(|(_, into)| into == name)
                .for_each(|(_, into)| into.clone_from(&group[0]));
            self.0.push((name.clone(), group[0].clone()));
        }
    }

    /// Whether the firm is merged away; if so, says which firm to name instead.
    fn refuses(&self, name: &str, path: &str, problems: &mut Problems) -> bool {
        let Some((_, into)) = self.0.iter().find(|(gone, _)| gone == name) else { return false };
        let message = format!("{name} is merged into {into} in this scenario");
        problems.add(Place::Path(path), message, format!("Name {into} instead."));
        true
    }

    /// Refuses merged firms among the stakes and profit weights of the scenario. (The target of a stake
    /// must sell, which is checked for every stake.)
    fn named_in(&self, conduct: Option<&DraftConduct>, problems: &mut Problems) {
        match conduct {
            Some(DraftConduct::Stakes(stakes)) => stakes.iter().for_each(|stake| {
                self.refuses(&stake.holder, &format!("{}.holder", stake.path), problems);
            }),
            Some(DraftConduct::Weights { firms, path, .. }) => {
                firms.iter().enumerate().for_each(|(k, name)| {
                    self.refuses(name, &format!("{path}.firms[{k}]"), problems);
                })
            }
            Some(DraftConduct::Standard) | None => {}
        }
    }
}

struct Check<'a, 'b, 'c> {
    draft: &'a Draft,
    base: &'a Ownership,
    nests: &'a [String],
    nest: &'a [usize],
    typed: &'a DraftScenario,
    problems: &'b mut Problems<'c>,
}

impl Check<'_, '_, '_> {
    fn scenario(&mut self) -> Scenario {
        let n = self.draft.offers.len();
        let ownership = self.ownership();
        let costs = self.costs();
        let mut tax: Vec<f64> = self.draft.offers.iter().map(|o| o.tax).collect();
        let mut credit: Vec<f64> = self.draft.offers.iter().map(|o| o.credit).collect();
        let taxed = self.typed.tax_levels.is_some() || !self.typed.taxes.is_empty();
        if let Some(levels) = &self.typed.tax_levels {
            let path = format!("{}.ad_valorem_tax", self.typed.path);
            tax = self.levels(levels, &path, "tax rate");
            tax.iter().enumerate().for_each(|(j, rate)| self.tax_rate(*rate, &format!("{path}[{j}]")));
        }
        for (selector, rate) in &self.typed.taxes {
            self.tax_rate(*rate, &format!("{}.rate", selector.path));
            self.select(selector).into_iter().for_each(|j| tax[j] = *rate);
        }
        for (selector, amount) in &self.typed.credits {
            self.finite(*amount, &format!("{}.amount", selector.path));
            self.select(selector).into_iter().for_each(|j| credit[j] += *amount);
        }
        if let Some(levels) = &self.typed.unit_tax_levels {
            let path = format!("{}.unit_tax", self.typed.path);
            let levels = self.levels(levels, &path, "tax per unit");
            credit.iter_mut().zip(levels).for_each(|(credit, tax)| *credit -= tax);
        }
        let mut fixed = vec![f64::NAN; n];
        if let Some(levels) = &self.typed.fixed_levels {
            let path = format!("{}.fixed_prices", self.typed.path);
            if levels.len() != n || levels.iter().flatten().any(|p| !(*p > 0.0 && p.is_finite())) {
                let remedy = "Give one per product: a positive price, or null where the firm sets it.";
                self.problems.add(Place::Path(&path), "the fixed prices do not fit", remedy);
            } else {
                fixed = levels.iter().map(|p| p.unwrap_or(f64::NAN)).collect();
            }
        }
        for (selector, price) in &self.typed.fixed {
            if let Some(price) = price.filter(|p| !(*p > 0.0 && p.is_finite())) {
                let path = format!("{}.price", selector.path);
                let remedy = "Give a positive price, or none to keep the observed one.";
                self.problems.add(Place::Path(&path), format!("a fixed price is {price}"), remedy);
            }
            for j in self.select(selector) {
                fixed[j] = price.or(self.draft.offers[j].price).unwrap_or(f64::NAN);
            }
        }
        let removed: Vec<usize> =
            self.typed.removed.iter().filter_map(|name| self.offer(name, "remove")).collect();
        if removed.len() == n && self.typed.entries.is_empty() && n > 0 {
            let path = format!("{}.remove", self.typed.path);
            self.problems.add(Place::Path(&path), "no offer is left", "Keep at least one.");
        }
        let entries = self.entries(&ownership);
        Scenario {
            id: self.typed.id.clone(),
            description: self.typed.description.clone(),
            ownership,
            costs,
            tax,
            credit,
            taxed,
            fixed,
            removed,
            entries,
        }
    }

    /// Firms, owners and κ after the change.
    fn ownership(&mut self) -> Ownership {
        let base = self.base;
        let typed = self.typed;
        let mut owner: Vec<String> = base.firm.iter().map(|&f| base.firms[f].clone()).collect();
        let mut firms = base.firms.clone();
        let mut kappa = base.kappa.clone();
        if let Some(ids) = &typed.firm_ids {
            if ids.len() != owner.len() {
                let path = format!("{}.firm_ids", typed.path);
                let message = format!("{} entries for {} products", ids.len(), owner.len());
                self.problems.add(Place::Path(&path), message, "Give the owner of every product.");
            } else {
                owner.clone_from(ids);
                firms.clear();
                for name in ids {
                    if !firms.contains(name) {
                        firms.push(name.clone());
                    }
                }
                kappa = Conduct::default();
            }
        }
        let mut merged = Merged::default();
        for (number, group) in typed.merge.iter().enumerate() {
            let path = format!("{}.merge[{number}]", typed.path);
            if group.iter().filter(|name| merged.refuses(name, &path, self.problems)).count() > 0 {
                continue;
            }
            let members: Vec<usize> =
                group.iter().filter_map(|name| firms.iter().position(|f| f == name)).collect();
            if let Some(unknown) = group.iter().find(|name| !firms.contains(name)) {
                let message = format!("firm {unknown} sells nothing here");
                self.problems.add(Place::Path(&path), message, suggest(unknown, &base.firms));
                continue;
            }
            if let Some(twice) = first_double(group) {
                let message = format!("firm {twice} is named twice");
                self.problems.add(Place::Path(&path), message, "Name each firm that merges once.");
                continue;
            }
            if members.len() < 2 {
                self.problems.add(Place::Path(&path), "a merger needs two firms", "Name all that merge.");
                continue;
            }
            kappa = conduct::bought_out(&conduct::merge(&kappa, &members), &members);
            owner.iter_mut().filter(|o| group.contains(o)).for_each(|o| o.clone_from(&group[0]));
            merged.add(group);
            let keep = |f: usize| f == members[0] || !members.contains(&f);
            let kept: Vec<usize> = (0..firms.len()).filter(|&f| keep(f)).collect();
            kappa = kappa.among(&kept);
            firms = kept.iter().map(|&f| firms[f].clone()).collect();
        }
        for (offer, new_owner) in &typed.owners {
            let refused = merged.refuses(new_owner, &format!("{}.owners.{offer}", typed.path), self.problems);
            if let Some(j) = self.offer(offer, "owners")
                && !refused
            {
                owner[j].clone_from(new_owner);
            }
        }
        for entry in &typed.entries {
            merged.refuses(&entry.firm, &format!("{}.firm", entry.path), self.problems);
        }
        merged.named_in(typed.conduct.as_ref(), self.problems);
        let entrants = typed.entries.iter().map(|e| &e.firm);
        for name in owner.iter().chain(entrants) {
            if !firms.contains(name) {
                firms.push(name.clone());
            }
        }
        let mut weighted = base.weighted && typed.firm_ids.is_none();
        if let Some(conduct) = &typed.conduct {
            (kappa, weighted) = weights(conduct, &firms, &base.firms, self.problems);
        }
        let firm = owner.iter().map(|name| index(&firms, name)).collect();
        let fringe = firms.iter().map(|name| self.draft.fringe.contains(name)).collect();
        Ownership { firms, firm, kappa, fringe, weighted }
    }

    fn costs(&mut self) -> Vec<CostRule> {
        let mut rules = Vec::new();
        for (number, change) in self.typed.costs.iter().enumerate() {
            match change {
                CostChange::Levels(levels) => {
                    let path = format!("{}.costs", self.typed.path);
                    rules.push(CostRule::Levels(self.levels(levels, &path, "cost")));
                }
                CostChange::Change { offers, percent, amount } => {
                    self.finite(*percent, &format!("{}.percent", offers.path));
                    self.finite(*amount, &format!("{}.amount", offers.path));
                    if *percent == 0.0 && *amount == 0.0 {
                        let path = format!("{}.costs[{number}]", self.typed.path);
                        let remedy = "Give percent (of the cost) or amount (money per unit).";
                        self.problems.add(Place::Path(&path), "a cost change changes nothing", remedy);
                    }
                    let offers = self.select(offers);
                    rules.push(CostRule::Change { offers, percent: *percent, amount: *amount });
                }
            }
        }
        rules
    }

    fn entries(&mut self, ownership: &Ownership) -> Vec<Entry> {
        let mut entries = Vec::new();
        let names: Vec<String> = self.typed.entries.iter().map(|e| e.offer.clone()).collect();
        for (number, typed) in self.typed.entries.iter().enumerate() {
            if names[..number].contains(&typed.offer) {
                let message = format!("two new offers are called {}", typed.offer);
                let path = format!("{}.offer", typed.path);
                self.problems.add(Place::Path(&path), message, "Give each a name of its own.");
            }
            self.finite(typed.quality, &format!("{}.quality", typed.path));
            self.finite(typed.cost.unwrap_or(0.0), &format!("{}.cost", typed.path));
            let Some(like) = self.offer(&typed.like, "enter") else { continue };
            let nest = match &typed.nest {
                None => self.nest[like],
                Some(name) => match self.nests.iter().position(|known| known == name) {
                    Some(nest) => nest,
                    None => {
                        let message = format!("there is no nest {name}");
                        self.problems.add(Place::Path(&typed.path), message, suggest(name, self.nests));
                        continue;
                    }
                },
            };
            if self.draft.offers.iter().any(|o| o.name == typed.offer) {
                let message = format!("{} is on sale already", typed.offer);
                self.problems.add(Place::Path(&typed.path), message, "Give the new offer a new name.");
            }
            entries.push(Entry {
                name: typed.offer.clone(),
                firm: index(&ownership.firms, &typed.firm),
                nest,
                like,
                quality: typed.quality,
                cost: typed.cost,
            });
        }
        entries
    }

    /// TOML has words for numbers that are none: `nan` and `inf`.
    fn finite(&mut self, value: f64, path: &str) {
        if !value.is_finite() {
            self.problems.add(
                Place::Path(path),
                format!("{value} is no usable number"),
                "Give a finite number.",
            );
        }
    }

    fn tax_rate(&mut self, rate: f64, path: &str) {
        if !(rate > -1.0 && rate.is_finite()) {
            let remedy = "A tax rate is a fraction above -1: 0.25 for 25 %.";
            self.problems.add(Place::Path(path), format!("the tax rate is {rate}"), remedy);
        }
    }

    fn offer(&mut self, name: &str, key: &str) -> Option<usize> {
        let found = self.draft.offers.iter().position(|o| o.name == name);
        if found.is_none() {
            let names: Vec<String> = self.draft.offers.iter().map(|o| o.name.clone()).collect();
            let path = format!("{}.{key}", self.typed.path);
            self.problems.add(Place::Path(&path), format!("there is no offer {name}"), suggest(name, &names));
        }
        found
    }

    /// The offers that all given parts of a selector name; firms are those of the base situation.
    fn select(&mut self, selector: &Selector) -> Vec<usize> {
        let offers = &self.draft.offers;
        let matches = |j: &usize| {
            let offer = &offers[*j];
            selector.offer.as_ref().is_none_or(|name| name == &offer.name)
                && selector.firm.as_ref().is_none_or(|name| name == &offer.firm)
                && selector.nest.as_ref().is_none_or(|name| Some(name) == offer.nest.as_ref())
        };
        let chosen: Vec<usize> = (0..offers.len()).filter(matches).collect();
        if chosen.is_empty() {
            let mut names: Vec<String> = self.base.firms.clone();
            names.extend(offers.iter().map(|o| o.name.clone()));
            names.extend(self.nests.iter().cloned());
            let asked = [&selector.offer, &selector.firm, &selector.nest].into_iter().flatten();
            let asked: Vec<&str> = asked.map(String::as_str).collect();
            let message = format!("no offer fits {}", asked.join(" and "));
            self.problems.add(
                Place::Path(&selector.path),
                message,
                suggest(asked.first().unwrap_or(&""), &names),
            );
        }
        chosen
    }

    fn levels(&mut self, levels: &[Option<f64>], path: &str, what: &str) -> Vec<f64> {
        let n = self.draft.offers.len();
        if levels.len() != n {
            let message = format!("{} entries for {n} products", levels.len());
            self.problems.add(Place::Path(path), message, "Give one per product.");
            return vec![0.0; n];
        }
        for (j, _) in levels.iter().enumerate().filter(|(_, value)| value.is_none()) {
            let place = format!("{path}[{j}]");
            self.problems.add(Place::Path(&place), format!("the {what} is missing"), "Give a number.");
        }
        levels.iter().map(|value| value.unwrap_or(0.0)).collect()
    }
}
