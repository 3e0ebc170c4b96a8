//! `Draws`: the draws of all parameters of a study, for any replications in any order.

use std::collections::HashMap;

use super::copula;
use super::design::Uniforms;
use super::space::ParameterSpace;
use super::{Design, QuantileFunction, normal};

/// The draws of all parameters under one seed and design.
#[derive(Clone, Debug)]
pub struct Draws {
    parameters: usize,
    constants: Vec<(usize, f64)>,
    quantities: Vec<Quantity>,
}

/// What is drawn from one stream.
#[derive(Clone, Debug)]
struct Quantity {
    uniforms: Uniforms,
    /// The normal numbers, by quantity, whose weighted sum is this one's; empty if it is correlated with none before it.
    mixed: Vec<(usize, f64)>,
    /// The parameters, with their quantile functions.
    versions: Vec<(usize, QuantileFunction)>,
}

/// Replications that are mixed at a time.
const CHUNK: usize = 64;

impl Draws {
    /// The draws under a seed and a design. Every distribution must be valid.
    pub fn new(space: &ParameterSpace, seed: u64, design: Design) -> Draws {
        let order: HashMap<&str, usize> =
            if design.has_order() { space.order().into_iter().zip(0..).collect() } else { HashMap::new() };
        let mut places = HashMap::new();
        let mut draws = Draws { parameters: space.len(), constants: Vec::new(), quantities: Vec::new() };
        for (index, parameter) in space.parameters().iter().enumerate() {
            let quantile = parameter.distribution.quantile_function();
            if let Some(value) = quantile.constant() {
                draws.constants.push((index, value));
                continue;
            }
            let stream = parameter.stream.as_str();
            let place = *places.entry(stream).or_insert_with(|| {
                let dimension = order.get(stream).copied().unwrap_or(0);
                let uniforms = Uniforms::new(seed, stream, design, dimension);
                draws.quantities.push(Quantity { uniforms, mixed: Vec::new(), versions: Vec::new() });
                draws.quantities.len() - 1
            });
            draws.quantities[place].versions.push((index, quantile));
        }
        for (stream, mixed) in copula::mixtures(space.correlations(), |stream| places.contains_key(stream)) {
            let mixed = mixed.into_iter().map(|(stream, weight)| (places[stream], weight));
            draws.quantities[places[stream]].mixed = mixed.collect();
        }
        draws
    }

    /// Draws all parameters for `lanes` replications from `first_replication` on:
    /// `out[parameter * lanes + lane]`.
    pub fn evaluate_block(&self, first_replication: u64, lanes: usize, out: &mut [f64]) {
        assert_eq!(out.len(), self.parameters * lanes, "one place per parameter and lane");
        for &(index, value) in &self.constants {
            out[index * lanes..][..lanes].fill(value);
        }
        for quantity in &self.quantities {
            let (&(last, ref last_quantile), others) = quantity.versions.split_last().expect("never empty");
            self.fill(quantity, first_replication, &mut out[last * lanes..][..lanes]);
            // The last version has the highest index, so its places hold the uniforms for the others.
            let (before, uniforms) = out.split_at_mut(last * lanes);
            let uniforms = &mut uniforms[..lanes];
            for (index, quantile) in others {
                quantile.quantiles(uniforms, &mut before[index * lanes..][..lanes]);
            }
            for value in uniforms {
                *value = last_quantile.quantile(*value);
            }
        }
    }

    /// The uniform that a parameter is drawn from in one replication; `None` if it is no draw.
    pub fn uniform(&self, parameter: usize, replication: u64) -> Option<f64> {
        let (quantity, _) = self.find(parameter)?;
        let mut uniform = [0.0];
        self.fill(quantity, replication, &mut uniform);
        Some(uniform[0])
    }

    /// Draws one parameter for the replications from `first_replication` on.
    pub fn evaluate_parameter(&self, parameter: usize, first_replication: u64, out: &mut [f64]) {
        if let Some(&(_, value)) = self.constants.iter().find(|(index, _)| *index == parameter) {
            return out.fill(value);
        }
        if let Some((quantity, quantile)) = self.find(parameter) {
            self.fill(quantity, first_replication, out);
            out.iter_mut().for_each(|value| *value = quantile.quantile(*value));
        }
    }

    fn find(&self, parameter: usize) -> Option<(&Quantity, &QuantileFunction)> {
        self.quantities.iter().find_map(|quantity| {
            let version = quantity.versions.iter().find(|(index, _)| *index == parameter);
            version.map(|(_, quantile)| (quantity, quantile))
        })
    }

    /// The uniforms of a quantity for the replications from `first` on.
    fn fill(&self, quantity: &Quantity, first: u64, uniforms: &mut [f64]) {
        if quantity.mixed.is_empty() {
            return quantity.uniforms.fill(first, uniforms);
        }
        for (first, sums) in (first..).step_by(CHUNK).zip(uniforms.chunks_mut(CHUNK)) {
            let mut others = [0.0; CHUNK];
            let others = &mut others[..sums.len()];
            sums.fill(0.0);
            for &(other, weight) in &quantity.mixed {
                self.quantities[other].uniforms.fill(first, others);
                for (sum, uniform) in sums.iter_mut().zip(&*others) {
                    *sum += weight * normal::quantile(*uniform);
                }
            }
            for sum in sums {
                *sum = normal::distribution(*sum).clamp(f64::MIN_POSITIVE, 1.0 - 0.5 * f64::EPSILON);
            }
        }
    }
}
