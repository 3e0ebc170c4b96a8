//! A block of replications: all worlds on the same draws.

use super::base::Base;
use super::outcomes::Outcomes;
use super::paths::RegionPath;
use super::record::Record;
use super::region_year::RegionYear;
use super::walk::{Mode, Walked};
use super::world::{Solved, Walk};
use super::{Examined, Experiment};
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
    pub examined: Examined,
}

impl BlockOutput {
    pub fn new(experiment: &Experiment, outcomes: &Outcomes) -> BlockOutput {
        let worlds = experiment.models.len();
        BlockOutput {
            // A pool that a world does not have saves nothing there.
            columns: vec![vec![0.0; outcomes.n_columns() * LANES]; worlds],
            goes_ahead: vec![[true; LANES]; worlds],
            breakup: vec![[f64::INFINITY; LANES]; worlds],
            failed: [false; LANES],
            solved: Solved::default(),
            examined: Examined::default(),
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
        let experiment = self.experiment;
        let mut solved = Solved::default();

        // One call site each for calibration and walk: the code behind them is large.
        let mut bases = Vec::with_capacity(experiment.models.len());
        for (world, model) in experiment.models.iter().enumerate() {
            let own = world == experiment.reference || !experiment.same_base[world];
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
        let mut years = Vec::with_capacity(reference.regions.len());
        for region in &reference.regions {
            years.push(RegionYear::new(token, region));
        }
        // First the reference world finds what makes it meet the given paths; then every world, the
        // reference again among them, follows it by the same code.
        let worlds = std::iter::once(None).chain((0..experiment.models.len()).map(Some));
        for world in worlds {
            let model = &experiment.models[world.unwrap_or(experiment.reference)];
            let base = bases[world.unwrap_or(experiment.reference)].as_ref().unwrap_or(reference_base);
            let mode = match world {
                None => Mode::Find(&mut paths),
                Some(world) => {
                    let (slots, n_years) = (&self.outcomes.slots[world], self.outcomes.n_years);
                    Mode::Follow(&paths, Record { slots, n_years, columns: &mut self.output.columns[world] })
                }
            };
            let mut walk = Walk::new(token, model, values, base, &mut years, self.central);
            walk.examine = self.examine && world.is_some();
            let Walked { solved: walked, examined, breakup } = walk.run(mode);
            self.output.examined.merge(examined);
            solved.merge(&walked);
            let Some(world) = world else { continue };
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
