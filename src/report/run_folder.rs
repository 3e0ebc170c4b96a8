//! Writes a run folder as a whole: into a temporary folder beside it, then renamed into place.
//!
//! Only a folder that a run has made is ever replaced, and of it only what that run wrote: whatever else
//! lies in it stays.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::draft_folder::{DraftFolder, clear_leftovers, parent};
use super::manifest::{self, Origin};
use crate::scenario::Scenario;

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
        "{folder} holds a run of another scenario ({scenario}, \"{title}\"); give --force to replace it, \
         or another folder with --out"
    )]
    OtherScenario { folder: String, scenario: String, title: String },
    #[error(
        "{folder} is not empty and holds no run of keiretsu, and is left as it is, with --force too; \
         name another folder with --out"
    )]
    NotARun { folder: String },
    #[error("{folder} is a file, not a folder; name another place with --out")]
    NotAFolder { folder: String },
    #[error("{folder} holds the input file {input}; name another folder with --out")]
    HoldsInput { folder: String, input: String },
    #[error("cannot write the run folder {folder}: {source}; free or choose another place with --out")]
    Disk { folder: String, source: io::Error },
}

/// What a run folder is made from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file's name, and the title that tells runs of one file apart.
    pub file: String,
    pub title: String,
    /// Every file read: none of them may lie in the folder.
    pub inputs: Vec<PathBuf>,
}

impl From<&Scenario> for Source {
    fn from(scenario: &Scenario) -> Source {
        Source {
            file: format!("{}.toml", scenario.name),
            title: scenario.title.clone(),
            inputs: scenario.sources.files(),
        }
    }
}

/// A run folder in the making: nothing appears under its name before it is complete.
pub struct RunFolder {
    /// As the user named it.
    shown: String,
    /// Without links on the way, so that a link to a folder stays one.
    target: PathBuf,
    scenario: String,
    title: String,
    /// Where the scenario lies, seen from the run folder.
    pub scenario_path: String,
    force: bool,
}

impl RunFolder {
    /// Finds out, before any long work, whether the folder may and can be written. `path` is the
    /// scenario's or table's.
    pub fn prepare(target: &Path, path: &Path, source: Source, force: bool) -> Result<RunFolder, Refusal> {
        let shown = target.display().to_string();
        let target = resolved(target);
        let mut folder = RunFolder {
            shown: shown.clone(),
            scenario: source.file,
            title: source.title,
            scenario_path: String::new(),
            target,
            force,
        };
        for input in source.inputs {
            if resolved(&input).starts_with(&folder.target) && folder.target.is_dir() {
                return Err(Refusal::HoldsInput { folder: shown, input: input.display().to_string() });
            }
        }
        clear_leftovers(&folder.target);
        folder.check_target()?;
        let disk = |source| Refusal::Disk { folder: shown.clone(), source };
        fs::create_dir_all(parent(&folder.target)).map_err(disk)?;
        // Its parents exist by now.
        folder.target = resolved(&folder.target);
        folder.scenario_path = seen_from(&folder.target, &resolved(path));
        folder.check_same_scenario()?;
        // Gone at once: a run that is stopped leaves nothing behind.
        drop(DraftFolder::new(&folder.target).map_err(disk)?);
        Ok(folder)
    }

    /// The target is free, or a run folder.
    fn check_target(&self) -> Result<(), Refusal> {
        let folder = self.shown.clone();
        match fs::symlink_metadata(&self.target) {
            Ok(found) if !found.is_dir() => Err(Refusal::NotAFolder { folder }),
            Ok(_) if self.found().is_none() && !is_empty(&self.target) => Err(Refusal::NotARun { folder }),
            _ => Ok(()),
        }
    }

