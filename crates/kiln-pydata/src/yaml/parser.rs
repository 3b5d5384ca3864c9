//! Tokens to nodes.

mod collections;

use std::collections::HashMap;

use super::cursor::Mark;
use super::node::{Content, Node, NodeId, Nodes, Tag};
use super::resolve::resolve;
use super::scanner::Scanner;
use super::token::{Token, TokenKind};
use crate::{Bound, DataError, MAX_DEPTH};

/// A document: its nodes, and which of them is the outermost.
pub(super) struct Parsed {
    /// Where it begins: at its directives or `---`, if they are written.
    pub(super) start: Mark,
    pub(super) nodes: Nodes,
    pub(super) root: NodeId,
}

pub(super) struct Parser {
    scanner: Scanner,
    /// Whether no document has been read.
    first: bool,
    handles: HashMap<String, String>,
    anchors: HashMap<String, NodeId>,
    nodes: Nodes,
    depth: usize,
}

/// Where a node stands, which decides what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between brackets.
    Flow,
    Block,
    /// The key or value of a block mapping, where a list need not be indented.
    Pair,
}

impl Parser {
    pub(super) fn new(text: &str) -> Parser {
        Parser {
            scanner: Scanner::new(text),
            first: true,
            handles: HashMap::new(),
            anchors: HashMap::new(),
            nodes: Vec::new(),
            depth: 0,
        }
    }

    /// The next document, if there is one.
    pub(super) fn document(&mut self) -> Result<Option<Parsed>, DataError> {
        let bare = self.first && !self.next_is(begins_explicitly)?;
        let Some(start) = self.start()? else { return Ok(None) };
        let root = if bare { self.node(Place::Block)? } else { self.document_content()? };
        self.next_if(|kind| matches!(kind, TokenKind::DocumentEnd))?;
        self.anchors.clear();
        Ok(Some(Parsed { start, nodes: std::mem::take(&mut self.nodes), root }))
    }

    /// Where the next document begins, if there is one: at its directives or `---`, behind which
    /// this moves. The first needs neither.
    pub(super) fn start(&mut self) -> Result<Option<Mark>, DataError> {
        let bare = std::mem::take(&mut self.first) && !self.next_is(begins_explicitly)?;
        if !bare {
            while self.next_if(|kind| matches!(kind, TokenKind::DocumentEnd))?.is_some() {}
        }
        let start = self.scanner.peek()?.start;
        if bare {
            self.handles = default_handles();
            return Ok(Some(start));
        }
        if self.next_is(|kind| matches!(kind, TokenKind::StreamEnd))? {
            return Ok(None);
        }
        self.directives()?;
        match self.next_if(|kind| matches!(kind, TokenKind::DocumentStart))? {
            Some(_) => Ok(Some(start)),
            None => Err(self.unexpected("expected `---` or the end of the file")),
        }
    }

    fn directives(&mut self) -> Result<(), DataError> {
        let (mut version_seen, mut handles) = (false, HashMap::new());
        loop {
            let directive = |kind: &TokenKind| {
                matches!(kind, TokenKind::Version(_) | TokenKind::Handle { .. } | TokenKind::Reserved)
            };
            let Some(Token { kind, start, .. }) = self.next_if(directive)? else { break };
            match kind {
                TokenKind::Version(_) if version_seen => {
                    return Err(start.error("a document has one `%YAML` directive"));
                }
                TokenKind::Version(major) if major != "1" => {
                    return Err(start.error("this is not YAML 1"));
                }
                TokenKind::Version(_) => version_seen = true,
                TokenKind::Handle { handle, prefix } => {
                    let replaced = handles.insert(handle, prefix);
                    replaced.map_or(Ok(()), |_| Err(start.error("this tag handle has been given before")))?;
                }
                _ => {}
            }
        }
        self.handles = default_handles();
        self.handles.extend(handles);
        Ok(())
    }

