//! The bytes of a part, written and read.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use super::header::{FORMAT, Header};
use crate::simulation::saved::{Saved, Unfit, pack, unpack};

/// How a part begins.
pub const SIGNATURE: &str = "keiretsu part";
/// Bytes of a checksum.
const CHECKSUM: u64 = 32;
/// No line of a header is longer.
const LONGEST_LINE: u64 = 1 << 24;

/// A part as bytes; `inputs` are the files that were read.
pub fn to_bytes(header: &Header, inputs: &IndexMap<PathBuf, Vec<u8>>, records: &[Saved]) -> Vec<u8> {
    let header = serde_json::to_string(header).expect("plain figures and text");
    let inputs: Vec<(&str, &[u8])> =
        inputs.iter().map(|(path, bytes)| (path.to_str().unwrap_or_default(), &bytes[..])).collect();
    let mut bytes = format!("{SIGNATURE} {FORMAT}\n{header}\n").into_bytes();
    put(&mut bytes, &vec![vec![pack(&inputs)]]);
    records.iter().for_each(|record| put(&mut bytes, record));
    let checksum = Sha256::digest(&bytes);
    bytes.extend(checksum);
    bytes
}

/// Adds a record: how many sinks, of each how many pieces, of each its length and bytes.
fn put(bytes: &mut Vec<u8>, record: &Saved) {
    let mut number = |n: usize| bytes.extend((n as u64).to_le_bytes());
    number(record.len());
    record.iter().for_each(|pieces| number(pieces.len()));
    record.iter().flatten().for_each(|piece| number(piece.len()));
    record.iter().flatten().for_each(|piece| bytes.extend(piece));
}

/// A part that is read record by record.
pub struct PartFile {
    pub path: PathBuf,
    pub header: Header,
    pub inputs: IndexMap<PathBuf, Vec<u8>>,
    reader: BufReader<File>,
    /// Where the next record begins, and where the last one ends.
    left: std::ops::Range<u64>,
}

impl PartFile {
    /// Opens a part and checks that it is whole.
    pub fn open(path: &Path) -> Result<PartFile, String> {
        let cannot = |error: std::io::Error| format!("it cannot be read: {error}");
        let is_file = std::fs::metadata(path).map_err(cannot)?.is_file();
        if !is_file {
            return Err("it is no file".to_owned());
        }
        let mut reader = BufReader::with_capacity(1 << 20, File::open(path).map_err(cannot)?);
        let size = reader.seek(SeekFrom::End(0)).map_err(cannot)?;
        reader.rewind().map_err(cannot)?;
        let name = line(&mut reader).unwrap_or_default();
        match name.strip_prefix(SIGNATURE).map(str::trim) {
            None => return Err("it is no part of a run of keiretsu".to_owned()),
            Some(format) if format != FORMAT.to_string() => {
                return Err(format!(
                    "its format is {format}, this program reads {FORMAT}; use the version that made it"
                ));
            }
            _ => {}
        }
        let damaged = || "it is damaged or not complete; make it anew".to_owned();
        reader.rewind().map_err(cannot)?;
        let end = size.checked_sub(CHECKSUM).ok_or_else(damaged)?;
        let mut hash = Sha256::new();
        std::io::copy(&mut (&mut reader).take(end), &mut hash).map_err(cannot)?;
        let mut checksum = Vec::new();
        reader.read_to_end(&mut checksum).map_err(cannot)?;
        if hash.finalize()[..] != checksum[..] {
            return Err(damaged());
        }
        reader.rewind().map_err(cannot)?;
        line(&mut reader).ok_or_else(damaged)?;
        let header = line(&mut reader).and_then(|header| serde_json::from_str(&header).ok());
        let header = header.ok_or_else(damaged)?;
        let start = reader.stream_position().map_err(cannot)?;
        let path = path.to_owned();
        let mut part = PartFile { path, header, inputs: IndexMap::new(), reader, left: start..end };
        let record = part.next().map_err(|_| damaged())?;
        let inputs = record.first().and_then(|pieces| pieces.first()).ok_or_else(damaged)?;
        let inputs: Vec<(String, Vec<u8>)> = unpack(inputs).map_err(|_| damaged())?;
        part.inputs = inputs.into_iter().map(|(path, bytes)| (PathBuf::from(path), bytes)).collect();
        Ok(part)
    }

    /// The next record.
    pub fn next(&mut self) -> Result<Saved, Unfit> {
        let n_sinks = self.number()?;
        let n_pieces = self.numbers(n_sinks)?;
        let sizes: Vec<Vec<u64>> = n_pieces.into_iter().map(|n| self.numbers(n)).collect::<Result<_, _>>()?;
        sizes.into_iter().map(|sizes| sizes.into_iter().map(|size| self.bytes(size)).collect()).collect()
    }

    fn number(&mut self) -> Result<u64, Unfit> {
        let bytes = self.bytes(8)?;
        Ok(u64::from_le_bytes(bytes.try_into().expect("eight bytes")))
    }

    fn numbers(&mut self, n: u64) -> Result<Vec<u64>, Unfit> {
        if n > (self.left.end - self.left.start) / 8 {
            return Err(Unfit::Content);
        }
        (0..n).map(|_| self.number()).collect()
    }

    fn bytes(&mut self, size: u64) -> Result<Vec<u8>, Unfit> {
        if size > self.left.end - self.left.start {
            return Err(Unfit::Content);
        }
        let mut bytes = vec![0; size as usize];
        let read = self.reader.read_exact(&mut bytes);
        read.map_err(|error| Unfit::File(format!("it cannot be read any more: {error}")))?;
        self.left.start += size;
        Ok(bytes)
    }
}

/// A line of text without its end; none if it is too long or no text.
fn line(reader: &mut BufReader<File>) -> Option<String> {
    use std::io::BufRead;
    let mut line = Vec::new();
    reader.take(LONGEST_LINE).read_until(b'\n', &mut line).ok()?;
    String::from_utf8(line.strip_suffix(b"\n")?.to_vec()).ok()
}
