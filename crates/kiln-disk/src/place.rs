//! Whether an output path is a place that may be written, and what stands there.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::lock::LOCK_FILE;
use crate::root::{Entry, Root, folders};

/// The folder for what kiln keeps in a project.
pub(crate) const OWN_FOLDER: &str = ".kiln";
/// The part of it that is no part of the repository.
pub(crate) const STATE_FOLDER: &str = ".kiln/state";

/// Why nothing may be written at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Absolute, or with `..`.
    Outside,
    /// Empty, or with a character or part that file systems disagree about.
    Unusable(&'static str),
    /// kiln's own files, or a folder that is git's.
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
    /// A link of the disk leads into the output folder again, by a way outside of it.
    Detour {
        /// The link.
        link: String,
        /// The target that would not leave the output folder.
        target: String,
    },
    /// A link, device, pipe or socket stands here.
    Special,
}

impl Fault {
    /// The folder in which the fault lies, if it is not the path's own.
    pub(crate) fn parent(&self) -> Option<&str> {
        match self {
            Fault::ParentIsFile(parent) | Fault::Link(parent) | Fault::Detour { link: parent, .. } => {
                Some(parent)
            }
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
    if path.split('/').any(|part| part.ends_with(['.', ' '])) {
        return Some(Fault::Unusable("a part of it ends in a dot or a space, which Windows leaves out"));
    }
    if path.split('/').any(is_device) {
        return Some(Fault::Unusable("a part of it is the name of a device on Windows"));
    }
    let is_git = |part: &str| part.eq_ignore_ascii_case(".git");
    let is_own = prefixes(path).any(|it| it.eq_ignore_ascii_case(STATE_FOLDER))
        || path.eq_ignore_ascii_case(LOCK_FILE)
        || path.eq_ignore_ascii_case(OWN_FOLDER);
    (path.split('/').any(is_git) || is_own).then_some(Fault::Reserved)
}

/// What is wrong with a set of outputs: what [`quarrels`] says, and that nothing in kiln's own
/// folder is one.
pub(crate) fn output_quarrels<'a>(paths: &[&'a str]) -> Vec<(&'a str, Fault)> {
    let mut faults = quarrels(paths);
    let is_own = |path: &str| prefixes(path).any(|it| it.eq_ignore_ascii_case(OWN_FOLDER));
    let own = paths.iter().filter(|path| is_own(path) && spelling(path).is_none());
    faults.extend(own.map(|path| (*path, Fault::Reserved)));
    faults
}

/// Whether Windows takes a name for a device, whatever stands behind its first dot ("Naming Files,
/// Paths, and Namespaces" of its documentation).
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let numbered = stem.strip_prefix("com").or(stem.strip_prefix("lpt"));
    let digits = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"];
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered.is_some_and(|it| digits.contains(&it))
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

/// Whether a path cannot be a file while those are: one of them lies below it, or is one of its
/// folders.
pub(crate) fn is_excluded(path: &str, by: &BTreeSet<&str>) -> bool {
    let below = format!("{path}/");
    folders(path).any(|folder| by.contains(folder))
        || by.range(below.as_str()..).next().is_some_and(|next| next.starts_with(&below))
}

/// The folders a path goes through and the path itself: `a`, `a/b`, `a/b/c`.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    folders(path).chain(std::iter::once(path))
}

/// Looks at the disk, at every folder once.
pub(crate) struct Surveyor<'a> {
    /// None if there is no output folder yet.
    root: Option<&'a Root>,
    folders: BTreeMap<String, Result<bool, Fault>>,
}

impl<'a> Surveyor<'a> {
    pub(crate) fn new(root: Option<&'a Root>) -> Surveyor<'a> {
        Surveyor { root, folders: BTreeMap::new() }
    }

    /// Whether a file stands at a path whose spelling is sound.
    pub(crate) fn has_file(&mut self, path: &str) -> io::Result<Result<bool, Fault>> {
        let Some(root) = self.root else { return Ok(Ok(false)) };
        for folder in folders(path) {
            match self.folder(root, folder)? {
                Ok(true) => {}
                Ok(false) => return Ok(Ok(false)),
                Err(fault) => return Ok(Err(fault)),
            }
        }
        Ok(match root.look(path)? {
            Entry::Absent => Ok(false),
            Entry::File(_) => Ok(true),
            Entry::Folder => Err(Fault::Folder),
            Entry::Link | Entry::Special => Err(Fault::Special),
        })
    }

    /// Whether a folder is there, seen once.
    fn folder(&mut self, root: &Root, path: &str) -> io::Result<Result<bool, Fault>> {
        if let Some(known) = self.folders.get(path) {
            return Ok(known.clone());
        }
        let seen = match root.look(path)? {
            Entry::Absent => Ok(false),
            Entry::Folder => Ok(true),
            Entry::Link if root.is_folder(path) => Ok(true),
            Entry::Link => Err(match root.inner_target(path) {
                Some(target) => Fault::Detour { link: path.to_owned(), target },
                None => Fault::Link(path.to_owned()),
            }),
            Entry::File(_) | Entry::Special => Err(Fault::ParentIsFile(path.to_owned())),
        };
        self.folders.insert(path.to_owned(), seen.clone());
        Ok(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_file_systems_agree_about_is_sound() {
        for path in ["a", "a/b.yaml", ".sops.yaml", "nodes/patches/node-1.yaml", "a/..b/c", "ä/ß", "a b"] {
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
    fn a_name_that_windows_takes_for_another_is_refused() {
        for path in ["CON", "a/nul.txt", "Aux.tar.gz/b", "com1", "LPT9.log", "a /b", "a./b", "b "] {
            assert!(matches!(spelling(path), Some(Fault::Unusable(_))), "{path:?}");
        }
        for path in ["console", "com", "com0", "lpt10", "nul-1.yaml", "a.con"] {
            assert_eq!(spelling(path), None, "{path}");
        }
    }

    #[test]
    fn the_files_of_kiln_and_the_folder_of_git_are_not_outputs() {
        let reserved =
            ["kiln.lock", "Kiln.Lock", ".git/hooks/post-checkout", "a/.GIT/config", ".Kiln/State/x", ".kiln"];
        for path in reserved {
            assert_eq!(spelling(path), Some(Fault::Reserved), "{path}");
        }
        assert_eq!((spelling("a/kiln.lock"), spelling("a/.kiln")), (None, None));
        let faults = output_quarrels(&[".kiln/schemas/x", ".kiln/state/x", "a/.kiln/b"]);
        assert_eq!(faults, [(".kiln/state/x", Fault::Reserved), (".kiln/schemas/x", Fault::Reserved)]);
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
        let others = BTreeSet::from(["a/b", "a-c", "d"]);
        assert_eq!(
            ["a", "d/e/f", "a/b", "a/c", "de", "a/b/c"].map(|it| is_excluded(it, &others)),
            [true, true, false, false, false, true]
        );
    }
}
