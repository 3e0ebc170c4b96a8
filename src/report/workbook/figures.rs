//! The sheets of figures: shares, comparison, accounts.

use rust_xlsxwriter::Worksheet;

use super::grid::{self, Figure, Row};
use super::naming::Naming;
use super::sheet::{Sheet, chance, count, figures, plain, quiet, ruled, year};
use super::{ACCOUNTS, COMPARISON, SHARES};
use crate::report::answer::words::thousands;
use crate::report::subject::{proposes_alliance, subject, years};
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Who};

/// Most rows of a sheet; all there are stand in the CSV files.
const MOST_ROWS: usize = 5_000;
const LABEL: f64 = 25.0;
const NUMBER: f64 = 9.5;

/// Rows of a grid, and where in the sheet they stand.
pub struct Placed {
    pub rows: Vec<Row>,
    /// The sheet's row of the first one, and its column of the base year.
    pub first_row: u32,
    pub first_column: u16,
}

impl Placed {
    /// The sheet's row of a figure.
    pub fn find(&self, key: &Key, world: usize, figure: Figure) -> Option<u32> {
        let place = self.rows.iter().position(|row| *row == Row { key: *key, world, figure })?;
        Some(self.first_row + place as u32)
    }
}

/// Market shares year by year in every world, and what each world changes.
pub fn shares(naming: &Naming) -> (Worksheet, Placed) {
    let mut sheet = by_year(naming, SHARES, "Market shares with and without", 4);
    sheet.paragraph(
        "Shares of units sold. “Mean” is the mean over draws; 90 of 100 draws lie between “5 %” and “95 %”. A \
         change is a world minus the reference world, draw by draw, in percentage points; where a world proposes an \
         alliance, its figures are those if it goes ahead.",
        &quiet(),
    );
    let mut keys = keys_of(naming, |key| key.outcome == Outcome::Share);
    let first = naming.of_interest();
    let rank = |key: &Key| first.iter().position(|who| *who == key.who).unwrap_or(first.len());
    keys.sort_by_key(|key| (key.region, rank(key)));
    placed(sheet, naming, grid::rows(naming, &keys, &Figure::LEVELS), false, "shares.csv and comparison.csv")
}

/// Profits, R&D, savings of whom the report is about; consumer surplus, concentration and prices by region.
pub fn accounts(naming: &Naming) -> (Worksheet, Placed) {
    let mut sheet = by_year(naming, ACCOUNTS, "Accounts: profits, R&D, savings, buyers", 6);
    sheet.paragraph(
        "Means over draws, year by year; a change is a world minus the reference world, draw by draw, and 90 of \
         100 draws lie between its “5 %” and “95 %”. Profits, R&D and savings are worldwide. Savings are what the \
         pools of an alliance save against going alone.",
        &quiet(),
    );
    let about = naming.of_interest();
    let mut keys = keys_of(naming, |key| match key.region {
        None => about.contains(&key.who),
        Some(_) => {
            let of_region = matches!(key.outcome, Outcome::ConsumerSurplus | Outcome::Hhi);
            of_region || (key.outcome == Outcome::Price && about.contains(&key.who))
        }
    });
    // Money first, then what explains it.
    let is_money = |outcome| {
        use Outcome::{ConsumerSurplus, CumulatedProfit, OperatingProfit, Rnd, Saving, SavingPerCar};
        matches!(
            outcome,
            OperatingProfit | CumulatedProfit | Rnd | ConsumerSurplus | Saving(_) | SavingPerCar(_)
        )
    };
    keys.sort_by_key(|key| !is_money(key.outcome));
    placed(sheet, naming, grid::rows(naming, &keys, &[Figure::Mean]), true, "outcomes.csv and comparison.csv")
}

