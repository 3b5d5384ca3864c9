//! YAML, as go-yaml reads and writes it.

use zeroize::Zeroizing;

use super::problem::{self, Problem};
use crate::document::{Document, Node};
use crate::{emit, read};

/// The documents of a file.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Document>, Vec<Problem>> {
    read::read(problem::text(bytes).map_err(|problem| vec![problem])?)
}

/// The file of these documents, each level indented by `step` columns.
pub(super) fn write(documents: &[Document], step: usize) -> Zeroizing<Vec<u8>> {
    bytes(emit::emit(documents, step))
}

/// The text of one value by itself.
pub(super) fn write_value(node: &Node, step: usize) -> Zeroizing<Vec<u8>> {
    bytes(emit::emit_value(node, step))
}

fn bytes(mut text: Zeroizing<String>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(std::mem::take(&mut *text).into_bytes())
}
