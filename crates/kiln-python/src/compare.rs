//! Comparisons.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::containers::compare_views;
use crate::fault::Result;
use crate::numbers::{self, Number};
use crate::ops::unsupported;
use crate::{Dict, Fault, Py, UndefinedMode, meter, nesting};

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `in`.
    In,
    /// `not in`.
    NotIn,
}

impl Comparison {
    fn symbol(self) -> &'static str {
        match self {
            Comparison::Eq => "==",
            Comparison::Ne => "!=",
            Comparison::Lt => "<",
            Comparison::Le => "<=",
            Comparison::Gt => ">",
            Comparison::Ge => ">=",
            Comparison::In => "in",
            Comparison::NotIn => "not in",
        }
    }

    /// Whether values that stand to each other like this compare so.
    pub(crate) fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Comparison::Eq => order == Some(Ordering::Equal),
            Comparison::Ne => order != Some(Ordering::Equal),
            Comparison::Lt => order == Some(Ordering::Less),
            Comparison::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Comparison::Gt => order == Some(Ordering::Greater),
            Comparison::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            Comparison::In | Comparison::NotIn => false,
        }
    }
}

impl Py {
    /// `self is other`. Numbers have no identity here: equal ones of a type are the same.
    pub fn is(&self, other: &Py) -> bool {
        match (self, other) {
            (Py::None, Py::None) => true,
            (Py::Bool(left), Py::Bool(right)) => left == right,
            (Py::Int(left), Py::Int(right)) => left == right,
            (Py::Big(left), Py::Big(right)) => left == right,
            (Py::Float(left), Py::Float(right)) => left.to_bits() == right.to_bits(),
            (Py::Str(left), Py::Str(right)) => {
                Arc::ptr_eq(left, right) || is_one_of_a_kind(left) && left == right
            }
            (Py::Markup(left), Py::Markup(right)) => Arc::ptr_eq(left, right),
            (Py::Watched(left), Py::Watched(right)) => Arc::ptr_eq(left, right),
            (Py::Bytes(left), Py::Bytes(right)) => Arc::ptr_eq(left, right),
            (Py::Tuple(left), Py::Tuple(right)) => left.is(right),
            (Py::List(left), Py::List(right)) => left.is(right),
            (Py::Dict(left), Py::Dict(right)) => left.is(right),
            (Py::Undefined(left), Py::Undefined(right)) => Arc::ptr_eq(left, right),
            (Py::Object(left), Py::Object(right)) => Arc::ptr_eq(left, right),
            _ => false,
        }
    }

    /// `self == other`.
    ///
    /// # Errors
    /// For a strict undefined value, and if the values are too deep.
    pub fn equals(&self, other: &Py) -> Result<bool> {
        if let (Some(left), Some(right)) = (Number::of(self), Number::of(other)) {
            return Ok(numbers::order(left, right) == Some(Ordering::Equal));
        }
        if let (Some(left), Some(right)) = (self.as_tuple(), other.as_tuple()) {
            return same_items(left, right);
        }
        match (self, other) {
            (Py::Undefined(undefined), _) | (_, Py::Undefined(undefined))
                if undefined.mode == UndefinedMode::Strict =>
            {
                Err(undefined.fault())
            }
            (Py::Undefined(left), Py::Undefined(right)) => Ok(left.mode == right.mode),
            (Py::None, Py::None) => Ok(true),
            (Py::Bytes(left), Py::Bytes(right)) => Ok(left == right),
            (Py::List(left), Py::List(right)) => same_items(&left.items(), &right.items()),
            (Py::Dict(left), Py::Dict(right)) => same_entries(left, right),
            (Py::Object(_), _) | (_, Py::Object(_)) => {
                compare_views(Comparison::Eq, self, other).unwrap_or_else(|| Ok(objects_equal(self, other)))
            }
            _ => match (self.as_str(), other.as_str()) {
                (Some(left), Some(right)) => Ok(left == right),
                _ => Ok(false),
            },
        }
    }

    /// Whether it is the other value or equals it, as containers compare their items.
    ///
    /// # Errors
    /// As [`Py::equals`].
    pub fn is_or_equals(&self, other: &Py) -> Result<bool> {
        match (self, other) {
            (Py::Str(left), Py::Str(right)) => Ok(left == right),
            _ => Ok(self.is(other) || self.equals(other)?),
        }
    }

    /// A comparison.
    ///
    /// # Errors
    /// `TypeError` where Python cannot order or search the values.
    pub fn compare(&self, comparison: Comparison, other: &Py) -> Result<bool> {
        match comparison {
            Comparison::Eq => self.equals(other),
            Comparison::Ne => Ok(!self.equals(other)?),
            Comparison::In => other.contains(self),
            Comparison::NotIn => Ok(!other.contains(self)?),
            _ => ordered(comparison, self, other),
        }
    }

