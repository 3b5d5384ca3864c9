//! What the text is made of.

use super::cursor::Mark;

/// One piece of the text, or the beginning or end of an indented block.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: Mark,
    pub(super) end: Mark,
}

#[derive(Clone, Debug)]
pub(super) enum TokenKind {
    StreamEnd,
    /// `%YAML 1.1`, with the major version.
    Version(String),
    /// `%TAG !e! tag:example.com,2000:`
    Handle {
        handle: String,
        prefix: String,
    },
    /// Any other directive.
    Reserved,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    /// `- `
    BlockEntry,
    /// `,`
    FlowEntry,
    /// A key follows, whether or not `?` is written.
    Key,
    /// `:`
    Value,
    Alias(String),
    Anchor(String),
    /// A tag with its handle, unless it is written out.
    Tag {
        handle: Option<String>,
        suffix: String,
    },
    Scalar {
        text: String,
        plain: bool,
    },
}

impl TokenKind {
    /// What it is called in a message.
    pub(super) fn name(&self) -> &'static str {
        match self {
            TokenKind::StreamEnd => "the end of the file",
            TokenKind::Version(_) | TokenKind::Handle { .. } | TokenKind::Reserved => "a directive",
            TokenKind::DocumentStart => "`---`",
            TokenKind::DocumentEnd => "`...`",
            TokenKind::BlockSequenceStart => "an indented list",
            TokenKind::BlockMappingStart => "an indented mapping",
            TokenKind::BlockEnd => "the end of what is indented",
            TokenKind::FlowSequenceStart => "`[`",
            TokenKind::FlowSequenceEnd => "`]`",
            TokenKind::FlowMappingStart => "`{`",
            TokenKind::FlowMappingEnd => "`}`",
            TokenKind::BlockEntry => "`-`",
            TokenKind::FlowEntry => "`,`",
            TokenKind::Key => "a key",
            TokenKind::Value => "`:`",
            TokenKind::Alias(_) => "an alias",
            TokenKind::Anchor(_) => "an anchor",
            TokenKind::Tag { .. } => "a tag",
            TokenKind::Scalar { .. } => "a value",
        }
    }
}
