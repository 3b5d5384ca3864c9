//! A SOPS file that was opened, to be changed and encrypted again.

use std::collections::BTreeSet;
use std::convert::Infallible;

use kiln_age::{Dialog, Identities, Recipient};

use crate::cipher::DataKey;
use crate::ciphertexts::Ciphertexts;
use crate::hoist::hoist;
use crate::keys;
use crate::metadata::{Group, Metadata};
use crate::plain::Plain;
use crate::proof;
use crate::seal::{SealError, check_document, check_groups, encrypts_something, refuse_other_keys, seal_as};
use crate::sealed::Sealed;
use crate::terms::Terms;
use crate::walk::{Leaf, walk};

/// A SOPS file that was decrypted and verified.
///
/// It knows the data key, and for every value the ciphertext it had.
pub struct Opened {
    pub(crate) plain: Plain,
    pub(crate) metadata: Metadata,
    pub(crate) key: DataKey,
    pub(crate) ciphertexts: Ciphertexts,
}

impl Opened {
    /// The decrypted document.
    pub fn plain(&self) -> &Plain {
        &self.plain
    }

    /// The decrypted document, without what would encrypt it again.
    pub fn into_plain(self) -> Plain {
        self.plain
    }

    /// The decrypted document as `sops decrypt` shows it: an encrypted comment that stands
    /// behind a value in the file stands above the line of that value.
    pub fn into_shown(self) -> Plain {
        let mut plain = self.plain;
        let Ok(()) = walk(&mut plain.documents, &self.metadata.selection, &mut |leaf, _, selected| {
            // An empty comment is never encrypted.
            if let (Leaf::Comment(comment), true) = (leaf, selected) {
                comment.inline &= comment.text.is_empty();
            }
            Ok::<(), Infallible>(())
        });
        plain
    }

    /// Whether the file's option selects a value of `plain`, or there is none to select.
    /// Otherwise everything in it would stand in clear.
    pub fn encrypts(&self, plain: &Plain) -> bool {
        encrypts_something(&mut plain.documents.clone(), &self.metadata.selection)
    }

    /// Encrypts `plain` in the place of what the file said: under the same data key, to the
    /// same recipients. Values that did not change keep their ciphertext.
    ///
    /// `now` is the time in seconds since 1970.
    ///
    /// # Errors
    /// If `plain` cannot be encrypted.
    pub fn reseal(self, mut plain: Plain, now: u64) -> Result<Sealed, SealError> {
        check_document(&plain)?;
        let dropped = hoist(&mut plain.documents, &self.metadata.selection);
        let mut metadata = self.metadata;
        metadata.raise_version();
        let mut sealed = seal_as(plain, metadata, self.key, self.ciphertexts, now)?;
        sealed.dropped_comments = dropped;
        Ok(sealed)
    }

    /// Encrypts the file anew under a fresh data key, to these groups of recipients.
    ///
    /// # Errors
    /// If keys of another kind open the file, which could not be given the new data key; or
    /// the data key cannot be wrapped.
    pub fn rotate(
        self,
        groups: &[Vec<Recipient>],
        threshold: usize,
        now: u64,
        dialog: &dyn Dialog,
    ) -> Result<Sealed, SealError> {
        refuse_other_keys(&self.metadata.groups)?;
        let key = DataKey::fresh()?;
        let mut metadata = self.metadata;
        metadata.groups = wrap(&key, groups, threshold, dialog)?;
        metadata.threshold = threshold;
        metadata.set_extra(proof::FIELD, None);
        metadata.raise_version();
        let mut plain = self.plain;
        let dropped = hoist(&mut plain.documents, &metadata.selection);
        let mut sealed = seal_as(plain, metadata, key, Ciphertexts::default(), now)?;
        sealed.dropped_comments = dropped;
        Ok(sealed)
    }

