//! Small tests on the shape of a text, from which the readings are built.

use kiln_model::Value;

use super::Problem;

/// Whether `text` has at least one byte and every byte satisfies `test`.
pub(super) fn all(text: &str, test: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(test)
}

/// Whether `text` is one or more decimal digits.
pub(super) fn digits(text: &str) -> bool {
    all(text, |byte| byte.is_ascii_digit())
}

/// The text without its sign, and whether it had one.
pub(super) fn unsigned(text: &str) -> (&str, bool) {
    text.strip_prefix(['+', '-']).map_or((text, false), |rest| (rest, true))
}

/// Whether `text` is `1`, `1.`, `1.5` or `.5`, with an exponent if `exponent` accepts it.
pub(super) fn decimal(text: &str, exponent: impl Fn(&str) -> bool) -> bool {
    let mantissa = match text.split_once(['e', 'E']) {
        Some((mantissa, power)) if exponent(power) => mantissa,
        Some(_) => return false,
        None => text,
    };
    match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    }
}

/// Whether `text` is the power of an exponent whose sign may be left out.
pub(super) fn power(text: &str) -> bool {
    digits(unsigned(text).0)
}

/// The integer that `sign` and digits in `radix` make.
pub(super) fn integer(negative: bool, digits: &str, radix: u32) -> Result<Value, Problem> {
    let magnitude = i128::from_str_radix(digits, radix).map_err(|_| Problem::TooLarge)?;
    Ok(Value::Int(if negative { -magnitude } else { magnitude }))
}
