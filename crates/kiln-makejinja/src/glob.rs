//! Files below a folder by pattern, as `Path.glob` of Python 3.11 finds them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::disk::{Disk, DiskError, Entry, Kind};
use crate::fnmatch::NamePattern;

/// Why nothing was looked for.
#[derive(Debug)]
pub(crate) enum GlobError {
    /// The pattern is none; says why.
    Pattern(&'static str),
    /// A folder could not be listed.
    Disk(PathBuf, DiskError),
}

/// A path that was found, and what it leads to.
pub(crate) type Found = (PathBuf, Option<Kind>);

/// Everything below `root` that a pattern matches, sorted by the parts of its path. `**` goes
/// into every folder, but through no symbolic link.
///
/// # Errors
/// If the pattern is empty, absolute, or has `**` beside something else in one part; if a folder
/// cannot be listed for another reason than a lack of permission.
pub(crate) fn glob(disk: &dyn Disk, root: &Path, pattern: &str) -> Result<Vec<Found>, GlobError> {
    let parts = parse(pattern)?;
    let mut search =
        Search { disk, parts, listings: BTreeMap::new(), seen: BTreeSet::new(), found: Vec::new() };
    let kind = disk.kind(root);
    if kind == Some(Kind::Folder) {
        search.visit(0, root, kind)?;
    }
    let mut found = search.found;
    found.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(found)
}

enum Part {
    /// `**`: this folder and all below it.
    Deep,
    /// A pattern of a name.
    Wild(NamePattern),
    /// A name.
    Name(String),
    /// A slash at the end: what is there already, if it is a folder.
    End,
}

fn parse(pattern: &str) -> Result<Vec<Part>, GlobError> {
    if pattern.starts_with('/') {
        return Err(GlobError::Pattern("it is absolute, and is looked for below the inputs"));
    }
    let mut parts = Vec::new();
    for part in pattern.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match part {
            // Folders below folders below a folder are folders below it.
            "**" if matches!(parts.last(), Some(Part::Deep)) => {}
            "**" => parts.push(Part::Deep),
            _ if part.contains("**") => {
                return Err(GlobError::Pattern("`**` has to stand alone between two `/`"));
            }
            _ if part.contains(['*', '?', '[']) => parts.push(Part::Wild(NamePattern::new(part))),
            _ => parts.push(Part::Name(part.to_owned())),
        }
    }
    if parts.is_empty() {
        return Err(GlobError::Pattern("it is empty"));
    }
    if pattern.ends_with('/') {
        parts.push(Part::End);
    }
    Ok(parts)
}

struct Search<'a> {
    disk: &'a dyn Disk,
    parts: Vec<Part>,
    listings: BTreeMap<PathBuf, Rc<[Entry]>>,
    /// Where each part was tried already: `**` twice in a pattern leads to places on many ways.
    seen: BTreeSet<(usize, PathBuf)>,
    found: Vec<Found>,
}

impl Search<'_> {
    fn visit(&mut self, index: usize, path: &Path, kind: Option<Kind>) -> Result<(), GlobError> {
        // A single step cannot lead anywhere twice.
        if self.parts.len() > 2 && !self.seen.insert((index, path.to_owned())) {
            return Ok(());
        }
        let is_last = index + 1 >= self.parts.len();
        let folders_only = |kind: Option<Kind>| is_last || kind == Some(Kind::Folder);
        match self.parts.get(index) {
            None | Some(Part::End) => self.found.push((path.to_owned(), kind)),
            Some(Part::Name(name)) => {
                let path = path.join(name);
                let kind = self.disk.kind(&path);
                if kind.is_some() && folders_only(kind) {
                    self.visit(index + 1, &path, kind)?;
                }
            }
            Some(Part::Wild(pattern)) => {
                let pattern = pattern.clone();
                for entry in &*self.list(path)? {
                    if folders_only(entry.kind) && pattern.matches(&entry.name) {
                        self.visit(index + 1, &path.join(&entry.name), entry.kind)?;
                    }
                }
            }
            Some(Part::Deep) => {
                self.visit(index + 1, path, kind)?;
                for entry in &*self.list(path)? {
                    if entry.kind == Some(Kind::Folder) && !entry.is_link {
                        self.visit(index, &path.join(&entry.name), entry.kind)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn list(&mut self, folder: &Path) -> Result<Rc<[Entry]>, GlobError> {
        if let Some(entries) = self.listings.get(folder) {
            return Ok(Rc::clone(entries));
        }
        let entries: Rc<[Entry]> = match self.disk.list(folder) {
            Ok(entries) => entries.into(),
            Err(DiskError::Denied) => Rc::default(),
            Err(error) => return Err(GlobError::Disk(folder.to_owned(), error)),
        };
        self.listings.insert(folder.to_owned(), Rc::clone(&entries));
        Ok(entries)
    }
}
