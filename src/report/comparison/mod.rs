//! Two runs or two scenarios side by side, in words: as text, as a page, and as JSON for programs.

mod inputs;
mod page;
mod results;

use comfy_table::CellAlignment;
use serde_json::{Value, json};

use super::table_style;
use crate::comparison::{Comparison, FileChange, Heading, InputChanges};

/// What the output of these commands begins with, so that a file of theirs is known.
pub const MARK: &str = "keiretsu compare";
/// Rows of a table in a terminal, and on a page.
const ROWS_IN_TEXT: usize = 30;
const ROWS_ON_PAGE: usize = 400;

/// What is compared, in words, ready to be printed.
pub struct Report {
    title: String,
    sections: Vec<Section>,
    json: Value,
}

/// A part of the report. Tables show as many rows as there is room for and say how many there are.
#[derive(Default)]
struct Section {
    title: String,
    sentences: Vec<String>,
    table: Option<Grid>,
}

struct Grid {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// Columns that hold figures.
    figures: std::ops::Range<usize>,
    /// The last column is long: it stands on the page only, and in a terminal as lines below the table.
    last_is_long: bool,
}

/// Two runs.
pub fn of_runs(comparison: &Comparison) -> Report {
    let Comparison { a, b, files, inputs, results } = comparison;
    let mut sections =
        vec![Section { sentences: vec![heading("A", a), heading("B", b)], ..Section::default() }];
    sections.extend(inputs::sections(inputs, files));
    sections.extend(results::sections(comparison));
    let json = json!({
        "made_by": MARK,
        "keiretsu": env!("CARGO_PKG_VERSION"),
        "a": a,
        "b": b,
        "inputs": inputs,
        "files": files,
        "results": results,
    });
    let title = match a.title == b.title {
        true => format!("Two runs of “{}”", a.title),
        false => format!("“{}” and “{}”", a.title, b.title),
    };
    Report { title, sections, json }
}

/// Two scenarios, by the paths that the user named and their titles; nothing was simulated.
pub fn of_scenarios([a, b]: [(&str, &str); 2], inputs: &InputChanges, files: &[FileChange]) -> Report {
    let heading = |letter: &str, (path, title): (&str, &str)| format!("{letter}: {path}, “{title}”");
    let mut sections =
        vec![Section { sentences: vec![heading("A", a), heading("B", b)], ..Section::default() }];
    sections.extend(inputs::sections(inputs, files));
    let side = |(path, title): (&str, &str)| json!({ "scenario": path, "title": title });
    let json = json!({
        "made_by": MARK,
        "keiretsu": env!("CARGO_PKG_VERSION"),
        "a": side(a),
        "b": side(b),
        "inputs": inputs,
        "files": files,
    });
    Report { title: "Two scenarios".to_owned(), sections, json }
}

fn heading(letter: &str, run: &Heading) -> String {
    let settings: Vec<String> = run.overrides.iter().map(|given| format!(" --set '{given}'")).collect();
    format!(
        "{letter}: {}, {}{}, seed {}, {}",
        run.folder,
        run.scenario,
        settings.concat(),
        run.seed,
        super::answer::words::counted(run.replications, "draw", "draws")
    )
}

impl Report {
    /// For programs: everything, exactly.
    pub fn json(&self) -> String {
        format!("{}\n", serde_json::to_string_pretty(&self.json).expect("plain figures and text"))
    }

    /// A page that works from disk, without network and without scripts.
    pub fn page(&self) -> String {
        page::page(&self.title, &self.sections)
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let mut text = format!("{MARK}: {}\n", self.title);
        for section in &self.sections {
            text.push('\n');
            if !section.title.is_empty() {
                text += &format!("{}\n", section.title);
            }
            section.sentences.iter().for_each(|sentence| text += &format!("{sentence}\n"));
            if let Some(grid) = &section.table {
                text += &in_terminal(grid);
            }
        }
        text
    }
}

fn in_terminal(grid: &Grid) -> String {
    let width = grid.header.len() - usize::from(grid.last_is_long);
    let mut table = table_style::plain(grid.header[..width].iter().copied());
    for row in grid.rows.iter().take(ROWS_IN_TEXT) {
        table.add_row(&row[..width]);
    }
    for column in grid.figures.clone() {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text =
        format!("\n{}\n", table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n"));
    if let Some(more) = left_out(grid, ROWS_IN_TEXT) {
        text += &format!("{more}; --format html or json shows more.\n");
    }
    if grid.last_is_long {
        let long = |row: &&Vec<String>| !row[width].is_empty();
        for row in grid.rows.iter().take(ROWS_IN_TEXT).filter(long) {
            text += &format!("{}: {}\n", row[0], row[width]);
        }
    }
    text.push('\n');
    text
}

/// How many rows there are beside those that are shown.
fn left_out(grid: &Grid, shown: usize) -> Option<String> {
    let more = grid.rows.len().checked_sub(shown).filter(|more| *more > 0)?;
    Some(format!("And {}", super::answer::words::counted(more as u64, "row more", "rows more")))
}
