//! Stakes as they are in force on one day, for the rules about them and for the profit weights.

use std::collections::BTreeSet;

use super::alliance::Control;
use super::date::Date;
use super::file::ScenarioFile;
use crate::market::conduct::{self, Stake};

/// Who holds what of whom on one day.
pub struct Holdings<'a> {
    /// Makers, as given, then holders that are none of them, by first appearance.
    pub owners: Vec<&'a str>,
    /// The stakes' names in the file; as many as `stakes`.
    pub keys: Vec<&'a str>,
    pub stakes: Vec<Stake>,
}

/// The stakes in force on a day (calendar time). A stake in whoever is not among `makers` is left out.
pub fn holdings<'a>(file: &'a ScenarioFile, makers: &[&'a str], day: f64) -> Holdings<'a> {
    let mut holdings = Holdings { owners: makers.to_vec(), keys: Vec::new(), stakes: Vec::new() };
    for (key, stake) in &file.stakes {
        let begun = stake.from.is_none_or(|from| from.as_year() <= day);
        let over = stake.until.is_some_and(|until| until.as_year() <= day);
        let Some(target) = makers.iter().position(|maker| *maker == stake.target) else { continue };
        let cash_flow = stake.share.distribution.median();
        if !stake.active || !begun || over || cash_flow == 0.0 {
            continue;
        }
        let owners = &mut holdings.owners;
        let holder = owners.iter().position(|owner| *owner == stake.holder).unwrap_or_else(|| {
            owners.push(&stake.holder);
            owners.len() - 1
        });
        let control = match stake.control {
            Control::Silent => conduct::Control::Silent,
            Control::Proportional => conduct::Control::Proportional { rest_blocks: 1.0 },
            Control::Total => conduct::Control::Total,
        };
        holdings.keys.push(key);
        holdings.stakes.push(Stake { holder, target, cash_flow, control });
    }
    holdings
}

/// Every day on which a stake begins or ends, in order.
pub fn changes(file: &ScenarioFile) -> Vec<Date> {
    let days: BTreeSet<Date> =
        file.stakes.values().flat_map(|stake| [stake.from, stake.until]).flatten().collect();
    days.into_iter().collect()
}
