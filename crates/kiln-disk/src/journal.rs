//! What a commit is about to do, so that it can be done to its end whatever happens to it.
//!
//! ```text
//! kiln journal 1
//! write =644 9f86d0… 5 a/b.yaml
//! x: 1
//!
//! remove 60303a… old.yaml
//! end 2c26b4…
//! ```
//!
//! `write` names the mode (with `=` if the umask takes nothing away), the hash of the old bytes (`-`
//! if there was no file), the number of new bytes and the path; the new bytes and a line break
//! follow. `end` has the hash of everything before it, so that a journal that was not written to its
//! end is known for one. It is named only when it is on the disk; from then on the commit is
//! decided.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;

use crate::folders::Folders;
use crate::lock::{LOCK_FILE, is_sha256, sha256};
use crate::place::{OWN_FOLDER, STATE_FOLDER, spelling};
use crate::root::{Entry, FileMode, Root, folders};

/// Where the journal stands while there is one.
pub(crate) const JOURNAL: &str = ".kiln/state/journal";
const UNNAMED: &str = ".kiln/state/journal.tmp";
const IGNORE: &str = ".kiln/state/.gitignore";
/// The hashes of outputs that are secret; see [`crate::lock::Lock::private_text`].
pub(crate) const PRIVATE: &str = ".kiln/state/private";

/// Nothing in the folder belongs into a repository.
const IGNORED: &[u8] = b"*\n";

const HEADER: &str = "kiln journal 1\n";
const SURE: &str = "writing to a String cannot fail";

/// What a commit does to one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deed<'a> {
    pub(crate) path: &'a str,
    /// The hash of the bytes that were there.
    pub(crate) old: Option<String>,
    pub(crate) new: New<'a>,
}

/// What is there afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum New<'a> {
    File { mode: FileMode, bytes: &'a [u8] },
    Nothing,
}

