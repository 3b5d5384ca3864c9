//! From a SOPS file back to plain YAML, everything verified.

use std::fmt;

use zeroize::Zeroizing;

use crate::cipher::{self, Cipher, Opened, Refusal};
use crate::document::{Comment, Document, List, ListItem, Map, MapItem, Node, Scalar};
use crate::emit::emit;
use crate::mac::Mac;
use crate::metadata::{self, BadMetadata, Metadata};
use crate::policy::DEFAULT_INDENT;
use crate::read;
use crate::recipient::Identity;
use crate::select::{Place, Selection};
use crate::walk::{Leaf, walk};

/// Why a file was not decrypted. Holds no value of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecryptError {
    /// It is not YAML that SOPS could have written.
    NotYaml,
    /// It has no `sops` block.
    NotEncrypted,
    /// Its `sops` block is damaged.
    BadMetadata,
    /// Its data key is split over several groups of keys, which is not supported.
    SplitKey,
    /// The identity is none of its recipients.
    WrongKey,
    /// The value at this key path was changed or moved, or is not encrypted at all.
    Forged(String),
    /// The values are not those that were encrypted together.
    MacMismatch,
}

impl fmt::Display for DecryptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecryptError::NotYaml => f.write_str("it is not YAML that SOPS could have written"),
            DecryptError::NotEncrypted => f.write_str("it has no `sops` block"),
            DecryptError::BadMetadata => f.write_str("its `sops` block is damaged"),
            DecryptError::SplitKey => {
                f.write_str("its key is split over several groups, which is not supported")
            }
            DecryptError::WrongKey => f.write_str("the age key is none of its recipients"),
            DecryptError::Forged(path) => write!(f, "the value at `{path}` was changed"),
            DecryptError::MacMismatch => f.write_str("a value was added, removed, moved or changed"),
        }
    }
}

impl std::error::Error for DecryptError {}

/// Decrypts a SOPS file to the YAML that `sops decrypt` gives, four columns per level.
///
/// # Errors
/// If the file is not a SOPS file, `identity` does not open it, or anything in it was
/// changed since it was encrypted.
pub fn decrypt(bytes: &[u8], identity: &Identity) -> Result<Zeroizing<String>, DecryptError> {
    let text = std::str::from_utf8(bytes).map_err(|_| DecryptError::NotYaml)?;
    Ok(emit(&open(text, identity)?.documents, DEFAULT_INDENT))
}

/// Whether a file is a YAML document that SOPS encrypted. Needs no key.
pub fn is_encrypted(bytes: &[u8]) -> bool {
    let documents = std::str::from_utf8(bytes).ok().and_then(|text| read::read(text).ok());
    documents
        .is_some_and(|mut documents| take_block(&mut documents).is_some_and(|it| Metadata::read(&it).is_ok()))
}

/// A file that was decrypted and verified.
pub(crate) struct Plain {
    pub(crate) documents: Vec<Document>,
    pub(crate) metadata: Metadata,
}

/// Decrypts and verifies a file.
pub(crate) fn open(text: &str, identity: &Identity) -> Result<Plain, DecryptError> {
    let mut documents = read::read(text).map_err(|_| DecryptError::NotYaml)?;
    let block = take_block(&mut documents).ok_or(DecryptError::NotEncrypted)?;
    let metadata = Metadata::read(&block).map_err(|error| match error {
        BadMetadata::SplitKey => DecryptError::SplitKey,
        BadMetadata::Malformed => DecryptError::BadMetadata,
    })?;
    let cipher = Cipher::new(metadata.data_key(identity).ok_or(DecryptError::WrongKey)?);
    documents.iter_mut().for_each(lift_list_comments);
    let mac =
        decrypt_leaves(&mut documents, &metadata.selection, &cipher, Mac::new(metadata.mac_only_encrypted))?;
    match cipher.open(&metadata.mac, &metadata.last_modified) {
        Ok(Opened::Scalar(Scalar::Text(expected))) if *expected == mac => Ok(Plain { documents, metadata }),
        Ok(_) => Err(DecryptError::MacMismatch),
        Err(_) => Err(DecryptError::Forged(format!("{}.mac", metadata::KEY))),
    }
}

/// The first `sops` block; every document has a copy, and loses it.
fn take_block(documents: &mut [Document]) -> Option<Node> {
    let mut blocks =
        documents.iter_mut().map(|document| document.take(metadata::KEY).map(|entry| entry.value));
    let first = blocks.next().flatten();
    blocks.for_each(drop);
    first
}

fn decrypt_leaves(
    documents: &mut [Document],
    selection: &Selection,
    cipher: &Cipher,
    mut mac: Mac,
) -> Result<String, DecryptError> {
    walk(documents, selection, &mut |leaf, place, selected| {
        match leaf {
            Leaf::Key => {}
            Leaf::Comment(comment) if selected => decrypt_comment(comment, place, cipher),
            Leaf::Comment(_) => {}
            Leaf::Scalar(scalar) => {
                if selected {
                    decrypt_scalar(scalar, cipher, place)
                        .map_err(|_| DecryptError::Forged(place.path.join(".")))?;
                }
                mac.add(scalar, selected);
            }
        }
        Ok(())
    })?;
    Ok(mac.finish())
}

fn decrypt_scalar(scalar: &mut Scalar, cipher: &Cipher, place: &Place) -> Result<(), Refusal> {
    match scalar {
        Scalar::Null => Ok(()),
        Scalar::Text(text) if text.is_empty() => Ok(()),
        Scalar::Text(text) => match cipher.open(text, &cipher::place(&place.path))? {
            Opened::Scalar(opened) => {
                *scalar = opened;
                Ok(())
            }
            Opened::Comment(_) => Err(Refusal::WrongType),
        },
        _ => Err(Refusal::NotEncrypted),
    }
}

/// A comment may have been encrypted for a block further out; readers differ in where
/// they see comments. One that does not open stays as it is, as with `sops`.
fn decrypt_comment(comment: &mut Comment, place: &Place, cipher: &Cipher) {
    let opened = (0..=place.path.len()).rev().find_map(|depth| {
        match cipher.open(&comment.text, &cipher::place(&place.path[..depth])) {
            Ok(Opened::Comment(text)) => Some(text),
            _ => None,
        }
    });
    if let Some(text) = opened {
        comment.text = text;
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
