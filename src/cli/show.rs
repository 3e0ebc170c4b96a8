//! `keiretsu show`: finds a number of a run folder in plain words.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use comfy_table::CellAlignment;

use super::{Failure, Format, print};
use crate::analysis::{Labels, Wording, ambiguous, choose_with_year, no_year};
use crate::comparison::{Row, rows};
use crate::report::answer::words::{signed, thousands};
use crate::report::csv_file::order_of_magnitude;
use crate::report::{manifest, table_style};

/// Significant digits of the largest level and of the largest change in the table; the files have all.
const DIGITS: i32 = 5;
const CONDITIONS: [(&str, &str); 3] = [
    ("proceeds", "if it goes ahead"),
    ("survives", "if it goes ahead and lasts"),
    ("unconditional", "weighted with its chance"),
];

#[derive(Debug, Args)]
#[command(after_help = "\
Words in any order: an outcome (outcomes.csv lists them), and as they apply a maker or `alliance:<name>`, a region,
a powertrain, a year, a world, a condition (proceeds, survives, unconditional). What is left open is shown for all
worlds, conditions and years.

Examples:
  keiretsu show outputs/honda-nissan-mitsubishi \"operating_profit Ford 2032\"
  keiretsu show outputs/honda-nissan-mitsubishi share hnm in the United States, merger, 2035
  keiretsu show outputs/minimal \"share Asahi Home 2030\" --format json")]
pub(super) struct ShowArgs {
    /// A run folder.
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// What to look for.
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// How the numbers are printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn show(args: &ShowArgs) -> Result<(), Failure> {
    let run = Run::open(&args.run)?;
    let rows = run.find(&args.words.join(" "))?;
    match args.format {
        Format::Json => {
            print(&format!("{}\n", serde_json::to_string_pretty(&rows).expect("plain figures and text")))
        }
        Format::Text => print(&run.text(&rows)),
    }
}

/// A run folder that was read.
struct Run {
    title: String,
    /// Names for people, by the names in the files.
    names: HashMap<String, String>,
    rows: Vec<Row>,
}

impl Run {
    fn open(folder: &Path) -> Result<Run, Failure> {
        let shown = folder.display();
        if !folder.is_dir() {
            return Err(Failure::Input(format!(
                "{shown} is no folder; name a run folder, such as outputs/minimal"
            )));
        }
        let manifest = fs::read(folder.join("manifest.json")).map_err(|error| {
            Failure::Input(format!("{shown} holds no run of keiretsu: manifest.json: {error}"))
        })?;
        let origin = manifest::origin_of(&manifest).ok_or_else(|| {
            Failure::Input(format!(
                "{shown} holds no run of keiretsu: manifest.json is not one of this program"
            ))
        })?;
        let mut found = rows(folder, "outcomes.csv").map_err(Failure::Input)?;
        found.extend(rows(folder, "comparison.csv").map_err(Failure::Input)?);
        Ok(Run { title: origin.title, names: origin.names, rows: found })
    }

    /// The rows that words ask for.
    fn find(&self, line: &str) -> Result<Vec<Row>, Failure> {
        let (line, condition) = self.without_condition(line);
        let (candidates, kinds) = self.candidates();
        let (found, year) = choose_with_year(&line, &candidates).map_err(Failure::Input)?;
        let lines: Vec<&str> = found.iter().map(|&at| candidates[at].line.as_str()).collect();
        if lines.iter().any(|other| *other != lines[0]) {
            return Err(Failure::Input(ambiguous(&line, lines)));
        }
        let meant: Vec<_> = found.iter().map(|&at| &kinds[at]).collect();
        let of_outcome = self.rows.iter().filter(|row| meant.contains(&&kind(row)));
        let years: Vec<i32> = of_outcome.clone().map(|row| row.year).collect();
        if let Some(missing) = year.filter(|year| !years.contains(year)) {
            return Err(Failure::Input(no_year(lines[0], missing, &years)));
        }
        let wanted = |row: &&Row| {
            year.is_none_or(|year| row.year == year)
                && condition.is_none_or(|condition| row.condition.as_deref() == Some(condition))
        };
        let rows: Vec<Row> = of_outcome.filter(wanted).cloned().collect();
        match rows.is_empty() {
            true => {
                Err(Failure::Input(format!("`{}` is compared with nothing: it has levels only", lines[0])))
            }
            false => Ok(rows),
        }
    }

