//! Parts of a run as files: what one shard leaves, and the check that parts fit together.
//!
//! A file is a line that names the format, a line of JSON ([`Header`]), the input files, one record for each
//! simulation of the command, and the SHA-256 of all that. It stands by itself: whoever merges needs no scenario.

mod file;
mod header;
mod merging;

pub use file::{SIGNATURE, to_bytes};
pub use header::{Header, InputFile};
pub use merging::{Merging, Refusal};
