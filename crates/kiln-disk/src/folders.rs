//! Folders that are made on the way.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind};

use crate::root::{Entry, Root, folders};

/// Makes folders, and remembers which are new.
#[derive(Default)]
pub(crate) struct Folders {
    /// Those that are known to be there.
    known: BTreeSet<String>,
    /// Those that were made, outer ones first.
    created: Vec<String>,
}

impl Folders {
    /// Makes the folders that a path goes through.
    pub(crate) fn make(&mut self, root: &Root, path: &str) -> io::Result<()> {
        for folder in folders(path) {
            if self.known.contains(folder) {
                continue;
            }
            match root.look(folder)? {
                Entry::Absent => {
                    root.make_folder(folder)?;
                    self.created.push(folder.to_owned());
                }
                Entry::Folder => {}
                Entry::Link if root.is_folder(folder) => {}
                _ => return Err(ErrorKind::NotADirectory.into()),
            }
            self.known.insert(folder.to_owned());
        }
        Ok(())
    }

    /// Removes the folders that were made.
    pub(crate) fn unmake(&mut self, root: &Root) {
        for folder in self.created.drain(..).rev() {
            // A folder that is not empty holds something that is not ours: it stays.
            let _ = root.remove_folder(&folder);
        }
    }
}
