//! Operators.

use std::sync::Arc;

use crate::fault::Result;
use crate::numbers::{self, Number};
use crate::{Comparison, Fault, FaultKind, List, Py, meter, text};

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    Div,
    /// `//`.
    FloorDiv,
    /// `%`.
    Mod,
    /// `**`.
    Pow,
}

impl Operator {
    fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Sub => "-",
            Operator::Mul => "*",
            Operator::Div => "/",
            Operator::FloorDiv => "//",
            Operator::Mod => "%",
            Operator::Pow => "**",
        }
    }
}

impl Py {
    /// An arithmetic operator.
    ///
    /// # Errors
    /// What Python raises.
    pub fn operate(&self, operator: Operator, other: &Py) -> Result<Py> {
        if let (Some(left), Some(right)) = (Number::of(self), Number::of(other)) {
            return numbers::arithmetic(operator, left, right);
        }
        if let Some(result) = operate_special(operator, self, other) {
            return result;
        }
        let result = match operator {
            Operator::Add => concatenate(self, other)?,
            Operator::Mul => match repeat(self, other)? {
                Some(repeated) => Some(repeated),
                None => repeat(other, self)?,
            },
            _ => None,
        };
        result.ok_or_else(|| unsupported(operator.symbol(), self, other))
    }

    /// `-self`.
    ///
    /// # Errors
    /// `TypeError` if it is no number.
    pub fn negate(&self) -> Result<Py> {
        let negated = match (Number::of(self), self) {
            (Some(number), _) => Some(Ok(numbers::negate(number))),
            (None, Py::Undefined(undefined)) => Some(Err(undefined.fault())),
            (None, Py::Object(object)) => object.negate(),
            _ => None,
        };
        negated.unwrap_or_else(|| Err(unsupported_sign("-", self)))
    }

    /// `+self`.
    ///
    /// # Errors
    /// `TypeError` if it is no number.
    pub fn plus(&self) -> Result<Py> {
        let same = match self {
            Py::Bool(truth) => Some(Ok(Py::Int(i64::from(*truth)))),
            Py::Int(_) | Py::Big(_) | Py::Float(_) => Some(Ok(self.clone())),
            Py::Undefined(undefined) => Some(Err(undefined.fault())),
            Py::Object(object) => object.plus(),
            _ => None,
        };
        same.unwrap_or_else(|| Err(unsupported_sign("+", self)))
    }

    /// `abs(self)`.
    ///
    /// # Errors
    /// `TypeError` if it is no number.
    pub fn abs(&self) -> Result<Py> {
        let size = match (Number::of(self), self) {
            (Some(Number::Float(number)), _) => Some(Ok(Py::Float(number.abs()))),
            (Some(_), _) if self.compare(Comparison::Lt, &Py::Int(0))? => Some(self.negate()),
            (Some(_), _) => Some(self.plus()),
            (None, Py::Object(object)) => object.abs(),
            _ => None,
        };
        size.unwrap_or_else(|| {
            Err(Fault::type_error(format!(
                "`abs` takes a number, not a value of type `{}`",
                self.type_name()
            )))
        })
    }
}

/// That an operator does not go with two types.
pub(crate) fn unsupported(symbol: &str, left: &Py, right: &Py) -> Fault {
    let types = (left.type_name(), right.type_name());
    let fault =
        Fault::type_error(format!("`{symbol}` is not supported between `{}` and `{}`", types.0, types.1));
    let is_none = matches!(left, Py::None) || matches!(right, Py::None);
    match (symbol, left.as_str().is_some(), right.as_str().is_some()) {
        _ if is_none => {
            fault.help("one of the values is `none`: test it with `is not none`, or write `default(…, true)`")
        }
        ("+", true, _) | ("+", _, true) => fault.help("`~` joins values to text"),
        (_, true, true) | (_, false, false) => fault,
        _ => fault.help("`int` and `float` make numbers of text"),
    }
}

fn unsupported_sign(symbol: &str, operand: &Py) -> Fault {
    let fault = Fault::type_error(format!("`{symbol}` is not supported for `{}`", operand.type_name()));
    if operand.as_str().is_some() { fault.help("`int` and `float` make numbers of text") } else { fault }
}

