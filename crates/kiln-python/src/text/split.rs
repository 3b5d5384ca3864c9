//! Methods that take text apart and put it together.

use std::ops::Deref;

use super::subject::{Kind, Subject, charge, index_or};
use crate::args::required;
use crate::fault::Result;
use crate::{Args, Fault, Py, meter};

/// `str.split`.
pub(super) fn split(receiver: &Py, args: Args) -> Result<Py> {
    let (subject, separator, limit) = split_arguments(receiver, args, "split")?;
    let parts = match &separator {
        Some(separator) => gather(subject.text.splitn(limit.saturating_add(1), &**separator)),
        None => at_spaces(&subject, limit),
    };
    list(&subject, parts?)
}

/// `str.rsplit`.
pub(super) fn rsplit(receiver: &Py, args: Args) -> Result<Py> {
    let (subject, separator, limit) = split_arguments(receiver, args, "rsplit")?;
    let mut parts = match &separator {
        Some(separator) => gather(subject.text.rsplitn(limit.saturating_add(1), &**separator))?,
        None => at_spaces_from_right(&subject, limit)?,
    };
    parts.reverse();
    list(&subject, parts)
}

fn split_arguments<'a>(
    receiver: &'a Py,
    args: Args,
    method: &str,
) -> Result<(Subject<'a>, Option<String>, usize)> {
    let subject = Subject::of(receiver)?;
    let [separator, limit] = args.bind(method, ["sep", "maxsplit"])?;
    let limit = index_or(limit.as_ref(), "maxsplit", -1)?;
    let separator = match &separator {
        None | Some(Py::None) => None,
        Some(separator) => Some(subject.kind.text(separator, "sep")?.into_owned()),
    };
    if separator.as_deref() == Some("") {
        return Err(empty_separator());
    }
    Ok((subject, separator, usize::try_from(limit).unwrap_or(usize::MAX)))
}

fn empty_separator() -> Fault {
    Fault::value_error("the separator is empty")
}

fn at_spaces<'a>(subject: &'a Subject<'_>, limit: usize) -> Result<Vec<&'a str>> {
    let space = super::space(subject.kind);
    let (mut parts, mut rest) = (Vec::new(), subject.text.trim_start_matches(space));
    while !rest.is_empty() {
        meter::charge(1)?;
        if parts.len() == limit {
            parts.push(rest);
            break;
        }
        let (word, after) = rest.split_at(rest.find(space).unwrap_or(rest.len()));
        parts.push(word);
        rest = after.trim_start_matches(space);
    }
    Ok(parts)
}

/// As [`at_spaces`], from the last word to the first.
fn at_spaces_from_right<'a>(subject: &'a Subject<'_>, limit: usize) -> Result<Vec<&'a str>> {
    let space = super::space(subject.kind);
    let (mut parts, mut rest) = (Vec::new(), subject.text.trim_end_matches(space));
    while !rest.is_empty() {
        meter::charge(1)?;
        if parts.len() == limit {
            parts.push(rest);
            break;
        }
        let word = rest.rsplit(space).next().unwrap_or("");
        parts.push(word);
        rest = rest.strip_suffix(word).unwrap_or("").trim_end_matches(space);
    }
    Ok(parts)
}

fn gather<'a>(parts: impl Iterator<Item = &'a str>) -> Result<Vec<&'a str>> {
    parts.map(|part| meter::charge(1).map(|()| part)).collect()
}

fn list(subject: &Subject<'_>, parts: Vec<&str>) -> Result<Py> {
    Ok(Py::list(parts.into_iter().map(|part| subject.give(part)).collect()))
}

/// `str.splitlines`.
pub(super) fn splitlines(receiver: &Py, args: Args) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [keep] = args.bind("splitlines", ["keepends"])?;
    let keep = index_or(keep.as_ref(), "keepends", 0)? != 0;
    let parts: Result<Vec<&str>> = lines(&subject.text, subject.kind == Kind::Bytes)
        .map(|(line, end)| {
            meter::charge(1)?;
            Ok(if keep { end } else { line })
        })
        .collect();
    list(&subject, parts?)
}

/// The lines of a text, each without and with its end. Those of bytes end where text files'
/// do; those of `str` at every character that Unicode calls a line boundary.
fn lines(text: &str, bytes: bool) -> impl Iterator<Item = (&str, &str)> {
    let ends = move |c: char| match c {
        '\n' | '\r' => true,
        '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}' => !bytes,
        _ => false,
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        let end = match after.chars().next() {
            Some('\r') if after.starts_with("\r\n") => 2,
            Some(c) => c.len_utf8(),
            None => 0,
        };
        let (whole, after) = rest.split_at(line.len() + end);
        rest = after;
        Some((line, whole))
    })
}

/// `str.partition`.
pub(super) fn partition(receiver: &Py, args: Args) -> Result<Py> {
    partitioned(receiver, args, "partition", |text, separator| text.split_once(separator))
}

/// `str.rpartition`.
pub(super) fn rpartition(receiver: &Py, args: Args) -> Result<Py> {
    partitioned(receiver, args, "rpartition", |text, separator| text.rsplit_once(separator))
}

fn partitioned(
    receiver: &Py,
    args: Args,
    method: &str,
    split: for<'a> fn(&'a str, &str) -> Option<(&'a str, &'a str)>,
) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [separator] = args.bind_positional(method)?;
    let separator = required(separator, method, "sep")?;
    let text = subject.kind.text(&separator, "sep")?;
    if text.is_empty() {
        return Err(empty_separator());
    }
    let Some((before, after)) = split(&subject.text, &text) else {
        let parts = if method == "partition" { [&*subject.text, "", ""] } else { ["", "", &*subject.text] };
        return Ok(Py::tuple(parts.map(|part| subject.give(part))));
    };
    // The separator in the middle is the one that was given, which may be safe.
    let middle = match (&separator, subject.kind) {
        (Py::Markup(_), _) => separator.clone(),
        _ => subject.give(&text),
    };
    Ok(Py::tuple([subject.give(before), middle, subject.give(after)]))
}

/// `str.join`.
pub(super) fn join(receiver: &Py, args: Args) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [items] = args.bind_positional("join")?;
    let items = required(items, "join", "iterable")?.collect()?;
    if subject.kind == Kind::Markup {
        let items: Result<Vec<_>> = items.iter().map(super::escape).collect();
        return joined(&subject, &items?);
    }
    let items: Result<Vec<_>> =
        items.iter().map(|item| subject.kind.text(item, "each item that is joined")).collect();
    joined(&subject, &items?)
}

fn joined<T: Deref<Target = str>>(subject: &Subject<'_>, items: &[T]) -> Result<Py> {
    let separators = items.len().saturating_sub(1).checked_mul(subject.text.len());
    let length = items.iter().try_fold(separators, |sum, item| Some(sum?.checked_add(item.len())));
    let mut out = String::with_capacity(charge(length.flatten())?);
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            out.push_str(&subject.text);
        }
        out.push_str(item);
    }
    Ok(subject.give(&out))
}
