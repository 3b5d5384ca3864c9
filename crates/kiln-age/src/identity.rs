//! Private keys that open what was wrapped for their public halves.

use age::{DecryptError, Identity as _};
use age_core::format::{FileKey, Stanza};
use kiln_model::Secret;
use zeroize::Zeroizing;

use crate::dialog::Dialog;
use crate::error::{KeyError, UnwrapError};
use crate::recipient::Kind;
use crate::{plugin, post_quantum, ssh, text};

/// One private key. It cannot be printed, compared or copied, and is wiped on drop.
pub struct Identity {
    key: Key,
}

enum Key {
    X25519 { key: Box<age::x25519::Identity>, secret: Zeroizing<[u8; 32]>, recipient: String },
    PostQuantum(Box<post_quantum::Identity>),
    Ssh(Box<ssh::Identity>),
    Plugin(plugin::Identity),
}

/// Why an identity did not open a file that may be its own.
pub(crate) enum Refusal {
    /// The file is damaged for everybody.
    File(UnwrapError),
    /// This key could not be used.
    Key(KeyError),
}

impl Identity {
    /// Reads the only key in a key file: a line `AGE-SECRET-KEY-1…`, `AGE-SECRET-KEY-PQ-1…`
    /// or `AGE-PLUGIN-…`, among blank lines and comments.
    ///
    /// # Errors
    /// If there is not exactly one such line.
    pub fn parse(secret: &Secret) -> Result<Identity, KeyError> {
        // The key itself is needed here, to open files.
        let mut keys = crate::key_file::parse(secret.expose())?;
        match (keys.pop(), keys.is_empty()) {
            (None, _) => Err(KeyError::NoKey),
            (Some(key), true) => Ok(key),
            (Some(_), false) => Err(KeyError::SeveralKeys),
        }
    }

    /// One word of a key file; `line` is the number of its line.
    pub(crate) fn of_word(word: &str, line: usize) -> Result<Identity, KeyError> {
        let malformed = |kind| move || KeyError::Malformed(line, kind);
        let key = if word.starts_with("AGE-PLUGIN-") {
            plugin::Identity::parse(word).map(Key::Plugin).ok_or_else(malformed(Kind::Plugin))
        } else if word.starts_with("AGE-SECRET-KEY-PQ-1") {
            let key = post_quantum::Identity::parse(word).ok_or_else(malformed(Kind::PostQuantum));
            key.map(|key| Key::PostQuantum(Box::new(key)))
        } else if word.starts_with("AGE-SECRET-KEY-1") {
            Key::x25519(word).ok_or_else(malformed(Kind::X25519))
        } else {
            Err(KeyError::UnknownType(line))
        };
        key.map(|key| Identity { key })
    }

    /// A private SSH key, which may be encrypted.
    pub(crate) fn of_ssh(text: &str) -> Result<Identity, KeyError> {
        ssh::Identity::parse(text).map(|key| Identity { key: Key::Ssh(Box::new(key)) })
    }

    /// The public half, as recipients are written; `None` if only a plugin knows it.
    pub fn recipient(&self) -> Option<&str> {
        match &self.key {
            Key::X25519 { recipient, .. } => Some(recipient),
            Key::PostQuantum(key) => Some(key.recipient()),
            Key::Ssh(key) => Some(key.recipient()),
            Key::Plugin(_) => None,
        }
    }

    /// What the key is made of.
    pub fn kind(&self) -> Kind {
        match &self.key {
            Key::X25519 { .. } => Kind::X25519,
            Key::PostQuantum(_) => Kind::PostQuantum,
            Key::Ssh(key) => key.kind(),
            Key::Plugin(_) => Kind::Plugin,
        }
    }

    /// The bytes that only the holder of the key knows, if they are here.
    pub(crate) fn secret(&self) -> Option<Zeroizing<Vec<u8>>> {
        match &self.key {
            Key::X25519 { secret, .. } => Some(Zeroizing::new(secret.to_vec())),
            Key::PostQuantum(key) => Some(Zeroizing::new(key.secret().to_vec())),
            Key::Ssh(key) => key.secret().map(|secret| Zeroizing::new(secret.to_vec())),
            Key::Plugin(_) => None,
        }
    }

    /// Whether somebody may be asked, or a program started, when it is used.
    pub(crate) fn asks(&self) -> bool {
        match &self.key {
            Key::X25519 { .. } | Key::PostQuantum(_) => false,
            Key::Ssh(key) => key.is_locked(),
            Key::Plugin(_) => true,
        }
    }

    /// The key of a file with these stanzas; `None` if none of them is for this identity.
    pub(crate) fn unwrap(
        &self,
        stanzas: &[Stanza],
        place: &str,
        dialog: &dyn Dialog,
    ) -> Result<Option<FileKey>, Refusal> {
        let opened = match &self.key {
            Key::X25519 { key, .. } => key.unwrap_stanzas(stanzas),
            Key::PostQuantum(key) => key.unwrap_stanzas(stanzas),
            Key::Ssh(key) => return key.unwrap(stanzas, place, dialog).map_err(Refusal::Key),
            Key::Plugin(key) => {
                return key.unwrap(stanzas, dialog).map_err(|error| Refusal::Key(KeyError::Plugin(error)));
            }
        };
        match opened {
            None => Ok(None),
            Some(Ok(key)) => Ok(Some(key)),
            Some(Err(DecryptError::DecryptionFailed)) => Ok(None),
            Some(Err(_)) => Err(Refusal::File(UnwrapError::Malformed)),
        }
    }
}

impl Key {
    fn x25519(word: &str) -> Option<Key> {
        let secret = text::decode::<32>(word, "AGE-SECRET-KEY-")?;
        let key: age::x25519::Identity = word.parse().ok()?;
        let recipient = key.to_public().to_string();
        Some(Key::X25519 { key: Box::new(key), secret, recipient })
    }
}
