//! Events to located trees.

mod anchors;
mod mapping;

use kiln_model::{Diagnostic, Diagnostics, Node, Origin, Reported, SourceId, Span, Value};

use crate::events::{Event, EventKind, MAX_DEPTH, ScalarStyle, events};
use crate::findings;
use crate::resolve::{self, Problem, Resolution};
use crate::syntax::SyntaxError;
use anchors::{Anchors, Lookup};

/// Reads the one document of a YAML text. A text without a document is `null`.
///
/// The text is the whole text of `source`; every value and key has its exact place, a
/// string with its quotes. Merge keys are merged, references replaced by what they refer
/// to. Messages never repeat what stands in the text, but an excerpt around their place
/// might: hide what can be secret in `source` before any is shown.
///
/// # Errors
/// If the text is not YAML, nests too deep or grows without bound. Any other error is
/// reported and the tree given nevertheless, so that later findings come in the same run:
/// of a key given twice the first counts, a value that stands for nothing is
/// [`Value::Invalid`].
pub fn compose(
    source: SourceId,
    text: &str,
    resolution: Resolution,
    sink: &mut Diagnostics,
) -> Result<Node, Reported> {
    let mut documents = read(source, text, resolution, sink)?;
    if let Some(second) = documents.get(1) {
        sink.push(findings::more_than_one_document(second.start));
    }
    documents.truncate(1);
    let whole = Span::new(source, 0, text.len());
    Ok(documents.pop().map_or(Node::at(Value::Null, whole), |document| document.node))
}

/// Reads all documents of a YAML text.
///
/// # Errors
/// As [`compose`].
pub fn compose_all(
    source: SourceId,
    text: &str,
    resolution: Resolution,
    sink: &mut Diagnostics,
) -> Result<Vec<Node>, Reported> {
    let documents = read(source, text, resolution, sink)?;
    Ok(documents.into_iter().map(|document| document.node).collect())
}

/// A document and the place of its start.
struct Document {
    start: Span,
    node: Node,
}

fn read(
    source: SourceId,
    text: &str,
    resolution: Resolution,
    sink: &mut Diagnostics,
) -> Result<Vec<Document>, Reported> {
    let events = events(text).map_err(|error| sink.error(syntax_finding(source, &error)))?;
    let events = events.into_iter().filter(|event| !matches!(event.kind, EventKind::Comment { .. }));
    let events = events.collect::<Vec<_>>().into_iter();
    let anchors = Anchors::default();
    let mut composer = Composer { source, events, resolution, anchors, sink, overgrown: None };
    let mut documents = Vec::new();
    while let Some(event) = composer.events.next() {
        if let EventKind::DocumentStart { .. } = event.kind {
            composer.anchors.clear();
            let start = composer.span(&event);
            documents.push(Document { start, node: composer.next_node(0) });
        }
    }
    composer.overgrown.map_or(Ok(documents), Err)
}

fn syntax_finding(source: SourceId, error: &SyntaxError) -> Diagnostic {
    let found = Diagnostic::error(error.code, error.message)
        .label(Span::new(source, error.start, error.end), "")
        .label(error.opened.map_or(Span::NONE, |open| Span::new(source, open, open + 1)), "still open here");
    match error.help {
        Some(help) => found.help(help),
        None => found,
    }
}

/// Consumes events and builds nodes.
struct Composer<'a> {
    source: SourceId,
    events: std::vec::IntoIter<Event>,
    resolution: Resolution,
    anchors: Anchors,
    sink: &'a mut Diagnostics,
    /// Set once references add more values than are allowed.
    overgrown: Option<Reported>,
}

impl Composer<'_> {
    /// Consumes one node, `depth` collections deep.
    fn next_node(&mut self, depth: usize) -> Node {
        let nothing = Node::at(Value::Null, Span::NONE);
        let Some(event) = self.events.next() else { return nothing };
        let span = self.span(&event);
        match event.kind {
            EventKind::Alias(name) => self.alias(&name, span, depth),
            EventKind::Scalar { value, style, tag, anchor } => {
                let node = Node::at(self.scalar(value, style, tag.as_deref(), span), span);
                self.anchors.define(anchor, &node);
                node
            }
            EventKind::SequenceStart { tag, anchor, .. } => {
                self.check_tag(tag.as_deref(), "seq", span);
                self.collection(anchor, span, |composer| composer.sequence(depth + 1))
            }
            EventKind::MappingStart { tag, anchor, .. } => {
                self.check_tag(tag.as_deref(), "map", span);
                self.collection(anchor, span, |composer| composer.mapping(depth + 1))
            }
            _ => nothing,
        }
    }

    /// A collection from `start` to where `build`, which gives its value, says it ends.
    fn collection(
        &mut self,
        anchor: Option<String>,
        start: Span,
        build: impl FnOnce(&mut Self) -> (Value, u32),
    ) -> Node {
        self.anchors.open(anchor.as_deref());
        let (value, end) = build(self);
        let node = Node::at(value, Span { end: end.max(start.end), ..start });
        self.anchors.close(anchor.as_deref());
        if self.anchors.define(anchor, &node) == Lookup::TooMany {
            self.overgrow(start);
        }
        node
    }

    fn sequence(&mut self, depth: usize) -> (Value, u32) {
        let mut items = Vec::new();
        loop {
            match self.events.as_slice().first() {
                Some(Event { kind: EventKind::SequenceEnd, .. }) | None => break,
                Some(_) => items.push(self.next_node(depth)),
            }
        }
        (Value::List(items), self.take_end())
    }

    /// Consumes the end of a collection and gives its byte.
    fn take_end(&mut self) -> u32 {
        self.events.next().map_or(0, |event| self.span(&event).end)
    }

    fn alias(&mut self, name: &str, at: Span, depth: usize) -> Node {
        let finding = match self.anchors.get(name, MAX_DEPTH.saturating_sub(depth)) {
            Ok(node) => return node,
            Err(Lookup::TooMany) => {
                self.overgrow(at);
                return Node::invalid(Origin::At(at));
            }
            Err(Lookup::Open) => findings::anchor_in_itself(at),
            Err(Lookup::TooDeep) => findings::too_deep(at),
            Err(Lookup::Unknown | Lookup::Fine) => findings::unknown_anchor(at),
        };
        self.sink.push(finding);
        Node::invalid(Origin::At(at))
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, tag: Option<&str>, span: Span) -> Value {
        let value = match (tag, style) {
            (Some(tag), _) => resolve::tagged(self.resolution, tag, &text),
            (None, ScalarStyle::Plain) => resolve::plain(self.resolution, &text),
            (None, _) => Ok(Value::String(text)),
        };
        value.unwrap_or_else(|problem| {
            self.sink.push(findings::unreadable(problem, span));
            Value::Invalid
        })
    }

    fn check_tag(&mut self, tag: Option<&str>, expected: &str, span: Span) {
        let known =
            |tag: &str| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag) == expected || tag == "!";
        if tag.is_some_and(|tag| !known(tag)) {
            self.sink.push(findings::unreadable(Problem::Tag, span));
        }
    }

    /// Reports once that references add too many values.
    fn overgrow(&mut self, at: Span) {
        if self.overgrown.is_none() {
            self.overgrown = Some(self.sink.error(findings::alias_bomb(at)));
        }
    }

    fn span(&self, event: &Event) -> Span {
        Span::new(self.source, event.start, event.end)
    }
}

#[cfg(test)]
mod tests;