    /// The line without a condition's name, where no other name contains it.
    fn without_condition(&self, line: &str) -> (String, Option<&'static str>) {
        let is_name = |word: &str| self.rows.iter().any(|row| row.manufacturer == word || row.world == word);
        let condition = CONDITIONS
            .iter()
            .map(|(key, _)| *key)
            .find(|key| line.split_whitespace().any(|word| word.eq_ignore_ascii_case(key) && !is_name(word)));
        let Some(condition) = condition else { return (line.to_owned(), None) };
        let others = line.split_whitespace().filter(|word| !word.eq_ignore_ascii_case(condition));
        (others.collect::<Vec<_>>().join(" "), Some(condition))
    }

    /// What can be asked for: an outcome of a world, whatever the year.
    fn candidates(&self) -> (Vec<Wording>, Vec<Kind<'_>>) {
        let mut kinds: Vec<Kind> = Vec::new();
        for row in &self.rows {
            // Rows of an outcome stand together.
            if kinds.last() != Some(&kind(row)) {
                kinds.push(kind(row));
            }
        }
        let wording = |(world, [outcome, region, manufacturer, powertrain]): &Kind| {
            let own = |text: &&str| (*text).to_owned();
            let labels = Labels {
                outcome: own(outcome),
                unit: String::new(),
                region: own(region),
                manufacturer: own(manufacturer),
                powertrain: own(powertrain),
            };
            let mut ways = vec![*world];
            ways.extend(self.names.get(*world).map(String::as_str));
            labels.wording(&self.names, &[ways])
        };
        (kinds.iter().map(wording).collect(), kinds)
    }

    fn text(&self, rows: &[Row]) -> String {
        let Some(first) = rows.first() else { return String::new() };
        let name = |key: &str| match self.names.get(key) {
            Some(name) => format!("{name} ({key})"),
            None => key.to_owned(),
        };
        let parts = [&first.manufacturer, &first.region, &first.powertrain];
        let parts: Vec<String> =
            parts.into_iter().filter(|part| !part.is_empty()).map(|part| name(part)).collect();
        let scope = if parts.is_empty() { "all".to_owned() } else { parts.join(", ") };
        let mut text = format!("{}\n{}: {scope}, in {}\n\n", self.title, first.outcome, first.unit);
        let mut table = table_style::plain([
            "year", "world", "", "mean", "5 %", "95 %", "gains in", "loses in", "draws", "row",
        ]);
        let of = |changes: bool| decimals(rows.iter().filter(|row| row.reference.is_some() == changes));
        let decimals = [of(false), of(true)];
        for row in rows {
            let change = row.reference.is_some();
            let decimals = decimals[usize::from(change)];
            let figure =
                |value: Option<f64>| value.map_or("–".into(), |value| rounded(value, change, decimals));
            let part =
                |value: Option<f64>| value.map_or(String::new(), |value| format!("{:.1} %", value * 100.0));
            table.add_row([
                row.year.to_string(),
                row.world.clone(),
                kind_in_words(row),
                figure(row.mean),
                figure(row.p05),
                figure(row.p95),
                part(row.prob_gain),
                part(row.prob_loss),
                thousands(row.n as f64),
                format!("{}:{}", row.file, row.line),
            ]);
        }
        for column in 3..9 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        text += &format!(
            "{table}\n\n90 of 100 draws lie between 5 % and 95 %. Gains in, loses in: the part of draws in which it is \
             larger or smaller than in the world it is compared with.\n"
        );
        text
    }
}

/// A world, and outcome, region, manufacturer and powertrain.
type Kind<'a> = (&'a str, [&'a str; 4]);

fn kind(row: &Row) -> Kind<'_> {
    (&row.world, [&row.outcome, &row.region, &row.manufacturer, &row.powertrain])
}

fn kind_in_words(row: &Row) -> String {
    let (Some(reference), Some(condition)) = (&row.reference, &row.condition) else {
        return "level".into();
    };
    let words = CONDITIONS.iter().find(|(key, _)| key == condition).map_or("", |(_, words)| words);
    format!("minus {reference}, {words}")
}

/// Decimals that give the largest of some rows' figures its significant digits.
fn decimals<'a>(rows: impl Iterator<Item = &'a Row>) -> usize {
    let figures = rows.flat_map(|row| [row.mean, row.p05, row.p95]).flatten();
    let largest = figures.map(f64::abs).fold(0.0, f64::max);
    (DIGITS - 1 - order_of_magnitude(largest)).clamp(0, 12) as usize
}

/// Large numbers whole; a change has its sign.
fn rounded(value: f64, change: bool, decimals: usize) -> String {
    match (change, decimals) {
        (true, _) => signed(value, decimals),
        (false, 0) => thousands(value),
        (false, _) => format!("{value:.decimals$}"),
    }
}
