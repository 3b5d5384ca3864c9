//! An environment as Jinja2 has it: settings, templates by name, global values.

use std::sync::Arc;

use kiln_python::{Fault, Py, UndefinedMode, meter};

use crate::failure::{Around, Evaluated, Failure};
use crate::lower::program::Function;
use crate::lower::{self, Problem};
use crate::runtime::context::{Context, Names, Run};
use crate::shared::Shared;
use crate::trace::Piece;
use crate::tracker::Tracker;
use crate::{Policies, Registry, Used};

/// Bounds on one render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps: one for each item that is made or gone through and for each 16 bytes of text that
    /// is made, ten for each call of a macro, block or include and more if that is long. The largest template of a real
    /// cluster takes some ten thousand.
    pub steps: u64,
    /// Bytes of printed text, that of macros, includes and captures counted where it is printed
    /// and where it is used.
    pub output: u64,
    /// How deep macros, blocks, includes and recursive loops may call each other.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 10_000_000, output: 256 * 1024 * 1024, depth: 300 }
    }
}

/// How an environment works; the default is Jinja2's.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Delimiters, white space, extensions.
    pub syntax: kiln_syntax::Options,
    /// What may be done with undefined values.
    pub undefined: UndefinedMode,
    /// Whether printed values are escaped for HTML.
    pub autoescape: bool,
    /// The settings of filters.
    pub policies: Policies,
    /// Whether `gettext` and its like are there and give their messages as they are.
    pub null_translations: bool,
    /// Whether `none` prints as `None`; if not, printing it is an error.
    pub prints_none: bool,
    /// Whether a template that is imported twice in a render runs once. Jinja2 keeps modules as
    /// long as it keeps templates: not at all if its cache has the size 0.
    pub keeps_modules: bool,
    /// Bounds on each render.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            syntax: kiln_syntax::Options::default(),
            undefined: UndefinedMode::Default,
            autoescape: false,
            policies: Policies::default(),
            null_translations: false,
            prints_none: true,
            keeps_modules: true,
            limits: Limits::default(),
        }
    }
}

/// Templates by name, and what they may use.
///
/// ```
/// use kiln_jinja::{Environment, Settings, python::Py};
///
/// let mut environment = Environment::new(Settings::default());
/// environment.add_source("greeting", "Hello {{ name|title }}!");
/// let text = environment.render("greeting", vec![("name".into(), Py::str("ada lovelace"))]).unwrap();
/// assert_eq!(text, "Hello Ada Lovelace!");
/// ```
pub struct Environment {
    shared: Arc<Shared>,
}

impl Environment {
    /// An environment without templates.
    pub fn new(settings: Settings) -> Environment {
        Environment { shared: Arc::new(Shared::new(settings)) }
    }

    /// Makes a template known. It is compiled when it is first needed.
    pub fn add_source(&mut self, name: &str, text: &str) {
        self.shared.add_source(name, text);
    }

    /// Sets what finds templates that were not added, by name. It is asked once for each name that
    /// it knows; an environment keeps its first loader.
    ///
    /// What it raises goes to whatever asked for the template.
    pub fn set_loader(
        &mut self,
        loader: impl Fn(&str) -> kiln_python::Result<Option<String>> + Send + Sync + 'static,
    ) {
        self.shared.set_loader(Box::new(loader));
    }

    /// The text of a template that was added or loaded.
    pub fn source(&self, name: &str) -> Option<Arc<str>> {
        self.shared.text(name)
    }

    /// Gives every template, modules without context among them, a value by name.
    pub fn add_global(&mut self, name: &str, value: Py) {
        self.shared.add_global(name, value);
    }

    /// What templates may use, to be asked and changed at any time.
    pub fn registry(&self) -> Registry {
        Registry::new(Arc::clone(&self.shared))
    }

