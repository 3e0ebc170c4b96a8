//! A block of replications: all worlds on the same draws.

use super::Experiment;
use super::base::Base;
use super::outcomes::Outcomes;
use super::paths::RegionPath;
use super::record::Record;
use super::walk::{Mode, Solved, Walk};
use crate::market::model::Values;
use crate::numeric::{Kernel, Real};

/// Replications in a block: the lanes of the kernel.
pub(super) const LANES: usize = 8;

/// What a block of replications left behind.
#[derive(Clone, Debug, Default)]
pub(super) struct BlockOutput {
    /// Per world: `column · LANES + lane`.
    pub columns: Vec<Vec<f64>>,
    /// Per world and lane: whether everything the world proposes goes ahead.
    pub goes_ahead: Vec<[bool; LANES]>,
    /// Per world and lane: calendar time of the first break-up.
    pub breakup: Vec<[f64; LANES]>,
    /// A failed equilibrium in any world.
    pub failed: [bool; LANES],
    pub solved: Solved,
}

impl BlockOutput {
    pub fn new(experiment: &Experiment, outcomes: &Outcomes) -> BlockOutput {
        let worlds = experiment.models.len();
        BlockOutput {
            columns: vec![vec![0.0; outcomes.n_columns() * LANES]; worlds],
            goes_ahead: vec![[true; LANES]; worlds],
            breakup: vec![[f64::INFINITY; LANES]; worlds],
            failed: [false; LANES],
            solved: Solved::default(),
        }
    }
}

/// Simulates one block; `values` holds `parameter · LANES + lane`.
pub(super) struct Block<'a> {
    pub experiment: &'a Experiment,
    pub outcomes: &'a Outcomes,
    pub values: &'a [f64],
    /// No break-up: the central run.
    pub central: bool,
    pub output: &'a mut BlockOutput,
}

impl Kernel for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Real>(self, token: R::Token) {
        let values: Vec<R> = self.values.chunks_exact(R::LANES).map(|lanes| R::load(token, lanes)).collect();
        let values = Values(&values);
        let experiment = self.experiment;
        let mut solved = Solved::default();

        // The reference world finds what makes it meet the given paths …
        let reference = &experiment.models[experiment.reference];
        let base = R::outlined(
            token,
            #[inline(always)]
            || Base::of(token, reference, values),
        );
        let mut paths: Vec<RegionPath<R>> = (0..reference.regions.len())
            .map(|r| RegionPath::given(token, reference, r, base.regions[r].outside_share, values))
            .collect();
        for world in 0..=experiment.models.len() {
            // … and every world, the reference again among them, follows it by the same code.
            let find = world == 0;
            let model = if find { reference } else { &experiment.models[world - 1] };
            let own_base = match find || experiment.same_base[world - 1] {
                true => None,
                false => Some(R::outlined(
                    token,
                    #[inline(always)]
                    || Base::of(token, model, values),
                )),
            };
            let walk = Walk::new(token, model, values, own_base.as_ref().unwrap_or(&base), self.central);
            if find {
                let (found, _) = walk.run(Mode::Find(&mut paths));
                merge(&mut solved, &found);
                continue;
            }
            let world = world - 1;
            let record = Record { outcomes: self.outcomes, columns: &mut self.output.columns[world] };
            let (walked, breakup) = walk.run(Mode::Follow(&paths, record));
            merge(&mut solved, &walked);
            for lane in 0..R::LANES {
                self.output.goes_ahead[world][lane] = true;
                self.output.breakup[world][lane] = f64::INFINITY;
                for &a in &experiment.proposed[world] {
                    let alliance = &model.alliances[a];
                    let draw = values.at(alliance.proceeds_draw).lane(lane);
                    self.output.goes_ahead[world][lane] &= draw < values.at(alliance.proceeds).lane(lane);
                    let first = self.output.breakup[world][lane].min(breakup[a].lane(lane));
                    self.output.breakup[world][lane] = first;
                }
            }
        }
        self.output.failed = solved.failed_lanes;
        self.output.solved = solved;
    }
}

fn merge(all: &mut Solved, more: &Solved) {
    all.merge(more);
    for (failed, also) in all.failed_lanes.iter_mut().zip(more.failed_lanes) {
        *failed |= also;
    }
}
