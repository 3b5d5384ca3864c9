//! Text: the methods of `str`, `bytes` and `Markup`, and formatting.

use std::sync::Arc;

use crate::Py;
use crate::fault::Result;

/// `markupsafe.escape`: the text of a value, safe in HTML.
///
/// # Errors
/// As [`Py::to_str`].
pub fn escape(value: &Py) -> Result<Arc<str>> {
    let _ = value;
    todo!()
}
