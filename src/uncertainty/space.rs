//! `ParameterSpace`: the uncertain quantities of a study, and their draws for a block of replications.

use super::design::Uniforms;
use super::{Design, Distribution, QuantileFunction};
use std::collections::HashMap;

/// Where a stated number comes from. Nothing of it changes a result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    pub unit: Option<String>,
    pub source: Option<String>,
    pub as_of: Option<String>,
    pub quality: Option<String>,
    pub note: Option<String>,
}

/// What a parameter is to a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Stated by the scenario, or the format's default: its key sets it.
    Input,
    /// Lies on a path between two stated points and moves with them.
    Between,
    /// A random event or shock that nobody states.
    Luck,
    /// A number of the model.
    Constant,
}

/// One input of a study, or one world's version of it; or something else that a model needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub role: Role,
    /// Its name; an input's is what a user types to set it. Empty for a constant.
    pub key: String,
    /// Names its random numbers. Parameters with the same stream are drawn from the same uniform.
    pub stream: String,
    pub distribution: Distribution,
    pub provenance: Provenance,
}

/// All parameters of a study, in order of first mention: what is drawn, and for each draw which input it
/// is of, in which unit and from which source.
///
/// The same key with the same distribution is one parameter. The same key with another distribution (a
/// world that believes something else about the same quantity) is another parameter drawn from the same
/// uniform, so that worlds stay paired.
#[derive(Clone, Debug, Default)]
pub struct ParameterSpace {
    parameters: Vec<Parameter>,
    by_key: HashMap<String, Vec<usize>>,
}

impl ParameterSpace {
    pub fn new() -> Self {
        Self::default()
    }

    /// The index of the parameter, which is added if it is new.
    pub fn add(&mut self, parameter: Parameter) -> usize {
        let versions = self.by_key.entry(parameter.key.clone()).or_default();
        let same = |&&known: &&usize| {
            let known = &self.parameters[known];
            known.distribution == parameter.distribution && known.stream == parameter.stream
        };
        if let Some(&known) = versions.iter().find(same) {
            return known;
        }
        versions.push(self.parameters.len());
        self.parameters.push(parameter);
        self.parameters.len() - 1
    }

    /// The index of a number that is no input.
    pub fn constant(&mut self, value: f64) -> usize {
        self.add(Parameter {
            role: Role::Constant,
            key: String::new(),
            stream: String::new(),
            distribution: Distribution::Fixed(value),
            provenance: Provenance::default(),
        })
    }

    pub fn len(&self) -> usize {
        self.parameters.len()
    }

    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The inputs that are uncertain, with their indices. Versions of an input that worlds believe in have
    /// the same key and stream; so do the points of a path have one stream.
    pub fn inputs(&self) -> impl Iterator<Item = (usize, &Parameter)> {
        let all = self.parameters.iter().enumerate();
        all.filter(|(_, known)| known.role == Role::Input && !known.distribution.is_fixed())
    }

    /// The median of every parameter.
    pub fn central(&self) -> Vec<f64> {
        self.parameters.iter().map(|parameter| parameter.distribution.median()).collect()
    }

    /// The draws of all parameters under a seed, each by itself. Every distribution must be valid.
    pub fn draws(&self, seed: u64) -> Draws {
        self.draws_by(seed, Design::MonteCarlo)
    }

    /// The draws of all parameters under a seed and a design. Every distribution must be valid.
    pub fn draws_by(&self, seed: u64, design: Design) -> Draws {
        let mut places = HashMap::new();
        let mut draws = Draws { parameters: self.len(), constants: Vec::new(), quantities: Vec::new() };
        for (index, parameter) in self.parameters.iter().enumerate() {
            let quantile = parameter.distribution.quantile_function();
            if let Some(value) = quantile.constant() {
                draws.constants.push((index, value));
                continue;
            }
            let place = *places.entry(parameter.stream.as_str()).or_insert_with(|| {
                draws.quantities.push((Uniforms::new(seed, &parameter.stream, design), Vec::new()));
                draws.quantities.len() - 1
            });
            draws.quantities[place].1.push((index, quantile));
        }
        draws
    }
}

/// The draws of all parameters under one seed, for any replications in any order.
#[derive(Clone, Debug)]
pub struct Draws {
    parameters: usize,
    constants: Vec<(usize, f64)>,
    /// A stream's uniforms and the parameters that are drawn from it.
    quantities: Vec<(Uniforms, Vec<(usize, QuantileFunction)>)>,
}

