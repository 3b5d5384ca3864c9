//! Keys that a schema knows and nothing reads.

use kiln_model::{Node, PathStep, Span, Value};
use serde_json::Value as Json;

use crate::root::Root;
use crate::schema::Schema;
use crate::walk;

impl Schema {
    /// The keys of the document whose schema says `x-unused`, in its order, with the place of
    /// each. Below such a key none is named; neither is one whose value is invalid, or of which
    /// the schema says with `x-told` that a rule tells it.
    pub fn unused_keys(&self, document: &Node) -> Vec<(Vec<PathStep>, Span)> {
        let mut found = Vec::new();
        collect(&self.root, &[&self.root.json], document, &mut Vec::new(), &mut found);
        found
    }
}

fn collect(
    root: &Root,
    schemas: &[&Json],
    node: &Node,
    path: &mut Vec<PathStep>,
    found: &mut Vec<(Vec<PathStep>, Span)>,
) {
    match &node.value {
        Value::Map(map) => {
            for (key, entry) in map.iter() {
                path.push(PathStep::Key(key.to_owned()));
                let below = walk::below(root, schemas, &PathStep::Key(key.to_owned()));
                let says = |keyword: &str| below.iter().any(|schema| is_marked(root, schema, keyword));
                if !says("x-unused") {
                    collect(root, &below, &entry.node, path, found);
                } else if !matches!(entry.node.value, Value::Invalid) && !says("x-told") {
                    found.push((path.clone(), entry.key));
                }
                path.pop();
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(PathStep::Index(index));
                let below = walk::below(root, schemas, &PathStep::Index(index));
                collect(root, &below, item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

fn is_marked(root: &Root, schema: &Json, keyword: &str) -> bool {
    walk::parts(&root.json, schema).into_iter().any(|part| part.get(keyword) == Some(&Json::Bool(true)))
}
