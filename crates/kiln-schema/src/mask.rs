//! Hiding secrets in a text that could not be parsed.

use std::collections::BTreeSet;

use kiln_model::{SourceId, Sources, Span, nearest};

use crate::secret_keys::SecretKeys;

/// Hides in `sources` what may be a secret value in a text of which no tree is known: for
/// every one of `keys` that is followed by `:` or `=`, the rest of its line and the lines
/// after it, up to the next line that begins another key and is not indented further.
///
/// Keys that are nearly called so count, too: they may be misspelt.
///
/// Meant for YAML, JSON and TOML alike; hides too much rather than too little. To be called
/// for every text whose reading had findings, also when it gave a tree: what a key given
/// twice holds is in no tree.
pub fn mask_unparsed(sources: &mut Sources, source: SourceId, keys: &SecretKeys) {
    let Some(text) = sources.get(source).map(|it| it.text().to_owned()) else { return };
    for (start, end) in secret_ranges(&text, &with_misspelt(&text, keys)) {
        sources.mask(Span::new(source, start, end));
    }
}

/// The keys, and the words of the text that are probably meant to be one of them.
fn with_misspelt(text: &str, keys: &SecretKeys) -> BTreeSet<String> {
    let words: BTreeSet<&str> = text.split(|it: char| !is_name(it)).collect();
    let is_meant = |word: &str| nearest(word, keys.names.iter().map(String::as_str)).is_some();
    let meant = words.into_iter().filter(|word| is_meant(word) || keys.contains(word));
    meant.map(str::to_owned).chain(keys.names.iter().cloned()).collect()
}

fn is_name(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '-')
}

/// The value of a secret key that is still going on.
struct Open {
    indent: usize,
    /// The quotes that must come before it ends, for text over several lines.
    until: Option<&'static str>,
}

fn secret_ranges(text: &str, keys: &BTreeSet<String>) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut open: Option<Open> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let mut searched = 0;
        if let Some(value) = &mut open {
            if let Some(close) = value.until.and_then(|quotes| Some(line.find(quotes)? + quotes.len())) {
                ranges.push((start, start + close));
                value.until = None;
                searched = close;
            } else if value.until.is_some() || continues(line, value.indent) {
                ranges.push((start, end));
                searched = line.len();
            } else {
                open = None;
            }
        }
        if let Some((indent, value)) = find_value(line, searched, keys) {
            ranges.push((start + value, end));
            open = Some(Open { indent, until: unclosed(&line[value..]) });
        }
        start = end;
    }
    ranges
}

/// Whether a line belongs to the value of a key in column `indent` of a line above.
fn continues(line: &str, indent: usize) -> bool {
    line.trim().is_empty() || column(line) > indent || !begins_key(line)
}

/// How far a line is indented.
fn column(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Whether a line begins as `key:`, `- key:`, `"key":` or `key =` do, with a section
/// (`[table]`), or with a bracket that closes what is around it.
fn begins_key(line: &str) -> bool {
    let rest = line.trim_start_matches([' ', '\t', '-']);
    if rest.starts_with(['[', '}', ']']) || line.starts_with("---") {
        return true;
    }
    let bare = rest.trim_start_matches(['"', '\'']);
    let name =
        bare.find(|it: char| !(it.is_alphanumeric() || matches!(it, '_' | '-' | '.'))).unwrap_or(bare.len());
    name > 0 && bare[name..].trim_start_matches(['"', '\'', ' ', '\t']).starts_with([':', '='])
}

/// Where the first secret key at or behind `from` begins, its quote included, and where its
/// value does.
fn find_value(line: &str, from: usize, keys: &BTreeSet<String>) -> Option<(usize, usize)> {
    keys.iter().filter_map(|key| value_of(line, from, key)).min()
}

fn value_of(line: &str, from: usize, key: &str) -> Option<(usize, usize)> {
    line.match_indices(key).filter(|(at, _)| *at >= from).find_map(|(at, _)| {
        let (before, behind) = (&line[..at], &line[at + key.len()..]);
        let separator = behind.trim_start_matches(['"', '\'', ' ', '\t']);
        let start = before.trim_end_matches(['"', '\'']).len();
        if separator.starts_with([':', '=']) {
            return (!before.ends_with(is_name)).then(|| (start, line.len() - separator.len() + 1));
        }
        // What separates the two may have been forgotten.
        let is_first = before.trim_matches([' ', '\t', '-', '"', '\'']).is_empty();
        (is_first && behind.starts_with([' ', '\t', '"', '\''])).then(|| (start, line.len() - behind.len()))
    })
}

/// The three quotes that a value opens and does not close on its line.
fn unclosed(value: &str) -> Option<&'static str> {
    let value = value.trim_start();
    ["\"\"\"", "'''"]
        .into_iter()
        .find(|quotes| value.strip_prefix(quotes).is_some_and(|rest| !rest.contains(quotes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let keys = ["token", "pem"].map(str::to_owned).into_iter().collect();
        let mut sources = Sources::new();
        let id = sources.add("a", text);
        mask_unparsed(&mut sources, id, &keys);
        assert_eq!(sources.masked_text(id), expected);
    }

    #[test]
    fn the_rest_of_the_line_is_hidden() {
        check("a: 1\ntoken: xy z\nb: 2\n", "a: 1\ntoken:*****\nb: 2\n");
        check("  - token : \"x\nb: 2\n", "  - token :***\nb: 2\n");
        check("token = 'x'\n[t]\n", "token =****\n[t]\n");
        check("{\"token\": \"x\",\n \"b\": 1}\n", "{\"token\":*****\n \"b\": 1}\n");
        check("{a: 1, token: x}\n", "{a: 1, token:***\n");
    }

    #[test]
    fn lines_up_to_the_next_key_are_hidden() {
        check(
            "pem: |\n  -----BEGIN\n  Proc-Type: 4\n\n  x\nb: 2\n",
            "pem:**\n************\n**************\n\n***\nb: 2\n",
        );
        check("token: \"x\ny\nb: 2\n", "token:***\n*\nb: 2\n");
        check("token:\n  x: 1\n  y: 2\nb: 2\n", "token:\n******\n******\nb: 2\n");
        check("pem = \"\"\"\nx = 1\ny\"\"\"\nb = 2\n", "pem =****\n*****\n****\nb = 2\n");
        check("nodes:\n  - token: x\n    b: 1\n", "nodes:\n  - token:**\n    b: 1\n");
    }

    #[test]
    fn a_separator_may_be_missing() {
        check("a: 1\ntoken xy z\nb: 2\n", "a: 1\ntoken*****\nb: 2\n");
        check("- token \"x\n  y\nb: 2\n", "- token***\n***\nb: 2\n");
        check("tokn x\nb: 2\n", "tokn**\nb: 2\n");
    }

    #[test]
    fn other_keys_stay_visible() {
        check("names: x\nmy_token: y\nnote: the token\n", "names: x\nmy_token: y\nnote: the token\n");
    }

    #[test]
    fn a_misspelt_key_counts() {
        check("tokn: \"x\nb: 2\n", "tokn:***\nb: 2\n");
    }
}
