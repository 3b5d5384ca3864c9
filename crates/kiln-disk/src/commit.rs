//! Writes a plan.

use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::path::Path;

use kiln_model::{Mode, Reported};
use tempfile::TempPath;

use crate::failure::{Cause, reason};
use crate::folders::Folders;
use crate::lock::LOCK_FILE;
use crate::plan::{Action, Change, Plan};

/// What a commit did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// Files that are new.
    pub created: usize,
    /// Files that were replaced.
    pub updated: usize,
    /// Files that already had the right bytes and were not touched.
    pub kept: usize,
    /// Whether the lock was written.
    pub lock_written: bool,
}

/// Why a plan was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// Files are in the way that are not kiln's to overwrite; nothing was written.
    #[error("{count} files are in conflict")]
    Refused {
        /// How many.
        count: usize,
    },
    /// Nothing may be written at a path, and the sink says why; nothing was written.
    #[error("a path may not be written")]
    Reported(Reported),
    /// A file could not be written. What had been written was taken back.
    #[error("cannot write `{path}`: {reason}")]
    Write {
        /// The path under the output folder; empty for the folder itself.
        path: String,
        /// Our own words for why.
        reason: &'static str,
        /// The paths that could not be put back as they were.
        unrestored: Vec<String>,
        /// The error of the system; may repeat arguments, so it is not for users.
        source: Cause,
    },
}

impl Plan {
    /// Writes the changed files, then the lock; nothing at all where nothing changes.
    ///
    /// All new content is on the disk, in temporary files beside their places, before the
    /// first file is replaced. New files are `0644`, or `0600` where they hold a secret in
    /// plain text, less the umask; replaced ones keep their permissions.
    ///
    /// # Errors
    /// If there are conflicts, or a file could not be written; then what had been written
    /// is taken back.
    pub fn commit(self) -> Result<Receipt, CommitError> {
        let conflicts = self.conflicts().count();
        if conflicts > 0 {
            return Err(CommitError::Refused { count: conflicts });
        }
        let mut work = Work { plan: &self, folders: Folders::default(), replaced: Vec::new() };
        match work.stage().and_then(|staged| work.replace(staged)) {
            Ok(()) => Ok(Receipt {
                created: self.count(Action::Create),
                updated: self.count(Action::Update),
                kept: self.count(Action::Keep),
                lock_written: self.lock.is_some(),
            }),
            Err((path, error)) => {
                let unrestored = work.undo();
                Err(CommitError::Write { path, reason: reason(&error), unrestored, source: error.into() })
            }
        }
    }
}

/// A path under the output folder, and what went wrong there.
type Failure = (String, io::Error);

/// A commit under way.
struct Work<'a> {
    plan: &'a Plan,
    folders: Folders,
    /// Changes whose file is in its place.
    replaced: Vec<&'a Change>,
}

/// New content in a temporary file, and the change it belongs to; none for the lock.
type Staged<'a> = (TempPath, Option<&'a Change>);

impl<'a> Work<'a> {
    /// Puts all new content into temporary files.
    fn stage(&mut self) -> Result<Vec<Staged<'a>>, Failure> {
        let mut staged = Vec::new();
        for change in &self.plan.changes {
            if matches!(change.action, Action::Create | Action::Update) {
                let file = self.stage_one(change).map_err(|error| (change.path().to_owned(), error))?;
                staged.push((file, Some(change)));
            }
        }
        if let Some(text) = &self.plan.lock {
            let root = &self.plan.root;
            let file = self
                .folders
                .make(root)
                .and_then(|()| write_beside(root, text.as_bytes(), &new_permissions(Mode::Normal), None))
                .map_err(|error| (LOCK_FILE.to_owned(), error))?;
            staged.push((file, None));
        }
        Ok(staged)
    }

    fn stage_one(&mut self, change: &Change) -> io::Result<TempPath> {
        let place = self.plan.root.join(change.path());
        let folder = place.parent().unwrap_or(&self.plan.root);
        self.folders.make(folder)?;
        let mode = change.artifact.mode();
        let exact = change.old.as_ref().map(|old| &old.permissions).filter(|_| mode == Mode::Normal);
        // What only some may read is never for others, not even while it is written.
        let new = exact.cloned().unwrap_or_else(|| new_permissions(mode));
        write_beside(folder, change.artifact.bytes(), &new, exact)
    }

    /// Renames the temporary files to their places, the lock last.
    fn replace(&mut self, staged: Vec<Staged<'a>>) -> Result<(), Failure> {
        for (file, change) in staged {
            let path = change.map_or(LOCK_FILE, |change| change.path());
            file.persist(self.plan.root.join(path)).map_err(|failed| (path.to_owned(), failed.error))?;
            self.replaced.extend(change);
        }
        Ok(())
    }

    /// Puts everything back as it was, as far as that works; gives the paths where it
    /// did not.
    fn undo(&mut self) -> Vec<String> {
        let mut unrestored = Vec::new();
        for change in self.replaced.drain(..).rev() {
            if restore(&self.plan.root, change).is_err() {
                unrestored.push(change.path().to_owned());
            }
        }
        self.folders.unmake();
        unrestored.sort_unstable();
        unrestored
    }
}

fn restore(root: &Path, change: &Change) -> io::Result<()> {
    let place = root.join(change.path());
    let Some(old) = &change.old else { return fs::remove_file(place) };
    let folder = place.parent().unwrap_or(root);
    let file = write_beside(folder, &old.bytes, &new_permissions(Mode::Private), Some(&old.permissions))?;
    file.persist(place).map_err(|failed| failed.error)
}

/// A temporary file in `folder`, so that a rename to its place stays in one file system.
/// It is made with the permissions `new`, less the umask; then it gets exactly `exact`.
pub(crate) fn write_beside(
    folder: &Path,
    bytes: &[u8],
    new: &Permissions,
    exact: Option<&Permissions>,
) -> io::Result<TempPath> {
    let mut file = tempfile::Builder::new()
        .prefix(".kiln-")
        .suffix(".tmp")
        .permissions(new.clone())
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    if is_private(new) {
        // A key that is lost with the power opens nothing any more.
        file.as_file().sync_all()?;
    }
    if let Some(exact) = exact {
        file.as_file().set_permissions(exact.clone())?;
    }
    Ok(file.into_temp_path())
}

/// Whether nobody but the owner may read what has these permissions.
fn is_private(permissions: &Permissions) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    permissions.mode() & 0o077 == 0
}

pub(crate) fn new_permissions(mode: Mode) -> Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    Permissions::from_mode(match mode {
        Mode::Normal => 0o644,
        Mode::Private => 0o600,
        Mode::Executable => 0o755,
    })
}
