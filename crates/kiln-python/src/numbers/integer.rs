//! Arithmetic of integers of any size.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::float;
use crate::fault::Result;
use crate::{Fault, FaultKind, Operator, Py, meter};

/// `left operator right` of integers that fit, if the result fits and is an integer.
pub(super) fn small(operator: Operator, left: i64, right: i64) -> Option<i64> {
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Sub => left.checked_sub(right),
        Operator::Mul => left.checked_mul(right),
        Operator::FloorDiv if right != 0 => left.checked_div(right).map(|quotient| {
            let inexact = quotient.wrapping_mul(right) != left;
            if inexact && (left < 0) != (right < 0) { quotient - 1 } else { quotient }
        }),
        Operator::Mod if right != 0 => left
            .checked_rem(right)
            .map(|rest| if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest }),
        Operator::Pow => left.checked_pow(u32::try_from(right).ok()?),
        _ => None,
    }
}

/// `left operator right` of integers of any size.
pub(super) fn large(operator: Operator, left: &BigInt, right: &BigInt) -> Result<Py> {
    match operator {
        Operator::Add => charge(left.bits().max(right.bits())).map(|()| Py::big(left + right)),
        Operator::Sub => charge(left.bits().max(right.bits())).map(|()| Py::big(left - right)),
        Operator::Mul => {
            charge_product(left, right)?;
            Ok(Py::big(left * right))
        }
        Operator::FloorDiv | Operator::Mod if right.is_zero() => Err(division_by_zero()),
        Operator::FloorDiv => {
            charge_product(left, right)?;
            Ok(Py::big(left.div_floor(right)))
        }
        Operator::Mod => {
            charge_product(left, right)?;
            Ok(Py::big(left.mod_floor(right)))
        }
        Operator::Div => divide(left, right).map(Py::Float),
        Operator::Pow => power(left, right),
    }
}

fn division_by_zero() -> Fault {
    Fault::new(FaultKind::ZeroDivisionError, "this divides by zero").help("test the divisor first")
}

fn charge(bits: u64) -> Result<()> {
    meter::charge_text(usize::try_from(bits / 8).unwrap_or(usize::MAX))
}

/// A product costs its rows times its columns, and so does a division.
fn charge_product(left: &BigInt, right: &BigInt) -> Result<()> {
    let words = |number: &BigInt| usize::try_from(number.bits() / 64 + 1).unwrap_or(usize::MAX);
    meter::charge(words(left).saturating_mul(words(right)) / 64 + 1)
}

fn power(base: &BigInt, exponent: &BigInt) -> Result<Py> {
    if exponent.is_negative() {
        return float::power(to_float(base)?, to_float(exponent)?);
    }
    if base.is_zero() || base.is_one() {
        return Ok(Py::Int(i64::from(exponent.is_zero() || base.is_one())));
    }
    if base.magnitude().is_one() {
        return Ok(Py::Int(if exponent.is_even() { 1 } else { -1 }));
    }
    let bits = exponent.to_u64().and_then(|exponent| base.bits().checked_mul(exponent));
    let (Some(bits), Some(exponent)) = (bits.filter(|bits| *bits < 1 << 32), exponent.to_u32()) else {
        return Err(too_large());
    };
    let words = usize::try_from(bits / 64 + 1).unwrap_or(usize::MAX);
    meter::charge(words.saturating_mul(words) / 64 + 1)?;
    Ok(Py::big(base.pow(exponent)))
}

fn too_large() -> Fault {
    Fault::new(FaultKind::Exhausted, "this power is too large to be computed").coded("too-much-work")
}

/// The nearest `float`.
///
/// # Errors
/// `OverflowError` if there is none.
pub(super) fn to_float(number: &BigInt) -> Result<f64> {
    number
        .to_f64()
        .filter(|number| number.is_finite())
        .ok_or_else(|| Fault::new(FaultKind::OverflowError, "an integer is too large to become a float"))
}

/// `left / right`, rounded once, as Python does.
fn divide(left: &BigInt, right: &BigInt) -> Result<f64> {
    if right.is_zero() {
        return Err(division_by_zero());
    }
    charge_product(left, right)?;
    let negative = left.is_negative() != right.is_negative();
    let (left, right) = (left.magnitude(), right.magnitude());
    // The quotient is scaled to at least 66 bits, the lowest of which says whether it is inexact;
    // that is all that rounding to 53 bits needs.
    let shift =
        66 + i64::try_from(right.bits()).unwrap_or(i64::MAX) - i64::try_from(left.bits()).unwrap_or(i64::MAX);
    let (scaled_left, scaled_right) = match u64::try_from(shift) {
        Ok(shift) => (left << shift, right.clone()),
        Err(_) => (left.clone(), right << shift.unsigned_abs()),
    };
    let (mut quotient, rest) = scaled_left.div_rem(&scaled_right);
    if !rest.is_zero() {
        quotient |= num_bigint::BigUint::one();
    }
    let value = scale(&quotient, shift);
    if value.is_infinite() {
        return Err(Fault::new(FaultKind::OverflowError, "the quotient is too large for a float"));
    }
    Ok(if negative { -value } else { value })
}

/// `quotient * 2 ** -shift`, rounded once: a subnormal result has fewer bits to round to.
fn scale(quotient: &num_bigint::BigUint, shift: i64) -> f64 {
    let bits = i64::try_from(quotient.bits()).unwrap_or(i64::MAX);
    let lowest = (bits - shift - 53).max(-1074);
    let cut = lowest + shift;
    let Ok(cut) = u64::try_from(cut) else { return 0.0 };
    let kept = (quotient >> cut).to_u64().unwrap_or(u64::MAX);
    let rest = quotient - (num_bigint::BigUint::from(kept) << cut);
    let half = num_bigint::BigUint::one() << cut;
    let up = match (rest << 1u8).cmp(&half) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => kept % 2 == 1,
        std::cmp::Ordering::Less => false,
    };
    // Both are exact: at most 53 bits, and a power of two in two steps within range.
    let kept = (kept + u64::from(up)) as f64;
    let Ok(lowest) = i32::try_from(lowest) else { return f64::INFINITY };
    if lowest > 1023 {
        return f64::INFINITY;
    }
    kept * 2f64.powi(lowest / 2) * 2f64.powi(lowest - lowest / 2)
}

/// Whether a `float` holds the integer without rounding.
pub(super) fn is_exact(number: i64) -> bool {
    number.unsigned_abs() <= 1 << 53
}

/// The sign of an integer, to compare with what is not finite.
pub(super) fn is_negative(number: &BigInt) -> bool {
    number.sign() == Sign::Minus
}
