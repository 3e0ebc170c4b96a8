//! The one door through which files come in: a path goes in, text and the hash of its bytes come out.

use std::fmt::Write;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use super::text::{Unreadable, decode};

/// Where files come from.
#[derive(Clone, Debug, Default)]
pub enum Files {
    /// The disk.
    #[default]
    Disk,
    /// Bytes by path, for a caller without a disk. Paths are compared as they are written, without `.` and
    /// `..`; those in a scenario are relative to the scenario's own.
    Given(IndexMap<PathBuf, Vec<u8>>),
    /// What is kept here, else the disk; what is read there is kept.
    Kept(Arc<Mutex<IndexMap<PathBuf, Vec<u8>>>>),
}

/// A file's text without its byte-order mark, and the SHA-256 of its bytes.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    pub sha256: String,
}

impl Files {
    /// Reads a whole text file.
    pub fn read(&self, path: &Path) -> Result<Text, Unreadable> {
        let bytes = self.bytes(path)?;
        let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        decode(bytes).map(|text| Text { text, sha256 })
    }

    fn bytes(&self, path: &Path) -> Result<Vec<u8>, Unreadable> {
        let refuse =
            |what: &str, remedy: &str| Unreadable { what: what.to_owned(), remedy: remedy.to_owned() };
        let unreadable = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => refuse("the file does not exist", "check the path"),
            ErrorKind::PermissionDenied => {
                refuse("the file may not be read", "give yourself read permission")
            }
            _ => refuse(&format!("the file cannot be read: {error}"), "check the path"),
        };
        match self {
            Files::Given(files) => {
                let wanted = plain(path);
                let found = files.iter().find(|(known, _)| plain(known) == wanted);
                found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| unreadable(ErrorKind::NotFound.into()))
            }
            Files::Kept(kept) => {
                let mut kept = kept.lock().expect("no reader panics");
                if let Some(bytes) = kept.get(path) {
                    return Ok(bytes.clone());
                }
                let bytes = Files::Disk.bytes(path)?;
                kept.insert(path.to_owned(), bytes.clone());
                Ok(bytes)
            }
            Files::Disk => match std::fs::metadata(path).map_err(unreadable)? {
                found if found.is_dir() => Err(refuse("this is a folder, not a file", "name a file")),
                // A pipe or a device may never end.
                found if !found.is_file() => {
                    Err(refuse("this is a pipe or a device, not a file", "save it as a file and name that"))
                }
                _ => std::fs::read(path).map_err(unreadable),
            },
        }
    }

    /// Whether two paths lead to the same file.
    pub fn are_same(&self, a: &Path, b: &Path) -> bool {
        let is_disk = !matches!(self, Files::Given(_));
        let on_disk = |path: &Path| path.canonicalize().ok().filter(|_| is_disk);
        match (on_disk(a), on_disk(b)) {
            (Some(a), Some(b)) => a == b,
            _ => plain(a) == plain(b),
        }
    }
}

/// A path as the user wrote it, or only its last part if it is absolute.
pub fn never_absolute(written: &str) -> String {
    let path = Path::new(written);
    match path.file_name() {
        Some(name) if path.is_absolute() => name.to_string_lossy().into_owned(),
        _ => written.to_owned(),
    }
}

/// A path without `.`, and without `..` where a folder stands before it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
