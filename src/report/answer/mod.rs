//! The answer in words a newspaper could print, as a table, and as JSON for programs.
//!
//! Every figure is a mean over draws unless it is called otherwise, as in the charts and the page.

mod json;
mod sentences;
pub mod words;

use comfy_table::CellAlignment;

use super::figures::Asked;
use super::subject::{proposes_alliance, region_name, subject_name, subject_of, years};
use super::table_style;
use super::{attribution, sensitivity, sources};
use crate::analysis::{Coverage, Findings, Headline, coverage, headlines};
use crate::backtest::TrackRecord;
use crate::backtest::rolling::Kind;
use crate::report::Past;
use crate::scenario::Scenario;
use crate::share_process::Constants;
use crate::simulation::TWO_SIDED_95;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::summary::Estimate;
use words::{FEWEST_DRAWS, about, percent, points};

/// With more worlds than this to compare, sentences tell of the best and the worst only.
const WORLDS_IN_WORDS: usize = 2;

/// The main result of a study.
pub struct Answer<'a> {
    scenario: &'a Scenario,
    findings: &'a Findings,
    headlines: Vec<Headline>,
    coverage: Vec<Coverage>,
    record: &'a TrackRecord,
    /// The last year that is quoted.
    last_year: i32,
    /// Which channels matter, where that was asked.
    why: Vec<String>,
    /// Where the units come from.
    sources: Vec<String>,
    /// Which inputs the differences depend on.
    drivers: Vec<String>,
}

/// The table of the answer: one row per world, region and year.
pub struct AnswerTable {
    pub header: Vec<&'static str>,
    /// As many cells as the header has.
    pub rows: Vec<Vec<String>>,
    /// Columns from here on are numbers.
    pub first_number: usize,
    /// What the figures are.
    pub note: String,
}

impl<'a> Answer<'a> {
    pub fn of(scenario: &'a Scenario, findings: &'a Findings, past: &'a Past) -> Answer<'a> {
        let years = years(scenario, findings);
        Answer {
            scenario,
            findings,
            headlines: headlines(findings, |world| subject_of(scenario, findings, world), &years),
            coverage: coverage(findings, &past.observed),
            record: &past.record,
            last_year: years.into_iter().max().unwrap_or(findings.last_year()),
            why: Vec::new(),
            drivers: Vec::new(),
            sources: sources::sentences(scenario, findings),
        }
    }

    /// The figures behind the table: one headline per world, region and year.
    pub fn headlines(&self) -> &[Headline] {
        &self.headlines
    }

    /// With sentences on what the differences come from, and on what they depend.
    pub fn with(mut self, asked: Asked) -> Answer<'a> {
        let (scenario, findings) = (self.scenario, self.findings);
        let why =
            asked.attribution.map(|attribution| attribution::sentences(scenario, findings, attribution));
        self.why = why.unwrap_or_default();
        let drivers =
            asked.sensitivity.map(|sensitivity| sensitivity::sentences(scenario, findings, sensitivity));
        self.drivers = drivers.unwrap_or_default();
        self
    }

    /// For people: how such forecasts have done, three sentences and a table; all there is to say if `verbose`.
    pub fn text(&self, verbose: bool) -> String {
        let mut text = format!("{}\n", self.scenario.title);
        if !self.scenario.question.is_empty() {
            text += &format!("{}\n", self.scenario.question);
        }
        for sentence in self.score().into_iter().chain(self.sentences()) {
            text += &format!("\n{sentence}\n");
        }
        if !self.headlines.is_empty() {
            let table = self.table();
            text += &format!("\n{}\n{}\n", in_terminal(&table), table.note);
        }
        // A sentence per world; briefly, of the first one.
        for reasons in [&self.why, &self.sources, &self.drivers] {
            for reason in reasons.iter().take(if verbose { reasons.len() } else { 1 }) {
                text += &format!("\n{reason}\n");
            }
        }
        if verbose {
            for detail in self.details() {
                text += &format!("\n{detail}\n");
            }
        }
        text
    }

    /// One row per world, region and year.
    pub fn table(&self) -> AnswerTable {
        let several =
            self.worlds().iter().any(|world| self.subject(*world) != self.subject(self.worlds()[0]));
        let lasting = self.headlines.iter().any(|headline| self.lasting(headline).is_some());
        let mut header = vec!["world"];
        if several {
            header.push("share of");
        }
        header.extend(["region", "year", "without", "with", "change", "90 of 100 draws"]);
        if lasting {
            header.push("if it lasts");
        }
        let scored = self.headlines.iter().any(|headline| self.held(headline).is_some());
        if scored {
            header.push("bands held");
        }
        let row = |headline: &Headline| {
            let mut row = vec![self.world(headline.world).to_owned()];
            if several {
                row.push(self.name(headline.who));
            }
            let defined = headline.change.n > 0;
            let cell = |text: String| if defined { text } else { "–".to_owned() };
            row.extend([
                self.region(headline.region).to_owned(),
                headline.year.to_string(),
                cell(percent(headline.reference_share)),
                cell(percent(headline.share)),
                cell(points(headline.change.mean)),
                self.interval(&headline.change)
                    .map_or("–".into(), |(low, high)| format!("{} to {}", points(low), points(high))),
            ]);
            if lasting {
                let change = self.lasting(headline).map(|(_, change)| points(change.mean));
                row.push(change.unwrap_or_else(|| "–".into()));
            }
            if scored {
                row.push(self.held(headline).unwrap_or_else(|| "–".into()));
            }
            row
        };
        AnswerTable {
            rows: self.headlines.iter().map(row).collect(),
            first_number: if several { 3 } else { 2 },
            header,
            note: self.note(),
        }
    }

