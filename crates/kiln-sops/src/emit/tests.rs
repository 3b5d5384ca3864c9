//! What is written is read back as it was, comments included.

use proptest::prelude::*;

use super::emit;
use crate::document::{Comment, List, ListItem, Map, MapItem, Node, Scalar};
use crate::read::read;

fn comment() -> impl Strategy<Value = Comment> {
    "( [a-z#:-]{0,6})?".prop_map(|text| Comment::new(text, false))
}

fn scalar() -> impl Strategy<Value = (Node, Option<Comment>)> {
    let text = prop_oneof!["[a-z]{0,3}", "[ a-z\n#:-]{0,10}"].prop_map(Scalar::text);
    let scalar = prop_oneof![text, Just(Scalar::Null), any::<i64>().prop_map(Scalar::Int)];
    let inline = prop::option::of(" [a-z# ]{0,5}[a-z]");
    (scalar, inline)
        .prop_map(|(scalar, inline)| (Node::Scalar(scalar), inline.map(|text| Comment::new(text, true))))
}

/// Any document that is as it would be read: no comments at the top of a list's items,
/// none in empty collections, and none at the very end, where something follows in every
/// encrypted file.
pub(crate) fn document() -> impl Strategy<Value = Map> {
    map(node()).prop_map(|mut document| {
        document.push("end", Node::text("x"));
        document
    })
}

/// A node and the comment behind it.
fn node() -> impl Strategy<Value = (Node, Option<Comment>)> {
    scalar().prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            map(inner.clone()).prop_map(|map| (Node::Map(map), None)),
            list(inner).prop_map(|list| (Node::List(list), None)),
        ]
    })
}

fn map(node: impl Strategy<Value = (Node, Option<Comment>)>) -> impl Strategy<Value = Map> {
    let entry = (prop::collection::vec(comment(), 0..2), node);
    let end = prop::collection::vec(comment(), 0..2);
    (prop::collection::vec(entry, 0..4), end).prop_map(|(entries, end)| {
        let mut map = Map::default();
        let keys = ["a", "b c", "?", "true"];
        for ((comments, (node, inline)), key) in entries.into_iter().zip(keys) {
            map.items.extend(comments.into_iter().chain(inline).map(MapItem::Comment));
            map.push(key, node);
        }
        if !map.items.is_empty() {
            map.items.extend(end.into_iter().map(MapItem::Comment));
        }
        map
    })
}

fn list(node: impl Strategy<Value = (Node, Option<Comment>)>) -> impl Strategy<Value = List> {
    let item = (prop::collection::vec(comment(), 0..2), node);
    let end = prop::collection::vec(comment(), 0..2);
    (prop::collection::vec(item, 0..4), end).prop_map(|(items, end)| {
        let mut list = List::default();
        for (comments, (mut node, inline)) in items {
            // The comments at the top of an item stand above its dash: they are the list's.
            let own = node.take_leading_comments();
            list.items.extend(comments.into_iter().chain(own).chain(inline).map(ListItem::Comment));
            list.items.push(ListItem::Node(node));
        }
        if !list.items.is_empty() {
            list.items.extend(end.into_iter().map(ListItem::Comment));
        }
        list
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(document in document(), step in 2_usize..7) {
        let documents = vec![document.clone(), document];
        let text = emit(&documents, step);
        let back = read(&text).map_err(|problems| TestCaseError::fail(format!("{problems:?}\n{}", *text)))?;
        let same = back == documents;
        prop_assert!(same, "{}\n-- again --\n{}", *text, *emit(&back, step));
    }
}
