//! What functions get that ask for the context, its escaping or the environment.

use std::any::Any;
use std::sync::Arc;

use kiln_python::{Args, Dict, Fault, FaultKind, Key, Object, Py, PyIter, Result, bound, required};

use super::context::Context;
use crate::ambient::Ambient;

/// What Jinja2 passes for `context`, `eval_context` or `environment`.
pub(super) fn passed(context: Arc<Context>, what: &str) -> Py {
    match what {
        "environment" => environment(),
        "eval_context" => Py::object(PassedEvalContext(context)),
        _ => Py::object(PassedContext(context)),
    }
}

/// The environment. What there is to ask of it is asked of a [`Registry`](crate::Registry).
struct PassedEnvironment;

fn environment() -> Py {
    Py::object(PassedEnvironment)
}

impl Object for PassedEnvironment {
    fn type_name(&self) -> &str {
        "Environment"
    }

    fn module(&self) -> &str {
        "jinja2.environment"
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Whether text is escaped where the function is called.
struct PassedEvalContext(Arc<Context>);

impl Object for PassedEvalContext {
    fn type_name(&self) -> &str {
        "EvalContext"
    }

    fn module(&self) -> &str {
        "jinja2.nodes"
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(match name {
            "autoescape" => Some(Py::Bool(self.0.autoescape())),
            "volatile" => Some(Py::Bool(false)),
            "environment" => Some(environment()),
            _ => None,
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The names that the calling template sees.
struct PassedContext(Arc<Context>);

impl Object for PassedContext {
    fn type_name(&self) -> &str {
        "Context"
    }

    fn module(&self) -> &str {
        "jinja2.runtime"
    }

    fn repr(&self) -> Result<String> {
        let name = Py::Str(Arc::clone(&self.0.unit.name)).repr()?;
        Ok(format!("<Context {} of {name}>", self.all()?.repr()?))
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(Some(match name {
            "name" => Py::Str(Arc::clone(&self.0.unit.name)),
            "environment" => environment(),
            "eval_ctx" => Py::object(PassedEvalContext(Arc::clone(&self.0))),
            "vars" => mapping(self.0.own())?,
            "parent" => mapping(self.0.inherited())?,
            "exported_vars" => Py::object(kiln_python::Set::new(self.0.exports().into_keys().map(Py::Str))?),
            "get" => bound(Py::Object(self), "get", get),
            "resolve" => bound(Py::Object(self), "resolve", resolve),
            "get_all" => bound(Py::Object(self), "get_all", |it, args| whole(it, args, "get_all")),
            "get_exported" => bound(Py::Object(self), "get_exported", |it, args| {
                args.none("get_exported")?;
                mapping(of(it)?.0.exports())
            }),
            "keys" => bound(Py::Object(self), "keys", |it, args| view(it, args, "keys")),
            "values" => bound(Py::Object(self), "values", |it, args| view(it, args, "values")),
            "items" => bound(Py::Object(self), "items", |it, args| view(it, args, "items")),
            "call" => bound(Py::Object(self), "call", call),
            _ => return Ok(None),
        }))
    }

    fn item(&self, key: &Py) -> Result<Option<Py>> {
        Ok(key.as_str().and_then(|name| self.0.find(name)))
    }

    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        Some(self.all().and_then(|all| all.iter()))
    }

    fn contains(&self, item: &Py) -> Option<Result<bool>> {
        Some(Ok(item.as_str().is_some_and(|name| self.0.find(name).is_some())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl PassedContext {
    fn all(&self) -> Result<Py> {
        mapping(self.0.all())
    }
}

fn mapping(names: impl IntoIterator<Item = (Arc<str>, Py)>) -> Result<Py> {
    let entries = names.into_iter().map(|(name, value)| Ok((Key::new(Py::Str(name))?, value)));
    Ok(Py::Dict(Dict::new(entries.collect::<Result<_>>()?)))
}

fn of(receiver: &Py) -> Result<&PassedContext> {
    receiver.downcast().ok_or_else(|| Fault::type_error("this is a method of contexts"))
}

fn get(receiver: &Py, args: Args) -> Result<Py> {
    let [key, default] = args.bind("get", ["key", "default"])?;
    let found = of(receiver)?.item(&required(key, "get", "key")?)?;
    Ok(found.or(default).unwrap_or(Py::None))
}

fn resolve(receiver: &Py, args: Args) -> Result<Py> {
    let [key] = args.bind("resolve", ["key"])?;
    let key = required(key, "resolve", "key")?;
    let name = key.as_str().ok_or_else(|| Fault::new(FaultKind::TypeError, "names are text"))?;
    Ok(of(receiver)?.0.resolve(name))
}

fn whole(receiver: &Py, args: Args, method: &str) -> Result<Py> {
    args.none(method)?;
    of(receiver)?.all()
}

fn view(receiver: &Py, args: Args, method: &str) -> Result<Py> {
    whole(receiver, args, method)?.call_method(method, Args::default())
}

fn call(receiver: &Py, mut args: Args) -> Result<Py> {
    let first = (!args.positional.is_empty()).then(|| args.positional.remove(0));
    let here: Arc<dyn Ambient> = Arc::<Context>::clone(&of(receiver)?.0);
    here.call(&required(first, "call", "__obj")?, args)
}
