//! What the templates of an environment may use, to be asked and changed from outside.

use std::any::Any;
use std::sync::Arc;

use kiln_python::{Args, Fault, Object, Py, Result, required};

use crate::ambient::Here;
use crate::lower;
use crate::runtime::context::{Context, Names, Run};
use crate::shared::Shared;
use crate::tracker::Tracker;

/// The global values, filters, tests and policies of an [`Environment`](crate::Environment).
///
/// Changes are seen by every later step of every render. Templates that use a filter or test
/// which is not there do not compile, so those have to be there before.
#[derive(Clone)]
pub struct Registry {
    shared: Arc<Shared>,
}

impl Registry {
    pub(crate) fn new(shared: Arc<Shared>) -> Registry {
        Registry { shared }
    }

    /// The global values, Jinja2's own among them.
    pub fn globals(&self) -> Vec<(Arc<str>, Py)> {
        self.shared.globals().into_iter().collect()
    }

    /// The filters, Jinja2's own among them, as functions of the value and the arguments.
    pub fn filters(&self) -> Vec<(Arc<str>, Py)> {
        self.functions(self.shared.filter_names(), Kind::Filter)
    }

    /// The tests, Jinja2's own among them, as functions of the value and the arguments.
    pub fn tests(&self) -> Vec<(Arc<str>, Py)> {
        self.functions(self.shared.test_names(), Kind::Test)
    }

    /// The policies by Jinja2's names for them.
    pub fn policies(&self) -> Vec<(Arc<str>, Py)> {
        self.shared.policies().entries()
    }

    fn functions(&self, names: Vec<Arc<str>>, kind: Kind) -> Vec<(Arc<str>, Py)> {
        let function = |name: Arc<str>| {
            let function = Function { registry: self.clone(), name: Arc::clone(&name), kind };
            (name, Py::object(function))
        };
        names.into_iter().map(function).collect()
    }

    /// Gives templates a value by name, or takes it away; what Jinja2 has built in stays.
    pub fn set_global(&self, name: &str, value: Option<Py>) {
        match value {
            Some(value) => self.shared.add_global(name, value),
            None => self.shared.remove_global(name),
        }
    }

    /// Gives templates a filter, which is called with the value and the arguments, or takes it
    /// away; what Jinja2 has built in stays.
    pub fn set_filter(&self, name: &str, function: Option<Py>) {
        let Some(function) = function else { return self.shared.remove_filter(name) };
        let filter = move |here: &Here, value, args| Arc::clone(here).call(&function, with(value, args));
        self.shared.add_filter(name, Arc::new(filter));
    }

    /// Gives templates a test, which is called with the value and the arguments, or takes it
    /// away; what Jinja2 has built in stays.
    pub fn set_test(&self, name: &str, function: Option<Py>) {
        let Some(function) = function else { return self.shared.remove_test(name) };
        let test =
            move |here: &Here, value, args| Arc::clone(here).call(&function, with(value, args))?.truth();
        self.shared.add_test(name, Arc::new(test));
    }

    /// Sets a policy by Jinja2's name for it.
    ///
    /// # Errors
    /// `TypeError` for a value that the policy cannot have.
    pub fn set_policy(&self, name: &str, value: &Py) -> Result<()> {
        self.shared.set_policy(name, value)
    }
}

fn with(value: Py, mut args: Args) -> Args {
    args.positional.insert(0, value);
    args
}

#[derive(Clone, Copy)]
enum Kind {
    Filter,
    Test,
}

/// A filter or test as a function that may be called from outside of any template.
struct Function {
    registry: Registry,
    name: Arc<str>,
    kind: Kind,
}

impl Object for Function {
    fn type_name(&self) -> &str {
        "function"
    }

    fn repr(&self) -> Result<String> {
        Ok(format!("<function {}>", self.name))
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok((name == "__name__").then(|| Py::Str(Arc::clone(&self.name))))
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, mut args: Args) -> Result<Py> {
        let shared = &self.registry.shared;
        let first = (!args.positional.is_empty()).then(|| args.positional.remove(0));
        let value = required(first, &self.name, "value")?;
        let run = Run::new(Arc::clone(shared), Box::new(Nothing), Tracker::new());
        let here: Here = Context::new(&run, &lower::no_unit(), true);
        let missing = || Fault::type_error(format!("there is no `{}` any more", self.name));
        let result = match self.kind {
            Kind::Filter => shared.filter(&self.name).ok_or_else(missing)?(&here, value, args),
            Kind::Test => shared.test(&self.name).ok_or_else(missing)?(&here, value, args).map(Py::Bool),
        };
        run.finish();
        result
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A render that was given no values.
struct Nothing;

impl Names for Nothing {
    fn get(&self, _: &str) -> Option<Py> {
        None
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}
