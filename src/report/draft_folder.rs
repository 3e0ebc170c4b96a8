//! A folder in the making, beside the place it is for, and what is left of those whose program was killed.
//!
//! A draft `.keiretsu-…` holds `lock`, which its program keeps locked and which names the place; `run`, the new
//! folder; and, where two folders cannot be exchanged in one step, for a moment `replaced`, the old one.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

const PREFIX: &str = ".keiretsu-";
const LOCK: &str = "lock";
const REPLACED: &str = "replaced";

/// A draft of a folder. When it goes, so does everything in it.
pub(super) struct DraftFolder {
    path: PathBuf,
    target: PathBuf,
    /// Held as long as this program lives.
    _lock: File,
}

impl DraftFolder {
    /// An empty draft of `target`, beside it.
    pub(super) fn new(target: &Path) -> io::Result<DraftFolder> {
        let target = target.to_owned();
        loop {
            let path = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent(&target))?.keep();
            // Another program may take the new folder for one that was left, and clear it.
            match File::create_new(path.join(LOCK)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    let _ = fs::remove_dir_all(&path);
                    return Err(error);
                }
                Ok(lock) => {
                    // Where a file system has no locks, others see that they cannot lock it either, and leave it.
                    if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) || !path.join(LOCK).exists() {
                        continue;
                    }
                    let draft = DraftFolder { path, target, _lock: lock };
                    let name = draft.target.file_name().unwrap_or_default();
                    fs::write(draft.path.join(LOCK), name.as_encoded_bytes())?;
                    fs::create_dir(draft.folder())?;
                    return Ok(draft);
                }
            }
        }
    }

    /// Where the new folder is put together.
    pub(super) fn folder(&self) -> PathBuf {
        self.path.join("run")
    }

    /// Puts the new folder into its place; the old one, if there is one, goes.
    pub(super) fn into_place(self) -> io::Result<()> {
        let new = self.folder();
        if !self.target.exists() {
            return fs::rename(new, &self.target);
        }
        if exchange(&new, &self.target).is_ok() {
            return Ok(());
        }
        self.into_place_by_steps()
    }

    /// Where folders cannot be exchanged. If the second step fails, or the program is killed before it, clearing the
    /// draft puts the old folder back.
    fn into_place_by_steps(self) -> io::Result<()> {
        fs::rename(&self.target, self.path.join(REPLACED))?;
        fs::rename(self.folder(), &self.target)
    }
}

impl Drop for DraftFolder {
    fn drop(&mut self) {
        clear(&self.path, Some(&self.target));
    }
}

/// Clears drafts beside `target` whose program has been killed, and puts back a folder that it had taken away.
/// Drafts of programs at work, and whatever cannot be cleared, stay.
pub(super) fn clear_leftovers(target: &Path) {
    let Ok(entries) = fs::read_dir(parent(target)) else { return };
    for entry in entries.flatten() {
        let is_draft = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if !is_draft || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let path = entry.path();
        let Ok(lock) = File::open(path.join(LOCK)) else {
            // Killed before it had a lock: nothing is in it.
            let _ = fs::remove_dir(&path);
            continue;
        };
        if lock.try_lock().is_err() {
            continue;
        }
        let place = fs::read_to_string(path.join(LOCK)).ok().map(|name| parent(target).join(name));
        clear(&path, place.as_deref());
    }
}

/// Clears a draft of `place`. The old folder, taken away, is put back unless a new one stands in its place; where that
/// cannot be done, the draft stays. What cannot be removed now is tried again by the next run.
fn clear(draft: &Path, place: Option<&Path>) {
    let replaced = draft.join(REPLACED);
    let is_safe = !replaced.exists()
        || place.is_some_and(|place| place.exists() || fs::rename(&replaced, place).is_ok());
    if is_safe {
        let _ = remove(draft);
    }
}

/// Removes a draft, with folders in it that may not be written to; its lock last, so that one who is killed on the way
/// leaves what the next run can tell and clear.
fn remove(draft: &Path) -> io::Result<()> {
    make_writable(draft);
    for entry in fs::read_dir(draft)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    fs::remove_dir_all(draft)
}

fn make_writable(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            make_writable(&entry.path());
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The folder that a path lies in.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(folder: &Path) -> usize {
        fs::read_dir(folder)
            .unwrap()
            .flatten()
            .filter(|e| e.file_name().to_string_lossy().starts_with('.'))
            .count()
    }

    #[test]
    fn drafts_of_the_living_stay_and_those_of_the_dead_go() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("here");
        let living = DraftFolder::new(&target).unwrap();
        let dead = folder.path().join(".keiretsu-dead");
        fs::create_dir_all(dead.join("run")).unwrap();
        fs::write(dead.join(LOCK), "here").unwrap();
        fs::create_dir(folder.path().join(".keiretsu-empty")).unwrap();
        clear_leftovers(&target);
        assert_eq!(hidden(folder.path()), 1);
        fs::write(living.folder().join("a"), "new").unwrap();
        living.into_place().unwrap();
        assert_eq!(
            (hidden(folder.path()), fs::read_to_string(target.join("a")).unwrap().as_str()),
            (0, "new")
        );
    }

    #[test]
    fn without_exchange_a_folder_is_replaced_or_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("here");
        let read = || fs::read_to_string(target.join("a")).unwrap();
        fs::create_dir(&target).unwrap();
        fs::write(target.join("a"), "old").unwrap();

        let draft = DraftFolder::new(&target).unwrap();
        fs::remove_dir(draft.folder()).unwrap();
        assert!(draft.into_place_by_steps().is_err());
        assert_eq!((hidden(folder.path()), read().as_str()), (0, "old"));

        let draft = DraftFolder::new(&target).unwrap();
        fs::write(draft.folder().join("a"), "new").unwrap();
        draft.into_place_by_steps().unwrap();
        assert_eq!((hidden(folder.path()), read().as_str()), (0, "new"));
    }

    /// A program without exchange was killed between taking the old folder away and putting the new one there.
    #[test]
    fn a_folder_that_was_taken_away_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let dead = folder.path().join(".keiretsu-dead");
        fs::create_dir_all(dead.join(REPLACED)).unwrap();
        fs::write(dead.join(REPLACED).join("mine"), "mine").unwrap();
        fs::write(dead.join(LOCK), "here").unwrap();
        clear_leftovers(&folder.path().join("elsewhere"));
        assert_eq!(fs::read_to_string(folder.path().join("here/mine")).unwrap(), "mine");
        assert_eq!(hidden(folder.path()), 0);
    }
}
