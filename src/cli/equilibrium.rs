//! `keiretsu equilibrium`: one market, no time, no draws.

use std::path::{Path, PathBuf};

use clap::Args;

use super::written::refuse_strange;
use super::{Failure, Format, print, say};
use crate::equilibrium::{self, Unanswered};
use crate::scenario::Files;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  keiretsu equilibrium scenarios/merger.toml
  keiretsu equilibrium scenarios/merger.toml --out outputs/merger
  keiretsu equilibrium scenarios/nissan-mitsubishi-stake.toml --format json")]
pub(super) struct EquilibriumArgs {
    /// The market: a TOML file with a CSV of offers beside it, or a JSON file in the reference layout.
    market: PathBuf,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write offers.csv, elasticities.csv, diversion.csv and screens.csv to this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl From<Unanswered> for Failure {
    fn from(unanswered: Unanswered) -> Failure {
        match unanswered {
            Unanswered::Input(problems) => problems.into(),
            Unanswered::Numerics(message) => Failure::Run(message),
        }
    }
}

pub(super) fn equilibrium(args: &EquilibriumArgs) -> Result<(), Failure> {
    let answer = equilibrium::answer(&Files::Disk, &args.market)?;
    if let Some(folder) = &args.out {
        let files = equilibrium::csv_files(&answer);
        write(&files, folder)?;
        let [first @ .., last] = files.map(|(name, _)| name);
        say(&format!("wrote {} and {last} to {}", first.join(", "), folder.display()));
    }
    match args.format {
        Format::Json => print(&format!("{}\n", serde_json::to_string(&answer).expect("plain figures")))?,
        Format::Text if args.out.is_none() => print(&equilibrium::text(&answer))?,
        Format::Text => {}
    }
    for warning in &answer.warnings {
        say(&format!("warning: {warning}"));
    }
    match answer.complete() {
        true => Ok(()),
        false => {
            Err(Failure::Run("a counterfactual has no accepted equilibrium; the answer says which".into()))
        }
    }
}

/// Writes the files into `folder` (made if missing): first to a temporary folder, then renamed, so that no
/// half-written file is ever seen. Files of the same names from an earlier answer are replaced; any other
/// file of such a name, an input perhaps, is not.
fn write(files: &[(&str, Vec<u8>)], folder: &Path) -> Result<(), Failure> {
    for (name, bytes) in files {
        refuse_strange(&folder.join(name), bytes, "folder")?;
    }
    let parent = folder.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let at = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| Failure::Run(format!("cannot write {path}: {error}"))
    };
    std::fs::create_dir_all(parent).map_err(at(parent))?;
    let temporary =
        tempfile::Builder::new().prefix(".equilibrium-").tempdir_in(parent).map_err(at(parent))?;
    for (name, bytes) in files {
        let path = temporary.path().join(name);
        std::fs::write(&path, bytes).map_err(at(&path))?;
    }
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    for (name, _) in files {
        let path = folder.join(name);
        std::fs::rename(temporary.path().join(name), &path).map_err(at(&path))?;
    }
    Ok(())
}
