//! Three-way merge of decrypted trees.
//!
//! Maps are merged key by key. Lists of one length in all three versions are merged item by
//! item, and are otherwise one value: where items came or went, nothing tells which item of one
//! side is which of the other. Key order and comments are those of our side, or those of the
//! other side where only that one changed its comments.

use std::collections::{HashMap, HashSet};

use crate::document::{Document, Entry, List, ListItem, Map, MapItem, Node};

/// The merged documents, and the paths where both sides changed something, each in another way.
/// There, what is ours stands, except that a value which only one side removed stays.
pub(super) fn merge(
    base: &[Document],
    ours: &[Document],
    theirs: &[Document],
) -> (Vec<Document>, Vec<String>) {
    let mut merger = Merger::default();
    let is_parallel = ours.len() == theirs.len() && (base.is_empty() || base.len() == ours.len());
    let all_maps = [base, ours, theirs].into_iter().flatten().all(has_distinct_keys);
    let documents = if is_parallel && all_maps {
        let none = Map::default();
        let sides = ours.iter().zip(theirs).enumerate();
        let merged = sides.map(|(at, (one, other))| {
            merger.document = (ours.len() > 1).then_some(at + 1);
            merger.map(base.get(at).unwrap_or(&none), one, other)
        });
        merged.collect()
    } else if ours == theirs || base == theirs {
        ours.to_vec()
    } else if base == ours {
        theirs.to_vec()
    } else {
        merger.conflicts.push("the documents of the stream".to_owned());
        ours.to_vec()
    };
    (documents, merger.conflicts)
}

#[derive(Default)]
struct Merger {
    /// Which document of several, counted from 1.
    document: Option<usize>,
    path: Vec<String>,
    conflicts: Vec<String>,
}

impl Merger {
    fn node(&mut self, base: Option<&Node>, ours: Option<&Node>, theirs: Option<&Node>) -> Option<Node> {
        if ours == theirs || base == theirs {
            return ours.cloned();
        }
        if base == ours {
            return theirs.cloned();
        }
        match (ours, theirs) {
            (Some(Node::Map(one)), Some(Node::Map(other)))
                if [one, other].into_iter().all(has_distinct_keys) =>
            {
                let none = Map::default();
                let base = match base {
                    Some(Node::Map(base)) if has_distinct_keys(base) => base,
                    _ => &none,
                };
                Some(Node::Map(self.map(base, one, other)))
            }
            (Some(Node::List(one)), Some(Node::List(other))) => {
                let base = if let Some(Node::List(base)) = base { Some(base) } else { None };
                Some(Node::List(self.list(base, one, other)))
            }
            (ours, theirs) => {
                let is_base =
                    |side: Option<&Node>| side.zip(base).is_some_and(|(side, base)| says_same(side, base));
                let removed = ours.is_none() && is_base(theirs) || theirs.is_none() && is_base(ours);
                if removed {
                    // The other side changed nothing but comments in it.
                    return None;
                }
                self.conflict();
                ours.or(theirs).cloned()
            }
        }
    }

    fn map(&mut self, base: &Map, ours: &Map, theirs: &Map) -> Map {
        let (was, one, other) = (by_key(base), by_key(ours), by_key(theirs));
        let is_theirs = takes_comments_of_theirs(comments(base), comments(ours), comments(theirs));
        let (frame, guest) = if is_theirs { (theirs, ours) } else { (ours, theirs) };
        let known: HashSet<&str> = frame.entries().map(|entry| entry.key.as_str()).collect();
        let mut merged = |key: &str| {
            self.path.push(key.to_owned());
            let node = self.node(was.get(key).copied(), one.get(key).copied(), other.get(key).copied());
            self.path.pop();
            node.map(|value| MapItem::Entry(Entry { key: key.to_owned(), value, at: 0..0 }))
        };
        let mut newcomers = newcomers(guest, &known, &mut merged);
        let mut items = newcomers.remove(&None).unwrap_or_default();
        for item in &frame.items {
            match item {
                MapItem::Comment(_) => items.push(item.clone()),
                MapItem::Entry(entry) => {
                    items.extend(merged(&entry.key));
                    items.extend(newcomers.remove(&Some(entry.key.as_str())).unwrap_or_default());
                }
            }
        }
        Map { items }
    }

