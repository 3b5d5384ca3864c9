//! The names that a template or expression can see.

use std::collections::BTreeMap;
use std::sync::Arc;

use kiln_model::{Map, Node, Origin, Value};

use crate::tracker::Tracker;
use crate::tree::{RootView, Tree};

/// The names that a template or expression can see, with their values.
///
/// A clone is cheap; a name that is set on a clone does not show in the original.
#[derive(Clone)]
pub struct Scope {
    base: Arc<BTreeMap<String, Tree>>,
    extra: BTreeMap<String, Tree>,
}

impl Scope {
    /// The keys of a mapping as names.
    pub fn new(map: &Map) -> Scope {
        let base = map.iter().map(|(key, entry)| (key.to_owned(), Tree::new(&entry.node.value))).collect();
        Scope { base: Arc::new(base), extra: BTreeMap::new() }
    }

    /// Gives `name` a value, over any that it had.
    pub fn set(&mut self, name: impl Into<String>, value: &Value) {
        self.extra.insert(name.into(), Tree::new(value));
    }

    /// This scope with one more name.
    #[must_use]
    pub fn with(&self, name: impl Into<String>, value: &Value) -> Scope {
        let mut scope = self.clone();
        scope.set(name, value);
        scope
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.base.keys().chain(self.extra.keys()).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// All names with their values.
    pub fn values(&self) -> Map {
        let mut map = Map::new();
        for name in self.names() {
            let value = self.get(name).map_or(Value::Null, Tree::value);
            map.insert_node(name, Node { value, origin: Origin::Default });
        }
        map
    }

    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&Tree> {
        self.extra.get(name).or_else(|| self.base.get(name))
    }

    /// The engine's view of this scope, reporting to `tracker`.
    pub(crate) fn engine_value(&self, tracker: &Arc<Tracker>) -> minijinja::Value {
        minijinja::Value::from_object(RootView { scope: self.clone(), tracker: Arc::clone(tracker) })
    }
}
