//! `Findings`: an ensemble with the names of its parts.

use crate::calibration::Names;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::summary::Estimate;
use crate::simulation::{Condition, Ensemble};

/// Everything that reports are made from.
#[derive(Clone, Debug)]
pub struct Findings {
    pub names: Names,
    /// World whose differences are zero.
    pub reference: usize,
    pub base_year: i32,
    pub ensemble: Ensemble,
}

/// What an outcome's row says about itself; an inapplicable label is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub outcome: String,
    pub unit: &'static str,
    pub region: String,
    pub manufacturer: String,
    pub powertrain: String,
}

impl Findings {
    /// Walks through all columns in the order of the files: key, year, column.
    pub fn each_column(&self, mut visit: impl FnMut(&Key, i32, usize)) {
        let n_years = self.ensemble.outcomes.n_years;
        for (position, key) in self.ensemble.outcomes.keys.iter().enumerate() {
            for year in 0..n_years {
                visit(key, self.base_year + year as i32, position * n_years + year);
            }
        }
    }

    pub fn last_year(&self) -> i32 {
        self.base_year + self.ensemble.outcomes.n_years as i32 - 1
    }

    /// The column of an outcome in a calendar year, if it is recorded.
    pub fn column(&self, key: &Key, year: i32) -> Option<usize> {
        let index = usize::try_from(year - self.base_year).ok()?;
        (index < self.ensemble.outcomes.n_years).then(|| self.ensemble.outcomes.column(key, index))?
    }

    /// A level in a world.
    pub fn level(&self, world: usize, key: &Key, year: i32) -> Option<&Estimate> {
        Some(&self.ensemble.levels[world][self.column(key, year)?])
    }

    /// A world minus the reference.
    pub fn difference(&self, world: usize, condition: Condition, key: &Key, year: i32) -> Option<&Estimate> {
        let comparison = self.ensemble.comparisons.iter().find(|comparison| comparison.world == world)?;
        Some(&comparison.conditions[condition as usize][self.column(key, year)?])
    }

    pub fn labels(&self, key: &Key) -> Labels {
        let names = &self.names;
        let (outcome, unit) = self.outcome(key.outcome);
        Labels {
            outcome,
            unit,
            region: key.region.map_or_else(String::new, |region| names.regions[region].clone()),
            manufacturer: self.who(key.who),
            powertrain: key.powertrain.map_or_else(String::new, |p| names.powertrains[p].clone()),
        }
    }

    /// A maker's name, `alliance:<name>`, or nothing for everyone together.
    pub fn who(&self, who: Who) -> String {
        match who {
            Who::Everyone => String::new(),
            Who::Maker(maker) => self.names.makers[maker].clone(),
            Who::Alliance(alliance) => format!("alliance:{}", self.names.alliances[alliance]),
        }
    }

    /// Name and unit of an outcome, as the files write them.
    fn outcome(&self, outcome: Outcome) -> (String, &'static str) {
        let of_pool = |name: &str, pool: Option<usize>| match pool {
            Some(pool) => format!("{name}:{}", self.names.pools[pool]),
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
                (format!("{}_share", self.names.powertrains[p].replace('-', "_")), "fraction")
            }
            Outcome::Hhi => ("hhi".into(), "0-10000"),
            Outcome::ConsumerSurplus => ("consumer_surplus".into(), "USD bn"),
            Outcome::Saving(pool) => (of_pool("saving", pool), "USD bn"),
            Outcome::SavingPerCar(pool) => (of_pool("saving_per_car", pool), "USD"),
        }
    }
}
