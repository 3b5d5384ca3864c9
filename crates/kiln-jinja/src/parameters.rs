//! Arguments that must be of a certain kind.

use kiln_python::{Fault, FaultKind, Py, Result};

/// An integer; one that is too large becomes the largest.
pub(crate) fn integer(value: &Py) -> Result<i64> {
    value.as_index().ok_or_else(|| {
        Fault::type_error(format!("a value of type `{}` cannot be used as an integer", value.type_name()))
    })
}

/// Whether to sort backwards, which Python takes as a C integer.
pub(crate) fn backwards(reverse: Option<Py>) -> Result<bool> {
    let Some(reverse) = reverse else { return Ok(false) };
    match i32::try_from(integer(&reverse)?) {
        Ok(number) => Ok(number != 0),
        Err(_) => Err(Fault::new(FaultKind::OverflowError, "the integer given as `reverse` is too large")),
    }
}
