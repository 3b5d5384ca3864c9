//! The output folder, held open: nothing that is done through the handle leaves it.
//!
//! A path is followed by the system from the handle on, and a link that would lead out ends in an
//! error, whenever it was put there. So what was looked at before need not be trusted.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use cap_std::fs::{Dir, Metadata, OpenOptions, OpenOptionsExt as _, PermissionsExt as _};
use rustix::fs::OFlags;

use crate::reader::is_absent;
use crate::step;

/// A folder of the disk.
pub(crate) struct Root {
    path: PathBuf,
    handle: File,
    dir: Dir,
}

/// What stands at a path. Links are not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Absent,
    File(Stamp),
    Folder,
    Link,
    Special,
}

/// What changes when a file is written or replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    identity: (u64, u64),
    size: u64,
    pub(crate) mode: u32,
    pub(crate) modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(found: &Metadata) -> Stamp {
        use cap_std::fs::MetadataExt as _;
        Stamp {
            identity: (found.dev(), found.ino()),
            size: found.size(),
            mode: found.mode() & 0o7777,
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }
    }
}

/// What is in a folder.
#[derive(Debug, Default)]
pub(crate) struct Below {
    /// The folder and those below it, outer ones first.
    pub(crate) folders: Vec<String>,
    /// Everything else, sorted by path.
    pub(crate) files: Vec<String>,
}

/// A regular file as it was read.
#[derive(Debug)]
pub(crate) struct OldFile {
    pub(crate) bytes: Vec<u8>,
    pub(crate) stamp: Stamp,
}

/// The mode of a file that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileMode {
    pub(crate) bits: u32,
    /// Whether the umask takes nothing away.
    pub(crate) is_exact: bool,
}

impl FileMode {
    /// For the eyes of the user alone.
    pub(crate) const PRIVATE: FileMode = FileMode { bits: 0o600, is_exact: true };
    /// As programs make files.
    pub(crate) const NORMAL: FileMode = FileMode { bits: 0o644, is_exact: false };
}

