//! `Merging`: parts that fit together, read one after the other.

use std::fmt;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use rayon::prelude::*;

use super::file::PartFile;
use super::header::Header;
use crate::simulation::saved::{Saved, Unfit};
use crate::simulation::{Parts, Shard};

/// Why files cannot be merged: a line for each reason.
#[derive(Debug)]
pub struct Refusal(Vec<String>);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// The parts of one run, by rising shard.
pub struct Merging {
    files: Vec<PartFile>,
}

impl Merging {
    /// Opens parts and checks that they are whole, of one run, and, unless only some are to be merged, all of it.
    pub fn open(paths: &[PathBuf], some: bool) -> Result<Merging, Refusal> {
        let opened: Vec<(&Path, Result<PartFile, String>)> =
            paths.par_iter().map(|path| (path.as_path(), PartFile::open(path))).collect();
        let (mut files, mut wrong): (Vec<PartFile>, Vec<String>) = (Vec::new(), Vec::new());
        for (path, opened) in opened {
            match opened {
                Ok(file) => files.push(file),
                Err(why) => wrong.push(format!("{}: {why}", path.display())),
            }
        }
        if let Some((first, others)) = files.split_first() {
            for other in others {
                if let Some(why) = other.header.difference(&first.header) {
                    wrong.push(format!(
                        "{} does not fit {}: {why}",
                        other.path.display(),
                        first.path.display()
                    ));
                }
            }
        }
        files.sort_by_key(|file| file.header.shard.number);
        if wrong.is_empty() {
            wrong.extend(twice(&files));
            wrong.extend(
                missing(&files).filter(|_| !some).map(|missing| {
                    format!("{missing}; make them too, or merge what there is with --partial")
                }),
            );
        }
        if wrong.is_empty() { Ok(Merging { files }) } else { Err(Refusal(wrong)) }
    }

    /// What the parts belong to.
    pub fn header(&self) -> &Header {
        &self.files[0].header
    }

    /// The files that the run was made from.
    pub fn inputs(&self) -> IndexMap<PathBuf, Vec<u8>> {
        self.files[0].inputs.clone()
    }

    /// Which parts are not there, if some are not.
    pub fn missing(&self) -> Option<String> {
        missing(&self.files)
    }
}

/// Parts of the same replications.
fn twice(files: &[PartFile]) -> Vec<String> {
    let same = files.windows(2).filter(|pair| pair[0].header.shard == pair[1].header.shard);
    let say = |pair: &[PartFile]| {
        format!(
            "{} and {} are both part {}",
            pair[0].path.display(),
            pair[1].path.display(),
            pair[0].header.shard
        )
    };
    same.map(say).collect()
}

/// `3 of 16 parts are missing: 2, 7, 9`.
fn missing(files: &[PartFile]) -> Option<String> {
    let of = files.first()?.header.shard.of;
    let there: Vec<u64> = files.iter().map(|file| file.header.shard.number).collect();
    let missing: Vec<String> =
        (1..=of).filter(|number| there.binary_search(number).is_err()).map(|n| n.to_string()).collect();
    let named = missing[..missing.len().min(20)].join(", ");
    let more = if missing.len() > 20 { ", …" } else { "" };
    let are = if missing.len() == 1 { "is" } else { "are" };
    (!missing.is_empty()).then(|| format!("{} of {of} parts {are} missing: {named}{more}", missing.len()))
}

impl Parts for Merging {
    fn shards(&self) -> Vec<Shard> {
        self.files.iter().map(|file| file.header.shard).collect()
    }

    fn next(&mut self, part: usize) -> Result<Saved, Unfit> {
        self.files[part].next()
    }

    fn blame(&self, part: usize, unfit: Unfit) -> Unfit {
        Unfit::File(format!("{} cannot be merged: {unfit}", self.files[part].path.display()))
    }
}
