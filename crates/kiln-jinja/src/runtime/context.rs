//! Where names are looked up, and what one render shares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use kiln_python::{Fault, FaultKind, Origin, Py, Result, Undefined, UndefinedMode, meter};
use minijinja::value::{Object, Value};
use minijinja::{Error, ErrorKind, Expression, Template};

use super::bridge::{before_last, caught, to_py, to_value};
use super::modules::Module;
use super::passed;
use crate::Policies;
use crate::ambient::{Ambient, Filter, Test};
use crate::lower::program::{Function, Unit};
use crate::shared::{Globals, Shared};
use crate::trace::Recorder;
use crate::tracker::Tracker;
use crate::tree;

/// Room on the stack that one call of a program may need, and what is added when it is short.
const RED_ZONE: usize = 256 * 1024;
const STACK_PIECE: usize = 4 * 1024 * 1024;

/// What a render is given: values by name.
pub(crate) trait Names: Send + Sync {
    /// The value of a name.
    fn get(&self, name: &str) -> Option<Py>;

    /// All names.
    fn names(&self) -> Vec<String>;
}

/// One render, or one evaluation of an expression.
pub(crate) struct Run {
    pub(crate) shared: Arc<Shared>,
    pub(crate) tracker: Arc<Tracker>,
    /// The global values as they were when the run began.
    globals: Globals,
    names: Box<dyn Names>,
    seen: Mutex<BTreeMap<Arc<str>, Option<Py>>>,
    depth: AtomicUsize,
    random: AtomicUsize,
    pub(super) modules: Mutex<BTreeMap<Arc<str>, Arc<Module>>>,
    pub(super) scratch: Mutex<BTreeMap<usize, Value>>,
    contexts: Mutex<Vec<Arc<Context>>>,
}

impl Run {
    /// A run over names.
    pub(crate) fn new(shared: Arc<Shared>, names: Box<dyn Names>, tracker: Arc<Tracker>) -> Arc<Run> {
        Arc::new(Run {
            globals: shared.own_globals(),
            shared,
            tracker,
            names,
            seen: Mutex::default(),
            depth: AtomicUsize::new(0),
            random: AtomicUsize::new(0),
            modules: Mutex::default(),
            scratch: Mutex::default(),
            contexts: Mutex::default(),
        })
    }

    /// Ends the run: what it made is let go, although macros and contexts hold each other.
    pub(crate) fn finish(&self) {
        for context in lock(&self.contexts).drain(..) {
            lock(&context.vars).clear();
        }
        lock(&self.modules).clear();
        lock(&self.scratch).clear();
        lock(&self.seen).clear();
    }

    /// Begins the next of several evaluations, which sees nothing of the one before.
    pub(crate) fn begin_again(&self) {
        self.random.store(0, Ordering::Relaxed);
        lock(&self.scratch).clear();
        // A wrong value says so when it is looked up.
        if self.tracker.is_passed_over() {
            lock(&self.seen).retain(|_, value| !value.as_ref().is_some_and(tree::is_wrong));
        }
        self.tracker.begin_again();
    }

    /// Forgets the value of a name, which has another one now.
    pub(crate) fn forget(&self, name: &str) {
        lock(&self.seen).remove(name);
    }

    /// The value of a name that the run was given, if it was looked up.
    pub(crate) fn seen(&self, name: &str) -> Option<Py> {
        lock(&self.seen).get(name)?.clone()
    }

    /// Takes over the values of names that another run has looked up.
    pub(crate) fn take_over(&self, other: &Run, is_wanted: &dyn Fn(&str) -> bool) {
        let known = lock(&other.seen);
        let wanted = known.iter().filter(|(name, _)| is_wanted(name));
        lock(&self.seen).extend(wanted.map(|(name, value)| (Arc::clone(name), value.clone())));
    }

    /// All names that the run was given.
    pub(crate) fn names(&self) -> Vec<String> {
        self.names.names()
    }

    /// The names that were looked up and found among what the run was given.
    pub(crate) fn used(&self) -> Vec<Arc<str>> {
        lock(&self.seen)
            .iter()
            .filter(|(_, value)| value.is_some())
            .map(|(name, _)| Arc::clone(name))
            .collect()
    }

    /// The value of a name that the run was given: the same on every look.
    fn variable(&self, name: &str) -> Option<Py> {
        let mut seen = lock(&self.seen);
        if let Some(value) = seen.get(name) {
            return value.clone();
        }
        let value = self.names.get(name);
        seen.insert(name.into(), value.clone());
        value
    }
}

/// A block that a template has, or inherits.
#[derive(Clone)]
pub(crate) struct BlockFunction {
    pub(crate) unit: Arc<Unit>,
    pub(crate) number: usize,
}

/// Names of an including template, of what included that, and so on.
struct Layer {
    names: IndexMap<Arc<str>, Py>,
    next: Option<Arc<Layer>>,
}

