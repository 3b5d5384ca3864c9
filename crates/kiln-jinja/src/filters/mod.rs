//! Jinja2's filters.

use crate::ambient::Filter;

mod sequences;

pub(crate) mod text;

/// The filter `name` of Jinja2.
pub(crate) fn builtin(name: &str) -> Option<Filter> {
    sequences::find(name).or_else(|| text::find(name))
}
