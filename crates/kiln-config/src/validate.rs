//! Validate: trees are held against their schemas and merged into one document.

use kiln_model::{Diagnostics, Map, Node, Origin, Sources, Value};
use kiln_pack::Pack;

use crate::findings;
use crate::given_away::hide_given_away;
use crate::load::Document;
use crate::misplaced::take_misplaced;
use crate::readings;

/// One document of all data files: every key that a schema knows is there, with the
/// user's value, the schema's default, or `null`; `writeOnly` values are secrets.
///
/// A key that is missing or wrong is reported, and its value is [`Value::Invalid`]. With
/// `compat`, an optional key whose value is an empty text counts as one that is not there.
pub fn validate(
    mut documents: Vec<Document>,
    pack: &Pack,
    compat: bool,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Map {
    take_misplaced(&mut documents, sources, sink);
    let mut merged = Map::new();
    for document in documents {
        let map = validated(document, pack, compat, sources, sink);
        for (key, entry) in map.iter() {
            match merged.entry(key) {
                Some(first) => {
                    let span = first.key;
                    sink.error(findings::key_in_two_files(key, span, entry.key));
                }
                None => {
                    merged.insert(key, entry.clone());
                }
            }
        }
    }
    merged
}

fn validated(
    mut document: Document,
    pack: &Pack,
    compat: bool,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Map {
    let schema = &document.schema;
    if matches!(document.node.value, Value::Invalid) {
        return all_invalid(schema.property_names());
    }
    refuse_derived(&mut document.node, &schema.property_names(), pack, sink);
    let mut found = Diagnostics::new();
    if compat {
        for (path, span) in schema.remove_empty(&mut document.node) {
            found.push(findings::empty_value(&path, span));
        }
    }
    hide_given_away(&document.node, sources);
    let wrong = schema.check_hiding(&document.node, &|span| sources.hides(span), &mut found);
    kiln_schema::invalidate(&mut document.node, &wrong);
    let unused = schema.unused_keys(&document.node);
    if !unused.is_empty() {
        found.push(findings::unused_keys(&unused));
    }
    schema.complete(&mut document.node);
    schema.mark_secrets(&mut document.node, sources);
    readings::report(&document.ambiguous, found, sources, sink);
    match document.node.value {
        Value::Map(map) => map,
        _ => all_invalid(schema.property_names()),
    }
}

fn all_invalid(keys: Vec<String>) -> Map {
    let mut map = Map::new();
    for key in keys {
        map.insert_node(key, Node::invalid(Origin::Absent));
    }
    map
}

/// A key that the pack computes is no slip of the hand but a misunderstanding, and gets a
/// finding of its own.
fn refuse_derived(node: &mut Node, known: &[String], pack: &Pack, sink: &mut Diagnostics) {
    let Some(map) = node.as_map_mut() else { return };
    let is_derived = |key: &str| {
        !known.iter().any(|known| known == key)
            && pack.derive.get(key).is_some_and(|derive| derive.each.is_none())
    };
    let derived: Vec<String> =
        map.iter().map(|(key, _)| key.to_owned()).filter(|key| is_derived(key)).collect();
    for key in derived {
        if let Some(entry) = map.remove(&key) {
            sink.error(findings::derived_key(&key, entry.key));
        }
    }
}
