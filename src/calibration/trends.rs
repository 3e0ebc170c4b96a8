//! Brand trends and yearly volatility from history up to the base year, by a stated rule.
//!
//! A maker's yearly change is d_y = Δ ln(share_y) − Δ ln(mix_y) over consecutive years counted on the
//! same basis, where mix_y = Σ_p P_p,y · s_f|p is the share it would have had in year y at its base-year
//! within-powertrain shares s_f|p and the region's powertrain shares P_p,y: what the move between
//! powertrains explains by itself is not a trend (model section 7).
//!
//! * Volatility σ of a region: the pooled standard deviation of d_y around each maker's mean,
//!   σ² = Σ_f Σ_y (d_y − m_f)² / Σ_f (n_f − 1).
//! * Raw trend of a maker: the mean of its d_y, with standard error σ/√n.
//! * Shrunken trend (empirical Bayes, normal–normal): m·τ²/(τ² + se²) with sd √(τ² se²/(τ² + se²)), τ the
//!   sd of true trends across the region's makers: stated, or var(m) − mean(se²).
//!
//! A maker without two comparable years has trend 0 with sd τ: nothing is known but the spread.

use crate::scenario::World;
use crate::scenario::tables::TOTAL;

/// The most that one yearly change may count: a start-up that triples is not a trend of ln 3 a year.
const LARGEST_CHANGE: f64 = 0.5;
/// Least spread of true trends, so that a region with few makers is not overconfident.
const LEAST_PRIOR_SD: f64 = 0.01;

/// A maker's trend in a region, log points of within-powertrain share a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    pub manufacturer: String,
    /// After shrinkage.
    pub mean: f64,
    pub sd: f64,
    /// Before shrinkage; empty history: none.
    pub raw: Option<f64>,
    /// Yearly changes used.
    pub n: usize,
}

/// The trends of one region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionTrends {
    pub trends: Vec<Trend>,
    /// Standard deviation of a maker's yearly change, log points.
    pub volatility: f64,
    /// Spread of true trends across makers.
    pub prior_sd: f64,
}

impl RegionTrends {
    pub(super) fn of(&self, maker: &str) -> Trend {
        let known = self.trends.iter().find(|trend| trend.manufacturer == maker);
        known.cloned().unwrap_or(Trend {
            manufacturer: maker.to_owned(),
            mean: 0.0,
            sd: self.prior_sd,
            raw: None,
            n: 0,
        })
    }
}

/// Estimates a region's trends; all zero where the scenario does not ask for them.
pub fn trends(world: &World, region: &str, base_year: i32) -> RegionTrends {
    let rule = &world.file.trends;
    let mut makers: Vec<&str> = Vec::new();
    for offer in world.offers.iter().filter(|offer| offer.region == region) {
        if !makers.contains(&offer.manufacturer.as_str()) {
            makers.push(&offer.manufacturer);
        }
    }
    let first_year = rule.first_year.unwrap_or(i32::MIN);
    let changes: Vec<Vec<f64>> =
        makers.iter().map(|maker| yearly_changes(world, region, maker, first_year, base_year)).collect();
    let volatility = volatility(&changes);
    if !rule.estimate {
        return RegionTrends { trends: Vec::new(), volatility, prior_sd: 0.0 };
    }
    let raw: Vec<(f64, f64)> = changes
        .iter()
        .filter(|changes| !changes.is_empty())
        .map(|changes| {
            let n = changes.len() as f64;
            (changes.iter().sum::<f64>() / n, volatility / n.sqrt())
        })
        .collect();
    let prior_sd = match &rule.prior_sd {
        Some(stated) => stated.distribution.median(),
        None => spread_of_trends(&raw),
    };
    let trends = makers
        .iter()
        .zip(&changes)
        .map(|(maker, changes)| {
            let n = changes.len();
            if n == 0 {
                return Trend { manufacturer: maker.to_string(), mean: 0.0, sd: prior_sd, raw: None, n };
            }
            let raw = changes.iter().sum::<f64>() / n as f64;
            let noise = volatility * volatility / n as f64;
            let prior = prior_sd * prior_sd;
            let weight = if prior + noise > 0.0 { prior / (prior + noise) } else { 0.0 };
            Trend {
                manufacturer: maker.to_string(),
                mean: weight * raw,
                sd: (weight * noise).sqrt(),
                raw: Some(raw),
                n,
            }
        })
        .collect();
    RegionTrends { trends, volatility, prior_sd }
}

/// Sd of true trends: the variance of the raw ones less what their noise explains.
fn spread_of_trends(raw: &[(f64, f64)]) -> f64 {
    let n = raw.len() as f64;
    if n < 2.0 {
        return LEAST_PRIOR_SD;
    }
    let mean = raw.iter().map(|r| r.0).sum::<f64>() / n;
    let variance = raw.iter().map(|r| (r.0 - mean) * (r.0 - mean)).sum::<f64>() / (n - 1.0);
    let noise = raw.iter().map(|r| r.1 * r.1).sum::<f64>() / n;
    (variance - noise).max(LEAST_PRIOR_SD * LEAST_PRIOR_SD).sqrt()
}

