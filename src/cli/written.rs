//! Single files: only over what a command has written itself, and never half of one.

use std::io::Write;
use std::path::Path;

use super::Failure;

/// A file that does not begin as the table does was not written by the command. `other` is what `--out` names.
pub(super) fn refuse_strange(path: &Path, table: &[u8], other: &str) -> Result<(), Failure> {
    refuse_other(path, table.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default(), other)
}

/// A file that does not begin so was not written by the command.
pub(super) fn refuse_other(path: &Path, header: &[u8], other: &str) -> Result<(), Failure> {
    if std::fs::read(path).map_or(!path.exists(), |found| found.starts_with(header)) {
        return Ok(());
    }
    let what = format!(
        "{} was not written by this command and would be lost; name another {other} with --out",
        path.display()
    );
    Err(Failure::Input(what))
}

/// Writes a table, but over nothing else than such a table.
pub(super) fn write_table(path: &Path, table: &[u8]) -> Result<(), Failure> {
    write_file(path, table, table.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default())
}

/// Writes a file, but over none that begins otherwise than with `header`: to a temporary file beside it, then renamed, so that what stood there stays whole until then, and
/// another name of it (a hard link) stays altogether.
pub(super) fn write_file(path: &Path, bytes: &[u8], header: &[u8]) -> Result<(), Failure> {
    refuse_other(path, header, "file")?;
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
