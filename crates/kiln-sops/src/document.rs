//! A YAML stream as SOPS sees it: ordered maps, lists, scalars, and comments as items.

use std::ops::Range;

use zeroize::Zeroizing;

/// One document: a map at the top.
pub(crate) type Document = Map;

/// A mapping in file order.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Map {
    pub(crate) items: Vec<MapItem>,
}

/// What stands in a mapping.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone, PartialEq)]
pub(crate) enum MapItem {
    Comment(Comment),
    Entry(Entry),
}

/// A key and its value.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) value: Node,
    /// Where key and value stand in the text that was read.
    pub(crate) at: Range<usize>,
}

/// Two entries are the same wherever they stand.
impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.key == other.key && self.value == other.value
    }
}

/// A sequence in file order.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone, Default, PartialEq)]
pub(crate) struct List {
    pub(crate) items: Vec<ListItem>,
}

/// What stands in a sequence.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone, PartialEq)]
pub(crate) enum ListItem {
    Comment(Comment),
    Node(Node),
}

/// Anything that may stand under a key.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone, PartialEq)]
pub(crate) enum Node {
    Scalar(Scalar),
    Map(Map),
    List(List),
}

/// A comment; an inline one stands behind the scalar that follows it in the items.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone, PartialEq)]
pub(crate) struct Comment {
    /// What follows `#`.
    pub(crate) text: Zeroizing<String>,
    pub(crate) inline: bool,
}

/// A leaf. Texts are wiped on drop; the ciphertext of a leaf is a text too.
#[cfg_attr(test, derive(Debug))]
#[derive(Clone)]
pub(crate) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// RFC 3339, as Go writes it.
    Time(String),
    Text(Zeroizing<String>),
    /// A text that is not UTF-8, which SOPS does not tell from one that is.
    Bytes(Zeroizing<Vec<u8>>),
}

/// Equal in type and in bits, so that a `NaN` equals itself.
impl PartialEq for Scalar {
    fn eq(&self, other: &Scalar) -> bool {
        match (self, other) {
            (Scalar::Null, Scalar::Null) => true,
            (Scalar::Bool(a), Scalar::Bool(b)) => a == b,
            (Scalar::Int(a), Scalar::Int(b)) => a == b,
            (Scalar::Float(a), Scalar::Float(b)) => a.to_bits() == b.to_bits(),
            (Scalar::Time(a), Scalar::Time(b)) => a == b,
            (Scalar::Text(a), Scalar::Text(b)) => a == b,
            (Scalar::Bytes(a), Scalar::Bytes(b)) => a == b,
            _ => false,
        }
    }
}

impl Scalar {
    pub(crate) fn text(text: impl Into<String>) -> Scalar {
        Scalar::Text(Zeroizing::new(text.into()))
    }

    /// A text of these bytes.
    pub(crate) fn bytes(bytes: &[u8]) -> Scalar {
        match std::str::from_utf8(bytes) {
            Ok(text) => Scalar::text(text),
            Err(_) => Scalar::Bytes(Zeroizing::new(bytes.to_vec())),
        }
    }

    /// The bytes that SOPS encrypts and hashes; `None` where there are none.
    pub(crate) fn plain(&self) -> Option<Zeroizing<Vec<u8>>> {
        let text = match self {
            Scalar::Null => return None,
            Scalar::Bool(true) => "True".to_owned(),
            Scalar::Bool(false) => "False".to_owned(),
            Scalar::Int(it) => it.to_string(),
            Scalar::Float(it) => crate::number::fixed(*it),
            Scalar::Time(it) => it.clone(),
            Scalar::Text(it) => it.to_string(),
            Scalar::Bytes(it) => return Some(it.clone()),
        };
        Some(Zeroizing::new(text.into_bytes()))
    }
}

impl Comment {
    pub(crate) fn new(text: impl Into<String>, inline: bool) -> Comment {
        Comment { text: Zeroizing::new(text.into()), inline }
    }
}

