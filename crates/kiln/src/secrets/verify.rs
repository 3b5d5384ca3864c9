//! `kiln secrets verify`: whether every file of a tree is encrypted as it should be.

use std::ops::Range;

use kiln_age::{Identities, NoDialog};
use kiln_model::{Diagnostic, Diagnostics, Files, Label, Sources, Span};
use kiln_sops::{FileKey, Format, MacCheck, OpenError, Sealed, SealedError};
use rayon::prelude::*;

use super::findings;
use super::tree::{Tree, is_named_so};

/// What a look at the encrypted files of a tree found.
#[derive(Default)]
#[non_exhaustive]
pub struct Verification {
    /// How many files should be encrypted.
    pub files: usize,
    /// How many of them could be opened, and have sound values and a sound MAC.
    pub opened: usize,
    /// Whether there was a key to open files with.
    pub has_key: bool,
    /// The texts that diagnostics point into. Values are not in them.
    pub sources: Sources,
    /// All findings.
    pub diagnostics: Diagnostics,
}

impl Verification {
    /// What was looked at, for people.
    pub fn summary(&self) -> String {
        let files = if self.files == 1 { "1 file".to_owned() } else { format!("{} files", self.files) };
        if self.has_key {
            format!("{files}, values and MAC of {} verified", self.opened)
        } else {
            format!("{files}, structure and recipients only, for there is no key")
        }
    }
}

/// Looks at every file of a tree that should be encrypted, in parallel.
///
/// That is each `*.sops.*`, and each file that a creation rule with a `path_regex` covers; not
/// what git ignores, and no template. `below` are the files and folders to look at; without any,
/// it is the whole tree. Rules are those of the nearest `.sops.yaml`.
pub fn verify(files: &dyn Files, below: &[String], identities: &Identities) -> Verification {
    let mut done = Verification { has_key: !identities.is_empty(), ..Verification::default() };
    let Ok(tree) = Tree::load(files, &mut done.sources, &mut done.diagnostics) else { return done };
    let is_meant = |path: &str| {
        below.is_empty() || below.iter().any(|it| it == path || path.starts_with(&format!("{it}/")))
    };
    let paths: Vec<&str> =
        tree.paths.iter().map(String::as_str).filter(|path| is_meant(path) && tree.is_secret(path)).collect();
    done.files = paths.len();
    let looks: Vec<Look> = paths.par_iter().map(|path| Look::at(path, &tree, identities)).collect();
    for look in looks {
        done.opened += usize::from(look.is_opened);
        look.report(&tree, &mut done);
    }
    done
}

/// A look at one file.
struct Look {
    path: String,
    /// How messages call it.
    name: String,
    is_opened: bool,
    /// Each finding with its place in the bytes of the file.
    found: Vec<(Diagnostic, Range<usize>)>,
    /// The text without what may be secret, if there are findings.
    excerpt: String,
}

impl Look {
    fn at(path: &str, tree: &Tree<'_>, identities: &Identities) -> Look {
        let name = tree.files.display(path);
        let mut look =
            Look { path: path.to_owned(), name, is_opened: false, found: Vec::new(), excerpt: String::new() };
        match tree.files.read(path) {
            Ok(bytes) => {
                let bytes = bytes.unwrap_or_default();
                look.examine(&bytes, tree, identities);
                if !look.found.is_empty() {
                    let shown: Vec<_> = look.found.iter().map(|(_, at)| key_at(&bytes, at)).collect();
                    look.excerpt = blanked(&bytes, &shown);
                }
            }
            Err(error) => look.found.push((findings::unreadable(&error), 0..0)),
        }
        look
    }

    fn examine(&mut self, bytes: &[u8], tree: &Tree<'_>, identities: &Identities) {
        let format = Format::of_path(&self.path);
        match Sealed::read(bytes, format) {
            Ok(sealed) => self.sealed(&sealed, bytes, tree, identities),
            Err(SealedError::NotEncrypted) => {
                self.push(findings::not_encrypted(&self.name, !is_named_so(&self.path)), 0..0);
            }
            Err(SealedError::BadMetadata(what)) => {
                self.push(findings::bad_block(&self.name, &what.to_string()), block(bytes));
            }
            Err(error @ SealedError::LineEnds) => {
                self.push(findings::line_ends(&self.name, &error.to_string()), 0..0);
            }
            // Any bytes are a binary file, and only an encrypted one is JSON.
            Err(SealedError::NotReadable(_)) if format == Format::Binary => {
                self.push(findings::not_encrypted(&self.name, !is_named_so(&self.path)), 0..0);
            }
            Err(SealedError::NotReadable(error)) => {
                for (line, what) in error.problems() {
                    let finding = findings::no_document(&self.name, format.name(), line, &what);
                    self.push(finding, start_of_line(bytes, line));
                }
            }
        }
    }

