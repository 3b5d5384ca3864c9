//! `range`, Python's constructor.

use kiln_python::{Args, Fault, Py, Range, Result};

/// `range(stop)` or `range(start, stop, step=1)`.
pub(super) fn range(args: Args) -> Result<Py> {
    let [first, second, step] = args.bind_positional("range")?;
    let first = first.ok_or_else(|| Fault::type_error("`range` needs a number"))?;
    let (start, stop) = match second {
        Some(stop) => (first, stop),
        None => (Py::Int(0), first),
    };
    let bound = |value: &Py| {
        value.as_big().ok_or_else(|| {
            Fault::type_error(format!("`range` takes integers, not a value of type `{}`", value.type_name()))
        })
    };
    Range::new(bound(&start)?, bound(&stop)?, bound(&step.unwrap_or(Py::Int(1)))?)
}
