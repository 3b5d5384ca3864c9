//! How numbers compare, exactly, and hash.

use std::cmp::Ordering;
use std::hash::Hasher;

use num_bigint::BigInt;
use num_traits::FromPrimitive;

use super::{Number, integer};

/// How two numbers stand to each other; none if one is not a number. No rounding takes part:
/// `2**53 + 1 > float(2**53)`.
pub(crate) fn order(left: Number<'_>, right: Number<'_>) -> Option<Ordering> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
        (Number::Float(left), Number::Float(right)) => left.partial_cmp(&right),
        (Number::Float(left), right) => order_float(left, right),
        (left, Number::Float(right)) => order_float(right, left).map(Ordering::reverse),
        (Number::Big(left), Number::Big(right)) => Some(left.cmp(right)),
        (Number::Int(_), Number::Big(right)) => Some(order_sign(right).reverse()),
        (Number::Big(left), Number::Int(_)) => Some(order_sign(left)),
    }
}

/// How an integer that does not fit into 64 bits stands to one that does.
fn order_sign(number: &BigInt) -> Ordering {
    if integer::is_negative(number) { Ordering::Less } else { Ordering::Greater }
}

fn order_float(left: f64, right: Number<'_>) -> Option<Ordering> {
    if !left.is_finite() {
        return left.partial_cmp(&0.0);
    }
    let whole = BigInt::from_f64(left.floor())?;
    let right = right.to_big()?;
    Some(whole.cmp(&right).then(left.partial_cmp(&left.floor())?))
}

impl Number<'_> {
    /// Feeds a hash that is the same for equal numbers of any kind.
    pub(crate) fn hash(self, state: &mut impl Hasher) {
        match self {
            Number::Int(number) => state.write_i64(number),
            Number::Big(number) => state.write(&number.to_signed_bytes_le()),
            Number::Float(number) if number.is_finite() && number.floor() == number => {
                hash_whole(number, state);
            }
            Number::Float(number) => state.write_u64(number.to_bits()),
        }
    }
}

fn hash_whole(number: f64, state: &mut impl Hasher) {
    // The bounds are exact; beyond them a `float` cannot be an `i64`.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number) {
        state.write_i64(number as i64);
    } else if let Some(number) = BigInt::from_f64(number) {
        state.write(&number.to_signed_bytes_le());
    }
}
