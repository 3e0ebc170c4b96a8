//! The section `[attribution]`: which differences are taken apart into channels.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::key::segments;
use super::named::Named;

/// Which worlds' differences to the reference are taken apart into channels, by Shapley values over all
/// combinations of what the world changes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    /// The worlds; absent: all but the reference.
    #[serde(default)]
    pub worlds: Option<Vec<String>>,
    /// Outcomes such as `share alliance:hnm US 2035`, without a year in all years; absent: shares and operating
    /// profit of those the world brings together, in the report's years.
    #[serde(default)]
    pub outcomes: Vec<String>,
    /// Replications, at most those of the run.
    #[serde(default = "replications")]
    pub replications: u64,
    /// Orders that are sampled where there are more than 10 channels.
    #[serde(default = "orders")]
    pub orders: u32,
    /// Settings that make one channel: pools (`alliances.hnm.pools.battery`), other settings or sections, under a
    /// name. What is not named here is a channel of its own.
    #[serde(default)]
    pub channels: Named<Vec<String>>,
}

fn replications() -> u64 {
    2_000
}
fn orders() -> u32 {
    50
}

impl Attribution {
    /// The channels' settings as paths.
    pub fn paths(&self) -> IndexMap<String, Vec<Vec<String>>> {
        let paths = |keys: &Vec<String>| keys.iter().map(|key| segments(key)).collect();
        self.channels.iter().map(|(name, keys)| (name.clone(), paths(keys))).collect()
    }
}
