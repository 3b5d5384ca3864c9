//! Lays one layer over another.

use kiln_model::{Diagnostics, Map, Value};

use crate::findings;
use crate::layer::Layer;

/// The pack's layer with the project's overrides and versions over it.
///
/// Texts are not merged here: whether an override replaces a template or an output is
/// decided by name, see [`crate::read`].
pub(crate) fn layers(base: &Layer, over: &Layer, versions: &Map, sink: &mut Diagnostics) -> Layer {
    let mut merged = base.clone();
    let trees = [&over.pack, &over.derive, &over.checks, &over.apps, &over.versions, versions];
    merged.is_override = trees.iter().any(|tree| !tree.is_empty());
    lay(&mut merged.pack, &over.pack, sink);
    lay(&mut merged.derive, &over.derive, sink);
    lay(&mut merged.checks, &over.checks, sink);
    lay(&mut merged.apps, &over.apps, sink);
    lay(&mut merged.versions, &over.versions, sink);
    lay(&mut merged.versions, versions, sink);
    merged
}

/// Merges mappings key by key at any depth; other values replace, and `null` removes.
fn lay(base: &mut Map, over: &Map, sink: &mut Diagnostics) {
    for (key, entry) in over.iter() {
        match (&entry.node.value, base.get_mut(key)) {
            (Value::Null, None) => {
                let known = base.iter().map(|(known, _)| known);
                sink.push(findings::nothing_to_remove(key, known, entry.key));
            }
            (Value::Null, Some(_)) => {
                base.remove(key);
            }
            (Value::Map(inner), Some(below)) if below.as_map().is_some() => {
                if let Some(map) = below.as_map_mut() {
                    lay(map, inner, sink);
                }
            }
            _ => {
                base.insert(key, entry.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kiln_model::{Entry, Node, Span};

    use super::*;

    fn map(entries: Vec<(&str, Value)>) -> Map {
        let mut map = Map::new();
        for (key, value) in entries {
            map.insert(key, Entry { key: Span::NONE, node: Node::at(value, Span::NONE) });
        }
        map
    }

    #[test]
    fn entries_merge_key_by_key_and_null_removes() {
        let inner = |value| Value::Map(map(vec![("keep", Value::Int(1)), ("change", Value::Int(value))]));
        let mut base = map(vec![("a", inner(2)), ("b", Value::Bool(true))]);
        let over = map(vec![
            ("a", Value::Map(map(vec![("change", Value::Int(9))]))),
            ("b", Value::Null),
            ("c", Value::List(Vec::new())),
        ]);
        lay(&mut base, &over, &mut Diagnostics::new());
        assert_eq!(format!("{:?}", Value::Map(base)), r#"{"a": {"keep": 1, "change": 9}, "c": []}"#);
    }

    #[test]
    fn removing_what_is_not_there_is_worth_a_warning() {
        let mut sources = kiln_model::Sources::new();
        let key = Span::new(sources.add("a", "alpa: null"), 0, 4);
        let mut over = Map::new();
        over.insert("alpa", Entry { key, node: Node::at(Value::Null, Span::NONE) });
        let (mut base, mut sink) = (map(vec![("alpha", Value::Int(1))]), Diagnostics::new());
        lay(&mut base, &over, &mut sink);
        let found: Vec<_> = sink.iter().map(|it| (&*it.code, it.help.as_deref())).collect();
        assert_eq!(found, [("pack.nothing-to-remove", Some("did you mean `alpha`?"))]);
    }
}
