//! What writing a set of artifacts would change.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kiln_model::{Artifact, Diagnostics, Reported, Sources};

use crate::failure::{Cause, reason};
use crate::findings;
use crate::lock::{LOCK_FILE, Lock, sha256};
use crate::place::{Surveyor, quarrels};
use crate::reader::{is_absent, join, shown};

/// Where a plan is for, and what the lock is to record.
pub struct Target<'a> {
    /// The output folder; it may not exist yet.
    pub root: &'a Path,
    /// The version of kiln.
    pub kiln: &'a str,
    /// Name and version of the pack.
    pub pack: &'a str,
    /// Overwrite files that the user changed.
    pub force: bool,
    /// Whether there may be outputs that are not among the artifacts. Files of an earlier run
    /// that are not among them are then [`Plan::not_compared`], not stale.
    pub is_partial: bool,
}

/// What happens to one output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing stands at its path.
    Create,
    /// The file is replaced.
    Update,
    /// The file already has these bytes.
    Keep,
    /// The file is not kiln's to overwrite.
    Conflict(Reason),
}

/// Why a file is not kiln's to overwrite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It changed since kiln wrote it.
    Changed,
    /// kiln did not write it.
    Foreign,
}

/// One output beside what stands at its path.
pub struct Change {
    pub(crate) artifact: Artifact,
    pub(crate) action: Action,
    pub(crate) old: Option<OldFile>,
}

/// A file that is about to be replaced.
pub(crate) struct OldFile {
    pub(crate) bytes: Vec<u8>,
    pub(crate) permissions: fs::Permissions,
}

impl Change {
    /// The path under the output folder.
    pub fn path(&self) -> &str {
        self.artifact.path()
    }

    /// What happens to it.
    pub fn action(&self) -> Action {
        self.action
    }

    /// Whether the file already is as it should be.
    pub fn is_kept(&self) -> bool {
        self.action == Action::Keep
    }

    /// What would be written.
    pub fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    /// The bytes on disk, if there are some and they differ.
    pub fn old_bytes(&self) -> Option<&[u8]> {
        self.old.as_ref().map(|old| old.bytes.as_slice())
    }
}

/// Every output, sorted by path, with what happens to it.
///
/// Every path is inside the root and there is no path twice: [`plan`] made sure.
pub struct Plan {
    pub(crate) root: PathBuf,
    pub(crate) changes: Vec<Change>,
    /// The text of the lock, unless it is already so.
    pub(crate) lock: Option<String>,
    has_lock: bool,
    not_compared: Vec<String>,
}

impl Plan {
    /// A plan without conflicts; `lock` is the new text of the lock, if it changes.
    pub(crate) fn new(root: &Path, changes: Vec<Change>, lock: Option<String>) -> Plan {
        Plan { root: root.to_owned(), changes, has_lock: lock.is_some(), lock, not_compared: Vec::new() }
    }

    /// Files of an earlier run that this run may not have made; sorted.
    pub fn not_compared(&self) -> &[String] {
        &self.not_compared
    }

    /// Every output, sorted by path.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The outputs that stand in the way of a commit.
    pub fn conflicts(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| matches!(change.action, Action::Conflict(_)))
    }

    /// How many outputs have this action.
    pub fn count(&self, action: Action) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }

    /// What happens to the lock: it is created, updated or kept.
    pub fn lock_action(&self) -> Action {
        match (&self.lock, self.has_lock) {
            (None, _) => Action::Keep,
            (Some(_), true) => Action::Update,
            (Some(_), false) => Action::Create,
        }
    }

    /// Whether a commit would write anything.
    pub fn is_empty(&self) -> bool {
        self.lock.is_none() && self.count(Action::Keep) == self.changes.len()
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
/// newer lock; files of an earlier run that are no longer outputs are worth an info.
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
    for (path, fault) in quarrels(&paths) {
        broken = Some(sink.error(findings::unwritable(path, &fault)));
    }
    refuse_file_as_root(target.root)?;
    let old_lock = read_lock(target.root, sources, sink)?;
    if let Some(reported) = broken {
        return Err(reported.into());
    }
    let changes = compare(target, artifacts, old_lock.as_ref().map(|(lock, _)| lock), sink)?;
    let (lock, left) = next_lock(target, &changes, old_lock.as_ref().map(|(lock, _)| lock));
    let not_compared = if target.is_partial { left } else { stale(&left, sink) };
    let text = lock.text();
    let has_lock = old_lock.is_some();
    let is_same = old_lock.is_some_and(|(_, old)| old == text.as_bytes());
    Ok(Plan {
        root: target.root.to_owned(),
        changes,
        lock: (!is_same).then_some(text),
        has_lock,
        not_compared,
    })
}

