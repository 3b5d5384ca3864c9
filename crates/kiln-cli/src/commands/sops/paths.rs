//! Paths as Go makes them absolute: by their letters, from the working folder as the shell knows it.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use crate::environment;

/// The path from the root, without `.` and `..`; links are not followed.
pub(super) fn absolute(path: &str) -> PathBuf {
    clean(&working_folder().join(path))
}

/// The working folder; `PWD` says by which of its names.
pub(super) fn working_folder() -> PathBuf {
    let named = environment::variable("PWD").map(PathBuf::from).filter(|named| named.is_absolute());
    let is_here = |named: &PathBuf| match (fs::metadata(named), fs::metadata(".")) {
        (Ok(named), Ok(here)) => (named.dev(), named.ino()) == (here.dev(), here.ino()),
        _ => false,
    };
    named.filter(is_here).or_else(|| std::env::current_dir().ok()).unwrap_or_else(|| PathBuf::from("/"))
}

/// The path without `.` and `..`.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// The name of a path, without its folders.
pub(super) fn name(path: &Path) -> &OsStr {
    path.file_name().unwrap_or(OsStr::new("file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cleaned_by_its_letters() {
        for (path, expected) in [("/a/./b/../c", "/a/c"), ("/../a", "/a"), ("/a//b/", "/a/b"), ("/", "/")] {
            assert_eq!(clean(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[test]
    fn a_relative_path_begins_in_the_working_folder() {
        assert_eq!(absolute("a/../b"), working_folder().join("b"));
        assert_eq!(absolute("/a"), Path::new("/a"));
    }
}
