//! The answer in words a newspaper could print, as a table, and as JSON for programs.

use comfy_table::{CellAlignment, Table};
use serde::Serialize;

use super::subject::{proposes_alliance, region_name, subject, subject_name, years};
use super::table_style;
use crate::analysis::{Coverage, Findings, Headline, Observed, coverage, headlines};
use crate::scenario::Scenario;
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Who};

/// Smallest change of share worth a sentence: what rounds to a hundredth of a percentage point.
const NOTICEABLE: f64 = 5e-5;
/// Smallest change of profit worth a sentence: a dollar, in USD bn.
const NOTICEABLE_PROFIT: f64 = 1e-9;
/// With more worlds than this to compare, only the last year is put into sentences.
const WORLDS_IN_FULL: usize = 2;

/// The main result of a study.
pub struct Answer<'a> {
    scenario: &'a Scenario,
    findings: &'a Findings,
    headlines: Vec<Headline>,
    coverage: Vec<Coverage>,
}

impl<'a> Answer<'a> {
    /// `observed`: shares since the base year, to check against.
    pub fn of(scenario: &'a Scenario, findings: &'a Findings, observed: &[Observed]) -> Answer<'a> {
        let (who, years) = (subject(scenario, findings), years(scenario, findings));
        Answer {
            scenario,
            findings,
            headlines: headlines(findings, who, &years),
            coverage: coverage(findings, observed),
        }
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.scenario.title);
        if !self.scenario.question.is_empty() {
            text += &format!("{}\n", self.scenario.question);
        }
        text += &match self.findings.ensemble.comparisons.is_empty() {
            true => "\nThere is one world only, so nothing is compared: state a second one under [worlds] to see a \
                     difference.\n"
                .to_owned(),
            false => format!("\n{}\n", self.table()),
        };
        let last = self.headlines.iter().map(|headline| headline.year).max();
        let in_full = self.findings.ensemble.comparisons.len() <= WORLDS_IN_FULL;
        for headline in self.headlines.iter().filter(|h| in_full || Some(h.year) == last) {
            text += &format!("\n{}\n", self.sentence(headline));
        }
        for comparison in &self.findings.ensemble.comparisons {
            if let Some(sentence) = self.money(comparison.world) {
                text += &format!("\n{sentence}\n");
            }
        }
        for row in &self.coverage {
            text += &format!(
                "\nCheck against {}: {} of {} makers in {} lie inside the 90 % band of the world without \
                 change; the mean quantile loss is {:.2} points, and {:.2} for \"the {} share stays\".\n",
                row.year,
                row.inside,
                row.makers,
                self.region(row.region),
                row.loss * 100.0,
                row.loss_of_no_change * 100.0,
                self.findings.base_year,
            );
        }
        let ensemble = &self.findings.ensemble;
        text += &format!(
            "\n{} replications of {} worlds on the same draws; {} equilibria solved, {} not found \
             ({} replications left out); worst residual {:.0e}.\n",
            ensemble.replications,
            ensemble.levels.len(),
            ensemble.solved.equilibria - ensemble.solved.failed,
            ensemble.solved.failed,
            ensemble.failed,
            ensemble.solved.worst_residual,
        );
        text
    }

    /// For programs.
    pub fn json(&self) -> String {
        let rows: Vec<Row> = self
            .headlines
            .iter()
            .map(|headline| Row {
                world: &self.findings.names.worlds[headline.world],
                region: &self.findings.names.regions[headline.region],
                manufacturer: self.findings.who(headline.who),
                year: headline.year,
                reference_share: headline.reference_share,
                share: headline.share,
                change: headline.change.mean,
                p05: headline.change.p05,
                p50: headline.change.p50,
                p95: headline.change.p95,
                prob_gain: headline.change.prob_gain,
                prob_loss: headline.change.prob_loss,
                unconditional: headline.unconditional.mean,
                makers: headline
                    .moves
                    .iter()
                    .map(|m| Maker {
                        manufacturer: &self.findings.names.makers[m.maker],
                        change: m.change.mean,
                    })
                    .collect(),
                sentence: self.sentence(headline),
            })
            .collect();
        serde_json::to_string_pretty(&Json {
            title: &self.scenario.title,
            question: &self.scenario.question,
            reference: &self.findings.names.worlds[self.findings.reference],
            replications: self.findings.ensemble.replications,
            failed_replications: self.findings.ensemble.failed,
            answer: rows,
        })
        .expect("plain figures and text")
    }

    fn table(&self) -> Table {
        let mut table = table_style::plain([
            "world",
            "region",
            "year",
            "share without",
            "share with",
            "mean change",
            "90 % interval",
            "above 0 in",
        ]);
        for headline in &self.headlines {
            table.add_row([
                self.world(headline.world).to_owned(),
                self.region(headline.region).to_owned(),
                headline.year.to_string(),
                percent(headline.reference_share),
                percent(headline.share),
                points(headline.change.mean),
                format!("{} to {}", points(headline.change.p05), points(headline.change.p95)),
                draws(headline.change.prob_gain),
            ]);
        }
        for column in 2..8 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }

    fn sentence(&self, headline: &Headline) -> String {
        let change = &headline.change;
        let name = self.subject_name(headline.who);
        let start = format!("{}, {}: ", self.region(headline.region), headline.year);
        let condition = self.condition(headline.world);
        if change.n == 0 {
            return format!("{start}{condition}, nothing can be said: no replication was solved.");
        }
        if change.p05.abs().max(change.p95.abs()) < NOTICEABLE {
            return format!("{start}{condition}, the share of {name} does not change.");
        }
        let direction = if change.mean >= 0.0 { "gains" } else { "loses" };
        let likely = if change.mean >= 0.0 { change.prob_gain } else { change.prob_loss };
        let mut text = format!(
            "{start}{condition}, {name} {direction} {} of the market ({} instead of {}; 90 % interval {} to {}), \
             in {} of draws.",
            unsigned_points(change.mean),
            percent(headline.share),
            percent(headline.reference_share),
            points(change.p05),
            points(change.p95),
            draws(likely),
        );
        let named = |m: &crate::analysis::Move| {
            format!("{} ({})", self.findings.names.makers[m.maker], points(m.change.mean))
        };
        let winners: Vec<String> =
            headline.moves.iter().filter(|m| m.change.mean > NOTICEABLE).take(3).map(named).collect();
        let losers: Vec<String> =
            headline.moves.iter().rev().filter(|m| m.change.mean < -NOTICEABLE).take(3).map(named).collect();
        if !winners.is_empty() {
            text += &format!(" Most gained: {}.", winners.join(", "));
        }
        if !losers.is_empty() {
            text += &format!(" Most lost: {}.", losers.join(", "));
        }
        text
    }

    /// What a world does to the subject's operating profit in the last year quoted, and what it saves.
    fn money(&self, world: usize) -> Option<String> {
        let headline =
            self.headlines.iter().filter(|headline| headline.world == world).max_by_key(|h| h.year)?;
        let (who, year) = (headline.who, headline.year);
        let change = |outcome| {
            self.findings.difference(world, Condition::Proceeds, &Key::total(outcome, year).of(who))
        };
        let profit = change(Outcome::OperatingProfit).filter(|profit| profit.n > 0)?;
        let mut text = format!(
            "Worldwide, {year}: {}, the operating profit of {} {}",
            self.condition(world),
            self.subject_name(who),
            change_of_profit(profit.mean, profit.p05, profit.p95),
        );
        if let (Some(saving), Some(per_car)) =
            (change(Outcome::Saving(None)), change(Outcome::SavingPerCar(None)))
            && saving.n > 0
            && saving.mean != 0.0
        {
            let (factor, unit) = money_unit(saving.mean.abs());
            // Cents matter only where there is little else.
            let decimals = if per_car.mean.abs() < 10.0 { 2 } else { 0 };
            text += &format!(
                "; its pools save USD {:.2}{unit}, {:.decimals$} dollars a unit. That is the mean over draws in \
                 which it has broken up by then and those in which it lasts",
                factor * saving.mean,
                per_car.mean
            );
        }
        Some(text + ".")
    }

    /// A world that proposes an alliance may come to nothing; another one just is.
    fn condition(&self, world: usize) -> String {
        match proposes_alliance(self.scenario, self.findings, world) {
            true => format!("if “{}” goes ahead", self.world(world)),
            false => format!("in the world “{}”", self.world(world)),
        }
    }

    fn subject_name(&self, who: Who) -> String {
        subject_name(self.scenario, self.findings, who)
    }

    fn world(&self, world: usize) -> &str {
        &self.scenario.worlds[world].name
    }

    fn region(&self, region: usize) -> &str {
        region_name(self.scenario, &self.findings.names.regions[region])
    }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// A difference of shares in percentage points.
