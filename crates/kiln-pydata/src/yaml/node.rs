//! The nodes of a document.

use super::cursor::Mark;

/// The number of a node in its document. An alias is the number of what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(pub(super) usize);

/// The nodes of a document.
pub(super) type Nodes = Vec<Node>;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) tag: Tag,
    pub(super) content: Content,
    pub(super) start: Mark,
    /// Where its content begins, behind anchor and tag.
    pub(super) inner: Mark,
    pub(super) end: Mark,
    /// How many entries of a mapping, at its front, come from merge keys.
    pub(super) merged: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Scalar(String),
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
}

impl Content {
    /// What it is called in a message.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Content::Scalar(_) => "a scalar",
            Content::Sequence(_) => "a list",
            Content::Mapping(_) => "a mapping",
        }
    }
}

/// What a node is said or seen to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Null,
    Bool,
    Int,
    Float,
    Binary,
    Timestamp,
    OrderedMap,
    Pairs,
    Set,
    Str,
    Sequence,
    Mapping,
    /// `<<`
    Merge,
    /// `=`
    Value,
    /// Anything that Python would have to be told about.
    Unknown,
}

/// What stands in front of the names of the tags of YAML.
const YAML: &str = "tag:yaml.org,2002:";

impl Tag {
    /// The tag of this full name.
    pub(super) fn named(name: &str) -> Tag {
        match name.strip_prefix(YAML) {
            Some("null") => Tag::Null,
            Some("bool") => Tag::Bool,
            Some("int") => Tag::Int,
            Some("float") => Tag::Float,
            Some("binary") => Tag::Binary,
            Some("timestamp") => Tag::Timestamp,
            Some("omap") => Tag::OrderedMap,
            Some("pairs") => Tag::Pairs,
            Some("set") => Tag::Set,
            Some("str") => Tag::Str,
            Some("seq") => Tag::Sequence,
            Some("map") => Tag::Mapping,
            Some("merge") => Tag::Merge,
            Some("value") => Tag::Value,
            _ => Tag::Unknown,
        }
    }
}
