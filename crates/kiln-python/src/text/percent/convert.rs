//! The conversions of `%`.

use super::super::format::{Notation, Style, ascii, float_text, integer_digits};
use super::super::html::escape_text;
use super::super::subject::{Kind, from_bytes, push_repeated, wrong};
use super::super::{escape, parse};
use super::Text;
use super::directive::Directive;
use crate::fault::Result;
use crate::{Fault, FaultKind, Py};

/// A value as a directive says. That of `Markup` sees the values wrapped: they give their
/// text escaped, and their number for the asking, but are no numbers.
pub(super) fn converted(directive: &Directive, value: &Py, kind: Kind) -> Result<Text> {
    match directive.conversion {
        's' | 'b' if kind == Kind::Bytes => match value {
            Py::Bytes(bytes) => Ok(cut(from_bytes(bytes), directive)),
            _ => Err(wrong(value, "the value for `%s`", "bytes")),
        },
        'r' if kind == Kind::Bytes => Ok(cut(ascii(&value.repr()?), directive)),
        's' => Ok(cut(shown(value, kind)?, directive)),
        'r' => Ok(cut(represented(value, kind)?, directive)),
        'a' => Ok(cut(ascii(&represented(value, kind)?), directive)),
        'd' | 'i' | 'u' => integer(&whole(value, kind)?, directive),
        'o' | 'x' | 'X' => integer(&exact(value, kind)?, directive),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => float(directive, number(value, kind)?),
        'c' => character(value, kind).map(Text::plain),
        _ => {
            let fault = Fault::value_error("the format has a `%` with a letter that converts nothing");
            Err(fault.help("`%s` takes any value; `%%` is a percent sign"))
        }
    }
}

fn cut(text: String, directive: &Directive) -> Text {
    let end = directive.precision.and_then(|precision| text.char_indices().nth(precision));
    Text::plain(match end {
        Some((end, _)) => text.get(..end).unwrap_or("").to_owned(),
        None => text,
    })
}

fn shown(value: &Py, kind: Kind) -> Result<String> {
    let text = if kind == Kind::Markup { escape(value)? } else { value.to_str()? };
    Ok(text.to_string())
}

fn represented(value: &Py, kind: Kind) -> Result<String> {
    let text = value.repr()?;
    Ok(if kind == Kind::Markup { escape_text(&text)?.to_string() } else { text })
}

/// The value for `%d`: any number, without its fraction.
fn whole(value: &Py, kind: Kind) -> Result<Py> {
    let value = value.basis();
    match value {
        _ if kind == Kind::Markup => parse::int(value),
        Py::Bool(_) | Py::Int(_) | Py::Big(_) | Py::Float(_) | Py::Undefined(_) => parse::int(value),
        _ => Err(wrong(value, "the value for `%d`", "a number").help("`%s` takes any value")),
    }
}

/// The value for `%x`: an integer.
fn exact(value: &Py, kind: Kind) -> Result<Py> {
    let value = value.basis();
    match value {
        Py::Bool(_) | Py::Int(_) | Py::Big(_) if kind != Kind::Markup => Ok(value.clone()),
        _ => Err(wrong(value, "the value for `%x`", "an integer")),
    }
}

fn number(value: &Py, kind: Kind) -> Result<f64> {
    let value = value.basis();
    let no_number = |_| wrong(value, "the value for `%f`", "a number");
    match value {
        _ if kind == Kind::Markup => parse::float(value),
        Py::Big(_) | Py::Undefined(_) if kind == Kind::Bytes => parse::float(value).map_err(no_number),
        Py::Bool(_) | Py::Int(_) | Py::Big(_) | Py::Float(_) | Py::Undefined(_) => parse::float(value),
        _ => Err(wrong(value, "the value for `%f`", "a number").help("`%s` takes any value")),
    }
}

fn sign(negative: bool, directive: &Directive) -> &'static str {
    match directive {
        _ if negative => "-",
        Directive { plus: true, .. } => "+",
        Directive { blank: true, .. } => " ",
        _ => "",
    }
}

fn integer(value: &Py, directive: &Directive) -> Result<Text> {
    let (radix, prefix) = match directive.conversion {
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let (negative, mut digits) = integer_digits(value, radix)?;
    if directive.conversion == 'X' {
        digits.make_ascii_uppercase();
    }
    let mut body = String::new();
    push_repeated(&mut body, '0', directive.precision.unwrap_or(0).saturating_sub(digits.len()))?;
    body.push_str(&digits);
    let prefix = if directive.alternate { prefix } else { "" };
    Ok(Text { sign: sign(negative, directive), prefix, body, number: true })
}

fn float(directive: &Directive, number: f64) -> Result<Text> {
    let notation = match directive.conversion.to_ascii_lowercase() {
        'e' => Notation::Exponent,
        'f' => Notation::Fixed,
        _ => Notation::General,
    };
    let precision = directive.precision.unwrap_or(6);
    let style = Style { notation, precision, alternate: directive.alternate, dot_zero: false };
    let mut text = float_text(number, style)?;
    if directive.conversion.is_ascii_uppercase() {
        text.make_ascii_uppercase();
    }
    let unsigned = text.strip_prefix('-');
    let sign = sign(unsigned.is_some(), directive);
    let body = unsigned.unwrap_or(&text).to_owned();
    Ok(Text { sign, prefix: "", body, number: true })
}

fn character(value: &Py, kind: Kind) -> Result<String> {
    let single = match (kind, value) {
        (Kind::Markup, _) => None,
        (Kind::Bytes, Py::Bytes(bytes)) => Some(from_bytes(bytes)),
        (Kind::Str, _) => value.as_str().map(str::to_owned),
        _ => None,
    };
    if let Some(text) = single
        && text.chars().count() == 1
    {
        return Ok(text);
    }
    let most = if kind == Kind::Bytes { 0xFF } else { 0x10_FFFF };
    match value {
        Py::Bool(_) | Py::Int(_) | Py::Big(_) if kind != Kind::Markup => {
            let code =
                value.as_index().and_then(|code| u32::try_from(code).ok()).filter(|code| *code <= most);
            let code = code
                .ok_or_else(|| Fault::new(FaultKind::OverflowError, "there is no character of this code"))?;
            let character = char::from_u32(code)
                .ok_or_else(|| Fault::value_error("half of a surrogate pair is not a character"))?;
            Ok(character.to_string())
        }
        _ => Err(wrong(value, "the value for `%c`", "a character or its code")),
    }
}
