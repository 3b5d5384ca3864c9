//! A function that is an expression over its parameters.

use std::any::Any;
use std::sync::Arc;

use kiln_jinja::{Environment, Settings};
use kiln_python::{Args, Dict, Fault, FaultKind, Object, Py, Result, UndefinedMode};

use super::primitives;
use crate::disk::Disk;

/// A function: its name, the names and defaults of its parameters, and its value.
#[derive(Clone)]
pub(super) struct Alias {
    pub(super) name: Arc<str>,
    pub(super) params: Vec<Arc<str>>,
    pub(super) defaults: Dict,
    pub(super) expression: Arc<str>,
}

/// What evaluates the expressions of functions.
#[derive(Clone)]
pub(super) struct Evaluator(Arc<Environment>);

impl Evaluator {
    pub(super) fn new(disk: &Arc<dyn Disk>) -> Evaluator {
        let mut environment = environment();
        for (name, function) in primitives::all(disk) {
            environment.add_global(name, function);
        }
        Evaluator(Arc::new(environment))
    }

    /// Whether an expression is one; why it is not.
    pub(super) fn check(expression: &str) -> std::result::Result<(), String> {
        let checked = environment().check_expression(expression);
        checked.map_err(|failure| failure.message().to_owned())
    }
}

fn environment() -> Environment {
    Environment::new(Settings { undefined: UndefinedMode::Strict, ..Settings::default() })
}

impl Alias {
    /// The function as a value that templates can call.
    pub(super) fn bind(&self, evaluator: &Evaluator) -> Py {
        Py::object(Bound { alias: self.clone(), evaluator: evaluator.clone() })
    }
}

struct Bound {
    alias: Alias,
    evaluator: Evaluator,
}

impl Bound {
    /// The values of the parameters.
    fn arguments(&self, args: Args) -> Result<Vec<(String, Py)>> {
        let Alias { name, params, defaults, .. } = &self.alias;
        let wrong = |what: &str| Fault::type_error(format!("`{name}` {what}"));
        if args.positional.len() > params.len() {
            return Err(wrong("is given too many arguments"));
        }
        let mut given: Vec<(Arc<str>, Py)> = params.iter().cloned().zip(args.positional).collect();
        for (key, value) in args.keyword {
            if !params.contains(&key) {
                return Err(wrong(&format!("has no parameter `{key}`")));
            }
            if given.iter().any(|(name, _)| *name == key) {
                return Err(wrong(&format!("is given `{key}` twice")));
            }
            given.push((key, value));
        }
        let value = |param: &Arc<str>| {
            let found = given.iter().find(|(name, _)| name == param).map(|(_, value)| value.clone());
            let value = found.or_else(|| defaults.get_str(param));
            value.map(|value| (param.to_string(), value)).ok_or_else(|| wrong(&format!("needs `{param}`")))
        };
        params.iter().map(value).collect()
    }
}

impl Object for Bound {
    fn type_name(&self) -> &str {
        "function"
    }

    fn repr(&self) -> Result<String> {
        Ok(format!("<function {}>", self.alias.name))
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        let arguments = self.arguments(args)?;
        self.evaluator.0.evaluate_expression(&self.alias.expression, arguments).map_err(|failure| {
            let message = format!("`{}`: {}", self.alias.name, failure.message());
            Fault::new(FaultKind::RuntimeError, message).coded("function-failed")
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
