use kiln_python::{Fault, Py, Result};

pub(super) fn parse_int(text: &str, base: u32) -> Result<Py> {
    if !(2..=36).contains(&base) {
        return Err(Fault::value_error("base"));
    }
    i64::from_str_radix(text.trim(), base)
        .map(Py::Int)
        .map_err(|_| Fault::value_error("this text is no integer"))
}

pub(super) fn parse_float(text: &str) -> Result<f64> {
    text.trim().parse().map_err(|_| Fault::value_error("this text is no number"))
}
