//! The templates of `str.format`: text with fields in braces.

use super::super::unicode;
use super::spec::append_digit;
use crate::Fault;
use crate::fault::Result;

/// A piece of a template: text, and the field that follows it, if one does.
pub(super) struct Piece<'a> {
    pub(super) literal: &'a str,
    pub(super) field: Option<Field<'a>>,
}

/// What stands between braces: `name!conversion:spec`.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) conversion: Option<char>,
    pub(super) spec: &'a str,
}

/// Takes the next piece off a template; none at its end.
///
/// # Errors
/// `ValueError` for a brace without its counterpart.
pub(super) fn next_piece<'a>(template: &mut &'a str) -> Result<Option<Piece<'a>>> {
    let text = *template;
    let Some(at) = text.find(['{', '}']) else {
        *template = "";
        return Ok((!text.is_empty()).then_some(Piece { literal: text, field: None }));
    };
    let (with_brace, after) = text.split_at(at + 1);
    let literal = with_brace.strip_suffix(['{', '}']).unwrap_or(with_brace);
    let brace = if with_brace.ends_with('{') { '{' } else { '}' };
    if let Some(rest) = after.strip_prefix(brace) {
        // A doubled brace is text; the first of the two stands for both.
        *template = rest;
        return Ok(Some(Piece { literal: with_brace, field: None }));
    }
    if brace == '}' || after.is_empty() {
        return Err(Fault::value_error(format!("a `{brace}` stands alone in what is formatted")));
    }
    let (field, rest) = read_field(after)?;
    *template = rest;
    Ok(Some(Piece { literal, field: Some(field) }))
}

/// The field at the beginning of a text, and what follows its closing brace.
fn read_field(text: &str) -> Result<(Field<'_>, &str)> {
    let (name, mark, after) = read_name(text)?;
    let (conversion, after) = match mark {
        '}' => return Ok((Field { name, conversion: None, spec: "" }, after)),
        '!' => {
            let mut characters = after.chars();
            let conversion = characters.next();
            (conversion, characters.as_str())
        }
        _ => (None, after),
    };
    if mark == '!' {
        if let Some(rest) = after.strip_prefix('}') {
            return Ok((Field { name, conversion, spec: "" }, rest));
        }
        if !after.starts_with(':') {
            return Err(Fault::value_error("a conversion in a field is a single character"));
        }
    }
    let spec = if mark == '!' { after.strip_prefix(':').unwrap_or(after) } else { after };
    let (spec, rest) = read_spec(spec)?;
    Ok((Field { name, conversion, spec }, rest))
}

/// The name of a field, the mark that ends it, and what follows the mark. Marks in brackets
/// are a part of the name.
fn read_name(text: &str) -> Result<(&str, char, &str)> {
    let mut in_brackets = false;
    for (at, c) in text.char_indices() {
        match c {
            ']' => in_brackets = false,
            _ if in_brackets => {}
            '[' => in_brackets = true,
            '{' => return Err(Fault::value_error("a `{` stands in the name of a field")),
            '}' | ':' | '!' => {
                let (name, rest) = text.split_at(at);
                return Ok((name, c, rest.strip_prefix(c).unwrap_or(rest)));
            }
            _ => {}
        }
    }
    Err(Fault::value_error("a field has no `}` at its end"))
}

/// A specification, which may contain fields, and what follows the brace after it.
fn read_spec(text: &str) -> Result<(&str, &str)> {
    let mut depth = 1_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let (spec, rest) = text.split_at(at);
            return Ok((spec, rest.strip_prefix('}').unwrap_or(rest)));
        }
    }
    Err(Fault::value_error("a field has no `}` behind its specification"))
}

/// The first part of the name of a field, and the path that follows it.
pub(super) fn split_name(name: &str) -> (&str, &str) {
    name.split_at(name.find(['.', '[']).unwrap_or(name.len()))
}

/// A step of a path: `.name` or `[key]`.
pub(super) enum Step<'a> {
    Attribute(&'a str),
    Item(&'a str),
}

/// Takes the next step off a path; none at its end.
///
/// # Errors
/// `ValueError` if the path goes on with neither.
pub(super) fn next_step<'a>(path: &mut &'a str) -> Result<Option<Step<'a>>> {
    if path.is_empty() {
        return Ok(None);
    }
    let (step, name, rest): (fn(&'a str) -> Step<'a>, _, _) = if let Some(after) = path.strip_prefix('.') {
        let (name, rest) = split_name(after);
        (Step::Attribute, name, rest)
    } else if let Some(after) = path.strip_prefix('[') {
        let closed = after.split_once(']');
        let (name, rest) = closed.ok_or_else(|| Fault::value_error("a field has no `]` behind a key"))?;
        (Step::Item, name, rest)
    } else {
        return Err(Fault::value_error("a key in a field is followed by `.` or `[`"));
    };
    if name.is_empty() {
        return Err(Fault::value_error("an attribute or key in a field is empty"));
    }
    *path = rest;
    Ok(Some(step(name)))
}

/// The number that a name is, if it is one.
///
/// # Errors
/// `ValueError` if it is too large.
pub(super) fn number(name: &str) -> Result<Option<usize>> {
    let mut number = None;
    for c in name.chars() {
        let Some(digit) = unicode::decimal(c) else { return Ok(None) };
        number = Some(append_digit(number.unwrap_or(0), digit)?);
    }
    Ok(number)
}
