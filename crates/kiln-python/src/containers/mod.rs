//! Lists, tuples, mappings and their views, ranges, generators.

mod cells;
mod dict;
mod generator;
mod key;
mod list;
mod range;
mod remains;
mod set;
mod sort;
mod tuple;
mod views;

pub use cells::{Dict, List, Table, Tuple, WeakDict, WeakList};
pub use dict::dict;
pub use generator::Generator;
pub use key::Key;
pub use range::{Range, range};
pub use set::Set;
pub use sort::sort;

pub(crate) use views::compare_views;

use crate::fault::Result;
use crate::{Method, Py, meter};

/// The method of a built-in container.
pub(crate) fn method(receiver: &Py, name: &str) -> Option<(&'static str, Method)> {
    methods(receiver).iter().find(|(it, _)| *it == name).copied()
}

/// The names of the methods of a built-in container.
pub(crate) fn method_names(receiver: &Py) -> impl Iterator<Item = &'static str> {
    methods(receiver).iter().map(|(name, _)| *name)
}

fn methods(receiver: &Py) -> &'static [(&'static str, Method)] {
    match receiver {
        Py::List(_) => list::METHODS,
        Py::Dict(_) => dict::METHODS,
        _ if receiver.as_tuple().is_some() => tuple::METHODS,
        _ => &[],
    }
}

/// How often an item occurs in a sequence.
fn count(sequence: &Py, item: &Py) -> Result<Py> {
    let mut count = 0;
    for found in sequence.iter()? {
        count += i64::from(found?.is_or_equals(item)?);
    }
    Ok(Py::Int(count))
}

/// Where a text first occurs in a list of texts; `None` for a list with others before it, which
/// have to be asked.
fn text_position(items: &[Py], text: &str) -> Option<Option<usize>> {
    for (index, item) in items.iter().enumerate() {
        match item {
            Py::Str(found) if **found == *text => return Some(Some(index)),
            Py::Str(_) => {}
            _ => return None,
        }
    }
    Some(None)
}

/// Where an item first occurs in a sequence, not before `start` and before `stop`, which may
/// count from the end.
fn position(sequence: &Py, item: &Py, start: Option<Py>, stop: Option<Py>) -> Result<Option<usize>> {
    let count = sequence.len()?;
    let length = i64::try_from(count).unwrap_or(i64::MAX);
    let bound = |given: Option<Py>, default: i64| match given {
        None => Ok(default),
        Some(given) => given
            .as_index()
            .map(|index| if index < 0 { index.saturating_add(length).max(0) } else { index })
            .ok_or_else(|| {
                crate::Fault::type_error(format!(
                    "the bounds of `index` are integers, not `{}`",
                    given.type_name()
                ))
            }),
    };
    let (start, stop) = (bound(start, 0)?, bound(stop, i64::MAX)?);
    if let (Py::List(items), Py::Str(text), 0, i64::MAX) = (sequence, item, start, stop)
        && let Some(found) = text_position(&items.lock(), text)
    {
        meter::charge(found.map_or(count, |index| index + 1))?;
        return Ok(found);
    }
    for (index, found) in sequence.iter()?.enumerate() {
        let place = i64::try_from(index).unwrap_or(i64::MAX);
        if place >= stop {
            break;
        }
        let found = found?;
        if place >= start && found.is_or_equals(item)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}
