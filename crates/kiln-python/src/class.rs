//! Types, as values.

use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::fault::Result;
use crate::{Object, Py};

/// A type: what `value.__class__` is.
struct Class {
    module: Arc<str>,
    name: Arc<str>,
}

/// `type(value)`.
pub(crate) fn class_of(value: &Py) -> Py {
    Py::object(Class { module: value.module().into(), name: value.type_name().into() })
}

impl Object for Class {
    fn type_name(&self) -> &str {
        "type"
    }

    fn repr(&self) -> Result<String> {
        Ok(match &*self.module {
            "builtins" => format!("<class '{}'>", self.name),
            module => format!("<class '{module}.{}'>", self.name),
        })
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(match name {
            "__name__" | "__qualname__" => Some(Py::Str(Arc::clone(&self.name))),
            "__module__" => Some(Py::Str(Arc::clone(&self.module))),
            _ => None,
        })
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        let other = other.downcast::<Class>()?;
        Some(self.name == other.name && self.module == other.module)
    }

    fn hash(&self) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        self.name.hash(&mut hasher);
        Some(hasher.finish())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
