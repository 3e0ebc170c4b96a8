//! Where the units come from: whose units a world's gain is taken from, and how many are bought that
//! nobody would have bought.
//!
//! Every unit that a maker or alliance gains is one that another maker loses, or one more that is sold in the
//! region: the gain is the sum of the others' losses and of the change of all sales, draw by draw, so that the means
//! add up.

use super::answer::words::{VISIBLE, about, capital, in_region, joined};
use super::chart::{Figure, Panel, Step, ValueFormat, Waterfall};
use super::subject::{main_regions, region_name, source_line, subject_name, subject_of, years};
use super::table::{Cell, Kind, Table, columns};
use super::tables::{condition_name, statistics};
use crate::analysis::Findings;
use crate::scenario::Scenario;
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::summary::Estimate;

/// The source that is no maker: people who would not have bought.
const NO_PURCHASE: &str = "no purchase";
/// The source of a row that has all sources together.
const TOTAL: &str = "total";
/// Makers that a chart shows one by one, and makers that a sentence names.
const MAKERS_DRAWN: usize = 8;
const MAKERS_NAMED: usize = 3;

/// One world, region, condition and year: what is gained, and what from.
struct Gain<'a> {
    findings: &'a Findings,
    world: usize,
    region: usize,
    condition: Condition,
    year: i32,
    /// Makers among those who gain.
    members: Vec<usize>,
    key: Key,
}

/// One source, and the units that come from it.
struct Source<'a> {
    name: &'a str,
    /// Key of what changes; its powertrain is that of the units given up.
    key: Key,
    given: Estimate,
}

impl<'a> Gain<'a> {
    fn of(scenario: &Scenario, findings: &'a Findings, world: usize, region: usize) -> Gain<'a> {
        let who = subject_of(scenario, findings, world);
        let year = years(scenario, findings).into_iter().max().unwrap_or(findings.last_year());
        let key = Key::total(Outcome::Units, year).of(who).in_region(region);
        let members = members(scenario, findings, world, who);
        Gain { findings, world, region, condition: Condition::Proceeds, year, members, key }
    }

    fn change(&self, key: &Key) -> Option<&'a Estimate> {
        self.findings.difference(self.world, self.condition, key).filter(|change| change.n > 0)
    }

    /// Units gained; less than zero where they are lost.
    fn total(&self) -> Option<&'a Estimate> {
        self.change(&self.key.in_year(self.year))
    }

    /// The other makers' losses, all powertrains together or one by one, in the order of the names.
    fn losses(&self) -> impl Iterator<Item = Source<'a>> {
        let names = &self.findings.names;
        let others = (0..names.makers.len()).filter(|maker| !self.members.contains(maker));
        let everyone = Key::total(Outcome::Units, self.year).in_region(self.region);
        others.flat_map(move |maker| {
            let together = everyone.of(Who::Maker(maker));
            let each =
                (0..names.powertrains.len()).map(move |powertrain| together.with_powertrain(powertrain));
            std::iter::once(together).chain(each).filter_map(move |key| {
                Some(Source { name: &names.makers[maker], key, given: self.change(&key)?.negated() })
            })
        })
    }

    /// What is bought that nobody would have bought: the change of all sales.
    fn no_purchase(&self) -> Option<Source<'a>> {
        let key = Key::total(Outcome::Units, self.year).in_region(self.region);
        Some(Source { name: NO_PURCHASE, key, given: *self.change(&key)? })
    }

    /// The makers' losses, the largest first.
    fn makers(&self) -> Vec<Source<'a>> {
        let mut makers: Vec<Source> =
            self.losses().filter(|source| source.key.powertrain.is_none()).collect();
        makers.sort_by(|a, b| b.given.mean.abs().total_cmp(&a.given.mean.abs()));
        makers
    }
}

/// The makers that a subject stands for in a world.
fn members(scenario: &Scenario, findings: &Findings, world: usize, who: Who) -> Vec<usize> {
    let names = &findings.names;
    match who {
        Who::Alliance(alliance) => {
            let stated = &scenario.worlds[world].file.alliances;
            let members = stated.get(&names.alliances[alliance]).map(|alliance| &alliance.members);
            let members = members.into_iter().flatten().map(|(name, _)| name);
            members.filter_map(|name| names.makers.iter().position(|maker| maker == name)).collect()
        }
        Who::Maker(maker) => vec![maker],
        Who::Everyone => Vec::new(),
    }
}

/// `sources`: for each world's subject, region, condition and reported year, the units that come from each other maker
/// and powertrain, from people who would not have bought, and in total.
pub fn table<'a>(scenario: &'a Scenario, findings: &'a Findings) -> Table<'a> {
    let keys = columns(Kind::Text, "world,reference,condition,gained_by,region,source,powertrain,unit");
    let keys = keys.chain(columns(Kind::Year, "year")).chain(columns(Kind::Count, "n"));
    let figures = columns(Kind::Figure, "mean,sd,se,p05,p25,p50,p75,p95");
    let (names, unit) = (&findings.names, findings.names.words.units.as_str());
    Table::new(keys.chain(figures).collect(), move |take| {
        for comparison in &findings.ensemble.comparisons {
            let world = comparison.world;
            let gained_by = findings.who(subject_of(scenario, findings, world));
            for condition in Condition::ALL {
                for region in 0..names.regions.len() {
                    for year in years(scenario, findings) {
                        let gain = Gain { condition, year, ..Gain::of(scenario, findings, world, region) };
                        let Some(total) = gain.total() else { continue };
                        let total = Source { name: TOTAL, key: gain.key.in_year(year), given: *total };
                        for source in gain.losses().chain(gain.no_purchase()).chain([total]) {
                            let powertrain = source.key.powertrain.map_or("", |p| &names.powertrains[p]);
                            let scope = [
                                &names.worlds[world],
                                &names.worlds[findings.reference],
                                condition_name(condition),
                                &gained_by,
                                &names.regions[region],
                                source.name,
                                powertrain,
                                unit,
                            ];
                            let mut row = scope.map(Cell::Text).to_vec();
                            row.extend(statistics(&source.key, &source.given));
                            take(&row);
                        }
                    }
                }
            }
        }
    })
}

