//! Correlated yearly shocks: each is a weighted sum of independent normal draws, with the weights of a
//! row of the correlation matrix's Cholesky factor.

use super::Builder;
use super::draws::Luck;
use crate::market::model::Dated;
use crate::scenario::Scenario;
use crate::scenario::file::ScenarioFile;

impl Builder<'_> {
    /// The standard normal shocks of a series such as `volume.US` or `currency.JPY`, by year.
    pub(super) fn correlated_shocks(
        &mut self,
        scenario: &Scenario,
        file: &ScenarioFile,
        series: (&str, &str),
    ) -> Dated {
        let volumes = file.regions.keys().map(|region| ("volume", region.as_str()));
        let all: Vec<(&str, &str)> =
            volumes.chain(file.currencies.keys().map(|currency| ("currency", currency.as_str()))).collect();
        let row = all.iter().position(|known| *known == series).expect("a series of this scenario");
        let weights = cholesky(&all, |a, b| correlation(file, a, b)).swap_remove(row);
        let years = scenario.base_year..=scenario.last_year;
        let mut shocks: Dated = years.clone().map(|_| Vec::new()).collect();
        for (&(kind, name), weight) in all.iter().zip(weights).filter(|(_, weight)| *weight != 0.0) {
            let draws = self.yearly_normals(Luck::Series { kind, name }, years.clone());
            for (shock, draw) in shocks.iter_mut().zip(draws) {
                shock.push((weight, draw));
            }
        }
        shocks
    }
}

/// The stated correlation between two series, which the scenario calls `volume.US`, `currency.JPY`.
fn correlation(file: &ScenarioFile, a: (&str, &str), b: (&str, &str)) -> f64 {
    let is = |name: &String, (kind, of): (&str, &str)| name.split_once('.') == Some((kind, of));
    let stated = file.shocks.correlation.iter().find(|stated| {
        let [x, y] = &stated.between;
        (is(x, a) && is(y, b)) || (is(x, b) && is(y, a))
    });
    if a == b { 1.0 } else { stated.map_or(0.0, |stated| stated.value) }
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
            (x, y) if x == y => 1.0,
            ("a", "b") | ("b", "a") => 0.4,
            ("a", "c") | ("c", "a") => -0.3,
            _ => 0.1,
        };
        let factor = cholesky(&names, stated);
        for i in 0..3 {
            for j in 0..3 {
                let product: f64 = factor[i].iter().zip(&factor[j]).map(|(x, y)| x * y).sum();
                assert!((product - stated(names[i], names[j])).abs() < 1e-15);
            }
        }
    }
}
