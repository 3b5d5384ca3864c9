//! What stands beside a place that a rule points at.

use kiln_model::{Node, Origin, Sources, Value};

use super::place::Place;
use super::secrecy::is_secret;

/// The longest value that is told, in characters.
const MAX_SHOWN: usize = 60;

/// The path with its value, and where the value comes from if nobody wrote it; no secret. `None`
/// for what is not there.
pub(super) fn told(place: &Place<'_>, sources: &Sources) -> Option<String> {
    let name = &place.name;
    let has_place = !place.span.is_none();
    let value = if is_secret(place.node, sources) { None } else { value(place.node) };
    Some(match (&place.node.origin, value) {
        (Origin::Absent, _) => return None,
        (Origin::Default, Some(value)) => format!("`{name}` {value} by default"),
        (Origin::Default, None) => return None,
        (Origin::At(_), Some(value)) => format!("`{name}` {value}"),
        (Origin::At(_), None) => set_here(name),
        (Origin::Derived { .. }, Some(value)) if has_place => format!("`{name}` {value}, computed from this"),
        (Origin::Derived { .. }, Some(value)) => format!("`{name}` {value}, which is computed"),
        (Origin::Derived { .. }, None) if has_place => format!("`{name}` is computed from this"),
        (Origin::Derived { .. }, None) => return None,
    })
}

/// That a value is there, without saying which.
pub(super) fn set_here(name: &str) -> String {
    format!("`{name}` is set here")
}

/// What a value is, as it follows its name.
fn value(node: &Node) -> Option<String> {
    Some(match &node.value {
        Value::Null if matches!(node.origin, Origin::At(_)) => "has no value".to_owned(),
        Value::String(text) if text.is_empty() => "is empty".to_owned(),
        Value::String(text) => format!("is `{}`", shown(text)),
        Value::Bool(it) => format!("is `{it}`"),
        Value::Int(it) => format!("is `{it}`"),
        Value::Float(it) => format!("is `{it}`"),
        Value::List(items) => entries(items.len()),
        Value::Map(map) => entries(map.iter().filter(|(_, entry)| !entry.node.is_null()).count()),
        Value::Null | Value::Secret(_) | Value::Invalid => return None,
    })
}

fn entries(count: usize) -> String {
    match count {
        0 => "is empty".to_owned(),
        1 => "has 1 entry".to_owned(),
        count => format!("has {count} entries"),
    }
}

/// The first line of a text, as much of it as a label holds.
fn shown(text: &str) -> String {
    let mut letters = text.chars();
    let shown: String = letters.by_ref().take(MAX_SHOWN).take_while(|it| !it.is_control()).collect();
    if shown.len() < text.len() { shown + "…" } else { shown }
}
