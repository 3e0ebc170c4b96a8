//! The outcomes that are looked at where nobody says which.

use crate::calibration::Names;
use crate::scenario::Scenario;
use crate::simulation::outcomes::{Key, Outcome, Outcomes, Who};

/// Shares by region and operating profit of those that the world brings together, in the report's years.
pub(super) fn usual_outcomes(
    scenario: &Scenario,
    world: usize,
    names: &Names,
    outcomes: &Outcomes,
) -> Vec<Key> {
    let file = &scenario.worlds[world].file;
    let before = &scenario.worlds[scenario.reference].file;
    let position = |list: &[String], name: &str| list.iter().position(|other| other == name);
    let mut who: Vec<Who> = Vec::new();
    let new_alliances = file.alliances.iter().filter(|(name, alliance)| {
        alliance.active && !before.alliances.get(*name).is_some_and(|before| before.active)
    });
    for (name, alliance) in new_alliances {
        who.extend(position(&names.alliances, name).map(Who::Alliance));
        who.extend(
            alliance.members.keys().filter_map(|maker| position(&names.makers, maker)).map(Who::Maker),
        );
    }
    if who.is_empty() {
        let mergers = file.mergers.values().filter(|merger| merger.active).flat_map(|merger| &merger.members);
        let makers = mergers.chain(&scenario.report.makers);
        who.extend(makers.filter_map(|maker| position(&names.makers, maker)).map(Who::Maker));
    }
    let last = scenario.last_year;
    let asked =
        scenario.report.years.iter().copied().filter(|&year| year > scenario.base_year && year <= last);
    let mut years: Vec<i32> = asked.collect();
    if years.is_empty() {
        years.push(last);
    }
    let wanted = |key: &&Key| {
        let everyone = key.who == Who::Everyone && key.outcome == Outcome::ConsumerSurplus;
        let of_theirs = who.contains(&key.who)
            && key.powertrain.is_none()
            && matches!(key.outcome, Outcome::Share | Outcome::OperatingProfit);
        years.contains(&key.year) && (everyone || of_theirs)
    };
    outcomes.keys.iter().filter(wanted).copied().collect()
}