/// What every world changes, in the years that the report asks for.
pub fn comparison(naming: &Naming) -> Worksheet {
    const LABELS: [&str; 7] =
        ["World", "Counted are draws where", "Outcome", "Unit", "Region", "Maker", "Year"];
    const FIGURES: [&str; 10] =
        ["Draws", "Mean", "SD", "5 %", "25 %", "Median", "75 %", "95 %", "Gains in", "Loses in"];
    let findings = naming.findings;
    let mut widths = vec![LABEL, 24.0, 22.0, 9.0, 14.0, LABEL, 7.0];
    widths.extend([NUMBER; FIGURES.len()]);
    let reference = naming.world(findings.reference);
    let mut sheet =
        Sheet::new(COMPARISON, &format!("What each world changes against “{reference}”"), &widths);
    sheet.paragraph(
        "A world minus the reference world, draw by draw. “Gains in” is the part of draws in which the figure is \
         larger than in the reference world, “Loses in” in which it is smaller. Filter by outcome, region and maker.",
        &quiet(),
    );
    let (years, about) = (years(naming.scenario, findings), naming.of_interest());
    let shown = |key: &Key| {
        key.powertrain.is_none()
            && years.contains(&key.year)
            && (key.who == Who::Everyone || about.contains(&key.who))
    };
    let mut rows = Vec::new();
    for comparison in &findings.ensemble.comparisons {
        let conditions = match proposes_alliance(naming.scenario, findings, comparison.world) {
            true => &Condition::ALL[..],
            false => &Condition::ALL[..1],
        };
        for &condition in conditions {
            let keys = findings.ensemble.outcomes.keys.iter().filter(|key| shown(key));
            rows.extend(keys.map(|key| (comparison.world, condition, *key)));
        }
    }
    sheet.row += u32::from(cut(&mut sheet, &mut rows, "comparison.csv"));
    let titles: Vec<String> = LABELS.iter().chain(&FIGURES).map(|&title| title.to_owned()).collect();
    let header = sheet.row;
    sheet.header(&titles, LABELS.len() - 1);
    let text = ruled(plain());
    for (world, condition, key) in rows {
        let Some(e) = findings.difference(world, condition, &key) else { continue };
        let proposes = proposes_alliance(naming.scenario, findings, world);
        let unit = findings.labels(&key).unit;
        let labels = [
            naming.world(world).to_owned(),
            if proposes { condition_in_words(condition) } else { "all draws" }.to_owned(),
            naming.outcome(&key),
            unit.clone(),
            naming.region(key.region),
            naming.who(key.who),
        ];
        for (column, label) in (0u16..).zip(&labels) {
            sheet.text(column, label, &text);
        }
        sheet.figure(6, f64::from(key.year), &year());
        sheet.figure(7, e.n as f64, &count());
        if e.n > 0 {
            let format = figures(&unit, true);
            for (column, figure) in (8u16..).zip([e.mean, e.sd, e.p05, e.p25, e.p50, e.p75, e.p95]) {
                sheet.figure(column, figure, &format);
            }
            sheet.figure(15, e.prob_gain, &chance());
            sheet.figure(16, e.prob_loss, &chance());
        }
        sheet.row += 1;
    }
    sheet.filter(header);
    sheet.freeze(header + 1, 0);
    sheet.finished(0)
}

/// What a condition says of an alliance.
pub fn condition_in_words(condition: Condition) -> &'static str {
    match condition {
        Condition::Proceeds => "it goes ahead",
        Condition::Survives => "it goes ahead and lasts",
        Condition::Unconditional => "all, weighted with its chance",
    }
}

/// The outcomes of all powertrains together that are asked for, each once, of the base year.
fn keys_of(naming: &Naming, wanted: impl Fn(&Key) -> bool) -> Vec<Key> {
    let findings = naming.findings;
    let mut keys: Vec<Key> = findings.ensemble.outcomes.keys.clone();
    keys.retain(|key| key.powertrain.is_none() && wanted(key));
    keys.iter_mut().for_each(|key| *key = key.in_year(findings.base_year));
    keys.dedup();
    // Whom the report is about comes first within an outcome.
    let about = subject(naming.scenario, findings);
    keys.sort_by_key(|key| (key.outcome, key.region, key.who != about));
    keys
}

fn by_year(naming: &Naming, name: &str, title: &str, labels: usize) -> Sheet {
    let mut widths = match labels {
        4 => vec![16.0, LABEL, LABEL, 13.0],
        _ => vec![LABEL, 9.0, 16.0, LABEL, LABEL, 13.0],
    };
    widths.extend(naming.years().iter().map(|_| NUMBER));
    Sheet::new(name, title, &widths)
}

fn placed(
    mut sheet: Sheet,
    naming: &Naming,
    mut rows: Vec<Row>,
    with_outcome: bool,
    files: &str,
) -> (Worksheet, Placed) {
    sheet.row += u32::from(cut(&mut sheet, &mut rows, files));
    let header = grid::write(&mut sheet, naming, &rows, with_outcome);
    let first_column = if with_outcome { 6 } else { 4 };
    (sheet.finished(0), Placed { rows, first_row: header + 1, first_column })
}

/// Leaves out what is more than a reader looks through, and says so.
pub fn cut<T>(sheet: &mut Sheet, rows: &mut Vec<T>, files: &str) -> bool {
    let all = rows.len();
    rows.truncate(MOST_ROWS);
    if all > MOST_ROWS {
        let (shown, all) = (thousands(MOST_ROWS as f64), thousands(all as f64));
        sheet.paragraph(&format!("The first {shown} of {all} rows; all of them are in {files}."), &quiet());
    }
    all > MOST_ROWS
}
