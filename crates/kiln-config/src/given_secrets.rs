//! The secrets of the data files, for rules about secrets as such.

use kiln_model::{Map, Node, Origin, PathStep, Secret, Value, path_text};

/// A list of the secrets that the user wrote: the `key` of each, its `value`, and `same_as`, the
/// key of the first one with the same value, `none` for that one itself.
///
/// A message may name the keys, which is all that a rule could say of two equal secrets; what it
/// finds out by comparing them itself is as secret as they are.
pub(crate) fn given_secrets(data: &Map) -> Node {
    let mut found = Vec::new();
    collect_map(data, &mut Vec::new(), &mut found);
    let item = |(at, (key, node, secret)): (usize, &Found<'_>)| {
        // The bytes leave for a comparison alone.
        let is_same = |(_, _, other): &&Found<'_>| other.expose() == secret.expose();
        let first = found[..at].iter().find(is_same);
        let same_as = first.map_or(Value::Null, |(key, _, _)| Value::String(key.as_str().into()));
        let mut item = Map::new();
        item.insert_node("key", computed(Value::String(key.as_str().into())));
        item.insert_node("value", (*node).clone());
        item.insert_node("same_as", computed(same_as));
        computed(Value::Map(item))
    };
    computed(Value::List(found.iter().enumerate().map(item).collect()))
}

/// The path of a secret, its node and itself.
type Found<'a> = (String, &'a Node, &'a Secret);

fn collect_map<'a>(map: &'a Map, path: &mut Vec<PathStep>, found: &mut Vec<Found<'a>>) {
    for (key, entry) in map.iter() {
        path.push(PathStep::Key(key.to_owned()));
        collect(&entry.node, path, found);
        path.pop();
    }
}

fn collect<'a>(node: &'a Node, path: &mut Vec<PathStep>, found: &mut Vec<Found<'a>>) {
    match &node.value {
        // Those of key files are not written in a data file.
        Value::Secret(secret) if path.first() != Some(&PathStep::Key("secrets".to_owned())) => {
            found.push((path_text(path), node, secret));
        }
        Value::Map(map) => collect_map(map, path, found),
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(PathStep::Index(index));
                collect(item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

fn computed(value: Value) -> Node {
    Node { value, origin: Origin::Absent }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Node {
        computed(Value::Secret(Secret::new("label", text)))
    }

    #[test]
    fn every_secret_is_told_with_the_first_that_is_the_same() {
        let mut receiver = Map::new();
        receiver.insert_node("url", secret("one"));
        let mut data = Map::new();
        data.insert_node("a", secret("one"));
        data.insert_node("b", computed(Value::String("one".into())));
        data.insert_node("c", secret("two"));
        data.insert_node("d", computed(Value::List(vec![computed(Value::Map(receiver.clone()))])));
        data.insert_node("secrets", computed(Value::Map(receiver)));
        let list = given_secrets(&data);
        let told = list.as_list().unwrap().iter().map(|item| {
            let text = |key: &str| item.get(key).and_then(Node::as_str).unwrap_or("-").to_owned();
            (text("key"), text("same_as"))
        });
        let expected = [("a", "-"), ("c", "-"), ("d[0].url", "a")];
        assert_eq!(told.collect::<Vec<_>>(), expected.map(|(key, same)| (key.to_owned(), same.to_owned())));
    }
}
