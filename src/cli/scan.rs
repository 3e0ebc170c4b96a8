//! `keiretsu scan`: the same comparison while settings take other values.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::options::progress_bar;
use super::question::QuestionArgs;
use super::sharing::{ShardArgs, Sharing, Source};
use super::{Failure, Format, print, say};
use crate::report::run_folder::File;
use crate::report::scan as report;
use crate::variants::scan;
use crate::variants::values::Values;

#[derive(Debug, Args, Serialize, Deserialize)]
#[command(after_help = "\
Every point of the grid is calibrated and simulated on the same draws; a setting takes a fixed value there, whatever
the scenario believes about it. What a world sets itself is reached under its name:
worlds.merger.set.alliances.hnm.proceeds=0.1,0.3.

Examples:
  keiretsu scan scenarios/honda-nissan-mitsubishi.toml --over regions.US.nest_rho=0.3..0.8:6 --replications 500
  keiretsu scan scenarios/minimal.toml --over costs.scale_elasticity=0.01..0.08:8 --over regions.Home.nest_rho=0,0.5
  keiretsu scan scenarios/minimal.toml --over demand.price_response=log,linear --outcome \"price Asahi Home 2030\"")]
pub(super) struct ScanArgs {
    #[command(flatten)]
    pub(super) question: QuestionArgs,
    #[command(flatten)]
    #[serde(skip)]
    shard: ShardArgs,
    /// A setting and its values: a range with their number, or a list; may be repeated for a grid.
    #[arg(long, value_name = "KEY=FROM..TO:N|KEY=A,B,…", required = true, value_parser = Values::parse)]
    over: Vec<Values>,
    /// What to look at, in words; may be repeated [default: shares and profit of those whom a world brings together].
    #[arg(long, value_name = "OUTCOME")]
    outcome: Vec<String>,
}

pub(super) fn scan(mut args: ScanArgs, source: Source) -> Result<(), Failure> {
    let mut sharing = Sharing::new(source, args.shard.shard, &mut args.question.scenario.files);
    let question = &args.question;
    let load = |settings: &[String]| question.load(settings);
    let threads = question.threads()?;
    let prepared =
        threads.install(|| scan::prepare(&load, args.over.clone(), &args.outcome, question.replications))?;
    let bar = progress_bar(prepared.replications(&sharing.work()), question.quiet);
    let done = |done| bar.set_position(done);
    if let Some(part) = sharing.part_file(question, prepared.scenario())? {
        let (scenario, replications) = (prepared.scenario().clone(), prepared.replications_per_point());
        threads.install(|| prepared.run(&mut sharing.work(), &done))?;
        bar.finish_and_clear();
        return sharing.write(("scan", &args), question, &scenario, replications, &part);
    }
    let results = question.folder(prepared.scenario(), "scan")?;
    let found = threads.install(|| prepared.run(&mut sharing.work(), &done))?.expect("no shard");
    bar.finish_and_clear();

    let all = !args.outcome.is_empty();
    let failed: Vec<u64> =
        found.points.iter().map(|p| p.found.as_ref().map_or(0, |f| f.ensemble.failed)).collect();
    let mut files = vec![File::new("scan.csv", report::table(&found))];
    files.extend(threads.install(|| report::charts(&found, all)));
    let points = found.points.iter().zip(&failed).map(|(point, failed)| {
        serde_json::json!({ "values": point.values, "failed": failed, "no_market": point.found.as_ref().err() })
    });
    let asked = serde_json::json!({
        "over": found.axes.iter().map(|axis| &axis.key).collect::<Vec<_>>(),
        "outcomes": args.outcome,
        "points": points.collect::<Vec<_>>(),
    });
    if !question.quiet {
        match question.format {
            Format::Text => {
                let sentences = report::sentences(&found, all).join("\n\n");
                print(&format!("{}{sentences}\n", report::in_terminal(&found, all)))?;
            }
            Format::Json => print(&format!("{:#}\n", report::json(&found, all)))?,
        }
        if let Some(worst) = failed.iter().max().filter(|failed| **failed > 0) {
            say(&format!(
                "warning: replications failed, at one point {worst}; they are in no statistic (manifest.json)"
            ));
        }
    }
    results.write(question, &found.scenario, found.replications, asked, files)
}
