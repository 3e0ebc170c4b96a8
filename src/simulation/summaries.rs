//! `Summaries`: the sink that turns batches into statistics of constant size.

use std::collections::BTreeMap;
use std::ops::Range;

use super::batch::{Batch, FOLD, Sink};
use super::ensemble::{Comparison, Condition, Ensemble};
use super::failure::{Failure, Solved};
use super::folding::Folding;
use super::request::Request;
use super::saved::{Piece, Unfit, pack, unpack};
use super::summary::Estimate;
use super::work::Shared;
use super::{Experiment, summary};

/// The statistics so far; per column: every world's level, then every difference from the reference.
pub struct Summaries<'a> {
    experiment: &'a Experiment,
    request: &'a Request,
    /// Places of the worlds other than the reference, and under how many conditions each is compared.
    compared: Vec<(usize, usize)>,
    folding: Folding,
    solved: Solved,
    replications: u64,
    /// What failed first, by number of the replication.
    failures: BTreeMap<u64, Failure>,
}

impl<'a> Summaries<'a> {
    pub fn new(experiment: &'a Experiment, request: &'a Request) -> Summaries<'a> {
        let worlds = request.worlds().iter().enumerate();
        // Without anything that may fail or break up, all conditions are the same.
        let conditions = |world: usize| match experiment.proposed[world].is_empty() {
            true => 1,
            false => Condition::ALL.len(),
        };
        let compared = worlds
            .filter(|(_, world)| **world != experiment.reference)
            .map(|(place, &world)| (place, conditions(world)));
        Summaries {
            experiment,
            request,
            compared: compared.collect(),
            folding: Folding::Nothing,
            solved: Solved::default(),
            replications: 0,
            failures: BTreeMap::new(),
        }
    }

    /// Calls `each` with every sample of a column: levels, then differences.
    fn samples(&self, batch: &Batch, column: usize, fold: usize, each: &mut dyn FnMut(&[f64])) {
        let (experiment, n) = (self.experiment, batch.in_fold(fold));
        let replications = fold * FOLD..fold * FOLD + n;
        let levels: Vec<[f64; FOLD]> =
            (0..self.request.worlds().len()).map(|place| batch.column(place, column, fold)).collect();
        levels.iter().for_each(|level| each(&level[..n]));
        let place = |world: usize| self.request.place(world).expect("simulated with those that need it");
        let reference = &levels[place(experiment.reference)];
        let end_of_year = f64::from(self.request.outcomes.keys[column].year) + 1.0;
        for &(at, conditions) in &self.compared {
            let mut values = levels[at];
            values.iter_mut().zip(reference).for_each(|(value, reference)| *value -= reference);
            each(&values[..n]);
            if conditions == 1 {
                continue;
            }
            let mut lasting = values;
            for (value, &breakup) in lasting.iter_mut().zip(&batch.breakup(at)[replications.clone()]) {
                *value = if breakup < end_of_year { f64::NAN } else { *value };
            }
            each(&lasting[..n]);
            let Some(without) = experiment.without[self.request.worlds()[at]] else {
                each(&[f64::NAN; FOLD][..n]);
                continue;
            };
            let otherwise = &levels[place(without)];
            for (i, &goes_ahead) in batch.goes_ahead(at)[replications.clone()].iter().enumerate() {
                // An outcome that this world does not have it has in no draw.
                if !goes_ahead && !values[i].is_nan() {
                    values[i] = otherwise[i] - reference[i];
                }
            }
            each(&values[..n]);
        }
    }

    /// Samples of a column: a level by world, and differences by condition.
    fn n_samples(&self) -> usize {
        self.request.worlds().len() + self.compared.iter().map(|(_, conditions)| conditions).sum::<usize>()
    }

    /// The statistics; `central` are the columns of the central run, by place.
    pub fn ensemble(self, central: Vec<Vec<f64>>) -> Ensemble {
        let by_column = self.folding.estimates();
        let sample = |at: usize| by_column.iter().map(|estimates| estimates[at]).collect::<Vec<_>>();
        let mut levels = vec![Vec::new(); self.experiment.models.len()];
        for (place, &world) in self.request.worlds().iter().enumerate() {
            levels[world] = sample(place);
        }
        let mut next = self.request.worlds().len();
        let comparisons = self.compared.iter().map(|&(place, stated)| {
            let mut conditions: Vec<Vec<Estimate>> = (next..next + stated).map(sample).collect();
            next += stated;
            conditions.resize(Condition::ALL.len(), conditions[0].clone());
            Comparison { world: self.request.worlds()[place], conditions }
        });
        let comparisons = comparisons.collect();
        let mut central_by_world = vec![Vec::new(); self.experiment.models.len()];
        for (&world, values) in self.request.worlds().iter().zip(central) {
            central_by_world[world] = values;
        }
        Ensemble {
            outcomes: self.request.outcomes.clone(),
            levels,
            comparisons,
            central: central_by_world,
            solved: self.solved,
            replications: self.replications,
            failed: self.failures.len() as u64,
            failures: self.failures,
        }
    }

    /// An upper bound of the memory that these statistics take, bytes.
    pub fn bytes(experiment: &Experiment, request: &Request) -> u64 {
        let summaries = Summaries::new(experiment, request);
        let samples = request.outcomes.n_columns() * summaries.n_samples();
        let each = match request.n_replications() > FOLD as u64 {
            true => summary::most_bytes(request.n_replications()),
            false => 0,
        };
        (samples * (each + size_of::<Estimate>())) as u64
    }
}

impl Sink for Summaries<'_> {
    fn take(&mut self, batch: &Batch) {
        self.solved.merge(&batch.solved());
        self.replications += batch.size as u64;
        let failures = (0..batch.size).filter_map(|at| Some((batch.first + at as u64, batch.failure(at)?)));
        self.failures.extend(failures);
        // Taken out, since its samples are made from the rest.
        let mut folding = std::mem::take(&mut self.folding);
        folding.take(batch, self.request.n_replications(), |column, fold, each| {
            self.samples(batch, column, fold, each);
        });
        self.folding = folding;
    }
}

impl Shared for Summaries<'_> {
    fn pilot(&mut self, batch: &Batch) {
        let samples = |column, fold, each: &mut dyn FnMut(&[f64])| self.samples(batch, column, fold, each);
        self.folding = Folding::laid_out(batch, self.request.n_replications(), samples);
    }

    fn save(&self) -> Vec<Piece> {
        let counts = pack(&(self.solved, self.replications, &self.failures));
        std::iter::once(counts).chain(self.folding.save()).collect()
    }

    fn merge(&mut self, saved: &[Piece], replications: Range<u64>) -> Result<(), Unfit> {
        let [counts, folding @ ..] = saved else { return Err(Unfit::Content) };
        let (solved, n, failures): (Solved, u64, BTreeMap<u64, Failure>) = unpack(counts)?;
        let n_worlds = self.experiment.models.len();
        let n_regions = self.experiment.models[0].regions.len();
        let is_possible = |(replication, failure): (&u64, &Failure)| {
            replications.contains(replication) && failure.world < n_worlds && failure.region < n_regions
        };
        if n != replications.end - replications.start || !failures.iter().all(is_possible) {
            return Err(Unfit::Content);
        }
        let shape = (self.request.outcomes.n_columns(), self.n_samples());
        self.folding.merge(folding, shape, n)?;
        self.solved.merge(&solved);
        self.replications += n;
        self.failures.extend(failures);
        Ok(())
    }
}
