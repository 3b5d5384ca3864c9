//! Located trees and JSON values.

use kiln_model::{Entry, Map, Node, Origin, Span, Value};
use serde_json::{Number, Value as Json};

/// The tree as the validator sees it. Absent keys are left out; what is invalid is `null`,
/// and what is said about it is dropped.
pub(crate) fn to_json(node: &Node) -> Json {
    match &node.value {
        Value::Null | Value::Invalid => Json::Null,
        Value::Bool(it) => Json::Bool(*it),
        Value::Int(it) => Json::Number(integer(*it)),
        Value::Float(it) => float(*it),
        Value::String(it) => Json::String(it.clone()),
        // The validator must see the text to check it; what it says of it is never shown.
        Value::Secret(it) => Json::String(it.expose().to_owned()),
        Value::List(items) => Json::Array(items.iter().map(to_json).collect()),
        Value::Map(map) => {
            let written = map.iter().filter(|(_, entry)| entry.node.origin != Origin::Absent);
            Json::Object(written.map(|(key, entry)| (key.to_owned(), to_json(&entry.node))).collect())
        }
    }
}

/// JSON numbers of the validator end at 64 bits; beyond them the order of magnitude counts.
fn integer(value: i128) -> Number {
    let exact = i64::try_from(value).map(Number::from).or_else(|_| u64::try_from(value).map(Number::from));
    exact.ok().or_else(|| Number::from_f64(value as f64)).unwrap_or_else(|| Number::from(0))
}

/// Infinities become the largest numbers; what is not a number is no number in JSON either.
fn float(value: f64) -> Json {
    Number::from_f64(value.clamp(f64::MIN, f64::MAX)).map_or(Json::Null, Json::Number)
}

/// A value of the schema as a tree that nobody wrote.
pub(crate) fn from_json(json: &Json) -> Node {
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(it) => Value::Bool(*it),
        Json::Number(it) => number(it),
        Json::String(it) => Value::String(it.clone()),
        Json::Array(items) => Value::List(items.iter().map(from_json).collect()),
        Json::Object(object) => {
            let mut map = Map::new();
            for (key, value) in object {
                map.insert(key.as_str(), Entry { key: Span::NONE, node: from_json(value) });
            }
            Value::Map(map)
        }
    };
    Node { value, origin: Origin::Default }
}

fn number(number: &Number) -> Value {
    let integer = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    match (integer, number.as_f64()) {
        (Some(it), _) => Value::Int(it),
        (None, Some(it)) => Value::Float(it),
        (None, None) => Value::Null,
    }
}

/// Whether something in the tree was reported already.
pub(crate) fn has_invalid(node: &Node) -> bool {
    match &node.value {
        Value::Invalid => true,
        Value::List(items) => items.iter().any(has_invalid),
        Value::Map(map) => map.iter().any(|(_, entry)| has_invalid(&entry.node)),
        _ => false,
    }
}
