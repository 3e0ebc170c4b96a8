//! Writes a run folder as a whole: into a temporary folder beside it, then renamed into place.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest;

/// A file of a run folder.
pub struct File {
    /// Path inside the folder.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl File {
    pub fn new(name: &str, bytes: Vec<u8>) -> File {
        File { name: name.to_owned(), bytes }
    }
}

/// Why a run folder cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(
        "{folder} holds a run of another scenario ({scenario}); give --force to replace it, \
         or another folder with --out"
    )]
    OtherScenario { folder: String, scenario: String },
    #[error(
        "{folder} is not empty and was not written by keiretsu; give --force to replace it, \
         or another folder with --out"
    )]
    NotARun { folder: String },
    #[error("cannot write the run folder {folder}: {source}; free or choose another place with --out")]
    Disk { folder: String, source: io::Error },
}

/// A run folder in the making: nothing appears under its name before it is complete.
pub struct RunFolder {
    target: PathBuf,
    draft: tempfile::TempDir,
}

impl RunFolder {
    /// Finds out, before any long work, whether the folder may and can be written.
    pub fn prepare(target: &Path, scenario: &str, force: bool) -> Result<RunFolder, Refusal> {
        let folder = target.display().to_string();
        if !force && target.exists() {
            let known = fs::read(target.join("manifest.json")).ok();
            match known.as_deref().and_then(manifest::scenario_of) {
                Some(made_from) if made_from == scenario => {}
                Some(made_from) => return Err(Refusal::OtherScenario { folder, scenario: made_from }),
                None if is_empty(target) => {}
                None => return Err(Refusal::NotARun { folder }),
            }
        }
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let draft = fs::create_dir_all(parent)
            .and_then(|()| tempfile::Builder::new().prefix(".keiretsu-").tempdir_in(parent))
            .map_err(|source| Refusal::Disk { folder, source })?;
        Ok(RunFolder { target: target.to_owned(), draft })
    }

    /// Writes all files and moves the folder into place.
    pub fn write(self, files: &[File]) -> Result<(), Refusal> {
        let folder = self.target.display().to_string();
        self.try_write(files).map_err(|source| Refusal::Disk { folder, source })
    }

    fn try_write(self, files: &[File]) -> io::Result<()> {
        let inside = self.draft.path().join("run");
        fs::create_dir(&inside)?;
        for file in files {
            let path = inside.join(&file.name);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, &file.bytes)?;
        }
        if self.target.exists() {
            fs::rename(&self.target, self.draft.path().join("replaced"))?;
        }
        fs::rename(&inside, &self.target)
    }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}
