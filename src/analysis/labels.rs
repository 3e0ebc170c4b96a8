//! What outcomes are called: in the columns of the files, and in one line, such as `share Honda US 2035`.

use crate::calibration::Names;
use crate::scenario::spelling::suggestion;
use crate::simulation::outcomes::{Key, Outcome, Outcomes, Who};

/// What an outcome's row says about itself; an inapplicable label is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub outcome: String,
    pub unit: &'static str,
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
fn outcome(names: &Names, outcome: Outcome) -> (String, &'static str) {
    let of_pool = |name: &str, pool: Option<usize>| match pool {
        Some(pool) => format!("{name}:{}", names.pools[pool]),
        None => name.to_owned(),
    };
    match outcome {
        Outcome::Units => ("units".into(), "cars"),
        Outcome::Price => ("price".into(), "USD"),
        Outcome::MarginalCost => ("marginal_cost".into(), "USD"),
        Outcome::Margin => ("margin".into(), "fraction"),
        Outcome::Share => ("share".into(), "fraction"),
        Outcome::VariableProfit => ("variable_profit".into(), "USD bn"),
        Outcome::OperatingProfit => ("operating_profit".into(), "USD bn"),
        Outcome::Rnd => ("rnd".into(), "USD bn"),
        Outcome::Knowledge => ("knowledge".into(), "index"),
        Outcome::PowertrainShare(p) => {
            (format!("{}_share", names.powertrains[p].replace('-', "_")), "fraction")
        }
        Outcome::Hhi => ("hhi".into(), "0-10000"),
        Outcome::ConsumerSurplus => ("consumer_surplus".into(), "USD bn"),
        Outcome::Saving(pool) => (of_pool("saving", pool), "USD bn"),
        Outcome::SavingPerCar(pool) => (of_pool("saving_per_car", pool), "USD"),
    }
}

/// An outcome in one line: `share alliance:hnm US 2035`.
pub fn text(names: &Names, key: &Key) -> String {
    format!("{} {}", Labels::of(names, key).line(), key.year)
}

/// The outcome that a line asks for, as [`text`] writes it; without a year, of all years. The error says what
/// was not found and what is near.
pub fn find(names: &Names, outcomes: &Outcomes, line: &str) -> Result<Vec<Key>, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let year = words.last().and_then(|word| word.parse::<i32>().ok());
    // A name may end in a number too: the whole line comes first.
    let without_year = words[..words.len() - usize::from(year.is_some())].join(" ");
    let whole = words.join(" ");
    let lines: Vec<String> = outcomes.keys.iter().map(|key| Labels::of(names, key).line()).collect();
    let of = |line: &str, year: Option<i32>| -> Vec<Key> {
        let keys = outcomes.keys.iter().zip(&lines);
        keys.filter(|(key, other)| *other == line && year.is_none_or(|year| key.year == year))
            .map(|(key, _)| *key)
            .collect()
    };
    let found = [of(&whole, None), of(&without_year, year)].into_iter().find(|keys| !keys.is_empty());
    if let Some(keys) = found {
        return Ok(keys);
    }
    if let Some(year) = year.filter(|_| lines.contains(&without_year)) {
        let years: Vec<i32> = of(&without_year, None).iter().map(|key| key.year).collect();
        return Err(format!(
            "`{without_year}` has no year {year}: it goes from {} to {}",
            years[0],
            years[years.len() - 1]
        ));
    }
    let mut known: Vec<&str> = lines.iter().map(String::as_str).collect();
    known.dedup();
    Err(format!("no outcome `{without_year}`: {}", suggestion(&without_year, known)))
}
