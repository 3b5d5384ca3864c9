//! The project that every case changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use kiln::{DiskFiles, Files, MemoryFiles, Report, Request};

use crate::case::Tree;

/// A key and its value as it is written.
type Pair = (String, String);

/// A project in memory.
#[derive(Clone)]
pub(crate) struct Project {
    cluster: Vec<Pair>,
    nodes: Vec<Vec<Pair>>,
    files: BTreeMap<String, String>,
    removed: Vec<String>,
    appended: Vec<Pair>,
}

/// The built-in pack with its schemas, as they lie on the disk.
static PACK: LazyLock<MemoryFiles> = LazyLock::new(|| {
    let mut pack = memory(&pack_folder());
    for (path, text) in texts(&folder("../../schemas")) {
        pack.insert(format!("schemas/{path}"), text);
    }
    pack
});

static KEY_FILES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut files = texts(&folder("../../examples/homelab"));
    files.retain(|path, _| !path.ends_with(".yaml") && !path.ends_with(".md"));
    files
});

static BASE: LazyLock<Project> = LazyLock::new(|| {
    let read = |name: &str| Tree::read(&folder(&format!("tests/rules/base/{name}.yaml")));
    let nodes = read("nodes");
    let blocks = nodes.get("nodes").map_or_else(Vec::new, |list| list.items());
    Project {
        cluster: read("cluster").pairs(),
        nodes: blocks.iter().map(Tree::pairs).collect(),
        files: KEY_FILES.clone(),
        removed: Vec::new(),
        appended: Vec::new(),
    }
});

impl Project {
    /// The project in `base/`.
    pub(crate) fn base() -> Project {
        BASE.clone()
    }

    /// The project with what a case changes.
    pub(crate) fn changed(mut self, change: &Tree) -> Project {
        for (key, value) in change.get("cluster").map_or_else(Vec::new, |it| it.entries()) {
            set(&mut self.cluster, &key, value.text());
        }
        if let Some(nodes) = change.get("nodes") {
            self.change_nodes(&nodes);
        }
        for (path, text) in change.get("files").map_or_else(Vec::new, |it| it.entries()) {
            match text.string() {
                Some(text) => drop(self.files.insert(path, text)),
                None => self.removed.push(path),
            }
        }
        for (path, text) in change.get("append").map_or_else(Vec::new, |it| it.entries()) {
            self.appended.push((path, text.string().expect("what is appended is text")));
        }
        self
    }

    /// The project with another value of a key, as it is written.
    pub(crate) fn with(mut self, key: &str, value: &str) -> Project {
        set(&mut self.cluster, key, Some(value.to_owned()));
        self
    }

    fn change_nodes(&mut self, nodes: &Tree) {
        if nodes.is_list() {
            self.nodes = nodes.items().iter().map(Tree::pairs).collect();
            return;
        }
        for (name, changes) in nodes.entries() {
            let is_named = |node: &Vec<Pair>| node.iter().any(|(key, value)| key == "name" && *value == name);
            let at = self.nodes.iter().position(is_named);
            if changes.text().is_none() {
                self.nodes.remove(at.expect("the node is there"));
                continue;
            }
            let at = at.unwrap_or_else(|| {
                self.nodes.push(vec![("name".to_owned(), name)]);
                self.nodes.len() - 1
            });
            for (key, value) in changes.entries() {
                set(&mut self.nodes[at], &key, value.text());
            }
        }
    }

    /// Checks it with the pack on the disk.
    pub(crate) fn check(&self, compat: bool) -> Report {
        let files = self.memory();
        let mut request = Request::new(&files, 0);
        request.pack = Some(&*PACK);
        request.compat = compat;
        kiln::check(&request)
    }

    fn memory(&self) -> MemoryFiles {
        let mut texts = BTreeMap::from([
            ("cluster.yaml".to_owned(), self.cluster.iter().map(line).collect()),
            ("nodes.yaml".to_owned(), nodes_text(&self.nodes)),
        ]);
        texts.extend(self.files.clone());
        texts.retain(|path, _| !self.removed.contains(path));
        for (path, more) in &self.appended {
            texts.entry(path.clone()).or_default().push_str(more);
        }
        let mut files = MemoryFiles::new();
        texts.into_iter().for_each(|(path, text)| files.insert(path, text));
        files
    }
}

fn set(pairs: &mut Vec<Pair>, key: &str, value: Option<String>) {
    let at = pairs.iter().position(|(known, _)| known == key);
    match (at, value) {
        (Some(at), Some(value)) => pairs[at].1 = value,
        (Some(at), None) => drop(pairs.remove(at)),
        (None, Some(value)) => pairs.push((key.to_owned(), value)),
        (None, None) => panic!("`{key}` is not set, so it cannot be removed"),
    }
}

fn line((key, value): &Pair) -> String {
    format!("{key}: {value}\n")
}

fn nodes_text(nodes: &[Vec<Pair>]) -> String {
    let block = |node: &Vec<Pair>| -> String {
        let lines = node.iter().enumerate();
        lines.map(|(at, pair)| format!("  {} {}", if at == 0 { '-' } else { ' ' }, line(pair))).collect()
    };
    if nodes.is_empty() {
        "nodes: []\n".to_owned()
    } else {
        format!("nodes:\n{}", nodes.iter().map(block).collect::<String>())
    }
}

/// Where the built-in pack lies: it is the only one.
pub(crate) fn pack_folder() -> PathBuf {
    let mut packs = fs::read_dir(folder("../../templates")).expect("the folder is there").filter_map(|it| {
        let path = it.expect("it can be read").path();
        path.join("pack.toml").is_file().then_some(path)
    });
    packs.next().expect("there is a pack")
}

/// A path below the folder of this crate.
pub(crate) fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let paths = DiskFiles::new(folder).list("").expect("the folder is there");
    let read = |path: String| {
        let text = fs::read_to_string(folder.join(&path)).expect("it is text");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

fn memory(folder: &Path) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    texts(folder).into_iter().for_each(|(path, text)| files.insert(path, text));
    files
}
