//! `namespace`: a value whose attributes a template may set.

use std::any::Any;
use std::sync::Arc;

use kiln_python::{Args, Dict, Object, Py, Result, dict};

/// `namespace(mapping or pairs, **attributes)`.
pub(super) fn namespace(args: Args) -> Result<Py> {
    let attributes = match dict(args)? {
        Py::Dict(attributes) => attributes,
        _ => Dict::default(),
    };
    Ok(Py::object(Namespace { attributes }))
}

struct Namespace {
    attributes: Dict,
}

impl Object for Namespace {
    fn type_name(&self) -> &str {
        "Namespace"
    }

    fn module(&self) -> &str {
        "jinja2.utils"
    }

    fn repr(&self) -> Result<String> {
        let attributes = Py::Dict(self.attributes.clone()).repr()?;
        Ok(format!("<Namespace {attributes}>"))
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(self.attributes.get_str(name))
    }

    fn set_attr(&self, name: &str, value: Py) -> Result<()> {
        self.attributes.insert(Py::str(name), value)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
