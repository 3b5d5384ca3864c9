//! Takes back what kiln wrote.

use std::path::Path;

use kiln_model::{Diagnostics, Sources};

use crate::plan::{Force, Plan, PlanError, Target, open};
use crate::record::Record;
use crate::stale::stale;

/// A plan that removes every file that kiln wrote and that is as it was written, and the record of
/// them. Files that the user changed or adopted stay; those that were changed are among the changes.
///
/// # Errors
/// If the lock or a file cannot be read.
pub fn reset(root: &Path, sources: &mut Sources, sink: &mut Diagnostics) -> Result<Plan, PlanError> {
    let folder = open(root)?;
    let record = Record::read(root, folder.as_ref(), sources, sink)?;
    let target = Target { root, kiln: "", pack: "", force: Force::Nothing, prune: true, is_partial: false };
    let left = stale(&target, folder.as_ref(), &[], &record.lock)?;
    Ok(Plan::of(root, folder, left.changes, record.rewrites(None)))
}
