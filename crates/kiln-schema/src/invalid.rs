//! Taking wrong values out of what follows.

use kiln_model::{Node, Origin, PathStep, Value};

/// Makes what stands at the `places` that [`Schema::check`](crate::Schema::check) gave
/// [`Value::Invalid`]; a missing key is put in as invalid. The place of a value is kept.
pub fn invalidate(document: &mut Node, places: &[Vec<PathStep>]) {
    for place in places {
        set(document, place);
    }
}

fn set(node: &mut Node, steps: &[PathStep]) {
    let Some((first, rest)) = steps.split_first() else {
        node.value = Value::Invalid;
        return;
    };
    match (&mut node.value, first) {
        (Value::Map(map), PathStep::Key(key)) => {
            if let Some(child) = map.get_mut(key) {
                set(child, rest);
            } else if rest.is_empty() {
                map.insert_node(key.as_str(), Node::invalid(Origin::Absent));
            }
        }
        (Value::List(items), PathStep::Index(index)) => {
            if let Some(child) = items.get_mut(*index) {
                set(child, rest);
            }
        }
        _ => {}
    }
}
