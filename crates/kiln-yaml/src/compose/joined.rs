//! Several documents where one is expected.

use kiln_model::{Node, Value};

/// One tree of documents between which a `---` stands by mistake: the mappings among them become
/// one, in which of a key that several have the first counts. Without a mapping the first document.
///
/// What is missing in one document may stand in the next, so nothing is missing by this mistake.
pub(crate) fn joined(documents: impl IntoIterator<Item = Node>) -> Option<Node> {
    let mut whole: Option<Node> = None;
    for document in documents {
        match (&mut whole, &document.value) {
            (Some(Node { value: Value::Map(map), .. }), Value::Map(more)) => {
                for (key, entry) in more.iter().filter(|(key, _)| map.get(key).is_none()).collect::<Vec<_>>()
                {
                    map.insert(key, entry.clone());
                }
            }
            (Some(Node { value: Value::Map(_), .. }), _) => {}
            (None, _) | (_, Value::Map(_)) => whole = Some(document),
            _ => {}
        }
    }
    whole
}
