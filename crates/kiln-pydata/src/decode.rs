//! Bytes to text.

use crate::DataError;

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16 { big: bool },
    Utf32 { big: bool },
}

/// The text of all the bytes.
///
/// # Errors
/// If they are no text in this encoding; half a surrogate pair is none.
pub(crate) fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, DataError> {
    match encoding {
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(not_text("UTF-8", bytes, error.valid_up_to())),
        },
        Encoding::Utf16 { big } => utf16(bytes, big),
        Encoding::Utf32 { big } => utf32(bytes, big),
    }
}

fn utf16(bytes: &[u8], big: bool) -> Result<String, DataError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units =
        pairs.iter().map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    for unit in char::decode_utf16(units) {
        let Ok(unit) = unit else { return Err(not_text("UTF-16", bytes, at)) };
        at += unit.len_utf16() * 2;
        text.push(unit);
    }
    if rest.is_empty() { Ok(text) } else { Err(not_text("UTF-16", bytes, at)) }
}

fn utf32(bytes: &[u8], big: bool) -> Result<String, DataError> {
    let (units, rest) = bytes.as_chunks::<4>();
    let mut text = String::with_capacity(bytes.len());
    for (index, unit) in units.iter().enumerate() {
        let code = if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
        text.push(char::from_u32(code).ok_or_else(|| not_text("UTF-32", bytes, index * 4))?);
    }
    if rest.is_empty() { Ok(text) } else { Err(not_text("UTF-32", bytes, units.len() * 4)) }
}

fn not_text(encoding: &str, bytes: &[u8], offset: usize) -> DataError {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    DataError::new(format!("the bytes are not text in {encoding}"), (line, column, offset))
        .help("save the file as UTF-8")
}
