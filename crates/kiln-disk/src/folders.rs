//! Folders that are made on the way.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Makes folders, and remembers which are new.
#[derive(Default)]
pub(crate) struct Folders {
    /// Those that are known to be there.
    known: BTreeSet<PathBuf>,
    /// Those that were made, outer ones first.
    created: Vec<PathBuf>,
}

impl Folders {
    /// Makes a folder and those above it.
    pub(crate) fn make(&mut self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || self.known.contains(folder) {
            return Ok(());
        }
        if !folder.is_dir() {
            if let Some(parent) = folder.parent() {
                self.make(parent)?;
            }
            fs::create_dir(folder)?;
            self.created.push(folder.to_owned());
        }
        self.known.insert(folder.to_owned());
        Ok(())
    }

    /// Removes the folders that were made.
    pub(crate) fn unmake(&mut self) {
        for folder in self.created.drain(..).rev() {
            // A folder that is not empty holds something that is not ours: it stays.
            let _ = fs::remove_dir(folder);
        }
    }
}
