//! Keys that stand in the wrong data file.

use kiln_model::{Diagnostics, Node, Origin, Sources};

use crate::findings;
use crate::load::Document;

/// Takes out the keys of each document that its schema forbids and that of another one knows,
/// reports them and hides their values, which may be secrets.
///
/// Where they belong, their values are invalid unless they are set there as well, so that nothing
/// else is said of them.
pub(crate) fn take_misplaced(documents: &mut [Document], sources: &mut Sources, sink: &mut Diagnostics) {
    for at in 0..documents.len() {
        for key in strays(&documents[at]) {
            let knows = |document: &Document| document.schema.property_names().contains(&key);
            let Some(home) = documents.iter().position(knows) else { continue };
            let Some(entry) = documents[at].node.as_map_mut().and_then(|map| map.remove(&key)) else {
                continue;
            };
            let path = documents[home].paths.first().map_or("", String::as_str);
            sources.mask(entry.node.span());
            sink.error(findings::key_in_wrong_file(&key, path, entry.key));
            if let Some(map) = documents[home].node.as_map_mut().filter(|map| map.get(&key).is_none()) {
                map.insert_node(key, Node::invalid(Origin::Absent));
            }
        }
    }
}

/// The keys of a document that its schema forbids.
fn strays(document: &Document) -> Vec<String> {
    let keys = document.node.as_map().into_iter().flat_map(|map| map.iter());
    keys.map(|(key, _)| key.to_owned()).filter(|key| !document.schema.allows(key)).collect()
}
