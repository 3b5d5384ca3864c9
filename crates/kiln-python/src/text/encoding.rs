//! Text as bytes and bytes as text.

mod codec;
mod hex;

use std::fmt::Write as _;

use codec::{Codec, Unit};

pub(super) use hex::{fromhex, hex};

use super::subject::{charge, text_of, wrong};
use crate::fault::{Fault, FaultKind, Result};
use crate::{Args, Py};

/// `str.encode`.
pub(super) fn encode(receiver: &Py, args: Args) -> Result<Py> {
    let [encoding, errors] = args.bind("encode", ["encoding", "errors"])?;
    let (name, errors) = (name(encoding.as_ref())?, handler(errors.as_ref())?);
    let codec = codec(name)?;
    let text = text_of(receiver, "the receiver")?;
    charge(text.len().checked_mul(4))?;
    let mut out = codec.mark().to_vec();
    for c in text.chars() {
        if !codec.push(c, &mut out) {
            replace_character(c, codec, &errors, &mut out)?;
        }
    }
    Ok(Py::Bytes(out.into()))
}

/// Writes what stands for a character that the encoding lacks.
fn replace_character(c: char, codec: Codec, errors: &str, out: &mut Vec<u8>) -> Result<()> {
    let code = u32::from(c);
    let mut instead = String::new();
    _ = match (errors, code) {
        ("ignore", _) => Ok(()),
        ("replace", _) => write!(instead, "?"),
        ("xmlcharrefreplace", _) => write!(instead, "&#{code};"),
        ("backslashreplace", ..0x100) => write!(instead, "\\x{code:02x}"),
        ("backslashreplace", ..0x1_0000) => write!(instead, "\\u{code:04x}"),
        ("backslashreplace", _) => write!(instead, "\\U{code:08x}"),
        _ => return Err(unfit(errors, "the encoding has no place for a character")),
    };
    charge(Some(instead.len()))?;
    for c in instead.chars() {
        codec.push(c, out);
    }
    Ok(())
}

/// `bytes.decode`.
pub(super) fn decode(receiver: &Py, args: Args) -> Result<Py> {
    let [encoding, errors] = args.bind("decode", ["encoding", "errors"])?;
    let Py::Bytes(bytes) = receiver else { return Err(wrong(receiver, "the receiver", "bytes")) };
    let (name, errors) = (name(encoding.as_ref())?, handler(errors.as_ref())?);
    // Nothing is decoded without a look at the encoding.
    if bytes.is_empty() {
        return Ok(Py::str(""));
    }
    let codec = codec(name)?;
    charge(bytes.len().checked_mul(4))?;
    let mut out = String::with_capacity(bytes.len());
    for unit in codec.units(bytes) {
        match unit {
            Unit::Text(text) => out.push_str(&text),
            Unit::Invalid(bytes) => replace_bytes(bytes, &errors, &mut out)?,
        }
    }
    Ok(Py::str(out))
}

/// Writes what stands for bytes that the encoding cannot read.
fn replace_bytes(bytes: &[u8], errors: &str, out: &mut String) -> Result<()> {
    match errors {
        "ignore" => {}
        "replace" => out.push('\u{FFFD}'),
        "backslashreplace" => {
            for byte in bytes {
                _ = write!(out, "\\x{byte:02x}");
            }
        }
        _ => return Err(unfit(errors, "the bytes are not text in this encoding")),
    }
    Ok(())
}

/// That a text or bytes do not fit an encoding, or that nobody knows what to do then.
fn unfit(errors: &str, message: &str) -> Fault {
    match errors {
        "strict" | "surrogateescape" | "surrogatepass" => Fault::new(FaultKind::UnicodeError, message),
        "xmlcharrefreplace" | "namereplace" => Fault::type_error(message),
        _ => Fault::new(FaultKind::LookupError, "there is no such way to handle errors"),
    }
}

fn name(encoding: Option<&Py>) -> Result<&str> {
    encoding.map_or(Ok("utf-8"), |encoding| text_of(encoding, "encoding"))
}

fn codec(name: &str) -> Result<Codec> {
    Codec::named(name).ok_or_else(|| {
        Fault::new(FaultKind::LookupError, "there is no such encoding, or kiln does not have it")
    })
}

fn handler(errors: Option<&Py>) -> Result<String> {
    errors.map_or(Ok("strict"), |errors| text_of(errors, "errors")).map(str::to_owned)
}
