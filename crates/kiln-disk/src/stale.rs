//! Files of an earlier run that are no longer outputs.

use std::collections::BTreeSet;

use crate::lock::{Known, Lock};
use crate::place::{Surveyor, is_excluded};
use crate::plan::{Action, Change, PlanError, Target, unreadable};
use crate::root::Root;

/// What became of them.
#[derive(Default)]
pub(crate) struct Left {
    /// Those that are there.
    pub(crate) changes: Vec<Change>,
    /// The paths of those that may be outputs still, in a run that did not make all.
    pub(crate) not_compared: Vec<String>,
}

/// Looks at every file that the lock knows and that is not among the changes. One that is gone,
/// or that the user adopted, is forgotten.
pub(crate) fn stale(
    target: &Target<'_>,
    root: Option<&Root>,
    changes: &[Change],
    lock: &Lock,
) -> Result<Left, PlanError> {
    let outputs: BTreeSet<&str> = changes.iter().map(Change::path).collect();
    let mut surveyor = Surveyor::new(root);
    let mut left = Left::default();
    for (path, known) in lock.outputs.iter().filter(|(path, _)| !outputs.contains(path.as_str())) {
        let there = surveyor.has_file(path).map_err(|error| unreadable(target.root, path, error))?;
        match there {
            Ok(false) => {}
            _ if target.is_partial && !is_excluded(path, &outputs) => left.not_compared.push(path.clone()),
            _ if known.is_adopted => {}
            Ok(true) => left.changes.extend(one(target, root, path, known)?),
            // Something else stands there now, which kiln did not make.
            Err(_) => left.changes.push(change(path, known, Action::Orphan)),
        }
    }
    Ok(left)
}

/// What happens to one file that is there.
pub(crate) fn one(
    target: &Target<'_>,
    root: Option<&Root>,
    path: &str,
    known: &Known,
) -> Result<Option<Change>, PlanError> {
    let old = root.map_or(Ok(None), |root| root.read(path));
    let Some(old) = old.map_err(|error| unreadable(target.root, path, error))? else { return Ok(None) };
    let action = match known.is_of(&old.bytes) {
        false => Action::Orphan,
        true if target.prune => Action::Remove,
        true => Action::Stale,
    };
    let old = (action == Action::Remove).then_some(old);
    Ok(Some(Change { old, ..change(path, known, action) }))
}

fn change(path: &str, known: &Known, action: Action) -> Change {
    let was_private = known.is_private;
    Change { path: path.to_owned(), artifact: None, action, old: None, is_recorded: true, was_private }
}
