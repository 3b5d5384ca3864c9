//! Data without structure: one value, encrypted as a whole.

use zeroize::Zeroizing;

use super::WriteError;
use crate::document::{Document, Node, Scalar};

/// The key that holds the data in an encrypted file.
const DATA: &str = "data";

/// The document of a plain file.
pub(super) fn wrap(bytes: &[u8]) -> Document {
    let mut document = Document::default();
    document.push(DATA, Node::Scalar(Scalar::bytes(bytes)));
    document
}

/// The plain file of a document.
pub(super) fn unwrap(document: &Document) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    match document.get(DATA).map(|entry| &entry.value) {
        Some(Node::Scalar(Scalar::Text(text))) => Ok(Zeroizing::new(text.as_bytes().to_vec())),
        Some(Node::Scalar(Scalar::Bytes(bytes))) => Ok(bytes.clone()),
        _ => Err(WriteError::NoData),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_come_back_as_they_were() {
        for bytes in [&b""[..], b"text\r\n", b"\xff\xfe\0", b"{\"sops\": 1}"] {
            assert_eq!(**unwrap(&wrap(bytes)).as_deref().unwrap(), *bytes);
        }
    }
}
