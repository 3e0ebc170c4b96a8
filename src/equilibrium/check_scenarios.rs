//! Counterfactuals: each change by name becomes a change by index.

use super::check_conduct::{first_double, index, weights};
use super::draft::*;
use super::look::Look;
use super::question::{CostRule, Entry, Ownership, Scenario};
use crate::market::conduct::{self, Conduct};
use crate::scenario::{Limits, offer_figure};

/// A change of cost in percent: nothing costs less than nothing.
/// Checks every scenario.
pub fn scenarios(look: &mut Look, base: &Ownership, nests: &[String], nest: &[usize]) -> Vec<Scenario> {
    let draft = look.draft;
    let mut checked: Vec<Scenario> = Vec::new();
    for typed in &draft.scenarios {
        if checked.iter().any(|s| s.id == typed.id) {
            let place = format!("{}.id", typed.path);
            look.wrong(&place, format!("scenario {} is listed twice", typed.id), "rename one");
        }
        checked.push(Check { draft, base, nests, nest, typed, look }.scenario());
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
    fn refuses(&self, name: &str, path: &str, look: &mut Look) -> bool {
        let Some((_, into)) = self.0.iter().find(|(gone, _)| gone == name) else { return false };
        let message = format!("{name} is merged into {into} in this scenario");
        look.wrong(path, message, format!("name {into} instead"));
        true
    }

    /// Refuses merged firms among the stakes and profit weights of the scenario. (The target of a stake
    /// must sell, which is checked for every stake.)
    fn named_in(&self, conduct: Option<&DraftConduct>, look: &mut Look) {
        match conduct {
            Some(DraftConduct::Stakes(stakes)) => stakes.iter().for_each(|stake| {
                self.refuses(&stake.holder, &format!("{}.holder", stake.path), look);
            }),
            Some(DraftConduct::Weights { firms, path, .. }) => {
                firms.iter().enumerate().for_each(|(k, name)| {
                    self.refuses(name, &format!("{path}.firms.{k}"), look);
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
    look: &'b mut Look<'c>,
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
            for (j, rate) in tax.iter().enumerate() {
                self.look.number(&format!("{path}.{j}"), *rate, Limits::AdValorem);
            }
        }
        for (selector, rate) in &self.typed.taxes {
            self.look.number(&format!("{}.rate", selector.path), *rate, Limits::AdValorem);
            self.select(selector).into_iter().for_each(|j| tax[j] = *rate);
        }
        for (selector, amount) in &self.typed.credits {
            self.look.number(&format!("{}.amount", selector.path), *amount, Limits::Any);
            self.select(selector).into_iter().for_each(|j| credit[j] = *amount);
        }
        if let Some(levels) = &self.typed.unit_tax_levels {
            let path = format!("{}.unit_tax", self.typed.path);
            let levels = self.levels(levels, &path, "tax per unit");
            credit = levels.iter().map(|tax| 0.0 - tax).collect();
        }
        let mut fixed = vec![f64::NAN; n];
        if let Some(levels) = &self.typed.fixed_levels {
            let path = format!("{}.fixed_prices", self.typed.path);
            if levels.len() != n || levels.iter().flatten().any(|p| !(*p > 0.0 && p.is_finite())) {
                let remedy = "give one per product: a positive price, or null where the firm sets it";
                self.look.wrong(&path, "the fixed prices do not fit", remedy);
            } else {
                fixed = levels.iter().map(|p| p.unwrap_or(f64::NAN)).collect();
            }
        }
        for (selector, price) in &self.typed.fixed {
            if let Some(price) = price {
                self.look.fit(&format!("{}.price", selector.path), offer_figure("price", *price));
            }
            for j in self.select(selector) {
                fixed[j] = price.unwrap_or_else(|| self.draft.offers[j].paid());
            }
        }
        let named = self.typed.removed.iter().enumerate();
        let removed: Vec<usize> = named
            .filter_map(|(k, name)| self.offer(name, &format!("{}.remove.{k}", self.typed.path)))
            .collect();
        if removed.len() == n && self.typed.entries.is_empty() && n > 0 {
            let path = format!("{}.remove", self.typed.path);
            self.look.wrong(&path, "no offer is left", "keep at least one");
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
                self.look.wrong(&path, message, "give the owner of every product");
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
            let path = format!("{}.merge.{number}", typed.path);
            if group.iter().filter(|name| merged.refuses(name, &path, self.look)).count() > 0 {
                continue;
            }
            let members: Vec<usize> =
                group.iter().filter_map(|name| firms.iter().position(|f| f == name)).collect();
            if let Some(unknown) = group.iter().find(|name| !firms.contains(name)) {
                let message = format!("firm {unknown} sells nothing here");
                self.look.unknown(&path, message, unknown, base.firms.iter().map(String::as_str));
                continue;
            }
            if let Some(twice) = first_double(group) {
                let message = format!("firm {twice} is named twice");
                self.look.wrong(&path, message, "name each firm that merges once");
                continue;
            }
            if members.len() < 2 {
                self.look.wrong(&path, "a merger needs two firms", "name all that merge");
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
            let refused = merged.refuses(new_owner, &format!("{}.owners.\"{offer}\"", typed.path), self.look);
            if let Some(j) = self.offer(offer, &format!("{}.owners.\"{offer}\"", typed.path))
                && !refused
            {
                owner[j].clone_from(new_owner);
            }
        }
        for entry in &typed.entries {
            merged.refuses(&entry.firm, &format!("{}.firm", entry.path), self.look);
        }
        merged.named_in(typed.conduct.as_ref(), self.look);
        let entrants = typed.entries.iter().map(|e| &e.firm);
        for name in owner.iter().chain(entrants) {
            if !firms.contains(name) {
                firms.push(name.clone());
            }
        }
        let mut weighted = base.weighted && typed.firm_ids.is_none();
        if let Some(conduct) = &typed.conduct {
            (kappa, weighted) = weights(conduct, &firms, &base.firms, self.look);
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
                    self.look.number(&format!("{}.percent", offers.path), *percent, Limits::Percentage);
                    self.look.number(&format!("{}.amount", offers.path), *amount, Limits::Any);
                    if *percent == 0.0 && *amount == 0.0 {
                        let path = format!("{}.costs.{number}", self.typed.path);
                        let remedy = "give percent (of the cost) or amount (money per unit)";
                        self.look.wrong(&path, "a cost change changes nothing", remedy);
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
                self.look.wrong(&path, message, "give each a name of its own");
            }
            self.look.number(&format!("{}.quality", typed.path), typed.quality, Limits::Any);
            self.look.number(&format!("{}.cost", typed.path), typed.cost.unwrap_or(0.0), Limits::NotNegative);
            let Some(like) = self.offer(&typed.like, &format!("{}.like", typed.path)) else { continue };
            let nest = match &typed.nest {
                None => self.nest[like],
                Some(name) => match self.nests.iter().position(|known| known == name) {
                    Some(nest) => nest,
                    None => {
                        let message = format!("there is no nest {name}");
                        let known = self.nests.iter().map(String::as_str);
                        self.look.unknown(&format!("{}.nest", typed.path), message, name, known);
                        continue;
                    }
                },
            };
            if self.draft.offers.iter().any(|o| o.name() == typed.offer) {
                let message = format!("{} is on sale already", typed.offer);
                self.look.wrong(&typed.path, message, "give the new offer a new name");
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

    /// The offer of a name that stands at a path of the market file.
    fn offer(&mut self, name: &str, key: &str) -> Option<usize> {
        let found = self.draft.offers.iter().position(|o| o.name() == name);
        if found.is_none() {
            let known = self.draft.offers.iter().map(DraftOffer::name);
            self.look.unknown(key, format!("there is no offer {name}"), name, known);
        }
        found
    }

    /// The offers that all given parts of a selector name; firms are those of the base situation.
    fn select(&mut self, selector: &Selector) -> Vec<usize> {
        let offers = &self.draft.offers;
        let matches = |j: &usize| {
            let offer = &offers[*j];
            selector.offer.as_ref().is_none_or(|name| name == offer.name())
                && selector.firm.as_ref().is_none_or(|name| name == offer.firm())
                && selector.nest.as_ref().is_none_or(|name| Some(name) == offer.nest.as_ref())
        };
        let chosen: Vec<usize> = (0..offers.len()).filter(matches).collect();
        if chosen.is_empty() {
            let named = |key: &str, name: &Option<String>| name.clone().map(|name| (key.to_owned(), name));
            let parts = [("offer", &selector.offer), ("firm", &selector.firm), ("nest", &selector.nest)];
            let asked: Vec<_> = parts.into_iter().filter_map(|(key, name)| named(key, name)).collect();
            let list =
                asked.iter().map(|(key, name)| format!("{key} {name}")).collect::<Vec<_>>().join(" and ");
            if let [(key, name), ..] = asked.as_slice() {
                let known: Vec<&str> = match key.as_str() {
                    "offer" => offers.iter().map(DraftOffer::name).collect(),
                    "firm" => self.base.firms.iter().map(String::as_str).collect(),
                    _ => self.nests.iter().map(String::as_str).collect(),
                };
                let path = format!("{}.{key}", selector.path);
                self.look.unknown(&path, format!("no offer fits {list}"), name, known);
            }
        }
        chosen
    }

    fn levels(&mut self, levels: &[Option<f64>], path: &str, what: &str) -> Vec<f64> {
        let n = self.draft.offers.len();
        if levels.len() != n {
            let message = format!("{} entries for {n} products", levels.len());
            self.look.wrong(path, message, "give one per product");
            return vec![0.0; n];
        }
        for (j, _) in levels.iter().enumerate().filter(|(_, value)| value.is_none()) {
            let place = format!("{path}.{j}");
            self.look.wrong(&place, format!("the {what} is missing"), "give a number");
        }
        levels.iter().map(|value| value.unwrap_or(0.0)).collect()
    }
}
