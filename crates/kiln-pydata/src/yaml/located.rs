//! Values that know where they stand.

use std::ops::Range;

use kiln_python::Py;

use super::cursor::Mark;
use super::node::{self, NodeId, Nodes, Tag};

/// A document that has been read.
pub struct Document {
    start: Mark,
    nodes: Nodes,
    built: Vec<Option<Py>>,
    root: NodeId,
}

/// A value and its place. What an alias stands for is the same item as where its anchor stands,
/// so an item may contain itself.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    document: &'a Document,
    id: NodeId,
}

/// What an item is made of.
pub enum Content<'a> {
    /// Nothing but its value.
    Scalar(Py),
    /// A list.
    List(Vec<Item<'a>>),
    /// A list of pairs: `!!omap` and `!!pairs`.
    Pairs(Vec<(Item<'a>, Item<'a>)>),
    /// A mapping. Of equal keys the last counts.
    Mapping {
        /// How many of the entries, at the front, come from merge keys.
        merged: usize,
        /// Keys and values.
        entries: Vec<(Item<'a>, Item<'a>)>,
    },
    /// A set.
    Set(Vec<Item<'a>>),
}

impl Document {
    pub(super) fn new(start: Mark, nodes: Nodes, built: Vec<Option<Py>>, root: NodeId) -> Document {
        Document { start, nodes, built, root }
    }

    /// The byte at which it begins: at its directives or `---`, if they are written.
    pub fn start(&self) -> usize {
        self.start.offset
    }

    /// How many values are written in it.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// The outermost value.
    pub fn root(&self) -> Item<'_> {
        self.item(self.root)
    }

    fn item(&self, id: NodeId) -> Item<'_> {
        Item { document: self, id }
    }
}

impl<'a> Item<'a> {
    /// Its number in the document, by which it can be known again.
    pub fn id(self) -> usize {
        self.id.0
    }

    /// Its bytes in the text, without anchor and tag. A list or mapping without brackets ends
    /// where the next token begins.
    pub fn range(self) -> Range<usize> {
        let node = self.node();
        node.inner.offset..node.end.offset.max(node.inner.offset)
    }

    /// Its value.
    pub fn value(self) -> Py {
        self.document.built.get(self.id.0).cloned().flatten().unwrap_or(Py::None)
    }

    /// What it is made of.
    pub fn content(self) -> Content<'a> {
        let item = |id: &NodeId| self.document.item(*id);
        let pair = |(key, value): &(NodeId, NodeId)| (item(key), item(value));
        let node = self.node();
        let (is_pairs, is_set) = (matches!(node.tag, Tag::OrderedMap | Tag::Pairs), node.tag == Tag::Set);
        match (&node.content, self.value()) {
            (node::Content::Sequence(items), Py::List(_)) if is_pairs => {
                let entry = |id: &NodeId| match &self.document.nodes[id.0].content {
                    node::Content::Mapping(pairs) => pairs.first().map(pair),
                    _ => None,
                };
                Content::Pairs(items.iter().filter_map(entry).collect())
            }
            (node::Content::Sequence(items), Py::List(_)) => Content::List(items.iter().map(item).collect()),
            (node::Content::Mapping(pairs), Py::Dict(_)) => {
                Content::Mapping { merged: node.merged, entries: pairs.iter().map(pair).collect() }
            }
            (node::Content::Mapping(pairs), _) if is_set => {
                Content::Set(pairs.iter().map(|(key, _)| item(key)).collect())
            }
            (_, value) => Content::Scalar(value),
        }
    }

    fn node(self) -> &'a node::Node {
        &self.document.nodes[self.id.0]
    }
}
