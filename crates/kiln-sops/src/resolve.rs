//! Which type a scalar has, by the rules of go-yaml v3, which SOPS reads with.
//!
//! They are YAML 1.1 where it hurts (`0644` is 420) and YAML 1.2 elsewhere (`yes` is text).

use std::sync::LazyLock;

use regex::Regex;

use crate::document::Scalar;
use crate::time;

/// What a scalar turned out to be.
pub(crate) enum Resolved {
    Scalar(Scalar),
    /// An integer that does not fit 64 bits with sign; SOPS cannot keep it exact.
    TooLarge,
}

/// The type of an unquoted scalar without a tag.
pub(crate) fn plain(text: &str) -> Resolved {
    Resolved::Scalar(match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => match text.as_bytes()[0] {
            b'.' => float(text).map_or_else(|| Scalar::text(text), Scalar::Float),
            b'0'..=b'9' | b'+' | b'-' => return number_or_time(text),
            _ => Scalar::text(text),
        },
    })
}

/// Whether an unquoted scalar of this text would be read as this very text.
pub(crate) fn stays_text(text: &str) -> bool {
    text != "<<" && matches!(plain(text), Resolved::Scalar(Scalar::Text(_)))
}

fn number_or_time(text: &str) -> Resolved {
    if let Some(time) = time::parse_yaml(text) {
        return Resolved::Scalar(Scalar::Time(time));
    }
    let digits = text.replace('_', "");
    match integer(&digits) {
        Some(Ok(it)) => Resolved::Scalar(Scalar::Int(it)),
        Some(Err(())) => Resolved::TooLarge,
        None => Resolved::Scalar(float(&digits).map_or_else(|| Scalar::text(text), Scalar::Float)),
    }
}

/// An integer in any base; `Err` if it is one but out of range.
fn integer(text: &str) -> Option<Result<i64, ()>> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
    Some(i64::from_str_radix(&signed, radix).map_err(|_| ()))
}

fn float(text: &str) -> Option<f64> {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$").expect("a valid pattern")
    });
    if !SHAPE.is_match(text) {
        return None;
    }
    text.parse().ok().filter(|it: &f64| it.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> String {
        match plain(text) {
            Resolved::TooLarge => "too large".to_owned(),
            Resolved::Scalar(scalar) => {
                let name = match &scalar {
                    Scalar::Null => "null",
                    Scalar::Bool(_) => "bool",
                    Scalar::Int(_) => "int",
                    Scalar::Float(_) => "float",
                    Scalar::Time(_) => "time",
                    Scalar::Text(_) | Scalar::Bytes(_) => "text",
                };
                scalar.plain().map_or_else(
                    || name.to_owned(),
                    |plain| format!("{name} {}", String::from_utf8_lossy(&plain)),
                )
            }
        }
    }

    #[test]
    fn integers_have_four_bases_and_the_old_octal() {
        assert_eq!(kind("0644"), "int 420");
        assert_eq!(kind("0o17"), "int 15");
        assert_eq!(kind("0x1F"), "int 31");
        assert_eq!(kind("-0b11"), "int -3");
        assert_eq!(kind("1_000"), "int 1000");
        assert_eq!(kind("+5"), "int 5");
        assert_eq!(kind("089"), "float 89");
        assert_eq!(kind("-9223372036854775808"), "int -9223372036854775808");
        assert_eq!(kind("9223372036854775808"), "too large");
    }

    #[test]
    fn words_of_yaml_1_1_are_text() {
        for word in ["yes", "off", "y", "1:30", "<<", "-", "1.2.3", "0x", ".", "+", "tRUE"] {
            assert_eq!(kind(word), format!("text {word}"));
        }
        assert!(!stays_text("<<"));
    }

    #[test]
    fn floats_and_times_are_found() {
        assert_eq!(kind("1e3"), "float 1000");
        assert_eq!(kind(".5"), "float 0.5");
        assert_eq!(kind("1e999"), "text 1e999");
        assert_eq!(kind("2024-01-01"), "time 2024-01-01T00:00:00Z");
        assert_eq!(kind("2024-13-01"), "text 2024-13-01");
        assert_eq!(kind("~"), "null");
    }
}
