//! What writing a set of artifacts would change.

use std::io;
use std::path::{Path, PathBuf};

use kiln_model::{Artifact, Diagnostics, Reported, Sources};

use crate::compare::compare;
use crate::failure::{Cause, reason};
use crate::findings;
use crate::lock::Lock;
use crate::place::output_quarrels;
use crate::reader::{join, shown};
use crate::record::{Record, Rewrite, next};
use crate::root::{OldFile, Root};
use crate::stale::stale;

/// Where a plan is for, and what the lock is to record.
pub struct Target<'a> {
    /// The output folder; it may not exist yet.
    pub root: &'a Path,
    /// The version of kiln.
    pub kiln: &'a str,
    /// Name and version of the pack.
    pub pack: &'a str,
    /// Which files are overwritten that are not kiln's.
    pub force: Force,
    /// Whether files go that are no longer outputs.
    pub prune: bool,
    /// Whether there may be outputs that are not among the artifacts. Files of an earlier run
    /// that are not among them are then [`Plan::not_compared`], not stale.
    pub is_partial: bool,
}

/// Which files are overwritten that are not kiln's to overwrite.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Force {
    /// None.
    #[default]
    Nothing,
    /// Every one that the user changed or that kiln does not know. Those that the user adopted
    /// stay the user's.
    Everything,
    /// Those at these paths alone, adopted ones too.
    Paths(Vec<String>),
}

impl Force {
    /// Whether a path is named.
    pub(crate) fn names(&self, path: &str) -> bool {
        matches!(self, Force::Paths(paths) if paths.iter().any(|it| it == path))
    }

    /// Whether it covers a path.
    pub(crate) fn covers(&self, path: &str) -> bool {
        *self == Force::Everything || self.names(path)
    }
}

/// What happens to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing stands at its path.
    Create,
    /// The file is replaced.
    Update,
    /// The file already has these bytes.
    Keep,
    /// The user adopted the file, so it is left as it is.
    Adopted,
    /// An earlier run wrote the file, this one does not, and it is as it was written: it goes.
    Remove,
    /// As [`Action::Remove`], but nothing is to be removed, so it is left.
    Stale,
    /// An earlier run wrote the file, this one does not, and the user changed it: it is left.
    Orphan,
    /// The file is not kiln's to overwrite.
    Conflict(Reason),
}

impl Action {
    /// Whether the file would be written or removed, if nothing stood in the way.
    pub fn is_change(self) -> bool {
        matches!(self, Action::Create | Action::Update | Action::Remove | Action::Conflict(_))
    }
}

/// Why a file is not kiln's to overwrite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It changed since kiln wrote it.
    Changed,
    /// kiln did not write it.
    Foreign,
}

/// One output, or a file that was one, beside what stands at its path.
pub struct Change {
    pub(crate) path: String,
    /// None of a file that is no longer an output.
    pub(crate) artifact: Option<Artifact>,
    pub(crate) action: Action,
    pub(crate) old: Option<OldFile>,
    pub(crate) is_recorded: bool,
    pub(crate) was_private: bool,
}

impl Change {
    /// The path under the output folder.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What happens to it.
    pub fn action(&self) -> Action {
        self.action
    }

    /// Whether nothing happens to it.
    pub fn is_kept(&self) -> bool {
        !self.action.is_change()
    }

    /// Whether an earlier run wrote a file at this path.
    pub fn is_recorded(&self) -> bool {
        self.is_recorded
    }

    /// Whether an earlier run wrote a file at this path that held a secret in plain text. That
    /// secret need not be one of this run any more, and what the user made of the file may hold it
    /// still.
    pub fn was_private(&self) -> bool {
        self.was_private
    }

    /// What would be written; `None` of a file that is no longer an output.
    pub fn artifact(&self) -> Option<&Artifact> {
        self.artifact.as_ref()
    }

    /// The bytes on disk, if there are some, and they differ or are to go.
    pub fn old_bytes(&self) -> Option<&[u8]> {
        self.old.as_ref().map(|old| old.bytes.as_slice())
    }
}

/// Every output and every file that was one, sorted by path, with what happens to it.
///
/// Every path is inside the root and there is no path twice: [`plan`] made sure.
pub struct Plan {
    pub(crate) path: PathBuf,
    /// The output folder as it was looked at; none if it was not there.
    pub(crate) root: Option<Root>,
    pub(crate) changes: Vec<Change>,
    /// `kiln.lock` and what belongs to it.
    pub(crate) records: Vec<Rewrite>,
    /// What earlier runs wrote, and what is to be recorded now.
    pub(crate) before: Lock,
    pub(crate) after: Lock,
    pub(crate) not_compared: Vec<String>,
    pub(crate) needless: Vec<String>,
}

impl Plan {
    /// A plan for a folder that is no run's to compare.
    pub(crate) fn of(path: &Path, root: Option<Root>, changes: Vec<Change>, records: Vec<Rewrite>) -> Plan {
        Plan {
            path: path.to_owned(),
            root,
            changes,
            records,
            before: Lock::default(),
            after: Lock::default(),
            not_compared: Vec::new(),
            needless: Vec::new(),
        }
    }

