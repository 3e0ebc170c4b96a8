//! `keiretsu compare` and `keiretsu diff`: two runs, or two scenarios, side by side.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::written::write_marked;
use super::{Failure, doubt, print, say};
use crate::comparison::{Comparison, InputChanges, InputFile, Inputs, Run, files};
use crate::report::comparison::{MARK, Report, of_runs, of_scenarios};
use crate::scenario::{Scenario, load};

/// How a comparison is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Sentences and tables.
    #[default]
    #[value(alias = "table")]
    Text,
    /// For programs: everything, exactly.
    Json,
    /// A page that works from disk.
    Html,
}

#[derive(Debug, Args)]
struct Output {
    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write it to this file instead.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
What differs in the inputs is read from both inputs.csv, what became of the results from outcomes.csv and comparison.csv.
A change counts as one beyond two standard errors of the difference; runs with the same seed share their draws, so that a
smaller change may be real too.

Examples:
  keiretsu compare outputs/minimal outputs/trial
  keiretsu compare outputs/minimal outputs/trial --format html --out outputs/what-changed.html
  keiretsu compare outputs/minimal outputs/trial --format json")]
pub(super) struct CompareArgs {
    /// A run folder, such as that of a run before a change.
    #[arg(value_name = "RUN_A")]
    a: PathBuf,
    /// The run folder that it is compared with.
    #[arg(value_name = "RUN_B")]
    b: PathBuf,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is simulated. A scenario that extends another is taken as the whole that it makes.

Examples:
  keiretsu diff scenarios/honda-nissan-mitsubishi.toml scenarios/with-renault.toml
  keiretsu diff scenarios/honda-nissan-mitsubishi.toml scenarios/us-tariffs.toml --format html --out outputs/diff.html")]
pub(super) struct DiffArgs {
    /// A scenario file.
    #[arg(value_name = "A.toml")]
    a: PathBuf,
    /// The scenario file that it is compared with.
    #[arg(value_name = "B.toml")]
    b: PathBuf,
    #[command(flatten)]
    output: Output,
}

pub(super) fn compare(args: &CompareArgs) -> Result<(), Failure> {
    let open = |folder: &PathBuf| Run::open(folder).map_err(Failure::Input);
    let comparison = Comparison::of(&open(&args.a)?, &open(&args.b)?);
    args.output.give(&of_runs(&comparison))
}

pub(super) fn diff(args: &DiffArgs) -> Result<(), Failure> {
    let (a, b) = (load(&args.a, &[])?, load(&args.b, &[])?);
    doubt(&a);
    doubt(&b);
    let read = |scenario: &Scenario| -> Vec<InputFile> {
        let file = |input: &crate::scenario::InputFile| InputFile {
            file: input.name.clone(),
            sha256: input.sha256.clone(),
        };
        scenario.inputs.iter().map(file).collect()
    };
    let inputs = InputChanges::between(&Inputs::from(&a), &Inputs::from(&b));
    let paths = [args.a.display().to_string(), args.b.display().to_string()];
    let sides = [(paths[0].as_str(), a.title.as_str()), (paths[1].as_str(), b.title.as_str())];
    args.output.give(&of_scenarios(sides, &inputs, &files(&read(&a), &read(&b))))
}

impl Output {
    fn give(&self, report: &Report) -> Result<(), Failure> {
        let text = match self.format {
            Format::Text => report.text(),
            Format::Json => report.json(),
            Format::Html => report.page(),
        };
        let Some(out) = &self.out else { return print(&text) };
        write_marked(out, text.as_bytes(), MARK)?;
        say(&format!("wrote {}", out.display()));
        Ok(())
    }
}
