//! kiln's values as the engine sees them: opaque objects that report to a tracker.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use kiln_model::{Map, Node, Origin, Secret, Value};
use minijinja::value::{Enumerator, Object, ObjectRepr, Value as EngineValue};

use crate::convert::from_engine;
use crate::scope::Scope;
use crate::tracker::Tracker;

/// A value that can be shared by many renders; a clone is cheap.
#[derive(Clone)]
pub(crate) enum Tree {
    Scalar(EngineValue),
    Secret(Secret),
    List(Arc<[Tree]>),
    Map(Arc<IndexMap<String, Tree>>),
    Invalid,
}

impl Tree {
    pub(crate) fn new(value: &Value) -> Tree {
        match value {
            Value::Null => Tree::Scalar(EngineValue::from(())),
            Value::Bool(it) => Tree::Scalar(EngineValue::from(*it)),
            Value::Int(it) => Tree::Scalar(EngineValue::from(*it)),
            Value::Float(it) => Tree::Scalar(EngineValue::from(*it)),
            Value::String(it) => Tree::Scalar(EngineValue::from(it.as_str())),
            Value::Secret(it) => Tree::Secret(it.clone()),
            Value::Invalid => Tree::Invalid,
            Value::List(items) => Tree::List(items.iter().map(|item| Tree::new(&item.value)).collect()),
            Value::Map(map) => Tree::Map(Arc::new(
                map.iter().map(|(key, entry)| (key.to_owned(), Tree::new(&entry.node.value))).collect(),
            )),
        }
    }

    /// The value that this was made from.
    pub(crate) fn value(&self) -> Value {
        let node = |tree: &Tree| Node { value: tree.value(), origin: Origin::Default };
        match self {
            // Only data is put into a tree, and data converts back.
            Tree::Scalar(value) => from_engine(value).unwrap_or(Value::Invalid),
            Tree::Secret(secret) => Value::Secret(secret.clone()),
            Tree::List(items) => Value::List(items.iter().map(node).collect()),
            Tree::Map(entries) => {
                let mut map = Map::new();
                for (key, tree) in entries.iter() {
                    map.insert_node(key.as_str(), node(tree));
                }
                Value::Map(map)
            }
            Tree::Invalid => Value::Invalid,
        }
    }

    pub(crate) fn view(&self, tracker: &Arc<Tracker>) -> EngineValue {
        let tracker = Arc::clone(tracker);
        match self {
            Tree::Invalid => {
                tracker.pass_over();
                EngineValue::UNDEFINED
            }
            Tree::Scalar(value) => value.clone(),
            Tree::Secret(secret) => EngineValue::from_object(SecretView { secret: secret.clone(), tracker }),
            Tree::List(items) => EngineValue::from_object(ListView { items: Arc::clone(items), tracker }),
            Tree::Map(entries) => EngineValue::from_object(MapView { entries: Arc::clone(entries), tracker }),
        }
    }
}

/// The tree behind a view of a collection. What is invalid in it is taken along, not used.
pub(crate) fn viewed(value: &EngineValue) -> Option<Tree> {
    let list = value.downcast_object_ref::<ListView>().map(|view| Tree::List(Arc::clone(&view.items)));
    list.or_else(|| value.downcast_object_ref::<MapView>().map(|view| Tree::Map(Arc::clone(&view.entries))))
}

/// The names of a scope.
pub(crate) struct RootView {
    pub(crate) scope: Scope,
    pub(crate) tracker: Arc<Tracker>,
}

impl fmt::Debug for RootView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<scope>")
    }
}

impl Object for RootView {
    fn get_value(self: &Arc<Self>, key: &EngineValue) -> Option<EngineValue> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<EngineValue> {
        self.scope.get(key).map(|tree| tree.view(&self.tracker))
    }
}

/// A sequence.
struct ListView {
    items: Arc<[Tree]>,
    tracker: Arc<Tracker>,
}

impl fmt::Debug for ListView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.items.iter().map(|item| item.view(&self.tracker))).finish()
    }
}

impl Object for ListView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &EngineValue) -> Option<EngineValue> {
        self.items.get(key.as_usize()?).map(|item| item.view(&self.tracker))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.items.len())
    }
}

/// A mapping.
struct MapView {
    entries: Arc<IndexMap<String, Tree>>,
    tracker: Arc<Tracker>,
}

impl fmt::Debug for MapView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.entries.iter();
        f.debug_map().entries(entries.map(|(key, tree)| (key, tree.view(&self.tracker)))).finish()
    }
}

impl Object for MapView {
    fn get_value(self: &Arc<Self>, key: &EngineValue) -> Option<EngineValue> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<EngineValue> {
        self.entries.get(key).map(|tree| tree.view(&self.tracker))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let keys: Vec<EngineValue> = self.entries.keys().map(|key| EngineValue::from(key.as_str())).collect();
        Enumerator::Iter(Box::new(keys.into_iter()))
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// A secret. Asking whether it is set reveals nothing; turning it into text does.
pub(crate) struct SecretView {
    secret: Secret,
    tracker: Arc<Tracker>,
}

impl SecretView {
    /// The text, which from now on counts as part of what is being rendered.
    pub(crate) fn reveal(&self) -> &str {
        self.tracker.reveal(&self.secret);
        self.secret.expose()
    }

    /// The secret itself, still wrapped.
    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// The engine asks for it; it never shows the text.
impl fmt::Debug for SecretView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

impl Object for SecretView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.secret.expose().is_empty()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reveal())
    }
}
