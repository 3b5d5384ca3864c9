//! Lays out new files.

use std::fs;
use std::io;
use std::path::Path;

use kiln_model::{Diagnostics, NewFile, Reported};
use tempfile::TempPath;

use crate::commit::{CommitError, new_permissions, write_beside};
use crate::failure::reason;
use crate::findings;
use crate::folders::Folders;
use crate::place::{Surveyor, quarrels};

/// Creates files below `root`, which is made if it is not there.
///
/// All content is on the disk, in temporary files beside their places, before the first
/// file gets its name. A file that is there is not replaced, even if it came this moment:
/// the commit fails, and what had been created is removed.
///
/// # Errors
/// If a path may not be written or is taken, or a file could not be written.
pub fn create_new(root: &Path, files: &[NewFile], sink: &mut Diagnostics) -> Result<(), CommitError> {
    inspect(root, files, sink)?;
    let mut folders = Folders::default();
    let mut created: Vec<&str> = Vec::new();
    let done = stage(root, files, &mut folders).and_then(|staged| {
        for (file, temporary) in files.iter().zip(staged) {
            let named = temporary.persist_noclobber(root.join(file.path()));
            named.map_err(|failed| (file.path().to_owned(), failed.error))?;
            created.push(file.path());
        }
        Ok(())
    });
    done.map_err(|(path, error)| {
        let left = |path: &&str| fs::remove_file(root.join(path)).is_err();
        let unrestored = created.iter().copied().filter(left).map(str::to_owned).collect();
        folders.unmake();
        failure(path, unrestored, error)
    })
}

/// Writes one file that is kiln's own altogether below `root`, over one that may be there.
///
/// # Errors
/// As [`create_new`]; then the old file is as it was.
pub fn put(root: &Path, file: &NewFile, sink: &mut Diagnostics) -> Result<(), CommitError> {
    inspect(root, std::slice::from_ref(file), sink)?;
    let mut folders = Folders::default();
    let done = stage_one(root, file, &mut folders)
        .and_then(|temporary| temporary.persist(root.join(file.path())).map_err(|failed| failed.error));
    done.map_err(|error| {
        folders.unmake();
        failure(file.path().to_owned(), Vec::new(), error)
    })
}

/// Whether every path is a place that may be written.
fn inspect(root: &Path, files: &[NewFile], sink: &mut Diagnostics) -> Result<(), CommitError> {
    let paths: Vec<&str> = files.iter().map(NewFile::path).collect();
    let mut faults = quarrels(&paths);
    let mut surveyor = Surveyor::new(root);
    if faults.is_empty() {
        for path in paths {
            match surveyor.has_file(path) {
                Ok(Ok(_)) => {}
                Ok(Err(fault)) => faults.push((path, fault)),
                Err(error) => return Err(failure(path.to_owned(), Vec::new(), error)),
            }
        }
    }
    let reported: Option<Reported> =
        faults.iter().map(|(path, fault)| sink.error(findings::unwritable(path, fault))).last();
    reported.map_or(Ok(()), |reported| Err(CommitError::Reported(reported)))
}

/// A path under the root, and what went wrong there.
type Failure = (String, io::Error);

fn stage(root: &Path, files: &[NewFile], folders: &mut Folders) -> Result<Vec<TempPath>, Failure> {
    let one =
        |file: &NewFile| stage_one(root, file, folders).map_err(|error| (file.path().to_owned(), error));
    files.iter().map(one).collect()
}

fn stage_one(root: &Path, file: &NewFile, folders: &mut Folders) -> io::Result<TempPath> {
    let place = root.join(file.path());
    let folder = place.parent().unwrap_or(root);
    folders.make(folder)?;
    // This is where a new file, key files too, goes to the disk.
    write_beside(folder, file.expose().as_bytes(), &new_permissions(file.mode()), None)
}

fn failure(path: String, unrestored: Vec<String>, error: io::Error) -> CommitError {
    CommitError::Write { path, reason: reason(&error), unrestored, source: error.into() }
}
