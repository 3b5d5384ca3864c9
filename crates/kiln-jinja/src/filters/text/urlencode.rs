//! `urlencode`.

use kiln_python::{Args, Fault, Py, PyIter, Result, meter};

use super::convert::plain;
use crate::ambient::Here;

/// `urlencode`: text as a path of a URL; pairs as its query.
pub(super) fn urlencode(_: &Here, value: Py, args: Args) -> Result<Py> {
    args.none("urlencode")?;
    let mut quoted = String::new();
    match pairs(&value)? {
        None => quote(&value, Part::Path, &mut quoted)?,
        Some(pairs) => {
            for (index, pair) in pairs.enumerate() {
                let (name, value) = unpack(&pair?)?;
                if index > 0 {
                    quoted.push('&');
                }
                quote(&name, Part::Query, &mut quoted)?;
                quoted.push('=');
                quote(&value, Part::Query, &mut quoted)?;
            }
        }
    }
    Ok(Py::str(quoted))
}

/// The pairs of a value that can be gone through and is not text.
fn pairs(value: &Py) -> Result<Option<PyIter>> {
    match value {
        Py::Dict(dict) => {
            let entries = dict.entries().into_iter();
            Ok(Some(Box::new(entries.map(|(key, value)| Ok(Py::tuple([key, value]))))))
        }
        Py::Bytes(_) | Py::List(_) | Py::Undefined(_) => value.iter().map(Some),
        _ if value.as_tuple().is_some() => value.iter().map(Some),
        Py::Object(object) => object.clone().iter().transpose(),
        _ => Ok(None),
    }
}

fn unpack(pair: &Py) -> Result<(Py, Py)> {
    let mut parts = pair.iter()?;
    match (parts.next().transpose()?, parts.next().transpose()?, parts.next().transpose()?) {
        (Some(name), Some(value), None) => Ok((name, value)),
        _ => Err(Fault::value_error("`urlencode` needs pairs of a name and a value")),
    }
}

/// A part of a URL.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// A slash stays.
    Path,
    /// A slash is quoted, and a space is a plus sign.
    Query,
}

fn quote(value: &Py, part: Part, quoted: &mut String) -> Result<()> {
    let text;
    let bytes: &[u8] = if let Py::Bytes(bytes) = value {
        bytes
    } else {
        text = plain(value)?.to_str()?;
        text.as_bytes()
    };
    // Quoting makes three bytes of one.
    meter::charge_text(bytes.len().saturating_mul(3))?;
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => {
                quoted.push(char::from(*byte));
            }
            b'/' if part == Part::Path => quoted.push('/'),
            b' ' if part == Part::Query => quoted.push('+'),
            _ => quoted.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(())
}
