//! What is wrong with text that is not TOML, in our words.
//!
//! The library gives an error as a sentence, which is compared with those it is known to
//! use and never shown.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue, Error};
use kiln_model::{Diagnostic, Diagnostics, Reported, SourceId, Span};

use crate::conflict::conflict;
use crate::events::{EventKind, events};
use crate::findings;

/// Reports the errors, of several on one line the first alone.
///
/// Gives where the keys stand that have no usable value.
///
/// # Errors
/// If one of them leaves no usable tree; a key given twice does not.
pub(super) fn report(
    source: SourceId,
    text: &str,
    root: &DeTable<'_>,
    errors: &[Error],
    sink: &mut Diagnostics,
) -> Result<Vec<usize>, Reported> {
    let is_duplicate = |error: &Error| error.message().starts_with("duplicate key");
    if let Some(finding) = conflict(source, text).filter(|_| !errors.iter().all(is_duplicate)) {
        return Err(sink.error(finding));
    }
    if let Some(first) = errors.first().filter(|_| errors.len() > 1 && is_yaml(text)) {
        let range = first.span().unwrap_or(text.len()..text.len());
        return Err(sink.error(findings::yaml_in_toml(Span::new(source, range.start, range.end))));
    }
    let mut failed = None;
    let mut last_line = None;
    let mut mixed: Vec<(&str, usize)> = Vec::new();
    for error in errors {
        let range = error.span().unwrap_or(text.len()..text.len());
        let line = text.get(..range.start).unwrap_or(text).matches('\n').count();
        if last_line.replace(line) == Some(line) {
            continue;
        }
        let span = Span::new(source, range.start, range.end);
        if !is_duplicate(error) {
            failed = Some(sink.error(finding(error.message(), span)));
            continue;
        }
        let name = text.get(range).unwrap_or_default().trim_matches(['"', '\'']);
        if mixed.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let first = first_place(source, root, name, span);
        let first = if first.is_none() { first_item(source, text, name, span) } else { first };
        match (header(text, first), header(text, span)) {
            (Header::Table, Header::Item) => sink.push(findings::table_and_list(name, first, span)),
            (Header::Item, Header::Table) => sink.push(findings::table_and_list(name, span, first)),
            _ => {
                sink.push(findings::duplicate_key(name, span, first));
                continue;
            }
        }
        mixed.extend([(name, first.start as usize), (name, span.start as usize)]);
    }
    failed.map_or(Ok(mixed.into_iter().map(|(_, start)| start).collect()), Err)
}

/// Whether a text is a mapping of YAML.
fn is_yaml(text: &str) -> bool {
    let mut events = events(text).unwrap_or_default().into_iter();
    events.any(|it| matches!(it.kind, EventKind::MappingStart { flow: false, .. }))
}

/// Where an item of a list of tables begins above. The library drops the list when a table of the
/// same name follows.
fn first_item(source: SourceId, text: &str, name: &str, again: Span) -> Span {
    let header = format!("[[{name}]]");
    let mut start = 0;
    for line in text.get(..again.start as usize).unwrap_or_default().split_inclusive('\n') {
        if line.trim() == header {
            let start = start + line.len() - line.trim_start().len() + 2;
            return Span::new(source, start, start + name.len());
        }
        start += line.len();
    }
    Span::NONE
}

/// What a key stands in.
enum Header {
    /// `[key]`.
    Table,
    /// `[[key]]`.
    Item,
    /// `key = value`.
    None,
}

fn header(text: &str, key: Span) -> Header {
    let before = text.get(..key.start as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    match (key.is_none(), line) {
        (false, "[") => Header::Table,
        (false, "[[") => Header::Item,
        _ => Header::None,
    }
}

/// The library does not say where the first one stands; it is named if only one key of
/// this name can be meant.
fn first_place(source: SourceId, root: &DeTable<'_>, name: &str, again: Span) -> Span {
    let mut found = Vec::new();
    places(root, name, &mut found);
    found.retain(|range| range.start < again.start as usize);
    match found.as_slice() {
        [only] => Span::new(source, only.start, only.end),
        _ => Span::NONE,
    }
}

/// Every place of a key called `name`.
fn places(table: &DeTable<'_>, name: &str, out: &mut Vec<std::ops::Range<usize>>) {
    for (key, value) in table {
        if key.get_ref().as_ref() == name {
            out.push(key.span());
        }
        places_in(value, name, out);
    }
}

fn places_in(value: &Spanned<DeValue<'_>>, name: &str, out: &mut Vec<std::ops::Range<usize>>) {
    match value.get_ref() {
        DeValue::Table(table) => places(table, name, out),
        DeValue::Array(items) => items.iter().for_each(|item| places_in(item, name, out)),
        _ => {}
    }
}

fn finding(foreign: &str, span: Span) -> Diagnostic {
    if foreign.starts_with("cannot recurse") || foreign.starts_with("recursion limit") {
        return findings::too_deep(span);
    }
    // The library says so of a value that is not there, too.
    let foreign = if foreign.starts_with("string values") && span.start == span.end {
        "missing value"
    } else {
        foreign
    };
    let (_, message, help) = WORDS.iter().find(|(start, ..)| foreign.starts_with(start)).unwrap_or(&OTHER);
    Diagnostic::error("load.toml-syntax", *message).label(span, "").help(*help)
}

const OTHER: (&str, &str, &str) =
    ("", "this is not TOML", "check quotes, brackets and `=` around this place");

/// How the library's sentence begins, our message, our help.
const WORDS: &[(&str, &str, &str)] = &[
    ("string values must be quoted", "text without quotes", "write `\"` around the text"),
    ("invalid unquoted key", "a key that needs quotes", "write `\"` around the key"),
    ("unquoted keys cannot be empty", "a key is missing", "write `key = value`"),
    ("key with no value", "a key without a value", "write `key = value`"),
    ("missing value", "a key without a value", "write `key = value`"),
    ("missing assignment", "expected `=` after a key", "write `key = value`"),
    ("extra `=`", "one `=` too many", "write `key = value`"),
    ("unexpected key or value", "more than one value on a line", "begin a new line"),
    ("unclosed array", "a `[` is never closed", "write the missing `]`"),
    ("unclosed table", "a `[` is never closed", "write the missing `]`"),
    ("unclosed inline table", "a `{` is never closed", "write the missing `}`"),
    ("missing comma", "expected `,`", "separate the items with `,`"),
    ("extra comma", "one `,` too many", "remove it"),
    ("invalid basic string", "a quote is never closed", "write the missing `\"` at the end of the text"),
    ("invalid literal string", "a quote is never closed", "write the missing `'` at the end of the text"),
    ("invalid multi-line", "a quote is never closed", "close the text with three quotes"),
    ("unexpected leading zero", "a number with a leading zero", "remove the zero, or quote the value"),
    ("missing escaped value", "an escape that TOML does not have", "write `\\\\` for a backslash"),
    ("cannot extend value", "a key below a value that is complete already", "give all its keys in one place"),
];