    /// `item in self`.
    ///
    /// # Errors
    /// `TypeError` if it cannot be searched, or not for this item.
    pub fn contains(&self, item: &Py) -> Result<bool> {
        if let Some(text) = self.as_str() {
            let Some(part) = item.as_str() else {
                let message =
                    format!("`in` looks for text in text, not for a value of type `{}`", item.type_name());
                return Err(Fault::type_error(message).help("convert it with `string`"));
            };
            meter::charge_text(text.len())?;
            return Ok(text.contains(part));
        }
        match self {
            _ if self.as_tuple().is_some() => search(self, item),
            Py::Bytes(bytes) => bytes_contain(bytes, item),
            Py::Dict(dict) => Ok(dict.get(item)?.is_some()),
            Py::Object(object) => match object.contains(item) {
                Some(found) => found,
                None => search(self, item),
            },
            Py::Undefined(undefined) if undefined.mode == UndefinedMode::Strict => Err(undefined.fault()),
            Py::List(_) | Py::Undefined(_) => search(self, item),
            _ => Err(Fault::type_error(format!(
                "`in` cannot look into a value of type `{}`",
                self.type_name()
            ))
            .help("it looks into text, lists and mappings")),
        }
    }
}

/// The empty text and single Latin characters exist once in CPython.
fn is_one_of_a_kind(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_none_or(|it| u32::from(it) < 256) && characters.next().is_none()
}

/// Either object may know what it equals; if neither does, it equals itself alone.
fn objects_equal(left: &Py, right: &Py) -> bool {
    let asked = |value: &Py, other: &Py| match value {
        Py::Object(object) => object.equals(other),
        _ => None,
    };
    asked(left, right).or_else(|| asked(right, left)).unwrap_or_else(|| left.is(right))
}

fn same_items(left: &[Py], right: &[Py]) -> Result<bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    let _level = nesting::down()?;
    for (left, right) in left.iter().zip(right) {
        meter::charge(1)?;
        if !left.is_or_equals(right)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn same_entries(left: &Dict, right: &Dict) -> Result<bool> {
    let left: Vec<_> = left.lock().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    if left.len() != right.lock().len() {
        return Ok(false);
    }
    let _level = nesting::down()?;
    for (key, value) in &left {
        meter::charge(1)?;
        let Some(other) = right.lock().get(key).cloned() else { return Ok(false) };
        if !value.is_or_equals(&other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn search(items: &Py, item: &Py) -> Result<bool> {
    for found in items.iter()? {
        if found?.is_or_equals(item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn bytes_contain(bytes: &[u8], item: &Py) -> Result<bool> {
    if let Py::Bytes(part) = item {
        meter::charge_text(bytes.len().saturating_mul(part.len()))?;
        return Ok(part.is_empty() || bytes.windows(part.len()).any(|window| window == &part[..]));
    }
    let Some(byte) = item.as_index() else {
        return Err(Fault::type_error(format!("bytes do not hold a `{}`", item.type_name())));
    };
    let byte = u8::try_from(byte).map_err(|_| Fault::value_error("a byte is between 0 and 255"))?;
    Ok(bytes.contains(&byte))
}

fn ordered(comparison: Comparison, left: &Py, right: &Py) -> Result<bool> {
    if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
        return Ok(comparison.holds(numbers::order(left, right)));
    }
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
        return Ok(comparison.holds(Some(left.cmp(right))));
    }
    if let (Some(left), Some(right)) = (left.as_tuple(), right.as_tuple()) {
        return ordered_items(comparison, left, right);
    }
    if let Some(result) = compare_views(comparison, left, right) {
        return result;
    }
    let order = match (left, right) {
        (Py::Bytes(left), Py::Bytes(right)) => Some(left.cmp(right)),
        (Py::List(a), Py::List(b)) => return ordered_items(comparison, &a.items(), &b.items()),
        (Py::Undefined(undefined), _) => return Err(undefined.fault()),
        (Py::Object(object), _) => match (object.order(right), right) {
            (Some(order), _) => Some(order),
            (None, Py::Undefined(undefined)) => return Err(undefined.fault()),
            (None, Py::Object(other)) => other.order(left).map(Ordering::reverse),
            (None, _) => None,
        },
        (_, Py::Undefined(undefined)) => return Err(undefined.fault()),
        (_, Py::Object(object)) => object.order(left).map(Ordering::reverse),
        _ => None,
    };
    match order {
        Some(order) => Ok(comparison.holds(Some(order))),
        None => Err(unsupported(comparison.symbol(), left, right)),
    }
}

/// The first items that differ decide, else the lengths.
fn ordered_items(comparison: Comparison, left: &[Py], right: &[Py]) -> Result<bool> {
    let _level = nesting::down()?;
    for (left, right) in left.iter().zip(right) {
        meter::charge(1)?;
        if !left.is_or_equals(right)? {
            return ordered(comparison, left, right);
        }
    }
    Ok(comparison.holds(Some(left.len().cmp(&right.len()))))
}
