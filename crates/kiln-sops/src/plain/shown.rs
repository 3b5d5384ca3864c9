//! A document with the metadata of its file in it, for people to look at.

use zeroize::Zeroizing;

use super::Plain;
use crate::format::{self, Format, Stores, WriteError};
use crate::opened::Opened;
use crate::sealed::ReadError;

impl Opened {
    /// The decrypted document, and behind it the metadata of the file.
    ///
    /// # Errors
    /// If the format cannot hold it.
    pub fn write_shown(&self, format: Format, stores: &Stores) -> Result<Zeroizing<Vec<u8>>, WriteError> {
        let mut documents = self.plain.documents.clone();
        format::append_block(format, &mut documents, self.metadata.to_node());
        format::write(format, &documents, stores)
    }
}

impl Plain {
    /// Reads what [`Opened::write_shown`] wrote, without the metadata, whatever they say now.
    ///
    /// # Errors
    /// As [`Plain::read`].
    pub fn read_shown(bytes: &[u8], format: Format) -> Result<Plain, ReadError> {
        let mut documents = format::read_sealed(format, bytes).map_err(|problems| ReadError { problems })?;
        format::take_block(format, &mut documents);
        Ok(Plain { documents, format })
    }

    /// Whether there is no document at all, which only an empty YAML file has not.
    pub fn has_no_document(&self) -> bool {
        self.documents.is_empty()
    }

    /// Whether it has a key that is SOPS's own, and cannot be encrypted.
    pub fn has_reserved_key(&self) -> bool {
        format::has_reserved_key(self.format, &self.documents)
    }
}
