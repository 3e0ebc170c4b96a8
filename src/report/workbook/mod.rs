//! `report.xlsx`: the answer, what it rests on and the figures one asks for first, for readers without the
//! program. Every figure is one of the CSV files, unrounded; formats round what is seen.

mod answer;
mod figures;
mod grid;
mod naming;
mod plots;
mod sheet;
mod why;
mod words;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use crate::analysis::Findings;
use crate::report::Past;
use crate::report::answer::Answer;
use crate::report::figures::Asked;
use crate::scenario::Scenario;
use naming::Naming;

const ANSWER: &str = "Answer";
const SHARES: &str = "Shares with and without";
const COMPARISON: &str = "Comparison";
const ACCOUNTS: &str = "Accounts";
const ASSUMPTIONS: &str = "Assumptions with sources";
const METHOD: &str = "Method";

/// The workbook of a run.
pub fn workbook(scenario: &Scenario, findings: &Findings, past: &Past, asked: Asked) -> Vec<u8> {
    let naming = Naming { scenario, findings };
    let answer = Answer::of(scenario, findings, past);
    let (shares, share_rows) = figures::shares(&naming);
    let (accounts, account_rows) = figures::accounts(&naming);
    let why = why::sheets(&naming, asked);
    let mut sheets = vec![
        words::contents(&naming, &why),
        answer::answer(&naming, &answer, &share_rows, &account_rows),
        shares,
        figures::comparison(&naming),
        accounts,
    ];
    sheets.extend(why.into_iter().map(|why| why.sheet));
    sheets.extend([words::assumptions(scenario), words::method(&naming, &answer)]);
    let mut workbook = Workbook::new();
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    // A fixed day: the same run gives the same bytes.
    let day = ExcelDateTime::from_ymd(2000, 1, 1).expect("a day that spreadsheets know");
    let title: String = scenario.title.chars().take(200).collect();
    let properties = DocProperties::new().set_title(title).set_author("keiretsu").set_creation_datetime(&day);
    workbook.set_properties(&properties);
    workbook.save_to_buffer().expect("sheets have different names, and memory does not fail")
}
