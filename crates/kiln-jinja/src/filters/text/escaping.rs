//! Filters that make text safe in HTML, or say that it is.

use kiln_python::{Args, Py, Result};

use super::convert::{html, marked_safe, method, plain};
use crate::ambient::Here;

/// `escape`, `e`: safe text stays as it is.
pub(super) fn escape(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("escape")?;
    kiln_python::escape(&value).map(Py::Markup)
}

/// `forceescape`: safe text too.
pub(super) fn forceescape(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("forceescape")?;
    let value = html(&value)?.unwrap_or(value);
    kiln_python::escape(&plain(&value)?).map(Py::Markup)
}

/// `safe`: says that the text is safe.
pub(super) fn safe(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("safe")?;
    marked_safe(value)
}

/// `striptags`: the text between the tags, with single spaces.
pub(super) fn striptags(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("striptags")?;
    let text = html(&value)?.unwrap_or(value).to_str()?;
    method(&Py::Markup(text), "striptags", [])
}
