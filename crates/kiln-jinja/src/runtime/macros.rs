//! Macros, and the callers of call blocks.

use std::any::Any;
use std::sync::Arc;

use kiln_python::{Args, Dict, Fault, Key, Object, Py, Result, meter};
use minijinja::Environment;
use minijinja::value::{Rest, Value};

use super::bridge::to_value;
use super::context::{given, running, undefined};
use super::looping::Nested;
use crate::ambient::Ambient;

/// A macro.
pub(super) struct Macro {
    function: Nested,
    name: Option<Arc<str>>,
    arguments: Vec<Arc<str>>,
    takes_caller: bool,
    takes_kwargs: bool,
    takes_varargs: bool,
    autoescape: bool,
}

pub(super) fn register(engine: &mut Environment<'static>) {
    engine.add_function(
        "macro",
        |c: &Value, number: usize, name: &Value, shape: &Value, cells: Rest<Value>| {
            let (flags, arguments) = (shape.get_item_by_index(0)?, shape.get_item_by_index(1)?);
            let running = running(c)?;
            let flags: Vec<bool> = flags.try_iter()?.map(|flag| flag.is_true()).collect();
            let flag = |at: usize| flags.get(at).copied().unwrap_or(false);
            let arguments = arguments.try_iter()?.map(|name| name.to_str().unwrap_or_default()).collect();
            Ok::<_, minijinja::Error>(to_value(Py::object(Macro {
                autoescape: running.context.autoescape(),
                function: Nested::new(running, number, &cells),
                name: name.to_str(),
                arguments,
                takes_caller: flag(0),
                takes_kwargs: flag(1),
                takes_varargs: flag(2),
            })))
        },
    );
}

impl Macro {
    /// Calls the macro. `autoescape`: whether its text is escaped where it is called.
    pub(super) fn invoke(&self, args: Args, autoescape: bool) -> Result<Py> {
        let function = &self.function.unit.functions[self.function.number];
        let values = self.bind(args)?;
        self.function.context.run.tracker.call_macro(&self.function.unit.name, self.name.as_deref());
        let text = self.function.run(given(&function.params, values))?;
        Ok(if autoescape { Py::Markup(text.into()) } else { Py::str(text) })
    }

    /// The values of the parameters, in the order of the function: its own, then `caller`,
    /// `kwargs` and `varargs` where it uses them.
    fn bind(&self, mut args: Args) -> Result<Vec<Option<Py>>> {
        // Each parameter is looked for among the arguments.
        meter::charge(self.arguments.len().saturating_mul(args.keyword.len()) / 16)?;
        let mut positional = std::mem::take(&mut args.positional);
        let rest = positional.split_off(positional.len().min(self.arguments.len()));
        let is_full = positional.len() == self.arguments.len();
        let mut values: Vec<Option<Py>> = positional.into_iter().map(Some).collect();
        let mut found_caller = is_full && self.arguments.iter().any(|name| **name == *"caller");
        for name in self.arguments.iter().skip(values.len()) {
            found_caller |= **name == *"caller";
            values.push(args.take(name));
        }
        if self.takes_caller && !found_caller {
            let mode = self.function.context.undefined_mode();
            let caller = args.take("caller").filter(|caller| !matches!(caller, Py::None));
            let help = "call the macro with a `call` block, or test `caller is defined` in it";
            values.push(Some(caller.unwrap_or_else(|| undefined(mode, "No caller defined", help))));
        }
        if self.takes_kwargs {
            let entries = std::mem::take(&mut args.keyword).into_iter();
            let entries = entries.map(|(name, value)| Ok((Key::new(Py::Str(name))?, value)));
            values.push(Some(Py::Dict(Dict::new(entries.collect::<Result<_>>()?))));
        } else if let Some((name, _)) = args.keyword.first() {
            let fault = self.wrong(&format!("has no parameter `{name}`")).about(&**name);
            let fault = fault.or_discreetly(self.wrong("has no parameter of this name").message());
            return Err(fault.among(self.arguments.iter().map(|it| &**it)));
        }
        if self.takes_varargs {
            values.push(Some(Py::tuple(rest)));
        } else if !rest.is_empty() {
            let given = self.arguments.len() + rest.len();
            let most = match self.arguments.len() {
                0 => "no arguments".to_owned(),
                1 => "at most one argument".to_owned(),
                most => format!("at most {most} arguments"),
            };
            return Err(self.wrong(&format!("takes {most} and got {given}")));
        }
        Ok(values)
    }

    fn wrong(&self, what: &str) -> Fault {
        let name = self.name.as_deref().unwrap_or("caller");
        let fault = Fault::type_error(format!("the macro `{name}` {what}")).coded("wrong-arguments");
        fault.help(format!("write `{name}({})`", self.arguments.join(", ")))
    }
}

impl Object for Macro {
    fn type_name(&self) -> &str {
        "Macro"
    }

    fn module(&self) -> &str {
        "jinja2.runtime"
    }

    fn repr(&self) -> Result<String> {
        match &self.name {
            Some(name) => Ok(format!("<Macro {}>", Py::Str(Arc::clone(name)).repr()?)),
            None => Ok("<Macro anonymous>".to_owned()),
        }
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        Ok(Some(match name {
            "name" => self.name.clone().map_or(Py::None, Py::Str),
            "arguments" => Py::tuple(self.arguments.iter().cloned().map(Py::Str).collect::<Vec<_>>()),
            "caller" => Py::Bool(self.takes_caller),
            "catch_kwargs" => Py::Bool(self.takes_kwargs),
            "catch_varargs" => Py::Bool(self.takes_varargs),
            "explicit_caller" => Py::Bool(self.arguments.iter().any(|name| **name == *"caller")),
            _ => return Ok(None),
        }))
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        self.invoke(args, self.autoescape)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
