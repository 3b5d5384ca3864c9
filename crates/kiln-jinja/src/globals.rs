//! Jinja2's global functions: `range`, `dict`, `namespace`, `cycler`, `joiner`, `lipsum`.

use std::any::Any;
use std::sync::LazyLock;

use kiln_python::{Args, Object, Py, Result};

mod cycler;
mod integers;
mod joiner;
mod lipsum;
mod namespace;

/// The global function `name` of Jinja2.
pub(crate) fn builtin(name: &str) -> Option<Py> {
    // Made once, so that each is the same as itself wherever it is met.
    static ALL: LazyLock<Vec<(&'static str, Py)>> = LazyLock::new(|| {
        let class = |qualified: &str, call| {
            let repr = format!("<class '{qualified}'>");
            Py::object(Function { type_name: "type", repr, call })
        };
        let repr = "<function generate_lorem_ipsum>".to_owned();
        vec![
            ("cycler", class("jinja2.utils.Cycler", cycler::cycler)),
            ("dict", class("dict", kiln_python::dict)),
            ("joiner", class("jinja2.utils.Joiner", joiner::joiner)),
            ("lipsum", Py::object(Function { type_name: "function", repr, call: lipsum::lipsum })),
            ("namespace", class("jinja2.utils.Namespace", namespace::namespace)),
            ("range", class("range", integers::range)),
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
