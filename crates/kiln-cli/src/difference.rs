//! What one output changes, as people read differences.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kiln::{Artifact, Change, FileValue, Mode, Rendered, ValueChange};
use similar::{ChangeTag, TextDiff};

const SURE: &str = "writing to a String cannot fail";
/// How much of a difference is shown beside a finding.
const EXCERPT_LINES: usize = 6;
const EXCERPT_WIDTH: usize = 100;
/// What stands for a secret.
const MASK: &str = "********";

/// What a run made, beside what the plan says of it.
pub(crate) struct Made<'a> {
    /// The outputs in plain text, whose secrets are looked for in files that are there.
    pub(crate) rendered: &'a [Rendered],
    /// The values that differ in encrypted outputs, by path.
    pub(crate) value_changes: &'a BTreeMap<String, Vec<ValueChange>>,
    /// Whether secrets are shown.
    pub(crate) shows_secrets: bool,
}

/// A value of an encrypted file that differs, as it is shown.
pub(crate) struct ShownValue {
    /// The keys that lead to it.
    pub(crate) path: String,
    /// Whether it is encrypted before or after, or tells a secret.
    pub(crate) is_secret: bool,
    /// What the file says; masked if it is secret and nobody is to see that.
    pub(crate) old: Option<String>,
    /// What it is to say.
    pub(crate) new: Option<String>,
}

impl Made<'_> {
    /// The values that one encrypted output changes; `None` of any other.
    pub(crate) fn values(&self, change: &Change) -> Option<Vec<ShownValue>> {
        let is_encrypted = change.artifact().is_some_and(Artifact::is_encrypted);
        let changes = self.value_changes.get(change.path()).filter(|_| is_encrypted && !change.is_kept())?;
        Some(changes.iter().map(|it| self.shown(it)).collect())
    }

    fn shown(&self, change: &ValueChange) -> ShownValue {
        let is_secret = self.is_secret(change);
        let text = |value: &FileValue| match value {
            _ if is_secret && !self.shows_secrets => MASK.to_owned(),
            FileValue::Clear(text) => text.clone(),
            // The user asked to see it.
            FileValue::Encrypted(secret) => secret.expose().to_owned(),
        };
        let (old, new) = (change.old.as_ref().map(text), change.new.as_ref().map(text));
        ShownValue { path: change.path.clone(), is_secret, old, new }
    }

    /// The difference that one output makes, coloured; `None` if it makes none.
    pub(crate) fn difference(&self, change: &Change) -> Option<String> {
        if change.is_kept() {
            return None;
        }
        let path = change.path();
        let before = if change.old_bytes().is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
        let Some(artifact) = change.artifact() else { return self.removal(change, &before) };
        let after = format!("b/{path}");
        if let Some(changes) = self.value_changes.get(path).filter(|_| artifact.is_encrypted()) {
            return Some(self.by_value(changes, &before, &after));
        }
        let old = change.old_bytes().unwrap_or_default();
        if artifact.is_encrypted() || !self.shows_secrets && self.holds_secret(change) {
            return Some(format!("with secrets, changed: {path}\n"));
        }
        let (Ok(old), Ok(new)) = (str::from_utf8(old), str::from_utf8(artifact.bytes())) else {
            return Some(format!("not text, changed: {path}\n"));
        };
        Some(unified(old, new, &before, &after))
    }

    /// The first lines that one output changes, as they are and as they would be; `None` where that
    /// is not for everybody to see.
    pub(crate) fn excerpt(&self, change: &Change) -> Option<String> {
        let (artifact, old) = (change.artifact()?, change.old_bytes()?);
        if artifact.is_encrypted() || self.holds_secret(change) {
            return None;
        }
        let (old, new) = (str::from_utf8(old).ok()?, str::from_utf8(artifact.bytes()).ok()?);
        let diff = TextDiff::from_lines(old, new);
        let changed = diff.iter_all_changes().filter(|it| it.tag() != ChangeTag::Equal);
        let mut lines = changed.map(|it| {
            let text: String = it.value().trim_end().chars().take(EXCERPT_WIDTH).collect();
            format!("{}{text}", it.tag())
        });
        let shown: Vec<String> = lines.by_ref().take(EXCERPT_LINES).collect();
        let rest = lines.count();
        let rest = (rest > 0).then(|| format!("and {rest} lines more"));
        Some(shown.into_iter().chain(rest).collect::<Vec<_>>().join("\n"))
    }

    /// The difference that a file makes which goes.
    fn removal(&self, change: &Change, before: &str) -> Option<String> {
        let (path, old) = (change.path(), change.old_bytes()?);
        let is_encrypted = contains(old, b"ENC[AES256_GCM,");
        if is_encrypted || !self.shows_secrets && self.holds_secret(change) {
            return Some(format!("with secrets, removed: {path}\n"));
        }
        match str::from_utf8(old) {
            Ok(old) => Some(unified(old, "", before, "/dev/null")),
            Err(_) => Some(format!("not text, removed: {path}\n")),
        }
    }

    /// The values of an encrypted file that differ.
    fn by_value(&self, changes: &[ValueChange], before: &str, after: &str) -> String {
        let mut plain = format!("--- {before}\n+++ {after}\n");
        if changes.is_empty() {
            plain.push_str("@@ encrypted: no value changes, but something else, such as a recipient @@\n");
        } else {
            writeln!(plain, "@@ encrypted: {} @@", counted(changes.len())).expect(SURE);
        }
        for value in changes.iter().map(|it| self.shown(it)) {
            for (sign, text) in [('-', value.old), ('+', value.new)] {
                text.iter().for_each(|text| value_lines(&mut plain, sign, &value.path, text));
            }
        }
        coloured(&plain)
    }

    /// Whether a value is encrypted before or after, or stands in clear and tells a secret.
    fn is_secret(&self, change: &ValueChange) -> bool {
        [&change.old, &change.new].into_iter().flatten().any(|value| match value {
            FileValue::Encrypted(_) => true,
            FileValue::Clear(text) => self.is_told(text.as_bytes()),
        })
    }

    /// Whether a file in plain text holds a secret, or is to hold one.
    fn holds_secret(&self, change: &Change) -> bool {
        change.was_private()
            || change.artifact().is_some_and(|artifact| artifact.mode() == Mode::Private)
            || self.is_told(change.old_bytes().unwrap_or_default())
    }

    /// Whether a text tells a secret of this run: an old file may have been written by something
    /// that did not encrypt.
    fn is_told(&self, text: &[u8]) -> bool {
        // The texts are looked for, so that what contains one is not printed.
        let mut secrets =
            self.rendered.iter().flat_map(Rendered::reveals).map(|reveal| reveal.secret.expose());
        secrets.any(|secret| contains_a_line(text, secret))
    }
}

