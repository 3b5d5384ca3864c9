//! The files of the repository, as rules see them.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Result;
use crate::command::Run;

/// Every text file that is tracked or about to be.
pub(super) struct Repository {
    /// The texts by path, relative to the workspace.
    pub(super) files: Vec<SourceFile>,
    /// Every path, also of files that are not text.
    pub(super) paths: Vec<String>,
}

/// One text file.
pub(super) struct SourceFile {
    /// Relative to the workspace, with `/` separators.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
    /// The crate it belongs to; empty outside of crates.
    pub(super) package: String,
}

impl Repository {
    /// Reads what git tracks, and what it would add.
    ///
    /// # Errors
    /// If git does not answer or a file cannot be read.
    pub(super) fn read(root: &Path) -> Result<Repository> {
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = Run::new("git").dir(root).args(list).text()?;
        let mut paths: Vec<String> = listed.split_terminator('\0').map(str::to_owned).collect();
        paths.retain(|path| root.join(path).is_file());
        paths.sort();
        paths.dedup();
        let packages = packages(root, &paths)?;
        let mut files = Vec::new();
        for path in &paths {
            if let Ok(text) = String::from_utf8(std::fs::read(root.join(path))?) {
                files.push(SourceFile::new(path, text, &packages));
            }
        }
        Ok(Repository { files, paths })
    }

    /// The Rust sources.
    pub(super) fn rust(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }
}

impl SourceFile {
    fn new(path: &str, text: String, packages: &BTreeMap<String, String>) -> SourceFile {
        let package = packages.iter().find(|(folder, _)| path.starts_with(folder.as_str()));
        let package = package.map(|(_, name)| name.clone()).unwrap_or_default();
        SourceFile { path: path.to_owned(), text, package }
    }

    /// A file that only one test needs.
    #[cfg(test)]
    pub(super) fn example(path: &str, package: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), text: text.to_owned(), package: package.to_owned() }
    }

    /// The lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The lines of a Rust source that are built outside of tests.
    ///
    /// A test module is one that the formatter has left at the margin: it begins with its
    /// attribute and ends with the next brace in the first column.
    pub(super) fn shipped_lines(&self) -> Vec<(usize, &str)> {
        if self.path.contains("/tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.ends_with("/testing.rs")
        {
            return Vec::new();
        }
        let mut in_tests = false;
        let mut shipped = Vec::new();
        for (number, line) in self.lines() {
            in_tests = in_tests || line == "#[cfg(test)]";
            if !in_tests {
                shipped.push((number, line));
            }
            if in_tests && (line == "}" || line.ends_with(';') && !line.starts_with(' ')) {
                in_tests = false;
            }
        }
        shipped
    }
}

/// The name of each crate by its folder, which ends with `/`.
fn packages(root: &Path, paths: &[String]) -> Result<BTreeMap<String, String>> {
    let mut packages = BTreeMap::new();
    for path in paths.iter().filter(|path| path.ends_with("/Cargo.toml")) {
        let manifest: toml::Table = toml::from_str(&std::fs::read_to_string(root.join(path))?)?;
        if let Some(name) = manifest.get("package").and_then(|it| it.get("name")).and_then(|it| it.as_str()) {
            packages.insert(path.trim_end_matches("Cargo.toml").to_owned(), name.to_owned());
        }
    }
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_modules_are_not_shipped() {
        let text =
            "fn a() {}\n#[cfg(test)]\nuse x;\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        let file = SourceFile::example("crates/x/src/lib.rs", "x", text);
        assert_eq!(file.shipped_lines(), [(1, "fn a() {}"), (8, "fn c() {}")]);
        assert!(SourceFile::example("crates/x/tests/a.rs", "x", text).shipped_lines().is_empty());
    }
}
