//! Integers, floating-point numbers and complex ones.

mod arithmetic;
mod complex;
mod float;
mod integer;
mod order;
mod printed;

use std::borrow::Cow;

use num_bigint::BigInt;
use num_traits::ToPrimitive;

pub use printed::{float_repr, int_text};

use crate::Py;
use crate::fault::Result;

pub(crate) use arithmetic::{arithmetic, negate};
pub(crate) use order::order;

/// A value seen as a number, as operators see it: a `bool` is an `int`.
#[derive(Clone, Copy)]
pub(crate) enum Number<'a> {
    Int(i64),
    Big(&'a BigInt),
    Float(f64),
}

impl<'a> Number<'a> {
    pub(crate) fn of(value: &'a Py) -> Option<Number<'a>> {
        match value {
            Py::Bool(truth) => Some(Number::Int(i64::from(*truth))),
            Py::Int(number) => Some(Number::Int(*number)),
            Py::Big(number) => Some(Number::Big(number)),
            Py::Float(number) => Some(Number::Float(*number)),
            Py::Object(object) => match object.as_plain()? {
                Py::Int(number) => Some(Number::Int(*number)),
                Py::Big(number) => Some(Number::Big(number)),
                Py::Float(number) => Some(Number::Float(*number)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The number as a `float`.
    ///
    /// # Errors
    /// `OverflowError` if it is too large.
    pub(crate) fn to_float(self) -> Result<f64> {
        match self {
            Number::Int(number) => Ok(number as f64),
            Number::Big(number) => integer::to_float(number),
            Number::Float(number) => Ok(number),
        }
    }

    fn to_big(self) -> Option<Cow<'a, BigInt>> {
        match self {
            Number::Int(number) => Some(Cow::Owned(BigInt::from(number))),
            Number::Big(number) => Some(Cow::Borrowed(number)),
            Number::Float(_) => None,
        }
    }
}

impl Py {
    /// `operator.index(self)` cut to what fits, for places and bounds; none if it is no `int`.
    pub fn as_index(&self) -> Option<i64> {
        match Number::of(self)? {
            Number::Int(number) => Some(number),
            Number::Big(number) => {
                Some(number.to_i64().unwrap_or(if number.sign() == num_bigint::Sign::Minus {
                    i64::MIN
                } else {
                    i64::MAX
                }))
            }
            Number::Float(_) => None,
        }
    }

    /// The value of an `int` or `bool` of any size; none if it is neither.
    pub fn as_big(&self) -> Option<BigInt> {
        Number::of(self)?.to_big().map(Cow::into_owned)
    }

    /// `float(self)` of a number; none if it is no number.
    ///
    /// # Errors
    /// `OverflowError` if it is too large.
    pub fn as_float(&self) -> Option<Result<f64>> {
        Number::of(self).map(Number::to_float)
    }
}
