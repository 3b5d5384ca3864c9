//! What `{% debug %}` prints.

use std::sync::Arc;

use kiln_python::{Py, Result};

/// The names of the context, the filters and the tests.
pub(crate) fn debug_text(_: Vec<(Arc<str>, Py)>, _: &[Arc<str>], _: &[Arc<str>]) -> Result<String> {
    Ok(String::new())
}
