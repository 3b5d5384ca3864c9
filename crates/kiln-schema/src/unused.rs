//! Keys that a schema knows and nothing reads.

use kiln_model::{Node, PathStep, Span, Value};

use crate::place::Place;
use crate::schema::Schema;

impl Schema {
    /// The keys of the document whose schema says `x-unused`, in its order, with the place of
    /// each. Below such a key none is named; neither is one whose value is invalid, or of which
    /// the schema says with `x-told` that a rule tells it.
    pub fn unused_keys(&self, document: &Node) -> Vec<(Vec<PathStep>, Span)> {
        let mut found = Vec::new();
        collect(&Place::whole(&self.root), document, &mut Vec::new(), &mut found);
        found
    }
}

fn collect(place: &Place<'_>, node: &Node, path: &mut Vec<PathStep>, found: &mut Vec<(Vec<PathStep>, Span)>) {
    match &node.value {
        Value::Map(map) => {
            for (key, entry) in map.iter() {
                let step = PathStep::Key(key.to_owned());
                let below = place.below(&step);
                path.push(step);
                if !below.is_unused {
                    collect(&below, &entry.node, path, found);
                } else if !matches!(entry.node.value, Value::Invalid) && !below.is_told {
                    found.push((path.clone(), entry.key));
                }
                path.pop();
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let step = PathStep::Index(index);
                let below = place.below(&step);
                path.push(step);
                collect(&below, item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}
