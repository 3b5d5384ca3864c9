//! From a plain document to a SOPS file.

use std::convert::Infallible;
use std::fmt;

use kiln_age::{Dialog, WrapError};
use zeroize::Zeroizing;

use crate::cipher::{self, Cipher, DataKey, NoRandomness};
use crate::ciphertexts::Ciphertexts;
use crate::document::{Document, Scalar};
use crate::format::{self, Format};
use crate::hoist::hoist;
use crate::keys::{self, NotWrapped};
use crate::mac::Mac;
use crate::metadata::{Group, Metadata};
use crate::plain::Plain;
use crate::sealed::Sealed;
use crate::select::Selection;
use crate::terms::Terms;
use crate::walk::{Leaf, walk};
use crate::{VERSION, time};

/// Why a document was not encrypted. Holds no value of it.
#[derive(Debug)]
pub enum SealError {
    /// There is no document: nothing is there, or nothing but comments.
    NoDocument,
    /// It has a key that is SOPS's own: `sops`, or one that starts with `sops_` in a format
    /// without nesting.
    AlreadyEncrypted,
    /// There is nobody to encrypt it to: no group, or one without a recipient.
    NoRecipient,
    /// The threshold is more than the groups, or one of several.
    BadThreshold,
    /// The selection option selects no value, so everything would stay in clear.
    NothingSelected,
    /// `unencrypted_comment_regex` matches what an encrypted comment looks like.
    PatternMatchesCiphertext,
    /// The system gives no random bytes.
    NoRandomness,
    /// The data key could not be wrapped for this recipient.
    NotWrapped(String, WrapError),
    /// A new data key is needed, and keys of these kinds could not be given it.
    OtherKeys(Vec<String>),
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SealError::NoDocument => f.write_str("there is no document"),
            SealError::AlreadyEncrypted => f.write_str("it has a key that belongs to SOPS"),
            SealError::NoRecipient => f.write_str("there is a group of keys without a recipient"),
            SealError::BadThreshold => {
                f.write_str("the threshold must be 2 or more, and not more than the groups of keys")
            }
            SealError::NothingSelected => {
                f.write_str("the selection option selects no value, so all would stay in clear")
            }
            SealError::PatternMatchesCiphertext => {
                f.write_str("`unencrypted_comment_regex` matches a comment once it is encrypted")
            }
            SealError::NoRandomness => f.write_str("the system gives no random bytes"),
            SealError::NotWrapped(recipient, error) => {
                write!(f, "the data key cannot be encrypted to `{recipient}`: {error}")
            }
            SealError::OtherKeys(kinds) => write!(
                f,
                "this needs a new data key, and keys of another kind open the file too: {}",
                kinds.join(", ")
            ),
        }
    }
}

impl std::error::Error for SealError {}

impl From<NoRandomness> for SealError {
    fn from(_: NoRandomness) -> SealError {
        SealError::NoRandomness
    }
}

impl From<NotWrapped> for SealError {
    fn from(error: NotWrapped) -> SealError {
        match error {
            NotWrapped::NoRandomness => SealError::NoRandomness,
            NotWrapped::Recipient(recipient, error) => SealError::NotWrapped(recipient, error),
        }
    }
}

/// Encrypts a document under a fresh data key.
///
/// `now` is the time in seconds since 1970, which the file names as that of its last change.
/// `dialog` answers what plugins ask.
///
/// # Errors
/// If the document cannot be encrypted, or would be without a value that is.
pub fn seal(plain: Plain, terms: &Terms, now: u64, dialog: &dyn Dialog) -> Result<Sealed, SealError> {
    seal_with_key(plain, terms, now, dialog).map(|(sealed, _)| sealed)
}

/// As [`seal`]; gives the data key too.
pub(crate) fn seal_with_key(
    plain: Plain,
    terms: &Terms,
    now: u64,
    dialog: &dyn Dialog,
) -> Result<(Sealed, DataKey), SealError> {
    check_document(&plain)?;
    check_groups(terms)?;
    let selection = terms.selection_for(plain.format);
    let (plain, dropped) = prepare(plain, &selection)?;
    let key = DataKey::fresh()?;
    let groups = keys::wrap(&key, &terms.groups, terms.threshold, dialog)?;
    let metadata = Metadata {
        threshold: terms.file_threshold(),
        groups,
        last_modified: String::new(),
        mac: None,
        selection,
        mac_only_encrypted: terms.mac_only_encrypted,
        version: VERSION.to_owned(),
        rest: Vec::new(),
    };
    let mut sealed = seal_as(plain, metadata, key.clone(), Ciphertexts::default(), now)?;
    sealed.dropped_comments = dropped;
    Ok((sealed, key))
}

