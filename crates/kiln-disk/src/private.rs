//! Folders for a plain text that somebody else has to see: an editor, a program.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::live::LiveError;

/// A folder that nobody but the user may look into. It goes when it is dropped, and what lies in
/// it is written over first.
pub struct PrivateFolder {
    folder: TempDir,
}

impl PrivateFolder {
    /// Makes a folder in `parent`.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new(parent: &Path) -> Result<PrivateFolder, LiveError> {
        let folder = tempfile::Builder::new()
            .prefix(".sops")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(parent)?;
        Ok(PrivateFolder { folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a file in it that only the user may read and write; gives its path.
    ///
    /// # Errors
    /// If there is one already or it cannot be written.
    pub fn write(&self, name: &Path, bytes: &[u8]) -> Result<PathBuf, LiveError> {
        let path = self.folder.path().join(name);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(bytes)?;
        Ok(path)
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        wipe(self.folder.path());
    }
}

/// Writes over every file of a folder and removes the folder. What cannot be written over is
/// removed as it is; a symbolic link is removed and not followed.
pub fn wipe(folder: &Path) {
    for path in entries(folder).unwrap_or_default() {
        let Ok(about) = fs::symlink_metadata(&path) else { continue };
        if about.is_dir() {
            wipe(&path);
        } else if about.is_file() {
            let _ = OpenOptions::new()
                .write(true)
                .open(&path)
                .and_then(|mut file| overwrite(&mut file, about.len()));
        }
    }
    let _ = fs::remove_dir_all(folder);
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    #[allow(clippy::disallowed_methods, reason = "this is where folders are listed")]
    let found = fs::read_dir(folder)?;
    found.map(|entry| entry.map(|entry| entry.path())).collect()
}

fn overwrite(file: &mut fs::File, length: u64) -> io::Result<()> {
    io::copy(&mut io::Read::take(io::repeat(0), length), file)?;
    file.flush()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests look at what is on the disk")]
mod tests {
    use std::io::{Read as _, Seek as _};
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_the_user_may_look_into_it() {
        let parent = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::new(parent.path()).unwrap();
        let file = folder.write(Path::new("a.yaml"), b"secret").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode(folder.path()), mode(&file)), (0o700, 0o600));
        assert_eq!(file.file_name(), Some("a.yaml".as_ref()));
        assert!(folder.write(Path::new("a.yaml"), b"").is_err());
    }

    #[test]
    fn what_lies_in_it_is_written_over_and_gone() {
        let parent = tempfile::tempdir().unwrap();
        let outside = parent.path().join("outside");
        fs::write(&outside, "mine").unwrap();
        let folder = PrivateFolder::new(parent.path()).unwrap();
        let file = folder.write(Path::new("a"), b"secret").unwrap();
        fs::create_dir(folder.path().join("deeper")).unwrap();
        folder.write(Path::new("deeper/b"), b"secret").unwrap();
        symlink(&outside, folder.path().join("link")).unwrap();
        let mut open = fs::File::open(file).unwrap();
        drop(folder);
        let mut left = Vec::new();
        open.rewind().unwrap();
        open.read_to_end(&mut left).unwrap();
        assert_eq!(left, b"\0\0\0\0\0\0");
        assert_eq!(fs::read_to_string(&outside).unwrap(), "mine");
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1);
    }
}
