//! The sheets of words: contents, assumptions, method.

use rust_xlsxwriter::Worksheet;

use super::naming::Naming;
use super::sheet::{Sheet, plain, quiet, ruled};
use super::why::Why;
use super::{ACCOUNTS, ANSWER, ASSUMPTIONS, COMPARISON, METHOD, SHARES};
use crate::report::answer::Answer;
use crate::report::answer::words::thousands;
use crate::report::page::{assumptions as stated, caveats, command, patch, tally};
use crate::scenario::Scenario;

/// What each sheet holds.
pub fn contents(naming: &Naming, why: &[Why]) -> Worksheet {
    let scenario = naming.scenario;
    let mut sheet = Sheet::new("Contents", &scenario.title, &[28.0, 95.0]);
    if !scenario.question.is_empty() {
        sheet.paragraph(&scenario.question, &quiet().set_font_size(12));
    }
    sheet.heading("Sheets");
    let mut sheets = vec![
        (ANSWER, "The answer in sentences, as a table and in charts; who gains and who loses"),
        (SHARES, "Market shares by region, maker, world and year, and what each world changes"),
        (COMPARISON, "What each world changes in the years that the report asks for, with quantiles"),
        (ACCOUNTS, "Profits, R&D, savings by pool, prices, consumer surplus and concentration by year"),
    ];
    sheets.extend(why.iter().map(|why| (why.name, why.about)));
    sheets.extend([
        (
            ASSUMPTIONS,
            "Every figure that is assumed: range, unit, source, quality, and which world changes it",
        ),
        (METHOD, "How to read it, what the worlds are, what to keep in mind, how to repeat the run"),
    ]);
    for (name, what) in sheets {
        sheet.link(0, name);
        sheet.text(1, what, &plain());
        sheet.row += 1;
    }
    sheet.heading("This run");
    let findings = naming.findings;
    let ensemble = &findings.ensemble;
    let worlds: Vec<&str> = (0..scenario.worlds.len()).map(|world| naming.world(world)).collect();
    let facts = [
        ("Program", format!("keiretsu {}", env!("CARGO_PKG_VERSION"))),
        ("Scenario", format!("{}.toml", scenario.name)),
        ("Worlds", worlds.join("; ")),
        ("Compared with", naming.world(findings.reference).to_owned()),
        ("Years", format!("{} to {}", findings.base_year, findings.last_year())),
        ("Draws", thousands((ensemble.replications - ensemble.failed) as f64)),
        ("Sources", scenario.source.clone()),
    ];
    for (what, text) in facts.iter().filter(|(_, text)| !text.is_empty()) {
        sheet.wrapped_row(&[what, text], &plain());
    }
    sheet.row += 1;
    let note = "Every figure in this workbook is one of the CSV files of the run, unrounded; formats round what is \
                seen. It holds those one asks for first; the CSV files hold all.";
    sheet.paragraph(note, &quiet());
    sheet.finished(0)
}

/// Every figure that the scenario states.
pub fn assumptions(scenario: &Scenario) -> Worksheet {
    let widths = [52.0, 30.0, 20.0, 12.0, 62.0, 22.0, 22.0];
    let mut sheet = Sheet::new(ASSUMPTIONS, "Assumptions with sources", &widths);
    let rows = stated(scenario);
    sheet.paragraph(&tally(&rows), &quiet());
    let header = sheet.row;
    let titles = ["Figure", "Value or range", "Unit", "Quality", "Source and note", "Holds in", "Changed by"];
    sheet.header(&titles.map(str::to_owned), titles.len());
    for row in &rows {
        let world = if row.world.is_empty() { "all worlds" } else { &row.world };
        let changed_by = row.changed_by.join("; ");
        let cells = [&row.key, &row.value, &row.unit, &row.quality, &row.source, world, &changed_by];
        sheet.wrapped_row(&cells, &ruled(plain()));
    }
    sheet.filter(header);
    sheet.freeze(header + 1, 1);
    sheet.finished(0)
}

/// How to read the workbook, and how to repeat the run.
pub fn method(naming: &Naming, answer: &Answer) -> Worksheet {
    let (scenario, findings) = (naming.scenario, naming.findings);
    let mut sheet = Sheet::new(METHOD, "Method", &[34.0, 52.0, 52.0]);
    sheet.heading("How the figures are made");
    for text in [
        "Cars sold in the base year and their prices tell what buyers and makers must be like to explain them; \
         from there the market runs on year by year, many times, each time with other draws of everything that is \
         uncertain. All worlds have the same draws, so that a difference between them is due to what was changed.",
        "A level is the mean over draws. 5 %, 25 %, median, 75 % and 95 % are quantiles over draws: 90 of 100 draws \
         lie between 5 % and 95 %.",
        "A world that proposes an alliance is told of under conditions: where it goes ahead (as in all levels), where \
         it goes ahead and has not broken up by that year, and over all draws, weighted with its chance.",
    ] {
        sheet.paragraph(text, &plain());
    }
    sheet.heading("The worlds compared");
    for (at, world) in scenario.worlds.iter().enumerate() {
        let mark = if at == findings.reference { " (reference)" } else { "" };
        let changes: Vec<String> =
            patch(scenario, world).into_iter().map(|(key, value)| format!("{key} → {value}")).collect();
        let name = format!("{}{mark}", world.name);
        sheet.wrapped_row(&[&name, &world.description, &changes.join("\n")], &ruled(plain()));
    }
    sheet.heading("What it rests on");
    for line in answer.foundations() {
        sheet.paragraph(&line, &plain());
    }
    sheet.heading("What to keep in mind");
    for line in caveats(scenario, findings) {
        sheet.paragraph(&line, &plain());
    }
    sheet.heading("Names here and in the CSV files");
    sheet.header(&["What it names", "Here", "In the CSV files"].map(str::to_owned), 3);
    for row in naming.differing() {
        let there = if row[2].is_empty() { "(empty)" } else { &row[2] };
        sheet.wrapped_row(&[&row[0], &row[1], there], &ruled(plain()));
    }
    sheet.heading("How to repeat this run");
    sheet.paragraph(&command(scenario, findings), &plain().set_font_name("Consolas"));
    sheet.paragraph(
        &format!(
            "keiretsu {} with these inputs gives the same numbers on any machine.",
            env!("CARGO_PKG_VERSION")
        ),
        &plain(),
    );
    sheet.header(&["Input file", "SHA-256", ""].map(str::to_owned), 3);
    for input in &scenario.inputs {
        sheet.text(0, &input.name, &plain());
        sheet.text(1, &input.sha256, &plain().set_font_name("Consolas").set_font_size(9));
        sheet.row += 1;
    }
    sheet.finished(0)
}
