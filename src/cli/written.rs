//! Single files: only over what a command has written itself, and never half of one.

use std::io::Write;
use std::path::Path;

use super::Failure;

/// A mark that says who wrote a file stands within so many bytes.
const NEAR_THE_BEGINNING: usize = 200;

/// A file that does not begin as the table does was not written by the command. `other` is what `--out` names.
pub(super) fn refuse_strange(path: &Path, table: &[u8], other: &str) -> Result<(), Failure> {
    let header = table.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    if std::fs::read(path).map_or(!path.exists(), |found| found.starts_with(header)) {
        return Ok(());
    }
    Err(lost(path, other))
}

fn lost(path: &Path, other: &str) -> Failure {
    let shown = path.display();
    Failure::Input(format!(
        "{shown} was not written by this command and would be lost; name another {other} with --out"
    ))
}

/// A file without a mark near its beginning was not written by the command.
pub(super) fn refuse_unmarked(path: &Path, mark: &str) -> Result<(), Failure> {
    let begins = |found: &[u8]| {
        let beginning = &found[..found.len().min(NEAR_THE_BEGINNING)];
        beginning.windows(mark.len()).any(|window| window == mark.as_bytes())
    };
    match std::fs::read(path).map_or(!path.exists(), |found| begins(&found)) {
        true => Ok(()),
        false => Err(lost(path, "file")),
    }
}

/// Writes bytes that have a mark near their beginning, over a file only if that has it too.
pub(super) fn write_marked(path: &Path, bytes: &[u8], mark: &str) -> Result<(), Failure> {
    refuse_unmarked(path, mark)?;
    write_file(path, bytes)
}

/// Writes a table, over a file only if that begins alike.
pub(super) fn write_table(path: &Path, table: &[u8]) -> Result<(), Failure> {
    refuse_strange(path, table, "file")?;
    write_file(path, table)
}

/// Writes a file: to a temporary one beside it, then renamed, so that what stood there stays whole until then, and
/// another name of it (a hard link) stays altogether.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let cannot = |error: std::io::Error| Failure::Run(format!("cannot write {}: {error}", path.display()));
    std::fs::create_dir_all(folder).map_err(cannot)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(cannot)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(cannot)?;
    #[cfg(unix)]
    {
        // As any new file, not for its owner alone.
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(cannot)?;
    }
    file.persist(path).map_err(|error| cannot(error.error))?;
    Ok(())
}
