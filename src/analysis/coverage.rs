//! How the reference world does against what has happened since the base year and was not used.

use super::Findings;
use crate::simulation::outcomes::{Key, Outcome, Who};

/// A share that was observed after the base year.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    pub region: usize,
    pub maker: usize,
    pub year: i32,
    /// Fraction of the region's units.
    pub share: f64,
}

/// One region and year of the reference world against observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    pub region: usize,
    pub year: i32,
    /// Makers observed, and how many of them lie between p05 and p95.
    pub makers: usize,
    pub inside: usize,
    /// Mean quantile loss (R. Koenker and G. Bassett, 1978) over p05, p25, p50, p75, p95 and makers, in
    /// fractions of the market; smaller is better.
    pub loss: f64,
    /// The same for "the base-year share stays".
    pub loss_of_no_change: f64,
}

/// Coverage by region and year, in the order of the observations.
pub fn coverage(findings: &Findings, observed: &[Observed]) -> Vec<Coverage> {
    let mut rows: Vec<Coverage> = Vec::new();
    for seen in observed {
        let who = Who::Maker(seen.maker);
        let key = Key::total(Outcome::Share, seen.year).of(who).in_region(seen.region);
        let (Some(then), Some(base)) = (
            findings.level(findings.reference, &key),
            findings.level(findings.reference, &key.in_year(findings.base_year)),
        ) else {
            continue;
        };
        let place = rows.iter().position(|row| row.region == seen.region && row.year == seen.year);
        let place = place.unwrap_or_else(|| {
            rows.push(Coverage {
                region: seen.region,
                year: seen.year,
                makers: 0,
                inside: 0,
                loss: 0.0,
                loss_of_no_change: 0.0,
            });
            rows.len() - 1
        });
        let row = &mut rows[place];
        row.makers += 1;
        row.inside += usize::from((then.p05..=then.p95).contains(&seen.share));
        let quantiles =
            [(0.05, then.p05), (0.25, then.p25), (0.5, then.p50), (0.75, then.p75), (0.95, then.p95)];
        row.loss += quantiles.map(|(p, q)| quantile_loss(p, q, seen.share)).iter().sum::<f64>() / 5.0;
        row.loss_of_no_change +=
            quantiles.map(|(p, _)| quantile_loss(p, base.mean, seen.share)).iter().sum::<f64>() / 5.0;
    }
    for row in &mut rows {
        row.loss /= row.makers as f64;
        row.loss_of_no_change /= row.makers as f64;
    }
    rows
}

fn quantile_loss(p: f64, forecast: f64, seen: f64) -> f64 {
    if seen >= forecast { p * (seen - forecast) } else { (1.0 - p) * (forecast - seen) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_on_the_unlikely_side_costs_more() {
        assert!((quantile_loss(0.95, 0.1, 0.2) - 0.095).abs() < 1e-15);
        assert!((quantile_loss(0.95, 0.2, 0.1) - 0.005).abs() < 1e-15);
        assert_eq!(quantile_loss(0.5, 0.1, 0.1), 0.0);
    }
}
