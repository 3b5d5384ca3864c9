//! Reading single keys of trees that a schema has already been held against.

use kiln_model::{Map, Node, Span, Value};

use crate::pack::Expr;

/// A text under `key`; a boolean or number reads as the expression it is.
pub(super) fn expr(map: &Map, key: &str) -> Option<Expr> {
    node_expr(map.get(key)?)
}

/// A node as an expression.
pub(super) fn node_expr(node: &Node) -> Option<Expr> {
    let text = match &node.value {
        Value::String(text) => text.clone(),
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        _ => return None,
    };
    Some(Expr { text, span: node.span() })
}

/// The condition under `when`, which holds where nobody wrote one.
pub(super) fn when(map: &Map) -> Expr {
    expr(map, "when").unwrap_or_else(Expr::always)
}

/// The text under `key`, empty where there is none.
pub(super) fn text(map: &Map, key: &str) -> String {
    map.get(key).and_then(Node::as_str).unwrap_or("").to_owned()
}

/// The entries under `key` that are mappings.
pub(super) fn maps<'a>(map: &'a Map, key: &str) -> Vec<(&'a str, &'a Map, Span)> {
    let inner = map.get(key).and_then(Node::as_map);
    inner.map_or(Vec::new(), |inner| {
        inner.iter().filter_map(|(id, entry)| entry.node.as_map().map(|map| (id, map, entry.key))).collect()
    })
}

/// The items of the list under `key`.
pub(super) fn items<'a>(map: &'a Map, key: &str) -> &'a [Node] {
    map.get(key).and_then(Node::as_list).unwrap_or(&[])
}

/// The keys of `map` that are not in `known`.
pub(super) fn extra(map: &Map, known: &[&str]) -> Map {
    let mut extra = Map::new();
    for (key, entry) in map.iter().filter(|(key, _)| !known.contains(key)) {
        extra.insert(key, entry.clone());
    }
    extra
}
