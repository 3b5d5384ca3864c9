//! YAML text as documents, comments included.
//!
//! Aliases are expanded and styles forgotten, as SOPS does. A comment belongs to the
//! deepest block that is open around it and not indented deeper than it; SOPS decides so
//! for everything that it writes itself.

mod comments;

use std::collections::{HashMap, HashSet};
use std::mem;

use kiln_yaml::events::{Event, EventKind, MAX_DEPTH, ScalarStyle, events};
use zeroize::Zeroizing;

use self::comments::Comments;

use crate::document::{Comment, Document, Entry, List, ListItem, Map, MapItem, Node, Scalar};
pub(crate) use crate::format::{Problem, ProblemKind};
use crate::tag;

/// How many nodes the aliases of a text may expand to.
const MAX_EXPANDED: usize = 100_000;

/// The documents of a text.
///
/// # Errors
/// Everything that is wrong with it, or its first syntax error.
pub(crate) fn read(text: &str) -> Result<Vec<Document>, Vec<Problem>> {
    let events = events(text).map_err(|error| {
        let line =
            1 + text.as_bytes()[..error.start.min(text.len())].iter().filter(|it| **it == b'\n').count();
        let at = error.start..error.end;
        vec![Problem { kind: ProblemKind::Syntax(Box::new(error)), path: String::new(), line, at }]
    })?;
    let (comments, events): (Vec<Event>, Vec<Event>) =
        events.into_iter().partition(|event| matches!(event.kind, EventKind::Comment { .. }));
    let mut reader = Reader {
        text,
        events,
        next: 0,
        comments: Comments::new(text, &comments),
        anchors: HashMap::new(),
        expanded: 0,
        path: Vec::new(),
        columns: Vec::new(),
        depth: 0,
        problems: Vec::new(),
    };
    let documents = reader.stream();
    if reader.problems.is_empty() { Ok(documents) } else { Err(reader.problems) }
}

/// Where an event stands.
#[derive(Clone, Copy)]
struct At {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
}

