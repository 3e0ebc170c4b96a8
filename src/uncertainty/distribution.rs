//! `Distribution`: what is known about an uncertain number, as an analyst would state it.

use crate::numeric::Real;

/// A probability distribution, in the units of the number it describes.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Known exactly.
    Fixed(f64),
    /// Equally likely anywhere between `low` and `high`.
    Uniform { low: f64, high: f64 },
    /// Density rising in a straight line from `low` to `mode` and falling to `high`.
    Triangular { low: f64, mode: f64, high: f64 },
    /// The smooth three-point distribution: a beta on [low, high] with mean (low + 4 mode + high)/6.
    Pert { low: f64, mode: f64, high: f64 },
    /// Normal with mean `mean` and standard deviation `sd`, cut off at `low` and `high` where given
    /// (`mean` and `sd` are those before cutting).
    Normal { mean: f64, sd: f64, low: Option<f64>, high: Option<f64> },
    /// Its logarithm is normal around ln `median` with standard deviation `sd_log`, cut off at `low` and `high`
    /// where given (`median` and `sd_log` are those before cutting).
    LogNormal { median: f64, sd_log: f64, low: Option<f64>, high: Option<f64> },
    /// Beta with shapes `alpha` and `beta`, stretched from 0…1 to `low`…`high`.
    Beta { alpha: f64, beta: f64, low: f64, high: f64 },
    /// Student's t with `freedom` degrees of freedom, times `scale`, around `median`.
    StudentT { median: f64, scale: f64, freedom: f64 },
    /// Gamma with mean `shape` × `scale`.
    Gamma { shape: f64, scale: f64 },
    /// Chance a year of an event that came `ends` times in `exposure` years at risk: 1 − e^(−λ), where the rate λ has its
    /// posterior after Jeffreys' prior, gamma with shape `ends` + 1/2 and rate `exposure`.
    Hazard { ends: f64, exposure: f64 },
    /// One of `values`, each as likely as its weight says: stated cases, or observations as they are.
    Discrete { values: Vec<f64>, weights: Vec<f64> },
}

/// Shapes and degrees of freedom beyond these are as good as fixed, or as good as none.
const SHAPES: std::ops::RangeInclusive<f64> = 0.01..=10_000.0;