    fn document_content(&mut self) -> Result<NodeId, DataError> {
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::Version(_)
            | TokenKind::Handle { .. }
            | TokenKind::Reserved
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                let at = token.start;
                Ok(self.empty(at))
            }
            _ => self.node(Place::Block),
        }
    }

    /// The next token, if it is such.
    fn next_if(&mut self, such: impl Fn(&TokenKind) -> bool) -> Result<Option<Token>, DataError> {
        if such(&self.scanner.peek()?.kind) { self.scanner.next().map(Some) } else { Ok(None) }
    }

    fn next_is(&mut self, such: impl Fn(&TokenKind) -> bool) -> Result<bool, DataError> {
        Ok(such(&self.scanner.peek()?.kind))
    }

    fn unexpected(&mut self, expected: &str) -> DataError {
        match self.scanner.peek() {
            Ok(token) => token.start.error(format!("{expected}, found {}", token.kind.name())),
            Err(error) => error,
        }
    }

    fn node(&mut self, place: Place) -> Result<NodeId, DataError> {
        if let Some(alias) = self.next_if(|kind| matches!(kind, TokenKind::Alias(_)))? {
            return self.alias(&alias);
        }
        let properties = self.properties()?;
        let tag = match &properties.tag {
            Some(written) => Some(self.full_tag(written)?),
            None => None,
        };
        let start = match properties.start {
            Some(start) => start,
            None => self.scanner.peek()?.start,
        };
        if self.depth >= MAX_DEPTH {
            return Err(start.error("values are nested too deeply").beyond(Bound::Depth));
        }
        let anchor = properties.anchor;
        if let Some(name) = &anchor
            && self.anchors.contains_key(name)
        {
            return Err(start.error("this anchor has been given before in the document"));
        }
        self.depth += 1;
        let node = self.content(place, Head { anchor, tag, start, end: properties.end });
        self.depth -= 1;
        node
    }

    fn alias(&mut self, token: &Token) -> Result<NodeId, DataError> {
        let known = match &token.kind {
            TokenKind::Alias(name) => self.anchors.get(name).copied(),
            _ => None,
        };
        known.ok_or_else(|| {
            token
                .start
                .error("there is no anchor of this name before its use")
                .help("write quotes around the value if no alias is meant")
        })
    }

    /// An anchor and a tag, in either order.
    fn properties(&mut self) -> Result<Properties, DataError> {
        let mut found = Properties::default();
        loop {
            let (no_anchor, no_tag) = (found.anchor.is_none(), found.tag.is_none());
            let property = |kind: &TokenKind| match kind {
                TokenKind::Anchor(_) => no_anchor,
                TokenKind::Tag { .. } => no_tag,
                _ => false,
            };
            let Some(Token { kind, start, end }) = self.next_if(property)? else { return Ok(found) };
            found.start.get_or_insert(start);
            found.end = Some(end);
            match kind {
                TokenKind::Anchor(name) => found.anchor = Some(name),
                TokenKind::Tag { handle, suffix } => found.tag = Some((handle, suffix, start)),
                _ => {}
            }
        }
    }

    /// The full name of a tag.
    fn full_tag(&self, (handle, suffix, at): &(Option<String>, String, Mark)) -> Result<String, DataError> {
        let Some(handle) = handle else { return Ok(suffix.clone()) };
        match self.handles.get(handle) {
            Some(prefix) => Ok(format!("{prefix}{suffix}")),
            None => Err(at.error("there is no `%TAG` directive for this handle")),
        }
    }

    fn content(&mut self, place: Place, head: Head) -> Result<NodeId, DataError> {
        let token = self.scanner.peek()?;
        let (start, end, block) = (token.start, token.end, place != Place::Flow);
        match &token.kind {
            TokenKind::BlockEntry if place == Place::Pair => {
                let node = self.begin(head, Content::Sequence(Vec::new()), (start, end));
                self.unindented_sequence(node)?;
                Ok(node)
            }
            TokenKind::Scalar { .. } => self.scalar(head),
            TokenKind::FlowSequenceStart => {
                let node = self.begin(head, Content::Sequence(Vec::new()), (start, end));
                self.flow_sequence(node)?;
                Ok(node)
            }
            TokenKind::FlowMappingStart => {
                let node = self.begin(head, Content::Mapping(Vec::new()), (start, end));
                self.flow_mapping(node)?;
                Ok(node)
            }
            TokenKind::BlockSequenceStart if block => {
                let node = self.begin(head, Content::Sequence(Vec::new()), (start, end));
                self.block_sequence(node)?;
                Ok(node)
            }
            TokenKind::BlockMappingStart if block => {
                let node = self.begin(head, Content::Mapping(Vec::new()), (start, end));
                self.block_mapping(node)?;
                Ok(node)
            }
            _ => match head.end {
                Some(end) => {
                    let tag = head.tag_of_scalar("", true);
                    Ok(self.add(head, tag, Content::Scalar(String::new()), (end, end)))
                }
                None => Err(self.unexpected("expected a value")),
            },
        }
    }

    fn scalar(&mut self, head: Head) -> Result<NodeId, DataError> {
        let token = self.scanner.next()?;
        let TokenKind::Scalar { text, plain } = token.kind else { return Ok(self.empty(token.start)) };
        let tag = head.tag_of_scalar(&text, plain);
        Ok(self.add(head, tag, Content::Scalar(text), (token.start, token.end)))
    }

    /// An empty value, which nobody wrote.
    fn empty(&mut self, at: Mark) -> NodeId {
        let head = Head { anchor: None, tag: None, start: at, end: None };
        self.add(head, Tag::Null, Content::Scalar(String::new()), (at, at))
    }

    /// A list or mapping whose content is about to come. It has its anchor already, because it
    /// may contain itself.
    fn begin(&mut self, head: Head, content: Content, place: (Mark, Mark)) -> NodeId {
        let untagged = if matches!(content, Content::Mapping(_)) { Tag::Mapping } else { Tag::Sequence };
        let tag = match head.tag.as_deref() {
            None | Some("!") => untagged,
            Some(name) => Tag::named(name),
        };
        self.add(head, tag, content, place)
    }

    fn add(&mut self, head: Head, tag: Tag, content: Content, (inner, end): (Mark, Mark)) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { tag, content, start: head.start, inner, end, merged: 0 });
        if let Some(name) = head.anchor {
            self.anchors.insert(name, id);
        }
        id
    }

    fn push_item(&mut self, sequence: NodeId, item: NodeId) {
        if let Content::Sequence(items) = &mut self.nodes[sequence.0].content {
            items.push(item);
        }
    }

    fn push_pair(&mut self, mapping: NodeId, pair: (NodeId, NodeId)) {
        if let Content::Mapping(pairs) = &mut self.nodes[mapping.0].content {
            pairs.push(pair);
        }
    }

    /// Ends a list or mapping at a token, which is passed.
    fn close(&mut self, node: NodeId) -> Result<(), DataError> {
        self.nodes[node.0].end = self.scanner.next()?.end;
        Ok(())
    }
}