impl Draws {
    /// Draws all parameters for `lanes` replications from `first_replication` on:
    /// `out[parameter * lanes + lane]`.
    pub fn evaluate_block(&self, first_replication: u64, lanes: usize, out: &mut [f64]) {
        assert_eq!(out.len(), self.parameters * lanes, "one place per parameter and lane");
        for &(index, value) in &self.constants {
            out[index * lanes..][..lanes].fill(value);
        }
        for (uniforms_of, versions) in &self.quantities {
            let (&(last, ref last_quantile), others) = versions.split_last().expect("never empty");
            uniforms_of.fill(first_replication, &mut out[last * lanes..][..lanes]);
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
        let of =
            |versions: &[(usize, QuantileFunction)]| versions.iter().any(|(index, _)| *index == parameter);
        let (uniforms_of, _) = self.quantities.iter().find(|(_, versions)| of(versions))?;
        let mut uniform = [0.0];
        uniforms_of.fill(replication, &mut uniform);
        Some(uniform[0])
    }

    /// Draws one parameter for the replications from `first_replication` on.
    pub fn evaluate_parameter(&self, parameter: usize, first_replication: u64, out: &mut [f64]) {
        if let Some(&(_, value)) = self.constants.iter().find(|(index, _)| *index == parameter) {
            return out.fill(value);
        }
        for (uniforms_of, versions) in &self.quantities {
            if let Some((_, quantile)) = versions.iter().find(|(index, _)| *index == parameter) {
                uniforms_of.fill(first_replication, out);
                out.iter_mut().for_each(|value| *value = quantile.quantile(*value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uncertainty::Stream;

    fn uniform(low: f64, high: f64) -> Distribution {
        Distribution::Uniform { low, high }
    }

    fn add(space: &mut ParameterSpace, key: &str, stream: &str, distribution: Distribution) -> usize {
        let (key, stream) = (key.to_owned(), stream.to_owned());
        space.add(Parameter {
            role: Role::Input,
            key,
            stream,
            distribution,
            provenance: Provenance::default(),
        })
    }

    #[test]
    fn the_same_quantity_is_one_parameter_and_versions_share_the_uniform() {
        let mut space = ParameterSpace::new();
        let a = add(&mut space, "a", "a", uniform(0.0, 1.0));
        let b = add(&mut space, "b", "b", uniform(0.0, 1.0));
        assert_eq!(add(&mut space, "a", "a", uniform(0.0, 1.0)), a);
        let other_a = add(&mut space, "a", "a", uniform(10.0, 12.0));
        let fixed_a = add(&mut space, "a", "a", Distribution::Fixed(3.0));
        assert_eq!((a, b, other_a, fixed_a, space.len()), (0, 1, 2, 3, 4));
        assert_eq!(space.central(), [0.5, 0.5, 11.0, 3.0]);
        assert_eq!((space.constant(7.0), space.constant(7.0)), (4, 4));
        let inputs: Vec<(usize, &str)> = space.inputs().map(|(at, input)| (at, input.key.as_str())).collect();
        assert_eq!(inputs, [(a, "a"), (b, "b"), (other_a, "a")]);
        // Two inputs with one stream move together.
        let path = add(&mut space, "path.2030", "a", uniform(1.0, 2.0));

        let draws = space.draws(5);
        let mut out = vec![f64::NAN; 6 * 8];
        draws.evaluate_block(16, 8, &mut out);
        for lane in 0..8 {
            let u = Stream::new(5, "a").uniform(16 + lane as u64);
            assert_eq!(out[a * 8 + lane], u);
            assert_eq!(out[other_a * 8 + lane], 10.0 + 2.0 * u);
            assert_eq!(out[fixed_a * 8 + lane], 3.0);
            assert_eq!(out[path * 8 + lane], 1.0 + u);
            assert_ne!(out[b * 8 + lane], u);
        }
    }

    #[test]
    fn blocks_of_any_width_agree() {
        let mut space = ParameterSpace::new();
        add(&mut space, "x", "x", Distribution::Pert { low: 0.0, mode: 0.3, high: 1.0 });
        add(
            &mut space,
            "y",
            "y",
            Distribution::LogNormal { median: 1.0, sd_log: 0.2, low: None, high: None },
        );
        let draws = space.draws(1);
        let mut wide = vec![0.0; 2 * 24];
        draws.evaluate_block(0, 24, &mut wide);
        for first in [0, 8, 16] {
            let mut narrow = vec![0.0; 2 * 8];
            draws.evaluate_block(first as u64, 8, &mut narrow);
            assert_eq!(narrow[..8], wide[first..first + 8]);
            assert_eq!(narrow[8..], wide[24 + first..24 + first + 8]);
        }
    }
}
