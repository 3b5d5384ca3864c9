//! Projects of makejinja, rendered as makejinja renders them.
//!
//! [`ask`] reads the settings of a project, [`run`] makes its outputs: on a [`LiveDisk`] as
//! makejinja does, or on an [`Overlay`] that collects them in memory.

mod encryption;

mod pipeline;

mod schemas;

use std::path::{Path, PathBuf};

pub use crate::plugins::{Interpreter, Limits as PluginLimits, PythonPlugins};
use kiln_disk::live::{self, EntryKind, LiveError};
pub use pipeline::{Project as ProjectRun, Trust, configure, is_project};

pub use kiln_makejinja::{
    Asked, CONFIG_FILE, Config, Contribution, Disk, DiskError, HELP, Kind, NoPlugins, Origin, Output,
    Overlay, PathFilter, Plugins, Project, Refused, Replaced, Replacements, Settings, Shell, World, ask, run,
};

/// The file system as it is.
#[derive(Clone, Debug)]
pub struct LiveDisk {
    cwd: PathBuf,
}

impl LiveDisk {
    /// The file system, seen from the current folder.
    pub fn new() -> LiveDisk {
        LiveDisk { cwd: live::current_folder() }
    }

    /// The file system, seen from another folder.
    pub fn seen_from(folder: &Path) -> LiveDisk {
        LiveDisk { cwd: live::resolve(&live::current_folder().join(folder)) }
    }
}

impl Default for LiveDisk {
    fn default() -> LiveDisk {
        LiveDisk::new()
    }
}

impl Disk for LiveDisk {
    fn current_folder(&self) -> PathBuf {
        self.cwd.clone()
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        live::resolve(path)
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        live::kind(path).map(kind)
    }

    fn is_link(&self, path: &Path) -> bool {
        live::is_link(path)
    }

    fn is_executable(&self, path: &Path) -> bool {
        live::is_executable(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<kiln_makejinja::Entry>, DiskError> {
        let entry = |(name, found, is_link): (String, Option<EntryKind>, bool)| kiln_makejinja::Entry {
            name,
            kind: found.map(kind),
            is_link,
        };
        Ok(live::list(folder).map_err(error)?.into_iter().map(entry).collect())
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, DiskError> {
        live::read(path).map_err(error)
    }

    fn read_stdin(&self) -> Result<Vec<u8>, DiskError> {
        live::read_stdin().map_err(error)
    }

    fn write_stdout(&self, bytes: &[u8]) -> Result<(), DiskError> {
        live::write_stdout(bytes).map_err(error)
    }

    fn write(&self, path: &Path, bytes: &[u8], origin: Origin<'_>) -> Result<(), DiskError> {
        let like = origin.gives_metadata.then_some(origin.input);
        live::write(path, bytes, like).map_err(error)
    }

    fn make_folder(&self, path: &Path, parents: bool) -> Result<(), DiskError> {
        live::make_folder(path, parents).map_err(error)
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        live::copy(from, to).map_err(error)
    }

    fn copy_metadata(&self, from: &Path, to: &Path) -> Result<(), DiskError> {
        live::copy_metadata(from, to).map_err(error)
    }

    fn remove_folder(&self, path: &Path) -> Result<(), DiskError> {
        live::remove_folder(path).map_err(error)
    }
}

fn kind(kind: EntryKind) -> Kind {
    match kind {
        EntryKind::File => Kind::File,
        EntryKind::Folder => Kind::Folder,
        EntryKind::Other => Kind::Other,
    }
}

fn error(error: LiveError) -> DiskError {
    if error.is_denied { DiskError::Denied } else { DiskError::Failed(error.reason) }
}
