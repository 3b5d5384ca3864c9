//! `kiln diff`.

use std::fmt::Write as _;

use kiln::{Change, Mode, Rendered, Severity};
use similar::TextDiff;

use crate::args::Diff;
use crate::exit::Exit;
use crate::report::Outcome;
use crate::session::{self, Runs, Session};

/// Shows what would change.
pub(crate) fn run(args: &Diff) -> Outcome {
    session::guarded(|| {
        let mut session = Session::open(&args.common, false, Runs::WhatIsTrusted);
        session.report_conflicts(Severity::Warning);
        let Some(plan) = &session.plan else { return session.outcome };
        let parts = plan.changes().iter().filter_map(|change| show(change, &session.rendered));
        session.outcome.diff = Some(parts.collect());
        if args.exit_code && !plan.is_empty() {
            session.outcome.exit = Exit::Changes;
        }
        session.outcome
    })
}

/// The difference that one output makes, `None` if it makes none.
fn show(change: &Change, rendered: &[Rendered]) -> Option<String> {
    let artifact = change.artifact();
    let path = change.path();
    if change.is_kept() {
        return None;
    }
    if artifact.is_encrypted() {
        return Some(format!("encrypted, changed: {path}\n"));
    }
    let old = change.old_bytes().unwrap_or_default();
    if artifact.mode() == Mode::Private || holds_secret(old, rendered) {
        return Some(format!("with secrets, changed: {path}\n"));
    }
    let (Ok(old), Ok(new)) = (str::from_utf8(old), str::from_utf8(artifact.bytes())) else {
        return Some(format!("not text, changed: {path}\n"));
    };
    let before = if change.old_bytes().is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    Some(unified(old, new, &before, &format!("b/{path}")))
}

/// A unified diff, coloured.
fn unified(old: &str, new: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let plain = diff.unified_diff().context_radius(3).header(before, after).to_string();
    let mut text = String::with_capacity(plain.len());
    for line in plain.lines() {
        let style = match line.as_bytes().first() {
            _ if line.starts_with("+++ ") || line.starts_with("--- ") => "\x1b[1m",
            Some(b'+') => "\x1b[32m",
            Some(b'-') => "\x1b[31m",
            Some(b'@') => "\x1b[36m",
            _ => "",
        };
        let end = if style.is_empty() { "" } else { "\x1b[0m" };
        writeln!(text, "{style}{line}{end}").expect("writing to a String cannot fail");
    }
    text
}

/// Whether the old file shows a secret of this run: it may have been written by something
/// that did not encrypt.
fn holds_secret(old: &[u8], rendered: &[Rendered]) -> bool {
    // The texts are looked for, so that what contains one is not printed.
    let mut secrets = rendered.iter().flat_map(Rendered::reveals).map(|reveal| reveal.secret.expose());
    secrets.any(|secret| contains_a_line(old, secret))
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
    use super::*;

    /// Without the escape sequences.
    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_change_is_a_unified_diff() {
        assert_eq!(
            plain(&unified("a: 1\nb: 2\n", "a: 1\nb: 3\n", "a/x.yaml", "b/x.yaml")),
            "--- a/x.yaml\n+++ b/x.yaml\n@@ -1,2 +1,2 @@\n a: 1\n-b: 2\n+b: 3\n"
        );
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
