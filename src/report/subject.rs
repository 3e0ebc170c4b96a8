//! What a report is about: which maker or alliance, which years, and their names for people.

use crate::analysis::Findings;
use crate::scenario::Scenario;
use crate::simulation::outcomes::Who;

/// A region's name for people.
pub fn region_name<'a>(scenario: &'a Scenario, key: &'a str) -> &'a str {
    let region = &scenario.worlds[scenario.reference].file.regions[key];
    region.name.as_deref().unwrap_or(key)
}

/// The maker or alliance the story is about, for people.
pub fn subject_name(scenario: &Scenario, findings: &Findings, who: Who) -> String {
    match who {
        Who::Alliance(alliance) => {
            let key = &findings.names.alliances[alliance];
            let stated = &scenario.worlds[scenario.reference].file.alliances[key];
            stated.name.clone().unwrap_or_else(|| key.clone())
        }
        other => findings.who(other),
    }
}

/// The alliance the report asks for, else the first one, else the first maker.
pub fn subject(scenario: &Scenario, findings: &Findings) -> Who {
    let names = &findings.names;
    let asked = scenario.report.alliance.as_ref();
    let alliance = asked.and_then(|asked| names.alliances.iter().position(|name| name == asked));
    let first_maker = scenario.report.makers.first();
    match alliance.or((!names.alliances.is_empty()).then_some(0)) {
        Some(alliance) => Who::Alliance(alliance),
        None => {
            let maker = first_maker.and_then(|name| names.makers.iter().position(|maker| maker == name));
            Who::Maker(maker.unwrap_or(0))
        }
    }
}

/// The years the report asks for that are simulated; if there are none, the middle and the last one.
pub fn years(scenario: &Scenario, findings: &Findings) -> Vec<i32> {
    let last = findings.last_year();
    let mut years = scenario.report.years.clone();
    years.retain(|year| *year <= last);
    if years.is_empty() {
        years = vec![(findings.base_year + last + 1) / 2, last];
        years.dedup();
    }
    years
}

/// Whether a world proposes an alliance that the reference lacks: it may come to nothing, and may not last.
pub fn proposes_alliance(scenario: &Scenario, findings: &Findings, world: usize) -> bool {
    let without = &scenario.worlds[findings.reference].file.alliances;
    let mut alliances = scenario.worlds[world].file.alliances.iter().filter(|(_, alliance)| alliance.active);
    alliances.any(|(name, _)| !without.get(name).is_some_and(|same| same.active))
}
