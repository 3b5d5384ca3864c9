//! Loops and their loop objects.

use std::any::Any;
use std::sync::{Arc, Mutex};

use kiln_python::{Args, Fault, Object, Py, PyIter, Result, UndefinedMode, meter};
use minijinja::value::{Rest, Value};
use minijinja::{Environment, Error};

use super::bridge::{Boxed, given, lowered, raise, to_value};
use super::context::{Context, Running, context, lock, running, undefined};
use crate::ambient::Ambient;
use crate::lower::program::Unit;

pub(super) fn register(engine: &mut Environment<'static>) {
    engine.add_function("iterate", |c: &Value, weight: usize, iter: &Value, test: &Value| {
        let context = context(c)?;
        let inner = test.downcast_object_ref::<Shared>().map(|test| &test.0);
        lowered(LoopContext::begin(&context, given(iter), weight, inner.cloned(), Recursion::default()))
    });
    engine.add_function("loop_test", |c: &Value, number: usize, cells: Rest<Value>| {
        Ok::<_, Error>(Value::from_object(Shared(Nested::new(running(c)?, number, &cells))))
    });
    engine.add_function(
        "iterate_again",
        |c: &Value, weight: usize, iter: &Value, test: &Value, around: &Value| {
            let context = context(c)?;
            let inner = test.downcast_object_ref::<Shared>().map(|test| &test.0);
            let recursion =
                around.downcast_object_ref::<Around>().map(|around| around.0.clone()).unwrap_or_default();
            lowered(LoopContext::begin(&context, given(iter), weight, inner.cloned(), recursion))
        },
    );
    engine.add_function("recurse", |c: &Value, number: usize, iter: &Value, cells: Rest<Value>| {
        let body = Nested::new(running(c)?, number, &cells);
        lowered(Recursion { body: Some(body), depth: 0 }.run(given(iter)))
    });
    engine.add_function("next_item", |it: &Value| lowered(with_loop(it, |it| it.item())));
    engine.add_function("completed", |it: &Value| with_state(it, |state| state.is_completed = true));
    engine.add_function("is_completed", |it: &Value| with_state(it, |state| state.is_completed));
    engine
        .add_function("leave", |it: &Value, how: &str| with_state(it, |state| state.left = Some(how.into())));
    engine.add_function("is_left", |it: &Value| with_state(it, |state| state.left.is_some()));
    engine.add_function("is_left_by", |it: &Value, how: &str| {
        with_state(it, |state| state.left.as_deref() == Some(how))
    });
}

fn with_state<T>(value: &Value, read: impl FnOnce(&mut State) -> T) -> Result<T, Error> {
    with_loop(value, |it| Ok(read(&mut lock(&it.state)))).map_err(raise)
}

fn with_loop<T>(value: &Value, read: impl FnOnce(&LoopContext) -> Result<T>) -> Result<T> {
    let boxed = value.downcast_object_ref::<Boxed>();
    match boxed.and_then(|boxed| boxed.0.downcast::<LoopContext>()) {
        Some(it) => read(it),
        // Programs are written by this crate and always pass one.
        None => Err(Fault::type_error("this is no loop")),
    }
}

/// A function of a template together with the cells that it shares.
#[derive(Clone)]
pub(super) struct Nested {
    pub(super) context: Arc<Context>,
    pub(super) unit: Arc<Unit>,
    pub(super) number: usize,
    pub(super) cells: Vec<(Arc<str>, Value)>,
}

impl Nested {
    /// The function of that number, in the template that runs; `cells` are names and cells.
    pub(super) fn new(running: &Running, number: usize, cells: &[Value]) -> Nested {
        let cells = cells.chunks_exact(2);
        Nested {
            context: Arc::clone(&running.context),
            unit: Arc::clone(&running.unit),
            number,
            cells: cells.map(|pair| (pair[0].to_str().unwrap_or_default(), pair[1].clone())).collect(),
        }
    }

    pub(super) fn run(&self, given: impl IntoIterator<Item = (Arc<str>, Value)>) -> Result<String> {
        let given = given.into_iter().chain(self.cells.iter().cloned()).collect();
        self.context.run_function(&self.unit, self.number, given)
    }
}

/// A nested function on its way through a program.
struct Shared(Nested);

/// The recursion of a loop on its way through a program.
struct Around(Recursion);

macro_rules! opaque {
    ($name:ident) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("<function>")
            }
        }

        impl minijinja::value::Object for $name {}
    };
}

opaque!(Shared);
opaque!(Around);

/// How a loop calls itself.
#[derive(Clone, Default)]
struct Recursion {
    body: Option<Nested>,
    depth: usize,
}

