//! Which codes and numbers need cases.

use std::fs;

use kiln::{Diagnostics, Node, Sources};

use crate::case::Tree;
use crate::project::{folder, pack_folder};

/// The codes of the built-in pack's rules.
pub(crate) fn rules() -> Vec<String> {
    let files = fs::read_dir(pack_folder().join("checks")).expect("the folder is there");
    let entries = files.flat_map(|file| Tree::read(&file.expect("it can be read").path()).entries());
    entries.map(|(id, _)| format!("check.{id}")).collect()
}

/// kiln's own codes that hold a rule of the catalogue and that a project can provoke.
pub(crate) fn own_codes() -> Vec<String> {
    elsewhere().iter().flat_map(|entry| strings(entry, "codes")).collect()
}

/// The numbers of those rules.
pub(crate) fn own_numbers() -> Vec<String> {
    elsewhere().iter().flat_map(|entry| strings(entry, "source")).collect()
}

/// Whether there are numbers that nobody has looked at yet.
pub(crate) fn is_open() -> bool {
    register().get("open").is_some()
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
