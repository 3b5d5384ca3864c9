//! The only way any stage sees a file.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// Why a file that is there could not be read. Carries no operating-system text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The path, as asked for.
    pub path: String,
    /// A short reason, such as `permission denied` or `is a folder`.
    pub reason: String,
}

/// Read access to a folder. Paths are relative, with `/` separators.
///
/// The disk implementation lives in `kiln-disk`; [`MemoryFiles`] serves tests and
/// programs that embed kiln; an editor can lay its unsaved buffers over either.
pub trait Files: Sync {
    /// The content of a file, `None` if there is no such file.
    ///
    /// # Errors
    /// If the file is there but cannot be read.
    fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError>;

    /// The paths of all files below `folder`, at any depth, sorted; empty if there is no
    /// such folder.
    ///
    /// # Errors
    /// If the folder is there but cannot be read.
    fn list(&self, folder: &str) -> Result<Vec<String>, FileError>;

    /// How messages call a path of this folder; the path itself unless the folder is
    /// not the project's.
    fn display(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// Files in memory.
#[derive(Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Zeroizing<Vec<u8>>>,
}

impl MemoryFiles {
    /// No files.
    pub fn new() -> MemoryFiles {
        MemoryFiles::default()
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), Zeroizing::new(content.into()));
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
        Ok(self.files.get(path).cloned())
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let inside = |path: &&String| {
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        };
        Ok(self.files.keys().filter(inside).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_stays_inside_the_folder() {
        let mut files = MemoryFiles::new();
        for path in ["a/x", "a/b/y", "ab/z", "top"] {
            files.insert(path, "");
        }
        assert_eq!(files.list("a").unwrap(), ["a/b/y", "a/x"]);
        assert_eq!(files.list("").unwrap().len(), 4);
        assert!(files.list("none").unwrap().is_empty());
    }
}
