//! Arithmetic of floating-point numbers.

use super::complex::Complex;
use crate::fault::Result;
use crate::{Fault, FaultKind, Operator, Py};

/// `left operator right`.
pub(super) fn operate(operator: Operator, left: f64, right: f64) -> Result<Py> {
    Ok(Py::Float(match operator {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mul => left * right,
        Operator::Pow => return power(left, right),
        _ if right == 0.0 => {
            return Err(Fault::new(FaultKind::ZeroDivisionError, "this divides by zero")
                .help("test the divisor first"));
        }
        Operator::Div => left / right,
        Operator::FloorDiv => floor_divide(left, right).0,
        Operator::Mod => floor_divide(left, right).1,
    }))
}

/// The quotient, rounded down, and what is left, which has the sign of the divisor.
fn floor_divide(left: f64, right: f64) -> (f64, f64) {
    let mut rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest == 0.0 {
        rest = 0f64.copysign(right);
    } else if (right < 0.0) != (rest < 0.0) {
        rest += right;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(left / right), rest);
    }
    // The quotient is close to a whole number but may be on the wrong side of it.
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

/// `base ** exponent`, which is complex if the base is negative and the exponent not whole.
///
/// # Errors
/// `ZeroDivisionError` for a negative power of zero, `OverflowError` if the result is too large.
pub(super) fn power(base: f64, exponent: f64) -> Result<Py> {
    if base == 0.0 && exponent < 0.0 && exponent.is_finite() {
        return Err(Fault::new(FaultKind::ZeroDivisionError, "zero cannot be raised to a negative power"));
    }
    let whole = exponent.floor() == exponent;
    if base < 0.0 && base.is_finite() && exponent.is_finite() && !whole {
        let [base, exponent] = [base, exponent].map(|real| Complex { real, imag: 0.0 });
        return base.power(exponent).map(Py::object);
    }
    let result = base.powf(exponent);
    if result.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(Fault::new(FaultKind::OverflowError, "this power is too large for a float"));
    }
    Ok(Py::Float(result))
}
