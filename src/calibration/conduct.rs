//! Profit weights by year from dated stakes and mergers.

use super::Builder;
use crate::market::conduct::{self, Stake};
use crate::market::model::ConductModel;
use crate::scenario::Date;
use crate::scenario::{Scenario, alliance::Control, file::ScenarioFile};

impl Builder<'_> {
    /// Day-weighted stakes of each year become profit weights; merged makers weigh each other fully and
    /// inherit each other's weights on third parties, from their date on.
    pub(super) fn conduct(
        &self,
        scenario: &Scenario,
        file: &ScenarioFile,
        sells: impl Fn(usize) -> bool,
    ) -> ConductModel {
        let n = self.names.makers.len();
        let in_force = |from: f64, until: f64, year: i32| {
            let year = f64::from(year);
            (until.min(year + 1.0) - from.max(year)).clamp(0.0, 1.0)
        };
        let years = scenario.base_year..=scenario.last_year;
        let tables: Vec<Vec<Vec<f64>>> = years
            .map(|year| {
                let stakes: Vec<Stake> = file
                    .stakes
                    .values()
                    .filter(|stake| stake.active)
                    .filter_map(|stake| {
                        let holder = self.names.makers.iter().position(|m| *m == stake.holder)?;
                        let target = self.names.makers.iter().position(|m| *m == stake.target)?;
                        let from = stake.from.map_or(f64::NEG_INFINITY, Date::as_year);
                        let until = stake.until.map_or(f64::INFINITY, Date::as_year);
                        let cash_flow = stake.share.distribution.median() * in_force(from, until, year);
                        let control = match stake.control {
                            Control::Silent => conduct::Control::Silent,
                            Control::Proportional => conduct::Control::Proportional { rest_blocks: 1.0 },
                            Control::Total => conduct::Control::Total,
                        };
                        (cash_flow > 0.0).then_some(Stake { holder, target, cash_flow, control })
                    })
                    .collect();
                let mut kappa =
                    conduct::profit_weights(n, &stakes).expect("checked: stakes are fractions that add up");
                for merger in file.mergers.values().filter(|merger| merger.active) {
                    let weight = in_force(merger.from.as_year(), f64::INFINITY, year);
                    let members: Vec<usize> = merger.members.iter().map(|m| self.names.maker(m)).collect();
                    let merged = conduct::merge(&kappa, &members);
                    for (weights, merged) in kappa.iter_mut().flatten().zip(merged.iter().flatten()) {
                        *weights += weight * (merged - *weights);
                    }
                }
                kappa
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
}
