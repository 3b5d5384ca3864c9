//! Key files: a key on each line, or such a file encrypted with a passphrase.

use std::io::Read as _;
use std::iter;
use std::sync::{Mutex, MutexGuard, PoisonError};

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor};
use zeroize::Zeroizing;

use crate::armor;
use crate::dialog::Dialog;
use crate::error::KeyError;
use crate::identity::Identity;

/// The largest key file that is read, as in age.
const MAX_FILE: usize = 16 * 1024 * 1024;
/// The most work that a passphrase may cost, as in age: 2²² rounds of scrypt, 15 seconds or so.
const MAX_WORK: u8 = 22;

/// The keys of a text: one or more on each line; blank lines and comments are passed over.
pub(crate) fn parse(text: &str) -> Result<Vec<Identity>, KeyError> {
    if text.len() > MAX_FILE {
        return Err(KeyError::TooLarge);
    }
    let lines = text.lines().map(str::trim).zip(1..).filter(|(line, _)| !line.starts_with('#'));
    let words = lines.flat_map(|(line, number)| line.split_whitespace().map(move |word| (word, number)));
    words.map(|(word, number)| Identity::of_word(word, number)).collect()
}

/// Whether a file begins as an encrypted one does.
pub(crate) fn is_encrypted(bytes: &[u8]) -> bool {
    bytes.starts_with(b"age-encryption") || bytes.starts_with(b"-----BEGIN AGE")
}

/// A key file that is encrypted with a passphrase.
pub(crate) struct LockedFile {
    state: Mutex<State>,
}

enum State {
    Locked(Vec<u8>),
    Open(Vec<Identity>),
    /// It is of no use, whatever is typed.
    Failed(KeyError),
}

impl LockedFile {
    pub(crate) fn new(bytes: &[u8]) -> Result<LockedFile, KeyError> {
        if bytes.len() > MAX_FILE {
            return Err(KeyError::TooLarge);
        }
        Ok(LockedFile { state: Mutex::new(State::Locked(bytes.to_vec())) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What `look` makes of the keys, if they were unlocked before.
    pub(crate) fn peek<T>(&self, look: impl FnOnce(&[Identity]) -> T) -> Option<T> {
        match &*self.state() {
            State::Open(keys) => Some(look(keys)),
            State::Locked(_) | State::Failed(_) => None,
        }
    }

    /// What `look` makes of the keys. The passphrase is asked for the first time only.
    pub(crate) fn open<T>(
        &self,
        place: &str,
        dialog: &dyn Dialog,
        look: impl FnOnce(&[Identity]) -> T,
    ) -> Result<T, KeyError> {
        let mut state = self.state();
        if let State::Locked(bytes) = &*state {
            match unlock(bytes, place, dialog) {
                Ok(keys) => *state = State::Open(keys),
                // Another time there may be somebody to ask.
                Err(KeyError::NoPassphrase) => return Err(KeyError::NoPassphrase),
                Err(error) => *state = State::Failed(error),
            }
        }
        match &*state {
            State::Open(keys) => Ok(look(keys)),
            State::Failed(error) => Err(error.clone()),
            State::Locked(_) => Err(KeyError::NoPassphrase),
        }
    }
}

fn unlock(bytes: &[u8], place: &str, dialog: &dyn Dialog) -> Result<Vec<Identity>, KeyError> {
    let bytes = armor::without_armor(bytes).ok_or(KeyError::DamagedFile)?;
    let decryptor = Decryptor::new_buffered(bytes.as_slice()).map_err(|_| KeyError::DamagedFile)?;
    if !decryptor.is_scrypt() {
        return Err(KeyError::DamagedFile);
    }
    let prompt = format!("Enter passphrase for identity '{place}':");
    let passphrase = dialog.passphrase(&prompt).ok_or(KeyError::NoPassphrase)?;
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.as_str()));
    identity.set_max_work_factor(MAX_WORK);
    let reader = decryptor.decrypt(iter::once(&identity as &dyn age::Identity));
    let reader = reader.map_err(|error| match error {
        DecryptError::DecryptionFailed | DecryptError::NoMatchingKeys => KeyError::WrongPassphrase,
        DecryptError::ExcessiveWork { .. } => KeyError::TooMuchWork,
        _ => KeyError::DamagedFile,
    })?;
    // What is encrypted is no longer than its ciphertext, so nothing moves and stays behind.
    let mut text = Zeroizing::new(Vec::with_capacity(bytes.len()));
    reader.take(MAX_FILE as u64).read_to_end(&mut text).map_err(|_| KeyError::DamagedFile)?;
    parse(std::str::from_utf8(&text).map_err(|_| KeyError::NotText)?)
}
