//! `ParameterSpace`: the uncertain quantities of a study.

use super::Distribution;
use super::copula::Correlation;
use std::collections::{BTreeSet, HashMap};

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
    /// A random event that nobody states.
    Luck,
    /// A shock of one year that nobody states.
    Yearly,
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
    correlations: Vec<Correlation>,
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

    /// From now on the uniforms of two streams are correlated: normal numbers behind them have this correlation (a Gaussian
    /// copula). All correlations together must be possible.
    pub fn correlate(&mut self, one: &str, other: &str, correlation: f64) {
        self.correlations
            .push(Correlation { between: [one.to_owned(), other.to_owned()], value: correlation });
    }

    /// The streams in the order of a design that has one: luck that strikes once, then inputs, then luck of every year,
    /// each by name. Inputs with one value keep their place, so that one that is set changes no other's draws.
    pub fn order(&self) -> Vec<&str> {
        let class = |parameter: &Parameter| match parameter.role {
            Role::Luck => Some(0),
            Role::Input | Role::Between => Some(1),
            Role::Yearly => Some(2),
            Role::Constant => None,
        };
        let streams = self.parameters.iter();
        let streams: BTreeSet<(u8, &str)> =
            streams.filter_map(|parameter| Some((class(parameter)?, parameter.stream.as_str()))).collect();
        streams.into_iter().map(|(_, stream)| stream).collect()
    }

    pub(super) fn correlations(&self) -> &[Correlation] {
        &self.correlations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uncertainty::{Design, Draws, Stream};

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

        let draws = Draws::new(&space, 5, Design::MonteCarlo);
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
        let draws = Draws::new(&space, 1, Design::MonteCarlo);
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
