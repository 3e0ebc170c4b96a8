//! The sheet that answers: sentences, the table, charts, who gains and who loses.

use rust_xlsxwriter::{Chart, Worksheet};

use super::figures::Placed;
use super::grid::Figure;
use super::naming::Naming;
use super::plots::{self, Line, Range};
use super::sheet::{Sheet, chance, figures, plain, quiet, ruled, year};
use super::{ACCOUNTS, ANSWER, SHARES};
use crate::analysis::{Headline, Move};
use crate::report::answer::Answer;
use crate::report::subject::{subject, subject_of};
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Who};

/// Makers told of as gaining or losing.
const MOST_MOVES: usize = 14;
/// Regions and worlds with charts: the first ones.
const MOST_CHARTED: usize = 4;
const WIDTHS: [f64; 11] = [27.0, 27.0, 15.0, 7.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 12.0];
/// The column of the right one of two charts.
const RIGHT: u16 = 4;

/// The sheet; charts of levels and changes read the cells of the other sheets.
pub fn answer(naming: &Naming, answer: &Answer, shares: &Placed, accounts: &Placed) -> Worksheet {
    let mut sheet = Sheet::new(ANSWER, &naming.scenario.title, &WIDTHS);
    if !naming.scenario.question.is_empty() {
        sheet.paragraph(&naming.scenario.question, &quiet().set_font_size(12));
    }
    sheet.row += 1;
    for sentence in answer.score().into_iter().chain(answer.sentences()) {
        sheet.paragraph(&sentence, &plain().set_font_size(12));
    }
    let headlines = answer.headlines();
    if !headlines.is_empty() {
        table(&mut sheet, naming, headlines);
        sheet.paragraph(&answer.table().note, &quiet());
    }
    sheet.sheet.set_portrait();
    let mut bottom = charts(&mut sheet, naming, shares, accounts);
    sheet.sheet.set_page_breaks(&[bottom]).expect("a break in the sheet");
    for region in 0..naming.findings.names.regions.len().min(MOST_CHARTED) {
        let last =
            headlines.iter().filter(|headline| headline.region == region).map(|headline| headline.year).max();
        let of_region = headlines.iter().filter(|h| h.region == region && Some(h.year) == last);
        bottom = bottom.max(moves(&mut sheet, naming, &of_region.take(MOST_CHARTED).collect::<Vec<_>>()));
    }
    sheet.finished(bottom)
}

fn table(sheet: &mut Sheet, naming: &Naming, headlines: &[Headline]) {
    sheet.row += 1;
    let titles = [
        "World",
        "Share of",
        "Region",
        "Year",
        "Without",
        "With",
        "Change",
        "5 %",
        "95 %",
        "Gains in",
        "If it lasts",
    ];
    sheet.header(&titles.map(str::to_owned), 3);
    for headline in headlines {
        let text = ruled(plain()).set_text_wrap();
        let labels =
            [naming.world(headline.world), &naming.who(headline.who), &naming.region(Some(headline.region))];
        for (column, label) in (0u16..).zip(labels) {
            sheet.text(column, label, &text);
        }
        sheet.height(&labels.into_iter().zip(WIDTHS).collect::<Vec<_>>());
        sheet.figure(3, f64::from(headline.year), &year());
        let (level, change) = (figures("fraction", false), figures("fraction", true));
        if headline.change.n > 0 {
            sheet.figure(4, headline.reference_share, &level);
            sheet.figure(5, headline.share, &level);
            sheet.figure(6, headline.change.mean, &change);
            sheet.figure(7, headline.change.p05, &change);
            sheet.figure(8, headline.change.p95, &change);
            sheet.figure(9, headline.change.prob_gain, &chance());
        }
        let key = Key::total(Outcome::Share, headline.year).of(headline.who).in_region(headline.region);
        let lasting = naming.findings.difference(headline.world, Condition::Survives, &key);
        if let Some(lasting) = lasting.filter(|lasting| lasting.n > 0 && lasting.n < headline.change.n) {
            sheet.figure(10, lasting.mean, &change);
        }
        sheet.row += 1;
    }
}

/// Charts of shares and of profit, two in a row; the first row below them.
fn charts(sheet: &mut Sheet, naming: &Naming, shares: &Placed, accounts: &Placed) -> u32 {
    let findings = naming.findings;
    let compared: Vec<usize> =
        findings.ensemble.comparisons.iter().map(|c| c.world).take(MOST_CHARTED).collect();
    let who = compared.first().map_or_else(
        || subject(naming.scenario, findings),
        |&world| subject_of(naming.scenario, findings, world),
    );
    sheet.heading(&format!("{}: with and without", naming.who(who)));
    let base = |outcome| Key::total(outcome, findings.base_year).of(who);
    for region in 0..findings.names.regions.len().min(MOST_CHARTED) {
        let key = base(Outcome::Share).in_region(region);
        let name = naming.region(Some(region));
        let left = plots::lines(
            &format!("{name}: share of {}", naming.who(who)),
            "share; dashed: 90 of 100 draws",
            "0%",
            &range(SHARES, shares, naming),
            &level_lines(naming, shares, &key, &compared),
        );
        let right = plots::lines(
            &format!("{name}: change of that share"),
            "points; dashed: 90 of 100 draws",
            "+0.0%;-0.0%;0%",
            &range(SHARES, shares, naming),
            &change_lines(naming, shares, &key, &compared),
        );
        place(sheet, [left, right]);
    }
    let key = base(Outcome::OperatingProfit);
    let (money, range) = (findings.labels(&key).unit, range(ACCOUNTS, accounts, naming));
    let title = format!("Operating profit of {}, worldwide", naming.who(who));
    let left =
        plots::lines(&title, &money, "#,##0.0", &range, &level_lines(naming, accounts, &key, &compared));
    let changes = change_lines(naming, accounts, &key, &compared);
    let axis = format!("{money}; dashed: 90 of 100 draws");
    place(sheet, [left, plots::lines("Change of that profit", &axis, "+0.0;-0.0;0", &range, &changes)]);
    sheet.row
}

