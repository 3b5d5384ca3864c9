//! What the methods of dates take as arguments.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::fault::Result;
use crate::{Fault, FaultKind, Method, Py};

/// The method of a table, by its name.
pub(super) fn method(table: &'static [(&'static str, Method)], name: &str) -> Option<(&'static str, Method)> {
    table.iter().find(|(it, _)| *it == name).copied()
}

/// An argument that Python takes where it wants an integer.
pub(super) fn integer(value: &Py, name: &str) -> Result<i64> {
    match value {
        Py::Int(number) => Ok(*number),
        Py::Bool(flag) => Ok(i64::from(*flag)),
        Py::Big(_) => Err(overflow(format!("`{name}` is too large"))),
        _ => Err(wrong(name, "an integer", value)),
    }
}

/// Arguments, each with its name and what stands for it if it was not given. Python looks at
/// the types of all of them before it looks at a value.
pub(super) fn integers<const N: usize>(given: [(Option<Py>, &str, i64); N]) -> Result<[i64; N]> {
    let mut numbers = [0; N];
    for (number, (value, name, default)) in numbers.iter_mut().zip(given) {
        *number = value.map_or(Ok(default), |value| integer(&value, name))?;
    }
    Ok(numbers)
}

/// An argument that has to be text.
pub(super) fn text<'a>(value: &'a Py, name: &str) -> Result<&'a str> {
    value.as_str().ok_or_else(|| wrong(name, "text", value))
}

/// An argument of the wrong type.
pub(super) fn wrong(name: &str, expected: &str, value: &Py) -> Fault {
    Fault::type_error(format!("`{name}` must be {expected}, not a value of type `{}`", value.type_name()))
}

/// An `OverflowError`.
pub(super) fn overflow(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::OverflowError, message)
}

/// A date beyond the years 1 to 9999.
pub(super) fn beyond_the_calendar() -> Fault {
    overflow("the date would be outside the years 1 to 9999")
}

/// What depends on the clock or the time zone of the machine.
pub(super) fn depends_on_the_machine(what: &str) -> Fault {
    Fault::new(FaultKind::RuntimeError, format!("{what} depends on the machine that renders the template"))
        .help("take the time from the data, with an offset from UTC")
}

/// A hash that is the same on every run.
pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
