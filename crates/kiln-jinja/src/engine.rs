//! The engine of a pack: templates and expressions over kiln's values.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use indexmap::IndexMap;
use kiln_model::{Node, Secret, SourceId, Value};
use kiln_python::{Args, Fault, FaultKind, Py, UndefinedMode};
use zeroize::Zeroizing;

use crate::environment::{Environment, Limits, Settings};
use crate::failure::Failure;
use crate::lower::walk;
use crate::programs::Programs;
use crate::runtime::context::Context;
use crate::scope::Scope;
use crate::shared::ContextFunction;
use crate::trace::Piece;
use crate::tracker::Tracker;
use crate::{functions, tree};

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
    /// What else was used.
    pub used: Used,
}

/// What a render used, each sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// The names that were looked up and found in the scope.
    pub names: Vec<Arc<str>>,
    /// The templates that were included, imported or extended.
    pub templates: BTreeSet<String>,
    /// The macros that were called: template and name.
    pub macros: BTreeSet<(String, String)>,
    /// The functions of [`Engine::add_lookup`] that were called, with what they were asked for.
    pub lookups: BTreeSet<(String, String)>,
}

/// Compiled templates, and the functions that they and expressions may use.
///
/// Names are strict, white space is handled as `trim_blocks` and `lstrip_blocks` do, the last
/// line break of a template stays, and printing `none` is an error: in a manifest, the word
/// `None` is never meant.
pub struct Engine {
    environment: Environment,
    sources: BTreeMap<String, SourceId>,
    aliases: BTreeSet<String>,
    has_changing_alias: bool,
}

impl Engine {
    /// An engine without templates.
    ///
    /// # Errors
    /// If the delimiters cannot be told apart.
    pub fn new(syntax: &Syntax) -> Result<Engine, Failure> {
        Engine::with_limits(syntax, Limits::default())
    }

    /// An engine without templates, with other bounds than the usual.
    ///
    /// # Errors
    /// If the delimiters cannot be told apart.
    pub fn with_limits(syntax: &Syntax, limits: Limits) -> Result<Engine, Failure> {
        let pair = |it: &(String, String)| kiln_syntax::Pair::new(it.0.as_str(), it.1.as_str());
        let options = kiln_syntax::Options {
            block: pair(&syntax.block),
            variable: pair(&syntax.variable),
            comment: pair(&syntax.comment),
            trim_blocks: true,
            lstrip_blocks: true,
            keep_trailing_newline: true,
            extensions: kiln_syntax::Extensions {
                do_statement: true,
                loop_controls: true,
                ..kiln_syntax::Extensions::default()
            },
            ..kiln_syntax::Options::default()
        };
        if !options.can_be_told_apart() {
            return Err(Failure::delimiters());
        }
        let environment = Environment::new(Settings {
            syntax: options,
            undefined: UndefinedMode::Strict,
            prints_none: false,
            limits,
            ..Settings::default()
        });
        functions::register(environment.shared());
        Ok(Engine {
            environment,
            sources: BTreeMap::new(),
            aliases: BTreeSet::new(),
            has_changing_alias: false,
        })
    }

    /// Compiles a template and keeps it under `name`.
    ///
    /// # Errors
    /// If the text is not a template; the failure points into `source`.
    pub fn add_template(&mut self, name: &str, source: SourceId, text: &str) -> Result<(), Failure> {
        self.sources.insert(name.to_owned(), source);
        self.environment.add_source(name, text);
        self.environment.compile(name).map_err(|failure| self.located(failure))
    }

    /// Whether a template of that name was added and did not compile.
    pub fn is_broken(&self, name: &str) -> bool {
        self.sources.contains_key(name) && self.environment.compile(name).is_err()
    }

    /// Defines the function `name` as an expression over `params` and the names in scope.
    ///
    /// # Errors
    /// If `expression` does not compile; the failure points into the expression.
    pub fn add_alias(&mut self, name: &str, params: &[String], expression: &str) -> Result<(), Failure> {
        self.compiles(expression)?;
        self.has_changing_alias |= names_change(expression);
        self.aliases.insert(name.to_owned());
        let alias = Alias { name: name.into(), params: params.to_vec(), expression: expression.to_owned() };
        let call = move |context: &Arc<Context>, args| alias.call(context, args);
        self.environment
            .add_global(name, Py::object(ContextFunction { name: name.into(), call: Box::new(call) }));
        Ok(())
    }

    /// Defines the function `name` that looks its one argument up in `table` and gives an
    /// empty list where the table has nothing.
    pub fn add_lookup(&mut self, name: &str, table: BTreeMap<String, Vec<String>>) {
        let function: Arc<str> = name.into();
        let call = move |context: &Arc<Context>, args: Args| {
            let [key] = args.bind(&function, ["key"])?;
            let key = kiln_python::required(key, &function, "key")?;
            key.as_str().into_iter().for_each(|key| context.run.tracker.look_up(&function, key));
            let found = key.as_str().and_then(|key| table.get(key)).map_or(&[][..], Vec::as_slice);
            Ok(Py::list(found.iter().map(|text| Py::str(text.as_str())).collect()))
        };
        self.environment
            .add_global(name, Py::object(ContextFunction { name: name.into(), call: Box::new(call) }));
    }