impl Distribution {
    /// `Ok`, or in plain English what is wrong.
    pub fn validate(&self) -> Result<(), String> {
        if let Self::Discrete { values, weights } = self {
            return discrete(values, weights);
        }
        match *self {
            Self::Discrete { .. } => Ok(()),
            Self::Fixed(value) => finite("the value", value),
            Self::Uniform { low, high } => {
                finite("low", low)?;
                finite("high", high)?;
                ordered("low", low, "high", high)?;
                finite("high - low", high - low)
            }
            Self::Triangular { low, mode, high } | Self::Pert { low, mode, high } => {
                finite("low", low)?;
                finite("mode", mode)?;
                finite("high", high)?;
                ordered("low", low, "mode", mode)?;
                ordered("mode", mode, "high", high)?;
                finite("high - low", high - low)
            }
            Self::Normal { mean, sd, low, high } => {
                finite("mean", mean)?;
                not_negative("sd", sd)?;
                low.map_or(Ok(()), |low| finite("low", low))?;
                high.map_or(Ok(()), |high| finite("high", high))?;
                let (low, high) = (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY));
                ordered("low", low, "high", high)?;
                if sd == 0.0 && !(low..=high).contains(&mean) {
                    return Err(format!("sd is 0 and mean ({mean}) is not between low and high"));
                }
                // Beyond 8 standard deviations the part that is left says nothing about mean and sd.
                if low > mean + 8.0 * sd || high < mean - 8.0 * sd {
                    return Err(format!(
                        "low and high leave nothing of a normal distribution with mean {mean} and sd {sd}"
                    ));
                }
                Ok(())
            }
            Self::Beta { alpha, beta, low, high } => {
                shape("alpha", alpha)?;
                shape("beta", beta)?;
                Self::Uniform { low, high }.validate()
            }
            Self::StudentT { median, scale, freedom } => {
                finite("median", median)?;
                not_negative("scale", scale)?;
                if freedom < 0.5 {
                    return Err(format!("freedom ({freedom}) is below 0.5"));
                }
                shape("freedom", freedom)
            }
            Self::Gamma { shape: form, scale } => {
                shape("shape", form)?;
                not_negative("scale", scale)
            }
            Self::Hazard { ends, exposure } => {
                not_negative("ends", ends)?;
                shape("ends + 1/2", ends + 0.5)?;
                finite("exposure", exposure)?;
                if exposure > 0.0 { Ok(()) } else { Err(format!("exposure ({exposure}) must be above 0")) }
            }
            Self::LogNormal { median, sd_log, low, high } => {
                finite("median", median)?;
                if median <= 0.0 {
                    return Err(format!("median ({median}) must be above 0"));
                }
                not_negative("sd_log", sd_log)?;
                if sd_log > 10.0 {
                    return Err(format!(
                        "sd_log ({sd_log}) is above 10; it is the standard deviation of the natural \
                         logarithm: 0.1 means about 10 %"
                    ));
                }
                for (name, end) in [("low", low), ("high", high)] {
                    let Some(end) = end else { continue };
                    finite(name, end)?;
                    if end <= 0.0 {
                        return Err(format!("{name} ({end}) must be above 0, as a lognormal number is"));
                    }
                }
                // ln of numbers above 0 is finite, so this says what is wrong with the ends.
                let ln = |end: Option<f64>| end.map(|end: f64| Real::ln(end));
                let log = Self::Normal { mean: Real::ln(median), sd: sd_log, low: ln(low), high: ln(high) };
                let ends = low.zip(high).map_or(Ok(()), |(low, high)| ordered("low", low, "high", high));
                ends.and_then(|()| {
                    log.validate()
                        .map_err(|_| "low and high leave nothing of this lognormal distribution".to_owned())
                })
            }
        }
    }

    /// The name of its family, as a scenario states it.
    pub fn family(&self) -> &'static str {
        match self {
            Self::Fixed(_) => "fixed",
            Self::Uniform { .. } => "uniform",
            Self::Triangular { .. } => "triangular",
            Self::Pert { .. } => "pert",
            Self::Normal { .. } => "normal",
            Self::LogNormal { .. } => "lognormal",
            Self::Beta { .. } => "beta",
            Self::StudentT { .. } => "student_t",
            Self::Gamma { .. } => "gamma",
            Self::Hazard { .. } => "hazard",
            Self::Discrete { .. } => "discrete",
        }
    }

    /// True if every draw is the same number, also for a zero width or a zero standard deviation.
    pub fn is_fixed(&self) -> bool {
        if let Self::Discrete { values, weights } = self {
            let mut likely = values.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
            return likely.next().is_none_or(|(first, _)| likely.all(|(value, _)| value == first));
        }
        match *self {
            Self::Discrete { .. } | Self::Hazard { .. } => false,
            Self::Fixed(_) => true,
            Self::Uniform { low, high }
            | Self::Triangular { low, high, .. }
            | Self::Pert { low, high, .. } => low == high,
            Self::Normal { sd, low, high, .. } => sd == 0.0 || (low.is_some() && low == high),
            Self::LogNormal { sd_log, low, high, .. } => sd_log == 0.0 || (low.is_some() && low == high),
            Self::Beta { low, high, .. } => low == high,
            Self::StudentT { scale, .. } | Self::Gamma { scale, .. } => scale == 0.0,
        }
    }
}

/// z(0.95) of the standard normal: an interval of 90 % reaches so many standard deviations to each side.
const NINETY_PERCENT: f64 = 1.644_853_626_951_472_2;

/// What an analyst means by “from `low` to `high`”: the 5th and the 95th percentile of a lognormal number, or of a
/// normal one where it may be negative. `low` is below `high`.
pub fn interval(low: f64, high: f64) -> Distribution {
    if low > 0.0 {
        let median = low.sqrt() * high.sqrt();
        let sd_log = 0.5 * (<f64 as Real>::ln(high) - Real::ln(low)) / NINETY_PERCENT;
        return Distribution::LogNormal { median, sd_log, low: None, high: None };
    }
    let sd = 0.5 * (high - low) / NINETY_PERCENT;
    Distribution::Normal { mean: 0.5 * (low + high), sd, low: None, high: None }
}

