//! `format(value, spec)`.

use num_traits::Signed;

use super::super::subject::push_repeated;
use super::float::{Notation, Style, shortest_with_point, text as float_text};
use super::spec::{Align, Spec};
use crate::fault::Result;
use crate::{Fault, FaultKind, Py, float_repr};

/// `format(value, spec)`.
///
/// # Errors
/// `ValueError` if the specification is none or does not fit the type, `TypeError` if the type
/// takes none; as [`Py::to_str`].
pub fn format_value(value: &Py, spec: &str) -> Result<Py> {
    let text = text_of_value(value, spec)?;
    // Python gives safe text itself if a specification has changed nothing of it.
    Ok(match value {
        Py::Markup(safe) if !spec.is_empty() && !safe.is_empty() && **safe == *text => value.clone(),
        _ => Py::str(text),
    })
}

fn text_of_value(value: &Py, spec: &str) -> Result<String> {
    if let Py::Object(object) = value
        && let Some(formatted) = object.format(spec)
    {
        return formatted;
    }
    if spec.is_empty() {
        return value.to_str().map(|text| text.to_string());
    }
    if let Some(text) = value.as_str() {
        return format_text(text, &Spec::read(spec, Align::Left)?);
    }
    match value {
        Py::Bool(_) | Py::Int(_) | Py::Big(_) => {
            let spec = Spec::read(spec, Align::Right)?;
            match spec.conversion {
                Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => match value.as_float() {
                    Some(number) => format_float(number?, &spec),
                    None => Err(spec.unknown("int")),
                },
                _ => format_int(value, &spec),
            }
        }
        Py::Float(number) => format_float(*number, &Spec::read(spec, Align::Right)?),
        _ => Err(Fault::type_error(format!(
            "a value of type `{}` takes no format specification",
            value.type_name()
        ))),
    }
}

fn format_text(text: &str, spec: &Spec) -> Result<String> {
    if !matches!(spec.conversion, None | Some('s')) {
        return Err(spec.unknown("str"));
    }
    let numeric = spec.sign.is_some() || spec.positive_zero || spec.alternate || spec.separator.is_some();
    if numeric || spec.align == Align::Sign {
        return Err(Fault::value_error("the format of text has neither a sign nor digits"));
    }
    let end = spec.precision.and_then(|precision| text.char_indices().nth(precision));
    let shown = end.and_then(|(end, _)| text.get(..end)).unwrap_or(text);
    let missing = spec.width.saturating_sub(shown.chars().count());
    pad(spec, missing, |out| out.push_str(shown))
}

/// What `push` writes with `missing` fill characters around it.
fn pad(spec: &Spec, missing: usize, push: impl FnOnce(&mut String)) -> Result<String> {
    let left = match spec.align {
        Align::Left | Align::Sign => 0,
        Align::Right => missing,
        Align::Center => missing / 2,
    };
    let mut out = String::new();
    push_repeated(&mut out, spec.fill, left)?;
    push(&mut out);
    push_repeated(&mut out, spec.fill, missing - left)?;
    Ok(out)
}

/// The parts of a number as it is written.
#[derive(Default)]
struct Number<'a> {
    negative: bool,
    /// `0x` and its like.
    prefix: &'a str,
    /// The digits that are grouped.
    digits: &'a str,
    /// What comes behind them, from the point on.
    rest: &'a str,
}

fn format_int(value: &Py, spec: &Spec) -> Result<String> {
    if spec.precision.is_some() {
        return Err(Fault::value_error("the format of an integer has no precision"));
    }
    if spec.positive_zero {
        return Err(Fault::value_error("the format of an integer has no `z`"));
    }
    if spec.conversion == Some('c') {
        return format_character(value, spec);
    }
    let (radix, prefix) = match spec.conversion {
        None | Some('d' | 'n') => (10, ""),
        Some('b') => (2, "0b"),
        Some('o') => (8, "0o"),
        Some('x') => (16, "0x"),
        Some('X') => (16, "0X"),
        Some(_) => return Err(spec.unknown("int")),
    };
    let (negative, mut digits) = integer_digits(value, radix)?;
    if spec.conversion == Some('X') {
        digits.make_ascii_uppercase();
    }
    let prefix = if spec.alternate { prefix } else { "" };
    Number { negative, prefix, digits: &digits, rest: "" }.layout(spec)
}

/// Whether an `int` or `bool` is negative, and its digits.
pub(in crate::text) fn integer_digits(value: &Py, radix: u32) -> Result<(bool, String)> {
    let number = value.as_big().unwrap_or_default();
    let magnitude = number.abs();
    let digits = match radix {
        10 => crate::int_text(&magnitude)?,
        _ => {
            super::super::subject::charge(usize::try_from(magnitude.bits()).ok())?;
            magnitude.to_str_radix(radix)
        }
    };
    Ok((number.is_negative(), digits))
}

