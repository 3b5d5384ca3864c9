//! Which codes and numbers need cases.

use std::fs;

use kiln::{Diagnostics, Node, Sources};

use crate::case::Tree;
use crate::project::{folder, pack_folder};

/// The codes of the built-in pack's rules.
pub(crate) fn rules() -> Vec<String> {
    entries().into_iter().map(|(code, _)| code).collect()
}

/// The codes of those whose errors compatibility makes warnings.
pub(crate) fn eased_rules() -> Vec<String> {
    let is_eased = |(_, rule): &(String, Tree)| rule.get("compat").is_some();
    entries().into_iter().filter(is_eased).map(|(code, _)| code).collect()
}

fn entries() -> Vec<(String, Tree)> {
    let files = fs::read_dir(pack_folder().join("checks")).expect("the folder is there");
    let entries = files.flat_map(|file| Tree::read(&file.expect("it can be read").path()).entries());
    entries.map(|(id, rule)| (format!("check.{id}"), rule)).collect()
}

/// The secret keys of the cluster's schema that have a name.
pub(crate) fn secret_keys() -> Vec<String> {
    let text = fs::read(folder("../../schemas/cluster.schema.json")).expect("it is there");
    let schema: serde_json::Value = serde_json::from_slice(&text).expect("it is JSON");
    let keys = schema["properties"].as_object().into_iter().flatten();
    keys.filter(|(_, property)| property["writeOnly"] == true).map(|(key, _)| key.clone()).collect()
}

/// kiln's own codes that hold a rule of the catalogue and that a project can provoke.
pub(crate) fn own_codes() -> Vec<String> {
    elsewhere().iter().flat_map(|entry| strings(entry, "codes")).collect()
}

/// The numbers of those rules.
pub(crate) fn own_numbers() -> Vec<String> {
    elsewhere().iter().flat_map(|entry| strings(entry, "source")).collect()
}

/// The entries of `[[elsewhere]]` in `xtask/rules.toml` without a test of their own.
fn elsewhere() -> Vec<Node> {
    let register = register();
    let entries = register.get("elsewhere").and_then(Node::as_list).unwrap_or_default();
    entries.iter().filter(|entry| entry.get("tested-in").is_none()).cloned().collect()
}

fn register() -> Node {
    let text = fs::read_to_string(folder("../../xtask/rules.toml")).expect("it is there");
    let mut sources = Sources::new();
    let id = sources.add("rules.toml", text.as_str());
    let tree = kiln_yaml::toml::compose(id, &text, &mut Diagnostics::new());
    tree.unwrap_or_else(|_| panic!("xtask/rules.toml is TOML"))
}

fn strings(entry: &Node, key: &str) -> Vec<String> {
    let items = entry.get(key).and_then(Node::as_list).unwrap_or_default();
    items.iter().filter_map(Node::as_str).map(str::to_owned).collect()
}
