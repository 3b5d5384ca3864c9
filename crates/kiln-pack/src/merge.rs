//! Lays one layer over another.

use kiln_model::{Map, Value};

use crate::layer::Layer;

/// The pack's layer with the project's overrides and versions over it.
///
/// Texts are not merged here: whether an override replaces a template or an output is
/// decided by name, see [`crate::read`].
pub(crate) fn layers(base: &Layer, over: &Layer, versions: &Map) -> Layer {
    let mut merged = base.clone();
    let trees = [&over.pack, &over.derive, &over.checks, &over.apps, &over.versions, versions];
    merged.is_override = trees.iter().any(|tree| !tree.is_empty());
    lay(&mut merged.pack, &over.pack);
    lay(&mut merged.derive, &over.derive);
    lay(&mut merged.checks, &over.checks);
    lay(&mut merged.apps, &over.apps);
    lay(&mut merged.versions, &over.versions);
    lay(&mut merged.versions, versions);
    merged
}

/// Merges mappings key by key at any depth; other values replace, and `null` removes.
fn lay(base: &mut Map, over: &Map) {
    for (key, entry) in over.iter() {
        match (&entry.node.value, base.get_mut(key)) {
            (Value::Null, _) => {
                base.remove(key);
            }
            (Value::Map(inner), Some(below)) if below.as_map().is_some() => {
                if let Some(map) = below.as_map_mut() {
                    lay(map, inner);
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
        lay(&mut base, &over);
        assert_eq!(format!("{:?}", Value::Map(base)), r#"{"a": {"keep": 1, "change": 9}, "c": []}"#);
    }
}
