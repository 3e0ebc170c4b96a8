//! A block of replications: all worlds on the same draws.

use super::base::Base;
use super::failure::{Failure, Solved};
use super::paths::RegionPath;
use super::record::Record;
use super::region_year::RegionYear;
use super::request::Request;
use super::walk::{Mode, Walked};
use super::world::Walk;
use super::{Examined, Experiment};
use crate::market::model::Values;
use crate::numeric::{Kernel, Real};

/// Replications in a block: the lanes of the kernel.
pub(super) const LANES: usize = 8;

/// What a block of replications left behind. "Per world": per simulated world, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct BlockOutput {
    /// Per world: `column · LANES + lane`.
    pub columns: Vec<Vec<f64>>,
    /// Per world and lane: whether everything the world proposes goes ahead.
    pub goes_ahead: Vec<[bool; LANES]>,
    /// Per world and lane: calendar time of the first break-up.
    pub breakup: Vec<[f64; LANES]>,
    /// The first failure in any world, and whether there is one.
    pub failures: [Option<Failure>; LANES],
    pub failed: bool,
    pub solved: Solved,
    pub examined: Examined,
}

impl BlockOutput {
    pub fn new(request: &Request) -> BlockOutput {
        let worlds = request.worlds().len();
        BlockOutput {
            // A pool that a world does not have saves nothing there.
            columns: vec![vec![0.0; request.outcomes.n_columns() * LANES]; worlds],
            goes_ahead: vec![[true; LANES]; worlds],
            breakup: vec![[f64::INFINITY; LANES]; worlds],
            failures: [None; LANES],
            failed: false,
            solved: Solved::default(),
            examined: Examined::default(),
        }
    }
}

/// Simulates one block; `values` holds `parameter · LANES + lane`.
pub(super) struct Block<'a> {
    pub experiment: &'a Experiment,
    pub request: &'a Request,
    pub values: &'a [f64],
    /// Lanes that are replications; what the others do counts nowhere.
    pub lanes: usize,
    /// No break-up: the central run.
    pub central: bool,
    /// Take a closer look at the first lane's markets of the last year.
    pub examine: bool,
    pub output: &'a mut BlockOutput,
}

impl Kernel for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn run<R: Real>(self, token: R::Token) {
        let values: Vec<R> = self.values.chunks_exact(R::LANES).map(|lanes| R::load(token, lanes)).collect();
        let values = Values(&values);
        let (experiment, output) = (self.experiment, self.output);
        let simulated = self.request.worlds();
        output.solved = Solved::default();
        output.failures = [None; LANES];

        // One call site each for calibration and walk: the code behind them is large.
        let mut bases = Vec::with_capacity(experiment.models.len());
        for (world, model) in experiment.models.iter().enumerate() {
            let own =
                world == experiment.reference || simulated.contains(&world) && !experiment.same_base[world];
            bases.push(own.then(
                #[inline(always)]
                || Base::of(token, model, values),
            ));
        }
        let reference = &experiment.models[experiment.reference];
        let reference_base = bases[experiment.reference].as_ref().expect("calibrated above");
        let mut paths = Vec::with_capacity(reference.regions.len());
        for (r, base) in reference_base.regions.iter().enumerate() {
            paths.push(RegionPath::given(token, reference, r, base.outside_share, values));
        }
        let mut regions = Vec::with_capacity(reference.regions.len());
        for region in &reference.regions {
            regions.push(RegionYear::new(token, region, reference.response));
        }
        // First the reference world finds what makes it meet the given paths; then every world, the
        // reference again among them, follows it by the same code.
        let rounds = std::iter::once(None).chain((0..simulated.len()).map(Some));
        for round in rounds {
            let world = round.map_or(experiment.reference, |at| simulated[at]);
            let model = &experiment.models[world];
            let base = bases[world].as_ref().unwrap_or(reference_base);
            let mode = match round {
                None => Mode::Find(&mut paths),
                Some(at) => {
                    let outcomes = &self.request.outcomes;
                    let (slots, columns) = (&outcomes.slots[world], &mut output.columns[at][..]);
                    Mode::Follow(&paths, Record { outcomes, slots, columns })
                }
            };
            let mut walk = Walk::new(token, model, values, base, &mut regions, self.central);
            walk.lanes = self.lanes;
            walk.examine = self.examine && round.is_some();
            let Walked { solved, examined, failures, breakup } = walk.run(mode);
            for (first, failed) in output.failures.iter_mut().zip(failures) {
                let failed = failed.map(|(cause, region, year)| Failure { cause, world, region, year });
                *first = first.or(failed);
            }
            let Some(at) = round else { continue };
            output.examined.merge(examined);
            output.solved.merge(&solved);
            for lane in 0..R::LANES {
                output.goes_ahead[at][lane] = true;
                output.breakup[at][lane] = f64::INFINITY;
                for &a in &experiment.proposed[world] {
                    let alliance = &model.alliances[a];
                    let draw = values.at(alliance.proceeds_draw).lane(lane);
                    output.goes_ahead[at][lane] &= draw < values.at(alliance.proceeds).lane(lane);
                    let first = output.breakup[at][lane].min(breakup[a].lane(lane));
                    output.breakup[at][lane] = first;
                }
            }
        }
        output.failed = output.failures.iter().any(Option::is_some);
    }
}
