//! JSON, as SOPS reads and writes it with Go's `encoding/json`.
//!
//! Keys keep their order, and a key that is there twice stays there twice. What Go takes
//! silently and loses is a problem here: text behind the document, a document that is cut
//! off, bytes that are not UTF-8.

mod reader;
mod string;
mod writer;

use zeroize::Zeroizing;

use self::reader::Reader;
use super::WriteError;
use super::problem::{self, Problem};
use crate::document::{Document, Node};

/// The document of a file.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Vec<Problem>> {
    problem::text(bytes).and_then(|text| Reader::new(text).document()).map_err(|problem| vec![problem])
}

/// The file of a document; `indent` spaces per level, or a tab.
pub(super) fn write(document: &Document, indent: Option<usize>) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    writer::write(document, indent)
}

/// The text of one value by itself, without a line break at its end.
pub(super) fn write_value(node: &Node, indent: Option<usize>) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    writer::write_value(node, indent)
}

#[cfg(test)]
mod tests;
