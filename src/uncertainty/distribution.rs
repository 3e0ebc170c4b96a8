//! `Distribution`: what is known about an uncertain number, as an analyst would state it.

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
    /// Its logarithm is normal around ln `median` with standard deviation `sd_log`.
    LogNormal { median: f64, sd_log: f64 },
}

impl Distribution {
    /// `Ok`, or in plain English what is wrong.
    pub fn validate(&self) -> Result<(), String> {
        match *self {
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
            Self::LogNormal { median, sd_log } => {
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
                Ok(())
            }
        }
    }

    /// True if every draw is the same number, also for a zero width or a zero standard deviation.
    pub fn is_fixed(&self) -> bool {
        match *self {
            Self::Fixed(_) => true,
            Self::Uniform { low, high }
            | Self::Triangular { low, high, .. }
            | Self::Pert { low, high, .. } => low == high,
            Self::Normal { sd, low, high, .. } => sd == 0.0 || (low.is_some() && low == high),
            Self::LogNormal { sd_log, .. } => sd_log == 0.0,
        }
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
        assert_eq!(reason(LogNormal { median: 0.0, sd_log: 0.1 }), "median (0) must be above 0");
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
