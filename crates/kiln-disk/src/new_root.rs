//! An output folder that is made for what goes into it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::root::Root;
use crate::step;

/// A folder that may not have been there before.
pub(crate) struct NewRoot {
    pub(crate) root: Root,
    /// The folders that were made, outer ones first.
    created: Vec<PathBuf>,
}

impl NewRoot {
    /// Opens a folder; makes it and those above it if it is not there.
    pub(crate) fn make(path: &Path) -> io::Result<NewRoot> {
        let mut created = Vec::new();
        let opened = make_all(path, &mut created)
            .and_then(|()| Root::open(path)?.ok_or_else(|| ErrorKind::NotFound.into()));
        match opened {
            Ok(root) => Ok(NewRoot { root, created }),
            Err(error) => {
                unmake(&created);
                Err(error)
            }
        }
    }

    /// Removes what was made.
    pub(crate) fn unmake(self) {
        unmake(&self.created);
    }
}

fn make_all(path: &Path, created: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        make_all(parent, created)?;
    }
    step::begin()?;
    match fs::create_dir(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Ok(()) => {
            created.push(path.to_owned());
            Ok(())
        }
        made => made,
    }
}

fn unmake(created: &[PathBuf]) {
    for folder in created.iter().rev() {
        // A folder that somebody else has put something into stays.
        if step::begin().is_ok() {
            let _ = fs::remove_dir(folder);
        }
    }
}
