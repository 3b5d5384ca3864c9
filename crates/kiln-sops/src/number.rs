//! Numbers in the spelling of Go, which SOPS hashes and writes.

use std::ops::Range;

/// Without an exponent: what is encrypted and hashed.
pub(crate) fn fixed(it: f64) -> String {
    special(it).map_or_else(|| it.to_string(), |(go, _)| go.to_owned())
}

/// As YAML: scientific for exponents below -4 and from 6 up.
pub(crate) fn yaml(it: f64) -> String {
    if let Some((_, yaml)) = special(it) {
        return yaml.to_owned();
    }
    scientific_outside(it, -4..6, 'e')
}

/// Scientific, with at least two digits in the exponent, if the exponent is not within.
fn scientific_outside(it: f64, plain: Range<i32>, mark: char) -> String {
    let scientific = format!("{it:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !plain.contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}{mark}{sign}{:02}", exponent.unsigned_abs())
        }
        _ => it.to_string(),
    }
}

/// As JSON: scientific below a millionth and from 1e21 up; nothing for what is no number.
pub(crate) fn json(it: f64) -> Option<String> {
    let size = it.abs();
    if !it.is_finite() {
        None
    } else if it != 0.0 && !(1e-6..1e21).contains(&size) {
        let scientific = format!("{it:e}");
        Some(if size < 1.0 { scientific } else { scientific.replace('e', "e+") })
    } else {
        Some(it.to_string())
    }
}

/// As dotenv and INI files have it: with a point or an exponent, so that it looks like a
/// float.
pub(crate) fn general(it: f64) -> String {
    if let Some((go, _)) = special(it) {
        return go.to_owned();
    }
    let text = scientific_outside(it, -4..6, 'E');
    if text.contains(['.', 'E']) { text } else { format!("{text}.0") }
}

/// What was encrypted as a float.
pub(crate) fn parse_fixed(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "+Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        _ if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) => {
            text.parse().ok()
        }
        _ => None,
    }
}

fn special(it: f64) -> Option<(&'static str, &'static str)> {
    if it.is_nan() {
        Some(("NaN", ".nan"))
    } else if it == f64::INFINITY {
        Some(("+Inf", ".inf"))
    } else if it == f64::NEG_INFINITY {
        Some(("-Inf", "-.inf"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Pairs of input and the output of Go's strconv.FormatFloat(x, 'g', -1, 64).
    #[test]
    fn yaml_spelling_turns_scientific_where_go_does() {
        for (it, text) in [
            (1.0, "1"),
            (123_456.0, "123456"),
            (1_000_000.0, "1e+06"),
            (123_456_789.123, "1.23456789123e+08"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (-2.5, "-2.5"),
            (1e100, "1e+100"),
            (0.0, "0"),
            (-0.0, "-0"),
            (f64::NEG_INFINITY, "-.inf"),
        ] {
            assert_eq!(yaml(it), text);
        }
    }

    #[test]
    fn the_hashed_spelling_never_has_an_exponent() {
        assert_eq!(fixed(1e21), "1000000000000000000000");
        assert_eq!(fixed(1.5e-7), "0.00000015");
        assert_eq!(fixed(f64::INFINITY), "+Inf");
        assert!(parse_fixed("NaN").is_some_and(f64::is_nan));
        assert_eq!(parse_fixed("0.00000015"), Some(1.5e-7));
        assert_eq!(parse_fixed("infinity"), None);
    }
}
