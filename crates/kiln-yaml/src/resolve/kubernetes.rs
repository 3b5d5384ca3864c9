//! The reading of `sigs.k8s.io/yaml`: go-yaml 2 resolves the scalar, then JSON carries it.

use kiln_model::Value;

use super::Problem;
use super::shape::{decimal, power, unsigned};

pub(super) fn plain(text: &str) -> Result<Value, Problem> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Value::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf"
        | "-.Inf" | "-.INF" => return Err(Problem::Not("a number that JSON can hold")),
        _ => number(text).unwrap_or_else(|| Value::String(text.to_owned())),
    })
}

fn number(text: &str) -> Option<Value> {
    if text.starts_with('.') {
        return fraction(text);
    }
    if !text.starts_with(|first: char| matches!(first, '+' | '-' | '0'..='9')) {
        return None;
    }
    let plain = text.replace('_', "");
    integer(&plain).or_else(|| float(&plain))
}

/// A number that begins with its point.
pub(super) fn fraction(text: &str) -> Option<Value> {
    separates_digits(text).then(|| float(&text.replace('_', ""))).flatten()
}

/// Whether every `_` stands between two digits, as Go's `ParseFloat` asks for.
fn separates_digits(text: &str) -> bool {
    text.split('_').zip(text.split('_').skip(1)).all(|(left, right)| {
        left.ends_with(|it: char| it.is_ascii_digit()) && right.starts_with(|it: char| it.is_ascii_digit())
    })
}

/// What Go's `ParseInt` and `ParseUint` with base 0 accept: a prefix names the base, and a
/// leading zero means octal.
pub(super) fn integer(text: &str) -> Option<Value> {
    let (body, signed) = unsigned(text);
    let lower = body.to_ascii_lowercase();
    let (digits, radix) = if let Some(rest) = lower.strip_prefix("0x") {
        (rest, 16)
    } else if let Some(rest) = lower.strip_prefix("0b") {
        (rest, 2)
    } else if let Some(rest) = lower.strip_prefix("0o") {
        (rest, 8)
    } else if let Some(rest) = lower.strip_prefix('0').filter(|rest| !rest.is_empty()) {
        (rest, 8)
    } else {
        (lower.as_str(), 10)
    };
    if !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = i128::from_str_radix(digits, radix).ok()?;
    let value = if text.starts_with('-') { -magnitude } else { magnitude };
    let limit = if signed { i128::from(i64::MAX) } else { i128::from(u64::MAX) };
    (i128::from(i64::MIN)..=limit).contains(&value).then_some(Value::Int(value))
}

pub(super) fn float(text: &str) -> Option<Value> {
    if !decimal(unsigned(text).0, power) {
        return None;
    }
    let value: f64 = text.parse().ok().filter(|it: &f64| it.is_finite())?;
    // JSON writes `1000.0` as `1000`, which is read as an integer again. 2^63 is exact.
    let fits = value.fract() == 0.0 && value.abs() < 9_223_372_036_854_775_808.0;
    Some(if fits { Value::Int(value as i128) } else { Value::Float(value) })
}
