//! The command line of `keiretsu equilibrium`, and what happens on it.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::answer::Answer;
use super::problem::{EquilibriumError, FORMATS, Source};
use super::{check, files, json_file, small_file, solve, tables};

/// One market, no time, no draws: calibrate, solve, compare counterfactual ownerships, costs and taxes.
#[derive(Clone, Debug, clap::Args)]
pub struct EquilibriumArgs {
    /// The market: a TOML file with a CSV of offers beside it, or a JSON file in the reference layout
    pub market: PathBuf,
    /// What is printed to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write offers.csv, elasticities.csv, diversion.csv and screens.csv to this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Tables and sentences for people
    Table,
    /// One JSON object for programs
    Json,
}

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// At least one counterfactual has no accepted equilibrium; the answer says which.
    Incomplete,
}

impl Outcome {
    pub fn exit_code(self) -> u8 {
        match self {
            Outcome::Done => 0,
            Outcome::Incomplete => 1,
        }
    }
}

/// Reads, solves and prints; the answer goes to `output`, warnings to `errors`.
pub fn run(
    args: &EquilibriumArgs,
    output: &mut dyn Write,
    errors: &mut dyn Write,
) -> Result<Outcome, EquilibriumError> {
    let answer = answer_file(&args.market)?;
    if let Some(folder) = &args.out {
        files::write(&answer, folder)?;
        let _ = writeln!(
            errors,
            "wrote offers.csv, elasticities.csv, diversion.csv and screens.csv to {}",
            folder.display()
        );
    }
    match args.format {
        Format::Json => {
            let text = serde_json::to_string(&answer).map_err(|error| printing(&error.to_string()))?;
            print(output, &text)?;
        }
        Format::Table if args.out.is_none() => print(output, &tables::text(&answer))?,
        Format::Table => {}
    }
    for warning in &answer.warnings {
        // A closed standard error loses warnings, not the answer.
        let _ = writeln!(errors, "warning: {warning}");
    }
    Ok(if answer.complete() { Outcome::Done } else { Outcome::Incomplete })
}

/// The answer to a market file.
pub fn answer_file(path: &Path) -> Result<Answer, EquilibriumError> {
    let source = Source::read(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let is_json = match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("json") => true,
        Some("toml") => false,
        Some("csv") => {
            let message = format!("{} is a table, not a market", source.name);
            return Err(EquilibriumError::input(message, FORMATS));
        }
        _ => source.text.trim_start().starts_with('{'),
    };
    let draft = if is_json { json_file::read(source)? } else { small_file::read(source, folder)? };
    solve::answer(&check::check(&draft)?)
}

fn print(output: &mut dyn Write, text: &str) -> Result<(), EquilibriumError> {
    match writeln!(output, "{text}").and_then(|()| output.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(printing(&error.to_string())),
        Ok(()) => Ok(()),
    }
}

fn printing(cause: &str) -> EquilibriumError {
    EquilibriumError::Output { path: "standard output".to_owned(), cause: cause.to_owned() }
}
