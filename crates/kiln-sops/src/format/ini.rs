//! INI files, as the library `go-ini` reads and writes them for SOPS.
//!
//! A document holds sections, and a section holds keys with text. What stands before the
//! first header is the section `DEFAULT`. Several sections may have the same name. The
//! comments above a header come first in their section; those above a key, or behind its
//! value, come behind the key.

mod reader;
mod writer;

#[cfg(test)]
mod tests;

use zeroize::Zeroizing;

use self::reader::Reader;
use super::problem::Problem;
use super::{Format, WriteError};
use crate::document::Document;

/// The section of the keys that stand before all headers.
const DEFAULT: &str = "DEFAULT";

/// The document of a file.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Vec<Problem>> {
    Reader::new(bytes).document().map_err(|problem| vec![problem])
}

/// The file of a document.
pub(super) fn write(document: &Document) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    let text = writer::write(document)?;
    if text.starts_with("\u{feff}".as_bytes()) {
        // It would be taken for a byte order mark, which is no part of the key.
        let key = document.entries().next().map(|entry| entry.key.clone());
        return Err(WriteError::Unreadable(Format::Ini, key.unwrap_or_default()));
    }
    Ok(text)
}
