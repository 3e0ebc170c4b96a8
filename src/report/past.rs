//! What the past says of a run: shares seen since the base year, and how such forecasts would have done.

use crate::analysis::Observed;
use crate::backtest::TrackRecord;

/// What the past says of a run; nothing in it was fitted to.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Shares since the base year.
    pub observed: Vec<Observed>,
    /// How the share process would have done in the run's regions; empty where it moves nothing.
    pub record: TrackRecord,
}