    /// Compiles a template.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn compile(&self, name: &str) -> Result<(), Failure> {
        match self.shared.unit(name) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(Failure::no_template(name)),
            Err(fault) => Err(Failure::of(&fault, &self.around(&[], false))),
        }
    }

    /// Does beforehand what rendering a template would begin with; whatever is wrong with it is
    /// said when it is rendered.
    pub fn prepare(&self, name: &str) {
        let Ok(Some(unit)) = self.shared.unit(name) else { return };
        for function in &unit.functions {
            // The engine keeps what it compiled.
            let _ = self.shared.engine().get_template(&function.name);
        }
    }

    /// Compiles a template, and has the engine compile every program that it became.
    ///
    /// # Errors
    /// What the engine says; not, however, what is wrong with the template.
    #[cfg(fuzzing)]
    pub fn check_programs(&self, name: &str) -> Result<(), String> {
        let Ok(Some(unit)) = self.shared.unit(name) else { return Ok(()) };
        let compile = |function: &Function| self.shared.engine().get_template(&function.name).map(drop);
        unit.functions.iter().try_for_each(compile).map_err(|error| format!("{error:#}"))
    }

    /// The text of a template with these values.
    ///
    /// # Errors
    /// If there is no such template, it is broken, or it fails.
    pub fn render(&self, name: &str, variables: Vec<(String, Py)>) -> Result<String, Failure> {
        let tracker = Tracker::new();
        self.print(name, Box::new(Variables(variables)), &tracker).0
    }

    /// Whether a text is an expression.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check_expression(&self, expression: &str) -> Result<(), Failure> {
        self.lower(expression).map(drop)
    }

    /// The value of an expression with these values.
    ///
    /// # Errors
    /// If it is none, or fails.
    pub fn evaluate_expression(&self, expression: &str, variables: Vec<(String, Py)>) -> Result<Py, Failure> {
        self.evaluate(expression, Box::new(Variables(variables)), &Tracker::new()).0
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// The text of a template over names, and what it used.
    pub(crate) fn print(
        &self,
        name: &str,
        names: Box<dyn Names>,
        tracker: &Arc<Tracker>,
    ) -> (Result<String, Failure>, Used) {
        let unit = match self.shared.unit(name) {
            Ok(Some(unit)) => unit,
            Ok(None) => return (Err(Failure::no_template(name)), Used::default()),
            Err(fault) => return (Err(Failure::of(&fault, &self.around(&[], false))), Used::default()),
        };
        self.run(names, tracker, |run| {
            let text = Context::new(run, &unit, true).run_function(&unit, 0, Vec::new());
            text.map_err(|fault| Failure::of(&fault, &self.around(&run.names(), tracker.is_revealing())))
        })
    }

    /// The text of a template over names, and where each part of it comes from.
    pub(crate) fn trace(
        &self,
        name: &str,
        names: Box<dyn Names>,
        tracker: &Arc<Tracker>,
    ) -> Result<(String, Vec<Piece>), Failure> {
        let marked = Environment { shared: Arc::new(self.shared.marked()) };
        let text = marked.print(name, names, tracker).0?;
        let pieces = tracker.trace().map(|trace| trace.pieces(&|name| self.shared.text(name)));
        Ok((text, pieces.unwrap_or_default()))
    }

    /// The text of a template that has no name.
    pub(crate) fn print_text(
        &self,
        text: &str,
        names: Box<dyn Names>,
        tracker: &Arc<Tracker>,
    ) -> (Result<String, Failure>, Used) {
        self.print(&self.shared.add_text(text), names, tracker)
    }

    /// The value of an expression over names, and what it used.
    pub(crate) fn evaluate(
        &self,
        expression: &str,
        names: Box<dyn Names>,
        tracker: &Arc<Tracker>,
    ) -> (Result<Py, Failure>, Used) {
        let function = match self.lower(expression) {
            Ok(function) => function,
            Err(failure) => return (Err(failure), Used::default()),
        };
        self.run(names, tracker, |run| {
            let context = Context::new(run, &lower::no_unit(), true);
            let value = context.evaluate(&function);
            value.map_err(|fault| self.failure(&fault, expression, &function, &run.names(), tracker))
        })
    }

    /// What a fault in an expression is to those who wrote it.
    pub(crate) fn failure(
        &self,
        fault: &Fault,
        expression: &str,
        function: &Function,
        names: &[String],
        tracker: &Tracker,
    ) -> Failure {
        let evaluated = Evaluated { text: expression, function };
        let around = self.around(names, tracker.is_revealing());
        Failure::of(fault, &Around { expression: Some(evaluated), ..around })
    }

    /// An expression, lowered.
    pub(crate) fn lower(&self, expression: &str) -> Result<Arc<Function>, Failure> {
        // A failed lowering names at least one problem.
        let first =
            |problems: Vec<Problem>| problems.first().map_or_else(Failure::passed_over, Failure::problem);
        self.shared.expression(expression).map_err(first)
    }

    fn around<'a>(&'a self, names: &'a [String], discreet: bool) -> Around<'a> {
        Around { shared: &self.shared, expression: None, names, discreet }
    }

    fn run<T>(
        &self,
        names: Box<dyn Names>,
        tracker: &Arc<Tracker>,
        work: impl FnOnce(&Arc<Run>) -> Result<T, Failure>,
    ) -> (Result<T, Failure>, Used) {
        let limits = self.shared.settings.limits;
        let _meter = meter::Meter::start(limits.steps, limits.output);
        let run = Run::new(Arc::clone(&self.shared), names, Arc::clone(tracker));
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&run)));
        let used = Used {
            names: run.used(),
            templates: tracker.templates(),
            macros: tracker.macros(),
            lookups: tracker.lookups(),
        };
        run.finish();
        (result.unwrap_or_else(|_| Err(Failure::panic())), used)
    }
}

/// Values by name.
struct Variables(Vec<(String, Py)>);

impl Names for Variables {
    fn get(&self, name: &str) -> Option<Py> {
        self.0.iter().rev().find(|(it, _)| it == name).map(|(_, value)| value.clone())
    }

    fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }
}
