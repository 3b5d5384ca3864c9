//! The environment variables as templates see them: Python's `os.environ`.

use std::any::Any;
use std::sync::Arc;

use kiln_python::{Dict, Fault, Object, Py, PyIter, Result};

/// `os.environ`: a mapping of texts that is no `dict`.
pub(crate) struct Environ(Py);

/// What `os.environ` has of the methods of a `dict`.
const METHODS: [&str; 10] =
    ["clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values"];

impl Environ {
    /// The mapping of these variables.
    pub(crate) fn new(variables: &[(String, String)]) -> Environ {
        let dict = Dict::default();
        for (name, value) in variables {
            dict.insert(Py::str(name.as_str()), Py::str(value.as_str())).expect("a text can be a key");
        }
        Environ(Py::Dict(dict))
    }
}

impl Object for Environ {
    fn type_name(&self) -> &str {
        "_Environ"
    }

    fn module(&self) -> &str {
        "os"
    }

    fn repr(&self) -> Result<String> {
        Ok(format!("environ({})", self.0.repr()?))
    }

    fn truth(&self) -> Result<bool> {
        self.0.truth()
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        if METHODS.contains(&name) { self.0.attr(name) } else { Ok(None) }
    }

    fn item(&self, key: &Py) -> Result<Option<Py>> {
        // Anything but text is no name of a variable.
        if key.as_str().is_some() { self.0.item(key) } else { Ok(None) }
    }

    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        Some(self.0.iter())
    }

    fn len(&self) -> Option<Result<usize>> {
        Some(self.0.len())
    }

    fn contains(&self, item: &Py) -> Option<Result<bool>> {
        Some(match item.as_str() {
            Some(_) => self.0.item(item).map(|found| found.is_some()),
            None => Err(Fault::type_error("the name of a variable is a text")),
        })
    }

    fn is_mapping(&self) -> bool {
        true
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        match other {
            Py::Dict(_) => self.0.equals(other).ok(),
            _ => other.downcast::<Environ>().and_then(|other| self.0.equals(&other.0).ok()),
        }
    }

    fn is_hashable(&self) -> bool {
        false
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use kiln_python::Args;

    use super::*;

    fn environ() -> Py {
        Py::object(Environ::new(&[("HOME".to_owned(), "/somewhere".to_owned())]))
    }

    #[test]
    fn variables_are_items_and_methods_are_those_of_a_mapping() {
        let environ = environ();
        let item = |key: &str| environ.item(&Py::str(key)).unwrap();
        assert_eq!(item("HOME").and_then(|it| it.as_str().map(str::to_owned)).as_deref(), Some("/somewhere"));
        assert!(item("NOPE").is_none());
        assert!(environ.attr("HOME").unwrap().is_none());
        let args = Args::positional([Py::str("NOPE"), Py::Int(1)]);
        assert!(matches!(environ.call_method("get", args), Ok(Py::Int(1))));
        assert_eq!(environ.repr().unwrap(), "environ({'HOME': '/somewhere'})");
        assert_eq!(environ.len().unwrap(), 1);
    }
}
