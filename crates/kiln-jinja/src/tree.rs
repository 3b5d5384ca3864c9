//! Between kiln's values and Python's: text that is secret reports its use to a tracker.

use std::any::Any;
use std::sync::Arc;

use kiln_model::{Map, Node, Origin, Secret, Value};
use kiln_python::{Args, Dict, Fault, FaultKind, Key, Object, Py, Result, Table, Watched, meter};

use crate::tracker::Tracker;

/// How deep values may be nested that go back to kiln.
const MAX_DEPTH: usize = 200;

/// kiln's value as one of Python's. Each render has its own, so that what one template does to a
/// list no other sees.
pub(crate) fn to_python(value: &Value, tracker: &Arc<Tracker>) -> Py {
    match value {
        Value::Null => Py::None,
        Value::Bool(it) => Py::Bool(*it),
        Value::Int(it) => match i64::try_from(*it) {
            Ok(it) => Py::Int(it),
            // The digits of a number are one.
            Err(_) => Py::integer(&it.to_string()).unwrap_or(Py::None),
        },
        Value::Float(it) => Py::Float(*it),
        Value::String(it) => Py::str(it.as_str()),
        Value::Secret(it) => {
            Py::Watched(Arc::new(SecretText { secret: it.clone(), tracker: Arc::clone(tracker) }))
        }
        Value::Invalid => Py::object(Wrong { tracker: Arc::clone(tracker) }),
        Value::List(items) => Py::list(items.iter().map(|item| to_python(&item.value, tracker)).collect()),
        Value::Map(map) => {
            let mut entries = Table::with_capacity_and_hasher(map.len(), Default::default());
            for (key, entry) in map.iter() {
                // Text is hashable.
                if let Ok(key) = Key::new(Py::str(key)) {
                    entries.insert(key, to_python(&entry.node.value, tracker));
                }
            }
            Py::Dict(Dict::new(entries))
        }
    }
}

/// Whether nothing in a value is secret or wrong.
pub(crate) fn is_plain(value: &Value) -> bool {
    match value {
        Value::Secret(_) | Value::Invalid => false,
        Value::List(items) => items.iter().all(|item| is_plain(&item.value)),
        Value::Map(map) => map.iter().all(|(_, entry)| is_plain(&entry.node.value)),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) => true,
    }
}

/// Whether a value has been reported as missing or wrong.
pub(crate) fn is_wrong(value: &Py) -> bool {
    matches!(value, Py::Object(it) if it.as_any().is::<Wrong>())
}

/// Python's value as one of kiln's. Whoever evaluates knows where it comes from; here no node has
/// a place.
///
/// # Errors
/// If it is not data.
pub(crate) fn from_python(value: &Py) -> Result<Value> {
    data(value, 0)
}

fn data(value: &Py, depth: usize) -> Result<Value> {
    if depth > MAX_DEPTH {
        return Err(not_data());
    }
    let items = |items: Vec<Py>| -> Result<Value> {
        meter::charge(items.len())?;
        Ok(Value::List(items.iter().map(|item| data(item, depth + 1).map(node)).collect::<Result<_>>()?))
    };
    match value {
        Py::None => Ok(Value::Null),
        Py::Bool(it) => Ok(Value::Bool(*it)),
        Py::Int(it) => Ok(Value::Int(i128::from(*it))),
        Py::Big(it) => i128::try_from(&**it).map(Value::Int).map_err(|_| not_data()),
        Py::Float(it) => Ok(Value::Float(*it)),
        Py::Str(it) | Py::Markup(it) => Ok(Value::String(it.to_string())),
        Py::Watched(it) => match it.as_any().downcast_ref::<SecretText>() {
            Some(text) => Ok(Value::Secret(text.secret.clone())),
            None => Ok(Value::String(it.text().to_owned())),
        },
        Py::Tuple(it) => items(it.to_vec()),
        Py::List(it) => items(it.items()),
        Py::Dict(it) => mapping(&it.entries(), depth),
        Py::Undefined(it) => Err(it.fault()),
        wrong if is_wrong(wrong) => Ok(Value::Invalid),
        Py::Object(it) if Arc::clone(it).iter().is_some() => items(value.collect()?),
        Py::Object(_) | Py::Bytes(_) => Err(not_data()),
    }
}

fn mapping(entries: &[(Py, Py)], depth: usize) -> Result<Value> {
    let mut map = Map::new();
    for (key, value) in entries {
        let name = key.as_str().ok_or_else(not_data)?;
        map.insert_node(name, node(data(value, depth + 1)?));
    }
    Ok(Value::Map(map))
}

fn node(value: Value) -> Node {
    Node { value, origin: Origin::Derived { rule: Arc::from(""), from: Arc::from([]) } }
}

fn not_data() -> Fault {
    Fault::type_error("the expression gives something that is not data")
        .coded("not-data")
        .help("give text, a number, a boolean, a list, or a mapping with text keys")
}

/// A secret. Asking whether it is set reveals nothing; using its text does.
struct SecretText {
    secret: Secret,
    tracker: Arc<Tracker>,
}

impl Watched for SecretText {
    fn text(&self) -> &str {
        self.tracker.reveal(&self.secret);
        self.secret.expose()
    }

    fn is_empty(&self) -> bool {
        self.secret.expose().is_empty()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Notes that a value was asked what it is, if it is a wrong one.
pub(crate) fn ask(value: &Py) {
    if let Some(wrong) = value.downcast::<Wrong>() {
        wrong.tracker.pass_over();
    }
}

/// A value that has been reported as missing or wrong: whatever uses it is passed over.
struct Wrong {
    tracker: Arc<Tracker>,
}

impl Wrong {
    fn fault(&self) -> Fault {
        self.tracker.pass_over();
        Fault::new(FaultKind::PassedOver, "a value that is wrong was used")
    }
}

impl Object for Wrong {
    fn type_name(&self) -> &str {
        "invalid"
    }

    fn repr(&self) -> Result<String> {
        Err(self.fault())
    }

    fn truth(&self) -> Result<bool> {
        Err(self.fault())
    }

    fn attr(self: Arc<Self>, _: &str) -> Result<Option<Py>> {
        Err(self.fault())
    }

    fn item(&self, _: &Py) -> Result<Option<Py>> {
        Err(self.fault())
    }

    fn iter(self: Arc<Self>) -> Option<Result<kiln_python::PyIter>> {
        Some(Err(self.fault()))
    }

    fn len(&self) -> Option<Result<usize>> {
        Some(Err(self.fault()))
    }

    fn contains(&self, _: &Py) -> Option<Result<bool>> {
        Some(Err(self.fault()))
    }

    fn call(&self, _: Args) -> Result<Py> {
        Err(self.fault())
    }

    fn equals(&self, _: &Py) -> Option<bool> {
        self.tracker.pass_over();
        None
    }

    fn operate(&self, _: kiln_python::Operator, _: &Py, _: bool) -> Option<Result<Py>> {
        Some(Err(self.fault()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