fn counted(values: usize) -> String {
    if values == 1 { "1 value changes".to_owned() } else { format!("{values} values change") }
}

fn value_lines(text: &mut String, sign: char, path: &str, value: &str) {
    if !value.contains('\n') {
        writeln!(text, "{sign}{path}: {value}").expect(SURE);
        return;
    }
    writeln!(text, "{sign}{path}: |").expect(SURE);
    value.lines().for_each(|line| writeln!(text, "{sign}  {line}").expect(SURE));
}

/// A unified diff, coloured.
fn unified(old: &str, new: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    coloured(&diff.unified_diff().context_radius(3).header(before, after).to_string())
}

/// The two lines of the head come first; what looks like them further down is content.
fn coloured(plain: &str) -> String {
    let mut text = String::with_capacity(plain.len());
    for (index, line) in plain.lines().enumerate() {
        let style = match line.as_bytes().first() {
            _ if index < 2 => "\x1b[1m",
            Some(b'+') => "\x1b[32m",
            Some(b'-') => "\x1b[31m",
            Some(b'@') => "\x1b[36m",
            _ => "",
        };
        let end = if style.is_empty() { "" } else { "\x1b[0m" };
        writeln!(text, "{style}{line}{end}").expect(SURE);
    }
    text
}

/// Whether the text contains a line of the secret. Lines that every key of its kind has, such
/// as `-----BEGIN …`, tell nothing.
fn contains_a_line(text: &[u8], secret: &str) -> bool {
    let lines = secret.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
    lines.into_iter().any(|line| contains(text, line.as_bytes()))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    !part.is_empty() && text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use kiln::Secret;

    use super::*;

    /// Without the escape sequences.
    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn by_value(shows_secrets: bool) -> String {
        let clear = |text: &str| Some(FileValue::Clear(text.to_owned()));
        let encrypted = |text: &str| Some(FileValue::Encrypted(Secret::new("x", text)));
        let change = |path: &str, old, new| ValueChange { path: path.to_owned(), old, new };
        let changes = [
            change("data.key", encrypted("one"), encrypted("a\nb\n")),
            change("data.new", None, encrypted("two")),
            change("kind", clear("a"), clear("b")),
            change("was", clear("three"), encrypted("three")),
        ];
        let made = Made { rendered: &[], value_changes: &BTreeMap::new(), shows_secrets };
        plain(&made.by_value(&changes, "a/x", "b/x"))
    }

    #[test]
    fn values_that_are_or_were_encrypted_are_masked() {
        assert_eq!(
            by_value(false),
            "--- a/x\n+++ b/x\n@@ encrypted: 4 values change @@\n\
             -data.key: ********\n+data.key: ********\n+data.new: ********\n\
             -kind: a\n+kind: b\n-was: ********\n+was: ********\n"
        );
    }

    #[test]
    fn who_asks_sees_them() {
        assert_eq!(
            by_value(true),
            "--- a/x\n+++ b/x\n@@ encrypted: 4 values change @@\n\
             -data.key: one\n+data.key: |\n+  a\n+  b\n+data.new: two\n\
             -kind: a\n+kind: b\n-was: three\n+was: three\n"
        );
    }

    #[test]
    fn a_change_is_a_unified_diff() {
        assert_eq!(
            plain(&unified("a: 1\nb: 2\n", "a: 1\nb: 3\n", "a/x.yaml", "b/x.yaml")),
            "--- a/x.yaml\n+++ b/x.yaml\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n"
        );
    }

    #[test]
    fn only_the_head_is_bold() {
        let text = unified("-- x\n", "++ x\n", "a/x", "b/x");
        assert!(text.contains("\x1b[31m--- x\x1b[0m") && text.contains("\x1b[32m+++ x\x1b[0m"), "{text:?}");
    }

    #[test]
    fn one_line_of_a_secret_is_enough() {
        let secret = "-----BEGIN KEY-----\nabc\nhunter2\n-----END KEY-----\n";
        assert!(contains_a_line(b"x: hunter2", secret));
        assert!(!contains_a_line(b"-----BEGIN KEY-----\n", secret));
    }

    #[test]
    fn a_part_is_found_anywhere_and_nothing_is_no_part() {
        assert!(contains(b"token: hunter2\n", b"hunter2"));
        assert!(!contains(b"token: hunter\n", b"hunter2"));
        assert!(!contains(b"anything", b""));
    }
}
