//! Filling in defaults.

use kiln_model::{Map, Node, Origin, PathStep, Value};
use serde_json::Value as Json;

use crate::instance::from_json;
use crate::root::Root;
use crate::schema::Schema;
use crate::walk;

/// How deep defaults are filled in. A default may itself ask for a default without end.
const MAX_DEPTH: usize = 64;

impl Schema {
    /// Puts in every key that the schema knows and the document does not have, in nested
    /// mappings and list items, too: its default, `null` ([`Origin::Absent`]) if it has
    /// none, [`Value::Invalid`] if it is required, which [`Schema::check`] reports.
    ///
    /// A document that is empty becomes a mapping. Alternatives (`anyOf`, `oneOf`, `if`)
    /// give no defaults.
    pub fn complete(&self, document: &mut Node) {
        if matches!(document.value, Value::Null) {
            document.value = Value::Map(Map::new());
        }
        fill(&self.root, &self.root.json, document, 0);
    }
}

fn fill(root: &Root, schema: &Json, node: &mut Node, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match &mut node.value {
        Value::Map(map) => {
            for part in certain(&root.json, schema) {
                add_keys(&root.json, part, map);
            }
            for (key, entry) in map.iter_mut().filter(|(_, entry)| has_inside(&entry.node)) {
                let step = PathStep::Key(key.to_owned());
                fill_below(root, schema, &step, &mut entry.node, depth);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter_mut().enumerate().filter(|(_, item)| has_inside(item)) {
                fill_below(root, schema, &PathStep::Index(index), item, depth);
            }
        }
        _ => {}
    }
}

/// Whether there may be something inside of a value.
fn has_inside(node: &Node) -> bool {
    matches!(node.value, Value::Map(_) | Value::List(_))
}

fn fill_below(root: &Root, schema: &Json, step: &PathStep, node: &mut Node, depth: usize) {
    for part in certain(&root.json, schema) {
        for below in walk::child(root, part, step) {
            fill(root, below, node, depth + 1);
        }
    }
}

/// The parts of a schema that hold whatever the value is: itself and what `$ref` leads to.
fn certain<'a>(root: &'a Json, schema: &'a Json) -> impl Iterator<Item = &'a Json> {
    std::iter::successors(Some(schema), move |part| walk::reference(root, part)).take(MAX_DEPTH)
}

fn add_keys(root: &Json, part: &Json, map: &mut Map) {
    let required = |key: &str| {
        let all = part.get("required").and_then(Json::as_array);
        all.is_some_and(|all| all.iter().any(|it| it == key))
    };
    for (key, schema) in part.get("properties").and_then(Json::as_object).into_iter().flatten() {
        if map.get(key).is_some() {
            continue;
        }
        let default = certain(root, schema).find_map(|part| part.get("default"));
        map.insert_node(
            key.as_str(),
            match default {
                Some(default) => from_json(default),
                None if required(key) => Node::invalid(Origin::Absent),
                None => Node::absent(),
            },
        );
    }
}
