//! A document in plain, as SOPS sees it.

mod edit;
mod path;
mod shown;
mod texts;

use zeroize::Zeroizing;

pub use self::edit::{EditError, NoVariable, Variable};
pub use self::path::{BadPath, KeyPath};
pub use self::texts::Found;
use crate::document::Document;
use crate::format::{self, Format, Stores, WriteError};
use crate::hoist::hoist;
use crate::sealed::ReadError;
use crate::select::Selection;
use crate::walk::{Leaf, walk};

/// A decrypted document: for YAML a stream of them.
///
/// It cannot be printed, and its values are wiped on drop.
#[derive(Clone)]
pub struct Plain {
    pub(crate) documents: Vec<Document>,
    pub(crate) format: Format,
}

impl Plain {
    /// Reads a plain document.
    ///
    /// # Errors
    /// If it is not of the format, or not of the kind that SOPS takes: at the top of a YAML
    /// or JSON document there is a mapping.
    pub fn read(bytes: &[u8], format: Format) -> Result<Plain, ReadError> {
        let documents = format::read(format, bytes).map_err(|problems| ReadError { problems })?;
        Ok(Plain { documents, format })
    }

    /// The document in the style of SOPS; `format` may be another than it was read from.
    ///
    /// # Errors
    /// If the format cannot hold it.
    pub fn write(&self, format: Format, stores: &Stores) -> Result<Zeroizing<Vec<u8>>, WriteError> {
        format::write(format, &self.documents, stores)
    }

    /// The format it was read from.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether there is nothing in it, not even a comment.
    pub fn is_empty(&self) -> bool {
        self.documents.iter().all(|document| document.items.is_empty())
    }

    /// Whether another document says the same: the same values of the same types in the
    /// same order, under the same comments.
    ///
    /// Comments count as they stand once they are encrypted as `selection` says; releases of
    /// SOPS differ in whether a comment stays on the line of its value.
    pub(crate) fn is_same(&self, other: &Plain, selection: &Selection) -> bool {
        match self.format {
            Format::Yaml => self.settled(selection) == other.settled(selection),
            // In other formats a number has one type for one text.
            format => match (self.write(format, &Stores::default()), other.write(format, &Stores::default()))
            {
                (Ok(one), Ok(other)) => one == other,
                _ => false,
            },
        }
    }

    /// The documents with all comments where they stand once encrypted.
    fn settled(&self, selection: &Selection) -> Vec<Document> {
        let mut documents = self.documents.clone();
        hoist(&mut documents, selection);
        let Ok(()) = walk(&mut documents, selection, &mut |leaf, _, _| {
            if let Leaf::Comment(comment) = leaf {
                comment.inline = false;
            }
            Ok::<(), std::convert::Infallible>(())
        });
        documents
    }
}
