//! The reading of PyYAML 6's `SafeLoader` (its `resolver.py` and `constructor.py`).

mod date;

use kiln_model::Value;

use super::Problem;
use super::shape::{all, digits, integer, unsigned};

pub(super) use date::is_timestamp;

pub(super) fn plain(text: &str) -> Result<Value, Problem> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Value::Bool(false),
        "=" | "<<" => return Err(Problem::Not("a value that PyYAML can read")),
        _ if is_float(text) => return float(text),
        _ if is_integer(text) => return whole(text),
        _ if is_timestamp(text) => Value::String(date::printed(text).ok_or(Problem::Not("a date"))?),
        _ => Value::String(text.to_owned()),
    })
}

/// A digit or the `_` that PyYAML allows between digits, in front and behind.
fn spaced(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

/// Digits and `_`, beginning with a digit.
fn spaced_digits(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit()) && text.bytes().all(spaced)
}

/// One place of a number to the base 60: 0 to 59 in one or two digits.
fn sixtieth(text: &str) -> bool {
    digits(text) && (text.len() == 1 || text.len() == 2 && text.as_bytes()[0] <= b'5')
}

fn is_integer(text: &str) -> bool {
    let (body, _) = unsigned(text);
    if let Some(binary) = body.strip_prefix("0b") {
        return all(binary, |byte| matches!(byte, b'0' | b'1' | b'_'));
    }
    if let Some(hex) = body.strip_prefix("0x") {
        return all(hex, |byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    if let Some(octal) = body.strip_prefix('0') {
        return octal.bytes().all(|byte| matches!(byte, b'0'..=b'7' | b'_'));
    }
    let mut places = body.split(':');
    places.next().is_some_and(spaced_digits) && places.all(sixtieth)
}

fn whole(text: &str) -> Result<Value, Problem> {
    let clean = text.replace('_', "");
    let negative = clean.starts_with('-');
    let (body, _) = unsigned(&clean);
    if let Some(binary) = body.strip_prefix("0b") {
        return based(negative, binary, 2);
    }
    if let Some(hex) = body.strip_prefix("0x") {
        return based(negative, hex, 16);
    }
    if body.starts_with('0') {
        return integer(negative, body, 8);
    }
    let value =
        body.split(':').try_fold(0_i128, |sum, place| sum.checked_mul(60)?.checked_add(place.parse().ok()?));
    value.map(|it| Value::Int(if negative { -it } else { it })).ok_or(Problem::TooLarge)
}

/// The digits after a prefix, of which nothing may be left once each `_` is gone.
fn based(negative: bool, digits: &str, radix: u32) -> Result<Value, Problem> {
    if digits.is_empty() { Err(Problem::Not("a number")) } else { integer(negative, digits, radix) }
}

fn is_float(text: &str) -> bool {
    let (body, signed) = unsigned(text);
    match body {
        ".inf" | ".Inf" | ".INF" => return true,
        ".nan" | ".NaN" | ".NAN" => return !signed,
        _ => {}
    }
    let (mantissa, power) = match body.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, Some(power)),
        None => (body, None),
    };
    // Unlike in YAML 1.2 the sign of the exponent must be written.
    if power.is_some_and(|it| !(unsigned(it).1 && digits(unsigned(it).0))) {
        return false;
    }
    let Some((whole, fraction)) = mantissa.split_once('.') else { return false };
    if whole.is_empty() {
        return !signed && spaced_digits(fraction);
    }
    let mut places = whole.split(':');
    let first = places.next().is_some_and(spaced_digits);
    let base_60 = whole.contains(':');
    first && places.all(sixtieth) && fraction.bytes().all(spaced) && !(base_60 && power.is_some())
}

/// The number that `text` stands for, also where only a tag says that it is one.
pub(super) fn float(text: &str) -> Result<Value, Problem> {
    let clean = text.replace('_', "").to_ascii_lowercase();
    let (body, _) = unsigned(&clean);
    let magnitude = match body {
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        _ => sixties(body).ok_or(Problem::Not("a number"))?,
    };
    Ok(Value::Float(if clean.starts_with('-') { -magnitude } else { magnitude }))
}

/// The number whose places to the base 60 stand between colons; most have one place. Added
/// up from the last place, as PyYAML does, so that rounding agrees.
fn sixties(text: &str) -> Option<f64> {
    let mut base = 1.0;
    text.rsplit(':').try_fold(0.0, |sum, place| {
        let value: f64 = place.parse().ok()?;
        let sum = sum + value * base;
        base *= 60.0;
        Some(sum)
    })
}
