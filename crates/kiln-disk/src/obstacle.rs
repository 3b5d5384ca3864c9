//! What stands in the way of an output, and whether it goes with this run.

use std::io;

use crate::lock::Lock;
use crate::place::Fault;
use crate::plan::Target;
use crate::root::Root;

/// What becomes of files that stand in the way of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// An earlier run wrote them, and they are no longer outputs.
    Goes,
    /// This one is not kiln's.
    Foreign(String),
    /// The user changed this one since an earlier run wrote it.
    Edited(String),
    /// This one would go, if anything were to be removed.
    Kept(String),
}

/// What becomes of a file where an output needs a folder, or of a folder where an output has to go;
/// `None` of anything else.
///
/// A folder without a file in it goes, whoever made it: to git it is nothing.
pub(crate) fn obstacle(
    target: &Target<'_>,
    root: &Root,
    path: &str,
    fault: &Fault,
    lock: &Lock,
) -> io::Result<Option<Obstacle>> {
    let files = match fault {
        Fault::ParentIsFile(parent) => vec![parent.clone()],
        Fault::Folder => root.below(path)?.files,
        _ => return Ok(None),
    };
    for file in files {
        let Some(known) = lock.outputs.get(&file).filter(|known| !known.is_adopted) else {
            return Ok(Some(Obstacle::Foreign(file)));
        };
        match root.read(&file) {
            Ok(Some(found)) if !known.is_of(&found.bytes) => return Ok(Some(Obstacle::Edited(file))),
            Ok(_) if !target.prune => return Ok(Some(Obstacle::Kept(file))),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                return Ok(Some(Obstacle::Foreign(file)));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Some(Obstacle::Goes))
}
