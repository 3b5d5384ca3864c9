//! Going through values backwards.

use kiln_python::{Args, FaultKind, Generator, List, Py, PyIter, Range, Result, UndefinedMode, meter};

use crate::ambient::{Here, filter_argument_error};

/// `reverse`: text for text, else a generator or a list.
pub(super) fn reverse(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("reverse")?;
    if matches!(value, Py::Str(_) | Py::Markup(_) | Py::Watched(_)) {
        return value.slice(&Py::None, &Py::None, &Py::Int(-1));
    }
    if let Some(items) = reversed(&value)? {
        return Ok(Generator::named(iterator_name(&value), items));
    }
    let mut items = value.collect().map_err(|fault| match fault.kind() {
        FaultKind::TypeError => filter_argument_error("`reverse` takes what can be gone through"),
        _ => fault,
    })?;
    items.reverse();
    Ok(Py::list(items))
}

/// The type of what goes backwards through a value.
fn iterator_name(value: &Py) -> &'static str {
    match value.type_name() {
        "list" => "list_reverseiterator",
        "dict" | "dict_keys" => "dict_reversekeyiterator",
        "dict_values" => "dict_reversevalueiterator",
        "dict_items" => "dict_reverseitemiterator",
        "range" => "range_iterator",
        _ => "reversed",
    }
}

/// What Python's `reversed` gives, or none where it raises `TypeError`.
pub(super) fn reversed(value: &Py) -> Result<Option<PyIter>> {
    let items = match value {
        Py::List(list) => Box::new(Backwards { left: list.lock().len(), list: list.clone() }),
        Py::Str(_) | Py::Watched(_) | Py::Bytes(_) | Py::Tuple(_) => backwards(value)?,
        // Elements of safe text are safe, though the characters met in going through it are not.
        Py::Markup(_) => Box::new(backwards(value)?.map(|item| Ok(safe(item?)))),
        Py::Dict(_) => turned(value)?,
        Py::Undefined(undefined) if undefined.mode == UndefinedMode::Strict => return Err(undefined.fault()),
        Py::Undefined(_) => Box::new(std::iter::empty()),
        Py::Object(object) => match object.type_name() {
            "dict_keys" | "dict_values" | "dict_items" => turned(value)?,
            _ if value.as_tuple().is_some() || value.downcast::<Range>().is_some() => backwards(value)?,
            _ => match value.attr("__reversed__")? {
                Some(method) => method.call(Args::default())?.iter()?,
                None => return Ok(None),
            },
        },
        _ => return Ok(None),
    };
    Ok(Some(items))
}

fn backwards(value: &Py) -> Result<PyIter> {
    value.slice(&Py::None, &Py::None, &Py::Int(-1))?.iter()
}

fn turned(value: &Py) -> Result<PyIter> {
    Ok(Box::new(value.collect()?.into_iter().rev().map(Ok)))
}

fn safe(character: Py) -> Py {
    match character {
        Py::Str(text) => Py::Markup(text),
        other => other,
    }
}

/// The items of a list as it is when each is asked for.
struct Backwards {
    list: List,
    left: usize,
}

impl Iterator for Backwards {
    type Item = Result<Py>;

    fn next(&mut self) -> Option<Result<Py>> {
        self.left = self.left.checked_sub(1)?;
        let item = self.list.lock().get(self.left).cloned();
        if item.is_none() {
            self.left = 0;
        }
        let item = item?;
        Some(meter::charge(1).map(|()| item))
    }
}
