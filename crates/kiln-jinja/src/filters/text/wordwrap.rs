//! `wordwrap`.

use kiln_python::{Args, Comparison, Fault, Py, Result};

use super::convert::{given, method};
use super::wrap::{Wrap, wrap};
use crate::ambient::Here;

/// `wordwrap(width=79, break_long_words=true, wrapstring=none, break_on_hyphens=true)`: breaks
/// each line of a text into lines of at most `width` characters.
pub(super) fn wordwrap(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [width, long_words, wrapstring, hyphens] =
        args.bind("wordwrap", ["width", "break_long_words", "wrapstring", "break_on_hyphens"])?;
    let width = width.unwrap_or(Py::Int(79));
    let wrapstring = given(wrapstring).unwrap_or_else(|| Py::str(here.newline_sequence()));
    let how = Wrap {
        break_long_words: long_words.unwrap_or(Py::Bool(true)),
        break_on_hyphens: hyphens.unwrap_or(Py::Bool(true)),
    };
    let mut wrapped = Vec::new();
    for line in method(&value, "splitlines", [])?.collect()? {
        let width = checked(&width)?;
        let Some(line) = line.as_str() else {
            return Err(Fault::type_error(format!("`wordwrap` needs text, not `{}`", value.type_name())));
        };
        let lines = wrap(line, width, &how)?.into_iter().map(Py::str).collect();
        wrapped.push(method(&wrapstring, "join", [Py::list(lines)])?);
    }
    method(&wrapstring, "join", [Py::list(wrapped)])
}

/// How wide a line may be.
#[derive(Clone, Copy)]
pub(super) enum Width {
    /// So many characters.
    Whole(usize),
    /// A fraction: lengths compare with it, but nothing is as long.
    Fraction(f64),
}

impl Width {
    /// Whether a line of `length` characters is not too wide.
    pub(super) fn holds(self, length: usize) -> bool {
        match self {
            Width::Whole(width) => length <= width,
            Width::Fraction(width) => length as f64 <= width,
        }
    }
}

fn checked(width: &Py) -> Result<Width> {
    if width.compare(Comparison::Le, &Py::Int(0))? {
        return Err(Fault::value_error("`wordwrap` needs a `width` above zero"));
    }
    match width {
        Py::Bool(_) => Ok(Width::Whole(1)),
        Py::Int(width) => Ok(Width::Whole(usize::try_from(*width).unwrap_or(usize::MAX))),
        Py::Big(_) => Ok(Width::Whole(usize::MAX)),
        // With no number at all, Python would never come to an end.
        Py::Float(width) if !width.is_nan() => Ok(Width::Fraction(*width)),
        _ => Err(Fault::type_error(format!(
            "`wordwrap` needs a number as `width`, not `{}`",
            width.type_name()
        ))),
    }
}
