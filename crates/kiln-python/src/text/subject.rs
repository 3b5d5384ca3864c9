//! What a method of text is called on, and how its arguments are read.

use std::borrow::Cow;

use num_traits::Signed;

use crate::fault::Result;
use crate::{Fault, FaultKind, Py, meter};

/// The most bytes that a text may have, with or without a meter: what is longer is an error
/// in Python as well, if only on smaller machines.
const LONGEST: usize = 1 << 28;

/// The types that have the methods of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Str,
    Markup,
    Bytes,
}

/// The text that a method is called on. That of bytes has one character below U+0100 for each
/// byte, so that what Python defines alike for `str` and `bytes` is written once.
pub(super) struct Subject<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) kind: Kind,
}

impl<'a> Subject<'a> {
    /// The text of `receiver`, charged once for being gone through.
    pub(super) fn of(receiver: &'a Py) -> Result<Subject<'a>> {
        let (text, kind) = match receiver {
            Py::Markup(text) => (Cow::Borrowed(&**text), Kind::Markup),
            Py::Bytes(bytes) => (Cow::Owned(from_bytes(bytes)), Kind::Bytes),
            _ => (Cow::Borrowed(text_of(receiver, "the receiver")?), Kind::Str),
        };
        meter::charge_text(text.len())?;
        Ok(Subject { text, kind })
    }

    /// A part of the text, or what became of it, as a value of the same type.
    pub(super) fn give(&self, text: &str) -> Py {
        self.kind.give(text)
    }
}

impl Kind {
    /// A value of this type.
    pub(super) fn give(self, text: &str) -> Py {
        match self {
            Kind::Str => Py::str(text),
            Kind::Markup => Py::Markup(text.into()),
            Kind::Bytes => Py::Bytes(to_bytes(text).into()),
        }
    }

    /// An argument that must be text of this kind: `str` for `str`, `bytes` for `bytes`.
    pub(super) fn text<'a>(self, value: &'a Py, parameter: &str) -> Result<Cow<'a, str>> {
        match (self, value) {
            (Kind::Bytes, Py::Bytes(bytes)) => Ok(Cow::Owned(from_bytes(bytes))),
            (Kind::Bytes, _) => Err(wrong(value, parameter, "bytes")),
            _ => text_of(value, parameter).map(Cow::Borrowed),
        }
    }

    /// Whether the value is text of this kind.
    pub(super) fn accepts(self, value: &Py) -> bool {
        match value {
            Py::Bytes(_) => self == Kind::Bytes,
            Py::Str(_) | Py::Markup(_) | Py::Watched(_) => self != Kind::Bytes,
            _ => false,
        }
    }
}

/// The text of an argument that must be a `str`.
pub(super) fn text_of<'a>(value: &'a Py, parameter: &str) -> Result<&'a str> {
    value.as_str().ok_or_else(|| wrong(value, parameter, "text"))
}

/// That an argument is of the wrong type.
pub(super) fn wrong(value: &Py, parameter: &str, expected: &str) -> Fault {
    Fault::type_error(format!("{parameter} must be {expected}, not a value of type `{}`", value.type_name()))
}

/// An argument that must be an integer and is used as a size or count.
pub(super) fn index(value: &Py, parameter: &str) -> Result<i64> {
    match value {
        Py::Bool(flag) => Ok(i64::from(*flag)),
        Py::Int(number) => Ok(*number),
        Py::Big(_) => Err(Fault::new(FaultKind::OverflowError, format!("{parameter} is too large"))),
        _ => Err(wrong(value, parameter, "an integer")),
    }
}

/// An argument as [`index`], or `default` if it is not given.
pub(super) fn index_or(value: Option<&Py>, parameter: &str, default: i64) -> Result<i64> {
    value.map_or(Ok(default), |value| index(value, parameter))
}

/// An argument that says where a slice begins or ends: an integer, however large, or `None`.
pub(super) fn bound(value: Option<&Py>, parameter: &str) -> Result<Option<i64>> {
    match value {
        None | Some(Py::None) => Ok(None),
        Some(Py::Big(number)) => Ok(Some(if number.is_negative() { i64::MIN } else { i64::MAX })),
        Some(value) => index(value, parameter).map(Some),
    }
}

/// Makes room for a text of this many bytes, or none if they cannot be counted.
pub(super) fn charge(bytes: Option<usize>) -> Result<usize> {
    let bytes = bytes
        .filter(|bytes| *bytes <= LONGEST)
        .ok_or_else(|| Fault::new(FaultKind::OverflowError, "the text would be too long"))?;
    meter::charge_text(bytes)?;
    Ok(bytes)
}

/// Appends a character `count` times.
pub(super) fn push_repeated(out: &mut String, c: char, count: usize) -> Result<()> {
    out.reserve(charge(count.checked_mul(c.len_utf8()))?);
    out.extend(std::iter::repeat_n(c, count));
    Ok(())
}

/// Bytes as text with a character for each.
pub(super) fn from_bytes(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The bytes of a text that [`from_bytes`] made.
pub(super) fn to_bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
}
