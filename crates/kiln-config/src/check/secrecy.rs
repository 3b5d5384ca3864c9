//! What of a value may be said.

use kiln_model::{Node, Origin, Sources, Span, Value};

use crate::load::is_sealed_name;

/// The encrypted data file that something in a value comes from.
pub(super) fn encrypted_in(node: &Node, sources: &Sources) -> Option<String> {
    let is_sealed = |span: &&Span| is_sealed_name(sources.path(span.source)) && sources.hides(**span);
    if let Some(span) = spans(node).iter().find(is_sealed) {
        return Some(sources.path(span.source).to_owned());
    }
    match &node.value {
        Value::Map(map) => map.iter().find_map(|(_, entry)| encrypted_in(&entry.node, sources)),
        Value::List(items) => items.iter().find_map(|item| encrypted_in(item, sources)),
        _ => None,
    }
}

/// Whether a value is secret, or comes from a place that is hidden.
pub(super) fn is_secret(node: &Node, sources: &Sources) -> bool {
    matches!(node.value, Value::Secret(_)) || spans(node).iter().any(|span| sources.hides(*span))
}

/// The places that a value comes from.
fn spans(node: &Node) -> &[Span] {
    match &node.origin {
        Origin::At(span) => std::slice::from_ref(span),
        Origin::Derived { from, .. } => from,
        Origin::Default | Origin::Absent => &[],
    }
}
