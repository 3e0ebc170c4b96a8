//! The answer in figures: how far the alliance's combined share moves, who gains and who loses.

use super::Findings;
use crate::simulation::Condition;
use crate::simulation::outcomes::{Key, Outcome, Who};
use crate::simulation::summary::Estimate;

/// What a world does to the alliance's combined share in a region and year, if it goes ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    pub world: usize,
    pub region: usize,
    pub year: i32,
    pub who: Who,
    /// Mean combined share in the reference and in the world.
    pub reference_share: f64,
    pub share: f64,
    /// World minus reference.
    pub change: Estimate,
    /// Chance-weighted: nothing changes where it does not go ahead.
    pub unconditional: Estimate,
    /// Every maker's change of share, largest first.
    pub moves: Vec<Move>,
}

/// A maker's change of share.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    pub maker: usize,
    pub change: Estimate,
}

/// Headlines by world, region and year. `who` says whose share a world is about: an alliance or a maker.
pub fn headlines(findings: &Findings, who: impl Fn(usize) -> Who, years: &[i32]) -> Vec<Headline> {
    let mut headlines = Vec::new();
    for comparison in &findings.ensemble.comparisons {
        let who = who(comparison.world);
        for region in 0..findings.names.regions.len() {
            for &year in years {
                let share = |who| Key::total(Outcome::Share, year).of(who).in_region(region);
                let change = |who, condition| findings.difference(comparison.world, condition, &share(who));
                let (Some(reference), Some(level), Some(own), Some(unconditional)) = (
                    findings.level(findings.reference, &share(who)),
                    findings.level(comparison.world, &share(who)),
                    change(who, Condition::Proceeds),
                    change(who, Condition::Unconditional),
                ) else {
                    continue;
                };
                let makers = 0..findings.names.makers.len();
                let mut moves: Vec<Move> = makers
                    .filter_map(|maker| {
                        let change = *change(Who::Maker(maker), Condition::Proceeds)?;
                        Some(Move { maker, change })
                    })
                    .collect();
                moves.sort_by(|a, b| b.change.mean.total_cmp(&a.change.mean));
                headlines.push(Headline {
                    world: comparison.world,
                    region,
                    year,
                    who,
                    reference_share: reference.mean,
                    share: level.mean,
                    change: *own,
                    unconditional: *unconditional,
                    moves,
                });
            }
        }
    }
    headlines
}
