//! What the rules say of a document, beside their findings.

use std::collections::BTreeSet;

use kiln_model::{Map, PathStep, Value, split_path};

/// What follows from the rules that are broken.
#[derive(Default)]
pub struct Verdict {
    /// The keys that are at fault for an error: the first that each of these rules points at.
    pub culprits: BTreeSet<String>,
    /// What rules that only warn for the sake of compatibility want to stand at a path.
    pub(super) wanted: Vec<(String, String)>,
}

impl Verdict {
    /// Whether [`ease`](Verdict::ease) changes anything.
    pub fn is_eased(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Takes over what follows from further rules.
    pub(super) fn extend(&mut self, more: Verdict) {
        self.culprits.extend(more.culprits);
        self.wanted.extend(more.wanted);
    }

    /// Puts what the rules want in place of what breaks them, where that is only a warning: what
    /// is made of the data is the same as after the fix.
    pub fn ease(&self, given: &mut Map) {
        for (path, text) in &self.wanted {
            let Some(steps) = split_path(path) else { continue };
            let Some((PathStep::Key(first), rest)) = steps.split_first() else { continue };
            if let Some(node) = given.get_mut(first).and_then(|node| node.walk_mut(rest)) {
                node.value = Value::String(text.clone());
            }
        }
    }
}
