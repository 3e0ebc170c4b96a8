//! `QuantileFunction`: a distribution made ready for drawing; one uniform in, one value out.

use super::beta::{Beta, StudentT};
use super::distribution::Distribution;
use super::gamma::Gamma;
use super::normal;
use super::pert::Pert;
use crate::numeric::Real;

/// The inverse of a distribution function, with everything that does not depend on the draw worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct QuantileFunction(Form);

#[derive(Clone, Debug, PartialEq)]
enum Form {
    Constant(f64),
    Uniform {
        low: f64,
        high: f64,
    },
    Triangular {
        low: f64,
        mode: f64,
        high: f64,
        below_mode: f64,
    },
    Pert(Box<Pert>),
    Normal {
        mean: f64,
        sd: f64,
    },
    TruncatedNormal(TruncatedNormal),
    LogNormal {
        median: f64,
        sd_log: f64,
    },
    /// Its logarithm, and where it is cut off.
    TruncatedLogNormal {
        log: TruncatedNormal,
        low: f64,
        high: f64,
    },
    Beta {
        beta: Beta,
        low: f64,
        high: f64,
    },
    StudentT {
        median: f64,
        scale: f64,
        t: StudentT,
    },
    Gamma {
        gamma: Gamma,
        scale: f64,
    },
    Hazard {
        gamma: Gamma,
        exposure: f64,
    },
    Discrete(Cases),
}

/// Values in ascending order, and the probability of each and all before it.
#[derive(Clone, Debug, PartialEq)]
struct Cases {
    values: Vec<f64>,
    up_to: Vec<f64>,
}

/// A normal of which only the part between `low` and `high` is left.
#[derive(Clone, Debug, PartialEq)]
struct TruncatedNormal {
    mean: f64,
    sd: f64,
    low: f64,
    high: f64,
    /// −1 if the part lies above the mean: then it is drawn as the mirror image, where probabilities
    /// near 0 keep their digits. Else 1.
    side: f64,
    /// Φ at the two ends, of the mirror image if mirrored.
    below: f64,
    within: f64,
}

impl Distribution {
    /// The quantile function, made ready for many draws. The distribution must be valid.
    pub fn quantile_function(&self) -> QuantileFunction {
        QuantileFunction::new(self)
    }

    /// The value that a draw stays below with probability `u`, 0 < u < 1. For many draws, keep the
    /// [`Distribution::quantile_function`].
    pub fn quantile(&self, u: f64) -> f64 {
        self.quantile_function().quantile(u)
    }

    /// As likely to be exceeded as not.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The smallest and the largest value; at an end without bound, the 0.1 % or 99.9 % quantile.
    pub fn range(&self) -> (f64, f64) {
        match *self {
            _ if self.is_fixed() => (self.median(), self.median()),
            Self::Fixed(value) => (value, value),
            Self::Uniform { low, high }
            | Self::Triangular { low, high, .. }
            | Self::Pert { low, high, .. } => (low, high),
            Self::Normal { low, high, .. } => {
                (low.unwrap_or_else(|| self.quantile(0.001)), high.unwrap_or_else(|| self.quantile(0.999)))
            }
            Self::LogNormal { low, high, .. } => {
                (low.unwrap_or_else(|| self.quantile(0.001)), high.unwrap_or_else(|| self.quantile(0.999)))
            }
            Self::Beta { low, high, .. } => (low, high),
            Self::StudentT { .. } => (self.quantile(0.001), self.quantile(0.999)),
            Self::Gamma { .. } => (0.0, self.quantile(0.999)),
            Self::Hazard { .. } => (0.0, 1.0),
            Self::Discrete { .. } => {
                (self.quantile(f64::MIN_POSITIVE), self.quantile(1.0 - 0.5 * f64::EPSILON))
            }
        }
    }
}

