//! `keiretsu explain`: what a key means, and what a scenario says under it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Failure, Format, doubt, print};
use crate::report::explain::{json, said, sections_text, text};
use crate::scenario::explain::{explain as explained, sections};
use crate::scenario::load;

#[derive(Debug, Args)]
#[command(after_help = "\
Without a key the sections of a scenario file are listed. A key is written as for --set; `*` stands for any name, and the
last part is enough where only one key ends so.

Examples:
  keiretsu explain
  keiretsu explain regions
  keiretsu explain nest_rho
  keiretsu explain regions.US.nest_rho scenarios/honda-nissan-mitsubishi.toml
  keiretsu explain alliances.hnm.breakup_hazard scenarios/with-renault.toml --format json
  keiretsu explain tables.policies.US.duty.Japan.2025-09-16 scenarios/honda-nissan-mitsubishi.toml")]
pub(super) struct ExplainArgs {
    /// The key, such as regions.US.nest_rho, or a section.
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// A scenario file, to see the value in every world and where it comes from.
    #[arg(value_name = "SCENARIO.toml")]
    scenario: Option<PathBuf>,
    /// Replace a value of the scenario file; may be repeated.
    #[arg(long, value_name = "PATH.TO.KEY=VALUE", requires = "scenario")]
    set: Vec<String>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    let Some(key) = &args.key else {
        let sections = sections();
        return match args.format {
            Format::Text => print(&sections_text(&sections)),
            Format::Json => {
                let section = |(key, meaning): &(String, String)| json!({ "key": key, "meaning": meaning });
                give(&sections.iter().map(section).collect())
            }
        };
    };
    let found = explained(key).map_err(|wrong| match key.ends_with(".toml") {
        true => Failure::Input(format!("name a key before the scenario: keiretsu explain KEY {key}")),
        false => Failure::Input(wrong),
    })?;
    let said = match &args.scenario {
        Some(path) => {
            let scenario = load(path, &args.set)?;
            doubt(&scenario);
            Some(said(&scenario, key, &found).map_err(Failure::Input)?)
        }
        None => None,
    };
    match args.format {
        Format::Json => give(&json(&found, said.as_deref())),
        Format::Text => {
            let path = args.scenario.as_ref().map_or(String::new(), |path| path.display().to_string());
            print(&text(&found, said.as_deref().map(|said| (path.as_str(), said))))
        }
    }
}

fn give(value: &serde_json::Value) -> Result<(), Failure> {
    print(&format!("{}\n", serde_json::to_string_pretty(value).expect("plain figures and text")))
}
