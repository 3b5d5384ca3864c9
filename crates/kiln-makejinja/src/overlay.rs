//! A file system that keeps what is written to itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::disk::{Disk, DiskError, Entry, Kind, Origin};

/// A file system over another one: it reads what that holds, and keeps in memory what is
/// written, so that a run leaves no trace.
pub struct Overlay {
    below: Arc<dyn Disk>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What was written, by path without symbolic links.
    files: BTreeMap<PathBuf, Output>,
    folders: BTreeSet<PathBuf>,
    /// Folders below which nothing of the other file system is seen.
    removed: BTreeSet<PathBuf>,
    printed: Vec<u8>,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// What it holds.
    pub bytes: Vec<u8>,
    /// The template that it was made of, or the file that it is a copy of.
    pub input: PathBuf,
    /// Whether it shall have that file's mode and times.
    pub gets_metadata: bool,
}

impl Overlay {
    /// Over another file system, nothing written yet.
    pub fn new(below: Arc<dyn Disk>) -> Overlay {
        Overlay { below, state: Mutex::default() }
    }

    /// What was written so far, by path without symbolic links.
    pub fn outputs(&self) -> BTreeMap<PathBuf, Output> {
        self.lock().files.clone()
    }

    /// What was printed so far.
    pub fn printed(&self) -> Vec<u8> {
        self.lock().printed.clone()
    }

    /// A poisoned lock guards nothing that a panic could have torn: each change is one insertion.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a file is written: through the links of the other file system.
    fn place(&self, path: &Path) -> PathBuf {
        self.below.resolve(path)
    }

    /// What stands there, if it is known here; `Err` if the other file system knows.
    fn known(&self, path: &Path) -> Result<Option<Kind>, ()> {
        let state = self.lock();
        if state.files.contains_key(path) {
            return Ok(Some(Kind::File));
        }
        if state.folders.contains(path) {
            return Ok(Some(Kind::Folder));
        }
        if state.is_hidden(path) { Ok(None) } else { Err(()) }
    }
}

impl State {
    fn is_hidden(&self, path: &Path) -> bool {
        path.ancestors().any(|folder| self.removed.contains(folder))
    }
}

impl Disk for Overlay {
    fn current_folder(&self) -> PathBuf {
        self.below.current_folder()
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        self.below.resolve(path)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        match self.known(path).or_else(|()| self.known(&self.place(path))) {
            Ok(kind) => kind,
            Err(()) => self.below.kind(path),
        }
    }

    fn is_link(&self, path: &Path) -> bool {
        !self.lock().is_hidden(path) && self.below.is_link(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, DiskError> {
        let place = self.place(folder);
        let mut entries = match self.known(&place) {
            Ok(Some(Kind::Folder)) | Err(()) if !self.lock().is_hidden(&place) => {
                match (self.below.list(folder), self.known(&place)) {
                    (Err(_), Ok(_)) => Vec::new(),
                    (listed, _) => listed?,
                }
            }
            Ok(Some(Kind::Folder)) => Vec::new(),
            _ => return Err(DiskError::Failed("is no folder".to_owned())),
        };
        let state = self.lock();
        entries.retain(|entry| !state.removed.contains(&place.join(&entry.name)));
        let files = state.files.keys().map(|path| (path, Kind::File));
        for (path, kind) in files.chain(state.folders.iter().map(|path| (path, Kind::Folder))) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if path.parent() == Some(&place) && entries.iter().all(|entry| entry.name != name) {
                entries.push(Entry { name: name.to_owned(), kind: Some(kind), is_link: false });
            }
        }
        Ok(entries)
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, DiskError> {
        let place = self.place(path);
        if let Some(output) = self.lock().files.get(&place) {
            return Ok(output.bytes.clone());
        }
        if self.lock().is_hidden(&place) {
            return Err(DiskError::Failed("not found".to_owned()));
        }
        self.below.read(path)
    }

    fn read_stdin(&self) -> Result<Vec<u8>, DiskError> {
        self.below.read_stdin()
    }

    fn write_stdout(&self, bytes: &[u8]) -> Result<(), DiskError> {
        self.lock().printed.extend_from_slice(bytes);
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8], origin: Origin<'_>) -> Result<(), DiskError> {
        if self.kind(path) == Some(Kind::Folder) {
            return Err(DiskError::Failed("is a folder".to_owned()));
        }
        if path.parent().and_then(|folder| self.kind(folder)) != Some(Kind::Folder) {
            return Err(DiskError::Failed("not found".to_owned()));
        }
        let (input, gets_metadata) = (origin.input.to_owned(), origin.gives_metadata);
        let output = Output { bytes: bytes.to_vec(), input, gets_metadata };
        self.lock().files.insert(self.place(path), output);
        Ok(())
    }

    fn make_folder(&self, path: &Path, parents: bool) -> Result<(), DiskError> {
        match self.kind(path) {
            Some(Kind::Folder) => return Ok(()),
            Some(_) => return Err(DiskError::Failed("something else stands there".to_owned())),
            None => {}
        }
        if let Some(folder) = path.parent()
            && self.kind(folder) != Some(Kind::Folder)
        {
            if !parents {
                return Err(DiskError::Failed("not found".to_owned()));
            }
            self.make_folder(folder, true)?;
        }
        self.lock().folders.insert(self.place(path));
        Ok(())
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        if self.place(from) == self.place(to) {
            return Err(DiskError::Failed("is the file that would be copied".to_owned()));
        }
        self.write(to, &self.read(from)?, Origin { input: from, gives_metadata: true })
    }

    /// Folders are there only to hold files: what they look like is left to whoever takes the
    /// outputs.
    fn copy_metadata(&self, _from: &Path, _to: &Path) -> Result<(), DiskError> {
        Ok(())
    }

    fn remove_folder(&self, path: &Path) -> Result<(), DiskError> {
        if self.is_link(path) {
            return Err(DiskError::Failed("is a symbolic link".to_owned()));
        }
        let mut state = self.lock();
        state.files.retain(|file, _| !file.starts_with(path));
        state.folders.retain(|folder| !folder.starts_with(path));
        state.removed.insert(path.to_owned());
        Ok(())
    }
}
