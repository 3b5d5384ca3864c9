//! Does to its end what a commit was cut short in.

use std::io::{self, ErrorKind};
use std::path::Path;

use crate::commit::{CommitError, Failure, ended, failed, remove_empty};
use crate::folders::Folders;
use crate::journal::{self, Deed, JOURNAL, New, temporaries};
use crate::lock::sha256;
use crate::root::{Entry, OldFile, Root, folders};

/// What came of a commit that had been cut short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// Files that got their new content now, or went.
    pub changed: usize,
    /// Files that were as they should be.
    pub kept: usize,
    /// The paths of files that somebody changed since: they are left as they are.
    pub left: Vec<String>,
}

/// Whether a commit to this folder was cut short after it had been decided.
pub fn is_interrupted(path: &Path) -> bool {
    let root = Root::open(path).ok().flatten();
    let journal = root.and_then(|root| root.read(JOURNAL).ok().flatten());
    journal.is_some_and(|journal| journal::parse(&journal.bytes).is_some())
}

/// Finishes a commit that was cut short; `None` if there was none, or nothing of it had been
/// decided. It can itself be cut short and done again. Who calls holds the folder
/// ([`crate::hold`]).
///
/// # Errors
/// If a file cannot be written; then it can be tried again.
pub fn recover(path: &Path) -> Result<Option<Recovered>, CommitError> {
    let at_folder = |error| failed((String::new(), error));
    Root::open(path).map_err(at_folder)?.map_or(Ok(None), |root| recover_in(&root))
}

/// As [`recover`], in a folder that is open.
pub(crate) fn recover_in(root: &Root) -> Result<Option<Recovered>, CommitError> {
    let at_journal = |error| failed((JOURNAL.to_owned(), error));
    let journal = root.read(JOURNAL).map_err(at_journal)?;
    let decided = journal.as_ref().and_then(|journal| journal::parse(&journal.bytes));
    let Some((deeds, id)) = decided else {
        if journal.is_some() || journal::has_remains(root) {
            journal::remove(root).map_err(at_journal)?;
        }
        return Ok(None);
    };
    finish(root, &deeds, &id).map(Some).map_err(|failure| ended(failure, Vec::new(), true))
}

fn finish(root: &Root, deeds: &[Deed<'_>], id: &str) -> Result<Recovered, Failure> {
    let names = temporaries(id, deeds);
    for name in &names {
        // What stands in the way of the file itself is found when the file is looked at.
        let _ = root.remove(name);
    }
    let mut recovered = Recovered::default();
    for (deed, name) in deeds.iter().zip(&names) {
        match verdict(root, deed) {
            Verdict::Done => recovered.kept += 1,
            Verdict::Foreign => recovered.left.push(deed.path.to_owned()),
            Verdict::Open => {
                perform(root, deed, name).map_err(|error| (deed.path.to_owned(), error))?;
                recovered.changed += 1;
            }
        }
        if deed.new == New::Nothing && verdict(root, deed) == Verdict::Done {
            remove_empty(root, deed.path);
        }
    }
    root.sync().map_err(|error| (String::new(), error))?;
    journal::remove(root).map_err(|error| (JOURNAL.to_owned(), error))?;
    Ok(recovered)
}

/// What is left to be done to one path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Done,
    Open,
    /// Somebody changed it since.
    Foreign,
}

fn verdict(root: &Root, deed: &Deed<'_>) -> Verdict {
    let found = match root.read(deed.path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::IsADirectory => return verdict_of_folder(root, deed),
        Err(_) => return Verdict::Foreign,
    };
    let is_old = |found: &OldFile| deed.old.as_ref().is_some_and(|old| *old == sha256(&found.bytes));
    match (&deed.new, found) {
        (New::Nothing, None) => Verdict::Done,
        (New::File { bytes, .. }, Some(found)) if found.bytes == *bytes => Verdict::Done,
        (New::File { .. }, None) if can_be_made(root, deed.path) => Verdict::Open,
        (New::File { bytes, .. }, Some(found)) if is_old(&found) || is_torn(&found.bytes, bytes) => {
            Verdict::Open
        }
        (New::Nothing, Some(found)) if is_old(&found) => Verdict::Open,
        _ => Verdict::Foreign,
    }
}

/// What is left to be done where a folder stands: the file that was to go has gone, and a folder
/// without files gives way to one that was to come.
fn verdict_of_folder(root: &Root, deed: &Deed<'_>) -> Verdict {
    let is_hollow = || root.below(deed.path).is_ok_and(|below| below.files.is_empty());
    match deed.new {
        New::Nothing => Verdict::Done,
        New::File { .. } if is_hollow() => Verdict::Open,
        New::File { .. } => Verdict::Foreign,
    }
}

/// Whether nothing but folders stands where a path needs folders.
fn can_be_made(root: &Root, path: &str) -> bool {
    folders(path).all(|folder| match root.look(folder) {
        Ok(Entry::Absent | Entry::Folder) => true,
        Ok(Entry::Link) => root.is_folder(folder),
        _ => false,
    })
}

/// Whether bytes are what is left of others that never reached the disk as a whole: the end is
/// missing, or there are zeros in its place.
fn is_torn(found: &[u8], whole: &[u8]) -> bool {
    let same = found.iter().zip(whole).take_while(|(a, b)| a == b).count();
    found.len() <= whole.len() && found[same..].iter().all(|byte| *byte == 0)
}

fn perform(root: &Root, deed: &Deed<'_>, name: &str) -> io::Result<()> {
    let New::File { mode, bytes } = deed.new else { return root.remove(deed.path) };
    Folders::default().make(root, deed.path)?;
    root.create(name, bytes, mode)?;
    root.rename_over_folder(name, deed.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn torn_bytes_are_known_for_what_they_are() {
        let whole = b"abc\0def";
        for torn in [&b""[..], b"abc", b"abc\0d", b"abc\0\0\0\0", b"\0\0", b"abc\0def"] {
            assert!(is_torn(torn, whole), "{torn:?}");
        }
        for other in [&b"abd"[..], b"abc\0defg", b"abc\0\0\0\0\0", b"x\0\0"] {
            assert!(!is_torn(other, whole), "{other:?}");
        }
    }
}
