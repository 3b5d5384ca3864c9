//! YAML 1.1 to located trees, as PyYAML's safe loader reads it.
//!
//! `kiln-pydata` reads the text; here Python's values become kiln's. What kiln has no value for
//! is reported: keys that are no text, `!!binary`, and values that contain themselves.

use std::collections::BTreeMap;

use kiln_model::{Diagnostic, Diagnostics, Entry, Map, Node, Origin, Reported, SourceId, Span, Value};
use kiln_pydata::{Bound, Content, DataError, Document, Hint, Item};
use kiln_python::Py;

use crate::compose::joined;
use crate::conflict::conflict;
use crate::events::MAX_DEPTH;
use crate::findings;
use crate::slips::{self, Slip};
use crate::syntax;

/// How many values references may add to a text.
const MAX_COPIES: usize = 100_000;

/// Reads the one document of a text; none if it is empty. That there is a second is reported.
///
/// # Errors
/// If PyYAML refuses the text, or references make it grow without bound.
pub(crate) fn read(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Option<Node>, Reported> {
    let single =
        kiln_pydata::yaml_document(text).map_err(|error| sink.error(refused(source, text, &error)))?;
    if let Some(second) = single.second {
        sink.push(findings::more_than_one_document(Span::new(source, second, text.len().min(second + 3))));
        if let Ok(documents) = kiln_pydata::yaml_documents(text) {
            let trees: Result<Vec<Node>, Reported> =
                documents.iter().map(|document| tree(document, source, text, sink)).collect();
            return trees.map(joined);
        }
    }
    single.document.map(|document| tree(&document, source, text, sink)).transpose()
}

/// Reads all documents of a text.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_all(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Vec<Node>, Reported> {
    let documents =
        kiln_pydata::yaml_documents(text).map_err(|error| sink.error(refused(source, text, &error)))?;
    documents.iter().map(|document| tree(document, source, text, sink)).collect()
}

fn tree(document: &Document, source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<Node, Reported> {
    let left = document.size() + MAX_COPIES;
    let mut composer = Composer { source, text, sink, open: Vec::new(), left, overgrown: None };
    let node = composer.node(document.root());
    composer.overgrown.map_or(Ok(node), Err)
}

fn refused(source: SourceId, text: &str, error: &DataError) -> Diagnostic {
    let length = text.get(error.offset..).and_then(|rest| rest.chars().next()).filter(|it| *it != '\n');
    let span = Span::new(source, error.offset, error.offset + length.map_or(0, char::len_utf8));
    match error.bound {
        Some(Bound::Depth) => return findings::too_deep(span),
        Some(Bound::Entries) => return findings::alias_bomb(span),
        None => {}
    }
    if let Some(finding) = mistake(source, text, error) {
        return finding;
    }
    let found = Diagnostic::error("load.yaml-syntax", error.message.clone()).label(span, "");
    match &error.help {
        Some(help) => found.help(help),
        None => found,
    }
}

/// The mistake because of which PyYAML refuses a text, with its own place and words, if it is one
/// that people make. The text is the whole text of `source`.
pub fn mistake(source: SourceId, text: &str, error: &DataError) -> Option<Diagnostic> {
    let span_of = |(start, end)| Span::new(source, start, end);
    let template = || syntax::template_text(text, error.offset).map(span_of).map(findings::template);
    let slip = || slip(text, error).map(|slip| slip.finding(source));
    conflict(source, text).or_else(template).or_else(slip)
}

/// The slip that PyYAML stumbled over.
fn slip(text: &str, error: &DataError) -> Option<Slip> {
    if let Some(blank) = slips::blank(text, error.offset) {
        return Some(blank);
    }
    match error.hint? {
        Hint::UnfinishedKey(start) => Some(slips::unfinished_key(text, start)),
        Hint::StrayColon => slips::stray_colon(text, error.offset),
        Hint::InQuotes(quote) => slips::escape(text, quote),
        Hint::NoNext => slips::indentation(text, error.offset),
    }
}

struct Composer<'a> {
    source: SourceId,
    text: &'a str,
    sink: &'a mut Diagnostics,
    /// The collections around, by their numbers.
    open: Vec<usize>,
    /// How many values there may still be.
    left: usize,
    overgrown: Option<Reported>,
}

