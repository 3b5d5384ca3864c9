//! The file system as [`Files`].

use std::fs::{self, FileType};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use kiln_model::{FileError, Files};
use zeroize::Zeroizing;

use crate::failure::reason;

/// The files of one folder of the disk.
///
/// No path and no symbolic link leads out of the folder. Links to files and a link as
/// the listed folder are followed; links to folders below it are not, so that a circle
/// of links has no effect. `.git` is never listed.
pub struct DiskFiles {
    root: PathBuf,
    real_root: OnceLock<Option<PathBuf>>,
    prefix: String,
}

impl DiskFiles {
    /// The files below `root`. Nothing is read until it is asked for.
    pub fn new(root: impl Into<PathBuf>) -> DiskFiles {
        DiskFiles { root: root.into(), real_root: OnceLock::new(), prefix: String::new() }
    }

    /// The same files, called `prefix/path` in messages; an empty prefix or `.` adds
    /// nothing.
    #[must_use]
    pub fn with_display_prefix(mut self, prefix: &Path) -> DiskFiles {
        self.prefix = shown(prefix);
        self
    }

    /// Whether the folder itself is there.
    pub fn is_folder(&self) -> bool {
        self.root.is_dir()
    }

    /// Whether nobody but its owner may read or write the file at `path`; `None` if there is
    /// none.
    pub fn is_private(&self, path: &str) -> Option<bool> {
        use std::os::unix::fs::PermissionsExt as _;
        let real = self.locate(path).ok().flatten()?;
        Some(fs::metadata(real).ok()?.permissions().mode() & 0o077 == 0)
    }

    /// The path on disk, `None` if there is nothing or it is not below the folder.
    fn locate(&self, path: &str) -> Result<Option<PathBuf>, FileError> {
        let refuse = |reason: &str| FileError { path: path.to_owned(), reason: reason.to_owned() };
        if !stays_inside(path) {
            return Err(refuse("is outside the folder"));
        }
        let Some(root) = self.real_root.get_or_init(|| self.root.canonicalize().ok()) else {
            return Ok(None);
        };
        match root.join(path).canonicalize() {
            Ok(real) if real.starts_with(root) => Ok(Some(real)),
            Ok(_) => Err(refuse("is a link that leads out of the folder")),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(refuse(reason(&error))),
        }
    }

    /// Adds the files of `folder`, whose path is `name`, to `found`.
    fn collect(&self, folder: &Path, name: &str, found: &mut Vec<String>) -> Result<(), FileError> {
        let fail = |error: &io::Error| FileError { path: name.to_owned(), reason: reason(error).to_owned() };
        #[allow(clippy::disallowed_methods, reason = "this is where folders are listed")]
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            // It went after its name was read, and its files with it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(fail(&error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| fail(&error))?;
            let file_name = entry.file_name();
            let Some(file_name) = file_name.to_str() else {
                let path = join(name, &file_name.to_string_lossy());
                return Err(FileError { path, reason: "its name is not UTF-8".to_owned() });
            };
            let path = join(name, file_name);
            let kind = entry.file_type().map_err(|error| fail(&error))?;
            if kind.is_dir() && file_name != ".git" {
                self.collect(&entry.path(), &path, found)?;
            } else if kind.is_file() || (kind.is_symlink() && leads_to_a_file(&entry)) {
                found.push(path);
            }
        }
        Ok(())
    }
}

/// A link out of the folder counts too: whoever reads it is told what is wrong.
fn leads_to_a_file(entry: &fs::DirEntry) -> bool {
    fs::metadata(entry.path()).is_ok_and(|found| found.is_file())
}

impl Files for DiskFiles {
    #[allow(clippy::disallowed_methods, reason = "this is where files are read")]
    fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
        let fail = |reason: &str| FileError { path: path.to_owned(), reason: reason.to_owned() };
        let Some(real) = self.locate(path)? else { return Ok(None) };
        let kind = fs::metadata(&real).map_err(|error| fail(reason(&error)))?.file_type();
        refuse_unreadable(kind).map_err(fail)?;
        fs::read(&real).map(|bytes| Some(bytes.into())).map_err(|error| fail(reason(&error)))
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let Some(real) = self.locate(folder)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        if real.is_dir() {
            self.collect(&real, folder, &mut found)?;
        }
        found.sort_unstable();
        Ok(found)
    }

    fn display(&self, path: &str) -> String {
        join(&self.prefix, path)
    }
}

/// How messages call a path: without `.` and with `/`.
pub(crate) fn shown(path: &Path) -> String {
    let kept: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    kept.to_string_lossy().replace('\\', "/")
}

/// Joins two relative paths, of which the first may be empty.
pub(crate) fn join(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        _ if folder.ends_with('/') => format!("{folder}{name}"),
        _ => format!("{folder}/{name}"),
    }
}

/// Opening a pipe would wait for ever; a device may never end.
fn refuse_unreadable(kind: FileType) -> Result<(), &'static str> {
    if kind.is_dir() {
        Err("is a folder")
    } else if kind.is_file() {
        Ok(())
    } else {
        Err("is not a regular file")
    }
}

pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn stays_inside(path: &str) -> bool {
    !path.contains('\0')
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_goes_while_its_parent_is_listed_has_no_files() {
        let folder = tempfile::tempdir().unwrap();
        let mut found = Vec::new();
        DiskFiles::new(folder.path()).collect(&folder.path().join("gone"), "gone", &mut found).unwrap();
        assert!(found.is_empty());
    }
}
