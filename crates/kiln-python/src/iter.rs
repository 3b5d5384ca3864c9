//! Going through a value.

use std::sync::Arc;

use crate::fault::Result;
use crate::{Dict, Fault, FaultKind, List, Py, Tuple, UndefinedMode, meter};

/// What Python's `iter` gives: each step an item, the end, or what was raised.
pub type PyIter = Box<dyn Iterator<Item = Result<Py>> + Send + Sync>;

/// `iter(value)`, with each item charged.
pub(crate) fn iter(value: &Py) -> Result<PyIter> {
    if let Some(text) = value.as_str() {
        return Ok(charged(Characters { text: text.into(), next: 0 }));
    }
    if let Some(items) = value.as_tuple() {
        return Ok(charged(TupleItems { items: items.clone(), next: 0 }));
    }
    match value {
        Py::Bytes(bytes) => {
            let bytes = Arc::clone(bytes);
            let length = bytes.len();
            Ok(charged((0..length).map_while(move |index| Some(Ok(Py::Int(i64::from(*bytes.get(index)?)))))))
        }
        Py::List(items) => Ok(charged(ListItems { items: Some(items.clone()), next: 0 })),
        Py::Dict(entries) => Ok(charged(Entries::new(entries.clone(), |key, _| key.clone()))),
        Py::Undefined(undefined) if undefined.mode == UndefinedMode::Strict => Err(undefined.fault()),
        Py::Undefined(_) => Ok(Box::new(std::iter::empty())),
        Py::Object(object) => match Arc::clone(object).iter() {
            Some(items) => Ok(charged(items?)),
            None => Err(not_iterable(value)),
        },
        _ => Err(not_iterable(value)),
    }
}

fn not_iterable(value: &Py) -> Fault {
    let fault =
        Fault::type_error(format!("a value of type `{}` has no items to go through", value.type_name()));
    match value {
        Py::None => fault.help("it is `none`: test it with `is not none`, or write `default([], true)`"),
        Py::Int(_) => fault.help("`range(…)` gives the numbers below one"),
        _ => fault,
    }
}

fn charged(mut items: impl Iterator<Item = Result<Py>> + Send + Sync + 'static) -> PyIter {
    Box::new(std::iter::from_fn(move || {
        let item = items.next()?;
        Some(meter::charge(1).and(item))
    }))
}

/// Text by code points.
struct Characters {
    text: Arc<str>,
    next: usize,
}

impl Iterator for Characters {
    type Item = Result<Py>;

    fn next(&mut self) -> Option<Result<Py>> {
        let character = self.text.get(self.next..)?.chars().next()?;
        self.next += character.len_utf8();
        Some(Ok(Py::str(character.encode_utf8(&mut [0; 4]) as &str)))
    }
}

struct TupleItems {
    items: Tuple,
    next: usize,
}

impl Iterator for TupleItems {
    type Item = Result<Py>;

    fn next(&mut self) -> Option<Result<Py>> {
        let item = self.items.get(self.next)?.clone();
        self.next += 1;
        Some(Ok(item))
    }
}

/// A list as it is at each step; once it ended, it stays so even if the list grows.
struct ListItems {
    items: Option<List>,
    next: usize,
}

impl Iterator for ListItems {
    type Item = Result<Py>;

    fn next(&mut self) -> Option<Result<Py>> {
        let item = self.items.as_ref()?.get(self.next);
        self.next += 1;
        if item.is_none() {
            self.items = None;
        }
        item.map(Ok)
    }
}

/// The entries of a mapping, which must not grow or shrink meanwhile.
pub(crate) struct Entries {
    entries: Option<Dict>,
    length: usize,
    next: usize,
    show: fn(&Py, &Py) -> Py,
}

impl Entries {
    /// Goes through what `show` makes of each key and value.
    pub(crate) fn new(entries: Dict, show: fn(&Py, &Py) -> Py) -> Entries {
        let length = entries.lock().len();
        Entries { entries: Some(entries), length, next: 0, show }
    }
}

impl Iterator for Entries {
    type Item = Result<Py>;

    fn next(&mut self) -> Option<Result<Py>> {
        let entries = self.entries.as_ref()?.lock();
        if entries.len() != self.length {
            drop(entries);
            self.entries = None;
            return Some(Err(Fault::new(
                FaultKind::RuntimeError,
                "a dict changed its size while it was looped over",
            )));
        }
        let item = entries.get_index(self.next).map(|(key, value)| (self.show)(key.value(), value));
        drop(entries);
        self.next += 1;
        if item.is_none() {
            self.entries = None;
        }
        item.map(Ok)
    }
}