impl Root {
    /// Opens a folder; `None` if nothing is there.
    ///
    /// # Errors
    /// If something else stands there, or it cannot be opened.
    pub(crate) fn open(path: &Path) -> io::Result<Option<Root>> {
        // An empty path is the working folder, which the system calls `.`.
        let place = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        match std::fs::metadata(place) {
            Ok(found) if !found.is_dir() => return Err(ErrorKind::NotADirectory.into()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
        let handle = File::open(place)?;
        let dir = Dir::from_std_file(handle.try_clone()?);
        Ok(Some(Root { path: path.to_owned(), handle, dir }))
    }

    /// The open folder itself.
    pub(crate) fn handle(&self) -> &File {
        &self.handle
    }

    /// Whether the folder still stands where it was found.
    pub(crate) fn is_in_place(&self) -> bool {
        let identity = |found: std::fs::Metadata| (found.dev(), found.ino());
        let there = std::fs::metadata(&self.path).map(identity);
        there.ok().is_some_and(|there| self.handle.metadata().map(identity).is_ok_and(|it| it == there))
    }

    /// What stands at a path.
    pub(crate) fn look(&self, path: &str) -> io::Result<Entry> {
        let found = match self.dir.symlink_metadata(path) {
            Ok(found) => found,
            Err(error) if is_absent(&error) => return Ok(Entry::Absent),
            Err(error) => return Err(error),
        };
        let kind = found.file_type();
        Ok(if kind.is_file() {
            Entry::File(Stamp::of(&found))
        } else if kind.is_dir() {
            Entry::Folder
        } else if kind.is_symlink() {
            Entry::Link
        } else {
            Entry::Special
        })
    }

    /// Whether a path leads to a folder below this one, links followed.
    pub(crate) fn is_folder(&self, path: &str) -> bool {
        self.dir.metadata(path).is_ok_and(|found| found.is_dir())
    }

    /// The relative target with which a link would lead to the same folder without leaving this one;
    /// `None` if it leads to none below this one.
    pub(crate) fn inner_target(&self, link: &str) -> Option<String> {
        let here = self.path.canonicalize().ok()?;
        let target = here.join(link).canonicalize().ok().filter(|target| target.is_dir())?;
        let target = target.strip_prefix(&here).ok()?.to_str()?;
        let up = "../".repeat(folders(link).count());
        let target = if target.is_empty() { "." } else { target };
        Some(format!("{up}{target}"))
    }

    /// A folder and all that is in it. Links are not followed.
    pub(crate) fn below(&self, folder: &str) -> io::Result<Below> {
        let mut below = Below::default();
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            for entry in self.dir.read_dir(&folder)? {
                let entry = entry?;
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                if entry.file_type()?.is_dir() {
                    waiting.push(path);
                } else {
                    below.files.push(path);
                }
            }
            below.folders.push(folder);
        }
        below.files.sort_unstable();
        Ok(below)
    }

    /// A regular file, `None` if nothing is there. A link at its place is not followed.
    pub(crate) fn read(&self, path: &str) -> io::Result<Option<OldFile>> {
        match self.look(path)? {
            Entry::Absent => return Ok(None),
            Entry::Folder => return Err(ErrorKind::IsADirectory.into()),
            Entry::Link | Entry::Special => return Err(ErrorKind::Unsupported.into()),
            Entry::File(_) => {}
        }
        // A pipe that came this moment is not waited for.
        let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
        let mut file = self.dir.open_with(path, OpenOptions::new().read(true).custom_flags(flags))?;
        let found = file.metadata()?;
        if !found.is_file() {
            return Err(ErrorKind::Unsupported.into());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default());
        file.read_to_end(&mut bytes)?;
        Ok(Some(OldFile { bytes, stamp: Stamp::of(&found) }))
    }

    /// As [`Root::create`]; what was left there by a run that was cut short goes before.
    pub(crate) fn create_anew(
        &self,
        path: &str,
        bytes: &[u8],
        mode: FileMode,
    ) -> io::Result<cap_std::fs::File> {
        match self.create(path, bytes, mode) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                self.remove(path)?;
                self.create(path, bytes, mode)
            }
            made => made,
        }
    }

    /// Makes a file at a path where nothing stands.
    pub(crate) fn create(&self, path: &str, bytes: &[u8], mode: FileMode) -> io::Result<cap_std::fs::File> {
        step::begin()?;
        let mut options = OpenOptions::new();
        let mut file = self.dir.open_with(path, options.write(true).create_new(true).mode(mode.bits))?;
        if mode.is_exact {
            file.set_permissions(cap_std::fs::Permissions::from_mode(mode.bits))?;
        }
        step::write(&mut file, bytes)?;
        Ok(file)
    }

    /// Gives a file another name, over one that may have it.
    pub(crate) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        step::begin()?;
        self.dir.rename(from, &self.dir, to)
    }

    /// As [`Root::rename`]; a folder without a file in it gives way, too.
    pub(crate) fn rename_over_folder(&self, from: &str, to: &str) -> io::Result<()> {
        match self.rename(from, to) {
            Err(error) if error.kind() == ErrorKind::IsADirectory => {
                let below = self.below(to)?;
                if !below.files.is_empty() {
                    return Err(error);
                }
                below.folders.iter().rev().try_for_each(|folder| self.remove_folder(folder))?;
                self.rename(from, to)
            }
            renamed => renamed,
        }
    }

    /// Gives a file another name that nothing has.
    pub(crate) fn rename_new(&self, from: &str, to: &str) -> io::Result<()> {
        step::begin()?;
        match self.dir.hard_link(from, &self.dir, to) {
            Ok(()) => self.remove(from),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
            // A file system that gives a file one name only.
            Err(_) if self.look(to)? == Entry::Absent => self.rename(from, to),
            Err(_) => Err(ErrorKind::AlreadyExists.into()),
        }
    }

    /// Removes a file or a link; nothing need be there.
    pub(crate) fn remove(&self, path: &str) -> io::Result<()> {
        step::begin()?;
        match self.dir.remove_file(path) {
            Err(error) if is_absent(&error) => Ok(()),
            removed => removed,
        }
    }

    /// Makes a folder in one that is there.
    pub(crate) fn make_folder(&self, path: &str) -> io::Result<()> {
        step::begin()?;
        self.dir.create_dir(path)
    }

    /// Makes a folder that only the user may look into; one that is there is fine.
    pub(crate) fn make_private_folder(&self, path: &str) -> io::Result<()> {
        use cap_std::fs::DirBuilderExt as _;
        step::begin()?;
        let mut builder = cap_std::fs::DirBuilder::new();
        builder.mode(0o700);
        match self.dir.create_dir_with(path, &builder) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists && self.look(path)? == Entry::Folder => {
                Ok(())
            }
            made => made,
        }
    }

    /// Removes a folder that is empty.
    pub(crate) fn remove_folder(&self, path: &str) -> io::Result<()> {
        step::begin()?;
        self.dir.remove_dir(path)
    }

    /// Sees a folder's list of names to the disk.
    pub(crate) fn sync_folder(&self, path: &str) -> io::Result<()> {
        step::begin()?;
        let flags = (OFlags::DIRECTORY | OFlags::NOFOLLOW).bits().cast_signed();
        self.dir.open_with(path, OpenOptions::new().read(true).custom_flags(flags))?.sync_all()
    }

    /// Sees everything in the file system to the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        step::begin()?;
        #[cfg(any(target_os = "linux", target_os = "android"))]
        rustix::fs::syncfs(&self.handle)?;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        rustix::fs::sync();
        Ok(())
    }
}

/// The folders that a path goes through, outer ones first: `a`, `a/b` of `a/b/c`.
pub(crate) fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}
