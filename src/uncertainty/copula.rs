//! Correlations between quantities, as a Gaussian copula: the uniform of each is Φ of a weighted sum of independent normal
//! numbers, with the weights of a row of the correlation matrix's Cholesky factor.

use std::collections::BTreeSet;

/// A correlation of the normal numbers behind two streams.
#[derive(Clone, Debug)]
pub(super) struct Correlation {
    pub between: [String; 2],
    pub value: f64,
}

/// The correlation of two normal numbers whose Spearman rank correlation is `rank`: 2 sin(π rank / 6) (K. Pearson, On
/// further methods of determining correlation, 1907).
pub fn pearson_of_rank(rank: f64) -> f64 {
    // The sine as its series, which bits of no platform's library enter; at most π/6 from 0 it ends soon.
    let angle = std::f64::consts::PI * rank / 6.0;
    let (mut sum, mut term) = (0.0, angle);
    for order in (3..30).step_by(2).map(f64::from) {
        sum += term;
        term *= -angle * angle / (order * (order - 1.0));
    }
    2.0 * sum
}

/// The Spearman rank correlation of two normal numbers with a correlation.
pub fn rank_of_pearson(correlation: f64) -> f64 {
    6.0 / std::f64::consts::PI * (0.5 * correlation).asin()
}

/// The streams that are correlated with some before them, in the order of their names, with what each is a weighted sum of.
/// What is not drawn is correlated with nothing.
pub(super) fn mixtures(
    correlations: &[Correlation],
    is_drawn: impl Fn(&str) -> bool,
) -> Vec<(&str, Vec<(&str, f64)>)> {
    let drawn: Vec<&Correlation> =
        correlations.iter().filter(|known| known.between.iter().all(|stream| is_drawn(stream))).collect();
    let names: BTreeSet<&str> =
        drawn.iter().flat_map(|known| known.between.iter().map(String::as_str)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let correlation = |a: &str, b: &str| {
        let is = |known: &&&Correlation| known.between == [a, b] || known.between == [b, a];
        drawn.iter().find(is).map_or(0.0, |known| known.value)
    };
    let rows = cholesky(&names, correlation).into_iter().zip(1..).map(|(row, end)| {
        let weights = names.iter().copied().zip(row).take(end).filter(|(_, weight)| *weight != 0.0);
        weights.collect::<Vec<(&str, f64)>>()
    });
    names.iter().copied().zip(rows).filter(|(name, row)| row.iter().any(|(other, _)| other != name)).collect()
}

/// The lower Cholesky factor of a positive semi-definite correlation matrix, row by row.
fn cholesky<T: Copy>(names: &[T], correlation: impl Fn(T, T) -> f64) -> Vec<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for (i, &a) in names.iter().enumerate() {
        let mut row = vec![0.0; names.len()];
        for (j, &b) in names.iter().enumerate().take(i) {
            let known: f64 = row.iter().zip(&rows[j]).take(j).map(|(x, y)| x * y).sum();
            let pivot = rows[j][j];
            row[j] = if pivot > 1e-12 { (correlation(a, b) - known) / pivot } else { 0.0 };
        }
        let explained: f64 = row.iter().map(|x| x * x).sum();
        row[i] = (1.0 - explained).max(0.0).sqrt();
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_gives_back_the_correlations() {
        let names = ["a", "b", "c"];
        let stated = |a: &str, b: &str| match (a, b) {
            ("a", "b") | ("b", "a") => 0.4,
            ("a", "c") | ("c", "a") => -0.3,
            _ => 0.1,
        };
        let factor = cholesky(&names, stated);
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = factor[i].iter().zip(&factor[j]).map(|(x, y)| x * y).sum();
                let expected = if i == j { 1.0 } else { stated(names[i], names[j]) };
                assert!((product - expected).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn rank_correlations_are_met_through_normal_ones() {
        // 2 sin(π r / 6) at points where the sine is known.
        for (rank, expected) in
            [(0.0, 0.0), (1.0, 1.0), (-1.0, -1.0), (0.5, (3f64.sqrt() - 1.0) / 2f64.sqrt())]
        {
            assert!((pearson_of_rank(rank) - expected).abs() < 1e-15, "{rank}");
            assert!((rank_of_pearson(expected) - rank).abs() < 1e-15, "{rank}");
        }
    }
}
