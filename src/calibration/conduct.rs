//! Profit weights by year from dated stakes and mergers.

use std::collections::{BTreeMap, BTreeSet};

use super::Builder;
use super::names::position;
use crate::market::conduct::{self, Conduct, Stake};
use crate::market::model::{ConductModel, ConductStretch};
use crate::scenario::ownership::{Holdings, changes, ends_with, holdings, tied_alliances};
use crate::scenario::{Date, Scenario, file::ScenarioFile};

impl Builder<'_> {
    /// A year's weights are the day-weighted mean of those in force: κ is worked out for each stretch of
    /// days between two changes, since a control right is not half a right when it came in July; and for each
    /// set of alliances that may have broken up and ended mergers or stakes.
    /// Between makers that sell in the region at hand only.
    pub(super) fn conduct(
        &self,
        scenario: &Scenario,
        file: &ScenarioFile,
        sells: impl Fn(usize) -> bool,
    ) -> ConductModel {
        let tied = tied_alliances(file);
        let mergers = file.mergers.values().map(|merger| merger.from);
        let changes: Vec<f64> = changes(file).into_iter().chain(mergers).map(Date::as_year).collect();
        let years: Vec<Vec<Stretch>> = (scenario.base_year..=scenario.last_year)
            .map(|year| self.stretches(file, &tied, &changes, year))
            .collect();
        let every = years.iter().flatten().flat_map(|stretch| &stretch.kappa);
        let pairs: BTreeSet<(usize, usize)> = every
            .flat_map(|kappa| kappa.entries().map(|(row, column, _)| (row, column)).collect::<Vec<_>>())
            .filter(|&(row, column)| sells(row) && sells(column))
            .collect();
        let entries = |kappa: &Conduct<f64>| -> Vec<f64> {
            let known: BTreeMap<(usize, usize), f64> =
                kappa.entries().map(|(row, column, kappa)| ((row, column), kappa)).collect();
            pairs.iter().map(|pair| known.get(pair).copied().unwrap_or(0.0)).collect()
        };
        let stretches: Vec<Vec<ConductStretch>> = years
            .iter()
            .map(|year| {
                let model = |stretch: &Stretch| ConductStretch {
                    from: stretch.from,
                    until: stretch.until,
                    weight: stretch.kappa.iter().map(entries).collect(),
                };
                year.iter().map(model).collect()
            })
            .collect();
        let mean = |year: &Vec<ConductStretch>| {
            let mut mean = vec![0.0; pairs.len()];
            for stretch in year {
                for (mean, kappa) in mean.iter_mut().zip(&stretch.weight[0]) {
                    *mean += (stretch.until - stretch.from) * kappa;
                }
            }
            mean
        };
        ConductModel {
            row: pairs.iter().map(|pair| pair.0).collect(),
            column: pairs.iter().map(|pair| pair.1).collect(),
            weight: stretches.iter().map(mean).collect(),
            stretches: if tied.is_empty() { Vec::new() } else { stretches },
            tied: tied.iter().map(|name| position(&self.names.alliances, name)).collect(),
        }
    }

    /// The stretches of a year's days between two changes, each with κ for every set of alliances broken up.
    fn stretches(&self, file: &ScenarioFile, tied: &[&str], changes: &[f64], year: i32) -> Vec<Stretch> {
        let (start, end) = (f64::from(year), f64::from(year + 1));
        let mut days: Vec<f64> = changes.iter().copied().filter(|day| start < *day && *day < end).collect();
        days.extend([start, end]);
        days.sort_by(f64::total_cmp);
        days.dedup();
        days.windows(2)
            .map(|days| {
                let sets = 0..1_usize << tied.len();
                let broken = |set: usize| {
                    let bits = tied.iter().enumerate().filter(move |(bit, _)| set >> bit & 1 == 1);
                    bits.map(|(_, name)| *name).collect::<Vec<_>>()
                };
                let middle = 0.5 * (days[0] + days[1]);
                Stretch {
                    from: days[0],
                    until: days[1],
                    kappa: sets.map(|set| self.weights(file, middle, &broken(set))).collect(),
                }
            })
            .collect()
    }

    /// κ on one day, some alliances having broken up. Merged makers weigh each other fully and inherit each
    /// other's weights on third parties; outsiders go on as they did: a firm that a member controls is not set
    /// free by a merger.
    fn weights(&self, file: &ScenarioFile, day: f64, broken: &[&str]) -> Conduct<f64> {
        let makers: Vec<&str> = self.names.makers.iter().map(String::as_str).collect();
        let Holdings { keys, stakes, .. } = holdings(file, &makers, day);
        let lasts = |key: &str| {
            let alliance = file.stakes.get(key).and_then(|stake| stake.alliance.as_deref());
            alliance.is_none_or(|alliance| !broken.contains(&alliance))
        };
        let stakes: Vec<Stake> =
            stakes.into_iter().zip(keys).filter(|(_, key)| lasts(key)).map(|(stake, _)| stake).collect();
        let mut kappa = conduct::profit_weights(makers.len(), &stakes)
            .expect("checked: stakes of every day fit together");
        let mergers = file.mergers.values().filter(|merger| merger.active && merger.from.as_year() <= day);
        for merger in mergers.filter(|merger| !ends_with(file, merger).iter().any(|a| broken.contains(a))) {
            let members: Vec<usize> = merger.members.iter().map(|m| self.names.maker(m)).collect();
            kappa = conduct::merge(&kappa, &members);
        }
        kappa
    }

    /// Calendar time of the first merger or stake that ends with an alliance; infinite without one.
    pub(super) fn first_control(&self, file: &ScenarioFile, alliance: &str) -> f64 {
        let mergers = file.mergers.values().filter(|merger| merger.active);
        let mergers = mergers.filter(|merger| ends_with(file, merger).contains(&alliance));
        let stakes = file.stakes.values().filter(|stake| stake.active);
        let stakes = stakes.filter(|stake| stake.alliance.as_deref() == Some(alliance));
        let stakes = stakes.map(|stake| stake.from.map_or(f64::NEG_INFINITY, Date::as_year));
        mergers.map(|merger| merger.from.as_year()).chain(stakes).fold(f64::INFINITY, f64::min)
    }
}

/// Days between two changes, in calendar time; κ by set of alliances broken up.
struct Stretch {
    from: f64,
    until: f64,
    kappa: Vec<Conduct<f64>>,
}
