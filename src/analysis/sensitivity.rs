//! Which inputs drive the differences between worlds, from the draws of the run itself.

use rayon::prelude::*;

use super::classes::Ranked;
use super::drivers::{Driver, GROUPS, drivers};
use crate::simulation::outcomes::Key;
use crate::simulation::{Experiment, Kept, Request};
use crate::uncertainty::{Role, Stream};

/// Replications looked at; more would say the same more exactly.
pub const MOST_REPLICATIONS: u64 = 16_384;
/// Bootstrap samples.
const RESAMPLES: u64 = 100;
/// Inputs that nothing uses, to see what chance alone does.
const IDLE: u64 = 4;
/// How the names of the draws of break-ups begin, an alliance's name follows: the only luck with a name for people.
pub const BREAK_UP: &str = "luck.break-up.";

/// The outcomes that are watched: collects their draws while a run goes on.
pub struct Watch {
    columns: Vec<usize>,
    kept: Kept,
}

impl Watch {
    /// `columns`: of the request's outcomes.
    pub fn new(request: &Request, columns: Vec<usize>) -> Watch {
        let sums = columns.iter().map(|&column| vec![(column, 1.0)]).collect();
        Watch { kept: Kept::first(request, sums, MOST_REPLICATIONS), columns }
    }

    pub fn sink(&mut self) -> &mut Kept {
        &mut self.kept
    }
}

/// What drives one outcome's difference between a world and the reference.
pub struct Driven {
    /// Of the experiment.
    pub world: usize,
    pub key: Key,
    /// By input; `None` if the difference is the same in all replications.
    pub drivers: Option<Vec<Driver>>,
}

/// What drives the differences.
pub struct Sensitivity {
    /// Keys of the uncertain inputs; points of a path move together and are named by the path.
    pub inputs: Vec<String>,
    pub driven: Vec<Driven>,
    /// Replications looked at, without those that failed.
    pub replications: u64,
}

impl Sensitivity {
    /// What the watched differences depend on. `None` if nothing is compared, uncertain or drawn often enough.
    pub fn of(experiment: &Experiment, request: &Request, watch: &Watch) -> Option<Sensitivity> {
        let Watch { columns, kept } = watch;
        let reference = request.place(experiment.reference)?;
        let sound: Vec<usize> = match columns.is_empty() {
            true => return None,
            false => kept
                .draws(reference, 0)
                .iter()
                .enumerate()
                .filter(|(_, x)| !x.is_nan())
                .map(|(r, _)| r)
                .collect(),
        };
        // Too few to fill the classes.
        if sound.len() < 8 * GROUPS {
            return None;
        }
        let (names, inputs) = inputs(experiment, request, &sound);
        if names.is_empty() {
            return None;
        }
        let idle: Vec<Ranked> = (1..=IDLE)
            .map(|number| {
                let mut uniforms = vec![0.0; sound.len()];
                Stream::new(experiment.seed, &format!("sensitivity.idle.{number}"))
                    .uniforms(0, &mut uniforms);
                Ranked::new(&uniforms)
            })
            .collect();
        let resamples = resamples(experiment.seed);
        let others = request.worlds().iter().enumerate().filter(|(place, _)| *place != reference);
        let pairs: Vec<(usize, usize, usize)> =
            others.flat_map(|(place, &world)| (0..columns.len()).map(move |at| (place, world, at))).collect();
        let driven = pairs.into_par_iter().map(|(place, world, at)| {
            let (with, without) = (kept.draws(place, at), kept.draws(reference, at));
            let difference: Vec<f64> = sound.iter().map(|&r| with[r] - without[r]).collect();
            // Whom a world does not have, it says nothing about.
            let is_defined = difference.iter().all(|value| value.is_finite());
            Driven {
                world,
                key: request.outcomes.keys[columns[at]],
                drivers: is_defined.then(|| drivers(&inputs, &idle, &difference, &resamples)).flatten(),
            }
        });
        Some(Sensitivity { inputs: names, driven: driven.collect(), replications: sound.len() as u64 })
    }
}

/// Everything that is drawn once per replication and has a name: inputs, and when alliances break up. Versions of an
/// input in several worlds, and points of a path, are drawn from one uniform and are one.
fn inputs(experiment: &Experiment, request: &Request, sound: &[usize]) -> (Vec<String>, Vec<Ranked>) {
    let draws = experiment.draws();
    let mut values = vec![0.0; sound.last().map_or(0, |last| last + 1)];
    let (mut names, mut inputs): (Vec<String>, Vec<Ranked>) = (Vec::new(), Vec::new());
    for (index, parameter) in experiment.space.parameters().iter().enumerate() {
        let is_named = match parameter.role {
            Role::Input | Role::Between => true,
            Role::Luck => parameter.key.starts_with(BREAK_UP),
            Role::Yearly | Role::Constant => false,
        };
        if !is_named || parameter.distribution.is_fixed() || names.contains(&parameter.stream) {
            continue;
        }
        draws.evaluate_parameter(index, request.replications.start, &mut values);
        let drawn: Vec<f64> = sound.iter().map(|&r| values[r]).collect();
        names.push(parameter.stream.clone());
        inputs.push(Ranked::new(&drawn));
    }
    (names, inputs)
}

/// How often each group stands in each bootstrap sample.
fn resamples(seed: u64) -> Vec<[f64; GROUPS]> {
    let stream = Stream::new(seed, "sensitivity.bootstrap");
    let sample = |number: u64| {
        let mut uniforms = [0.0; GROUPS];
        stream.uniforms(number * GROUPS as u64, &mut uniforms);
        let mut times = [0.0; GROUPS];
        uniforms.iter().for_each(|u| times[((u * GROUPS as f64) as usize).min(GROUPS - 1)] += 1.0);
        times
    };
    (0..RESAMPLES).map(sample).collect()
}