    /// From now on, what asks a wrong value whether it is `none`, or any such test, is passed over,
    /// as what uses it in another way is. Otherwise it is answered as for any value that is not
    /// that, so that a mistake hides as few others as possible.
    pub fn count_tests(&self) {
        self.environment.shared().count_tests();
    }

    /// The names that an expression takes from its scope.
    pub fn names_in(&self, expression: &str) -> BTreeSet<String> {
        Arc::unwrap_or_clone(self.environment.shared().names_in(expression))
    }

    /// Whether a name stands for an expression with parameters.
    pub(crate) fn is_alias(&self, name: &str) -> bool {
        self.aliases.contains(name)
    }

    /// The names that the expressions of a text take from its scope; of statements, every word.
    pub fn names_in_text(&self, text: &str) -> BTreeSet<String> {
        let options = &self.environment.shared().settings.syntax;
        let inside = |pair: &kiln_syntax::Pair| -> Vec<&str> {
            let parts = text.split(pair.start.as_str()).skip(1);
            parts.map(|part| part.split_once(pair.end.as_str()).map_or(part, |(inside, _)| inside)).collect()
        };
        let mut names = BTreeSet::new();
        for expression in inside(&options.variable) {
            names.extend(self.names_in(expression));
        }
        for statement in inside(&options.block) {
            names.extend(statement.split(|it: char| !(it.is_alphanumeric() || it == '_')).map(str::to_owned));
        }
        names
    }

    /// The first place of each name that a template looks up; nothing for one that is broken.
    pub fn places_in(&self, template: &str) -> BTreeMap<String, Range<usize>> {
        struct Places(BTreeMap<String, Range<usize>>);
        impl walk::Visitor for Places {
            fn load(&mut self, name: &str, span: kiln_syntax::Span) {
                let bytes = span.start as usize..span.end as usize;
                self.0.entry(name.to_owned()).or_insert(bytes);
            }
        }
        let mut places = Places(BTreeMap::new());
        if let Ok(tree) = kiln_syntax::parse(template, &self.environment.shared().settings.syntax) {
            walk::stmts(&tree.body, &mut places);
        }
        places.0
    }

    /// Whether the expression is one.
    ///
    /// # Errors
    /// What is wrong with it, pointing into the expression.
    pub fn compiles(&self, expression: &str) -> Result<(), Failure> {
        self.environment.lower(expression).map(drop)
    }

    /// The value of an expression.
    ///
    /// # Errors
    /// If it does not compile or cannot be evaluated, pointing into the expression.
    pub fn eval(&self, expression: &str, scope: &Scope) -> Result<Evaluated, Failure> {
        self.observe(expression, scope).0
    }

    /// As [`Engine::eval`], with what the expression used, which is told of one that fails, too.
    pub fn observe(&self, expression: &str, scope: &Scope) -> (Result<Evaluated, Failure>, Used) {
        let tracker = Tracker::new();
        let (value, used) = self.environment.evaluate(expression, scope.names_for(&tracker), &tracker);
        (self.evaluated(expression, value, &tracker), used)
    }