pub(crate) fn check_document(plain: &Plain) -> Result<(), SealError> {
    if plain.documents.is_empty() {
        Err(SealError::NoDocument)
    } else if format::has_reserved_key(plain.format, &plain.documents) {
        Err(SealError::AlreadyEncrypted)
    } else {
        Ok(())
    }
}

pub(crate) fn check_groups(terms: &Terms) -> Result<(), SealError> {
    let groups = terms.groups.len();
    if groups == 0 || terms.groups.iter().any(Vec::is_empty) {
        return Err(SealError::NoRecipient);
    }
    let is_met = groups == 1 || terms.threshold == 0 || (2..=groups).contains(&terms.threshold);
    if is_met && groups <= 255 { Ok(()) } else { Err(SealError::BadThreshold) }
}

/// Moves comments to where they can be encrypted, and refuses what would leave all in
/// clear. Gives the paths of lists that lost comments.
pub(crate) fn prepare(mut plain: Plain, selection: &Selection) -> Result<(Plain, Vec<String>), SealError> {
    let dropped = hoist(&mut plain.documents, selection);
    if !encrypts_something(&mut plain.documents, selection) {
        return Err(SealError::NothingSelected);
    }
    Ok((plain, dropped))
}

/// Whether a value is selected, or there is none that could be.
pub(crate) fn encrypts_something(documents: &mut [Document], selection: &Selection) -> bool {
    let (mut values, mut selected) = (false, false);
    let Ok(()) = walk(documents, selection, &mut |leaf, _, is_selected| {
        if let Leaf::Scalar(scalar) = leaf
            && cipher::kind(scalar).is_some()
        {
            values = true;
            selected |= is_selected;
        }
        Ok::<(), Infallible>(())
    });
    selected || !values
}

/// Encrypts a document under this key; what `old` knows keeps its ciphertext.
pub(crate) fn seal_as(
    mut plain: Plain,
    mut metadata: Metadata,
    key: DataKey,
    mut old: Ciphertexts,
    now: u64,
) -> Result<Sealed, SealError> {
    let cipher = Cipher::new(key);
    let mac = seal_leaves(&mut plain.documents, &metadata, &cipher, &mut old)?;
    metadata.last_modified = time::from_unix(now);
    let sealed_mac = cipher.seal(&Scalar::text(mac), &metadata.last_modified, &mut Ciphertexts::default())?;
    metadata.mac = sealed_mac;
    Ok(Sealed { documents: plain.documents, metadata, format: plain.format, dropped_comments: Vec::new() })
}

/// Encrypts every leaf that the file's option selects, and gives the hash over the plain
/// values.
fn seal_leaves(
    documents: &mut [Document],
    metadata: &Metadata,
    cipher: &Cipher,
    old: &mut Ciphertexts,
) -> Result<String, SealError> {
    let mut mac = Mac::new(metadata.mac_only_encrypted);
    walk(documents, &metadata.selection, &mut |leaf, place, selected| {
        let aad = cipher::place(&place.path);
        match leaf {
            Leaf::Key => {}
            Leaf::Scalar(scalar) => {
                mac.add(scalar, selected);
                if selected && let Some(sealed) = cipher.seal(scalar, &aad, old)? {
                    *scalar = Scalar::text(sealed);
                }
            }
            Leaf::Comment(comment) => {
                if selected && let Some(sealed) = cipher.seal_comment(comment, &aad, old)? {
                    if let Selection::UnencryptedCommentRegex(pattern) = &metadata.selection
                        && pattern.is_match(&sealed)
                    {
                        return Err(SealError::PatternMatchesCiphertext);
                    }
                    comment.text = Zeroizing::new(sealed);
                }
            }
        }
        Ok(())
    })?;
    Ok(mac.finish())
}

impl Terms {
    /// What is encrypted in a file of this format.
    pub(crate) fn selection_for(&self, format: Format) -> Selection {
        match (format, &self.selection) {
            // A binary file is one value, which no option may leave in clear.
            (Format::Binary, _) => Selection::Everything,
            (_, Some(selection)) => selection.clone(),
            (_, None) => Selection::default(),
        }
    }
}

/// The recipients of groups that are to get another data key.
pub(crate) fn refuse_other_keys(groups: &[Group]) -> Result<(), SealError> {
    let kinds: std::collections::BTreeSet<&String> =
        groups.iter().flat_map(|group| &group.others).map(|(kind, _)| kind).collect();
    if kinds.is_empty() { Ok(()) } else { Err(SealError::OtherKeys(kinds.into_iter().cloned().collect())) }
}
