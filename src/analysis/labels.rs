//! What outcomes are called: in the columns of the files, and in one line, such as `share Honda US 2035`.

use std::collections::HashMap;

use super::wording::{Wording, ambiguous, choose_with_year, no_year};
use crate::calibration::Names;
use crate::simulation::outcomes::{Key, Outcome, Outcomes, Who};

/// What an outcome's row says about itself; an inapplicable label is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub outcome: String,
    pub unit: String,
    pub region: String,
    pub manufacturer: String,
    pub powertrain: String,
}

impl Labels {
    pub fn of(names: &Names, key: &Key) -> Labels {
        let (outcome, unit) = outcome(names, key.outcome);
        Labels {
            outcome,
            unit,
            region: key.region.map_or_else(String::new, |region| names.regions[region].clone()),
            manufacturer: who(names, key.who),
            powertrain: key.powertrain.map_or_else(String::new, |p| names.powertrains[p].clone()),
        }
    }

    /// The words that ask for it. `names` are the names for people of keys, `aside` is what may be said too.
    pub fn wording(&self, names: &HashMap<String, String>, aside: &[Vec<&str>]) -> Wording {
        let title = title(&self.outcome);
        let mut needed = vec![vec![self.outcome.as_str(), &title]];
        for key in [&self.manufacturer, &self.region, &self.powertrain] {
            let mut ways = vec![key.as_str()];
            ways.extend(key.strip_prefix("alliance:"));
            ways.extend(names.get(key).map(String::as_str));
            if !key.is_empty() {
                needed.push(ways);
            }
        }
        Wording::new(self.line(), &needed, aside)
    }

    /// Outcome, maker or alliance, region, powertrain: what applies, in this order.
    fn line(&self) -> String {
        let parts = [&self.outcome, &self.manufacturer, &self.region, &self.powertrain];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }
}

/// A maker's name, `alliance:<name>`, or nothing for everyone together.
pub(super) fn who(names: &Names, who: Who) -> String {
    match who {
        Who::Everyone => String::new(),
        Who::Maker(maker) => names.makers[maker].clone(),
        Who::Alliance(alliance) => format!("alliance:{}", names.alliances[alliance]),
    }
}

/// Name and unit of an outcome, as the files write them.
fn outcome(names: &Names, outcome: Outcome) -> (String, String) {
    let (name, unit) = named(names, outcome);
    (name, names.words.fill(unit))
}

fn named(names: &Names, outcome: Outcome) -> (String, &'static str) {
    let of_pool = |name: &str, pool: Option<usize>| match pool {
        Some(pool) => format!("{name}:{}", names.pools[pool]),
        None => name.to_owned(),
    };
    match outcome {
        Outcome::Units => ("units".into(), "{units}"),
        Outcome::Price => ("price".into(), "{money}"),
        Outcome::MarginalCost => ("marginal_cost".into(), "{money}"),
        Outcome::Margin => ("margin".into(), "fraction"),
        Outcome::Share => ("share".into(), "fraction"),
        Outcome::VariableProfit => ("variable_profit".into(), "{money} bn"),
        Outcome::OperatingProfit => ("operating_profit".into(), "{money} bn"),
        Outcome::CumulatedProfit => ("cumulated_profit".into(), "{money} bn"),
        Outcome::Rnd => ("rnd".into(), "{money} bn"),
        Outcome::Knowledge => ("knowledge".into(), "index"),
        Outcome::PowertrainShare(p) => {
            (format!("{}_share", names.powertrains[p].replace('-', "_")), "fraction")
        }
        Outcome::Hhi => ("hhi".into(), "0-10000"),
        Outcome::ConsumerSurplus => ("consumer_surplus".into(), "{money} bn"),
        Outcome::Saving(pool) => (of_pool("saving", pool), "{money} bn"),
        Outcome::SavingPerCar(pool) => (of_pool("saving_per_car", pool), "{money}"),
    }
}

/// An outcome's name for people: `saving_per_car:purchasing` → saving per car, purchasing.
pub fn title(outcome: &str) -> String {
    match outcome {
        "rnd" => "R&D".to_owned(),
        "hhi" => "HHI".to_owned(),
        other => other.replace('_', " ").replacen(':', ", ", 1),
    }
}

/// An outcome in one line: `share alliance:hnm US 2035`.
pub fn text(names: &Names, key: &Key) -> String {
    format!("{} {}", Labels::of(names, key).line(), key.year)
}

/// The outcome that a line asks for: as [`text`] writes it, or the same words in any order; without a year, of
/// all years. The error says what was not found and what is near, or what may be meant.
pub fn find(names: &Names, outcomes: &Outcomes, line: &str) -> Result<Vec<Key>, String> {
    let mut keys: Vec<Key> = outcomes.keys.iter().map(|key| key.in_year(0)).collect();
    keys.dedup();
    let candidates: Vec<Wording> =
        keys.iter().map(|key| Labels::of(names, key).wording(&HashMap::new(), &[])).collect();
    let (found, year) = choose_with_year(line, &candidates)?;
    let [found] = found[..] else {
        return Err(ambiguous(line, found.iter().map(|&at| candidates[at].line.as_str())));
    };
    let of_all_years = outcomes.keys.iter().filter(|key| key.in_year(0) == keys[found]);
    let years: Vec<i32> = of_all_years.clone().map(|key| key.year).collect();
    if let Some(missing) = year.filter(|year| !years.contains(year)) {
        return Err(no_year(&candidates[found].line, missing, &years));
    }
    Ok(of_all_years.filter(|key| year.is_none_or(|year| key.year == year)).copied().collect())
}