impl QuantileFunction {
    /// For a valid distribution.
    fn new(distribution: &Distribution) -> Self {
        if let Distribution::Discrete { values, weights } = distribution {
            return Self(Cases::form(values, weights));
        }
        let form = match *distribution {
            Distribution::Discrete { .. } => unreachable!("made above"),
            Distribution::Fixed(value) => Form::Constant(value),
            Distribution::Uniform { low, .. }
            | Distribution::Triangular { low, .. }
            | Distribution::Pert { low, .. }
            | Distribution::Beta { low, .. }
                if distribution.is_fixed() =>
            {
                Form::Constant(low)
            }
            Distribution::Normal { mean, sd: 0.0, .. } => Form::Constant(mean),
            Distribution::Normal { low: Some(low), .. } if distribution.is_fixed() => Form::Constant(low),
            Distribution::LogNormal { median, sd_log: 0.0, .. } => Form::Constant(median),
            Distribution::LogNormal { low: Some(low), .. } if distribution.is_fixed() => Form::Constant(low),
            Distribution::StudentT { median, scale: 0.0, .. } => Form::Constant(median),
            Distribution::Gamma { scale: 0.0, .. } => Form::Constant(0.0),
            Distribution::Uniform { low, high } => Form::Uniform { low, high },
            Distribution::Triangular { low, mode, high } => {
                Form::Triangular { low, mode, high, below_mode: (mode - low) / (high - low) }
            }
            Distribution::Pert { low, mode, high } => Form::Pert(Box::new(Pert::new(low, mode, high))),
            Distribution::Normal { mean, sd, low: None, high: None } => Form::Normal { mean, sd },
            Distribution::Normal { mean, sd, low, high } => Form::TruncatedNormal(TruncatedNormal::new(
                mean,
                sd,
                low.unwrap_or(f64::NEG_INFINITY),
                high.unwrap_or(f64::INFINITY),
            )),
            Distribution::LogNormal { median, sd_log, low: None, high: None } => {
                Form::LogNormal { median, sd_log }
            }
            Distribution::LogNormal { median, sd_log, low, high } => {
                let (low, high) = (low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY));
                let ln = |end: f64| match end {
                    0.0 => f64::NEG_INFINITY,
                    f64::INFINITY => end,
                    _ => Real::ln(end),
                };
                let log = TruncatedNormal::new(Real::ln(median), sd_log, ln(low), ln(high));
                Form::TruncatedLogNormal { log, low, high }
            }
            Distribution::Beta { alpha, beta, low, high } => {
                Form::Beta { beta: Beta::new(alpha, beta), low, high }
            }
            Distribution::StudentT { median, scale, freedom } => {
                Form::StudentT { median, scale, t: StudentT::new(freedom) }
            }
            Distribution::Gamma { shape, scale } => Form::Gamma { gamma: Gamma::new(shape), scale },
            Distribution::Hazard { ends, exposure } => {
                Form::Hazard { gamma: Gamma::new(ends + 0.5), exposure }
            }
        };
        Self(form)
    }

    /// The constant, if every draw is the same number.
    pub fn constant(&self) -> Option<f64> {
        if let Form::Constant(value) = self.0 { Some(value) } else { None }
    }

    /// The value that a draw stays below with probability `u`, 0 < u < 1. Never falls as u rises, but
    /// for the last bits of a PERT (relative 1e-15).
    pub fn quantile(&self, u: f64) -> f64 {
        match &self.0 {
            Form::Constant(value) => *value,
            Form::Uniform { low, high } => (low + (high - low) * u).min(*high),
            Form::Triangular { low, mode, high, below_mode } => {
                if u <= *below_mode {
                    (low + (u * (high - low) * (mode - low)).sqrt()).min(*mode)
                } else {
                    (high - ((1.0 - u) * (high - low) * (high - mode)).sqrt()).max(*mode)
                }
            }
            Form::Pert(pert) => pert.quantile(u),
            Form::Normal { mean, sd } => mean + sd * normal::quantile(u),
            Form::TruncatedNormal(truncated) => truncated.quantile(u),
            Form::LogNormal { median, sd_log } => median * Real::exp(sd_log * normal::quantile(u)),
            Form::TruncatedLogNormal { log, low, high } => {
                f64::clamp(Real::exp(log.quantile(u)), *low, *high)
            }
            Form::Beta { beta, low, high } => {
                let (x, rest) = beta.quantile(u);
                let width = high - low;
                if x <= 0.5 { (low + width * x).min(*high) } else { (high - width * rest).max(*low) }
            }
            Form::StudentT { median, scale, t } => median + scale * t.quantile(u),
            Form::Gamma { gamma, scale } => scale * gamma.quantile(u),
            Form::Hazard { gamma, exposure } => 1.0 - <f64 as Real>::exp(-gamma.quantile(u) / exposure),
            Form::Discrete(cases) => cases.quantile(u),
        }
    }

    /// The value for each uniform, in place.
    pub fn quantiles(&self, uniforms: &[f64], values: &mut [f64]) {
        for (value, &u) in values.iter_mut().zip(uniforms) {
            *value = self.quantile(u);
        }
    }
}

impl Cases {
    fn form(values: &[f64], weights: &[f64]) -> Form {
        let mut pairs: Vec<(f64, f64)> =
            values.iter().copied().zip(weights.iter().copied()).filter(|(_, weight)| *weight > 0.0).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all: f64 = pairs.iter().map(|(_, weight)| weight).sum();
        let mut sum = 0.0;
        let up_to = pairs.iter().map(|(_, weight)| {
            sum += weight;
            sum / all
        });
        let up_to = up_to.collect();
        let values: Vec<f64> = pairs.iter().map(|(value, _)| *value).collect();
        match values.iter().all(|value| *value == values[0]) {
            true => Form::Constant(values[0]),
            false => Form::Discrete(Cases { values, up_to }),
        }
    }

    /// The smallest value that a share `u` of draws does not exceed.
    fn quantile(&self, u: f64) -> f64 {
        let place = self.up_to.partition_point(|up_to| *up_to < u);
        self.values[place.min(self.values.len() - 1)]
    }
}

impl TruncatedNormal {
    fn new(mean: f64, sd: f64, low: f64, high: f64) -> Self {
        let (z_low, z_high) = ((low - mean) / sd, (high - mean) / sd);
        let side = if z_low + z_high > 0.0 { -1.0 } else { 1.0 };
        let (from, to) = if side > 0.0 { (z_low, z_high) } else { (-z_high, -z_low) };
        let below = normal::distribution(from);
        Self { mean, sd, low, high, side, below, within: normal::distribution(to) - below }
    }

    fn quantile(&self, u: f64) -> f64 {
        let u = if self.side > 0.0 { u } else { 1.0 - u };
        let p = (self.below + self.within * u).clamp(f64::MIN_POSITIVE, 1.0 - 0.5 * f64::EPSILON);
        (self.mean + self.sd * self.side * normal::quantile(p)).clamp(self.low, self.high)
    }
}

#[cfg(test)]
mod tests;