/// The context of a template: where its names are looked up, and what it exports.
pub(crate) struct Context {
    pub(crate) run: Arc<Run>,
    pub(crate) unit: Arc<Unit>,
    vars: Mutex<IndexMap<Arc<str>, Py>>,
    exported: Mutex<BTreeSet<Arc<str>>>,
    outer: Option<Arc<Layer>>,
    /// Whether the variables of the render are seen, or only globals.
    sees_variables: bool,
    blocks: Mutex<BTreeMap<Arc<str>, Vec<BlockFunction>>>,
    autoescape: Arc<AtomicBool>,
}

impl Context {
    /// The context of a template that stands alone: the rendered one, or a module without context.
    pub(crate) fn new(run: &Arc<Run>, unit: &Arc<Unit>, sees_variables: bool) -> Arc<Context> {
        let autoescape = run.shared.settings.autoescape;
        Context::make(run, unit, None, sees_variables, own_blocks(unit), AtomicBool::new(autoescape).into())
    }

    fn make(
        run: &Arc<Run>,
        unit: &Arc<Unit>,
        outer: Option<Arc<Layer>>,
        sees_variables: bool,
        blocks: BTreeMap<Arc<str>, Vec<BlockFunction>>,
        autoescape: Arc<AtomicBool>,
    ) -> Arc<Context> {
        let context = Arc::new(Context {
            run: Arc::clone(run),
            unit: Arc::clone(unit),
            vars: Mutex::default(),
            exported: Mutex::default(),
            outer,
            sees_variables,
            blocks: Mutex::new(blocks),
            autoescape,
        });
        lock(&run.contexts).push(Arc::clone(&context));
        context
    }

    /// The context of another template that sees all names of this one, and `locals` over them.
    pub(super) fn included(&self, unit: &Arc<Unit>, locals: IndexMap<Arc<str>, Py>) -> Arc<Context> {
        let autoescape = AtomicBool::new(self.run.shared.settings.autoescape);
        let outer = Some(self.layer(locals));
        Context::make(&self.run, unit, outer, self.sees_variables, own_blocks(unit), autoescape.into())
    }

    /// A context of the same template, with more names: that of a scoped block.
    pub(super) fn derived(&self, locals: IndexMap<Arc<str>, Py>) -> Arc<Context> {
        let blocks = lock(&self.blocks).clone();
        let outer = Some(self.layer(locals));
        let autoescape = Arc::clone(&self.autoescape);
        Context::make(&self.run, &self.unit, outer, self.sees_variables, blocks, autoescape)
    }

    fn layer(&self, locals: IndexMap<Arc<str>, Py>) -> Arc<Layer> {
        let mut names = lock(&self.vars).clone();
        names.extend(locals);
        Arc::new(Layer { names, next: self.outer.clone() })
    }

    /// The value of a name.
    pub(crate) fn find(&self, name: &str) -> Option<Py> {
        if let Some(value) = lock(&self.vars).get(name) {
            return Some(value.clone());
        }
        let mut layer = self.outer.as_deref();
        while let Some(it) = layer {
            if let Some(value) = it.names.get(name) {
                return Some(value.clone());
            }
            layer = it.next.as_deref();
        }
        let variable = self.sees_variables.then(|| self.run.variable(name)).flatten();
        variable
            .or_else(|| self.globals().get(name).cloned())
            .or_else(|| self.run.shared.builtin_global(name))
    }

    /// The value of a name, or an undefined value of that name.
    pub(crate) fn resolve(&self, name: &str) -> Py {
        self.find(name).unwrap_or_else(|| {
            Py::Undefined(Arc::new(Undefined::name(self.run.shared.settings.undefined, name)))
        })
    }

    /// Gives a name of the template a value.
    pub(crate) fn remember(&self, name: &str, value: Py, is_exported: bool) {
        lock(&self.vars).insert(name.into(), value);
        let mut exported = lock(&self.exported);
        if is_exported && !name.starts_with('_') {
            exported.insert(name.into());
        } else {
            exported.remove(name);
        }
    }

    /// Gives a name a value that it has for a while.
    pub(crate) fn lend(&self, name: &Arc<str>, value: Py) {
        lock(&self.vars).insert(Arc::clone(name), value);
    }

    /// Takes a name of the template away again.
    pub(crate) fn drop_name(&self, name: &str) {
        lock(&self.vars).swap_remove(name);
    }

    /// What the template exports.
    pub(super) fn exports(&self) -> IndexMap<Arc<str>, Py> {
        let vars = lock(&self.vars);
        let exported = lock(&self.exported);
        exported.iter().filter_map(|name| Some((Arc::clone(name), vars.get(name)?.clone()))).collect()
    }

