//! Objects that Python made and keeps.

use std::any::Any;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kiln_python::{Args, Fault, Key, Object, Operator, Py, PyIter, Result, Tuple};

use crate::decode::garbled;
use crate::host::Inner;

/// What is known of an object without asking.
pub(crate) struct About {
    pub(crate) type_name: String,
    pub(crate) module: String,
    pub(crate) flags: u64,
    pub(crate) passed_first: Option<String>,
    pub(crate) plain: Option<Py>,
    pub(crate) tuple: Option<Tuple>,
    pub(crate) hash: Option<u64>,
}

/// What [`About::flags`] says, in the order of the bits; `encoding.py` sets them.
#[derive(Clone, Copy)]
enum Flag {
    Callable,
    Iterable,
    Length,
    Html,
    Hashable,
    Mapping,
    Truth,
    Pure,
    Equality,
    Derived,
    Order,
    Format,
    Contains,
}

/// An object that Python made and keeps.
pub(crate) struct Remote {
    host: Arc<Inner>,
    number: u64,
    about: Arc<About>,
    /// What a pure function gave, by its arguments.
    results: Mutex<HashMap<Key, Py>>,
}

impl Remote {
    /// The object with a number.
    pub(crate) fn new(host: Arc<Inner>, number: u64, about: Arc<About>) -> Remote {
        Remote { host, number, about, results: Mutex::default() }
    }

    /// Its number.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether it is kept by that process.
    pub(crate) fn is_of(&self, host: &Arc<Inner>) -> bool {
        Arc::ptr_eq(&self.host, host)
    }

    fn has(&self, flag: Flag) -> bool {
        self.about.flags >> flag as u32 & 1 == 1
    }

    /// Asks Python; none if it says that something is not there.
    fn ask(&self, operation: &str, args: &[Py]) -> Result<Option<Py>> {
        self.host.request(operation, Some(self.number), args)
    }

    fn asked(&self, operation: &str, args: &[Py]) -> Result<Py> {
        self.ask(operation, args)?.ok_or_else(garbled)
    }

    fn text(&self, operation: &str, args: &[Py]) -> Result<String> {
        Ok(self.asked(operation, args)?.to_str()?.to_string())
    }

    fn invoke(&self, args: Args) -> Result<Py> {
        let keyword: Vec<Py> =
            args.keyword.into_iter().flat_map(|(name, value)| [Py::Str(name), value]).collect();
        self.asked("call", &[Py::tuple(args.positional), Py::tuple(keyword)])
    }

    /// A call of a function that gives the same for the same arguments. What may change after it
    /// was given is not kept.
    fn invoke_pure(&self, args: Args) -> Result<Py> {
        let names = args.keyword.iter().flat_map(|(name, value)| [Py::Str(Arc::clone(name)), value.clone()]);
        let identity: Vec<Py> =
            args.positional.iter().flat_map(typed).chain(names.flat_map(|it| typed(&it))).collect();
        let Ok(key) = Key::new(Py::tuple([Py::from(args.positional.len()), Py::tuple(identity)])) else {
            return self.invoke(args);
        };
        if let Some(known) = self.results().get(&key) {
            return Ok(known.clone());
        }
        let result = self.invoke(args)?;
        if !matches!(result, Py::List(_) | Py::Dict(_) | Py::Object(_) | Py::Tuple(_)) {
            self.results().insert(key, result.clone());
        }
        Ok(result)
    }

    fn results(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Py>> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A value with its type: `1`, `1.0` and `True` are one key and three arguments.
fn typed(value: &Py) -> [Py; 2] {
    [Py::str(value.type_name()), value.clone()]
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.host.release(self.number);
    }
}

impl Object for Remote {
    fn type_name(&self) -> &str {
        &self.about.type_name
    }

    fn module(&self) -> &str {
        &self.about.module
    }

    fn repr(&self) -> Result<String> {
        self.text("repr", &[])
    }

    fn str(&self) -> Result<String> {
        self.text("str", &[])
    }

    fn html(&self) -> Option<Result<String>> {
        self.has(Flag::Html).then(|| self.text("html", &[]))
    }

    fn format(&self, spec: &str) -> Option<Result<String>> {
        self.has(Flag::Format).then(|| self.text("format", &[Py::str(spec)]))
    }

