//! What a reader should know before leaning on the numbers: what the model leaves out, as far as it
//! touches this scenario.

use super::assumptions::assumptions;
use crate::analysis::Findings;
use crate::report::answer::words::counted;
use crate::report::subject::missing;
use crate::scenario::Scenario;

/// The caveats of a scenario, the weightiest first.
pub fn caveats(scenario: &Scenario, findings: &Findings) -> Vec<String> {
    let file = &scenario.worlds[scenario.reference].file;
    let any = |what: &dyn Fn(&crate::scenario::file::ScenarioFile) -> bool| {
        scenario.worlds.iter().any(|world| what(&world.file))
    };
    let all = assumptions(scenario);
    let judged = all.iter().filter(|row| row.quality.starts_with("estimated")).count();
    let mut found = vec![
        "Differences between worlds are firmer than levels: all worlds have the same luck and the same errors."
            .to_owned(),
    ];
    if judged > 0 {
        found.push(format!(
            "{judged} of {} rest on judgement. The bands hold what was said to be uncertain, not what was \
             forgotten.",
            counted(all.len() as u64, "figure", "figures")
        ));
    }
    found.push(
        "Buyers of a region respond to prices alike; whom a maker loses buyers to depends on shares and \
         powertrains, not on models or segments."
            .to_owned(),
    );
    found.push(
        "There is no capacity: whoever sells more makes more, at the cost of the day. No plants close."
            .to_owned(),
    );
    if file.regions.values().any(|region| !region.powertrain_share.is_empty()) {
        found.push(
            "How much is sold of each powertrain is given in the reference world, and so is the size of the \
             market: the model says who sells, not how much is sold."
                .to_owned(),
        );
    }
    found.push(
        "Prices are those of one year's game: no collusion, no dynamic pricing, no dealers' margins."
            .to_owned(),
    );
    if any(&|file| file.alliances.values().any(|alliance| alliance.active)) {
        found.push("Sharing costs is assumed not to soften competition; a merger is.".to_owned());
    }
    if any(&|file| file.mergers.values().any(|merger| merger.active)) {
        found.push(
            "Merged firms set prices as one from the day of the merger; remedies that authorities might ask \
             for are not modelled."
                .to_owned(),
        );
    }
    if findings.ensemble.failed > 0 {
        found.push(format!(
            "{} had a market without a solution and are left out.",
            counted(findings.ensemble.failed, "draw", "draws")
        ));
    }
    if let Some(missing) = missing(scenario, findings) {
        let left = counted(missing, "draw is", "draws are");
        found.push(format!("Only parts of the run were put together: {left} missing."));
    }
    if findings.ensemble.replications < 1000 {
        found.push(format!(
            "{} only: the ends of the bands are rough.",
            counted(findings.ensemble.replications, "draw", "draws")
        ));
    }
    found
}