    /// The globals that are seen here: a module sees them as they are when it is made.
    fn globals(&self) -> Globals {
        if self.sees_variables { Arc::clone(&self.run.globals) } else { self.run.shared.own_globals() }
    }

    /// All names with their values.
    pub(super) fn all(&self) -> IndexMap<Arc<str>, Py> {
        let mut all = self.inherited();
        all.extend(self.own());
        all
    }

    /// What the template itself gave a name at its top level.
    pub(super) fn own(&self) -> IndexMap<Arc<str>, Py> {
        lock(&self.vars).clone()
    }

    /// The names that the template was given, with their values.
    pub(super) fn inherited(&self) -> IndexMap<Arc<str>, Py> {
        let mut all: IndexMap<Arc<str>, Py> = self.run.shared.globals_with(&self.globals());
        if self.sees_variables {
            for name in self.run.names.names() {
                if let Some(value) = self.run.variable(&name) {
                    all.insert(name.into(), value);
                }
            }
        }
        let mut layers = Vec::new();
        let mut layer = self.outer.as_deref();
        while let Some(it) = layer {
            layers.push(it);
            layer = it.next.as_deref();
        }
        for layer in layers.into_iter().rev() {
            all.extend(layer.names.clone());
        }
        all
    }

    /// The functions of a block: that of the youngest child first.
    pub(super) fn block(&self, name: &str) -> Vec<BlockFunction> {
        lock(&self.blocks).get(name).cloned().unwrap_or_default()
    }

    /// Adds the blocks of a parent.
    pub(super) fn inherit(&self, parent: &Arc<Unit>) {
        let mut blocks = lock(&self.blocks);
        for (name, functions) in own_blocks(parent) {
            blocks.entry(name).or_default().extend(functions);
        }
    }

    /// Switches escaping; gives whether it was on.
    pub(super) fn set_autoescape(&self, on: bool) -> bool {
        self.autoescape.swap(on, Ordering::Relaxed)
    }

    /// Runs a function of a template in this context.
    ///
    /// # Errors
    /// What it raises; if calls are nested too deep.
    pub(crate) fn run_function(
        self: &Arc<Self>,
        unit: &Arc<Unit>,
        number: usize,
        given: Vec<(Arc<str>, Value)>,
    ) -> Result<String> {
        let _level = Level::enter(&self.run)?;
        let function = &unit.functions[number];
        meter::charge(10 + function.source.len() / 256)?;
        let running = Running { context: Arc::clone(self), unit: Arc::clone(unit) };
        let root = Root { running: Value::from_object(running), given, shared: Arc::clone(&self.run.shared) };
        let root = Value::from_object(root);
        stacker::maybe_grow(RED_ZONE, STACK_PIECE, || {
            let template = self.run.shared.engine().get_template(&function.name)?;
            if self.run.tracker.trace().is_some() {
                self.record(&template, root)
            } else {
                template.render(root)
            }
        })
        .map_err(caught)
    }

    /// Renders, and notes where each part of the text comes from.
    fn record(&self, template: &Template<'_, '_>, root: Value) -> Result<String, Error> {
        let mut recorder = Recorder::new(&self.run.tracker);
        template.render_captured_to(root, &mut recorder)?;
        let (text, parts) = recorder.finish();
        if let Some(mut trace) = self.run.tracker.trace() {
            trace.finish(&text, parts);
        }
        Ok(text)
    }
}

impl Context {
    /// The value of an expression in this context.
    ///
    /// # Errors
    /// What it raises; if calls are nested too deep.
    pub(crate) fn evaluate(self: &Arc<Self>, expression: &Function) -> Result<Py> {
        self.value_of(|root| self.run.shared.engine().compile_expression(&expression.source)?.eval(root))
    }

    /// The value of an expression that the engine has compiled before.
    ///
    /// # Errors
    /// As [`Context::evaluate`].
    pub(crate) fn evaluate_compiled(self: &Arc<Self>, expression: &Expression<'_, '_>) -> Result<Py> {
        self.value_of(|root| expression.eval(root))
    }

    fn value_of(self: &Arc<Self>, eval: impl FnOnce(Value) -> Result<Value, Error>) -> Result<Py> {
        let _level = Level::enter(&self.run)?;
        meter::charge(10)?;
        let running = Running { context: Arc::clone(self), unit: Arc::clone(&self.unit) };
        let shared = Arc::clone(&self.run.shared);
        let root = Root { running: Value::from_object(running), given: Vec::new(), shared };
        let root = Value::from_object(root);
        let value = stacker::maybe_grow(RED_ZONE, STACK_PIECE, || eval(root));
        value.map(|value| to_py(&value).unwrap_or(Py::None)).map_err(caught)
    }

