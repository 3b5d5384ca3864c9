//! Methods of `float`.

use num_bigint::BigInt;

use super::subject::{charge, text_of, wrong};
use crate::args::required;
use crate::fault::{Fault, FaultKind, Result};
use crate::{Args, Operator, Py};

fn number(receiver: &Py) -> Result<f64> {
    match receiver {
        Py::Float(number) => Ok(*number),
        _ => Err(wrong(receiver, "the receiver", "a float")),
    }
}

/// `float.is_integer`.
pub(super) fn is_integer(receiver: &Py, args: Args) -> Result<Py> {
    args.none("is_integer")?;
    let number = number(receiver)?;
    Ok(Py::Bool(number.is_finite() && number.floor() == number))
}

/// `float.conjugate`: the number itself.
pub(super) fn conjugate(receiver: &Py, args: Args) -> Result<Py> {
    args.none("conjugate")?;
    number(receiver).map(Py::Float)
}

/// `float.as_integer_ratio`.
pub(super) fn as_integer_ratio(receiver: &Py, args: Args) -> Result<Py> {
    args.none("as_integer_ratio")?;
    let number = number(receiver)?;
    if number.is_nan() {
        return Err(Fault::value_error("not-a-number is no ratio"));
    }
    if number.is_infinite() {
        return Err(Fault::new(FaultKind::OverflowError, "an infinity is no ratio"));
    }
    let Parts { mantissa, exponent, .. } = Parts::of(number);
    let shared = i32::try_from(mantissa.trailing_zeros()).unwrap_or(0);
    let (mantissa, exponent) = match mantissa {
        0 => (0, 0),
        _ => (mantissa >> shared, exponent + shared),
    };
    let power = BigInt::from(1) << exponent.unsigned_abs();
    let mantissa = BigInt::from(mantissa) * if number < 0.0 { -1 } else { 1 };
    let (numerator, denominator) =
        if exponent < 0 { (mantissa, power) } else { (mantissa * power, BigInt::from(1)) };
    Ok(Py::tuple([Py::big(numerator), Py::big(denominator)]))
}

/// `float.hex`.
pub(super) fn hex(receiver: &Py, args: Args) -> Result<Py> {
    args.none("hex")?;
    let number = number(receiver)?;
    if !number.is_finite() {
        return Ok(Py::str(crate::float_repr(number)));
    }
    let sign = if number.is_sign_negative() { "-" } else { "" };
    if number == 0.0 {
        return Ok(Py::str(format!("{sign}0x0.0p+0")));
    }
    let Parts { mantissa, exponent, .. } = Parts::of(number);
    let (first, rest) = (mantissa >> 52, mantissa & ((1 << 52) - 1));
    Ok(Py::str(format!("{sign}0x{first}.{rest:013x}p{:+}", exponent + 52)))
}

/// A finite number as `mantissa * 2 ** exponent`.
struct Parts {
    mantissa: u64,
    exponent: i32,
}

impl Parts {
    fn of(number: f64) -> Parts {
        let bits = number.to_bits();
        let (fraction, exponent) = (bits & ((1 << 52) - 1), ((bits >> 52) & 0x7FF) as i32);
        match exponent {
            0 => Parts { mantissa: fraction, exponent: -1074 },
            _ => Parts { mantissa: fraction | 1 << 52, exponent: exponent - 1075 },
        }
    }
}

/// `float.fromhex`.
pub(super) fn fromhex(_: &Py, args: Args) -> Result<Py> {
    let [text] = args.bind_positional("fromhex")?;
    let text = required(text, "fromhex", "string")?;
    let text = text_of(&text, "string")?;
    charge(Some(text.len()))?;
    let body = text.trim_matches(|c| matches!(c, '\t'..='\r' | ' '));
    let (sign, body) = match body.strip_prefix('-') {
        Some(body) => (-1.0, body),
        None => (1.0, body.strip_prefix('+').unwrap_or(body)),
    };
    let magnitude = match body.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        body => read_hex(body)?,
    };
    Ok(Py::Float(sign * magnitude))
}

/// Hexadecimal digits with a point and a power of two, in lower case.
fn read_hex(text: &str) -> Result<f64> {
    let wrong = || Fault::value_error("the text is not a hexadecimal number");
    let text = text.strip_prefix("0x").unwrap_or(text);
    let (digits, exponent) = match text.split_once('p') {
        Some((digits, exponent)) => (digits, read_exponent(exponent).ok_or_else(wrong)?),
        None => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = [whole, fraction].concat();
    if all.is_empty() || !all.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mantissa = BigInt::parse_bytes(all.as_bytes(), 16).ok_or_else(wrong)?;
    let places = i64::try_from(fraction.len()).unwrap_or(i64::MAX).saturating_mul(4);
    scale(mantissa, exponent.saturating_sub(places))
}

fn read_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(i64::MAX / 2);
    Some(if text.starts_with('-') { -size } else { size })
}

/// `mantissa * 2 ** exponent`, rounded once.
fn scale(mantissa: BigInt, exponent: i64) -> Result<f64> {
    let bits = i64::try_from(mantissa.bits()).unwrap_or(i64::MAX);
    let size = bits.saturating_add(exponent);
    if bits == 0 || size < -1100 {
        return Ok(0.0);
    }
    if size > 1024 {
        return Err(Fault::new(FaultKind::OverflowError, "the number is too large for a float"));
    }
    let power = BigInt::from(1) << exponent.unsigned_abs();
    let (numerator, denominator) =
        if exponent < 0 { (mantissa, power) } else { (mantissa << exponent.unsigned_abs(), BigInt::from(1)) };
    match Py::big(numerator).operate(Operator::Div, &Py::big(denominator))? {
        Py::Float(number) => Ok(number),
        other => Err(wrong(&other, "a quotient", "a float")),
    }
}
