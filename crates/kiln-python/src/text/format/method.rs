//! `str.format`, and that of `Markup`, which escapes what it puts in.

use std::fmt::Write as _;
use std::sync::Arc;

use super::super::html::escape;
use super::super::subject::{Kind, Subject, charge, text_of};
use super::super::unicode::{self, Class};
use super::template::{Field, Step, next_piece, next_step, number, split_name};
use super::value::format_value;
use crate::args::required;
use crate::fault::{Fault, FaultKind, Result};
use crate::{Args, Py, UndefinedMode};

/// `str.format`.
pub(in crate::text) fn format(receiver: &Py, args: Args) -> Result<Py> {
    let values = Values { positional: Some(&args.positional), named: Named::Given(&args.keyword) };
    run(receiver, &values)
}

/// `str.format_map`.
pub(in crate::text) fn format_map(receiver: &Py, args: Args) -> Result<Py> {
    let [mapping] = args.bind_positional("format_map")?;
    let mapping = required(mapping, "format_map", "mapping")?;
    run(receiver, &Values { positional: None, named: Named::In(&mapping) })
}

/// `Markup.format`.
pub(in crate::text) fn escape_format(receiver: &Py, args: Args) -> Result<Py> {
    let values = Values { positional: Some(&args.positional), named: Named::Given(&args.keyword) };
    run(receiver, &values)
}

/// `Markup.format_map`.
pub(in crate::text) fn escape_format_map(receiver: &Py, args: Args) -> Result<Py> {
    let [mapping] = args.bind_positional("format_map")?;
    let mapping = required(mapping, "format_map", "mapping")?;
    run(receiver, &Values { positional: Some(&[]), named: Named::In(&mapping) })
}

fn run(receiver: &Py, values: &Values<'_>) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let mut formatter = Formatter { values, kind: subject.kind, numbering: Numbering::Unknown, safe: false };
    let text = {
        // Fields may have fields in their specification. Those of `Markup` are expanded even
        // if they have none, which takes a level more.
        let depth = if subject.kind == Kind::Markup { 3 } else { 2 };
        formatter.build(&subject.text, depth)?
    };
    Ok(if formatter.safe { Py::Markup(text.into()) } else { subject.give(&text) })
}

/// What fields may name.
struct Values<'a> {
    positional: Option<&'a [Py]>,
    named: Named<'a>,
}

enum Named<'a> {
    Given(&'a [(Arc<str>, Py)]),
    In(&'a Py),
}

impl Named<'_> {
    fn get(&self, name: &str) -> Result<Py> {
        match self {
            Named::In(mapping) => subscript(mapping, &Py::str(name)),
            Named::Given(pairs) => {
                let found = pairs.iter().find(|(it, _)| **it == *name);
                found.map(|(_, value)| value.clone()).ok_or_else(|| {
                    Fault::new(FaultKind::KeyError, "a field names an argument that is not given")
                })
            }
        }
    }
}

/// How fields without a path are numbered; that does not change within a template.
enum Numbering {
    Unknown,
    Automatic(usize),
    Manual,
}

struct Formatter<'a> {
    values: &'a Values<'a>,
    kind: Kind,
    numbering: Numbering,
    /// Whether the text is that of a last field that is safe, with nothing before it.
    safe: bool,
}