    fn list(&mut self, base: Option<&List>, ours: &List, theirs: &List) -> List {
        let is = |side: &List| base.is_some_and(|base| lists_say_same(side, base));
        if is(theirs) || lists_say_same(ours, theirs) {
            return ours.clone();
        }
        if is(ours) {
            return theirs.clone();
        }
        let Some(base) = base.filter(|it| it.nodes() == ours.nodes() && it.nodes() == theirs.nodes()) else {
            self.conflict();
            return ours.clone();
        };
        let is_theirs =
            takes_comments_of_theirs(list_comments(base), list_comments(ours), list_comments(theirs));
        let mut frame = if is_theirs { theirs.clone() } else { ours.clone() };
        let places = frame.items.iter_mut().filter_map(|item| match item {
            ListItem::Node(node) => Some(node),
            ListItem::Comment(_) => None,
        });
        for (at, (((place, was), one), other)) in
            places.zip(nodes(base)).zip(nodes(ours)).zip(nodes(theirs)).enumerate()
        {
            self.path.push(format!("[{at}]"));
            let merged = self.node(Some(was), Some(one), Some(other));
            self.path.pop();
            if let Some(merged) = merged {
                *place = merged;
            }
        }
        frame
    }

    fn conflict(&mut self) {
        let path = self.path.join(".").replace(".[", "[");
        let document = self.document.map(|at| format!("document {at}: ")).unwrap_or_default();
        self.conflicts.push(format!("{document}{path}"));
    }
}

/// What the guest has and the frame has not, with the comments above, by the key of the frame
/// that it comes behind.
fn newcomers<'a>(
    guest: &'a Map,
    known: &HashSet<&str>,
    merged: &mut impl FnMut(&str) -> Option<MapItem>,
) -> HashMap<Option<&'a str>, Vec<MapItem>> {
    let mut newcomers: HashMap<Option<&str>, Vec<MapItem>> = HashMap::new();
    let (mut behind, mut above) = (None, Vec::new());
    for item in &guest.items {
        match item {
            MapItem::Comment(_) => above.push(item.clone()),
            MapItem::Entry(entry) if known.contains(entry.key.as_str()) => {
                behind = Some(entry.key.as_str());
                above.clear();
            }
            MapItem::Entry(entry) => {
                let above = std::mem::take(&mut above);
                if let Some(entry) = merged(&entry.key) {
                    newcomers.entry(behind).or_default().extend(above.into_iter().chain([entry]));
                }
            }
        }
    }
    newcomers
}

fn by_key(map: &Map) -> HashMap<&str, &Node> {
    map.entries().map(|entry| (entry.key.as_str(), &entry.value)).collect()
}

/// JSON may name a key twice, and then nothing tells which is which.
fn has_distinct_keys(map: &Map) -> bool {
    let mut seen = HashSet::new();
    map.entries().all(|entry| seen.insert(entry.key.as_str()))
}

fn comments(map: &Map) -> Vec<&str> {
    let comments = map.items.iter().filter_map(|item| match item {
        MapItem::Comment(comment) => Some(comment.text.as_str()),
        MapItem::Entry(_) => None,
    });
    comments.collect()
}

fn list_comments(list: &List) -> Vec<&str> {
    let comments = list.items.iter().filter_map(|item| match item {
        ListItem::Comment(comment) => Some(comment.text.as_str()),
        ListItem::Node(_) => None,
    });
    comments.collect()
}

fn takes_comments_of_theirs(base: Vec<&str>, ours: Vec<&str>, theirs: Vec<&str>) -> bool {
    base == ours && base != theirs
}

fn nodes(list: &List) -> impl Iterator<Item = &Node> {
    list.items.iter().filter_map(|item| match item {
        ListItem::Node(node) => Some(node),
        ListItem::Comment(_) => None,
    })
}

/// Whether two streams are the same but for comments.
pub(crate) fn documents_say_same(one: &[Document], other: &[Document]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| maps_say_same(one, other))
}

/// Whether two nodes are the same but for comments.
fn says_same(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Scalar(one), Node::Scalar(other)) => one == other,
        (Node::List(one), Node::List(other)) => lists_say_same(one, other),
        (Node::Map(one), Node::Map(other)) => maps_say_same(one, other),
        _ => false,
    }
}

fn maps_say_same(one: &Map, other: &Map) -> bool {
    let is_same =
        |(one, other): (&Entry, &Entry)| one.key == other.key && says_same(&one.value, &other.value);
    one.entries().count() == other.entries().count() && one.entries().zip(other.entries()).all(is_same)
}

fn lists_say_same(one: &List, other: &List) -> bool {
    one.nodes() == other.nodes() && nodes(one).zip(nodes(other)).all(|(one, other)| says_same(one, other))
}

#[cfg(test)]
mod tests;