fn format_character(value: &Py, spec: &Spec) -> Result<String> {
    if spec.sign.is_some() || spec.alternate {
        return Err(Fault::value_error("the format of a character has no sign"));
    }
    let code = value.as_index().and_then(|code| u32::try_from(code).ok()).filter(|code| *code <= 0x10_FFFF);
    let code =
        code.ok_or_else(|| Fault::new(FaultKind::OverflowError, "there is no character of this code"))?;
    let character = char::from_u32(code)
        .ok_or_else(|| Fault::value_error("half of a surrogate pair is not a character"))?;
    Number { rest: character.encode_utf8(&mut [0; 4]), ..Number::default() }.layout(spec)
}

fn format_float(number: f64, spec: &Spec) -> Result<String> {
    let (notation, default) = match spec.conversion {
        None => (Notation::General, None),
        Some('e' | 'E') => (Notation::Exponent, Some(6)),
        Some('f' | 'F' | '%') => (Notation::Fixed, Some(6)),
        Some('g' | 'G' | 'n') => (Notation::General, Some(6)),
        Some(_) => return Err(spec.unknown("float")),
    };
    let precision = spec.precision.or(default);
    if precision.is_some_and(|precision| i32::try_from(precision).is_err()) {
        return Err(Fault::value_error("the precision of a format is too large"));
    }
    let percent = spec.conversion == Some('%');
    let number = if percent { number * 100.0 } else { number };
    let mut text = match precision {
        Some(precision) => {
            let dot_zero = spec.conversion.is_none();
            float_text(number, Style { notation, precision, alternate: spec.alternate, dot_zero })?
        }
        None if spec.alternate => shortest_with_point(number),
        None => float_repr(number),
    };
    if spec.conversion.is_some_and(|conversion| conversion.is_ascii_uppercase()) {
        text.make_ascii_uppercase();
    }
    if percent {
        text.push('%');
    }
    let unsigned = text.strip_prefix('-');
    let negative = unsigned.is_some_and(|text| !(spec.positive_zero && is_zero(text)));
    let text = unsigned.unwrap_or(&text);
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Number { negative, prefix: "", digits, rest }.layout(spec)
}

/// Whether a number is written with zeros alone.
fn is_zero(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or("");
    mantissa.contains('0') && mantissa.chars().all(|c| matches!(c, '0' | '.' | '%'))
}

impl Number<'_> {
    fn layout(&self, spec: &Spec) -> Result<String> {
        let sign = match (self.negative, spec.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        let around = sign.len() + self.prefix.len() + self.rest.chars().count();
        let zeros_within = spec.fill == '0' && spec.align == Align::Sign;
        let least = if zeros_within { spec.width.saturating_sub(around) } else { 0 };
        let digits = grouped(self.digits, spec, least)?;
        let missing = spec.width.saturating_sub(around + digits.len());
        let mut body = String::from(sign);
        body.push_str(self.prefix);
        if spec.align == Align::Sign {
            push_repeated(&mut body, spec.fill, missing)?;
        }
        body.push_str(&digits);
        body.push_str(self.rest);
        pad(spec, if spec.align == Align::Sign { 0 } else { missing }, |out| out.push_str(&body))
    }
}

/// Digits in groups, with zeros before them until they fill `least` characters; that no group
/// is empty can make it one more.
fn grouped(digits: &str, spec: &Spec, least: usize) -> Result<String> {
    if digits.is_empty() {
        return Ok(String::new());
    }
    let size = match spec.conversion {
        Some('b' | 'o' | 'x' | 'X') => 4,
        _ => 3,
    };
    let length = |count: usize| match spec.separator {
        Some(_) => count + (count - 1) / size,
        None => count,
    };
    let mut count = digits.len();
    if length(count) < least {
        // The most digits that fill no more than `least` characters, or one more.
        let fitting = if spec.separator.is_some() { (least * size) / (size + 1) } else { least };
        count = count.max(fitting);
        while length(count) < least {
            count += 1;
        }
    }
    let mut padded = String::new();
    push_repeated(&mut padded, '0', count - digits.len())?;
    padded.push_str(digits);
    let Some(separator) = spec.separator else { return Ok(padded) };
    let mut out = String::with_capacity(length(count));
    for (place, digit) in padded.chars().enumerate() {
        if place > 0 && (count - place).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(digit);
    }
    Ok(out)
}