fn points(difference: f64) -> String {
    signed(difference * 100.0)
}

/// Two decimals with a sign; no sign on what rounds to zero.
fn signed(value: f64) -> String {
    let text = format!("{value:+.2}");
    let zero = text.trim_start_matches(['+', '-']).bytes().all(|b| matches!(b, b'0' | b'.'));
    if zero { "0.00".into() } else { text.replace('-', "−") }
}

/// By what USD bn are multiplied, and what the product is called: small sums in a smaller unit.
fn money_unit(most: f64) -> (f64, &'static str) {
    match most {
        _ if most >= 0.05 => (1.0, "bn"),
        _ if most >= 5e-5 => (1e3, "m"),
        _ => (1e9, ""),
    }
}

/// What happens to a profit in USD bn, in words.
fn change_of_profit(mean: f64, p05: f64, p95: f64) -> String {
    let most = [mean, p05, p95].into_iter().map(f64::abs).fold(0.0, f64::max);
    if most < NOTICEABLE_PROFIT {
        return "does not change".into();
    }
    let (factor, unit) = money_unit(most);
    let interval = format!("(90 % interval {} to {})", signed(factor * p05), signed(factor * p95));
    let size = format!("{:.2}", factor * mean.abs());
    match mean >= 0.0 {
        _ if size == "0.00" => format!("is the same on average {interval}"),
        true => format!("is USD {size}{unit} higher a year {interval}"),
        false => format!("is USD {size}{unit} lower a year {interval}"),
    }
}

