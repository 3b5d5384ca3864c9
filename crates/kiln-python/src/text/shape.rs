//! Methods that add or take away at the ends of a text and of its columns.

use std::borrow::Cow;

use super::subject::{Kind, Subject, charge, index, index_or, push_repeated};
use crate::args::required;
use crate::fault::{Fault, FaultKind, Result};
use crate::{Args, Py};

/// `str.strip`.
pub(super) fn strip(receiver: &Py, args: Args) -> Result<Py> {
    stripped(receiver, args, "strip", true, true)
}

/// `str.lstrip`.
pub(super) fn lstrip(receiver: &Py, args: Args) -> Result<Py> {
    stripped(receiver, args, "lstrip", true, false)
}

/// `str.rstrip`.
pub(super) fn rstrip(receiver: &Py, args: Args) -> Result<Py> {
    stripped(receiver, args, "rstrip", false, true)
}

fn stripped(receiver: &Py, args: Args, method: &str, left: bool, right: bool) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [unwanted] = args.bind_positional(method)?;
    let unwanted = match &unwanted {
        None | Some(Py::None) => None,
        Some(unwanted) => Some(subject.kind.text(unwanted, "chars")?),
    };
    let space = super::space(subject.kind);
    let goes = |c: char| unwanted.as_ref().map_or_else(|| space(c), |unwanted| unwanted.contains(c));
    let mut text = &*subject.text;
    if left {
        text = text.trim_start_matches(goes);
    }
    if right {
        text = text.trim_end_matches(goes);
    }
    Ok(subject.give(text))
}

/// `str.center`. An odd space goes to the left of a text if the width is odd.
pub(super) fn center(receiver: &Py, args: Args) -> Result<Py> {
    padded(receiver, args, "center", |missing, width| missing / 2 + (missing & width & 1))
}

/// `str.ljust`.
pub(super) fn ljust(receiver: &Py, args: Args) -> Result<Py> {
    padded(receiver, args, "ljust", |_, _| 0)
}

/// `str.rjust`.
pub(super) fn rjust(receiver: &Py, args: Args) -> Result<Py> {
    padded(receiver, args, "rjust", |missing, _| missing)
}

/// Pads a text to a width; `left` says how much of what is missing goes before it.
fn padded(receiver: &Py, args: Args, method: &str, left: fn(usize, usize) -> usize) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [width, fill] = args.bind_positional(method)?;
    let width = index(&required(width, method, "width")?, "width")?;
    let fill = fill_character(subject.kind, fill.as_ref())?;
    let length = subject.text.chars().count();
    let width = usize::try_from(width).unwrap_or(0);
    let missing = width.saturating_sub(length);
    let left = left(missing, width);
    let mut out = String::new();
    push_repeated(&mut out, fill, left)?;
    out.push_str(&subject.text);
    push_repeated(&mut out, fill, missing - left)?;
    Ok(subject.give(&out))
}

fn fill_character(kind: Kind, fill: Option<&Py>) -> Result<char> {
    let Some(fill) = fill else { return Ok(' ') };
    let text = match kind {
        Kind::Markup => Cow::Owned(super::escape(fill)?.to_string()),
        kind => kind.text(fill, "fillchar")?,
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(fill), None) => Ok(fill),
        _ => Err(Fault::type_error("fillchar must be exactly one character")),
    }
}

/// `str.zfill`: zeros, behind the sign.
pub(super) fn zfill(receiver: &Py, args: Args) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [width] = args.bind_positional("zfill")?;
    let width = index(&required(width, "zfill", "width")?, "width")?;
    let missing = usize::try_from(width).unwrap_or(0).saturating_sub(subject.text.chars().count());
    let digits = subject.text.strip_prefix(['+', '-']).unwrap_or(&subject.text);
    let sign = subject.text.strip_suffix(digits).unwrap_or("");
    let mut out = String::from(sign);
    push_repeated(&mut out, '0', missing)?;
    out.push_str(digits);
    Ok(subject.give(&out))
}

/// `str.expandtabs`.
pub(super) fn expandtabs(receiver: &Py, args: Args) -> Result<Py> {
    let subject = Subject::of(receiver)?;
    let [size] = args.bind("expandtabs", ["tabsize"])?;
    let size = index_or(size.as_ref(), "tabsize", 8)?;
    let size =
        i32::try_from(size).map_err(|_| Fault::new(FaultKind::OverflowError, "tabsize is too large"))?;
    let size = usize::try_from(size).unwrap_or(0);
    charge(subject.text.matches('\t').count().checked_mul(size))?;
    let (mut out, mut column) = (String::with_capacity(subject.text.len()), 0_usize);
    for c in subject.text.chars() {
        match c {
            '\t' if size > 0 => {
                let missing = size - column % size;
                out.extend(std::iter::repeat_n(' ', missing));
                column += missing;
            }
            '\t' => {}
            _ => {
                out.push(c);
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
            }
        }
    }
    Ok(subject.give(&out))
}
