//! Numbers in the spelling of Go, which SOPS hashes and writes.

use std::ops::Range;

/// Without an exponent: what is encrypted and hashed.
pub(crate) fn fixed(it: f64) -> String {
    special(it).map_or_else(|| Digits::of(it).fixed(), |(go, _)| go.to_owned())
}

/// As YAML: scientific for exponents below -4 and from 6 up.
pub(crate) fn yaml(it: f64) -> String {
    special(it).map_or_else(|| Digits::of(it).scientific_outside(-4..6, 'e'), |(_, yaml)| yaml.to_owned())
}

/// As JSON: scientific below a millionth and from 1e21 up; nothing for what is no number.
pub(crate) fn json(it: f64) -> Option<String> {
    let text = it.is_finite().then(|| Digits::of(it).scientific_outside(-6..21, 'e'))?;
    // Go writes no leading zero here if the exponent is negative.
    Some(text.replace("e-0", "e-"))
}

/// As dotenv and INI files have it: like YAML, but with a point or an exponent, so that it
/// looks like a float.
pub(crate) fn general(it: f64) -> String {
    if let Some((go, _)) = special(it) {
        return go.to_owned();
    }
    let text = Digits::of(it).scientific_outside(-4..6, 'E');
    if text.contains(['.', 'E']) { text } else { format!("{text}.0") }
}

/// The shortest digits that are read back as a number.
struct Digits {
    sign: &'static str,
    digits: String,
    /// That of the first digit.
    exponent: i32,
}

impl Digits {
    /// Of a finite number.
    fn of(it: f64) -> Digits {
        let shortest = format!("{:e}", it.abs());
        let length = shortest.split_once('e').map_or(0, |(digits, _)| digits.replace('.', "").len());
        // Where two such numbers are equally near, Go takes the even one, as rounding does.
        let even = format!("{:.*e}", length.saturating_sub(1), it.abs());
        let text = if even.parse() == Ok(it.abs()) { even } else { shortest };
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        Digits {
            sign: if it.is_sign_negative() { "-" } else { "" },
            digits: digits.replace('.', ""),
            exponent: exponent.parse().unwrap_or_default(),
        }
    }

    fn fixed(&self) -> String {
        let Digits { sign, digits, exponent } = self;
        let whole = usize::try_from(exponent + 1).unwrap_or_default();
        if whole == 0 {
            let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or_default());
            format!("{sign}0.{zeros}{digits}")
        } else if whole >= digits.len() {
            format!("{sign}{digits}{}", "0".repeat(whole - digits.len()))
        } else {
            format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
        }
    }

    /// Scientific, with at least two digits in the exponent, if the exponent is not within.
    fn scientific_outside(&self, plain: Range<i32>, mark: char) -> String {
        let Digits { sign, digits, exponent } = self;
        if plain.contains(exponent) {
            return self.fixed();
        }
        let point = if digits.len() > 1 { "." } else { "" };
        let exponent_sign = if *exponent < 0 { '-' } else { '+' };
        let exponent = exponent.unsigned_abs();
        format!("{sign}{}{point}{}{mark}{exponent_sign}{exponent:02}", &digits[..1], &digits[1..])
    }
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

    // As sops 3.13.3 writes them; the second is .25, exactly between two numbers of 16 digits.
    #[test]
    fn other_formats_have_their_own_limits() {
        for (it, text) in [
            (1e21, "1e+21"),
            (590_193_736_968_403.2, "590193736968403.2"),
            (1e-7, "1e-7"),
            (1e-6, "0.000001"),
            (2.5e-10, "2.5e-10"),
            (-1e300, "-1e+300"),
        ] {
            assert_eq!(json(it).as_deref(), Some(text));
        }
        assert_eq!(json(f64::NAN), None);
        assert_eq!(general(1.0), "1.0");
        assert_eq!(general(1e6), "1E+06");
        assert_eq!(general(0.00001), "1E-05");
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
