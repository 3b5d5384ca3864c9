//! From a SOPS file back to its plain document, everything verified.

use std::fmt;

use kiln_age::{Dialog, Identities};

use crate::cipher::{self, Cipher, DataKey, Opened as Value, Refusal};
use crate::ciphertexts::Ciphertexts;
use crate::document::{Comment, Document, List, ListItem, Map, MapItem, Node, Scalar};
use crate::keys::{self, KeyFailure};
use crate::mac::Mac;
use crate::metadata::Metadata;
use crate::opened::Opened;
use crate::plain::Plain;
use crate::sealed::Sealed;
use crate::select::Place;
use crate::walk::{Leaf, walk};

/// Whether the MAC of a file has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacCheck {
    /// A file whose MAC is missing or wrong is not opened.
    Verify,
    /// The MAC is not looked at: what was added, removed or moved goes unnoticed.
    Ignore,
}

/// Why a file was not opened. Holds no value of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// No identity opens enough of its groups.
    Key(KeyFailure),
    /// The value at this key path was changed, or comes from another place or file.
    Forged(String),
    /// The value at this key path should be encrypted and is not.
    NotEncrypted(String),
    /// The value at this key path is not of the type that it names.
    WrongType(String),
    /// It has no MAC; what it would be.
    NoMac(String),
    /// Its MAC is not one that was made with its data key and time.
    ForgedMac,
    /// The values are not those that were encrypted together.
    MacMismatch {
        /// The MAC that the file holds.
        file: String,
        /// The MAC of what it says.
        computed: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Key(_) => f.write_str("none of the keys at hand opens it"),
            OpenError::Forged(path) => {
                write!(f, "the value at `{path}` was changed or comes from another place")
            }
            OpenError::NotEncrypted(path) => write!(f, "the value at `{path}` is not encrypted"),
            OpenError::WrongType(path) => write!(f, "the value at `{path}` is not of the type it names"),
            OpenError::NoMac(_) => f.write_str("it has no MAC"),
            OpenError::ForgedMac => f.write_str("its MAC or its time was changed"),
            OpenError::MacMismatch { .. } => f.write_str("a value was added, removed, moved or changed"),
        }
    }
}

impl std::error::Error for OpenError {}

impl Sealed {
    /// Decrypts the file.
    ///
    /// `dialog` answers what plugins and locked keys ask.
    ///
    /// # Errors
    /// If no identity opens it, or anything in it was changed since it was encrypted.
    pub fn open(
        &self,
        identities: &Identities,
        check: MacCheck,
        dialog: &dyn Dialog,
    ) -> Result<Opened, OpenError> {
        let key = keys::unwrap(&self.metadata, identities, dialog).map_err(OpenError::Key)?;
        let mut documents = self.documents.clone();
        documents.iter_mut().for_each(lift_list_comments);
        let leaves = Leaves::open(&mut documents, &self.metadata, &key)?;
        if check == MacCheck::Verify {
            verify(&self.metadata, &key, leaves.mac.finish())?;
        }
        let plain = Plain { documents, format: self.format };
        Ok(Opened { plain, metadata: self.metadata.clone(), key, ciphertexts: leaves.ciphertexts })
    }
}

/// What was had by opening every leaf.
struct Leaves {
    ciphertexts: Ciphertexts,
    mac: Mac,
}

impl Leaves {
    fn open(documents: &mut [Document], metadata: &Metadata, key: &DataKey) -> Result<Leaves, OpenError> {
        let cipher = Cipher::new(key.clone());
        let mut leaves =
            Leaves { ciphertexts: Ciphertexts::default(), mac: Mac::new(metadata.mac_only_encrypted) };
        walk(documents, &metadata.selection, &mut |leaf, place, selected| {
            match leaf {
                Leaf::Key => {}
                Leaf::Comment(comment) => {
                    // One that was an item of a list is encrypted whatever an option about
                    // comments says of it now.
                    if selected || cipher::is_sealed_comment(&comment.text) {
                        leaves.comment(comment, place, &cipher);
                    }
                }
                Leaf::Scalar(scalar) => {
                    if selected {
                        leaves.scalar(scalar, place, &cipher).map_err(|refusal| named(refusal, place))?;
                    }
                    leaves.mac.add(scalar, selected);
                }
            }
            Ok(())
        })?;
        Ok(leaves)
    }

    fn scalar(&mut self, scalar: &mut Scalar, place: &Place, cipher: &Cipher) -> Result<(), Refusal> {
        let ciphertext = match scalar {
            Scalar::Null => return Ok(()),
            Scalar::Text(text) if text.is_empty() => return Ok(()),
            Scalar::Text(text) => text,
            _ => return Err(Refusal::NotEncrypted),
        };
        let aad = cipher::place(&place.path);
        let Value::Scalar(opened) = cipher.open(ciphertext, &aad)? else { return Err(Refusal::WrongType) };
        if let (Some(kind), Some(plain), true) =
            (cipher::kind(&opened), opened.plain(), cipher::is_canonical(ciphertext))
        {
            self.ciphertexts.remember(&aad, kind, &plain, ciphertext);
        }
        *scalar = opened;
        Ok(())
    }

    /// A comment may have been encrypted for a block further out; readers differ in where
    /// they see comments. One that does not open stays as it is, as with `sops`.
    fn comment(&mut self, comment: &mut Comment, place: &Place, cipher: &Cipher) {
        let opened = (0..=place.path.len()).rev().find_map(|depth| {
            let aad = cipher::place(&place.path[..depth]);
            match cipher.open(&comment.text, &aad) {
                Ok(Value::Comment(text)) => Some((text, aad, depth == place.path.len())),
                _ => None,
            }
        });
        let Some((text, aad, is_here)) = opened else { return };
        if is_here && cipher::is_canonical(&comment.text) {
            self.ciphertexts.remember(&aad, cipher::COMMENT, text.as_bytes(), &comment.text);
        }
        comment.text = text;
    }
}

fn named(refusal: Refusal, place: &Place) -> OpenError {
    let path = place.path.join(".");
    match refusal {
        Refusal::NotEncrypted => OpenError::NotEncrypted(path),
        Refusal::Forged => OpenError::Forged(path),
        Refusal::WrongType => OpenError::WrongType(path),
    }
}

fn verify(metadata: &Metadata, key: &DataKey, computed: String) -> Result<(), OpenError> {
    let Some(sealed) = &metadata.mac else { return Err(OpenError::NoMac(computed)) };
    match Cipher::new(key.clone()).open(sealed, &metadata.last_modified) {
        Ok(Value::Scalar(Scalar::Text(file))) if *file == computed => Ok(()),
        Ok(Value::Scalar(Scalar::Text(file))) => {
            Err(OpenError::MacMismatch { file: file.to_string(), computed })
        }
        _ => Err(OpenError::ForgedMac),
    }
}

/// SOPS writes encrypted comments of a list as items of the list.
fn lift_list_comments(map: &mut Map) {
    for item in &mut map.items {
        if let MapItem::Entry(entry) = item {
            lift_in_node(&mut entry.value);
        }
    }
}

fn lift_in_node(node: &mut Node) {
    match node {
        Node::Scalar(_) => {}
        Node::Map(map) => lift_list_comments(map),
        Node::List(List { items }) => {
            for item in items {
                let ListItem::Node(node) = item else { continue };
                match node.as_text().filter(|text| cipher::is_sealed_comment(text)) {
                    Some(text) => *item = ListItem::Comment(Comment::new(text, false)),
                    None => lift_in_node(node),
                }
            }
        }
    }
}
