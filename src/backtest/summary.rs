//! Scores by region, kind and horizon, each method beside "shares stay".

use std::collections::BTreeSet;

use super::paired::{Paired, paired};
use super::rivals::Method;
use super::rolling::{Forecast, Kind, Rolled};
use crate::uncertainty::Stream;

/// The method that the others are measured against.
pub const YARDSTICK: Method = Method::PersistenceSize;

/// Scores of one method over a group of forecasts; shares in percentage points.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// `None`: all regions together.
    pub region: Option<String>,
    /// `None`: mature makers and newcomers together.
    pub kind: Option<Kind>,
    pub horizon: usize,
    pub method: Method,
    pub n: usize,
    pub origins: usize,
    pub crps: f64,
    pub crps_log: f64,
    /// Mean energy score over regions and origins; only where both kinds are together.
    pub energy: Option<f64>,
    pub pinball: f64,
    /// Part of what happened inside the 50 % and the 90 % band, below and above the latter.
    pub inside_50: f64,
    pub inside_90: f64,
    pub below: f64,
    pub above: f64,
    /// Mean width of the 90 % band.
    pub width: f64,
    /// CRPS of the yardstick, and 1 − CRPS / that.
    pub yardstick: f64,
    pub gain: f64,
    pub paired: Paired,
    /// Fraction of forecasts in each tenth of the forecast distribution.
    pub pit: [f64; 10],
}

/// All groups: every region and all together, every kind and both together.
pub fn rows(rolled: &Rolled, seed: u64) -> Vec<Row> {
    let mut regions: Vec<&str> = Vec::new();
    for forecast in &rolled.forecasts {
        if !regions.contains(&forecast.region.as_str()) {
            regions.push(&forecast.region);
        }
    }
    let horizons: BTreeSet<usize> = rolled.forecasts.iter().map(|forecast| forecast.horizon).collect();
    let mut groups: Vec<Option<&str>> = regions.iter().copied().map(Some).collect();
    if regions.len() > 1 {
        groups.push(None);
    }
    let mut rows = Vec::new();
    for region in groups {
        for kind in [Some(Kind::Mature), Some(Kind::Newcomer), None] {
            for &horizon in &horizons {
                for method in Method::ALL {
                    rows.extend(row(rolled, seed, region, kind, horizon, method));
                }
            }
        }
    }
    rows
}

fn row(
    rolled: &Rolled,
    seed: u64,
    region: Option<&str>,
    kind: Option<Kind>,
    horizon: usize,
    method: Method,
) -> Option<Row> {
    let of = |method: Method| {
        rolled.forecasts.iter().filter(move |forecast| {
            forecast.method == method
                && forecast.horizon == horizon
                && region.is_none_or(|region| forecast.region == region)
                && kind.is_none_or(|kind| forecast.kind == kind)
        })
    };
    let n = of(method).count();
    if n == 0 {
        return None;
    }
    let size = n as f64;
    let mean = |figure: &dyn Fn(&Forecast) -> f64| of(method).map(figure).sum::<f64>() / size;
    let part = |is: &dyn Fn(&Forecast) -> bool| of(method).filter(|f| is(f)).count() as f64 / size;
    let by_origin = |method: Method| {
        let origins: BTreeSet<i32> = of(method).map(|forecast| forecast.origin).collect();
        let means = origins.iter().map(|&origin| {
            let here = || of(method).filter(|forecast| forecast.origin == origin);
            here().map(|forecast| forecast.score.crps).sum::<f64>() / here().count() as f64
        });
        means.collect::<Vec<f64>>()
    };
    let own = by_origin(method);
    let differences: Vec<f64> =
        own.iter().zip(by_origin(YARDSTICK)).map(|(own, other)| 100.0 * (own - other)).collect();
    let label = format!("bootstrap.{}.{kind:?}.{horizon}", region.unwrap_or("all"));
    let paired = match method == YARDSTICK {
        true => Paired::default(),
        false => paired(&differences, horizon, &Stream::new(seed, &label)),
    };
    let joint: Vec<f64> = rolled
        .joint
        .iter()
        .filter(|joint| joint.method == method && joint.horizon == horizon)
        .filter(|joint| region.is_none_or(|region| joint.region == region))
        .map(|joint| joint.energy)
        .collect();
    let mut pit = [0.0; 10];
    for forecast in of(method) {
        pit[((forecast.score.pit * 10.0) as usize).min(9)] += 1.0 / size;
    }
    let crps = 100.0 * mean(&|f| f.score.crps);
    let yardstick = 100.0 * of(YARDSTICK).map(|forecast| forecast.score.crps).sum::<f64>() / size;
    Some(Row {
        region: region.map(str::to_owned),
        kind,
        horizon,
        method,
        n,
        origins: own.len(),
        crps,
        crps_log: mean(&|f| f.score.crps_log),
        energy: kind.is_none().then(|| 100.0 * joint.iter().sum::<f64>() / joint.len() as f64),
        pinball: 100.0 * mean(&|f| f.score.pinball),
        inside_50: part(&|f| f.score.inside_50(f.actual)),
        inside_90: part(&|f| f.score.inside_90(f.actual)),
        below: part(&|f| f.actual < f.score.quantiles[0]),
        above: part(&|f| f.actual > f.score.quantiles[4]),
        width: 100.0 * mean(&|f| f.score.quantiles[4] - f.score.quantiles[0]),
        yardstick,
        // A market of one maker is foreseen by everybody.
        gain: if yardstick > 0.0 { 1.0 - crps / yardstick } else { 0.0 },
        paired,
        pit,
    })
}
