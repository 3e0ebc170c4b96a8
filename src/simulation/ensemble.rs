//! Blocks of replications in parallel, folded column by column into summaries of constant size.
//!
//! A batch of blocks is simulated in parallel over blocks, then folded in parallel over columns, each
//! column by one thread in replication order: no result depends on the number of threads.

use rayon::prelude::*;

use super::block::{Block, BlockOutput, LANES};
use super::outcomes::Outcomes;
use super::summary::{ColumnSummary, Estimate, PILOT};
use super::walk::Solved;
use super::{Comparison, Condition, Ensemble, Experiment};
use crate::numeric::on_best_lanes;

/// Replications folded at a time; a multiple of the block, and the pilot is a multiple of it.
const BATCH: usize = 256;
const _: () = assert!(BATCH % LANES == 0 && PILOT % BATCH == 0);

/// One outcome column: every world's level, and every other world's difference from the reference.
struct Column {
    levels: Vec<ColumnSummary>,
    /// By comparison, then condition.
    differences: Vec<Vec<ColumnSummary>>,
}

/// Simulates all worlds. `progress` is called with the replications done so far.
pub fn run(experiment: &Experiment, progress: &(dyn Fn(u64) + Sync)) -> Ensemble {
    let outcomes = Outcomes::of(&experiment.models[experiment.reference]);
    let compared: Vec<usize> =
        (0..experiment.models.len()).filter(|&world| world != experiment.reference).collect();
    let mut columns: Vec<Column> = (0..outcomes.n_columns())
        .map(|_| Column {
            levels: vec![ColumnSummary::new(); experiment.models.len()],
            differences: compared
                .iter()
                .map(|&world| {
                    // Without anything that may fail or break up, all conditions are the same.
                    let n = if experiment.proposed[world].is_empty() { 1 } else { Condition::ALL.len() };
                    vec![ColumnSummary::new(); n]
                })
                .collect(),
        })
        .collect();
    let draws = experiment.space.draws(experiment.seed);
    let mut blocks = vec![BlockOutput::new(experiment, &outcomes); BATCH / LANES];
    let mut solved = Solved::default();
    let mut failed = 0;
    let replications = experiment.replications;
    for first in (0..replications).step_by(BATCH) {
        let batch = (replications - first).min(BATCH as u64) as usize;
        let active = &mut blocks[..batch.div_ceil(LANES)];
        active.par_iter_mut().enumerate().for_each(|(block, output)| {
            let mut values = vec![0.0; experiment.space.len() * LANES];
            draws.evaluate_block(first + (block * LANES) as u64, LANES, &mut values);
            let outcomes = &outcomes;
            on_best_lanes(Block { experiment, outcomes, values: &values, central: false, output });
        });
        for (lane, replication) in (0..batch).enumerate() {
            failed += u64::from(active[replication / LANES].failed[lane % LANES]);
        }
        active.iter().for_each(|block| solved.merge(&block.solved));
        let settle = first as usize + BATCH == PILOT && replications > PILOT as u64;
        columns.par_iter_mut().enumerate().for_each(|(at, column)| {
            column.fold(experiment, &outcomes, &compared, active, batch, at);
            if settle {
                column.levels.iter_mut().for_each(ColumnSummary::settle);
                column.differences.iter_mut().flatten().for_each(ColumnSummary::settle);
            }
        });
        progress(first + batch as u64);
    }
    let central = central(experiment, &outcomes);
    let estimates = |pick: &(dyn Fn(&Column) -> &ColumnSummary + Sync)| -> Vec<Estimate> {
        columns.par_iter().map(|column| pick(column).estimate()).collect()
    };
    Ensemble {
        levels: (0..experiment.models.len()).map(|world| estimates(&|c| &c.levels[world])).collect(),
        comparisons: compared
            .iter()
            .enumerate()
            .map(|(at, &world)| Comparison {
                world,
                conditions: Condition::ALL
                    .iter()
                    .enumerate()
                    .map(|(condition, _)| {
                        let last = columns[0].differences[at].len() - 1;
                        estimates(&|c| &c.differences[at][condition.min(last)])
                    })
                    .collect(),
            })
            .collect(),
        outcomes,
        central,
        solved,
        replications,
        failed,
    }
}

/// Every input at its median, shocks at zero, no break-up: per world, one value per column.
pub(super) fn central(experiment: &Experiment, outcomes: &Outcomes) -> Vec<Vec<f64>> {
    let values: Vec<f64> = experiment.space.central().iter().flat_map(|&value| [value; LANES]).collect();
    let mut output = BlockOutput::new(experiment, outcomes);
    on_best_lanes(Block { experiment, outcomes, values: &values, central: true, output: &mut output });
    output.columns.iter().map(|world| world.iter().step_by(LANES).copied().collect()).collect()
}

impl Column {
    fn fold(
        &mut self,
        experiment: &Experiment,
        outcomes: &Outcomes,
        compared: &[usize],
        blocks: &[BlockOutput],
        batch: usize,
        at: usize,
    ) {
        let gather = |world: usize| {
            let mut values = [f64::NAN; BATCH];
            for (values, block) in values.chunks_exact_mut(LANES).zip(blocks) {
                values.copy_from_slice(&block.columns[world][at * LANES..][..LANES]);
                for (value, failed) in values.iter_mut().zip(block.failed) {
                    if failed {
                        *value = f64::NAN;
                    }
                }
            }
            values
        };
        let reference = gather(experiment.reference);
        self.levels[experiment.reference].fold(&reference[..batch]);
        let end_of_year = f64::from(experiment.base_year()) + (at % outcomes.n_years) as f64 + 1.0;
        for (&world, differences) in compared.iter().zip(&mut self.differences) {
            let mut values = gather(world);
            self.levels[world].fold(&values[..batch]);
            for (value, reference) in values.iter_mut().zip(reference) {
                *value -= reference;
            }
            differences[0].fold(&values[..batch]);
            if differences.len() == 1 {
                continue;
            }
            let mut survives = values;
            for (lane, value) in survives[..batch].iter_mut().enumerate() {
                if blocks[lane / LANES].breakup[world][lane % LANES] < end_of_year {
                    *value = f64::NAN;
                }
            }
            differences[1].fold(&survives[..batch]);
            for (lane, value) in values[..batch].iter_mut().enumerate() {
                // What does not go ahead leaves the reference world, where it is defined at all.
                if !blocks[lane / LANES].goes_ahead[world][lane % LANES] && !value.is_nan() {
                    *value = 0.0;
                }
            }
            differences[2].fold(&values[..batch]);
        }
    }
}
