//! Nodes to values.
//!
//! A list or mapping is made empty first and filled later, outermost first, so that it may
//! contain itself.

mod binary;
mod merge;
mod scalar;

use std::collections::VecDeque;

use kiln_python::{Dict, List, Py, Set};

use super::cursor::Mark;
use super::located::Document;
use super::node::{Content, NodeId, Nodes, Tag};
use super::parser::Parsed;
use super::resolve::resolve;
use crate::DataError;

/// The value of a document, and those of all its nodes.
pub(super) fn construct(parsed: Parsed) -> Result<Document, DataError> {
    let Parsed { start, nodes, root } = parsed;
    let mut builder = Builder {
        built: vec![None; nodes.len()],
        nodes,
        unfilled: VecDeque::new(),
        merged: merge::Budget::default(),
    };
    builder.object(root)?;
    while let Some((node, container)) = builder.unfilled.pop_front() {
        builder.fill(node, container)?;
    }
    let Builder { nodes, built, .. } = builder;
    Ok(Document::new(start, nodes, built, root))
}

/// The value of a scalar without quotes and tag, if it has one.
pub(super) fn plain(text: &str) -> Option<Py> {
    scalar::value(resolve(text), text).ok()
}

struct Builder {
    nodes: Nodes,
    /// The values of the nodes that have one already.
    built: Vec<Option<Py>>,
    unfilled: VecDeque<(NodeId, Container)>,
    merged: merge::Budget,
}

/// What has been made and is to be filled.
enum Container {
    List(List),
    /// A list of pairs: `!!omap` and `!!pairs`.
    Pairs(List),
    Dict(Dict),
    Set(Set),
}

impl Builder {
    fn start(&self, node: NodeId) -> Mark {
        self.nodes[node.0].start
    }

    /// The value of a node. There is one per node, which its aliases share.
    fn object(&mut self, node: NodeId) -> Result<Py, DataError> {
        if let Some(value) = &self.built[node.0] {
            return Ok(value.clone());
        }
        let value = match self.nodes[node.0].tag {
            Tag::Sequence => self.list(node, Container::List),
            Tag::OrderedMap | Tag::Pairs => self.list(node, Container::Pairs),
            Tag::Mapping => {
                let dict = Dict::default();
                self.unfilled.push_back((node, Container::Dict(dict.clone())));
                Py::Dict(dict)
            }
            Tag::Set => {
                let set = Set::default();
                self.unfilled.push_back((node, Container::Set(set.clone())));
                Py::object(set)
            }
            Tag::Timestamp if !matches!(self.nodes[node.0].content, Content::Scalar(_)) => {
                return Err(self.expected("a scalar", node));
            }
            tag => scalar::value(tag, self.text(node, 0)?).map_err(|refusal| refusal.at(self.start(node)))?,
        };
        self.built[node.0] = Some(value.clone());
        Ok(value)
    }

    fn list(&mut self, node: NodeId, container: fn(List) -> Container) -> Py {
        let list = List::default();
        self.unfilled.push_back((node, container(list.clone())));
        Py::List(list)
    }

    /// The text of a scalar; that of a mapping is what its key `=` has.
    fn text(&self, node: NodeId, depth: usize) -> Result<&str, DataError> {
        let found = &self.nodes[node.0];
        match &found.content {
            Content::Scalar(text) => Ok(text),
            Content::Mapping(pairs) if depth < crate::MAX_DEPTH => {
                match pairs.iter().find(|(key, _)| self.nodes[key.0].tag == Tag::Value) {
                    Some((_, value)) => self.text(*value, depth + 1),
                    None => Err(self.expected("a scalar", node)),
                }
            }
            _ => Err(self.expected("a scalar", node)),
        }
    }

    fn expected(&self, expected: &str, node: NodeId) -> DataError {
        let found = &self.nodes[node.0];
        found.start.error(format!("the tag asks for {expected}, found {}", found.content.name()))
    }

    fn fill(&mut self, node: NodeId, container: Container) -> Result<(), DataError> {
        match container {
            Container::List(list) => {
                let Content::Sequence(items) = &self.nodes[node.0].content else {
                    return Err(self.expected("a list", node));
                };
                for item in items.clone() {
                    let item = self.object(item)?;
                    list.lock().push(item);
                }
                Ok(())
            }
            Container::Pairs(list) => self.fill_pairs(node, &list),
            Container::Dict(dict) => self.fill_mapping(node, |key, value| dict.insert(key, value)),
            Container::Set(set) => self.fill_mapping(node, |key, _| set.insert(key)),
        }
    }

    /// A list of mappings with one entry each to a list of pairs.
    fn fill_pairs(&mut self, node: NodeId, list: &List) -> Result<(), DataError> {
        let Content::Sequence(items) = &self.nodes[node.0].content else {
            return Err(self.expected("a list", node));
        };
        for item in items.clone() {
            let (key, value) = match &self.nodes[item.0].content {
                Content::Mapping(pairs) if pairs.len() == 1 => pairs[0],
                _ => return Err(self.start(item).error("expected a mapping with one entry")),
            };
            let pair = Py::tuple([self.object(key)?, self.object(value)?]);
            list.lock().push(pair);
        }
        Ok(())
    }

    fn fill_mapping(
        &mut self,
        node: NodeId,
        mut insert: impl FnMut(Py, Py) -> kiln_python::Result<()>,
    ) -> Result<(), DataError> {
        if !matches!(self.nodes[node.0].content, Content::Mapping(_)) {
            return Err(self.expected("a mapping", node));
        }
        for (key_node, value_node) in self.flattened(node)? {
            let key = self.object(key_node)?;
            if matches!(key, Py::List(_) | Py::Dict(_)) || key.downcast::<Set>().is_some() {
                return Err(self
                    .start(key_node)
                    .error("a list, mapping or set cannot be a key")
                    .help("write quotes around the key if it is text"));
            }
            let value = self.object(value_node)?;
            insert(key, value).map_err(|_| self.start(key_node).error("this cannot be a key"))?;
        }
        Ok(())
    }
}