struct Reader<'a> {
    text: &'a str,
    /// All events but the comments.
    events: Vec<Event>,
    next: usize,
    comments: Comments<'a>,
    anchors: HashMap<String, Node>,
    expanded: usize,
    path: Vec<String>,
    /// The columns of the block mappings that are open.
    columns: Vec<usize>,
    depth: usize,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn stream(&mut self) -> Vec<Document> {
        let mut documents = Vec::new();
        while self.next < self.events.len() {
            if let (EventKind::DocumentStart { .. }, _) = self.take() {
                documents.push(self.document());
            }
        }
        documents
    }

    fn document(&mut self) -> Document {
        self.anchors.clear();
        let at = self.at();
        let mut document = if matches!(self.peek(), EventKind::DocumentEnd) {
            Map::default()
        } else {
            match self.node() {
                Node::Map(map) => map,
                Node::Scalar(Scalar::Null) => Map::default(),
                _ => {
                    self.problem(ProblemKind::NotAMapping, at);
                    Map::default()
                }
            }
        };
        let end = self.next_document();
        document.items.extend(self.comments.before(end).into_iter().map(MapItem::Comment));
        document
    }

    fn node(&mut self) -> Node {
        let (event, at) = self.take();
        self.depth += 1;
        let (node, anchor) = match event {
            EventKind::MappingStart { flow, anchor, .. } => (Node::Map(self.map(flow, at)), anchor),
            EventKind::SequenceStart { flow, anchor, .. } => (Node::List(self.list(flow)), anchor),
            EventKind::Scalar { value, style, tag, anchor } => {
                let value = Zeroizing::new(value);
                (self.scalar(self.ended(&value, style, at), style, tag.as_deref(), at), anchor)
            }
            EventKind::Alias(name) => (self.alias(&name, at), None),
            _ => (Node::Scalar(Scalar::Null), None),
        };
        self.depth -= 1;
        if let Some(name) = anchor {
            self.anchors.insert(name, node.clone());
        }
        node
    }

    fn map(&mut self, flow: bool, at: At) -> Map {
        let mut map = Map::default();
        let mut indent = at.column;
        let depth = self.columns.len();
        let mut keys = HashSet::new();
        if flow {
            self.comments.reach(at.end);
        }
        while !matches!(self.peek(), EventKind::MappingEnd) && self.next < self.events.len() {
            let key = self.at();
            if map.items.is_empty() {
                indent = self.question_mark(key.start).unwrap_or(key.column);
            }
            self.columns.truncate(depth);
            self.columns.push(indent);
            map.items.extend(self.comments.before(key.start).into_iter().map(MapItem::Comment));
            self.entry(key, &mut map, &mut keys);
        }
        self.columns.truncate(depth);
        let trailing = self.close(flow, indent, false);
        map.items.extend(trailing.into_iter().map(MapItem::Comment));
        map
    }

    fn entry(&mut self, at: At, map: &mut Map, keys: &mut HashSet<String>) {
        let key = self.key(at, keys);
        self.comments.reach(at.end);
        self.path.push(key.clone());
        let (above, value) = self.value();
        if key == "<<" && !value.can_merge() {
            self.problem(ProblemKind::WrongMerge, at);
        }
        self.path.pop();
        let end = self.comments.reached();
        map.items.extend(above.into_iter().map(MapItem::Comment));
        map.items.push(MapItem::Entry(Entry { key, value, at: at.start..end.max(at.end) }));
    }

    fn key(&mut self, at: At, keys: &mut HashSet<String>) -> String {
        let node = self.node();
        let Some(key) = node.as_text().map(str::to_owned) else {
            self.problem(ProblemKind::KeyNotText, at);
            return String::new();
        };
        if !keys.insert(key.clone()) {
            self.path.push(key.clone());
            self.problem(ProblemKind::DuplicateKey, at);
            self.path.pop();
        }
        key
    }

    fn list(&mut self, flow: bool) -> List {
        let mut list = List::default();
        let (mut indent, mut count) = (1, 0);
        while !matches!(self.peek(), EventKind::SequenceEnd) && self.next < self.events.len() {
            let item = self.at().start;
            let start = if flow { item } else { self.comments.dash(item).unwrap_or(item) };
            if list.items.is_empty() {
                indent = self.column(start);
            }
            list.items.extend(self.comments.before(start).into_iter().map(ListItem::Comment));
            self.comments.reach(if flow { start } else { start + 1 });
            self.path.push(format!("[{count}]"));
            count += 1;
            let (above, value) = self.value();
            self.path.pop();
            list.items.extend(above.into_iter().map(ListItem::Comment));
            list.items.push(ListItem::Node(value));
        }
        let is_flush = self.columns.last() == Some(&indent);
        let trailing = self.close(flow, indent, is_flush);
        list.items.extend(trailing.into_iter().map(ListItem::Comment));
        list
    }

    /// What stands behind `key:` or `-`, and the comments that belong above it.
    fn value(&mut self) -> (Vec<Comment>, Node) {
        let at = self.at();
        let (EventKind::MappingStart { flow, anchor, .. } | EventKind::SequenceStart { flow, anchor, .. }) =
            self.peek()
        else {
            return self.scalar_value(at);
        };
        let (flow, has_anchor) = (*flow, anchor.is_some());
        let on_line = self.comments.on_key_line(at.start);
        let mut node = self.node();
        // Behind an anchor it is what the node begins with.
        let (inside, above) = if has_anchor { (on_line, None) } else { (None, on_line) };
        let behind = if flow { self.comments.behind() } else { None };
        inside.into_iter().chain(behind).for_each(|comment| node.prepend(comment));
        let mut above: Vec<Comment> = above.into_iter().collect();
        let in_list = self.path.last().is_some_and(|step| step.starts_with('['));
        if in_list || node.is_empty() {
            above.extend(node.take_leading_comments());
        }
        (above, node)
    }

    fn scalar_value(&mut self, at: At) -> (Vec<Comment>, Node) {
        // An empty value may be placed anywhere before the next thing that is written.
        let written = at.start < at.end;
        let mut above = if written {
            self.comments.before(at.start)
        } else {
            self.comments.behind_nothing().into_iter().collect()
        };
        let inline = match self.peek() {
            _ if !written => None,
            EventKind::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. } => {
                let rest = &self.text[at.start..];
                let header = rest.find('\n').map_or(self.text.len(), |length| at.start + length);
                self.comments.before(header).pop()
            }
            _ => {
                self.comments.reach(if written { at.end } else { 0 });
                self.comments.behind()
            }
        };
        self.comments.reach(if written { at.end } else { 0 });
        let node = self.node();
        let is_scalar = matches!(node, Node::Scalar(_));
        above.extend(inline.map(|comment| Comment { inline: is_scalar, ..comment }));
        (above, node)
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, tag: Option<&str>, at: At) -> Node {
        Node::Scalar(match tag::typed(value, style == ScalarStyle::Plain, tag) {
            Ok(scalar) => scalar,
            Err(kind) => {
                self.problem(kind, at);
                Scalar::Null
            }
        })
    }

    /// A block scalar without the line break that is not there at the end of the text.
    fn ended<'v>(&self, value: &'v str, style: ScalarStyle, at: At) -> &'v str {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let is_cut = is_block && self.text.get(at.end..).is_some_and(|rest| !rest.contains('\n'));
        value.strip_suffix('\n').filter(|_| is_cut).unwrap_or(value)
    }

    fn alias(&mut self, name: &str, at: At) -> Node {
        let Some(node) = self.anchors.get(name) else {
            self.problem(ProblemKind::UnknownAlias, at);
            return Node::Scalar(Scalar::Null);
        };
        let (size, depth) = node.extent();
        self.expanded += size;
        if self.expanded > MAX_EXPANDED || self.depth + depth > MAX_DEPTH {
            self.problem(ProblemKind::TooManyAliases, at);
            return Node::Scalar(Scalar::Null);
        }
        node.clone()
    }

    /// Takes the end of a collection, and gives the comments at its end.
    ///
    /// `is_flush` says that it is a list whose dashes stand right below its key: comments
    /// there are the list's or those of what follows the list.
    fn close(&mut self, flow: bool, indent: usize, is_flush: bool) -> Vec<Comment> {
        let (_, end) = self.take();
        if flow {
            let inside = self.comments.before(end.start);
            self.comments.reach(end.end);
            return inside;
        }
        let next = self.next_start();
        let limit = self.comments.dash(next).unwrap_or(next);
        let may_be_foot = || self.next_written().is_none_or(|event| event.column == indent);
        if is_flush && may_be_foot() {
            self.comments.foot(indent, limit)
        } else {
            self.comments.indented(indent, limit)
        }
    }

    /// Where the next thing that is written begins.
    fn next_start(&self) -> usize {
        self.next_written().map_or_else(|| self.next_document(), |event| event.start)
    }

    /// The next thing that is written in this document.
    fn next_written(&self) -> Option<&Event> {
        let rest = self.events.get(self.next..).unwrap_or_default();
        rest.iter()
            .find(|event| !matches!(event.kind, EventKind::MappingEnd | EventKind::SequenceEnd))
            .filter(|event| !matches!(event.kind, EventKind::DocumentEnd))
    }

    fn next_document(&self) -> usize {
        let rest = self.events.get(self.next..).unwrap_or_default();
        rest.iter()
            .find(|event| matches!(event.kind, EventKind::DocumentStart { .. }))
            .map_or(self.text.len(), |event| event.start)
    }

    fn peek(&self) -> &EventKind {
        self.events.get(self.next).map_or(&EventKind::DocumentEnd, |event| &event.kind)
    }

    fn at(&self) -> At {
        let end = self.text.len();
        self.events.get(self.next).map_or(At { start: end, end, line: 0, column: 1 }, |event| At {
            start: event.start,
            end: event.end,
            line: event.line,
            column: event.column,
        })
    }

    /// Moves the next event out, so that no copy of its text stays behind.
    fn take(&mut self) -> (EventKind, At) {
        let at = self.at();
        let event = self.events.get_mut(self.next);
        self.next += 1;
        (
            event.map_or(EventKind::DocumentEnd, |event| {
                mem::replace(&mut event.kind, EventKind::DocumentEnd)
            }),
            at,
        )
    }

    /// The column of the `?` before a key.
    fn question_mark(&self, key: usize) -> Option<usize> {
        let before = self.text.get(..key)?.trim_end_matches(' ');
        before.ends_with('?').then(|| self.column(before.len() - 1))
    }

    fn column(&self, offset: usize) -> usize {
        offset - self.text[..offset].rfind('\n').map_or(0, |newline| newline + 1) + 1
    }

    fn problem(&mut self, kind: ProblemKind, at: At) {
        let path = self.path.iter().fold(String::new(), |path, step| {
            let dot = if path.is_empty() || step.starts_with('[') { "" } else { "." };
            path + dot + step
        });
        self.problems.push(Problem { kind, path, line: at.line, at: at.start..at.end });
    }
}
