//! The cases, read from the YAML files beside this one.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use kiln::{Diagnostics, Node, Sources, Value};
use kiln_yaml::{Resolution, compose};

use crate::project::{Project, folder};

/// A project, and what is to be said of it.
pub(crate) struct Case {
    /// File and line of the case.
    pub(crate) place: String,
    /// The code that it is about.
    pub(crate) code: String,
    /// The numbers in the rule catalogue, where the code does not tell them.
    pub(crate) source: Vec<String>,
    pub(crate) project: Project,
    pub(crate) expected: Expected,
}

/// What is to be said of a project.
pub(crate) enum Expected {
    /// Not this, and no error.
    Accepted,
    /// Exactly this.
    Rejected {
        /// The findings with the code.
        says: String,
        /// The codes of the others, sorted.
        also: Vec<String>,
    },
}

impl Case {
    pub(crate) fn is_accepted(&self) -> bool {
        matches!(self.expected, Expected::Accepted)
    }
}

/// Every case of every file.
pub(crate) fn all() -> Vec<Case> {
    let mut paths: Vec<_> = fs::read_dir(folder("tests/rules"))
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"))
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        for (code, groups) in Tree::read(&path).entries() {
            let groups = if groups.is_list() { groups.items() } else { vec![groups] };
            groups.iter().for_each(|group| cases.extend(of_group(&code, group)));
        }
    }
    cases
}

fn of_group(code: &str, group: &Tree) -> Vec<Case> {
    group.expect_keys(&["source", "accept", "reject"]);
    let source = group.get("source").map_or_else(Vec::new, |it| it.strings());
    let mut cases = Vec::new();
    for kind in ["accept", "reject"] {
        let Some(changes) = group.get(kind) else { continue };
        for change in if changes.is_list() { changes.items() } else { vec![changes] } {
            change.expect_keys(&["cluster", "nodes", "files", "append", "says", "also"]);
            let mut also = change.get("also").map_or_else(Vec::new, |it| it.strings());
            also.sort();
            let says = change.get("says").and_then(|it| it.string()).unwrap_or_default();
            cases.push(Case {
                place: change.place(),
                code: code.to_owned(),
                source: source.clone(),
                project: Project::base().changed(&change),
                expected: if kind == "accept" {
                    Expected::Accepted
                } else {
                    Expected::Rejected { says, also }
                },
            });
        }
    }
    cases
}

/// A part of a YAML file, with the text that it was read from.
#[derive(Clone)]
pub(crate) struct Tree {
    sources: Arc<Sources>,
    node: Node,
}

impl Tree {
    /// Reads a YAML file.
    pub(crate) fn read(path: &Path) -> Tree {
        let text = fs::read_to_string(path).expect("it is text");
        let mut sources = Sources::new();
        let id = sources.add(path.file_name().unwrap_or_default().to_string_lossy(), text.as_str());
        let mut sink = Diagnostics::new();
        let node = compose(id, &text, Resolution::Core, &mut sink);
        assert!(!sink.has_errors(), "{}: {sink:#?}", path.display());
        let node = node.unwrap_or_else(|_| panic!("{} is not YAML", path.display()));
        Tree { sources: Arc::new(sources), node }
    }

    fn with(&self, node: &Node) -> Tree {
        Tree { sources: Arc::clone(&self.sources), node: node.clone() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Tree> {
        self.node.get(key).map(|node| self.with(node))
    }

    /// The keys of a mapping in order.
    pub(crate) fn entries(&self) -> Vec<(String, Tree)> {
        let Some(map) = self.node.as_map() else { panic!("{} is not a mapping", self.place()) };
        map.iter().map(|(key, entry)| (key.to_owned(), self.with(&entry.node))).collect()
    }

    /// The keys of a mapping with their values as they are written.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let pair = |(key, value): (String, Tree)| (key, value.text().unwrap_or_else(|| "null".to_owned()));
        self.entries().into_iter().map(pair).collect()
    }

    pub(crate) fn is_list(&self) -> bool {
        self.node.as_list().is_some()
    }

    pub(crate) fn items(&self) -> Vec<Tree> {
        self.node.as_list().unwrap_or_default().iter().map(|node| self.with(node)).collect()
    }

    /// What a value says; nothing for null.
    pub(crate) fn string(&self) -> Option<String> {
        match &self.node.value {
            Value::Null => None,
            _ => {
                Some(self.node.as_str().unwrap_or_else(|| panic!("{} is not text", self.place())).to_owned())
            }
        }
    }

    pub(crate) fn strings(&self) -> Vec<String> {
        self.items().iter().filter_map(Tree::string).collect()
    }

    /// A value as it is written, which takes one line; nothing for null.
    pub(crate) fn text(&self) -> Option<String> {
        let text = self.sources.slice(self.node.span()).trim_end();
        assert!(!text.contains('\n'), "{} takes more than one line", self.place());
        (!self.node.is_null()).then(|| text.to_owned())
    }

    /// File and line.
    pub(crate) fn place(&self) -> String {
        let span = self.node.span();
        format!("{}:{}", self.sources.path(span.source), self.sources.position(span.source, span.start).line)
    }

    /// Panics if a mapping has another key.
    pub(crate) fn expect_keys(&self, known: &[&str]) {
        for (key, value) in self.entries() {
            assert!(known.contains(&key.as_str()), "{}: unknown key `{key}`", value.place());
        }
    }
}
