//! Profit weights by year from dated stakes and mergers.

use std::collections::BTreeMap;

use super::Builder;
use crate::market::conduct::{self, Conduct};
use crate::market::model::ConductModel;
use crate::scenario::ownership::{changes, holdings};
use crate::scenario::{Date, Scenario, file::ScenarioFile};

impl Builder<'_> {
    /// A year's weights are the day-weighted mean of those in force: κ is worked out for each stretch of
    /// days between two changes, since a control right is not half a right when it came in July.
    /// Between makers that sell in the region at hand only.
    pub(super) fn conduct(
        &self,
        scenario: &Scenario,
        file: &ScenarioFile,
        sells: impl Fn(usize) -> bool,
    ) -> ConductModel {
        let years = scenario.base_year..=scenario.last_year;
        let n_years = years.clone().count();
        let mut by_pair: BTreeMap<(usize, usize), Vec<f64>> = BTreeMap::new();
        let mergers = file.mergers.values().map(|merger| merger.from);
        let changes: Vec<f64> = changes(file).into_iter().chain(mergers).map(Date::as_year).collect();
        for (at, year) in years.enumerate() {
            let (start, end) = (f64::from(year), f64::from(year + 1));
            let mut days: Vec<f64> =
                changes.iter().copied().filter(|day| start < *day && *day < end).collect();
            days.extend([start, end]);
            days.sort_by(f64::total_cmp);
            days.dedup();
            for stretch in days.windows(2) {
                let weight = stretch[1] - stretch[0];
                let kappa = self.weights(file, 0.5 * (stretch[0] + stretch[1]));
                for (row, column, kappa) in
                    kappa.entries().filter(|&(row, column, _)| sells(row) && sells(column))
                {
                    by_pair.entry((row, column)).or_insert_with(|| vec![0.0; n_years])[at] += weight * kappa;
                }
            }
        }
        ConductModel {
            row: by_pair.keys().map(|pair| pair.0).collect(),
            column: by_pair.keys().map(|pair| pair.1).collect(),
            weight: (0..n_years).map(|at| by_pair.values().map(|years| years[at]).collect()).collect(),
        }
    }

    /// κ on one day. Merged makers weigh each other fully and inherit each other's weights on third parties;
    /// outsiders go on as they did: a firm that a member controls is not set free by a merger.
    fn weights(&self, file: &ScenarioFile, day: f64) -> Conduct<f64> {
        let makers: Vec<&str> = self.names.makers.iter().map(String::as_str).collect();
        let stakes = holdings(file, &makers, day).stakes;
        let mut kappa = conduct::profit_weights(makers.len(), &stakes)
            .expect("checked: stakes of every day fit together");
        for merger in file.mergers.values().filter(|merger| merger.active && merger.from.as_year() <= day) {
            let members: Vec<usize> = merger.members.iter().map(|m| self.names.maker(m)).collect();
            kappa = conduct::merge(&kappa, &members);
        }
        kappa
    }
}
