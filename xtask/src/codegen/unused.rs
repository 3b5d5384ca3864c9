//! Whether the schemas say rightly which keys nothing reads: `x-unused` stands at a key if and
//! only if no output, and no part of the pack that decides about outputs, follows from it.
//! What only rules look at is unused.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_yaml::Value;

use super::names;
use super::pack::{FOLDER, Pack, read};
use super::schema::Key;
use crate::Result;

/// What is wrong with the marks, in words.
///
/// # Errors
/// If a file of the pack cannot be read.
pub(super) fn wrong_marks(root: &Path, pack: &Pack) -> Result<Vec<String>> {
    let reached = Reached::from(pack, roots(&root.join(FOLDER), pack)?);
    let mut wrong = Vec::new();
    for key in pack.schemas.iter().flat_map(|(_, schema)| &schema.keys) {
        let is_inside = key.path.matches(['.', '[']).count() > 2;
        if key.is_unused && (is_inside || reached.has(key)) {
            wrong.push(format!("`{}` is read, so its schema cannot say `x-unused`", key.path));
        }
        if !key.is_unused && !is_inside && !is_under_a_mark(pack, key) && !reached.has(key) {
            wrong.push(format!("nothing reads `{}`, so its schema has to say `x-unused`", key.path));
        }
    }
    Ok(wrong)
}

/// Whether the key that this one stands in is marked.
fn is_under_a_mark(pack: &Pack, key: &Key) -> bool {
    let top = top(key);
    let all = pack.schemas.iter().flat_map(|(_, schema)| &schema.keys);
    !key.is_top() && all.into_iter().any(|other| other.path == top && other.is_unused)
}

fn top(key: &Key) -> &str {
    key.path.split(['.', '[']).next().unwrap_or(&key.path)
}

/// What can be read on the way to an output.
struct Reached {
    /// Names of keys and derived values.
    names: BTreeSet<String>,
    /// Every word, as fields of items may be named in text, too.
    words: BTreeSet<String>,
}

impl Reached {
    /// Follows derived values to what they are computed from.
    fn from(pack: &Pack, roots: Vec<String>) -> Reached {
        let mut reached = Reached { names: BTreeSet::new(), words: BTreeSet::new() };
        let mut texts = roots;
        while let Some(text) = texts.pop() {
            let words = text.split(|it: char| !(it.is_alphanumeric() || it == '_'));
            reached.words.extend(words.map(str::to_owned));
            let mut names = names::known(pack, &text);
            let of_items = pack.derive.iter().map(|(name, _)| name);
            let is_word =
                |name: &&String| name.split_once("[].").is_some_and(|it| reached.words.contains(it.1));
            names.extend(of_items.filter(is_word).cloned());
            for name in names {
                let derived = pack.derived(&name).filter(|_| !reached.names.contains(&name));
                texts.extend(derived.into_iter().flat_map(|it| [it.value.clone(), it.when.clone()]));
                reached.names.insert(name);
            }
        }
        reached
    }

    fn has(&self, key: &Key) -> bool {
        let field = key.path.rsplit(['.', ']']).next().unwrap_or(&key.path);
        self.names.contains(top(key)) && (key.is_top() || self.words.contains(field))
    }
}

/// The expressions of everything that makes an output or decides about one.
fn roots(folder: &Path, pack: &Pack) -> Result<Vec<String>> {
    let mut roots: Vec<String> = pack.manifest.functions.values().map(|it| it.value.clone()).collect();
    for part in ["templates", "macros"] {
        for path in files(&folder.join(part))? {
            roots.push(names::expressions(pack, &read(&path)?));
        }
    }
    for path in files(&folder.join("apps"))? {
        texts(&serde_yaml::from_str(&read(&path)?)?, &mut roots);
    }
    let manifest: toml::Table = toml::from_str(&read(&folder.join("pack.toml"))?)?;
    for (section, fields) in [
        ("secret", &["when"][..]),
        ("tool", &["when"]),
        ("generate", &["when", "each", "bind", "template", "path"]),
    ] {
        for entry in manifest.get(section).and_then(toml::Value::as_array).into_iter().flatten() {
            for field in fields.iter().filter_map(|field| entry.get(field)) {
                texts(&Value::deserialize(field.clone())?, &mut roots);
            }
        }
    }
    Ok(roots)
}

/// Every text in a value.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Sequence(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Mapping(entries) => entries.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

/// The files below a folder, which need not exist.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_of_the_schemas_are_right() {
        let root = crate::root();
        let wrong = wrong_marks(&root, &Pack::read(&root).unwrap()).unwrap();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn values_are_followed_through_derived_ones_and_items() {
        let pack = Pack::read(&crate::root()).unwrap();
        let reached = Reached::from(&pack, vec!["for node in nodes: node.installer_image".to_owned()]);
        assert!(reached.names.contains("talos_schematic_id"), "{:?}", reached.names);
        assert!(!reached.names.contains("cluster_pod_cidr"));
    }

    #[test]
    fn a_wrong_mark_is_found_both_ways() {
        let root = crate::root();
        let mut pack = Pack::read(&root).unwrap();
        for (_, schema) in &mut pack.schemas {
            let wrong = ["node_cidr", "environment", "nodes[].disk", "nodes[].vm_id"];
            let keys = schema.keys.iter_mut().filter(|key| wrong.contains(&key.path.as_str()));
            keys.for_each(|key| key.is_unused = !key.is_unused);
        }
        let found = wrong_marks(&root, &pack).unwrap();
        assert_eq!(
            found,
            [
                "`node_cidr` is read, so its schema cannot say `x-unused`",
                "nothing reads `environment`, so its schema has to say `x-unused`",
                "`nodes[].disk` is read, so its schema cannot say `x-unused`",
                "nothing reads `nodes[].vm_id`, so its schema has to say `x-unused`",
            ]
        );
    }
}
