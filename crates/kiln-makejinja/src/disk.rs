//! Everything a run does to the world.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why something could not be done to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiskError {
    /// It is not allowed.
    Denied,
    /// Anything else, in a few words such as `not found`.
    Failed(String),
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DiskError::Denied => f.write_str("permission denied"),
            DiskError::Failed(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for DiskError {}

/// What stands under a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A device, a pipe, a socket.
    Other,
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is, or what the symbolic link leads to; none if that leads nowhere.
    pub kind: Option<Kind>,
    /// Whether it is a symbolic link.
    pub is_link: bool,
}

/// What the content of a file was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The template.
    pub input: &'a Path,
    /// Whether the file gets the template's mode and times.
    pub gives_metadata: bool,
}

/// A file system. Paths are absolute; symbolic links are followed unless said otherwise.
///
/// What is written is there for every later question: a run may read what it wrote.
pub trait Disk: Send + Sync {
    /// The current folder, without symbolic links.
    fn current_folder(&self) -> PathBuf;

    /// The path without `.`, `..` and symbolic links, as far as it is there.
    fn resolve(&self, path: &Path) -> PathBuf;

    /// What stands there; none if nothing does, or nobody may look.
    fn kind(&self, path: &Path) -> Option<Kind>;

    /// Whether a symbolic link stands there, wherever it leads.
    fn is_link(&self, path: &Path) -> bool;

    /// Whether the file may be run as a program.
    fn is_executable(&self, _path: &Path) -> bool {
        false
    }

    /// The entries of a folder, in any order.
    ///
    /// # Errors
    /// If it is no folder or cannot be read; if a name is not UTF-8.
    fn list(&self, folder: &Path) -> Result<Vec<Entry>, DiskError>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// If it is no file or cannot be read.
    fn read(&self, path: &Path) -> Result<Vec<u8>, DiskError>;

    /// The bytes of standard input.
    ///
    /// # Errors
    /// If it cannot be read.
    fn read_stdin(&self) -> Result<Vec<u8>, DiskError>;

    /// Prints bytes to standard output.
    ///
    /// # Errors
    /// If it cannot be written.
    fn write_stdout(&self, bytes: &[u8]) -> Result<(), DiskError>;

    /// Makes a file, or writes over it.
    ///
    /// # Errors
    /// If its folder is not there or it cannot be written; if the metadata cannot be read or set.
    fn write(&self, path: &Path, bytes: &[u8], origin: Origin<'_>) -> Result<(), DiskError>;

    /// Makes a folder, and those above it if `parents`; one that is there is left as it is.
    ///
    /// # Errors
    /// If it cannot be made, or something else stands there.
    fn make_folder(&self, path: &Path, parents: bool) -> Result<(), DiskError>;

    /// Copies the bytes of a file, its mode and its times.
    ///
    /// # Errors
    /// If it cannot be read or the copy not be written; if both are the same file.
    fn copy(&self, from: &Path, to: &Path) -> Result<(), DiskError>;

    /// Gives a folder the mode and times of another.
    ///
    /// # Errors
    /// If they cannot be read or set.
    fn copy_metadata(&self, from: &Path, to: &Path) -> Result<(), DiskError>;

    /// Removes a folder with everything in it; symbolic links in it are removed, not followed.
    ///
    /// # Errors
    /// If something in it cannot be removed, or it is itself a symbolic link.
    fn remove_folder(&self, path: &Path) -> Result<(), DiskError>;
}

/// Where a run is heard, and where its commands run.
pub trait Shell {
    /// Says one line about the run. Not called if the run is to be quiet.
    fn say(&mut self, line: &str);

    /// Runs a command of `exec_pre` or `exec_post` to its end; gives its exit code, none if a
    /// signal ended it.
    ///
    /// # Errors
    /// If it cannot be started, or is not allowed to.
    fn run(&mut self, command: &str) -> Result<Option<i32>, DiskError>;
}
