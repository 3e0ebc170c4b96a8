//! Blocks of replications in parallel, folded column by column into summaries of constant size.
//!
//! A batch of blocks is simulated in parallel over blocks, then folded in parallel over columns, each
//! column by one thread in replication order: no result depends on the number of threads. A shard of a
//! larger run is a range of whole batches.

use rayon::prelude::*;

use super::block::{Block, BlockOutput, LANES};
use super::outcomes::Outcomes;
use super::summary::{ColumnSummary, Estimate, PILOT};
use super::world::Solved;
use super::{Comparison, Condition, Ensemble, Experiment};
use crate::numeric::on_best_lanes;
use crate::uncertainty::Draws;

/// Replications folded as one; a fixed set of them, so that sums do not depend on the batch. A multiple of
/// the block, and the pilot is a multiple of it.
pub const FOLD: usize = 512;
const _: () = assert!(FOLD.is_multiple_of(LANES) && PILOT.is_multiple_of(FOLD));

/// Memory for the raw outcomes of a batch, bytes. The more replications wait to be folded, the less often
/// the statistics of all columns go through memory.
const BATCH_MEMORY: usize = 200 << 20;

/// Simulates all worlds. `progress` is called with the replications done so far.
pub fn run(experiment: &Experiment, progress: &(dyn Fn(u64) + Sync)) -> Ensemble {
    let mut batch = Batch::new(experiment);
    let mut columns = Columns::new(experiment, &batch.outcomes);
    let draws = experiment.space.draws(experiment.seed);
    let (mut solved, mut failed) = (Solved::default(), 0);
    let replications = experiment.replications;
    let mut first = 0;
    while first < replications {
        // The pilot is a batch of its own.
        let most = if first < PILOT as u64 { FOLD } else { batch.most };
        batch.simulate(experiment, &draws, first, (replications - first).min(most as u64) as usize);
        batch.blocks().iter().for_each(|block| solved.merge(&block.solved));
        failed += batch.failed();
        columns.fold(experiment, &batch);
        first += batch.size as u64;
        if first == PILOT as u64 && replications > first {
            columns.settle();
        }
        progress(first);
    }
    let central = central(experiment, &batch.outcomes);
    columns.ensemble(experiment, batch.outcomes, central, solved, failed)
}

/// Every input at its median, shocks at zero, no break-up: per world, one value per column.
fn central(experiment: &Experiment, outcomes: &Outcomes) -> Vec<Vec<f64>> {
    let values: Vec<f64> = experiment.space.central().iter().flat_map(|&value| [value; LANES]).collect();
    let mut output = BlockOutput::new(experiment, outcomes);
    on_best_lanes(Block {
        experiment,
        outcomes,
        values: &values,
        central: true,
        examine: false,
        output: &mut output,
    });
    output.columns.iter().map(|world| world.iter().step_by(LANES).copied().collect()).collect()
}

/// The raw outcomes of some consecutive replications.
pub struct Batch {
    outcomes: Outcomes,
    blocks: Vec<BlockOutput>,
    size: usize,
    /// Replications that fit; a multiple of [`FOLD`].
    most: usize,
    /// Per world and replication: calendar time of the first break-up, and whether it goes ahead.
    breakup: Vec<Vec<f64>>,
    goes_ahead: Vec<Vec<bool>>,
}

impl Batch {
    pub fn new(experiment: &Experiment) -> Batch {
        let outcomes = Outcomes::of(&experiment.models);
        let fold_bytes = outcomes.n_columns() * experiment.models.len() * FOLD * size_of::<f64>();
        let folds_wanted = experiment.replications.div_ceil(FOLD as u64);
        let folds = (BATCH_MEMORY / fold_bytes).max(1) as u64;
        let most = folds.min(folds_wanted) as usize * FOLD;
        let blocks = vec![BlockOutput::new(experiment, &outcomes); most / LANES];
        Batch { outcomes, blocks, size: 0, most, breakup: Vec::new(), goes_ahead: Vec::new() }
    }

    /// Simulates `size` replications from `first` on, in parallel over blocks.
    pub fn simulate(&mut self, experiment: &Experiment, draws: &Draws, first: u64, size: usize) {
        self.size = size;
        let outcomes = &self.outcomes;
        let active = &mut self.blocks[..size.div_ceil(LANES)];
        let scratch = || vec![0.0; experiment.space.len() * LANES];
        active.par_iter_mut().enumerate().for_each_init(scratch, |values, (block, output)| {
            draws.evaluate_block(first + (block * LANES) as u64, LANES, values);
            on_best_lanes(Block { experiment, outcomes, values, central: false, examine: false, output });
        });
        let worlds = 0..experiment.models.len();
        let blocks = self.blocks();
        let breakup = worlds.clone().map(|w| blocks.iter().flat_map(|b| b.breakup[w]).collect()).collect();
        let goes_ahead = worlds.map(|w| blocks.iter().flat_map(|b| b.goes_ahead[w]).collect()).collect();
        (self.breakup, self.goes_ahead) = (breakup, goes_ahead);
    }

    fn blocks(&self) -> &[BlockOutput] {
        &self.blocks[..self.size.div_ceil(LANES)]
    }

    /// Replications with a failed equilibrium.
    fn failed(&self) -> u64 {
        let failed = |r: usize| self.blocks[r / LANES].failed[r % LANES];
        (0..self.size).filter(|&replication| failed(replication)).count() as u64
    }

