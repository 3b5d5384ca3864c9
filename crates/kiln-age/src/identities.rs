//! All private keys that were found, and the places where none was.

use std::sync::{Mutex, PoisonError};

use age_core::format::{FileKey, Stanza};
use kiln_model::Secret;
use zeroize::Zeroizing;

use crate::armor::Sealed;
use crate::attest;
use crate::dialog::Dialog;
use crate::error::{Failure, KeyError, UnwrapError};
use crate::identity::{Identity, Refusal};
use crate::key_file::{self, LockedFile};

/// All private keys that were found, with the places that were looked at in vain, which make
/// the message if nothing opens.
///
/// Keys are tried in the order in which they were added, except that those come last for
/// which somebody has to be asked. Key files with a passphrase are unlocked when they are
/// needed, once.
#[derive(Default)]
pub struct Identities {
    entries: Vec<Entry>,
    missing: Vec<String>,
    failures: Vec<Failure>,
    /// Held by the one thread that may ask somebody.
    turn: Mutex<()>,
}

struct Entry {
    place: String,
    keys: Keys,
}

enum Keys {
    One(Identity),
    Locked(LockedFile),
}

impl Identities {
    /// No keys yet.
    pub fn new() -> Identities {
        Identities::default()
    }

    /// Adds the keys of a key file: one or more on each line, blank lines and comments
    /// between them; or such a file encrypted with a passphrase, in armor.
    ///
    /// A text that cannot be read is a failure of its place, and adds no key; one without
    /// keys is a missing place.
    pub fn add_keys(&mut self, place: &str, secret: &Secret) {
        // The keys themselves are needed here, to open files.
        self.add_file(place, secret.expose().as_bytes());
    }

    /// As [`add_keys`](Identities::add_keys), from the bytes of a file, which may also be
    /// encrypted without armor.
    pub fn add_file(&mut self, place: &str, bytes: &[u8]) {
        if key_file::is_encrypted(bytes) {
            match LockedFile::new(bytes) {
                Ok(file) => self.add(place, Keys::Locked(file)),
                Err(error) => self.fail(place, error),
            }
            return;
        }
        match std::str::from_utf8(bytes).map_err(|_| KeyError::NotText).and_then(key_file::parse) {
            Ok(keys) if keys.is_empty() => self.missing(place),
            Ok(keys) => keys.into_iter().for_each(|key| self.add(place, Keys::One(key))),
            Err(error) => self.fail(place, error),
        }
    }

    /// Adds a private SSH key. If it is encrypted, its passphrase is asked for when something
    /// is to be opened that was wrapped for it, once.
    ///
    /// A text that is no such key is a failure of its place.
    pub fn add_ssh(&mut self, place: &str, secret: &Secret) {
        // The key itself is needed here, to open files.
        match Identity::of_ssh(secret.expose()) {
            Ok(key) => self.add(place, Keys::One(key)),
            Err(error) => self.fail(place, error),
        }
    }

    /// Adds one key that was read before.
    pub fn push(&mut self, place: &str, identity: Identity) {
        self.add(place, Keys::One(identity));
    }

    /// Notes a place that was looked at and holds nothing.
    pub fn missing(&mut self, place: &str) {
        self.missing.push(place.to_owned());
    }

    /// Notes a place that could not be looked at, and why.
    pub fn failed(&mut self, place: &str, reason: impl Into<String>) {
        self.fail(place, KeyError::Other(reason.into()));
    }

    /// Whether there is no key to try.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The places that hold nothing, in the order in which they were looked at.
    pub fn missing_places(&self) -> &[String] {
        &self.missing
    }

    /// The places whose keys could not be loaded, and why.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// The public halves of the keys, as far as they are known: not those of plugins, and
    /// those in a locked file only after it was unlocked.
    pub fn recipients(&self) -> Vec<String> {
        self.each_known(|key| key.recipient().map(str::to_owned))
    }

