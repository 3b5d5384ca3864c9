//! Where a path of a rule leads.

use kiln_model::{Map, Node, PathStep, Span, Value, path_text, split_path};

use super::items::Item;

/// What a path of a rule leads to.
pub(super) struct Place<'a> {
    /// The path as the user would write it.
    pub(super) name: String,
    /// What is there.
    pub(super) node: &'a Node,
    /// Where to point.
    pub(super) span: Span,
    /// Whether it stands in the data files: the key above it was written by the user.
    pub(super) is_given: bool,
}

/// Follows a path, which may start with the name of an item; `None` if it leads nowhere.
pub(super) fn find<'a>(path: &str, data: &'a Map, item: Option<&'a Item>) -> Option<Place<'a>> {
    let steps = split_path(path)?;
    let (PathStep::Key(first), rest) = steps.split_first()? else { return None };
    let item = item.filter(|item| item.name == *first);
    let Some(item) = item else { return in_data(&steps, data) };
    match &item.path {
        Some(own) => in_data(&own.iter().chain(rest).cloned().collect::<Vec<_>>(), data),
        None => {
            let node = item.node.walk(rest)?;
            Some(Place { name: path_text(&steps), node, span: node.span(), is_given: false })
        }
    }
}

fn in_data<'a>(steps: &[PathStep], data: &'a Map) -> Option<Place<'a>> {
    let (PathStep::Key(first), rest) = steps.split_first()? else { return None };
    let entry = data.entry(first)?;
    let node = entry.node.walk(rest)?;
    let key = match rest.split_last() {
        None => entry.key,
        Some((PathStep::Key(key), parent)) => {
            let map = entry.node.walk(parent).and_then(Node::as_map);
            map.and_then(|map| map.entry(key)).map_or(Span::NONE, |entry| entry.key)
        }
        Some((PathStep::Index(_), _)) => Span::NONE,
    };
    let is_given = !entry.key.is_none();
    Some(Place { name: path_text(steps), node, span: pointed_at(node, key), is_given })
}

/// Where to point: at the value, but at the key of a collection or of nothing, for those are
/// many lines or none.
fn pointed_at(node: &Node, key: Span) -> Span {
    let span = node.span();
    let is_short = !matches!(node.value, Value::Map(_) | Value::List(_)) && span.start < span.end;
    if is_short {
        return span;
    }
    if !key.is_none() {
        return key;
    }
    let first =
        node.as_map().and_then(|map| map.iter().map(|(_, entry)| entry.key).find(|key| !key.is_none()));
    first.unwrap_or(span)
}
