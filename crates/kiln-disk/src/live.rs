//! The file system as it is, for runs that write as they go.
//!
//! Nothing here keeps to a folder or plans ahead: whoever calls decides where.

use std::fs::{self, File, FileTimes, Metadata, Permissions};
use std::io::{self, Error, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Component, Path, PathBuf};

use crate::failure::reason;

/// How many symbolic links are followed on the way to one file, as by the system itself.
const MOST_LINKS: usize = 40;

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A device, a pipe, a socket.
    Other,
}

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveError {
    /// In a few words.
    pub reason: String,
    /// Whether it was a lack of permission.
    pub is_denied: bool,
}

impl From<Error> for LiveError {
    fn from(error: Error) -> LiveError {
        LiveError {
            reason: reason(&error).to_owned(),
            is_denied: error.kind() == ErrorKind::PermissionDenied,
        }
    }
}

impl LiveError {
    fn new(reason: &str) -> LiveError {
        LiveError { reason: reason.to_owned(), is_denied: false }
    }
}

/// The current folder without symbolic links; the root if it is gone.
pub fn current_folder() -> PathBuf {
    std::env::current_dir().and_then(|path| path.canonicalize()).unwrap_or_else(|_| "/".into())
}

/// An absolute path without `.`, `..` and symbolic links, as far as it is there; the rest as it
/// is written.
pub fn resolve(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let mut real = PathBuf::from("/");
    let mut waiting: Vec<PathBuf> = parts(path);
    let mut links = 0;
    while let Some(part) = waiting.pop() {
        if part == Path::new("/") {
            real = part;
            continue;
        }
        if part == Path::new("..") {
            real.pop();
            continue;
        }
        real.push(part);
        if links < MOST_LINKS
            && let Ok(target) = fs::read_link(&real)
        {
            links += 1;
            real.pop();
            waiting.extend(parts(&target));
        }
    }
    real
}

/// The parts of a path, the last one first; without `.`.
fn parts(path: &Path) -> Vec<PathBuf> {
    let parts = path.components().rev().filter(|part| *part != Component::CurDir);
    parts.map(|part| PathBuf::from(part.as_os_str())).collect()
}

/// What stands there, symbolic links followed; none if nothing does.
pub fn kind(path: &Path) -> Option<EntryKind> {
    fs::metadata(path).ok().map(|found| kind_of(found.file_type()))
}

/// Whether the file may be run as a program by its owner.
pub fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o100 != 0)
}

/// Whether a symbolic link stands there.
pub fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

/// Name and kind of each entry of a folder, symbolic links followed, and whether it is one.
///
/// # Errors
/// If it cannot be listed, or a name is not UTF-8.
pub fn list(folder: &Path) -> Result<Vec<(String, Option<EntryKind>, bool)>, LiveError> {
    let mut entries = Vec::new();
    #[allow(clippy::disallowed_methods, reason = "this is where folders are listed")]
    let found = fs::read_dir(folder)?;
    for entry in found {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| {
            LiveError::new(&format!("holds `{}`, whose name is not UTF-8", name.to_string_lossy()))
        })?;
        let own = entry.file_type()?;
        let found = if own.is_symlink() { kind(&entry.path()) } else { Some(kind_of(own)) };
        entries.push((name, found, own.is_symlink()));
    }
    Ok(entries)
}

/// The bytes of a file.
///
/// # Errors
/// If it is no file or cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, LiveError> {
    #[allow(clippy::disallowed_methods, reason = "this is where files are read")]
    fs::read(path).map_err(LiveError::from)
}

/// The bytes of standard input.
///
/// # Errors
/// If it cannot be read.
pub fn read_stdin() -> Result<Vec<u8>, LiveError> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Prints bytes to standard output.
///
/// # Errors
/// If it cannot be written.
pub fn write_stdout(bytes: &[u8]) -> Result<(), LiveError> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(LiveError::from)
}

