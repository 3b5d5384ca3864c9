//! Whether an output path is a place that may be written, and what stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::lock::LOCK_FILE;
use crate::reader::is_absent;

/// Why nothing may be written at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Absolute, or with `..`.
    Outside,
    /// Empty, or with a character or part that file systems disagree about.
    Unusable(&'static str),
    /// kiln's own lock, or a folder that is git's.
    Reserved,
    /// Two outputs have this path.
    Twice,
    /// Differs from another output only in upper and lower case.
    Case(String),
    /// Another output needs this path as a folder.
    AlsoFolder(String),
    /// A folder of the disk stands here.
    Folder,
    /// A file of the disk stands where a folder has to be.
    ParentIsFile(String),
    /// A link of the disk leads out of the output folder.
    Link(String),
    /// A link, device, pipe or socket stands here.
    Special,
}

impl Fault {
    /// The folder in which the fault lies, if it is not the path's own.
    pub(crate) fn parent(&self) -> Option<&str> {
        match self {
            Fault::ParentIsFile(parent) | Fault::Link(parent) => Some(parent),
            _ => None,
        }
    }
}

/// What is wrong with a path by its letters alone.
pub(crate) fn spelling(path: &str) -> Option<Fault> {
    if path.is_empty() {
        return Some(Fault::Unusable("it is empty"));
    }
    if path.contains('\\') {
        return Some(Fault::Unusable("it contains a backslash"));
    }
    if path.chars().any(char::is_control) {
        return Some(Fault::Unusable("it contains a control character"));
    }
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if path.starts_with('/') || drive || path.split('/').any(|part| part == "..") {
        return Some(Fault::Outside);
    }
    if path.split('/').any(|part| part.is_empty() || part == ".") {
        return Some(Fault::Unusable("it has an empty part or a `.`"));
    }
    let is_git = |part: &str| part.eq_ignore_ascii_case(".git");
    (path.split('/').any(is_git) || path.eq_ignore_ascii_case(LOCK_FILE)).then_some(Fault::Reserved)
}

/// What is wrong between the paths of a set of outputs, and with each by itself.
pub(crate) fn quarrels<'a>(paths: &[&'a str]) -> Vec<(&'a str, Fault)> {
    let mut faults = Vec::new();
    let mut sound = BTreeSet::new();
    for &path in paths {
        match spelling(path) {
            Some(fault) => faults.push((path, fault)),
            None if !sound.insert(path) => faults.push((path, Fault::Twice)),
            None => {}
        }
    }
    let mut spellings: BTreeMap<String, &str> = BTreeMap::new();
    for &path in &sound {
        for part in prefixes(path) {
            let first = spellings.entry(part.to_lowercase()).or_insert(part);
            if *first != part {
                faults.push((path, Fault::Case((*first).to_owned())));
                break;
            }
        }
        if let Some(file) = folders(path).find(|folder| sound.contains(folder)) {
            faults.push((file, Fault::AlsoFolder(path.to_owned())));
        }
    }
    faults
}

/// The folders a path goes through and the path itself: `a`, `a/b`, `a/b/c`.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    folders(path).chain(std::iter::once(path))
}

fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Looks at the disk, at every folder once.
pub(crate) struct Surveyor {
    root: PathBuf,
    real_root: Option<PathBuf>,
    folders: BTreeMap<String, Result<bool, Fault>>,
}

impl Surveyor {
    pub(crate) fn new(root: &Path) -> Surveyor {
        Surveyor { root: root.to_owned(), real_root: root.canonicalize().ok(), folders: BTreeMap::new() }
    }

    /// Whether a file stands at a path whose spelling is sound.
    pub(crate) fn has_file(&mut self, path: &str) -> io::Result<Result<bool, Fault>> {
        if self.real_root.is_none() {
            return Ok(Ok(false));
        }
        for folder in folders(path) {
            match self.folder(folder)? {
                Ok(true) => {}
                Ok(false) => return Ok(Ok(false)),
                Err(fault) => return Ok(Err(fault)),
            }
        }
        let kind = match fs::symlink_metadata(self.root.join(path)) {
            Ok(found) => found.file_type(),
            Err(error) if is_absent(&error) => return Ok(Ok(false)),
            Err(error) => return Err(error),
        };
        Ok(if kind.is_file() {
            Ok(true)
        } else if kind.is_dir() {
            Err(Fault::Folder)
        } else {
            Err(Fault::Special)
        })
    }

    /// Whether a folder is there, seen once.
    fn folder(&mut self, path: &str) -> io::Result<Result<bool, Fault>> {
        if let Some(known) = self.folders.get(path) {
            return Ok(known.clone());
        }
        let seen = self.look_at_folder(path)?;
        self.folders.insert(path.to_owned(), seen.clone());
        Ok(seen)
    }

    fn look_at_folder(&self, path: &str) -> io::Result<Result<bool, Fault>> {
        let place = self.root.join(path);
        let kind = match fs::symlink_metadata(&place) {
            Ok(found) => found.file_type(),
            Err(error) if is_absent(&error) => return Ok(Ok(false)),
            Err(error) => return Err(error),
        };
        if kind.is_dir() {
            return Ok(Ok(true));
        }
        if !kind.is_symlink() {
            return Ok(Err(Fault::ParentIsFile(path.to_owned())));
        }
        match (place.canonicalize(), &self.real_root) {
            (Ok(real), Some(root)) if real.starts_with(root) && real.is_dir() => Ok(Ok(true)),
            _ => Ok(Err(Fault::Link(path.to_owned()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_file_systems_agree_about_is_sound() {
        for path in ["a", "a/b.yaml", ".sops.yaml", "nodes/patches/node-1.yaml", "a/..b/c..", "ä/ß"] {
            assert_eq!(spelling(path), None, "{path}");
        }
    }

    #[test]
    fn a_path_that_leaves_the_root_is_refused() {
        for path in ["/etc/passwd", "..", "../x", "a/../../x", "a/..", "C:/x", "c:x"] {
            assert_eq!(spelling(path), Some(Fault::Outside), "{path}");
        }
    }

    #[test]
    fn a_path_that_means_different_things_is_refused() {
        for path in ["", "a\\b", "a//b", "a/", "./a", "a/./b", "a\0b", "a\nb", "\u{7f}"] {
            assert!(matches!(spelling(path), Some(Fault::Unusable(_))), "{path:?}");
        }
    }

    #[test]
    fn the_lock_and_the_folder_of_git_are_not_outputs() {
        for path in ["kiln.lock", "Kiln.Lock", ".git/hooks/post-checkout", "a/.GIT/config"] {
            assert_eq!(spelling(path), Some(Fault::Reserved), "{path}");
        }
        assert_eq!(spelling("a/kiln.lock"), None);
        assert_eq!(spelling(".gitignore"), None);
    }

    #[test]
    fn outputs_quarrel_about_case_folders_and_names() {
        let found = quarrels(&["a/X/1", "a/x/2", "b", "b/c", "d", "d", "../e"]);
        assert_eq!(
            found,
            [
                ("d", Fault::Twice),
                ("../e", Fault::Outside),
                ("a/x/2", Fault::Case("a/X".to_owned())),
                ("b", Fault::AlsoFolder("b/c".to_owned())),
            ]
        );
        assert!(quarrels(&["a/x/1", "a/x/2", "a/y", "ax"]).is_empty());
    }
}
