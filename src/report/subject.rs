//! What a report is about: which maker or alliance, which years, and their names for people.

use crate::analysis::Findings;
use crate::scenario::Scenario;
use crate::simulation::outcomes::{Key, Outcome, Who};

/// Makers told of where the scenario names none.
const MAKERS_TOLD_OF: usize = 7;
/// Most regions that charts and sentences are about.
const MAIN_REGIONS: usize = 9;

/// The line under every chart that says where its figures come from.
pub fn source_line(scenario: &Scenario) -> String {
    match scenario.source.is_empty() {
        true => "Source: keiretsu".to_owned(),
        false => format!("Source: {}", scenario.source),
    }
}

/// Draws of parts that were not merged, if some were not.
pub fn missing(scenario: &Scenario, findings: &Findings) -> Option<u64> {
    // A run that ends when it is precise enough is not cut into parts.
    let asked = scenario.precision.is_none().then_some(scenario.replications)?;
    asked.checked_sub(findings.ensemble.replications).filter(|missing| *missing > 0)
}

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
            let mut stated = scenario.worlds.iter().filter_map(|world| world.file.alliances.get(key));
            stated.find_map(|stated| stated.name.clone()).unwrap_or_else(|| key.clone())
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

/// Regions that charts and sentences are about: all, or the largest of many by units in the base year, in their order.
pub fn main_regions(findings: &Findings) -> Vec<usize> {
    let units = |region: &usize| {
        let key = Key::total(Outcome::Units, findings.base_year).in_region(*region);
        findings.level(findings.reference, &key).map_or(0.0, |units| units.mean)
    };
    let mut regions: Vec<usize> = (0..findings.names.regions.len()).collect();
    regions.sort_by(|a, b| units(b).total_cmp(&units(a)));
    regions.truncate(MAIN_REGIONS);
    regions.sort_unstable();
    regions
}

/// Whom a world is about: the alliance that it proposes, the report's own one first; else the report's subject.
pub fn subject_of(scenario: &Scenario, findings: &Findings, world: usize) -> Who {
    let proposed = proposed_alliances(scenario, findings, world);
    match subject(scenario, findings) {
        Who::Alliance(asked) if proposed.contains(&asked) => Who::Alliance(asked),
        asked => proposed.first().map_or(asked, |&alliance| Who::Alliance(alliance)),
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
    !proposed_alliances(scenario, findings, world).is_empty()
}

/// The alliances that a world has and the reference lacks, in the order of the names.
pub fn proposed_alliances(scenario: &Scenario, findings: &Findings, world: usize) -> Vec<usize> {
    let is_active = |world: usize, name: &String| {
        scenario.worlds[world].file.alliances.get(name).is_some_and(|alliance| alliance.active)
    };
    let names = findings.names.alliances.iter().enumerate();
    names
        .filter(|(_, name)| is_active(world, name) && !is_active(findings.reference, name))
        .map(|(alliance, _)| alliance)
        .collect()
}

/// The makers that the report names, else the alliance's members and the largest others: now, or in the last year, so
/// that an entrant is among them.
pub fn makers_of_interest(scenario: &Scenario, findings: &Findings) -> Vec<String> {
    if !scenario.report.makers.is_empty() {
        return scenario.report.makers.clone();
    }
    let mut makers: Vec<String> = Vec::new();
    if let Who::Alliance(alliance) = subject(scenario, findings) {
        let file = &scenario.worlds[scenario.reference].file;
        makers.extend(file.alliances[&findings.names.alliances[alliance]].members.keys().cloned());
    }
    let mut by_units: Vec<(f64, &String)> = findings
        .names
        .makers
        .iter()
        .enumerate()
        .map(|(maker, name)| {
            let units = |year| {
                let key = Key::total(Outcome::Units, year).of(Who::Maker(maker));
                findings.level(findings.reference, &key).map_or(0.0, |units| units.mean)
            };
            (units(findings.base_year).max(units(findings.last_year())), name)
        })
        .filter(|(units, name)| *units > 0.0 && !makers.contains(name))
        .collect();
    by_units.sort_by(|a, b| b.0.total_cmp(&a.0));
    let missing = MAKERS_TOLD_OF.saturating_sub(makers.len());
    makers.extend(by_units.into_iter().take(missing).map(|(_, name)| name.clone()));
    makers
}