/// What is written in front of a node.
#[derive(Default)]
struct Properties {
    anchor: Option<String>,
    /// Handle, suffix and place of a tag.
    tag: Option<(Option<String>, String, Mark)>,
    start: Option<Mark>,
    end: Option<Mark>,
}

/// What is known of a node before its content.
struct Head {
    anchor: Option<String>,
    tag: Option<String>,
    start: Mark,
    /// Where its properties end, if it has any.
    end: Option<Mark>,
}

impl Head {
    /// The tag of a scalar. One that has the tag `!` is looked at as if it had no quotes.
    fn tag_of_scalar(&self, text: &str, plain: bool) -> Tag {
        match self.tag.as_deref() {
            None if !plain => Tag::Str,
            None | Some("!") => resolve(text),
            Some(name) => Tag::named(name),
        }
    }
}

/// Whether a document, or none, begins with what is written for that.
fn begins_explicitly(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Version(_)
            | TokenKind::Handle { .. }
            | TokenKind::Reserved
            | TokenKind::DocumentStart
            | TokenKind::StreamEnd
    )
}

fn default_handles() -> HashMap<String, String> {
    [("!", "!"), ("!!", "tag:yaml.org,2002:")]
        .map(|(handle, prefix)| (handle.to_owned(), prefix.to_owned()))
        .into()
}
