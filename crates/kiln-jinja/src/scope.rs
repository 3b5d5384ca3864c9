//! The names that a template or expression can see.

use std::collections::BTreeMap;
use std::sync::Arc;

use kiln_model::{Map, Node, Origin, Value};
use kiln_python::Py;

use crate::runtime::context::Names;
use crate::tracker::Tracker;
use crate::tree;

/// The names that a template or expression can see, with their values.
///
/// A clone is cheap; a name that is set on a clone does not show in the original.
#[derive(Clone, Default)]
pub struct Scope {
    base: Arc<BTreeMap<String, Value>>,
    extra: BTreeMap<String, Arc<Value>>,
}

impl Scope {
    /// The keys of a mapping as names.
    pub fn new(map: &Map) -> Scope {
        let base = map.iter().map(|(key, entry)| (key.to_owned(), entry.node.value.clone())).collect();
        Scope { base: Arc::new(base), extra: BTreeMap::new() }
    }

    /// Gives `name` a value, over any that it had.
    pub fn set(&mut self, name: impl Into<String>, value: &Value) {
        self.extra.insert(name.into(), Arc::new(value.clone()));
    }

    /// Gives the items of a list, where they are mappings, a value under `key`; an item without a
    /// value stays as it is.
    pub(crate) fn set_in_items(&mut self, list: &str, key: &str, values: &[Option<Value>]) {
        let own = self.extra.remove(list).map(Arc::unwrap_or_clone);
        let Some(mut known) = own.or_else(|| self.base.get(list).cloned()) else { return };
        if let Value::List(items) = &mut known {
            for (item, value) in items.iter_mut().zip(values) {
                if let (Some(map), Some(value)) = (item.as_map_mut(), value) {
                    map.insert_node(key, Node { value: value.clone(), origin: Origin::Default });
                }
            }
        }
        self.extra.insert(list.to_owned(), Arc::new(known));
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
            let value = self.get(name).cloned().unwrap_or(Value::Null);
            map.insert_node(name, Node { value, origin: Origin::Default });
        }
        map
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.extra.get(name).map(|value| &**value).or_else(|| self.base.get(name))
    }

    /// The value of a name for one render, if there is one; what is wrong with it and the use of
    /// its secrets are reported to `tracker`.
    pub(crate) fn value_for(&self, name: &str, tracker: &Arc<Tracker>) -> Option<Py> {
        let value = self.get(name)?;
        if matches!(value, Value::Invalid) {
            tracker.pass_over();
        }
        Some(tree::to_python(value, tracker))
    }

    /// This scope for one render, whose secrets report to `tracker`.
    pub(crate) fn names_for(&self, tracker: &Arc<Tracker>) -> Box<dyn Names> {
        Box::new(Tracked { scope: self.clone(), tracker: Arc::clone(tracker) })
    }
}

/// A scope whose secrets report to a tracker.
struct Tracked {
    scope: Scope,
    tracker: Arc<Tracker>,
}

impl Names for Tracked {
    fn get(&self, name: &str) -> Option<Py> {
        let value = self.scope.value_for(name, &self.tracker)?;
        if let Some(mut trace) = self.tracker.trace() {
            trace.know(name, &value);
        }
        Some(value)
    }

    fn names(&self) -> Vec<String> {
        self.scope.names().into_iter().map(str::to_owned).collect()
    }
}
