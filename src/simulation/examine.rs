//! A sample of markets under the magnifying glass: are there other equilibria, would a firm move away?

use rayon::prelude::*;

use super::Experiment;
use super::block::{Block, BlockOutput, LANES};
use super::outcomes::Wanted;
use super::request::Request;
use crate::numeric::on_best_lanes;

/// What a closer look at a sample of markets found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Examined {
    pub markets: u64,
    /// Markets in which the first-order conditions have more than one root with positive markups.
    pub several_roots: u64,
    /// Markets in which some firm would gain by another price than the one found.
    pub not_best_replies: u64,
    /// Largest relative gain of profit that such a move would bring.
    pub largest_gain: f64,
}

impl Examined {
    pub(super) fn merge(&mut self, other: Examined) {
        self.markets += other.markets;
        self.several_roots += other.several_roots;
        self.not_best_replies += other.not_best_replies;
        self.largest_gain = self.largest_gain.max(other.largest_gain);
    }
}

/// Examines the last year's markets of the first `replications` in every world and region.
pub fn examine(experiment: &Experiment, replications: u64) -> Examined {
    let worlds: Vec<usize> = (0..experiment.models.len()).collect();
    let nothing = Wanted::Only(Vec::new());
    let request = &Request::new(experiment, &worlds, &nothing, 0..replications).expect("worlds that exist");
    let draws = experiment.draws();
    let found: Vec<Examined> = (0..replications)
        .into_par_iter()
        .map(|replication| {
            let mut values = vec![0.0; experiment.space.len() * LANES];
            draws.evaluate_block(replication, LANES, &mut values);
            let mut output = BlockOutput::new(request);
            on_best_lanes(Block {
                experiment,
                request,
                values: &values,
                lanes: 1,
                central: false,
                examine: true,
                output: &mut output,
            });
            output.examined
        })
        .collect();
    let mut all = Examined::default();
    found.into_iter().for_each(|one| all.merge(one));
    all
}
