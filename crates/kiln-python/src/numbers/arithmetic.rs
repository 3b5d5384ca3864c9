//! Operators between numbers.

use super::{Number, float, integer};
use crate::fault::Result;
use crate::{Operator, Py};

/// `left operator right`.
///
/// # Errors
/// What Python raises.
pub(crate) fn arithmetic(operator: Operator, left: Number<'_>, right: Number<'_>) -> Result<Py> {
    if let (Number::Int(left), Number::Int(right)) = (left, right) {
        if let Some(result) = integer::small(operator, left, right) {
            return Ok(Py::Int(result));
        }
        if operator == Operator::Div && integer::is_exact(left) && integer::is_exact(right) {
            return float::operate(operator, left as f64, right as f64);
        }
    }
    match (left.to_big(), right.to_big()) {
        (Some(left), Some(right)) => integer::large(operator, &left, &right),
        _ => float::operate(operator, left.to_float()?, right.to_float()?),
    }
}

/// `-number`.
pub(crate) fn negate(number: Number<'_>) -> Py {
    match number {
        Number::Int(number) => match number.checked_neg() {
            Some(negated) => Py::Int(negated),
            None => Py::big(-num_bigint::BigInt::from(number)),
        },
        Number::Big(number) => Py::big(-number),
        Number::Float(number) => Py::Float(-number),
    }
}
