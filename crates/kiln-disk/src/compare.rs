//! Outputs beside what stands at their paths.

use std::collections::BTreeSet;

use kiln_model::{Artifact, Diagnostics};

use crate::findings;
use crate::lock::Lock;
use crate::obstacle::{Obstacle, obstacle};
use crate::place::Surveyor;
use crate::plan::{Action, Change, PlanError, Reason, Target, unreadable};
use crate::root::Root;

/// Decides about every output.
pub(crate) fn compare(
    target: &Target<'_>,
    root: Option<&Root>,
    artifacts: Vec<Artifact>,
    lock: &Lock,
    sink: &mut Diagnostics,
) -> Result<Vec<Change>, PlanError> {
    let mut surveyor = Surveyor::new(root);
    let mut changes = Vec::with_capacity(artifacts.len());
    let mut parents = BTreeSet::new();
    let mut broken = None;
    for artifact in artifacts {
        let path = artifact.path();
        let failed = |error| unreadable(target.root, path, error);
        let Err(fault) = surveyor.has_file(path).map_err(failed)? else {
            changes.push(judge(target, root, artifact, lock)?);
            continue;
        };
        let obstacle = root.map_or(Ok(None), |root| obstacle(target, root, path, &fault, lock));
        match obstacle.map_err(failed)? {
            Some(Obstacle::Goes) => changes.push(create(artifact, lock)),
            // What stands in the way of a whole folder is said once.
            _ if !fault.parent().is_none_or(|parent| parents.insert(parent.to_owned())) => {}
            obstacle => {
                broken = Some(sink.error(findings::obstructed(path, &fault, obstacle.as_ref())));
            }
        }
    }
    broken.map_or(Ok(changes), |reported| Err(reported.into()))
}

/// An output in whose place nothing stands, or will stand when it is written.
fn create(artifact: Artifact, lock: &Lock) -> Change {
    let path = artifact.path().to_owned();
    let known = lock.outputs.get(&path);
    Change {
        is_recorded: known.is_some_and(|known| !known.is_adopted),
        was_private: known.is_some_and(|known| known.is_private),
        path,
        artifact: Some(artifact),
        action: Action::Create,
        old: None,
    }
}

/// Decides about one output from the file at its path.
fn judge(
    target: &Target<'_>,
    root: Option<&Root>,
    artifact: Artifact,
    lock: &Lock,
) -> Result<Change, PlanError> {
    let path = artifact.path().to_owned();
    let old = root.map_or(Ok(None), |root| root.read(&path));
    let old = old.map_err(|error| unreadable(target.root, &path, error))?;
    let known = lock.outputs.get(&path);
    let is_adopted = known.is_some_and(|known| known.is_adopted);
    let action = match &old {
        None => Action::Create,
        Some(_) if is_adopted && !target.force.names(&path) => Action::Adopted,
        Some(old) if old.bytes == artifact.bytes() => Action::Keep,
        Some(_) if target.force.covers(&path) => Action::Update,
        Some(old) => match known {
            None => Action::Conflict(Reason::Foreign),
            Some(known) if known.is_of(&old.bytes) => Action::Update,
            Some(_) => Action::Conflict(Reason::Changed),
        },
    };
    let old = old.filter(|_| action.is_change());
    Ok(Change {
        path,
        artifact: Some(artifact),
        action,
        old,
        is_recorded: known.is_some() && !is_adopted,
        was_private: known.is_some_and(|known| known.is_private),
    })
}
