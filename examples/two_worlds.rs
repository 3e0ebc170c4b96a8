//! Two worlds of a scenario and what lies between them, through the library:
//!
//!     cargo run --release --example two_worlds

use std::path::Path;
use std::process::ExitCode;

use keiretsu::analysis::find;
use keiretsu::scenario::{Problems, load};
use keiretsu::simulation::Condition;
use keiretsu::study;

fn main() -> ExitCode {
    match differences() {
        Ok(table) => {
            print!("{table}");
            ExitCode::SUCCESS
        }
        // Every problem with its file, line and remedy.
        Err(problems) => {
            eprint!("{problems}");
            ExitCode::from(2)
        }
    }
}

/// What joint purchasing does to the makers' shares in 2028.
fn differences() -> Result<String, Problems> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/minimal.toml");
    let overrides = ["scenario.last_year=2028", "alliances.asahi-tsuki.realised_fraction=0.8"];
    let scenario = load(&path, &overrides.map(str::to_owned))?;

    let prepared = study::prepare(&scenario)?;
    let findings = study::run(&scenario, prepared, &|_| {}).findings;

    let world =
        findings.names.worlds.iter().position(|name| name == "together").expect("a world of the file");
    let mut table = String::from("Share of Home in 2028        apart   change  90 % of draws (points)\n");
    for who in ["Asahi", "Tsuki", "Others", "alliance:asahi-tsuki"] {
        let keys = find(&findings.names, &findings.ensemble.outcomes, &format!("share {who} Home 2028"));
        let key = keys.expect("every maker has a share")[0];
        let apart = findings.level(findings.reference, &key).expect("everything is recorded");
        let change = findings.difference(world, Condition::Proceeds, &key).expect("not the reference");
        table += &format!(
            "{who:<24}{:>8.2} %{:>+9.3}  {:+.3} to {:+.3}\n",
            100.0 * apart.mean,
            100.0 * change.mean,
            100.0 * change.p05,
            100.0 * change.p95
        );
    }
    Ok(table)
}