/// What is decided by one operand alone, in Python's order: safe text and objects have
/// operators of their own, undefined values refuse all, and text formats.
fn operate_special(operator: Operator, left: &Py, right: &Py) -> Option<Result<Py>> {
    match (left, operator, right) {
        (Py::Undefined(undefined), ..) => return Some(Err(undefined.fault())),
        (Py::Str(_) | Py::Markup(_) | Py::Watched(_) | Py::Bytes(_), Operator::Mod, _) => {
            return Some(text::percent(left, right));
        }
        (Py::Markup(_), Operator::Add, _) if is_safe_operand(right) => return Some(add_markup(left, right)),
        (Py::Object(object), ..) => {
            if let Some(result) = object.operate(operator, right, false) {
                return Some(result);
            }
        }
        _ => {}
    }
    match (left, operator, right) {
        (Py::Markup(_), Operator::Mul, Py::Undefined(_)) => None,
        (_, _, Py::Undefined(undefined)) => Some(Err(undefined.fault())),
        (_, Operator::Add, Py::Markup(_)) if is_safe_operand(left) => Some(add_markup(left, right)),
        (_, _, Py::Object(object)) => object.operate(operator, left, true),
        _ => None,
    }
}

/// Whether `Markup` adds the value to itself: text, and what has `__html__`.
fn is_safe_operand(value: &Py) -> bool {
    match value {
        Py::Str(_) | Py::Markup(_) | Py::Watched(_) => true,
        Py::Undefined(_) | Py::Object(_) => matches!(value.attr("__html__"), Ok(Some(_))),
        _ => false,
    }
}

fn add_markup(left: &Py, right: &Py) -> Result<Py> {
    join_texts(&text::escape(left)?, &text::escape(right)?).map(Py::Markup)
}

fn join_texts(left: &str, right: &str) -> Result<Arc<str>> {
    meter::charge_text(left.len().saturating_add(right.len()))?;
    let mut joined = String::with_capacity(left.len() + right.len());
    joined.push_str(left);
    joined.push_str(right);
    Ok(joined.into())
}

fn concatenate(left: &Py, right: &Py) -> Result<Option<Py>> {
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
        return join_texts(left, right).map(|text| Some(Py::Str(text)));
    }
    if let (Some(left), Some(right)) = (left.as_tuple(), right.as_tuple()) {
        meter::charge(left.len().saturating_add(right.len()))?;
        return Ok(Some(Py::tuple([&left[..], &right[..]].concat())));
    }
    Ok(Some(match (left, right) {
        (Py::Bytes(left), Py::Bytes(right)) => {
            meter::charge_text(left.len().saturating_add(right.len()))?;
            Py::Bytes([&left[..], &right[..]].concat().into())
        }
        (Py::List(left), Py::List(right)) => {
            let (mut left, right) = (left.items(), right.items());
            meter::charge(left.len().saturating_add(right.len()))?;
            left.extend(right);
            Py::list(left)
        }
        _ => return Ok(None),
    }))
}

/// `sequence * times`; none if it is not one and a number.
fn repeat(sequence: &Py, times: &Py) -> Result<Option<Py>> {
    let tuple = sequence.as_tuple();
    if tuple.is_none()
        && !matches!(sequence, Py::Str(_) | Py::Markup(_) | Py::Watched(_) | Py::Bytes(_) | Py::List(_))
    {
        return Ok(None);
    }
    let Some(count) = times.as_index() else { return Ok(None) };
    if matches!(times, Py::Big(_)) {
        return Err(Fault::new(FaultKind::OverflowError, "an integer is too large to repeat something"));
    }
    let times = usize::try_from(count).unwrap_or(0);
    if let Some(text) = sequence.as_str() {
        meter::charge_text(repeated_size(text.len(), times)?)?;
        let text: Arc<str> = text.repeat(times).into();
        return Ok(Some(if matches!(sequence, Py::Markup(_)) { Py::Markup(text) } else { Py::Str(text) }));
    }
    if let Some(items) = tuple {
        return repeat_items(items, times).map(|items| Some(Py::tuple(items)));
    }
    Ok(Some(match sequence {
        Py::Bytes(bytes) => {
            meter::charge_text(repeated_size(bytes.len(), times)?)?;
            Py::Bytes(bytes.repeat(times).into())
        }
        Py::List(items) => Py::List(List::new(repeat_items(&items.items(), times)?)),
        _ => return Ok(None),
    }))
}

fn repeat_items(items: &[Py], times: usize) -> Result<Vec<Py>> {
    meter::charge(repeated_size(items.len(), times)?)?;
    Ok(std::iter::repeat_n(items, if items.is_empty() { 0 } else { times }).flatten().cloned().collect())
}

/// The size of what is repeated, if memory could hold it at all.
fn repeated_size(size: usize, times: usize) -> Result<usize> {
    size.checked_mul(times).filter(|size| *size < 1 << 40).ok_or_else(|| {
        Fault::new(FaultKind::Exhausted, "what is repeated here becomes too large").coded("too-much-work")
    })
}
