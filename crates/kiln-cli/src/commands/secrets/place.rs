//! Where a command was started, and with which keys.

use std::path::{Component, Path, PathBuf};

use kiln::sops::Identities;
use kiln::{DiskFiles, Files as _};

use crate::identities;

/// A repository, and the folder in it that a command was started in.
pub(super) struct Place {
    pub(super) root: PathBuf,
    /// The folder in the repository: empty, or with a slash at its end.
    inner: String,
}

impl Place {
    /// The repository around the current folder; without one, the folder itself.
    pub(super) fn here() -> Place {
        let folder = kiln::live::current_folder();
        let is_repository = |folder: &&Path| kiln::live::kind(&folder.join(".git")).is_some();
        let root = folder.ancestors().find(is_repository).unwrap_or(&folder).to_owned();
        let inner = folder.strip_prefix(&root).unwrap_or(Path::new("")).to_string_lossy();
        let inner = if inner.is_empty() { String::new() } else { format!("{inner}/") };
        Place { root, inner }
    }

    /// Its files, called as they are from the current folder.
    pub(super) fn files(&self) -> DiskFiles {
        let above: PathBuf = self.inner.matches('/').map(|_| "..").collect();
        DiskFiles::new(&self.root).with_display_prefix(&above)
    }

    /// The path in the repository of one that is written from the current folder; `None` if it
    /// leads out of it.
    pub(super) fn inside(&self, path: &Path) -> Option<String> {
        let full = kiln::live::resolve(&kiln::live::current_folder().join(path));
        let inside = full.strip_prefix(kiln::live::resolve(&self.root)).ok()?;
        let parts = inside.components().filter(|part| *part != Component::CurDir);
        let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
        Some(parts?.join("/"))
    }

    /// Every key at hand, with that of the repository.
    pub(super) fn identities(&self) -> Identities {
        keys_of(&DiskFiles::new(&self.root))
    }
}

/// Every key at hand, with that of a project whose files these are.
pub(super) fn keys_of(files: &DiskFiles) -> Identities {
    let mut found = identities::find_all();
    // A link may lead to where the key really lies.
    if let Ok(Some(text)) = files.read("age.key") {
        found.add_file("age.key", &text);
    }
    found
}
