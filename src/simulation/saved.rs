//! What a simulation leaves behind, as bytes: what the sinks of a shard hold, to be merged by sinks of the same kind.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A part of what a sink holds, compressed.
pub type Piece = Vec<u8>;

/// What the sinks of one simulation hold, each in pieces.
pub type Saved = Vec<Vec<Piece>>;

/// A piece is never larger than this, bytes; what says it is was not saved by this program.
const LARGEST: u64 = 1 << 31;

/// Why something saved cannot be taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("its content is not what such a run leaves")]
    Content,
    #[error("its bins are others: the pilot came out differently where it was made")]
    Bins,
    #[error("{0}")]
    File(String),
    /// Nothing is wrong: whoever asked wants no answer any more.
    #[error("stopped")]
    Stopped,
}

/// As compressed bytes.
pub fn pack<T: Serialize>(value: &T) -> Piece {
    deflate(&postcard::to_stdvec(value).expect("plain figures"))
}

/// Compresses bytes.
pub fn deflate(bytes: &[u8]) -> Piece {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("into memory");
    encoder.finish().expect("into memory")
}

/// The bytes of a piece.
pub fn inflate(piece: &[u8]) -> Result<Vec<u8>, Unfit> {
    let mut bytes = Vec::new();
    let read = DeflateDecoder::new(piece).take(LARGEST).read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|_| Unfit::Content)
}

/// From compressed bytes.
pub fn unpack<T: DeserializeOwned>(piece: &[u8]) -> Result<T, Unfit> {
    match postcard::take_from_bytes(&inflate(piece)?) {
        Ok((value, [])) => Ok(value),
        _ => Err(Unfit::Content),
    }
}
