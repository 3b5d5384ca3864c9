//! From the engine's values back to kiln's.

use std::sync::Arc;

use kiln_model::{Map, Node, Origin, Value};
use minijinja::value::{Value as EngineValue, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::failure::complain;
use crate::tree::{SecretView, viewed};

/// The value of an expression as one of kiln's. Whoever evaluates knows where it comes
/// from; here no node has a place.
pub(crate) fn from_engine(value: &EngineValue) -> Result<Value, Error> {
    if let Some(view) = value.downcast_object_ref::<SecretView>() {
        return Ok(Value::Secret(view.secret().clone()));
    }
    if let Some(tree) = viewed(value) {
        return Ok(tree.value());
    }
    match value.kind() {
        ValueKind::Undefined => Err(Error::from(ErrorKind::UndefinedError)),
        ValueKind::None => Ok(Value::Null),
        ValueKind::Bool => Ok(Value::Bool(value.is_true())),
        ValueKind::Number => number(value),
        ValueKind::String => Ok(Value::String(value.as_str().unwrap_or_default().to_owned())),
        ValueKind::Seq | ValueKind::Iterable => {
            let items = value.try_iter()?.map(|item| from_engine(&item).map(node));
            Ok(Value::List(items.collect::<Result<_, _>>()?))
        }
        ValueKind::Map => mapping(value),
        _ => Err(not_data()),
    }
}

fn node(value: Value) -> Node {
    Node { value, origin: Origin::Derived { rule: Arc::from(""), from: Arc::from([]) } }
}

fn number(value: &EngineValue) -> Result<Value, Error> {
    if value.is_integer() {
        i128::try_from(value.clone()).map(Value::Int).map_err(|_| not_data())
    } else {
        f64::try_from(value.clone()).map(Value::Float).map_err(|_| not_data())
    }
}

fn mapping(value: &EngineValue) -> Result<Value, Error> {
    let mut map = Map::new();
    for key in value.try_iter()? {
        let name = key.as_str().ok_or_else(not_data)?.to_owned();
        map.insert_node(name, node(from_engine(&value.get_item(&key)?)?));
    }
    Ok(Value::Map(map))
}

fn not_data() -> Error {
    complain(
        "not-data",
        "the expression gives something that is not data",
        "give text, a number, a boolean, a list, or a mapping with text keys",
    )
}