fn place(sheet: &mut Sheet, charts: [Option<Chart>; 2]) {
    if charts.iter().all(Option::is_none) {
        return;
    }
    for (column, chart) in [0, RIGHT].into_iter().zip(charts) {
        let offset = if column == 0 { 0 } else { 8 };
        if let Some(chart) = chart {
            let placed = sheet.sheet.insert_chart_with_offset(sheet.row, column, &chart, offset, 0);
            placed.expect("a cell of the sheet");
        }
    }
    sheet.row += plots::ROWS;
}

fn range<'a>(sheet: &'a str, placed: &Placed, naming: &Naming) -> Range<'a> {
    let last = placed.first_column + naming.years().len() as u16 - 1;
    Range { sheet, header: placed.first_row - 1, columns: (placed.first_column, last) }
}

/// The reference world's mean, with the borders of its band where there are some, and the other worlds' means.
fn level_lines(naming: &Naming, placed: &Placed, key: &Key, compared: &[usize]) -> Vec<Line> {
    let reference = naming.findings.reference;
    let line = |world: usize, figure: Figure, at: Option<usize>, name: String| {
        let row = placed.find(key, world, figure)?;
        Some(Line { name, row, world: at, border: figure != Figure::Mean })
    };
    let name = naming.world(reference);
    let mut lines = vec![
        line(reference, Figure::Low, None, format!("{name}, 5 %")),
        line(reference, Figure::High, None, format!("{name}, 95 %")),
        line(reference, Figure::Mean, None, name.to_owned()),
    ];
    lines.extend(
        compared
            .iter()
            .enumerate()
            .map(|(at, &world)| line(world, Figure::Mean, Some(at), naming.world(world).to_owned())),
    );
    lines.into_iter().flatten().collect()
}

fn change_lines(naming: &Naming, placed: &Placed, key: &Key, compared: &[usize]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, &world) in compared.iter().enumerate() {
        for figure in Figure::CHANGES {
            let border = figure != Figure::Change;
            let name = match border {
                true => format!("{}, {}", naming.world(world), figure.title().trim_start_matches("change, ")),
                false => naming.world(world).to_owned(),
            };
            lines.extend(placed.find(key, world, figure).map(|row| Line {
                name,
                row,
                world: Some(at),
                border,
            }));
        }
    }
    lines
}

/// Makers' changes of share in a region's last year quoted, as a table with its chart; the first row below them.
fn moves(sheet: &mut Sheet, naming: &Naming, headlines: &[&Headline]) -> u32 {
    let Some(first) = headlines.first() else { return sheet.row };
    let (region, year) = (naming.region(Some(first.region)), first.year);
    sheet.heading(&format!("Who gains, who loses: {region}, {year}"));
    let top = sheet.row;
    let makers = extremes(&first.moves);
    // Names are wide, figures are not: the columns of the second table are those of the first.
    let mut titles = vec!["Maker".to_owned()];
    titles.extend(headlines.iter().map(|headline| naming.world(headline.world).to_owned()));
    sheet.header(&titles, 1);
    for maker in &makers {
        sheet.text(0, &naming.who(Who::Maker(*maker)), &ruled(plain()));
        for (column, headline) in (1u16..).zip(headlines) {
            let change = headline.moves.iter().find(|m| m.maker == *maker).filter(|m| m.change.n > 0);
            sheet.figure(column, change.map_or(f64::NAN, |m| m.change.mean), &figures("fraction", true));
        }
        sheet.row += 1;
    }
    let columns: Vec<(String, u16)> =
        headlines.iter().zip(1u16..).map(|(h, column)| (naming.world(h.world).to_owned(), column)).collect();
    if !makers.is_empty() {
        let title = format!("{region}, {year}: change of share, percentage points");
        let chart = plots::bars(&title, "+0.00%;-0.00%;0%", ANSWER, (top + 1, sheet.row - 1), &columns);
        let placed = sheet.sheet.insert_chart_with_offset(top, RIGHT, &chart, 8, 0);
        placed.expect("a cell of the sheet");
    }
    sheet.row = sheet.row.max(top + plots::BARS_ROWS);
    sheet.row
}

/// Those that gain most and those that lose most, the largest gain first.
fn extremes(moves: &[Move]) -> Vec<usize> {
    let mut by_size: Vec<usize> = (0..moves.len()).collect();
    by_size.sort_by(|a, b| moves[*b].change.mean.abs().total_cmp(&moves[*a].change.mean.abs()));
    by_size.truncate(MOST_MOVES);
    by_size.sort_unstable();
    by_size.into_iter().map(|at| moves[at].maker).collect()
}
