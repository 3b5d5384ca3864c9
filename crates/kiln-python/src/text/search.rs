//! Methods that look for text in text.

use std::borrow::Cow;

use super::subject::{Kind, Subject, bound, index_or, wrong};
use crate::args::required;
use crate::fault::Result;
use crate::{Args, Fault, Py, meter};

/// `str.find`.
pub(super) fn find(receiver: &Py, args: Args) -> Result<Py> {
    let place = locate(receiver, args, "find", Side::Left)?;
    Ok(Py::Int(place.unwrap_or(-1)))
}

/// `str.rfind`.
pub(super) fn rfind(receiver: &Py, args: Args) -> Result<Py> {
    let place = locate(receiver, args, "rfind", Side::Right)?;
    Ok(Py::Int(place.unwrap_or(-1)))
}

/// `str.index`.
pub(super) fn index(receiver: &Py, args: Args) -> Result<Py> {
    locate(receiver, args, "index", Side::Left)?.map(Py::Int).ok_or_else(not_found)
}

/// `str.rindex`.
pub(super) fn rindex(receiver: &Py, args: Args) -> Result<Py> {
    locate(receiver, args, "rindex", Side::Right)?.map(Py::Int).ok_or_else(not_found)
}

fn not_found() -> Fault {
    Fault::value_error("the text is not found")
}

/// `str.count`.
pub(super) fn count(receiver: &Py, args: Args) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [wanted, start, end] = args.bind_positional("count")?;
    let wanted = required(wanted, "count", "sub")?;
    let window = Window::of(&subject.text, start.as_ref(), end.as_ref())?;
    let wanted = needle(subject.kind, &wanted)?;
    let Some(window) = window else { return Ok(Py::Int(0)) };
    let count = match &*wanted {
        "" => window.text.chars().count() + 1,
        wanted => window.text.matches(wanted).count(),
    };
    Ok(Py::Int(count as i64))
}

/// `str.startswith`.
pub(super) fn startswith(receiver: &Py, args: Args) -> Result<Py> {
    affix(receiver, args, "startswith", |text, prefix| text.starts_with(prefix))
}

/// `str.endswith`.
pub(super) fn endswith(receiver: &Py, args: Args) -> Result<Py> {
    affix(receiver, args, "endswith", |text, suffix| text.ends_with(suffix))
}

/// `str.replace`.
pub(super) fn replace(receiver: &Py, args: Args) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [old, new, count] = args.bind_positional("replace")?;
    let (old, new) = (required(old, "replace", "old")?, required(new, "replace", "new")?);
    let old = subject.kind.text(&old, "old")?;
    let new = match subject.kind {
        Kind::Markup => Cow::Owned(super::escape(&new)?.to_string()),
        kind => kind.text(&new, "new")?,
    };
    let count = index_or(count.as_ref(), "count", -1)?;
    replaced(&subject.text, &old, &new, usize::try_from(count).ok()).map(|text| subject.give(&text))
}

/// The text with `old` replaced by `new`, at most `limit` times.
fn replaced(text: &str, old: &str, new: &str, limit: Option<usize>) -> Result<String> {
    let found = text.matches(old).take(limit.unwrap_or(usize::MAX)).count();
    let grown = new.len().saturating_sub(old.len()).checked_mul(found);
    super::subject::charge(grown.and_then(|grown| grown.checked_add(text.len())))?;
    Ok(text.replacen(old, new, found))
}

/// `str.removeprefix`.
pub(super) fn removeprefix(receiver: &Py, args: Args) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [prefix] = args.bind_positional("removeprefix")?;
    let prefix = required(prefix, "removeprefix", "prefix")?;
    let prefix = subject.kind.text(&prefix, "prefix")?;
    Ok(subject.give(subject.text.strip_prefix(&*prefix).unwrap_or(&subject.text)))
}

/// `str.removesuffix`.
pub(super) fn removesuffix(receiver: &Py, args: Args) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [suffix] = match subject.kind {
        Kind::Markup => args.bind("removesuffix", ["suffix"])?,
        _ => args.bind_positional("removesuffix")?,
    };
    let suffix = required(suffix, "removesuffix", "suffix")?;
    let suffix = subject.kind.text(&suffix, "suffix")?;
    Ok(subject.give(subject.text.strip_suffix(&*suffix).unwrap_or(&subject.text)))
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

/// Where the text that is looked for begins, in characters.
fn locate(receiver: &Py, args: Args, method: &str, side: Side) -> Result<Option<i64>> {
    let subject = Subject::of(receiver)?;
    let [wanted, start, end] = args.bind_positional(method)?;
    let wanted = required(wanted, method, "sub")?;
    let window = Window::of(&subject.text, start.as_ref(), end.as_ref())?;
    let wanted = needle(subject.kind, &wanted)?;
    let Some(window) = window else { return Ok(None) };
    let at = match side {
        Side::Left => window.text.find(&*wanted),
        Side::Right => window.text.rfind(&*wanted),
    };
    Ok(at.and_then(|at| window.text.get(..at)).map(|before| window.start + before.chars().count() as i64))
}

/// What is looked for: text of the same kind, or the number of a byte among bytes.
fn needle(kind: Kind, value: &Py) -> Result<Cow<'_, str>> {
    match (kind, value) {
        (Kind::Bytes, Py::Int(_) | Py::Bool(_) | Py::Big(_)) => {
            let byte = super::subject::index(value, "sub").ok().and_then(|byte| u8::try_from(byte).ok());
            let byte = byte.ok_or_else(|| Fault::value_error("a byte is a number from 0 to 255"))?;
            Ok(Cow::Owned(char::from(byte).to_string()))
        }
        _ => kind.text(value, "sub"),
    }
}

fn affix(receiver: &Py, args: Args, method: &str, holds: fn(&str, &str) -> bool) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [wanted, start, end] = args.bind_positional(method)?;
    let wanted = required(wanted, method, "prefix")?;
    let window = Window::of(&subject.text, start.as_ref(), end.as_ref())?;
    let matches = |wanted: &Py| -> Result<bool> {
        let wanted = subject.kind.text(wanted, "each text")?;
        Ok(window.as_ref().is_some_and(|window| holds(window.text, &wanted)))
    };
    let Py::Tuple(alternatives) = &wanted else {
        if !subject.kind.accepts(&wanted) {
            return Err(wrong(&wanted, "the text", "text or a tuple of texts"));
        }
        return matches(&wanted).map(Py::Bool);
    };
    for alternative in alternatives.iter() {
        meter::charge(1)?;
        if matches(alternative)? {
            return Ok(Py::Bool(true));
        }
    }
    Ok(Py::Bool(false))
}

/// The part of a text that a method looks at.
struct Window<'a> {
    text: &'a str,
    /// Where it begins, in characters.
    start: i64,
}

impl<'a> Window<'a> {
    /// `text[start:end]`; none if it begins behind its end, where not even nothing is found.
    fn of(text: &'a str, start: Option<&Py>, end: Option<&Py>) -> Result<Option<Window<'a>>> {
        let (start, end) = (bound(start, "start")?, bound(end, "end")?);
        if start.unwrap_or(0) == 0 && end.is_none() {
            return Ok(Some(Window { text, start: 0 }));
        }
        let length = text.chars().count() as i64;
        let from_end = |bound: i64| if bound < 0 { (bound + length).max(0) } else { bound };
        let (start, end) = (from_end(start.unwrap_or(0)), from_end(end.unwrap_or(length)).min(length));
        let part = (start <= end).then(|| super::between(text, start as usize, end as usize));
        Ok(part.map(|text| Window { text, start }))
    }
}