    fn sealed(&mut self, sealed: &Sealed, bytes: &[u8], tree: &Tree<'_>, identities: &Identities) {
        let rule = tree.rule_for(&self.path);
        if !sealed.has_mac() {
            self.push(findings::no_mac(&self.name), block(bytes));
        }
        let clear = sealed.clear_values(rule);
        for value in &clear {
            self.push(findings::value_in_clear(&self.name, &value.path), value.at.clone());
        }
        match rule {
            None => self.push(findings::no_rule(&self.name, !tree.rules.is_empty()), block(bytes)),
            Some(rule) if rule.problems().has_errors() => {
                rule.problems().iter().for_each(|problem| self.push(problem.clone(), 0..0));
            }
            Some(rule) => {
                for difference in sealed.differences(rule) {
                    let finding = findings::differs(&self.name, &difference);
                    self.push(finding.label(rule.span(), "this is its rule"), block(bytes));
                }
            }
        }
        if !identities.is_empty() && sealed.has_mac() {
            self.open(sealed, bytes, clear.is_empty(), identities);
        }
    }

    fn open(&mut self, sealed: &Sealed, bytes: &[u8], is_whole: bool, identities: &Identities) {
        match sealed.open(identities, MacCheck::Verify, &NoDialog) {
            Ok(_) => self.is_opened = true,
            Err(OpenError::Key(_)) => {
                let own = identities.recipients();
                let is_ours = sealed
                    .groups()
                    .iter()
                    .flatten()
                    .any(|key| matches!(key, FileKey::Age(recipient) if own.contains(recipient)));
                let is_alone = sealed.groups().len() == 1;
                let finding = if is_ours && is_alone {
                    findings::not_opened(&self.name)
                } else {
                    findings::locked(&self.name)
                };
                self.push(finding, block(bytes));
            }
            // That a value is in clear was said before, and nothing can be decrypted then.
            Err(OpenError::NotEncrypted(_)) if !is_whole => {}
            Err(error) => {
                let at = match &error {
                    OpenError::Forged(path) | OpenError::WrongType(path) | OpenError::NotEncrypted(path) => {
                        sealed.place_of(path)
                    }
                    _ => None,
                };
                let finding = findings::tampered(&self.name, &error.to_string());
                self.push(finding, at.unwrap_or_else(|| block(bytes)));
            }
        }
    }

    fn push(&mut self, finding: Diagnostic, at: Range<usize>) {
        self.found.push((finding, at));
    }

    /// Adds the findings to the others, with their places. What is wrong with a rule is said
    /// once.
    fn report(self, tree: &Tree<'_>, done: &mut Verification) {
        if self.found.is_empty() {
            return;
        }
        let source = done.sources.add(tree.files.display(&self.path), self.excerpt);
        for (mut finding, at) in self.found {
            let is_of_rule = !finding.code.starts_with("secrets.");
            if is_of_rule && done.diagnostics.iter().any(|known| *known == finding) {
                continue;
            }
            if !is_of_rule {
                let span = Span::new(source, at.start, at.end);
                finding.labels.insert(0, Label { span, text: String::new() });
            }
            done.diagnostics.push(finding);
        }
    }
}

/// The part of an entry that may be shown: its key, which is never secret.
fn key_at(bytes: &[u8], at: &Range<usize>) -> Range<usize> {
    let entry = bytes.get(at.clone()).unwrap_or_default();
    let end = entry.iter().position(|byte| matches!(byte, b':' | b'=' | b'\n'));
    at.start..at.start + end.map_or(0, |end| end + 1)
}

/// The text with stars for everything but these parts and the ends of lines; empty if it is not
/// UTF-8.
fn blanked(bytes: &[u8], shown: &[Range<usize>]) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else { return String::new() };
    let mut stays = vec![false; text.len()];
    for part in shown {
        stays.get_mut(part.clone()).into_iter().flatten().for_each(|byte| *byte = true);
    }
    let mut out = String::with_capacity(text.len());
    for (at, char) in text.char_indices() {
        match char {
            _ if stays[at] => out.push(char),
            '\n' | ' ' => out.push(char),
            _ => (0..char.len_utf8()).for_each(|_| out.push('*')),
        }
    }
    out
}

/// Where the `sops` block begins; the start of the file if that is not seen.
fn block(bytes: &[u8]) -> Range<usize> {
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii();
        if [&b"sops:"[..], b"\"sops\"", b"sops_", b"[sops]"].iter().any(|it| text.starts_with(it)) {
            let indent = line.len() - line.trim_ascii_start().len();
            return start + indent..start + line.trim_ascii_end().len();
        }
        start += line.len();
    }
    0..0
}

fn start_of_line(bytes: &[u8], line: usize) -> Range<usize> {
    let before = bytes.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1));
    let at = before.map(<[u8]>::len).sum();
    at..at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_keys_and_no_values() {
        let text = b"a: hunter2 # it is so\nsops:\n  mac: x\n";
        let shown = [key_at(text, &(0..10)), key_at(text, &block(text))];
        assert_eq!(blanked(text, &shown), "a: ******* * ** ** **\nsops:\n  **** *\n");
        assert_eq!(blanked(b"\xff", &[]), "");
    }

    #[test]
    fn the_block_is_found_in_every_format() {
        assert_eq!(block(b"a: 1\nsops:\n"), 5..10);
        assert_eq!(block(b"{\n\t\"a\": 1,\n\t\"sops\": {\n"), 12..21);
        assert_eq!(block(b"a=1\nsops_age=2\n"), 4..14);
        assert_eq!(block(b"[a]\n[sops]\n"), 4..10);
        assert_eq!(block(b"a: 1\n"), 0..0);
    }
}
