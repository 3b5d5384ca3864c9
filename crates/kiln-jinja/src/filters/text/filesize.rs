//! `filesizeformat`.

use kiln_python::{Args, Fault, FaultKind, Py, Result, float};

use super::convert::is_set;
use crate::ambient::Here;

const PREFIXES: [char; 8] = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];

/// `filesizeformat(binary=false)`: a number of bytes for people.
pub(super) fn filesizeformat(_: &Here, value: Py, args: Args) -> Result<Py> {
    let [binary] = args.bind("filesizeformat", ["binary"])?;
    let bytes = float(&value)?;
    let binary = is_set(binary.as_ref())?;
    let base: i128 = if binary { 1024 } else { 1000 };
    if bytes == 1.0 {
        return Ok(Py::str("1 Byte"));
    }
    // The bases are powers that no float rounds.
    if bytes < base as f64 {
        return whole(bytes).map(|digits| Py::str(format!("{digits} Bytes")));
    }
    let (prefix, unit) = scale(bytes, base);
    let number = base as f64 * bytes / unit as f64;
    let number = if number.is_finite() { format!("{number:.1}") } else { not_finite(number) };
    Ok(Py::str(match (binary, prefix) {
        (true, 'k') => format!("{number} KiB"),
        (true, _) => format!("{number} {prefix}iB"),
        (false, _) => format!("{number} {prefix}B"),
    }))
}

/// The first prefix that makes the number small enough, else the last, and the unit after it.
fn scale(bytes: f64, base: i128) -> (char, i128) {
    // Units are whole, so that only the whole part counts; what is no number is below none.
    let whole = if bytes.is_nan() { i128::MAX } else { bytes as i128 };
    let mut unit = base;
    let mut last = PREFIXES[0];
    for prefix in PREFIXES {
        unit *= base;
        last = prefix;
        if whole < unit {
            break;
        }
    }
    (last, unit)
}

/// The digits of the whole part.
fn whole(number: f64) -> Result<String> {
    if number.is_infinite() {
        return Err(Fault::new(FaultKind::OverflowError, "an infinite number has no digits"));
    }
    let whole = number.trunc();
    Ok(if whole == 0.0 { "0".to_owned() } else { format!("{whole:.0}") })
}

fn not_finite(number: f64) -> String {
    if number.is_nan() { "nan".to_owned() } else { "inf".to_owned() }
}
