//! Where a file holds SOPS's metadata: under `sops`, or under keys that start so.

use super::{Format, flatten};
use crate::document::{Document, Map, MapItem, Node, Scalar};

/// The key of the metadata; in a dotenv file, with `_`, the beginning of its keys.
const KEY: &str = "sops";
const PREFIX: &str = "sops_";

/// Whether a plain file has a key that the metadata needs.
pub(crate) fn has_reserved_key(format: Format, documents: &[Document]) -> bool {
    documents.iter().flat_map(Map::entries).any(|entry| match format {
        Format::Dotenv => entry.key.starts_with(PREFIX),
        _ => entry.key == KEY,
    })
}

/// Takes the metadata out of the documents, nested in the way YAML has it.
///
/// The first document's counts. What is there but cannot be metadata comes out as `null`.
pub(crate) fn take_block(format: Format, documents: &mut [Document]) -> Option<Node> {
    match format {
        Format::Dotenv => {
            let fields = documents.iter_mut().map(take_fields).next()?;
            (!fields.is_empty()).then(|| flatten::nested(fields))
        }
        Format::Ini => take_entry(documents).map(|block| match block {
            Node::Map(section) => flatten::nested(fields_of(section)),
            _ => Node::Scalar(Scalar::Null),
        }),
        _ => take_entry(documents),
    }
}

/// Puts the metadata at the end of every document.
pub(crate) fn append_block(format: Format, documents: &mut [Document], block: Node) {
    for document in documents {
        match format {
            Format::Dotenv => {
                for (key, scalar) in flatten::flat(&block) {
                    document.push(&format!("{PREFIX}{key}"), Node::Scalar(scalar));
                }
            }
            Format::Ini => {
                let mut section = Map::default();
                for (key, scalar) in flatten::flat(&block) {
                    section.push(&key, Node::Scalar(one_line(scalar)));
                }
                document.push(KEY, Node::Map(section));
            }
            _ => document.push(KEY, block.clone()),
        }
    }
}

/// The entry of the first document; every document has a copy, and loses it.
fn take_entry(documents: &mut [Document]) -> Option<Node> {
    let mut found = documents.iter_mut().map(|document| {
        let first = document.take(KEY)?;
        // Metadata that is there twice is none.
        let again = document.take(KEY).is_some();
        Some(if again { Node::Scalar(Scalar::Null) } else { first.value })
    });
    let first = found.next().flatten();
    found.for_each(drop);
    first
}

/// Takes the entries of a dotenv file that are metadata, by their names without prefix.
fn take_fields(document: &mut Document) -> Vec<(String, Node)> {
    let (fields, rest) = std::mem::take(&mut document.items)
        .into_iter()
        .partition::<Vec<_>, _>(|item| matches!(item, MapItem::Entry(it) if it.key.starts_with(PREFIX)));
    document.items = rest;
    fields_of(Map { items: fields })
        .into_iter()
        .map(|(key, value)| (key[PREFIX.len()..].to_owned(), value))
        .collect()
}

/// The entries of a section; line breaks are spelled `\n` there.
fn fields_of(section: Map) -> Vec<(String, Node)> {
    section
        .items
        .into_iter()
        .filter_map(|item| match item {
            MapItem::Entry(entry) => Some((entry.key, several_lines(entry.value))),
            MapItem::Comment(_) => None,
        })
        .collect()
}

fn several_lines(node: Node) -> Node {
    match node.as_text() {
        Some(text) => Node::text(text.replace("\\n", "\n")),
        None => node,
    }
}

fn one_line(scalar: Scalar) -> Scalar {
    match scalar {
        Scalar::Text(text) => Scalar::text(text.replace('\n', "\\n")),
        other => other,
    }
}
