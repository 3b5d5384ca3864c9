//! Text as numbers.

use num_bigint::BigInt;
use num_traits::FromPrimitive;

use super::subject::from_bytes;
use super::unicode;
use crate::fault::Result;
use crate::{Args, Fault, FaultKind, Py, meter};

/// The most digits that Python reads, where reading takes more than looking at them.
const MOST_DIGITS: usize = 4300;

/// `int(text, base)`. The base is from 2 to 36, or 0 where the text says it (`0x1f`).
///
/// # Errors
/// `ValueError` if the text is no integer of this base, has more than 4300 digits where the
/// base is no power of two, or the base is none.
pub fn parse_int(text: &str, base: u32) -> Result<Py> {
    if base == 1 || base > 36 {
        return Err(Fault::value_error("the base of an integer is 0 or from 2 to 36"));
    }
    meter::charge_text(text.len())?;
    let text = ascii(text);
    let body = text.trim_matches(is_space);
    let (negative, body) = signed(body);
    let wrong = || Fault::value_error(not_an_integer(base));
    let (base, digits) = based(body, base).ok_or_else(wrong)?;
    let digits = joined(digits, |c| c.is_digit(base)).ok_or_else(wrong)?;
    if digits.len() > MOST_DIGITS && !base.is_power_of_two() {
        return Err(Fault::value_error(format!("an integer is read from at most {MOST_DIGITS} digits")));
    }
    if let Ok(number) = i64::from_str_radix(&digits, base) {
        return Ok(Py::Int(if negative { -number } else { number }));
    }
    let number = BigInt::parse_bytes(digits.as_bytes(), base).ok_or_else(wrong)?;
    Ok(Py::big(if negative { -number } else { number }))
}

fn not_an_integer(base: u32) -> String {
    match base {
        10 => "the text is not an integer".to_owned(),
        _ => format!("the text is not an integer of base {base}"),
    }
}

/// The base that the text is in, and its digits. A prefix may stand where it says the same
/// base; one underscore may follow it.
fn based(body: &str, base: u32) -> Option<(u32, &str)> {
    let prefixed =
        [(2, ["0b", "0B"]), (8, ["0o", "0O"]), (16, ["0x", "0X"])].into_iter().find_map(|(of, prefixes)| {
            let digits = prefixes.iter().find_map(|prefix| body.strip_prefix(prefix))?;
            (base == 0 || base == of).then(|| (of, digits.strip_prefix('_').unwrap_or(digits)))
        });
    match prefixed {
        Some(prefixed) => Some(prefixed),
        // Where the text says its base, a leading zero is left to those that say one.
        None if base == 0 && body.starts_with('0') && body.contains(|c| c != '0' && c != '_') => None,
        None => Some((if base == 0 { 10 } else { base }, body)),
    }
}

/// `float(text)`.
///
/// # Errors
/// `ValueError` if the text is no number.
pub fn parse_float(text: &str) -> Result<f64> {
    meter::charge_text(text.len())?;
    let text = ascii(text);
    let body = text.trim_matches(is_space);
    let number = match body.contains('_') {
        true => without_underscores(body).and_then(|body| body.parse().ok()),
        false => body.parse().ok(),
    };
    number.ok_or_else(|| Fault::value_error("the text is not a number"))
}

/// `int(value)`.
///
/// # Errors
/// `TypeError` if there is none of this type, `ValueError` for text and for what is not a
/// number, `OverflowError` for an infinity; for an undefined value.
pub fn int(value: &Py) -> Result<Py> {
    match value {
        Py::Bool(flag) => Ok(Py::Int(i64::from(*flag))),
        Py::Int(_) | Py::Big(_) => Ok(value.clone()),
        Py::Float(number) => truncated(*number),
        Py::Bytes(bytes) => parse_int(&ascii_bytes(bytes), 10),
        Py::Undefined(undefined) => Err(undefined.fault()),
        _ => match value.as_str() {
            Some(text) => parse_int(text, 10),
            None => converted(value, "__int__")?
                .ok_or_else(|| super::subject::wrong(value, "what becomes an integer", "a number or text")),
        },
    }
}

/// `float(value)`.
///
/// # Errors
/// As [`int`]; `OverflowError` for an integer that is too large.
pub fn float(value: &Py) -> Result<f64> {
    match (value.as_float(), value) {
        (Some(number), _) => number,
        (None, Py::Bytes(bytes)) => parse_float(&ascii_bytes(bytes)),
        (None, Py::Undefined(undefined)) => Err(undefined.fault()),
        _ => match value.as_str() {
            Some(text) => parse_float(text),
            None => {
                converted(value, "__float__")?.and_then(|number| number.as_float()).unwrap_or_else(|| {
                    Err(super::subject::wrong(value, "what becomes a float", "a number or text"))
                })
            }
        },
    }
}

/// What an object itself makes of it that it is to become a number.
fn converted(value: &Py, method: &str) -> Result<Option<Py>> {
    let Py::Object(_) = value else { return Ok(None) };
    match value.attr(method)? {
        Some(method) => method.call(Args::default()).map(Some),
        None => Ok(None),
    }
}

/// A float without its fraction.
fn truncated(number: f64) -> Result<Py> {
    if number.is_nan() {
        return Err(Fault::value_error("not-a-number cannot become an integer"));
    }
    BigInt::from_f64(number)
        .map(Py::big)
        .ok_or_else(|| Fault::new(FaultKind::OverflowError, "an infinity cannot become an integer"))
}

/// Bytes as text; those beyond ASCII are no digits, whatever their characters would be.
fn ascii_bytes(bytes: &[u8]) -> String {
    from_bytes(bytes).replace(|c: char| !c.is_ascii(), "?")
}

/// The text with the digits of all scripts as those of ASCII and their spaces as blanks.
fn ascii(text: &str) -> String {
    let plain = |c: char| match unicode::decimal(c) {
        _ if c.is_ascii() => c,
        Some(value) => char::from_digit(value, 10).unwrap_or('?'),
        None if unicode::is_space(c) => ' ',
        None => '?',
    };
    text.chars().map(plain).collect()
}

/// The spaces around numbers. Those of ASCII that separate records are not among them.
fn is_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ')
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Digits without the single underscores between them.
fn joined(digits: &str, is_digit: impl Fn(char) -> bool) -> Option<String> {
    let parts = digits.split('_');
    parts.clone().all(|part| !part.is_empty() && part.chars().all(&is_digit)).then(|| parts.collect())
}

/// A number without its underscores, each of which must have digits on both sides.
fn without_underscores(text: &str) -> Option<String> {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut parts = text.split('_').peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(part) = parts.next() {
        out.push_str(part);
        let fits = parts
            .peek()
            .is_none_or(|next| is_digit(part.chars().next_back()) && is_digit(next.chars().next()));
        if !fits {
            return None;
        }
    }
    Some(out)
}
