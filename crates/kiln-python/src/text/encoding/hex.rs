//! Bytes as hexadecimal digits.

use std::fmt::Write as _;

use super::super::subject::{charge, index_or, text_of, wrong};
use crate::args::required;
use crate::fault::{Fault, Result};
use crate::{Args, Py};

/// `bytes.hex`.
pub(in crate::text) fn hex(receiver: &Py, args: Args) -> Result<Py> {
    let [separator, size] = args.bind("hex", ["sep", "bytes_per_sep"])?;
    let Py::Bytes(bytes) = receiver else { return Err(wrong(receiver, "the receiver", "`bytes`")) };
    let size = index_or(size.as_ref(), "bytes_per_sep", 1)?;
    let separator = separator.map(|separator| single(&separator)).transpose()?;
    charge(bytes.len().checked_mul(3))?;
    // Groups are counted from the right, or from the left if their size is negative.
    let group = usize::try_from(size.unsigned_abs()).unwrap_or(usize::MAX);
    let begins_group = |place: usize| {
        let counted = if size < 0 { place } else { bytes.len() - place };
        place > 0 && group > 0 && counted.is_multiple_of(group)
    };
    let mut out = String::with_capacity(bytes.len() * 2);
    for (place, byte) in bytes.iter().enumerate() {
        if let Some(separator) = separator
            && begins_group(place)
        {
            out.push(separator);
        }
        _ = write!(out, "{byte:02x}");
    }
    Ok(Py::str(out))
}

fn single(separator: &Py) -> Result<char> {
    let wrong = || Fault::value_error("sep is a single character of ASCII");
    if separator.len()? != 1 {
        return Err(wrong());
    }
    let character = match separator {
        Py::Bytes(bytes) => bytes.first().copied().map(char::from),
        _ => text_of(separator, "sep")?.chars().next(),
    };
    character.filter(char::is_ascii).ok_or_else(wrong)
}

/// `bytes.fromhex`.
pub(in crate::text) fn fromhex(_: &Py, args: Args) -> Result<Py> {
    let [text] = args.bind_positional("fromhex")?;
    let text = required(text, "fromhex", "string")?;
    let text = text_of(&text, "string")?;
    charge(Some(text.len()))?;
    let wrong = || Fault::value_error("the text is not made of pairs of hexadecimal digits");
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut digits = text.chars().skip_while(is_space).peekable();
    while let Some(high) = digits.next() {
        let pair = high.to_digit(16).zip(digits.next().and_then(|low| low.to_digit(16)));
        let (high, low) = pair.ok_or_else(wrong)?;
        bytes.push(u8::try_from(high * 16 + low).map_err(|_| wrong())?);
        while digits.next_if(is_space).is_some() {}
    }
    Ok(Py::Bytes(bytes.into()))
}

fn is_space(c: &char) -> bool {
    matches!(c, '\t'..='\r' | ' ')
}
