//! Jinja2's global functions: `range`, `dict`, `namespace`, `cycler`, `joiner`, `lipsum`.

use std::any::Any;
use std::sync::{Arc, LazyLock};

use kiln_python::{Args, Dict, Object, Py, Result, dict, range};

mod cycler;
mod joiner;
mod lipsum;
mod namespace;

#[cfg(test)]
mod corpus;

/// The global function `name` of Jinja2.
pub(crate) fn builtin(name: &str) -> Option<Py> {
    // Made once, so that each is the same as itself wherever it is met.
    static ALL: LazyLock<Vec<(&'static str, Py)>> = LazyLock::new(|| {
        let class = |name: &str, call| function("type", format!("<class '{name}'>"), call);
        vec![
            ("cycler", class("jinja2.utils.Cycler", cycler::cycler)),
            ("dict", Py::object(DictClass)),
            ("joiner", class("jinja2.utils.Joiner", joiner::joiner)),
            ("lipsum", function("function", "<function generate_lorem_ipsum>".to_owned(), lipsum::lipsum)),
            ("namespace", class("jinja2.utils.Namespace", namespace::namespace)),
            ("range", class("range", range)),
        ]
    });
    ALL.iter().find(|(it, _)| *it == name).map(|(_, value)| value.clone())
}

/// A function, or a class, which is called to make a value.
struct Function {
    type_name: &'static str,
    repr: String,
    call: fn(Args) -> Result<Py>,
}

fn function(type_name: &'static str, repr: String, call: fn(Args) -> Result<Py>) -> Py {
    Py::object(Function { type_name, repr, call })
}

impl Object for Function {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn repr(&self) -> Result<String> {
        Ok(self.repr.clone())
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        (self.call)(args)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `dict`, the only of the classes with a method of its own.
struct DictClass;

impl Object for DictClass {
    fn type_name(&self) -> &str {
        "type"
    }

    fn repr(&self) -> Result<String> {
        Ok("<class 'dict'>".to_owned())
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        match name {
            "fromkeys" => Py::Dict(Dict::default()).attr(name),
            _ => Ok(None),
        }
    }

    /// What Python takes for the type of mappings with such keys and values, and which makes
    /// a mapping all the same.
    fn item(&self, key: &Py) -> Result<Option<Py>> {
        Ok(Some(function("GenericAlias", format!("dict[{}]", key.repr()?), dict)))
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        dict(args)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
