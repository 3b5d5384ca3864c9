//! Writes a plan: all of it, or nothing.

use std::io;
use std::time::{Duration, UNIX_EPOCH};

use kiln_model::{Mode, Reported};

use crate::failure::{Cause, reason};
use crate::folders::Folders;
use crate::hold::lock;
use crate::journal::{self, Deed, JOURNAL, New, temporary};
use crate::lock::sha256;
use crate::new_root::NewRoot;
use crate::plan::{Action, Plan};
use crate::recover::recover_in;
use crate::root::{Entry, FileMode, OldFile, Root, folders};

#[cfg(test)]
mod tests;

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

    /// What is to be done, in this order: what is written, what is removed, the lock.
    fn tasks(&self) -> Vec<Task<'_>> {
        let of = |action| self.changes.iter().filter(move |change| change.action == action);
        let written = of(Action::Create).chain(of(Action::Update)).filter_map(|change| {
            let artifact = change.artifact.as_ref()?;
            let old = change.old.as_ref();
            let new = New::File { mode: mode(artifact.mode(), old), bytes: artifact.bytes() };
            Some(Task::new(&change.path, old, new))
        });
        let removed =
            of(Action::Remove).map(|change| Task::new(&change.path, change.old.as_ref(), New::Nothing));
        let records = self.records.iter().filter(|it| it.action() != Action::Keep).map(|it| {
            let old = it.old.as_ref();
            let mode = if it.is_lock() { mode(Mode::Normal, old) } else { FileMode::PRIVATE };
            let new = it.new.as_ref().map(|text| New::File { mode, bytes: text.as_bytes() });
            Task::new(it.path, old, new.unwrap_or(New::Nothing))
        });
        written.chain(removed).chain(records).collect()
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

/// Why a commit ends before its end.
enum Stop {
    Failed(Failure),
    Changed(Vec<String>),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}

fn write(root: &Root, tasks: Vec<Task<'_>>) -> Result<(), CommitError> {
    // A journal that is there is not written over: what it decides changes files first.
    recover_in(root)?;
    let changed = changed(root, &tasks);
    if !changed.is_empty() {
        return Err(CommitError::Changed { paths: changed });
    }
    let deeds: Vec<Deed<'_>> = tasks.iter().map(|task| task.deed.clone()).collect();
    let (text, id) = journal::text(&deeds);
    let mut work = Work { root, id, tasks, folders: Folders::default(), staged: Vec::new(), done: 0 };
    match work.run(&text) {
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

/// The paths at which something else stands than the plan has seen.
fn changed(root: &Root, tasks: &[Task<'_>]) -> Vec<String> {
    if !root.is_in_place() {
        return vec![String::new()];
    }
    let is_same = |task: &&Task<'_>| match (root.look(task.deed.path), task.old) {
        (Ok(Entry::Absent), None) => true,
        (Ok(Entry::File(stamp)), Some(old)) => stamp == old.stamp,
        _ => false,
    };
    tasks.iter().filter(|task| !is_same(task)).map(|task| task.deed.path.to_owned()).collect()
}

/// A commit under way.
struct Work<'a> {
    root: &'a Root,
    id: String,
    tasks: Vec<Task<'a>>,
    folders: Folders,
    /// The numbers of the tasks whose new bytes stand in a temporary file.
    staged: Vec<usize>,
    /// How many tasks are done.
    done: usize,
}

impl Work<'_> {
    fn run(&mut self, text: &[u8]) -> Result<(), Stop> {
        journal::write(self.root, text).map_err(|error| (JOURNAL.to_owned(), error))?;
        for number in 0..self.tasks.len() {
            self.stage(number).map_err(|error| self.failure(number, error))?;
        }
        let changed = changed(self.root, &self.tasks);
        if !changed.is_empty() {
            return Err(Stop::Changed(changed));
        }
        for number in 0..self.tasks.len() {
            self.perform(number).map_err(|error| self.failure(number, error))?;
            self.done += 1;
        }
        self.root.sync().map_err(|error| (String::new(), error).into())
    }

    /// Puts new bytes into a temporary file.
    fn stage(&mut self, number: usize) -> io::Result<()> {
        let Deed { path, new: New::File { mode, bytes }, .. } = self.tasks[number].deed else {
            return Ok(());
        };
        self.folders.make(self.root, path)?;
        let name = temporary(&self.id, number, path);
        self.staged.push(number);
        self.root.create_anew(&name, bytes, mode).map(|_| ())
    }

    fn perform(&mut self, number: usize) -> io::Result<()> {
        let Deed { path, new, .. } = &self.tasks[number].deed;
        match new {
            New::File { .. } => self.root.rename(&temporary(&self.id, number, path), path),
            New::Nothing => {
                self.root.remove(path)?;
                remove_empty(self.root, path);
                Ok(())
            }
        }
    }

    fn failure(&self, number: usize, error: io::Error) -> Failure {
        (self.tasks[number].deed.path.to_owned(), error)
    }

    /// Puts everything back as it was, as far as that works; gives the paths where it did not,
    /// and whether the next commit goes on where this one ended.
    fn undo(&mut self) -> (Vec<String>, bool) {
        let mut is_clean = true;
        for &number in self.staged.iter().filter(|number| **number >= self.done) {
            let name = temporary(&self.id, number, self.tasks[number].deed.path);
            is_clean &= self.root.remove(&name).is_ok();
        }
        let mut unrestored = Vec::new();
        for number in (0..self.done).rev() {
            if self.restore(number).is_err() {
                unrestored.push(self.tasks[number].deed.path.to_owned());
            }
        }
        unrestored.sort_unstable();
        self.folders.unmake(self.root);
        is_clean &= unrestored.is_empty() && (self.done == 0 || self.root.sync().is_ok());
        if is_clean {
            let _ = journal::remove(self.root);
        }
        let is_pending = self.root.look(JOURNAL).is_ok_and(|found| found != Entry::Absent);
        (unrestored, is_pending)
    }

    fn restore(&mut self, number: usize) -> io::Result<()> {
        let task = &self.tasks[number];
        let path = task.deed.path;
        let Some(old) = task.old else { return self.root.remove(path) };
        Folders::default().make(self.root, path)?;
        let name = temporary(&self.id, number, path);
        let file =
            self.root.create_anew(&name, &old.bytes, FileMode { bits: old.stamp.mode, is_exact: true })?;
        let file = file.into_std();
        if let (Ok(seconds), Ok(rest)) =
            (u64::try_from(old.stamp.modified.0), u32::try_from(old.stamp.modified.1))
        {
            // A file that has another time does no harm.
            let _ = file.set_modified(UNIX_EPOCH + Duration::new(seconds, rest));
        }
        // Unlike the new bytes these stand in no journal.
        file.sync_all()?;
        self.root.rename(&name, path)
    }
}

/// Removes the folders of a path that are empty.
pub(crate) fn remove_empty(root: &Root, path: &str) {
    for folder in folders(path).rev() {
        if root.remove_folder(folder).is_err() {
            return;
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
