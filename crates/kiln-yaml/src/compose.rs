//! Events to located trees.

mod anchors;
mod joined;
mod mapping;
mod notes;
mod template;

use kiln_model::{Diagnostic, Diagnostics, Node, Origin, Reported, SourceId, Span, Value};

use crate::conflict::conflict;
use crate::events::{Event, EventKind, MAX_DEPTH, ScalarStyle, events};
use crate::findings;
use crate::pyyaml;
use crate::readings::Ambiguous;
use crate::resolve::{self, Problem, Resolution, Scalars};
use crate::syntax::SyntaxError;
use anchors::{Anchors, Lookup};
pub(crate) use joined::joined;
use notes::Notes;

/// The longest text that is read.
const MAX_LENGTH: usize = 32 << 20;

/// A document that has been read.
pub struct Composed {
    /// Its tree.
    pub node: Node,
    /// The scalars that are something else to other readers, in the order of the text: where
    /// YAML 1.2 is read, to YAML 1.1; where Kubernetes' YAML is read, to kustomize or to
    /// YAML 1.1; where YAML 1.1 is read, none.
    pub ambiguous: Vec<Ambiguous>,
}

/// Reads the one document of a YAML text. A text without a document is `null`.
///
/// The text is the whole text of `source`; every value and key has its exact place, a
/// string with its quotes. Merge keys are merged, references replaced by what they refer
/// to. Messages never repeat what stands in the text, but an excerpt around their place
/// might: hide what can be secret in `source` before any is shown.
///
/// # Errors
/// If the text is not YAML, is larger than 32 MiB, nests too deep or grows without bound.
/// Any other error is reported and the tree given nevertheless, so that later findings come
/// in the same run: of a key given twice the first counts, a value that stands for nothing
/// is [`Value::Invalid`], and of several documents the mappings are one.
pub fn compose(
    source: SourceId,
    text: &str,
    resolution: Resolution,
    sink: &mut Diagnostics,
) -> Result<Node, Reported> {
    compose_noting(source, text, resolution, sink).map(|composed| composed.node)
}

/// Reads the one document of a YAML text, and notes what other readers take for something else.
///
/// # Errors
/// As [`compose`].
pub fn compose_noting(
    source: SourceId,
    text: &str,
    resolution: Resolution,
    sink: &mut Diagnostics,
) -> Result<Composed, Reported> {
    check_length(source, text, sink)?;
    let whole = Span::new(source, 0, text.len());
    let clear = |node: Option<Node>| Composed {
        node: node.unwrap_or(Node::at(Value::Null, whole)),
        ambiguous: Vec::new(),
    };
    let Some(scalars) = resolution.scalars() else { return pyyaml::read(source, text, sink).map(clear) };
    let documents = read(source, text, scalars, sink)?;
    if let Some(second) = documents.get(1) {
        sink.push(findings::more_than_one_document(second.start));
    }
    let mut ambiguous = Vec::new();
    let nodes = documents.into_iter().map(|document| {
        ambiguous.extend(document.composed.ambiguous);
        document.composed.node
    });
    let node = joined(nodes).unwrap_or(Node::at(Value::Null, whole));
    Ok(Composed { node, ambiguous })
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
    let documents = compose_all_noting(source, text, resolution, sink)?;
    Ok(documents.into_iter().map(|document| document.node).collect())
}

/// Reads all documents of a YAML text, and notes what other readers take for something else.
///
/// # Errors
/// As [`compose`].
pub fn compose_all_noting(
    source: SourceId,
    text: &str,
    resolution: Resolution,
    sink: &mut Diagnostics,
) -> Result<Vec<Composed>, Reported> {
    check_length(source, text, sink)?;
    let Some(scalars) = resolution.scalars() else {
        let nodes = pyyaml::read_all(source, text, sink)?;
        return Ok(nodes.into_iter().map(|node| Composed { node, ambiguous: Vec::new() }).collect());
    };
    let documents = read(source, text, scalars, sink)?;
    Ok(documents.into_iter().map(|document| document.composed).collect())
}

/// A document and the place of its start.
struct Document {
    start: Span,
    composed: Composed,
}

/// # Errors
/// If a text is too large to be read at all.
pub(crate) fn check_length(source: SourceId, text: &str, sink: &mut Diagnostics) -> Result<(), Reported> {
    if text.len() > MAX_LENGTH { Err(sink.error(findings::too_large(source))) } else { Ok(()) }
}

fn read(
    source: SourceId,
    text: &str,
    scalars: Scalars,
    sink: &mut Diagnostics,
) -> Result<Vec<Document>, Reported> {
    let events = events(text).map_err(|error| {
        sink.error(conflict(source, text).unwrap_or_else(|| syntax_finding(source, &error)))
    })?;
    let events = events.into_iter().filter(|event| !matches!(event.kind, EventKind::Comment { .. }));
    let events = events.collect::<Vec<_>>().into_iter();
    let (anchors, notes) = (Anchors::default(), Notes::new(scalars));
    let mut composer = Composer { source, text, events, scalars, anchors, notes, sink, overgrown: None };
    let mut documents = Vec::new();
    while let Some(event) = composer.events.next() {
        if let EventKind::DocumentStart { .. } = event.kind {
            composer.anchors.clear();
            let start = composer.span(&event);
            let node = composer.next_node(0);
            documents.push(Document { start, composed: Composed { node, ambiguous: composer.notes.take() } });
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
    text: &'a str,
    events: std::vec::IntoIter<Event>,
    scalars: Scalars,
    anchors: Anchors,
    notes: Notes,
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
            EventKind::Scalar { value, style: ScalarStyle::Plain, .. }
                if value.is_empty() && self.template_behind(span).is_some() =>
            {
                self.sink.extend(self.template_behind(span).map(findings::template));
                Node::invalid(Origin::At(span))
            }
            EventKind::Scalar { value, style, tag, anchor } => {
                let node = Node::at(self.scalar(value, style, tag.as_deref(), span), span);
                self.anchors.define(anchor, &node);
                node
            }
            EventKind::SequenceStart { tag, anchor, .. } => {
                self.check_tag(tag.as_deref(), "seq", span);
                self.collection(anchor, span, |composer| composer.sequence(depth + 1))
            }
            EventKind::MappingStart { flow: true, .. } if self.is_template(span) => self.template(span),
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
                Some(_) => {
                    self.notes.enter("[]");
                    items.push(self.next_node(depth));
                    self.notes.leave();
                }
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
            (Some(tag), _) => resolve::tagged(self.scalars, tag, &text),
            (None, ScalarStyle::Plain) => {
                self.notes.note(&text, span);
                resolve::plain(self.scalars, &text)
            }
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
