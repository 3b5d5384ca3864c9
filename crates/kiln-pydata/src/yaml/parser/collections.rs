//! Lists and mappings.

use super::{Head, Parser, Place};
use crate::yaml::cursor::Mark;
use crate::yaml::node::{Content, NodeId};
use crate::yaml::token::TokenKind;
use crate::{DataError, Hint};

impl Parser {
    /// The node that follows, or an empty value in front of what cannot begin one.
    fn node_or_empty(
        &mut self,
        place: Place,
        at: Mark,
        ends: impl Fn(&TokenKind) -> bool,
    ) -> Result<NodeId, DataError> {
        if self.next_is(ends)? { Ok(self.empty(at)) } else { self.node(place) }
    }

    pub(super) fn block_sequence(&mut self, node: NodeId) -> Result<(), DataError> {
        self.scanner.next()?;
        while let Some(dash) = self.next_if(|kind| matches!(kind, TokenKind::BlockEntry))? {
            let ends = |kind: &TokenKind| matches!(kind, TokenKind::BlockEntry | TokenKind::BlockEnd);
            let item = self.node_or_empty(Place::Block, dash.end, ends)?;
            self.push_item(node, item);
        }
        if self.next_is(|kind| matches!(kind, TokenKind::BlockEnd))? {
            return self.close(node);
        }
        Err(self
            .unexpected("expected the next item of the list")
            .help("indent all its items alike")
            .hint(Hint::NoNext))
    }

    pub(super) fn unindented_sequence(&mut self, node: NodeId) -> Result<(), DataError> {
        while let Some(dash) = self.next_if(|kind| matches!(kind, TokenKind::BlockEntry))? {
            let ends = |kind: &TokenKind| matches!(kind, TokenKind::BlockEntry) || ends_pair(kind);
            let item = self.node_or_empty(Place::Block, dash.end, ends)?;
            self.push_item(node, item);
        }
        self.nodes[node.0].end = self.scanner.peek()?.start;
        Ok(())
    }

    pub(super) fn block_mapping(&mut self, node: NodeId) -> Result<(), DataError> {
        self.scanner.next()?;
        while let Some(mark) = self.next_if(|kind| matches!(kind, TokenKind::Key))? {
            let key = self.node_or_empty(Place::Pair, mark.end, ends_pair)?;
            let value = self.value(Place::Pair, ends_pair)?;
            self.push_pair(node, (key, value));
        }
        if self.next_is(|kind| matches!(kind, TokenKind::BlockEnd))? {
            return self.close(node);
        }
        Err(self
            .unexpected("expected the next key of the mapping")
            .help("indent all its keys alike")
            .hint(Hint::NoNext))
    }

    /// The value behind a key, which may be left out.
    fn value(&mut self, place: Place, ends: impl Fn(&TokenKind) -> bool) -> Result<NodeId, DataError> {
        match self.next_if(|kind| matches!(kind, TokenKind::Value))? {
            Some(colon) => self.node_or_empty(place, colon.end, ends),
            None => {
                let at = self.scanner.peek()?.start;
                Ok(self.empty(at))
            }
        }
    }

    pub(super) fn flow_sequence(&mut self, node: NodeId) -> Result<(), DataError> {
        let ends = |kind: &TokenKind| matches!(kind, TokenKind::FlowSequenceEnd);
        let ends_item = |kind: &TokenKind| matches!(kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd);
        self.scanner.next()?;
        let mut first = true;
        while !self.next_is(ends)? {
            self.separator(&mut first, "expected `,` or `]`")?;
            if let Some(mark) = self.next_if(|kind| matches!(kind, TokenKind::Key))? {
                let head = Head { anchor: None, tag: None, start: mark.start, end: None };
                let pair = self.begin(head, Content::Mapping(Vec::new()), (mark.start, mark.end));
                let ends_key = |kind: &TokenKind| matches!(kind, TokenKind::Value) || ends_item(kind);
                let key = self.node_or_empty(Place::Flow, mark.end, ends_key)?;
                let value = self.value(Place::Flow, ends_item)?;
                self.push_pair(pair, (key, value));
                self.nodes[pair.0].end = self.scanner.peek()?.start;
                self.push_item(node, pair);
            } else if !self.next_is(ends)? {
                let item = self.node(Place::Flow)?;
                self.push_item(node, item);
            }
        }
        self.close(node)
    }

    pub(super) fn flow_mapping(&mut self, node: NodeId) -> Result<(), DataError> {
        let ends = |kind: &TokenKind| matches!(kind, TokenKind::FlowMappingEnd);
        let ends_item = |kind: &TokenKind| matches!(kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd);
        self.scanner.next()?;
        let mut first = true;
        while !self.next_is(ends)? {
            self.separator(&mut first, "expected `,` or `}`")?;
            if let Some(mark) = self.next_if(|kind| matches!(kind, TokenKind::Key))? {
                let ends_key = |kind: &TokenKind| matches!(kind, TokenKind::Value) || ends_item(kind);
                let key = self.node_or_empty(Place::Flow, mark.end, ends_key)?;
                let value = self.value(Place::Flow, ends_item)?;
                self.push_pair(node, (key, value));
            } else if !self.next_is(ends)? {
                let key = self.node(Place::Flow)?;
                let at = self.scanner.peek()?.start;
                let value = self.empty(at);
                self.push_pair(node, (key, value));
            }
        }
        self.close(node)
    }

    /// The comma in front of every item but the first.
    fn separator(&mut self, first: &mut bool, expected: &str) -> Result<(), DataError> {
        let comma =
            std::mem::take(first) || self.next_if(|kind| matches!(kind, TokenKind::FlowEntry))?.is_some();
        if comma { Ok(()) } else { Err(self.unexpected(expected)) }
    }
}

/// What cannot begin the key or value of a block mapping, but follows one that is left out.
fn ends_pair(kind: &TokenKind) -> bool {
    matches!(kind, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd)
}