/// A waterfall of each world's gain by source, a panel per region; with the world's position.
pub fn figures(scenario: &Scenario, findings: &Findings) -> Vec<(usize, Figure)> {
    let worlds = findings.ensemble.comparisons.iter().map(|comparison| comparison.world);
    worlds.filter_map(|world| Some((world, figure(scenario, findings, world)?))).collect()
}

fn figure(scenario: &Scenario, findings: &Findings, world: usize) -> Option<Figure> {
    let panels: Vec<Panel> = main_regions(findings)
        .into_iter()
        .filter_map(|region| {
            let gain = Gain::of(scenario, findings, world, region);
            let total = gain.total()?;
            let makers = gain.makers();
            let (shown, rest) = makers.split_at(makers.len().min(MAKERS_DRAWN));
            let mut parts: Vec<Step> = shown.iter().map(|source| step(source.name, &source.given)).collect();
            if !rest.is_empty() {
                // Quantiles of a sum are not those of its parts: the bar has no interval.
                let mean = rest.iter().map(|source| source.given.mean).sum();
                parts.push(Step {
                    label: format!("{} others", rest.len()),
                    mean,
                    p05: f64::NAN,
                    p95: f64::NAN,
                });
            }
            parts.extend(gain.no_purchase().map(|source| step(source.name, &source.given)));
            Some(Panel::Waterfall(Waterfall {
                title: region_name(scenario, &findings.names.regions[region]).to_owned(),
                unit: format!("{} in {} that come from", capital(&findings.names.words.units), gain.year),
                format: ValueFormat::Units,
                parts,
                total: step("all together", total),
            }))
        })
        .collect();
    let names = &scenario.worlds;
    let subject = subject_name(scenario, findings, subject_of(scenario, findings, world));
    (!panels.is_empty()).then(|| Figure {
        title: format!("Where the {} of {subject} come from", findings.names.words.units),
        subtitle: format!(
            "“{}” against “{}”, if it goes ahead: mean and 90 % of draws; below zero: where they go to",
            names[world].name, names[findings.reference].name
        ),
        source_line: source_line(scenario),
        panels,
    })
}

fn step(label: &str, given: &Estimate) -> Step {
    Step { label: label.to_owned(), mean: given.mean, p05: given.p05, p95: given.p95 }
}

/// A sentence per world: from whom most units come, by region.
pub fn sentences(scenario: &Scenario, findings: &Findings) -> Vec<String> {
    let worlds = findings.ensemble.comparisons.iter().map(|comparison| comparison.world);
    worlds.filter_map(|world| sentence(scenario, findings, world)).collect()
}

fn sentence(scenario: &Scenario, findings: &Findings, world: usize) -> Option<String> {
    let gains = main_regions(findings).into_iter().map(|region| Gain::of(scenario, findings, world, region));
    let clauses: Vec<String> = gains.filter_map(|gain| clause(scenario, &gain)).collect();
    let year = years(scenario, findings).into_iter().max()?;
    let subject = subject_name(scenario, findings, subject_of(scenario, findings, world));
    let units = &findings.names.words.units;
    (!clauses.is_empty()).then(|| {
        format!(
            "Where the {units} come from: under “{}”, if it goes ahead, {subject} in {year}: {}.",
            scenario.worlds[world].name,
            clauses.join("; ")
        )
    })
}

/// What a region's gain or loss is made of, if it is worth a word.
fn clause(scenario: &Scenario, gain: &Gain) -> Option<String> {
    let findings = gain.findings;
    let total = gain.total()?.mean;
    let sales = Key::total(Outcome::Units, gain.year).in_region(gain.region);
    let size = findings.level(findings.reference, &sales)?.mean;
    if total.abs() < VISIBLE * size {
        return None;
    }
    // What goes the way of the total.
    let along = |given: f64| if given * total > 0.0 { given.abs() } else { 0.0 };
    let makers = gain.makers();
    let most: Vec<String> = makers
        .iter()
        .filter(|source| along(source.given.mean) >= 0.5)
        .take(MAKERS_NAMED)
        .map(|source| format!("{} ({})", source.name, about(source.given.mean)))
        .collect();
    let new = gain.no_purchase().map_or(0.0, |source| along(source.given.mean));
    let (more, from, people) = match total > 0.0 {
        true => ("more", "from", "people who would not have bought"),
        false => ("fewer", "to", "people who now do not buy"),
    };
    let above_all =
        if most.is_empty() { String::new() } else { format!("above all {from} {}, and ", joined(&most)) };
    let new = if new >= 0.5 { about(new) } else { "none".to_owned() };
    let region = in_region(region_name(scenario, &findings.names.regions[gain.region]));
    Some(format!("{} {more} in {region}, {above_all}{new} {from} {people}", about(total)))
}
