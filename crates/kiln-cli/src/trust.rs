//! Which projects the user trusts: a list of folders outside of every project.
//!
//! A trusted project may run what stands in it (Python plugins, `exec_pre`) also when it is only
//! looked at, by `validate`, `diff` or an editor.

#![allow(
    clippy::disallowed_methods,
    reason = "the list lies in the home folder, and is no file of a project"
)]

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Whether the user trusts the project in this folder. Without a list that can be read, nothing
/// is trusted.
pub(crate) fn is_trusted(folder: &Path) -> bool {
    let Some(folder) = identity(folder) else { return false };
    list().is_some_and(|list| trusted(&list).contains(&folder))
}

/// The folders that the user trusts, sorted.
pub(crate) fn all() -> Vec<String> {
    list().map(|list| trusted(&list)).unwrap_or_default()
}

/// Trusts the project in this folder, or trusts it no more; gives whether that changed anything.
///
/// # Errors
/// If there is no such folder, no place for the list, or it cannot be written.
pub(crate) fn set(folder: &Path, is_trusted: bool) -> io::Result<bool> {
    let folder = identity(folder).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let list = list().ok_or_else(|| io::Error::other("neither XDG_DATA_HOME nor HOME is set"))?;
    let mut folders = trusted(&list);
    let found = folders.binary_search(&folder);
    match (found, is_trusted) {
        (Err(at), true) => folders.insert(at, folder),
        (Ok(at), false) => drop(folders.remove(at)),
        _ => return Ok(false),
    }
    write(&list, &folders)?;
    Ok(true)
}

/// The folder without links, as the list names it.
fn identity(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let text = folder.to_str()?;
    // A line holds one folder.
    (!text.contains('\n')).then(|| text.to_owned())
}

/// Where the list lies.
fn list() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = folder("XDG_DATA_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/share")))?;
    Some(data.join("kiln/trusted"))
}

fn trusted(list: &Path) -> Vec<String> {
    let text = fs::read_to_string(list).unwrap_or_default();
    let mut folders: Vec<String> =
        text.lines().filter(|line| line.starts_with('/')).map(str::to_owned).collect();
    folders.sort_unstable();
    folders.dedup();
    folders
}

fn write(list: &Path, folders: &[String]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let folder = list.parent().unwrap_or(list);
    fs::create_dir_all(folder)?;
    let fresh = list.with_extension("new");
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    for folder in folders {
        writeln!(file, "{folder}")?;
    }
    file.sync_all()?;
    fs::rename(fresh, list)
}
