//! How good a forecast was: proper scores of a sample against what happened.

/// The quantiles that are reported.
pub const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// A forecast in figures, and its scores; shares are fractions.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    pub mean: f64,
    /// At [`QUANTILES`].
    pub quantiles: [f64; 5],
    /// Part of the sample below what happened (A. P. Dawid, 1984): uniform if the forecasts are right.
    pub pit: f64,
    /// Continuous ranked probability score (T. Gneiting and A. E. Raftery, JASA 102, 2007), in the unit of the
    /// sample: the mean absolute error for a forecast without spread.
    pub crps: f64,
    /// The same for logarithms.
    pub crps_log: f64,
    /// Quantile loss (R. Koenker and G. Bassett, 1978) at 5 % and 95 %, summed.
    pub pinball: f64,
}

impl Score {
    /// Scores a sample, which is sorted on the way.
    pub fn of(sample: &mut [f64], actual: f64) -> Score {
        use crate::numeric::Real;
        sample.sort_unstable_by(f64::total_cmp);
        let n = sample.len() as f64;
        let quantiles = QUANTILES.map(|p| quantile(sample, p));
        let below = sample.partition_point(|value| *value < actual);
        let not_above = sample.partition_point(|value| *value <= actual);
        let pit = (below + not_above) as f64 / (2.0 * n);
        let logs: Vec<f64> = sample.iter().map(|value| Real::ln(value.max(1e-12))).collect();
        Score {
            mean: sample.iter().sum::<f64>() / n,
            quantiles,
            pit,
            crps: crps(sample, actual),
            crps_log: crps(&logs, Real::ln(actual)),
            pinball: quantile_loss(0.05, quantiles[0], actual) + quantile_loss(0.95, quantiles[4], actual),
        }
    }

    pub fn inside_50(&self, actual: f64) -> bool {
        (self.quantiles[1]..=self.quantiles[3]).contains(&actual)
    }

    pub fn inside_90(&self, actual: f64) -> bool {
        (self.quantiles[0]..=self.quantiles[4]).contains(&actual)
    }
}

/// Quantile of a sorted sample, between neighbours on a straight line.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    let place = p * (sorted.len() - 1) as f64;
    let (low, part) = (place as usize, place - place.floor());
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + part * (sorted[high] - sorted[low])
}

/// E|X − y| − ½ E|X − X'| of a sorted sample.
pub fn crps(sorted: &[f64], actual: f64) -> f64 {
    let n = sorted.len() as f64;
    let error: f64 = sorted.iter().map(|value| (value - actual).abs()).sum();
    let spread: f64 = sorted.iter().enumerate().map(|(i, x)| (2.0 * i as f64 + 1.0 - n) * x).sum();
    error / n - spread / (n * n)
}

/// Energy score, the CRPS of a vector: E‖X − y‖ − ½ E‖X − X'‖, `sample[part][draw]`; neighbouring draws stand
/// for independent ones.
pub fn energy(sample: &[&[f64]], actual: &[f64]) -> f64 {
    let draws = sample.first().map_or(0, |part| part.len());
    let (mut error, mut spread) = (0.0, 0.0);
    for draw in 0..draws {
        let next = (draw + 1) % draws;
        let (mut to_actual, mut to_next) = (0.0, 0.0);
        for (part, actual) in sample.iter().zip(actual) {
            to_actual += (part[draw] - actual) * (part[draw] - actual);
            to_next += (part[draw] - part[next]) * (part[draw] - part[next]);
        }
        error += to_actual.sqrt();
        spread += to_next.sqrt();
    }
    (error - 0.5 * spread) / draws as f64
}

pub fn quantile_loss(p: f64, forecast: f64, actual: f64) -> f64 {
    if actual >= forecast { p * (actual - forecast) } else { (1.0 - p) * (forecast - actual) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crps_of_a_point_is_its_error_and_of_a_uniform_the_closed_form() {
        assert!((crps(&[0.3, 0.3], 0.1) - 0.2).abs() < 1e-15);
        // U(0, 1) against y: y²/2 + (1 − y)²/2 − 1/6... as ∫(F − 1{x ≥ y})² dx = (y³ + (1 − y)³)/3.
        let sample: Vec<f64> = (0..20_000).map(|i| (f64::from(i) + 0.5) / 20_000.0).collect();
        for y in [0.0_f64, 0.2, 0.5, 0.9] {
            let exact = (y * y * y + (1.0 - y) * (1.0 - y) * (1.0 - y)) / 3.0;
            assert!((crps(&sample, y) - exact).abs() < 1e-8, "{y}");
        }
    }

    #[test]
    fn the_energy_score_of_one_part_is_its_crps() {
        let stream = crate::uncertainty::Stream::new(1, "sample");
        let mut sample = vec![0.0; 40_000];
        stream.uniforms(0, &mut sample);
        let energy = energy(&[&sample], &[0.3]);
        sample.sort_by(f64::total_cmp);
        assert!((energy - crps(&sample, 0.3)).abs() < 2e-3);
    }

    #[test]
    fn a_score_knows_where_the_actual_lies() {
        let mut sample: Vec<f64> = (1..=101).map(|i| f64::from(i) / 101.0).rev().collect();
        let score = Score::of(&mut sample, 0.97);
        assert!(!score.inside_90(0.97) && score.inside_90(0.94) && !score.inside_50(0.94));
        assert!((score.pit - 97.0 / 101.0).abs() < 1e-12, "{}", score.pit);
        assert!((score.quantiles[2] - 51.0 / 101.0).abs() < 1e-12);
    }

    #[test]
    fn missing_on_the_unlikely_side_costs_more() {
        assert!((quantile_loss(0.95, 0.1, 0.2) - 0.095).abs() < 1e-15);
        assert!((quantile_loss(0.95, 0.2, 0.1) - 0.005).abs() < 1e-15);
        assert_eq!(quantile_loss(0.5, 0.1, 0.1), 0.0);
    }
}