fn unsigned_points(difference: f64) -> String {
    format!("{:.2} percentage points", difference.abs() * 100.0)
}

fn draws(fraction: f64) -> String {
    format!("{:.0} %", fraction * 100.0)
}

#[derive(Serialize)]
struct Json<'a> {
    title: &'a str,
    question: &'a str,
    reference: &'a str,
    replications: u64,
    failed_replications: u64,
    answer: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    world: &'a str,
    region: &'a str,
    manufacturer: String,
    year: i32,
    reference_share: f64,
    share: f64,
    change: f64,
    p05: f64,
    p50: f64,
    p95: f64,
    prob_gain: f64,
    prob_loss: f64,
    unconditional: f64,
    makers: Vec<Maker<'a>>,
    sentence: String,
}

#[derive(Serialize)]
struct Maker<'a> {
    manufacturer: &'a str,
    change: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profit_that_does_not_move_is_neither_higher_nor_lower() {
        assert_eq!(change_of_profit(0.0, 0.0, 0.0), "does not change");
        assert_eq!(change_of_profit(-1e-11, -1e-10, 0.0), "does not change");
        assert_eq!(
            change_of_profit(0.001, -1.5, 1.5),
            "is the same on average (90 % interval −1.50 to +1.50)"
        );
        assert_eq!(
            change_of_profit(-0.5, -1.0, 0.0),
            "is USD 0.50bn lower a year (90 % interval −1.00 to 0.00)"
        );
        assert_eq!(
            change_of_profit(0.004, 0.001, 0.006),
            "is USD 4.00m higher a year (90 % interval +1.00 to +6.00)"
        );
        assert_eq!(
            change_of_profit(4e-7, 1e-7, 6e-7),
            "is USD 400.00 higher a year (90 % interval +100.00 to +600.00)"
        );
    }
}
