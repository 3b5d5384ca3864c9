//! Keys and values as people see them.

use std::collections::BTreeMap;

use kiln_model::{Map, Node, Origin, Sources, Span, Value};
use kiln_pack::Pack;

/// The longest value that is shown, in characters.
const MAX_SHOWN: usize = 60;

/// Where the value of a key comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// It is written in a data file.
    Written,
    /// It is the default.
    Default,
    /// It is computed, because nobody set the key.
    Computed,
    /// There is none: nobody set the key.
    Unset,
}

/// A key of the data files.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// Where its value comes from.
    pub from: Where,
    /// Where it is written; else [`Span::NONE`].
    pub span: Span,
    /// The value; `None` if it is secret, and if there is none.
    pub value: Option<String>,
    /// Whether it is secret, or something in it is.
    pub is_secret: bool,
}

/// Every key that can stand in a data file.
pub(super) fn settings(data: &Map, pack: &Pack, sources: &Sources) -> BTreeMap<String, Setting> {
    let is_key = |name: &str, node: &Node| match &node.origin {
        Origin::Derived { .. } => pack.derive.get(name).is_some_and(|it| it.only_absent),
        _ => !matches!(name, "versions" | "secrets" | "given_secrets"),
    };
    let keys = data.iter().filter(|(name, entry)| is_key(name, &entry.node));
    keys.map(|(name, entry)| (name.to_owned(), setting(&entry.node, entry.key, sources))).collect()
}

fn setting(node: &Node, key: Span, sources: &Sources) -> Setting {
    let from = match &node.origin {
        Origin::At(_) => Where::Written,
        Origin::Default => Where::Default,
        Origin::Derived { .. } => Where::Computed,
        Origin::Absent => Where::Unset,
    };
    let span = match (&node.origin, key.is_none()) {
        (Origin::At(span), true) => *span,
        (Origin::At(_), false) => key,
        _ => Span::NONE,
    };
    let is_secret = is_secret(node, sources);
    Setting { from, span, value: value(node, sources), is_secret }
}

/// Whether the value of a key is secret, or something in it.
pub(super) fn holds_secret(data: &Map, name: &str) -> bool {
    data.get(name).is_some_and(contains_secret)
}

fn is_secret(node: &Node, sources: &Sources) -> bool {
    let is_hidden = matches!(&node.origin, Origin::At(span) if sources.hides(*span));
    is_hidden || contains_secret(node)
}

fn contains_secret(node: &Node) -> bool {
    match &node.value {
        Value::Secret(_) => true,
        Value::List(items) => items.iter().any(contains_secret),
        Value::Map(map) => map.iter().any(|(_, entry)| contains_secret(&entry.node)),
        _ => false,
    }
}

/// A value on one line; `None` if there is none, or it is secret.
pub(super) fn value(node: &Node, sources: &Sources) -> Option<String> {
    if is_secret(node, sources) {
        return None;
    }
    let text = match &node.value {
        Value::Null | Value::Invalid | Value::Secret(_) => return None,
        Value::List(items) if items.iter().all(is_scalar) => {
            let items: Vec<String> = items.iter().filter_map(scalar).collect();
            format!("[{}]", items.join(", "))
        }
        Value::List(items) => counted(items.len()),
        Value::Map(map) => counted(map.iter().filter(|(_, entry)| !entry.node.is_null()).count()),
        _ => scalar(node)?,
    };
    Some(shortened(&text))
}

fn is_scalar(node: &Node) -> bool {
    !matches!(&node.value, Value::List(_) | Value::Map(_))
}

fn scalar(node: &Node) -> Option<String> {
    Some(match &node.value {
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::Float(it) => it.to_string(),
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        _ => return None,
    })
}

fn counted(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

/// The first line of a text, as much of it as is shown.
fn shortened(text: &str) -> String {
    let mut letters = text.chars();
    let shown: String = letters.by_ref().take(MAX_SHOWN).take_while(|it| !it.is_control()).collect();
    if shown.len() < text.len() { shown + "…" } else { shown }
}