    /// How often the 90 % bands of such makers' shares held in a headline's region, at the nearest horizon that was
    /// scored often enough.
    fn held(&self, headline: &Headline) -> Option<String> {
        let names = &self.findings.names;
        let region = &names.regions[headline.region];
        let years = usize::try_from(headline.year - self.findings.base_year).ok()?;
        let kind = match headline.who {
            Who::Maker(maker) => self.record.kind(region, &names.makers[maker]),
            _ => Kind::Mature,
        };
        let row = self.record.at(region, kind, years)?;
        let plural = if row.horizon == 1 { "year" } else { "years" };
        Some(format!("{:.0} % ({} {plural})", 100.0 * row.inside_90, row.horizon))
    }

    /// What the table's figures are, and what a share point is.
    fn note(&self) -> String {
        let mut note = "Market shares; changes in percentage points, means over draws".to_owned();
        if self.worlds().iter().any(|&world| proposes_alliance(self.scenario, self.findings, world)) {
            note += " in which it goes ahead";
        }
        let size = |region: usize| {
            let key = Key::total(Outcome::Units, self.last_year).in_region(region);
            let units = self.findings.level(self.findings.reference, &key)?;
            let point = about(units.mean / 100.0);
            let goods = if region == 0 { format!(" {} a year", self.goods()) } else { String::new() };
            Some(format!("{point}{goods} in {}", words::in_region(self.region(region))))
        };
        let sizes: Vec<String> = (0..self.findings.names.regions.len()).filter_map(size).take(3).collect();
        if !sizes.is_empty() {
            note += &format!(". In {} a point is {}", self.last_year, words::joined(&sizes));
        }
        if let Some(precision) = self.precision() {
            note += &format!(". {precision}");
        }
        if self.headlines.iter().any(|headline| self.held(headline).is_some()) {
            note += &format!(
                ". Bands held: how often 90 % bands of shares there, of makers as long in the market, held in the past \
                 so many years ahead; their rules were chosen on data to {}",
                Constants::CHOSEN_TO
            );
        }
        note + "."
    }

    /// How precise the least precise mean of the table is, and what it would take to halve that: an error falls with the
    /// root of the number of draws.
    fn precision(&self) -> Option<String> {
        let errors = self.headlines.iter().filter(|headline| headline.change.n >= FEWEST_DRAWS);
        let error =
            errors.map(|headline| headline.change.se).filter(|error| *error > 0.0).reduce(f64::max)?;
        let draws = self.findings.ensemble.replications;
        let size = words::unsigned_points(TWO_SIDED_95 * error);
        let size =
            if size == "0.00" { "less than ±0.001".to_owned() } else { format!("±{size} or better") };
        Some(format!(
            "{} draws fix these means to {size} (95 % confidence); {} would halve that",
            words::thousands(draws as f64),
            words::thousands(4.0 * draws as f64)
        ))
    }

    /// The 5 % and 95 % quantiles, where there are draws enough.
    fn interval(&self, estimate: &Estimate) -> Option<(f64, f64)> {
        (estimate.n >= FEWEST_DRAWS).then_some((estimate.p05, estimate.p95))
    }

    /// A world that proposes an alliance may come to nothing; another one just is.
    fn condition(&self, world: usize) -> &'static str {
        match proposes_alliance(self.scenario, self.findings, world) {
            true => "if it goes ahead, ",
            false => "",
        }
    }

    /// A world's name before what is said of it.
    fn label(&self, world: usize) -> String {
        format!("“{}”: ", self.world(world))
    }

    fn subject(&self, world: usize) -> Who {
        subject_of(self.scenario, self.findings, world)
    }

    fn name(&self, who: Who) -> String {
        subject_name(self.scenario, self.findings, who)
    }

    /// The subject where it does something: members do it together.
    fn whose(&self, who: Who) -> String {
        match who {
            Who::Alliance(_) => format!("{} together", self.name(who)),
            _ => self.name(who),
        }
    }

    /// Whose profit, after the subject was named.
    fn their(&self, world: usize) -> &'static str {
        if matches!(self.subject(world), Who::Alliance(_)) { "their" } else { "its" }
    }

    /// Members gain, a maker gains.
    fn verb(&self, who: Who, verb: &str) -> String {
        if matches!(who, Who::Alliance(_)) { verb.to_owned() } else { format!("{verb}s") }
    }

    /// The scenario's money.
    fn money(&self) -> &str {
        &self.findings.names.words.money
    }

    /// What is sold, in the plural.
    fn goods(&self) -> &str {
        &self.findings.names.words.units
    }

    fn world(&self, world: usize) -> &str {
        &self.scenario.worlds[world].name
    }

    fn region(&self, region: usize) -> &str {
        region_name(self.scenario, &self.findings.names.regions[region])
    }
}

fn in_terminal(answer: &AnswerTable) -> comfy_table::Table {
    let mut table = table_style::plain(answer.header.iter().copied());
    table.add_rows(answer.rows.clone());
    for column in answer.first_number..answer.header.len() {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
