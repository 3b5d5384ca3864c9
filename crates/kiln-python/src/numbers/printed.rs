//! How numbers are printed.

use num_bigint::BigInt;

use crate::Fault;
use crate::fault::Result;

/// How many digits Python turns into text, or text into a number, at most.
const MOST_DIGITS: usize = 4300;

/// `repr` of a `float`: the fewest digits that are read back as the same number.
pub fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let (sign, digits, exponent) = shortest(number);
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let body = match exponent {
        16.. | ..-4 => {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            format!("{first}{point}{rest}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
        ..0 => format!("0.{}{digits}", zeros(-exponent - 1)),
        _ if count <= exponent + 1 => format!("{digits}{}.0", zeros(exponent + 1 - count)),
        _ => {
            let (whole, fraction) = digits.split_at(usize::try_from(exponent + 1).unwrap_or(0));
            format!("{whole}.{fraction}")
        }
    };
    format!("{sign}{body}")
}

/// The sign, the digits without the point, and the power of ten of the first digit.
fn shortest(number: f64) -> (&'static str, String, i32) {
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let number = number.abs();
    let scientific = prefer_even(number, format!("{number:e}"));
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    (sign, digits.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// Of two candidates that are equally near, Python takes the one that ends with an even digit.
/// There are two only where a `float` has that many digits.
fn prefer_even(number: f64, scientific: String) -> String {
    let Some(decimals) = scientific.find('e').and_then(|end| end.checked_sub(2)).filter(|it| *it >= 14)
    else {
        return scientific;
    };
    let rounded = format!("{number:.decimals$e}");
    if rounded.parse() == Ok(number) { rounded } else { scientific }
}

/// `str` of an `int` that does not fit into 64 bits.
///
/// # Errors
/// `ValueError` if it has more than 4300 digits, as in Python.
pub fn int_text(number: &BigInt) -> Result<String> {
    let too_long = || {
        Fault::value_error(format!("an integer of more than {MOST_DIGITS} digits is not turned into text"))
    };
    // 4300 digits need at most 14285 bits.
    if number.bits() > 14_285 {
        return Err(too_long());
    }
    let text = number.to_string();
    if text.trim_start_matches('-').len() > MOST_DIGITS {
        return Err(too_long());
    }
    Ok(text)
}
