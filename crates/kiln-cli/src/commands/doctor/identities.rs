//! The age keys that `sops` finds by itself.

use std::path::{Path, PathBuf};

use kiln::{DiskFiles, Files as _};

use crate::report::Outcome;
use crate::{environment, findings, identities};

/// Finds key files that `sops` reads without being told, and that do not hold the project's
/// key. [`sops` takes] the file that `SOPS_AGE_KEY_FILE` names, and the one in the folder for
/// settings.
///
/// [`sops` takes]: https://getsops.io/docs/#encrypting-using-age
pub(super) fn examine(recipient: &str, outcome: &mut Outcome) {
    let named = environment::filled("SOPS_AGE_KEY_FILE").map(PathBuf::from);
    if named.as_deref().and_then(|path| holds(path, recipient)) == Some(true) {
        return;
    }
    let others: Vec<PathBuf> = named.into_iter().chain(identities::default_file()).collect();
    if others.iter().any(|path| holds(path, recipient) == Some(true)) {
        return;
    }
    for path in others.iter().filter(|path| holds(path, recipient).is_some()) {
        outcome.diagnostics.push(findings::foreign_identity(path));
    }
}

/// Whether a file holds the key; `None` if there is no such file.
fn holds(path: &Path, recipient: &str) -> Option<bool> {
    // `sops` follows links, and people keep such files elsewhere.
    let path = path.canonicalize().ok()?;
    let content = DiskFiles::new(path.parent()?).read(path.file_name()?.to_str()?).ok()??;
    let text = std::str::from_utf8(&content).unwrap_or_default();
    Some(kiln::holds_key_of(text, recipient))
}
