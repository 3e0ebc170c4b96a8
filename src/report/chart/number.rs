//! How numbers are written on charts.

/// What a value is, and so how it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueFormat {
    /// A fraction, written as "12.5 %".
    Percent,
    /// A difference of fractions, written as "+1.2 pp".
    PercentagePoints,
    /// Things sold, written as "1.2m", "850k" or "420".
    Units,
    /// Money, written as "32,500": which money says the axis title.
    Money,
    /// A number as it is.
    #[default]
    Number,
}

impl ValueFormat {
    /// The shortest axis that is worth drawing: smaller differences are no news.
    pub(super) fn shortest_axis(self) -> f64 {
        match self {
            Self::Percent | Self::PercentagePoints => 0.001,
            Self::Units => 10.0,
            Self::Money => 1.0,
            Self::Number => 0.0,
        }
    }

    /// As [`write`](Self::write) does it, but without the unit where the axis title has it in words.
    pub fn write_bare(self, value: f64, step: f64, signed: bool) -> String {
        let written = self.write(value, step, signed);
        written.strip_suffix(" pp").map_or(written.clone(), str::to_owned)
    }

    /// Whether `value`, rounded to steps of `step`, is written as zero.
    pub(super) fn is_written_zero(self, value: f64, step: f64) -> bool {
        let bare = self.write(value, step, false);
        is_zero(bare.trim_matches(|c: char| !c.is_ascii_digit()))
    }

    /// `value`, rounded so that steps of `step` can be told apart; differences carry their sign.
    pub fn write(self, value: f64, step: f64, signed: bool) -> String {
        let value = if step >= 1.0 { (value / step).round() * step } else { value };
        let (factor, after) = match self {
            Self::Percent => (100.0, " %"),
            Self::PercentagePoints => (100.0, " pp"),
            Self::Units if value.abs() >= 1e6 && step >= 1e4 => (1e-6, "m"),
            Self::Units if value.abs() >= 1e3 && step >= 10.0 => (1e-3, "k"),
            Self::Units | Self::Money | Self::Number => (1.0, ""),
        };
        if !value.is_finite() {
            return "n/a".to_owned();
        }
        let digits = grouped(value.abs() * factor, decimals(step * factor));
        let zero = is_zero(&digits);
        let sign = match (zero, value < 0.0) {
            (true, _) => "",
            (false, true) => "−",
            (false, false) if signed || self == Self::PercentagePoints => "+",
            (false, false) => "",
        };
        format!("{sign}{digits}{after}")
    }
}

fn is_zero(digits: &str) -> bool {
    digits.bytes().all(|byte| matches!(byte, b'0' | b'.' | b','))
}

/// Decimals that show steps of `step`.
fn decimals(step: f64) -> usize {
    let mut step = if step.is_finite() && step > 0.0 { step } else { 1.0 };
    let mut decimals = 0;
    // 0.25 needs two, 0.2 one; a little slack for steps that are not exact in binary.
    while decimals < 12 && (step - step.round()).abs() > 1e-6 * step {
        step *= 10.0;
        decimals += 1;
    }
    decimals
}

/// A number that is not negative, with commas between thousands.
fn grouped(value: f64, decimals: usize) -> String {
    if value >= 1e15 {
        return format!("{value:.2e}");
    }
    let plain = format!("{value:.decimals$}");
    let (whole, fraction) = plain.split_once('.').map_or((plain.as_str(), ""), |parts| parts);
    let mut written = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    if fraction.is_empty() { written } else { format!("{written}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::ValueFormat::*;

    #[test]
    fn numbers_are_written_as_readers_expect() {
        assert_eq!(Percent.write(0.126, 0.05, false), "13 %");
        assert_eq!(Percent.write(0.125, 0.005, false), "12.5 %");
        assert_eq!(Percent.write(0.00012, 0.0001, false), "0.01 %");
        assert_eq!(PercentagePoints.write(-0.0123, 0.001, true), "−1.2 pp");
        assert_eq!(PercentagePoints.write(0.0123, 0.001, true), "+1.2 pp");
        assert_eq!(PercentagePoints.write(0.0, 0.001, true), "0.0 pp");
        assert_eq!(PercentagePoints.write(-0.00001, 0.001, true), "0.0 pp");
        assert!(PercentagePoints.is_written_zero(-0.00001, 0.001) && Money.is_written_zero(0.0, 0.1));
        assert!(!PercentagePoints.is_written_zero(0.001, 0.001) && !Money.is_written_zero(-10.0, 1.0));
        assert_eq!(Units.write(1_250_000.0, 50_000.0, false), "1.25m");
        assert_eq!(Units.write(850_000.0, 50_000.0, false), "850k");
        assert_eq!(Units.write(420.0, 20.0, false), "420");
        assert_eq!(Units.write(1_500_000.0, 500_000.0, true), "+1.5m");
        assert_eq!(Money.write(32_500.4, 500.0, false), "32,500");
        assert_eq!(Money.write(32_449.0, 100.0, false), "32,400");
        assert_eq!(Money.write(-1_234_567.0, 1.0, true), "−1,234,567");
        assert_eq!(Number.write(0.25, 0.25, false), "0.25");
        assert_eq!(Number.write(f64::NAN, 0.25, false), "n/a");
        assert_eq!(Number.write(1e300, 1e299, false), "1.00e300");
    }
}