    /// The value of an expression that also sees `names`: the body of a function alias.
    ///
    /// # Errors
    /// As [`Context::evaluate`]; if it is no expression.
    pub(crate) fn evaluate_with(
        self: &Arc<Self>,
        expression: &str,
        names: IndexMap<Arc<str>, Py>,
    ) -> Result<Py> {
        let function = self.run.shared.expression(expression).map_err(|problems| {
            let message = problems.first().map_or("this is no expression", |problem| &problem.message);
            Fault::new(FaultKind::TemplateRuntimeError, message)
        })?;
        // Places in the function would be taken for places in what calls it.
        self.derived(names).evaluate(&function).map_err(|fault| before_last(&fault).unwrap_or(fault))
    }
}

fn own_blocks(unit: &Arc<Unit>) -> BTreeMap<Arc<str>, Vec<BlockFunction>> {
    let function = |number: &usize| vec![BlockFunction { unit: Arc::clone(unit), number: *number }];
    unit.blocks.iter().map(|(name, number)| (Arc::clone(name), function(number))).collect()
}

/// A poisoned lock guards nothing that a panic could have torn: each change is one insertion.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A call that is under way.
struct Level<'a>(&'a Run);

impl Level<'_> {
    fn enter(run: &Run) -> Result<Level<'_>> {
        let depth = run.depth.fetch_add(1, Ordering::Relaxed);
        let level = Level(run);
        if depth < run.shared.settings.limits.depth {
            return Ok(level);
        }
        let most = run.shared.settings.limits.depth;
        let message = format!("more than {most} macros, includes, blocks or loops run inside each other");
        Err(Fault::new(FaultKind::RecursionError, message)
            .coded("too-deep")
            .help("give the recursion an end"))
    }
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.depth.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The variables with which a program begins.
struct Root {
    running: Value,
    given: Vec<(Arc<str>, Value)>,
    shared: Arc<Shared>,
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if key == "c" {
            return Some(self.running.clone());
        }
        let given = self.given.iter().find(|(name, _)| **name == *key).map(|(_, value)| value);
        // The engine knows the runtime functions, too, and would look longer for them.
        given.or_else(|| self.shared.function(key)).cloned()
    }
}

impl std::fmt::Debug for Root {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<root>")
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<context>")
    }
}

/// A template that runs in a context: what programs pass to runtime functions as `c`. It may be
/// another template than the context's: a parent runs in the context of its child.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) context: Arc<Context>,
    pub(super) unit: Arc<Unit>,
}

impl Object for Running {}

impl Ambient for Context {
    fn undefined_mode(&self) -> UndefinedMode {
        self.run.shared.settings.undefined
    }

    fn autoescape(&self) -> bool {
        self.autoescape.load(Ordering::Relaxed)
    }

    fn policies(&self) -> Arc<Policies> {
        self.run.shared.policies()
    }

    fn passed(self: Arc<Self>, what: &str) -> Result<Py> {
        Ok(passed::passed(self, what))
    }

    fn newline_sequence(&self) -> &str {
        &self.run.shared.settings.syntax.newline_sequence
    }

    fn filter(&self, name: &str) -> Option<Filter> {
        self.run.shared.filter(name)
    }

    fn test(&self, name: &str) -> Option<Test> {
        self.run.shared.test(name)
    }

    fn filter_names(&self) -> Vec<Arc<str>> {
        self.run.shared.filter_names()
    }

    fn test_names(&self) -> Vec<Arc<str>> {
        self.run.shared.test_names()
    }

    /// A small linear congruential generator: the filter is for variety, not for secrets, and the
    /// same template shall give the same text on every run.
    fn random_below(&self, bound: usize) -> usize {
        let step = |seed: usize| {
            Some(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
        };
        let seed =
            self.run.random.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).unwrap_or_default();
        (seed >> 33) % bound.max(1)
    }
}

/// An undefined value with a reason in words, and how to mend it.
pub(super) fn undefined(mode: UndefinedMode, hint: impl Into<Arc<str>>, help: impl Into<Arc<str>>) -> Py {
    Py::Undefined(Arc::new(Undefined { mode, origin: Origin::Hint { text: hint.into(), help: help.into() } }))
}

/// The template and context that a program passes to a runtime function.
pub(super) fn running(value: &Value) -> Result<&Running, Error> {
    // Programs are written by this crate and always pass it.
    value.downcast_object_ref().ok_or_else(|| Error::from(ErrorKind::InvalidOperation))
}

/// The context that a program passes to a runtime function.
pub(super) fn context(value: &Value) -> Result<Arc<Context>, Error> {
    running(value).map(|running| Arc::clone(&running.context))
}

/// Our values as the engine's, with their names.
pub(super) fn given(
    names: &[Arc<str>],
    values: impl IntoIterator<Item = Option<Py>>,
) -> Vec<(Arc<str>, Value)> {
    let values = values.into_iter().map(|value| value.map_or(Value::UNDEFINED, to_value));
    names.iter().cloned().zip(values).collect()
}
