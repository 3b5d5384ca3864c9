//! Documents as YAML, byte for byte as SOPS (go-yaml v3) writes them.
//!
//! Styles follow from values alone: block collections, lists indented under their key,
//! lines of any length, quotes only where a reader would take the text for something
//! else. Where go-yaml writes something it cannot read back, this writes double quotes.

mod style;
mod writer;

#[cfg(test)]
pub(crate) mod tests;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use self::style::Style;
use self::writer::Writer;
use crate::document::{Comment, Document, List, ListItem, Map, MapItem, Node, Scalar};
use crate::number;

/// The text of a stream, each level indented by `step` columns.
pub(crate) fn emit(documents: &[Document], step: usize) -> Zeroizing<String> {
    let mut emitter = Emitter::new(step);
    for (index, document) in documents.iter().enumerate() {
        if index > 0 {
            emitter.out.indent(0);
            emitter.out.indicator("---", false);
            emitter.out.indent(0);
        }
        emitter.document(document);
    }
    emitter.out.finish()
}

/// The text of one value by itself.
pub(crate) fn emit_value(node: &Node, step: usize) -> Zeroizing<String> {
    let mut emitter = Emitter::new(step);
    match node {
        Node::Map(map) if !node.is_empty() => emitter.map(map, 0),
        Node::List(list) if !node.is_empty() => emitter.list(list, 0),
        _ => emitter.node(node, 0, Parent::Key, None),
    }
    emitter.out.indent(0);
    emitter.out.finish()
}

/// A scalar as it stands in a document, outside of quotes; what a reader sees again.
pub(crate) fn clear_scalar(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(it) => it.to_string(),
        Scalar::Int(it) => it.to_string(),
        Scalar::Float(it) => number::yaml(*it),
        Scalar::Time(it) => it.clone(),
        Scalar::Text(it) => it.to_string(),
        Scalar::Bytes(it) => base64_lines(it),
    }
}

/// Base64 in lines of 70, if it is as long as one.
fn base64_lines(bytes: &[u8]) -> String {
    const LENGTH: usize = 70;
    let text = STANDARD.encode(bytes);
    if text.len() < LENGTH {
        return text;
    }
    let mut lines = String::with_capacity(text.len() + text.len() / LENGTH + 1);
    for line in text.as_bytes().chunks(LENGTH) {
        lines.extend(line.iter().copied().map(char::from));
        lines.push('\n');
    }
    lines
}

/// What a node stands behind: it decides the indentation.
#[derive(Clone, Copy)]
enum Parent {
    Key,
    Dash,
}

struct Emitter {
    out: Writer,
    step: usize,
}

impl Emitter {
    fn new(step: usize) -> Emitter {
        // go-yaml takes 2 for a step it does not support.
        let step = if (2..=9).contains(&step) { step } else { 2 };
        Emitter { out: Writer::new(), step }
    }

    fn document(&mut self, document: &Document) {
        if document.entries().next().is_none() {
            let comments = document.items.iter().filter_map(|item| match item {
                MapItem::Comment(comment) => Some(comment),
                MapItem::Entry(_) => None,
            });
            comments.for_each(|comment| self.above(comment, 0));
            self.out.indicator("{}", false);
        } else {
            self.map(document, 0);
        }
        self.out.forget_foot();
        self.out.indent(0);
    }

    fn map(&mut self, map: &Map, column: usize) {
        let mut inline = None;
        let mut trailing = false;
        for item in &map.items {
            match item {
                MapItem::Comment(comment) if comment.inline => inline = Some(comment),
                MapItem::Comment(comment) => {
                    self.above(comment, column);
                    trailing = true;
                }
                MapItem::Entry(entry) => {
                    self.key(&entry.key, column);
                    self.node(&entry.value, column, Parent::Key, inline.take());
                    trailing = false;
                }
            }
        }
        if trailing {
            self.out.foot(column);
        }
    }

    fn list(&mut self, list: &List, column: usize) {
        let mut inline = None;
        let mut trailing = false;
        for item in &list.items {
            match item {
                ListItem::Comment(comment) if comment.inline => inline = Some(comment),
                ListItem::Comment(comment) => {
                    self.above(comment, column);
                    trailing = true;
                }
                ListItem::Node(node) => {
                    self.out.indent(column);
                    self.out.opening("-");
                    self.node(node, column, Parent::Dash, inline.take());
                    trailing = false;
                }
            }
        }
        if trailing {
            self.out.foot(column);
        }
    }

    fn key(&mut self, key: &str, column: usize) {
        self.out.indent(column);
        let style = style::of(key);
        if style::is_simple_key(key) {
            self.scalar(key, style, column, Parent::Key, None);
            self.out.indicator(":", false);
        } else {
            self.out.opening("?");
            self.scalar(key, style, column, Parent::Key, None);
            self.out.indent(column);
            self.out.opening(":");
        }
    }

    /// `column` is that of the key or dash the node stands behind.
    fn node(&mut self, node: &Node, column: usize, parent: Parent, inline: Option<&Comment>) {
        match node {
            Node::Scalar(scalar) => {
                let text = Zeroizing::new(clear_scalar(scalar));
                let style = match scalar {
                    Scalar::Text(_) => style::of(&text),
                    Scalar::Bytes(_) => {
                        self.out.indicator("!!binary", true);
                        style::of_data(&text)
                    }
                    _ => Style::Plain,
                };
                self.scalar(&text, style, column, parent, inline);
            }
            _ if node.is_empty() => {
                self.out.indicator(if matches!(node, Node::Map(_)) { "{}" } else { "[]" }, true);
                self.inline(inline);
            }
            Node::Map(map) => self.map(map, self.deeper(column, parent)),
            Node::List(list) => self.list(list, self.deeper(column, parent)),
        }
    }

    fn scalar(&mut self, text: &str, style: Style, column: usize, parent: Parent, inline: Option<&Comment>) {
        if text == "<<" && style != Style::Plain {
            self.out.indicator("!!merge", true);
            self.out.plain(text);
            return self.inline(inline);
        }
        let content = self.deeper(column, parent);
        match style {
            Style::Plain => self.out.plain(text),
            Style::Single => self.out.single_quoted(text),
            // The hint counts from the parent; go-yaml always writes the step.
            Style::Literal if style::needs_hint(text) && content - column != self.step => {
                self.out.double_quoted(text);
            }
            Style::Literal => {
                self.out.literal_header(text, self.step);
                match inline {
                    Some(_) => self.inline(inline),
                    None => self.out.line_break(),
                }
                return self.out.literal_body(text, content);
            }
            Style::Double => self.out.double_quoted(text),
        }
        self.inline(inline);
    }

    fn deeper(&self, column: usize, parent: Parent) -> usize {
        match parent {
            Parent::Dash => column + 2,
            Parent::Key => (column / self.step + 1) * self.step,
        }
    }

    fn above(&mut self, comment: &Comment, column: usize) {
        self.out.indent(column);
        self.out.comment(&comment.text);
    }

    fn inline(&mut self, comment: Option<&Comment>) {
        if let Some(comment) = comment {
            self.out.space();
            self.out.comment(&comment.text);
        }
    }
}