/// Pooled yearly sd over all makers with at least two changes; 0 without any.
fn volatility(changes: &[Vec<f64>]) -> f64 {
    let (mut squares, mut freedom) = (0.0, 0.0);
    for changes in changes.iter().filter(|changes| changes.len() >= 2) {
        let n = changes.len() as f64;
        let mean = changes.iter().sum::<f64>() / n;
        squares += changes.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>();
        freedom += n - 1.0;
    }
    if freedom > 0.0 { (squares / freedom).sqrt() } else { 0.0 }
}

/// d_y of one maker, each within ±[`LARGEST_CHANGE`].
fn yearly_changes(world: &World, region: &str, maker: &str, first_year: i32, base_year: i32) -> Vec<f64> {
    use crate::numeric::Real;
    let series = |name: &str| {
        let mut rows: Vec<(i32, f64, &str)> = world
            .history
            .iter()
            .filter(|row| row.region == region && row.manufacturer == name)
            .filter(|row| (first_year..=base_year).contains(&row.year))
            .map(|row| (row.year, row.units, row.basis.as_str()))
            .collect();
        rows.sort_by_key(|row| row.0);
        rows
    };
    let total = series(TOTAL);
    let share = |year: i32, units: f64| {
        let (_, all, basis) = total.iter().find(|row| row.0 == year)?;
        (units > 0.0 && *all > 0.0).then_some((units / all, *basis))
    };
    series(maker)
        .windows(2)
        .filter(|pair| pair[1].0 == pair[0].0 + 1 && pair[0].2 == pair[1].2)
        .filter_map(|pair| {
            let (before, total_basis) = share(pair[0].0, pair[0].1)?;
            let (after, same_basis) = share(pair[1].0, pair[1].1)?;
            let mix_before = mix(world, region, maker, pair[0].0)?;
            let mix_after = mix(world, region, maker, pair[1].0)?;
            let change = Real::ln(after / before) - Real::ln(mix_after / mix_before);
            (total_basis == same_basis).then_some(change.clamp(-LARGEST_CHANGE, LARGEST_CHANGE))
        })
        .collect()
}

/// The share a maker would have in a year at its base-year within-powertrain shares; `None` where the
/// region's powertrain shares of that year are unknown.
fn mix(world: &World, region: &str, maker: &str, year: i32) -> Option<f64> {
    let here = || world.offers.iter().filter(|offer| offer.region == region);
    let mut powertrains: Vec<&str> = here().map(|offer| offer.powertrain.as_str()).collect();
    powertrains.sort_unstable();
    powertrains.dedup();
    let within = |powertrain: &str| {
        let all: f64 = here().filter(|o| o.powertrain == powertrain).map(|o| o.units).sum();
        let own: f64 =
            here().filter(|o| o.powertrain == powertrain && o.manufacturer == maker).map(|o| o.units).sum();
        own / all
    };
    let of_year = |powertrain: &str| {
        let mut rows = world.powertrain_history.iter();
        rows.find(|row| row.region == region && row.year == year && row.powertrain == powertrain)
            .map(|row| row.share)
    };
    if powertrains.len() == 1 {
        return Some(1.0);
    }
    let known: Vec<(&str, f64)> = powertrains.iter().filter_map(|p| Some((*p, of_year(p)?))).collect();
    // One powertrain may be left out of the table: it takes the remainder.
    if known.len() + 1 < powertrains.len() {
        return None;
    }
    let stated: f64 = known.iter().map(|(_, share)| share).sum();
    let remainder = powertrains.iter().find(|p| known.iter().all(|(k, _)| k != *p));
    let rest = remainder.map_or(0.0, |p| (1.0 - stated) * within(p));
    Some(known.iter().map(|(p, share)| share * within(p)).sum::<f64>() + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volatility_is_pooled_around_each_makers_own_mean() {
        // Two makers with trends of ±10 % and the same spread; one with a single change says nothing.
        let changes = [vec![0.1, 0.2, 0.0], vec![-0.1, 0.0, -0.2], vec![0.5]];
        assert!((volatility(&changes) - 0.1).abs() < 1e-15);
        assert_eq!(volatility(&[vec![0.3]]), 0.0);
    }

    #[test]
    fn noise_that_explains_all_spread_leaves_the_least_prior() {
        assert_eq!(spread_of_trends(&[(0.1, 0.5), (-0.1, 0.5)]), LEAST_PRIOR_SD);
        let spread = spread_of_trends(&[(0.3, 0.0), (-0.3, 0.0)]);
        assert!((spread - 0.18_f64.sqrt()).abs() < 1e-12);
    }
}