    /// Files of an earlier run that this run may not have made; sorted.
    pub fn not_compared(&self) -> &[String] {
        &self.not_compared
    }

    /// The paths of [`Force::Paths`] at which nothing is in the way.
    pub fn needless(&self) -> &[String] {
        &self.needless
    }

    /// Every output and every file that was one, sorted by path.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The outputs that stand in the way of a commit.
    pub fn conflicts(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| matches!(change.action, Action::Conflict(_)))
    }

    /// The files that go.
    pub fn removals(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.action == Action::Remove)
    }

    /// How many files have this action.
    pub fn count(&self, action: Action) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }

    /// What happens to the lock: it is created, updated, removed or kept.
    pub fn lock_action(&self) -> Action {
        self.records.iter().find(|it| it.is_lock()).map_or(Action::Keep, Rewrite::action)
    }

    /// Whether the lock says that the user agreed to what goes from a cluster with files.
    pub fn agrees_to_prune(&self) -> bool {
        self.before.prunes
    }

    /// The same plan, which also records in the lock that the user agreed to what goes from a
    /// cluster with files, from now on.
    #[must_use]
    pub fn agree_to_prune(mut self) -> Plan {
        self.after.prunes = true;
        self.records.iter_mut().filter(|it| it.is_lock()).for_each(|it| it.new = Some(self.after.text()));
        self
    }

    /// Whether a commit would write anything.
    pub fn is_empty(&self) -> bool {
        self.records.iter().all(|it| it.action() == Action::Keep)
            && !self.changes.iter().any(|change| change.action.is_change())
    }
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The outputs or the lock are wrong, and the sink says how.
    #[error("the plan has errors")]
    Reported(Reported),
    /// The output folder could not be read.
    #[error("cannot read `{path}`: {reason}")]
    Read {
        /// The path, as messages show it.
        path: String,
        /// Our own words for why.
        reason: &'static str,
        /// The error of the system; may repeat arguments, so it is not for users.
        source: Cause,
    },
}

impl From<Reported> for PlanError {
    fn from(reported: Reported) -> PlanError {
        PlanError::Reported(reported)
    }
}

/// Compares `artifacts` with the disk.
///
/// Paths at which nothing may be written are reported, all of them, as is a damaged or
/// newer lock; files of an earlier run that are no longer outputs and stay are reported, too.
///
/// # Errors
/// If something was reported as an error, or the output folder cannot be read.
pub fn plan(
    target: &Target<'_>,
    mut artifacts: Vec<Artifact>,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Plan, PlanError> {
    artifacts.sort_by(|a, b| a.path().cmp(b.path()));
    let paths: Vec<&str> = artifacts.iter().map(Artifact::path).collect();
    let mut broken = None;
    for (path, fault) in output_quarrels(&paths) {
        broken = Some(sink.error(findings::unwritable(path, &fault)));
    }
    let root = open(target.root)?;
    let mut record = Record::read(target.root, root.as_ref(), sources, sink)?;
    if let Some(reported) = broken {
        return Err(reported.into());
    }
    let mut changes = compare(target, root.as_ref(), artifacts, &record.lock, sink)?;
    let left = stale(target, root.as_ref(), &changes, &record.lock)?;
    left.changes.iter().filter_map(findings::left).for_each(|finding| sink.push(finding));
    changes.extend(left.changes);
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    let needless = needless(&target.force, &changes, &record);
    let lock = next(target, &changes, &left.not_compared, &record.lock);
    Ok(Plan {
        path: target.root.to_owned(),
        root,
        changes,
        before: std::mem::take(&mut record.lock),
        records: record.rewrites(Some(&lock)),
        after: lock,
        not_compared: left.not_compared,
        needless,
    })
}

/// The named paths at which nothing was in the way.
fn needless(force: &Force, changes: &[Change], record: &Record) -> Vec<String> {
    let Force::Paths(paths) = force else { return Vec::new() };
    let is_needed = |path: &str| {
        let was_adopted = record.lock.outputs.get(path).is_some_and(|known| known.is_adopted);
        changes.iter().any(|it| {
            it.path == path && it.artifact.is_some() && (was_adopted || it.action == Action::Update)
        })
    };
    paths.iter().filter(|path| !is_needed(path)).cloned().collect()
}

/// The output folder, none if there is nothing yet.
pub(crate) fn open(path: &Path) -> Result<Option<Root>, PlanError> {
    Root::open(path).map_err(|error| {
        let is_file = error.kind() == io::ErrorKind::NotADirectory;
        let reason = if is_file { "is not a folder" } else { reason(&error) };
        PlanError::Read { path: shown(path), reason, source: error.into() }
    })
}

pub(crate) fn unreadable(root: &Path, path: &str, error: io::Error) -> PlanError {
    PlanError::Read { path: join(&shown(root), path), reason: reason(&error), source: error.into() }
}