    /// What compiles each expression once, for many evaluations of it.
    pub fn programs(&self) -> Programs<'_> {
        Programs::new(self)
    }

    /// What came of an evaluation, as kiln's value.
    pub(crate) fn evaluated(
        &self,
        expression: &str,
        value: Result<Py, Failure>,
        tracker: &Tracker,
    ) -> Result<Evaluated, Failure> {
        if tracker.is_passed_over() {
            return Err(Failure::passed_over());
        }
        let value = tree::from_python(&value.map_err(|failure| self.told(failure))?);
        if tracker.is_passed_over() || matches!(value, Ok(Value::Invalid)) {
            return Err(Failure::passed_over());
        }
        let value = value.map_err(|fault| Failure::of_value(&fault, expression))?;
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
        Failure::boolean(self.eval(condition, scope)?.value)
    }

    /// The items of a list.
    ///
    /// # Errors
    /// As [`Engine::eval`], and if the expression gives anything but a list.
    pub fn items(&self, expression: &str, scope: &Scope) -> Result<Vec<Node>, Failure> {
        Failure::list(self.eval(expression, scope)?.value)
    }

    /// The text of the template `name`.
    ///
    /// # Errors
    /// If there is no such template or it cannot be rendered, pointing into the template
    /// in which it failed.
    pub fn render(&self, name: &str, scope: &Scope) -> Result<Printed, Failure> {
        let tracker = Tracker::new();
        let (text, used) = self.environment.print(name, scope.names_for(&tracker), &tracker);
        if tracker.is_passed_over() {
            return Err(Failure::passed_over());
        }
        let text = Zeroizing::new(text.map_err(|failure| self.told(failure))?);
        Ok(Printed { text, reveals: tracker.finish(), used })
    }

    /// The text of the template `name`, and where each part of it comes from. It takes much longer
    /// than [`Engine::render`].
    ///
    /// Text that went through a filter, an operator or a block of `set` is told to come from where
    /// it was printed at last.
    ///
    /// # Errors
    /// As [`Engine::render`].
    pub fn trace(&self, name: &str, scope: &Scope) -> Result<(Zeroizing<String>, Vec<Piece>), Failure> {
        let tracker = Tracker::tracing();
        let traced = self.environment.trace(name, scope.names_for(&tracker), &tracker);
        let (text, mut pieces) = traced.map_err(|failure| self.told(failure))?;
        for at in pieces.iter_mut().flat_map(|piece| std::iter::once(&mut piece.at).chain(&mut piece.calls)) {
            at.source = self.sources.get(&at.template).copied();
        }
        Ok((Zeroizing::new(text), pieces))
    }

    /// The text of a template that is not kept, such as a path or a message.
    ///
    /// # Errors
    /// If it does not compile or cannot be rendered, pointing into `text`.
    pub fn render_text(&self, text: &str, scope: &Scope) -> Result<Printed, Failure> {
        let tracker = Tracker::new();
        let (text, used) = self.environment.print_text(text, scope.names_for(&tracker), &tracker);
        if tracker.is_passed_over() {
            return Err(Failure::passed_over());
        }
        let text = Zeroizing::new(text.map_err(|failure| self.told(failure))?);
        Ok(Printed { text, reveals: tracker.finish(), used })
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Whether an expression could change a list or a mapping that it is given: it, or the body of
    /// a function, names a method that does.
    pub(crate) fn may_change_values(&self, expression: &str) -> bool {
        self.has_changing_alias || names_change(expression)
    }

    /// The failure of a run. What is wrong with a template was said when it was added, and is not
    /// said again by those that need it.
    fn told(&self, failure: Failure) -> Failure {
        if failure.is_in(|template| self.is_broken(template)) {
            return Failure::passed_over();
        }
        self.located(failure)
    }

    fn located(&self, failure: Failure) -> Failure {
        failure.located(&|name| self.sources.get(name).copied())
    }
}

/// The methods of lists and mappings that change them.
const CHANGING: [&str; 11] = [
    "append",
    "clear",
    "extend",
    "insert",
    "pop",
    "popitem",
    "remove",
    "reverse",
    "setdefault",
    "sort",
    "update",
];

/// Whether a text names a method that changes a list or a mapping, in whatever way; filters of the
/// same names change nothing.
fn names_change(text: &str) -> bool {
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        let end = rest[start..].find(|it| !is_word(it)).map_or(rest.len(), |length| start + length);
        let is_filter = rest[..start].trim_end().ends_with('|');
        if CHANGING.contains(&&rest[start..end]) && !is_filter {
            return true;
        }
        rest = &rest[end..];
    }
    false
}

/// A function whose value is an expression over its parameters and the names in scope.
struct Alias {
    name: Arc<str>,
    params: Vec<String>,
    expression: String,
}

impl Alias {
    fn call(&self, context: &Arc<Context>, args: Args) -> kiln_python::Result<Py> {
        if args.positional.len() != self.params.len() || !args.keyword.is_empty() {
            let message = format!("`{}` takes {}", self.name, count(self.params.len()));
            return Err(Fault::type_error(message).coded("wrong-arguments").help(format!(
                "write `{}({})`",
                self.name,
                self.params.join(", ")
            )));
        }
        let names: IndexMap<Arc<str>, Py> =
            self.params.iter().map(|param| Arc::from(param.as_str())).zip(args.positional).collect();
        context.evaluate_with(&self.expression, names).map_err(|fault| {
            if fault.kind() == FaultKind::RecursionError { self.too_deep() } else { self.inside(fault) }
        })
    }

    /// Says that something happened inside of the function: its words are not the template's.
    fn inside(&self, fault: Fault) -> Fault {
        let note = format!("in the function `{}`", self.name);
        let fault = if fault.note_text().is_some() { fault } else { fault.note(note) };
        fault.said_in(&self.expression)
    }

    fn too_deep(&self) -> Fault {
        let message =
            format!("`{}` is called from within itself, or too many functions call each other", self.name);
        Fault::new(FaultKind::RecursionError, message)
            .coded("function-too-deep")
            .help("write functions that do not need themselves")
    }
}

fn count(number: usize) -> String {
    if number == 1 { "one argument".to_owned() } else { format!("{number} arguments") }
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
