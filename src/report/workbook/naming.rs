//! What regions, makers, worlds and outcomes are called in the workbook, and in the CSV files.

use crate::analysis::{Findings, title};
use crate::report::subject::{makers_of_interest, region_name, subject_name};
use crate::scenario::Scenario;
use crate::simulation::outcomes::{Key, Who};

/// A run, with the names of its parts for people.
#[derive(Clone, Copy)]
pub struct Naming<'a> {
    pub scenario: &'a Scenario,
    pub findings: &'a Findings,
}

impl Naming<'_> {
    pub fn years(&self) -> Vec<i32> {
        (self.findings.base_year..=self.findings.last_year()).collect()
    }

    pub fn world(&self, world: usize) -> &str {
        &self.scenario.worlds[world].name
    }

    pub fn region(&self, region: Option<usize>) -> String {
        let names = &self.findings.names.regions;
        region
            .map_or_else(|| "all".to_owned(), |region| region_name(self.scenario, &names[region]).to_owned())
    }

    pub fn who(&self, who: Who) -> String {
        match who {
            Who::Everyone => "all".to_owned(),
            other => subject_name(self.scenario, self.findings, other),
        }
    }

    pub fn outcome(&self, key: &Key) -> String {
        title(&self.findings.labels(key).outcome)
    }

    /// The alliances, then the makers that the report is about.
    pub fn of_interest(&self) -> Vec<Who> {
        let names = &self.findings.names;
        let makers = makers_of_interest(self.scenario, self.findings);
        let place = |name: &String| names.makers.iter().position(|maker| maker == name);
        let makers = makers.iter().filter_map(place).map(Who::Maker);
        (0..names.alliances.len()).map(Who::Alliance).chain(makers).collect()
    }

    /// Every name that differs from that in the CSV files: what it names, the name here, the name there.
    pub fn differing(&self) -> Vec<[String; 3]> {
        let names = &self.findings.names;
        let mut found = Vec::new();
        let mut add = |what: &str, here: String, there: &str| {
            let row = [what.to_owned(), here, there.to_owned()];
            if row[1] != row[2] && !found.contains(&row) {
                found.push(row);
            }
        };
        for (world, key) in names.worlds.iter().enumerate() {
            add("world", self.world(world).to_owned(), key);
        }
        for (region, key) in names.regions.iter().enumerate() {
            add("region", self.region(Some(region)), key);
        }
        for alliance in 0..names.alliances.len() {
            let who = Who::Alliance(alliance);
            add("maker", self.who(who), &self.findings.who(who));
        }
        for key in &self.findings.ensemble.outcomes.keys {
            let outcome = self.findings.labels(key).outcome;
            if key.year == self.findings.base_year {
                add("outcome", title(&outcome), &outcome);
            }
        }
        add("region or maker", "all".to_owned(), "");
        found
    }
}