impl Recursion {
    /// Prints the loop for what `iter` goes through.
    fn run(&self, iter: Py) -> Result<Py> {
        let Some(body) = &self.body else {
            return Err(Fault::type_error("this loop is not recursive").help("write `for … recursive`"));
        };
        let around = Value::from_object(Around(self.clone()));
        let text = body.run([("passed".into(), to_value(iter)), ("around".into(), around)])?;
        Ok(if body.context.autoescape() { Py::Markup(text.into()) } else { Py::str(text) })
    }
}

/// The loop object: `loop` in a template, and what moves the engine's loop on.
pub(super) struct LoopContext {
    iterable: Py,
    mode: UndefinedMode,
    weight: usize,
    recursion: Recursion,
    state: Mutex<State>,
}

struct State {
    /// Taken out while it is asked for an item: making one may run a template's own code.
    iter: Option<PyIter>,
    index0: i64,
    before: Option<Py>,
    current: Option<Py>,
    after: Option<Py>,
    length: Option<usize>,
    changed: Option<Vec<Py>>,
    fault: Option<Fault>,
    is_completed: bool,
    left: Option<Box<str>>,
}

impl LoopContext {
    /// The loop object, if the value is one.
    pub(super) fn of(value: &Py) -> Option<Arc<LoopContext>> {
        let Py::Object(object) = value else { return None };
        (Arc::clone(object) as Arc<dyn Any + Send + Sync>).downcast().ok()
    }

    fn begin(
        context: &Arc<Context>,
        iterable: Py,
        weight: usize,
        test: Option<Nested>,
        recursion: Recursion,
    ) -> Result<Py> {
        let iter = iterable.iter()?;
        let (iterable, iter) = match test {
            None => (iterable, iter),
            Some(test) => (Py::None, Box::new(Tested { iter, test }) as PyIter),
        };
        Ok(Py::object(LoopContext {
            iterable,
            mode: context.undefined_mode(),
            weight,
            recursion,
            state: Mutex::new(State {
                iter: Some(iter),
                index0: -1,
                before: None,
                current: None,
                after: None,
                length: None,
                changed: None,
                fault: None,
                is_completed: false,
                left: None,
            }),
        }))
    }

    /// One tick for each item, as the engine asks for them.
    pub(super) fn ticks(self: Arc<Self>) -> impl Iterator<Item = Value> + Send + Sync {
        std::iter::from_fn(move || self.advance().then_some(Value::UNDEFINED))
    }

    /// Goes to the next item; whether there is one, or something that was raised instead.
    fn advance(&self) -> bool {
        let peeked = lock(&self.state).after.take();
        let next = match peeked {
            Some(item) => Ok(Some(item)),
            None => self.pull(),
        };
        let charged = meter::charge(1).and_then(|()| meter::print(self.weight));
        let mut state = lock(&self.state);
        match charged.and(next) {
            Ok(Some(item)) => {
                state.index0 += 1;
                state.before = state.current.replace(item);
                state.left = None;
                true
            }
            Ok(None) => false,
            Err(fault) => {
                state.fault = Some(fault);
                true
            }
        }
    }

    fn pull(&self) -> Result<Option<Py>> {
        let Some(mut iter) = lock(&self.state).iter.take() else {
            return Err(Fault::value_error("the loop is asked for an item while it makes one"));
        };
        let next = iter.next().transpose();
        lock(&self.state).iter = Some(iter);
        next
    }

    /// The item of this round.
    fn item(&self) -> Result<Py> {
        let mut state = lock(&self.state);
        match state.fault.take() {
            Some(fault) => Err(fault),
            None => Ok(state.current.clone().unwrap_or(Py::None)),
        }
    }

    fn peek(&self) -> Result<Option<Py>> {
        if let Some(item) = &lock(&self.state).after {
            return Ok(Some(item.clone()));
        }
        let next = self.pull()?;
        lock(&self.state).after.clone_from(&next);
        Ok(next)
    }

    fn length(&self) -> Result<usize> {
        if let Some(length) = lock(&self.state).length {
            return Ok(length);
        }
        let is_sized = !matches!(self.iterable, Py::None);
        let length = match self.iterable.len() {
            Ok(length) if is_sized => length,
            _ => {
                let mut rest = Vec::new();
                while let Some(item) = self.pull()? {
                    meter::charge(1)?;
                    rest.push(item);
                }
                let mut state = lock(&self.state);
                let length = rest.len() + index(&state) + usize::from(state.after.is_some());
                state.iter = Some(Box::new(rest.into_iter().map(Ok)));
                length
            }
        };
        lock(&self.state).length = Some(length);
        Ok(length)
    }

    fn undefined(&self, hint: &str, help: &str) -> Py {
        undefined(self.mode, hint, help)
    }