    /// The run in the target is one of this scenario, edited or not, unless `--force` is given.
    fn check_same_scenario(&self) -> Result<(), Refusal> {
        let Some(found) = self.found().filter(|_| !self.force) else { return Ok(()) };
        let elsewhere = self.recorded_path().is_some_and(|path| path != self.scenario_path);
        if found.scenario == self.scenario && found.title == self.title && !elsewhere {
            return Ok(());
        }
        let (scenario, title) = (found.scenario, found.title);
        Err(Refusal::OtherScenario { folder: self.shown.clone(), scenario, title })
    }

    /// What the target's manifest says.
    fn found(&self) -> Option<Origin> {
        manifest::origin_of(&fs::read(self.target.join("manifest.json")).ok()?)
    }

    /// Where the scenario of the run in the target lay: the manifest is the same wherever a run is made.
    fn recorded_path(&self) -> Option<String> {
        let bytes = fs::read(self.target.join("timing.json")).ok()?;
        let timing: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
        Some(timing.get("scenario_path")?.as_str()?.to_owned())
    }

    /// Writes all files and moves the folder into place.
    pub fn write(self, files: &[File]) -> Result<(), Refusal> {
        // Somebody may have used the place since the run began.
        self.check_target()?;
        self.check_same_scenario()?;
        self.try_write(files).map_err(|source| Refusal::Disk { folder: self.shown.clone(), source })
    }

    fn try_write(&self, files: &[File]) -> io::Result<()> {
        let draft = DraftFolder::new(&self.target)?;
        let inside = draft.folder();
        for file in files {
            let path = inside.join(&file.name);
            fs::create_dir_all(parent(&path))?;
            fs::write(path, &file.bytes)?;
        }
        if self.target.exists() {
            let written = || files.iter().map(|file| file.name.clone()).collect();
            // Manifests of the first versions have no list.
            let own = self.found().and_then(|found| found.files).unwrap_or_else(written);
            let mut foreign = Vec::new();
            find_foreign(&self.target, Path::new(""), &own, &mut foreign)?;
            for name in foreign {
                take_along(&self.target.join(&name), inside.join(&name))?;
            }
        }
        draft.into_place()
    }
}

/// Gives the new folder what is not the program's, under its name, or beside it if the new run has taken the
/// name. The old folder keeps it too, so nothing is lost whenever this ends.
fn take_along(from: &Path, to: PathBuf) -> io::Result<()> {
    let mut free = to;
    while free.symlink_metadata().is_ok() {
        free.as_mut_os_string().push(".kept");
    }
    fs::create_dir_all(parent(&free))?;
    link_or_copy(from, &free)
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.symlink_metadata()?.is_dir() {
        return fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop));
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        link_or_copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    fs::set_permissions(to, from.metadata()?.permissions())
}

/// Files, folders and links below `folder/inner` that are not among the own files, as paths in `folder`.
fn find_foreign(folder: &Path, inner: &Path, own: &[String], found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder.join(inner))? {
        let entry = entry?;
        let name = inner.join(entry.file_name());
        let is_own = |own: &String| Path::new(own) == name;
        let leads_to_own = |own: &String| Path::new(own).starts_with(&name);
        if entry.file_type()?.is_dir() && own.iter().any(leads_to_own) {
            find_foreign(folder, &name, own, found)?;
        } else if entry.file_type()?.is_dir() || !own.iter().any(is_own) {
            found.push(name);
        }
    }
    Ok(())
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// The path without links as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(found) = path.canonicalize() {
        return found;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if parent.as_os_str().is_empty() => resolved(Path::new(".")).join(name),
        (Some(parent), Some(name)) => resolved(parent).join(name),
        _ => path.to_owned(),
    }
}

/// One path seen from a folder: with `..` up to what they share.
fn seen_from(folder: &Path, path: &Path) -> String {
    let shared = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| "..".into());
    let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy());
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_seen_from_a_folder() {
        let seen = |folder: &str, path: &str| seen_from(Path::new(folder), Path::new(path));
        assert_eq!(seen("/a/outputs/x", "/a/scenarios/x.toml"), "../../scenarios/x.toml");
        assert_eq!(seen("/a/x", "/a/x/y.toml"), "y.toml");
    }
}
