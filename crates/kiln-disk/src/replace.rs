//! Replaces one file, wherever it lies, without a moment in which it is half written.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::live::{LiveError, resolve, write};

/// Writes a file anew: its new content goes to a file beside it, to the disk, and then takes its
/// place. Mode and owner stay; a symbolic link is followed. A file that is not there is made with
/// the mode `new`, less the umask.
///
/// What cannot be replaced is written over: a device, a pipe, a file that is mounted by itself or
/// stands in a folder that may not be written.
///
/// # Errors
/// If it cannot be written; then the old content is there still, unless it had to be written over.
pub fn replace(path: &Path, bytes: &[u8], new: u32) -> Result<(), LiveError> {
    let place = resolve(&std::path::absolute(path)?);
    let old = fs::metadata(path);
    let is_special = old.as_ref().is_ok_and(|old| !old.is_file());
    if is_special {
        return write(path, bytes, None);
    }
    let folder = place.parent().unwrap_or(Path::new("/"));
    let replaced = beside(folder, bytes, old.as_ref().ok(), new)
        .and_then(|file| file.persist(&place).map_err(|failed| failed.error));
    match replaced {
        Ok(file) => {
            drop(file);
            // Whether the folder is on the disk is for the system to say; the file is.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
            Ok(())
        }
        Err(error) if old.is_ok() && cannot_be_replaced(&error) => write(path, bytes, None),
        Err(error) => Err(error.into()),
    }
}

fn beside(folder: &Path, bytes: &[u8], like: Option<&fs::Metadata>, new: u32) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".kiln-").suffix(".tmp");
    let mut file = match like {
        Some(_) => builder.permissions(Permissions::from_mode(0o600)).tempfile_in(folder)?,
        None => builder.permissions(Permissions::from_mode(new)).tempfile_in(folder)?,
    };
    file.write_all(bytes)?;
    if let Some(like) = like {
        let own = file.as_file().metadata()?;
        if (own.uid(), own.gid()) != (like.uid(), like.gid()) {
            fchown(file.as_file(), Some(like.uid()), Some(like.gid()))?;
        }
        file.as_file().set_permissions(Permissions::from_mode(like.mode() & 0o7777))?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// Whether the file may be writable nevertheless.
fn cannot_be_replaced(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::ResourceBusy
    )
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests lay out their own files")]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn mode_and_links_stay() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "old and long").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        symlink("file", folder.path().join("link")).unwrap();
        replace(&folder.path().join("link"), b"new", 0o666).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o7777, 0o640);
        assert!(fs::symlink_metadata(folder.path().join("link")).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_file_that_is_not_there_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        replace(&file, b"new", 0o600).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o7777, 0o600);
        // A path without folders is one of the working folder.
        assert!(replace(Path::new("Cargo.toml/none"), b"new", 0o600).is_err());
        assert!(replace(&folder.path().join("none/file"), b"new", 0o600).is_err());
    }

    #[test]
    fn a_device_is_written_to() {
        replace(Path::new("/dev/null"), b"new", 0o600).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
