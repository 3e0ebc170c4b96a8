//! What the commands that ask a question about a scenario have in common: options, threads, the folder they write.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::options::{MOST_THREADS, whole};
use super::{Failure, Format, ScenarioArgs, command_line, say};
use crate::report::questions::manifest;
use crate::report::run_folder::{File, RunFolder, Source};
use crate::scenario::{MOST_REPLICATIONS, Problems, Scenario, load_from};

#[derive(Debug, Args, Serialize, Deserialize)]
pub(super) struct QuestionArgs {
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// How often everything uncertain is drawn [default: the scenario's; but for `run`, at most 2000].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole(1, MOST_REPLICATIONS))]
    pub replications: Option<u64>,
    /// Seed of the draws [default: the scenario's].
    #[arg(long, value_name = "S", allow_negative_numbers = true, value_parser = whole(0, u64::MAX))]
    pub seed: Option<u64>,
    /// Threads to use [default: all cores]; results do not depend on it.
    #[arg(long, value_name = "T", allow_negative_numbers = true, value_parser = whole(1, MOST_THREADS))]
    #[serde(skip)]
    pub threads: Option<u64>,
    /// The folder for the results [default: outputs/<scenario's file name>, with -<command> but for `run`].
    #[arg(long, value_name = "DIR")]
    #[serde(skip)]
    pub out: Option<PathBuf>,
    /// Replace a folder that was made from something else; what else lies in it stays.
    #[arg(long)]
    #[serde(skip)]
    pub force: bool,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t)]
    #[serde(skip)]
    pub format: Format,
    /// Print no answer and no progress.
    #[arg(long)]
    #[serde(skip)]
    pub quiet: bool,
}

impl QuestionArgs {
    /// The scenario with further settings, each as `--set` has it.
    pub fn load(&self, further: &[String]) -> Result<Scenario, Problems> {
        let ScenarioArgs { scenario, set, files } = &self.scenario;
        let settings: Vec<String> = set.iter().chain(further).cloned().collect();
        load_from(files, scenario, &settings, self.replications, self.seed)
    }

    pub fn threads(&self) -> Result<rayon::ThreadPool, Failure> {
        super::options::threads(self.threads)
    }

    /// The folder for the results, before any long work.
    pub fn folder(&self, scenario: &Scenario, question: &str) -> Result<Results, Failure> {
        let name = format!("{}-{question}", scenario.name);
        let shown = self.out.clone().unwrap_or_else(|| PathBuf::from("outputs").join(name));
        let title = format!("{question}: {}", scenario.title);
        let source = Source { title: title.clone(), ..scenario.into() };
        let folder = RunFolder::prepare(&shown, &self.scenario.scenario, source, self.force)?;
        Ok(Results { folder, shown, title, question: question.to_owned(), start: Instant::now() })
    }
}

/// A folder of results in the making.
pub(super) struct Results {
    folder: RunFolder,
    shown: PathBuf,
    title: String,
    question: String,
    start: Instant,
}

impl Results {
    /// Writes everything, with a manifest that says what was asked.
    pub fn write(
        self,
        args: &QuestionArgs,
        scenario: &Scenario,
        replications: u64,
        asked: serde_json::Value,
        mut files: Vec<File>,
    ) -> Result<(), Failure> {
        let overrides = &args.scenario.set;
        let question = (self.question.as_str(), self.title.as_str());
        files.push(manifest(scenario, question, overrides, replications, asked, &files));
        let timing = serde_json::json!({
            "command": command_line(),
            "scenario_path": self.folder.scenario_path,
            "seconds": self.start.elapsed().as_secs_f64(),
        });
        files.push(File::new("timing.json", serde_json::to_vec_pretty(&timing).expect("plain figures")));
        self.folder.write(&files)?;
        if !args.quiet {
            say(&format!("Results: {}", self.shown.display()));
        }
        Ok(())
    }
}