fn discrete(values: &[f64], weights: &[f64]) -> Result<(), String> {
    if values.is_empty() {
        return Err("values is empty".to_owned());
    }
    if values.len() != weights.len() {
        return Err(format!("{} values with {} weights", values.len(), weights.len()));
    }
    values.iter().try_for_each(|&value| finite("a value", value))?;
    weights.iter().try_for_each(|&weight| not_negative("a weight", weight))?;
    let sum: f64 = weights.iter().sum();
    if sum > 0.0 && sum.is_finite() { Ok(()) } else { Err(format!("the weights add up to {sum}")) }
}

fn shape(name: &str, value: f64) -> Result<(), String> {
    match SHAPES.contains(&value) {
        true => Ok(()),
        false => Err(format!("{name} ({value}) is not between {} and {}", SHAPES.start(), SHAPES.end())),
    }
}

fn finite(name: &str, value: f64) -> Result<(), String> {
    if value.is_finite() { Ok(()) } else { Err(format!("{name} is {value}, not a finite number")) }
}

fn not_negative(name: &str, value: f64) -> Result<(), String> {
    finite(name, value)?;
    if value >= 0.0 { Ok(()) } else { Err(format!("{name} ({value}) must not be negative")) }
}

fn ordered(first: &str, a: f64, second: &str, b: f64) -> Result<(), String> {
    if a <= b { Ok(()) } else { Err(format!("{first} ({a}) is above {second} ({b})")) }
}

#[cfg(test)]
mod tests {
    use super::Distribution::*;

    #[test]
    fn invalid_distributions_say_why() {
        let reason = |d: super::Distribution| d.validate().unwrap_err();
        assert_eq!(reason(Uniform { low: 2.0, high: 1.0 }), "low (2) is above high (1)");
        assert_eq!(reason(Pert { low: 0.1, mode: 0.5, high: 0.4 }), "mode (0.5) is above high (0.4)");
        assert_eq!(reason(Triangular { low: 0.6, mode: 0.5, high: 0.4 }), "low (0.6) is above mode (0.5)");
        assert_eq!(reason(Fixed(f64::NAN)), "the value is NaN, not a finite number");
        assert_eq!(
            reason(Normal { mean: 0.0, sd: -1.0, low: None, high: None }),
            "sd (-1) must not be negative"
        );
        assert!(reason(Normal { mean: 0.0, sd: 1.0, low: Some(9.0), high: None }).contains("nothing"));
        assert!(reason(Normal { mean: 0.0, sd: 0.0, low: Some(1.0), high: None }).contains("sd is 0"));
        assert_eq!(
            reason(LogNormal { median: 0.0, sd_log: 0.1, low: None, high: None }),
            "median (0) must be above 0"
        );
        assert!(Normal { mean: 0.0, sd: 0.0, low: None, high: None }.validate().is_ok());
    }

    #[test]
    fn range_is_the_support_or_the_central_998_in_a_thousand() {
        assert_eq!(Pert { low: 1.0, mode: 1.5, high: 3.0 }.range(), (1.0, 3.0));
        assert_eq!(Fixed(4.0).range(), (4.0, 4.0));
        let (low, high) = Normal { mean: 10.0, sd: 2.0, low: None, high: None }.range();
        assert!((low - (10.0 - 2.0 * 3.090_232_306_167_813)).abs() < 1e-12);
        assert!((high - (10.0 + 2.0 * 3.090_232_306_167_813)).abs() < 1e-12);
        assert_eq!(Normal { mean: 10.0, sd: 2.0, low: Some(9.0), high: None }.range().0, 9.0);
        assert_eq!(Normal { mean: 10.0, sd: 0.0, low: Some(9.0), high: None }.range(), (10.0, 10.0));
    }
}
