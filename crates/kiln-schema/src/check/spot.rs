//! What can be said about one value.

use kiln_model::{Map, Node, PathStep, Span, Value, path_text};
use serde_json::Value as Json;

use super::Check;
use crate::walk;

/// The longest value that a message quotes.
const MAX_SHOWN: usize = 60;

/// One value, and what its schema says of it.
pub(crate) struct Spot {
    /// How messages call it: its path in backticks, or `the file`.
    pub(crate) name: String,
    /// The last key of its path.
    pub(crate) key: Option<String>,
    /// Where it stands.
    pub(crate) span: Span,
    /// The value, if it may be shown, is short, and no collection.
    pub(crate) shown: Option<String>,
    /// `x-expected`.
    pub(crate) expected: Option<String>,
    /// `description`.
    pub(crate) description: Option<String>,
    /// The first of `examples`, if it is no collection.
    pub(crate) example: Option<String>,
}

impl Check<'_> {
    /// `rule` is the schema that the value violates; what it does not say, the other
    /// schemas of the value do.
    pub(super) fn spot(&self, steps: &[PathStep], rule: &Json) -> Spot {
        let (mut schemas, secret) = walk::at(self.root, steps);
        schemas.insert(0, rule);
        let text = |name: &str| walk::annotation(&self.root.json, &schemas, name).map(str::to_owned);
        let node = self.document.walk(steps);
        let secret = secret || node.is_some_and(|node| (self.is_hidden)(node.span()));
        let example = schemas.iter().flat_map(|schema| walk::parts(&self.root.json, schema));
        let example = example.filter_map(|part| part.get("examples")?.get(0)).find_map(scalar);
        let key = steps.iter().rev().find_map(|step| match step {
            PathStep::Key(key) => Some(key.clone()),
            PathStep::Index(_) => None,
        });
        Spot {
            name: if steps.is_empty() { "the file".to_owned() } else { format!("`{}`", path_text(steps)) },
            key: key.filter(|_| matches!(steps.last(), Some(PathStep::Key(_)))),
            span: self.place(steps),
            shown: if secret { None } else { node.and_then(shown) },
            expected: text("x-expected"),
            description: text("description"),
            example,
        }
    }

    /// Where to point for the value at `steps`: at its key if the value is not written out.
    fn place(&self, steps: &[PathStep]) -> Span {
        let Some(node) = self.document.walk(steps) else { return Span::NONE };
        let span = node.span();
        if span.start < span.end {
            return if matches!(node.value, Value::Map(_) | Value::List(_)) {
                self.head(steps)
            } else {
                span
            };
        }
        let key = self.key_span(steps);
        if key.is_none() { span } else { key }
    }

    /// Where to point for a collection: at its key, else at its first key or item, so that
    /// not all of it is underlined.
    pub(super) fn head(&self, steps: &[PathStep]) -> Span {
        let Some(node) = self.document.walk(steps) else { return Span::NONE };
        let key = self.key_span(steps);
        if !key.is_none() {
            return key;
        }
        let start = Span { end: node.span().start, ..node.span() };
        match &node.value {
            Value::Map(map) => first_key(map).unwrap_or(start),
            _ => start,
        }
    }

    /// Where the last step of the path is written, if it is a key that somebody wrote.
    pub(super) fn key_span(&self, steps: &[PathStep]) -> Span {
        let Some((PathStep::Key(key), parent)) = steps.split_last() else { return Span::NONE };
        let map = self.document.walk(parent).and_then(Node::as_map);
        map.and_then(|map| map.entry(key)).map_or(Span::NONE, |entry| entry.key)
    }
}

fn first_key(map: &Map) -> Option<Span> {
    map.iter().map(|(_, entry)| entry.key).find(|key| !key.is_none())
}

/// A value as text, if it is short and no collection.
fn shown(node: &Node) -> Option<String> {
    let text = match &node.value {
        Value::Bool(it) => it.to_string(),
        Value::Int(it) => it.to_string(),
        Value::Float(it) => it.to_string(),
        Value::String(it) => it.clone(),
        Value::Null | Value::Secret(_) | Value::List(_) | Value::Map(_) | Value::Invalid => return None,
    };
    let short = text.chars().count() <= MAX_SHOWN && !text.chars().any(|it| it.is_control() || it == '`');
    (short && !text.is_empty()).then_some(text)
}

/// A value of the schema as it would be written in YAML, if it is no collection.
pub(crate) fn scalar(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Bool(_) | Json::Number(_) => Some(json.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