/// The text of a journal, and what the names of its temporary files have in common.
pub(crate) fn text(deeds: &[Deed<'_>]) -> (Vec<u8>, String) {
    let mut text = HEADER.as_bytes().to_vec();
    for Deed { path, old, new } in deeds {
        let old = old.as_deref().unwrap_or("-");
        match new {
            New::File { mode, bytes } => {
                let exact = if mode.is_exact { "=" } else { "" };
                let head = format!("write {exact}{:o} {old} {} {path}\n", mode.bits, bytes.len());
                text.extend_from_slice(head.as_bytes());
                text.extend_from_slice(bytes);
                text.push(b'\n');
            }
            New::Nothing => text.extend_from_slice(format!("remove {old} {path}\n").as_bytes()),
        }
    }
    let hash = sha256(&text);
    text.extend_from_slice(format!("end {hash}\n").as_bytes());
    (text, hash)
}

/// What a journal says; `None` if it was not written to its end.
pub(crate) fn parse(text: &[u8]) -> Option<(Vec<Deed<'_>>, String)> {
    const END: usize = "end \n".len() + 64;
    let (body, end) = text.split_at(text.len().checked_sub(END)?);
    let hash = sha256(body);
    if end != format!("end {hash}\n").as_bytes() {
        return None;
    }
    let mut rest = body.strip_prefix(HEADER.as_bytes())?;
    let mut deeds = Vec::new();
    while !rest.is_empty() {
        let (deed, after) = deed(rest)?;
        deeds.push(deed);
        rest = after;
    }
    Some((deeds, hash))
}

/// The first entry of a text, and what stands behind it.
fn deed(text: &[u8]) -> Option<(Deed<'_>, &[u8])> {
    let end = text.iter().position(|&byte| byte == b'\n')?;
    let (head, rest) = (str::from_utf8(&text[..end]).ok()?, &text[end + 1..]);
    if let Some(head) = head.strip_prefix("remove ") {
        let (old, path) = head.split_once(' ')?;
        return Some((Deed { path: path_of(path)?, old: hash(old)?, new: New::Nothing }, rest));
    }
    let mut words = head.strip_prefix("write ")?.splitn(4, ' ');
    let mode = words.next()?;
    let bits = u32::from_str_radix(mode.trim_start_matches('='), 8).ok()?;
    let mode = FileMode { bits: bits & 0o7777, is_exact: mode.starts_with('=') };
    let old = hash(words.next()?)?;
    let length: usize = words.next()?.parse().ok()?;
    let path = path_of(words.next()?)?;
    let (bytes, rest) = rest.split_at_checked(length)?;
    Some((Deed { path, old, new: New::File { mode, bytes } }, rest.strip_prefix(b"\n")?))
}

fn hash(word: &str) -> Option<Option<String>> {
    if word == "-" { Some(None) } else { is_sha256(word).then(|| Some(word.to_owned())) }
}

/// A path that a commit may have written; a journal that names another is none of kiln's.
fn path_of(path: &str) -> Option<&str> {
    (spelling(path).is_none() || path == LOCK_FILE || path == PRIVATE).then_some(path)
}

/// The [`temporary`] file of each deed: beside its place, or, where a file has to go before there
/// can be a folder, beside that.
pub(crate) fn temporaries(id: &str, deeds: &[Deed<'_>]) -> Vec<String> {
    let gone = |deed: &&Deed<'_>| deed.new == New::Nothing;
    let removed: BTreeSet<&str> = deeds.iter().filter(gone).map(|deed| deed.path).collect();
    let place = |path| folders(path).find(|folder| removed.contains(folder)).unwrap_or(path);
    deeds.iter().enumerate().map(|(number, deed)| temporary(id, number, place(deed.path))).collect()
}

/// Where new bytes stand until they get their name.
pub(crate) fn temporary(id: &str, number: usize, path: &str) -> String {
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    let mut name = String::with_capacity(folder.len() + 32);
    write!(name, "{folder}.kiln-{}-{number}.tmp", id.get(..12).unwrap_or(id)).expect(SURE);
    name
}

/// Sees a journal to the disk and gives it its name.
pub(crate) fn write(root: &Root, text: &[u8]) -> io::Result<()> {
    Folders::default().make(root, STATE_FOLDER)?;
    root.make_private_folder(STATE_FOLDER)?;
    if root.read(IGNORE)?.is_none_or(|found| found.bytes != IGNORED) {
        root.remove(IGNORE)?;
        root.create(IGNORE, IGNORED, FileMode::NORMAL)?;
    }
    root.remove(UNNAMED)?;
    root.create(UNNAMED, text, FileMode::PRIVATE)?.sync_all()?;
    root.rename(UNNAMED, JOURNAL)?;
    [STATE_FOLDER, OWN_FOLDER, "."].into_iter().try_for_each(|folder| root.sync_folder(folder))
}

/// Whether there is something of a journal that was never named.
pub(crate) fn has_remains(root: &Root) -> bool {
    let is_there = |path| root.look(path).is_ok_and(|found| found != Entry::Absent);
    is_there(UNNAMED) || (is_there(STATE_FOLDER) && !is_there(PRIVATE))
}

/// Removes the journal, and its folder if nothing else is in it.
pub(crate) fn remove(root: &Root) -> io::Result<()> {
    root.remove(UNNAMED)?;
    root.remove(JOURNAL)?;
    tidy(root);
    Ok(())
}

/// Removes the folder of the journal if it is good for nothing.
fn tidy(root: &Root) {
    let is_absent = |path| root.look(path).is_ok_and(|found| found == Entry::Absent);
    if is_absent(PRIVATE) && is_absent(JOURNAL) {
        // A folder that is left over does no harm.
        let removed = root.remove(IGNORE).and_then(|()| root.remove_folder(STATE_FOLDER));
        let _ = removed.and_then(|()| root.remove_folder(OWN_FOLDER));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deeds() -> Vec<Deed<'static>> {
        let exact = FileMode { bits: 0o750, is_exact: true };
        vec![
            Deed {
                path: "a b/ü",
                old: None,
                new: New::File { mode: FileMode::NORMAL, bytes: b"remove - x\n" },
            },
            Deed { path: "c", old: Some(sha256(b"old")), new: New::File { mode: exact, bytes: b"\0\xff" } },
            Deed { path: "d", old: Some(sha256(b"")), new: New::Nothing },
            Deed { path: PRIVATE, old: None, new: New::File { mode: FileMode::PRIVATE, bytes: b"" } },
            Deed { path: LOCK_FILE, old: None, new: New::File { mode: FileMode::NORMAL, bytes: b"x" } },
        ]
    }

    #[test]
    fn what_is_written_is_read_back() {
        let (text, id) = text(&deeds());
        assert_eq!(parse(&text), Some((deeds(), id)));
    }

    #[test]
    fn a_journal_that_ends_early_or_was_changed_is_none() {
        let (text, _) = text(&deeds());
        assert!((0..text.len()).all(|end| parse(&text[..end]).is_none()));
        for at in 0..text.len() {
            let mut changed = text.clone();
            changed[at] ^= 1;
            assert!(parse(&changed).is_none(), "byte {at}");
        }
    }

    #[test]
    fn a_journal_names_no_path_that_is_not_an_output() {
        for path in ["../a", "/a", ".git/config", ".kiln/state/journal", "a//b"] {
            let (text, _) = text(&[Deed { path, old: None, new: New::Nothing }]);
            assert_eq!(parse(&text), None, "{path}");
        }
    }

    #[test]
    fn a_temporary_file_lies_beside_its_place() {
        assert_eq!(temporary("0123456789abcdef", 3, "a/b/c"), "a/b/.kiln-0123456789ab-3.tmp");
        assert_eq!(temporary("0123456789abcdef", 0, "c"), ".kiln-0123456789ab-0.tmp");
    }

    #[test]
    fn a_temporary_file_needs_no_folder_that_is_still_a_file() {
        let new = New::File { mode: FileMode::NORMAL, bytes: b"" };
        let deed = |path, new| Deed { path, old: None, new };
        let deeds = [deed("x/a", New::Nothing), deed("x/a/b/c", new.clone()), deed("x/ab", new)];
        assert_eq!(
            temporaries("0123456789abcdef", &deeds),
            ["x/.kiln-0123456789ab-0.tmp", "x/.kiln-0123456789ab-1.tmp", "x/.kiln-0123456789ab-2.tmp"]
        );
    }
}
