//! Between the engine's values and ours, and between the engine's errors and ours.

use std::fmt;
use std::sync::Arc;

use kiln_python::{Fault, Py, Result};
use minijinja::value::{Enumerator, Object, ObjectRepr, Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::looping::LoopContext;

/// A value that the engine only carries.
pub(crate) struct Boxed(pub(crate) Py);

impl fmt::Debug for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<value>")
    }
}

impl Object for Boxed {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match LoopContext::of(&self.0) {
            Some(looping) => Enumerator::Iter(Box::new(looping.ticks())),
            None => Enumerator::NonEnumerable,
        }
    }

    fn is_true(self: &Arc<Self>) -> bool {
        // Where it could fail, `askable` has asked before.
        self.0.truth().unwrap_or(false)
    }
}

/// Our value as one of the engine's.
pub(crate) fn to_value(value: Py) -> Value {
    match value {
        Py::None => Value::from(()),
        Py::Bool(it) => Value::from(it),
        Py::Int(it) => Value::from(it),
        Py::Float(it) => Value::from(it),
        Py::Str(it) => Value::from(it),
        other => Value::from_object(Boxed(other)),
    }
}

/// The engine's value as ours; `None` if it is nothing, such as a variable that was never set.
pub(crate) fn to_py(value: &Value) -> Option<Py> {
    match value.kind() {
        ValueKind::Undefined => None,
        ValueKind::None => Some(Py::None),
        ValueKind::Bool => Some(Py::Bool(value.is_true())),
        ValueKind::Number if value.is_integer() => value.as_i64().map(Py::Int),
        ValueKind::Number => f64::try_from(value.clone()).ok().map(Py::Float),
        ValueKind::String => value.to_str().map(Py::Str),
        _ => value.downcast_object_ref::<Boxed>().map(|boxed| boxed.0.clone()),
    }
}

/// The engine's value as ours, where the program makes sure that there is one.
pub(crate) fn given(value: &Value) -> Py {
    to_py(value).unwrap_or(Py::None)
}

/// A fault on its way through the engine.
#[derive(Debug)]
pub(crate) struct Raised(pub(crate) Fault);

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Raised {}

/// A fault as one of the engine's errors.
pub(crate) fn raise(fault: Fault) -> Error {
    Error::new(ErrorKind::InvalidOperation, "").with_source(Raised(fault))
}

/// The fault that the engine's error carries, with the way it came.
pub(crate) fn caught(error: Error) -> Fault {
    let carried = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<Raised>());
    let fault = carried.map_or_else(
        || Fault::new(kiln_python::FaultKind::RuntimeError, "the template engine gave up on this"),
        |raised| raised.0.clone(),
    );
    fault.through(Arc::new(error))
}

/// A fault as it was before it came through the engine for the last time.
pub(crate) fn before_last(fault: &Fault) -> Option<Fault> {
    let error = fault.cause()?.downcast_ref::<Error>()?;
    let raised = std::error::Error::source(error)?.downcast_ref::<Raised>()?;
    Some(raised.0.clone())
}

/// What an operation gives, for the engine.
pub(crate) fn lowered(result: Result<Py>) -> Result<Value, Error> {
    result.map(to_value).map_err(raise)
}
