//! Raw draws: one row per replication and world, with what was drawn and what came out.

use std::collections::HashMap;
use std::sync::Arc;

use super::table::{Cell, Column, Kind, Table, columns};
use crate::analysis::text;
use crate::calibration::Names;
use crate::scenario::Scenario;
use crate::simulation::outcomes::Key;
use crate::simulation::{Experiment, Kept, Request};
use crate::uncertainty::{Distribution, Parameter, Role};

/// What is kept of a run for its table of draws.
pub struct RawDraws {
    first: u64,
    /// Of the experiment, those that were simulated.
    worlds: Vec<usize>,
    outcomes: Vec<Key>,
    kept: Kept,
    inputs: Vec<Input>,
}

/// An input that is uncertain somewhere, and its values by simulated world: `None` where a world does not have it.
struct Input {
    key: String,
    values: Vec<Option<Values>>,
}

#[derive(Clone)]
enum Values {
    Fixed(f64),
    /// Per replication; worlds that believe the same share them.
    Drawn(Arc<Vec<f64>>),
}

impl Values {
    fn at(&self, replication: usize) -> f64 {
        match self {
            Values::Fixed(value) => *value,
            Values::Drawn(values) => values[replication],
        }
    }
}

/// Keys of the inputs that are uncertain in some world, by first mention.
pub fn uncertain_inputs(experiment: &Experiment) -> Vec<&str> {
    let mut keys: Vec<&str> = Vec::new();
    let stated = |known: &&Parameter| matches!(known.role, Role::Input | Role::Between);
    for known in experiment.space.parameters().iter().filter(stated) {
        if !known.distribution.is_fixed() && !keys.contains(&known.key.as_str()) {
            keys.push(&known.key);
        }
    }
    keys
}

impl RawDraws {
    /// `columns`: of the request's outcomes, as `kept` has them.
    pub fn of(
        scenario: &Scenario,
        experiment: &Experiment,
        request: &Request,
        columns: &[usize],
        kept: Kept,
    ) -> RawDraws {
        let space = &experiment.space;
        let draws = experiment.draws();
        let first = request.replications.start;
        let mut drawn: HashMap<usize, Arc<Vec<f64>>> = HashMap::new();
        let mut values = |key: &str, world: usize| {
            let stated = scenario.worlds[world].inputs.iter().find(|input| input.quantity.key == key)?;
            let distribution = &stated.quantity.distribution;
            if let Distribution::Fixed(value) = distribution {
                return Some(Values::Fixed(*value));
            }
            let same = |known: &Parameter| known.key == key && known.distribution == *distribution;
            let index = space.parameters().iter().position(same)?;
            let values = drawn.entry(index).or_insert_with(|| {
                let mut values = vec![0.0; request.n_replications() as usize];
                draws.evaluate_parameter(index, first, &mut values);
                Arc::new(values)
            });
            Some(Values::Drawn(values.clone()))
        };
        let inputs = uncertain_inputs(experiment).into_iter().map(|key| Input {
            key: key.to_owned(),
            values: request.worlds().iter().map(|&world| values(key, world)).collect(),
        });
        let inputs = inputs.collect();
        let outcomes = columns.iter().map(|&column| request.outcomes.keys[column]).collect();
        RawDraws { first, worlds: request.worlds().to_vec(), outcomes, kept, inputs }
    }

    /// `draws`: replication, world, whether the replication failed, whether what the world proposes goes ahead and when it
    /// breaks up (empty: never), the inputs, the outcomes.
    pub fn table<'a>(&'a self, names: &'a Names) -> Table<'a> {
        let figure = |name: String| Column { name: name.into(), kind: Kind::Figure };
        let about = columns(Kind::Count, "replication").chain(columns(Kind::Text, "world"));
        let about =
            about.chain(columns(Kind::Count, "failed,goes_ahead")).chain(columns(Kind::Figure, "break_up"));
        let inputs = self.inputs.iter().map(|input| figure(input.key.clone()));
        let outcomes = self.outcomes.iter().map(|key| figure(text(names, key)));
        Table::new(about.chain(inputs).chain(outcomes).collect(), move |take| {
            let (reference, n) = (0, self.kept.breakup(0).len());
            for replication in 0..n {
                // Of a part that was not merged.
                if self.kept.breakup(0)[replication].is_nan() {
                    continue;
                }
                for (place, &world) in self.worlds.iter().enumerate() {
                    let failed =
                        !self.outcomes.is_empty() && self.kept.draws(reference, 0)[replication].is_nan();
                    let breakup = self.kept.breakup(place)[replication];
                    let mut row = vec![
                        Cell::Count(self.first + replication as u64),
                        Cell::Text(&names.worlds[world]),
                        Cell::Count(u64::from(failed)),
                        Cell::Count(u64::from(self.kept.goes_ahead(place)[replication])),
                        Cell::Figure(if breakup.is_finite() { breakup } else { f64::NAN }),
                    ];
                    let value =
                        |input: &Input| input.values[place].as_ref().map_or(f64::NAN, |v| v.at(replication));
                    row.extend(self.inputs.iter().map(|input| Cell::Figure(value(input))));
                    let came_out = (0..self.outcomes.len()).map(|at| self.kept.draws(place, at)[replication]);
                    row.extend(came_out.map(Cell::Figure));
                    take(&row);
                }
            }
        })
    }
}

/// About so many bytes a table of draws takes as text.
pub fn bytes(experiment: &Experiment, request: &Request, outcomes: usize) -> u64 {
    let columns = 5 + uncertain_inputs(experiment).len() + outcomes;
    20 * columns as u64 * request.n_replications() * request.worlds().len() as u64
}
