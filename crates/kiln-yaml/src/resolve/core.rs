//! The core schema of YAML 1.2, section 10.3.2.

use kiln_model::Value;

use super::Problem;
use super::shape::{all, decimal, digits, integer, power, unsigned};

pub(super) fn plain(text: &str) -> Result<Value, Problem> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Value::Float(f64::NAN),
        _ => return number(text).unwrap_or_else(|| Ok(Value::String(text.to_owned()))),
    })
}

fn number(text: &str) -> Option<Result<Value, Problem>> {
    let (body, _) = unsigned(text);
    let negative = text.starts_with('-');
    if digits(body) {
        return Some(integer(negative, body, 10));
    }
    if let Some(octal) = text.strip_prefix("0o").filter(|it| all(it, |byte| matches!(byte, b'0'..=b'7'))) {
        return Some(integer(false, octal, 8));
    }
    if let Some(hex) = text.strip_prefix("0x").filter(|it| all(it, |byte| byte.is_ascii_hexdigit())) {
        return Some(integer(false, hex, 16));
    }
    if matches!(body, ".inf" | ".Inf" | ".INF") {
        return Some(Ok(Value::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY })));
    }
    decimal(body, power).then(|| text.parse().map(Value::Float).map_err(|_| Problem::Not("a number")))
}