    fn previous(&self) -> Py {
        let state = lock(&self.state);
        match &state.before {
            Some(item) if state.index0 != 0 => item.clone(),
            _ => self.undefined("there is no previous item", "test `loop.first` before"),
        }
    }

    fn cycle(&self, args: &[Py]) -> Result<Py> {
        if args.is_empty() {
            let fault = Fault::type_error("there are no values to cycle through");
            return Err(fault.help("write `loop.cycle('a', 'b')`"));
        }
        let at = index(&lock(&self.state)).saturating_sub(1) % args.len();
        Ok(args[at].clone())
    }

    fn has_changed(&self, args: Vec<Py>) -> Result<bool> {
        let last = lock(&self.state).changed.clone();
        let new = Py::tuple(args.clone());
        let is_same = match last {
            Some(last) => Py::tuple(last).equals(&new)?,
            None => false,
        };
        if !is_same {
            lock(&self.state).changed = Some(args);
        }
        Ok(!is_same)
    }

    fn number(&self, name: &str) -> Result<Option<i64>> {
        let index = index(&lock(&self.state)) as i64;
        Ok(Some(match name {
            "index" => index,
            "index0" => index - 1,
            "revindex" => self.length()? as i64 - index + 1,
            "revindex0" => self.length()? as i64 - index,
            "length" => self.length()? as i64,
            "depth" => self.recursion.depth as i64 + 1,
            "depth0" => self.recursion.depth as i64,
            _ => return Ok(None),
        }))
    }
}

/// The attributes of a loop object.
const ATTRIBUTES: [&str; 13] = [
    "changed",
    "cycle",
    "depth",
    "depth0",
    "first",
    "index",
    "index0",
    "last",
    "length",
    "nextitem",
    "previtem",
    "revindex",
    "revindex0",
];

/// How many items were begun.
fn index(state: &State) -> usize {
    usize::try_from(state.index0 + 1).unwrap_or(0)
}

impl Object for LoopContext {
    fn type_name(&self) -> &str {
        "LoopContext"
    }

    fn module(&self) -> &str {
        "jinja2.runtime"
    }

    fn repr(&self) -> Result<String> {
        let index = index(&lock(&self.state));
        Ok(format!("<LoopContext {index}/{}>", self.length()?))
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        if let Some(number) = self.number(name)? {
            return Ok(Some(Py::Int(number)));
        }
        Ok(Some(match name {
            "first" => Py::Bool(lock(&self.state).index0 == 0),
            "last" => Py::Bool(self.peek()?.is_none()),
            "previtem" => self.previous(),
            "nextitem" => self
                .peek()?
                .unwrap_or_else(|| self.undefined("there is no next item", "test `loop.last` before")),
            "cycle" | "changed" => {
                Py::object(LoopMethod { it: Arc::clone(&self), is_cycle: name == "cycle" })
            }
            _ => return Ok(None),
        }))
    }

    fn attr_names(&self) -> Vec<Arc<str>> {
        ATTRIBUTES.map(Arc::from).to_vec()
    }

    fn len(&self) -> Option<Result<usize>> {
        Some(self.length())
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        let [iter] = args.bind("loop", ["iterable"])?;
        let recursion = Recursion { depth: self.recursion.depth + 1, ..self.recursion.clone() };
        recursion.run(kiln_python::required(iter, "loop", "iterable")?)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `loop.cycle` or `loop.changed`.
struct LoopMethod {
    it: Arc<LoopContext>,
    is_cycle: bool,
}

impl Object for LoopMethod {
    fn type_name(&self) -> &str {
        "method"
    }

    fn is_callable(&self) -> bool {
        true
    }

    fn call(&self, args: Args) -> Result<Py> {
        if let Some((name, _)) = args.keyword.first() {
            let function = if self.is_cycle { "loop.cycle" } else { "loop.changed" };
            return Err(kiln_python::no_parameter(function, name, []));
        }
        if self.is_cycle {
            return self.it.cycle(&args.positional);
        }
        self.it.has_changed(args.positional).map(Py::Bool)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The items for which the test of a loop holds.
struct Tested {
    iter: PyIter,
    test: Nested,
}

impl Iterator for Tested {
    type Item = Result<Py>;

    fn next(&mut self) -> Option<Result<Py>> {
        loop {
            let item = match self.iter.next()? {
                Ok(item) => item,
                Err(fault) => return Some(Err(fault)),
            };
            match self.test.run([("passed".into(), to_value(item.clone()))]) {
                Ok(text) if text == "True" => return Some(Ok(item)),
                Ok(_) => {}
                Err(fault) => return Some(Err(fault)),
            }
        }
    }
}
