//! The key `<<`.

use super::Builder;
use crate::yaml::node::{Content, NodeId, Tag};
use crate::{Bound, DataError, MAX_DEPTH};

/// How many entries merge keys may make.
const MOST_ENTRIES: usize = 1_000_000;

/// What merging has cost in this document.
#[derive(Default)]
pub(super) struct Budget {
    spent: usize,
    depth: usize,
}

impl Builder {
    /// The entries of a mapping, those of what it merges in front of its own. They remain with
    /// the mapping, whose `=` is from now on a key like any other.
    pub(super) fn flattened(&mut self, node: NodeId) -> Result<Vec<(NodeId, NodeId)>, DataError> {
        self.flatten(node)?;
        Ok(self.pairs(node).to_vec())
    }

    fn pairs(&self, node: NodeId) -> &[(NodeId, NodeId)] {
        match &self.nodes[node.0].content {
            Content::Mapping(pairs) => pairs,
            _ => &[],
        }
    }

    fn flatten(&mut self, node: NodeId) -> Result<(), DataError> {
        if self.merged.depth > MAX_DEPTH {
            return Err(self.start(node).error("values are nested too deeply").beyond(Bound::Depth));
        }
        self.merged.depth += 1;
        let mut merged = Vec::new();
        let mut index = 0;
        while let Some(&(key, value)) = self.pairs(node).get(index) {
            match self.nodes[key.0].tag {
                Tag::Merge => {
                    self.remove(node, index)?;
                    self.merge(node, value, &mut merged)?;
                    continue;
                }
                Tag::Value => self.nodes[key.0].tag = Tag::Str,
                _ => {}
            }
            index += 1;
        }
        if let Content::Mapping(pairs) = &mut self.nodes[node.0].content
            && !merged.is_empty()
        {
            let count = merged.len();
            merged.append(pairs);
            *pairs = merged;
            self.nodes[node.0].merged += count;
        }
        self.merged.depth -= 1;
        Ok(())
    }

    /// Takes a merge key away. It has to go before what it merges is looked at, which may be the
    /// same mapping.
    fn remove(&mut self, node: NodeId, index: usize) -> Result<(), DataError> {
        self.charge(node, self.pairs(node).len() / 16 + 1)?;
        if let Content::Mapping(pairs) = &mut self.nodes[node.0].content {
            pairs.remove(index);
        }
        Ok(())
    }

    fn merge(
        &mut self,
        node: NodeId,
        value: NodeId,
        merged: &mut Vec<(NodeId, NodeId)>,
    ) -> Result<(), DataError> {
        let sources = match &self.nodes[value.0].content {
            Content::Mapping(_) => vec![value],
            Content::Sequence(items) => items.clone(),
            Content::Scalar(_) => return Err(self.not_mergeable(value)),
        };
        self.charge(node, sources.len())?;
        let mut found = Vec::new();
        for source in sources {
            if !matches!(self.nodes[source.0].content, Content::Mapping(_)) {
                return Err(self.not_mergeable(source));
            }
            self.flatten(source)?;
            self.charge(node, self.pairs(source).len())?;
            found.push(self.pairs(source).to_vec());
        }
        // Of a list the first counts most, and of equal keys the last.
        merged.extend(found.into_iter().rev().flatten());
        Ok(())
    }

    fn charge(&mut self, node: NodeId, entries: usize) -> Result<(), DataError> {
        self.merged.spent += entries;
        if self.merged.spent > MOST_ENTRIES {
            let error = self.start(node).error("merge keys make too many entries here");
            return Err(error.beyond(Bound::Entries));
        }
        Ok(())
    }

    fn not_mergeable(&self, node: NodeId) -> DataError {
        let found = &self.nodes[node.0];
        found
            .start
            .error(format!("`<<` merges mappings, found {}", found.content.name()))
            .help("write an alias of a mapping, or a list of them, behind `<<`")
    }
}