impl Formatter<'_> {
    fn build(&mut self, template: &str, depth: usize) -> Result<String> {
        if depth == 0 {
            return Err(Fault::value_error("fields are nested too deeply"));
        }
        let (mut out, mut rest) = (String::new(), template);
        while let Some(piece) = next_piece(&mut rest)? {
            out.push_str(piece.literal);
            if let Some(field) = piece.field {
                let value = self.field(&field, depth)?;
                let text = text_of(&value, "what is formatted")?;
                self.safe = out.is_empty() && rest.is_empty() && matches!(value, Py::Markup(_));
                charge(Some(text.len()))?;
                out.push_str(text);
            }
        }
        Ok(out)
    }

    fn field(&mut self, field: &Field<'_>, depth: usize) -> Result<Py> {
        let value = self.value(field.name)?;
        let value = convert(value, field.conversion)?;
        let expanded;
        let mut spec = field.spec;
        if self.kind == Kind::Markup || spec.contains('{') {
            expanded = self.build(spec, depth - 1)?;
            spec = &expanded;
        }
        match self.kind {
            Kind::Markup => format_escaped(&value, spec).map(Py::Str),
            _ => format_value(&value, spec),
        }
    }

    fn value(&mut self, name: &str) -> Result<Py> {
        let (first, mut path) = split_name(name);
        let mut value = self.first(name, first)?;
        while let Some(step) = next_step(&mut path)? {
            value = match step {
                Step::Attribute(name) => value.attr(name)?.ok_or_else(|| {
                    let of = value.type_name();
                    Fault::new(
                        FaultKind::AttributeError,
                        format!("a value of type `{of}` lacks the attribute that a field names"),
                    )
                })?,
                Step::Item(key) => subscript(&value, &item_key(key)?)?,
            };
        }
        Ok(value)
    }

    /// The value that the first part of a name stands for: one by position if it is a number
    /// or empty, else one by name.
    fn first(&mut self, name: &str, first: &str) -> Result<Py> {
        let (empty, counts) = match self.kind {
            // The formatter of `Markup` looks at the name with its path.
            Kind::Markup => (name.is_empty(), is_digits(name)),
            _ => (first.is_empty(), number(first)?.is_some()),
        };
        let next = match self.numbering {
            Numbering::Manual if empty => return Err(mixed()),
            Numbering::Automatic(next) if counts && (next > 0 || self.kind != Kind::Markup) => {
                return Err(mixed());
            }
            Numbering::Automatic(next) => next,
            _ => 0,
        };
        if empty {
            self.numbering = Numbering::Automatic(next + 1);
            return self.by_position(next);
        }
        if counts {
            self.numbering = Numbering::Manual;
        }
        match number(first)? {
            Some(index) => self.by_position(index),
            None => self.values.named.get(first),
        }
    }

    fn by_position(&self, index: usize) -> Result<Py> {
        let positional = self
            .values
            .positional
            .ok_or_else(|| Fault::value_error("`format_map` takes no fields by position"))?;
        positional
            .get(index)
            .cloned()
            .ok_or_else(|| Fault::new(FaultKind::IndexError, "there are fewer arguments than fields"))
    }
}

fn mixed() -> Fault {
    Fault::value_error("fields are either all numbered or none is")
}

fn is_digits(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| unicode::is(Class::Digit, c))
}

fn item_key(key: &str) -> Result<Py> {
    Ok(match number(key)? {
        Some(index) => Py::Int(i64::try_from(index).unwrap_or(i64::MAX)),
        None => Py::str(key),
    })
}

/// `value[key]`.
///
/// # Errors
/// `KeyError`, `IndexError` or `TypeError` if there is no such element.
pub(in crate::text) fn subscript(value: &Py, key: &Py) -> Result<Py> {
    value.item(key)?.ok_or_else(|| {
        let by_number = key.as_index().is_some();
        let kind = match value {
            Py::Dict(_) => FaultKind::KeyError,
            Py::Str(_)
            | Py::Markup(_)
            | Py::Watched(_)
            | Py::Bytes(_)
            | Py::List(_)
            | Py::Tuple(_)
            | Py::Object(_)
                if by_number =>
            {
                FaultKind::IndexError
            }
            _ => FaultKind::TypeError,
        };
        Fault::new(kind, format!("a value of type `{}` has no such element", value.type_name()))
    })
}

fn convert(value: Py, conversion: Option<char>) -> Result<Py> {
    match conversion {
        None => Ok(value),
        Some('s') => value.to_str().map(Py::Str),
        Some('r') => value.repr().map(Py::str),
        Some('a') => value.repr().map(|text| Py::str(ascii(&text))),
        Some(_) => Err(Fault::value_error("a conversion in a field is `s`, `r` or `a`")),
    }
}

/// Text with what is not ASCII escaped, as `ascii` does to a `repr`.
pub(in crate::text) fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let code = u32::from(c);
        _ = match code {
            ..0x80 => write!(out, "{c}"),
            0x80..0x100 => write!(out, "\\x{code:02x}"),
            0x100..0x1_0000 => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out
}

/// A value as `Markup.format` puts it in.
fn format_escaped(value: &Py, spec: &str) -> Result<Arc<str>> {
    let says_html = match value {
        Py::Markup(_) => true,
        Py::Undefined(undefined) => undefined.mode == UndefinedMode::Chainable,
        Py::Object(_) => value.attr("__html__")?.is_some(),
        _ => false,
    };
    if !says_html {
        return escape(&format_value(value, spec)?);
    }
    if !spec.is_empty() {
        return Err(Fault::value_error(format!(
            "a value of type `{}` takes no format specification in safe text",
            value.type_name()
        )));
    }
    escape(value)
}