    /// The secret that [`Recipient::wrap`](crate::Recipient::wrap) wrapped. The identity
    /// whose public half is `recipient` is tried first.
    ///
    /// # Errors
    /// If the text is not an armored age file or was changed, or no identity opens it.
    pub fn unwrap(
        &self,
        armored: &str,
        recipient: &str,
        dialog: &dyn Dialog,
    ) -> Result<Zeroizing<Vec<u8>>, UnwrapError> {
        let file = Sealed::read(armored)?;
        if self.is_empty() {
            return Err(UnwrapError::NoIdentity);
        }
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        // Another thread may unlock a file meanwhile, which changes its rank.
        entries.sort_by_cached_key(|entry| entry.rank(recipient));
        let mut failures = Vec::new();
        for entry in entries {
            let _turn = entry.asks().then(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner));
            match entry.unwrap(file.stanzas(), dialog) {
                Ok(Some(key)) => return file.open(key),
                Ok(None) => {}
                Err(Refusal::File(error)) => return Err(error),
                Err(Refusal::Key(error)) => failures.push(Failure { place: entry.place.clone(), error }),
            }
        }
        Err(UnwrapError::NoMatch(failures))
    }

    /// A proof that the holder of the first key with a secret of its own made `message`:
    /// HMAC-SHA256 under a key that HKDF derives from the secret and `info`. Plugins and
    /// encrypted SSH keys have no such secret, and locked files have theirs once they were
    /// unlocked; `None` if nothing else is there.
    pub fn attest(&self, info: &[u8], message: &[u8]) -> Option<[u8; 32]> {
        let proofs = self.each_known(|key| key.secret().map(|secret| attest::prove(&secret, info, message)));
        proofs.into_iter().next()
    }

    /// Whether `tag` is the proof of any of the keys for this message.
    pub fn verify(&self, info: &[u8], message: &[u8], tag: &[u8]) -> bool {
        let verdicts =
            self.each_known(|key| key.secret().map(|secret| attest::is_proof(&secret, info, message, tag)));
        verdicts.contains(&true)
    }

    fn add(&mut self, place: &str, keys: Keys) {
        self.entries.push(Entry { place: place.to_owned(), keys });
    }

    fn fail(&mut self, place: &str, error: KeyError) {
        self.failures.push(Failure { place: place.to_owned(), error });
    }

    fn each_known<T>(&self, mut look: impl FnMut(&Identity) -> Option<T>) -> Vec<T> {
        let mut found = Vec::new();
        for entry in &self.entries {
            match &entry.keys {
                Keys::One(key) => found.extend(look(key)),
                Keys::Locked(file) => {
                    file.peek(|keys| found.extend(keys.iter().filter_map(&mut look)));
                }
            }
        }
        found
    }
}

impl Entry {
    /// When this one is tried: what is meant first, what asks last.
    fn rank(&self, recipient: &str) -> u8 {
        let is_meant = |key: &Identity| key.recipient().is_some_and(|own| is_same(own, recipient));
        let is_meant = match &self.keys {
            Keys::One(key) => is_meant(key),
            Keys::Locked(file) => file.peek(|keys| keys.iter().any(is_meant)).unwrap_or(false),
        };
        match (is_meant, self.asks()) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        }
    }

    /// Whether somebody may be asked, or a program started, when this one is used.
    fn asks(&self) -> bool {
        match &self.keys {
            Keys::One(key) => key.asks(),
            Keys::Locked(file) => file.peek(|keys| keys.iter().any(Identity::asks)).unwrap_or(true),
        }
    }

    fn unwrap(&self, stanzas: &[Stanza], dialog: &dyn Dialog) -> Result<Option<FileKey>, Refusal> {
        match &self.keys {
            Keys::One(key) => key.unwrap(stanzas, &self.place, dialog),
            Keys::Locked(file) => {
                let first = |keys: &[Identity]| {
                    let tried = keys.iter().map(|key| key.unwrap(stanzas, &self.place, dialog).transpose());
                    tried.flatten().next().transpose()
                };
                file.open(&self.place, dialog, first).map_err(Refusal::Key)?
            }
        }
    }
}

/// Whether two texts name the same recipient: the comment of an SSH key says nothing.
fn is_same(one: &str, other: &str) -> bool {
    one.split_ascii_whitespace().take(2).eq(other.split_ascii_whitespace().take(2))
}
