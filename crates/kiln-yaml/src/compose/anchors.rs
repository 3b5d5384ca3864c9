//! Anchors, and how much references to them may copy.

use std::collections::{BTreeMap, BTreeSet};

use kiln_model::{Node, Value};

/// How many values references may add to a text.
const MAX_COPIES: usize = 100_000;

/// The anchors of one document that were defined so far.
#[derive(Default)]
pub(super) struct Anchors {
    defined: BTreeMap<String, Anchored>,
    open: BTreeSet<String>,
    copied: usize,
}

struct Anchored {
    node: Node,
    size: usize,
    height: usize,
}

/// What came of looking an anchor up or defining it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    Fine,
    Unknown,
    /// The reference stands inside the value that the anchor names.
    Open,
    TooDeep,
    TooMany,
}

impl Anchors {
    /// Forgets the anchors of the last document, but not how much was copied.
    pub(super) fn clear(&mut self) {
        self.defined.clear();
    }

    /// Notes that the value of an anchor begins.
    pub(super) fn open(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            self.open.insert(name.to_owned());
        }
    }

    /// Notes that the value of an anchor ends.
    pub(super) fn close(&mut self, name: Option<&str>) {
        if let Some(name) = name {
            self.open.remove(name);
        }
    }

    /// Keeps a copy of `node` under `name`, if there is a name.
    pub(super) fn define(&mut self, name: Option<String>, node: &Node) -> Lookup {
        let Some(name) = name else { return Lookup::Fine };
        let (size, height) = measure(node);
        self.copied += size;
        if self.copied > MAX_COPIES {
            return Lookup::TooMany;
        }
        self.defined.insert(name, Anchored { node: node.clone(), size, height });
        Lookup::Fine
    }

    /// A copy of what `name` refers to, if it fits into `room` levels.
    pub(super) fn get(&mut self, name: &str, room: usize) -> Result<Node, Lookup> {
        if self.open.contains(name) {
            return Err(Lookup::Open);
        }
        if self.copied > MAX_COPIES {
            return Err(Lookup::TooMany);
        }
        let anchored = self.defined.get(name).ok_or(Lookup::Unknown)?;
        if anchored.height > room {
            return Err(Lookup::TooDeep);
        }
        self.copied += anchored.size;
        if self.copied > MAX_COPIES { Err(Lookup::TooMany) } else { Ok(anchored.node.clone()) }
    }
}

/// How many values a tree has, and how many collections nest in it.
fn measure(node: &Node) -> (usize, usize) {
    let inside = |sizes: &mut dyn Iterator<Item = (usize, usize)>| {
        let (size, height) = sizes.fold((0, 0), |all, one| (all.0 + one.0, all.1.max(one.1)));
        (size + 1, height + 1)
    };
    match &node.value {
        Value::List(items) => inside(&mut items.iter().map(measure)),
        Value::Map(map) => inside(&mut map.iter().map(|(_, entry)| measure(&entry.node))),
        _ => (1, 0),
    }
}
