//! Which values differ between an encrypted file and what is to replace it.

use std::collections::BTreeMap;
use std::convert::Infallible;

use kiln_model::Secret;

use crate::document::{Document, List, ListItem, Map, Node, Scalar};
use crate::emit::clear_scalar;
use crate::plain::Plain;
use crate::select::Selection;
use crate::walk::{Leaf, walk};

/// A value of an encrypted file that is not what it was.
#[derive(Clone)]
pub struct ValueChange {
    /// The keys that lead to it with dots between them, and `[0]` for the first item of a list. In
    /// a stream of documents `document 2: ` stands before those of the second.
    pub path: String,
    /// What the file says; `None` if it has no such value.
    pub old: Option<FileValue>,
    /// What it is to say; `None` if the value goes.
    pub new: Option<FileValue>,
}

/// A value of an encrypted file.
#[derive(Clone)]
pub enum FileValue {
    /// It stands in clear.
    Clear(String),
    /// It stands encrypted.
    Encrypted(Secret),
}

/// The values that differ, sorted by path. A value that is now encrypted and was not, or the other
/// way about, differs. Comments and the order of keys are no values.
pub(crate) fn changes(old: Option<(&Plain, &Selection)>, new: (&Plain, &Selection)) -> Vec<ValueChange> {
    let mut old = old.map(|(plain, selection)| values(plain, selection)).unwrap_or_default();
    let mut changes = Vec::new();
    for (path, (is_encrypted, scalar)) in values(new.0, new.1) {
        let before = old.remove(&path);
        if before.as_ref() != Some(&(is_encrypted, scalar.clone())) {
            let old = before.map(|(is_encrypted, scalar)| told(&path, is_encrypted, &scalar));
            changes.push(ValueChange { old, new: Some(told(&path, is_encrypted, &scalar)), path });
        }
    }
    for (path, (is_encrypted, scalar)) in old {
        changes.push(ValueChange { old: Some(told(&path, is_encrypted, &scalar)), new: None, path });
    }
    changes.sort_by(|one, other| one.path.cmp(&other.path));
    changes
}

fn told(path: &str, is_encrypted: bool, scalar: &Scalar) -> FileValue {
    let text = clear_scalar(scalar);
    if is_encrypted { FileValue::Encrypted(Secret::new(path, text)) } else { FileValue::Clear(text) }
}

/// Every value by its path, and whether the selection takes it.
fn values(plain: &Plain, selection: &Selection) -> BTreeMap<String, (bool, Scalar)> {
    let mut paths = Paths { above: String::new(), found: Vec::new() };
    for (index, document) in plain.documents.iter().enumerate() {
        paths.above = if index == 0 { String::new() } else { format!("document {}: ", index + 1) };
        paths.map(document);
    }
    let mut paths = paths.found.into_iter();
    let mut documents: Vec<Document> = plain.documents.clone();
    let mut values = BTreeMap::new();
    let Ok(()) = walk(&mut documents, selection, &mut |leaf, _, selected| {
        if let Leaf::Scalar(scalar) = leaf {
            let path = paths.next().unwrap_or_default();
            values.insert(path, (selected, scalar.clone()));
        }
        Ok::<(), Infallible>(())
    });
    values
}

/// The path of every scalar, in the order in which [`walk`] comes to them.
struct Paths {
    above: String,
    found: Vec<String>,
}

impl Paths {
    fn map(&mut self, map: &Map) {
        for entry in map.entries() {
            let is_first = self.above.is_empty() || self.above.ends_with(": ");
            let dot = if is_first { "" } else { "." };
            self.below(&format!("{dot}{}", entry.key), &entry.value);
        }
    }

    fn list(&mut self, list: &List) {
        let nodes = list.items.iter().filter_map(|item| match item {
            ListItem::Node(node) => Some(node),
            ListItem::Comment(_) => None,
        });
        for (index, node) in nodes.enumerate() {
            self.below(&format!("[{index}]"), node);
        }
    }

    fn below(&mut self, step: &str, node: &Node) {
        let length = self.above.len();
        self.above.push_str(step);
        match node {
            Node::Scalar(_) => self.found.push(self.above.clone()),
            Node::Map(map) => self.map(map),
            Node::List(list) => self.list(list),
        }
        self.above.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Format;

    fn data() -> Selection {
        Selection::new("encrypted_regex", "^data$").unwrap()
    }

    fn shown(value: Option<FileValue>) -> String {
        match value {
            None => "nothing".to_owned(),
            Some(FileValue::Clear(text)) => text,
            Some(FileValue::Encrypted(secret)) => format!("encrypted {}", secret.expose()),
        }
    }

    fn check(old: Option<&str>, new: &str, expected: &[&str]) {
        let read = |text: &str| Plain::read(text.as_bytes(), Format::Yaml).unwrap();
        let (old, selection) = (old.map(read), data());
        let found = changes(old.as_ref().map(|plain| (plain, &selection)), (&read(new), &selection));
        let lines: Vec<String> = found
            .into_iter()
            .map(|change| format!("{}: {} -> {}", change.path, shown(change.old), shown(change.new)))
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_is_changed_added_and_removed_is_named_by_its_keys() {
        check(
            Some("kind: a\ndata:\n  k: 1\n  gone: x\n  same: s\n"),
            "kind: b\ndata:\n  k: '1'\n  l: [x, {m: y}]\n  same: s\n",
            &[
                "data.gone: encrypted x -> nothing",
                "data.k: encrypted 1 -> encrypted 1",
                "data.l[0]: nothing -> encrypted x",
                "data.l[1].m: nothing -> encrypted y",
                "kind: a -> b",
            ],
        );
    }

    #[test]
    fn all_values_of_a_new_file_are_new() {
        check(
            None,
            "kind: a\n---\ndata: x\n",
            &["document 2: data: nothing -> encrypted x", "kind: nothing -> a"],
        );
    }

    #[test]
    fn comments_and_order_are_no_values() {
        check(Some("a: 1\nb: 2\n"), "# so\nb: 2\na: 1 # here\n", &[]);
    }
}
