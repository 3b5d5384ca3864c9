//! One at a time: who writes to an output folder holds it meanwhile.
//!
//! What is held is the folder itself, so no file tells of it, and the system lets go of it with the
//! process, however that ends.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use crate::plan::{PlanError, open, unreadable};
use crate::root::Root;

/// How often somebody who seems to be done soon is asked, and how long is waited in between.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_millis(20);

/// An output folder that nobody else writes to as long as this lives.
pub struct Hold {
    _folder: File,
}

/// What came of the wish to hold a folder.
pub enum Held {
    /// It is held.
    Now(Hold),
    /// There is nothing to hold: the folder is not there yet, or its file system does not know
    /// of holding.
    Nothing,
    /// Somebody else holds it.
    Busy(Waiting),
}

/// Somebody else holds the folder.
pub struct Waiting {
    path: PathBuf,
}

impl Waiting {
    /// Waits until it is free; `None` if the folder has gone meanwhile.
    ///
    /// # Errors
    /// If it cannot be opened any more.
    pub fn wait(self) -> Result<Option<Hold>, PlanError> {
        while let Some(root) = open(&self.path)? {
            lock(&root).map_err(|error| unreadable(&self.path, "", error))?;
            // Who held it may have removed it and made another.
            if root.is_in_place() {
                return Ok(Some(hold_of(&root, &self.path)?));
            }
        }
        Ok(None)
    }
}

/// Holds an output folder, before a plan for it is made and until it is written.
///
/// # Errors
/// If it cannot be opened or is no folder.
pub fn hold(path: &Path) -> Result<Held, PlanError> {
    let Some(root) = open(path)? else { return Ok(Held::Nothing) };
    for _ in 0..TRIES {
        match root.handle().try_lock() {
            Ok(()) => return Ok(Held::Now(hold_of(&root, path)?)),
            Err(TryLockError::WouldBlock) => sleep(PAUSE),
            Err(TryLockError::Error(error)) if is_unknown(&error) => return Ok(Held::Nothing),
            Err(TryLockError::Error(error)) => return Err(unreadable(path, "", error)),
        }
    }
    Ok(Held::Busy(Waiting { path: path.to_owned() }))
}

/// The lock belongs to the open folder, of which this is another name.
fn hold_of(root: &Root, path: &Path) -> Result<Hold, PlanError> {
    let folder = root.handle().try_clone().map_err(|error| unreadable(path, "", error))?;
    Ok(Hold { _folder: folder })
}

/// Waits until an open folder is free, and holds it as long as it is open.
pub(crate) fn lock(root: &Root) -> io::Result<()> {
    match root.handle().lock() {
        Err(error) if is_unknown(&error) => Ok(()),
        locked => locked,
    }
}

/// Whether the file system cannot tell who holds what.
fn is_unknown(error: &io::Error) -> bool {
    let no_locks = rustix::io::Errno::NOLCK.raw_os_error();
    error.kind() == ErrorKind::Unsupported || error.raw_os_error() == Some(no_locks)
}
