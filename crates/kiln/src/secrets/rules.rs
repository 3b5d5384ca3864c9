//! Changes the recipients in a `.sops.yaml`, and nothing else of its text.

use std::collections::BTreeMap;
use std::ops::Range;

/// What is to stand instead of each recipient; nothing, where it goes.
pub(super) type Replacements = BTreeMap<String, Vec<String>>;

/// The text with other recipients.
///
/// It is a change of words: whoever calls reads the outcome and sees whether the rules say what
/// they should.
pub(super) fn replaced(text: &str, replacements: &Replacements) -> String {
    let mut out = text.to_owned();
    for (old, new) in replacements {
        for at in occurrences(&out, old).into_iter().rev() {
            if new.is_empty() {
                out.replace_range(with_separator(&out, at), "");
            } else {
                out.replace_range(at, &new.join(","));
            }
        }
    }
    out
}

/// Where a recipient stands as a word of its own.
fn occurrences(text: &str, recipient: &str) -> Vec<Range<usize>> {
    let is_end =
        |char: Option<char>| !char.is_some_and(|it| it.is_alphanumeric() || matches!(it, '+' | '/' | '='));
    let found = text.match_indices(recipient).map(|(at, _)| at..at + recipient.len());
    found
        .filter(|at| is_end(text[..at.start].chars().next_back()) && is_end(text[at.end..].chars().next()))
        .collect()
}

/// A recipient that goes takes the comma with it that parts it from the next or the last one, or
/// the line, if it stands in one alone as an item of a list.
fn with_separator(text: &str, at: Range<usize>) -> Range<usize> {
    let line_start = text[..at.start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[at.end..].find('\n').map_or(text.len(), |newline| at.end + newline + 1);
    let before =
        text[line_start..at.start].trim_matches(|it: char| it.is_whitespace() || matches!(it, '"' | '\''));
    let after =
        text[at.end..line_end].trim_matches(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | ','));
    let is_alone = after.is_empty() || after.starts_with('#');
    if is_alone && matches!(before, "-" | "") {
        return line_start..line_end;
    }
    let rest = &text[at.end..line_end];
    if let Some(behind) = rest.trim_start().strip_prefix(',') {
        return at.start..line_end - behind.trim_start_matches(' ').len();
    }
    let start =
        text[line_start..at.start].trim_end().strip_suffix(',').map_or(at.start, |it| line_start + it.len());
    start..at.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, replacements: &[(&str, &[&str])]) -> String {
        let owned = |it: &&str| (*it).to_owned();
        let map = replacements.iter().map(|(old, new)| ((*old).to_owned(), new.iter().map(owned).collect()));
        replaced(text, &map.collect())
    }

    #[test]
    fn a_recipient_is_replaced_wherever_it_is_a_word() {
        let text = "age: age1a\nx: age1ab\ny: [\"age1a\", age1b]\nz: >-\n  age1a,\n  age1b\n";
        assert_eq!(
            changed(text, &[("age1a", &["age1c", "age1d"])]),
            "age: age1c,age1d\nx: age1ab\ny: [\"age1c,age1d\", age1b]\nz: >-\n  age1c,age1d,\n  age1b\n"
        );
    }

    #[test]
    fn a_recipient_that_goes_leaves_no_trace() {
        let gone: &[(&str, &[&str])] = &[("age1a", &[])];
        assert_eq!(changed("age: age1a,age1b\n", gone), "age: age1b\n");
        assert_eq!(changed("age: age1b, age1a\n", gone), "age: age1b\n");
        assert_eq!(changed("age:\n  - age1a # old\n  - age1b\n", gone), "age:\n  - age1b\n");
        assert_eq!(changed("age: >-\n  age1a,\n  age1b\n", gone), "age: >-\n  age1b\n");
        assert_eq!(changed("age: [age1a, age1b]\n", gone), "age: [age1b]\n");
        assert_eq!(changed("age: [age1b, age1a]\n", gone), "age: [age1b]\n");
    }

    #[test]
    fn an_ssh_key_is_a_word_too() {
        let gone: &[(&str, &[&str])] = &[("ssh-ed25519 AAAA", &["age1a"])];
        assert_eq!(
            changed("- ssh-ed25519 AAAA\n- ssh-ed25519 AAAAB\n", gone),
            "- age1a\n- ssh-ed25519 AAAAB\n"
        );
    }
}
