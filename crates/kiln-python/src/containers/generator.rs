//! What can be gone through once.

use std::any::Any;
use std::sync::{Arc, Mutex};

use crate::fault::Result;
use crate::{Object, Py, PyIter};

/// A generator: it gives its items once, and makes each when it is asked for.
pub struct Generator {
    #[expect(dead_code, reason = "filled in with its methods")]
    items: Mutex<PyIter>,
}

impl Generator {
    /// A generator of these items.
    pub fn new(items: PyIter) -> Py {
        Py::object(Generator { items: Mutex::new(items) })
    }
}

impl Object for Generator {
    fn type_name(&self) -> &str {
        "generator"
    }

    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        todo!()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
