//! The located tree: configuration in which every key and value knows its origin.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::{Secret, Span};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Written in a file.
    At(Span),
    /// Filled in from the schema's `default`.
    Default,
    /// An optional key that nobody gave; its value is [`Value::Null`].
    Absent,
    /// Computed.
    Derived {
        /// The id of the rule that computed it.
        rule: Arc<str>,
        /// The places of the values it was computed from.
        from: Arc<[Span]>,
    },
}

impl Origin {
    /// The place to point at: the value itself, else the first value it was computed
    /// from, else nowhere.
    pub fn span(&self) -> Span {
        match self {
            Origin::At(span) => *span,
            Origin::Derived { from, .. } => from.first().copied().unwrap_or(Span::NONE),
            Origin::Default | Origin::Absent => Span::NONE,
        }
    }
}

/// A value and its origin.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
}

/// A value of the configuration.
#[derive(Clone)]
pub enum Value {
    /// `null`, or an optional key that is absent.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i128),
    /// A floating-point number.
    Float(f64),
    /// Text.
    String(String),
    /// Text that may only reach encrypted outputs.
    Secret(Secret),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping with string keys, in file order.
    Map(Map),
    /// A value that is missing or wrong and has been reported. Whatever uses it is passed
    /// over in silence, so that one mistake gives one finding and hides no other.
    Invalid,
}

impl Value {
    /// The JSON Schema name of the value's type; a secret is a `string`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Int(_) => "integer",
            Value::Float(_) => "number",
            Value::String(_) | Value::Secret(_) => "string",
            Value::List(_) => "array",
            Value::Map(_) => "object",
            Value::Invalid => "invalid",
        }
    }
}

/// Prints values for tests and panics; a secret prints as its label alone.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(it) => write!(f, "{it}"),
            Value::Int(it) => write!(f, "{it}"),
            Value::Float(it) => write!(f, "{it:?}"),
            Value::String(it) => write!(f, "{it:?}"),
            Value::Secret(it) => write!(f, "<secret {}>", it.label()),
            Value::Invalid => f.write_str("<invalid>"),
            Value::List(items) => f.debug_list().entries(items.iter().map(|item| &item.value)).finish(),
            Value::Map(map) => {
                f.debug_map().entries(map.iter().map(|(key, entry)| (key, &entry.node.value))).finish()
            }
        }
    }
}

/// One key of a [`Map`].
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key is written; [`Span::NONE`] if nobody wrote it.
    pub key: Span,
    /// The value under the key.
    pub node: Node,
}

/// A mapping in file order. A clone is cheap: the entries are copied when one of the two changes.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Arc<IndexMap<String, Entry>>,
}

impl Map {
    /// An empty mapping.
    pub fn new() -> Map {
        Map::default()
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.get(key).map(|entry| &entry.node)
    }

    /// The value under `key`, to change it in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        Arc::make_mut(&mut self.entries).get_mut(key).map(|entry| &mut entry.node)
    }

    /// Key place and value under `key`.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// Puts a value under `key`: in place if the key exists, else at the end.
    pub fn insert(&mut self, key: impl Into<String>, entry: Entry) -> Option<Entry> {
        Arc::make_mut(&mut self.entries).insert(key.into(), entry)
    }

    /// Puts a value that nobody wrote under `key`.
    pub fn insert_node(&mut self, key: impl Into<String>, node: Node) {
        self.insert(key, Entry { key: Span::NONE, node });
    }

    /// Takes a key out, keeping the order of the rest.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        Arc::make_mut(&mut self.entries).shift_remove(key)
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(key, entry)| (key.as_str(), entry))
    }

    /// Keys and values in order, to change values in place.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&str, &mut Entry)> {
        Arc::make_mut(&mut self.entries).iter_mut().map(|(key, entry)| (key.as_str(), entry))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// One step of a path into a tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PathStep {
    /// A key of a mapping.
    Key(String),
    /// An index of a list, from zero.
    Index(usize),
}

