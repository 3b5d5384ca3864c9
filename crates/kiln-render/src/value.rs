//! Building values for templates.

use kiln_model::{Map, Node, Origin, Value};

/// A value that the engine made.
pub(crate) fn node(value: Value) -> Node {
    Node { value, origin: Origin::Default }
}

/// Text.
pub(crate) fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// A list.
pub(crate) fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(items.into_iter().map(node).collect())
}

/// A mapping with these keys, after those of `base`.
pub(crate) fn mapping(base: &Map, entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut map = base.clone();
    for (key, value) in entries {
        map.insert_node(key, node(value));
    }
    Value::Map(map)
}
