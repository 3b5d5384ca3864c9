//! The engine: templates and expressions, compiled and run.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use kiln_model::{Node, Secret, SourceId, Value};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use zeroize::Zeroizing;

use crate::alias::Alias;
use crate::convert::from_engine;
use crate::failure::Failure;
use crate::scope::Scope;
use crate::tracker::Tracker;
use crate::{functions, print};

/// How many steps one template or expression may take. The largest template of a real cluster
/// takes some ten thousand; this many are over in about a second.
const FUEL: u64 = 10_000_000;

/// The delimiters of blocks, variables and comments, each start and end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syntax {
    /// Around statements; Jinja2's own are `{%` and `%}`.
    pub block: (String, String),
    /// Around expressions; Jinja2's own are `{{` and `}}`.
    pub variable: (String, String),
    /// Around comments; Jinja2's own are `{#` and `#}`.
    pub comment: (String, String),
}

impl Default for Syntax {
    fn default() -> Syntax {
        let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
        Syntax { block: pair("{%", "%}"), variable: pair("{{", "}}"), comment: pair("{#", "#}") }
    }
}

/// The value of an expression.
pub struct Evaluated {
    /// The value. Text is [`Value::Secret`] if a secret went into the expression.
    pub value: Value,
    /// The secrets whose text was used.
    pub reveals: Vec<Secret>,
}

/// The text of a template.
pub struct Printed {
    /// The text, secrets included.
    pub text: Zeroizing<String>,
    /// The secrets whose text was used.
    pub reveals: Vec<Secret>,
}

/// Compiled templates, and the functions that they and expressions may use.
///
/// Names are strict, white space is handled as `trim_blocks` and `lstrip_blocks` do, and
/// the last line break of a template stays.
pub struct Engine {
    env: Environment<'static>,
    sources: BTreeMap<String, SourceId>,
}

impl Engine {
    /// An engine without templates.
    ///
    /// # Errors
    /// If the delimiters cannot be told apart.
    pub fn new(syntax: &Syntax) -> Result<Engine, Failure> {
        let pair = |it: &(String, String)| (it.0.clone(), it.1.clone());
        let (block, variable, comment) = (pair(&syntax.block), pair(&syntax.variable), pair(&syntax.comment));
        let mut env = Environment::new();
        env.set_syntax(
            SyntaxConfig::builder()
                .block_delimiters(block.0, block.1)
                .variable_delimiters(variable.0, variable.1)
                .comment_delimiters(comment.0, comment.1)
                .trim_blocks(true)
                .lstrip_blocks(true)
                .keep_trailing_newline(true)
                .build()
                .map_err(|_| Failure::delimiters())?,
        );
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_auto_escape_callback(|_| AutoEscape::None);
        // Byte ranges of errors are only kept in debug mode.
        env.set_debug(true);
        env.set_formatter(print::write_value);
        env.set_fuel(Some(FUEL));
        functions::register(&mut env);
        Ok(Engine { env, sources: BTreeMap::new() })
    }

    /// Compiles a template and keeps it under `name`.
    ///
    /// # Errors
    /// If the text is not a template; the failure points into `source`.
    pub fn add_template(&mut self, name: &str, source: SourceId, text: &str) -> Result<(), Failure> {
        self.sources.insert(name.to_owned(), source);
        self.env
            .add_template_owned(name.to_owned(), text.to_owned())
            .map_err(|error| Failure::from_engine(&error, &self.sources, &[], false))
    }

    /// Whether a template of that name was added and did not compile.
    pub fn is_broken(&self, name: &str) -> bool {
        self.sources.contains_key(name) && self.env.get_template(name).is_err()
    }

    /// Defines the function `name` as an expression over `params` and the names in scope.
    ///
    /// # Errors
    /// If `expression` does not compile; the failure points into the expression.
    pub fn add_alias(&mut self, name: &str, params: &[String], expression: &str) -> Result<(), Failure> {
        self.compiles(expression)?;
        let alias = Alias::new(name, params, expression, self.names_in(expression));
        self.env
            .add_function(name.to_owned(), move |state: &mut minijinja::State, args| alias.call(state, args));
        Ok(())
    }

    /// Defines the function `name` that looks its one argument up in `table` and gives an
    /// empty list where the table has nothing.
    pub fn add_lookup(&mut self, name: &str, table: BTreeMap<String, Vec<String>>) {
        let table = Arc::new(table);
        self.env.add_function(name.to_owned(), move |key: &str| -> Vec<String> {
            table.get(key).cloned().unwrap_or_default()
        });
    }

