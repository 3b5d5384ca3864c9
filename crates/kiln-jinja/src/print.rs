//! How a value becomes text.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, Output, State};

use crate::failure::complain;

/// Prints a value as Jinja2 does, except that printing `none` is an error: in a
/// manifest, the word `None` is never meant.
pub(crate) fn write_value(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    match value.kind() {
        ValueKind::None => Err(complain(
            "none-printed",
            "this is `none`, which would print the word `None`",
            "test the value with `is not none`, or give it a default",
        )),
        ValueKind::Undefined => Err(Error::from(minijinja::ErrorKind::UndefinedError)),
        _ => out.write_fmt(format_args!("{value}")).map_err(Error::from),
    }
}
