//! Takes values out of a document, sets and removes them, as `sops` does.

use std::fmt;

use zeroize::Zeroizing;

use super::Plain;
use super::path::{KeyPath, Step};
use crate::document::{Entry, List, ListItem, Map, MapItem, Node, Scalar};
use crate::format::{self, Format, Stores, WriteError};

/// Why a value was not taken, set or removed. Holds no value.
#[derive(Debug)]
pub enum EditError {
    /// There is no such key, written `['key']`.
    NoKey(String),
    /// The list is shorter than this position.
    OutOfBounds(usize),
    /// This position is asked of something that is no list.
    NotAList(usize),
    /// This key is asked of something that is no mapping.
    NotAMapping(String),
    /// The new value is not JSON.
    NotJson,
    /// The new value is a list, which `sops set` does not take.
    IsList,
    /// The format cannot hold what was taken.
    NotWritable(WriteError),
}

/// A variable for a process: its name, and what it says.
pub type Variable = (String, Zeroizing<Vec<u8>>);

/// Why a document does not give variables for a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoVariable {
    /// The value of this key is a mapping or a list.
    Complex(String),
    /// This key has a `=` in it.
    BadName(String),
}

impl Plain {
    /// The value at a path: a text as it is, a mapping as a document, another value as the
    /// format writes one.
    ///
    /// # Errors
    /// If there is no such value, or the format cannot write it.
    pub fn extract(
        &self,
        path: &KeyPath,
        format: Format,
        stores: &Stores,
    ) -> Result<Zeroizing<Vec<u8>>, EditError> {
        let first = self.documents.first().cloned().unwrap_or_default();
        let mut node = &Node::Map(first);
        for step in &path.steps {
            node = below(node, step)?;
        }
        match node {
            Node::Map(map) => {
                let rest = self.documents.iter().skip(1).cloned();
                let documents: Vec<_> = std::iter::once(map.clone()).chain(rest).collect();
                format::write(format, &documents, stores)
            }
            Node::Scalar(Scalar::Text(text)) => Ok(Zeroizing::new(text.as_bytes().to_vec())),
            node => format::write_value(format, node, stores),
        }
        .map_err(EditError::NotWritable)
    }

    /// Sets the value at a path of the first document to one given in JSON; says whether
    /// that changed anything.
    ///
    /// Keys that are missing are added at the end, and so is what lies behind the end of a
    /// list. A number by itself becomes a float.
    ///
    /// # Errors
    /// If the value is not JSON or a list, or a step of the path does not fit what is there.
    pub fn set(&mut self, path: &KeyPath, json: &[u8]) -> Result<bool, EditError> {
        let value = value(json)?;
        if self.documents.is_empty() {
            self.documents.push(Map::default());
        }
        set_in_map(&mut self.documents[0], &path.steps, value)
    }

    /// Removes the value at a path of the first document, with its key.
    ///
    /// # Errors
    /// If there is no such value.
    pub fn unset(&mut self, path: &KeyPath) -> Result<(), EditError> {
        match self.documents.first_mut() {
            Some(document) => unset_in_map(document, &path.steps),
            None => Err(missing(path.steps.first())),
        }
    }

    /// The entries of the first document as variables for a process.
    ///
    /// # Errors
    /// If a value is no scalar, or a key cannot be a name.
    pub fn variables(&self) -> Result<Vec<Variable>, NoVariable> {
        let entries = self.documents.first().into_iter().flat_map(Map::entries);
        let variables = entries.map(|entry| match &entry.value {
            _ if entry.key.contains('=') => Err(NoVariable::BadName(entry.key.clone())),
            Node::Scalar(scalar) => Ok((entry.key.clone(), format::plain_scalar(scalar))),
            _ => Err(NoVariable::Complex(entry.key.clone())),
        });
        variables.collect()
    }
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::NoKey(step) => write!(f, "component {step} not found"),
            EditError::OutOfBounds(at) => write!(f, "component [{at}] accesses out of bounds"),
            EditError::NotAList(at) => {
                write!(f, "component [{at}] is integer, but tree part is not a slice")
            }
            EditError::NotAMapping(step) => {
                write!(f, "component {step} is a key, but there is no mapping")
            }
            EditError::NotJson => f.write_str("the value is not JSON"),
            EditError::IsList => f.write_str("a list cannot be set"),
            EditError::NotWritable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EditError {}

impl fmt::Display for NoVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoVariable::Complex(key) => write!(f, "cannot use complex value in environment: {key}"),
            NoVariable::BadName(key) => {
                write!(f, "cannot use keys with '=' in environment: {key}")
            }
        }
    }
}

impl std::error::Error for NoVariable {}

fn below<'a>(node: &'a Node, step: &Step) -> Result<&'a Node, EditError> {
    match (node, step) {
        (Node::Map(map), Step::Key(key)) => {
            map.get(key).map(|entry| &entry.value).ok_or_else(|| missing(Some(step)))
        }
        (Node::List(list), Step::At(at)) => list
            .items
            .iter()
            .filter_map(|item| if let ListItem::Node(node) = item { Some(node) } else { None })
            .nth(*at)
            .ok_or(EditError::OutOfBounds(*at)),
        (_, Step::At(at)) => Err(EditError::NotAList(*at)),
        (_, Step::Key(_)) => Err(EditError::NotAMapping(step.to_string())),
    }
}

