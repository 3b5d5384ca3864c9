//! Writes a plan: all of it, or nothing.

use std::collections::BTreeSet;
use std::io;

use kiln_model::{Mode, Reported};

use self::work::{Stop, Work, changed};
use crate::failure::{Cause, reason};
use crate::hold::lock;
use crate::journal::{self, Deed, New};
use crate::lock::sha256;
use crate::new_root::NewRoot;
use crate::place::is_excluded;
use crate::plan::{Action, Change, Plan};
use crate::recover::recover_in;
use crate::root::{FileMode, OldFile, Root};

mod work;

#[cfg(test)]
mod tests;

pub(crate) use self::work::remove_empty;

/// What a commit did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// Files that are new.
    pub created: usize,
    /// Files that were replaced.
    pub updated: usize,
    /// Files that were removed.
    pub removed: usize,
    /// Files that already had the right bytes and were not touched.
    pub kept: usize,
    /// Whether the lock was written or removed.
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
    /// Files changed after the plan was made; nothing was written.
    #[error("{} files changed meanwhile", paths.len())]
    Changed {
        /// Which.
        paths: Vec<String>,
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
        /// Whether the next commit, or [`crate::recover`], does what this one did not.
        is_pending: bool,
        /// The error of the system; may repeat arguments, so it is not for users.
        source: Cause,
    },
}

/// A path under the output folder, and what went wrong there.
pub(crate) type Failure = (String, io::Error);

/// What is to be done to one path, and what is there.
pub(crate) struct Task<'a> {
    pub(crate) deed: Deed<'a>,
    pub(crate) old: Option<&'a OldFile>,
}

impl Plan {
    /// Writes the changed files, then removes those that go, then writes the lock; nothing at
    /// all where nothing changes.
    ///
    /// All new content is in a journal on the disk before the first file is replaced, so that a
    /// commit that was cut short can be done to its end by [`crate::recover`]. New files are
    /// `0644`, or `0600` where they hold a secret in plain text, less the umask; replaced ones
    /// keep their permissions. A folder that is empty when a file has gone goes, too.
    ///
    /// Whoever commits to a folder that was there when the plan was made should have held it
    /// ([`crate::hold`]) since before that.
    ///
    /// # Errors
    /// If there are conflicts, a file was changed since the plan was made, or one could not be
    /// written; then what had been written is taken back.
    pub fn commit(self) -> Result<Receipt, CommitError> {
        let conflicts = self.conflicts().count();
        if conflicts > 0 {
            return Err(CommitError::Refused { count: conflicts });
        }
        match &self.root {
            _ if self.is_empty() => {}
            Some(root) => write(root, self.tasks())?,
            None => {
                let at_folder = |error| failed((String::new(), error));
                let new = NewRoot::make(&self.path).map_err(at_folder)?;
                // Somebody may have made and filled it meanwhile: then the second look finds that.
                let done = lock(&new.root).map_err(at_folder).and_then(|()| write(&new.root, self.tasks()));
                if let Err(error) = done {
                    new.unmake();
                    return Err(error);
                }
            }
        }
        Ok(Receipt {
            created: self.count(Action::Create),
            updated: self.count(Action::Update),
            removed: self.count(Action::Remove),
            kept: self.count(Action::Keep),
            lock_written: self.lock_action() != Action::Keep,
        })
    }

    /// What is to be done, in this order: what is removed to make way, what is written, what else
    /// is removed, the lock.
    fn tasks(&self) -> Vec<Task<'_>> {
        let of = |action| self.changes.iter().filter(move |change| change.action == action);
        let new = || of(Action::Create).chain(of(Action::Update));
        let paths: BTreeSet<&str> = new().map(Change::path).collect();
        let written = new().filter_map(|change| {
            let artifact = change.artifact.as_ref()?;
            let old = change.old.as_ref();
            let new = New::File { mode: mode(artifact.mode(), old), bytes: artifact.bytes() };
            Some(Task::new(&change.path, old, new))
        });
        let (in_the_way, removed): (Vec<_>, Vec<_>) = of(Action::Remove)
            .map(|change| Task::new(&change.path, change.old.as_ref(), New::Nothing))
            .partition(|task| is_excluded(task.deed.path, &paths));
        let records = self.records.iter().filter(|it| it.action() != Action::Keep).map(|it| {
            let old = it.old.as_ref();
            let mode = if it.is_lock() { mode(Mode::Normal, old) } else { FileMode::PRIVATE };
            let new = it.new.as_ref().map(|text| New::File { mode, bytes: text.as_bytes() });
            Task::new(it.path, old, new.unwrap_or(New::Nothing))
        });
        in_the_way.into_iter().chain(written).chain(removed).chain(records).collect()
    }
}

impl<'a> Task<'a> {
    fn new(path: &'a str, old: Option<&'a OldFile>, new: New<'a>) -> Task<'a> {
        Task { deed: Deed { path, old: old.map(|old| sha256(&old.bytes)), new }, old }
    }
}

/// A file that is replaced keeps its mode, unless it has to have another.
fn mode(mode: Mode, old: Option<&OldFile>) -> FileMode {
    let like_old = old.filter(|_| mode == Mode::Normal).map(|old| old.stamp.mode);
    like_old.map_or(new_mode(mode), |bits| FileMode { bits, is_exact: true })
}

/// The mode of a file that is new.
pub(crate) fn new_mode(mode: Mode) -> FileMode {
    match mode {
        Mode::Private => FileMode::PRIVATE,
        Mode::Normal => FileMode::NORMAL,
        Mode::Executable => FileMode { bits: 0o755, is_exact: false },
    }
}

fn write(root: &Root, tasks: Vec<Task<'_>>) -> Result<(), CommitError> {
    // A journal that is there is not written over: what it decides changes files first.
    recover_in(root)?;
    let changed = changed(root, &tasks);
    if !changed.is_empty() {
        return Err(CommitError::Changed { paths: changed });
    }
    let mut work = Work::new(root, tasks);
    match work.run() {
        Ok(()) => {
            // The commit is done; a journal that stays is found to be done by the next one.
            let _ = journal::remove(root);
            Ok(())
        }
        Err(stop) => {
            let (unrestored, is_pending) = work.undo();
            Err(match stop {
                Stop::Changed(paths) if !is_pending => CommitError::Changed { paths },
                Stop::Changed(paths) => {
                    let path = paths.into_iter().next().unwrap_or_default();
                    ended((path, io::ErrorKind::AlreadyExists.into()), unrestored, is_pending)
                }
                Stop::Failed(failure) => ended(failure, unrestored, is_pending),
            })
        }
    }
}

/// Nothing was done yet.
pub(crate) fn failed(failure: Failure) -> CommitError {
    ended(failure, Vec::new(), false)
}

pub(crate) fn ended((path, error): Failure, unrestored: Vec<String>, is_pending: bool) -> CommitError {
    CommitError::Write { path, reason: reason(&error), unrestored, is_pending, source: error.into() }
}
