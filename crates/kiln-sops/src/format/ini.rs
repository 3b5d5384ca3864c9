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
use super::WriteError;
use super::problem::Problem;
use crate::document::Document;

/// The section of the keys that stand before all headers.
const DEFAULT: &str = "DEFAULT";

/// The document of a file.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Vec<Problem>> {
    Reader::new(bytes).document().map_err(|problem| vec![problem])
}

/// The file of a document.
pub(super) fn write(document: &Document) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    writer::write(document)
}
