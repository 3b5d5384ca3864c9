//! Text: the methods of `str`, `bytes` and `Markup`, and formatting.

use std::sync::Arc;

use crate::fault::Result;
use crate::{Fault, Method, Py};

/// `markupsafe.escape`: the text of a value, safe in HTML.
///
/// # Errors
/// As [`Py::to_str`].
pub fn escape(value: &Py) -> Result<Arc<str>> {
    value.to_str()
}

/// The method of a `str`, `Markup` or `bytes`.
pub(crate) fn method(_receiver: &Py, _name: &str) -> Option<(&'static str, Method)> {
    None
}

/// The method of an `int`, `bool` or `float`.
pub(crate) fn number_method(_receiver: &Py, _name: &str) -> Option<(&'static str, Method)> {
    None
}

/// `format % args`, of text and bytes.
pub(crate) fn percent(_format: &Py, _args: &Py) -> Result<Py> {
    Err(Fault::type_error("`%` does not format text"))
}
