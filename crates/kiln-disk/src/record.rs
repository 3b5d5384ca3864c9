//! `kiln.lock` on the disk, and the file beside it that is no part of the repository.

use std::collections::BTreeMap;
use std::path::Path;

use kiln_model::{Diagnostics, Mode, Sources};

use crate::journal::PRIVATE;
use crate::lock::{Known, LOCK_FILE, Lock, sha256};
use crate::plan::{Action, Change, PlanError, Target, unreadable};
use crate::reader::{join, shown};
use crate::root::{OldFile, Root};

/// What earlier runs wrote.
#[derive(Default)]
pub(crate) struct Record {
    /// Empty if there is no lock.
    pub(crate) lock: Lock,
    pub(crate) old: Option<OldFile>,
    pub(crate) private: Option<OldFile>,
}

/// One of these files, before and after.
pub(crate) struct Rewrite {
    pub(crate) path: &'static str,
    pub(crate) old: Option<OldFile>,
    pub(crate) new: Option<String>,
}

impl Rewrite {
    pub(crate) fn is_lock(&self) -> bool {
        self.path == LOCK_FILE
    }

    /// What happens to the file.
    pub(crate) fn action(&self) -> Action {
        match (&self.old, &self.new) {
            (None, None) => Action::Keep,
            (Some(old), Some(new)) if old.bytes == new.as_bytes() => Action::Keep,
            (None, Some(_)) => Action::Create,
            (Some(_), Some(_)) => Action::Update,
            (Some(_), None) => Action::Remove,
        }
    }
}

impl Record {
    /// Reads what is there.
    pub(crate) fn read(
        path: &Path,
        root: Option<&Root>,
        sources: &mut Sources,
        sink: &mut Diagnostics,
    ) -> Result<Record, PlanError> {
        let Some(root) = root else { return Ok(Record::default()) };
        let read = |name| root.read(name).map_err(|error| unreadable(path, name, error));
        let (old, private) = (read(LOCK_FILE)?, read(PRIVATE)?);
        let mut lock = match &old {
            Some(old) => Lock::parse(old.bytes.clone(), join(&shown(path), LOCK_FILE), sources, sink)?,
            None => Lock::default(),
        };
        if let Some(text) = private.as_ref().and_then(|it| str::from_utf8(&it.bytes).ok()) {
            lock.add_private(text);
        }
        Ok(Record { lock, old, private })
    }

    /// The files with a new lock in them, the lock last; without one they go.
    pub(crate) fn rewrites(self, lock: Option<&Lock>) -> Vec<Rewrite> {
        let private = lock.and_then(Lock::private_text);
        vec![
            Rewrite { path: PRIVATE, old: self.private, new: private },
            Rewrite { path: LOCK_FILE, old: self.old, new: lock.map(Lock::text) },
        ]
    }
}

/// The lock after a commit. Files of an earlier run that stay remain known, so that they are
/// known to be kiln's when they are to be removed.
pub(crate) fn next(target: &Target<'_>, changes: &[Change], not_compared: &[String], old: &Lock) -> Lock {
    let (kiln, pack) = (target.kiln.to_owned(), target.pack.to_owned());
    let mut lock = Lock { kiln, pack, prunes: old.prunes, outputs: BTreeMap::new() };
    for change in changes {
        let known = old.outputs.get(&change.path);
        let now = match (change.action, &change.artifact) {
            (Action::Remove, _) => continue,
            (Action::Adopted, Some(artifact)) => {
                Known { template: artifact.template().to_owned(), is_adopted: true, ..Known::default() }
            }
            (_, Some(artifact)) => Known {
                sha256: Some(sha256(artifact.bytes())),
                template: artifact.template().to_owned(),
                is_private: artifact.mode() == Mode::Private,
                is_adopted: false,
            },
            (_, None) => known.cloned().unwrap_or_default(),
        };
        lock.outputs.insert(change.path.clone(), now);
    }
    for path in not_compared {
        lock.outputs.extend(old.outputs.get(path).map(|known| (path.clone(), known.clone())));
    }
    lock
}