impl Composer<'_> {
    fn node(&mut self, item: Item<'_>) -> Node {
        let span = self.span(item);
        if self.left == 0 {
            let grown = || findings::alias_bomb(span);
            self.overgrown.get_or_insert_with(|| self.sink.error(grown()));
            return Node::invalid(Origin::At(span));
        }
        self.left -= 1;
        let content = match item.content() {
            Content::Scalar(value) => return Node::at(self.scalar(&value, span), self.trimmed(span)),
            content => content,
        };
        let refusal = match self.open.len() {
            _ if self.open.contains(&item.id()) => Some(findings::anchor_in_itself(span)),
            MAX_DEPTH.. => Some(findings::too_deep(span)),
            _ => None,
        };
        if let Some(finding) = refusal {
            self.sink.push(finding);
            return Node::invalid(Origin::At(span));
        }
        self.open.push(item.id());
        let (value, end) = self.collection(content);
        self.open.pop();
        Node::at(value, self.closed(span, end))
    }

    /// A collection, and the last byte that is written of what is in it.
    fn collection(&mut self, content: Content<'_>) -> (Value, u32) {
        match content {
            Content::Scalar(_) => (Value::Invalid, 0),
            Content::List(items) => list(items.into_iter().map(|item| self.node(item)).collect()),
            Content::Pairs(pairs) => {
                let pair = |(key, value): (Item<'_>, Item<'_>)| {
                    let (value, end) = list(vec![self.node(key), self.node(value)]);
                    Node::at(value, Span { end, ..self.span(key) })
                };
                list(pairs.into_iter().map(pair).collect())
            }
            Content::Set(keys) => {
                let mut map = Map::new();
                let ends: Vec<u32> = keys.into_iter().map(|key| self.member(&mut map, key)).collect();
                (Value::Map(map), ends.into_iter().max().unwrap_or(0))
            }
            Content::Mapping { merged, entries } => self.mapping(merged, entries),
        }
    }

    /// Puts a key of a set into a mapping from its keys to nothing.
    fn member(&mut self, map: &mut Map, item: Item<'_>) -> u32 {
        let span = self.trimmed(self.span(item));
        if let Some(name) = self.key(item) {
            map.insert(name, Entry { key: span, node: Node::at(Value::Null, span) });
        }
        span.end
    }

    fn mapping(&mut self, merged: usize, entries: Vec<(Item<'_>, Item<'_>)>) -> (Value, u32) {
        let mut map = Map::new();
        let mut own: BTreeMap<String, Span> = BTreeMap::new();
        let mut end = 0;
        for (index, (key, value)) in entries.into_iter().enumerate() {
            let span = self.trimmed(self.span(key));
            let name = self.key(key);
            let node = self.node(value);
            let is_own = index >= merged;
            if is_own {
                end = end.max(span.end).max(node.span().end);
            }
            let Some(name) = name else { continue };
            if is_own && let Some(first) = own.insert(name.clone(), span) {
                self.sink.push(findings::overridden_key(&name, span, first));
            }
            map.insert(name, Entry { key: span, node });
        }
        (Value::Map(map), end)
    }

    fn key(&mut self, item: Item<'_>) -> Option<String> {
        let found = match item.value() {
            Py::Str(text) => return Some(text.as_ref().to_owned()),
            Py::None => "null",
            Py::Bool(_) => "a boolean",
            Py::Int(_) | Py::Big(_) | Py::Float(_) => "a number",
            Py::Bytes(_) => "bytes",
            Py::Tuple(_) | Py::List(_) => "a list",
            Py::Dict(_) => "a mapping",
            _ => "a date",
        };
        let span = self.trimmed(self.span(item));
        self.sink.push(findings::non_string_key(found, span));
        None
    }

    fn scalar(&mut self, value: &Py, span: Span) -> Value {
        match value {
            Py::None if span.start == span.end => self.nothing(span),
            Py::None => Value::Null,
            Py::Bool(it) => Value::Bool(*it),
            Py::Int(it) => Value::Int(i128::from(*it)),
            Py::Float(it) => Value::Float(*it),
            Py::Str(text) => Value::String(text.as_ref().to_owned()),
            Py::Big(it) => it.to_string().parse().map(Value::Int).unwrap_or_else(|_| {
                self.sink.push(findings::number_too_large(span));
                Value::Invalid
            }),
            // A date is what Python prints for it.
            Py::Object(_) => {
                value.to_str().map_or(Value::Invalid, |text| Value::String(text.as_ref().to_owned()))
            }
            _ => {
                self.sink.push(findings::bytes(span));
                Value::Invalid
            }
        }
    }

    /// A value that nobody wrote, unless it is the expression of a template.
    fn nothing(&mut self, span: Span) -> Value {
        let Some((start, end)) = syntax::template_behind(self.text, span.start as usize) else {
            return Value::Null;
        };
        self.sink.push(findings::template(Span::new(self.source, start, end)));
        Value::Invalid
    }

    fn span(&self, item: Item<'_>) -> Span {
        let range = item.range();
        Span::new(self.source, range.start, range.end)
    }

    /// A scalar's place without the line breaks at its end.
    fn trimmed(&self, span: Span) -> Span {
        let text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        Span::new(self.source, span.start as usize, span.start as usize + text.trim_end().len())
    }

    /// A collection's place: to its bracket, else to the end of what is in it.
    fn closed(&self, span: Span, end: u32) -> Span {
        let is_bracketed = self.text.get(span.start as usize..).is_some_and(|it| it.starts_with(['[', '{']));
        if is_bracketed { span } else { Span { end: end.max(span.start), ..span } }
    }
}

fn list(items: Vec<Node>) -> (Value, u32) {
    let end = items.iter().map(|item| item.span().end).max().unwrap_or(0);
    (Value::List(items), end)
}

#[cfg(test)]
mod tests;