    /// A world's column over the replications of one fold; NaN where the replication failed.
    fn column(&self, world: usize, at: usize, fold: usize) -> [f64; FOLD] {
        let mut values = [f64::NAN; FOLD];
        let blocks = self.blocks().iter().skip(fold * FOLD / LANES);
        for (values, block) in values.chunks_exact_mut(LANES).zip(blocks) {
            values.copy_from_slice(&block.columns[world][at * LANES..][..LANES]);
            if block.failed.contains(&true) {
                for (value, failed) in values.iter_mut().zip(block.failed) {
                    *value = if failed { f64::NAN } else { *value };
                }
            }
        }
        values
    }
}

/// The statistics of all outcome columns so far.
pub struct Columns {
    columns: Vec<Column>,
    /// Worlds other than the reference.
    compared: Vec<usize>,
}

/// One outcome column: every world's level, and every other world's difference from the reference.
struct Column {
    levels: Vec<ColumnSummary>,
    /// By comparison, then condition; one where all conditions are the same.
    differences: Vec<Vec<ColumnSummary>>,
}

impl Columns {
    pub fn new(experiment: &Experiment, outcomes: &Outcomes) -> Columns {
        let worlds = experiment.models.len();
        let compared: Vec<usize> = (0..worlds).filter(|&world| world != experiment.reference).collect();
        // Without anything that may fail or break up, all conditions are the same.
        let conditions = |world: &usize| match experiment.proposed[*world].is_empty() {
            true => 1,
            false => Condition::ALL.len(),
        };
        let columns = (0..outcomes.n_columns()).map(|_| Column {
            levels: vec![ColumnSummary::new(); worlds],
            differences: compared.iter().map(|w| vec![ColumnSummary::new(); conditions(w)]).collect(),
        });
        Columns { columns: columns.collect(), compared }
    }

    /// Takes in a batch, in parallel over columns.
    pub fn fold(&mut self, experiment: &Experiment, batch: &Batch) {
        let compared = &self.compared;
        self.columns.par_iter_mut().enumerate().for_each(|(at, column)| {
            (0..batch.size.div_ceil(FOLD))
                .for_each(|fold| column.fold(experiment, compared, batch, at, fold));
        });
    }

    /// Ends the pilot: from here on memory does not grow.
    pub fn settle(&mut self) {
        self.columns.par_iter_mut().for_each(|column| {
            column.levels.iter_mut().for_each(ColumnSummary::settle);
            column.differences.iter_mut().flatten().for_each(ColumnSummary::settle);
        });
    }

    fn ensemble(
        self,
        experiment: &Experiment,
        outcomes: Outcomes,
        central: Vec<Vec<f64>>,
        solved: Solved,
        failed: u64,
    ) -> Ensemble {
        let estimates = |pick: &(dyn Fn(&Column) -> &ColumnSummary + Sync)| -> Vec<Estimate> {
            self.columns.par_iter().map(|column| pick(column).estimate()).collect()
        };
        let comparison = |(at, &world): (usize, &usize)| {
            let stated = self.columns[0].differences[at].len();
            let mut conditions: Vec<Vec<Estimate>> =
                (0..stated).map(|condition| estimates(&|c| &c.differences[at][condition])).collect();
            conditions.resize(Condition::ALL.len(), conditions[0].clone());
            Comparison { world, conditions }
        };
        Ensemble {
            levels: (0..experiment.models.len()).map(|world| estimates(&|c| &c.levels[world])).collect(),
            comparisons: self.compared.iter().enumerate().map(comparison).collect(),
            outcomes,
            central,
            solved,
            replications: experiment.replications,
            failed,
        }
    }
}

impl Column {
    fn fold(&mut self, experiment: &Experiment, compared: &[usize], batch: &Batch, at: usize, fold: usize) {
        let first = fold * FOLD;
        let n = (batch.size - first).min(FOLD);
        let reference = batch.column(experiment.reference, at, fold);
        self.levels[experiment.reference].fold(&reference[..n]);
        let year = at % batch.outcomes.n_years;
        let end_of_year = f64::from(experiment.base_year()) + year as f64 + 1.0;
        for (&world, differences) in compared.iter().zip(&mut self.differences) {
            let mut values = batch.column(world, at, fold);
            self.levels[world].fold(&values[..n]);
            for (value, reference) in values.iter_mut().zip(reference) {
                *value -= reference;
            }
            differences[0].fold(&values[..n]);
            let [_, survives, unconditional] = &mut differences[..] else { continue };
            let mut lasting = values;
            for (value, &breakup) in lasting.iter_mut().zip(&batch.breakup[world][first..]) {
                *value = if breakup < end_of_year { f64::NAN } else { *value };
            }
            survives.fold(&lasting[..n]);
            let Some(without) = experiment.without[world] else {
                unconditional.fold(&[f64::NAN; FOLD][..n]);
                continue;
            };
            let otherwise =
                if without == experiment.reference { reference } else { batch.column(without, at, fold) };
            for (i, &goes_ahead) in batch.goes_ahead[world][first..][..n].iter().enumerate() {
                // An outcome that this world does not have it has in no draw.
                if !goes_ahead && !values[i].is_nan() {
                    values[i] = otherwise[i] - reference[i];
                }
            }
            unconditional.fold(&values[..n]);
        }
    }
}