    /// Wraps the data key for these groups of recipients, as `sops updatekeys` does: values,
    /// MAC and time stay as they are in `sealed`, the file that was opened.
    ///
    /// Keys of another kind stay in the group they are in.
    ///
    /// # Errors
    /// If the data key cannot be wrapped, or keys of another kind would have to be given a
    /// new share.
    pub fn rewrap(
        &self,
        sealed: &Sealed,
        groups: &[Vec<Recipient>],
        threshold: usize,
        dialog: &dyn Dialog,
    ) -> Result<Sealed, SealError> {
        let mut sealed = sealed.clone();
        let old = &self.metadata.groups;
        let mut wrapped = match (old.as_slice(), groups) {
            ([old], [group]) => vec![extend(&self.key, old, group, dialog)?],
            _ => {
                refuse_other_keys(old)?;
                wrap(&self.key, groups, threshold, dialog)?
            }
        };
        if let ([old], [new]) = (old.as_slice(), wrapped.as_mut_slice()) {
            new.others.clone_from(&old.others);
        }
        sealed.metadata.groups = wrapped;
        sealed.metadata.threshold = threshold;
        Ok(sealed)
    }

    /// Whether the file proves that a holder of one of these identities chose its data key.
    ///
    /// `path` is that of the file in its repository.
    pub fn is_proven(&self, path: &str, identities: &Identities) -> bool {
        let field = self.metadata.extra(proof::FIELD);
        field.is_some_and(|field| proof::holds(field, &self.key, path, identities))
    }

    /// Encrypts `plain` as `terms` say, with as little change to the file as is safe: the
    /// data key stays if `keep_key` and nobody who had it loses it.
    ///
    /// `others` are the kinds of keys besides age's that are to open the file; they can, if
    /// the data key stays that they were given.
    pub(crate) fn change(
        self,
        plain: Plain,
        terms: &Terms,
        others: &BTreeSet<&str>,
        keep_key: bool,
        now: u64,
        dialog: &dyn Dialog,
    ) -> Result<(Sealed, DataKey), SealError> {
        check_groups(terms)?;
        let mut metadata = self.metadata;
        let keep_key = keep_key && metadata.other_keys() == *others && loses_nobody(&metadata, terms);
        let (key, ciphertexts) = if keep_key {
            if let ([old], [group]) = (metadata.groups.as_slice(), terms.groups.as_slice()) {
                let others = old.others.clone();
                metadata.groups = vec![Group { others, ..extend(&self.key, old, group, dialog)? }];
            }
            (self.key, self.ciphertexts)
        } else {
            if !others.is_empty() {
                return Err(SealError::OtherKeys(others.iter().map(|kind| (*kind).to_owned()).collect()));
            }
            let key = DataKey::fresh()?;
            metadata.groups = wrap(&key, &terms.groups, terms.threshold, dialog)?;
            metadata.threshold = terms.file_threshold();
            (key, Ciphertexts::default())
        };
        metadata.selection = terms.selection_for(plain.format);
        metadata.mac_only_encrypted = terms.mac_only_encrypted;
        let sealed = seal_as(plain, metadata, key.clone(), ciphertexts, now)?;
        Ok((sealed, key))
    }
}

/// Whether everybody who can open the file still can under the new terms, and nobody needs
/// other shares of the key.
pub(crate) fn loses_nobody(metadata: &Metadata, terms: &Terms) -> bool {
    match (metadata.groups.as_slice(), terms.groups.as_slice()) {
        ([old], [new]) => {
            let new: BTreeSet<&str> = new.iter().map(Recipient::as_str).collect();
            old.age.iter().all(|wrapped| new.contains(wrapped.recipient.as_str()))
        }
        _ => terms.has_groups_of(metadata),
    }
}

/// The group in its new order; who had the key keeps the text it is wrapped in.
fn extend(
    key: &DataKey,
    old: &Group,
    recipients: &[Recipient],
    dialog: &dyn Dialog,
) -> Result<Group, SealError> {
    let wrapped = recipients.iter().map(|recipient| {
        match old.age.iter().find(|it| it.recipient == recipient.as_str()) {
            Some(known) => Ok(known.clone()),
            None => keys::wrap_for(key.expose(), recipient, dialog),
        }
    });
    Ok(Group { age: wrapped.collect::<Result<_, _>>()?, others: Vec::new() })
}

fn wrap(
    key: &DataKey,
    groups: &[Vec<Recipient>],
    threshold: usize,
    dialog: &dyn Dialog,
) -> Result<Vec<Group>, SealError> {
    let mut terms = Terms::new(groups.to_vec());
    terms.set_threshold(threshold);
    check_groups(&terms)?;
    Ok(keys::wrap(key, groups, threshold, dialog)?)
}
