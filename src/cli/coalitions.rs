//! `keiretsu coalitions`: every subset of an alliance's members, who would leave, who should join.

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::options::progress_bar;
use super::question::QuestionArgs;
use super::sharing::{ShardArgs, Sharing, Source};
use super::{Failure, Format, print, say};
use crate::report::coalitions as report;
use crate::simulation::Work;
use crate::variants::coalitions::{self, Outsiders, Question};

#[derive(Debug, Args, Serialize, Deserialize)]
#[command(after_help = "\
What a coalition is worth to a maker is the present value of the change of its operating profit against nobody working
together, over the years simulated, on the same draws. A coalition holds where no member would be better off outside
and no other would be better off inside. Partners join on the alliance's own terms, from the day its last member joins.

Examples:
  keiretsu coalitions scenarios/honda-nissan-mitsubishi.toml --replications 500
  keiretsu coalitions scenarios/honda-nissan-mitsubishi.toml --world merger --no-partners --outsiders together
  keiretsu coalitions scenarios/minimal.toml --discount-rate 0.05 --outcome \"price Asahi Home 2030\"")]
pub(super) struct CoalitionsArgs {
    #[command(flatten)]
    pub(super) question: QuestionArgs,
    #[command(flatten)]
    #[serde(skip)]
    shard: ShardArgs,
    /// Whose members [default: the report's alliance, else the first].
    #[arg(long, value_name = "ALLIANCE")]
    alliance: Option<String>,
    /// The world that says what it shares [default: the first one in which the alliance is in force].
    #[arg(long, value_name = "WORLD")]
    world: Option<String>,
    /// What the members outside a coalition do: stay alone, or form an alliance of their own.
    #[arg(long, value_enum, default_value = "alone")]
    outsiders: OutsidersArg,
    /// Leave out what makers outside would bring (most of the time that this takes).
    #[arg(long)]
    no_partners: bool,
    /// What to look at beside profits and shares, in words; may be repeated.
    #[arg(long, value_name = "OUTCOME")]
    outcome: Vec<String>,
    /// Discount rate of the present values, a year.
    #[arg(long, value_name = "RATE", default_value = "0.08", value_parser = rate, allow_negative_numbers = true)]
    discount_rate: f64,
}

#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
enum OutsidersArg {
    Alone,
    Together,
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    rate.ok_or_else(|| "write a rate from 0 to 1, such as 0.08".to_owned())
}

pub(super) fn coalitions(mut args: CoalitionsArgs, source: Source) -> Result<(), Failure> {
    let mut sharing = Sharing::new(source, args.shard.shard, &mut args.question.scenario.files);
    let question = &args.question;
    let scenario = question.load(&[])?;
    let threads = question.threads()?;
    let asked = Question {
        scenario: &scenario,
        alliance: args.alliance.as_deref(),
        world: args.world.as_deref(),
        outsiders: match args.outsiders {
            OutsidersArg::Alone => Outsiders::Alone,
            OutsidersArg::Together => Outsiders::Together,
        },
        partners: !args.no_partners,
        outcomes: &args.outcome,
        discount_rate: args.discount_rate,
        replications: question.replications,
    };
    let prepared = threads.install(|| coalitions::prepare(&asked))?;
    let worlds = prepared.worlds();
    let bar = progress_bar(prepared.replications(&sharing.work()), question.quiet);
    let done = |done| bar.set_position(done);
    if let Some(part) = sharing.part_file(question, &scenario)? {
        let replications = prepared.replications(&Work::Whole);
        threads.install(|| prepared.run(&mut sharing.work(), &done))?;
        bar.finish_and_clear();
        return sharing.write(("coalitions", &args), question, &scenario, replications, &part);
    }
    let results = question.folder(&scenario, "coalitions")?;
    let found = threads.install(|| prepared.run(&mut sharing.work(), &done))?.expect("no shard");
    bar.finish_and_clear();
    let replications = found.replications;

    let mut files = report::tables(&found);
    files.extend(threads.install(|| report::charts(&scenario, &found)));
    let asked = serde_json::json!({
        "alliance": found.alliance,
        "world": scenario.worlds[found.world].key,
        "members": found.members,
        "outsiders": format!("{:?}", found.outsiders).to_lowercase(),
        "discount_rate": found.discount_rate,
        "outcomes": args.outcome,
        "worlds": worlds,
        "failed": found.failed,
        "partners": {
            "platform_cost": "estimate: that of the largest member, scaled by units sold worldwide",
            "not_looked_at": found.left_out,
        },
    });
    if !question.quiet {
        match question.format {
            Format::Text => {
                let sentences = report::sentences(&scenario, &found).join("\n\n");
                print(&format!("{}{sentences}\n", report::in_terminal(&found)))?;
            }
            Format::Json => print(&format!("{:#}\n", report::json(&scenario, &found)))?,
        }
        if found.failed > 0 {
            say(&format!(
                "warning: {} of {replications} replications failed; they are in no statistic (manifest.json)",
                found.failed
            ));
        }
    }
    results.write(question, &scenario, replications, asked, files)
}
