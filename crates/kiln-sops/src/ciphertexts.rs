//! The ciphertexts of a file, to be used again for values that did not change.
//!
//! The same value at the same place under the same key may keep its ciphertext: it tells
//! nobody anything new. Each is used once, so that two equal values of a list do not show
//! that they are equal.

use std::collections::{HashMap, VecDeque};

use sha2::{Digest, Sha256};

/// Ciphertexts under one data key, by what they say and where.
#[derive(Clone, Default)]
pub(crate) struct Ciphertexts {
    by_plain: HashMap<[u8; 32], VecDeque<String>>,
}

impl Ciphertexts {
    /// Remembers the ciphertext of `plain`, which is of type `kind` and stands at `place`.
    pub(crate) fn remember(&mut self, place: &str, kind: &str, plain: &[u8], ciphertext: &str) {
        let known = self.by_plain.entry(digest(place, kind, plain)).or_default();
        known.push_back(ciphertext.to_owned());
    }

    /// Takes the ciphertext of a value that did not change.
    pub(crate) fn take(&mut self, place: &str, kind: &str, plain: &[u8]) -> Option<String> {
        self.by_plain.get_mut(&digest(place, kind, plain))?.pop_front()
    }
}

/// Stands for the value, so that no copy of it is kept.
fn digest(place: &str, kind: &str, plain: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [place.as_bytes(), kind.as_bytes(), plain] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
