//! Trees as bytes, for texts that are known when a program is built.

use kiln_model::{Entry, Map, Node, Origin, SourceId, Span, Value};
use serde::{Deserialize, Serialize};

/// A node and the bytes of the text that it stands in.
#[derive(Serialize, Deserialize)]
struct Stored<'t> {
    place: Place,
    #[serde(borrow)]
    value: Kind<'t>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Place(u32, u32);

#[derive(Serialize, Deserialize)]
enum Kind<'t> {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(&'t str),
    #[serde(borrow)]
    List(Vec<Stored<'t>>),
    #[serde(borrow)]
    Map(Vec<(&'t str, Place, Stored<'t>)>),
}

/// A tree as bytes that [`from_stored`] reads much faster than a parser reads the text. They are
/// for the same version of kiln alone: the format is postcard's, and may change.
///
/// `None` for a tree that was not read from one text, or holds something wrong or secret.
pub fn to_stored(tree: &Node) -> Option<Vec<u8>> {
    postcard::to_allocvec(&stored(tree)?).ok()
}

/// The tree that [`to_stored`] made these bytes of, as if it had been read from `source`.
///
/// `None` for other bytes.
pub fn from_stored(source: SourceId, bytes: &[u8]) -> Option<Node> {
    Some(node(source, postcard::from_bytes(bytes).ok()?))
}

fn stored(node: &Node) -> Option<Stored<'_>> {
    let Origin::At(span) = node.origin else { return None };
    let value = match &node.value {
        Value::Null => Kind::Null,
        Value::Bool(it) => Kind::Bool(*it),
        Value::Int(it) => Kind::Int(*it),
        Value::Float(it) => Kind::Float(*it),
        Value::String(it) => Kind::Text(it),
        Value::List(items) => Kind::List(items.iter().map(stored).collect::<Option<_>>()?),
        Value::Map(map) => Kind::Map(map.iter().map(stored_entry).collect::<Option<_>>()?),
        Value::Secret(_) | Value::Invalid => return None,
    };
    Some(Stored { place: place(span)?, value })
}

fn stored_entry<'n>((key, entry): (&'n str, &'n Entry)) -> Option<(&'n str, Place, Stored<'n>)> {
    Some((key, place(entry.key)?, stored(&entry.node)?))
}

fn place(span: Span) -> Option<Place> {
    let is_read = !span.is_none();
    is_read.then_some(Place(span.start, span.end))
}

fn node(source: SourceId, stored: Stored<'_>) -> Node {
    let span = |Place(start, end)| Span::new(source, start as usize, end as usize);
    let value = match stored.value {
        Kind::Null => Value::Null,
        Kind::Bool(it) => Value::Bool(it),
        Kind::Int(it) => Value::Int(it),
        Kind::Float(it) => Value::Float(it),
        Kind::Text(it) => Value::String(it.to_owned()),
        Kind::List(items) => Value::List(items.into_iter().map(|item| node(source, item)).collect()),
        Kind::Map(entries) => {
            let mut map = Map::new();
            for (key, place, value) in entries {
                map.insert(key, Entry { key: span(place), node: node(source, value) });
            }
            Value::Map(map)
        }
    };
    Node::at(value, span(stored.place))
}

#[cfg(test)]
mod tests {
    use kiln_model::{Diagnostics, Secret, Sources};

    use super::*;
    use crate::{Resolution, compose};

    #[test]
    fn a_tree_comes_back_with_every_value_and_place() {
        let text = "a: 1\nb: [x, 'y z', null, 1.5, {c: true}]\nd: |\n  text\ne: -9223372036854775809\n";
        let mut sources = Sources::new();
        let (first, second) = (sources.add("first", text), sources.add("second", text));
        let read = |source| compose(source, text, Resolution::Core, &mut Diagnostics::new()).unwrap();
        let bytes = to_stored(&read(first)).unwrap();
        let (back, wanted) = (from_stored(second, &bytes).unwrap(), read(second));
        assert_eq!(all(&back), all(&wanted));
        assert_eq!(all(&back).len(), 11);
    }

    fn all(node: &Node) -> Vec<(Span, Span, String)> {
        let mut found = vec![(Span::NONE, node.span(), format!("{:?}", node.value))];
        for item in node.as_list().unwrap_or_default() {
            found.extend(all(item));
        }
        for (key, entry) in node.as_map().into_iter().flat_map(Map::iter) {
            let mut below = all(&entry.node);
            below[0].0 = entry.key;
            below[0].2.push_str(key);
            found.extend(below);
        }
        found
    }

    #[test]
    fn what_is_not_of_a_text_is_not_stored_and_other_bytes_are_none() {
        let span = Span::new(Sources::new().add("x", "y"), 0, 1);
        for value in [Value::Invalid, Value::Secret(Secret::new("token", "canary"))] {
            assert!(to_stored(&Node::at(Value::List(vec![Node::at(value, span)]), span)).is_none());
        }
        assert!(to_stored(&Node::absent()).is_none());
        assert!(from_stored(span.source, &[0, 1, 250]).is_none());
    }
}
