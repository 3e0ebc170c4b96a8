//! What the commands that simulate have in common where their replications are shared out: `--shard`, and parts merged.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use clap::Args;
use indexmap::IndexMap;
use serde::Serialize;

use super::question::QuestionArgs;
use super::written::{refuse_unmarked, write_marked};
use super::{Failure, say};
use crate::parts::{Header, InputFile, Merging, SIGNATURE, to_bytes};
use crate::scenario::{Files, Scenario};
use crate::simulation::saved::{Saved, Unfit};
use crate::simulation::{Shard, Work};

/// Where a command's replications come from.
pub(super) enum Source {
    /// They are drawn here.
    Draws,
    /// They were drawn elsewhere.
    Parts(Merging),
}

#[derive(Clone, Debug, Default, Args)]
pub(super) struct ShardArgs {
    /// Simulate one part of several and write it as a file, which --out names [default: outputs/<name>-3-of-16.kpart];
    /// `keiretsu merge` puts the parts together.
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
}

/// How a command shares its work.
pub(super) enum Sharing {
    Whole,
    Part { shard: Shard, files: Arc<Mutex<IndexMap<PathBuf, Vec<u8>>>>, records: Vec<Saved> },
    Merged(Merging),
}

impl Sharing {
    /// `files` become those of the parts, or are kept for the part that is made.
    pub fn new(source: Source, shard: Option<Shard>, files: &mut Files) -> Sharing {
        match (source, shard) {
            (Source::Parts(merging), _) => {
                *files = Files::Given(merging.inputs());
                Sharing::Merged(merging)
            }
            (Source::Draws, None) => Sharing::Whole,
            (Source::Draws, Some(shard)) => {
                let kept = Arc::default();
                *files = Files::Kept(Arc::clone(&kept));
                Sharing::Part { shard, files: kept, records: Vec::new() }
            }
        }
    }

    pub fn work(&mut self) -> Work<'_> {
        match self {
            Sharing::Whole => Work::Whole,
            Sharing::Part { shard, records, .. } => Work::Shard(*shard, records),
            Sharing::Merged(merging) => Work::Merged(merging),
        }
    }

    /// The file that the part is written to, if one is made; before any long work, that it may be.
    pub fn part_file(
        &self,
        question: &QuestionArgs,
        scenario: &Scenario,
    ) -> Result<Option<PathBuf>, Failure> {
        let Sharing::Part { shard, .. } = self else { return Ok(None) };
        let default = || format!("outputs/{}-{}-of-{}.kpart", scenario.name, shard.number, shard.of).into();
        let out = question.out.clone().unwrap_or_else(default);
        refuse_unmarked(&out, SIGNATURE).map(|()| Some(out))
    }

    /// Writes the part: under a temporary name first, so that one that is stopped leaves nothing.
    pub fn write(
        self,
        command: (&str, &impl Serialize),
        question: &QuestionArgs,
        scenario: &Scenario,
        replications: u64,
        out: &Path,
    ) -> Result<(), Failure> {
        let Sharing::Part { shard, files, records } = self else {
            unreachable!("only a shard writes a part")
        };
        let inputs = scenario.inputs.iter();
        let inputs = inputs.map(|i| InputFile { file: i.name.clone(), sha256: i.sha256.clone() });
        let asked = serde_json::json!({ command.0: command.1 });
        let path = &question.scenario.scenario;
        let header = Header::new(
            shard,
            path.display().to_string(),
            asked,
            scenario.seed,
            replications,
            inputs.collect(),
        );
        let files = files.lock().expect("no reader panics");
        if let Some(path) = files.keys().find(|path| path.to_str().is_none()) {
            return Err(Failure::Input(format!("{}: give it a name that is text (UTF-8)", path.display())));
        }
        let bytes = to_bytes(&header, &files, &records);
        write_marked(out, &bytes, SIGNATURE)?;
        if !question.quiet {
            say(&format!("Part {shard}: {} ({:.1} MB)", out.display(), bytes.len() as f64 / 1e6));
        }
        Ok(())
    }
}

impl From<Unfit> for Failure {
    fn from(unfit: Unfit) -> Failure {
        Failure::Input(unfit.to_string())
    }
}
