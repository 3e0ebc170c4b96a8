//! Stakes as they are in force on one day, for the rules about them and for the profit weights.

use std::collections::BTreeSet;

use super::alliance::{Control, Merger};
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

/// The alliance whose break-up ends a merger: the stated one, otherwise the active ones that all its members
/// belong to (the checks let no more than one pass). One that is not active does not break up.
pub fn ends_with<'a>(file: &'a ScenarioFile, merger: &'a Merger) -> Vec<&'a str> {
    let active = file.alliances.iter().filter(|(_, alliance)| alliance.active);
    let with = active.filter(|(key, alliance)| match &merger.alliance {
        Some(stated) => stated == *key,
        None => !merger.permanent && merger.members.iter().all(|m| alliance.members.contains_key(m)),
    });
    with.map(|(key, _)| key.as_str()).collect()
}

/// Profit weights are worked out for every set of them that has broken up.
pub const MOST_TIED: usize = 6;

/// The alliances whose break-up ends a merger or stake, in the order of the file.
pub fn tied_alliances(file: &ScenarioFile) -> Vec<&str> {
    let mergers = file.mergers.values().filter(|merger| merger.active);
    let of_mergers: Vec<&str> = mergers.flat_map(|merger| ends_with(file, merger)).collect();
    let stakes = file.stakes.values().filter(|stake| stake.active);
    let of_stakes: Vec<&str> = stakes.filter_map(|stake| stake.alliance.as_deref()).collect();
    let active = file.alliances.iter().filter(|(_, alliance)| alliance.active);
    let keys = active.map(|(key, _)| key.as_str());
    keys.filter(|key| of_mergers.contains(key) || of_stakes.contains(key)).collect()
}