impl Map {
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.items.iter().filter_map(|item| match item {
            MapItem::Entry(entry) => Some(entry),
            MapItem::Comment(_) => None,
        })
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries().find(|entry| entry.key == key)
    }

    /// Adds an entry that stands nowhere.
    pub(crate) fn push(&mut self, key: &str, value: Node) {
        self.items.push(MapItem::Entry(Entry { key: key.to_owned(), value, at: 0..0 }));
    }

    /// Takes the entry of this key out.
    pub(crate) fn take(&mut self, key: &str) -> Option<Entry> {
        let at =
            self.items.iter().position(|item| matches!(item, MapItem::Entry(entry) if entry.key == key))?;
        match self.items.remove(at) {
            MapItem::Entry(entry) => Some(entry),
            MapItem::Comment(_) => None,
        }
    }
}

impl List {
    /// How many items are not comments.
    pub(crate) fn nodes(&self) -> usize {
        self.items.iter().filter(|item| matches!(item, ListItem::Node(_))).count()
    }
}

impl Node {
    /// Puts a comment at the top of a collection; a scalar has no place for it.
    pub(crate) fn prepend(&mut self, comment: Comment) {
        match self {
            Node::Map(map) => map.items.insert(0, MapItem::Comment(comment)),
            Node::List(list) => list.items.insert(0, ListItem::Comment(comment)),
            Node::Scalar(_) => {}
        }
    }

    /// Whether this is a collection without nodes.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Node::Scalar(_) => false,
            Node::Map(map) => map.entries().next().is_none(),
            Node::List(list) => list.nodes() == 0,
        }
    }

    /// Whether this may stand under the merge key `<<`: a map, or a list of maps.
    pub(crate) fn can_merge(&self) -> bool {
        match self {
            Node::Scalar(_) => false,
            Node::Map(_) => true,
            Node::List(list) => list.items.iter().all(|item| matches!(item, ListItem::Node(Node::Map(_)))),
        }
    }

    /// Takes the comments out that stand above everything in a collection.
    pub(crate) fn take_leading_comments(&mut self) -> Vec<Comment> {
        let own_line = |comment: &Comment| !comment.inline;
        match self {
            Node::Scalar(_) => Vec::new(),
            Node::Map(map) => {
                let is_leading = |item: &MapItem| matches!(item, MapItem::Comment(it) if own_line(it));
                let count = map.items.iter().take_while(|item| is_leading(item)).count();
                let leading = map.items.drain(..count);
                leading
                    .filter_map(|item| if let MapItem::Comment(it) = item { Some(it) } else { None })
                    .collect()
            }
            Node::List(list) => {
                let is_leading = |item: &ListItem| matches!(item, ListItem::Comment(it) if own_line(it));
                let count = list.items.iter().take_while(|item| is_leading(item)).count();
                let leading = list.items.drain(..count);
                leading
                    .filter_map(|item| if let ListItem::Comment(it) = item { Some(it) } else { None })
                    .collect()
            }
        }
    }

    /// How many nodes this is, and how deep they nest.
    pub(crate) fn extent(&self) -> (usize, usize) {
        let add = |(size, depth): (usize, usize), node: &Node| {
            let (more, deeper) = node.extent();
            (size + more, depth.max(deeper + 1))
        };
        match self {
            Node::Scalar(_) => (1, 1),
            Node::Map(map) => map.entries().map(|entry| &entry.value).fold((1, 1), add),
            Node::List(list) => list.items.iter().fold((1, 1), |extent, item| match item {
                ListItem::Node(node) => add(extent, node),
                ListItem::Comment(_) => extent,
            }),
        }
    }

    pub(crate) fn text(text: impl Into<String>) -> Node {
        Node::Scalar(Scalar::text(text))
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Node::Scalar(Scalar::Text(text)) => Some(text),
            _ => None,
        }
    }
}
