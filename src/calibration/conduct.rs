//! Profit weights by year from dated stakes and mergers.

use super::Builder;
use crate::market::conduct::{self, Stake};
use crate::market::model::ConductModel;
use crate::scenario::Date;
use crate::scenario::{Scenario, alliance::Control, file::ScenarioFile};

impl Builder<'_> {
    /// A year's weights are the day-weighted mean of those in force: κ is worked out for each stretch of
    /// days between two changes, since a control right is not half a right when it came in July.
    /// Merged makers weigh each other fully and inherit each other's weights on third parties.
    pub(super) fn conduct(
        &self,
        scenario: &Scenario,
        file: &ScenarioFile,
        sells: impl Fn(usize) -> bool,
    ) -> ConductModel {
        let n = self.names.makers.len();
        let years = scenario.base_year..=scenario.last_year;
        let tables: Vec<Vec<Vec<f64>>> = years
            .map(|year| {
                let (start, end) = (f64::from(year), f64::from(year + 1));
                let mut days: Vec<f64> =
                    changes(file).into_iter().filter(|day| start < *day && *day < end).collect();
                days.extend([start, end]);
                days.sort_by(f64::total_cmp);
                days.dedup();
                let mut mean = vec![vec![0.0; n]; n];
                for stretch in days.windows(2) {
                    let weight = stretch[1] - stretch[0];
                    let kappa = self.weights(file, 0.5 * (stretch[0] + stretch[1]));
                    for (mean, kappa) in mean.iter_mut().flatten().zip(kappa.iter().flatten()) {
                        *mean += weight * kappa;
                    }
                }
                mean
            })
            .collect();
        let entries: Vec<(usize, usize)> = (0..n)
            .flat_map(|row| (0..n).map(move |column| (row, column)))
            .filter(|&(row, column)| row != column && sells(row) && sells(column))
            .filter(|&(row, column)| tables.iter().any(|kappa| kappa[row][column] != 0.0))
            .collect();
        ConductModel {
            row: entries.iter().map(|entry| entry.0).collect(),
            column: entries.iter().map(|entry| entry.1).collect(),
            weight: tables
                .iter()
                .map(|kappa| entries.iter().map(|&(row, column)| kappa[row][column]).collect())
                .collect(),
        }
    }

    /// κ on one day.
    fn weights(&self, file: &ScenarioFile, day: f64) -> Vec<Vec<f64>> {
        let maker = |name: &String| self.names.makers.iter().position(|maker| maker == name);
        let stakes: Vec<Stake> = file
            .stakes
            .values()
            .filter(|stake| stake.active)
            .filter(|stake| stake.from.is_none_or(|from| from.as_year() <= day))
            .filter(|stake| stake.until.is_none_or(|until| day < until.as_year()))
            .filter_map(|stake| {
                let control = match stake.control {
                    Control::Silent => conduct::Control::Silent,
                    Control::Proportional => conduct::Control::Proportional { rest_blocks: 1.0 },
                    Control::Total => conduct::Control::Total,
                };
                let cash_flow = stake.share.distribution.median();
                let (holder, target) = (maker(&stake.holder)?, maker(&stake.target)?);
                (cash_flow > 0.0).then_some(Stake { holder, target, cash_flow, control })
            })
            .collect();
        let n = self.names.makers.len();
        let mut kappa =
            conduct::profit_weights(n, &stakes).expect("checked: stakes are fractions that add up");
        for merger in file.mergers.values().filter(|merger| merger.active && merger.from.as_year() <= day) {
            let members: Vec<usize> = merger.members.iter().map(|m| self.names.maker(m)).collect();
            let mut merged = conduct::merge(&kappa, &members);
            // Outsiders go on as they did: a firm that a member controls is not set free by a merger.
            for member in members {
                kappa[member] = std::mem::take(&mut merged[member]);
            }
        }
        kappa
    }
}

/// Every day on which a stake or merger begins or ends, in calendar years.
fn changes(file: &ScenarioFile) -> Vec<f64> {
    let stakes = file.stakes.values().flat_map(|stake| [stake.from, stake.until]).flatten();
    stakes.chain(file.mergers.values().map(|merger| merger.from)).map(Date::as_year).collect()
}