    /// The names that an expression takes from its scope.
    pub fn names_in(&self, expression: &str) -> BTreeSet<String> {
        self.env
            .compile_expression(expression)
            .map(|compiled| compiled.undeclared_variables(false).into_iter().collect())
            .unwrap_or_default()
    }

    /// Whether the expression is one.
    ///
    /// # Errors
    /// What is wrong with it, pointing into the expression.
    pub fn compiles(&self, expression: &str) -> Result<(), Failure> {
        let compiled = self.env.compile_expression(expression);
        compiled.map(drop).map_err(|error| Failure::from_engine(&error, &BTreeMap::new(), &[], false))
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// If it does not compile or cannot be evaluated, pointing into the expression.
    pub fn eval(&self, expression: &str, scope: &Scope) -> Result<Evaluated, Failure> {
        let tracker = Tracker::new();
        let root = scope.engine_value(&tracker);
        let result = guarded(|| self.env.compile_expression(expression)?.eval(root))?;
        if tracker.is_passed_over() {
            return Err(Failure::passed_over());
        }
        let value = result.and_then(|value| from_engine(&value));
        let value = value.map_err(|error| self.failure(&error, scope, &tracker))?;
        let reveals = tracker.finish();
        Ok(Evaluated { value: if reveals.is_empty() { value } else { tainted(value, &reveals) }, reveals })
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// As [`Engine::eval`], and if the condition gives anything but a boolean.
    pub fn holds(&self, condition: &str, scope: &Scope) -> Result<bool, Failure> {
        if condition == "true" {
            return Ok(true);
        }
        match self.eval(condition, scope)?.value {
            Value::Bool(holds) => Ok(holds),
            Value::Invalid => Err(Failure::passed_over()),
            other => Err(Failure::not_a_boolean(other.type_name())),
        }
    }

    /// The items of a list.
    ///
    /// # Errors
    /// As [`Engine::eval`], and if the expression gives anything but a list.
    pub fn items(&self, expression: &str, scope: &Scope) -> Result<Vec<Node>, Failure> {
        match self.eval(expression, scope)?.value {
            Value::List(items) => Ok(items),
            Value::Invalid => Err(Failure::passed_over()),
            other => Err(Failure::not_a_list(other.type_name())),
        }
    }

    /// The text of the template `name`.
    ///
    /// # Errors
    /// If there is no such template or it cannot be rendered, pointing into the template
    /// in which it failed.
    pub fn render(&self, name: &str, scope: &Scope) -> Result<Printed, Failure> {
        self.print(scope, |root| self.env.get_template(name)?.render(root))
    }

    /// The text of a template that is not kept, such as a path or a message.
    ///
    /// # Errors
    /// If it does not compile or cannot be rendered, pointing into `text`.
    pub fn render_text(&self, text: &str, scope: &Scope) -> Result<Printed, Failure> {
        self.print(scope, |root| self.env.render_str(text, root))
    }

    fn print(
        &self,
        scope: &Scope,
        render: impl FnOnce(minijinja::Value) -> Result<String, minijinja::Error>,
    ) -> Result<Printed, Failure> {
        let tracker = Tracker::new();
        let root = scope.engine_value(&tracker);
        let result = guarded(|| render(root))?;
        if tracker.is_passed_over() {
            return Err(Failure::passed_over());
        }
        let text = result.map_err(|error| self.failure(&error, scope, &tracker))?;
        Ok(Printed { text: Zeroizing::new(text), reveals: tracker.finish() })
    }

    /// A failure of what `tracker` followed.
    fn failure(&self, error: &minijinja::Error, scope: &Scope, tracker: &Tracker) -> Failure {
        Failure::from_engine(error, &self.sources, &scope.names(), tracker.is_revealing())
    }
}

/// Turns a panic inside the engine into a failure.
fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| Failure::panic())
}

/// Text that was computed from secrets is secret, at any depth; booleans and numbers are
/// not, so that a rule may ask whether a secret is set.
fn tainted(value: Value, reveals: &[Secret]) -> Value {
    match value {
        Value::String(text) => {
            let mut labels: Vec<&str> = reveals.iter().map(Secret::label).collect();
            labels.dedup();
            Value::Secret(Secret::new(labels.join(", "), text))
        }
        Value::List(mut items) => {
            for item in &mut items {
                item.value = tainted(std::mem::replace(&mut item.value, Value::Null), reveals);
            }
            Value::List(items)
        }
        Value::Map(mut map) => {
            for (_, entry) in map.iter_mut() {
                let value = std::mem::replace(&mut entry.node.value, Value::Null);
                entry.node.value = tainted(value, reveals);
            }
            Value::Map(map)
        }
        other => other,
    }
}
