//! Settings of a project: an input is a letter, which names a data file, and a YAML text.

use std::sync::LazyLock;

use kiln_model::{Diagnostics, Map, Node, Sources, Value};
use kiln_yaml::{Resolution, compose};

use crate::random::Random;

/// The schemas of the data files by the letter that names the file.
pub const SCHEMAS: [(u8, &str); 2] = [
    (b'c', include_str!("../../schemas/cluster.schema.json")),
    (b'n', include_str!("../../schemas/nodes.schema.json")),
];

/// The project that inputs change.
const CLUSTER: &str = include_str!("../../examples/ha/cluster.yaml");
const NODES: &str = include_str!("../../examples/ha/nodes.yaml");

/// What values are made of, besides pieces of the input itself.
const VALUES: &[&str] = &[
    "true",
    "false",
    "null",
    "~",
    "0",
    "1",
    "-1",
    "65535",
    "65536",
    "4294967295",
    "4294967296",
    "1e3",
    "yes",
    "\"\"",
    "a",
    "\"a b\"",
    "10.0.0.0/8",
    "10.42.0.0/16",
    "192.168.1.0/24",
    "192.168.1.0/29",
    "192.168.1.1",
    "192.168.1.255",
    "0.0.0.0/0",
    "fd00::/64",
    "::1",
    "1.2.3.4/33",
    "52:54:00:12:34:56",
    "AA:bb:cc:dd:ee:ff",
    "example.com",
    "\"*.example.com\"",
    "https://example.com/x",
    "v1.2.3",
    "1.30.0",
    "[]",
    "{}",
    "[a]",
    "{a: b}",
    "[10.0.0.1, 10.0.0.1]",
    "[[]]",
    "{a: {b: c}}",
    "hunter2hunter2",
    "ssh-ed25519 AAAA",
    "\"{{ x }}\"",
    "é",
    "99999999999999999999",
    "2024-01-01",
    "bgp",
    "l2",
    "disabled",
    "git@github.com:a/b.git",
    "owner/name",
];

/// The keys of both schemas, at any depth.
static KEYS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut keys = Vec::new();
    for (_, schema) in SCHEMAS {
        let id = Sources::new().add("schema", schema);
        let tree = kiln_yaml::json::compose(id, schema, &mut Diagnostics::new());
        collect(&tree.expect("schemas are JSON"), &mut keys);
    }
    keys
});

fn collect(node: &Node, keys: &mut Vec<String>) {
    if let Some(properties) = node.get("properties").and_then(Node::as_map) {
        keys.extend(properties.iter().map(|(key, _)| key.to_owned()));
    }
    match &node.value {
        Value::Map(map) => map.iter().for_each(|(_, entry)| collect(&entry.node, keys)),
        Value::List(items) => items.iter().for_each(|item| collect(item, keys)),
        _ => {}
    }
}

/// Changes the first `size` bytes of `data`, which has room for `max_size`; gives the new size.
///
/// Half of the changes are those of libFuzzer; the others give a key of a schema a value.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random::new(seed);
    let text = match std::str::from_utf8(&data[..size]) {
        Ok(text) if !random.once_in(2) => text.to_owned(),
        _ => return libfuzzer_sys::fuzzer_mutate(data, size, max_size),
    };
    let key = &KEYS[random.below(KEYS.len())];
    let value = VALUES[random.below(VALUES.len())];
    let changed = match random.below(3) {
        // One line of the text gets another value.
        0 if text.contains(": ") => {
            let lines: Vec<&str> = text.lines().collect();
            let chosen = random.below(lines.len());
            let line = |(index, line): (usize, &&str)| match line.split_once(": ") {
                Some((key, _)) if index == chosen => format!("{key}: {value}\n"),
                _ => format!("{line}\n"),
            };
            lines.iter().enumerate().map(line).collect()
        }
        1 => format!("{}\n{key}: {value}\n", text.trim_end()),
        _ => format!("{}{key}: {value}\n", if random.once_in(2) { "c" } else { "nnodes:\n- " }),
    };
    let size = changed.len().min(max_size);
    data[..size].copy_from_slice(&changed.as_bytes()[..size]);
    size
}

/// The texts of `cluster.yaml` and `nodes.yaml` with the keys of an input in place of their own.
pub fn project(bytes: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(bytes.get(1..).unwrap_or_default());
    let change = read(&text);
    let in_nodes = bytes.first() == Some(&b'n');
    let cluster = changed(CLUSTER, if in_nodes { None } else { change.clone() });
    let mut nodes = changed(NODES, None);
    if let Some(change) = change.filter(|_| in_nodes) {
        nodes = with_nodes(change);
    }
    (kiln_yaml::to_yaml(&cluster), kiln_yaml::to_yaml(&nodes))
}

fn read(text: &str) -> Option<Map> {
    let id = Sources::new().add("a", text);
    let node = compose(id, text, Resolution::Core, &mut Diagnostics::new()).ok()?;
    node.as_map().cloned()
}

fn changed(text: &str, change: Option<Map>) -> Value {
    let mut map = read(text).unwrap_or_default();
    for (key, entry) in change.unwrap_or_default().iter() {
        match entry.node.value {
            // An empty value takes the key away.
            Value::Null => drop(map.remove(key)),
            _ => drop(map.insert(key, entry.clone())),
        }
    }
    Value::Map(map)
}

/// The nodes of the project, those in front with the keys of the input's.
fn with_nodes(change: Map) -> Value {
    let Some(Value::List(changes)) = change.get("nodes").map(|node| node.value.clone()) else {
        return changed(NODES, Some(change));
    };
    let mut map = read(NODES).unwrap_or_default();
    if let Some(Value::List(nodes)) = map.get_mut("nodes").map(|node| &mut node.value) {
        for (index, change) in changes.into_iter().enumerate() {
            match (nodes.get_mut(index).and_then(Node::as_map_mut), change.as_map()) {
                (Some(node), Some(change)) => {
                    change.iter().for_each(|(key, entry)| drop(node.insert(key, entry.clone())));
                }
                _ => nodes.push(change),
            }
        }
    }
    Value::Map(map)
}
