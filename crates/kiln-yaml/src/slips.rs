//! Slips of the hand, told where they are.
//!
//! A reader says where it could not go on; what is wrong often stands further up. Here the lines
//! around such a place are looked at as a person would.

mod line;

use kiln_model::{Diagnostic, SourceId, Span};
use line::Line;

/// A slip, and how to mend it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Slip {
    /// First byte of what is wrong.
    pub(crate) start: usize,
    /// One past the last byte.
    pub(crate) end: usize,
    /// What is wrong.
    pub(crate) message: &'static str,
    /// How to put it right.
    pub(crate) help: &'static str,
}

impl Slip {
    /// What is said of it.
    pub(crate) fn finding(&self, source: SourceId) -> Diagnostic {
        Diagnostic::error("load.yaml-syntax", self.message)
            .label(Span::new(source, self.start, self.end), "")
            .help(self.help)
    }
}

const KEY_HELP: &str = "write `key: value`, with a space after the `:`";

/// What is wrong with the key at `start`, behind which a reader found no `:`.
pub(crate) fn unfinished_key(text: &str, start: usize) -> Slip {
    let line = Line::at(text, start);
    let words = line.from(start);
    let column = line.column(start);
    let among_items =
        line.above().is_some_and(|above| above.is_item() && above.column(above.start) == column);
    let name = words.find(|c: char| !is_of_key(c)).unwrap_or(words.len());
    let behind = words.get(name..).unwrap_or_default();
    let sign = name + behind.len() - behind.trim_start().len();
    let (from, to, message, help) = match words.get(sign..).and_then(|rest| rest.chars().next()) {
        _ if among_items && words.starts_with('-') => {
            (0, 1, "a `-` without a space after it", "write `- item`")
        }
        Some(':') if name > 0 => (sign, sign + 1, "a `:` without a space after it", KEY_HELP),
        Some('=') if name > 0 => (sign, sign + 1, "a `=` in the place of a `:`", KEY_HELP),
        _ if among_items => {
            (0, words.len(), "a line without `- ` among the items of a list", "write `- item`")
        }
        _ if name > 0 => (0, name, "expected `:` after a key", KEY_HELP),
        _ => (0, words.len(), "expected `:` after a key", KEY_HELP),
    };
    Slip { start: start + from, end: start + to, message, help }
}

/// The slip because of which the `:` at `colon` stands where no key can be, if there is one.
pub(crate) fn stray_colon(text: &str, colon: usize) -> Option<Slip> {
    let line = Line::at(text, colon);
    if line.key >= colon || text.get(line.key..colon)?.contains(": ") {
        return None;
    }
    let above = line.above()?;
    let column = line.column(line.key);
    // What goes on over several lines begins behind the next key above that is indented less.
    let mut first = above;
    while !first.has_key() && !first.is_item() && first.column(first.start) > 0 {
        first = first.above()?;
    }
    let is_deeper = column > first.column(first.key);
    if is_deeper && (first.has_key() || !begins_like_a_key(first.from(first.key))) {
        let ends_open = first.from(first.key).ends_with(':') && first == above;
        let (message, help) = (
            "a key that is indented as if it belonged to the value above",
            "indent it like the keys beside it",
        );
        return (!ends_open).then_some(Slip { start: line.key, end: colon, message, help });
    }
    (!above.has_key() && above == first).then(|| unfinished_key(text, above.key))
}

/// What is wrong with a line that begins at `start`, if it is indented like no line above it, or
/// like a list that begins within an item.
pub(crate) fn indentation(text: &str, start: usize) -> Option<Slip> {
    let line = Line::at(text, start);
    let column = line.column(line.start);
    let mut above = Some(line).filter(|line| line.start == start)?.above();
    while let Some(line) = above {
        if let Some(dash) = line.inner_dash().filter(|dash| line.column(*dash) == column) {
            let (message, help) =
                ("a list that begins within an item of a list", "write one `- ` for each item");
            return Some(Slip { start: dash, end: dash + 1, message, help });
        }
        if [line.start, line.key].into_iter().any(|at| line.column(at) == column) {
            return None;
        }
        above = if line.column(line.start) > column { line.above() } else { None };
    }
    let (message, help) = ("this indentation fits no line above", "indent the line like its neighbours");
    Some(Slip { start, end: line.end, message, help })
}

/// What is no space in the indentation of the line that an error is in, or of the one above, though
/// it looks like one.
pub(crate) fn blank(text: &str, mark: usize) -> Option<Slip> {
    let here = Line::at(text, mark);
    let blank = |line: Line<'_>| {
        let begin = line.start - line.indentation().len();
        let found = line.indentation().char_indices().find(|(_, c)| !c.is_ascii());
        found.map(|(at, c)| (begin + at, begin + at + c.len_utf8()))
    };
    let (start, end) = blank(here).or_else(|| blank(here.above()?))?;
    let (message, help) = ("a character that looks like a space and is none", "replace it with a space");
    Some(Slip { start, end, message, help })
}

/// The tab in the indentation of the line that an error is in, or of the next one.
pub(crate) fn tab(text: &str, mark: usize) -> Option<Slip> {
    let here = Line::at(text, mark);
    let tab =
        |line: Line<'_>| line.indentation().find('\t').map(|at| line.start - line.indentation().len() + at);
    let at = tab(here).or_else(|| tab(here.below()?))?;
    let (message, help) = ("a tab where YAML wants spaces", "replace the tab with spaces");
    Some(Slip { start: at, end: at + 1, message, help })
}

/// The first escape in the text behind the quote at `quote` that stands for nothing.
pub(crate) fn escape(text: &str, quote: usize) -> Option<Slip> {
    let inside = text.get(quote..)?.strip_prefix('"')?;
    let mut rest = inside;
    while let Some(at) = rest.find(['\\', '"']) {
        let start = text.len() - rest.len() + at;
        let behind = rest.get(at..)?.strip_prefix('\\')?;
        let letter = behind.chars().next()?;
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let found = behind.chars().skip(1).take(digits).take_while(char::is_ascii_hexdigit).count();
        let slip = |message, help| Slip { start, end: start + 1 + letter.len_utf8() + found, message, help };
        if found < digits {
            let help = "write `\\\\` for a backslash; two digits belong behind `\\x`, four behind `\\u`, eight behind `\\U`";
            return Some(slip("an escape without its hexadecimal digits", help));
        }
        if digits == 0 && !ESCAPES.contains(letter) {
            let help = "write `\\\\` for a backslash, or use single quotes";
            return Some(slip("an escape that YAML does not have", help));
        }
        rest = behind.get(letter.len_utf8() + found..)?;
    }
    None
}

/// What may stand behind a backslash, beside what takes digits.
const ESCAPES: &str = "0abt\tnvfre \"/\\N_LP\r\n";

/// Whether a text begins with a key behind which the space is missing.
fn begins_like_a_key(words: &str) -> bool {
    let name = words.find(|c: char| !is_of_key(c)).unwrap_or(words.len());
    let behind = words.get(name..).unwrap_or_default().trim_start();
    name > 0
        && words.starts_with(|c: char| c.is_alphabetic())
        && behind.starts_with([':', '='])
        && !behind.starts_with("://")
}

fn is_of_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

#[cfg(test)]
mod tests;