fn missing(step: Option<&Step>) -> EditError {
    match step {
        Some(Step::At(at)) => EditError::OutOfBounds(*at),
        step => EditError::NoKey(step.map(Step::to_string).unwrap_or_default()),
    }
}

/// A JSON value as `sops set` takes it: any but a list.
fn value(json: &[u8]) -> Result<Node, EditError> {
    // The reader takes mappings alone.
    let mut wrapped = Zeroizing::new(Vec::with_capacity(json.len() + 8));
    wrapped.extend_from_slice(b"{\"v\":");
    wrapped.extend_from_slice(json);
    wrapped.push(b'}');
    let documents = format::read(Format::Json, &wrapped).map_err(|_| EditError::NotJson)?;
    let document = documents.into_iter().next().unwrap_or_default();
    let mut entries = document.items.into_iter().filter_map(|item| match item {
        MapItem::Entry(entry) => Some(entry.value),
        MapItem::Comment(_) => None,
    });
    match (entries.next(), entries.next()) {
        (Some(Node::List(_)), None) => Err(EditError::IsList),
        (Some(Node::Scalar(Scalar::Int(it))), None) => Ok(Node::Scalar(Scalar::Float(it as f64))),
        (Some(node), None) => Ok(node),
        _ => Err(EditError::NotJson),
    }
}

fn set(node: &mut Node, steps: &[Step], value: Node) -> Result<bool, EditError> {
    let Some(step) = steps.first() else {
        let changed = *node != value;
        *node = value;
        return Ok(changed);
    };
    match (&mut *node, step) {
        (Node::Map(map), _) => set_in_map(map, steps, value),
        (Node::List(list), Step::At(at)) => set_in_list(list, *at, &steps[1..], value),
        (Node::List(_), Step::Key(_)) => Err(EditError::NotAMapping(step.to_string())),
        (Node::Scalar(_), _) => {
            *node = nested(steps, value);
            Ok(true)
        }
    }
}

fn set_in_map(map: &mut Map, steps: &[Step], value: Node) -> Result<bool, EditError> {
    let Some(Step::Key(key)) = steps.first() else {
        return match steps.first() {
            Some(Step::At(at)) => Err(EditError::NotAList(*at)),
            _ => Err(EditError::NoKey(String::new())),
        };
    };
    let known = map.items.iter_mut().find_map(|item| match item {
        MapItem::Entry(entry) if entry.key == *key => Some(entry),
        _ => None,
    });
    match known {
        Some(entry) => set(&mut entry.value, &steps[1..], value),
        None => {
            map.items.push(MapItem::Entry(Entry {
                key: key.clone(),
                value: nested(&steps[1..], value),
                at: 0..0,
            }));
            Ok(true)
        }
    }
}

fn set_in_list(list: &mut List, at: usize, steps: &[Step], value: Node) -> Result<bool, EditError> {
    let mut nodes = list.items.iter_mut().filter_map(|item| match item {
        ListItem::Node(node) => Some(node),
        ListItem::Comment(_) => None,
    });
    match nodes.nth(at) {
        Some(node) => set(node, steps, value),
        None => {
            list.items.push(ListItem::Node(nested(steps, value)));
            Ok(true)
        }
    }
}

/// The value under as many new collections as there are steps.
fn nested(steps: &[Step], value: Node) -> Node {
    steps.iter().rev().fold(value, |value, step| match step {
        Step::Key(key) => {
            let mut map = Map::default();
            map.push(key, value);
            Node::Map(map)
        }
        Step::At(_) => Node::List(List { items: vec![ListItem::Node(value)] }),
    })
}

fn unset(node: &mut Node, steps: &[Step]) -> Result<(), EditError> {
    match (node, steps.first()) {
        (Node::Map(map), _) => unset_in_map(map, steps),
        (Node::List(list), Some(Step::At(at))) => unset_in_list(list, *at, &steps[1..]),
        (_, Some(Step::At(at))) => Err(EditError::NotAList(*at)),
        (_, Some(step)) => Err(EditError::NotAMapping(step.to_string())),
        (_, None) => Err(EditError::NoKey(String::new())),
    }
}

fn unset_in_map(map: &mut Map, steps: &[Step]) -> Result<(), EditError> {
    let Some(Step::Key(key)) = steps.first() else { return Err(missing(steps.first())) };
    if let [_] = steps {
        return map.take(key).map(drop).ok_or_else(|| missing(steps.first()));
    }
    let known = map.items.iter_mut().find_map(|item| match item {
        MapItem::Entry(entry) if entry.key == *key => Some(entry),
        _ => None,
    });
    match known {
        Some(entry) => unset(&mut entry.value, &steps[1..]),
        None => Err(missing(steps.first())),
    }
}

fn unset_in_list(list: &mut List, at: usize, steps: &[Step]) -> Result<(), EditError> {
    let is_node = |item: &&ListItem| matches!(item, ListItem::Node(_));
    let position = (0..list.items.len())
        .filter(|it| is_node(&&list.items[*it]))
        .nth(at)
        .ok_or(EditError::OutOfBounds(at))?;
    if steps.is_empty() {
        list.items.remove(position);
        return Ok(());
    }
    match &mut list.items[position] {
        ListItem::Node(node) => unset(node, steps),
        ListItem::Comment(_) => Err(EditError::OutOfBounds(at)),
    }
}