fn refuse_file_as_root(root: &Path) -> Result<(), PlanError> {
    match fs::metadata(root) {
        Ok(found) if !found.is_dir() => Err(PlanError::Read {
            path: shown(root),
            reason: "is not a folder",
            source: io::Error::from(io::ErrorKind::NotADirectory).into(),
        }),
        // Whether the folder can be made is seen when it is.
        _ => Ok(()),
    }
}

/// The lock and its bytes, if there is one.
pub(crate) fn read_lock(
    root: &Path,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Option<(Lock, Vec<u8>)>, PlanError> {
    let Some(file) = read_file(&root.join(LOCK_FILE)).map_err(|error| unreadable(root, LOCK_FILE, error))?
    else {
        return Ok(None);
    };
    let name = join(&shown(root), LOCK_FILE);
    Ok(Some((Lock::parse(file.bytes.clone(), name, sources, sink)?, file.bytes)))
}

fn compare(
    target: &Target<'_>,
    artifacts: Vec<Artifact>,
    lock: Option<&Lock>,
    sink: &mut Diagnostics,
) -> Result<Vec<Change>, PlanError> {
    let mut surveyor = Surveyor::new(target.root);
    let mut changes = Vec::with_capacity(artifacts.len());
    let mut parents = BTreeSet::new();
    let mut broken = None;
    for artifact in artifacts {
        let path = artifact.path();
        match surveyor.has_file(path).map_err(|error| unreadable(target.root, path, error))? {
            // What stands in the way of a whole folder is said once.
            Err(fault) if !fault.parent().is_none_or(|parent| parents.insert(parent.to_owned())) => {}
            Err(fault) => broken = Some(sink.error(findings::unwritable(path, &fault))),
            Ok(false) => changes.push(Change { artifact, action: Action::Create, old: None }),
            Ok(true) => changes.push(judge(target, artifact, lock)?),
        }
    }
    broken.map_or(Ok(changes), |reported| Err(reported.into()))
}

/// Decides about one output from the file at its path.
fn judge(target: &Target<'_>, artifact: Artifact, lock: Option<&Lock>) -> Result<Change, PlanError> {
    let path = artifact.path();
    let old = read_file(&target.root.join(path)).map_err(|error| unreadable(target.root, path, error))?;
    let Some(old) = old else {
        return Ok(Change { artifact, action: Action::Create, old: None });
    };
    if old.bytes == artifact.bytes() {
        return Ok(Change { artifact, action: Action::Keep, old: None });
    }
    let action = match lock.and_then(|lock| lock.outputs.get(path)) {
        _ if target.force => Action::Update,
        None => Action::Conflict(Reason::Foreign),
        Some(hash) if *hash == sha256(&old.bytes) => Action::Update,
        Some(_) => Action::Conflict(Reason::Changed),
    };
    Ok(Change { artifact, action, old: Some(old) })
}

/// The lock after a commit, and the files of an earlier run that are there and not among
/// the changes. They stay recorded, so that they are known to be kiln's when they are to be
/// removed.
fn next_lock(target: &Target<'_>, changes: &[Change], old: Option<&Lock>) -> (Lock, Vec<String>) {
    let mut outputs: BTreeMap<String, String> =
        changes.iter().map(|change| (change.path().to_owned(), sha256(change.artifact.bytes()))).collect();
    let mut left = Vec::new();
    for (path, hash) in old.iter().flat_map(|lock| &lock.outputs) {
        if !outputs.contains_key(path) && fs::symlink_metadata(target.root.join(path)).is_ok() {
            left.push(path.clone());
            outputs.insert(path.clone(), hash.clone());
        }
    }
    (Lock { kiln: target.kiln.to_owned(), pack: target.pack.to_owned(), outputs }, left)
}

/// Says which files are no longer outputs; none is left to be compared.
fn stale(paths: &[String], sink: &mut Diagnostics) -> Vec<String> {
    paths.iter().for_each(|path| sink.push(findings::stale(path)));
    Vec::new()
}

/// A file and its permissions, `None` if nothing is there. Links are not followed.
#[allow(clippy::disallowed_methods, reason = "this is where the old files are read")]
pub(crate) fn read_file(path: &Path) -> io::Result<Option<OldFile>> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(found) if !found.is_file() => return Err(io::ErrorKind::Unsupported.into()),
        Ok(found) => found,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    Ok(Some(OldFile { bytes: fs::read(path)?, permissions: found.permissions() }))
}

pub(crate) fn unreadable(root: &Path, path: &str, error: io::Error) -> PlanError {
    PlanError::Read { path: join(&shown(root), path), reason: reason(&error), source: error.into() }
}