    fn truth(&self) -> Result<bool> {
        if self.has(Flag::Truth) { self.asked("truth", &[])?.truth() } else { Ok(true) }
    }

    fn attr(self: Arc<Self>, name: &str) -> Result<Option<Py>> {
        self.ask("attr", &[Py::str(name)])
    }

    fn item(&self, key: &Py) -> Result<Option<Py>> {
        self.ask("item", std::slice::from_ref(key))
    }

    fn slice(&self, start: &Py, stop: &Py, step: &Py) -> Option<Result<Py>> {
        Some(self.asked("slice", &[start.clone(), stop.clone(), step.clone()]))
    }

    fn iter(self: Arc<Self>) -> Option<Result<PyIter>> {
        self.has(Flag::Iterable).then(|| match self.asked("iter", &[])? {
            Py::Tuple(items) => Py::Tuple(items).iter(),
            steps => Ok(steps_of(steps)),
        })
    }

    fn len(&self) -> Option<Result<usize>> {
        self.has(Flag::Length).then(|| {
            let length = self.asked("len", &[])?.as_index();
            length.and_then(|length| usize::try_from(length).ok()).ok_or_else(garbled)
        })
    }

    fn contains(&self, item: &Py) -> Option<Result<bool>> {
        let asked = || self.asked("contains", std::slice::from_ref(item))?.truth();
        self.has(Flag::Contains).then(asked)
    }

    fn is_mapping(&self) -> bool {
        self.has(Flag::Mapping)
    }

    fn is_callable(&self) -> bool {
        self.has(Flag::Callable)
    }

    fn call(&self, args: Args) -> Result<Py> {
        if self.has(Flag::Pure) { self.invoke_pure(args) } else { self.invoke(args) }
    }

    fn equals(&self, other: &Py) -> Option<bool> {
        if !self.has(Flag::Equality) {
            return None;
        }
        // A comparison that raises cannot say so here; its values are taken to differ.
        Some(self.asked("equals", std::slice::from_ref(other)).and_then(|it| it.truth()).unwrap_or(false))
    }

    fn order(&self, other: &Py) -> Option<Ordering> {
        if !self.has(Flag::Order) {
            return None;
        }
        let order = self.ask("order", std::slice::from_ref(other)).ok()??;
        Some(order.as_index()?.cmp(&0))
    }

    fn is_hashable(&self) -> bool {
        self.has(Flag::Hashable)
    }

    fn hash(&self) -> Option<u64> {
        self.about.hash
    }

    fn operate(&self, operator: Operator, other: &Py, reflected: bool) -> Option<Result<Py>> {
        let name = match operator {
            Operator::Add => "add",
            Operator::Sub => "sub",
            Operator::Mul => "mul",
            Operator::Div => "truediv",
            Operator::FloorDiv => "floordiv",
            Operator::Mod => "mod",
            Operator::Pow => "pow",
        };
        Some(self.host.operate(name, self.number, other, reflected))
    }

    fn negate(&self) -> Option<Result<Py>> {
        Some(self.asked("negate", &[]))
    }

    fn plus(&self) -> Option<Result<Py>> {
        Some(self.asked("plus", &[]))
    }

    fn abs(&self) -> Option<Result<Py>> {
        Some(self.asked("abs", &[]))
    }

    fn as_tuple(&self) -> Option<&Tuple> {
        self.about.tuple.as_ref()
    }

    fn as_plain(&self) -> Option<&Py> {
        self.about.plain.as_ref()
    }

    fn contents(&self) -> Option<Result<Py>> {
        self.has(Flag::Derived).then(|| self.asked("contents", &[]))
    }

    fn passed_first(&self) -> Option<&str> {
        self.about.passed_first.as_deref()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Goes through an iterator of Python's.
fn steps_of(steps: Py) -> PyIter {
    let mut steps = Some(steps);
    Box::new(std::iter::from_fn(move || {
        let step = match steps.as_ref()?.downcast::<Remote>() {
            Some(remote) => remote.ask("next", &[]),
            None => Err(Fault::type_error("`iter` gave something that is no iterator")),
        };
        if !matches!(step, Ok(Some(_))) {
            steps = None;
        }
        step.transpose()
    }))
}
