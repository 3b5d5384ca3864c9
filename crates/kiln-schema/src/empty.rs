//! Optional keys that were left empty.

use kiln_model::{Node, PathStep, Span, Value};
use serde_json::Value as Json;

use crate::root::Root;
use crate::schema::Schema;
use crate::walk;

impl Schema {
    /// Takes out every key that the schema knows, does not require, and whose value is an empty
    /// text. Gives those keys with the places of their values, in the order of the document.
    pub fn remove_empty(&self, document: &mut Node) -> Vec<(Vec<PathStep>, Span)> {
        let mut found = Vec::new();
        remove(&self.root, &[&self.root.json], document, &mut Vec::new(), &mut found);
        found
    }
}

fn remove(
    root: &Root,
    schemas: &[&Json],
    node: &mut Node,
    path: &mut Vec<PathStep>,
    found: &mut Vec<(Vec<PathStep>, Span)>,
) {
    let mut step_in = |step: PathStep, child: &mut Node| {
        let below = walk::below(root, schemas, &step);
        path.push(step);
        remove(root, &below, child, path, found);
        path.pop();
    };
    match &mut node.value {
        Value::Map(map) => {
            map.iter_mut().for_each(|(key, entry)| step_in(PathStep::Key(key.to_owned()), &mut entry.node));
            let optional = |key: &str| is_known(root, schemas, key) && !walk::is_required(root, schemas, key);
            let empty = map.iter().filter(|(key, entry)| is_empty(&entry.node) && optional(key));
            let empty: Vec<(String, Span)> =
                empty.map(|(key, entry)| (key.to_owned(), entry.node.span())).collect();
            for (key, span) in empty {
                map.remove(&key);
                found.push((path.iter().cloned().chain([PathStep::Key(key)]).collect(), span));
            }
        }
        Value::List(items) => {
            items.iter_mut().enumerate().for_each(|(index, item)| step_in(PathStep::Index(index), item));
        }
        _ => {}
    }
}

/// Whether a value is text without a letter.
pub(crate) fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::String(text) => text.is_empty(),
        Value::Secret(secret) => secret.is_empty(),
        _ => false,
    }
}

fn is_known(root: &Root, schemas: &[&Json], key: &str) -> bool {
    let below = walk::below(root, schemas, &PathStep::Key(key.to_owned()));
    !below.is_empty() && below.iter().all(|schema| **schema != Json::Bool(false))
}
