//! Methods bound to their values.

use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::fault::Result;
use crate::{Args, Object, Py};

/// A method: it takes the value it belongs to and the arguments of the call.
pub type Method = fn(&Py, Args) -> Result<Py>;

/// The value of `receiver.name`, which can be called.
pub fn bound(receiver: Py, name: &'static str, method: Method) -> Py {
    Py::object(Bound { receiver, name, method })
}

struct Bound {
    receiver: Py,
    name: &'static str,
    method: Method,
}

impl Object for Bound {
    fn type_name(&self) -> &str {
        "builtin_function_or_method"
    }

    fn repr(&self) -> Result<String> {
        Ok(format!("<built-in method {} of {} object>", self.name, self.receiver.type_name()))
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(match name {
            "__name__" => Some(Py::str(self.name)),
            "__self__" => Some(self.receiver.clone()),
            _ => None,
        })
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        (self.method)(&self.receiver, args)
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        let other = other.downcast::<Bound>()?;
        Some(self.name == other.name && self.receiver.is(&other.receiver))
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