/// Makes a file, or writes over it, and gives it the mode and times of another one if there is
/// one; a symbolic link is followed.
///
/// # Errors
/// If its folder is not there or it cannot be written; if the metadata cannot be read or set.
pub fn write(path: &Path, bytes: &[u8], like: Option<&Path>) -> Result<(), LiveError> {
    let mut file = File::options().write(true).create(true).truncate(false).open(path)?;
    file.write_all(bytes)?;
    end(&file, bytes.len() as u64)?;
    match like {
        Some(like) => set_metadata(&file, &fs::metadata(like)?),
        None => Ok(()),
    }
}

/// Cuts a file off after its new content. Emptying it before it is written would cost more: some
/// file systems then wait for the disk when it is closed.
fn end(file: &File, length: u64) -> Result<(), LiveError> {
    let about = file.metadata()?;
    if about.is_file() && about.len() > length {
        file.set_len(length)?;
    }
    Ok(())
}

fn set_metadata(file: &File, of: &Metadata) -> Result<(), LiveError> {
    file.set_times(FileTimes::new().set_accessed(of.accessed()?).set_modified(of.modified()?))?;
    file.set_permissions(Permissions::from_mode(of.mode() & 0o7777)).map_err(LiveError::from)
}

/// Makes a folder, and those above it if `parents`; one that is there is left as it is.
///
/// # Errors
/// If it cannot be made, or something else stands there.
pub fn make_folder(path: &Path, parents: bool) -> Result<(), LiveError> {
    let made = if parents { fs::create_dir_all(path) } else { fs::create_dir(path) };
    match made {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made.map_err(LiveError::from),
    }
}

/// Copies the bytes of a file, its mode and its times.
///
/// # Errors
/// If it cannot be read or the copy not be written; if both are the same file.
pub fn copy(from: &Path, to: &Path) -> Result<(), LiveError> {
    let source = fs::metadata(from)?;
    if fs::metadata(to).is_ok_and(|to| (to.dev(), to.ino()) == (source.dev(), source.ino())) {
        return Err(LiveError::new("is the file that would be copied"));
    }
    let mut file = File::options().write(true).create(true).truncate(false).open(to)?;
    let length = io::copy(&mut File::open(from)?, &mut file)?;
    end(&file, length)?;
    set_metadata(&file, &source)
}

/// Gives a folder the mode and times of another.
///
/// # Errors
/// If they cannot be read or set.
pub fn copy_metadata(from: &Path, to: &Path) -> Result<(), LiveError> {
    set_metadata(&File::open(to)?, &fs::metadata(from)?)
}

/// Removes a folder with everything in it; symbolic links in it are removed, not followed.
///
/// # Errors
/// If something in it cannot be removed, or it is itself a symbolic link.
pub fn remove_folder(path: &Path) -> Result<(), LiveError> {
    if is_link(path) {
        return Err(LiveError::new("is a symbolic link"));
    }
    fs::remove_dir_all(path).map_err(LiveError::from)
}

fn kind_of(kind: fs::FileType) -> EntryKind {
    if kind.is_file() {
        EntryKind::File
    } else if kind.is_dir() {
        EntryKind::Folder
    } else {
        EntryKind::Other
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_path_is_resolved_as_far_as_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join("real")).unwrap();
        symlink("real", root.join("link")).unwrap();
        symlink("link/nothing", root.join("broken")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        assert_eq!(resolve(&root.join("link/../a/./b")), root.join("a/b"));
        assert_eq!(resolve(&root.join("link/new")), root.join("real/new"));
        assert_eq!(resolve(&root.join("broken")), root.join("real/nothing"));
        assert!(resolve(&root.join("loop/x")).starts_with(&root));
    }

    #[test]
    fn a_copy_has_mode_and_times_of_its_source() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        File::create(&from).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
        fs::set_permissions(&from, Permissions::from_mode(0o750)).unwrap();
        copy(&from, &to).unwrap();
        let copied = fs::metadata(&to).unwrap();
        assert_eq!(copied.modified().unwrap(), std::time::UNIX_EPOCH);
        assert_eq!(copied.mode() & 0o7777, 0o750);
        assert!(copy(&from, &from).is_err());
    }

    #[test]
    fn a_link_to_a_folder_is_not_removed_as_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("real")).unwrap();
        symlink("real", folder.path().join("link")).unwrap();
        assert!(remove_folder(&folder.path().join("link")).is_err());
        assert!(folder.path().join("real").exists());
    }
}
