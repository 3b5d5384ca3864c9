//! What the targets for data files share.

use kiln_model::{Diagnostics, Node, Sources, Span, Value};

/// Fails unless every value and key stands in the text it was read from.
pub fn check_places(node: &Node, text: &str) {
    check_span(node.span(), text);
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| check_places(item, text)),
        Value::Map(map) => map.iter().for_each(|(_, entry)| {
            check_span(entry.key, text);
            check_places(&entry.node, text);
        }),
        _ => {}
    }
}

/// Fails unless every finding points into the text and says something.
pub fn check_findings(found: &Diagnostics, text: &str) {
    for finding in found.iter() {
        assert!(!finding.message.is_empty(), "a finding says something");
        finding.labels.iter().for_each(|label| check_span(label.span, text));
    }
}

fn check_span(span: Span, text: &str) {
    let range = span.start as usize..span.end as usize;
    assert!(span.is_none() || text.get(range).is_some(), "{span:?} is no piece of the text");
}

/// Fails if a finding repeats a secret that stands nowhere else, neither in the text nor in the
/// schema.
pub fn check_secrets(node: &Node, schema: &str, found: &Diagnostics, sources: &Sources) {
    match &node.value {
        Value::Secret(secret) => {
            let span = node.span();
            let shown = if span.is_none() { String::new() } else { sources.masked_text(span.source) };
            // Short ones may stand in any sentence.
            let text = secret.expose();
            if text.chars().count() >= 8 && !shown.contains(text) && !schema.contains(text) {
                let said = |it: &str| !it.contains(text);
                assert!(found.iter().all(|it| said(&it.message)), "a message tells a secret");
                let labels = found.iter().flat_map(|it| &it.labels);
                assert!(labels.into_iter().all(|it| said(&it.text)), "a label tells a secret");
            }
        }
        Value::List(items) => items.iter().for_each(|item| check_secrets(item, schema, found, sources)),
        Value::Map(map) => {
            map.iter().for_each(|(_, entry)| check_secrets(&entry.node, schema, found, sources))
        }
        _ => {}
    }
}

/// Whether something in a value was wrong.
pub fn is_invalid(value: &Value) -> bool {
    match value {
        Value::Invalid => true,
        Value::List(items) => items.iter().any(|item| is_invalid(&item.value)),
        Value::Map(map) => map.iter().any(|(_, entry)| is_invalid(&entry.node.value)),
        _ => false,
    }
}
