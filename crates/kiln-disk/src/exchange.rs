//! Replaces files that are there, all or none.

use std::path::Path;

use kiln_model::{Artifact, Diagnostics, Sources};

use crate::findings;
use crate::lock::sha256;
use crate::place::{Surveyor, spelling};
use crate::plan::{Action, Change, Plan, PlanError, open, unreadable};
use crate::record::Record;

/// Compares files with those on the disk that they are to replace.
///
/// Unlike [`crate::plan`] this is for files that no run of the project made, too. What
/// [`crate::LOCK_FILE`] knows of a file goes with it: one that was as kiln wrote it still counts as
/// such, and one that the user changed still counts as changed.
///
/// # Errors
/// If a path may not be written, or the lock or a file cannot be read.
pub fn exchange(
    path: &Path,
    mut artifacts: Vec<Artifact>,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Result<Plan, PlanError> {
    artifacts.sort_by(|a, b| a.path().cmp(b.path()));
    let root = open(path)?;
    let mut record = Record::read(path, root.as_ref(), sources, sink)?;
    let mut surveyor = Surveyor::new(root.as_ref());
    let mut changes = Vec::with_capacity(artifacts.len());
    for artifact in artifacts {
        let name = artifact.path();
        let place = match spelling(name) {
            Some(fault) => Err(fault),
            None => surveyor.has_file(name).map_err(|error| unreadable(path, name, error))?,
        };
        if let Err(fault) = place {
            return Err(sink.error(findings::unwritable(name, &fault)).into());
        }
        let old = root.as_ref().map_or(Ok(None), |root| root.read(name));
        let old = old.map_err(|error| unreadable(path, name, error))?;
        let known = record.lock.outputs.get_mut(name);
        let is_recorded = known.is_some();
        let was_private = known.as_ref().is_some_and(|known| known.is_private);
        if let (Some(known), Some(old)) = (known, &old)
            && known.is_of(&old.bytes)
        {
            known.sha256 = Some(sha256(artifact.bytes()));
        }
        let action = if old.is_some() { Action::Update } else { Action::Create };
        let path = name.to_owned();
        changes.push(Change { path, artifact: Some(artifact), action, old, is_recorded, was_private });
    }
    let lock = record.old.is_some().then(|| std::mem::take(&mut record.lock));
    let records = record.rewrites(lock.as_ref());
    Ok(Plan::of(path, root, changes, records))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use kiln_model::{Rendered, Span};

    use super::*;
    use crate::{Force, Target, plan};

    fn artifact(path: &str, text: &str) -> Artifact {
        Artifact::clear(&Rendered::new(path, text, Span::NONE, Vec::new())).unwrap()
    }

    fn target(root: &Path) -> Target<'_> {
        Target { root, kiln: "0.1.0", pack: "p", force: Force::Nothing, prune: true, is_partial: false }
    }

    fn exchanged(root: &Path, artifacts: Vec<Artifact>) -> Result<crate::Receipt, crate::CommitError> {
        let plan = exchange(root, artifacts, &mut Sources::new(), &mut Diagnostics::new()).unwrap();
        plan.commit()
    }

    #[test]
    fn a_file_that_was_kilns_stays_kilns() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let all = || vec![artifact("a", "1"), artifact("b", "1")];
        let plan = plan(&target(root), all(), &mut Sources::new(), &mut Diagnostics::new()).unwrap();
        plan.commit().unwrap();
        #[allow(clippy::disallowed_methods, reason = "a file that the user changed")]
        fs::write(root.join("b"), "mine").unwrap();
        exchanged(root, vec![artifact("a", "2"), artifact("b", "2"), artifact("c/d", "2")]).unwrap();
        let next = vec![artifact("a", "3"), artifact("b", "3")];
        let plan = crate::plan(&target(root), next, &mut Sources::new(), &mut Diagnostics::new()).unwrap();
        let conflicts: Vec<&str> = plan.conflicts().map(Change::path).collect();
        assert_eq!(conflicts, ["b"]);
    }

    #[test]
    fn where_there_is_no_lock_none_is_made() {
        let folder = tempfile::tempdir().unwrap();
        exchanged(folder.path(), vec![artifact("a", "1")]).unwrap();
        assert!(folder.path().join("a").is_file() && !folder.path().join(crate::LOCK_FILE).exists());
    }

    #[test]
    fn one_file_that_cannot_be_written_leaves_all_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        exchanged(root, vec![artifact("a", "1"), artifact("b", "1")]).unwrap();
        let mut plan = exchange(
            root,
            vec![artifact("a", "2"), artifact("b", "2")],
            &mut Sources::new(),
            &mut Diagnostics::new(),
        )
        .unwrap();
        fs::remove_file(root.join("b")).unwrap();
        fs::create_dir(root.join("b")).unwrap();
        #[allow(
            clippy::disallowed_methods,
            reason = "the test is the user, whose file keeps the folder there"
        )]
        fs::write(root.join("b/own"), "").unwrap();
        plan.changes[1].old = None;
        assert!(plan.commit().is_err());
        #[allow(clippy::disallowed_methods, reason = "the test looks at the disk")]
        let text = fs::read_to_string(root.join("a")).unwrap();
        assert_eq!(text, "1");
    }

    #[test]
    fn nothing_is_written_outside_of_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let mut sink = Diagnostics::new();
        assert!(
            exchange(folder.path(), vec![artifact("../a", "1")], &mut Sources::new(), &mut sink).is_err()
        );
        assert!(sink.has_errors());
    }
}
