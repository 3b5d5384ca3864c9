//! Values as text, in a form that is asked for.

mod float;
mod method;
mod spec;
mod template;
mod value;

pub use value::format_value;

pub(super) use float::{Notation, Style, text as float_text};
pub(super) use method::{ascii, escape_format, escape_format_map, format, format_map, subscript};
pub(super) use value::integer_digits;
