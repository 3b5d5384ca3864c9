//! Jinja2's filters.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use kiln_python::{Args, Py, Result};

use crate::ambient::{Filter, Here};

mod sequences;

pub(crate) mod text;

/// What a filter does to a value.
type Body = fn(&Here, Py, Args) -> Result<Py>;

/// The filters are shared, so that finding one allocates nothing.
static TABLE: LazyLock<HashMap<&'static str, Filter>> = LazyLock::new(|| {
    let filters = sequences::FILTERS.iter().chain(text::FILTERS);
    filters.map(|(name, body)| (*name, Arc::new(*body) as Filter)).collect()
});

/// The filter `name` of Jinja2.
pub(crate) fn builtin(name: &str) -> Option<Filter> {
    TABLE.get(name).cloned()
}
