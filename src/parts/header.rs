//! `Header`: what a part belongs to, and which part of it it is.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::simulation::Shard;

/// Raised whenever what follows the header is written in another way.
pub const FORMAT: u32 = 1;

/// What a part belongs to. Parts fit together if all but the shard are the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    pub format: u32,
    /// The engine's version.
    pub keiretsu: String,
    pub shard: Shard,
    /// The scenario file, as its maker named it; it may stand elsewhere for another part.
    pub scenario: String,
    /// What was asked.
    pub command: Value,
    pub seed: u64,
    /// Of the whole run.
    pub replications: u64,
    pub inputs: Vec<InputFile>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputFile {
    pub file: String,
    pub sha256: String,
}

impl Header {
    /// Of this program.
    pub fn new(
        shard: Shard,
        scenario: String,
        command: Value,
        seed: u64,
        replications: u64,
        inputs: Vec<InputFile>,
    ) -> Header {
        let keiretsu = env!("CARGO_PKG_VERSION").to_owned();
        Header { format: FORMAT, keiretsu, shard, scenario, command, seed, replications, inputs }
    }

    /// Why a part does not belong to the same run as another, if it does not.
    pub fn difference(&self, other: &Header) -> Option<String> {
        if self.keiretsu != other.keiretsu {
            return Some(format!(
                "it was made by version {}, the other by {}",
                self.keiretsu, other.keiretsu
            ));
        }
        if self.seed != other.seed {
            return Some(format!("its seed is {}, the other's {}", self.seed, other.seed));
        }
        if self.replications != other.replications {
            return Some(format!(
                "it is of a run of {} replications, the other of {}",
                self.replications, other.replications
            ));
        }
        if self.shard.of != other.shard.of {
            return Some(format!("it is one of {} shards, the other of {}", self.shard.of, other.shard.of));
        }
        if self.command != other.command {
            return Some("it was made by another command or with other options".to_owned());
        }
        let mut inputs = self.inputs.iter();
        let changed = inputs.find(|input| !other.inputs.contains(input));
        let changed = changed.or(other.inputs.iter().find(|input| !self.inputs.contains(input)));
        changed.map(|input| format!("it is of another scenario: {} is not the same file", input.file))
    }
}
