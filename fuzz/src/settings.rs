//! Settings and rules of a project: an input is a letter, which names a file, and a YAML text.

use std::path::PathBuf;
use std::sync::LazyLock;

use kiln_model::{Diagnostics, Map, MemoryFiles, Node, Sources, Value};
use kiln_yaml::{Resolution, compose};

use crate::random::Random;

/// The schemas of the data files by the letter that names the file.
pub const SCHEMAS: [(u8, &str); 2] = [
    (b'c', include_str!("../../schemas/cluster.schema.json")),
    (b'n', include_str!("../../schemas/nodes.schema.json")),
];

/// The data files of the project that inputs change.
static CLUSTER: LazyLock<Map> = LazyLock::new(|| own(include_str!("../../examples/ha/cluster.yaml")));
static NODES: LazyLock<Map> = LazyLock::new(|| own(include_str!("../../examples/ha/nodes.yaml")));

/// Its key files, by their names.
static KEY_FILES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/ha");
    let entries = std::fs::read_dir(folder).expect("the example can be listed");
    let paths = entries.map(|entry| entry.expect("the example can be listed").path());
    let is_key = |path: &PathBuf| path.extension().is_none_or(|it| it != "yaml" && it != "md");
    let read = |path: PathBuf| {
        let name = path.file_name().expect("it is a file").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).expect("key files are text"))
    };
    paths.filter(is_key).map(read).collect()
});

/// A pack around the rules of an input.
const PACK: [(&str, &str); 4] = [
    (
        "pack.toml",
        "[pack]\nname = 'toy'\nversion = '1'\nformat = 1\n[[data]]\nfile = 'data'\nschema = 'data'\n",
    ),
    ("versions.yaml", ""),
    (
        "schemas/data.schema.json",
        r#"{"type": "object", "properties": {
            "name": {"type": "string"}, "size": {"type": "integer", "default": 3}, "up": {"type": "boolean"},
            "token": {"type": "string", "writeOnly": true}, "nothing": {"type": "string"},
            "tags": {"type": "array"}, "items": {"type": "array"}}}"#,
    ),
    ("derive/all.yaml", "twice: {value: name ~ name}\nitems[].long: {as: item, value: item.id * size}\n"),
];

/// The secret of a project that rules are about.
pub const SECRET: &str = "correct horse";

/// What these rules are about.
const DATA: &str = "name: 10.0.0.0/8\nup: true\ntoken: correct horse\ntags: [a, b]\n\
                    items: [{id: x, mac: AA}, {id: y, mac: bb}, {id: 1}]\n";

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

/// What rules are made of.
const EXPRESSIONS: &[&str] = &[
    "name",
    "'false'",
    "items",
    "items or []",
    "item.mac",
    "item.mac | lower",
    "item.id == 1",
    "item.long",
    "[item.mac, name]",
    "['items[#{ 0 }#].mac', twice]",
    "size + 1",
    "size > 3",
    "up",
    "nothing is none",
    "token",
    "token is not none",
    "'a' ~ token",
    "given_secrets | length > 0",
    "name is cidr_contains('10.1.0.0/16')",
    "name | nthhost(1)",
    "\"{{ name }} {{ item.id }}\"",
    "\"{{ token }}\"",
    "\"{% for it in items %}{{ it }}{% endfor %}\"",
    "warning",
    "info",
    "null",
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
/// Half of the changes are those of libFuzzer; the others give a key of a schema or of a rule a value.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random::new(seed);
    let text = match std::str::from_utf8(&data[..size]) {
        Ok(text) if !random.once_in(2) => text.to_owned(),
        _ => return libfuzzer_sys::fuzzer_mutate(data, size, max_size),
    };
    let key = &KEYS[random.below(KEYS.len())];
    let is_rules = text.starts_with('r');
    let values = if is_rules { EXPRESSIONS } else { VALUES };
    let value = values[random.below(values.len())];
    let changed = match random.below(if is_rules { 1 } else { 3 }) {
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

/// What an input asks for.
pub enum Input {
    /// A project for the built-in pack.
    Project(MemoryFiles),
    /// A pack, and a project for it.
    Pack(MemoryFiles, MemoryFiles),
}

impl Input {
    /// Reads an input: its keys take the place of those of the example, its rules make a pack.
    pub fn read(bytes: &[u8]) -> Input {
        let text = String::from_utf8_lossy(bytes.get(1..).unwrap_or_default());
        if bytes.first() == Some(&b'r') {
            let pack = files(PACK.into_iter().chain([("checks/all.yaml", &*text)]));
            return Input::Pack(pack, files([("data.yaml", DATA)]));
        }
        let change = read(&text).unwrap_or_default();
        let (cluster, nodes) = match bytes.first() {
            Some(b'n') => (CLUSTER.clone(), with_nodes(change)),
            _ => (changed(&CLUSTER, change), NODES.clone()),
        };
        let [cluster, nodes] = [cluster, nodes].map(|map| kiln_yaml::to_yaml(&Value::Map(map)));
        let keys = KEY_FILES.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        Input::Project(files(keys.chain([("cluster.yaml", &*cluster), ("nodes.yaml", &nodes)])))
    }
}

fn files<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    texts.into_iter().for_each(|(path, text)| files.insert(path, text));
    files
}

fn read(text: &str) -> Option<Map> {
    let id = Sources::new().add("a", text);
    let node = compose(id, text, Resolution::Core, &mut Diagnostics::new()).ok()?;
    node.as_map().cloned()
}

fn own(text: &str) -> Map {
    read(text).expect("the example is a mapping")
}

fn changed(map: &Map, change: Map) -> Map {
    let mut map = map.clone();
    for (key, entry) in change.iter() {
        match entry.node.value {
            // An empty value takes the key away.
            Value::Null => drop(map.remove(key)),
            _ => drop(map.insert(key, entry.clone())),
        }
    }
    map
}

/// The nodes of the project, those in front with the keys of the input's.
fn with_nodes(change: Map) -> Map {
    let Some(Value::List(changes)) = change.get("nodes").map(|node| node.value.clone()) else {
        return changed(&NODES, change);
    };
    let mut map = NODES.clone();
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
    map
}
