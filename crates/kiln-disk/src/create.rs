//! Lays out new files.

use std::io;
use std::path::Path;

use kiln_model::{Diagnostics, Mode, NewFile, Reported};

use crate::commit::{CommitError, Failure, ended, failed, new_mode};
use crate::findings;
use crate::folders::Folders;
use crate::journal::temporary;
use crate::new_root::NewRoot;
use crate::place::{Surveyor, quarrels};
use crate::root::Root;

/// Creates files below `root`, which is made if it is not there.
///
/// All content is on the disk, in temporary files beside their places, before the first
/// file gets its name. A file that is there is not replaced, even if it came this moment:
/// the commit fails, and what had been created is removed.
///
/// # Errors
/// If a path may not be written or is taken, or a file could not be written.
pub fn create_new(root: &Path, files: &[NewFile], sink: &mut Diagnostics) -> Result<(), CommitError> {
    write(root, files, sink, Root::rename_new)
}

/// Writes one file that is kiln's own altogether below `root`, over one that may be there.
///
/// # Errors
/// As [`create_new`]; then the old file is as it was.
pub fn put(root: &Path, file: &NewFile, sink: &mut Diagnostics) -> Result<(), CommitError> {
    write(root, std::slice::from_ref(file), sink, Root::rename)
}

/// Stages all files, then gives each its name by `name`.
fn write(
    path: &Path,
    files: &[NewFile],
    sink: &mut Diagnostics,
    name: impl Fn(&Root, &str, &str) -> io::Result<()>,
) -> Result<(), CommitError> {
    let at_folder = |error| failed((String::new(), error));
    inspect(Root::open(path).map_err(at_folder)?.as_ref(), files, sink)?;
    let new = NewRoot::make(path).map_err(at_folder)?;
    let root = &new.root;
    let mut folders = Folders::default();
    let (mut staged, mut named): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
    let done = stage(root, files, &mut folders, &mut staged).and_then(|()| {
        for (file, temporary) in files.iter().zip(&staged) {
            name(root, temporary, file.path()).map_err(|error| (file.path().to_owned(), error))?;
            named.push(file.path());
        }
        Ok(())
    });
    let Err(failure) = done else { return Ok(()) };
    let left = |path: &&str| root.remove(path).is_err();
    let unrestored = named.iter().copied().filter(left).map(str::to_owned).collect();
    for temporary in &staged[named.len()..] {
        // What cannot be removed is known by its name for what it is.
        let _ = root.remove(temporary);
    }
    folders.unmake(root);
    new.unmake();
    Err(ended(failure, unrestored, false))
}

/// Whether every path is a place that may be written.
fn inspect(root: Option<&Root>, files: &[NewFile], sink: &mut Diagnostics) -> Result<(), CommitError> {
    let paths: Vec<&str> = files.iter().map(NewFile::path).collect();
    let mut faults = quarrels(&paths);
    let mut surveyor = Surveyor::new(root);
    if faults.is_empty() {
        for path in paths {
            match surveyor.has_file(path) {
                Ok(Ok(_)) => {}
                Ok(Err(fault)) => faults.push((path, fault)),
                Err(error) => return Err(failed((path.to_owned(), error))),
            }
        }
    }
    let reported: Option<Reported> =
        faults.iter().map(|(path, fault)| sink.error(findings::unwritable(path, fault))).last();
    reported.map_or(Ok(()), |reported| Err(CommitError::Reported(reported)))
}

/// Puts all content into temporary files, whose names are added to `staged`.
fn stage(
    root: &Root,
    files: &[NewFile],
    folders: &mut Folders,
    staged: &mut Vec<String>,
) -> Result<(), Failure> {
    let id = format!("new{}", std::process::id());
    for (number, file) in files.iter().enumerate() {
        let name = temporary(&id, number, file.path());
        staged.push(name.clone());
        stage_one(root, file, &name, folders).map_err(|error| (file.path().to_owned(), error))?;
    }
    Ok(())
}

fn stage_one(root: &Root, file: &NewFile, name: &str, folders: &mut Folders) -> io::Result<()> {
    folders.make(root, file.path())?;
    // This is where a new file, key files too, goes to the disk.
    let written = root.create_anew(name, file.expose().as_bytes(), new_mode(file.mode()))?;
    if file.mode() == Mode::Private {
        // A key that is lost with the power opens nothing any more.
        written.sync_all()?;
    }
    Ok(())
}
