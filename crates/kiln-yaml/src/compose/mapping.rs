//! Mappings: keys, duplicates and merges.

use kiln_model::{Entry, Map, Node, Span, Value};

use super::Composer;
use crate::events::{Event, EventKind, ScalarStyle};
use crate::findings;
use crate::resolve::Scalars;

/// What stands in the place of a key.
enum Key {
    Text(String),
    /// `<<`.
    Merge,
    /// Reported already.
    Unusable,
}

impl Composer<'_> {
    /// Consumes the keys and values of a mapping and its end.
    pub(super) fn mapping(&mut self, depth: usize) -> (Value, u32) {
        let mut own = Map::new();
        let mut merges = Map::new();
        let mut again = Vec::new();
        loop {
            let (key, span) = match self.events.as_slice().first() {
                Some(Event { kind: EventKind::MappingEnd, .. }) | None => break,
                Some(_) => self.key(depth),
            };
            self.notes.enter(if let Key::Text(name) = &key { name } else { "" });
            let node = self.next_node(depth);
            self.notes.leave();
            match key {
                Key::Text(name) => {
                    again.extend(own.entry(&name).map(|_| (name.clone(), span)));
                    self.insert(&mut own, name, Entry { key: span, node });
                }
                Key::Merge => self.insert(&mut merges, "<<".to_owned(), Entry { key: span, node }),
                Key::Unusable => {}
            }
        }
        let end = self.take_end();
        if self.is_two_items(&own, &again) {
            return (Value::Invalid, end);
        }
        match merges.remove("<<") {
            Some(merge) => (Value::Map(self.merged(merge.node, own)), end),
            None => (Value::Map(own), end),
        }
    }

    fn key(&mut self, depth: usize) -> (Key, Span) {
        if let Some(Event { kind: EventKind::Scalar { value, style, tag, .. }, .. }) =
            self.events.as_slice().first()
            && value == "<<"
            && (tag.as_deref() == Some("tag:yaml.org,2002:merge")
                || tag.is_none() && *style == ScalarStyle::Plain)
        {
            let span = self.events.next().map_or(Span::NONE, |event| self.span(&event));
            return (Key::Merge, span);
        }
        let start = self.events.as_slice().first().map_or(Span::NONE, |event| self.span(event));
        self.notes.begin_key();
        let node = self.next_node(depth);
        self.notes.end_key();
        // Of a reference the place of the reference, not that of what it refers to.
        let span = if start.end > start.start { start } else { node.span() };
        (self.key_of(node.value, span), span)
    }

    fn key_of(&mut self, value: Value, span: Span) -> Key {
        let found = match (value, self.scalars) {
            (Value::String(text), _) => return Key::Text(text),
            (Value::Int(int), Scalars::Kubernetes) => return Key::Text(int.to_string()),
            (Value::Float(float), Scalars::Kubernetes) => return Key::Text(float.to_string()),
            (Value::Bool(bool), Scalars::Kubernetes) => return Key::Text(bool.to_string()),
            // Reported already.
            (Value::Invalid, _) => return Key::Unusable,
            (Value::Null, _) => "null",
            (Value::Bool(_), _) => "a boolean",
            (Value::Int(_) | Value::Float(_), _) => "a number",
            (Value::List(_), _) => "a list",
            (Value::Map(_), _) => "a mapping",
            (Value::Secret(_), _) => "a secret",
        };
        self.sink.push(findings::non_string_key(found, span));
        Key::Unusable
    }

    /// Puts a key in; of two with the same name the first counts.
    fn insert(&mut self, map: &mut Map, name: String, entry: Entry) {
        match map.entry(&name) {
            Some(first) => self.sink.push(findings::duplicate_key(&name, entry.key, first.key)),
            None => drop(map.insert(name, entry)),
        }
    }

    /// Whether an item of a list seems to be two because its keys begin again, which is then said
    /// once in the place of what was said of each key.
    fn is_two_items(&mut self, own: &Map, again: &[(String, Span)]) -> bool {
        let (Some((first, entry)), [(name, at), _, ..]) = (own.iter().next(), again) else { return false };
        let is_item = self.text.get(..entry.key.start as usize).is_some_and(|before| before.ends_with("- "));
        if !is_item || name != first {
            return false;
        }
        let of_keys = |span: Span| again.iter().any(|(_, again)| *again == span);
        self.sink.retain(|it| it.code != "load.duplicate-key" || !of_keys(it.span()));
        self.sink.push(findings::two_items(name, again.len() - 1, *at, entry.key));
        true
    }

    /// The merged keys, then the mapping's own, which win.
    fn merged(&mut self, merge: Node, own: Map) -> Map {
        let mut all = Map::new();
        match merge.value {
            Value::List(items) => {
                // Of several the first that has a key gives it.
                for item in items {
                    self.merge_one(&mut all, item);
                }
            }
            _ => self.merge_one(&mut all, merge),
        }
        for (name, entry) in own.iter() {
            all.insert(name, entry.clone());
        }
        all
    }

    fn merge_one(&mut self, all: &mut Map, node: Node) {
        let Value::Map(map) = &node.value else {
            if !matches!(node.value, Value::Invalid) {
                self.sink.push(findings::bad_merge(node.span()));
            }
            return;
        };
        for (name, entry) in map.iter().filter(|(name, _)| all.entry(name).is_none()).collect::<Vec<_>>() {
            all.insert(name, entry.clone());
        }
    }
}
