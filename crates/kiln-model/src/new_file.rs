//! Files that a new project gets.

use zeroize::Zeroizing;

use crate::Mode;

/// A file that a new project gets, before it is on the disk.
///
/// It is no [`crate::Artifact`]: it is written once and then belongs to the user. A key
/// file is secret through and through, so its content is wiped on drop, and it is created
/// [`Mode::Private`].
pub struct NewFile {
    path: String,
    content: Zeroizing<String>,
    mode: Mode,
}

impl NewFile {
    /// A file without secrets; `path` is relative to the project, with `/` separators.
    pub fn open(path: impl Into<String>, content: impl Into<String>) -> NewFile {
        NewFile { path: path.into(), content: Zeroizing::new(content.into()), mode: Mode::Normal }
    }

    /// A file that holds secrets, or is to hold some. Only the crate that makes new projects
    /// may call this (a lint holds it).
    pub fn private(path: impl Into<String>, content: Zeroizing<String>) -> NewFile {
        NewFile { path: path.into(), content, mode: Mode::Private }
    }

    /// The path in the project.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The content, of a key file too. Say beside each call why it is needed.
    pub fn expose(&self) -> &str {
        &self.content
    }

    /// The permission bits it is created with.
    pub fn mode(&self) -> Mode {
        self.mode
    }
}
