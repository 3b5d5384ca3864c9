//! Metadata in formats without nesting: `age__list_0__map_recipient`.

use std::collections::BTreeMap;

use kiln_yaml::events::MAX_DEPTH;

use crate::document::{List, ListItem, Map, Node, Scalar};

const INTO_MAP: &str = "__map_";
const INTO_LIST: &str = "__list_";

/// The leaves of a map with the keys that lead to them as one, in its order.
pub(super) fn flat(block: &Node) -> Vec<(String, Scalar)> {
    let mut leaves = Vec::new();
    if let Node::Map(map) = block {
        map.entries().for_each(|entry| descend(&entry.value, entry.key.clone(), &mut leaves));
    }
    leaves
}

fn descend(node: &Node, key: String, leaves: &mut Vec<(String, Scalar)>) {
    match node {
        Node::Scalar(scalar) => leaves.push((key, scalar.clone())),
        Node::Map(map) => {
            map.entries().for_each(|entry| {
                descend(&entry.value, format!("{key}{INTO_MAP}{}", entry.key), leaves);
            });
        }
        Node::List(list) => {
            let nodes = list.items.iter().filter_map(|item| match item {
                ListItem::Node(node) => Some(node),
                ListItem::Comment(_) => None,
            });
            for (index, node) in nodes.enumerate() {
                descend(node, format!("{key}{INTO_LIST}{index}"), leaves);
            }
        }
    }
}

/// The map that such leaves come from; `null` if they come from none.
pub(super) fn nested(leaves: Vec<(String, Node)>) -> Node {
    let mut top = Tree::default();
    for (key, leaf) in leaves {
        if top.place(&steps(&key), typed(&key, leaf)).is_none() {
            return Node::Scalar(Scalar::Null);
        }
    }
    top.into_node().unwrap_or(Node::Scalar(Scalar::Null))
}

/// Everything is text in these formats; two fields are not.
fn typed(key: &str, leaf: Node) -> Node {
    let Some(text) = leaf.as_text() else { return leaf };
    let scalar = match key {
        "mac_only_encrypted" => match text {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(Scalar::Bool(true)),
            "" | "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(Scalar::Bool(false)),
            _ => None,
        },
        // Old releases wrote it as a float, with zeros behind the point.
        "shamir_threshold" => {
            let whole = text.split_once('.').filter(|(_, rest)| rest.bytes().all(|it| it == b'0'));
            whole.map_or(text, |(whole, _)| whole).parse().ok().map(Scalar::Int)
        }
        _ => None,
    };
    scalar.map_or(leaf, Node::Scalar)
}

/// One step from a collection to what is in it.
enum Step<'a> {
    Key(&'a str),
    Item(&'a str),
}

/// The steps of a flat key; a key of too many is cut off where they are too many.
fn steps(key: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let (mut rest, mut is_item) = (key, false);
    while steps.len() <= MAX_DEPTH {
        let [map, list] = [INTO_MAP, INTO_LIST].map(|mark| rest.find(mark).unwrap_or(rest.len()));
        let end = map.min(list);
        steps.push(if is_item { Step::Item(&rest[..end]) } else { Step::Key(&rest[..end]) });
        if end == rest.len() {
            break;
        }
        is_item = list < map;
        rest = &rest[end + if is_item { INTO_LIST.len() } else { INTO_MAP.len() }..];
    }
    steps
}

/// A node that is being put together.
#[derive(Default)]
struct Tree {
    leaf: Option<Node>,
    keys: BTreeMap<String, Tree>,
    items: BTreeMap<usize, Tree>,
}

impl Tree {
    /// Puts a leaf where the steps lead; nothing if there is one already.
    fn place(&mut self, steps: &[Step<'_>], leaf: Node) -> Option<()> {
        if steps.len() > MAX_DEPTH {
            return None;
        }
        let mut tree = self;
        for step in steps {
            tree = match step {
                Step::Key(key) => tree.keys.entry((*key).to_owned()).or_default(),
                Step::Item(index) => tree.items.entry(index.parse().ok()?).or_default(),
            };
        }
        tree.leaf.replace(leaf).is_none().then_some(())
    }

    /// Nothing if it is several kinds of node at once, or a list with gaps.
    fn into_node(self) -> Option<Node> {
        let Tree { leaf, keys, items } = self;
        match (leaf, keys.is_empty(), items.is_empty()) {
            (Some(leaf), true, true) => Some(leaf),
            (None, _, true) => {
                let mut map = Map::default();
                for (key, tree) in keys {
                    map.push(&key, tree.into_node()?);
                }
                Some(Node::Map(map))
            }
            (None, true, false) => {
                let mut list = List::default();
                for (index, tree) in items {
                    if index != list.items.len() {
                        return None;
                    }
                    list.items.push(ListItem::Node(tree.into_node()?));
                }
                Some(Node::List(list))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unflattened(keys: &[&str]) -> Node {
        nested(keys.iter().map(|key| ((*key).to_owned(), Node::text("x"))).collect())
    }

    #[test]
    fn maps_and_lists_come_back_from_their_flat_keys() {
        let keys = ["age__list_0__map_enc", "age__list_0__map_recipient", "age__list_1__map_enc", "mac"];
        let block = unflattened(&keys);
        let leaves: Vec<_> = flat(&block).into_iter().map(|(key, _)| key).collect();
        assert_eq!(leaves, keys);
    }

    #[test]
    fn items_are_counted_and_not_sorted_as_text() {
        let keys: Vec<_> = (0..12).map(|index| format!("age__list_{index}")).collect();
        let block = unflattened(&keys.iter().map(String::as_str).collect::<Vec<_>>());
        let leaves: Vec<_> = flat(&block).into_iter().map(|(key, _)| key).collect();
        assert_eq!(leaves, keys);
    }

    #[test]
    fn what_no_map_is_flattened_to_comes_out_as_null() {
        let deep = "a__map_".repeat(1000);
        for keys in [&["a", "a"][..], &["a", "a__map_b"], &["a__list_1"], &["a__list_x"], &[deep.as_str()]] {
            assert!(unflattened(keys) == Node::Scalar(Scalar::Null), "{keys:?}");
        }
    }

    #[test]
    fn two_fields_are_not_text() {
        assert!(typed("mac_only_encrypted", Node::text("true")) == Node::Scalar(Scalar::Bool(true)));
        assert!(typed("shamir_threshold", Node::text("2.000000")) == Node::Scalar(Scalar::Int(2)));
        assert!(typed("shamir_threshold", Node::text("2.5")) == Node::text("2.5"));
        assert!(typed("version", Node::text("2")) == Node::text("2"));
    }
}
