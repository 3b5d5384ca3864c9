//! Values as the text that filters work on.

use std::sync::Arc;

use kiln_python::{Args, Dict, Key, Py, Result, Table, UndefinedMode};

/// The value if it is text, safe or watched as it may be, else its `str`.
pub(super) fn soft_str(value: Py) -> Result<Py> {
    match value {
        Py::Str(_) | Py::Markup(_) | Py::Watched(_) => Ok(value),
        _ => value.to_str().map(Py::Str),
    }
}

/// `str(value)`, which is never safe.
pub(super) fn plain(value: &Py) -> Result<Py> {
    value.to_str().map(Py::Str)
}

/// What the value says its HTML is; none if it says nothing.
pub(super) fn html(value: &Py) -> Result<Option<Py>> {
    match value {
        Py::Markup(_) => Ok(Some(value.clone())),
        Py::Undefined(undefined) if undefined.mode == UndefinedMode::Chainable => plain(value).map(Some),
        Py::Object(_) => match value.attr("__html__")? {
            Some(method) => method.call(Args::default()).map(Some),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// Whether the value says what its HTML is.
pub(crate) fn has_html(value: &Py) -> Result<bool> {
    match value {
        Py::Object(_) => Ok(value.attr("__html__")?.is_some()),
        _ => Ok(html(value)?.is_some()),
    }
}

/// `Markup(value)`: says that the text is safe.
pub(crate) fn marked_safe(value: Py) -> Result<Py> {
    html(&value)?.unwrap_or(value).to_str().map(Py::Markup)
}

/// A mapping of names.
pub(crate) fn named(values: Vec<(Arc<str>, Py)>) -> Result<Py> {
    let mut entries = Table::with_capacity_and_hasher(values.len(), Default::default());
    for (name, value) in values {
        entries.insert(Key::new(Py::Str(name))?, value);
    }
    Ok(Py::Dict(Dict::new(entries)))
}

/// `value.name(*args)`.
pub(super) fn method<const N: usize>(value: &Py, name: &str, args: [Py; N]) -> Result<Py> {
    value.call_method(name, Args::positional(args))
}

/// A number of things.
pub(super) fn count(things: usize) -> Py {
    Py::Int(i64::try_from(things).unwrap_or(i64::MAX))
}

/// Whether an option is set that Python would ask for its truth; false if it is not given.
pub(crate) fn is_set(option: Option<&Py>) -> Result<bool> {
    option.map_or(Ok(false), Py::truth)
}

/// The value of an option that `None` leaves at its default.
pub(crate) fn given(option: Option<Py>) -> Option<Py> {
    option.filter(|value| !matches!(value, Py::None))
}