/// Splits `nodes[0].address` into its steps; `None` if the text is no such path.
pub fn split_path(path: &str) -> Option<Vec<PathStep>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        if key.is_empty() && (steps.is_empty() || rest.is_empty()) {
            return None;
        }
        if !key.is_empty() {
            steps.push(PathStep::Key(key.to_owned()));
        }
        while !rest.is_empty() {
            let (index, tail) = rest.strip_prefix('[')?.split_once(']')?;
            steps.push(PathStep::Index(index.parse().ok()?));
            rest = tail;
        }
    }
    Some(steps)
}

/// A path as users write it, such as `nodes[0].address`; [`split_path`] takes it apart.
pub fn path_text(steps: &[PathStep]) -> String {
    let mut out = String::new();
    for step in steps {
        match step {
            PathStep::Key(key) if out.is_empty() => out.push_str(key),
            PathStep::Key(key) => {
                out.push('.');
                out.push_str(key);
            }
            PathStep::Index(index) => {
                out.push('[');
                out.push_str(&index.to_string());
                out.push(']');
            }
        }
    }
    out
}

impl Node {
    /// A value written at `span`.
    pub fn at(value: Value, span: Span) -> Node {
        Node { value, origin: Origin::At(span) }
    }

    /// The value of an optional key that is absent.
    pub fn absent() -> Node {
        Node { value: Value::Null, origin: Origin::Absent }
    }

    /// The place to point at, [`Span::NONE`] if there is none.
    pub fn span(&self) -> Span {
        self.origin.span()
    }

    /// A value that has been reported as missing or wrong.
    pub fn invalid(origin: Origin) -> Node {
        Node { value: Value::Invalid, origin }
    }

    /// The mapping, if this is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The mapping, to change it in place, if this is one.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The items, to change them in place, if this is a list.
    pub fn as_list_mut(&mut self) -> Option<&mut [Node]> {
        match &mut self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The text, if this is a string that is not secret.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(it) => Some(it),
            _ => None,
        }
    }

    /// The integer, if this is one.
    pub fn as_int(&self) -> Option<i128> {
        match self.value {
            Value::Int(it) => Some(it),
            _ => None,
        }
    }

    /// Whether this is `null` or absent.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// The value under `key`, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key)
    }

    /// The node at the end of `steps`.
    pub fn walk(&self, steps: &[PathStep]) -> Option<&Node> {
        steps.iter().try_fold(self, |node, step| match step {
            PathStep::Key(key) => node.get(key),
            PathStep::Index(index) => node.as_list()?.get(*index),
        })
    }

    /// The node at the end of `steps`, to change it in place.
    pub fn walk_mut(&mut self, steps: &[PathStep]) -> Option<&mut Node> {
        steps.iter().try_fold(self, |node, step| match (&mut node.value, step) {
            (Value::Map(map), PathStep::Key(key)) => map.get_mut(key),
            (Value::List(items), PathStep::Index(index)) => items.get_mut(*index),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_splits_into_keys_and_indices() {
        let key = |it: &str| PathStep::Key(it.to_owned());
        assert_eq!(
            split_path("nodes[0].address"),
            Some(vec![key("nodes"), PathStep::Index(0), key("address")])
        );
        assert_eq!(split_path("a[1][2]"), Some(vec![key("a"), PathStep::Index(1), PathStep::Index(2)]));
        assert_eq!(split_path(""), None);
        assert_eq!(split_path("a..b"), None);
        assert_eq!(split_path("a[x]"), None);
        let path = "nodes[0].labels.a[1][2]";
        assert_eq!(split_path(path).map(|steps| path_text(&steps)).as_deref(), Some(path));
    }

    #[test]
    fn a_secret_debugs_as_its_label() {
        let node = Node::at(Value::Secret(Secret::new("token", "hunter2")), Span::NONE);
        let text = format!("{node:?}");
        assert!(text.contains("token") && !text.contains("hunter2"), "{text}");
    }
}
