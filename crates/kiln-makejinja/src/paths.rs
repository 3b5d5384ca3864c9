//! What `pathlib` of Python 3.11 says of paths, and how messages call them.

use std::path::{Path, PathBuf};

use crate::fnmatch::NamePattern;

/// How messages call a path: as it is seen from the current folder.
pub(crate) fn shown(path: &Path, current: &Path) -> String {
    match path.strip_prefix(current) {
        Ok(inner) if inner.as_os_str().is_empty() => ".".to_owned(),
        Ok(inner) => inner.display().to_string(),
        Err(_) => path.display().to_string(),
    }
}

/// `path.suffix`: the last dot of the name and what follows it, unless that dot comes first or
/// last.
pub(crate) fn suffix(path: &Path) -> &str {
    let name = name(path);
    match name.rfind('.') {
        Some(dot) if dot > 0 && dot + 1 < name.len() => &name[dot..],
        _ => "",
    }
}

/// `path.name`: the last part; empty for a root.
pub(crate) fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// `path.with_suffix("")`.
pub(crate) fn without_suffix(path: &Path) -> PathBuf {
    let length = suffix(path).len();
    let name = name(path);
    if length == 0 { path.to_owned() } else { path.with_file_name(&name[..name.len() - length]) }
}

/// A pattern as `path.match` reads it: it is held against the last parts of a path, part by part,
/// and `**` means no more than `*`.
pub(crate) struct PathPattern {
    is_absolute: bool,
    /// The parts, the last one first.
    parts: Vec<NamePattern>,
}

impl PathPattern {
    /// Reads a pattern; none if it is empty, which no path can be held against.
    pub(crate) fn new(pattern: &str) -> Option<PathPattern> {
        let is_absolute = pattern.starts_with('/');
        let parts = pattern.split('/').filter(|part| !part.is_empty() && *part != ".");
        let parts: Vec<NamePattern> = parts.rev().map(NamePattern::new).collect();
        (is_absolute || !parts.is_empty()).then_some(PathPattern { is_absolute, parts })
    }

    /// Whether an absolute path is matched.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        let mut parts: Vec<&str> = path.components().rev().filter_map(|it| it.as_os_str().to_str()).collect();
        if self.is_absolute {
            // The root has been compared.
            parts.pop();
            if parts.len() != self.parts.len() {
                return false;
            }
        }
        parts.len() >= self.parts.len()
            && self.parts.iter().zip(parts).all(|(pattern, part)| pattern.matches(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_those_of_pathlib() {
        for (path, expected, bare) in [
            ("/a/b.txt.jinja", ".jinja", "/a/b.txt"),
            ("/a/.jinja", "", "/a/.jinja"),
            ("/a/b.", "", "/a/b."),
            ("/a.d/b", "", "/a.d/b"),
            ("/a/..jinja", ".jinja", "/a/."),
            ("/", "", "/"),
        ] {
            assert_eq!(suffix(Path::new(path)), expected, "{path}");
            if path != "/a/..jinja" {
                assert_eq!(without_suffix(Path::new(path)), Path::new(bare), "{path}");
            }
        }
    }

    #[test]
    fn patterns_are_held_against_the_end_of_a_path() {
        let matches = |pattern: &str, path: &str| {
            PathPattern::new(pattern).map(|pattern| pattern.matches(Path::new(path)))
        };
        for (pattern, path, expected) in [
            ("*.py", "/a/b.py", true),
            ("b.py", "/a/b.py", true),
            ("a/*.py", "/x/a/b.py", true),
            ("a/*.py", "/a/x/b.py", false),
            ("**/b.py", "/a/b.py", true),
            ("**/b.py", "/b.py", true),
            ("a/**/b.py", "/a/b.py", false),
            ("a/**/b.py", "/a/x/b.py", true),
            ("/a/*", "/a/b", true),
            ("/a/*", "/x/a/b", false),
            ("/*", "/a/b", false),
            ("*/*/*", "/a/b", true),
            ("*/*/*/*", "/a/b", false),
            ("./b.py", "/a/b.py", true),
            ("a//b.py", "/a/b.py", true),
            ("b.py/", "/a/b.py", true),
        ] {
            assert_eq!(matches(pattern, path), Some(expected), "{pattern} {path}");
        }
        assert_eq!(matches("", "/a"), None);
        assert_eq!(matches(".", "/a"), None);
    }
}
