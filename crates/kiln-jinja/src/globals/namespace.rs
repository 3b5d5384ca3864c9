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

    fn attr_names(&self) -> Vec<Arc<str>> {
        let names = self.attributes.entries();
        names
            .into_iter()
            .filter_map(|(name, _)| if let Py::Str(name) = name { Some(name) } else { None })
            .collect()
    }

    fn set_attr(&self, name: &str, value: Py) -> Result<()> {
        self.attributes.insert(Py::str(name), value)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_can_be_set_and_elements_cannot_be_had() {
        let namespace = namespace(Args::default()).expect("it needs nothing");
        let Py::Object(object) = &namespace else { panic!("it is an object") };
        object.set_attr("a", Py::Int(1)).expect("it can be set");
        assert_eq!(namespace.repr().expect("it is shallow"), "<Namespace {'a': 1}>");
        assert!(namespace.item(&Py::str("a")).expect("nothing is raised").is_none());
        assert!(namespace.attr("b").expect("nothing is raised").is_none());
    }

    #[test]
    fn one_that_holds_itself_is_printed_to_an_end() {
        let namespace = namespace(Args::default()).expect("it needs nothing");
        let Py::Object(object) = &namespace else { panic!("it is an object") };
        object.set_attr("me", namespace.clone()).expect("it can be set");
        let repr = namespace.repr().expect("it ends");
        assert_eq!(repr, "<Namespace {'me': <Namespace {...}>}>");
    }
}
