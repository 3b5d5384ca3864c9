//! Gives a file to other recipients.

use kiln_age::{Dialog, Identities, Recipient};
use kiln_model::Artifact;

use crate::encrypt::with_proof;
use crate::format::{Stores, WriteError};
use crate::hoist::hoist;
use crate::merge::says_same;
use crate::opened::{Opened, loses_nobody};
use crate::plain::Plain;
use crate::proof;
use crate::seal::SealError;
use crate::sealed::Sealed;
use crate::terms::Terms;

/// To whom a file is given, and who does it.
pub struct Entrusted<'a> {
    /// The new groups of recipients.
    pub groups: Vec<Vec<Recipient>>,
    /// How many of several groups open the file; 0 for all of them.
    pub threshold: usize,
    /// The path that the proof of the data key is bound to.
    pub path: &'a str,
    /// The identities that may have proven the data key so far.
    pub from: &'a Identities,
    /// Those that are to prove it from now on.
    pub to: &'a Identities,
    /// The time in seconds since 1970.
    pub now: u64,
    /// Answers what plugins ask.
    pub dialog: &'a dyn Dialog,
}

impl Sealed {
    /// The file, fit for a disk.
    ///
    /// # Errors
    /// If the format cannot hold it.
    pub fn artifact(&self, path: &str, stores: &Stores) -> Result<Artifact, WriteError> {
        self.write(self.format(), stores).map(|bytes| Artifact::ciphertext(path, bytes))
    }
}

impl Opened {
    /// Encrypts the file to other recipients, under the option it has.
    ///
    /// `sealed` is the file that was opened, and `plain` what it is to say from now on, if that
    /// changes too. Nothing but the wrapped keys changes if everybody who has the data key keeps
    /// it and nothing else changes: then no new value is encrypted, so whoever chose the data
    /// key learns nothing. Otherwise the data key stays where the file proves it and nobody
    /// loses it, and is a fresh one where not.
    ///
    /// # Errors
    /// If the data key cannot be wrapped, or keys of another kind cannot be given what they
    /// need.
    pub fn entrust(
        self,
        sealed: &Sealed,
        plain: Option<Plain>,
        to: &Entrusted<'_>,
    ) -> Result<Sealed, SealError> {
        let mut terms = Terms::new(to.groups.clone());
        terms.set_threshold(to.threshold);
        terms.selection = Some(self.metadata.selection.clone());
        terms.mac_only_encrypted = self.metadata.mac_only_encrypted;
        let is_proven = self.is_proven(to.path, to.from);
        if plain.is_none() && loses_nobody(&self.metadata, &terms) {
            let mut rewrapped = self.rewrap(sealed, &to.groups, to.threshold, to.dialog)?;
            if is_proven {
                let proof = proof::make(&self.key, to.path, to.to);
                rewrapped.metadata.set_extra(proof::FIELD, proof.as_deref());
            }
            return Ok(rewrapped);
        }
        let mut plain = plain.unwrap_or_else(|| self.plain.clone());
        let dropped = hoist(&mut plain.documents, &self.metadata.selection);
        let others = self.metadata.clone();
        let others = others.other_keys();
        let (sealed, key) = self.change(plain, &terms, &others, is_proven, to.now, to.dialog)?;
        let mut sealed = with_proof(sealed, &key, to.path, to.to);
        sealed.dropped_comments = dropped;
        Ok(sealed)
    }
}

impl Plain {
    /// Whether another document says the same, comments aside.
    pub fn says_same(&self, other: &Plain) -> bool {
        says_same(&self.documents, &other.documents)
    }
}
