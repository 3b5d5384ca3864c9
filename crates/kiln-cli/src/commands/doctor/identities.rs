//! The age keys that `sops` finds by itself.

use std::env;
use std::path::{Path, PathBuf};

use kiln::{DiskFiles, Files as _};

use crate::findings;
use crate::report::Outcome;

/// Finds key files that `sops` reads without being told, and that do not hold the project's
/// key. [`sops` takes] the file that `SOPS_AGE_KEY_FILE` names, and the one in the folder for
/// settings.
///
/// [`sops` takes]: https://getsops.io/docs/#encrypting-using-age
pub(super) fn examine(recipient: &str, outcome: &mut Outcome) {
    let named = variable("SOPS_AGE_KEY_FILE");
    if named.as_deref().and_then(|path| holds(path, recipient)) == Some(true) {
        return;
    }
    let others: Vec<PathBuf> = named.into_iter().chain(defaults()).collect();
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

/// Where the file is if nobody says otherwise.
fn defaults() -> Vec<PathBuf> {
    let home = variable("HOME");
    let own = variable("XDG_CONFIG_HOME");
    let usual = home.as_ref().map(|home| home.join(".config"));
    let mac = home.as_ref().map(|home| home.join("Library/Application Support"));
    let folders = [own.or(usual), mac.filter(|_| cfg!(target_os = "macos"))];
    folders.into_iter().flatten().map(|folder| folder.join("sops/age/keys.txt")).collect()
}

fn variable(name: &str) -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "this is where the environment is read")]
    let value = env::var_os(name);
    value.filter(|value| !value.is_empty()).map(PathBuf::from)
}
