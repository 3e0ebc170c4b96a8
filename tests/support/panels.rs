//! The history tables of this repository.

use keiretsu::backtest::panel;
use keiretsu::backtest::rivals::Method;
use keiretsu::backtest::rolling::{Forecast, Kind, Plan, Rolled};
use keiretsu::scenario::read_history;
use keiretsu::share_process::{Constants, Region};

use super::binary::root;

/// The regions of `scenarios/history/<name>.csv`.
pub fn regions(name: &str) -> Vec<Region> {
    let path = root().join("scenarios/history").join(format!("{name}.csv"));
    panel::of_file(&read_history(&path, None).expect("a sound table")).0
}

/// The years of issue, with the chosen constants.
pub fn plan(origins: std::ops::RangeInclusive<i32>, horizons: &[usize], methods: &[Method]) -> Plan {
    Plan {
        origins: origins.collect(),
        horizons: horizons.to_vec(),
        methods: methods.to_vec(),
        draws: 1000,
        seed: 1,
        constants: Constants::CHOSEN,
    }
}

/// Forecasts of a kind and method at a horizon.
pub fn of(rolled: &Rolled, kind: Kind, method: Method, horizon: usize) -> Vec<&Forecast> {
    let is = |f: &&Forecast| f.kind == kind && f.method == method && f.horizon == horizon;
    rolled.forecasts.iter().filter(is).collect()
}

/// Mean CRPS in percentage points.
pub fn crps(forecasts: &[&Forecast]) -> f64 {
    100.0 * forecasts.iter().map(|f| f.score.crps).sum::<f64>() / forecasts.len() as f64
}

/// How many actual shares lay inside the 90 % bands.
pub fn held(forecasts: &[&Forecast]) -> usize {
    forecasts.iter().filter(|f| f.score.inside_90(f.actual)).count()
}
