//! The story of one draw: what was drawn far from its median, what happened when, and what it did year by year.

use std::fmt::Write;

use super::answer::words::{four_digits, points, sum};
use super::subject::{main_regions, region_name, subject_name, subject_of};
use super::table_style;
use crate::analysis::Findings;
use crate::scenario::Scenario;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::{Experiment, Kept, Request};
use crate::uncertainty::Role;

/// Inputs told of: those drawn farthest from their medians.
const INPUTS: usize = 8;

/// One replication, simulated with all its outcomes: each by itself in `kept`.
pub struct Replay<'a> {
    pub scenario: &'a Scenario,
    pub experiment: &'a Experiment,
    pub request: &'a Request,
    pub findings: &'a Findings,
    pub kept: &'a Kept,
    pub replication: u64,
}

impl Replay<'_> {
    /// The whole story, for people.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{}, replication {}, seed {}\n",
            self.scenario.title, self.replication, self.experiment.seed
        );
        if self.kept.failed > 0 {
            let why = self.findings.failures().join("; ");
            let _ = writeln!(text, "\nThis replication failed and is in no statistic: {why}");
            return text;
        }
        let _ = writeln!(text, "\nDrawn farthest from their medians:\n\n{}", self.inputs());
        for (place, &world) in self.request.worlds().iter().enumerate() {
            if world != self.experiment.reference {
                text += &self.world(place, world);
            }
        }
        text
    }

    fn inputs(&self) -> comfy_table::Table {
        let draws = self.experiment.draws();
        let parameters = self.experiment.space.parameters().iter().enumerate();
        let mut drawn: Vec<(f64, usize)> = parameters
            .filter(|(_, known)| known.role == Role::Input)
            .filter_map(|(index, _)| Some((draws.uniform(index, self.replication)?, index)))
            .collect();
        drawn.sort_by(|a, b| (b.0 - 0.5).abs().total_cmp(&(a.0 - 0.5).abs()).then(a.1.cmp(&b.1)));
        let mut table = table_style::plain(["input", "drawn", "median", "higher than in", "unit"]);
        // Versions of an input in several worlds come from one uniform.
        drawn.dedup_by(|b, a| {
            self.experiment.space.parameters()[a.1].key == self.experiment.space.parameters()[b.1].key
        });
        for (uniform, index) in drawn.into_iter().take(INPUTS) {
            let known = &self.experiment.space.parameters()[index];
            let mut value = [0.0];
            draws.evaluate_parameter(index, self.replication, &mut value);
            table.add_row([
                known.key.clone(),
                four_digits(value[0]),
                four_digits(known.distribution.median()),
                format!("{:.0} of 100 draws", 100.0 * uniform),
                known.provenance.unit.clone().unwrap_or_default(),
            ]);
        }
        table
    }

    fn value(&self, place: usize, key: &Key) -> Option<f64> {
        let value = self.kept.draws(place, self.request.outcomes.column(key)?)[0];
        value.is_finite().then_some(value)
    }

    /// What happens in a world, beside the reference.
    fn world(&self, place: usize, world: usize) -> String {
        let who = subject_of(self.scenario, self.findings, world);
        let name = subject_name(self.scenario, self.findings, who);
        let of = &self.scenario.worlds[world].name;
        let reference = &self.scenario.worlds[self.experiment.reference].name;
        let mut text = format!("\n“{of}” against “{reference}”\n");
        if !self.experiment.proposed[world].is_empty() {
            let goes_ahead = match self.kept.goes_ahead(place)[0] {
                true => "In this draw it goes ahead",
                false => "In this draw it does not go ahead; what follows is what it would do",
            };
            let breakup = self.kept.breakup(place)[0];
            let end = match breakup < f64::from(self.findings.last_year()) + 1.0 {
                true => format!("it breaks up in {}", breakup.floor()),
                false => format!("it lasts to {}", self.findings.last_year()),
            };
            let _ = writeln!(text, "{goes_ahead}; {end}.");
        }
        let regions = main_regions(self.findings);
        let mut header = vec!["year".to_owned()];
        for &region in &regions {
            let region = region_name(self.scenario, &self.findings.names.regions[region]);
            header.extend([format!("{region}: share"), "change".to_owned()]);
        }
        header.extend(["operating profit".to_owned(), "change".to_owned()]);
        let mut table = table_style::plain(header.iter().map(String::as_str));
        for year in self.findings.base_year..=self.findings.last_year() {
            table.add_row(self.year(place, who, year, &regions));
        }
        let _ = writeln!(text, "{name}:\n\n{table}");
        text
    }

    fn year(&self, place: usize, who: Who, year: i32, regions: &[usize]) -> Vec<String> {
        let reference = self.request.place(self.experiment.reference).expect("always simulated");
        let pair = |key: &Key| Some((self.value(place, key)?, self.value(reference, key)?));
        let nothing = || ["–".to_owned(), "–".to_owned()];
        let mut row = vec![year.to_string()];
        for &region in regions {
            let share = pair(&Key::total(Outcome::Share, year).of(who).in_region(region));
            row.extend(share.map_or_else(nothing, |(with, without)| {
                [format!("{:.2} %", 100.0 * with), points(with - without)]
            }));
        }
        let profit = pair(&Key::total(Outcome::OperatingProfit, year).of(who));
        let money = &self.findings.names.words.money;
        let signed = |value: f64| format!("{}{}", if value < 0.0 { "−" } else { "" }, sum(value, money));
        row.extend(profit.map_or_else(nothing, |(with, without)| [signed(with), signed(with - without)]));
        row
    }
}
