//! Elements and slices.

use std::sync::Arc;

use crate::containers::Range;
use crate::fault::Result;
use crate::{Fault, FaultKind, List, Py, UndefinedMode, meter};

impl Py {
    /// `self[key]`; none where Python raises `LookupError` or `TypeError`.
    ///
    /// # Errors
    /// For an undefined value that allows it not, as the value and as the key of a mapping.
    pub fn item(&self, key: &Py) -> Result<Option<Py>> {
        match self {
            Py::Undefined(undefined) if undefined.mode == UndefinedMode::Chainable => Ok(Some(self.clone())),
            Py::Undefined(undefined) => Err(undefined.fault()),
            Py::Dict(entries) => match entries.get(key) {
                Err(fault) if fault.kind() == FaultKind::TypeError => Ok(None),
                found => found,
            },
            Py::Object(object) if object.as_tuple().is_none() => object.item(key),
            _ => Ok(key.as_index().and_then(|index| element(self, index))),
        }
    }

    /// `self[start:stop:step]`.
    ///
    /// # Errors
    /// `TypeError` if it cannot be sliced, `ValueError` for a step of zero.
    pub fn slice(&self, start: &Py, stop: &Py, step: &Py) -> Result<Py> {
        match self {
            Py::Undefined(undefined) if undefined.mode == UndefinedMode::Chainable => return Ok(self.clone()),
            Py::Undefined(undefined) => return Err(undefined.fault()),
            _ => {}
        }
        let cut = |length: usize| Cut::new(start, stop, step, length);
        if let Some(text) = self.as_str() {
            let text = slice_text(text, cut)?;
            return Ok(if matches!(self, Py::Markup(_)) { Py::Markup(text) } else { Py::Str(text) });
        }
        if let Some(items) = self.as_tuple() {
            return Ok(Py::tuple(cut(items.len())?.of(items)?));
        }
        match self {
            Py::Bytes(bytes) => Ok(Py::Bytes(cut(bytes.len())?.of(bytes)?.into())),
            Py::List(items) => {
                let items = items.lock();
                cut(items.len())?.of(&items).map(|items| Py::List(List::new(items)))
            }
            Py::Object(object) => match self.downcast::<Range>() {
                Some(range) => range.slice(start, stop, step),
                None => object.slice(start, stop, step).unwrap_or_else(|| Err(self.not_sliceable())),
            },
            _ => Err(self.not_sliceable()),
        }
    }

    fn not_sliceable(&self) -> Fault {
        Fault::type_error(format!("a value of type `{}` cannot be sliced", self.type_name()))
    }
}

/// The element at a place that may count from the end.
fn element(sequence: &Py, index: i64) -> Option<Py> {
    let place = |length: usize| resolve(index, length);
    if let Some(text) = sequence.as_str() {
        let part = character(text, index)?;
        return Some(if matches!(sequence, Py::Markup(_)) { Py::Markup(part.into()) } else { Py::str(part) });
    }
    if let Some(items) = sequence.as_tuple() {
        return items.get(place(items.len())?).cloned();
    }
    match sequence {
        Py::Bytes(bytes) => Some(Py::Int(i64::from(*bytes.get(place(bytes.len())?)?))),
        Py::List(items) => {
            let items = items.lock();
            items.get(place(items.len())?).cloned()
        }
        _ => None,
    }
}

/// Where an index that may count from the end points; none if that is outside.
pub(crate) fn resolve(index: i64, length: usize) -> Option<usize> {
    let from_start = if index < 0 { index.checked_add(i64::try_from(length).ok()?)? } else { index };
    usize::try_from(from_start).ok().filter(|index| *index < length)
}

fn character(text: &str, index: i64) -> Option<&str> {
    if text.is_ascii() {
        let place = resolve(index, text.len())?;
        return text.get(place..place + 1);
    }
    let mut places = text.char_indices();
    let (start, character) = match usize::try_from(index) {
        Ok(index) => places.nth(index)?,
        Err(_) => places.nth_back(usize::try_from(index.checked_neg()?).ok()?.checked_sub(1)?)?,
    };
    text.get(start..start + character.len_utf8())
}

fn slice_text(text: &str, cut: impl Fn(usize) -> Result<Cut>) -> Result<Arc<str>> {
    if text.is_ascii() {
        let cut = cut(text.len())?;
        if cut.step == 1 {
            meter::charge_text(cut.count)?;
            return Ok(text.get(cut.start..cut.start + cut.count).unwrap_or("").into());
        }
        return Ok(String::from_utf8_lossy(&cut.of(text.as_bytes())?).into());
    }
    meter::charge_text(text.len())?;
    let characters: Vec<char> = text.chars().collect();
    Ok(cut(characters.len())?.of(&characters)?.into_iter().collect::<String>().into())
}

/// The part of a sequence that a slice takes.
pub(crate) struct Cut {
    /// The place of the first item.
    pub(crate) start: usize,
    /// From one item to the next.
    pub(crate) step: i64,
    /// How many items.
    pub(crate) count: usize,
}

impl Cut {
    fn new(start: &Py, stop: &Py, step: &Py, length: usize) -> Result<Cut> {
        let step = bound(step)?.unwrap_or(1);
        if step == 0 {
            return Err(Fault::value_error("the step of a slice cannot be zero"));
        }
        // A step of `i64::MIN` is as good as its neighbour and can be negated.
        let step = step.max(-i64::MAX);
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let (lowest, highest) = if step < 0 { (-1, length - 1) } else { (0, length) };
        let place = |given: Option<i64>, default: i64| match given {
            None => default,
            Some(index) if index < 0 => index.saturating_add(length).max(lowest),
            Some(index) => index.min(highest),
        };
        let (first, last) = if step < 0 { (highest, lowest) } else { (lowest, highest) };
        let start = place(bound(start)?, first);
        let stop = place(bound(stop)?, last);
        let distance = if step < 0 { start - stop } else { stop - start };
        let count = if distance <= 0 { 0 } else { (distance - 1) / step.abs() + 1 };
        Ok(Cut {
            start: usize::try_from(start).unwrap_or(0),
            step,
            count: usize::try_from(count).unwrap_or(0),
        })
    }

    fn of<T: Clone>(&self, items: &[T]) -> Result<Vec<T>> {
        meter::charge(self.count)?;
        let Ok(step) = isize::try_from(self.step) else { return Ok(Vec::new()) };
        let mut place = self.start;
        let mut taken = Vec::with_capacity(self.count);
        for _ in 0..self.count {
            taken.extend(items.get(place).cloned());
            place = place.wrapping_add_signed(step);
        }
        Ok(taken)
    }
}

/// A bound of a slice; none if it is left out.
fn bound(value: &Py) -> Result<Option<i64>> {
    match value {
        Py::None => Ok(None),
        _ => value.as_index().map(Some).ok_or_else(|| {
            Fault::type_error(format!("the bounds of a slice are integers, not `{}`", value.type_name()))
        }),
    }
}
