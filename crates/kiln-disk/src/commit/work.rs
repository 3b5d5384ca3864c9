//! The steps of a commit, and the way back.

use std::collections::BTreeSet;
use std::io;
use std::time::{Duration, UNIX_EPOCH};

use super::{Failure, Task};
use crate::folders::Folders;
use crate::journal::{self, Deed, JOURNAL, New};
use crate::root::{Entry, FileMode, Root, folders};

/// A commit under way.
pub(super) struct Work<'a> {
    root: &'a Root,
    journal: Vec<u8>,
    tasks: Vec<Task<'a>>,
    /// Where the new bytes of each task stand before they get their name.
    temporaries: Vec<String>,
    folders: Folders,
    /// The numbers of the tasks whose new bytes stand in a temporary file.
    staged: Vec<usize>,
    /// How many tasks are done.
    done: usize,
}

impl<'a> Work<'a> {
    pub(super) fn new(root: &'a Root, tasks: Vec<Task<'a>>) -> Work<'a> {
        let deeds: Vec<Deed<'_>> = tasks.iter().map(|task| task.deed.clone()).collect();
        let (journal, id) = journal::text(&deeds);
        let temporaries = journal::temporaries(&id, &deeds);
        Work { root, journal, tasks, temporaries, folders: Folders::default(), staged: Vec::new(), done: 0 }
    }

    pub(super) fn run(&mut self) -> Result<(), Stop> {
        journal::write(self.root, &self.journal).map_err(|error| (JOURNAL.to_owned(), error))?;
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
        let name = &self.temporaries[number];
        // A folder in whose place there is still a file has to wait.
        if parent(name) == parent(path) {
            self.folders.make(self.root, path)?;
        }
        self.staged.push(number);
        self.root.create_anew(name, bytes, mode).map(|_| ())
    }

    fn perform(&mut self, number: usize) -> io::Result<()> {
        let Deed { path, new, .. } = &self.tasks[number].deed;
        match new {
            New::File { .. } => {
                self.folders.make(self.root, path)?;
                self.root.rename_over_folder(&self.temporaries[number], path)
            }
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
    pub(super) fn undo(&mut self) -> (Vec<String>, bool) {
        let mut is_clean = true;
        for &number in self.staged.iter().filter(|number| **number >= self.done) {
            is_clean &= self.root.remove(&self.temporaries[number]).is_ok();
        }
        let mut unrestored = Vec::new();
        let made_way = self.tasks.iter().take_while(|task| task.deed.new == New::Nothing).count();
        for number in (0..self.done).rev() {
            if number < made_way {
                // A file that gave way to a folder needs its place again.
                self.folders.unmake(self.root);
            }
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
        let name = &self.temporaries[number];
        let file =
            self.root.create_anew(name, &old.bytes, FileMode { bits: old.stamp.mode, is_exact: true })?;
        let file = file.into_std();
        if let (Ok(seconds), Ok(rest)) =
            (u64::try_from(old.stamp.modified.0), u32::try_from(old.stamp.modified.1))
        {
            // A file that has another time does no harm.
            let _ = file.set_modified(UNIX_EPOCH + Duration::new(seconds, rest));
        }
        // Unlike the new bytes these stand in no journal.
        file.sync_all()?;
        self.root.rename(name, path)
    }
}

fn parent(path: &str) -> Option<&str> {
    folders(path).next_back()
}

/// Why a commit ends before its end.
pub(super) enum Stop {
    Failed(Failure),
    Changed(Vec<String>),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}

/// The paths at which something else stands than the plan has seen.
pub(super) fn changed(root: &Root, tasks: &[Task<'_>]) -> Vec<String> {
    if !root.is_in_place() {
        return vec![String::new()];
    }
    let gone = |task: &&Task<'_>| task.deed.new == New::Nothing;
    let removed: BTreeSet<&str> = tasks.iter().filter(gone).map(|task| task.deed.path).collect();
    let is_same = |task: &&Task<'_>| match (root.look(task.deed.path), task.old) {
        (Ok(Entry::Absent), None) => true,
        // A folder gives way if all files in it go.
        (Ok(Entry::Folder), None) => {
            let below = root.below(task.deed.path);
            below.is_ok_and(|below| below.files.iter().all(|file| removed.contains(file.as_str())))
        }
        (Ok(Entry::File(stamp)), Some(old)) => stamp == old.stamp,
        _ => false,
    };
    tasks.iter().filter(|task| !is_same(task)).map(|task| task.deed.path.to_owned()).collect()
}

/// Removes the folders of a path that are empty.
pub(crate) fn remove_empty(root: &Root, path: &str) {
    for folder in folders(path).rev() {
        if root.remove_folder(folder).is_err() {
            return;
        }
    }
}
